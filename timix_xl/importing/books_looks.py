"""How a books workbook looks: the colours of the house, and each form of column."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, NamedStyle, PatternFill
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.writer.theme import theme_xml

from timix_xl.importing.books_sheets import Form, SheetColumn

BRAND = "1F4E79"
PALER_BRAND = "6C8EAF"
TITLE, HELPER = "timix title", "timix helper"
HEADER, OPTIONAL_HEADER = "timix header", "timix optional header"
TABLE_STYLE = "TableStyleMedium2"
_FONT_NAME = "Arial"
_INK, _WHITE, _GREY_TEXT, _CARD_FILL = "1F2933", "FFFFFF", "6B7785", "F3F6FA"
_LINK_INK = "0563C1"
_OFFICE_ACCENT = "4F81BD"


@dataclass(frozen=True, slots=True)
class Look:
    """A number format, and the least and the greatest width of a column."""

    number_format: str = "@"
    is_number: bool = False
    wraps: bool = False
    widths: tuple[int, int] = (10, 36)

    @property
    def alignment(self) -> Alignment:
        """Figures to the right, text to the left; prose wraps."""
        side = "right" if self.is_number else "left"
        indent = 0 if self.is_number else 1
        return Alignment(horizontal=side, vertical="top", wrap_text=self.wraps, indent=indent)


LOOKS: Mapping[Form, Look] = {
    Form.TEXT: Look(),
    Form.CHOICE: Look(),
    Form.TRUTH: Look(),
    Form.PROSE: Look(wraps=True, widths=(24, 60)),
    Form.DAY: Look("yyyy-mm-dd", is_number=True, widths=(12, 12)),
    Form.COUNT: Look("0", is_number=True),
    Form.YEAR: Look("0", is_number=True),
    Form.QUANTITY: Look("#,##0.00##", is_number=True, widths=(12, 16)),
    Form.AMOUNT: Look("#,##0.00##", is_number=True, widths=(12, 16)),
    Form.RATE: Look("#,##0.00####", is_number=True, widths=(12, 16)),
    Form.PERCENT: Look("0.00##", is_number=True),
}


def look_of(column: SheetColumn) -> Look:
    """Return the look of a column."""
    return LOOKS[column.form]


def text_font(colour: str = _INK, size: float = 10, *, bold: bool = False) -> Font:
    """Return our font."""
    return Font(name=_FONT_NAME, size=size, color=colour, bold=bold)


def link_font() -> Font:
    """Return the font of a link."""
    return Font(name=_FONT_NAME, size=10, color=_LINK_INK, underline="single")


def dress(book: Workbook) -> None:
    """Give a workbook our theme, our font and our named styles."""
    theme = theme_xml.replace(_OFFICE_ACCENT, BRAND)
    book.loaded_theme = re.sub(
        r'typeface="(Calibri|Cambria)"', f'typeface="{_FONT_NAME}"', theme
    ).encode()
    # The font of every untouched cell: openpyxl has no public way to say so.
    vars(book)["_fonts"] = IndexedList([text_font()])
    vars(book)["_named_styles"]["Normal"].font = text_font()
    for style in _named_styles():
        book.add_named_style(style)


def _named_styles() -> tuple[NamedStyle, ...]:
    middle = Alignment(horizontal="left", vertical="center", indent=1)
    return (
        NamedStyle(
            TITLE, font=text_font(_WHITE, 16, bold=True), fill=_solid(BRAND), alignment=middle
        ),
        NamedStyle(HELPER, font=text_font(_GREY_TEXT), fill=_solid(_CARD_FILL), alignment=middle),
        NamedStyle(HEADER, font=text_font(_WHITE, bold=True), fill=_solid(BRAND), alignment=middle),
        NamedStyle(
            OPTIONAL_HEADER, font=text_font(_WHITE), fill=_solid(PALER_BRAND), alignment=middle
        ),
    )


def _solid(colour: str) -> PatternFill:
    return PatternFill("solid", start_color=colour, end_color=colour)
