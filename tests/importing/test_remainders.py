"""Remainders in books: what is left of them goes to another store, and nobody makes one up."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.billing.negotiators import by_pro_forma, invoiced
from tests.builders import ANN, D, Shop, day, on
from timix_xl.billing.verify import verify
from timix_xl.importing import faults
from timix_xl.importing.books_writing import export_books
from timix_xl.importing.take_in import take_in

REMAINDER: dict[str, Any] = {
    "id": "R:OLD-6:2",
    "date": "2026-01-31",
    "project": "P1",
    "task": "build",
    "kind": "remainder",
    "account_group": "LABOR",
    "description": "Footings",
    "quantity": 0,
    "unit": "h",
    "face_amount": "40.50",
    "tax_code": "S19",
    "tax_percent": "19",
    "covered_on": "2026-01-12",
    "approved_by": "anna",
    "approved_on": "2026-03-31",
}


def books_in(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def remainder(rows: Any) -> Any:
    return next(row for row in rows("entries") if row["kind"] == "remainder")


@pytest.mark.usefixtures("books")
def test_a_remainder_keeps_its_face_amount_and_its_tax(take: Any, rows: Any) -> None:
    assert take({"entries": [REMAINDER]}).taken == 1
    names = ("face_amount", "tax_code", "tax_percent", "covered_on", "status", "unit")
    assert [remainder(rows)[name] for name in names] == [
        *(4050, "S19", D(19), day("2026-01-12"), "approved", "h")
    ]


@pytest.mark.usefixtures("books")
def test_the_same_remainder_again_is_known(take: Any, dump: Any) -> None:
    take({"entries": [REMAINDER]})
    before = dump()
    assert (take({"entries": [REMAINDER]}).known, dump()) == (1, before)


@pytest.mark.usefixtures("books")
@pytest.mark.parametrize("reapprove", [False, True])
def test_a_remainder_never_changes(reapprove: bool, take: Any) -> None:
    take({"entries": [REMAINDER]})
    other = REMAINDER | {"face_amount": "41", "description": "Roof"}
    (fault,) = take({"entries": [other]}, reapprove=reapprove).refused
    assert (fault.column, fault.code) == ("description", faults.NOT_A_REMAINDER.code)
    assert fault.message == (
        "This cannot be taken as a remainder: the store has another description, face_amount."
    )


def test_a_remainder_of_an_invoice_is_known(held: Shop, tmp_path: Path) -> None:
    path = export_books(held.store, tmp_path / "a.json", today=ANN.today).path
    own = [one for one in books_in(path)["entries"] if one["id"] == "R:A:1"]
    path.write_text(json.dumps({"entries": own}), "utf-8")
    report = take_in(held.store, [path], actor=ANN)
    assert (report.known, report.refused) == (1, ())


@pytest.mark.usefixtures("books")
def test_a_remainder_is_no_other_kind_of_entry(take: Any) -> None:
    take({"entries": [REMAINDER]})
    own = dict.fromkeys(("face_amount", "tax_code", "tax_percent", "covered_on"))
    time = REMAINDER | own | {"kind": "time", "quantity": 1}
    report = take({"entries": [time]}, reapprove=True)
    assert [(one.column, one.message) for one in report.refused] == [
        (
            "kind",
            "This cannot be taken as a remainder: R:OLD-6:2 is of kind remainder in the store.",
        )
    ]


@pytest.mark.usefixtures("books")
def test_a_frame_order_has_to_cover_its_own_day_unless_another_is_given(
    take: Any, rows: Any
) -> None:
    take({"entries": [REMAINDER | {"covered_on": None}]})
    assert remainder(rows)["covered_on"] == day("2026-01-31")


@pytest.mark.usefixtures("books")
def test_an_entries_file_brings_no_remainder(take: Any) -> None:
    names = list(REMAINDER)
    line = ",".join(str(REMAINDER[name]) for name in names)
    (fault,) = take(f"{','.join(names)}\n{line}\n", "entries.csv").refused
    assert (fault.row, fault.column, fault.code) == (2, "kind", faults.NOT_A_REMAINDER.code)
    assert fault.message == ("This cannot be taken as a remainder: an entries file brings none.")


@pytest.mark.usefixtures("books")
@pytest.mark.parametrize("ending", ["json", "xlsx"])
def test_export_import_export_keeps_a_remainder(
    ending: str, take: Any, store: Any, tmp_path: Path, dump: Any, other: Callable[[Path], Any]
) -> None:
    take({"entries": [REMAINDER]})
    first = export_books(store, tmp_path / f"a.{ending}", today=ANN.today).path
    second = export_books(other(first), tmp_path / f"b.{ending}", today=ANN.today).path
    assert first.read_bytes() == second.read_bytes()


# A store where invoices held something back.


@pytest.fixture
def held(shop: Shop) -> Shop:
    """A shop with remainders of an invoice: open, cancelled, billed with its reversal."""
    shop.time("E1")
    shop.issue()
    facts = {"hours": "0", "tax_code": "S19", "tax_percent": D(19), "covered_on": day("2026-01-05")}
    facts |= {"of_document": 1, "of_line": 1}
    shop.time("R:A:1", kind="remainder", face_amount=1000, **facts)
    shop.time("R:A:2", kind="remainder", face_amount=2000, state="cancelled", **facts)
    shop.time("R:A:3", kind="remainder", face_amount=3000, billed_elsewhere="A-9", **facts)
    shop.time("R:A:3:x", kind="reversal", face_amount=-3000, billable=False, **facts)
    return shop


def test_what_is_cancelled_or_reversed_is_not_exported(held: Shop, tmp_path: Path) -> None:
    path = export_books(held.store, tmp_path / "a.json", today=ANN.today).path
    entries = books_in(path)["entries"]
    assert {one["id"]: one.get("billed_elsewhere") for one in entries} == {
        "E1": "INV-2026-00001",
        "R:A:1": None,
        "R:A:3": "A-9",
    }
    assert entries[1]["face_amount"] == "10.00"


# A remainder of another store.


@pytest.fixture
def moved(shop: Shop, other: Callable[[Path], Any], tmp_path: Path) -> Shop:
    """The books of a shop of which an invoice held 300 back, in a store of its own."""
    by_pro_forma(shop).time("E1", hours="8")
    invoiced(shop, amount=D(500))
    path = export_books(shop.store, tmp_path / "books.json", today=ANN.today).path
    shop.store.close()
    store = other(path)
    return Shop(store)


def test_a_remainder_of_another_store_holds_before_and_after_it_is_billed(moved: Shop) -> None:
    assert moved.problems() == ()
    invoiced(moved, "2026-03-31", on("2026-03-31"))
    assert moved.value("SELECT count(*) FROM entries WHERE kind = 'reversal'") == 1
    assert moved.problems() == ()


def test_a_remainder_that_was_billed_in_another_store_holds(
    moved: Shop, other: Callable[[Path], Any], tmp_path: Path
) -> None:
    invoiced(moved, "2026-03-31", on("2026-03-31"))
    path = export_books(moved.store, tmp_path / "again.json", today=ANN.today).path
    assert verify(other(path)).problems == ()
