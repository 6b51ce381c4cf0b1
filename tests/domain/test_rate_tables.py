"""Rate tables: the first sequence that matches in full and has a rate on the day."""

from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import day
from timix_xl.domain.rate_tables import Factor, RatePlace, RateSequence, RateTable, TableRate

ON = day("2026-01-05")
ANN = RatePlace("P", ("T", "TOP"), "LABOR", "CAM", "ann")


def a_table(*rates: TableRate, **factors: str) -> RateTable:
    """Return a table whose sequences are written like s1="item employee"."""
    sequences = (
        RateSequence(seq=int(name[1:]), factors=frozenset(map(Factor, words.split())))
        for name, words in factors.items()
    )
    return RateTable(code="STD", rate_type="NORMAL", sequences=tuple(sequences), rates=rates)


def a_rate(rate: str, seq: int = 1, **facts: Any) -> TableRate:
    days = {name: day(facts.pop(name)) for name in ("since", "until") if name in facts}
    return TableRate(seq=seq, rate=D(rate), **days, **facts)


def test_the_lowest_sequence_that_matches_wins_in_whatever_order_they_come() -> None:
    table = a_table(
        a_rate("80", 20, employee="ann"), a_rate("90", 10, item="CAM"), s20="employee", s10="item"
    )
    assert table.find(ANN, ON) == D(90)


def test_a_rate_is_found_in_a_later_sequence_where_an_earlier_one_wants_an_item() -> None:
    table = a_table(
        a_rate("90", 1, item="CAM"), a_rate("80", 2, employee="ann"), s1="item", s2="employee"
    )
    assert table.find(ANN._replace(item=None), ON) == D(80)


def test_all_factors_of_a_sequence_have_to_match() -> None:
    table = a_table(a_rate("90", item="CAM", employee="ben"), s1="item employee")
    assert table.find(ANN, ON) is None


@pytest.mark.parametrize("factor", Factor)
def test_an_entry_that_lacks_a_factor_matches_no_sequence_that_asks_for_it(factor: Factor) -> None:
    table = a_table(a_rate("90"), s1=factor.value)
    assert table.find(RatePlace(), ON) is None


@pytest.mark.parametrize(
    ("factor", "value"),
    [
        (Factor.PROJECT, "P"),
        (Factor.TASK, "T"),
        (Factor.ACCOUNT_GROUP, "LABOR"),
        (Factor.ITEM, "CAM"),
        (Factor.EMPLOYEE, "ann"),
    ],
)
def test_each_factor_can_be_asked_for(factor: Factor, value: str) -> None:
    table = a_table(a_rate("90", **{factor.value: value}), s1=factor.value)
    assert table.find(ANN, ON) == D(90)


def test_a_sequence_that_asks_for_nothing_holds_for_all() -> None:
    assert a_table(a_rate("60"), s1="").find(RatePlace(), ON) == D(60)


def test_a_subtask_takes_its_own_rate_before_that_of_its_parent() -> None:
    table = a_table(a_rate("90", task="T"), a_rate("70", task="TOP"), s1="task")
    assert table.find(ANN, ON) == D(90)


def test_a_subtask_takes_the_rate_of_its_parent_where_it_has_none() -> None:
    assert a_table(a_rate("70", task="TOP"), s1="task").find(ANN, ON) == D(70)


@pytest.mark.parametrize(
    ("on", "rate"),
    [("2025-12-31", "80"), ("2026-01-01", "90"), ("2026-01-31", "90"), ("2026-02-01", "80")],
)
def test_a_dated_rate_wins_over_an_undated_one_from_its_first_to_its_last_day(
    on: str, rate: str
) -> None:
    table = a_table(
        a_rate("80", employee="ann"),
        a_rate("90", employee="ann", since="2026-01-01", until="2026-01-31"),
        s1="employee",
    )
    assert table.find(ANN, day(on)) == D(rate)


def test_a_sequence_without_a_rate_on_the_day_passes_on_to_the_next() -> None:
    table = a_table(
        a_rate("90", 1, employee="ann", since="2026-02-01"),
        a_rate("80", 2, project="P"),
        s1="employee",
        s2="project",
    )
    assert table.find(ANN, ON) == D(80)


def test_a_rate_of_zero_is_a_rate() -> None:
    table = a_table(
        a_rate("0", 1, employee="ann"), a_rate("80", 2, project="P"), s1="employee", s2="project"
    )
    assert table.find(ANN, ON) == D(0)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {}),
        ({"until": "2026-01-31"}, {"since": "2026-01-31"}),
        ({"since": "2026-01-01", "until": "2026-12-31"}, {"since": "2026-03-01"}),
    ],
    ids=str,
)
def test_two_rates_of_one_key_that_both_hold_on_a_day_overlap(
    first: dict[str, str], second: dict[str, str]
) -> None:
    rates = (a_rate("80", item="CAM", **first), a_rate("90", item="CAM", **second))
    assert len(a_table(*rates, s1="item").overlaps()) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"item": "BOX"},
        {"item": "CAM", "since": "2026-02-01"},
        {"item": "CAM", "until": "2026-01-31"},
    ],
    ids=str,
)
def test_another_key_and_a_dated_rate_beside_an_undated_one_do_not_overlap(
    other: dict[str, str],
) -> None:
    rates = (a_rate("80", item="CAM"), a_rate("90", **other))
    assert a_table(*rates, s1="item").overlaps() == []


def test_rates_of_two_sequences_do_not_overlap() -> None:
    rates = (a_rate("80", 1, item="CAM"), a_rate("90", 2, item="CAM"))
    assert a_table(*rates, s1="item", s2="item").overlaps() == []


RATES = st.lists(
    st.builds(
        TableRate,
        seq=st.sampled_from([1, 2, 3]),
        rate=st.decimals("0", "200", places=2),
        task=st.sampled_from(["T", "TOP"]),
        item=st.sampled_from(["CAM", "BOX"]),
        employee=st.sampled_from(["ann", "ben"]),
        since=st.none() | st.dates(day("2025-12-01"), day("2026-01-31")),
    ),
    max_size=12,
)
PLACES = st.builds(
    RatePlace,
    project=st.just("P"),
    tasks=st.just(("T", "TOP")),
    item=st.sampled_from([None, "CAM", "BOX"]),
    employee=st.sampled_from([None, "ann", "ben"]),
)
ASKED = {1: ("item", "employee"), 2: ("task", "item"), 3: ("employee",)}


def looked_up(rates: list[TableRate], place: RatePlace) -> D | None:
    """Look a rate up the long way: every rate, one after the other."""
    for seq, factors in ASKED.items():
        for task in place.tasks:
            have = place._asdict() | {"task": task}
            fits = [
                rate
                for rate in rates
                if rate.seq == seq
                and all(getattr(rate, one) == have[one] for one in factors)
                and rate.holds_on(ON)
            ]
            if fits:
                return max(fits, key=lambda rate: rate.dated).rate
    return None


@given(RATES, PLACES)
def test_the_look_up_finds_what_a_plain_search_finds(
    rates: list[TableRate], place: RatePlace
) -> None:
    words = {f"s{seq}": " ".join(factors) for seq, factors in ASKED.items()}
    assert a_table(*rates, **words).find(place, ON) == looked_up(rates, place)
