"""Names of sheets, tables, columns and named cells, and their places: here and nowhere else."""

from timix_xl.workbook.highlights import lined, said
from timix_xl.workbook.kinds import Kind
from timix_xl.workbook.looks import (
    ALARM,
    BAD,
    BAD_TINT,
    BILL_COLOUR,
    BRAND,
    CAUTION,
    CAUTION_TINT,
    DEFER_COLOUR,
    FADED,
    GOOD,
    GREY_TEXT,
    INPUT,
    NEUTRAL,
    REMAINING_COLOUR,
    STRUCK,
    THIS_INVOICE_COLOUR,
    WRITE_OFF_COLOUR,
    Look,
)
from timix_xl.workbook.pro_forma_layout import (
    PRO_FORMA,
    PRO_FORMA_CARDS,
    PRO_FORMA_CHOICES_COLUMN,
    PRO_FORMA_FACTS,
    PRO_FORMA_INPUTS,
    PRO_FORMA_ORDER_CHOICES_COLUMN,
    PRO_FORMA_SHEET,
    PRO_FORMA_VIEW,
)
from timix_xl.workbook.projects_layout import PROJECT_INPUTS, PROJECTS, PROJECTS_VIEW
from timix_xl.workbook.rules import (
    ACTION_RULE,
    AMOUNT_RULE,
    BILL_QTY_RULE,
    CUSTOMER_RULE,
    DATE_RULE,
    DAYS_RULE,
    DECISION_RULE,
    FRAME_ORDER_RULE,
    GROUP_BY_RULE,
    REST_RULE,
    STATUS_RULE,
)
from timix_xl.workbook.shapes import (
    Card,
    Column,
    Highlight,
    NamedCell,
    SheetLayout,
    TableLayout,
    row_formula,
)
from timix_xl.workbook.words import (
    DUE_NO,
    DUE_YES,
    NO_FRAME_ORDER,
    DecisionWord,
    GroupByWord,
    StatusWord,
)

WORKBOOK_VERSION = 2
"""The layout: 1 had no Projects and no Pro forma sheet; it is still billed from.

The cell of the file to import came within 2: what wants it says so where it is missing. So did
the dates of a preview: where they are missing, none are shown.
"""
LAST_ROW = 1_048_576
"""The last row of a sheet: dropdowns and highlights reach down to it, so tables may grow."""

BILLING_SHEET = "Billing"
ENTRIES_SHEET = "Entries"
LEFT_OUT_SHEET = "Left out"
FRAME_ORDERS_SHEET = "Frame orders"
PREVIEW_SHEET = "Preview"
INVOICES_SHEET = "Invoices"
CHECKS_SHEET = "Checks"

CUSTOMER_COLUMNS = (
    Column("Customer", 16),
    Column("Name", 36),
    Column("Unbilled hours", 17, Kind.QUANTITY),
    Column("Unbilled amount", 19, Kind.MONEY),
    Column("Currency", 13),
    Column("Oldest", 12, Kind.DATE),
    Column("Next billing date", 20, Kind.DATE),
    Column("Due", 8),
    Column("Open frame orders", 19, Kind.COUNT),
)
CUSTOMERS = TableLayout(
    "tblCustomers",
    BILLING_SHEET,
    10,
    CUSTOMER_COLUMNS,
    highlights=(
        Highlight(("Customer",), '([Customer]<>"")*([Customer]=timix_customer)', NEUTRAL),
        Highlight(("Due",), said("Due", DUE_YES), CAUTION),
        Highlight(("Due",), said("Due", DUE_NO), Look(font=GREY_TEXT)),
        lined("Customer", CUSTOMER_COLUMNS),
    ),
)

ENTRY_COLUMNS = (
    Column("Date", 12, Kind.DATE),
    Column("Project", 13),
    Column("Task", 13),
    Column("Person", 14),
    Column("Description", 44),
    Column("Kind", 10),
    Column("Qty", 9, Kind.QUANTITY),
    Column("Unit", 9),
    Column("Rate", 11, Kind.RATE),
    Column("Amount", 13, Kind.MONEY),
    Column("Currency", 13),
    Column("Decision", 12),
    Column("Bill qty", 10, Kind.QUANTITY),
    Column("Rest", 11),
    Column("Reason", 34),
    Column("Deferred", 11, Kind.COUNT),
    Column("Check", 48, is_alarm=True),
    Column("Visible", 9, Kind.COUNT, is_hidden=True),
    Column("Entry", 16),
    Column("Token", 20, is_hidden=True, is_quiet=True),
)
FACTS = (
    "Date", "Project", "Task", "Person", "Description", "Kind",
    "Qty", "Unit", "Rate", "Amount", "Currency",
)  # fmt: skip
BALLOT = ("Decision", "Bill qty", "Rest", "Reason")
BALLOT_CHOICES = BALLOT[:3]
ENTRIES = TableLayout(
    "tblEntries",
    ENTRIES_SHEET,
    9,
    ENTRY_COLUMNS,
    highlights=(
        Highlight(("Decision",), said("Decision", DecisionWord.BILL), GOOD),
        Highlight(("Decision",), said("Decision", DecisionWord.DEFER), CAUTION),
        Highlight(("Decision",), said("Decision", DecisionWord.WRITE_OFF), BAD),
        Highlight(FACTS, said("Decision", DecisionWord.DEFER), CAUTION_TINT),
        Highlight(FACTS, said("Decision", DecisionWord.WRITE_OFF), BAD_TINT),
        Highlight(BALLOT, '[Entry]<>""', INPUT),
        Highlight(("Deferred",), "N([Deferred])>=2", Look(font=DEFER_COLOUR, bold=True)),
        lined("Entry", ENTRY_COLUMNS),
    ),
    rules=(("Decision", DECISION_RULE), ("Bill qty", BILL_QTY_RULE), ("Rest", REST_RULE)),
)
VISIBLE_FORMULA = "SUBTOTAL(103,tblEntries[[#This Row],[Entry]])"

LEFT_OUT_COLUMNS = (
    Column("Date", 12, Kind.DATE),
    Column("Project", 15),
    Column("Task", 15),
    Column("Person", 16),
    Column("Qty", 10, Kind.QUANTITY),
    Column("Amount", 14, Kind.MONEY),
    Column("Why", 70, Kind.PROSE),
    Column("Entry", 18, is_quiet=True),
)
LEFT_OUT = TableLayout(
    "tblLeftOut",
    LEFT_OUT_SHEET,
    4,
    LEFT_OUT_COLUMNS,
    highlights=(lined("Entry", LEFT_OUT_COLUMNS),),
)

FRAME_ORDER_COLUMNS = (
    Column("Frame order", 16),
    Column("Title", 30),
    Column("Valid from", 14, Kind.DATE),
    Column("Valid to", 12, Kind.DATE),
    Column("Unit", 9),
    Column("Total", 13, Kind.QUANTITY),
    Column("Billed", 13, Kind.QUANTITY),
    Column("Remaining", 13, Kind.QUANTITY),
    Column("Utilization", 13, Kind.PERCENT),
    Column("This invoice", 14, Kind.QUANTITY),
    Column("Remaining after", 17, Kind.QUANTITY),
    Column("State", 14),
)
OVERRUN = "N([Remaining after])<0"
# LibreOffice draws the bar of a share only where no other condition holds for the cell.
UNBARRED = tuple(column for column in FRAME_ORDER_COLUMNS if column.title != "Utilization")
FRAME_ORDERS = TableLayout(
    "tblFrameOrders",
    FRAME_ORDERS_SHEET,
    6,
    FRAME_ORDER_COLUMNS,
    highlights=(
        Highlight(("Remaining after",), OVERRUN, BAD),
        Highlight(tuple(column.title for column in UNBARRED[:-2]), OVERRUN, BAD_TINT),
        Highlight(
            ("Frame order",), '([Frame order]<>"")*([Frame order]=timix_frame_order)', NEUTRAL
        ),
        lined("Frame order", UNBARRED),
    ),
)
# The choices stand in a hidden column beside the table; the name reaches down to the last one.
FRAME_ORDER_CHOICES_FIRST_CELL = "N7"
FRAME_ORDER_CHOICES_LAST_CELL = "N506"

# Hours and money differ in size, so the chart shows shares of each order's total. They stand in
# narrow columns, one row per row of tblFrameOrders: charts of raw figures show an overdrawn order
# as one with something left. The columns are narrow and white, but not hidden: charts skip hidden
# cells, and openpyxl forgets the switch that says otherwise.
CHART_TITLE = "Frame orders: share billed, on this invoice, remaining"
CHART_CELL = "T7"
CHART_FORMULAS = (
    ("Frame order", '=IF([Frame order]="","",[Frame order])'),
    ("Billed", "=IF([Total]>0,IF([Billed]<[Total],[Billed],[Total])/[Total],0)"),
    (
        "This invoice",
        (
            "=IF([Total]>0,IF([Billed]+[This invoice]<=[Total],[This invoice],"
            "IF([Billed]<[Total],[Total]-[Billed],0))/[Total],0)"
        ),
    ),
    ("Remaining", "=IF([Total]>0,IF([Remaining after]>0,[Remaining after],0)/[Total],0)"),
    ("Overdrawn", "=IF([Total]>0,IF([Remaining after]<0,0-[Remaining after],0)/[Total],0)"),
)
CHART_COLOURS = (BRAND, THIS_INVOICE_COLOUR, REMAINING_COLOUR, WRITE_OFF_COLOUR)


def chart_formulas(row: int) -> tuple[str, ...]:
    """Return what stands in the chart's columns beside a row of tblFrameOrders."""
    return tuple(row_formula(FRAME_ORDERS, formula, row) for _, formula in CHART_FORMULAS)


CHART_SHARES = TableLayout(
    "tblFrameOrderShares",
    FRAME_ORDERS_SHEET,
    FRAME_ORDERS.first_row,
    tuple(Column(title, 0.5, Kind.PERCENT) for title, _ in CHART_FORMULAS),
    first_column=15,
)
"""What the chart reads: a table of its own, so that the chart follows its rows."""


PREVIEW_COLUMNS = (
    Column("Document", 22),
    Column("Line", 14, Kind.COUNT),
    Column("Project", 16),
    Column("Description", 50, Kind.PROSE),
    Column("Qty", 12, Kind.QUANTITY),
    Column("Unit", 9),
    Column("Unit price", 14, Kind.RATE),
    Column("Amount", 15, Kind.MONEY),
    Column("Tax", 11),
    Column("Currency", 13),
)
PREVIEW = TableLayout(
    "tblPreview",
    PREVIEW_SHEET,
    12,
    PREVIEW_COLUMNS,
    highlights=(lined("Document", PREVIEW_COLUMNS),),
)

INVOICE_COLUMNS = (
    Column("Number", 17),
    Column("Kind", 13),
    Column("Customer", 13),
    Column("Issued", 12, Kind.DATE),
    Column("Due", 12, Kind.DATE),
    Column("Hours", 11, Kind.QUANTITY),
    Column("Subtotal", 13, Kind.MONEY),
    Column("Tax", 12, Kind.MONEY),
    Column("Total", 13, Kind.MONEY),
    Column("Paid", 13, Kind.MONEY),
    Column("Credited", 13, Kind.MONEY),
    Column("Refunded", 13, Kind.MONEY),
    Column("Written off", 13, Kind.MONEY),
    Column("Outstanding", 14, Kind.MONEY),
    Column("Currency", 13),
    Column("Status", 12),
    Column("Overdue days", 15, Kind.COUNT),
    Column("Corrects", 15),
    Column("Action", 20),
    Column("Action amount", 16, Kind.MONEY),
    Column("Action date", 15, Kind.DATE),
    Column("Action note", 30),
)
IS_OVERDUE = "N([Overdue days])>0"
INVOICES = TableLayout(
    "tblInvoices",
    INVOICES_SHEET,
    6,
    INVOICE_COLUMNS,
    highlights=(
        Highlight(("Status",), said("Status", StatusWord.PAID), GOOD),
        Highlight(("Status",), said("Status", StatusWord.PART_PAID), CAUTION),
        Highlight(("Status",), said("Status", StatusWord.OVERDUE), BAD),
        Highlight(("Status",), said("Status", StatusWord.DRAFT), FADED),
        Highlight(("Status",), said("Status", StatusWord.VOID), STRUCK),
        Highlight(("Status",), said("Status", StatusWord.CREDITED), FADED),
        Highlight(("Status",), '[Status]<>""', NEUTRAL),
        Highlight(("Due", "Outstanding", "Overdue days"), IS_OVERDUE, ALARM),
        Highlight(("Action", "Action amount", "Action date", "Action note"), '[Number]<>""', INPUT),
        lined("Number", INVOICE_COLUMNS),
    ),
    rules=(("Action", ACTION_RULE), ("Action amount", AMOUNT_RULE), ("Action date", DATE_RULE)),
)

CHECK_COLUMNS = (
    Column("Where", 28, Kind.LINK),
    Column("What", 62, Kind.PROSE),
    Column("What to do", 62, Kind.PROSE),
    Column("Code", 14),
)
CHECKS = TableLayout(
    "tblChecks",
    CHECKS_SHEET,
    4,
    CHECK_COLUMNS,
    highlights=(lined("What", CHECK_COLUMNS),),
)

SHEETS = (
    SheetLayout(
        BILLING_SHEET,
        "Choose a customer and a billing date, then load the unbilled entries.",
        BRAND,
        "A11",
        CUSTOMERS,
        shows_customer=False,
    ),
    SheetLayout(
        ENTRIES_SHEET,
        "Set Decision to Bill, Defer or Write off; an empty one counts as Bill. "
        "A write-off needs a reason. The tiles move as you decide.",
        BILL_COLOUR,
        "A10",
        ENTRIES,
    ),
    SheetLayout(
        LEFT_OUT_SHEET,
        "Open entries of this customer that were not loaded, with the reason. Nothing to fill in.",
        "8A97A6",
        "A5",
        LEFT_OUT,
    ),
    SheetLayout(
        FRAME_ORDERS_SHEET,
        f'Choose the frame order that this run draws on, or "{NO_FRAME_ORDER}".',
        THIS_INVOICE_COLOUR,
        "A7",
        FRAME_ORDERS,
    ),
    SheetLayout(
        PREVIEW_SHEET,
        "Set the options, preview, read every line, then issue. A preview writes nothing.",
        BRAND,
        "A13",
        PREVIEW,
        least_width=12,
    ),
    SheetLayout(
        INVOICES_SHEET,
        "Choose an Action per invoice, with amount, date and note; "
        "then run the actions for all rows at once.",
        BRAND,
        "B7",
        INVOICES,
        shows_customer=False,
    ),
    PROJECTS_VIEW,
    PRO_FORMA_VIEW,
    SheetLayout(
        CHECKS_SHEET,
        "What the last run found: where it is, what is wrong, what to do. Empty means all is well.",
        WRITE_OFF_COLOUR,
        "A5",
        CHECKS,
        shows_customer=False,
    ),
)
TABLES = tuple(sheet.table for sheet in SHEETS)
WIZARD_TABLES = tuple(table for table in TABLES if table not in {PROJECTS, PRO_FORMA})
"""What every version of the workbook has."""

IMPORT_FILE = "timix_import_file"
INPUT_CELLS = (
    NamedCell(
        "timix_customer", BILLING_SHEET, "B4", "Customer", label_cell="A4", rule=CUSTOMER_RULE
    ),
    NamedCell(
        "timix_billing_date", BILLING_SHEET, "B5", "Billing date", Kind.DATE, "A5", rule=DATE_RULE
    ),
    NamedCell(IMPORT_FILE, BILLING_SHEET, "B6", "Import file", label_cell="A6"),
    NamedCell(
        "timix_frame_order",
        FRAME_ORDERS_SHEET,
        "B4",
        "Frame order",
        label_cell="A4",
        rule=FRAME_ORDER_RULE,
    ),
    NamedCell(
        "timix_issue_date", PREVIEW_SHEET, "B4", "Issue date", Kind.DATE, "A4", rule=DATE_RULE
    ),
    NamedCell(
        "timix_period_from", PREVIEW_SHEET, "B5", "Period from", Kind.DATE, "A5", rule=DATE_RULE
    ),
    NamedCell("timix_period_to", PREVIEW_SHEET, "B6", "Period to", Kind.DATE, "A6", rule=DATE_RULE),
    NamedCell(
        "timix_payment_terms",
        PREVIEW_SHEET,
        "B7",
        "Payment terms (days)",
        Kind.COUNT,
        "A7",
        rule=DAYS_RULE,
    ),
    NamedCell(
        "timix_group_by",
        PREVIEW_SHEET,
        "B8",
        "Group lines by",
        label_cell="A8",
        preset=GroupByWord.ENTRY.value,
        rule=GROUP_BY_RULE,
    ),
    NamedCell("timix_po_number", PREVIEW_SHEET, "D5", "PO number", label_cell="D4"),
    NamedCell("timix_buyer_reference", PREVIEW_SHEET, "D7", "Buyer reference", label_cell="D6"),
    NamedCell("timix_notes", PREVIEW_SHEET, "D9", "Notes", Kind.PROSE, "D8", merged_to="D10"),
    NamedCell(
        "timix_filter_customer",
        INVOICES_SHEET,
        "B4",
        "Show customer",
        label_cell="A4",
        rule=CUSTOMER_RULE,
    ),
    NamedCell(
        "timix_filter_status", INVOICES_SHEET, "D4", "Status", label_cell="C4", rule=STATUS_RULE
    ),
    *PROJECT_INPUTS,
    *PRO_FORMA_INPUTS,
)
STATUS_CELL = NamedCell(
    "timix_status", BILLING_SHEET, "B7", "Last result", Kind.PROSE, "A7", merged_to="I7"
)
SUMMARY_DATES = (
    NamedCell("timix_summary_dated", PREVIEW_SHEET, "H9", "Dated", Kind.DATE, "F9"),
    NamedCell("timix_summary_due", PREVIEW_SHEET, "H10", "Due", Kind.DATE, "F10"),
)
"""Came within version 2: a workbook of before has none of them."""
SUMMARY_CELLS = (
    NamedCell("timix_summary_documents", PREVIEW_SHEET, "H4", "Documents", Kind.COUNT, "F4"),
    NamedCell("timix_summary_hours", PREVIEW_SHEET, "H5", "Hours", Kind.QUANTITY, "F5"),
    NamedCell("timix_summary_subtotal", PREVIEW_SHEET, "H6", "Subtotal", Kind.MONEY, "F6"),
    NamedCell("timix_summary_tax", PREVIEW_SHEET, "H7", "Tax", Kind.MONEY, "F7"),
    NamedCell("timix_summary_total", PREVIEW_SHEET, "H8", "Total", Kind.MONEY, "F8"),
    NamedCell("timix_summary_written_off", PREVIEW_SHEET, "L4", "Written off", Kind.MONEY, "J4"),
    NamedCell("timix_summary_deferred", PREVIEW_SHEET, "L5", "Deferred", Kind.MONEY, "J5"),
    NamedCell("timix_summary_rounding", PREVIEW_SHEET, "L6", "Rounding", Kind.MONEY, "J6"),
    NamedCell(
        "timix_summary_draw_before",
        PREVIEW_SHEET,
        "L7",
        "Frame order before",
        Kind.QUANTITY,
        "J7",
    ),
    NamedCell(
        "timix_summary_draw_after", PREVIEW_SHEET, "L8", "Frame order after", Kind.QUANTITY, "J8"
    ),
    NamedCell("timix_summary_draw_unit", PREVIEW_SHEET, "L9", "Frame order unit", Kind.TEXT, "J9"),
    *SUMMARY_DATES,
)
STATUS_HIGHLIGHTS = (
    ('RIGHT(TRIM($B$7),1)="]"', BAD),  # a refusal ends in its code
    ('$B$7<>""', GOOD),
)
CUSTOMER_SHOWN_CELL = "D1"
CUSTOMER_SHOWN_FORMAT = '"Customer "@'
LEGEND_CELL, LEGEND_TEXT_CELL = "A8", "B8"
STEPS = (
    (
        "D4",
        "1  Refresh customers, choose one and a date     2  Load unbilled     3  Entries: decide",
    ),
    ("D5", "4  Frame orders: choose     5  Preview     6  Issue"),
    ("D6", "The button Import entries... asks for a file; or write its path here yourself"),
)
SUMMARY_TOTAL = "timix_summary_total"
HIDDEN_LABEL_COLUMN = "K"
HIDDEN_VALUE_COLUMN = "L"


def hidden(row: int, name: str, kind: Kind = Kind.TEXT, preset: int | None = None) -> NamedCell:
    """Return a cell in the hidden columns of the Billing sheet; its label is its name."""
    cell, label_cell = f"{HIDDEN_VALUE_COLUMN}{row}", f"{HIDDEN_LABEL_COLUMN}{row}"
    return NamedCell(name, BILLING_SHEET, cell, name, kind, label_cell, preset=preset)


def of_pro_forma(
    row: int, what: str, kind: Kind = Kind.TEXT, preset: int | None = None
) -> NamedCell:
    """Return a hidden cell about the loaded pro forma; its label is its name."""
    name = f"timix_pro_forma_{what}"
    return NamedCell(name, BILLING_SHEET, f"P{row}", name, kind, f"O{row}", preset=preset)


LOADED_CUSTOMER = "timix_loaded_customer"
CURRENCY_DIGITS = "timix_currency_digits"
PREVIEW_ROUNDING = "timix_preview_rounding"
PREVIEW_BILL_AMOUNT = "timix_preview_bill_amount"
REGISTER_REQUEST = "timix_register_request"
LAST_ISSUE = "timix_last_issue"
PROJECTS_REQUEST = "timix_projects_request"
# In rows above the table only: a filter of tblCustomers hides rows below its header.
HIDDEN_CELLS = (
    hidden(1, LOADED_CUSTOMER),
    hidden(2, "timix_loaded_billing_date", Kind.DATE),
    hidden(3, "timix_loaded_at", Kind.TEXT),
    hidden(4, "timix_store_id"),
    hidden(5, "timix_workbook_version", Kind.COUNT, WORKBOOK_VERSION),
    hidden(6, "timix_request"),
    hidden(7, "timix_loaded_count", Kind.COUNT),
    hidden(8, CURRENCY_DIGITS, Kind.COUNT, 2),
    NamedCell(PREVIEW_ROUNDING, BILLING_SHEET, "N1", PREVIEW_ROUNDING, Kind.MONEY, label_cell="M1"),
    NamedCell(
        PREVIEW_BILL_AMOUNT, BILLING_SHEET, "N2", PREVIEW_BILL_AMOUNT, Kind.MONEY, label_cell="M2"
    ),
    NamedCell(REGISTER_REQUEST, BILLING_SHEET, "N3", REGISTER_REQUEST, label_cell="M3"),
    NamedCell(LAST_ISSUE, BILLING_SHEET, "N4", LAST_ISSUE, label_cell="M4"),
    of_pro_forma(1, "loaded"),
    of_pro_forma(2, "version", Kind.COUNT),
    of_pro_forma(3, "store_id"),
    of_pro_forma(4, "digits", Kind.COUNT, 2),
    of_pro_forma(5, "loaded_lines", Kind.COUNT),
    of_pro_forma(6, "last_row", Kind.COUNT),
    of_pro_forma(7, "request"),
    NamedCell(PROJECTS_REQUEST, BILLING_SHEET, "P8", PROJECTS_REQUEST, label_cell="O8"),
)
EXTRA_WIDTHS: dict[str, dict[str, float]] = {
    BILLING_SHEET: {"J": 4},
    FRAME_ORDERS_SHEET: {"M": 2, "O": 0.5, "P": 0.5, "Q": 0.5, "R": 0.5, "S": 0.5},
    PREVIEW_SHEET: {"K": 12, "L": 15},
}
HIDDEN_COLUMNS = {
    BILLING_SHEET: ("K", "L", "M", "N", "O", "P"),
    FRAME_ORDERS_SHEET: ("N",),
    PRO_FORMA_SHEET: (PRO_FORMA_CHOICES_COLUMN, PRO_FORMA_ORDER_CHOICES_COLUMN),
}

ENTRY_CARDS = (
    Card(
        ENTRIES_SHEET,
        4,
        "To bill",
        "A",
        "B",
        BILL_COLOUR,
        "timix_bill_amount",
        "timix_bill_hours",
        "timix_bill_count",
    ),
    Card(
        ENTRIES_SHEET,
        4,
        "Deferred",
        "C",
        "D",
        DEFER_COLOUR,
        "timix_defer_amount",
        "timix_defer_hours",
        caption="comes back next time",
    ),
    Card(
        ENTRIES_SHEET,
        4,
        "Written off",
        "E",
        "E",
        WRITE_OFF_COLOUR,
        "timix_write_off_amount",
        "timix_write_off_hours",
        caption="not billed unless restored",
    ),
    Card(
        ENTRIES_SHEET,
        4,
        "Loaded",
        "F",
        "H",
        BRAND,
        "timix_loaded_amount",
        "timix_loaded_hours",
        caption="all rows of this sheet",
    ),
    Card(
        ENTRIES_SHEET,
        4,
        "Rounding",
        "I",
        "J",
        "8A97A6",
        "timix_rounding",
        caption="from grouping; by Preview",
    ),
)


CARDS = (*ENTRY_CARDS, *PRO_FORMA_CARDS)
TILE_CELLS = tuple(cell for card in CARDS for cell in card.tiles)
NAMED_CELLS = (
    *INPUT_CELLS,
    STATUS_CELL,
    *SUMMARY_CELLS,
    *PRO_FORMA_FACTS,
    *HIDDEN_CELLS,
    *TILE_CELLS,
)
MONEY_CELLS = tuple(
    cell for cell in NAMED_CELLS if cell.kind is Kind.MONEY and cell.sheet != PRO_FORMA_SHEET
)
"""The cells whose format follows the loaded currency: `money_format(digits)`."""


def sheet_of(name: str) -> SheetLayout:
    """Return the layout of a sheet."""
    return next(sheet for sheet in SHEETS if sheet.name == name)


def named_cell(name: str) -> NamedCell:
    """Return the cell of a name."""
    return next(cell for cell in NAMED_CELLS if cell.name == name)


def cells_of(sheet: str) -> tuple[NamedCell, ...]:
    """Return the named cells of a sheet."""
    return tuple(cell for cell in NAMED_CELLS if cell.sheet == sheet)
