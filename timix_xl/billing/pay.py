"""Pay: record a payment, part of one too, or take one back."""

import datetime as dt
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

    Raises UnknownDocument, PaymentRefused, DateOutOfOrder. More than is outstanding is taken:
    the outstanding amount below zero is then owed to the customer.
    """
    with store.writing() as connection:
        document = found(connection, number)
        asked = once.fingerprint([EventKind.PAID, number, amount, date, reference])
        if once.done_before(connection, request, asked) is not None:
            return
        _check(document, amount, date, actor)
        _book(connection, document, EventKind.PAID, amount, date, reference, actor)
        once.remember(connection, request, EventKind.PAID.value, asked)


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

    Raises UnknownDocument, PaymentRefused (more than was paid), DateOutOfOrder.
    """
    with store.writing() as connection:
        document = found(connection, number)
        asked = once.fingerprint([EventKind.UNPAID, number, amount, date, reference])
        if once.done_before(connection, request, asked) is not None:
            return
        _check(document, amount, date, actor)
        paid = _least_paid_from(document, date)
        if amount > paid:
            text = worded(paid, document.currency)
            why = f"only {text} was paid by {date}" if paid else f"nothing was paid by {date}"
            raise _refused(document, amount, why, f"Please give at most {text}, or a later date.")
        _book(connection, document, EventKind.UNPAID, amount, date, reference, actor)
        once.remember(connection, request, EventKind.UNPAID.value, asked)


def _least_paid_from(document: StoredDocument, date: dt.date) -> Decimal:
    """Return what stays paid on every day from a date on: a take-back never leaves less than 0."""
    days = {date} | {one.date for one in document.events if one.date > date}
    return min(standing(document, day, as_of=day).paid for day in days)


def _check(document: StoredDocument, amount: Decimal, date: dt.date, actor: Actor) -> None:
    if document.kind is not DocumentKind.INVOICE or document.status not in {
        Status.ISSUED,
        Status.SENT,
    }:
        why = f"it is {document.status.value}"
        raise _refused(document, amount, why, "Only an issued or sent invoice takes payments.")
    digits = minor_digits(document.currency)
    if not 0 < amount < MOST or amount != rounded(amount, document.currency):
        why = f"a payment is above zero and below a trillion, with at most {digits} decimals"
        raise _refused(document, amount, why, "Please write it like 120.50.")
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


def _refused(document: StoredDocument, amount: Decimal, why: str, instead: str) -> PaymentRefused:
    text = f"{plain(amount)} {document.currency}"
    return PaymentRefused(amount=text, number=document.number, why=why, instead=instead)


def _book(
    connection: Connection,
    document: StoredDocument,
    kind: EventKind,
    amount: Decimal,
    date: dt.date,
    reference: str,
    actor: Actor,
) -> None:
    minor = in_minor(amount, document.currency)
    life.save_event(connection, document.id, kind, date, actor, amount=minor, reference=reference)
    after = {
        "amount": plain_money(amount, document.currency),
        "currency": document.currency,
        "reference": reference,
    }
    log(connection, actor, kind.value, [(str(document.number), None, after)])
