"""Workbooks that the tests of LibreOffice's tables, names and rules open."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import xlwings as xw

from tests.hosts.contract.workbook import make
from timix_xl.hosts import calc
from timix_xl.settings import bundled


@contextmanager
def small(app: xw.App, folder: Path) -> Iterator[xw.Book]:
    """Open the workbook of the contract; close it afterwards."""
    with _opened(app, make(folder / "book.xlsx")) as book:
        yield book


@contextmanager
def template(app: xw.App, folder: Path) -> Iterator[xw.Book]:
    """Open an empty billing workbook; close it afterwards."""
    path = folder / "billing.xlsx"
    path.write_bytes(bundled("billing.xlsx").read_bytes())
    with _opened(app, path) as book:
        yield book


@contextmanager
def _opened(app: xw.App, path: Path) -> Iterator[xw.Book]:
    book = calc.open_book(path, app)
    try:
        yield book
    finally:
        if not book.impl.is_gone:
            book.close()


def resized(sheet: xw.Sheet, name: str, rows: int) -> xw.main.Table:
    """Give a table another number of rows."""
    table = sheet.tables[name]
    table.resize(table.range.resize(rows + 1))
    return table


def areas_of_formats(sheet: xw.Sheet) -> list[list[str]]:
    """Give where conditional formats stand, as LibreOffice has them."""
    found = sheet.impl.xl.ConditionalFormats.getConditionalFormats()
    return [one.Range.RangeAddressesAsString.split(";") for one in found]
