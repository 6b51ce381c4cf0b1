"""Harvest: the detailed time report, and the file that Harvest itself imports."""

from timix_xl.importing.timesheets.shapes import Fact, Shape

_COLUMNS = {
    Fact.CLIENT: ("client",),
    Fact.PROJECT: ("project",),
    Fact.PROJECT_CODE: ("project code",),
    Fact.TASK: ("task",),
    Fact.FIRST_NAME: ("first name",),
    Fact.LAST_NAME: ("last name",),
    Fact.PERSON_CODE: ("employee id",),
    Fact.DESCRIPTION: ("notes",),
    Fact.DATE: ("date",),
    Fact.HOURS: ("hours",),
    Fact.ROUNDED: ("hours rounded",),
    Fact.BILLABLE: ("billable?",),
    Fact.RATE: ("billable rate",),
    Fact.AMOUNT: ("billable amount",),
    Fact.CURRENCY: ("currency",),
    Fact.INVOICED: ("invoiced?",),
    Fact.APPROVED: ("approved?",),
}

DETAILED = Shape(
    "harvest",
    frozenset({"date", "client", "project", "task", "notes", "hours", "first name", "last name"}),
    _COLUMNS,
)
