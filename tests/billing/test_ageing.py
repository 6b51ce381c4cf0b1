"""Ageing: what customers owe, by days past due."""

from typing import Any

import pytest

from tests.builders import ANN, D, Shop, day, on
from timix_xl.billing.ageing import Aged, ageing
from timix_xl.billing.draft import save_draft
from timix_xl.billing.pay import pay
from timix_xl.billing.plan import RunOptions
from timix_xl.billing.register import register
from timix_xl.billing.void import void
from timix_xl.errors import UnknownCustomer

FIRST = "INV-2026-00001"
TODAY = day("2026-02-15")


@pytest.fixture
def issued(shop: Shop) -> Shop:
    """Ten hours on an invoice of 1,190.00, issued 31 January, due 2 March."""
    shop.time("E1", hours="10")
    shop.issue()
    return shop


def aged(shop: Shop, as_of: str | None = None, **more: Any) -> list[Aged]:
    return ageing(shop.store, today=TODAY, as_of=day(as_of) if as_of else None, **more)


@pytest.mark.parametrize(
    ("as_of", "bucket"),
    [
        ("2026-03-02", 0),
        ("2026-03-03", 1),
        ("2026-04-01", 1),
        ("2026-04-02", 2),
        ("2026-05-01", 2),
        ("2026-05-02", 3),
        ("2026-05-31", 3),
        ("2026-06-01", 4),
    ],
)
def test_what_is_owed_ages_by_days_past_due(issued: Shop, as_of: str, bucket: int) -> None:
    (one,) = aged(issued, as_of)
    assert [amount for at, amount in enumerate(one.buckets) if at == bucket] == [D("1190.00")]
    assert sum(one.buckets) == D("1190.00")


def test_what_is_owed_to_the_customer_stands_apart(issued: Shop) -> None:
    pay(issued.store, FIRST, D("1200"), day("2026-02-01"), actor=ANN)

    (one,) = aged(issued)
    assert (sum(one.buckets), one.credit, one.total) == (D(0), D("-10.00"), D("-10.00"))


def test_a_customer_that_owes_nothing_is_left_out(issued: Shop) -> None:
    pay(issued.store, FIRST, D("1190"), day("2026-02-01"), actor=ANN)
    assert aged(issued) == []


def test_a_payment_counts_from_its_day_on(issued: Shop) -> None:
    pay(issued.store, FIRST, D("190"), day("2026-02-01"), actor=ANN)

    assert [aged(issued, day)[0].total for day in ("2026-01-31", "2026-02-01")] == [
        D(1190),
        D(1000),
    ]


def test_a_void_counts_from_its_day_on(issued: Shop) -> None:
    void(issued.store, FIRST, "wrong", actor=on("2026-02-05"))

    assert [len(aged(issued, day)) for day in ("2026-02-04", "2026-02-05")] == [1, 0]


def test_the_documents_stand_behind_the_figure(issued: Shop) -> None:
    assert [one.number for one in aged(issued)[0].documents] == [FIRST]


def test_the_total_is_the_outstanding_of_the_register(issued: Shop) -> None:
    pay(issued.store, FIRST, D("190"), day("2026-02-01"), actor=ANN)

    standings = register(issued.store, today=TODAY)
    assert aged(issued)[0].total == sum(one.outstanding for one in standings)


def test_one_customer_is_shown_alone(issued: Shop) -> None:
    issued.customer("BETA")
    issued.time("B1", project="P-BETA")
    issued.issue("BETA")

    assert [one.customer for one in aged(issued, customer="BETA")] == ["BETA"]


def test_an_unknown_customer_is_refused(issued: Shop) -> None:
    with pytest.raises(UnknownCustomer):
        aged(issued, customer="NOBODY")


def test_a_draft_owes_nothing_as_of_a_day(issued: Shop) -> None:
    issued.time("E2")
    save_draft(issued.store, "ACME", day("2026-01-31"), RunOptions(), actor=ANN)

    standings = register(issued.store, today=TODAY, as_of=TODAY)
    assert [one.number for one in standings] == [FIRST]
