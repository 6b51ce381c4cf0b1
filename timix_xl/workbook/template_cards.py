"""Draws the cards above the entries and the tiles in them."""

from openpyxl.styles import Alignment, Border, Side
from openpyxl.worksheet.worksheet import Worksheet

from timix_xl.workbook import layout, looks
from timix_xl.workbook.shapes import Card
from timix_xl.workbook.template_styles import text_font
from timix_xl.workbook.template_tiles import tile_formulas


def draw_entries(sheet: Worksheet) -> None:
    """Draw the cards, and set the formulas of their tiles."""
    for row, height in ((4, 16), (5, 24), (6, 16), (7, 16), (8, 8)):
        sheet.row_dimensions[row].height = height
    for card in layout.CARDS:
        draw_card(sheet, card)
    for name, formula in tile_formulas().items():
        sheet[layout.named_cell(name).cell] = f"={formula}"


def draw_card(sheet: Worksheet, card: Card) -> None:
    """Draw one card: heading, amount, hours, and a count or a word of explanation."""
    top, bottom = layout.CARD_HEADING_ROW, layout.CARD_CAPTION_ROW
    stripe = Side("thick", color=card.colour)
    gap = Side("thick", color=looks.WHITE)
    for row in sheet[f"{card.first_letter}{top}:{card.last_letter}{bottom}"]:
        for cell in row:
            cell.style = "timix card"
        row[0].border = Border(left=stripe)
        row[-1].border = Border(left=stripe if len(row) == 1 else None, right=gap)
    sheet[f"{card.first_letter}{top}"] = card.heading
    if card.caption:
        sheet[f"{card.first_letter}{bottom}"] = card.caption
    for row in range(top, bottom + 1):
        set_card_line(sheet, f"{card.first_letter}{row}", row)


def set_card_line(sheet: Worksheet, cell: str, row: int) -> None:
    """Set one line of a card to the left; the amount is large."""
    sheet[cell].alignment = Alignment(horizontal="left", vertical="center", indent=1)
    sheet[cell].number_format = layout.CARD_FORMATS.get(row, "General")
    if row == layout.CARD_AMOUNT_ROW:
        sheet[cell].font = text_font(size=16, bold=True)
    if row == layout.CARD_HEADING_ROW:
        sheet[cell].font = text_font(looks.GREY_TEXT, 9, bold=True)
