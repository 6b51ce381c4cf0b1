"""A new billing workbook: the empty one, with the customers and the first steps in it."""

import itertools
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from timix_xl.billing.survey import survey
from timix_xl.errors import TimixError
from timix_xl.hosts import files
from timix_xl.hosts.refusals import NotSaved
from timix_xl.macros.desk import Desk
from timix_xl.settings import bundled, documents_folder
from timix_xl.workbook import billing_sheet

TEMPLATE = "billing.xlsx"
FIRST_STEPS = (
    "A new workbook: choose a customer and a billing date, then load the unbilled entries."
)


def write_in_documents(desk: Desk, taken: Collection[str] = ()) -> Path:
    """Write a new workbook into the documents under the first free name; returns where it is.

    `taken` are names, in small letters, that are not free though there is no such file. Raises
    NotSaved.
    """
    return _furnished(desk, lambda: _in_folder(desk.folder or documents_folder(), taken))


def write_at(desk: Desk, path: Path) -> Path:
    """Write a new workbook there, never over a file; raises NotSaved."""
    return _furnished(desk, lambda: _at(path))


def _furnished(desk: Desk, write: Callable[[], Path]) -> Path:
    customers = survey(desk.store, desk.actor.today)
    path = write()
    try:
        with files.open_book(path) as book:
            billing_sheet.show_customers(book, customers)
            billing_sheet.say(book, FIRST_STEPS)
            book.save()
    except TimixError:
        path.unlink(missing_ok=True)  # a workbook without customers looks like one of another store
        raise
    return path


def _in_folder(folder: Path, taken: Collection[str]) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in _names(folder):
            if path.name not in taken and not path.exists() and _is_made(path):
                return path
    except OSError as error:
        raise _not_saved(TEMPLATE, folder, folder, error) from error
    raise AssertionError("there is always a free name")


def _at(path: Path) -> Path:
    try:
        if not _is_made(path):
            raise FileExistsError(None, "somebody else has just made it")
    except OSError as error:
        raise _not_saved(path.name, path, path.parent, error) from error
    return path


def _not_saved(name: str, where: Path, folder: Path, error: OSError) -> NotSaved:
    why = (error.strerror or "no reason given").lower()
    return NotSaved(where=str(where), path=name, why=why, folder=folder)


def _is_made(path: Path) -> bool:
    """Make a file, whole or not at all; says whether nobody else took its name meanwhile."""
    content = bundled(TEMPLATE).read_bytes()
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
