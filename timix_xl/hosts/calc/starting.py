"""A LibreOffice of our own, without a window: started in a fresh profile, ended for sure."""

import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Mapping
from pathlib import Path
from secrets import token_hex

from timix_xl.hosts.calc.finding import Office
from timix_xl.hosts.calc.profiles import HEADLESS, write_profile
from timix_xl.hosts.calc.watching import Watcher
from timix_xl.hosts.refusals import CalcNotStarted

OPTIONS = ("--norestore", "--nologo", "--nodefault", "--nofirststartwizard")
# What of our environment would have LibreOffice, or the Python in it, load foreign parts.
_OURS = frozenset(
    ["PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "URE_BOOTSTRAP", "LD_LIBRARY_PATH", "LD_PRELOAD"]
)
_running: "weakref.WeakSet[Started]" = weakref.WeakSet()


class Started:
    """A running LibreOffice, its profile and the pipe on which it waits."""

    def __init__(self, process: "subprocess.Popen[bytes]", profile: Path, pipe: str) -> None:
        self.process = process
        self.profile = profile
        self.pipe = pipe
        self.watcher = Watcher(process.pid, profile)
        _running.add(self)
        atexit.unregister(end_all)
        atexit.register(end_all)

    @property
    def runs(self) -> bool:
        """Whether it has not ended yet."""
        return self.process.poll() is None

    def end(self, *, seconds: float = 0) -> None:
        """Wait this long for its end, then end it by force; take the profile away."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            pass
        finally:
            # The program is a family of processes: the one that we know may be the first to end.
            kill_group(self.process)
            self.process.wait()
            shutil.rmtree(self.profile, ignore_errors=True)
            self.watcher.end()
            _running.discard(self)


def start_headless(office: Office) -> Started:
    """Start a LibreOffice without a window that waits for us on a pipe of a random name."""
    profile = Path(tempfile.mkdtemp(prefix="timix-calc-"))
    pipe = f"timix{token_hex(16)}"
    try:
        write_profile(profile, HEADLESS)
        accept = f"--accept=pipe,name={pipe};urp;StarOffice.ComponentContext"
        user = f"-env:UserInstallation={profile.as_uri()}"
        command = [str(office.soffice), "--headless", "--invisible", *OPTIONS, user, accept]
        process = _process(command)
    except OSError as error:
        shutil.rmtree(profile, ignore_errors=True)
        why = (error.strerror or "no reason given").lower()
        raise CalcNotStarted(soffice=office.soffice, why=why) from error
    return Started(process, profile, pipe)


def clean_environment(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Give an environment in which LibreOffice finds its own parts and not ours."""
    kept = {name: value for name, value in environment.items() if name not in _OURS}
    if "PATH" in kept:
        # The Python inside takes the first one of the PATH for itself: a virtual environment that
        # is active has it look for its library there, and LibreOffice ends.
        folders = kept["PATH"].split(os.pathsep)
        kept["PATH"] = os.pathsep.join(one for one in folders if not _is_of_a_venv(one))
    return kept


def _is_of_a_venv(folder: str) -> bool:
    return bool(folder) and (Path(folder).parent / "pyvenv.cfg").is_file()


def kill_group(process: "subprocess.Popen[bytes]") -> None:
    """End a process and all that it started."""
    if sys.platform == "win32":
        process.kill()
        return
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _process(command: list[str]) -> "subprocess.Popen[bytes]":
    quiet = subprocess.DEVNULL
    return subprocess.Popen(  # noqa: S603  a LibreOffice that was found on this machine
        command,
        stdin=quiet,
        stdout=quiet,
        stderr=quiet,
        env=clean_environment(),
        # A group of its own: it can be ended whole, and Ctrl+C is not for it.
        start_new_session=True,
    )


def end_all() -> None:
    """End every LibreOffice that was started here and still runs."""
    for started in list(_running):
        started.end()
