"""Links in cells."""

from typing import Any

from openpyxl.worksheet.hyperlink import Hyperlink

from timix_xl.hosts.files import cells
from timix_xl.hosts.files.styles import change_font

_LINK_BLUE = "FF0563C1"


def add(cells_range: Any, address: str, text: str, tip: str) -> None:
    """Make the first cell a link that shows the text."""
    for value in (address, text, tip):
        cells.check(value, cells_range.sheet.worksheet, cells_range.row, cells_range.column)
    first = cells_range(1, 1)
    cell = next(first.every())
    cells.put(cell, text)
    cell._hyperlink = _link(cell.coordinate, address, tip)
    change_font(first, u="single", color=_LINK_BLUE)


def target_of(cells_range: Any) -> str:
    """Give where the link of the first cell goes."""
    for cell in cells_range(1, 1).existing():
        if link := cell.hyperlink:
            return str(link.target or f"#{link.location}")
    message = "The cell doesn't seem to contain a hyperlink!"
    raise LookupError(message)


def _link(ref: str, address: str, tip: str) -> Hyperlink:
    if address.startswith("#"):
        return Hyperlink(ref=ref, location=address[1:], tooltip=tip)
    return Hyperlink(ref=ref, target=address, tooltip=tip)
