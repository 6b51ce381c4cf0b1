"""Cut-off, service periods, and the billing calendar that keeps its anchor."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import day
from timix_xl.domain.periods import (
    BillingPeriod,
    CutOff,
    ServicePeriod,
    next_billing_date,
    service_period,
    within_cut_off,
)

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2060, 12, 31))
PERIODS = st.sampled_from([one for one in BillingPeriod if one is not BillingPeriod.ON_DEMAND])


@pytest.mark.parametrize(
    ("entry", "cut_off", "taken"),
    [
        ("2026-01-30", CutOff.INCLUDE, True),
        ("2026-01-31", CutOff.INCLUDE, True),
        ("2026-02-01", CutOff.INCLUDE, False),
        ("2026-01-30", CutOff.EXCLUDE, True),
        ("2026-01-31", CutOff.EXCLUDE, False),
    ],
)
def test_the_cut_off_says_whether_the_billing_date_itself_is_taken(
    entry: str, cut_off: CutOff, *, taken: bool
) -> None:
    assert within_cut_off(day(entry), day("2026-01-31"), cut_off) is taken


def test_a_service_period_runs_from_the_first_to_the_last_day() -> None:
    days = [day("2026-01-20"), day("2026-01-03"), day("2026-01-09")]
    assert service_period(days) == ServicePeriod(day("2026-01-03"), day("2026-01-20"))


def test_nothing_billed_has_no_service_period() -> None:
    assert service_period([]) is None


@pytest.mark.parametrize(
    ("period", "start", "last", "expected"),
    [
        ("month", "2026-01-31", None, "2026-02-28"),
        ("month", "2026-01-31", "2026-02-28", "2026-03-31"),
        ("month", "2026-01-31", "2026-03-31", "2026-04-30"),
        ("month", "2024-01-31", None, "2024-02-29"),
        ("month", "2026-01-30", "2026-02-28", "2026-03-30"),
        ("month", "2026-02-28", None, "2026-03-31"),
        ("month", "2026-01-15", None, "2026-02-15"),
        ("month", "2026-01-15", "2026-02-14", "2026-02-15"),
        ("month", "2026-01-15", "2026-02-15", "2026-03-15"),
        ("month", "2026-01-15", "2025-06-01", "2026-02-15"),
        ("week", "2026-01-05", None, "2026-01-12"),
        ("week", "2026-01-05", "2026-01-12", "2026-01-19"),
        ("week", "2026-01-05", "2026-01-14", "2026-01-19"),
        ("quarter", "2025-11-30", None, "2026-02-28"),
        ("quarter", "2025-11-30", "2026-02-28", "2026-05-31"),
        ("quarter", "2026-01-01", "2026-06-30", "2026-07-01"),
        ("year", "2024-02-29", None, "2025-02-28"),
        ("year", "2024-02-29", "2027-03-01", "2028-02-29"),
        ("year", "2026-06-15", "2026-06-15", "2027-06-15"),
    ],
)
def test_the_next_billing_date_is_counted_from_the_start(
    period: str, start: str, last: str | None, expected: str
) -> None:
    billed = day(last) if last else None
    assert next_billing_date(BillingPeriod(period), day(start), billed) == day(expected)


def test_on_demand_has_no_next_billing_date() -> None:
    assert next_billing_date(BillingPeriod.ON_DEMAND, day("2026-01-31"), None) is None


def test_without_a_start_date_there_is_no_next_billing_date() -> None:
    assert next_billing_date(BillingPeriod.MONTH, None, day("2026-01-31")) is None


@given(PERIODS, DAYS, st.none() | DAYS)
def test_the_next_billing_date_lies_after_the_start_and_after_the_last_one(
    period: BillingPeriod, start: dt.date, last: dt.date | None
) -> None:
    found = next_billing_date(period, start, last)
    assert found is not None
    assert found > max(start, last or start)


@given(PERIODS, DAYS, DAYS)
def test_no_billing_date_is_passed_over(
    period: BillingPeriod, start: dt.date, last: dt.date
) -> None:
    walked = next_billing_date(period, start, None)
    while walked is not None and walked <= last:
        walked = next_billing_date(period, start, walked)
    assert next_billing_date(period, start, last) == walked
