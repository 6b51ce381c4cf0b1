"""Sheets that follow what is done: what they cannot show is told, with what was done."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import xlwings as xw

from timix_xl.errors import DoneButNotShown, Fault, HostError, TimixError

PRO_FORMA_BUTTON = "Refresh pro forma"
INVOICES_BUTTON = "Refresh invoices"
BOTH_BUTTONS = f"{PRO_FORMA_BUTTON} and {INVOICES_BUTTON}"


@contextmanager
def following(
    book: xw.Book, done: str, *, button: str, faults: Sequence[Fault] = ()
) -> Iterator[None]:
    """Write what is done into the sheets; `button` does it again, `done` is empty for nothing.

    Raises DoneButNotShown where something was done, with what was found in doing it.
    """
    try:
        yield
    except TimixError as error:
        if not done:
            raise
        why = f"{error.message} {error.hint}"
        raise DoneButNotShown(
            faults=faults, done=done, book=_name_of(book), why=why, button=button
        ) from error


def _name_of(book: xw.Book) -> str:
    """Return what a workbook is called; a program that is gone does not say it any more."""
    with suppress(HostError):
        return book.name
    return "the workbook"
