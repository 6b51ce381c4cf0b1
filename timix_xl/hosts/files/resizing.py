"""Another size for a table, and all that follows it.

As Excel does: formats, dropdowns, conditional formats, calculated columns, the filter, print areas
and charts go with the rows. Unlike Excel, which would take foreign cells into the table, a table
never grows over what stands below it.
"""

from copy import copy
from typing import Any

from openpyxl.cell.cell import Cell
from openpyxl.worksheet.formula import ArrayFormula

from timix_xl.hosts.areas import Area, parse_area
from timix_xl.hosts.files import cells, following, headers
from timix_xl.hosts.files.filters import show_rows
from timix_xl.hosts.filling import moved
from timix_xl.hosts.refusals import TableBlocked, TotalsInTheWay


def data_area(definition: Any) -> Area | None:
    """Give the rows of a table, without header and totals."""
    area = parse_area(str(definition.ref))
    if area is None:
        return None
    top = area.top + (definition.headerRowCount != 0)
    bottom = area.bottom - (definition.totalsRowCount or 0)
    return Area(top, area.left, bottom, area.right) if top <= bottom else None


def resize(sheet: Any, definition: Any, wanted: Area) -> None:
    """Give a table the area wanted; one row at least stays, blank if need be."""
    before = parse_area(str(definition.ref))
    if before is None or (wanted.top, wanted.left) != (before.top, before.left):
        message = f"Table {definition.displayName} keeps its first cell when it is resized."
        raise ValueError(message)
    if definition.totalsRowCount:
        raise TotalsInTheWay(table=definition.displayName)
    first_row = before.top + (definition.headerRowCount != 0)
    after = Area(before.top, before.left, max(wanted.bottom, first_row), wanted.right)
    refuse_blocked(sheet, definition, before, after)
    _apply(sheet, definition, before, after)
    sheet.book.changed()


def refuse_blocked(sheet: Any, definition: Any, before: Area, after: Area) -> None:
    """Refuse to grow over cells that hold something, over merged cells and other tables."""
    new_rows = [piece for piece in after.without(before) if piece.top > before.bottom]
    for area in new_rows:
        if (place := _first_in_the_way(sheet.worksheet, definition, area)) is not None:
            count = after.rows - before.rows
            rows = "1 more row" if count == 1 else f"{count} more rows"
            where = cells.place_of(sheet.worksheet, *place)
            raise TableBlocked(where=where, table=definition.displayName, rows=rows, cell=where)


def _first_in_the_way(worksheet: Any, definition: Any, area: Area) -> tuple[int, int] | None:
    stored = worksheet._cells
    found = [key for key, cell in stored.items() if cell._value is not None and area.has(*key)]
    others = [parse_area(str(t.ref)) for t in worksheet.tables.values() if t is not definition]
    merged = [parse_area(str(cell_range.coord)) for cell_range in worksheet.merged_cells.ranges]
    for other in others + merged:
        if other is not None and other.meets(area):
            found.append((max(other.top, area.top), max(other.left, area.left)))
    return min(found, default=None)


def _apply(sheet: Any, definition: Any, before: Area, after: Area) -> None:
    worksheet = sheet.worksheet
    first_row = before.top + (definition.headerRowCount != 0)
    _fill_new_rows(worksheet, definition, Area(first_row, *_rest(before)), after)
    definition.ref = after.ref
    definition.insertRow = None
    if definition.autoFilter is not None:
        definition.autoFilter.ref = after.ref
    if definition.sortState is not None:
        # Excel wants it inside the rows; new rows are not sorted anyway.
        definition.sortState = None
    headers.follow_cells(worksheet, definition)
    following.follow(sheet, first_row, before, after)
    if after.bottom < before.bottom:
        left_over = Area(after.bottom + 1, before.left, before.bottom, before.right)
        cleared = sheet.area(left_over)
        cleared.clear_cells()
        # A rule of the whole column is for the rows to come as well.
        cleared.data_validation.delete_ending_here()
        show_rows(worksheet, left_over.top, left_over.bottom)


def _rest(area: Area) -> tuple[int, int, int]:
    return area.left, area.bottom, area.right


def _fill_new_rows(worksheet: Any, definition: Any, body: Area, after: Area) -> None:
    """Give new rows the formats of the last one, and the formulas of calculated columns."""
    stored = worksheet._cells
    for column in range(after.left, after.right + 1):
        model = stored.get((body.bottom, column))
        formula = _column_formula(definition, model, column - after.left)
        for row in range(body.bottom + 1, after.bottom + 1):
            if model is None and formula is None:
                continue
            cell = stored.setdefault((row, column), Cell(worksheet, row=row, column=column))
            if model is not None:
                cell._style = copy(model._style)
            if formula is not None:
                origin = Area(body.bottom, column, body.bottom, column)
                cell._value, cell.data_type = moved(formula, origin, row, column), "f"


def _column_formula(definition: Any, model: Any, index: int) -> str | None:
    """Give the formula that a column is calculated by, as it stands in the last row."""
    if model is None or not cells.is_formula(model) or isinstance(model._value, ArrayFormula):
        columns = definition.tableColumns
        declared = columns[index].calculatedColumnFormula if index < len(columns) else None
        return f"={declared.attr_text}" if declared is not None else None
    return cells.formula_text(model)
