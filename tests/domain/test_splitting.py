"""Splitting: which entries share a document, and which never do."""

from decimal import Decimal as D
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_step, priced
from timix_xl.domain.money import total
from timix_xl.domain.pricing import PricedEntry
from timix_xl.domain.splitting import split


def test_each_location_gets_a_document_of_its_own() -> None:
    made = split([priced("E1"), priced("E2", location="NORTH"), priced("E3", location="NORTH")])
    assert [[each.entry.id for each in part] for part in made.values()] == [["E1"], ["E2", "E3"]]


def test_a_task_billed_separately_gets_a_document_of_its_own() -> None:
    made = split([priced("E1", separate_task="T"), priced("E2")])
    assert [place.separate for place in made] == [None, ("P", "T")]


def test_the_same_task_code_of_two_projects_makes_two_documents() -> None:
    separate = [priced("E1", separate_task="T"), priced("E2", project="Q", separate_task="T")]
    assert len(split(separate)) == 2


def test_several_projects_may_stand_on_one_document() -> None:
    assert len(split([priced("E1"), priced("E2", project="Q")])) == 1


def test_the_main_document_comes_first_whatever_the_order_of_the_rows() -> None:
    rows = [priced("E1", location="B"), priced("E2", location="A"), priced("E3")]
    assert [place[0] for place in split(rows)] == [None, "A", "B"]


def test_an_invoice_group_gets_a_document_of_its_own_also_across_rules() -> None:
    tools = [a_step(step=at, invoice_group="TOOLS") for at in (10, 20)]
    rows = [
        priced("E1", step=a_step(), rule="A"),
        priced("E2", step=tools[0], rule="A"),
        priced("E3", step=tools[1], rule="B"),
    ]
    assert documents(rows) == [["E1"], ["E2", "E3"]]


def test_different_rules_alone_never_split() -> None:
    rows = [priced("E1"), *(priced(f"E{rule}", step=a_step(), rule=rule) for rule in "AB")]
    assert documents(rows) == [["E1", "EA", "EB"]]


def test_the_wizard_does_not_split_by_invoice_group() -> None:
    rows = [priced("E1"), priced("E2", step=a_step(invoice_group="TOOLS"), rule="A")]
    assert len(split(rows)) == 1


def test_the_groups_of_a_task_billed_separately_are_split_too() -> None:
    group = a_step(invoice_group="TOOLS")
    rows = [
        priced("E1", separate_task="T", step=group, rule="A"),
        priced("E2", separate_task="T"),
        priced("E3", step=group, rule="A"),
    ]
    assert documents(rows) == [["E3"], ["E2"], ["E1"]]


ROWS = st.lists(
    st.tuples(
        st.sampled_from([None, "NORTH", "SOUTH"]),
        st.sampled_from([None, "T", "U"]),
        st.sampled_from(["", "TOOLS", "TRAVEL"]),
        st.decimals("-100", "100", places=4),
    ),
    max_size=20,
).map(
    lambda rows: [
        priced(
            f"E{at}",
            location=place,
            separate_task=task,
            step=a_step(invoice_group=group),
            exact=sum_,
        )
        for at, (place, task, group, sum_) in enumerate(rows)
    ]
)


@given(ROWS, st.booleans())
def test_splitting_changes_no_total(rows: list[PricedEntry], by_group: bool) -> None:
    made = [each for part in split(rows, by_group=by_group).values() for each in part]
    assert total(each.exact for each in made) == total(each.exact for each in rows)
    assert total(each.hours for each in made) == D(len(rows))


@given(ROWS)
def test_every_entry_is_on_exactly_one_document(rows: list[PricedEntry]) -> None:
    made = [name for part in documents(rows) for name in part]
    assert sorted(made) == sorted(each.entry.id for each in rows)


@given(ROWS, st.randoms())
def test_the_documents_do_not_depend_on_the_order_of_the_rows(
    rows: list[PricedEntry], random: Any
) -> None:
    shuffled = random.sample(rows, len(rows))
    assert [sorted(one) for one in documents(shuffled)] == [sorted(one) for one in documents(rows)]


def documents(rows: list[PricedEntry]) -> list[list[str]]:
    """Name the entries of each document."""
    return [[each.entry.id for each in part] for part in split(rows, by_group=True).values()]
