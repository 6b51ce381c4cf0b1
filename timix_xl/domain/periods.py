"""Service periods, cut-off and the billing calendar. Both ends of a period are inclusive."""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
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


class ClosingKind(StrEnum):
    """What is done to a month."""

    CLOSE = "close"
    REOPEN = "reopen"


_MONTH = re.compile(r"\d{4}-\d{2}", re.ASCII)
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


def days_of_month(month: str) -> ServicePeriod | None:
    """Return the first and the last day of a month written YYYY-MM; None for any other text.

    >>> days_of_month("2026-02").last.isoformat(), days_of_month("2026-13"), days_of_month("26-1")
    ('2026-02-28', None, None)
    """
    if not _MONTH.fullmatch(month):
        return None
    year, number = int(month[:4]), int(month[5:])
    if not (YEARS[0] <= year <= YEARS[1] and 1 <= number <= _MONTHS[BillingPeriod.YEAR]):
        return None
    return ServicePeriod(date(year, number, 1), date(year, number, monthrange(year, number)[1]))


def month_of(day: date) -> str:
    """Return the month of a day, as YYYY-MM."""
    return f"{day.year:04d}-{day.month:02d}"


def months_between(first: date, last: date) -> Iterator[ServicePeriod]:
    """Yield the months from the one of a day to that of another."""
    start = date(first.year, first.month, 1)
    while start <= last:
        end = date(start.year, start.month, monthrange(start.year, start.month)[1])
        yield ServicePeriod(start, end)
        start = end + timedelta(days=1)


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
