"""Project figures: what a project cost, what of it is billed, and what is still to be billed."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from timix_xl.domain.money import ZERO, total
from timix_xl.domain.projects import ProjectStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Money in the customer's currency, net; cost is None where nobody can tell it there."""

    cost: Decimal | None = ZERO
    invoiced: Decimal = ZERO
    """On issued invoices, less credit notes."""
    draft: Decimal = ZERO
    """On drafts, and on pro formas that are not closed."""
    wip: Decimal = ZERO
    """Approved, billable and unbilled, at bill price; what is on open documents too."""
    limit: Decimal | None = None

    @property
    def margin(self) -> Decimal | None:
        """What was invoiced less what it cost."""
        return None if self.cost is None else self.invoiced - self.cost


def summed(parts: Iterable[Figures], limit: Decimal | None = None) -> Figures:
    """Add figures up; a cost that is missing makes that of all missing. Limits are no sum."""
    ones = tuple(parts)
    costs = [one.cost for one in ones if one.cost is not None]
    return Figures(
        cost=total(costs) if len(costs) == len(ones) else None,
        invoiced=total(one.invoiced for one in ones),
        draft=total(one.draft for one in ones),
        wip=total(one.wip for one in ones),
        limit=limit,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFigures:
    """The figures of one task and account group of a project."""

    task: str | None
    """None for what was billed by hand, without a task."""
    account_group: str | None
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFigures:
    """The figures of a project; `by` adds up to `figures`, save for the limits."""

    project: str
    name: str
    customer: str
    currency: str
    status: ProjectStatus
    next_billing_date: dt.date | None
    figures: Figures
    by: tuple[TaskFigures, ...]
