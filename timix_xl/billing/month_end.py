"""Month end: gather a month's figures, and refuse them where they do not tie to the cent."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from timix_xl.billing.ageing import Aged, ageing
from timix_xl.billing.burn import burn
from timix_xl.billing.pack import (
    GIVEN_UP,
    IN,
    Pack,
    Payment,
    Sums,
    Tie,
    credited,
    invoiced,
    taken_back,
)
from timix_xl.billing.register import Standing, register
from timix_xl.billing.roll_forward import MonthRolled, month_rolled
from timix_xl.billing.undisturbed import undisturbed
from timix_xl.billing.wip import AgedWip, aged_wip
from timix_xl.domain.frame_orders import HOURS
from timix_xl.domain.invoices import Status
from timix_xl.domain.money import ZERO, total
from timix_xl.domain.wip import Flow, Work
from timix_xl.errors import PackDoesNotTie, counted
from timix_xl.store import closings, documents, reading
from timix_xl.store.database import Store
from timix_xl.store.documents import Happening


def month_end(store: Store, month: str, *, today: dt.date) -> Pack:
    """Gather a month (YYYY-MM) as of its last day.

    Raises PackDoesNotTie; BadArgument: no month, or one that has not begun.
    """
    pack = undisturbed(store, lambda: _gathered(store, month, today))
    loose = [tie for tie in pack.ties if not tie.holds]
    if loose:
        words = "; ".join(f"{tie.what}: {tie}" for tie in loose)
        raise PackDoesNotTie(month=month, count=counted(len(loose), "figure"), ties=words)
    return pack


def _gathered(store: Store, month: str, today: dt.date) -> Pack:
    rolled = month_rolled(store, month, today=today)
    first, last = rolled.first, rolled.last
    before = first - dt.timedelta(days=1)
    figures = _Figures(
        first=first,
        last=last,
        standings=tuple(register(store, today=last, as_of=last)),
        before=tuple(register(store, today=before, as_of=before)),
        receivables=tuple(ageing(store, today=last, as_of=last)),
        work=tuple(aged_wip(store, today=last, as_of=last)),
        rolled=rolled,
    )
    orders = burn(store, today=last, as_of=last)
    with store.reading() as connection:
        books = reading.books(connection)
        closed = closings.standing_closings(connection).get(month)
        logo = documents.logo(connection, books.company.logo)
    sums = tuple(figures.sums(currency) for currency in figures.currencies())
    return Pack(
        month=month,
        first=first,
        last=last,
        made=today,
        closed=closed,
        company=books.company,
        names=tuple((one.code, one.name) for one in books.customers.values()),
        sums=sums,
        ties=tuple(_ties(figures, sums)),
        documents=figures.papers,
        payments=figures.payments,
        receivables=figures.receivables,
        wip=figures.work,
        orders=tuple(orders),
        rolled=rolled.lines,
        locale=books.settings.locale,
        logo=logo,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Figures:
    """What was gathered, to be added up by currency; `before` is the register at the start."""

    first: dt.date
    last: dt.date
    standings: tuple[Standing, ...]
    before: tuple[Standing, ...]
    receivables: tuple[Aged, ...]
    work: tuple[AgedWip, ...]
    rolled: MonthRolled

    @property
    def papers(self) -> tuple[Standing, ...]:
        """Return our documents that were issued or voided in the month."""
        return tuple(one for one in self.standings if self._is_of_the_month(one))

    def _is_of_the_month(self, one: Standing) -> bool:
        if one.stored is None or one.status is Status.DRAFT:
            return False
        return one.issue_date >= self.first or bool(one.void and one.void.date >= self.first)

    @property
    def payments(self) -> tuple[Payment, ...]:
        """Return the payments and write-offs of the month, in their order."""
        found = [
            _payment(one, event)
            for one in self.standings
            for event in (one.stored.events if one.stored else ())
            if event.kind in IN | GIVEN_UP and self.first <= event.date <= self.last
        ]
        return tuple(sorted(found, key=lambda one: (one.date, one.number)))

    def currencies(self) -> list[str]:
        """Return the currencies in which there is anything to say."""
        used = {
            *(one.currency for one in self.papers),
            *(one.currency for one in self.payments),
            *(one.currency for one in (*self.before, *self.standings) if one.outstanding),
            *(one.currency for one in self.work),
            *(one.currency for one in self.rolled.lines),
        }
        return sorted(used)

    def sums(self, currency: str) -> Sums:
        """Add up what there is in a currency."""
        papers = [one for one in self.papers if one.currency == currency]
        bills = invoiced(papers, self.first)
        paid = [one for one in self.payments if one.currency == currency]
        aged = [Work(one.hours, one.amount) for one in self.work if one.currency == currency]
        return Sums(
            currency=currency,
            net=total(one.subtotal for one in bills),
            tax=total(one.tax for one in bills),
            opening=self._opening(currency),
            credited=total(one.total for one in credited(papers)),
            voided=-total(taken_back(one) for one in papers),
            received=total(one.amount for one in paid if one.kind in IN),
            given_up=total(one.amount for one in paid if one.kind in GIVEN_UP),
            outstanding=total(
                one.outstanding for one in self.standings if one.currency == currency
            ),
            wip=sum(aged, Work()),
        )

    def _opening(self, currency: str) -> Decimal:
        """Add up what was outstanding at the start, and every invoice of the system before."""
        ours = (one for one in self.before if one.stored)
        taken_over = (one for one in self.standings if one.stored is None)
        return total(one.outstanding for one in (*ours, *taken_over) if one.currency == currency)


def _payment(one: Standing, event: Happening) -> Payment:
    sign = (IN | GIVEN_UP)[event.kind]
    return Payment(
        kind=event.kind,
        date=event.date,
        number=one.number or "",
        customer=one.customer,
        currency=one.currency,
        amount=sign * (event.amount or ZERO),
        reference=event.reference or event.reason,
    )


def _ties(figures: _Figures, sums: Iterable[Sums]) -> Iterator[Tie]:
    for one in sums:
        yield from _ties_of(figures, one)
    yield Tie(
        what="Unbilled hours at month end",
        unit=HOURS,
        here="WIP by age",
        one=total(one.hours for one in figures.work),
        there="Roll-forward, closing",
        other=total(one[Flow.CLOSING].hours for one in figures.rolled.lines),
    )


def _ties_of(figures: _Figures, sums: Sums) -> Iterator[Tie]:
    currency = sums.currency
    lines = [one for one in figures.rolled.lines if one.currency == currency]
    ties = [one for one in figures.rolled.ties if one.currency == currency]
    notes = credited(one for one in figures.papers if one.currency == currency)
    aged = [one for one in figures.receivables if one.currency == currency]
    released = total(one.released for one in ties)
    billed = total(one[Flow.BILLED].amount for one in lines) - released
    returned = -total(one.returned + one.left_out + one.rounding + one.goodwill for one in ties)
    closing = total(one[Flow.CLOSING].amount for one in lines)
    credited_net, owed = total(one.subtotal for one in notes), total(one.total for one in aged)
    outstanding = "Outstanding at month end"
    rows = (
        ("Invoices of the month, net", "Register", sums.net, "Roll-forward, billed", billed),
        (
            "Credit notes of the month, net",
            "Register",
            credited_net,
            "Roll-forward, taken back",
            returned + released,
        ),
        (outstanding, "Register", sums.outstanding, "Opening and movements", sums.rolled),
        (outstanding, "Register", sums.outstanding, "Ageing", owed),
        ("WIP at month end", "WIP by age", sums.wip.amount, "Roll-forward, closing", closing),
    )
    for what, here, one, there, other in rows:
        yield Tie(what=what, unit=currency, here=here, one=one, there=there, other=other)
