"""The register: every document with what events have made of it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from timix_xl.domain.invoices import (
    Document,
    DocumentKind,
    PaidState,
    Status,
    outstanding,
    paid_state,
)
from timix_xl.domain.money import ZERO, total
from timix_xl.store import documents
from timix_xl.store.database import Store
from timix_xl.store.documents import EventKind, Happening, OpeningInvoice, StoredDocument

_STATUS_OF = {
    EventKind.ISSUED: Status.ISSUED,
    EventKind.SENT: Status.SENT,
    EventKind.VOID: Status.VOID,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A document as of a day; money in its currency. `stored` is None for an opening invoice."""

    number: str | None
    kind: DocumentKind
    customer: str
    currency: str
    issue_date: dt.date
    due_date: dt.date
    hours: Decimal
    subtotal: Decimal
    tax: Decimal
    total: Decimal
    status: Status
    paid: Decimal
    refunded: Decimal
    credited: Decimal
    outstanding: Decimal
    paid_state: PaidState | None
    overdue_days: int
    written_off: Decimal = ZERO
    """What of the receivable nobody waits for any more."""
    set_off: Decimal = ZERO
    """What of the payments came from other invoices by offset, less what went to others."""
    void: Happening | None = None
    corrects: str | None = None
    corrected_by: tuple[str, ...] = ()
    stored: StoredDocument | None = None

    @property
    def state(self) -> str:
        """The one word for the register: void, draft, paid state, or sent and issued."""
        if self.status in {Status.VOID, Status.DRAFT} or self.paid_state is None:
            return self.status.value
        if self.paid_state is PaidState.OPEN:
            return self.status.value
        return self.paid_state.value

    @property
    def counts(self) -> bool:
        """Whether its paper counts in sums: of a void, only one that a credit note took back."""
        if self.status is Status.VOID:
            return bool(self.corrected_by)
        return self.status is not Status.DRAFT


def register(
    store: Store,
    *,
    today: dt.date,
    customer: str | None = None,
    status: str | None = None,
    as_of: dt.date | None = None,
) -> list[Standing]:
    """Return the documents (and opening invoices) as of the end of a day, filtered.

    As of a day there are no drafts: nothing tells what was a draft then.
    `status` takes the stored words and paid, part_paid, overdue, credited, open.
    """
    day = as_of or today
    with store.reading() as connection:
        heads = documents.heads(connection, customer=customer)
        opening = documents.opening_invoices(connection, customer, as_of)
    standings = [
        *(opening_standing(one, day) for one in opening),
        *(standing(head, day, as_of) for head in heads),
    ]
    if as_of:
        standings = [
            one for one in standings if one.issue_date <= as_of and one.status is not Status.DRAFT
        ]
    return [one for one in standings if status is None or _fits(one, status)]


def _fits(one: Standing, status: str) -> bool:
    word = status.replace("-", "_")
    live = one.status is not Status.VOID
    return one.status.value == word or (
        live and one.paid_state is not None and one.paid_state.value == word
    )


def standing(head: StoredDocument, today: dt.date, as_of: dt.date | None = None) -> Standing:
    """Derive what events have made of a document by the end of a day (None: so far)."""
    events = [one for one in head.events if as_of is None or one.date <= as_of]
    status = _status(head, events, as_of)
    notes = [one for one in head.corrections if as_of is None or one.date <= as_of]
    sums = {
        "paid": _sum(events, EventKind.PAID) - _sum(events, EventKind.UNPAID),
        "refunded": _sum(events, EventKind.REFUNDED),
        "credited": -total(one.total for one in notes),
        "written_off": _sum(events, EventKind.WRITTEN_OFF) - _sum(events, EventKind.REINSTATED),
    }
    # What a credit note takes off stands as credited with its invoice.
    owes = status in {Status.ISSUED, Status.SENT} and head.corrects is None
    state = paid_state(total=head.total, **sums, due=head.due_date, today=today) if owes else None
    return Standing(
        number=head.number,
        kind=head.kind,
        customer=head.customer,
        currency=head.currency,
        issue_date=head.issue_date,
        due_date=head.due_date,
        hours=head.hours,
        subtotal=head.subtotal,
        tax=head.tax,
        total=head.total,
        status=status,
        **sums,
        outstanding=outstanding(total=head.total, **sums) if owes else ZERO,
        paid_state=state,
        overdue_days=(today - head.due_date).days if state is PaidState.OVERDUE else 0,
        set_off=_set_off(events),
        void=next((one for one in events if one.kind is EventKind.VOID), None),
        corrects=head.corrects,
        corrected_by=tuple(one.number for one in notes),
        stored=head,
    )


def _status(head: StoredDocument, events: Sequence[Happening], as_of: dt.date | None) -> Status:
    if as_of is None:
        return head.status
    statuses = [_STATUS_OF[one.kind] for one in events if one.kind in _STATUS_OF]
    return statuses[-1] if statuses else Status.DRAFT


def _sum(events: Sequence[Happening], kind: EventKind) -> Decimal:
    return total(one.amount for one in events if one.kind is kind and one.amount is not None)


def _set_off(events: Sequence[Happening]) -> Decimal:
    moved = [one for one in events if one.offset]
    came = _sum(moved, EventKind.PAID)
    return came - _sum(moved, EventKind.REFUNDED) - _sum(moved, EventKind.UNPAID)


def opening_standing(one: OpeningInvoice, today: dt.date) -> Standing:
    """Return an unpaid invoice of the system before, as it stands."""
    state = paid_state(
        total=one.total, paid=one.paid, refunded=ZERO, credited=ZERO, due=one.due_date, today=today
    )
    return Standing(
        number=one.number,
        kind=DocumentKind.INVOICE,
        customer=one.customer,
        currency=one.currency,
        issue_date=one.issue_date,
        due_date=one.due_date,
        hours=ZERO,
        subtotal=one.total,
        tax=ZERO,
        total=one.total,
        status=Status.SENT,
        paid=one.paid,
        refunded=ZERO,
        credited=ZERO,
        outstanding=one.total - one.paid,
        paid_state=state,
        overdue_days=(today - one.due_date).days if state is PaidState.OVERDUE else 0,
    )


def whole(store: Store, standings: Sequence[Standing]) -> list[tuple[Standing, Document | None]]:
    """Pair standings with their documents whole, as printed."""
    ids = [one.stored.id for one in standings if one.stored]
    with store.reading() as connection:
        printed = documents.printed(connection, ids) if ids else {}
    return [(one, printed.get(one.stored.id) if one.stored else None) for one in standings]
