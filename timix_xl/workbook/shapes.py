"""What the layout is made of: columns, rules, tables, named cells, cards and sheets."""

import re
from dataclasses import dataclass

from timix_xl.workbook.kinds import Kind
from timix_xl.workbook.looks import Look

AMOUNT_LINE, HOURS_LINE, CAPTION_LINE = 1, 2, 3
"""The lines of a card below its heading."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    title: str
    width: float
    kind: Kind = Kind.TEXT
    is_hidden: bool = False
    is_quiet: bool = False
    is_alarm: bool = False

    @property
    def number_format(self) -> str:
        """Return the number format of the column's cells."""
        return self.kind.number_format


@dataclass(frozen=True, slots=True)
class Highlight:
    """A conditional format: in the formula, `[Title]` stands for the row's cell of that column."""

    columns: tuple[str, ...]
    formula: str
    look: Look


@dataclass(frozen=True, slots=True)
class Rule:
    """What a cell accepts: words, a named list, a date, a number; and what Excel says if not."""

    refusal: str
    words: tuple[str, ...] = ()
    list_name: str | None = None
    kind: Kind = Kind.TEXT
    least: int = 0
    most: int = 0


@dataclass(frozen=True, slots=True)
class TableLayout:
    """An Excel table: its header stands in `first_row`, from `first_column` on (A is 1)."""

    name: str
    sheet: str
    first_row: int
    columns: tuple[Column, ...]
    highlights: tuple[Highlight, ...] = ()
    rules: tuple[tuple[str, Rule], ...] = ()
    first_column: int = 1

    @property
    def titles(self) -> tuple[str, ...]:
        """Return the column titles from left to right."""
        return tuple(column.title for column in self.columns)

    @property
    def first_data_row(self) -> int:
        """Return the row below the header."""
        return self.first_row + 1

    def letter(self, title: str) -> str:
        """Return the sheet's letter of a column."""
        return column_letter(self.first_column + self.titles.index(title))

    @property
    def last_letter(self) -> str:
        """Return the letter of the rightmost column."""
        return column_letter(self.first_column + len(self.columns) - 1)

    def reference(self, rows: int = 1) -> str:
        """Return the table's range with so many data rows (an empty table keeps one)."""
        first = column_letter(self.first_column)
        return f"{first}{self.first_row}:{self.last_letter}{self.first_row + max(rows, 1)}"


@dataclass(frozen=True, slots=True)
class NamedCell:
    """A cell with a name. `merged_to` widens it; `preset` is what the empty template holds."""

    name: str
    sheet: str
    cell: str
    label: str
    kind: Kind = Kind.TEXT
    label_cell: str | None = None
    merged_to: str | None = None
    preset: str | int | None = None
    rule: Rule | None = None

    @property
    def area(self) -> str:
        """Return the cells that the value covers."""
        return f"{self.cell}:{self.merged_to}" if self.merged_to else self.cell

    @property
    def reference(self) -> str:
        """Return what the name refers to, as Excel writes it."""
        return f"'{self.sheet}'!{absolute(self.cell)}"


@dataclass(frozen=True, slots=True)
class Card:
    """A tile group above a table: a heading, figures below it, and a word of explanation."""

    sheet: str
    top: int
    heading: str
    first_letter: str
    last_letter: str
    colour: str
    amount: str
    hours: str | None = None
    count: str | None = None
    caption: str | None = None
    count_format: str = '[=1]#,##0 "entry";#,##0 "entries"'

    @property
    def tiles(self) -> tuple[NamedCell, ...]:
        """Return the named cells of the figures from top to bottom."""
        figures = (
            (self.amount, self.top + AMOUNT_LINE, Kind.MONEY),
            (self.hours, self.top + HOURS_LINE, Kind.QUANTITY),
            (self.count, self.top + CAPTION_LINE, Kind.COUNT),
        )
        return tuple(self._tile(name, row, kind) for name, row, kind in figures if name)

    def _tile(self, name: str, row: int, kind: Kind) -> NamedCell:
        end = f"{self.last_letter}{row}" if self.last_letter != self.first_letter else None
        cell = f"{self.first_letter}{row}"
        return NamedCell(name, self.sheet, cell, self.heading, kind, merged_to=end)


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """A sheet: what its helper line says, and above which cell its panes freeze."""

    name: str
    helper: str
    tab_colour: str
    freeze: str
    table: TableLayout
    shows_customer: bool = True
    least_width: int = 0

    @property
    def band_width(self) -> int:
        """Return how many columns the title band covers: the table, and what stands beside it."""
        return max(len(self.table.columns), self.least_width)


def row_formula(table: TableLayout, formula: str, row: int) -> str:
    """Return the formula with `[Title]` replaced by that column's cell of a row."""

    def cell(match: re.Match[str]) -> str:
        return f"${table.letter(match[1])}{row}"

    return re.sub(r"\[([^\]]+)\]", cell, formula)


def column_letter(number: int) -> str:
    """Return the letters of a column.

    >>> column_letter(1), column_letter(26), column_letter(27)
    ('A', 'Z', 'AA')
    """
    head, tail = divmod(number - 1, 26)
    return (column_letter(head) if head else "") + chr(ord("A") + tail)


def absolute(cell: str) -> str:
    """Return a reference that does not move.

    >>> absolute("AB12")
    '$AB$12'
    """
    return re.sub(r"^([A-Z]+)(\d+)$", r"$\1$\2", cell)
