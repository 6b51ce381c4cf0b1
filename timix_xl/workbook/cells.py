"""The boundary between cells and values: floats stop here."""

import datetime as dt
import re
from decimal import Decimal, InvalidOperation

import xlwings as xw

from timix_xl.domain.money import quantized
from timix_xl.domain.periods import YEARS
from timix_xl.workbook.layout import named_cell
from timix_xl.workbook.refusals import WRITE, CellRefused, NotABillingWorkbook

Cell = str | float | bool | dt.datetime | dt.date | None
NOISE = Decimal("1e-9")
TOO_LARGE = Decimal("1e13")


def named(book: xw.Book, name: str) -> xw.Range:
    """Return a named cell; raises NotABillingWorkbook."""
    if name not in book.names:
        raise NotABillingWorkbook(book=book.name, what=f"cell named {name}")
    try:
        return book.names[name].refers_to_range
    except xw.XlwingsError as error:
        # Somebody deleted the row or column that the name stood for.
        raise NotABillingWorkbook(book=book.name, what=f"cell named {name}") from error


def put(book: xw.Book, name: str, value: Cell | Decimal) -> None:
    """Write a named cell."""
    named(book, name).value = written(value)


def text_in(book: xw.Book, name: str) -> str:
    """Read a named cell as text, without blanks around it."""
    return text_of(named(book, name).value).strip()


def day_in(book: xw.Book, name: str) -> dt.date | None:
    """Read a named cell as a date, if it holds one; raises CellRefused."""
    value = named(book, name).value
    if value is None or value == "":
        return None
    day = day_of(value)
    if day is None:
        raise refused(book, name, value, expected="a date", example="2026-01-31")
    return day


def number_in(book: xw.Book, name: str) -> Decimal | None:
    """Read a named cell as a number, if it holds one; raises CellRefused."""
    value = named(book, name).value
    if value is None or value == "":
        return None
    number = number_of(value, 6)
    if number is None:
        raise refused(book, name, value, expected="a number", example="30")
    return number


def refused(
    book: xw.Book, name: str, given: object, *, expected: str, example: str, how: str = WRITE
) -> CellRefused:
    """Make the refusal of a named cell; `how` it is filled in."""
    cell = named(book, name)
    place = cell.get_address(row_absolute=False, column_absolute=False)
    what = named_cell(name).label
    return CellRefused(
        where=f"{cell.sheet.name}!{place}",
        what=what,
        given=given,
        expected=expected,
        how=how,
        example=example,
    )


def written(value: Cell | Decimal) -> Cell:
    """Turn a value into what is written: floats, never Decimal."""
    return float(value) if isinstance(value, Decimal) else value


def text_of(value: Cell) -> str:
    """Read a cell as text; a whole number reads without its decimals."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return str(value)


def day_of(value: Cell) -> dt.date | None:
    """Read a cell as a date: a real one, or ISO text, of the years that a date can have here."""
    if isinstance(value, dt.date):
        found = value.date() if isinstance(value, dt.datetime) else value
        return found if YEARS[0] <= found.year <= YEARS[1] else None
    text = str(value).strip()
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return None
    try:
        return day_of(dt.date.fromisoformat(text))
    except ValueError:
        return None


def number_of(value: Cell, places: int) -> Decimal | None:
    """Read a cell as a number of so many decimals, without the noise of floats.

    A number with more decimals than that comes back as it is. One that is beyond what a cell
    keeps exactly, or not finite, is none.
    """
    if isinstance(value, bool) or not isinstance(value, float | int):
        return None
    try:
        exact = Decimal(str(value))
        near = quantized(exact, places)
    except InvalidOperation:
        return None
    if abs(exact) >= TOO_LARGE:
        return None
    return near if abs(near - exact) < NOISE else exact
