"""The guard around every macro: what stops one is told in the sheets and in a message."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Concatenate, ParamSpec, TypeVar

import xlwings as xw

from timix_xl.errors import HostError, TimixError
from timix_xl.macros.desk import Desk, own_desk
from timix_xl.settings import Settings
from timix_xl.workbook import billing_sheet, checks_sheet, entries_sheet
from timix_xl.workbook.refusals import (
    ColumnMissing,
    ForeignSettings,
    NotABillingWorkbook,
    PasswordInCell,
)

P = ParamSpec("P")
R = TypeVar("R")

TITLE = "Timix"
"""The title of every message box."""


_UNTOLD_THERE = NotABillingWorkbook | ColumnMissing | ForeignSettings | PasswordInCell
"""What is not written into the workbook: it may be another's, or is not to be saved as it is."""


def macro(action: Callable[Concatenate[xw.Book, Desk, P], R]) -> Callable[..., R | None]:
    """Guard a macro of a billing workbook: what stops it goes into Checks and the status cell.

    A ribbon button gives no desk: it shows what it does in the status bar, asks before what cannot
    be undone, and gets a message box; only what no box can show, because the program is gone, is
    raised. A caller that brings its desk gets none of that, but the error itself, after the sheets
    have been written.
    """

    def told(book: xw.Book, desk: Desk | None, /, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            billing_sheet.check(book)
            with _at(book, desk) as own:
                return action(book, own, *args, **kwargs)
        except TimixError as stopped:
            if not isinstance(stopped, _UNTOLD_THERE):
                _tell(book, stopped)
            raise

    return _pressable(action, told)


def anywhere(action: Callable[Concatenate[xw.Book, Desk, P], R]) -> Callable[..., R | None]:
    """Guard a macro that works from any workbook: nothing is written into that one."""

    def at_a_desk(book: xw.Book, desk: Desk | None, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with _at(book, desk) as own:
            return action(book, own, *args, **kwargs)

    return _pressable(action, at_a_desk)


def storeless(action: Callable[Concatenate[xw.Book, Desk | None, P], R]) -> Callable[..., R | None]:
    """Guard a macro that works from any workbook, also where the store cannot be opened.

    It is given the desk of a caller that brings one, and none by a ribbon button.
    """
    return _pressable(action, action)


def _pressable(
    named: Callable[..., object], action: Callable[Concatenate[xw.Book, Desk | None, P], R]
) -> Callable[..., R | None]:
    @functools.wraps(named)
    def guarded(
        book: xw.Book, desk: Desk | None = None, *args: P.args, **kwargs: P.kwargs
    ) -> R | None:
        if desk:
            return action(book, desk, *args, **kwargs)
        with _busy(book, named.__name__):
            try:
                return action(book, None, *args, **kwargs)
            except TimixError as stopped:
                _show(book, stopped)
                return None

    return guarded


@contextmanager
def _at(book: xw.Book, desk: Desk | None) -> Iterator[Desk]:
    """Give the desk that is brought, or that of this user, whose store is closed at the end."""
    if desk:
        yield desk
        return
    own = own_desk(Settings(), lambda question: _agreed(book, question))
    try:
        yield own
    finally:
        own.store.close()


def _agreed(book: xw.Book, question: str) -> bool:
    return bool(book.app.alert(question, title=TITLE, buttons="ok_cancel") == "ok")


@contextmanager
def _busy(book: xw.Book, name: str) -> Iterator[None]:
    """Say in the status bar what is being done, and give the bar back whatever happens."""
    app = book.app
    app.status_bar = f"{TITLE}: {name.replace('_', ' ')} …"
    try:
        yield
    finally:
        with suppress(HostError):  # a program that is gone must not hide what stopped the macro
            app.status_bar = False


def _show(book: xw.Book, stopped: TimixError) -> None:
    """Show what stopped a macro; where there is no program left to show it, the error goes on."""
    try:
        book.app.alert(str(stopped), title=TITLE)
    except HostError as untellable:
        raise stopped from untellable


def _tell(book: xw.Book, stopped: TimixError) -> None:
    # A sheet that cannot take the faults must not hide them: the message goes on without it.
    with suppress(HostError, NotABillingWorkbook, ColumnMissing):
        billing_sheet.say(book, str(stopped))
        read = entries_sheet.rows(book)
        stopped.faults = checks_sheet.placed(stopped.faults, read)
        found = checks_sheet.of_error(stopped)
        entries_sheet.mark(book, read, found)
        checks_sheet.show(book, found)
