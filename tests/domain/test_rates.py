"""The bill-rate look-up: nearest level first, dated before undated, inclusive at both ends."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import day
from timix_xl.domain.rates import BillRate, Place, RateBook

PLACE = Place("ACME", "P", ("sub", "task", "top"), "ann")
DAY = day("2026-01-15")
LEVELS = (
    {"project": "P", "task": "sub", "person": "ann"},
    {"project": "P", "task": "sub"},
    {"project": "P", "task": "task"},
    {"project": "P", "task": "top"},
    {"project": "P", "person": "ann"},
    {"project": "P"},
    {"customer": "ACME", "person": "ann"},
    {"customer": "ACME"},
    {"person": "ann"},
)


def found(*rates: BillRate, place: Place = PLACE, home: bool = True) -> D | None:
    return RateBook(rates).find(place, DAY, company_currency=home)


@pytest.mark.parametrize("level", range(len(LEVELS)))
def test_each_level_beats_all_that_lie_further_off(level: int) -> None:
    rates = [BillRate(rate=D(at), **LEVELS[at]) for at in range(level, len(LEVELS))]
    assert found(*reversed(rates)) == D(level)


@pytest.mark.parametrize("level", range(len(LEVELS) - 1))
def test_a_dated_rate_further_off_does_not_beat_an_undated_one_nearer(level: int) -> None:
    near = BillRate(rate=D(1), **LEVELS[level])
    far = BillRate(rate=D(2), since=DAY, until=DAY, **LEVELS[level + 1])
    assert found(far, near) == D(1)


@pytest.mark.parametrize("level", range(len(LEVELS)))
def test_a_dated_rate_beats_an_undated_one_of_its_level(level: int) -> None:
    undated = BillRate(rate=D(1), **LEVELS[level])
    dated = BillRate(rate=D(2), since=day("2026-01-01"), **LEVELS[level])
    assert found(undated, dated) == D(2)


def test_outside_its_dates_a_dated_rate_leaves_the_field_to_the_undated_one() -> None:
    undated = BillRate(rate=D(1), project="P")
    dated = BillRate(rate=D(2), project="P", since=day("2026-02-01"))
    assert found(undated, dated) == D(1)


@pytest.mark.parametrize(("since", "until"), [("2026-01-15", None), (None, "2026-01-15")])
def test_both_ends_of_a_rate_are_inclusive(since: str | None, until: str | None) -> None:
    ends = {"since": since and day(since), "until": until and day(until)}
    assert found(BillRate(rate=D(1), project="P", **ends)) == D(1)


@pytest.mark.parametrize(("since", "until"), [("2026-01-16", None), (None, "2026-01-14")])
def test_a_day_beyond_its_ends_a_rate_does_not_hold(since: str | None, until: str | None) -> None:
    ends = {"since": since and day(since), "until": until and day(until)}
    assert found(BillRate(rate=D(1), project="P", **ends)) is None


def test_a_person_rate_is_not_used_for_a_customer_of_another_currency() -> None:
    assert found(BillRate(rate=D(1), person="ann"), home=False) is None


def test_a_project_rate_of_a_person_is_in_the_customers_currency() -> None:
    assert found(BillRate(rate=D(1), project="P", person="ann"), home=False) == D(1)


def test_a_rate_of_zero_is_a_rate() -> None:
    assert found(BillRate(rate=D(0), project="P"), BillRate(rate=D(9), customer="ACME")) == D(0)


def test_another_persons_rate_is_not_used() -> None:
    assert found(BillRate(rate=D(1), project="P", person="ben")) is None


def test_another_customers_rate_is_not_used() -> None:
    assert found(BillRate(rate=D(1), customer="BETA")) is None


def test_work_without_a_person_is_billed_at_the_project_rate() -> None:
    place = Place("ACME", "P", ("task",), None)
    assert found(BillRate(rate=D(1), project="P"), place=place) == D(1)


def test_a_rate_that_names_project_and_customer_stands_at_the_project() -> None:
    both = BillRate(rate=D(1), customer="ACME", project="P")
    assert found(BillRate(rate=D(2), customer="ACME"), both) == D(1)


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        (("2026-01-01", "2026-01-31"), ("2026-01-31", "2026-02-28"), True),
        (("2026-01-01", "2026-01-31"), ("2026-02-01", None), False),
        ((None, None), (None, None), True),
        ((None, None), ("2026-01-01", None), False),
        ((None, "2026-01-31"), ("2026-01-15", None), True),
    ],
)
def test_two_rates_of_one_key_overlap_when_both_hold_on_a_day(
    first: tuple[str | None, str | None], second: tuple[str | None, str | None], *, overlap: bool
) -> None:
    rates = [
        BillRate(rate=D(1), project="P", since=since and day(since), until=until and day(until))
        for since, until in (first, second)
    ]
    assert bool(RateBook(rates).overlaps()) is overlap


def test_rates_of_two_projects_never_overlap() -> None:
    rates = [BillRate(rate=D(1), project="P"), BillRate(rate=D(2), project="Q")]
    assert RateBook(rates).overlaps() == []


@given(st.permutations(range(len(LEVELS))))
def test_the_order_in_which_rates_are_given_does_not_matter(order: list[int]) -> None:
    rates = [BillRate(rate=D(at), **LEVELS[at]) for at in order]
    assert found(*rates) == D(0)
