"""Pay: record a payment, part of one too, or take one back."""

import datetime as dt
from decimal import Decimal

from timix_xl.billing.booking import PAID, Booking, carry_out
from timix_xl.store.chained import Actor
from timix_xl.store.database import Store
from timix_xl.store.documents import EventKind


def pay(
    store: Store,
    number: str,
    amount: Decimal,
    date: dt.date | None,
    *,
    actor: Actor,
    reference: str = "",
    request: str | None = None,
) -> None:
    """Record a payment in the document's currency; without a date it is today's.

    Raises UnknownDocument, RegisterOnly, PaymentRefused, DateOutOfOrder, PeriodClosed,
    RequestReused. More than is outstanding is taken: the outstanding amount below zero is then
    owed to the customer.
    """
    paid = Booking(EventKind.PAID, amount, date or actor.today, reference)
    carry_out(store, number, paid, given=date, actor=actor, request=request)


def unpay(
    store: Store,
    number: str,
    amount: Decimal,
    date: dt.date | None,
    *,
    actor: Actor,
    reference: str = "",
    request: str | None = None,
) -> None:
    """Take a payment back, for example after a returned direct debit.

    Raises UnknownDocument, RegisterOnly, PaymentRefused (more than was paid and not refunded),
    DateOutOfOrder, PeriodClosed, RequestReused.
    """
    taken_back = Booking(EventKind.UNPAID, amount, date or actor.today, reference)
    carry_out(store, number, taken_back, given=date, actor=actor, request=request, limit=PAID)
