"""A store as books: another store that takes them in bills, draws and waits for the same."""

import io
import json
import random
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.builders import ANN, BOB, D, Shop, a_full_year, copy_of, day, make_template
from timix_xl.billing.credit import credit
from timix_xl.billing.decide import Choice, decide
from timix_xl.billing.load import load_all
from timix_xl.billing.pay import pay
from timix_xl.billing.register import register
from timix_xl.billing.send import send
from timix_xl.billing.utilization import utilization
from timix_xl.billing.verify import verify
from timix_xl.billing.void import void
from timix_xl.domain.entries import Decision
from timix_xl.domain.invoices import Becomes
from timix_xl.errors import BadArgument, TimixError
from timix_xl.importing import faults
from timix_xl.importing.books_writing import export_books
from timix_xl.importing.refusals import BooksNotWritten, NotABooksFile
from timix_xl.importing.take_in import take_in
from timix_xl.settings import bundled
from timix_xl.store.database import Store, open_store

PAID_ON = day("2026-02-01")
TODAY = day("2026-03-01")
LATER = day("2026-12-31")
LATE = replace(ANN, at=ANN.at.replace(month=3))
"""Who imports after everything that was exported has been approved."""
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_template(tmp_path_factory.mktemp("template"))


@pytest.fixture
def shop(template: Path, tmp_path: Path) -> Iterator[Shop]:
    """A furnished store."""
    made = copy_of(template, tmp_path, "shop.db")
    yield made
    made.store.close()


def export(store: Store, path: Path) -> Path:
    return export_books(store, path, today=TODAY).path


def books_in(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text("utf-8"))


def figures(store: Store) -> dict[str, Any]:
    """Return what has to agree: unbilled work, frame orders, what customers owe."""
    owed: defaultdict[str, Decimal] = defaultdict(Decimal)
    for one in register(store, today=TODAY):
        owed[one.customer] += one.outstanding
    return {
        "unbilled": {one.customer.code: (one.hours, one.amount) for one in load_all(store, LATER)},
        "orders": {
            one.number: (one.billed, one.remaining, one.percent) for one in utilization(store)
        },
        "outstanding": {customer: amount for customer, amount in owed.items() if amount},
    }


# The same file again.


@pytest.mark.usefixtures("books")
@pytest.mark.parametrize("ending", ["json", "xlsx"])
def test_export_import_export_is_the_same_file(
    ending: str, store: Any, tmp_path: Path, other: Any
) -> None:
    first = export(store, tmp_path / f"first.{ending}")
    second = export(other(first), tmp_path / f"second.{ending}")
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.usefixtures("books")
def test_both_forms_say_the_same(store: Any, tmp_path: Path, other: Any) -> None:
    as_json = export(store, tmp_path / "a.json")
    as_workbook = export(store, tmp_path / "a.xlsx")
    again = export(other(as_workbook), tmp_path / "b.json")
    assert as_json.read_bytes() == again.read_bytes()


def test_the_bundled_month_goes_there_and_back(store: Any, tmp_path: Path, other: Any) -> None:
    files = [bundled("demo/books.json"), bundled("demo/entries.csv")]
    assert not take_in(store, files, actor=LATE).refused
    as_json = export(store, tmp_path / "a.json")
    elsewhere = other(export(store, tmp_path / "a.xlsx"))
    assert export(elsewhere, tmp_path / "b.json").read_bytes() == as_json.read_bytes()
    assert figures(elsewhere) == figures(store)


@pytest.mark.parametrize("ending", ["json", "xlsx"])
def test_the_export_is_known_where_it_comes_from(
    ending: str, store: Any, take: Any, books: Any, dump: Any, tmp_path: Path
) -> None:
    before = dump()
    report = take_in(store, [export(store, tmp_path / f"a.{ending}")], actor=ANN)
    assert (report.taken, report.changed, report.refused) == (0, 0, ())
    assert dump() == before


def test_an_empty_store_makes_books_that_can_be_taken(
    store: Any, tmp_path: Path, other: Any
) -> None:
    other(export(store, tmp_path / "a.xlsx"))
    assert books_in(export(store, tmp_path / "a.json")) == {
        "account_groups": [{"code": "LABOR", "name": "Labor"}]
    }


# What becomes of work.


def test_an_entry_on_an_issued_invoice_is_billed_elsewhere(shop: Shop, tmp_path: Path) -> None:
    shop.time("E1", "E2")
    decide(shop.store, "ACME", {"E2": Choice(Decision.DEFER)}, actor=ANN)
    number = shop.issue().numbers[0]
    entries = books_in(export(shop.store, tmp_path / "a.json"))["entries"]
    assert {one["id"]: one.get("billed_elsewhere") for one in entries} == {"E1": number, "E2": None}


def test_what_a_void_gave_back_is_open(shop: Shop, tmp_path: Path) -> None:
    shop.order("FO", "10")
    shop.time("E1")
    void(shop.store, shop.issue(frame_order="FO").numbers[0], "slip", actor=BOB)
    found = books_in(export(shop.store, tmp_path / "a.json"))
    assert "billed_elsewhere" not in found["entries"][0]
    assert found["frame_orders"][0]["billed_before"] == "0"
    assert "open_invoices" not in found


def test_what_is_written_off_is_settled(shop: Shop, tmp_path: Path) -> None:
    shop.time("E1", "E2")
    decide(shop.store, "ACME", {"E2": Choice(Decision.WRITE_OFF, "goodwill")}, actor=ANN)
    shop.issue()
    entries = books_in(export(shop.store, tmp_path / "a.json"))["entries"]
    assert entries[1]["billed_elsewhere"] == "written off"


def test_a_draft_holds_nothing(store: Any, draft: Any, books: Any, tmp_path: Path) -> None:
    draft(entry="E1", order="FO1", drawn=60_0000)
    found = books_in(export(store, tmp_path / "a.json"))
    assert "billed_elsewhere" not in found["entries"][0]
    assert found["frame_orders"][0]["billed_before"] == "0"
    assert [one["number"] for one in found["open_invoices"]] == ["OLD-7"]


def test_an_open_pro_forma_holds_nothing_and_is_counted(
    store: Any, draft: Any, books: Any, tmp_path: Path
) -> None:
    draft(entry="E1", order="FO1", drawn=0, pro_forma="PF-00001")
    done = export_books(store, tmp_path / "a.json", today=TODAY)
    assert "billed_elsewhere" not in books_in(done.path)["entries"][0]
    assert (done.left_behind.pro_formas, done.left_behind.drafts) == (1, 0)


def test_draws_are_billed_before(shop: Shop, tmp_path: Path) -> None:
    shop.order("FO", "10", billed_before="1.5")
    shop.time("E1", hours="2.25")
    shop.issue(frame_order="FO")
    found = books_in(export(shop.store, tmp_path / "a.json"))
    assert found["frame_orders"][0]["billed_before"] == "3.75"


def test_a_part_payment_leaves_what_is_outstanding(shop: Shop, tmp_path: Path) -> None:
    shop.time("E1")
    number = shop.issue().numbers[0]
    pay(shop.store, number, D("19"), PAID_ON, actor=ANN)
    (invoice,) = books_in(export(shop.store, tmp_path / "a.json"))["open_invoices"]
    assert (invoice["number"], invoice["total"], invoice["paid"]) == (number, "119.00", "19.00")


def test_a_paid_invoice_is_left_out(shop: Shop, tmp_path: Path) -> None:
    shop.time("E1")
    pay(shop.store, shop.issue().numbers[0], D("119"), PAID_ON, actor=ANN)
    assert "open_invoices" not in books_in(export(shop.store, tmp_path / "a.json"))


def test_what_is_owed_to_a_customer_stays_owed(take: Any, books: Any, store: Any) -> None:
    owed = books["open_invoices"][0] | {"number": "OLD-8", "paid": "150"}
    report = take({"open_invoices": [owed]})
    assert [one.code for one in report.warnings] == [faults.OWED_TO_CUSTOMER.code]
    assert report.warnings[0].message == (
        "150.00 EUR is paid of 119.00 EUR: 31.00 EUR is owed to the customer."
    )
    assert [one.outstanding for one in register(store, today=TODAY)] == [D("119"), D("-31")]


def test_a_frame_order_that_got_more_back_than_it_gave_survives(
    shop: Shop, tmp_path: Path, other: Any
) -> None:
    shop.order("FO", "10")
    shop.time("E1", hours="-2")
    shop.material("M1", units="500", bill_rate=D(1))
    shop.issue(frame_order="FO")
    elsewhere = other(export(shop.store, tmp_path / "a.xlsx"))
    assert [one.remaining for one in utilization(elsewhere)] == [12]


def test_a_split_entry_comes_with_its_parts(shop: Shop, tmp_path: Path, other: Any) -> None:
    shop.time("E1", hours="8", state="split")
    shop.time("E1/1", hours="5", part_of="E1")
    shop.time("E1/2", hours="3", part_of="E1")
    decide(shop.store, "ACME", {"E1/2": Choice(Decision.DEFER)}, actor=ANN)
    shop.issue()
    elsewhere = other(export(shop.store, tmp_path / "a.xlsx"))
    (review,) = load_all(elsewhere, LATER)
    assert [row.entry.id for row in review.rows] == ["E1/2"]
    assert figures(elsewhere) == figures(shop.store)


def test_the_next_invoice_has_the_next_number(shop: Shop, tmp_path: Path, other: Any) -> None:
    shop.time("E1", "E2")
    decide(shop.store, "ACME", {"E2": Choice(Decision.DEFER)}, actor=ANN)
    shop.issue()
    elsewhere = Shop(other(export(shop.store, tmp_path / "a.json")))
    elsewhere.change("company", {}, tax_id="DE123456789")
    assert elsewhere.issue().numbers == ("INV-2026-00002",)


def test_a_series_of_a_pattern_that_is_gone_is_left_out(
    store: Any, take: Any, books: Any, tmp_path: Path
) -> None:
    take({"settings": {"next_numbers": {"invoice:2026": 7, "pro_forma": 3}}})
    take({"settings": {"invoice_number": "R{seq}"}})
    (settings,) = [books_in(export(store, tmp_path / "a.json"))["settings"]]
    assert settings["next_numbers"] == {"pro_forma": 3}


# A year, and any walk.


@pytest.mark.parametrize("ending", ["json", "xlsx"])
def test_a_full_year_goes_on_elsewhere(ending: str, shop: Shop, tmp_path: Path, other: Any) -> None:
    a_full_year(shop)
    elsewhere = other(export(shop.store, tmp_path / f"a.{ending}"))
    assert figures(elsewhere) == figures(shop.store)


@pytest.mark.parametrize("seed", range(6))
def test_any_walk_goes_on_elsewhere(seed: int, shop: Shop, tmp_path: Path, other: Any) -> None:
    walk(shop, random.Random(seed))
    first = export(shop.store, tmp_path / "a.json")
    second = other(first)
    assert figures(second) == figures(shop.store)
    assert verify(second).problems == ()
    third = other(export(second, tmp_path / "b.xlsx"))
    assert figures(third) == figures(shop.store)
    assert books_in(export(third, tmp_path / "c.json")) == books_in(
        export(second, tmp_path / "d.json")
    )


def walk(shop: Shop, chance: random.Random) -> None:
    """Work, decide, issue, send, pay and void, in any order."""
    shop.customer("BETA", bill_rate=D("77.77"))
    shop.order("FO-H", "40", billed_before="1.25")
    shop.order("FO-M", "9000", unit="EUR", overrun="warn")
    for at in range(14):
        customer, project = chance.choice([("ACME", "P"), ("BETA", "P-BETA")])
        for number in range(chance.randint(0, 3)):
            hours = f"{chance.uniform(0.25, 9):.4f}"
            shop.time(f"E{at}-{number}", project=project, hours=hours)
        rows = [row.entry.id for row in shop.load(customer).rows]
        choices = {one: a_choice(chance) for one in rows if chance.random() < 0.6}
        with suppress(TimixError):  # what a rule refuses is not done
            decide(shop.store, customer, choices, actor=ANN)
        with suppress(TimixError):
            order = chance.choice([None, "FO-H", "FO-M"]) if customer == "ACME" else None
            shop.issue(customer, frame_order=order)
        numbers = [one.number for one in register(shop.store, today=TODAY) if one.number]
        for number in chance.sample(numbers, min(2, len(numbers))):
            with suppress(TimixError):
                act = chance.choice([send_it, pay_it, void_it, credit_it])
                act(shop, number, chance)


def a_choice(chance: random.Random) -> Choice:
    if chance.random() < 0.3:
        rest = chance.choice([Decision.DEFER, Decision.WRITE_OFF])
        return Choice(Decision.BILL, "agreed", bill_quantity=D("0.125"), rest=rest)
    return Choice(chance.choice([Decision.DEFER, Decision.WRITE_OFF]), "agreed")


def send_it(shop: Shop, number: str, _: random.Random) -> None:
    send(shop.store, number, actor=ANN)


def pay_it(shop: Shop, number: str, chance: random.Random) -> None:
    pay(shop.store, number, D(chance.randint(1, 30000)) / 100, PAID_ON, actor=ANN)


def void_it(shop: Shop, number: str, _: random.Random) -> None:
    void(shop.store, number, "slip", actor=BOB)


def credit_it(shop: Shop, number: str, chance: random.Random) -> None:
    becomes = chance.choice(list(Becomes))
    credit(shop.store, number, becomes=becomes, reason="slip", actor=BOB)


def test_the_walks_come_to_every_kind_of_work(shop: Shop) -> None:
    walk(shop, random.Random(0))
    kinds = {kind for (kind,) in shop.rows("SELECT DISTINCT kind FROM events")}
    assert kinds >= {"issued", "sent", "paid", "void"}
    states = {state for (state,) in shop.rows("SELECT DISTINCT state FROM entries")}
    assert states == {"open", "written_off", "split"}
    assert any(one.outstanding < 0 for one in register(shop.store, today=TODAY))


# Files.


def test_the_logo_is_written_beside(
    store: Any, take: Any, write: Any, books: Any, tmp_path: Path, other: Any
) -> None:
    write(PNG, "logo.png")
    take({"company": books["company"] | {"logo": "logo.png"}})
    for name in ("out", "again"):
        (tmp_path / name).mkdir()
    done = export_books(store, tmp_path / "out" / "a.json", today=TODAY)
    assert done.logo is not None
    assert done.logo.read_bytes() == PNG
    again = export_books(other(done.path), tmp_path / "again" / "a.json", today=TODAY)
    assert again.path.read_bytes() == done.path.read_bytes()


def test_a_store_that_is_only_read_can_be_exported(shop: Shop, tmp_path: Path) -> None:
    store = open_store(shop.path, read_only=True)
    assert books_in(export(store, tmp_path / "a.json")) == books_in(
        export(shop.store, tmp_path / "b.json")
    )
    store.close()


@pytest.mark.usefixtures("books")
@pytest.mark.parametrize("name", ["a.json", "a.xlsx"])
def test_an_older_export_is_replaced(name: str, store: Any, tmp_path: Path) -> None:
    first = export(store, tmp_path / name).read_bytes()
    assert export(store, tmp_path / name).read_bytes() == first
    assert list(tmp_path.glob(".*.tmp")) == []


def a_workbook() -> bytes:
    """Return a workbook that is no books file."""
    book = openpyxl.Workbook()
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", b"hello"),
        ("a.json", b'{"name": "timix"}'),
        ("a.json", b"[1]"),
        ("a.json", b"\xff\xfe"),
        ("a.xlsx", b"PK but nothing else"),
        ("a.xlsx", a_workbook()),
    ],
)
def test_a_file_that_holds_no_books_is_not_replaced(
    name: str, content: bytes, store: Any, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(NotABooksFile):
        export(store, tmp_path / name)
    assert (tmp_path / name).read_bytes() == content


def test_another_ending_is_refused(store: Any, tmp_path: Path) -> None:
    with pytest.raises(BadArgument):
        export(store, tmp_path / "a.csv")


def test_a_folder_that_cannot_be_written_is_told(store: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(BooksNotWritten):
        export(store, tmp_path / "file" / "a.json")


@pytest.mark.parametrize("name", ["a.json", "a.xlsx"])
def test_a_folder_that_is_not_there_is_not_made(name: str, store: Any, tmp_path: Path) -> None:
    with pytest.raises(BooksNotWritten) as stopped:
        export(store, tmp_path / "no" / "such" / name)
    assert f"there is no folder {tmp_path / 'no' / 'such'}" in stopped.value.message
    assert not (tmp_path / "no").exists()
