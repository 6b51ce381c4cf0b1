"""A table of a file: its header and rows with their places, from the text of a CSV or a sheet."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from timix_xl.errors import FileUnreadable
from timix_xl.importing import faults, preflight
from timix_xl.importing.cells import is_absent
from timix_xl.importing.faults import RowFault, Trouble, trouble
from timix_xl.importing.workbooks import CellText, Sheet, place_of

Cells: TypeAlias = Sequence[CellText]
_CLOSE_QUOTES = "Look for a quote there that is not closed, or shorten the text."
_SEP_LINE = re.compile(r"\ufeff?\"?sep=([,;])\"?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row that is not blank, and where it stands: a line of a CSV, or a sheet and its row."""

    place: int | str
    cells: Cells


@dataclass(frozen=True, slots=True)
class Grid:
    """A header, with its place, and the rows below it."""

    file: str
    place: int | str
    header: tuple[str, ...]
    rows: tuple[GridRow, ...]
    refused: tuple[RowFault, ...] = ()


def grid_of_text(file: str, text: str) -> Grid:
    """Read a CSV, with `,` or `;` between the cells; raises FileUnreadable, SheetTooBig.

    A first line like `sep=;`, which spreadsheet programs write and read, is no row.
    """
    return _grid(file, _of_bearable_size(file, _lines(file, text)))


def grid_of_sheet(file: str, sheet: Sheet) -> Grid:
    """Read a sheet of a workbook."""
    return _grid(file, (GridRow(place_of(sheet, row), row.cells) for row in sheet.rows))


def cut_off(grid: Grid, row: GridRow) -> Trouble | None:
    """Find that a row of a CSV ends before the header does; blank cells at its end name nothing."""
    columns = len(grid.header)
    while columns and not grid.header[columns - 1].strip():
        columns -= 1
    if not isinstance(row.place, int) or len(row.cells) >= columns:
        return None
    return trouble(faults.TOO_FEW_CELLS, "", count=len(row.cells), columns=columns)


def _grid(file: str, rows: Iterable[GridRow]) -> Grid:
    waiting = iter(rows)
    first = next(waiting, GridRow(1, ()))
    header = tuple(cell if isinstance(cell, str) else "" for cell in first.cells)
    kept, refused = [], []
    for row in waiting:
        if all(is_absent(cell) for cell in row.cells[len(header) :]):
            kept.append(row)
        else:
            facts = {"count": len(row.cells), "columns": len(header)}
            refused.append(trouble(faults.TOO_MANY_CELLS, "", **facts).at(file, row.place))
    return Grid(file, first.place, header, tuple(kept), tuple(refused))


def _of_bearable_size(file: str, lines: Iterable[tuple[int, list[str]]]) -> Iterator[GridRow]:
    for count, (line, cells) in enumerate(lines, 1):
        if count > preflight.MOST_ROWS or len(cells) > preflight.MOST_COLUMNS:
            raise preflight.too_big(Path(file), "the table", count, len(cells))
        yield GridRow(line, cells)


def _first_line(text: str) -> str:
    return next((line for line in io.StringIO(text, newline=None) if line.strip()), "")


def _separator(line: str) -> str:
    return ";" if line.count(";") > line.count(",") else ","


def _lines(file: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the number of the line it begins on; blank lines are skipped."""
    told = _SEP_LINE.fullmatch(_first_line(text).strip())
    separator = told[1] if told else _separator(_first_line(text))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    try:
        for cells in reader:
            if told:
                told = None if any(cell.strip() for cell in cells) else told
            elif any(cell.strip() for cell in cells):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        is_long = "field limit" in str(error)
        raise FileUnreadable(
            where=f"line {begins}",
            file=file,
            why="a cell is far too long" if is_long else "its quotes are not those of a CSV",
            instead=_CLOSE_QUOTES
            if is_long
            else 'Write a quote within a text twice: "a 19"" rack".',
        ) from error
