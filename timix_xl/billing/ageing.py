"""Ageing: what customers owe, by how long it is overdue, and what is owed to them."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from timix_xl.billing.register import Standing, register
from timix_xl.domain.ages import RECEIVABLE_AGES, age_of
from timix_xl.domain.money import ZERO, total
from timix_xl.errors import UnknownCustomer
from timix_xl.store import reading
from timix_xl.store.database import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Aged:
    """What one customer owes; `buckets` are those of RECEIVABLE_AGES, money in its currency.

    `credit` is what is owed to the customer, zero or below; `total` is buckets and credit, the
    register's outstanding.
    """

    customer: str
    name: str
    currency: str
    buckets: tuple[Decimal, ...]
    credit: Decimal
    total: Decimal
    documents: tuple[Standing, ...]


def ageing(
    store: Store, *, today: dt.date, as_of: dt.date | None = None, customer: str | None = None
) -> list[Aged]:
    """Return what is outstanding by age, as of the end of a day (None: so far).

    By customer and currency, those with nothing outstanding left out. Raises UnknownCustomer.
    """
    with store.reading() as connection:
        names = reading.customer_names(connection)
    if customer and customer not in names:
        raise UnknownCustomer(customer=customer)
    grouped: dict[tuple[str, str], list[Standing]] = {}
    for one in register(store, today=today, as_of=as_of, customer=customer):
        if one.outstanding:
            grouped.setdefault((one.customer, one.currency), []).append(one)
    return [
        _aged(some, as_of or today, names[code], code, currency)
        for (code, currency), some in sorted(grouped.items())
    ]


def _aged(standings: list[Standing], day: dt.date, name: str, customer: str, currency: str) -> Aged:
    buckets = dict.fromkeys(RECEIVABLE_AGES, ZERO)
    for one in standings:
        if one.outstanding > 0:
            buckets[age_of((day - one.due_date).days, RECEIVABLE_AGES)] += one.outstanding
    credit = total(one.outstanding for one in standings if one.outstanding < 0)
    return Aged(
        customer=customer,
        name=name,
        currency=currency,
        buckets=tuple(buckets.values()),
        credit=credit,
        total=total(buckets.values()) + credit,
        documents=tuple(standings),
    )
