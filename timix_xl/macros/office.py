"""The office: a new workbook, the settings, calculating again, and checking the store."""

import itertools
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

import xlwings as xw

from timix_xl import __version__
from timix_xl.billing.survey import survey
from timix_xl.billing.verify import Verified, verify
from timix_xl.errors import Fault, TimixError, counted
from timix_xl.hosts.refusals import NotSaved
from timix_xl.macros.desk import Desk
from timix_xl.macros.guard import TITLE, anywhere, macro, storeless
from timix_xl.settings import Settings, bundled, documents_folder
from timix_xl.store import reading
from timix_xl.store.database import Store, open_store, revision, store_id
from timix_xl.workbook import billing_sheet, checks_sheet

TEMPLATE = "billing.xlsx"
VERIFY_HINT = "Compare with the last backup and with the PDFs; nothing is repaired by itself."
FIRST_STEPS = (
    "A new workbook: choose a customer and a billing date, then load the unbilled entries."
)


@anywhere
def new_workbook(book: xw.Book, desk: Desk) -> Path:
    """Write a new billing workbook into the user's documents, open it, and show the customers."""
    customers = survey(desk.store, desk.actor.today)
    # A program opens no two workbooks of one name, wherever they lie.
    taken = {one.name.lower() for one in book.app.books}
    path = _written(desk.folder or documents_folder(), taken)
    made = book.app.books.open(str(path))
    billing_sheet.show_customers(made, customers)
    billing_sheet.say(made, FIRST_STEPS)
    made.save()
    made.activate()
    return path


def _written(folder: Path, taken: set[str]) -> Path:
    """Write the empty workbook under the first free name; never over a file that is there."""
    content = bundled(TEMPLATE).read_bytes()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in _names(folder):
            if path.name not in taken and not path.exists() and _is_made(path, content):
                return path
    except OSError as error:
        why = (error.strerror or "no reason given").lower()
        raise NotSaved(where=str(folder), path=TEMPLATE, why=why, folder=folder) from error
    raise AssertionError("there is always a free name")


def _is_made(path: Path, content: bytes) -> bool:
    """Make a file, whole or not at all; says whether nobody else took its name meanwhile."""
    try:
        file = path.open("xb")
    except FileExistsError:
        return False
    try:
        with file:
            file.write(content)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    return True


def _names(folder: Path) -> Iterator[Path]:
    first = folder / TEMPLATE
    yield first
    for number in itertools.count(2):
        yield first.with_stem(f"{first.stem} ({number})")


@storeless
def settings(book: xw.Book, desk: Desk | None) -> str:
    """Say which store is used, by whom and by which program, and how to change that."""
    text = "\n".join(_settings_lines(desk))
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
    yield ""
    yield "To work on another store: timix-xl --store PATH addin install; then start Excel again."


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
    yield f"Store: {store.place}"
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
    problems = [Fault(one.code, one.where, one.message, VERIFY_HINT) for one in found.problems]
    checks_sheet.show(book, problems)
    whole = f"{found.checked['documents']} documents and {found.checked['entries']} entries"
    count = counted(len(problems), "problem")
    say = f"{count}: see Checks." if problems else f"Everything holds: {whole}."
    billing_sheet.say(book, say)
    return found
