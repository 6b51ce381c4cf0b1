"""What cells of the billing workbook accept, and what Excel says of anything else."""

from timix_xl.workbook.kinds import Kind
from timix_xl.workbook.shapes import Rule
from timix_xl.workbook.words import (
    NO_FRAME_ORDER,
    ActionWord,
    DecisionWord,
    GroupByWord,
    LineStatusWord,
    RestWord,
    StatusWord,
)

CUSTOMER_CODES = "timix_customer_codes"
FRAME_ORDER_CHOICES = "timix_frame_order_choices"
PROJECT_CODES = "timix_project_codes"
PRO_FORMA_CHOICES = "timix_pro_forma_choices"
PRO_FORMA_ORDER_CHOICES = "timix_pro_forma_order_choices"

CUSTOMER_RULE = Rule(
    "Choose a customer from the list. If it is missing there, refresh the customers first.",
    list_name=CUSTOMER_CODES,
)
FRAME_ORDER_RULE = Rule(
    f'Choose one of the open frame orders, or "{NO_FRAME_ORDER}".', list_name=FRAME_ORDER_CHOICES
)
PROJECT_RULE = Rule(
    "Choose a project from the list. If it is missing there, refresh the pro formas first.",
    list_name=PROJECT_CODES,
)
PRO_FORMA_RULE = Rule(
    "Choose a pro forma from the list. If it is missing there, refresh the pro formas first.",
    list_name=PRO_FORMA_CHOICES,
)
PRO_FORMA_ORDER_RULE = Rule(
    f'Choose one of the customer\'s open frame orders, or "{NO_FRAME_ORDER}".',
    list_name=PRO_FORMA_ORDER_CHOICES,
)
DATE_RULE = Rule("Type a date, for example 2026-01-31.", kind=Kind.DATE)
DAYS_RULE = Rule("Type whole days from 0 to 366, for example 30.", kind=Kind.COUNT, most=366)
AMOUNT_RULE = Rule(
    "Type an amount as a number, for example 1250.00.",
    kind=Kind.MONEY,
    least=-1_000_000_000,
    most=1_000_000_000,
)
BILL_QTY_RULE = Rule(
    "Type the part of Qty to bill now as a number, or leave the cell empty to bill all of it.",
    kind=Kind.QUANTITY,
    least=-1_000_000,
    most=1_000_000,
)
INVOICE_QTY_RULE = Rule(
    "Type the quantity to invoice as a number, for example 7.5.",
    kind=Kind.QUANTITY,
    least=-1_000_000_000,
    most=1_000_000_000,
)
PRICE_RULE = Rule(
    "Type a unit price as a number, for example 95.50.",
    kind=Kind.RATE,
    least=-1_000_000_000,
    most=1_000_000_000,
)
DECISION_RULE = Rule(
    "Choose Bill, Defer or Write off. An empty cell counts as Bill.", words=DecisionWord.words()
)
REST_RULE = Rule(
    "Choose Defer or Write off for the part that is not billed. An empty cell counts as Defer.",
    words=RestWord.words(),
)
GROUP_BY_RULE = Rule(
    "Choose entry, task, person, day, ISO week or project.", words=GroupByWord.words()
)
ACTION_RULE = Rule("Choose an action from the list, or leave it empty.", words=ActionWord.words())
STATUS_RULE = Rule(
    "Choose a status from the list, or leave it empty to see all.", words=StatusWord.words()
)
LINE_STATUS_RULE = Rule(
    "Choose Bill, Hold remainder, Write off remainder, Write off or Delete line. "
    "A lower amount is held by itself.",
    words=LineStatusWord.words(),
)
