"""Work in progress: approved, billable, unbilled work, and how it rolls forward over a month."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from timix_xl.domain.money import ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class WipEntry:
    """An entry that is work in progress on a day, at bill price.

    `amount` is in the customer's currency, 0 where no price is known yet; `on` names the draft
    or the pro forma that holds it, if any.
    """

    entry: str
    customer: str
    currency: str
    project: str
    task: str
    person: str | None
    description: str
    date: dt.date
    hours: Decimal
    amount: Decimal
    on: str = ""


class Flow(StrEnum):
    """What WIP comes from and goes to over a period; the words of the roll-forward, in order."""

    OPENING = "opening"
    APPROVED = "approved"
    RETURNED = "returned"
    ADDED = "added"
    RAISED = "raised"
    REPRICED = "repriced"
    ROUNDING = "rounding"
    BILLED = "billed"
    WRITTEN_OFF = "written_off"
    HELD = "held"
    CLOSING = "closing"


OUT = frozenset({Flow.BILLED, Flow.WRITTEN_OFF, Flow.HELD})
"""What leaves; shown as a positive figure, taken away in the sum."""


@dataclass(frozen=True, slots=True)
class Work:
    """Billable hours and money."""

    hours: Decimal = ZERO
    amount: Decimal = ZERO

    def __add__(self, other: "Work") -> "Work":
        return Work(self.hours + other.hours, self.amount + other.amount)

    def __neg__(self) -> "Work":
        return Work(-self.hours, -self.amount)


NOTHING = Work()


def not_printed(own: Decimal, printed: Decimal) -> tuple[Decimal, Decimal]:
    """Compare what a line has of its own with what of it is printed: what is left out, and raised.

    >>> not_printed(Decimal(8), Decimal(5)), not_printed(Decimal(8), Decimal(9))
    ((Decimal('3'), Decimal('0')), (Decimal('0'), Decimal('1')))
    >>> not_printed(Decimal(-8), Decimal(-5)), not_printed(Decimal(-8), Decimal(-9))
    ((Decimal('-3'), Decimal('0')), (Decimal('0'), Decimal('-1')))
    """
    less = own - printed
    return (less, ZERO) if less * own > 0 else (ZERO, -less)


@dataclass(frozen=True, slots=True, kw_only=True)
class RollForward:
    """One customer's WIP over a period; money in its currency."""

    customer: str
    currency: str
    flows: Mapping[Flow, Work]

    def __getitem__(self, flow: Flow) -> Work:
        return self.flows.get(flow, Work())

    @property
    def difference(self) -> Work:
        """What is missing between opening plus flows and closing: nothing, if it adds up."""
        inward = [self[flow] for flow in Flow if flow not in OUT and flow is not Flow.CLOSING]
        outward = [-self[flow] for flow in (*OUT, Flow.CLOSING)]
        return sum([*inward, *outward], Work())
