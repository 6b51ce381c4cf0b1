"""WIP: approved, billable, unbilled work at bill price, as of the end of a day."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from tests.billing.test_statement_count import statements
from tests.builders import ANN, BILLING_DATE, D, Shop, copy_of, day, entry_row, on
from timix_xl.billing.close import close
from timix_xl.billing.decide import Choice, decide
from timix_xl.billing.draft import delete_draft, issue_draft, save_draft
from timix_xl.billing.plan import RunOptions
from timix_xl.billing.restore import restore
from timix_xl.billing.roll_forward import roll_forward
from timix_xl.billing.void import void
from timix_xl.billing.wip import aged_wip, unbilled_by_customer, wip
from timix_xl.domain.entries import Decision
from timix_xl.domain.wip import WipEntry, Work
from timix_xl.errors import UnknownCustomer

TODAY = day("2026-02-10")
FIRST = "INV-2026-00001"


def rows(shop: Shop, as_of: str | None = None, today: dt.date = TODAY) -> list[WipEntry]:
    return wip(shop.store, today=today, as_of=day(as_of) if as_of else None)


def told(shop: Shop, as_of: str | None = None) -> dict[str, str]:
    return {one.entry: str(one.amount) for one in rows(shop, as_of)}


def save(shop: Shop) -> None:
    save_draft(shop.store, "ACME", BILLING_DATE, RunOptions(), actor=ANN)


# What is WIP.


def test_an_entry_shows_its_hours_and_its_amount_at_bill_price(shop: Shop) -> None:
    shop.time("E1", hours="2.5", bill_rate=D("80"))

    (one,) = rows(shop)
    assert (one.entry, one.customer, one.currency) == ("E1", "ACME", "EUR")
    assert (one.hours, one.amount) == (D("2.5"), D("200.00"))


def test_what_lies_on_a_draft_is_wip_and_names_it(shop: Shop) -> None:
    shop.time("E1")
    save(shop)

    assert [(one.entry, one.on) for one in rows(shop)] == [("E1", "DRAFT-1")]


def test_as_of_a_day_no_draft_is_named(shop: Shop) -> None:
    shop.time("E1")
    save(shop)

    assert [one.on for one in rows(shop, "2026-02-10")] == [""]


@pytest.mark.parametrize(
    ("facts", "project", "task"),
    [
        ({"on": "2026-02-09"}, {}, {}),
        ({}, {"pro_forma": True}, {}),
        ({}, {}, {"billing_option": "task_completion"}),
        ({}, {"status": "planned"}, {}),
    ],
    ids=["after a cut-off", "pro forma", "waiting for completion", "project not billable yet"],
)
def test_what_waits_is_wip(
    shop: Shop, facts: dict[str, Any], project: dict[str, Any], task: dict[str, Any]
) -> None:
    shop.time("E1", **facts)
    for table, values in (("projects", project), ("tasks", task)):
        if values:
            shop.change(table, {"code": "P" if table == "projects" else "T"}, **values)

    assert told(shop) == {"E1": "100.00"}


def test_work_without_a_price_is_wip_of_nothing(shop: Shop) -> None:
    shop.material("M1", units="2")
    shop.time("E1", currency="USD")

    assert told(shop) == {"M1": "0", "E1": "0"}


@pytest.mark.parametrize(
    "facts",
    [
        {"status": "submitted"},
        {"billable": False},
        {"billed_elsewhere": "OLD-7"},
        {"project": "F"},
        {"project": "O"},
    ],
    ids=["not approved", "not billable", "billed elsewhere", "fixed", "overhead"],
)
def test_what_is_never_billed_by_the_entry_is_no_wip(shop: Shop, facts: dict[str, Any]) -> None:
    shop.project("F", billing_type="fixed")
    shop.project("O", billing_type="overhead")
    shop.time("E1", **facts)

    assert rows(shop) == []


def test_work_that_is_approved_later_is_wip_later(shop: Shop) -> None:
    shop.add("entries", entry_row(id="E1") | {"wip_from": day("2026-02-03")})

    assert (told(shop, "2026-02-02"), told(shop, "2026-02-03")) == ({}, {"E1": "100.00"})


# As of a day.


@pytest.fixture
def moved(shop: Shop) -> Shop:
    """E1 billed on 31 January and voided on 5 February; E2 written off, restored on the 7th."""
    shop.time("E1", "E2")
    decide(shop.store, "ACME", {"E2": Choice(Decision.WRITE_OFF, "so")}, actor=ANN)
    shop.issue()
    void(shop.store, FIRST, "wrong", actor=on("2026-02-05"))
    restore(shop.store, ["E2"], "after all", actor=on("2026-02-07"))
    return shop


@pytest.mark.parametrize(
    ("as_of", "there"),
    [
        ("2026-01-04", []),
        ("2026-01-30", ["E1", "E2"]),
        ("2026-01-31", []),
        ("2026-02-05", ["E1"]),
        ("2026-02-07", ["E1", "E2"]),
    ],
)
def test_each_day_has_what_was_unbilled_at_its_end(
    moved: Shop, as_of: str, there: list[str]
) -> None:
    assert sorted(told(moved, as_of)) == there


def test_parts_stand_for_their_entry_from_the_issue_date_of_the_run(shop: Shop) -> None:
    shop.time("E1", hours="8")
    decide(shop.store, "ACME", {"E1": Choice(Decision.BILL, bill_quantity=D(5))}, actor=ANN)
    shop.issue()

    assert told(shop, "2026-01-30") == {"E1": "800.00"}
    assert told(shop, "2026-01-31") == {"E1/2": "300.00"}


def test_a_draft_bills_on_the_day_it_is_issued(shop: Shop) -> None:
    shop.time("E1")
    save(shop)
    issue_draft(shop.store, "DRAFT-1", actor=ANN, issue_date=day("2026-02-03"))

    assert (told(shop, "2026-02-02"), told(shop, "2026-02-03")) == ({"E1": "100.00"}, {})


def test_a_part_of_a_deleted_draft_is_wip_again(shop: Shop) -> None:
    shop.time("E1", hours="8")
    decide(shop.store, "ACME", {"E1": Choice(Decision.BILL, bill_quantity=D(5))}, actor=ANN)
    save(shop)
    delete_draft(shop.store, "DRAFT-1", actor=ANN)

    assert told(shop) == {"E1/1": "500.00", "E1/2": "300.00"}
    assert [line.difference for line in roll_forward(shop.store, "2026-01", today=TODAY)] == [
        Work()
    ]


LATER: list[Callable[[Shop], Any]] = [
    lambda shop: shop.issue(upto=TODAY, issue_date=TODAY),
    lambda shop: void(shop.store, FIRST, "x", actor=on("2026-02-10")),
    lambda shop: shop.time("E9", on="2026-02-10"),
    lambda shop: close(shop.store, "2026-01", actor=on("2026-02-10")),
    save,
]


@pytest.mark.parametrize("later", LATER, ids=["issue", "void", "work", "close", "draft"])
@pytest.mark.parametrize("as_of", ["2026-01-31", "2026-02-09"])
def test_what_happens_later_does_not_change_an_earlier_day(
    shop: Shop, as_of: str, later: Callable[[Shop], Any]
) -> None:
    shop.time("E1")
    shop.issue()
    shop.time("E2", hours="2")
    before = rows(shop, as_of)
    later(shop)

    assert rows(shop, as_of) == before


# By customer.


def test_one_customer_is_shown_alone(shop: Shop) -> None:
    shop.customer("BETA")
    shop.time("E1")
    shop.time("B1", project="P-BETA")

    found = wip(shop.store, today=TODAY, customer="BETA")
    assert [one.entry for one in found] == ["B1"]


def test_an_unknown_customer_is_refused(shop: Shop) -> None:
    with pytest.raises(UnknownCustomer):
        wip(shop.store, today=TODAY, customer="NOBODY")


def test_wip_is_aged_by_the_dates_of_its_entries(shop: Shop) -> None:
    shop.time("E1", on="2026-02-10")
    shop.time("E2", on="2026-01-11", hours="2")
    shop.time("E3", on="2026-01-10", hours="3")
    shop.time("E4", on="2025-11-01", hours="4")

    (one,) = aged_wip(shop.store, today=TODAY)
    assert [work.amount for work in one.buckets] == [D(300), D(300), D(0), D(400)]
    assert (one.name, one.hours, one.amount) == ("Acme Ltd", D(10), D(1000))
    assert one.oldest == day("2025-11-01")


def test_unbilled_as_of_a_day_lists_customers_without_any_too(shop: Shop) -> None:
    shop.customer("BETA")
    shop.time("E1")

    found = unbilled_by_customer(shop.store, TODAY)
    assert [(code, len(entries)) for code, _, entries in found] == [("ACME", 1), ("BETA", 0)]


# How much it asks of the database.


def counted(shop: Shop, count: int) -> tuple[int, int, int]:
    shop.many(count)
    shop.issue()
    shop.entries({"id": f"open {at}"} for at in range(count))
    return (
        statements(shop, lambda: rows(shop)),
        statements(shop, lambda: roll_forward(shop.store, "2026-01", today=TODAY)),
        statements(shop, lambda: close(shop.store, "2026-01", actor=on("2026-02-10"))),
    )


def test_the_count_of_statements_does_not_depend_on_the_entries(
    shop: Shop, template: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = copy_of(template, tmp_path_factory.mktemp("many"))
    assert counted(shop, 3) == counted(other, 400)
    other.store.close()
