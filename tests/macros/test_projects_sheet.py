"""The Projects sheet: figures of every project, and billing one of them."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.builders import BILLING_DATE, D, Shop, copy_of
from tests.macros.driver import Workbook
from timix_xl import macros
from timix_xl.errors import BillingDateNeeded, RunRefused, UnknownProject
from timix_xl.workbook.refusals import BilledInPart, CellEmpty, CellRefused, WorkbookOlder


@pytest.fixture
def shop(template: Path, tmp_path: Path) -> Shop:
    """A store with project X, billed by pro forma, and Y, billed by the month."""
    made = copy_of(template, tmp_path)
    made.project("X", pro_forma=True, name="Portal")
    monthly = {"billing_period": "month", "start_date": dt.date(2025, 12, 31)}
    made.project("Y", name="Care", **monthly)
    made.time("X1", project="X", hours="2", unit_cost=D(60))
    made.time("Y1", project="Y", hours="3")
    return made


@pytest.fixture
def book(shop: Shop, tmp_path: Path) -> Workbook:
    """An empty workbook."""
    return Workbook(tmp_path / "book.xlsx", shop.store)


def row(book: Workbook, project: str) -> dict[str, Any]:
    """Read a project's row."""
    return next(one for one in book.rows("tblProjects") if one["Project"] == project)


def test_every_project_has_its_figures(book: Workbook, shop: Shop) -> None:
    shop.add("limits", project="X", amount=100000)
    book.run(macros.refresh_pro_forma)
    titles = ("Customer", "Currency", "Cost", "Invoiced", "Draft", "WIP", "Limit", "Margin")
    assert [row(book, "X")[title] for title in titles] == [
        "ACME", "EUR", 120, 0, 0, 200, 1000, -120,
    ]  # fmt: skip
    assert row(book, "Y")["Next billing date"] == dt.datetime(2026, 1, 31)
    assert [one["Due"] for one in book.rows("tblProjects")] == [None, None, "yes"]


def test_a_project_is_billed_by_pro_forma_and_that_one_is_loaded(
    book: Workbook, shop: Shop
) -> None:
    book.put(project="X", project_billing_date=BILLING_DATE)
    book.run(macros.bill_project)
    assert shop.rows("SELECT number, project, state FROM pro_formas") == [
        ("PF-00001", "X", "on_hold")
    ]
    assert book.shown("pro_forma") == "PF-00001"
    assert book.column("Entries", "tblProForma") == ["X1"]
    assert row(book, "X")["Pro forma"] == "PF-00001 On Hold"
    assert row(book, "X")["Draft"] == 200
    assert book.shown("status") == "Made PF-00001 for X up to 2026-01-31; 0 left out."


def test_a_project_without_a_pro_forma_gets_a_draft_in_the_register(
    book: Workbook, shop: Shop
) -> None:
    book.put(project="Y")
    book.run(macros.bill_project)
    assert shop.rows("SELECT kind, status FROM documents") == [("invoice", "draft")]
    assert book.column("Number", "tblInvoices") == ["DRAFT-1"]
    assert row(book, "Y")["Next billing date"] == dt.datetime(2026, 2, 28)


def test_a_project_that_is_not_due_says_when_it_is(book: Workbook) -> None:
    book.put(project="Y")
    book.run(macros.bill_project)
    book.run(macros.bill_project)
    assert book.shown("status") == "Y is not due: its next billing date is 2026-02-28."


def test_nothing_to_bill_is_said(book: Workbook) -> None:
    book.put(project="P", project_billing_date=BILLING_DATE)
    book.run(macros.bill_project)
    assert book.shown("status") == "P has nothing to bill up to 2026-01-31."


def test_a_workbook_that_was_lost_after_a_run_bills_once(book: Workbook, shop: Shop) -> None:
    book.run(macros.refresh_pro_forma)
    book.put(project="X", project_billing_date=BILLING_DATE)
    lost = book.path.read_bytes()
    book.run(macros.bill_project)
    book.path.write_bytes(lost)
    book.run(macros.bill_project)
    assert shop.value("SELECT count(*) FROM pro_formas") == 1
    assert book.shown("status").startswith("Made PF-00001")


def test_two_new_workbooks_are_two_runs(book: Workbook, shop: Shop, tmp_path: Path) -> None:
    for at, one in enumerate((book, Workbook(tmp_path / "other.xlsx", shop.store)), start=2):
        one.put(project="X", project_billing_date=BILLING_DATE)
        one.run(macros.bill_project)
        shop.time(f"X{at}", project="X")
    assert shop.rows("SELECT number FROM pro_formas") == [("PF-00001",), ("PF-00002",)]


def test_what_stands_unsaved_in_the_pro_forma_sheet_stays(book: Workbook, shop: Shop) -> None:
    book.put(project="X", project_billing_date=BILLING_DATE)
    book.run(macros.bill_project)
    book.type("tblProForma", "Line", {"1": {"Amount to invoice": 150}})
    shop.time("X2", project="X")
    book.put(project_billing_date=dt.date(2026, 2, 1))
    book.run(macros.bill_project)
    assert book.shown("pro_forma") == "PF-00001"
    assert book.column("Amount to invoice", "tblProForma") == [150]


def test_a_run_that_is_refused_writes_nothing_and_says_why(book: Workbook, shop: Shop) -> None:
    shop.change("tax_rates", {"tax_code": "S19"}, since=dt.date(2027, 1, 1))
    book.put(project="X", project_billing_date=BILLING_DATE)
    with pytest.raises(RunRefused):
        book.run(macros.bill_project)
    assert shop.rows("SELECT * FROM pro_formas") == []
    assert book.codes() != []


def test_an_earlier_run_stands_when_a_later_one_is_refused(book: Workbook, shop: Shop) -> None:
    shop.add("tax_codes", code="NEW", category="S", note="")
    shop.add("tax_rates", tax_code="NEW", position=0, percent=D(19), since=dt.date(2027, 1, 1))
    shop.task("U", project="Y", tax_code="NEW")
    shop.change("projects", {"code": "Y"}, start_date=dt.date(2025, 11, 30))
    shop.change("entries", {"id": "Y1"}, date=dt.date(2025, 12, 5))
    shop.time("Y2", project="Y", task="U", on="2026-01-10")
    book.put(project="Y")
    with pytest.raises(BilledInPart) as refusal:
        book.run(macros.bill_project)
    assert "DRAFT-1" in refusal.value.message
    assert shop.value("SELECT count(*) FROM documents") == 1


@pytest.mark.parametrize(
    ("cells", "stops"),
    [
        ({"project": None}, CellEmpty),
        ({"project": "NONE", "project_billing_date": BILLING_DATE}, UnknownProject),
        ({"project": "X"}, BillingDateNeeded),
        ({"project": "X", "project_billing_date": "soon"}, CellRefused),
    ],
)
def test_what_cannot_be_billed_is_refused(
    book: Workbook, cells: dict[str, Any], stops: type[Exception]
) -> None:
    book.put(**cells)
    with pytest.raises(stops):
        book.run(macros.bill_project)


def test_a_workbook_of_the_older_layout_still_bills_but_has_no_projects(
    book: Workbook, shop: Shop
) -> None:
    with book.edited() as edited:
        for name in [one for one in edited.defined_names if one.startswith("timix_pro")]:
            del edited.defined_names[name]
        del edited["Projects"], edited["Pro forma"]
    book.put(workbook_version=1)
    shop.time("E1")
    book.load()
    book.run(macros.issue)
    assert shop.value("SELECT number FROM documents") == "INV-2026-00001"
    with pytest.raises(WorkbookOlder):
        book.run(macros.refresh_pro_forma)
    assert book.shown("workbook_version") == 1
