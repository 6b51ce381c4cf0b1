"""Links in cells: fields in the cell's text, which files keep as the cell's link."""

import re
from typing import Any

from timix_xl.hosts import storable
from timix_xl.hosts.areas import quoted

_LINK_BLUE = 0x0563C1
_SINGLE_UNDERLINE = 1
_PLACE_OF_CALC = re.compile(r"#\$?('(?:[^']|'')+'|[^'.!]+)\.(?=\$?[A-Za-z])")


def add(cells: Any, address: str, text: str) -> None:
    """Make the first cell a link that shows the text; LibreOffice shows no tip of our own."""
    for value in (address, text):
        storable.check_text(value, lambda: cells.place_of(cells.row, cells.column))
    cell = cells.xl.getCellByPosition(0, 0)
    cell.setFormula("")
    field = cells.book.doc.createInstance("com.sun.star.text.TextField.URL")
    field.URL = address
    field.Representation = text
    place = cell.getText()
    place.insertTextContent(place.createTextCursor(), field, False)
    cell.CharUnderline = _SINGLE_UNDERLINE
    cell.CharColor = _LINK_BLUE


def target_of(cells: Any) -> str:
    """Give where the link of the first cell goes."""
    fields = cells.xl.getCellByPosition(0, 0).getTextFields().createEnumeration()
    while fields.hasMoreElements():
        if url := getattr(fields.nextElement(), "URL", ""):
            return _PLACE_OF_CALC.sub(_place_in_excel, url) if url.startswith("#") else str(url)
    message = "The cell doesn't seem to contain a hyperlink!"
    raise LookupError(message)


def _place_in_excel(match: re.Match[str]) -> str:
    sheet = match[1]
    if sheet.startswith("'"):
        sheet = sheet[1:-1].replace("''", "'")
    return f"#{quoted(sheet)}!"
