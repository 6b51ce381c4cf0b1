"""One formula for many cells, its relative references moved along."""

import re
from dataclasses import dataclass

from timix_xl.hosts.areas import LAST_COLUMN, LAST_ROW, Area, column_name, column_number

_NOT_IN_REACH = "#REF!"
_PIECE = re.compile(
    r"""
    "(?:[^"]|"")*"                                  # a text
  | '(?:[^']|'')+'!                                 # a sheet
  | \[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\]       # columns of a table
  | (?<![\w.$\\\#])(?:
      (?P<column>\$?[A-Za-z]{1,3})(?P<row>\$?[0-9]{1,7})
    | (?P<first>\$?[A-Za-z]{1,3}):(?P<last>\$?[A-Za-z]{1,3})
    | (?P<top>\$?[0-9]{1,7}):(?P<bottom>\$?[0-9]{1,7})
    )(?![\w.(!\[\\])
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Shape:
    """What formulas have in common that differ only by where they stand."""

    _texts: tuple[str, ...]
    _marks: tuple[tuple[str, str], ...]
    _row: int
    _column: int

    @property
    def is_the_same_everywhere(self) -> bool:
        """Tell whether nothing in it moves down or right."""
        return all(_is_fixed(mark) for marks in self._marks for mark in marks if mark)

    def at(self, row: int, column: int) -> str:
        """Spell the formula for a cell."""
        down, right = row - self._row, column - self._column
        moved = [_moved(mark, down, right) for mark in self._marks]
        parts = zip(self._texts, (*moved, ""), strict=True)
        return "".join(part for pair in parts for part in pair)


def shape_of(formula: str, row: int, column: int) -> Shape:
    """Take a formula of this cell apart."""
    texts, marks, position = [], [], 0
    for match in _PIECE.finditer(formula):
        if match["column"]:
            found = [(match.start("column"), match["column"], match["row"])]
        elif match["first"]:
            found = [(match.start(part), match[part], "") for part in ("first", "last")]
        elif match["top"]:
            found = [(match.start(part), "", match[part]) for part in ("top", "bottom")]
        else:
            continue
        for start, letters, digits in found:
            texts.append(formula[position:start])
            marks.append((letters, digits))
            position = start + len(letters) + len(digits)
    return Shape((*texts, formula[position:]), tuple(marks), row, column)


def filled(formula: str, area: Area) -> list[list[str]]:
    """Spell a formula, written for the first cell of an area, for all its cells."""
    shape = shape_of(formula, area.top, area.left)
    return [
        [shape.at(row, column) for column in range(area.left, area.right + 1)]
        for row in range(area.top, area.bottom + 1)
    ]


def moved(formula: str, origin: Area, row: int, column: int) -> str:
    """Spell a formula of one cell for another.

    >>> moved("=SUM(A1:B$2)&tbl[A1]&LOG10(C:C)", Area(1, 1, 1, 1), 3, 2)
    '=SUM(B3:C$2)&tbl[A1]&LOG10(D:D)'
    """
    return shape_of(formula, origin.top, origin.left).at(row, column)


def _moved(mark: tuple[str, str], down: int, right: int) -> str:
    text = _moved_column(mark[0], right) + _moved_row(mark[1], down)
    return _NOT_IN_REACH if _NOT_IN_REACH in text else text


def _is_fixed(mark: str) -> bool:
    return mark.startswith("$")


def _moved_row(mark: str, down: int) -> str:
    if not mark or not down or _is_fixed(mark):
        return mark
    row = int(mark) + down
    return str(row) if 1 <= row <= LAST_ROW else _NOT_IN_REACH


def _moved_column(mark: str, right: int) -> str:
    if not mark or not right or _is_fixed(mark):
        return mark
    column = column_number(mark) + right
    return column_name(column) if 1 <= column <= LAST_COLUMN else _NOT_IN_REACH
