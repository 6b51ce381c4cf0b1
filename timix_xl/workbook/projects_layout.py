"""The Projects sheet: its table, its inputs, their places."""

from timix_xl.workbook.highlights import lined, said
from timix_xl.workbook.kinds import Kind
from timix_xl.workbook.looks import ALARM, BAD, BRAND, CAUTION, GREY_TEXT, NEUTRAL, Look
from timix_xl.workbook.rules import DATE_RULE, PROJECT_RULE
from timix_xl.workbook.shapes import Column, Highlight, NamedCell, SheetLayout, TableLayout
from timix_xl.workbook.words import DUE_NO, DUE_YES

PROJECTS_SHEET = "Projects"
PROJECT_COLUMNS = (
    Column("Project", 18),
    Column("Customer", 16),
    Column("Currency", 11),
    Column("Cost", 15, Kind.MONEY),
    Column("Invoiced", 15, Kind.MONEY),
    Column("Draft", 15, Kind.MONEY),
    Column("WIP", 15, Kind.MONEY),
    Column("Limit", 15, Kind.MONEY),
    Column("Margin", 15, Kind.MONEY),
    Column("Next billing date", 18, Kind.DATE),
    Column("Due", 8),
    Column("Name", 34),
    Column("Status", 13),
    Column("Pro forma", 34),
)
# What is invoiced or stands on open documents, against what may be.
PASSES_LIMIT = '([Limit]<>"")*(N([Invoiced])+N([Draft])>N([Limit]))'
PROJECTS = TableLayout(
    "tblProjects",
    PROJECTS_SHEET,
    8,
    PROJECT_COLUMNS,
    highlights=(
        Highlight(("Project",), '([Project]<>"")*([Project]=timix_project)', NEUTRAL),
        Highlight(("Limit",), PASSES_LIMIT, BAD),
        Highlight(("Margin",), "N([Margin])<0", ALARM),
        Highlight(("Due",), said("Due", DUE_YES), CAUTION),
        Highlight(("Due",), said("Due", DUE_NO), Look(font=GREY_TEXT)),
        lined("Project", PROJECT_COLUMNS),
    ),
)
PROJECTS_VIEW = SheetLayout(
    PROJECTS_SHEET,
    "Cost, invoiced, draft (on open documents), WIP and margin of every project. "
    "Choose one to bill it by its rules.",
    BRAND,
    "B9",
    PROJECTS,
    shows_customer=False,
)
BILL_PROJECT = "timix_project"
BILL_PROJECT_DATE = "timix_project_billing_date"
PROJECT_INPUTS = (
    NamedCell(
        BILL_PROJECT, PROJECTS_SHEET, "B4", "Bill project", label_cell="A4", rule=PROJECT_RULE
    ),
    NamedCell(
        BILL_PROJECT_DATE, PROJECTS_SHEET, "B5", "Billing date", Kind.DATE, "A5", rule=DATE_RULE
    ),
)
FIGURES_NOTE = (
    "Draft: on drafts and on pro formas that are not closed. WIP: approved and unbilled, at bill "
    "price. Margin: invoiced less cost."
)
PROJECT_NOTES = (
    ("C4", "Makes drafts, or a pro forma where the project is billed by pro forma."),
    ("C5", "Empty: every next billing date that has come, oldest first, each a run of its own."),
    ("A6", FIGURES_NOTE),
)
