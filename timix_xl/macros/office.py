"""The office: a new workbook, the settings, calculating again, and checking the store."""

import platform
import sys
from collections.abc import Iterator
from pathlib import Path

import xlwings as xw

from timix_xl import __version__
from timix_xl.billing.verify import Verified, verify
from timix_xl.errors import Fault, TimixError, counted, without_passwords
from timix_xl.hosts import calc
from timix_xl.macros.desk import Desk
from timix_xl.macros.fresh import write_in_documents
from timix_xl.macros.guard import TITLE, anywhere, macro, storeless
from timix_xl.settings import Settings
from timix_xl.store import reading
from timix_xl.store.database import Store, open_store, revision, store_id
from timix_xl.workbook import billing_sheet, checks_sheet

VERIFY_HINT = "Compare with the last backup and with the PDFs; nothing is repaired by itself."
MOST_PROBLEMS = 500
"""How many problems a sheet shows: where more do not hold, one looks at the store."""


@anywhere
def new_workbook(book: xw.Book, desk: Desk) -> Path:
    """Write a new billing workbook into the user's documents, open it, and show the customers."""
    # A program opens no two workbooks of one name, wherever they lie.
    taken = {one.name.lower() for one in book.app.books}
    path = write_in_documents(desk, taken)
    book.app.books.open(str(path))  # it comes to the front by itself
    return path


@storeless
def settings(book: xw.Book, desk: Desk | None) -> str:
    """Say which store is used, by whom and by which program, and how to change that."""
    text = "\n".join([*_settings_lines(desk), "", _other_store(book.app.engine.name)])
    if desk is None:
        book.app.alert(text, title=TITLE)
    return text


def _settings_lines(desk: Desk | None) -> Iterator[str]:
    if desk:
        yield from _store_lines(desk.store)
        yield f"User: {desk.actor.user}"
    else:
        chosen = Settings()
        yield from _store_of(chosen)
        yield f"User: {chosen.name()}"
    yield f"Program: timix-xl {__version__}"
    yield f"Python: {platform.python_version()}, {sys.executable}"


def _other_store(engine: str) -> str:
    """Say how the program that is used is given another store."""
    if engine == calc.NAME:
        return (
            "To work on another store: timix-xl --store PATH open FILE --host calc; or for every"
            " workbook: timix-xl --store PATH addin install --host calc, then start LibreOffice again."
        )
    return "To work on another store: timix-xl --store PATH addin install; then start Excel again."


def _store_of(chosen: Settings) -> Iterator[str]:
    """Say what the settings lead to; a store that cannot be opened is told as it is."""
    try:
        store = open_store(chosen.place(), read_only=True)
    except TimixError as stopped:
        yield f"Store: {stopped}"
        return
    try:
        yield from _store_lines(store)
    finally:
        store.close()


def _store_lines(store: Store) -> Iterator[str]:
    with store.reading() as connection:
        company, identity = reading.company(connection), store_id(connection)
    yield f"Store: {without_passwords(store.place)}"
    yield f"Store id: {identity} (tables of version {revision(store)})"
    yield f"Company: {company.name if company else 'none yet; import a books file'}"


@storeless
def recalculate(book: xw.Book, desk: Desk | None) -> None:
    """Calculate the formulas of the open workbooks again."""
    book.app.calculate()


@macro
def verify_store(book: xw.Book, desk: Desk) -> Verified:
    """Recompute seals, numbers, balances and states; what does not hold goes into Checks."""
    found = verify(desk.store)
    problems = found.problems
    shown = problems[:MOST_PROBLEMS]
    faults = [Fault(one.code, one.where, one.message, VERIFY_HINT) for one in shown]
    checks_sheet.show(book, faults)
    whole = f"{found.checked['documents']} documents and {found.checked['entries']} entries"
    count = counted(len(problems), "problem")
    seen = f"the first {len(shown)} are in Checks" if problems[len(shown) :] else "see Checks"
    say = f"{count}: {seen}." if problems else f"Everything holds: {whole}."
    billing_sheet.say(book, say)
    return found
