"""Rectangles of cells and their A1 spelling."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384

_CORNER = r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})"
_CELLS = re.compile(rf"{_CORNER}(?::{_CORNER})?")
_COLUMNS = re.compile(r"\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})")
_ROWS = re.compile(r"\$?([0-9]{1,7}):\$?([0-9]{1,7})")


@dataclass(frozen=True, slots=True)
class Area:
    """Cells from top left to bottom right, both included, counted from 1."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return self.bottom - self.top + 1

    @property
    def columns(self) -> int:
        """How many columns it has."""
        return self.right - self.left + 1

    @property
    def is_one_cell(self) -> bool:
        """Whether it is a single cell."""
        return self.top == self.bottom and self.left == self.right

    def address(self, *, row_absolute: bool = True, column_absolute: bool = True) -> str:
        """Spell it in A1 notation."""
        column, row = "$" if column_absolute else "", "$" if row_absolute else ""
        first = f"{column}{column_name(self.left)}{row}{self.top}"
        if self.is_one_cell:
            return first
        return f"{first}:{column}{column_name(self.right)}{row}{self.bottom}"

    @property
    def ref(self) -> str:
        """Spell it as files do, without dollar signs."""
        return self.address(row_absolute=False, column_absolute=False)

    def meets(self, other: "Area") -> bool:
        """Tell whether the two share a cell."""
        return self.meets_columns(other) and self.top <= other.bottom and other.top <= self.bottom

    def meets_columns(self, other: "Area") -> bool:
        """Tell whether the two share a column."""
        return self.left <= other.right and other.left <= self.right

    def has(self, row: int, column: int) -> bool:
        """Tell whether a cell lies within."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    def without(self, other: "Area") -> Iterator["Area"]:
        """Cut the other out; yield what is left, at most four rectangles."""
        if not self.meets(other):
            yield self
            return
        if self.top < other.top:
            yield replace(self, bottom=other.top - 1)
        if self.bottom > other.bottom:
            yield replace(self, top=other.bottom + 1)
        middle = replace(self, top=max(self.top, other.top), bottom=min(self.bottom, other.bottom))
        if self.left < other.left:
            yield replace(middle, right=other.left - 1)
        if self.right > other.right:
            yield replace(middle, left=other.right + 1)


@cache
def column_name(number: int) -> str:
    """Spell a column.

    >>> column_name(1), column_name(27)
    ('A', 'AA')
    """
    name = ""
    while number:
        number, letter = divmod(number - 1, 26)
        name = chr(65 + letter) + name
    return name


@cache
def column_number(name: str) -> int:
    """Count a column.

    >>> column_number("aa")
    27
    """
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - 64
    return number


def parse_area(text: str) -> Area | None:
    """Read an A1 address, with or without dollar signs; None if it is not one."""
    if match := _CELLS.fullmatch(text):
        left, top, right, bottom = match.groups()
        return _spanning(top, left, bottom or top, right or left)
    if match := _COLUMNS.fullmatch(text):
        return _spanning("1", match[1], str(LAST_ROW), match[2])
    if match := _ROWS.fullmatch(text):
        return _spanning(match[1], "A", match[2], column_name(LAST_COLUMN))
    return None


def split_sheet(text: str) -> tuple[str | None, str]:
    """Part `'My sheet'!A1` into the sheet's name (None if there is none) and the address."""
    sheet, mark, address = text.rpartition("!")
    if not mark:
        return None, text
    if sheet.startswith("'") and sheet.endswith("'"):
        sheet = sheet[1:-1].replace("''", "'")
    return sheet, address


def quoted(sheet: str) -> str:
    """Spell a sheet's name in front of an address, in quotes where it needs them."""
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.]*", sheet) and parse_area(sheet) is None:
        return sheet
    return "'" + sheet.replace("'", "''") + "'"


def _spanning(top: str, left: str, bottom: str, right: str) -> Area | None:
    rows = sorted((int(top), int(bottom)))
    columns = sorted((column_number(left), column_number(right)))
    if rows[0] < 1 or rows[1] > LAST_ROW or columns[1] > LAST_COLUMN:
        return None
    return Area(rows[0], columns[0], rows[1], columns[1])
