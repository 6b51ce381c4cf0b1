"""Draws the cards above the tables and the tiles in them."""

from collections.abc import Mapping, Sequence

from openpyxl.styles import Alignment, Border, Side
from openpyxl.worksheet.worksheet import Worksheet

from timix_xl.workbook import layout, looks
from timix_xl.workbook.kinds import money_format
from timix_xl.workbook.pro_forma_layout import PRO_FORMA_CARDS
from timix_xl.workbook.shapes import AMOUNT_LINE, CAPTION_LINE, HOURS_LINE, Card
from timix_xl.workbook.template_styles import text_font
from timix_xl.workbook.template_tiles import pro_forma_formulas, tile_formulas

HEIGHTS = (16, 24, 16, 16, 8)
"""Of the lines of a card, and of the gap below it."""


def draw_entries(sheet: Worksheet) -> None:
    """Draw the cards above the entries, and set the formulas of their tiles."""
    draw_cards(sheet, layout.ENTRY_CARDS, tile_formulas())


def draw_pro_forma_cards(sheet: Worksheet) -> None:
    """Draw the cards above the lines of a pro forma, and set the formulas of their tiles."""
    draw_cards(sheet, PRO_FORMA_CARDS, pro_forma_formulas())


def draw_cards(sheet: Worksheet, cards: Sequence[Card], formulas: Mapping[str, str]) -> None:
    """Draw cards in a row, and set the formulas of their tiles."""
    for row, height in enumerate(HEIGHTS, start=cards[0].top):
        sheet.row_dimensions[row].height = height
    for card in cards:
        draw_card(sheet, card)
    for name, formula in formulas.items():
        sheet[layout.named_cell(name).cell] = f"={formula}"


def draw_card(sheet: Worksheet, card: Card) -> None:
    """Draw one card: heading, amount, hours, and a count or a word of explanation."""
    top, bottom = card.top, card.top + CAPTION_LINE
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
    for line in range(CAPTION_LINE + 1):
        set_card_line(sheet, card, line)


def set_card_line(sheet: Worksheet, card: Card, line: int) -> None:
    """Set one line of a card to the left; the amount is large."""
    cell = sheet[f"{card.first_letter}{card.top + line}"]
    formats = {
        AMOUNT_LINE: money_format(2),
        HOURS_LINE: '#,##0.00## "h"',
        CAPTION_LINE: card.count_format,
    }
    cell.alignment = Alignment(horizontal="left", vertical="center", indent=1)
    cell.number_format = formats.get(line, "General")
    if line == AMOUNT_LINE:
        cell.font = text_font(size=16, bold=True)
    if line == 0:
        cell.font = text_font(looks.GREY_TEXT, 9, bold=True)
