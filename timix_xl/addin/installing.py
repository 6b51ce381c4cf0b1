"""Install the add-in for the user, and take it away again."""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from timix_xl import __version__
from timix_xl.addin.build import build
from timix_xl.addin.inside import is_signed, version_inside
from timix_xl.addin.machine import Machine
from timix_xl.addin.places import ADDIN, Places, System, container, places
from timix_xl.addin.refusals import (
    AddinInUse,
    ExcelNeverStarted,
    NoExcelHere,
    NotAPackage,
    NotFoundFromExcel,
    NotPlaced,
    NotTakenAway,
    NotTheAddin,
    OldCopyStays,
    PathNotUsable,
    StorePython,
)
from timix_xl.addin.texts import text
from timix_xl.files import replace_file
from timix_xl.settings import (
    absolute_place,
    default_place,
    file_with,
    settings_file,
    settings_of_file,
)

LONGEST_WORKBOOK = 218
"""Characters of the longest path that Excel opens."""
LONGEST_PROGRAM = 259
"""Characters of the longest path that Windows' older functions find, which VBA uses."""
_NOT_IN = {System.WINDOWS: '"%', System.MAC: '"|'}
"""What cmd.exe, the macros and the script would read as something else."""
_MOVE_PYTHON = (
    "Put the Python of timix-xl into a folder with a short and plain name, such as {example}, and"
    " run its timix-xl addin install."
)
_MOVE_HOME = (
    "Work as a user whose folder has a short and plain name, or set Windows' language for non-Unicode"
    " programs to the one of the name; then do this again."
)
_SESSION_MANAGER = r"SYSTEM\CurrentControlSet\Control\Session Manager\Environment"
_PLAIN = {System.WINDOWS: r"C:\timix-xl", System.MAC: "/Users/Shared/timix-xl"}


@dataclass(frozen=True, slots=True)
class Placed:
    """A file of the installation."""

    what: str
    path: Path
    changed: bool


@dataclass(frozen=True, slots=True)
class Installation:
    """What an installation wrote, and which old copies it removed."""

    files: tuple[Placed, ...]
    removed: tuple[Path, ...]
    signature_lost: bool = False
    """Whether the add-in was signed before, and is not any more."""


def install(
    machine: Machine, settings: Mapping[str, str], *, signed: Path | None = None
) -> Installation:
    """Put the add-in where Excel loads it; `settings` go into the settings file.

    It is the one that we build, or a file of ours that somebody `signed`. A step that cannot be
    done leaves what was installed before as it was. Raises NoExcelHere, StorePython, NotAPackage,
    NotFoundFromExcel, PathNotUsable, ExcelNeverStarted, NotTheAddin, AddinInUse, NotPlaced,
    OldCopyStays, XlwingsDiffers, SettingsUnreadable.
    """
    _refuse(machine)
    found = places_of(machine)
    refuse_places(machine, found)
    contents = _contents(machine, found, signed)
    lost = is_signed(_bytes(found.addin) or b"") and not is_signed(contents[found.addin][1])
    if settings:
        contents[settings_file()] = ("the settings", file_with(settings))
    old = {path for path, (_, content) in contents.items() if _bytes(path) == content}
    _place({path: content for path, (_, content) in contents.items() if path not in old})
    files = tuple(Placed(what, path, path not in old) for path, (what, _) in contents.items())
    return Installation(files, _remove_old_copies(found), lost)


def uninstall(machine: Machine) -> tuple[Path, ...]:
    """Take away what install wrote but for the settings; returns what was there.

    Raises NoExcelHere, NotTakenAway.
    """
    _refuse_without_excel(machine)
    found = places_of(machine)
    wrote = [found.addin, *old_copies(found), found.configuration, found.script]
    there = [path for path in wrote if path and path.is_file()]
    for path in there:
        _take_away(path)
    if machine.system is System.WINDOWS:
        with suppress(OSError):  # the user keeps something of his own there
            found.configuration.parent.rmdir()
    return tuple(there)


def places_of(machine: Machine) -> Places[Path]:
    """Return the places on this machine; a running Excel says itself where it starts from."""
    told = None
    with suppress(*machine.troubles):
        excel = machine.running_excel()
        told = str(excel.startup_path) if excel else None
    return places(machine.system, machine.home, machine.environment, told)


def store_of_excel(machine: Machine) -> str:
    """Return where Excel's store is: it sees a variable that Windows keeps, and none of a window's.

    Raises SettingsUnreadable, SettingUnknown.
    """
    return lasting_store(machine) or settings_of_file().get("store") or default_place()


def lasting_store(machine: Machine) -> str | None:
    """Return the store that Windows keeps a variable for, the user's own or everybody's."""
    for key in ("Environment", _SESSION_MANAGER):
        if told := machine.registry(key, "TIMIX_STORE"):
            return absolute_place(told)
    return None


def configuration(machine: Machine) -> bytes:
    """Return the file that tells the VBA which Python to start; raises PathNotUsable."""
    refuse_interpreter(machine)
    key = "INTERPRETER_MAC" if machine.system is System.MAC else "INTERPRETER_WIN"
    end = "\n" if machine.system is System.MAC else "\r\n"
    return f'"{key}","{machine.python}"{end}'.encode(machine.encoding)


def refuse_interpreter(machine: Machine) -> None:
    """Raise PathNotUsable where Excel's macros could not start our Python by its path."""
    path = str(machine.python)
    strange = sorted({one for one in path if one in _NOT_IN[machine.system] or one < " "})
    odd = f"it contains {' '.join(strange).strip() or 'a line break'}" if strange else None
    if why := odd or _not_read(machine, path, LONGEST_PROGRAM):
        instead = _MOVE_PYTHON.format(example=_PLAIN[machine.system])
        raise PathNotUsable(path=path, why=why, instead=instead)


def refuse_places(machine: Machine, found: Places[Path]) -> None:
    """Raise PathNotUsable where Excel would not find the add-in or its configuration."""
    if machine.system is System.MAC:
        return
    why = _too_long(str(found.addin), LONGEST_WORKBOOK)
    if why:
        raise PathNotUsable(path=found.addin, why=why, instead=_MOVE_HOME)
    why = _not_read(machine, str(found.configuration), LONGEST_PROGRAM)
    if why:
        raise PathNotUsable(path=found.configuration, why=why, instead=_MOVE_HOME)


def _not_read(machine: Machine, path: str, longest: int) -> str | None:
    try:
        path.encode(machine.encoding)
    except UnicodeEncodeError as error:
        letters = path[error.start : error.end]
        return f"macros on this computer cannot read {letters} in it"
    return _too_long(path, longest) if machine.system is System.WINDOWS else None


def _too_long(path: str, longest: int) -> str | None:
    length = len(path)
    return f"it has {length} characters, and {longest} are the most" if length > longest else None


def refuse_store_python(machine: Machine) -> None:
    """Raise StorePython for a Python, or a venv made from one, that lives in the Store's folder."""
    if machine.system is not System.WINDOWS:
        return
    for path in (machine.python, machine.base):
        if "windowsapps" in str(path).lower().replace("\\", "/").split("/"):
            raise StorePython(python=machine.python)


def refuse_sources(machine: Machine) -> None:
    """Raise where timix-xl only runs because of the folder or the terminal it is started in.

    Raises NotAPackage, NotFoundFromExcel.
    """
    if machine.version_of("timix-xl") is None:
        raise NotAPackage(python=machine.python, pip=machine.pip)
    if machine.system is not System.OTHER and (why := machine.hidden_from(machine.python)):
        make = f"{machine.pip.removesuffix('pip')}venv {_PLAIN[machine.system]}"
        raise NotFoundFromExcel(python=machine.python, why=why.rstrip("."), make=make)


def _refuse(machine: Machine) -> None:
    _refuse_without_excel(machine)
    refuse_store_python(machine)
    refuse_sources(machine)
    # A folder of ours in its place would keep the Mac from making the true one.
    if machine.system is System.MAC and not container(machine.home).is_dir():
        raise ExcelNeverStarted(folder=container(machine.home))


def _refuse_without_excel(machine: Machine) -> None:
    if machine.system is System.OTHER:
        raise NoExcelHere(system=machine.name)


def _contents(
    machine: Machine, found: Places[Path], signed: Path | None
) -> dict[Path, tuple[str, bytes]]:
    """Return what goes where; the add-in first, because it is the one that Excel may hold open."""
    contents = {
        found.addin: ("the add-in", _signed(signed) if signed else build()),
        found.configuration: ("which Python it starts", configuration(machine)),
    }
    if found.script:
        contents[found.script] = ("the script that starts it", script())
    return contents


def _signed(path: Path) -> bytes:
    """Return the add-in of this version from somebody's file; raises NotTheAddin."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise NotTheAddin(path=path, wanted=__version__, what=_why(error)) from error
    version = version_inside(content)
    if version != __version__:
        what = f"it is version {version}" if version else "it holds no version"
        raise NotTheAddin(path=path, wanted=__version__, what=what)
    return content


def script() -> bytes:
    """Return the script through which Excel on a Mac starts Python."""
    return text("mac/timix-xl.applescript").encode("utf-8")


def _bytes(path: Path) -> bytes | None:
    """Return what is in a file; None where nothing is to be read, which writing will tell."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def _place(contents: Mapping[Path, bytes]) -> None:
    """Write all files, or put back those that were written before one that cannot be."""
    with ExitStack() as undo:
        for path, content in contents.items():
            before = _bytes(path)
            with _told(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                _replace(path, content)
            undo.callback(_put_back, path, before)
        undo.pop_all()


def _replace(path: Path, content: bytes) -> None:
    # Not beside the add-in: an Excel that starts opens every file of that folder.
    by_way_of = path.parent.parent if path.name == ADDIN else None
    # The URL of a store may hold a password.
    replace_file(path, content, by_way_of=by_way_of, private=path == settings_file())


def _put_back(path: Path, before: bytes | None) -> None:
    # What cannot be put back is told by what stopped us: the same disk, the same right.
    with suppress(OSError):
        if before is None:
            path.unlink()
        else:
            _replace(path, before)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Say what the system said; where only the last step is refused, somebody holds the file."""
    try:
        yield
    except PermissionError as error:
        if error.filename2 is not None and path.exists() and os.access(path.parent, os.W_OK):
            raise AddinInUse(path=path) from error
        raise _not_placed(path, error) from error
    except OSError as error:
        raise _not_placed(path, error) from error


def _not_placed(path: Path, error: OSError) -> NotPlaced:
    """Say which folder refused: that of the file, or one on the way to it."""
    on_the_way = error.filename if error.filename2 is None else None
    folder = Path(str(on_the_way)).parent if on_the_way else path.parent
    return NotPlaced(path=path, why=_why(error), folder=folder)


def _why(error: OSError) -> str:
    return error.strerror or str(error)


def _remove_old_copies(found: Places[Path]) -> tuple[Path, ...]:
    old = old_copies(found)
    for path in old:
        try:
            path.unlink()
        except OSError as error:
            raise OldCopyStays(path=path, why=_why(error)) from error
    return old


def old_copies(found: Places[Path]) -> tuple[Path, ...]:
    """Return what an installation before may have left where Excel could still take it."""
    copies = [folder / ADDIN for folder in found.start_ups[1:]]
    if found.script:
        copies += found.script.parent.glob("timix-*.applescript")
    ours = [path for path in (found.addin, found.script) if path and path.is_file()]
    return tuple(path for path in copies if path.is_file() and not _is_one_of(path, ours))


def _is_one_of(path: Path, others: Iterable[Path]) -> bool:
    # By the file, not by the name: a folder may be known by a short name or through a link.
    return any(path.samefile(other) for other in others)


def _take_away(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise NotTakenAway(path=path, why=_why(error), folder=path.parent) from error
