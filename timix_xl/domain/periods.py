"""Service periods, cut-off and the billing calendar. Both ends of a period are inclusive."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

YEARS = (1990, 2099)
"""The years that a date can have here: anything else is a slip of the pen."""


class CutOff(StrEnum):
    """Whether entries dated on the billing date are taken."""

    INCLUDE = "include"
    EXCLUDE = "exclude"


class BillingPeriod(StrEnum):
    """How often a project is billed."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    ON_DEMAND = "on_demand"


_MONTHS = {BillingPeriod.MONTH: 1, BillingPeriod.QUARTER: 3, BillingPeriod.YEAR: 12}


@dataclass(frozen=True, slots=True)
class ServicePeriod:
    """The days a document bills for."""

    first: date
    last: date


def within_cut_off(day: date, billing_date: date, cut_off: CutOff) -> bool:
    """Whether an entry of this day belongs to a run with this billing date."""
    return day < billing_date or (day == billing_date and cut_off is CutOff.INCLUDE)


def service_period(days: Iterable[date]) -> ServicePeriod | None:
    """Return the period from the first to the last of these days, if there are any."""
    ordered = sorted(days)
    return ServicePeriod(ordered[0], ordered[-1]) if ordered else None


def next_billing_date(
    period: BillingPeriod, start: date | None, last_billing_date: date | None
) -> date | None:
    """Return the first of start + n periods (n >= 1) after the last billing date.

    Counted from the start date, so that a start on a month's last day means month ends.
    On demand, or without a start date, there is none.
    """
    if period is BillingPeriod.ON_DEMAND or start is None:
        return None
    after = last_billing_date or date.min
    if period is BillingPeriod.WEEK:
        weeks = max(1, (after - start).days // 7 + 1)
        return start + timedelta(weeks=weeks)
    step = _MONTHS[period]
    elapsed = (after.year - start.year) * 12 + after.month - start.month
    count = max(1, elapsed // step)
    while (candidate := _months_later(start, count * step)) <= after:
        count += 1
    return candidate


def _months_later(start: date, months: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last_day = monthrange(year, month + 1)[1]
    on_month_end = start.day == monthrange(start.year, start.month)[1]
    return date(year, month + 1, last_day if on_month_end else min(start.day, last_day))
