"""The toolbar: the one door through which a press of a button in LibreOffice comes in.

`python -m timix_xl.macros.toolbar ACTION VERSION UID` is what the extension starts. On standard
input it says one line, the name of a pipe and a secret: others could read them on a command line.
"""

import datetime as dt
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import TextIO

import xlwings as xw

from timix_xl import __version__
from timix_xl.errors import (
    DoneButNotShown,
    HostError,
    IssuedButNotWritten,
    TimixError,
    without_passwords,
)
from timix_xl.hosts import calc
from timix_xl.hosts.refusals import CalcGone
from timix_xl.macros import untold
from timix_xl.macros.actions import ACTIONS
from timix_xl.macros.guard import TITLE
from timix_xl.macros.refusals import ToolbarActionUnknown, ToolbarOfOtherVersion
from timix_xl.settings import Settings

UNTOLD = 1
"""The exit code where LibreOffice could not be told what stopped a press."""


def main(words: Sequence[str], way: TextIO) -> int:
    """Carry out one press; returns the exit code. The only place here that catches.

    What this process cannot show goes to standard error, and the toolbar shows it. What cannot be
    shown at all, because LibreOffice is gone, is kept for the next press.
    """
    pipe, _, secret = way.readline().strip().partition(" ")
    try:
        press(*words, pipe=pipe, secret=secret)
    except TimixError as stopped:
        if _is_untold(stopped):
            untold.keep(stopped, dt.datetime.now().astimezone(), _store())
        print(" ".join(str(stopped).split()), file=sys.stderr)
        return UNTOLD
    return 0


def _is_untold(stopped: TimixError) -> bool:
    """Whether LibreOffice is gone; of what is done already, that it did not show it is enough."""
    if isinstance(stopped, IssuedButNotWritten | DoneButNotShown):
        return True
    return isinstance(stopped, CalcGone) or isinstance(stopped.__cause__, CalcGone)


def _store() -> str:
    with suppress(TimixError):
        return without_passwords(Settings().place())
    return "unknown"


def press(action: str, version: str, uid: str, *, pipe: str, secret: str) -> None:
    """Do what a button of the toolbar of a version asks for, on the workbook of that runtime id.

    The LibreOffice that waits on the pipe is told what stops it; raises that where it cannot be
    told.
    """
    app = calc.attach(pipe, secret=secret)
    try:
        _press(app, action, version, uid)
    finally:
        app.quit()  # it only lets go of a LibreOffice that it has not started


def _press(app: xw.App, action: str, version: str, uid: str) -> None:
    say = partial(app.alert, title=TITLE)
    untold.tell(say)
    try:
        _refuse(action, version)
        ACTIONS[action](calc.document(app, uid))
    except TimixError as stopped:
        try:
            say(str(stopped))
        except HostError as untellable:
            raise stopped from untellable


def _refuse(action: str, version: str) -> None:
    if version != __version__:
        raise ToolbarOfOtherVersion(toolbar=version, installed=__version__)
    if action not in ACTIONS:
        raise ToolbarActionUnknown(action=action)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], sys.stdin))
