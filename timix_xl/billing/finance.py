"""Finance: what readers want to see on a day: receivables, WIP, frame orders, the last month."""

import datetime as dt
from dataclasses import dataclass

from timix_xl.billing.ageing import Aged, ageing
from timix_xl.billing.burn import burn
from timix_xl.billing.roll_forward import roll_forward
from timix_xl.billing.undisturbed import undisturbed
from timix_xl.billing.wip import AgedWip, aged_wip
from timix_xl.domain.burn import Burn
from timix_xl.domain.periods import month_of
from timix_xl.domain.wip import RollForward
from timix_xl.store import reading
from timix_xl.store.database import Store, store_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Finance:
    """The balances at the end of a day; `month` (YYYY-MM) is the last whole month by then."""

    as_of: dt.date
    store_id: str
    company: str
    names: dict[str, str]
    receivables: tuple[Aged, ...]
    wip: tuple[AgedWip, ...]
    orders: tuple[Burn, ...]
    month: str
    rolled: tuple[RollForward, ...]


def finance(store: Store, *, today: dt.date, as_of: dt.date | None = None) -> Finance:
    """Gather the balances as of the end of a day (None: today); writes nothing."""
    return undisturbed(store, lambda: _gathered(store, as_of or today, today))


def _gathered(store: Store, day: dt.date, today: dt.date) -> Finance:
    month = last_whole_month(day)
    with store.reading() as connection:
        books = reading.books(connection)
        identity = store_id(connection)
    return Finance(
        as_of=day,
        store_id=identity,
        company=books.company.name,
        names={one.code: one.name for one in books.customers.values()},
        receivables=tuple(ageing(store, today=day, as_of=day)),
        wip=tuple(aged_wip(store, today=day, as_of=day)),
        orders=tuple(burn(store, today=day, as_of=day)),
        month=month,
        rolled=tuple(roll_forward(store, month, today=max(day, today))),
    )


def last_whole_month(day: dt.date) -> str:
    """Return the last month that is over at the end of a day, as YYYY-MM.

    >>> last_whole_month(dt.date(2026, 1, 31)), last_whole_month(dt.date(2026, 1, 30))
    ('2026-01', '2025-12')
    """
    tomorrow = day + dt.timedelta(days=1)
    return month_of(tomorrow.replace(day=1) - dt.timedelta(days=1))
