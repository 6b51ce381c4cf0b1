"""What the constraints of the schema refuse, through the store's own connection."""

from typing import Any

import pytest
from sqlalchemy import delete, insert, select

from tests.builders import D, Shop, a_full_year, day
from timix_xl.errors import UnknownCustomer
from timix_xl.store import tables as t
from timix_xl.store.refusals import StoreForbidden, StoreRefuses


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("company", {"id": 2, "name": "Another", "currency": "EUR"}),
        ("customers", {"code": "X", "name": "X", "currency": "EUR", "tax_code": "NIX"}),
        ("decisions", {"entry": "NIX", "version": 1}),
        ("claims", {"entry": "E1", "document": 77}),
        (
            "document_lines",
            {
                "document": 77,
                "line": 1,
                "project": "P",
                "description": "",
                "kind": "time",
                "quantity": D(1),
                "unit": "h",
                "unit_price": D(1),
                "amount": 1,
                "tax_code": "S19",
                "tax_percent": D(19),
            },
        ),
        ("series", {"kind": "invoice", "year": 2030, "next_seq": 0, "first_seq": 0}),
    ],
)
def test_a_row_that_hangs_in_the_air_is_refused(
    shop: Shop, table: str, row: dict[str, Any]
) -> None:
    shop.time("E1")
    with pytest.raises(StoreRefuses):
        shop.add(table, row)


def test_a_frame_order_of_nothing_is_refused(shop: Shop) -> None:
    with pytest.raises(StoreRefuses):
        shop.order("FO", "0")


def test_two_entries_of_one_source_and_external_id_are_refused(shop: Shop) -> None:
    shop.time("E1", source="jira", external_id="7")
    with pytest.raises(StoreRefuses):
        shop.time("E2", source="jira", external_id="7")


def test_entries_without_an_external_id_do_not_collide(shop: Shop) -> None:
    shop.time("E1", "E2", source="jira", external_id=None)
    assert shop.value("SELECT count(*) FROM entries") == 2


def test_an_entry_on_a_task_of_another_project_is_refused(shop: Shop) -> None:
    shop.project("Q", tasks="Z")
    with pytest.raises(StoreRefuses):
        shop.time("E1", task="Z")


def test_a_customer_with_documents_cannot_be_deleted_and_takes_none_along(shop: Shop) -> None:
    a_full_year(shop)
    with pytest.raises((StoreRefuses, StoreForbidden)), shop.store.writing() as connection:
        connection.execute(delete(t.customers).where(t.customers.c.code == "ACME"))
    assert shop.value("SELECT count(*) FROM documents") == 4


def test_what_was_written_before_a_refusal_is_not_there_after_it(shop: Shop) -> None:
    with pytest.raises(StoreRefuses), shop.store.writing() as connection:
        connection.execute(insert(t.vendors).values(code="V1", name="Vendor"))
        connection.execute(insert(t.vendors).values(code="V1", name="Vendor"))
    assert shop.value("SELECT count(*) FROM vendors") == 0


def test_numbers_are_stored_as_scaled_integers(shop: Shop) -> None:
    shop.time("E1", hours="0.3333", bill_rate=D("95.555555"))
    (found,) = shop.rows("SELECT quantity, bill_rate FROM entries")
    assert found == (3333, 95555555)
    assert {type(one) for one in found} == {int}


def test_more_decimals_than_a_column_holds_are_refused_rather_than_rounded(shop: Shop) -> None:
    with pytest.raises(Exception, match="more than 4 decimals"):
        shop.time("E1", hours="0.33333")


def test_dates_compare_as_dates(shop: Shop) -> None:
    shop.time("E1", on="2026-01-09")
    shop.time("E2", on="2026-01-10")
    with shop.store.reading() as connection:
        late = select(t.entries.c.id).where(t.entries.c.date >= day("2026-01-10"))
        assert connection.execute(late).scalars().all() == ["E2"]


INJECTIONS = ("x'); DROP TABLE documents;--", 'a"b', "O'Brien; --", "%_\\")


@pytest.mark.parametrize("text", INJECTIONS)
def test_a_name_with_sql_in_it_is_stored_literally(shop: Shop, text: str) -> None:
    shop.customer("C1", name=text)
    assert shop.load("C1").customer.name == text


@pytest.mark.parametrize("text", INJECTIONS)
def test_a_code_with_sql_in_it_is_looked_up_literally(shop: Shop, text: str) -> None:
    shop.customer(text)
    shop.time("E1", project=f"P-{text}", description=text)
    shop.issue(text)
    assert shop.rows("SELECT customer FROM documents") == [(text,)]


@pytest.mark.stores("sqlite")
def test_a_name_with_a_nul_in_it_is_stored_literally(shop: Shop) -> None:
    shop.customer("C1", name="\x00nul")
    assert shop.load("C1").customer.name == "\x00nul"


@pytest.mark.stores("postgresql")
def test_a_nul_which_postgresql_does_not_take_is_refused(shop: Shop) -> None:
    with pytest.raises(StoreRefuses):
        shop.customer("C1", name="\x00nul")


def test_a_hostile_code_that_is_nobodys_finds_nobody(shop: Shop) -> None:
    with pytest.raises(UnknownCustomer):
        shop.load("' OR 1=1 --")
