"""Column names of tables, which have to be what the header cells say."""

from typing import Any

from openpyxl.worksheet.table import TableColumn

from timix_xl.hosts.areas import Area, parse_area
from timix_xl.hosts.files import cells, texts


def follow_cells(worksheet: Any, definition: Any) -> None:
    """Name the columns as the header cells do; Excel repairs a file where the two differ."""
    area = parse_area(str(definition.ref))
    if area is None or definition.headerRowCount == 0:
        return
    columns = _as_many(definition.tableColumns, area.columns)
    for column, name in zip(columns, _names(worksheet, area), strict=True):
        column.name = texts.encoded(name).replace("\n", "_x000a_")
    definition.tableColumns = columns


def plain_name(column: Any) -> str:
    """Give a column's name as its header cell spells it."""
    return texts.decoded(str(column.name))


def _as_many(columns: list[TableColumn], wanted: int) -> list[TableColumn]:
    kept = list(columns)[:wanted]
    next_id = max((column.id for column in kept), default=0) + 1
    missing = wanted - len(kept)
    return kept + [TableColumn(id=next_id + n, name="") for n in range(missing)]


def _names(worksheet: Any, area: Area) -> list[str]:
    """Read the header cells; give blank and repeated ones a name and write it there."""
    names: list[str] = []
    taken: set[str] = set()
    for number, column in enumerate(range(area.left, area.right + 1), start=1):
        cell = worksheet.cell(area.top, column)
        value = cells.stored(cell)
        name = value if isinstance(value, str) else _spelled(value)
        unique = _unique(name or f"Column{number}", taken)
        if value != unique:
            cell._value, cell.data_type = unique, "s"
        taken.add(unique.casefold())
        names.append(unique)
    return names


def _spelled(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _unique(name: str, taken: set[str]) -> str:
    number, candidate = 2, name
    while candidate.casefold() in taken:
        candidate, number = f"{name}{number}", number + 1
    return candidate
