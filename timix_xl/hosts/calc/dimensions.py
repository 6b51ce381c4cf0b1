"""Heights, widths and hiding of rows and columns, in Excel's units."""

from typing import Any

from timix_xl.hosts.areas import LAST_COLUMN, LAST_ROW

# Excel's heights go in steps of a quarter of a point.
_STEPS_PER_POINT = 4
_HUNDREDTHS_PER_POINT = 2540 / 72
_HUNDREDTHS_PER_TWIP = 2540 / 1440
_TWIPS_PER_POINT = 20
_STANDARD_CHARACTERS = 8
_STANDARD_MARGIN_TWIPS = 75
_STANDARD_WIDTH = 8.43
_MOST = 64


def row_height(cells: Any) -> float | None:
    """Give the height in points, None if the rows differ."""
    rows, count = cells.xl.Rows, cells.area.rows
    asked = range(count) if count <= _MOST else range(0, count, count // _MOST)
    heights = {rows.getByIndex(number).Height for number in asked}
    if len(heights) > 1:
        return None
    points = heights.pop() / _HUNDREDTHS_PER_POINT
    return round(points * _STEPS_PER_POINT) / _STEPS_PER_POINT


def set_row_height(cells: Any, points: float) -> None:
    """Set the height of each row."""
    cells.xl.Rows.Height = round(points * _HUNDREDTHS_PER_POINT)


def column_width(cells: Any) -> float | None:
    """Give the width in characters, None if the columns differ."""
    columns = cells.xl.Columns
    asked = range(min(cells.area.columns, _MOST))
    widths = {columns.getByIndex(number).Width for number in asked}
    if len(widths) > 1:
        return None
    twips, digit = round(widths.pop() / _HUNDREDTHS_PER_TWIP), _digit_twips(cells)
    if twips == _STANDARD_CHARACTERS * digit + _STANDARD_MARGIN_TWIPS:
        return _STANDARD_WIDTH
    return round(twips / digit, 2)


def set_column_width(cells: Any, characters: float) -> None:
    """Set the width of each column."""
    twips = characters * _digit_twips(cells)
    cells.xl.Columns.Width = round(twips * _HUNDREDTHS_PER_TWIP)


def rows_hidden(cells: Any) -> bool | None:
    """Tell whether the rows are hidden, by hand or by a filter; None if only some are."""
    area = cells.area
    probe = _shown_line(cells.sheet.xl, area.top - 1, area.bottom - 1, upright=True)
    shown = probe.queryVisibleCells().RangeAddresses
    return _hidden(sum(one.EndRow - one.StartRow + 1 for one in shown), area.rows)


def set_rows_hidden(cells: Any, hidden: bool) -> None:  # a property's setter
    """Hide or show whole rows."""
    cells.xl.Rows.IsVisible = not hidden


def columns_hidden(cells: Any) -> bool | None:
    """Tell whether the columns are hidden; None if only some are."""
    area = cells.area
    probe = _shown_line(cells.sheet.xl, area.left - 1, area.right - 1, upright=False)
    shown = probe.queryVisibleCells().RangeAddresses
    return _hidden(sum(one.EndColumn - one.StartColumn + 1 for one in shown), area.columns)


def set_columns_hidden(cells: Any, hidden: bool) -> None:  # a property's setter
    """Hide or show whole columns."""
    cells.xl.Columns.IsVisible = not hidden


def autofit(cells: Any, axis: str | None) -> None:
    """Fit columns to their longest line, and rows to their wrapped texts; what is hidden stays so.

    LibreOffice would show what is hidden.
    """
    area, sheet = cells.area, cells.sheet.xl
    if axis in (None, "c", "columns"):
        probe = _shown_line(sheet, area.left - 1, area.right - 1, upright=False)
        for shown in probe.queryVisibleCells().RangeAddresses:
            found = sheet.getCellRangeByPosition(shown.StartColumn, 0, shown.EndColumn, 0)
            found.Columns.OptimalWidth = True
    if axis in (None, "r", "rows"):
        probe = _shown_line(sheet, area.top - 1, area.bottom - 1, upright=True)
        for shown in probe.queryVisibleCells().RangeAddresses:
            found = sheet.getCellRangeByPosition(0, shown.StartRow, 0, shown.EndRow)
            found.Rows.OptimalHeight = True


def _digit_twips(cells: Any) -> int:
    """Measure a digit as LibreOffice does when it reads and writes widths in files."""
    doc = cells.book.doc
    style = doc.StyleFamilies.getByName("CellStyles").getByName("Default")
    font = cells.connection.struct("com.sun.star.awt.FontDescriptor")
    font.Name = style.CharFontName
    font.Height = round(style.CharHeight * _TWIPS_PER_POINT)
    return int(max(doc.ReferenceDevice.getFont(font).getCharWidths("0", "9")))


def _shown_line(sheet: Any, first: int, last: int, *, upright: bool) -> Any:
    """Give one cell of each row or column, in a place that is not hidden itself."""
    place = (LAST_COLUMN if upright else LAST_ROW) - 1
    lines = sheet.Columns if upright else sheet.Rows
    while place > 0 and not lines.getByIndex(place).IsVisible:
        place -= 1
    if upright:
        return sheet.getCellRangeByPosition(place, first, place, last)
    return sheet.getCellRangeByPosition(first, place, last, place)


def _hidden(shown: int, count: int) -> bool | None:
    return True if shown == 0 else False if shown == count else None
