"""Clockify: the detailed report as CSV; either of its two durations may be left out."""

from timix_xl.importing.timesheets.shapes import Fact, Shape

_NEEDED = {"user", "client", "project", "description", "start date", "start time"}
_COLUMNS = {
    Fact.CLIENT: ("client",),
    Fact.PROJECT: ("project",),
    Fact.TASK: ("task",),
    Fact.PERSON: ("user",),
    Fact.DESCRIPTION: ("description",),
    Fact.DATE: ("start date",),
    Fact.END_DATE: ("end date",),
    Fact.START: ("start time",),
    Fact.CLOCK: ("duration (h)",),
    Fact.HOURS: ("duration (decimal)",),
    Fact.BILLABLE: ("billable",),
    Fact.RATE: ("billable rate",),
    Fact.AMOUNT: ("billable amount",),
    Fact.INVOICED: ("invoiced",),
    Fact.INVOICE: ("invoice id",),
}

DETAILED = Shape("clockify", frozenset({*_NEEDED, "duration (h)"}), _COLUMNS)
DECIMAL = Shape("clockify", frozenset({*_NEEDED, "duration (decimal)"}), _COLUMNS)
