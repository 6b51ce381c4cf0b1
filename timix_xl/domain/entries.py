"""Entry: one dated piece of time or material; its approval status; what is decided about it."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from timix_xl.domain.money import ZERO


class Kind(StrEnum):
    """What an entry is a quantity of."""

    TIME = "time"
    MATERIAL = "material"
    REMAINDER = "remainder"
    """What an invoice held back: quantity 0, billed at its face amount."""
    REVERSAL = "reversal"
    """Stands against a remainder that was billed; never loaded."""


class ApprovalStatus(StrEnum):
    """Where an entry stands before it may be billed."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"


class BillingType(StrEnum):
    """Whether work is billed by the entry, by a fee, or never."""

    TM = "tm"
    FIXED = "fixed"
    OVERHEAD = "overhead"


class EntryState(StrEnum):
    """What has become of an entry beside being claimed by a document."""

    OPEN = "open"
    WRITTEN_OFF = "written_off"
    SPLIT = "split"
    CANCELLED = "cancelled"
    """A remainder, or a reversal, whose invoice was taken back."""


class EntryEventKind(StrEnum):
    """What can happen to an entry beside runs and documents."""

    RESTORED = "restored"


class Decision(StrEnum):
    """What the accountant wants done with an unbilled entry."""

    BILL = "bill"
    DEFER = "defer"
    WRITE_OFF = "write_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One dated piece of time (hours) or material (units) on a project task.

    Quantities have four decimals, rates six; `cost_amount` and `unit_cost` are in the company's
    currency, `bill_rate` in `currency`. `task` is never empty: a project without tasks has one of
    its own code.
    """

    id: str
    date: dt.date
    project: str
    task: str
    kind: Kind
    quantity: Decimal
    billable_quantity: Decimal
    unit: str
    currency: str
    account_group: str
    person: str | None = None
    item: str | None = None
    vendor: str | None = None
    description: str = ""
    unit_cost: Decimal | None = None
    cost_amount: Decimal | None = None
    bill_rate: Decimal | None = None
    billable: bool = True
    status: ApprovalStatus = ApprovalStatus.DRAFT
    approved_by: str | None = None
    approved_on: dt.date | None = None
    source: str | None = None
    external_id: str | None = None
    billed_elsewhere: str | None = None
    state: EntryState = EntryState.OPEN
    part_of: str | None = None
    frame_order: str | None = None
    """The order that the customer named for this work, if any."""
    wip_from: dt.date | None = None
    """The first day on which it counts as work in progress; None before it is approved."""
    face_amount: Decimal | None = None
    """Of a remainder, and below zero of its reversal: money in `currency`; else None."""
    tax_code: str | None = None
    """Of a remainder: the one of the line that it was held back from, with its percent."""
    tax_percent: Decimal | None = None
    covered_on: dt.date | None = None
    """Of a remainder: the last entry date of its line, which a frame order has to cover."""

    @property
    def hours(self) -> Decimal:
        """Billable hours; 0 for material and for what is not billable."""
        return self.billable_quantity if self.kind is Kind.TIME and self.billable else ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedDecision:
    """A decision that stands in the store: version counts its changes, for the token."""

    entry: str
    decision: Decision | None
    version: int
    bill_quantity: Decimal | None = None
    rest: Decision | None = None
    reason: str = ""
    decided_by: str = ""
    decided_at: str = ""
