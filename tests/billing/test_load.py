"""Load: every unbilled entry up to the cut-off, and what was left out, and why."""

import pytest

from tests.builders import D, Shop, day
from timix_xl.billing.load import load_all
from timix_xl.errors import UnknownCustomer


def loaded(shop: Shop, customer: str = "ACME") -> list[str]:
    return [row.entry.id for row in shop.load(customer).rows]


def test_a_load_shows_hours_and_amount_of_what_it_took(shop: Shop) -> None:
    shop.time("E1", "E2", hours="7.5")
    review = shop.load()
    assert (review.hours, review.amount) == (D(15), D(1500))


def test_rows_come_by_date_then_by_id(shop: Shop) -> None:
    shop.time("E3", on="2026-01-02")
    shop.time("E2", "E1", on="2026-01-03")
    assert loaded(shop) == ["E3", "E1", "E2"]


def test_old_unbilled_work_always_comes_in(shop: Shop) -> None:
    shop.time("E1", on="2019-05-01")
    assert loaded(shop) == ["E1"]


def test_another_customers_work_is_not_loaded(shop: Shop) -> None:
    shop.customer("BETA")
    shop.time("E1", project="P-BETA")
    assert loaded(shop) == []


def test_every_open_entry_is_either_loaded_or_left_out(shop: Shop) -> None:
    shop.time("E1")
    shop.time("E2", status="draft")
    shop.time("E3", on="2026-02-01")
    review = shop.load()
    left = [each.entry.id for each in review.left_out]
    assert sorted(loaded(shop) + left) == ["E1", "E2", "E3"]


def test_a_billed_entry_is_neither_loaded_nor_left_out(shop: Shop) -> None:
    shop.time("E1")
    shop.issue()
    review = shop.load()
    assert (review.rows, review.left_out) == ((), ())


def test_a_written_off_entry_is_neither_loaded_nor_left_out(shop: Shop) -> None:
    shop.time("E1")
    shop.issue(paper=shop.paper({"E1": "write off"}))
    review = shop.load()
    assert (review.rows, review.left_out) == ((), ())


def test_material_is_priced_by_its_date(shop: Shop) -> None:
    shop.add("items", code="CAM", name="Camera", unit="pcs")
    shop.add(
        "item_prices",
        {"item": "CAM", "position": 0, "since": None, "price": D("49.90")},
        {"item": "CAM", "position": 1, "since": day("2026-01-06"), "price": D(60)},
    )
    shop.material("M1", item="CAM", on="2026-01-05")
    shop.material("M2", item="CAM", on="2026-01-06")
    assert [row.priced.rate for row in shop.load().rows] == [D("49.90"), D(60)]


def test_the_rates_of_the_table_and_of_the_columns_are_one_book(shop: Shop) -> None:
    shop.add("bill_rates", project="P", since=day("2026-01-06"), rate=D(80))
    shop.change("projects", {"code": "P"}, bill_rate=D(90))
    shop.time("E1", on="2026-01-05")
    shop.time("E2", on="2026-01-06")
    assert [row.priced.rate for row in shop.load().rows] == [D(90), D(80)]


def test_a_customer_that_is_not_there_is_named(shop: Shop) -> None:
    with pytest.raises(UnknownCustomer, match="no customer NIX"):
        shop.load("NIX")


def test_the_reviews_of_all_customers_are_those_of_each(shop: Shop) -> None:
    shop.customer("BETA")
    shop.time("E1")
    shop.time("E2", project="P-BETA", hours="2")
    both = load_all(shop.store, day("2026-01-31"))
    assert [(one.customer.code, one.rows) for one in both] == [
        (code, shop.load(code).rows) for code in ("ACME", "BETA")
    ]


def token(shop: Shop) -> str:
    return shop.load().rows[0].token


@pytest.mark.parametrize(
    ("table", "key", "change"),
    [
        ("entries", {"id": "E1"}, {"billable_quantity": D(2)}),
        ("entries", {"id": "E1"}, {"description": "Other work"}),
        ("entries", {"id": "E1"}, {"date": day("2026-01-06")}),
        ("entries", {"id": "E1"}, {"person": "ben"}),
        ("customers", {"code": "ACME"}, {"bill_rate": D(101)}),
        ("tax_rates", {"tax_code": "S19"}, {"percent": D(20)}),
        ("tasks", {"code": "T"}, {"bill_separately": True}),
    ],
)
def test_a_token_changes_with_each_fact_of_its_row(
    shop: Shop, table: str, key: dict[str, str], change: dict[str, object]
) -> None:
    shop.time("E1")
    before = token(shop)
    shop.change(table, key, **change)
    assert token(shop) != before


def test_a_token_does_not_change_with_what_the_row_does_not_show(shop: Shop) -> None:
    shop.time("E1")
    before = token(shop)
    shop.change("entries", {"id": "E1"}, unit_cost=D(40))
    shop.time("E2")
    assert token(shop) == before
