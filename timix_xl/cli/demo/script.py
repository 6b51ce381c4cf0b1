"""What the accountant of the demo does, as data: who, when, and what is set in which cell."""

import datetime as dt
from dataclasses import dataclass

from timix_xl.domain.invoices import Becomes
from timix_xl.store.chained import Actor
from timix_xl.workbook.words import NO_FRAME_ORDER, ActionWord, DecisionWord, GroupByWord, RestWord

BILLING_DATE = dt.date(2026, 1, 31)
EVE = dt.date(2026, 1, 30)
"""The day before the first invoice of the demo: frame orders as of then are those before."""
ACCOUNTANT = "Maja Sjöberg"
COLLEAGUE = "Tomáš Dvořák"
BILL, DEFER, WRITE_OFF = DecisionWord.BILL, DecisionWord.DEFER, DecisionWord.WRITE_OFF


def at(stamp: str, user: str = ACCOUNTANT) -> Actor:
    """Return who acts, and when."""
    return Actor(user, dt.datetime.fromisoformat(stamp))


MONDAY = at("2026-02-02T09:00:00")
"""The books and the entries come in; the reviews are loaded."""
MONDAY_NOON = at("2026-02-02T11:30:00")
"""Decisions, previews, invoices."""
TUESDAY = at("2026-02-03T10:15:00", COLLEAGUE)
"""The invoices go out; one is taken back and made again."""
PAYDAY = at("2026-02-17T16:40:00")
"""The bank statements are booked."""
WEDNESDAY = at("2026-02-18T09:20:00")
"""A draft is made."""
FRIDAY = at("2026-02-20T14:30:00")
"""What the customers answered: the draft is issued, an entry credited. January is closed."""
MONTH = "2026-01"
PACK = f"month-end-{MONTH}.pdf"
FINANCE = f"finance-{FRIDAY.today}.xlsx"


@dataclass(frozen=True, slots=True)
class Vote:
    """A decision that is typed into the Entries sheet."""

    entry: str
    decision: DecisionWord
    reason: str = ""
    bill_quantity: str = ""
    """For an entry that is billed in part."""
    rest: RestWord = RestWord.DEFER


@dataclass(frozen=True, slots=True)
class Run:
    """What is typed into one customer's workbook before its invoices are issued."""

    customer: str
    group_by: GroupByWord = GroupByWord.ENTRY
    votes: tuple[Vote, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    """Named cells of the Preview and Frame orders sheets, and what is typed into them."""


FITTED = Run(
    "HANSE",
    GroupByWord.TASK,
    options=(("timix_buyer_reference", "Dock 7 / H. Petersen"),),
)
FIT_REASON = "frame order used up; new one asked for"
RUNS = (
    Run(
        "ALPEN",
        GroupByWord.PERSON,
        (Vote("T085", DEFER, "minutes not yet released"),),
        (("timix_frame_order", "AW-2025-088"), ("timix_notes", "Thank you for the good work.")),
    ),
    Run(
        "KLEIN",
        GroupByWord.TASK,
        (
            Vote("T098", DEFER, "guarantee claim on the drive is open"),
            Vote("T105", DEFER, "guarantee claim on the drive is open"),
            Vote("T113", WRITE_OFF, "our own update broke the export"),
        ),
    ),
    Run("THAMES", GroupByWord.ENTRY),
)
UNISSUED = Run(
    "STADT",
    GroupByWord.TASK,
    (
        Vote("T106", BILL),
        Vote("T107", DEFER, "two of us at one workshop: ask first"),
        Vote("M021", WRITE_OFF, "core boxes: included in the drilling price"),
    ),
    (("timix_frame_order", "SN-R-2026-03"),),
)
AGAIN = Run(
    "THAMES",
    GroupByWord.TASK,
    options=(
        ("timix_po_number", "TI-77120"),
        ("timix_issue_date", "2026-02-03"),
        ("timix_notes", "Replaces INV-2026-00013, which did not name your order."),
    ),
)
IN_PART = Run(
    "ALPEN",
    votes=(Vote("T085", BILL, "1 h of the 2.5 h is still disputed", "1.5"),),
    options=(("timix_frame_order", NO_FRAME_ORDER), ("timix_issue_date", "2026-02-18")),
)
ISSUED = tuple(dict.fromkeys(run.customer for run in (FITTED, *RUNS)))
CUSTOMERS = (*ISSUED, UNISSUED.customer)
CREDIT_NOTE = "CN-2026-00001"
NUMBERS = (*(f"INV-2026-{number:05d}" for number in range(8, 16)), CREDIT_NOTE)
"""The numbers that the demo's documents take; the old system has used the first seven."""


@dataclass(frozen=True, slots=True)
class Action:
    """A ballot of the Invoices sheet."""

    customer: str
    number: str
    action: ActionWord
    amount: str = ""
    date: str = ""
    note: str = ""


OUT = (
    Action("HANSE", "INV-2026-00008", ActionWord.SEND),
    Action("HANSE", "INV-2026-00009", ActionWord.SEND),
    Action("ALPEN", "INV-2026-00011", ActionWord.SEND),
    Action("KLEIN", "INV-2026-00012", ActionWord.SEND),
    Action("THAMES", "INV-2026-00013", ActionWord.VOID, note="customer's order number missing"),
)
PAID = (
    Action("HANSE", "INV-2026-00008", ActionWord.PAY, "5000.00", "2026-02-12", "part, bank 0212"),
    Action("KLEIN", "INV-2026-00012", ActionWord.PAY, "4601.04", "2026-02-16", "bank 0216"),
)


@dataclass(frozen=True, slots=True)
class Credit:
    """What is credited of an invoice, and what becomes of it."""

    number: str
    entry: str
    becomes: Becomes
    reason: str


CREDITED = Credit(
    "INV-2026-00012",
    "T020",
    Becomes.WRITE_OFF,
    "The template had been promised with the bench",
)
AGREED = Action("ALPEN", "", ActionWord.ISSUE, date="2026-02-20")
"""The ballot on the draft, whose name the store gives."""
REMARKS = {
    "INV-2026-00008": "invoice for Hamburg, drawn from the hours of the frame order; part-paid",
    "INV-2026-00009": "invoice for Wismar, the other location of the same run",
    "INV-2026-00010": "invoice of a task that is billed separately",
    "INV-2026-00011": "invoice with reverse charge; its money order is overdrawn, as it allows",
    "INV-2026-00012": "invoice with three tax rates, rounding and a correction; paid, then credited in part",
    "INV-2026-00013": "voided invoice in pounds",
    "INV-2026-00014": "the invoice that took its place",
    "INV-2026-00015": "invoice of a part of one entry; it was a draft first",
    CREDIT_NOTE: "credit note for one entry of INV-2026-00012",
    PACK.removesuffix(".pdf"): "the month-end pack of January, closed",
    FINANCE.removesuffix(".xlsx"): "the balances: receivables, WIP, frame orders, roll-forward",
}
"""What a reader finds in a file, by its name."""
