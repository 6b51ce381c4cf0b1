"""WIP: approved, billable, unbilled work at bill price, as of the end of a day, and how old it is."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from timix_xl.domain.ages import WIP_AGES, age_of
from timix_xl.domain.entries import Kind
from timix_xl.domain.histories import History
from timix_xl.domain.money import ZERO
from timix_xl.domain.pricing import LeftOut, PricedEntry, Pricer, Reason
from timix_xl.domain.wip import WipEntry, Work
from timix_xl.errors import UnknownCustomer
from timix_xl.store import closings, histories, pro_formas, reading
from timix_xl.store.database import Store
from timix_xl.store.histories import Worked

NEVER_WIP = frozenset(
    {
        *(Reason.NOT_APPROVED, Reason.FIXED, Reason.OVERHEAD, Reason.NON_BILLABLE),
        Reason.BILLED_ELSEWHERE,
    }
)
"""Why work is no WIP; what is left out of a run for another reason is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgedWip:
    """One customer's WIP by age; `buckets` are those of WIP_AGES, money in its currency."""

    customer: str
    name: str
    currency: str
    hours: Decimal
    amount: Decimal
    buckets: tuple[Work, ...]
    oldest: dt.date | None


def wip(
    store: Store, *, today: dt.date, as_of: dt.date | None = None, customer: str | None = None
) -> list[WipEntry]:
    """Return the WIP as of the end of a day (None: today), by customer, date and entry.

    It counts entries on drafts and pro formas (named for today only, as nothing tells what was one
    before), after any cut-off, of projects billed by pro forma, of tasks waiting for completion,
    and without a price. Raises UnknownCustomer.
    """
    with store.reading() as connection:
        if customer and customer not in reading.customer_codes(connection):
            raise UnknownCustomer(customer=customer)
        day = as_of or today
        found = traced(connection, day, day, customer)
        changed = closings.entries_as_closed(connection, day)
    return [
        one.as_wip(worth, "" if as_of else one.on, changed.get(one.worked.entry, {}))
        for one in found
        if (worth := one.history.worth(day)) is not None
    ]


def unbilled_by_customer(
    store: Store, day: dt.date, customer: str | None = None
) -> list[tuple[str, str, tuple[WipEntry, ...]]]:
    """Return (customer, currency, WIP at the end of a day), customers without any too.

    Raises UnknownCustomer.
    """
    found: dict[str, list[WipEntry]] = {}
    for one in wip(store, today=day, as_of=day, customer=customer):
        found.setdefault(one.customer, []).append(one)
    with store.reading() as connection:
        currencies = reading.customer_currencies(connection)
    return [
        (code, currency, tuple(found.get(code, ())))
        for code, currency in currencies.items()
        if customer in {None, code}
    ]


def aged_wip(
    store: Store, *, today: dt.date, as_of: dt.date | None = None, customer: str | None = None
) -> list[AgedWip]:
    """Return the WIP by age, as of the end of a day (None: today). Raises UnknownCustomer."""
    found = wip(store, today=today, as_of=as_of, customer=customer)
    with store.reading() as connection:
        names = reading.customer_names(connection)
    return by_age(found, as_of or today, names)


def by_age(entries: Iterable[WipEntry], day: dt.date, names: Mapping[str, str]) -> list[AgedWip]:
    """Add WIP up by customer and currency, in buckets of days since the entry's date."""
    grouped: dict[tuple[str, str], list[WipEntry]] = {}
    for one in entries:
        grouped.setdefault((one.customer, one.currency), []).append(one)
    return [
        _aged(some, day, customer, names.get(customer, ""), currency)
        for (customer, currency), some in sorted(grouped.items())
    ]


def _aged(
    entries: list[WipEntry], day: dt.date, customer: str, name: str, currency: str
) -> AgedWip:
    buckets = dict.fromkeys(WIP_AGES, Work())
    for one in entries:
        buckets[age_of((day - one.date).days, WIP_AGES)] += Work(one.hours, one.amount)
    whole = sum(buckets.values(), Work())
    return AgedWip(
        customer=customer,
        name=name,
        currency=currency,
        hours=whole.hours,
        amount=whole.amount,
        buckets=tuple(buckets.values()),
        oldest=min((one.date for one in entries), default=None),
    )


@dataclass(frozen=True, slots=True)
class Traced:
    """An entry with its history; `on` names the draft or the pro forma that holds it now."""

    worked: Worked
    history: History
    on: str = field(default="")

    def as_wip(self, worth: Work, on: str, was: Mapping[str, Any]) -> WipEntry:
        """Return it as WIP of a day: its worth then, and its columns that were others then."""
        facts = self.worked
        date = was.get("date")
        return WipEntry(
            entry=facts.entry,
            customer=facts.customer,
            currency=facts.currency,
            project=was.get("project") or facts.project,
            task=was.get("task") or facts.task,
            person=was.get("person", facts.person),
            description=was.get("description", facts.description) or "",
            date=dt.date.fromisoformat(date) if date else facts.date,
            hours=worth.hours,
            amount=worth.amount,
            on=on,
        )


def traced(
    connection: Connection, first: dt.date, last: dt.date, customer: str | None = None
) -> list[Traced]:
    """Return every entry with what tells its worth from one day to another."""
    now, holders = _today(connection, customer)
    stored = _stored(connection, first, last)
    return [
        Traced(worked, _history(worked, now, stored), holders.get(worked.entry, ""))
        for worked in histories.histories(connection, customer)
    ]


def traced_without_prices(connection: Connection) -> list[Traced]:
    """Return every entry with what tells its worth in closed months."""
    stored = _stored(connection, dt.date.min, dt.date.max)
    return [
        Traced(worked, _history(worked, {}, stored)) for worked in histories.histories(connection)
    ]


def _history(
    worked: Worked, now: Mapping[str, Work], stored: Mapping[dt.date, Mapping[str, Work]]
) -> History:
    return History(
        entry=worked.entry,
        is_there=worked.is_there,
        now=now.get(worked.entry),
        moments=worked.moments,
        closed={until: works.get(worked.entry) for until, works in stored.items()},
    )


def unbilled_now(connection: Connection, customer: str | None = None) -> dict[str, Work]:
    """Return by entry what the store holds as WIP now, at today's price, whatever its dates.

    What is on drafts and pro formas is among it.
    """
    return _today(connection, customer)[0]


def _today(connection: Connection, customer: str | None) -> tuple[dict[str, Work], dict[str, str]]:
    """Price what is unbilled now; says which draft or pro forma holds what."""
    books = reading.books(connection, customer)
    entries, claimed = reading.open_entries(connection, customer, books.company.currency)
    pricer = Pricer(books, dt.date.max, {})
    priced = {entry.id: _worth(pricer.price(entry)) for entry in entries}
    names = pro_formas.claimed_by(connection, set(claimed.values()))
    holders = {entry: names[document] for entry, document in claimed.items()}
    return {entry: worth for entry, worth in priced.items() if worth is not None}, holders


def _worth(priced: PricedEntry | LeftOut) -> Work | None:
    if isinstance(priced, LeftOut) and priced.reason in NEVER_WIP:
        return None
    face = priced.entry.face_amount if priced.entry.kind is Kind.REMAINDER else None
    return Work(priced.hours, priced.amount or face or ZERO)


def _stored(
    connection: Connection, first: dt.date, last: dt.date
) -> dict[dt.date, dict[str, Work]]:
    """Return what was stored at the closes that tell the worth of a day in this period.

    They are those from its first day on, up to the first one at or after its last day.
    """
    found = {}
    for one in closings.standing_closings(connection).values():
        if one.until >= first:
            rows = closings.closed_wip(connection, one.id)
            found[one.until] = {row.entry: Work(row.hours, row.amount) for row in rows.values()}
        if one.until >= last:
            break
    return found
