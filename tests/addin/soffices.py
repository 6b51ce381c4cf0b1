"""LibreOffices that are not there: programs that note how they were started, and then behave."""

import os
import shlex
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from timix_xl.hosts.calc.finding import Office

_NOTE = """#!/bin/sh
cd {folder}
echo $$ >> pids
printf '%s\\n' "$@" > arguments
env > environment
for word; do
  case $word in -env:UserInstallation=*) profile=${{word#*=}};; esac
done
lock="$(dirname "$word")/.~lock.$(basename "$word")#"
{then}
"""
SHOWS = 'printf \',%s,%s,22.11.2026 10:05,%s;\' ann desk7 "$profile" > "$lock"; exec sleep 60'
HANGS = "exec sleep 60"
HANDS_OVER = '(sleep 0.3; printf \',ann,desk7,22.11.2026 10:05,%s;\' "$profile" > "$lock") & exit 0'


def says(words: str, code: int = 1) -> str:
    """Behave like a program that says something and ends."""
    warning = "Warning: failed to launch javaldx - java may not function correctly"
    return f"echo {shlex.quote(warning)} >&2; echo {shlex.quote(words)} >&2; exit {code}"


class Soffice:
    """A stand-in for LibreOffice in a folder of its own."""

    def __init__(self, folder: Path, then: str) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.program = folder / "soffice"
        self.program.write_text(_NOTE.format(folder=shlex.quote(str(folder)), then=then))
        self.program.chmod(0o755)

    @property
    def office(self) -> Office:
        """What would have been found."""
        return Office(self.program, self.folder, (7, 4), (3, 11), self.folder)

    @property
    def arguments(self) -> list[str]:
        """With what it was started last."""
        return (self.folder / "arguments").read_text().splitlines()

    @property
    def environment(self) -> dict[str, str]:
        """In which environment it was started last."""
        lines = (self.folder / "environment").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line)

    @property
    def starts(self) -> int:
        """How often it was started."""
        pids = self.folder / "pids"
        return len(pids.read_text().split()) if pids.exists() else 0

    def end(self) -> None:
        """End what still runs."""
        pids = self.folder / "pids"
        for pid in pids.read_text().split() if pids.exists() else ():
            with suppress(ProcessLookupError):
                os.killpg(int(pid), signal.SIGKILL)


@contextmanager
def a_soffice(folder: Path, then: str = SHOWS) -> Iterator[Soffice]:
    """Give a stand-in, and end it afterwards."""
    made = Soffice(folder, then)
    try:
        yield made
    finally:
        made.end()
