"""A month-end pack: what a month came to, and the figures that have to tie to each other."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from timix_xl.billing.ageing import Aged
from timix_xl.billing.register import Standing
from timix_xl.billing.wip import AgedWip
from timix_xl.domain.burn import Burn
from timix_xl.domain.customers import Company
from timix_xl.domain.frame_orders import HOURS
from timix_xl.domain.invoices import DocumentKind, Status, outstanding
from timix_xl.domain.money import ZERO, plain, plain_money
from timix_xl.domain.wip import RollForward, Work
from timix_xl.store.closings import Closing
from timix_xl.store.documents import EventKind

IN = {EventKind.PAID: 1, EventKind.UNPAID: -1, EventKind.REFUNDED: -1}
"""What moves money, and which way: 1 is in."""
GIVEN_UP = {EventKind.WRITTEN_OFF: 1, EventKind.REINSTATED: -1}
"""What gives a receivable up (1), or waits for it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money that came in (or went back: below zero), or was given up; see `kind`."""

    kind: EventKind
    date: dt.date
    number: str
    customer: str
    currency: str
    amount: Decimal
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """A month in one currency.

    `opening` is what was outstanding before it; `credited` and `voided` (what a void took back
    without a credit note) are zero or below.
    """

    currency: str
    net: Decimal
    tax: Decimal
    opening: Decimal
    credited: Decimal
    voided: Decimal
    received: Decimal
    given_up: Decimal
    outstanding: Decimal
    wip: Work

    @property
    def gross(self) -> Decimal:
        """Return what was invoiced, with tax."""
        return self.net + self.tax

    @property
    def rolled(self) -> Decimal:
        """Return what is outstanding by the opening and what happened since."""
        came = self.opening + self.gross + self.credited + self.voided
        return came - self.received - self.given_up


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """Two figures from different places that have to be the same; `unit` is "h" or a currency."""

    what: str
    unit: str
    here: str
    one: Decimal
    there: str
    other: Decimal

    @property
    def holds(self) -> bool:
        """Whether the figures are the same, to the last digit."""
        return self.one == self.other

    def __str__(self) -> str:
        one, other = (_plain(figure, self.unit) for figure in (self.one, self.other))
        return f"{self.here} {one}, {self.there} {other} {self.unit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A month whole; `month` is YYYY-MM, `closed` is None while its figures may still change."""

    month: str
    first: dt.date
    last: dt.date
    made: dt.date
    closed: Closing | None
    company: Company
    names: tuple[tuple[str, str], ...]
    sums: tuple[Sums, ...]
    ties: tuple[Tie, ...]
    documents: tuple[Standing, ...]
    payments: tuple[Payment, ...]
    receivables: tuple[Aged, ...]
    wip: tuple[AgedWip, ...]
    orders: tuple[Burn, ...]
    rolled: tuple[RollForward, ...]
    locale: str = "en"
    logo: bytes | None = None


def invoiced(papers: Iterable[Standing], first: dt.date) -> list[Standing]:
    """Return the invoices issued from a day on; one that was voided since was issued as well."""
    return [one for one in papers if one.kind is DocumentKind.INVOICE and first <= one.issue_date]


def credited(papers: Iterable[Standing]) -> list[Standing]:
    """Return the credit notes."""
    return [one for one in papers if one.kind is DocumentKind.CREDIT_NOTE]


def taken_back(one: Standing) -> Decimal:
    """Return what a void took back by itself: nothing, where a credit note took it back."""
    if one.status is not Status.VOID:
        return ZERO
    return outstanding(
        total=one.total,
        paid=one.paid,
        refunded=one.refunded,
        credited=one.credited,
        written_off=one.written_off,
    )


def _plain(figure: Decimal, unit: str) -> str:
    return plain(figure) if unit == HOURS else plain_money(figure, unit)
