"""The cells that somebody asks a sheet for, by address, name or numbers."""

from typing import Any

from xlwings import NoSuchObjectError

from timix_xl.hosts.areas import Area, parse_area, split_sheet
from timix_xl.hosts.rectangles import Rectangle

_WITH_SHAPE = 4


def asked_of(sheet: Any, arg: Any) -> Any:
    """Give the cells that xlwings' one argument means; raises IndexError, NoSuchObjectError."""
    if isinstance(arg, Rectangle):
        return arg
    if isinstance(arg, str):
        return _by_text(sheet, arg)
    if 0 in arg[:2]:
        message = "Attempted to access 0-based Range. xlwings/Excel Ranges are 1-based."
        raise IndexError(message)
    row, column = arg[:2]
    rows, columns = arg[2:] if len(arg) == _WITH_SHAPE else (1, 1)
    return sheet.area(Area(row, column, row + rows - 1, column + columns - 1))


def _by_text(sheet: Any, text: str) -> Any:
    title, address = split_sheet(text)
    if title is not None and title.casefold() != sheet.name.casefold():
        return sheet.book.sheets(title).range(address)
    if area := parse_area(address):
        return sheet.area(area)
    for table in sheet.tables:
        if table.name.casefold() == address.casefold():
            return table.data_body_range
    for names in (sheet.names, sheet.book.names):
        if names.contains(address):
            return names(address).refers_to_range
    message = f"The address/named range '{text}' doesn't exist."
    raise NoSuchObjectError(message)
