"""Grouping: what may share a line, its rounding, its description; tax totals."""

from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_tax_code, day, priced, some_books
from timix_xl.domain.entries import Kind
from timix_xl.domain.grouping import GroupBy, GroupedLine, grouped_lines
from timix_xl.domain.items import Item
from timix_xl.domain.money import rounded, total
from timix_xl.domain.pricing import PricedEntry
from timix_xl.domain.projects import Project, Task
from timix_xl.domain.totals import tax_lines

BOOKS = some_books(
    projects=(
        Project(code="P", customer="ACME", name="Portal"),
        Project(code="Q", customer="ACME"),
    ),
    tasks=(
        Task(project="P", code="T", name="Build"),
        Task(project="P", code="U"),
        Task(project="Q", code="T"),
    ),
    items={"CAM": Item(code="CAM", name="Camera")},
    tax_codes={
        "S19": a_tax_code("S19", ("19", None)),
        "S7": a_tax_code("S7", ("7", None)),
    },
)


def lines(
    *entries: PricedEntry, by: GroupBy = GroupBy.PROJECT, currency: str = "EUR"
) -> list[GroupedLine]:
    return grouped_lines(entries, BOOKS, by, currency)


@pytest.mark.parametrize(
    "other",
    [
        {"project": "Q"},
        {"kind": Kind.MATERIAL},
        {"item": "CAM"},
        {"unit": "day"},
        {"rate": "101"},
        {"tax_code": "S7"},
        {"tax_percent": D(16)},
    ],
    ids=str,
)
def test_entries_that_differ_in_this_never_share_a_line(other: dict[str, Any]) -> None:
    assert len(lines(priced("E1"), priced("E2", **other))) == 2


@pytest.mark.parametrize("other", [{"task": "U"}, {"person": "ben"}, {"date": day("2026-01-06")}])
def test_entries_of_one_project_and_price_share_a_line(other: dict[str, Any]) -> None:
    assert len(lines(priced("E1"), priced("E2", **other))) == 1


@pytest.mark.parametrize(
    ("by", "other"),
    [
        (GroupBy.ENTRY, {}),
        (GroupBy.TASK, {"task": "U"}),
        (GroupBy.PERSON, {"person": "ben"}),
        (GroupBy.DAY, {"date": day("2026-01-06")}),
        (GroupBy.WEEK, {"date": day("2026-01-12")}),
    ],
)
def test_a_grouping_splits_by_what_it_is_named_after(by: GroupBy, other: dict[str, Any]) -> None:
    assert len(lines(priced("E1"), priced("E2", **other), by=by)) == 2


def test_two_rates_are_never_averaged_into_one_line() -> None:
    made = lines(priced("E1", "33.33", quantity=D(3)), priced("E2", "50"))
    assert [each.line.unit_price for each in made] == [D("33.33"), D("50")]


def test_an_iso_week_holds_together_over_the_turn_of_the_year() -> None:
    dates = [day("2025-12-29"), day("2026-01-04")]
    made = lines(*(priced(f"E{at}", date=on) for at, on in enumerate(dates)), by=GroupBy.WEEK)
    assert [each.line.description for each in made] == ["Week 2026-W01: Portal"]


def test_the_same_week_of_two_years_makes_two_lines() -> None:
    dates = [day("2025-01-06"), day("2026-01-05")]
    assert len(lines(*(priced(f"E{on}", date=on) for on in dates), by=GroupBy.WEEK)) == 2


def test_a_line_rounds_its_hours_once() -> None:
    made = lines(*(priced(f"E{at}", "95.55", quantity=D("0.3333")) for at in range(3)))
    assert made[0].line.amount == D("95.54")


def test_the_entries_of_a_line_share_its_amount_without_loss() -> None:
    made = lines(*(priced(f"E{at}", "95.55", quantity=D("0.3333")) for at in range(3)))
    assert [share.amount for share in made[0].billed] == [D("31.84"), D("31.85"), D("31.85")]


def test_what_a_rule_makes_of_the_entries_is_added_up_before_it_is_rounded() -> None:
    third = {"charged": D(1), "exact": D("0.333333333333")}
    made = lines(*(priced(f"E{at}", "0.333333", **third) for at in range(3)))
    assert (made[0].line.quantity, made[0].line.amount) == (D(3), D("1.00"))


def test_money_without_a_quantity_shares_no_line_with_what_has_a_price() -> None:
    made = lines(priced("E1", "0"), priced("E2", "0", charged=D(0), exact=D(50)))
    assert [each.line.amount for each in made] == [D("0.00"), D("50.00")]


def test_a_line_of_one_entry_says_what_the_rule_says() -> None:
    made = lines(priced("E1", line_text="P: Work"), by=GroupBy.ENTRY)
    assert made[0].line.description == "P: Work"


def test_other_groupings_say_what_they_stand_for_whatever_the_rule_says() -> None:
    made = lines(priced("E1", line_text="P: Work"), by=GroupBy.TASK)
    assert made[0].line.description == "Portal: Build"


def test_each_share_keeps_the_entrys_own_amount_beside_it() -> None:
    made = lines(*(priced(f"E{at}", "95.55", quantity=D("0.3333")) for at in range(3)))
    assert {share.exact_amount for share in made[0].billed} == {D("31.85")}


ENTRIES = st.lists(
    st.tuples(
        st.decimals("-24", "24", places=4),
        st.sampled_from(["95.55", "100", "0", "33.333333"]),
        st.sampled_from("TU"),
        st.sampled_from(["ann", "ben"]),
        st.dates(day("2025-12-20"), day("2026-01-20")),
    ),
    max_size=25,
).map(
    lambda rows: [
        priced(f"E{at}", rate, quantity=hours, task=task, person=person, date=on)
        for at, (hours, rate, task, person, on) in enumerate(rows)
    ]
)


@given(ENTRIES, st.sampled_from(GroupBy))
def test_the_printed_quantity_times_the_printed_price_is_the_printed_amount(
    entries: list[PricedEntry], by: GroupBy
) -> None:
    for each in lines(*entries, by=by):
        assert each.line.amount == rounded(each.line.quantity * each.line.unit_price, "EUR")


@given(ENTRIES, st.sampled_from(GroupBy))
def test_hours_are_neither_lost_nor_made_by_grouping(
    entries: list[PricedEntry], by: GroupBy
) -> None:
    assert total(each.line.quantity for each in lines(*entries, by=by)) == total(
        each.entry.quantity for each in entries
    )


@given(ENTRIES, st.sampled_from(GroupBy))
def test_every_entry_is_on_exactly_one_line(entries: list[PricedEntry], by: GroupBy) -> None:
    billed = [share.entry for each in lines(*entries, by=by) for share in each.billed]
    assert sorted(billed) == sorted(each.entry.id for each in entries)


@given(ENTRIES, st.sampled_from(GroupBy))
def test_shares_add_up_to_their_line(entries: list[PricedEntry], by: GroupBy) -> None:
    for each in lines(*entries, by=by):
        assert total(share.amount for share in each.billed) == each.line.amount


@given(ENTRIES)
def test_billed_by_entry_there_is_no_rounding(entries: list[PricedEntry]) -> None:
    for each in lines(*entries, by=GroupBy.ENTRY):
        assert each.line.amount == each.billed[0].exact_amount


@given(ENTRIES, st.sampled_from(GroupBy), st.randoms())
def test_lines_do_not_depend_on_the_order_of_the_rows(
    entries: list[PricedEntry], by: GroupBy, random: Any
) -> None:
    shuffled = random.sample(entries, len(entries))
    assert lines(*shuffled, by=by) == lines(*entries, by=by)


def test_lines_are_numbered_by_their_first_entry() -> None:
    made = lines(
        priced("E2", date=day("2026-01-02"), task="U"),
        priced("E1", date=day("2026-01-03"), task="T"),
        by=GroupBy.TASK,
    )
    assert [(each.line.line, each.line.task) for each in made] == [(1, "U"), (2, "T")]


@pytest.mark.parametrize(
    ("by", "text"),
    [
        (GroupBy.ENTRY, "Work E1"),
        (GroupBy.TASK, "Portal: Build"),
        (GroupBy.PERSON, "Ann Abel: Portal"),
        (GroupBy.DAY, "2026-01-05: Portal"),
        (GroupBy.WEEK, "Week 2026-W02: Portal"),
        (GroupBy.PROJECT, "Portal"),
    ],
)
def test_a_line_says_what_it_stands_for(by: GroupBy, text: str) -> None:
    assert lines(priced("E1"), by=by)[0].line.description == text


def test_an_entry_without_a_description_is_named_after_its_item() -> None:
    made = lines(priced("E1", description="", item="CAM"), by=GroupBy.ENTRY)
    assert made[0].line.description == "Camera"


def test_what_a_lines_entries_do_not_share_is_left_empty() -> None:
    line = lines(priced("E1"), priced("E2", person="ben", date=day("2026-01-06")))[0].line
    assert (line.task, line.person, line.date) == ("T", None, None)


# Tax totals.


def taxes(*entries: PricedEntry, currency: str = "EUR") -> list[tuple[str, str, str, str]]:
    made = [each.line for each in lines(*entries, by=GroupBy.ENTRY, currency=currency)]
    found = tax_lines(made, BOOKS.tax_codes, currency)
    return [(one.code, str(one.percent), str(one.base), str(one.amount)) for one in found]


def test_tax_is_rounded_once_on_the_sum_of_its_lines() -> None:
    thirds = [priced(f"E{at}", "0.13") for at in range(3)]
    assert taxes(*thirds) == [("S19", "19", "0.39", "0.07")]


def test_each_percent_of_a_code_has_a_line_of_its_own() -> None:
    made = taxes(priced("E1", "100"), priced("E2", "100", tax_percent=D(16)))
    assert made == [("S19", "16", "100.00", "16.00"), ("S19", "19", "100.00", "19.00")]


def test_half_a_cent_of_tax_rounds_up() -> None:
    assert taxes(priced("E1", "0.50", tax_code="S7", tax_percent=D(7))) == [
        ("S7", "7", "0.50", "0.04")
    ]


def test_tax_on_a_negative_sum_is_negative() -> None:
    assert taxes(priced("E1", "100", quantity=D(-1))) == [("S19", "19", "-100.00", "-19.00")]


def test_the_tax_of_yen_has_no_decimals() -> None:
    assert taxes(priced("E1", "133"), currency="JPY")[0][3] == "25"


@given(ENTRIES)
def test_the_bases_of_the_tax_lines_are_the_subtotal(entries: list[PricedEntry]) -> None:
    made = [each.line for each in lines(*entries, by=GroupBy.ENTRY)]
    bases = [one.base for one in tax_lines(made, BOOKS.tax_codes, "EUR")]
    assert total(bases) == total(line.amount for line in made)
