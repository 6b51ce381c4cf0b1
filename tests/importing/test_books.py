"""Books files: what is kept, what is known again, what is changed and logged."""

import hashlib
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update

from timix_xl.domain.invoices import DocumentKind
from timix_xl.importing import faults
from timix_xl.importing.take_in import take_in
from timix_xl.store import tables

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def codes(report: Any) -> list[str]:
    return [one.code for one in report.refused]


def test_every_row_of_a_books_file_is_taken(take: Any, content: Any) -> None:
    report = take(content)
    count = sum(len(rows) if isinstance(rows, list) else 1 for rows in content.values())
    assert (report.taken, report.known, report.changed) == (count - 1, 1, 0)  # LABOR is there
    assert report.written


def test_the_same_file_again_is_known_and_changes_nothing(take: Any, books: Any, dump: Any) -> None:
    before = dump()
    report = take(books)
    assert (report.taken, report.changed, report.refused) == (0, 0, ())
    assert dump() == before


@pytest.mark.usefixtures("books")
def test_what_is_left_out_becomes_what_stands_behind_it(rows: Any) -> None:
    task = next(row for row in rows("tasks") if row["code"] == "walls")
    assert (task["status"], task["billing_type"], task["bill_separately"]) == (
        "active",
        None,
        False,
    )
    invoice = rows("open_invoices")[0]
    assert (invoice["due_date"], invoice["total"], invoice["paid"]) == (
        date(2025, 12, 31),
        11900,
        0,
    )
    assert rows("items")[1]["unit"] == "pcs"


def test_other_values_change_master_data_and_are_logged(take: Any, books: Any, rows: Any) -> None:
    books["customers"][0] |= {"name": "Acme SE", "bill_rate": "80.5", "payment_terms_days": 14}
    books["bill_rates"] = []
    report = take({"customers": books["customers"], "bill_rates": []})
    assert codes(report) == []
    assert (report.known, report.changed) == (1, 1)
    assert rows("customers")[0]["bill_rate"] == Decimal("80.5")
    logged = rows("audit_log")[-1]
    assert logged["object"] == "customer ACME"
    assert json.loads(logged["before"]) == {"name": "Acme AG"}
    assert json.loads(logged["after"]) == {
        "name": "Acme SE",
        "bill_rate": "80.5",
        "payment_terms_days": 14,
    }


def test_a_file_is_logged_once_with_its_hash(take: Any, books: Any, rows: Any) -> None:
    logged = len(rows("audit_log"))
    take({"vendors": [{"code": "V2"}, *books["vendors"]]})
    (entry,) = rows("audit_log")[logged:]
    after = json.loads(entry["after"])
    assert entry["object"] == "file books.json"
    assert (after["taken"], after["known"], len(after["sha256"])) == (1, 1, 64)


@pytest.mark.usefixtures("books")
def test_a_list_within_a_row_is_replaced_as_a_whole(take: Any, rows: Any) -> None:
    prices = [{"price": "1.30"}, {"from": "2026-07-01", "price": "1.40"}]
    report = take({"items": [{"code": "BOLT", "account_group": "MATERIAL", "prices": prices}]})
    assert report.changed == 1
    assert [(row["since"], row["price"]) for row in rows("item_prices")] == [
        (None, Decimal("1.30")),
        (date(2026, 7, 1), Decimal("1.40")),
    ]


@pytest.mark.usefixtures("books")
def test_the_end_of_a_bill_rate_can_be_changed(take: Any, rows: Any) -> None:
    report = take(
        {
            "bill_rates": [
                {"rate": "99", "customer": "ACME", "from": "2026-07-01"},
                {"rate": "95", "customer": "ACME", "from": "2026-01-01", "to": "2026-06-30"},
            ]
        }
    )
    assert (report.taken, report.changed, codes(report)) == (1, 1, [])
    assert sorted(row["rate"] for row in rows("bill_rates")) == [90, 95, 99]


@pytest.mark.usefixtures("books")
def test_a_project_stands_for_its_customer_in_a_bill_rate(take: Any) -> None:
    report = take({"bill_rates": [{"rate": "90.00", "project": "P1", "customer": "ACME"}]})
    assert (report.known, codes(report)) == (1, [])


@pytest.mark.usefixtures("books")
def test_a_task_may_come_before_its_parent(take: Any) -> None:
    tasks = [
        {"project": "P1", "code": "leaf", "parent": "branch"},
        {"project": "P1", "code": "branch"},
    ]
    assert take({"tasks": tasks}).taken == 2


def test_texts_are_composed_and_have_one_kind_of_line_end(take: Any, rows: Any) -> None:
    note = "first\r\nsecond\rthird"
    take(
        {
            "people": [{"code": " mu\u0308ller\u00a0", "name": "Mu\u0308ller"}],
            "tax_codes": [{"code": "X", "category": "O", "note": note, "rates": [{"percent": 0}]}],
        }
    )
    assert (rows("people")[0]["code"], rows("people")[0]["name"]) == ("müller", "Müller")
    assert rows("tax_codes")[0]["note"] == "first\nsecond\nthird"


def test_the_logo_is_kept_by_its_hash(take: Any, write: Any, books: Any, rows: Any) -> None:
    write(PNG, "logo.png")
    company = books["company"] | {"logo": "logo.png", "address": ["Main Street 1", "Yard"]}
    for _ in range(2):
        assert codes(take({"company": company})) == []
    sha256 = hashlib.sha256(PNG).hexdigest()
    assert (rows("company")[0]["logo"], rows("blobs")[0]["content"]) == (sha256, PNG)
    assert rows("company")[0]["address"] == "Main Street 1\nYard"


def test_a_logo_over_one_megabyte_is_refused(take: Any, write: Any, books: Any) -> None:
    write(PNG + b"0" * 2**20, "logo.png")
    report = take({"company": books["company"] | {"logo": "logo.png"}})
    assert codes(report) == [faults.LOGO_REFUSED.code]


def test_next_numbers_begin_a_series_and_can_be_said_again(
    store: Any, take: Any, books: Any, rows: Any
) -> None:
    settings = {"settings": {"next_numbers": {"invoice:2026": 121, "pro_forma": 5}}}
    assert codes(take(settings)) == []
    assert {(row["kind"], row["year"], row["next_seq"]) for row in rows("series")} == {
        (DocumentKind.INVOICE, 2026, 121),
        (DocumentKind.PRO_FORMA, 0, 5),
    }
    with store.writing() as connection:
        connection.exec_driver_sql("DROP TRIGGER timix_series_taken")  # no document takes it here
        connection.execute(update(tables.series).values(next_seq=tables.series.c.next_seq + 1))
    assert codes(take(settings)) == []
    assert {row["next_seq"] for row in rows("series")} == {122, 6}
    settings["settings"]["next_numbers"] = {"invoice:2026": 200}
    assert codes(take(settings)) == [faults.SERIES_USED.code]
    owed = books["open_invoices"][0] | {"number": "INV-2026-00120"}
    assert codes(take({"open_invoices": [owed]})) == []


def test_a_number_that_is_taken_is_refused(store: Any, take: Any, books: Any) -> None:
    with store.writing() as connection:
        connection.execute(insert(tables.numbers).values(number="N-1", taken_by="invoice 1"))
    owed = books["open_invoices"][0] | {"number": "N-1"}
    assert codes(take({"open_invoices": [owed]})) == [faults.NUMBER_IS_TAKEN.code]


def test_a_frame_order_that_is_drawn_keeps_its_unit_and_its_total(
    draft: Any, take: Any, books: Any, rows: Any
) -> None:
    draft(entry="E1", order="FO1", drawn=60_0000)
    order = books["frame_orders"][0]
    less = order | {"total_hours": "59", "overrun": "warn"}
    assert codes(take({"frame_orders": [less]})) == [faults.ORDER_OVERDRAWN.code]
    money = {"number": "FO1", "customer": "ACME", "total_amount": "9000"}
    assert codes(take({"frame_orders": [money]})) == [faults.CANNOT_CHANGE.code]
    assert codes(take({"frame_orders": [order | {"total_hours": "60"}]})) == []
    assert rows("frame_orders")[0]["total"] == 60_0000


@pytest.mark.usefixtures("books")
def test_a_money_order_is_in_the_customers_currency(take: Any, rows: Any) -> None:
    take({"frame_orders": [{"number": "FY", "customer": "YEN", "total_amount": 500_000}]})
    order = next(row for row in rows("frame_orders") if row["number"] == "FY")
    assert (order["unit"], order["total"]) == ("JPY", 500_000)


def test_odd_names_and_ibans_are_taken_with_a_warning(take: Any, books: Any) -> None:
    report = take(
        {
            "company": books["company"] | {"iban": "DE89 3704 0044 0532 0130 01"},
            "people": [{"code": "a2", "name": "\u0410nna Smith"}, {"code": "a3", "name": "Анна"}],
        }
    )
    assert [(one.code, one.row) for one in report.warnings] == [
        (faults.IBAN_ODD.code, "company"),
        (faults.MIXED_SCRIPTS.code, "people[0]"),
    ]
    assert report.taken == 2


def test_a_good_iban_gives_no_warning(take: Any, books: Any) -> None:
    company = books["company"] | {"iban": "DE89 3704 0044 0532 0130 00"}
    assert take({"company": company}).warnings == ()


@pytest.mark.usefixtures("books")
def test_a_later_file_may_refer_to_an_earlier_one(
    store: Any, write: Any, dump: Any, actor: Any
) -> None:
    first = write({"projects": [{"code": "Q1", "customer": "ACME"}]}, "first.json")
    second = write({"tasks": [{"project": "Q1", "code": "t"}]}, "second.json")
    before = dump()
    wrong = take_in(store, [second, first], actor=actor)
    assert codes(wrong) == [faults.UNKNOWN_CODE.code]
    assert dump() == before
    assert take_in(store, [first, second], actor=actor).taken == 2


@pytest.mark.usefixtures("books")
def test_skip_bad_takes_the_rest_but_nothing_that_leans_on_a_bad_row(take: Any, rows: Any) -> None:
    report = take(
        {
            "projects": [
                {"code": "Q1", "customer": "ACME", "status": "lost"},
                {"code": "Q2", "customer": "ACME"},
            ],
            "tasks": [
                {"project": "Q1", "code": "t"},
                {"project": "Q2", "code": "t"},
                {"project": "Q2", "code": "u", "parent": "v"},
                {"project": "Q2", "code": "w", "parent": "u"},
            ],
        },
        skip_bad=True,
    )
    assert (report.taken, len(report.refused), report.written) == (2, 4, True)
    assert {row["code"] for row in rows("projects")} == {"P1", "BARE", "Q2"}


def test_a_dry_run_says_the_same_and_leaves_the_store_as_it_was(
    store: Any, take: Any, books: Any
) -> None:
    books["vendors"].append({"code": "V2"})
    before = Path(store.place).read_bytes()
    dry = take(books, dry_run=True)
    assert Path(store.place).read_bytes() == before
    wet = take(books)
    assert (dry.taken, dry.known, dry.changed, dry.written) == (
        wet.taken,
        wet.known,
        wet.changed,
        False,
    )
    assert wet.written
    assert Path(store.place).read_bytes() != before
