"""Heights, widths and hiding of rows and columns."""

from typing import Any

from openpyxl.worksheet.dimensions import ColumnDimension

from timix_xl.hosts.areas import LAST_ROW, column_name, column_number
from timix_xl.hosts.files import cells

_STANDARD_HEIGHT = 15.0
_STANDARD_WIDTH = 8.43
_WIDEST = 60.0
_MARGIN = 2.0
_MOST_LINES = 27  # Excel's highest row


def row_height(cells_range: Any) -> float | None:
    """Give the height in points, None if the rows differ."""
    sheet = cells_range.sheet.worksheet
    standard = sheet.sheet_format.defaultRowHeight or _STANDARD_HEIGHT
    rows = sheet.row_dimensions
    return _one({(rows[n].height if n in rows else None) or standard for n in _rows(cells_range)})


def set_row_height(cells_range: Any, points: float) -> None:
    """Set the height of each row."""
    for number in _rows(cells_range):
        cells_range.sheet.worksheet.row_dimensions[number].height = points


def column_width(cells_range: Any) -> float | None:
    """Give the width in characters, None if the columns differ."""
    sheet = cells_range.sheet.worksheet
    standard = sheet.sheet_format.defaultColWidth or _STANDARD_WIDTH
    found = (_dimension_of(sheet, number) for number in _columns(cells_range))
    return _one({d.width if d is not None and d.customWidth else standard for d in found})


def set_column_width(cells_range: Any, characters: float) -> None:
    """Set the width of each column."""
    for number in _columns(cells_range):
        _own_dimension(cells_range.sheet.worksheet, number).width = characters


def rows_hidden(cells_range: Any) -> bool | None:
    """Tell whether the rows are hidden, by hand or by a filter; None if only some are."""
    rows = cells_range.sheet.worksheet.row_dimensions
    return _one({number in rows and bool(rows[number].hidden) for number in _rows(cells_range)})


def set_rows_hidden(cells_range: Any, hidden: bool) -> None:  # a property's setter
    """Hide or show whole rows."""
    rows = cells_range.sheet.worksheet.row_dimensions
    for number in _rows(cells_range):
        if hidden or number in rows:
            rows[number].hidden = hidden
    cells_range.changed()


def columns_hidden(cells_range: Any) -> bool | None:
    """Tell whether the columns are hidden; None if only some are."""
    sheet = cells_range.sheet.worksheet
    found = (_dimension_of(sheet, number) for number in _columns(cells_range))
    return _one({dimension is not None and bool(dimension.hidden) for dimension in found})


def set_columns_hidden(cells_range: Any, hidden: bool) -> None:  # a property's setter
    """Hide or show whole columns."""
    for number in _columns(cells_range):
        _own_dimension(cells_range.sheet.worksheet, number).hidden = hidden


def autofit(cells_range: Any, axis: str | None) -> None:
    """Fit columns to their longest line, and rows to their wrapped texts."""
    sheet = cells_range.sheet.worksheet
    if axis in (None, "c", "columns"):
        for number, longest in _longest_lines(cells_range).items():
            width = min(longest + _MARGIN, _WIDEST)
            _own_dimension(sheet, number).width = width
    if axis in (None, "r", "rows"):
        lines = _wrapped_lines(cells_range)
        for number in _rows(cells_range):
            if number in lines:
                sheet.row_dimensions[number].height = _STANDARD_HEIGHT * lines[number]
            elif number in sheet.row_dimensions:
                sheet.row_dimensions[number].height = None


def _wrapped_lines(cells_range: Any) -> dict[int, int]:
    """Count the lines of rows that need more than one, where text wraps."""
    lines: dict[int, int] = {}
    sheet = cells_range.sheet.worksheet
    for cell in cells_range.existing():
        if not isinstance(cell._value, str) or not cell.alignment.wrap_text:
            continue
        dimension = _dimension_of(sheet, cell.column)
        width = dimension.width if dimension is not None else _STANDARD_WIDTH
        text = str(cells.stored(cell))
        count = sum(max(1, -(-len(line) // max(int(width), 1))) for line in text.split("\n"))
        if count > max(1, lines.get(cell.row, 1)):
            lines[cell.row] = min(count, _MOST_LINES)
    return lines


def _longest_lines(cells_range: Any) -> dict[int, int]:
    longest: dict[int, int] = {}
    for cell in cells_range.existing():
        if cell._value is None or cells.is_formula(cell):
            continue
        length = max(map(len, str(cells.stored(cell)).split("\n")))
        longest[cell.column] = max(longest.get(cell.column, 0), length)
    return longest


def _rows(cells_range: Any) -> range:
    area = cells_range.area
    bottom = area.bottom if area.bottom < LAST_ROW else cells_range.sheet.worksheet.max_row
    return range(area.top, bottom + 1)


def _columns(cells_range: Any) -> range:
    return range(cells_range.area.left, cells_range.area.right + 1)


def _one(found: set[Any]) -> Any:
    return found.pop() if len(found) == 1 else None


def _dimension_of(sheet: Any, number: int) -> ColumnDimension | None:
    """Find what holds for a column; files describe neighbours of the same kind together."""
    for letter, dimension in sheet.column_dimensions.items():
        first = dimension.min or column_number(letter)
        if first <= number <= (dimension.max or first):
            return dimension
    return None


def _own_dimension(sheet: Any, number: int) -> ColumnDimension:
    """Give a column a description of its own, splitting the one it shares with neighbours."""
    shared = _dimension_of(sheet, number)
    if shared is None:
        return _described(sheet, number)
    first = shared.min or number
    last = shared.max or first
    if first == last:
        return shared
    looks = {
        "width": shared.width,
        "hidden": shared.hidden,
        "style": getattr(shared, "_style", None),
    }
    del sheet.column_dimensions[column_name(first)]
    for column in range(first, last + 1):
        _described(sheet, column, **looks)
    return _described(sheet, number, **looks)


def _described(sheet: Any, number: int, **looks: Any) -> ColumnDimension:
    letter = column_name(number)
    dimension = ColumnDimension(sheet, index=letter, min=number, max=number, **looks)
    sheet.column_dimensions[letter] = dimension
    return dimension
