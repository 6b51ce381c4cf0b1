"""The colours and the font of the workbook, and the looks of its highlights."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """Colours of a highlight (RRGGBB); what is None stays as it is."""

    fill: str | None = None
    font: str | None = None
    bold: bool = False
    struck: bool = False


BRAND = "1F4E79"
FONT_NAME = "Arial"
INK = "1F2933"
WHITE = "FFFFFF"
GREY_TEXT = "6B7785"
HAIRLINE = "D9DFE7"
CARD_FILL = "F3F6FA"
INPUT_FILL = "FFF8DC"
INPUT_INK = "1F3FA6"
INPUT_BORDER = "C9B458"
BILL_COLOUR = "2E7D32"
DEFER_COLOUR = "C77700"
WRITE_OFF_COLOUR = "B3261E"
ALARM_INK = "B3261E"
LINK_INK = "0563C1"
REMAINING_COLOUR = "A9C6E3"
THIS_INVOICE_COLOUR = "E8963A"
DATA_BAR_COLOUR = "8FB4DA"
TABLE_STYLE = "TableStyleMedium2"

GOOD = Look(fill="D5EED8", font="14532D", bold=True)
CAUTION = Look(fill="FFE8B8", font="7A4100", bold=True)
BAD = Look(fill="F9D3CF", font="8C1D18", bold=True)
NEUTRAL = Look(fill="DCE8F5", font=BRAND, bold=True)
FADED = Look(fill="E8EBEF", font="5A6572")
STRUCK = Look(fill="E8EBEF", font="5A6572", struck=True)
CAUTION_TINT = Look(fill="FFF9EC")
BAD_TINT = Look(fill="FDF0EE")
ALARM = Look(font=ALARM_INK, bold=True)
INPUT = Look(fill=INPUT_FILL, font=INPUT_INK)
PLAIN = Look()
