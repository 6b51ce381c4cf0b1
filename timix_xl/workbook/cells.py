"""The boundary between cells and values: floats stop here."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation

import xlwings as xw

from timix_xl.domain.money import quantized
from timix_xl.domain.periods import YEARS
from timix_xl.errors import database_password_in, fit_for_a_workbook
from timix_xl.workbook.kinds import TEXT_FORMAT
from timix_xl.workbook.layout import named_cell
from timix_xl.workbook.refusals import (
    WRITE,
    CellRefused,
    NameOfManyCells,
    NotABillingWorkbook,
    PasswordInCell,
)

Cell = str | float | bool | dt.datetime | dt.date | None
NOISE = Decimal("1e-9")
TOO_LARGE = Decimal("1e13")


def named(book: xw.Book, name: str) -> xw.Range:
    """Return a named cell; raises NotABillingWorkbook, NameOfManyCells."""
    if name not in book.names:
        raise NotABillingWorkbook(book=book.name, what=f"cell named {name}")
    try:
        cell = book.names[name].refers_to_range
    except xw.XlwingsError as error:
        # Somebody deleted the row or column that the name stood for.
        raise NotABillingWorkbook(book=book.name, what=f"cell named {name}") from error
    if cell.shape != (1, 1):  # reading them could take hours
        raise NameOfManyCells(where=cell.sheet.name, book=book.name, name=name)
    return cell


def put(book: xw.Book, name: str, value: Cell | Decimal) -> None:
    """Write a named cell; a text stays text."""
    cell = named(book, name)
    if is_like_a_formula(value):
        cell.number_format = TEXT_FORMAT
    cell.value = written(value)


def put_texts(cells: xw.Range, texts: Sequence[str | None]) -> None:
    """Write a column of texts; none of them becomes a formula."""
    if any(map(is_like_a_formula, texts)):
        cells.number_format = TEXT_FORMAT
    cells.value = [[written(text)] for text in texts]


def is_like_a_formula(value: object) -> bool:
    """Whether a spreadsheet would take a value for a formula, unless the cell's format is text.

    >>> is_like_a_formula("=1+1"), is_like_a_formula("@SUM(A1)"), is_like_a_formula("-")
    (True, True, False)
    """
    return isinstance(value, str) and len(value) > 1 and value.startswith(("=", "+", "-", "@"))


def text_in(book: xw.Book, name: str) -> str:
    """Read a named cell as text, without blanks around it; raises PasswordInCell."""
    cell = named(book, name)
    text = text_of(cell.value).strip()
    refuse_password(text, lambda: place_of(cell))
    return text


def refuse_password(value: object, place: Callable[[], str]) -> None:
    """Refuse the URL of a database with its password; raises PasswordInCell."""
    if isinstance(value, str) and "://" in value and database_password_in(value):
        raise PasswordInCell(where=place())


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
    what = named_cell(name).label
    return CellRefused(
        where=place_of(named(book, name)),
        what=what,
        given=given,
        expected=expected,
        how=how,
        example=example,
    )


def place_of(cells: xw.Range, down: int = 0, across: int = 0) -> str:
    """Name a cell with its sheet, as in a message; counted from the first of a range."""
    cell = cells[down, across]
    address = cell.get_address(row_absolute=False, column_absolute=False)
    return f"{cell.sheet.name}!{address}"


def written(value: Cell | Decimal) -> Cell:
    """Turn a value into what is written: floats, never Decimal; no password of a database."""
    if isinstance(value, str):
        return fit_for_a_workbook(value)
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
