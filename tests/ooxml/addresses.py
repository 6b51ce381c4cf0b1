"""Cells and rectangles in A1 notation, as parts of a file spell them."""

import re
from dataclasses import dataclass

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384

_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")
_COLUMNS = re.compile(r"\$?([A-Z]{1,3}):\$?([A-Z]{1,3})")
_ROWS = re.compile(r"\$?([1-9][0-9]{0,6}):\$?([1-9][0-9]{0,6})")


@dataclass(frozen=True, slots=True)
class Area:
    """Cells from top left to bottom right, counted from 1."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def width(self) -> int:
        return self.right - self.left + 1

    @property
    def height(self) -> int:
        return self.bottom - self.top + 1

    def meets(self, other: "Area") -> bool:
        """Tell whether the two share a cell."""
        return (
            self.left <= other.right
            and other.left <= self.right
            and self.top <= other.bottom
            and other.top <= self.bottom
        )

    def holds(self, other: "Area") -> bool:
        """Tell whether the other lies within."""
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )


def column_number(name: str) -> int:
    """Count a column."""
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - 64
    return number


def column_name(number: int) -> str:
    """Spell a column."""
    name = ""
    while number:
        number, letter = divmod(number - 1, 26)
        name = chr(65 + letter) + name
    return name


def spelt(row: int, column: int) -> str:
    """Spell a cell."""
    return f"{column_name(column)}{row}"


def cell_at(text: str) -> tuple[int, int] | None:
    """Read a cell as row and column; None if it is none of a sheet."""
    found = _CELL.fullmatch(text)
    if not found:
        return None
    row, column = int(found[2]), column_number(found[1])
    return (row, column) if row <= LAST_ROW and column <= LAST_COLUMN else None


def area_of(text: str | None) -> Area | None:
    """Read a cell, a rectangle, whole columns or whole rows; None if it is none of a sheet."""
    text = text or ""
    if found := _COLUMNS.fullmatch(text):
        return _ordered(1, column_number(found[1]), LAST_ROW, column_number(found[2]))
    if found := _ROWS.fullmatch(text):
        return _ordered(int(found[1]), 1, int(found[2]), LAST_COLUMN)
    first, _, last = text.partition(":")
    corners = cell_at(first), cell_at(last or first)
    if corners[0] is None or corners[1] is None or text.endswith(":"):
        return None
    return _ordered(*corners[0], *corners[1])


def areas_of(text: str | None) -> list[Area] | None:
    """Read an sqref, areas parted by spaces; None if one of them is wrong or there is none."""
    areas = [area_of(one) for one in (text or "").split()]
    found = [area for area in areas if area is not None]
    return found if found and len(found) == len(areas) else None


def _ordered(top: int, left: int, bottom: int, right: int) -> Area | None:
    if not (top <= bottom <= LAST_ROW and left <= right <= LAST_COLUMN):
        return None
    return Area(top, left, bottom, right)
