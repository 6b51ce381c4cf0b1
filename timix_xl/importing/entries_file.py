"""Read an entries file: columns by name in any order, from a CSV or a sheet."""

from collections.abc import Iterator, Mapping, Sequence

from timix_xl.importing import faults
from timix_xl.importing.faults import RowFault, Trouble, shown, trouble
from timix_xl.importing.grids import Grid, cut_off
from timix_xl.importing.rows import Placed
from timix_xl.importing.sections import ENTRIES
from timix_xl.importing.timesheets.durations import hours_of_clock
from timix_xl.importing.workbooks import CellText

_COLUMNS = ENTRIES.columns
_NEEDED = [name for name, column in _COLUMNS.items() if column.needed]
_HOURS = ("quantity", "billable_quantity")


def looks_like_entries(header: Sequence[str]) -> bool:
    """Whether a header names most of the columns that entries need."""
    return len(set(_names(header)) & set(_NEEDED)) >= len(_NEEDED) - 1


def entries_rows(grid: Grid) -> tuple[Mapping[str, Sequence[Placed]], list[RowFault]]:
    """Return the rows of an entries file, and what is wrong with its shape."""
    names = _names(grid.header)
    refused = [one.at(grid.file, grid.place) for one in _header_troubles(names)]
    if refused:
        return {}, refused
    refused = list(grid.refused)
    rows = []
    for row in grid.rows:
        if short := cut_off(grid, row):
            refused.append(short.at(grid.file, row.place))
            continue
        record = _record(names, row.cells, is_sheet=isinstance(row.place, str))
        rows.append(Placed(grid.file, row.place, record))
    return {"entries": rows}, refused


def _names(header: Sequence[str]) -> list[str]:
    names = [name.strip().lower() for name in header]
    while names and not names[-1]:  # blank cells at a header's end name nothing
        names.pop()
    return names


def _record(
    names: Sequence[str], cells: Sequence[CellText], *, is_sheet: bool
) -> dict[str, CellText]:
    record = dict(zip(names, cells, strict=False))
    if is_sheet:  # a cell formatted as a time stands for hours
        for name in _HOURS:
            hours = hours_of_clock(str(record.get(name) or ""))
            record |= {name: str(hours)} if hours is not None else {}
    return record


def _header_troubles(names: list[str]) -> Iterator[Trouble]:
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
