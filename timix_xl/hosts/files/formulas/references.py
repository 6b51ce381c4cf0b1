"""References: which cells a formula means."""

from dataclasses import dataclass
from typing import Any

from timix_xl.hosts.areas import Area, parse_area
from timix_xl.hosts.files.formulas.nodes import TableCells
from timix_xl.hosts.files.formulas.values import WRONG_KIND, WRONG_REFERENCE, Failed
from timix_xl.hosts.files.headers import plain_name


@dataclass(frozen=True, slots=True)
class Reference:
    """Cells of a sheet."""

    sheet: str
    area: Area


@dataclass(frozen=True, slots=True)
class Place:
    """Where a formula stands."""

    sheet: str
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class TableFacts:
    """A table: where it is, and where its columns are."""

    sheet: str
    area: Area
    has_header: bool
    totals: int
    columns: dict[str, int]

    @property
    def data(self) -> Area:
        """Give the rows, at least one."""
        top = self.area.top + self.has_header
        bottom = max(top, self.area.bottom - self.totals)
        return Area(top, self.area.left, bottom, self.area.right)


def tables_of(workbook: Any) -> dict[str, TableFacts]:
    """Look at all tables of a workbook, by name in lower case."""
    found: dict[str, TableFacts] = {}
    for sheet in workbook.worksheets:
        for definition in sheet.tables.values():
            area = parse_area(str(definition.ref))
            if area is not None:
                facts = _facts(sheet.title, definition, area)
                found[str(definition.displayName).casefold()] = facts
    return found


def cells_of(node: TableCells, tables: dict[str, TableFacts], place: Place) -> Reference:
    """Find the cells that a structured reference means, from where the formula stands."""
    table = _table_of(node, tables, place)
    first = table.area.left if node.first is None else _column(table, node.first)
    last = table.area.right if node.last is None else _column(table, node.last)
    top, bottom = _rows(node.parts, table, place)
    return Reference(table.sheet, Area(top, min(first, last), bottom, max(first, last)))


def _facts(sheet: str, definition: Any, area: Area) -> TableFacts:
    columns = {
        plain_name(column).casefold(): area.left + index
        for index, column in enumerate(definition.tableColumns)
    }
    totals = definition.totalsRowCount or 0
    return TableFacts(sheet, area, definition.headerRowCount != 0, totals, columns)


def _table_of(node: TableCells, tables: dict[str, TableFacts], place: Place) -> TableFacts:
    if node.table is not None:
        table = tables.get(node.table.casefold())
    else:
        here = (t for t in tables.values() if t.sheet == place.sheet)
        table = next((t for t in here if t.area.has(place.row, place.column)), None)
    if table is None:
        raise Failed(WRONG_REFERENCE)
    return table


def _column(table: TableFacts, name: str) -> int:
    column = table.columns.get(name.casefold())
    if column is None:
        raise Failed(WRONG_REFERENCE)
    return column


def _rows(parts: frozenset[str], table: TableFacts, place: Place) -> tuple[int, int]:
    data = table.data
    if "#this row" in parts:
        if place.sheet != table.sheet or not data.top <= place.row <= data.bottom:
            raise Failed(WRONG_KIND)
        return place.row, place.row
    if "#all" in parts:
        return table.area.top, table.area.bottom
    if parts == {"#headers"}:
        return table.area.top, table.area.top
    if parts == {"#totals"}:
        if not table.totals:
            raise Failed(WRONG_REFERENCE)
        return table.area.bottom, table.area.bottom
    top = table.area.top if "#headers" in parts else data.top
    return top, table.area.bottom if "#totals" in parts else data.bottom
