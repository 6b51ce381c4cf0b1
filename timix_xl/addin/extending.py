"""Install the extension for LibreOffice Calc for the user, and take it away again."""

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from timix_xl import __version__
from timix_xl.addin.extension import (
    CONFIGURATION_NAME,
    EXTENSION_NAME,
    IDENTIFIER,
    configuration,
    extension_files,
    packed,
)
from timix_xl.addin.machine import Machine
from timix_xl.addin.places import System
from timix_xl.addin.refusals import (
    ExtensionNotTaken,
    ExtensionStays,
    NotFoundFromCalc,
    NotPlaced,
    RootInstalls,
    UnopkgSilent,
)
from timix_xl.errors import TimixError, counted
from timix_xl.files import replace_file
from timix_xl.hosts.calc.finding import Office, find_office
from timix_xl.hosts.calc.starting import clean_environment
from timix_xl.settings import file_with, settings_file

SECONDS = 120
"""How long LibreOffice has to install: a second or two, unless somebody has to answer a box first."""
_AS_IT_WAS = "what was installed is as it was"
_PACKAGES = "$UNO_USER_PACKAGES_CACHE/"
_USER_FOLDER = re.compile(r"^UserInstallation=\$SYSUSERCONFIG/(\S+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Extended:
    """What an installation did: into which LibreOffice, and whether the settings file changed."""

    office: Office
    settings: Path
    settings_changed: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """The extension as LibreOffice lists it."""

    version: str
    is_registered: bool
    location: str


@dataclass(frozen=True, slots=True)
class _Held:
    """What LibreOffice holds of the extension: how it lists it, and its files."""

    listed: Listed | None
    files: Mapping[Path, bytes | None]


@dataclass(frozen=True, slots=True)
class Said:
    """How a program ended, and what it said."""

    code: int
    words: str


def install(machine: Machine, settings: Mapping[str, str]) -> Extended:
    """Give the extension to the user's LibreOffice; `settings` go into the settings file.

    A step that cannot be done leaves the settings as they were, and says what is left of an extension
    that was there. Raises RootInstalls, NotFoundFromCalc,
    CalcMissing, CalcTooOld, UnoMissing, UnoOfOtherPython, NotPlaced, ExtensionNotTaken,
    UnopkgSilent, SettingsUnreadable.
    """
    refuse_root(machine, "install")
    refuse_hidden(machine)
    office = find_office(machine.environment)
    path = settings_file()
    before = _bytes(path)
    after = file_with(settings) if settings else before
    with ExitStack() as undo:
        if after is not None and after != before:
            _place(path, after)
            undo.callback(_put_back, path, before)
        _add(machine, office)
        undo.pop_all()
    return Extended(office, path, after != before)


def uninstall(machine: Machine) -> Listed | None:
    """Take the extension away from the user's LibreOffice; returns what was there, if it was.

    Its uno may be another's or gone: nothing is asked through it. Raises RootInstalls, CalcMissing,
    CalcTooOld, ExtensionStays, UnopkgSilent.
    """
    refuse_root(machine, "uninstall")
    office = find_office(machine.environment, with_uno=False)
    found = listed(machine, office, "uninstall")
    if found is not None:
        said = _unopkg(machine, office, "uninstall", "remove", IDENTIFIER)
        if said.code:
            raise ExtensionStays(why=reason(said))
    return found


def listed(machine: Machine, office: Office, step: str) -> Listed | None:
    """Ask LibreOffice for the extension; None where it is not installed. Raises UnopkgSilent."""
    said = _unopkg(machine, office, step, "list", IDENTIFIER)
    if said.code:
        return None
    return Listed(
        version=_field(said.words, "Version"),
        is_registered=_field(said.words, "is registered") == "yes",
        location=_field(said.words, "URL"),
    )


def folder_of(machine: Machine, office: Office, found: Listed) -> Path | None:
    """Return where the files of the extension are; None where LibreOffice names it otherwise."""
    within = found.location.partition(_PACKAGES)[2]
    user = user_folder(machine, office)
    return user / "user" / "uno_packages" / "cache" / within if within and user else None


def user_folder(machine: Machine, office: Office) -> Path | None:
    """Return where a LibreOffice keeps what is the user's, by what its own settings say."""
    for name in ("bootstraprc", "../Resources/bootstraprc", "bootstrap.ini"):
        path = office.soffice.parent / name
        if path.is_file() and (said := _USER_FOLDER.search(path.read_text("utf-8", "replace"))):
            return _settings_of_system(machine) / said[1]
    return None


def refuse_root(machine: Machine, step: str) -> None:
    """Raise RootInstalls for the user root, for whom LibreOffice installs nothing."""
    if machine.system is not System.WINDOWS and is_root():
        raise RootInstalls(step=step)


def is_root() -> bool:
    """Say whether we run as root."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def refuse_hidden(machine: Machine) -> None:
    """Raise NotFoundFromCalc where our Python does not find timix-xl as LibreOffice starts it."""
    if why := machine.hidden_from(machine.python):
        folder = machine.home / "timix-xl"
        make = f"{machine.pip.removesuffix('pip')}venv {folder}"
        raise NotFoundFromCalc(
            python=machine.python, why=why.rstrip("."), pip=machine.pip, make=make
        )


def reason(said: Said) -> str:
    """Return why unopkg did not do it: its first line, without where it stands in its source."""
    lines = [line for line in said.words.splitlines() if line.strip()]
    told = [line for line in lines if line.startswith("ERROR:")] or lines
    first = told[0] if told else f"unopkg ended with {said.code}"
    first = re.sub(r"^ERROR: (Exception occurred: )?", "", first)
    return re.sub(r"( at \./\S+:\d+)+$", "", first).rstrip(". ")


def _add(machine: Machine, office: Office) -> None:
    """Add the extension, and take it away where LibreOffice left half of a new one."""
    before = _held(machine, office)
    files = {**extension_files(), CONFIGURATION_NAME: configuration(machine.python)}
    with tempfile.TemporaryDirectory(prefix="timix-") as folder:
        path = Path(folder, EXTENSION_NAME)
        path.write_bytes(packed(files))
        said = _unopkg(machine, office, "install", "add", "-f", str(path))
    found = listed(machine, office, "install")
    if said.code == 0 and found and found.is_registered and found.version == __version__:
        return
    why = reason(said) if said.code else "it does not list the extension as registered"
    is_new = before.listed is None and found is not None
    raise ExtensionNotTaken(why=why, left=_left(machine, office, before, is_new=is_new))


def _held(machine: Machine, office: Office) -> "_Held":
    found = listed(machine, office, "install")
    folder = folder_of(machine, office, found) if found else None
    paths = [path for path in folder.rglob("*") if path.is_file()] if folder else []
    return _Held(found, {path: _bytes(path) for path in paths})


def _left(machine: Machine, office: Office, before: "_Held", *, is_new: bool) -> str:
    """Say what LibreOffice holds after it has refused; half of a new extension is taken away."""
    with suppress(TimixError):  # what stopped us is told
        if is_new:
            _unopkg(machine, office, "install", "remove", IDENTIFIER)
        if _held(machine, office) == before:
            return _AS_IT_WAS
    return "what was installed before may be gone or half there"


def _unopkg(machine: Machine, office: Office, step: str, *words: str) -> Said:
    """Run LibreOffice's installer of extensions; raises UnopkgSilent, ExtensionNotTaken."""
    name = "unopkg.com" if machine.system is System.WINDOWS else "unopkg"
    return _run([str(office.soffice.with_name(name)), *words], machine.environment, step)


def _run(command: Sequence[str], environment: Mapping[str, str], step: str) -> Said:
    try:
        done = subprocess.run(  # noqa: S603  a program of LibreOffice, words of ours
            command,
            stdin=subprocess.DEVNULL,  # it asks nothing that nobody would answer
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=clean_environment(environment),
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UnopkgSilent(seconds=counted(SECONDS, "second"), step=step) from error
    except OSError as error:
        why = f"{command[0]}: {error.strerror or error}"
        raise ExtensionNotTaken(why=why, left=_AS_IT_WAS) from error
    return Said(done.returncode, done.stdout.decode("utf-8", "replace"))


def _field(words: str, name: str) -> str:
    found = re.search(rf"^\s*{name}: (.*)$", words, re.MULTILINE)
    return found[1].strip() if found else ""


def _settings_of_system(machine: Machine) -> Path:
    told = machine.environment.get
    if machine.system is System.WINDOWS:
        return Path(told("APPDATA") or machine.home / "AppData" / "Roaming")
    if machine.system is System.MAC:
        return machine.home / "Library" / "Application Support"
    return Path(told("XDG_CONFIG_HOME") or machine.home / ".config")


def _bytes(path: Path) -> bytes | None:
    """Return what is in a file; None where nothing is to be read, which writing will tell."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def _place(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, content, private=True)  # a store's URL may hold a password
    except OSError as error:
        why = error.strerror or str(error)
        raise NotPlaced(path=path, why=why, folder=path.parent) from error


def _put_back(path: Path, before: bytes | None) -> None:
    # What cannot be put back is told by what stopped us: the same disk, the same right.
    with suppress(OSError):
        if before is None:
            path.unlink()
        else:
            replace_file(path, before, private=True)
