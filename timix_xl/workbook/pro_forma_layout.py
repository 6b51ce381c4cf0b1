"""The Pro forma sheet: its table, its inputs, its tiles, their places."""

import re

from timix_xl.workbook.highlights import lined, said
from timix_xl.workbook.kinds import Kind
from timix_xl.workbook.looks import (
    ALARM,
    BAD,
    BILL_COLOUR,
    BRAND,
    CAUTION,
    DEFER_COLOUR,
    FADED,
    GREY_TEXT,
    INPUT,
    STRUCK,
    THIS_INVOICE_COLOUR,
    WRITE_OFF_COLOUR,
    Look,
)
from timix_xl.workbook.rules import (
    AMOUNT_RULE,
    INVOICE_QTY_RULE,
    LINE_STATUS_RULE,
    PRICE_RULE,
    PRO_FORMA_CHOICES,
    PRO_FORMA_ORDER_CHOICES,
    PRO_FORMA_ORDER_RULE,
    PRO_FORMA_RULE,
)
from timix_xl.workbook.shapes import (
    Card,
    Column,
    Highlight,
    NamedCell,
    SheetLayout,
    TableLayout,
)
from timix_xl.workbook.words import LineStatusWord, ProFormaStateWord

PRO_FORMA_SHEET = "Pro forma"
SPARE_ROWS = 3
"""Blank rows below the lines of a pro forma on hold: a line is added by filling one in."""

PRO_FORMA_COLUMNS = (
    Column("Line", 13, Kind.COUNT),
    Column("Task", 15),
    Column("Item", 12),
    Column("Description", 46, Kind.PROSE),
    Column("Billed qty", 12, Kind.QUANTITY),
    Column("Billed amount", 15, Kind.MONEY),
    Column("Qty to invoice", 15, Kind.QUANTITY),
    Column("Unit price", 13, Kind.RATE),
    Column("Amount to invoice", 19, Kind.MONEY),
    Column("Status", 20),
    Column("Entries", 26),
    Column("Unit", 7),
    Column("Held", 13, Kind.MONEY),
    Column("Written off", 13, Kind.MONEY),
    Column("Raised", 13, Kind.MONEY),
    Column("Limit leaves", 14, Kind.MONEY),
    Column("Over limit", 13, Kind.MONEY),
    Column("Printed", 10),
    Column("Check", 48, is_alarm=True),
    Column("Was qty", 9, Kind.QUANTITY, is_hidden=True),
    Column("Was price", 9, Kind.RATE, is_hidden=True),
    Column("Was amount", 9, Kind.MONEY, is_hidden=True),
    Column("Was status", 9, is_hidden=True),
    Column("Then", 9, Kind.MONEY, is_hidden=True),
    Column("Kind", 9, is_hidden=True),
)
LINE_FACTS = ("Task", "Item", "Description", "Billed qty", "Billed amount", "Entries", "Unit")
"""What a person reads of a line and cannot change."""
LINE_NUMBERS = ("Qty to invoice", "Unit price", "Amount to invoice")
LINE_INPUTS = (*LINE_NUMBERS, "Status")
NEW_LINE_INPUTS = (
    "Task",
    "Item",
    "Description",
    "Qty to invoice",
    "Unit price",
    "Amount to invoice",
)
WAS = dict(zip(LINE_INPUTS, ("Was qty", "Was price", "Was amount", "Was status"), strict=True))
"""Where the loaded value of each input stands, beside it and hidden."""
LINE_MONEY = (
    "Billed amount", "Amount to invoice", "Limit leaves", "Over limit", "Was amount", "Then",
)  # fmt: skip
LEFT_OVER = ("Held", "Written off", "Raised")

IS_ON_HOLD = f'(timix_pro_forma_state="{ProFormaStateWord.ON_HOLD}")'
IS_LINE = '([Line]<>"")'
IS_SPARE = '([Line]="")*(ROW()<=N(timix_pro_forma_last_row))'
DELETED = said("Status", LineStatusWord.DELETE_LINE)
# Not all of the columns: LibreOffice takes conditions of one area together, and this one goes first.
STRUCK_COLUMNS = tuple(column.title for column in PRO_FORMA_COLUMNS[1:])
PRO_FORMA = TableLayout(
    "tblProForma",
    PRO_FORMA_SHEET,
    12,
    PRO_FORMA_COLUMNS,
    highlights=(
        Highlight(STRUCK_COLUMNS, DELETED, STRUCK),
        Highlight(("Status",), said("Status", LineStatusWord.HOLD_REMAINDER), CAUTION),
        Highlight(("Status",), said("Status", LineStatusWord.WRITE_OFF_REMAINDER), BAD),
        Highlight(("Status",), said("Status", LineStatusWord.WRITE_OFF), BAD),
        Highlight(LINE_INPUTS, f"{IS_ON_HOLD}*{IS_LINE}", INPUT),
        Highlight(NEW_LINE_INPUTS, f"{IS_ON_HOLD}*{IS_SPARE}", INPUT),
        Highlight(("Held",), "N([Held])<>0", Look(font=DEFER_COLOUR, bold=True)),
        Highlight(("Written off",), "N([Written off])<>0", ALARM),
        Highlight(("Raised",), "N([Raised])<>0", Look(font=BILL_COLOUR, bold=True)),
        Highlight(("Over limit",), "N([Over limit])>0", BAD),
        Highlight(("Printed",), '[Printed]<>""', FADED),
        Highlight(("Billed qty", "Billed amount", "Entries"), IS_LINE, Look(font=GREY_TEXT)),
        lined("Line", PRO_FORMA_COLUMNS),
    ),
    rules=(
        ("Qty to invoice", INVOICE_QTY_RULE),
        ("Unit price", PRICE_RULE),
        ("Amount to invoice", AMOUNT_RULE),
        ("Status", LINE_STATUS_RULE),
    ),
)
PRO_FORMA_VIEW = SheetLayout(
    PRO_FORMA_SHEET,
    "While it is On Hold: change quantity, price, amount or Status of a line, or add a line below; "
    "then save. A lower amount is held by itself.",
    THIS_INVOICE_COLOUR,
    "A13",
    PRO_FORMA,
    shows_customer=False,
)

PRO_FORMA_NUMBER = "timix_pro_forma"
PRO_FORMA_ORDER = "timix_pro_forma_frame_order"
PRO_FORMA_INPUTS = (
    NamedCell(
        PRO_FORMA_NUMBER, PRO_FORMA_SHEET, "B4", "Pro forma", label_cell="A4", rule=PRO_FORMA_RULE
    ),
    NamedCell(
        PRO_FORMA_ORDER,
        PRO_FORMA_SHEET,
        "B5",
        "Frame order",
        label_cell="A5",
        rule=PRO_FORMA_ORDER_RULE,
    ),
)


def fact(name: str, cell: str, label: str, label_cell: str, kind: Kind = Kind.TEXT) -> NamedCell:
    """Return a cell that says something about the loaded pro forma."""
    return NamedCell(f"timix_pro_forma_{name}", PRO_FORMA_SHEET, cell, label, kind, label_cell)


PRO_FORMA_FACTS = (
    fact("project", "D4", "Project", "C4"),
    fact("customer", "D5", "Customer", "C5"),
    fact("state", "F4", "State", "E4"),
    fact("revision", "F5", "Revision", "E5", Kind.COUNT),
    fact("billing_date", "H4", "Billing date", "G4", Kind.DATE),
    fact("currency", "H5", "Currency", "G5"),
    fact("released_to", "J4", "Released to", "I4"),
    fact("description", "J5", "Invoice text", "I5"),
)
STATE_CELL = "F4"
STATE_HIGHLIGHTS = (
    (f'${STATE_CELL[0]}${STATE_CELL[1]}="{ProFormaStateWord.ON_HOLD}"', CAUTION),
    (f'${STATE_CELL[0]}${STATE_CELL[1]}="{ProFormaStateWord.CLOSED}"', FADED),
)

PRO_FORMA_DIGITS = "timix_pro_forma_digits"
PRO_FORMA_CARDS = (
    Card(
        PRO_FORMA_SHEET,
        7,
        "Billed by the rule",
        "A",
        "C",
        BRAND,
        "timix_pro_forma_billed",
        "timix_pro_forma_billed_hours",
        "timix_pro_forma_line_count",
        count_format='[=1]#,##0 "line";#,##0 "lines"',
    ),
    Card(
        PRO_FORMA_SHEET,
        7,
        "To invoice",
        "D",
        "D",
        BILL_COLOUR,
        "timix_pro_forma_to_invoice",
        "timix_pro_forma_hours",
        caption="before tax; moves as you type",
    ),
    Card(
        PRO_FORMA_SHEET,
        7,
        "Held",
        "E",
        "F",
        DEFER_COLOUR,
        "timix_pro_forma_held",
        caption="billed later, at face value",
    ),
    Card(
        PRO_FORMA_SHEET,
        7,
        "Written off",
        "G",
        "H",
        WRITE_OFF_COLOUR,
        "timix_pro_forma_written_off",
        caption="not billed",
    ),
    Card(
        PRO_FORMA_SHEET,
        7,
        "Raised, and added by hand",
        "I",
        "J",
        THIS_INVOICE_COLOUR,
        "timix_pro_forma_raised",
        caption="beyond what the rule billed",
    ),
    Card(
        PRO_FORMA_SHEET,
        7,
        "Over limit",
        "K",
        "K",
        "8A97A6",
        "timix_pro_forma_over_limit",
        caption="as loaded or last saved",
    ),
)
PRO_FORMA_TILES = tuple(cell for card in PRO_FORMA_CARDS for cell in card.tiles)
PRO_FORMA_CHOICES_COLUMN, PRO_FORMA_ORDER_CHOICES_COLUMN = "AA", "AB"
MOST_CHOICES = 500


def choices(column: str) -> str:
    """Return the hidden cells that the choices of a dropdown stand in."""
    first = PRO_FORMA.first_data_row
    return f"{column}{first}:{column}{first + MOST_CHOICES - 1}"


CHOICES = {
    PRO_FORMA_CHOICES: choices(PRO_FORMA_CHOICES_COLUMN),
    PRO_FORMA_ORDER_CHOICES: choices(PRO_FORMA_ORDER_CHOICES_COLUMN),
}


def live(formula: str) -> str:
    """Return a formula over `[Title]` as a row of the table has it."""
    return "=" + re.sub(r"\[([^\]]+)\]", rf"{PRO_FORMA.name}[[#This Row],[\1]]", formula)


def _typed(title: str) -> str:
    return f'AND([{title}]<>"",[{title}]<>[{WAS[title]}])'


_WRITE_OFF = said("Status", LineStatusWord.WRITE_OFF)
_WRITE_OFF_REMAINDER = said("Status", LineStatusWord.WRITE_OFF_REMAINDER)
_PRICE = 'IF([Unit price]="",IFERROR([Billed amount]/[Billed qty],0),[Unit price])'
_ONLY_AMOUNT = 'AND([Unit price]="",[Was qty]=0,[Was amount]<>0)'
_BY_PRICE = f"IF({_ONLY_AMOUNT},[Was amount],ROUND([Qty to invoice]*{_PRICE},{PRO_FORMA_DIGITS}))"
_BACK = f"AND({said('Status', LineStatusWord.BILL)},ABS([Was amount])<ABS([Billed amount]))"
_THEN = (
    f"IFERROR(IF({DELETED},0,IF({_typed('Amount to invoice')},[Amount to invoice],"
    f"IF(OR({_typed('Qty to invoice')},{_typed('Unit price')}),{_BY_PRICE},"
    f"IF({_WRITE_OFF},0,IF({_BACK},[Billed amount],[Was amount]))))),[Was amount])"
)
_IS_BELOW = f'[Billed amount]<>"",NOT({DELETED}),ABS([Then])<ABS([Billed amount])'
_IS_WRITTEN_OFF = f"OR({_WRITE_OFF_REMAINDER},AND({_WRITE_OFF},[Then]=0))"
_LEFT = "[Billed amount]-[Then]"
_HELD = f"IFERROR(IF(AND({_IS_BELOW},NOT({_IS_WRITTEN_OFF})),{_LEFT},0),0)"
_WRITTEN_OFF = f"IFERROR(IF(AND({_IS_BELOW},{_IS_WRITTEN_OFF}),{_LEFT},0),0)"
_RAISED = (
    'IFERROR(IF(AND([Billed amount]<>"",ABS([Then])>ABS([Billed amount])),'
    "[Then]-[Billed amount],0),0)"
)

LINE_FORMULAS = {
    title: live(formula)
    for title, formula in (
        ("Then", _THEN),
        ("Held", _HELD),
        ("Written off", _WRITTEN_OFF),
        ("Raised", _RAISED),
    )
}
"""What a save would make of a line, and what is left over by that.

An amount that is typed counts; else quantity x unit price, if one of these is typed; else the
status: Bill takes a line back to what was billed, Write off and Delete line leave nothing.
"""
