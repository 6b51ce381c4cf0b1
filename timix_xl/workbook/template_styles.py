"""Fonts, fills, frames and the named styles of the template."""

from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side

from timix_xl.workbook import looks
from timix_xl.workbook.kinds import Kind
from timix_xl.workbook.shapes import Column


def named_styles() -> tuple[NamedStyle, ...]:
    """Return the styles that a person finds in the style gallery."""
    middle = Alignment(vertical="center")
    return (
        NamedStyle(
            "timix title",
            font=text_font(looks.WHITE, 16, bold=True),
            fill=solid(looks.BRAND),
            alignment=Alignment(horizontal="left", vertical="center", indent=1),
        ),
        NamedStyle(
            "timix helper",
            font=text_font(looks.GREY_TEXT),
            fill=solid(looks.CARD_FILL),
            alignment=Alignment(horizontal="left", vertical="center", indent=1),
        ),
        NamedStyle("timix label", font=text_font(looks.GREY_TEXT), alignment=middle),
        NamedStyle(
            "timix input",
            font=text_font(looks.INPUT_INK),
            fill=solid(looks.INPUT_FILL),
            border=boxed(looks.INPUT_BORDER),
            alignment=middle,
        ),
        NamedStyle(
            "timix header",
            font=text_font(looks.WHITE, bold=True),
            fill=solid(looks.BRAND),
            alignment=Alignment(vertical="center", wrap_text=True),
        ),
        NamedStyle(
            "timix figure",
            font=text_font(bold=True),
            border=Border(bottom=Side("hair", color=looks.GREY_TEXT)),
            alignment=Alignment(horizontal="right", vertical="center"),
        ),
        NamedStyle(
            "timix message",
            font=text_font(bold=True),
            fill=solid(looks.CARD_FILL),
            border=boxed(looks.HAIRLINE),
            alignment=Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1),
        ),
        NamedStyle("timix card", font=text_font(looks.GREY_TEXT), fill=solid(looks.CARD_FILL)),
    )


def text_font(
    colour: str = looks.INK, size: float = 10, *, bold: bool = False, italic: bool = False
) -> Font:
    """Return our font."""
    return Font(name=looks.FONT_NAME, size=size, color=colour, bold=bold, italic=italic)


def solid(colour: str) -> PatternFill:
    """Return a plain fill; conditional formats read its end colour, cells its start colour."""
    return PatternFill("solid", start_color=colour, end_color=colour)


def boxed(colour: str) -> Border:
    """Return a thin frame."""
    side = Side("thin", color=colour)
    return Border(left=side, right=side, top=side, bottom=side)


def column_font(column: Column) -> Font:
    """Return the font of a column's cells."""
    if column.kind is Kind.LINK:
        return Font(name=looks.FONT_NAME, size=10, color=looks.LINK_INK, underline="single")
    if column.is_alarm:
        return text_font(looks.ALARM_INK)
    return text_font(looks.GREY_TEXT, 8) if column.is_quiet else text_font()


def column_alignment(column: Column, vertical: str = "top") -> Alignment:
    """Set figures to the right, text to the left with a gap before it; prose wraps."""
    if column.kind.is_number:
        return Alignment(horizontal="right", vertical=vertical)
    wraps = column.kind is Kind.PROSE
    return Alignment(horizontal="left", vertical=vertical, wrap_text=wraps, indent=1)
