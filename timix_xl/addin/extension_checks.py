"""Examine the extension in LibreOffice Calc: every check, with what was found and what to do."""

import json
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from timix_xl import __version__
from timix_xl.addin import checks, extending, refusals
from timix_xl.addin.checks import Case, Finding, NotChecked
from timix_xl.addin.examining import Check, checked
from timix_xl.addin.extending import Listed
from timix_xl.addin.extension import CONFIGURATION_NAME, configuration, extension_files
from timix_xl.addin.installing import store_of_excel
from timix_xl.addin.machine import Machine
from timix_xl.addin.window_profile import WindowProfile, profiles
from timix_xl.errors import (
    SettingsUnreadable,
    SettingUnknown,
    TimixError,
    counted,
    without_passwords,
)
from timix_xl.hosts.calc.finding import Office, find_office
from timix_xl.settings import absolute_place

_SECONDS = 60
_LOADING = (
    "from timix_xl.hosts.calc.finding import find_office;"
    "from timix_xl.hosts.calc.uno_loading import load; load(find_office())"
)
_REST_OFFICE = NotChecked("LibreOffice that can be used was not found.")
_REST_ROOT = NotChecked(
    "LibreOffice tells the user root nothing of extensions: run this as the user who works with it."
)
_NOT_NEEDED = "not installed (not needed for: timix-xl open FILE --host calc)"
_REST_EXTENSION = NotChecked("The extension is not installed.")


@dataclass(frozen=True, slots=True)
class Examined:
    """What is examined: a machine and a store, the LibreOffice and its extension, if they are there."""

    case: Case
    office: Office | TimixError
    listed: Listed | TimixError | NotChecked | None

    @property
    def machine(self) -> Machine:
        """The computer."""
        return self.case.machine


def examine(machine: Machine, *, store: str | None) -> tuple[Check, ...]:
    """Run every check; `store` is the one chosen here, if one is."""
    office = _office(machine)
    examined = Examined(
        Case(machine, None, store, with_excel=False), office, _listed(machine, office)
    )
    return tuple(checked(name, check(examined)) for name, check in _CHECKS)


def python(examined: Examined) -> Finding:
    """Look whether this Python is one that timix-xl is made for."""
    machine = examined.machine
    found = ".".join(map(str, machine.python_version))
    if not checks.PYTHONS[0] <= machine.python_version[:2] < checks.PYTHONS[1]:
        return refusals.PythonNotTried(found=found)
    return f"{found}, {machine.bits} bit: {machine.python}"


def package(examined: Examined) -> Finding:
    """Look whether our Python finds timix-xl as LibreOffice starts it."""
    try:
        extending.refuse_hidden(examined.machine)
    except TimixError as trouble:
        return trouble
    return f"version {__version__}, in {Path(__file__).parent.parent}"


def libreoffice(examined: Examined) -> Finding:
    """Look for a LibreOffice with Calc that is new enough and has a uno for this Python."""
    office = examined.office
    if isinstance(office, TimixError):
        return office
    return f"{'.'.join(map(str, office.version))}, {office.soffice}"


def uno(examined: Examined) -> Finding:
    """Load uno in a Python of its own, as a press does."""
    office, machine = examined.office, examined.machine
    if isinstance(office, TimixError):
        return _REST_OFFICE
    if why := loading(machine.python):
        return refusals.UnoNotLoaded(folder=office.uno, python=machine.python, why=why.rstrip("."))
    return f"{office.uno / 'uno.py'}, for Python {'.'.join(map(str, office.python))}"


def loading(python: Path) -> str | None:
    """Say why uno cannot be loaded by a Python; None if it can."""
    try:
        done = subprocess.run(  # noqa: S603  our own interpreter, constant words
            [str(python), "-I", "-B", "-c", _LOADING],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    said = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return (said or [f"it ends with {done.returncode}"])[-1] if done.returncode else None


def extension(examined: Examined) -> Finding:
    """Look whether the extension is there: to the byte what this version makes."""
    found, office = examined.listed, examined.office
    if isinstance(office, TimixError):
        return _REST_OFFICE
    if isinstance(found, TimixError | NotChecked):
        return found
    if found is None:
        return _NOT_NEEDED if any(profiles()) else refusals.ExtensionNotThere()
    if not found.is_registered:
        return _differs("LibreOffice has it, but does not use it")
    if found.version != __version__:
        return _differs(f"it is version {found.version}")
    folder = extending.folder_of(examined.machine, office, found)
    if folder and folder.is_dir() and _changed(folder):
        return _differs("its files are others")
    return f"version {found.version}"


def _differs(what: str) -> Finding:
    return refusals.ExtensionDiffers(wanted=__version__, what=what)


def _changed(folder: Path) -> bool:
    wanted = extension_files()
    return any(_content(folder / name) != content for name, content in wanted.items())


def toolbar(examined: Examined) -> Finding:
    """Look whether the toolbar is told to start this Python."""
    found, office = examined.listed, examined.office
    if isinstance(office, TimixError):
        return _REST_OFFICE
    if isinstance(found, TimixError | NotChecked):
        return found if isinstance(found, NotChecked) else _REST_EXTENSION
    if found is None:
        ours = tuple(profiles())
        return toolbars_of_windows(ours) if ours else _REST_EXTENSION
    folder = extending.folder_of(examined.machine, office, found)
    if folder is None:
        return NotChecked(f"LibreOffice keeps its extensions elsewhere ({found.location}).")
    path, python = folder / CONFIGURATION_NAME, examined.machine.python
    content = _content(path)
    if content == configuration(python):
        return f"starts {python}"
    return refusals.ToolbarStartsOther(path=path, what=_named(content), python=python)


def toolbars_of_windows(ours: Sequence[WindowProfile]) -> Finding:
    """Look whether the toolbars that timix-xl open unpacked work; the next open renews others."""
    stale = {one: what for one in ours if (what := _stale(_content(one.configuration)))}
    for one, what in stale.items():
        if one.may_run:
            return refusals.WindowToolbarDiffers(path=one.configuration, what=what)
    renewed = f"; the next timix-xl open renews {len(stale)} of them" if stale else ""
    return f"in {counted(len(ours), 'profile')} of timix-xl open{renewed}"


def _stale(content: bytes | None) -> str:
    """Say why the toolbar with a configuration does not work; nothing if it does."""
    named = _value(content, "python")
    if not named or not Path(named).is_file():
        return _named(content)
    version = _value(content, "version") or "unknown"
    return "" if version == __version__ else f"is of version {version}, this is {__version__}"


def _value(content: bytes | None, key: str) -> str:
    try:
        return str(json.loads(content or b"")[key] or "")
    except (ValueError, KeyError, TypeError):
        return ""


def _named(content: bytes | None) -> str:
    """Say which Python a configuration names."""
    if content is None:
        return "is not there"
    named = _value(content, "python")
    if not named:
        return "names no Python"
    if not Path(named).is_file():
        return f"names {named}, which is not there"
    return f"names {named}"


def settings(examined: Examined) -> Finding:
    """Look whether the settings file can be read."""
    return checks.settings(examined.case)


def store(examined: Examined) -> Finding:
    """Look whether the store opens, and is of this version."""
    return checks.store(examined.case)


def store_of_calc(examined: Examined) -> Finding:
    """Look whether LibreOffice, which sees no terminal's variables, uses the store from here."""
    try:
        here = absolute_place(checks.place_here(examined.case))
        there = absolute_place(store_of_excel(examined.machine))
    except (SettingsUnreadable, SettingUnknown):
        return NotChecked("The settings file cannot be read.")
    if here != there:
        return refusals.CalcHasAnotherStore(here=here, there=there)
    return f"uses {without_passwords(there)} too"


def _office(machine: Machine) -> Office | TimixError:
    try:
        return find_office(machine.environment)
    except TimixError as trouble:
        return trouble


def _listed(
    machine: Machine, office: Office | TimixError
) -> Listed | TimixError | NotChecked | None:
    if isinstance(office, TimixError):
        return None
    try:
        extending.refuse_root(machine, "doctor")
        return extending.listed(machine, office, "doctor")
    except refusals.RootInstalls:
        return _REST_ROOT
    except TimixError as trouble:
        return trouble


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


_CHECKS: tuple[tuple[str, Callable[[Examined], Finding]], ...] = (
    ("Python", python),
    ("timix-xl", package),
    ("LibreOffice", libreoffice),
    ("uno", uno),
    ("Extension", extension),
    ("Toolbar", toolbar),
    ("Settings", settings),
    ("Store", store),
    ("LibreOffice's store", store_of_calc),
)
