"""Pay: record a payment, part of one too, or take one back."""

import datetime as dt
from dataclasses import astuple, dataclass
from decimal import Decimal

from sqlalchemy import Connection

from timix_xl.billing import once
from timix_xl.billing.find import found
from timix_xl.billing.register import standing
from timix_xl.domain.invoices import DocumentKind, Status
from timix_xl.domain.money import in_minor, minor_digits, plain, plain_money, rounded, worded
from timix_xl.errors import DateOutOfOrder, PaymentRefused
from timix_xl.store import life
from timix_xl.store.chained import Actor, log
from timix_xl.store.database import Store
from timix_xl.store.documents import EventKind, StoredDocument

MOST = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class Booking:
    """A payment or a take-back; `amount` in the document's currency."""

    kind: EventKind
    amount: Decimal
    date: dt.date
    reference: str


def pay(
    store: Store,
    number: str,
    amount: Decimal,
    date: dt.date,
    *,
    actor: Actor,
    reference: str = "",
    request: str | None = None,
) -> None:
    """Record a payment in the document's currency.

    Raises UnknownDocument, RegisterOnly, PaymentRefused, DateOutOfOrder, RequestReused. More than is outstanding is taken:
    the outstanding amount below zero is then owed to the customer.
    """
    booking = Booking(EventKind.PAID, amount, date, reference)
    _carry_out(store, number, booking, actor=actor, request=request)


def unpay(
    store: Store,
    number: str,
    amount: Decimal,
    date: dt.date,
    *,
    actor: Actor,
    reference: str = "",
    request: str | None = None,
) -> None:
    """Take a payment back, for example after a returned direct debit.

    Raises UnknownDocument, RegisterOnly, PaymentRefused (more than was paid), DateOutOfOrder,
    RequestReused.
    """
    booking = Booking(EventKind.UNPAID, amount, date, reference)
    _carry_out(store, number, booking, actor=actor, request=request)


def _carry_out(
    store: Store, number: str, booking: Booking, *, actor: Actor, request: str | None
) -> None:
    with store.writing() as connection:
        document = found(connection, number)
        asked = once.fingerprint([number, *astuple(booking)])
        if once.done_before(connection, request, asked) is not None:
            return
        _check(document, booking, actor)
        if booking.kind is EventKind.UNPAID:
            _check_paid(document, booking)
        _book(connection, document, booking, actor)
        once.remember(connection, request, booking.kind.value, asked)


def _check_paid(document: StoredDocument, booking: Booking) -> None:
    paid = _least_paid_from(document, booking.date)
    if booking.amount > paid:
        text = worded(paid, document.currency)
        what = f"only {text}" if paid else "nothing"
        why = f"{what} was paid by {booking.date}"
        raise _refused(document, booking, why, f"Please give at most {text}, or a later date.")


def _least_paid_from(document: StoredDocument, date: dt.date) -> Decimal:
    """Return what stays paid on every day from a date on: a take-back never leaves less than 0."""
    days = {date} | {one.date for one in document.events if one.date > date}
    return min(standing(document, day, as_of=day).paid for day in days)


def _check(document: StoredDocument, booking: Booking, actor: Actor) -> None:
    amount, date = booking.amount, booking.date
    if document.kind is not DocumentKind.INVOICE or document.status not in {
        Status.ISSUED,
        Status.SENT,
    }:
        why = f"it is {document.status.value}"
        raise _refused(document, booking, why, "Only an issued or sent invoice takes payments.")
    digits = minor_digits(document.currency)
    if not 0 < amount < MOST or amount != rounded(amount, document.currency):
        why = f"a payment is above zero and below a trillion, with at most {digits} decimals"
        raise _refused(document, booking, why, "Please write it like 120.50.")
    if not document.issue_date <= date <= max(actor.today, document.issue_date):
        early = date < document.issue_date
        last = max(actor.today, document.issue_date)
        raise DateOutOfOrder(
            action="A payment",
            number=document.number,
            date=date,
            why="that is before it was issued" if early else "that day has not come yet",
            instead=f"Please give a date from {document.issue_date} to {last}.",
        )


def _refused(document: StoredDocument, booking: Booking, why: str, instead: str) -> PaymentRefused:
    text = f"{plain(booking.amount)} {document.currency}"
    return PaymentRefused(amount=text, number=document.number, why=why, instead=instead)


def _book(connection: Connection, document: StoredDocument, booking: Booking, actor: Actor) -> None:
    kind, reference = booking.kind, booking.reference
    minor = in_minor(booking.amount, document.currency)
    life.save_event(
        connection, document.id, kind, booking.date, actor, amount=minor, reference=reference
    )
    after = {
        "amount": plain_money(booking.amount, document.currency),
        "currency": document.currency,
        "date": booking.date,
        "reference": reference,
    }
    log(connection, actor, kind.value, [(str(document.number), None, after)])
