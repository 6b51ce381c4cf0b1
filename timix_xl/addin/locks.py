"""The files by which spreadsheet programs tell that they hold a workbook open, and whose they are."""

import os
import re
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.request import url2pathname

from timix_xl.hosts.locks import locks_of

if sys.platform != "win32":
    import pwd

PROC = Path("/proc")
"""Where Linux lists its processes."""
_PROFILE = b"-env:UserInstallation="
_FILE = "file://"
PROFILE_LOCK = ".lock"
"""What a LibreOffice puts into the profile in which it runs; one that is killed leaves it there."""
_PROGRAMS = {b"soffice.bin", b"oosplash", b"soffice"}
_FIELDS = re.compile(r"((?:\\.|[^\\,;])*)[,;]")


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock file of LibreOffice: who holds the workbook, where, since when, in which profile."""

    path: Path
    name: str = ""
    user: str = ""
    host: str = ""
    since: str = ""
    profile: str = ""

    @property
    def holder(self) -> str:
        """Say who holds it, as far as that is written there."""
        who = self.name or self.user
        where = f"on {self.host}" if self.host else ""
        since = f"since {self.since}" if self.since else ""
        place = " ".join(filter(None, [who, where]))
        return ", ".join(filter(None, [f"LibreOffice of {place}" if place else "", since]))


def lock_of(path: Path) -> Lock | None:
    """Read the lock file of a workbook, whatever stands in it; None if there is none."""
    _, place = locks_of(path)
    try:
        text = place.read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        return None
    except OSError:
        return Lock(place)
    fields = [re.sub(r"\\(.)", r"\1", field) for field in _FIELDS.findall(text)]
    name, user, host, since, profile = (*map(_printable, fields[:5]), *[""] * 5)[:5]
    return Lock(place, name, user, host, since, profile)


def is_left_behind(lock: Lock, *, ours: Path, proc: Path = PROC) -> bool:
    """Whether the LibreOffice that made a lock has ended without taking it away.

    Known on Linux only, of this user on this computer, and of profiles below the folder `ours`:
    names of users and computers come twice, and only ours are always started with the profile's
    name, by which they are found. In doubt, it runs.
    """
    if sys.platform != "linux" or not _is_below(lock.profile, ours):
        return False
    here = {socket.gethostname(), socket.getfqdn()}
    if lock.user != pwd.getpwuid(os.getuid()).pw_name or lock.host not in here:
        return False
    return not may_run(lock.profile, proc)


def may_run(profile: str, proc: Path = PROC) -> bool:
    """Whether a LibreOffice runs in a profile; where processes are not seen, by its own lock."""
    if sys.platform != "linux":
        folder = _real(profile)
        return folder is None or (folder / PROFILE_LOCK).exists()
    return any(same_url(one, profile) for one in _profiles(proc))


def same_url(one: str, other: str) -> bool:
    """Whether two addresses lead to the same folder, through links too and however they are escaped."""
    folder = _real(one)
    return folder is not None and folder == _real(other)


def _is_below(url: str, folder: Path) -> bool:
    """Whether an address leads to what is there, somewhere below a folder."""
    found = _real(url)
    return found is not None and Path(os.path.realpath(folder)) in found.parents and found.is_dir()


def _real(url: str) -> Path | None:
    """Return to which folder an address leads, without links; None where it is no folder's."""
    if not url.startswith(f"{_FILE}/"):
        return None
    try:
        return Path(os.path.realpath(url2pathname(url.removeprefix(_FILE))))
    except (OSError, ValueError):  # such as a NUL in what somebody wrote there
        return None


def _printable(text: str) -> str:
    return "".join(filter(str.isprintable, text)).strip()[:200]


def _profiles(proc: Path) -> Iterator[str]:
    """List the profiles by whose names LibreOffices were started that run."""
    for place in proc.glob("[0-9]*/cmdline"):
        try:
            words = place.read_bytes().split(b"\0")
        except OSError:  # it has ended meanwhile
            continue
        if words[0].rpartition(b"/")[2] in _PROGRAMS:
            named = [word for word in words if word.startswith(_PROFILE)]
            yield from (os.fsdecode(word.removeprefix(_PROFILE)) for word in named)
