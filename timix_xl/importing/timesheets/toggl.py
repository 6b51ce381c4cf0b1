"""Toggl Track: the detailed report as CSV."""

from timix_xl.importing.timesheets.shapes import Fact, Shape

DETAILED = Shape(
    "toggl",
    frozenset({"user", "client", "project", "description", "start date", "start time", "duration"}),
    {
        Fact.CLIENT: ("client",),
        Fact.PROJECT: ("project",),
        Fact.TASK: ("task",),
        Fact.PERSON: ("user",),
        Fact.DESCRIPTION: ("description",),
        Fact.DATE: ("start date",),
        Fact.END_DATE: ("end date",),
        Fact.START: ("start time",),
        Fact.CLOCK: ("duration",),
        Fact.BILLABLE: ("billable",),
        Fact.AMOUNT: ("amount",),
    },
)
