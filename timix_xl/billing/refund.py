"""Refund: pay back what is owed to a customer, or offset it against another invoice."""

import datetime as dt
from decimal import Decimal
from typing import TypeAlias

from timix_xl.billing import once
from timix_xl.billing.booking import OUTSTANDING, OWED, Booking, Limit, book, carry_out, check
from timix_xl.billing.find import found
from timix_xl.domain.money import ZERO, total, worded
from timix_xl.errors import OffsetRefused
from timix_xl.store.chained import Actor
from timix_xl.store.database import Store
from timix_xl.store.documents import EventKind, StoredDocument

Half: TypeAlias = tuple[StoredDocument, Booking, Limit | None]
"""One side of an offset, and how much there is to move."""


def refund(
    store: Store,
    number: str,
    amount: Decimal,
    date: dt.date | None,
    *,
    actor: Actor,
    reference: str = "",
    request: str | None = None,
) -> None:
    """Record that money which is owed to the customer was paid back.

    Raises UnknownDocument, RegisterOnly, PaymentRefused (more than is owed), DateOutOfOrder,
    PeriodClosed, RequestReused.
    """
    wanted = Booking(EventKind.REFUNDED, amount, date or actor.today, reference)
    carry_out(store, number, wanted, given=date, actor=actor, request=request, limit=OWED)


def offset(
    store: Store,
    number: str,
    against: str,
    *,
    date: dt.date | None,
    actor: Actor,
    amount: Decimal | None = None,
    undo: bool = False,
    request: str | None = None,
) -> Decimal:
    """Move what is owed on one invoice to another of the same customer; returns the amount.

    Without an amount it is as much as is owed on the one and outstanding on the other. `undo`
    moves back what was moved between the two, or a part of it. Raises UnknownDocument, RegisterOnly, OffsetRefused, PaymentRefused, DateOutOfOrder, PeriodClosed,
    RequestReused.
    """
    with store.writing() as connection:
        one, other = found(connection, number), found(connection, against)
        asked = once.fingerprint(["offset", number, against, date, amount, *["undo"] * undo])
        if first := once.done_before(connection, request, asked):
            return Decimal(first["amount"])
        _check_pair(one, other)
        moved, halves = (_back if undo else _over)(one, other, amount, date or actor.today)
        for document, booking, limit in halves:
            check(connection, document, booking, actor)
            if limit:
                limit.check(document, booking)
            book(connection, document, booking, actor)
        once.remember(connection, request, "offset", asked, {"amount": str(moved)})
    return moved


def _over(
    one: StoredDocument, other: StoredDocument, amount: Decimal | None, date: dt.date
) -> tuple[Decimal, tuple[Half, ...]]:
    """Pay back on the one what is paid on the other."""
    most, room = OWED.on(one, date), OUTSTANDING.on(other, date)
    if not most or not room:
        raise _refused(one, other, *_why_nothing(one, other, most))
    moved, here, there = (
        min(most, room) if amount is None else amount,
        str(one.number),
        str(other.number),
    )
    given = Booking(EventKind.REFUNDED, moved, date, f"offset against {there}", offset=there)
    taken = Booking(EventKind.PAID, moved, date, f"offset from {here}", offset=here)
    return moved, ((one, given, OWED), (other, taken, OUTSTANDING))


def _back(
    one: StoredDocument, other: StoredDocument, amount: Decimal | None, date: dt.date
) -> tuple[Decimal, tuple[Half, ...]]:
    """Take back on the other what was moved to it, and let the one have it again."""
    here, there = str(one.number), str(other.number)
    moves = {EventKind.PAID: 1, EventKind.UNPAID: -1}
    most = total(
        moves[each.kind] * (each.amount or ZERO)
        for each in other.events
        if each.offset == here and each.kind in moves and each.date <= date
    )
    moved = most if amount is None else amount
    if not 0 < moved <= most:
        why = f"{worded(most, one.currency)} was moved between them by {date}"
        raise _refused(one, other, why, "See what was booked: timix-xl invoices.")
    again = Booking(EventKind.PAID, moved, date, f"offset against {there} undone", offset=there)
    gone = Booking(EventKind.UNPAID, moved, date, f"offset from {here} undone", offset=here)
    return moved, ((other, gone, None), (one, again, None))


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
