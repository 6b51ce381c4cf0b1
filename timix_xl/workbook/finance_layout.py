"""Names and places of the finance workbook: its sheets, tables, named cells and charts."""

from dataclasses import dataclass

from timix_xl.domain.ages import RECEIVABLE_AGES, WIP_AGES
from timix_xl.domain.wip import Flow
from timix_xl.workbook.highlights import lined, said
from timix_xl.workbook.kinds import Kind
from timix_xl.workbook.looks import (
    ALARM,
    BAD_TINT,
    BILL_COLOUR,
    BRAND,
    DEFER_COLOUR,
    NEUTRAL,
    REMAINING_COLOUR,
    THIS_INVOICE_COLOUR,
    WRITE_OFF_COLOUR,
    Look,
)
from timix_xl.workbook.shapes import Column, Highlight, NamedCell, SheetLayout, TableLayout

FINANCE_VERSION = 1
AGEING_SHEET = "Ageing"
RECEIVABLES_SHEET = "Receivables"
WIP_SHEET = "WIP by age"
ORDERS_SHEET = "Frame orders"
BURN_SHEET = "Burn"
ROLL_FORWARD_SHEET = "Roll-forward"

FIRST_ROW = 6
"""The header of a table; above it the head, and a row for named cells."""
HIDDEN_ROW = FIRST_ROW - 1
"""What only the program reads."""
CHART_CELL = "A6"
BELOW_CHART = 26
"""The header of a table that has its chart above it: both print on one page, one page wide."""
OWED = "Owed to customer"
AGES = tuple(age.name for age in RECEIVABLE_AGES)
WORK_AGES = tuple(age.name for age in WIP_AGES)
FLOWS = tuple(flow.value.replace("_", " ").capitalize() for flow in Flow)
MONTH_FORMAT = "yyyy-mm"


def moneys(*titles: str, width: float = 13) -> tuple[Column, ...]:
    """Return columns of money."""
    return tuple(Column(title, width, Kind.MONEY) for title in titles)


CUSTOMER = (Column("Customer", 13), Column("Name", 32, Kind.PROSE), Column("Currency", 10))
OVER_90 = "Over 90 days"

AGEING_COLUMNS = (*CUSTOMER, *moneys(*AGES), *moneys(OWED, width=18), *moneys("Total", width=14))
AGEING = TableLayout(
    "tblAgeing",
    AGEING_SHEET,
    BELOW_CHART,
    AGEING_COLUMNS,
    highlights=(
        Highlight((OVER_90,), f"N([{OVER_90}])>0", ALARM),
        Highlight((OWED,), f"N([{OWED}])<0", NEUTRAL),
        Highlight(("Total",), '[Customer]<>""', Look(bold=True)),
        lined("Customer", AGEING_COLUMNS),
    ),
)

RECEIVABLE_COLUMNS = (
    Column("Number", 18),
    Column("Kind", 13),
    *CUSTOMER,
    Column("Issued", 12, Kind.DATE),
    Column("Due", 12, Kind.DATE),
    *moneys("Total", "Paid", "Credited", "Refunded", "Written off"),
    *moneys("Outstanding", width=14),
    Column("Days overdue", 14, Kind.COUNT),
    Column("Age", 17),
    Column("Status", 11),
)
RECEIVABLES = TableLayout(
    "tblReceivables",
    RECEIVABLES_SHEET,
    FIRST_ROW,
    RECEIVABLE_COLUMNS,
    highlights=(
        Highlight(("Due", "Outstanding", "Days overdue", "Age"), "N([Days overdue])>0", ALARM),
        Highlight(("Outstanding",), "N([Outstanding])<0", NEUTRAL),
        lined("Number", RECEIVABLE_COLUMNS),
    ),
)

WIP_COLUMNS = (
    *CUSTOMER,
    Column("Hours", 11, Kind.QUANTITY),
    *moneys(*WORK_AGES),
    *moneys("Total", width=14),
    Column("Oldest", 12, Kind.DATE),
)
WIP = TableLayout(
    "tblWip",
    WIP_SHEET,
    BELOW_CHART,
    WIP_COLUMNS,
    highlights=(
        Highlight((OVER_90,), f"N([{OVER_90}])>0", ALARM),
        Highlight(("Total",), '[Customer]<>""', Look(bold=True)),
        lined("Customer", WIP_COLUMNS),
    ),
)

BURN_COLUMNS = (
    Column("Frame order", 18),
    Column("Customer", 13),
    Column("Title", 32, Kind.PROSE),
    Column("Unit", 7),
    Column("Total", 13, Kind.QUANTITY),
    Column("Billed", 13, Kind.QUANTITY),
    Column("Remaining", 13, Kind.QUANTITY),
    Column("Utilization", 14, Kind.PERCENT),
    Column("Per day", 11, Kind.QUANTITY),
    Column("Runs out", 12, Kind.DATE),
    Column("Valid to", 12, Kind.DATE),
    Column("State", 13),
)
# LibreOffice draws the bar of a share only where no other condition holds for the cell.
UNBARRED = tuple(column for column in BURN_COLUMNS if column.title != "Utilization")
RUNS_OUT_EARLY = '([Runs out]<>"")*([Valid to]<>"")*([Runs out]<[Valid to])'
BURN = TableLayout(
    "tblBurn",
    ORDERS_SHEET,
    BELOW_CHART,
    BURN_COLUMNS,
    highlights=(
        Highlight(("Remaining",), "N([Remaining])<0", ALARM),
        Highlight(("Runs out",), RUNS_OUT_EARLY, ALARM),
        Highlight(("Frame order", "Title"), said("State", "used up"), BAD_TINT),
        lined("Frame order", UNBARRED),
    ),
)

LEFT = "Left"
BURN_MONTH_COLUMNS = (
    Column("Frame order", 18),
    Column("Month", 12, Kind.DATE),
    Column("Unit", 7),
    Column("Drawn", 14, Kind.QUANTITY),
    Column("Remaining after", 17, Kind.QUANTITY),
    Column(LEFT, 10, Kind.PERCENT),
)
BURN_MONTHS = TableLayout(
    "tblBurnMonths",
    BURN_SHEET,
    BELOW_CHART,
    BURN_MONTH_COLUMNS,
    highlights=(
        Highlight(("Remaining after", LEFT), "N([Remaining after])<0", ALARM),
        lined("Frame order", BURN_MONTH_COLUMNS),
    ),
)

ROLL_FORWARD_COLUMNS = (
    Column("Customer", 13),
    Column("Name", 32, Kind.PROSE),
    Column("Unit", 7),
    *(Column(title, 13, Kind.QUANTITY) for title in FLOWS),
)
ROLL_FORWARD = TableLayout(
    "tblRollForward",
    ROLL_FORWARD_SHEET,
    FIRST_ROW,
    ROLL_FORWARD_COLUMNS,
    highlights=(
        Highlight((FLOWS[0], FLOWS[-1]), '[Customer]<>""', Look(bold=True)),
        lined("Customer", ROLL_FORWARD_COLUMNS),
    ),
)


def sheet(name: str, helper: str, colour: str, table: TableLayout) -> SheetLayout:
    """Return a sheet of this workbook; the head stays, and the header where it stands below it."""
    freeze = f"B{FIRST_ROW + 1}" if table.first_row == FIRST_ROW else "B4"
    return SheetLayout(name, helper, colour, freeze, table, shows_customer=False)


SHEETS = (
    sheet(
        AGEING_SHEET,
        "What customers owe, by days past the due date; what is owed to them is below zero.",
        BRAND,
        AGEING,
    ),
    sheet(
        RECEIVABLES_SHEET,
        "The documents behind the ageing: everything that is not settled.",
        BRAND,
        RECEIVABLES,
    ),
    sheet(
        WIP_SHEET,
        "Approved, billable, unbilled work at bill price, by days since the work was done.",
        BILL_COLOUR,
        WIP,
    ),
    sheet(
        ORDERS_SHEET,
        "What is used of each frame order, and the day on which it runs out if the pace holds.",
        THIS_INVOICE_COLOUR,
        BURN,
    ),
    sheet(
        BURN_SHEET,
        "What was drawn from each frame order, month by month, and what was left after it.",
        THIS_INVOICE_COLOUR,
        BURN_MONTHS,
    ),
    sheet(
        ROLL_FORWARD_SHEET,
        "How WIP came from the opening to the closing figure of the last whole month. "
        "Billed, written off and held are taken away.",
        "8A97A6",
        ROLL_FORWARD,
    ),
)
TABLES = tuple(each.table for each in SHEETS)

AS_OF = "timix_finance_as_of"
COMPANY = "timix_finance_company"
STORE = "timix_finance_store"
VERSION = "timix_finance_version"
MONTH = "timix_finance_month"
NAMED_CELLS = (
    NamedCell(AS_OF, AGEING_SHEET, "B4", "As of", Kind.DATE, "A4"),
    NamedCell(COMPANY, AGEING_SHEET, "E4", "Company", Kind.TEXT, "D4"),
    NamedCell(STORE, AGEING_SHEET, "B5", "Store", Kind.TEXT, "A5"),
    NamedCell(
        VERSION, ROLL_FORWARD_SHEET, "B5", "Version", Kind.COUNT, "A5", preset=FINANCE_VERSION
    ),
    NamedCell(MONTH, ROLL_FORWARD_SHEET, "B4", "Month", Kind.TEXT, "A4"),
)
AS_OF_SHOWN_CELL, AS_OF_SHOWN_AREA = "D1", "D1:F1"
AS_OF_SHOWN_FORMAT = '"As of "yyyy-mm-dd'

AGE_COLOURS = (BRAND, REMAINING_COLOUR, "F2C879", DEFER_COLOUR, WRITE_OFF_COLOUR)
WORK_COLOURS = (BRAND, REMAINING_COLOUR, DEFER_COLOUR, WRITE_OFF_COLOUR)


@dataclass(frozen=True, slots=True)
class ChartLayout:
    """A chart above its table: which columns it shows, in which colours."""

    title: str
    table: TableLayout
    categories: tuple[str, ...]
    series: tuple[str, ...]
    colours: tuple[str, ...]
    is_share: bool = False
    stands: bool = False


CHARTS = (
    ChartLayout(
        "Receivables by age, each customer in its own currency (two currencies do not compare)",
        AGEING,
        ("Customer",),
        AGES,
        AGE_COLOURS,
    ),
    ChartLayout(
        "WIP by age, each customer in its own currency (two currencies do not compare)",
        WIP,
        ("Customer",),
        WORK_AGES,
        WORK_COLOURS,
    ),
    ChartLayout(
        "Frame orders: share used",
        BURN,
        ("Frame order",),
        ("Utilization",),
        (BRAND,),
        is_share=True,
    ),
    ChartLayout(
        "Frame orders: share left, month by month",
        BURN_MONTHS,
        ("Frame order", "Month"),
        (LEFT,),
        (BRAND,),
        is_share=True,
        stands=True,
    ),
)
