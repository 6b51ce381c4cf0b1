"""Frame orders: a pool of hours or money, its draw-downs, what would be left, what still fits."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from timix_xl.domain.entries import Decision, Kind
from timix_xl.domain.invoices import DrawDown
from timix_xl.domain.money import ZERO, quantized, total
from timix_xl.domain.pricing import PricedEntry

HOURS = "h"


class Overrun(StrEnum):
    """What happens when a run would draw more than is left."""

    BLOCK = "block"
    WARN = "warn"


class OrderState(StrEnum):
    """The stored state, or what date and balance make of an open order."""

    OPEN = "open"
    CLOSED = "closed"
    USED_UP = "used_up"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameOrder:
    """A blanket purchase order; `unit` is "h" or the customer's currency.

    The balance is never stored: total less the opening use less the draw-downs.
    """

    number: str
    customer: str
    unit: str
    total: Decimal
    billed_before: Decimal = ZERO
    drawn: Decimal = ZERO
    title: str = ""
    po_number: str = ""
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    overrun: Overrun = Overrun.BLOCK
    state: OrderState = OrderState.OPEN

    @property
    def billed(self) -> Decimal:
        """Used so far, the opening use included."""
        return self.billed_before + self.drawn

    @property
    def remaining(self) -> Decimal:
        """What is left; below zero only where an overrun is allowed."""
        return self.total - self.billed

    @property
    def percent(self) -> Decimal:
        """Utilization: billed / total x 100, two decimals."""
        return quantized(self.billed / self.total * 100, 2) if self.total else ZERO

    @property
    def in_hours(self) -> bool:
        """Whether it is a pool of hours rather than of money."""
        return self.unit == HOURS

    def covers(self, day: dt.date) -> bool:
        """Whether an entry of this day may draw on the order."""
        return (self.valid_from or dt.date.min) <= day <= (self.valid_to or dt.date.max)

    def takes(self, priced: PricedEntry) -> bool:
        """Whether an entry draws at all: an hour pool is drawn by time only, none by information."""
        return priced.entry.billable and (not self.in_hours or priced.entry.kind is Kind.TIME)

    def draw(self, entries: Iterable[PricedEntry], net: Decimal) -> Decimal:
        """Return what a document with these entries and this net amount draws."""
        return total(each.hours for each in entries) if self.in_hours else net

    def draw_down(self, drawn: Decimal, left: Decimal) -> DrawDown:
        """Return what a document that draws so much of what is left says of it."""
        return DrawDown(
            frame_order=self.number,
            unit=self.unit,
            before=left,
            drawn=drawn,
            after=left - drawn,
            title=self.title,
            po_number=self.po_number,
        )

    def outside_validity(self, entries: Iterable[PricedEntry]) -> list[PricedEntry]:
        """Return the entries that would draw but whose date the order does not cover."""
        return [each for each in entries if self.takes(each) and not self.covers(each.covered_on)]

    def state_on(self, day: dt.date) -> OrderState:
        """Return the stored state, or what balance and validity make of an open order."""
        if self.state is OrderState.CLOSED:
            return OrderState.CLOSED
        if self.remaining <= 0:
            return OrderState.USED_UP
        if day > (self.valid_to or dt.date.max):
            return OrderState.EXPIRED
        if day < (self.valid_from or dt.date.min):
            return OrderState.NOT_YET_VALID
        return OrderState.OPEN


@dataclass(frozen=True, slots=True)
class Fit:
    """Decisions that make a run fit its frame order; `first_over` no longer fitted."""

    decisions: dict[str, Decision]
    first_over: PricedEntry | None


def fit(
    order: FrameOrder,
    entries: Sequence[PricedEntry],
    written_off: frozenset[str] | set[str],
    *,
    reserve: Decimal = ZERO,
) -> Fit:
    """Bill entries oldest first until the next one no longer fits; defer the others.

    Rows that are written off, and material on an hour pool, are left alone. `reserve` is kept per
    entry whose amount was rounded: grouped lines may come to that much more on a money pool.
    """
    decisions: dict[str, Decision] = {}
    left, first_over = order.remaining, None
    for priced in sorted(entries, key=lambda each: (each.entry.date, each.entry.id)):
        if priced.entry.id in written_off or not order.takes(priced):
            continue
        need = priced.hours if order.in_hours else _need(priced, reserve)
        covered = order.covers(priced.covered_on)
        if covered and first_over is None and need > max(left, ZERO):
            first_over = priced
        bills = covered and first_over is None
        left -= need if bills else ZERO
        decisions[priced.entry.id] = Decision.BILL if bills else Decision.DEFER
    return Fit(decisions, first_over)


def _need(priced: PricedEntry, reserve: Decimal) -> Decimal:
    return priced.amount if priced.exact == priced.amount else priced.amount + reserve
