"""Another size for a table, and all that follows it.

As Excel does: formats, dropdowns, conditional formats, calculated columns, the filter, print areas
and charts go with the rows; formulas that name the table follow by themselves. Unlike Excel, which
would take foreign cells into the table, a table never grows over what stands below it.

LibreOffice leaves hidden rows and columns out when it fills, so what is hidden is shown meanwhile.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from timix_xl.hosts.areas import LAST_ROW, Area, column_name, quoted
from timix_xl.hosts.calc import following, held
from timix_xl.hosts.calc.addresses import CONTENT, address_of, area_of, cells_of, place_of
from timix_xl.hosts.calc.filters import show_rows
from timix_xl.hosts.calc.quiet import Quiet
from timix_xl.hosts.refusals import TableBlocked, TotalsInTheWay

_FORMULAS = 16
_ALL_CONTENT = CONTENT | 8  # notes as well


def resize(table: Any, wanted: Area) -> None:
    """Give a table the area wanted; one row at least stays, blank if need be."""
    before = table.area
    if (wanted.top, wanted.left) != (before.top, before.left):
        message = f"Table {table.name} keeps its first cell when it is resized."
        raise ValueError(message)
    if table.show_totals:
        raise TotalsInTheWay(table=table.name)
    first_row = before.top + table.show_headers
    after = Area(before.top, before.left, max(wanted.bottom, first_row), wanted.right)
    if after == before:
        return
    table.sheet.check_changeable()
    refuse_blocked(table, before, after)
    changed = abs(after.rows - before.rows) * after.columns
    with Quiet(table.sheet.book, changed):
        _apply(table, first_row, before, after)


def refuse_blocked(table: Any, before: Area, after: Area) -> None:
    """Refuse to grow over cells that hold something, over merged cells and other tables."""
    for area in after.without(before):
        if area.top <= before.bottom:
            continue
        if (place := _first_in_the_way(table, area)) is not None:
            count = after.rows - before.rows
            rows = "1 more row" if count == 1 else f"{count} more rows"
            cell = f"{column_name(place[1])}{place[0]}"
            where = f"{quoted(table.sheet.name)}!{cell}"
            raise TableBlocked(where=where, table=table.name, rows=rows, cell=where)


def _first_in_the_way(table: Any, area: Area) -> tuple[int, int] | None:
    sheet, book = table.sheet, table.sheet.book
    cells = cells_of(sheet, area)
    filled = cells.queryContentCells(_ALL_CONTENT).RangeAddresses
    found = [(one.StartRow + 1, one.StartColumn + 1) for one in filled]
    place, own = place_of(sheet), table.name
    others = (held.table(book, name).DataArea for name in held.table_names(book) if name != own)
    for other in others:
        if other.Sheet == place and (there := area_of(other)).meets(area):
            found.append((max(there.top, area.top), max(there.left, area.left)))
    if cells.IsMerged:
        found.append(_first_merged(sheet, area))
    return min(found, default=None)


def _first_merged(sheet: Any, area: Area) -> tuple[int, int]:
    """Halve the area until one merged cell is left: first its row, then its column."""
    while area.rows > 1:
        middle = (area.top + area.bottom) // 2
        upper = replace(area, bottom=middle)
        area = upper if cells_of(sheet, upper).IsMerged else replace(area, top=middle + 1)
    while area.columns > 1:
        middle = (area.left + area.right) // 2
        left = replace(area, right=middle)
        area = left if cells_of(sheet, left).IsMerged else replace(area, left=middle + 1)
    return area.top, area.left


def _apply(table: Any, first_row: int, before: Area, after: Area) -> None:
    sheet = table.sheet
    put_area(table, after)
    if after.right != before.right:
        name_columns(table)
        _renew_buttons(table)
    # Rows below nothing but a header have no model: theirs are not the looks of a header.
    if after.bottom > before.bottom >= first_row:
        _fill_new_rows(sheet, replace(after, top=before.bottom))
    if after.bottom < before.bottom:
        _clear(sheet, replace(before, top=after.bottom + 1))
    following.follow(sheet, first_row, before, after)


def put_area(table: Any, area: Area) -> None:
    """Tell LibreOffice where a table is; formulas that name it follow."""
    table.xl.DataArea = address_of(table.sheet, area)


def name_columns(table: Any) -> None:
    """Give a text to headers that are blank, repeated or no text: columns are known by them."""
    if not table.show_headers:
        return
    area = table.area
    header = cells_of(table.sheet, replace(area, bottom=area.top))
    titles = header.getDataArray()[0]
    names = _unique(titles)
    if names != titles:
        header.setDataArray((names,))


def _unique(titles: tuple[Any, ...]) -> tuple[str, ...]:
    names: list[str] = []
    taken: set[str] = set()
    for number, title in enumerate(titles, start=1):
        name = f"{title:.15g}" if isinstance(title, float) else str(title or f"Column{number}")
        count, candidate = 2, name
        while candidate.casefold() in taken:
            candidate, count = f"{name}{count}", count + 1
        taken.add(candidate.casefold())
        names.append(candidate)
    return tuple(names)


def _renew_buttons(table: Any) -> None:
    """Put filter buttons on the columns that are there now."""
    if table.xl.AutoFilter:
        table.xl.AutoFilter = False
        table.xl.AutoFilter = True


def _fill_new_rows(sheet: Any, area: Area) -> None:
    """Give new rows the formats of the last one, the first here, and its formulas."""
    model = cells_of(sheet, replace(area, bottom=area.top))
    formulas = [area_of(one) for one in model.queryContentCells(_FORMULAS).RangeAddresses]
    _shown(sheet, area, lambda: _fill(sheet, area, formulas))


def _fill(sheet: Any, area: Area, formulas: list[Area]) -> None:
    # Filling copies contents as well: one new row is made, emptied, and filled on.
    first = replace(area, top=area.top + 1, bottom=area.top + 1)
    _fill_from(sheet, replace(area, bottom=first.bottom), "TO_BOTTOM")
    cells_of(sheet, first).clearContents(_ALL_CONTENT)
    if area.bottom > first.bottom:
        _fill_from(sheet, replace(area, top=first.top), "TO_BOTTOM")
    for one in formulas:
        _fill_from(sheet, replace(one, bottom=area.bottom), "TO_BOTTOM")


def _clear(sheet: Any, area: Area) -> None:
    """Make rows as the blank one below them is: rules and formats that run on are there, too."""
    cells_of(sheet, area).clearContents(_ALL_CONTENT)
    below = replace(area, top=area.bottom + 1, bottom=area.bottom + 1)
    if _is_blank(sheet, below):
        _shown(sheet, area, lambda: _fill_from(sheet, replace(area, bottom=below.top), "TO_TOP"))
    else:
        _copy_end(sheet, replace(area, top=area.bottom))
        _shown(sheet, area, lambda: _fill_from(sheet, area, "TO_TOP"))
    show_rows(sheet, area.top, area.bottom)
    following.join_formats(sheet)


def _is_blank(sheet: Any, row: Area) -> bool:
    cells = cells_of(sheet, row)
    is_shown = bool(cells.queryVisibleCells().RangeAddresses)
    return is_shown and not cells.queryContentCells(CONTENT).RangeAddresses


def _copy_end(sheet: Any, row: Area) -> None:
    """Make a row as blank as the last one of the sheet."""
    place = (place_of(sheet), row.left - 1, row.top - 1)
    target = sheet.connection.struct("com.sun.star.table.CellAddress", *place)
    sheet.xl.copyRange(target, address_of(sheet, replace(row, top=LAST_ROW, bottom=LAST_ROW)))
    cells_of(sheet, row).clearContents(_ALL_CONTENT)


def _fill_from(sheet: Any, area: Area, direction: str) -> None:
    if area.rows > 1:
        way = sheet.connection.uno.Enum("com.sun.star.sheet.FillDirection", direction)
        cells_of(sheet, area).fillAuto(way, 1)


def _shown(sheet: Any, area: Area, act: Callable[[], None]) -> None:
    """Act while nothing of an area is hidden; rows (all but the first) stay shown."""
    visible = [area_of(one) for one in cells_of(sheet, area).queryVisibleCells().RangeAddresses]
    if visible == [area]:
        act()
        return
    hidden = [cells_of(sheet, one).Columns for one in _hidden_columns(area, visible)]
    first = cells_of(sheet, replace(area, bottom=area.top)).Rows
    first_is_shown = any(one.top == area.top for one in visible)
    show_rows(sheet, area.top, area.bottom)
    for columns in hidden:
        columns.IsVisible = True
    try:
        act()
    finally:
        for columns in hidden:
            columns.IsVisible = False
        first.IsVisible = first_is_shown


def _hidden_columns(area: Area, visible: list[Area]) -> list[Area]:
    """Give neighbours together."""
    shown = {column for one in visible for column in range(one.left, one.right + 1)}
    found: list[Area] = []
    for column in range(area.left, area.right + 1):
        if column in shown:
            continue
        if found and found[-1].right == column - 1:
            found[-1] = replace(found[-1], right=column)
        else:
            found.append(Area(area.top, column, area.top, column))
    return found
