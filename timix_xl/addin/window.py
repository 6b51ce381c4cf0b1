"""A workbook in a window of LibreOffice Calc, with the toolbar, on a store."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from timix_xl.addin.locks import (
    Lock,
    is_left_behind,
    lock_of,
    same_url,
)
from timix_xl.addin.window_profile import WindowProfile, profile_for
from timix_xl.errors import counted
from timix_xl.hosts.calc.finding import VARIABLE, Office, find_office
from timix_xl.hosts.calc.starting import clean_environment
from timix_xl.hosts.locks import locks_of
from timix_xl.hosts.refusals import CalcNotStarted, NoDisplay, NotSaved, NotShown, WorkbookInUse

SECONDS = 60.0
"""How long LibreOffice has to show a workbook."""
_UNLOCKED_SECONDS = 5.0
"""How long one is watched that cannot tell by a lock file that it shows a read-only workbook."""
_PAUSE = 0.1
_X_SECONDS = 5.0
_DETACHED: int = getattr(subprocess, "DETACHED_PROCESS", 0) | getattr(
    subprocess, "CREATE_NEW_PROCESS_GROUP", 0
)
"""How Windows starts what is to stay; there is nothing of this kind elsewhere."""
_OPTIONS = ("--norestore", "--nologo", "--nofirststartwizard")


@dataclass(frozen=True, slots=True)
class Shown:
    """A workbook in a window; which lock of a LibreOffice that had ended was taken away for it."""

    path: Path
    taken_away: Lock | None
    is_up: bool = True
    """Whether it was seen to be there: a read-only one cannot be, it has no lock."""


def office_with_window(environment: Mapping[str, str] = os.environ) -> Office:
    """Return the LibreOffice that can show a window here.

    Raises CalcMissing, CalcTooOld, UnoMissing, UnoOfOtherPython, NoDisplay.
    """
    office = find_office(environment)
    has_own_screen = sys.platform in {"win32", "darwin"}
    if not has_own_screen and not _is_there(environment):
        raise NoDisplay
    return office


def _is_there(environment: Mapping[str, str]) -> bool:
    """Whether a screen is named, and answers: without it LibreOffice may run where nobody sees it."""
    if environment.get("WAYLAND_DISPLAY"):
        return True
    display = environment.get("DISPLAY", "")
    here = re.fullmatch(r":(\d+)(\.\d+)?", display)
    if here is None:
        return bool(display)  # another machine's: LibreOffice finds out
    socket_of_x = f"/tmp/.X11-unix/X{here[1]}"  # noqa: S108  where every X server has it
    return any(_answers(address) for address in (socket_of_x, f"\0{socket_of_x}"))


def _answers(address: str) -> bool:
    with socket.socket(socket.AF_UNIX) as caller, suppress(OSError):
        caller.settimeout(_X_SECONDS)
        caller.connect(address)
        return True
    return False


def open_in_calc(
    path: Path,
    office: Office,
    *,
    store: str,
    user: str | None,
    python: Path,
    seconds: float = SECONDS,
    environment: Mapping[str, str] = os.environ,
) -> Shown:
    """Open a workbook in a window that works on a store, and come back when it is there.

    A LibreOffice that runs on this store for this user takes it. Raises ToolbarRuns, WorkbookInUse,
    NotSaved, CalcNotStarted, NotShown.
    """
    path = path.resolve()
    profile = profile_for(store, user)
    profile.refuse_change(python)
    taken_away = free(path, profile)
    try:
        profile.prepare(office, python)
    except OSError as error:
        why = (error.strerror or "no reason given").lower()
        place = str(profile.folder)
        raise NotSaved(where=place, path=place, why=why, folder=profile.folder.parent) from error
    chosen = {"TIMIX_STORE": store, VARIABLE: str(office.soffice)}
    if user:
        chosen["TIMIX_USER"] = user
    process = _started(path, office, profile, clean_environment(environment) | chosen)
    try:
        is_up = _wait(process, path, office, profile, seconds)
    finally:
        # It is the user's from here on; Python is not to complain that nobody waits for it.
        process.returncode = process.returncode or 0
    return Shown(path, taken_away, is_up)


def free(path: Path, profile: WindowProfile) -> Lock | None:
    """Refuse a workbook that another program holds; return the lock that was left behind and removed.

    It may be open already in the profile. Only locks of our own profiles are removed.
    """
    excels, _ = locks_of(path)
    if excels.exists():
        raise WorkbookInUse(where=str(path), path=path.name, lock=excels.name, holder="Excel")
    lock = lock_of(path)
    if lock is None:
        return None
    if is_left_behind(lock, ours=profile.folder.parent):
        with suppress(OSError):
            lock.path.unlink()
            return lock
    elif same_url(lock.profile, profile.url):
        return None
    raise WorkbookInUse(where=str(path), path=path.name, lock=lock.path.name, holder=lock.holder)


def _started(
    path: Path, office: Office, profile: WindowProfile, environment: Mapping[str, str]
) -> "subprocess.Popen[bytes]":
    command = [
        str(office.soffice),
        f"-env:UserInstallation={profile.url}",
        f"-env:BUNDLED_EXTENSIONS={profile.extensions.as_uri()}",
        *_OPTIONS,
        str(path),
    ]
    try:
        with profile.said.open("wb") as said:
            return subprocess.Popen(  # noqa: S603  a LibreOffice that was found on this machine
                command,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                env=dict(environment),
                # It stays when the terminal closes, and the terminal's Ctrl+C is not for it.
                start_new_session=True,
                creationflags=_DETACHED,
            )
    except OSError as error:
        why = (error.strerror or "no reason given").lower()
        raise CalcNotStarted(soffice=office.soffice, why=why) from error


def _wait(
    process: "subprocess.Popen[bytes]",
    path: Path,
    office: Office,
    profile: WindowProfile,
    seconds: float,
) -> bool:
    """Wait until the workbook is up. The program may hand it over to one that runs, and end.

    Returns whether it was seen: a read-only workbook has no lock to see it by.
    """
    locks = os.access(path.parent, os.W_OK) and os.access(path, os.W_OK)
    end = time.monotonic() + (seconds if locks else _UNLOCKED_SECONDS)
    while time.monotonic() < end:
        if locks and _is_ours(path, profile):
            return True
        # It ends with 0 also where it finds no screen.
        if process.poll() is not None and not profile.may_run:
            raise _not_started(office, profile.said)
        time.sleep(_PAUSE)
    if locks:
        raise NotShown(path=path.name, seconds=counted(round(seconds), "second"))
    return False


def _is_ours(path: Path, profile: WindowProfile) -> bool:
    lock = lock_of(path)
    return lock is not None and same_url(lock.profile, profile.url)


def _not_started(office: Office, said: Path) -> CalcNotStarted | NoDisplay:
    """Word why a program has ended by what it wrote before."""
    text = ""
    with suppress(OSError):
        text = said.read_bytes().decode("utf-8", "replace")
    lines = ["".join(filter(str.isprintable, line)).strip(" .") for line in text.split("\n")]
    words = [line for line in lines if line and not line.startswith("Warning:")]
    if any("display" in line for line in words):
        return NoDisplay()
    return CalcNotStarted(
        soffice=office.soffice, why=words[0] if words else "it ended at once, without a word"
    )
