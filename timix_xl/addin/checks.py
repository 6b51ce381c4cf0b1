"""What the doctor looks at: each check gives words if all is well, a trouble, or why it rests."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from timix_xl import __version__
from timix_xl.addin import installing, refusals
from timix_xl.addin.build import build
from timix_xl.addin.hardening import XLWINGS
from timix_xl.addin.inside import is_signed, version_inside
from timix_xl.addin.machine import Machine
from timix_xl.addin.pinging import ping
from timix_xl.addin.places import Places, System
from timix_xl.errors import (
    SettingsUnreadable,
    SettingUnknown,
    TimixError,
    database_password_in,
    without_passwords,
)
from timix_xl.settings import Settings, absolute_place, settings_file, settings_of_file
from timix_xl.store.database import open_store

PYTHONS = ((3, 11), (3, 14))
"""From the first on, before the last."""
_APP_PATHS = r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
_CLICK_TO_RUN = r"SOFTWARE\Microsoft\Office\ClickToRun\Configuration"
_FROM_THE_INTERNET = re.compile(r"^ZoneId=[34]\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class NotChecked:
    """Why a check could not be done."""

    why: str


Finding: TypeAlias = str | TimixError | NotChecked


@dataclass(frozen=True, slots=True)
class Case:
    """What is examined: a machine, where the files belong on it, and the store chosen here."""

    machine: Machine
    places: Places[Path] | None
    store: str | None
    with_excel: bool

    @property
    def at(self) -> Places[Path]:
        """Where the files belong, on a system that has Excel."""
        assert self.places is not None
        return self.places


def python(case: Case) -> Finding:
    """Look whether this Python is one that timix-xl is made for."""
    machine = case.machine
    found = ".".join(map(str, machine.python_version))
    if not PYTHONS[0] <= machine.python_version[:2] < PYTHONS[1]:
        return refusals.PythonNotTried(found=found)
    try:
        installing.refuse_store_python(machine)
        if machine.system is not System.OTHER:
            installing.refuse_interpreter(machine)
    except TimixError as trouble:
        return trouble
    return f"{found}, {machine.bits} bit: {machine.python}"


def package(case: Case) -> Finding:
    """Look whether timix-xl is a package of this Python."""
    try:
        installing.refuse_sources(case.machine)
    except TimixError as trouble:
        return trouble
    return f"version {__version__}, in {Path(__file__).parent.parent}"


def xlwings(case: Case) -> Finding:
    """Look whether xlwings is the version that the add-in is made from."""
    found = case.machine.version_of("xlwings")
    if found != XLWINGS:
        return refusals.XlwingsNotTheOne(
            found=found or "not installed", wanted=XLWINGS, pip=case.machine.pip
        )
    return f"version {found}"


def pywin32(case: Case) -> Finding:
    """Look for the package that reaches Excel on Windows."""
    return _installed(case, "pywin32")


def appscript(case: Case) -> Finding:
    """Look for the package that reaches Excel on a Mac."""
    return _installed(case, "appscript")


def psutil(case: Case) -> Finding:
    """Look for the package that finds a running Excel on a Mac."""
    return _installed(case, "psutil")


def _installed(case: Case, name: str) -> Finding:
    found = case.machine.version_of(name)
    if found is None:
        return refusals.PackageMissing(package=name, pip=case.machine.pip)
    return f"version {found}"


def function_library(case: Case) -> Finding:
    """Look for the library that Excel loads, beside the interpreter or one folder up."""
    name = f"xlwings{_bits_of_excel(case.machine) or 64}-{XLWINGS}.dll"
    folder = case.machine.python.parent
    for place in (folder / name, folder.parent / name):
        if place.is_file():
            return str(place)
    return refusals.LibraryMissing(
        library=name, folder=folder, wanted=XLWINGS, pip=case.machine.pip
    )


def excel(case: Case) -> Finding:
    """Look for Excel itself."""
    machine = case.machine
    if machine.system is System.MAC:
        app = machine.applications / "Microsoft Excel.app"
        return str(app) if app.is_dir() else refusals.ExcelNotFound(place=app)
    told = machine.registry(_APP_PATHS, "")
    if told is None:
        return refusals.ExcelNotFound(place=f"the registry's {_APP_PATHS}")
    program = Path(told.strip('"'))
    if not program.is_file():
        return refusals.ExcelNotFound(place=program)
    bits = _bits_of_excel(machine)
    return f"{program}, {bits} bit" if bits else str(program)


def _bits_of_excel(machine: Machine) -> int | None:
    platform = machine.registry(_CLICK_TO_RUN, "Platform")
    return {"x64": 64, "x86": 32}.get(platform or "")


def addin(case: Case) -> Finding:
    """Look whether the add-in is there: to the byte what this version makes, or signed."""
    path = case.at.addin
    try:
        found, wanted = path.read_bytes(), build()
    except FileNotFoundError:
        return refusals.AddinNotThere(path=path)
    except OSError as error:
        return NotChecked(f"{path} cannot be read ({error.strerror}).")
    except TimixError as trouble:
        return trouble
    if found == wanted:
        return f"{path}, version {__version__}"
    if version_inside(found) == __version__ and is_signed(found):
        return f"{path}, version {__version__}, signed by your firm; its VBA is not compared"
    return refusals.AddinDiffers(path=path, wanted=__version__, what=_inside(found))


def _inside(content: bytes) -> str:
    version = version_inside(content)
    if version is None:
        return "it holds no version"
    return f"it is version {version}" if version != __version__ else "its bytes are others"


def mark(case: Case) -> Finding:
    """Look whether Windows marked the add-in as a file from the internet."""
    path = case.at.addin
    if not path.is_file():
        return _NO_ADDIN
    try:
        told = Path(f"{path}:Zone.Identifier").read_text("utf-8", "replace")
    except OSError:
        return "no mark"
    return refusals.MarkedAsForeign(path=path) if _FROM_THE_INTERNET.search(told) else "no mark"


_NO_ADDIN = NotChecked("The add-in is not installed.")


def old_copies(case: Case) -> Finding:
    """Look for copies in other start-up folders."""
    for path in installing.old_copies(case.at):
        return refusals.AddinTwice(path=path)
    return "none"


def stock_addin(case: Case) -> Finding:
    """Look for xlwings' own add-in, which does whatever a workbook says."""
    for folder in case.at.start_ups:
        if (folder / "xlwings.xlam").is_file():
            return refusals.StockAddin(path=folder / "xlwings.xlam")
    return "none that matters"


def configuration(case: Case) -> Finding:
    """Look whether the add-in is told to start this Python."""
    path, python = case.at.configuration, case.machine.python
    try:
        found, wanted = path.read_bytes(), installing.configuration(case.machine)
    except FileNotFoundError:
        return refusals.ConfigurationDiffers(path=path, what="is not there", python=python)
    except OSError as error:
        return NotChecked(f"{path} cannot be read ({error.strerror}).")
    except TimixError as trouble:
        return trouble
    if found == wanted:
        return f"starts {python}"
    named = re.fullmatch(r'"INTERPRETER_\w+","([^"]*)"\s*', _decoded(found, case.machine))
    what = "names no Python" if named is None else f"names {named[1]}"
    if named and not Path(named[1]).is_file():
        what += ", which is not there"
    return refusals.ConfigurationDiffers(path=path, what=what, python=python)


def _decoded(content: bytes, machine: Machine) -> str:
    return content.decode(machine.encoding, "replace")


def script(case: Case) -> Finding:
    """Look whether the script that starts Python on a Mac is this version's."""
    path = case.at.script
    assert path is not None
    try:
        found = path.read_bytes()
    except FileNotFoundError:
        return refusals.ScriptDiffers(path=path, what="is not there")
    except OSError as error:
        return NotChecked(f"{path} cannot be read ({error.strerror}).")
    if found != installing.script():
        return refusals.ScriptDiffers(path=path, what="is another one")
    return str(path)


def settings(case: Case) -> Finding:
    """Look whether the settings file can be read."""
    try:
        found = settings_of_file()
    except _BROKEN as trouble:
        return trouble
    path = settings_file()
    if database_password_in(found.get("store", "")) and _others_read(path):
        return refusals.PasswordForAll(path=path)
    told = ", ".join(f"{key} {without_passwords(value)}" for key, value in found.items())
    return f"{path}: {told or 'nothing is set, the usual store and user'}"


def _others_read(path: Path) -> bool:
    """Whether the file's rights let others read it; on Windows the user's own folder keeps them out."""
    return os.name != "nt" and bool(path.stat().st_mode & 0o077)


def store(case: Case) -> Finding:
    """Look whether the store opens, and is of this version."""
    try:
        place = place_here(case)
    except _BROKEN:
        return _BROKEN_SETTINGS
    try:
        open_store(place, read_only=True).close()
    except TimixError as trouble:
        return trouble
    return f"{without_passwords(place)} opens"


_BROKEN = (SettingsUnreadable, SettingUnknown)
_BROKEN_SETTINGS = NotChecked("The settings file cannot be read.")
_REMEDY = 'If Excel is to use the one from here, run: timix-xl --store "{here}" addin install.'
_REMEDY_LASTING = (
    "Windows keeps the variable TIMIX_STORE, which goes before settings.toml: if Excel is to use the"
    " one from here, delete or change it (Windows Settings, search for environment variables), then"
    " quit Excel and start it again."
)


def store_of_excel(case: Case) -> Finding:
    """Look whether Excel, which sees no terminal's variables, uses the store from here."""
    try:
        here = absolute_place(place_here(case))
        there = absolute_place(installing.store_of_excel(case.machine))
    except _BROKEN:
        return _BROKEN_SETTINGS
    if here != there:
        instead = _REMEDY_LASTING if installing.lasting_store(case.machine) else _REMEDY
        return refusals.ExcelHasAnotherStore(
            here=here, there=there, instead=instead.format(here=here)
        )
    return f"uses {without_passwords(there)} too"


def place_here(case: Case) -> str:
    """Return the store that is chosen here."""
    return case.store or Settings().place()


def answer(case: Case) -> Finding:
    """Ask the add-in for its version, through Excel."""
    if not case.with_excel:
        return NotChecked("Excel was not to be started.")
    if not case.at.addin.is_file():
        return _NO_ADDIN
    try:
        found = ping(case.machine, case.at.addin)
    except TimixError as trouble:
        return trouble
    if found != __version__:
        return refusals.AddinAnswersOther(found=found, wanted=__version__)
    return f"version {found}"
