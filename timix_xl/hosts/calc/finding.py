"""Where LibreOffice Calc is on this machine, and the uno that reaches it; nothing is started."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from timix_xl.errors import HostError
from timix_xl.hosts.refusals import CalcMissing, CalcTooOld, UnoMissing, UnoOfOtherPython

OLDEST = (7, 4)
"""The oldest LibreOffice that this host speaks with."""
VARIABLE = "TIMIX_SOFFICE"
"""Names the soffice to take, and no other."""
USUAL_PLACES = (
    "/usr/lib/libreoffice/program",
    "/usr/lib64/libreoffice/program",
    "/opt/libreoffice*/program",
    "/Applications/LibreOffice.app/Contents/MacOS",
    "C:/Program Files/LibreOffice/program",
    "C:/Program Files (x86)/LibreOffice/program",
)
_NAMES = ("soffice", "libreoffice")
_PROGRAMS = ("soffice", "soffice.exe")
_SECONDS = 20
# Of Linux; of a Mac, where the library lies beside the folder of the program; of Windows.
_LIBRARIES = ("libpyuno.so", "../Frameworks/libpyuno.dylib", "pyuno.pyd")
_CALC = ("libsclo.so", "libmergedlo.so", "../Frameworks/libsclo.dylib", "sclo.dll", "mergedlo.dll")
_UNO = (".", "../Resources", "/usr/lib/python3/dist-packages", "/usr/lib/python3/site-packages")
_SETTINGS = ("bootstraprc", "../Resources/bootstraprc", "bootstrap.ini")
_KEY = re.compile(r"ProductKey\s*=\s*LibreOffice\D*(\d+)\.(\d+)")
_SAID = re.compile(r"LibreOffice\D*(\d+)\.(\d+)")
_NUMBER = re.compile(r"\d+")
_PYTHON = re.compile(
    rb"libpython3\.(\d+)|Python\.framework/Versions/3\.(\d+)|python3(\d{1,2})\.dll"
)


@dataclass(frozen=True, slots=True)
class Office:
    """An installed LibreOffice and the way to it."""

    soffice: Path
    program: Path
    version: tuple[int, int]
    python: tuple[int, int]
    uno: Path


def find_office(
    environment: Mapping[str, str] = os.environ,
    *,
    places: Sequence[str] = USUAL_PLACES,
    unos: Sequence[str] = _UNO,
    python: tuple[int, int] = sys.version_info[:2],
    with_uno: bool = True,
) -> Office:
    """Give the first LibreOffice that can be used from here, or say what to install.

    Without uno, whoever asks starts LibreOffice's programs only: what is given of uno is not looked
    for then, but what would be usual.
    """
    named = environment.get(VARIABLE)
    programs = [Path(named)] if named else list(_programs(environment.get("PATH"), places))
    refusal: HostError | None = None
    for soffice in dict.fromkeys(program for path in programs for program in _resolved(path)):
        try:
            return _office(soffice, unos, python) if with_uno else _programs_of(soffice, python)
        except HostError as error:
            # The first is the one that people mean; the others might have been the better ones.
            refusal = refusal or error
    raise refusal or _missing(f"{VARIABLE} names {named}" if named else None)


def _programs(path: str | None, places: Sequence[str]) -> Iterator[Path]:
    for name in _NAMES:
        found = shutil.which(name, path=path if path is not None else "")
        if found:
            yield Path(found)
    for place in places:
        root = Path(place)
        parts = root.parts[1:]
        folders = Path(root.anchor).glob("/".join(parts))
        for folder in sorted(folders, key=_by_number, reverse=True):
            yield from (folder / name for name in _PROGRAMS)


def _by_number(folder: Path) -> list[int]:
    """Order folders that are named after versions: 24.8 comes after 7.6."""
    return [int(number) for number in _NUMBER.findall(str(folder))]


def _resolved(path: Path) -> Iterator[Path]:
    """Follow the links to the program, if there is one and it is LibreOffice's own."""
    try:
        program = path.expanduser().resolve(strict=True)
    except (OSError, RuntimeError):
        return
    folder = program if program.is_dir() else program.parent
    for name in _PROGRAMS:
        if (folder / name).is_file() and _settings(folder) is not None:
            yield folder / name
            return


def _programs_of(soffice: Path, python: tuple[int, int]) -> Office:
    return Office(soffice, soffice.parent, _version_of_calc(soffice), python, soffice.parent)


def _version_of_calc(soffice: Path) -> tuple[int, int]:
    """Return the version of a LibreOffice that has Calc and is new enough."""
    folder = soffice.parent
    if not any((folder / name).exists() for name in _CALC):
        raise _missing(f"LibreOffice in {folder} has no Calc")
    version = _version(soffice)
    if version < OLDEST:
        raise CalcTooOld(version=_dotted(version), folder=folder, wanted=_dotted(OLDEST))
    return version


def _office(soffice: Path, unos: Sequence[str], python: tuple[int, int]) -> Office:
    folder = soffice.parent
    version = _version_of_calc(soffice)
    library = _library(folder)
    theirs = _python_of(library) or python
    uno = _folder_of_uno(folder, unos)
    if theirs != python:
        raise UnoOfOtherPython(folder=folder, theirs=_dotted(theirs), ours=_dotted(python))
    return Office(soffice, library.parent, version, theirs, uno)


def _missing(looked: str | None) -> CalcMissing:
    found = f"{looked}, which is not there" if looked and VARIABLE in looked else looked
    return CalcMissing(
        looked=found or "no soffice in PATH or in the usual folders", wanted=_dotted(OLDEST)
    )


def _settings(folder: Path) -> Path | None:
    return next((folder / name for name in _SETTINGS if (folder / name).is_file()), None)


def _version(soffice: Path) -> tuple[int, int]:
    """Read the version from LibreOffice's settings; ask the program if they do not say."""
    settings = _settings(soffice.parent)
    text = settings.read_text("utf-8", errors="replace") if settings else ""
    found = _KEY.search(text) or _SAID.search(_said(soffice))
    if found is None:
        raise _missing(f"{soffice} does not tell its version")
    return int(found[1]), int(found[2])


def _said(soffice: Path) -> str:
    try:
        done = subprocess.run(  # noqa: S603  a LibreOffice that was found on this machine
            [soffice, "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", errors="replace")


def _library(folder: Path) -> Path:
    for name in _LIBRARIES:
        library = folder / name
        if library.is_file():
            return library.resolve()
    raise UnoMissing(folder=folder, missing=_LIBRARIES[0])


def _python_of(library: Path) -> tuple[int, int] | None:
    """Read from the library's bytes which Python it asks for; it is not loaded for that."""
    found = _PYTHON.search(library.read_bytes())
    return (3, int(found[found.lastindex or 1])) if found else None


def _folder_of_uno(folder: Path, unos: Sequence[str]) -> Path:
    for name in unos:
        place = folder / name
        if (place / "uno.py").is_file():
            return place.resolve()
    raise UnoMissing(folder=folder, missing="uno.py")


def _dotted(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"
