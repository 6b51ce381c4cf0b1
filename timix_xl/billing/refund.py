"""Refund: pay back what is owed to a customer, or offset it against another invoice."""

import datetime as dt
from decimal import Decimal

from timix_xl.billing import once
from timix_xl.billing.booking import OUTSTANDING, OWED, Booking, book, carry_out, check
from timix_xl.billing.find import found
from timix_xl.errors import OffsetRefused
from timix_xl.store.chained import Actor
from timix_xl.store.database import Store
from timix_xl.store.documents import EventKind, StoredDocument


def refund(
    store: Store,
    number: str,
    amount: Decimal,
    date: dt.date,
    *,
    actor: Actor,
    reference: str = "",
    request: str | None = None,
) -> None:
    """Record that money which is owed to the customer was paid back.

    Raises UnknownDocument, RegisterOnly, PaymentRefused (more than is owed), DateOutOfOrder,
    PeriodClosed, RequestReused.
    """
    wanted = Booking(EventKind.REFUNDED, amount, date, reference)
    carry_out(store, number, wanted, actor=actor, request=request, limit=OWED)


def offset(
    store: Store,
    number: str,
    against: str,
    *,
    date: dt.date,
    actor: Actor,
    amount: Decimal | None = None,
    request: str | None = None,
) -> Decimal:
    """Move what is owed on one invoice to another of the same customer; returns the amount.

    Without an amount it is as much as is owed on the one and outstanding on the other. Raises
    UnknownDocument, RegisterOnly, OffsetRefused, PaymentRefused, DateOutOfOrder, PeriodClosed,
    RequestReused.
    """
    with store.writing() as connection:
        one, other = found(connection, number), found(connection, against)
        asked = once.fingerprint(["offset", number, against, date, amount])
        if first := once.done_before(connection, request, asked):
            return Decimal(first["amount"])
        _check_pair(one, other)
        most, room = OWED.on(one, date), OUTSTANDING.on(other, date)
        moved = min(most, room) if amount is None else amount
        if not most or not room:
            raise _refused(one, other, *_why_nothing(one, other, most))
        given = Booking(EventKind.REFUNDED, moved, date, f"offset against {against}")
        taken = Booking(EventKind.PAID, moved, date, f"offset from {number}")
        for document, booking, limit in ((one, given, OWED), (other, taken, OUTSTANDING)):
            check(connection, document, booking, actor)
            limit.check(document, booking)
            book(connection, document, booking, actor)
        once.remember(connection, request, "offset", asked, {"amount": str(moved)})
    return moved


def _check_pair(one: StoredDocument, other: StoredDocument) -> None:
    if one.id == other.id:
        raise _refused(one, other, "it is the same invoice", "Name another invoice.")
    instead = "Refund the one, and have the other paid."
    if one.customer != other.customer:
        raise _refused(one, other, f"that one is {other.customer}'s", instead)
    if one.currency != other.currency:
        raise _refused(one, other, f"that one is in {other.currency}", instead)


def _why_nothing(one: StoredDocument, other: StoredDocument, most: Decimal) -> tuple[str, str]:
    if not most:
        why = f"nothing is owed to {one.customer} on it"
        return why, "See what is outstanding: timix-xl invoices."
    return f"nothing is outstanding on {other.number}", "Name another invoice, or refund it."


def _refused(one: StoredDocument, other: StoredDocument, why: str, instead: str) -> OffsetRefused:
    return OffsetRefused(number=one.number, against=other.number, why=why, instead=instead)
