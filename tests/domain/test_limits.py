"""Limits: what they leave for the lines of a document, from the top line down."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timix_xl.domain.limits import Limit, LineLimit, Share, judged
from timix_xl.domain.money import ZERO, total

D = Decimal
PROJECT = Limit(project="P", amount=D(1000))


def share(amount: str | Decimal, task: str | None = "T", group: str | None = "LABOR") -> Share:
    return Share("P", task, group, D(amount))


def figures(found: list[LineLimit | None]) -> list[tuple[str, str] | None]:
    return [(str(one.available), str(one.over)) if one else None for one in found]


def run(*amounts: str, limit: str = "1000", used: str = "0") -> list[tuple[str, str] | None]:
    """Judge lines of one share each beside one limit of the project."""
    limits = {Limit(project="P", amount=D(limit)): D(used)}
    return figures(judged([[share(one)] for one in amounts], limits))


def test_a_limit_is_passed_on_the_third_line() -> None:
    assert run("400", "400", "400") == [("1000", "0"), ("600", "0"), ("200", "200")]


def test_what_others_bill_is_not_available() -> None:
    assert run("400", used="700") == [("300", "100")]


def test_a_line_that_takes_exactly_what_is_left_is_not_over() -> None:
    assert run("300", used="700") == [("300", "0")]


def test_what_is_over_on_one_line_leaves_nothing_for_the_next() -> None:
    assert run("1200", "50") == [("1000", "200"), ("0", "50")]


def test_available_is_never_below_zero() -> None:
    assert run("10", used="5000") == [("0", "10")]


def test_a_limit_of_zero_lets_nothing_through() -> None:
    assert run("0.01", "0", limit="0") == [("0", "0.01"), ("0", "0")]


def test_a_line_below_zero_is_never_over_and_makes_room() -> None:
    assert run("-100", "150", used="950") == [("50", "0"), ("150", "0")]


def test_a_line_below_zero_has_to_make_up_first_for_what_is_over() -> None:
    assert run("-100", "80", used="1050") == [("0", "0"), ("50", "30")]


def test_the_smaller_available_of_two_limits_counts() -> None:
    task = Limit(project="P", amount=D(500), task="T")
    found = judged([[share("300")], [share("300")]], {PROJECT: D(600), task: ZERO})
    assert figures(found) == [("400", "0"), ("100", "200")]
    assert found[1]
    assert [one.limit for one in found[1].passed] == [PROJECT]
    found = judged([[share("300")], [share("300")]], {PROJECT: ZERO, task: ZERO})
    assert figures(found) == [("500", "0"), ("200", "100")]
    assert found[1]
    assert [one.limit for one in found[1].passed] == [task]


def test_a_line_that_no_limit_covers_is_not_checked() -> None:
    travel = Limit(project="P", amount=ZERO, account_group="TRAVEL")
    other = Limit(project="Q", amount=ZERO)
    assert judged([[share("300")]], {travel: ZERO, other: ZERO}) == [None]


def test_a_line_by_hand_without_task_or_group_falls_on_the_projects_limit_only() -> None:
    task = Limit(project="P", amount=ZERO, task="T")
    group = Limit(project="P", amount=ZERO, account_group="LABOR")
    found = judged(
        [[share("300", task=None, group=None)]], dict.fromkeys((PROJECT, task, group), ZERO)
    )
    assert figures(found) == [("1000", "0")]


def test_of_a_mixed_line_only_what_falls_on_the_limit_counts() -> None:
    travel = Limit(project="P", amount=D(50), account_group="TRAVEL")
    mixed = [share("200"), share("40", group="TRAVEL")]
    found = judged([mixed, mixed], {travel: ZERO})
    assert figures(found) == [("50", "0"), ("10", "30")]
    assert found[1]
    assert [str(one.amount) for one in found[1].passed] == ["40"]


def test_a_mixed_line_can_pass_two_limits() -> None:
    tasks = [
        Limit(project="P", amount=D(amount), task=task) for task, amount in (("A", 50), ("B", 40))
    ]
    found = judged([[share("100", "A"), share("100", "B")]], dict.fromkeys(tasks, ZERO))
    assert figures(found) == [("40", "110")]
    assert found[0]
    assert [str(one.over) for one in found[0].passed] == ["50", "60"]


def test_within_a_line_the_order_of_its_shares_does_not_matter() -> None:
    up, down = share("150", "A"), share("-100", "B")
    for line in ([up, down], [down, up]):
        assert figures(judged([line], {PROJECT: D(950)})) == [("50", "0")]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "project P"),
        ({"task": "T"}, "task T of project P"),
        ({"account_group": "LABOR"}, "LABOR of project P"),
        ({"task": "T", "account_group": "LABOR"}, "LABOR of task T of project P"),
    ],
)
def test_a_limit_says_what_it_covers(facts: dict[str, str], words: str) -> None:
    assert Limit(project="P", amount=ZERO, **facts).scope == words


AMOUNTS = st.decimals("-500", "500", places=2)
LINES = st.lists(st.lists(st.builds(share, AMOUNTS, st.sampled_from("ABC")), min_size=1))


@given(LINES, AMOUNTS, AMOUNTS)
def test_available_and_over_follow_the_rule_on_every_line(
    lines: list[list[Share]], limit: Decimal, used: Decimal
) -> None:
    """Available = limit - (others + lines above), over = amount - available; never below zero."""
    above = used
    for line, found in zip(
        lines, judged(lines, {Limit(project="P", amount=limit): used}), strict=True
    ):
        amount = total(one.amount for one in line)
        available = max(ZERO, limit - above)
        assert found
        assert (found.available, found.over) == (available, max(ZERO, amount - available))
        above += amount


@given(LINES, AMOUNTS, AMOUNTS)
def test_another_limit_never_makes_room(
    lines: list[list[Share]], limit: Decimal, used: Decimal
) -> None:
    whole, task = Limit(project="P", amount=limit), Limit(project="P", amount=limit, task="A")
    alone, both = judged(lines, {whole: used}), judged(lines, {whole: used, task: used})
    for one, other in zip(alone, both, strict=True):
        assert one
        assert other
        assert other.available <= one.available
