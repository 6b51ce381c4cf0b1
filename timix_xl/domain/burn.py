"""Burn: how fast a frame order is used up, and when it will run out."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from timix_xl.domain.frame_orders import FrameOrder
from timix_xl.domain.money import RATE_PLACES, ZERO, quantized, total
from timix_xl.domain.periods import ServicePeriod, months_between

PACE_DAYS, LEAST_DAYS = 90, 30
"""How many days, up to the day looked at, tell the pace: at most, and at least."""


@dataclass(frozen=True, slots=True)
class Draw:
    """What a document drew on a day, or gave back (below zero); in the order's unit."""

    date: dt.date
    drawn: Decimal


@dataclass(frozen=True, slots=True)
class MonthOfDraws:
    """What was drawn in a month, and what is left after it; in the order's unit."""

    first: dt.date
    drawn: Decimal
    remaining: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Burn:
    """A frame order with its months; `per_day` is the pace, in the order's unit per calendar day.

    `runs_out` is the day on which nothing is left if the pace holds; None where nothing was drawn
    lately, or nothing is left any more.
    """

    order: FrameOrder
    months: tuple[MonthOfDraws, ...]
    per_day: Decimal
    runs_out: dt.date | None

    @property
    def lasts(self) -> bool:
        """Whether something will be left at the end of its validity, if the pace holds."""
        end = self.order.valid_to
        return self.runs_out is not None and end is not None and self.runs_out > end


def burned(order: FrameOrder, draws: Sequence[Draw], day: dt.date) -> Burn:
    """Work out a frame order's burn as of the end of a day; no draw is later than that.

    The pace is what was drawn in the 90 days up to the day, per calendar day; 0 if more came back
    than was drawn. A younger order is judged by the days since it became valid, or since its first
    draw if that came before, and by 30 days at least: a month's invoice is no day's pace.
    """
    since = day - dt.timedelta(days=PACE_DAYS - 1)
    days = max((day - max(since, _begin(order, draws, day))).days + 1, LEAST_DAYS)
    drawn = total(one.drawn for one in draws if one.date >= since)
    return Burn(
        order=order,
        months=tuple(_months(order, draws)),
        per_day=quantized(max(drawn, ZERO) / days, RATE_PLACES),
        runs_out=_runs_out(order.remaining, drawn, days, day),
    )


def _begin(order: FrameOrder, draws: Sequence[Draw], day: dt.date) -> dt.date:
    first = min((one.date for one in draws), default=day)
    return min(first, order.valid_from or first)


def _runs_out(left: Decimal, drawn: Decimal, days: int, day: dt.date) -> dt.date | None:
    if drawn <= 0 or left <= 0:
        return None
    lasts = (left * days / drawn).to_integral_value(ROUND_CEILING)
    return day + dt.timedelta(days=min(int(lasts), (dt.date.max - day).days))


def _months(order: FrameOrder, draws: Sequence[Draw]) -> Iterator[MonthOfDraws]:
    """Yield every month from the one before the first draw, when all was left, to the last one."""
    if not draws:
        return
    left = order.total - order.billed_before
    dates = [one.date for one in draws]
    before = min(dates).replace(day=1) - dt.timedelta(days=1)
    for month in months_between(before, max(dates)):
        drawn = total(one.drawn for one in draws if _is_in(one.date, month))
        left -= drawn
        yield MonthOfDraws(month.first, drawn, left)


def _is_in(day: dt.date, month: ServicePeriod) -> bool:
    return month.first <= day <= month.last
