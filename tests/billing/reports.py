"""The reports of a month, as values to compare: those of a closed month never change."""

import datetime as dt
from typing import Any

from tests.builders import Shop
from timix_xl.billing.ageing import ageing
from timix_xl.billing.register import Standing, register
from timix_xl.billing.roll_forward import month_rolled
from timix_xl.billing.utilization import utilization
from timix_xl.billing.wip import wip
from timix_xl.domain.periods import days_of_month


def reports_of(shop: Shop, month: str, today: dt.date) -> tuple[Any, ...]:
    """Return everything as of the end of a month (YYYY-MM)."""
    period = days_of_month(month)
    assert period, month
    when: dict[str, Any] = {"today": today, "as_of": period.last}
    return (
        [_figures(one) for one in register(shop.store, **when)],
        [(one.customer, one.buckets, one.credit) for one in ageing(shop.store, **when)],
        [(one.entry, one.hours, one.amount) for one in wip(shop.store, **when)],
        [(one.number, one.billed) for one in utilization(shop.store, as_of=period.last)],
        month_rolled(shop.store, month, today=today),
    )


def _figures(one: Standing) -> tuple[Any, ...]:
    money = (one.total, one.paid, one.refunded, one.credited, one.written_off, one.outstanding)
    return (one.number, one.status, one.paid_state, one.overdue_days, *money)
