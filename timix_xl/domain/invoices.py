"""Documents: invoice, line, tax line, what they bill; the transition table; derived states."""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from timix_xl.domain.customers import Address, Company
from timix_xl.domain.entries import Kind
from timix_xl.domain.money import ZERO
from timix_xl.domain.periods import ServicePeriod
from timix_xl.domain.tax import TaxCategory


class DocumentKind(StrEnum):
    """What a document is; each kind has a number series of its own."""

    INVOICE = "invoice"
    PRO_FORMA = "pro_forma"
    CREDIT_NOTE = "credit_note"


class Status(StrEnum):
    """The stored status; everything else is derived from events."""

    DRAFT = "draft"
    ISSUED = "issued"
    SENT = "sent"
    VOID = "void"


class PaidState(StrEnum):
    """What events make of an issued document."""

    CREDITED = "credited"
    PAID = "paid"
    OVERDUE = "overdue"
    PART_PAID = "part_paid"
    OPEN = "open"
    WRITTEN_OFF = "written_off"


class LineStatus(StrEnum):
    """What becomes of the part of a pro forma's line that is not invoiced."""

    BILL = "bill"
    """Nothing is left over."""
    HOLD_REMAINDER = "hold_remainder"
    WRITE_OFF_REMAINDER = "write_off_remainder"
    WRITE_OFF = "write_off"
    """All of it: nothing is invoiced."""


class Becomes(StrEnum):
    """What becomes of an entry that a credit note takes back."""

    BILL = "bill"
    """It becomes billable again."""
    WRITE_OFF = "write_off"


def draft_name(number: int) -> str:
    """Name a draft, which has no number, by its place."""
    return f"DRAFT-{number}"


def draft_place(name: str) -> int | None:
    """Return the place that a draft is named by; None if it is no draft's name.

    >>> draft_place("DRAFT-3"), draft_place("draft-3"), draft_place("INV-3")
    (3, 3, None)
    """
    match = re.fullmatch(r"DRAFT-([1-9]\d{0,15})", name, re.ASCII | re.IGNORECASE)
    return int(match[1]) if match else None


TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.ISSUED}),
    Status.ISSUED: frozenset({Status.SENT, Status.VOID}),
    Status.SENT: frozenset({Status.VOID}),
    Status.VOID: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """The customer (or one of its locations) as printed."""

    code: str
    name: str
    location: str | None = None
    address: Address = Address()
    tax_id: str = ""
    email: str = ""
    buyer_reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BilledEntry:
    """An entry as a document bills it: the annex, and what the entry was at that time."""

    entry: str
    line: int
    date: dt.date
    project: str
    task: str
    kind: Kind
    quantity: Decimal
    unit: str
    rate: Decimal
    amount: Decimal
    """What of the line's amount falls on this entry, in the document's currency."""
    exact_amount: Decimal
    """The entry's own amount, rounded by itself: the measure of the review sheet."""
    person: str | None = None
    person_name: str = ""
    item: str | None = None
    description: str = ""
    becomes: Becomes | None = None
    """On a credit note only."""
    own_quantity: Decimal | None = None
    """What the rule made of the entry, where that is not what is printed."""
    held: Decimal = ZERO
    """The entry's share of what its line holds back; the sum of all is the line's."""
    written_off: Decimal = ZERO
    raised: Decimal = ZERO
    """Its share of what was added to the line by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line: amount = quantity x unit price, rounded once."""

    line: int
    project: str
    task: str | None
    description: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    amount: Decimal
    tax_code: str
    tax_percent: Decimal
    kind: Kind
    date: dt.date | None = None
    person: str | None = None
    item: str | None = None
    entries: tuple[str, ...] = ()
    of_line: int | None = None
    """On a credit note: the line of the invoice that it corrects."""
    step: int | None = None
    """The step of the billing rule that made it; None for the default rule and by hand."""
    account_group: str | None = None
    """Of a line of the engine, or made by hand; else its entries tell it."""
    billed_quantity: Decimal | None = None
    """On a pro forma, and the invoice made from it: what the rule made of the entries."""
    billed_amount: Decimal | None = None
    status: LineStatus | None = None
    """On a pro forma, and the invoice made from it: what becomes of what is not invoiced."""
    held: Decimal = ZERO
    """What of the billed amount is held back, and becomes a remainder when it is issued."""
    written_off: Decimal = ZERO
    """What of the billed amount is written off when it is issued."""
    printed: bool = True
    """False for a line of zeros that only settles its entries: nobody prints it."""

    @property
    def only_settles(self) -> bool:
        """Whether nothing of it is invoiced: all of it is held or written off."""
        leaves_out = self.status not in {None, LineStatus.BILL}
        return leaves_out and not self.quantity and not self.amount


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxLine:
    """Tax of one code and percent on the sum of its lines."""

    code: str
    category: TaxCategory
    percent: Decimal
    base: Decimal
    amount: Decimal
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawDown:
    """A document's use of a frame order; `unit` is "h" or a currency."""

    frame_order: str
    unit: str
    before: Decimal
    drawn: Decimal
    after: Decimal
    title: str = ""
    po_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document whole: everything that is printed, and nothing that may change later.

    `number` is empty while a draft. Money is in `currency`; credit notes carry negative amounts.
    """

    kind: DocumentKind
    number: str
    customer: str
    currency: str
    billing_date: dt.date
    issue_date: dt.date
    due_date: dt.date
    payment_terms_days: int
    seller: Company
    buyer: Buyer
    lines: tuple[Line, ...]
    tax: tuple[TaxLine, ...]
    billed: tuple[BilledEntry, ...]
    period: ServicePeriod | None = None
    location: str | None = None
    po_number: str = ""
    notes: str = ""
    description: str = ""
    draw_down: DrawDown | None = None
    corrects: str | None = None
    """On a credit note: the number of the invoice (EN 16931, BT-25)."""
    corrects_date: dt.date | None = None
    """On a credit note: the issue date of that invoice (EN 16931, BT-26)."""

    @property
    def printed_lines(self) -> tuple[Line, ...]:
        """The lines that the customer sees."""
        return tuple(line for line in self.lines if line.printed)

    @property
    def subtotal(self) -> Decimal:
        """The sum of the lines."""
        return sum((line.amount for line in self.lines), ZERO)

    @property
    def total(self) -> Decimal:
        """The sum of the lines and their tax."""
        return self.subtotal + sum((tax.amount for tax in self.tax), ZERO)

    @property
    def hours(self) -> Decimal:
        """The hours on the lines."""
        return sum((line.quantity for line in self.lines if line.kind is Kind.TIME), ZERO)


def outstanding(
    *,
    total: Decimal,
    paid: Decimal,
    refunded: Decimal,
    credited: Decimal,
    written_off: Decimal = ZERO,
) -> Decimal:
    """Return what is still to be paid; below zero it is owed to the customer.

    `written_off` is what of the receivable nobody waits for any more: it settles like a payment.
    """
    return total - paid + refunded - credited - written_off


def paid_state(
    *,
    total: Decimal,
    paid: Decimal,
    refunded: Decimal,
    credited: Decimal,
    written_off: Decimal = ZERO,
    due: dt.date,
    today: dt.date,
) -> PaidState:
    """Return the first that fits of credited, paid, overdue, part paid, open.

    Settled without a payment, by a write-off, is not paid but written off.
    """
    left = outstanding(
        total=total, paid=paid, refunded=refunded, credited=credited, written_off=written_off
    )
    if total and credited == total:
        return PaidState.CREDITED
    if total < 0 and not left:
        return PaidState.PAID
    if left <= 0 <= total:
        return PaidState.WRITTEN_OFF if written_off and paid <= refunded else PaidState.PAID
    if left > 0 and today > due:
        return PaidState.OVERDUE
    return PaidState.PART_PAID if paid > refunded else PaidState.OPEN
