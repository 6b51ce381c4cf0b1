"""What is done with the demo's projects that are billed by rules, as data."""

from dataclasses import dataclass

from timix_xl.cli.demo.script import BILLING_DATE, at
from timix_xl.workbook.words import LineStatusWord

CUSTOMER = "NORDWIND"
SOURCES = ("demo/project-books.json", "demo/project-entries.csv")
RATES = "demo/project-rates.json"
"""The rate table again, with the rate that was missing."""
BEHIND, NEGOTIATED = "NW-BLADES", "NW-CONTROL"
"""A project that is months behind, and one that is billed by pro forma."""
UP_TO = BILLING_DATE

MONDAY = at("2026-02-23T09:30:00")
"""The customer comes over; what is due is billed."""
TUESDAY = at("2026-02-24T11:00:00")
"""The customer has answered: the pro formas are edited and released."""
MARCH = at("2026-03-02T10:00:00")
"""February is billed, and what January held back with it."""


@dataclass(frozen=True, slots=True)
class Put:
    """What is typed into one row of the Pro forma sheet, by column."""

    line: int | None
    """None for a line that is added: it goes into the first blank row."""
    cells: tuple[tuple[str, str | float], ...]
    why: str


MAIN, SUBCONTRACTED = "PF-00001", "PF-00002"
TYPED = (
    Put(2, (("Qty to invoice", 12.0),), "6 h wait for the acceptance: held back"),
    Put(
        6,
        (
            ("Amount to invoice", 296.25),
            ("Status", LineStatusWord.WRITE_OFF_REMAINDER.value),
        ),
        "what the limit for travel leaves; the rest is given up",
    ),
    Put(
        None,
        (
            ("Task", "20"),
            ("Description", "Spare connectors, left on board"),
            ("Qty to invoice", 1.0),
            ("Amount to invoice", 85.0),
        ),
        "agreed on the telephone: a line without an entry",
    ),
)
NEXT_MAIN, LEFT_ON_HOLD = "PF-00003", "PF-00004"
TYPED_LATER = (
    Put(3, (("Amount to invoice", 240.0),), "half of the check; the rest after the report"),
)
PRO_FORMAS = (MAIN, SUBCONTRACTED, NEXT_MAIN)
"""Of these the PDFs are written."""
INVOICES = tuple(f"INV-2026-{number:05d}" for number in range(16, 23))
REMARKS = {
    INVOICES[0]: "blades up to November: by rule, at the rates of the rate table",
    INVOICES[1]: "blades up to December",
    INVOICES[2]: "blades up to January, at the rates of the new year",
    INVOICES[3]: "survey, billed on demand in the mass run",
    INVOICES[4]: "load monitoring, January: released from PF-00001, with one line held back",
    INVOICES[5]: "subcontractors on an invoice of their own: released from PF-00002",
    INVOICES[6]: "load monitoring, February: with the remainder of January on a line",
    MAIN: "pro forma as the customer saw it: one line lowered, one cut, one added",
    SUBCONTRACTED: "pro forma of the invoice group SUBCON",
    NEXT_MAIN: "pro forma of February, with January's remainder",
}
"""What a reader finds in a file, by its name."""
