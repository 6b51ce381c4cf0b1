"""Roll-forward: how WIP came from the opening to the closing figure of a month."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection

from timix_xl.billing.wip import Traced, traced
from timix_xl.domain.histories import flows
from timix_xl.domain.money import ZERO
from timix_xl.domain.periods import ServicePeriod, days_of_month, month_of
from timix_xl.domain.wip import Flow, RollForward, Work
from timix_xl.errors import BadArgument
from timix_xl.store import ties as registered
from timix_xl.store.database import Store
from timix_xl.store.ties import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """How one customer's roll-forward ties to the register, in its currency.

    `invoiced` is the sum of the subtotals of the month's invoices, `released` that of the credit
    notes that correct none; together they equal `billed`. `credited` is that of the month's other
    credit notes, below zero: the entries at their own amount that they `returned`, the `rounding`
    that was billed with those, what of them had been `left_out` of the invoices (held or written
    off, less raised), and `goodwill` and lines without an entry, which never touch WIP.
    """

    customer: str
    currency: str
    invoiced: Decimal
    released: Decimal = ZERO
    billed: Decimal
    credited: Decimal
    returned: Decimal
    left_out: Decimal = ZERO
    rounding: Decimal
    goodwill: Decimal

    @property
    def holds(self) -> bool:
        """Whether register and roll-forward agree to the cent."""
        taken_back = self.returned + self.left_out + self.rounding + self.goodwill
        return self.invoiced + self.released == self.billed and self.credited + taken_back == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthRolled:
    """The roll-forward of a month with its ties; `month` is YYYY-MM."""

    month: str
    first: dt.date
    last: dt.date
    lines: tuple[RollForward, ...]
    ties: tuple[Tie, ...]


def roll_forward(store: Store, month: str, *, today: dt.date) -> list[RollForward]:
    """Return the roll-forward of a month (YYYY-MM), by customer and currency.

    Raises BadArgument: no month, or one that has not begun.
    """
    return list(month_rolled(store, month, today=today).lines)


def month_rolled(store: Store, month: str, *, today: dt.date) -> MonthRolled:
    """Return the roll-forward of a month (YYYY-MM) with how it ties to the register.

    Raises BadArgument: no month, or one that has not begun.
    """
    period = period_of(month, today)
    with store.reading() as connection:
        found = traced_month(connection, period)
        return rolled(connection, month, period, found)


def period_of(month: str, today: dt.date) -> ServicePeriod:
    """Return the days of a month that has begun; raises BadArgument."""
    period = days_of_month(month)
    if period is None or period.first > today:
        expected = "a month that has begun" if period else "a month"
        example = month_of(today) if period else "2026-01"
        raise BadArgument(argument="The month", value=month, expected=expected, example=example)
    return period


def traced_month(connection: Connection, period: ServicePeriod) -> list[Traced]:
    """Return every entry with what tells its worth the day before a month, and at its end."""
    return traced(connection, period.first - dt.timedelta(days=1), period.last)


def rolled(
    connection: Connection, month: str, period: ServicePeriod, found: Sequence[Traced]
) -> MonthRolled:
    """Add the flows of all entries up, and tie them to the register."""
    added = registered.added(connection, period.first, period.last)
    lines = tuple(_lines(found, added, period))
    return MonthRolled(
        month=month,
        first=period.first,
        last=period.last,
        lines=lines,
        ties=tuple(_ties(connection, period, lines)),
    )


def _lines(
    found: Sequence[Traced], added: Mapping[Place, Work], period: ServicePeriod
) -> Iterator[RollForward]:
    """Add up; what was added by hand has no entry: it comes with its invoice, and is billed."""
    sums: dict[Place, dict[Flow, Work]] = {
        place: {Flow.ADDED: work, Flow.BILLED: work} for place, work in added.items()
    }
    for one in found:
        for flow, work in flows(one.history, period.first, period.last).items():
            of_customer = sums.setdefault((one.worked.customer, one.worked.currency), {})
            of_customer[flow] = of_customer.get(flow, Work()) + work
    for (customer, currency), of_customer in sorted(sums.items()):
        told = {flow: of_customer[flow] for flow in Flow if of_customer.get(flow, Work()) != Work()}
        if told:
            yield RollForward(customer=customer, currency=currency, flows=told)


def _ties(
    connection: Connection, period: ServicePeriod, lines: Sequence[RollForward]
) -> Iterator[Tie]:
    billed = {(line.customer, line.currency): line[Flow.BILLED].amount for line in lines}
    papers = registered.papers(connection, period.first, period.last)
    for customer, currency in sorted(billed.keys() | papers.keys()):
        paper = papers.get((customer, currency), registered.Papers())
        yield Tie(
            customer=customer,
            currency=currency,
            invoiced=paper.invoiced,
            released=paper.released,
            billed=billed.get((customer, currency), ZERO),
            credited=paper.credited,
            returned=paper.returned,
            left_out=paper.left_out,
            rounding=paper.rounding,
            goodwill=paper.goodwill,
        )
