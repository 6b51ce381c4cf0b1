"""Kimai: the timesheet export as CSV, with English or German labels."""

from timix_xl.importing.timesheets.shapes import Fact, Shape

ENGLISH = Shape(
    "kimai",
    frozenset({"date", "from", "to", "duration", "customer", "project", "activity"}),
    {
        Fact.CLIENT: ("customer",),
        Fact.PROJECT: ("project",),
        Fact.PROJECT_CODE: ("project number",),
        Fact.TASK: ("activity",),
        Fact.PERSON: ("name", "user"),
        Fact.PERSON_CODE: ("staff number",),
        Fact.DESCRIPTION: ("description",),
        Fact.DATE: ("date",),
        Fact.START: ("from",),
        Fact.HOURS: ("duration",),
        Fact.BILLABLE: ("billable",),
        Fact.RATE: ("hourly price",),
        Fact.AMOUNT: ("price",),
        Fact.CURRENCY: ("currency",),
        Fact.ORDER: ("order number",),
    },
)

GERMAN = Shape(
    "kimai",
    frozenset({"datum", "von", "bis", "dauer", "kunde", "projekt", "tätigkeit"}),
    {
        Fact.CLIENT: ("kunde",),
        Fact.PROJECT: ("projekt",),
        Fact.PROJECT_CODE: ("projektnummer",),
        Fact.TASK: ("tätigkeit",),
        Fact.PERSON: ("name", "benutzer"),
        Fact.PERSON_CODE: ("personalnummer",),
        Fact.DESCRIPTION: ("beschreibung",),
        Fact.DATE: ("datum",),
        Fact.START: ("von",),
        Fact.HOURS: ("dauer",),
        Fact.BILLABLE: ("abrechenbar",),
        Fact.RATE: ("preis pro stunde",),
        Fact.AMOUNT: ("preis",),
        Fact.CURRENCY: ("währung",),
        Fact.ORDER: ("bestellnummer",),
    },
)
