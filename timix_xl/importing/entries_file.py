"""Read an entries CSV: columns by name in any order, `,` or `;` between them."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from timix_xl.errors import FileUnreadable
from timix_xl.importing import faults
from timix_xl.importing.faults import RowFault, shown, trouble
from timix_xl.importing.rows import Placed
from timix_xl.importing.sections import ENTRIES

_COLUMNS = ENTRIES.columns
_NEEDED = [name for name, column in _COLUMNS.items() if column.needed]


def looks_like_entries(text: str) -> bool:
    """Whether the first line names most of the columns that entries need."""
    line = _first_line(text)
    names = {name.strip().strip('"').strip().lower() for name in line.split(_separator(line))}
    return len(names & set(_NEEDED)) >= len(_NEEDED) - 1


def _first_line(text: str) -> str:
    return next((line for line in io.StringIO(text, newline=None) if line.strip()), "")


def _separator(line: str) -> str:
    return ";" if line.count(";") > line.count(",") else ","


def entries_rows(file: str, text: str) -> tuple[Mapping[str, Sequence[Placed]], list[RowFault]]:
    """Return the rows of an entries CSV, and what is wrong with its shape."""
    lines = _lines(file, text)
    first, header = next(lines, (1, []))
    names = [name.strip().lower() for name in header]
    refused = [one.at(file, first) for one in _header_troubles(names)]
    if refused:
        return {}, refused
    rows = []
    for line, cells in lines:
        if any(cells[len(names) :]):
            facts = {"count": len(cells), "columns": len(names)}
            refused.append(trouble(faults.TOO_MANY_CELLS, "", **facts).at(file, line))
        else:
            rows.append(Placed(file, line, dict(zip(names, cells, strict=False))))
    return {"entries": rows}, refused


def _lines(file: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the number of the line it begins on; blank lines are skipped."""
    separator = _separator(_first_line(text))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        is_long = "field limit" in str(error)
        raise FileUnreadable(
            where=f"line {begins}",
            file=file,
            why="a cell is far too long" if is_long else "its quotes are not those of a CSV",
            instead='Write a quote within a text twice: "a 19"" rack".',
        ) from error


def _header_troubles(names: list[str]) -> Iterator[faults.Trouble]:
    for at, name in enumerate(names):
        if name not in _COLUMNS:
            facts = {"value": f"The column {shown(name) or 'without a name'}"}
            known = ", ".join(_COLUMNS)
            yield trouble(faults.UNKNOWN_KEY, shown(name), **facts, known=known)
        elif name in names[:at]:
            yield trouble(faults.KEY_TWICE, name, value=f"The column {name}")
    for name in _NEEDED:
        if name not in names:
            facts = {"column": f"The column {name}", "example": ",".join(_NEEDED)}
            yield trouble(faults.MISSING, name, **facts)
