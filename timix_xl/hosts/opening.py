"""Open a workbook with the spreadsheet program of this machine."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from timix_xl.hosts.calc.starting import clean_environment
from timix_xl.hosts.refusals import NoProgram

SECONDS = 2
"""How long a program has to say that it cannot open the file; after that it is running."""
_ON_MAC = (("open",),)
_ELSEWHERE = (("xdg-open",), ("soffice", "--calc"), ("libreoffice", "--calc"), ("localc",))


def open_workbook(path: Path) -> None:
    """Open a workbook and come back while the program runs; raises NoProgram."""
    if sys.platform == "win32":
        _open_on_windows(path)
        return
    programs = _ON_MAC if sys.platform == "darwin" else _ELSEWHERE
    whole = str(path.absolute())  # a name may begin with a hyphen, and is no option
    if not any(_opens([*program, whole]) for program in programs):
        raise NoProgram(path=path)


def _open_on_windows(path: Path) -> None:
    try:
        os.startfile(path)  # type: ignore[attr-defined,unused-ignore]  # noqa: S606  the user's own file
    except OSError as error:
        raise NoProgram(path=path) from error


def _opens(command: list[str]) -> bool:
    """Start a program, if it is there; whether it is running, or done and content."""
    program = shutil.which(command[0])
    if program is None:
        return False
    quiet = subprocess.DEVNULL
    started = subprocess.Popen(  # noqa: S603  our own list of programs, the user's own file
        [program, *command[1:]],
        stdin=quiet,
        stdout=quiet,
        stderr=quiet,
        env=clean_environment(),
        start_new_session=True,
    )
    try:
        return started.wait(SECONDS) == 0
    except subprocess.TimeoutExpired:
        # It is the user's from here on; Python is not to complain that nobody waits for it.
        started.returncode = 0
        return True
