"""Billing rules: ordered steps, each of which prices the entries of one account group."""

from dataclasses import dataclass
from enum import StrEnum

DESCRIPTION_CHARACTERS = 256
"""What an invoice description is cut to."""


class NoRate(StrEnum):
    """What to do with an entry for which the step finds no rate."""

    ERROR = "error"
    """Bill nothing of the project before there is one."""
    ONE = "one"
    """Go on with a rate of 1."""
    ZERO = "zero"
    """Go on with a rate of 0."""
    SKIP = "skip"
    """Leave the entry unbilled."""


class AggregateBy(StrEnum):
    """What entries must have in common to share a line."""

    DATE = "date"
    EMPLOYEE = "employee"
    VENDOR = "vendor"
    ITEM = "item"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """How the entries of one account group are priced, described and grouped.

    The four formulas are as they were typed; an empty `invoice_description` is none.
    """

    step: int
    account_group: str
    amount: str
    description: str = ""
    active: bool = True
    rate_type: str | None = None
    no_rate: NoRate = NoRate.ERROR
    quantity: str = "=[Entry.BillableQty]"
    line_description: str = "=[Entry.Description]"
    invoice_description: str = ""
    include_non_billable: bool = False
    create_zero_lines: bool = True
    aggregate_by: frozenset[AggregateBy] = frozenset()
    invoice_group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingRule:
    """Steps in ascending order of their numbers."""

    code: str
    name: str = ""
    steps: tuple[Step, ...] = ()

    def step_for(self, account_group: str) -> Step | None:
        """Return the first active step for an account group."""
        wanted = (one for one in self.steps if one.active and one.account_group == account_group)
        return next(wanted, None)
