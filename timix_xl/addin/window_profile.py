"""The LibreOffice profile in which a billing workbook is opened, with the toolbar unpacked beside it."""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from timix_xl.addin.extension import CONFIGURATION_NAME, configuration, extension_files
from timix_xl.addin.locks import PROFILE_LOCK, may_run
from timix_xl.addin.refusals import ToolbarRuns
from timix_xl.files import replace_file
from timix_xl.hosts.calc.finding import Office
from timix_xl.hosts.calc.profiles import ALWAYS, write_profile
from timix_xl.settings import data_folder

_OFFICE = "/org.openoffice.Office"
EXTENSION = "timix"


def folder_of_profiles() -> Path:
    """Return where our profiles lie: without links, as LibreOffice names them in its locks."""
    return Path(os.path.realpath(data_folder() / "calc"))


def profiles() -> Iterator["WindowProfile"]:
    """List the profiles that there are already."""
    found = sorted(folder_of_profiles().glob(f"*/extensions/{EXTENSION}/{CONFIGURATION_NAME}"))
    return (WindowProfile(path.parents[2]) for path in found)


def profile_for(store: str, user: str | None) -> "WindowProfile":
    """Return the profile for a store and a user: a LibreOffice keeps those that it began with."""
    name = sha256(f"{store}\n{user or ''}".encode()).hexdigest()[:12]
    return WindowProfile(folder_of_profiles() / name)


class WindowProfile:
    """A profile of ours, in its folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def settings(self) -> Path:
        """Where LibreOffice keeps its settings and its caches."""
        return self.folder / "profile"

    @property
    def extensions(self) -> Path:
        """Where LibreOffice finds the toolbar, unpacked."""
        return self.folder / "extensions"

    @property
    def said(self) -> Path:
        """Where it goes what LibreOffice says on the terminal that it has not."""
        return self.folder / "soffice.txt"

    @property
    def url(self) -> str:
        """The profile as LibreOffice names it, in its lock files too."""
        return self.settings.as_uri()

    @property
    def configuration(self) -> Path:
        """The file that says which Python the toolbar starts."""
        return self.extensions / EXTENSION / CONFIGURATION_NAME

    @property
    def may_run(self) -> bool:
        """Whether a LibreOffice runs in it."""
        return may_run(self.url)

    def refuse_change(self, python: Path) -> None:
        """Raise ToolbarRuns where a LibreOffice runs with a toolbar that would have to be replaced."""
        if _files_of(python) != _files_below(self.extensions / EXTENSION) and self.may_run:
            raise ToolbarRuns(folder=self.folder, lock=self.settings / PROFILE_LOCK)

    def prepare(self, office: Office, python: Path) -> None:
        """Write what is missing; what LibreOffice has changed in its settings stays.

        Raises ToolbarRuns, OSError.
        """
        self.refuse_change(python)
        if not (self.settings / "user" / "registrymodifications.xcu").exists():
            write_profile(self.settings, settings_of(office))
        files = _files_of(python)
        if files != _files_below(self.extensions / EXTENSION):
            self._unpack(files)

    def _unpack(self, files: Mapping[str, bytes]) -> None:
        shutil.rmtree(self.extensions, ignore_errors=True)
        for name, content in files.items():
            path = self.extensions / EXTENSION / name
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, content)
        # LibreOffice would not look again at an extension that it knows by its name.
        shutil.rmtree(self.settings / "user" / "extensions" / "bundled", ignore_errors=True)


def settings_of(office: Office) -> dict[str, str | int | bool]:
    """Return what a new profile says: nothing is asked and announced that has to be clicked away.

    Security and languages stay as LibreOffice has them.
    """
    common = f"{_OFFICE}.Common"
    return {
        # Files that another program calculated show what Calc makes of their formulas.
        f"{_OFFICE}.Calc/Formula/Load/OOXMLRecalcMode": ALWAYS,
        # A customer's code that is typed would be completed to a name that stands further down.
        f"{_OFFICE}.Calc/Input/AutoInput": False,
        # Dashed lines of pages that nobody prints run through every sheet.
        f"{_OFFICE}.Calc/Layout/Line/PageBreak": False,
        f"{common}/Misc/FirstRun": False,
        f"{common}/Misc/ShowTipOfTheDay": False,
        f"{common}/Save/Document/WarnAlienFormat": False,
        "/org.openoffice.Setup/Office/ooSetupInstCompleted": True,
        # Else a LibreOffice says what is new since the version that nobody ever started here.
        "/org.openoffice.Setup/Product/ooSetupLastVersion": ".".join(map(str, office.version)),
        # Invitations to take part and to give money come when enough days have passed.
        "/org.openoffice.Setup/Product/LastTimeGetInvolvedShown": sys.maxsize >> 32,
        "/org.openoffice.Setup/Product/LastTimeDonateShown": sys.maxsize >> 32,
    }


def _files_of(python: Path) -> dict[str, bytes]:
    return {**extension_files(), CONFIGURATION_NAME: configuration(python, by="open")}


def _files_below(folder: Path) -> dict[str, bytes]:
    """Read every file below a folder; those that LibreOffice's Python compiled do not count.

    Where one cannot be read, they are none that we wrote.
    """
    try:
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file() and path.suffix != ".pyc"
        }
    except OSError:
        return {}
