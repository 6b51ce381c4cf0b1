"""A process that ends a LibreOffice of ours when we end without having ended it ourselves.

A signal ends Python at once, with nothing of it run any more; the pipe to this process closes.
"""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

_DONE = b"\n"
# Standard library only: it is given to an interpreter that knows nothing else. Lines are the
# files that are open; an empty one says that all is done.
_WATCHER = """
import os, shutil, signal, sys
from contextlib import suppress
from pathlib import Path

group, profile = int(sys.argv[1]), Path(sys.argv[2])
files = []
for line in sys.stdin.buffer:
    if line == b"\\n":
        sys.exit()
    files.append(Path(os.fsdecode(line[:-1])))
with suppress(OSError):
    os.killpg(group, signal.SIGKILL)
shutil.rmtree(profile, ignore_errors=True)
for file in files:
    lock = file.with_name(f".~lock.{file.name}#")
    with suppress(OSError):
        if profile.name.encode() in lock.read_bytes():
            lock.unlink()
"""


class Watcher:
    """The process that looks after a group of processes and its profile."""

    def __init__(self, group: int, profile: Path) -> None:
        quiet = subprocess.DEVNULL
        words = ["-I", "-S", "-c", _WATCHER, str(group), str(profile)]
        self._process: subprocess.Popen[bytes] | None = None
        if sys.platform == "win32":
            return  # it has no groups of processes
        with suppress(OSError):
            self._process = subprocess.Popen(  # noqa: S603  our own interpreter, constant words
                [sys.executable, *words],
                stdin=subprocess.PIPE,
                stdout=quiet,
                stderr=quiet,
                start_new_session=True,
            )

    def note(self, file: Path) -> None:
        """Say which file is open: its lock goes with the LibreOffice that has it."""
        path = bytes(file)
        if _DONE not in path:
            self._tell(path + _DONE)

    def end(self) -> None:
        """Say that there is nothing more to look after."""
        self._tell(_DONE)
        process, self._process = self._process, None
        if process is None or process.stdin is None:
            return
        with suppress(OSError):
            process.stdin.close()
        process.wait()

    def _tell(self, line: bytes) -> None:
        if self._process is None or self._process.stdin is None:
            return
        with suppress(OSError):  # it may have been ended
            self._process.stdin.write(line)
            self._process.stdin.flush()
