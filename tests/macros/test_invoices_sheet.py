"""The Invoices sheet: the register, its filters, and the ballots of what to do."""

import datetime as dt
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pypdf
import pytest

from tests.builders import BOB, Shop, copy_of
from tests.macros.driver import Kept, Workbook, dump
from tests.workbook.unsettled import check_sum, unsettle
from timix_xl import macros
from timix_xl.documents.refusals import FileNotWritten
from timix_xl.workbook.refusals import ActionRefused, CellRefused, NoActionDone

pytestmark = pytest.mark.stores("sqlite", "postgresql")
ONE, TWO = "INV-2026-00001", "INV-2026-00002"


@pytest.fixture(scope="module")
def billed_once(loaded_once: Kept, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """A store and its workbook, in which two invoices have been issued."""
    folder = tmp_path_factory.mktemp("billed")
    shop = copy_of(loaded_once.store, folder)
    book = Workbook(Path(shutil.copy(loaded_once.book, folder)), shop.store)
    book.run(macros.issue)
    shop.customer("BETA")
    shop.time("B1", project="P-BETA")
    book.load("BETA")
    book.run(macros.issue)
    return Kept(shop.template(), book.path)


@pytest.fixture
def shop(billed_once: Kept, tmp_path: Path) -> Iterator[Shop]:
    """The store with the two invoices."""
    made = copy_of(billed_once.store, tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def billed(billed_once: Kept, tmp_path: Path, shop: Shop) -> Workbook:
    """A workbook with two invoices: 1288.92 and, of BETA's, 119.00."""
    shutil.copy(billed_once.book, tmp_path)
    return Workbook(tmp_path / "acme.xlsx", shop.store)


def ballots(book: Workbook, cells: Mapping[str, Mapping[str, Any]]) -> None:
    """Fill in ballots, by number."""
    titles = {"amount": "Action amount", "date": "Action date", "note": "Action note"}
    book.type(
        "tblInvoices",
        "Number",
        {
            number: {titles.get(name, "Action"): value for name, value in row.items()}
            for number, row in cells.items()
        },
    )


def row(book: Workbook, number: str) -> dict[str, Any]:
    """Read an invoice's row."""
    return next(row for row in book.rows("tblInvoices") if row["Number"] == number)


def test_the_register_lists_the_invoices_of_all_customers(billed: Workbook) -> None:
    assert billed.column("Customer", "tblInvoices") == ["ACME", "BETA"]


def test_send_marks_an_invoice_as_sent(billed: Workbook) -> None:
    ballots(billed, {ONE: {"action": "Send"}})
    billed.run(macros.run_actions)
    assert row(billed, ONE)["Status"] == "Sent"


def test_an_action_is_understood_as_people_type_it(billed: Workbook) -> None:
    ballots(billed, {ONE: {"action": " send "}})
    billed.run(macros.run_actions)
    assert row(billed, ONE)["Status"] == "Sent"


def test_pay_books_amount_date_and_note(billed: Workbook, shop: Shop) -> None:
    ballots(
        billed,
        {ONE: {"action": "Pay", "amount": 100.5, "date": dt.date(2026, 2, 1), "note": "bank 7"}},
    )
    billed.run(macros.run_actions)
    assert [row(billed, ONE)[t] for t in ("Paid", "Outstanding")] == [100.5, 1188.42]
    assert shop.rows("SELECT date, reference FROM events WHERE kind = 'paid'") == [
        ("2026-02-01", "bank 7")
    ]


def test_a_payment_without_a_date_is_dated_today(billed: Workbook, shop: Shop) -> None:
    ballots(billed, {ONE: {"action": "Pay", "amount": 100}})
    billed.run(macros.run_actions)
    assert shop.value("SELECT date FROM events WHERE kind = 'paid'") == "2026-02-01"


def test_two_equal_part_payments_in_a_row_are_two_payments(billed: Workbook) -> None:
    for _ in range(2):
        ballots(billed, {ONE: {"action": "Pay", "amount": 100}})
        billed.run(macros.run_actions)
    assert row(billed, ONE)["Paid"] == 200


def test_a_payment_is_booked_once_when_the_sheet_was_lost_in_between(billed: Workbook) -> None:
    ballots(billed, {ONE: {"action": "Pay", "amount": 100}})
    before = billed.path.read_bytes()
    billed.run(macros.run_actions)
    billed.path.write_bytes(before)
    billed.run(macros.run_actions)
    assert row(billed, ONE)["Paid"] == 100


def test_void_takes_an_invoice_back_with_its_reason(billed: Workbook, shop: Shop) -> None:
    ballots(billed, {ONE: {"action": "Void", "note": "wrong order"}})
    billed.run(macros.run_actions)
    assert (row(billed, ONE)["Status"], row(billed, ONE)["Outstanding"]) == ("Void", 0)
    assert shop.value("SELECT reason FROM events WHERE kind = 'void'") == "wrong order"


def test_pdf_writes_the_file_beside_the_workbook(billed: Workbook) -> None:
    ballots(billed, {TWO: {"action": "PDF"}})
    billed.run(macros.run_actions)
    text = pypdf.PdfReader(billed.path.with_name(f"{TWO}.pdf")).pages[0].extract_text()
    assert TWO in text


def test_all_ballots_are_carried_out_at_once(billed: Workbook) -> None:
    ballots(billed, {ONE: {"action": "Send"}, TWO: {"action": "Pay", "amount": 119}})
    billed.run(macros.run_actions)
    assert [row(billed, number)["Status"] for number in (ONE, TWO)] == ["Sent", "Paid"]
    assert billed.shown("status") == "2 actions carried out."


def test_ballots_that_were_carried_out_are_empty_again(billed: Workbook) -> None:
    ballots(billed, {ONE: {"action": "Pay", "amount": 5, "note": "cash"}})
    billed.run(macros.run_actions)
    cells = [row(billed, ONE)[t] for t in ("Action", "Action amount", "Action note")]
    assert cells == [None, None, None]


REFUSED = [
    ({"action": "Pay"}, "BOOK-17", "Invoices!T7"),
    ({"action": "Pay", "amount": "1_0"}, "BOOK-12", "Invoices!T7"),
    ({"action": "Pay", "amount": "８"}, "BOOK-12", "Invoices!T7"),
    ({"action": "Pay", "amount": "1e3"}, "BOOK-12", "Invoices!T7"),
    ({"action": "Pay", "amount": "NaN"}, "BOOK-12", "Invoices!T7"),
    ({"action": "Pay", "amount": True}, "BOOK-12", "Invoices!T7"),
    ({"action": "Pay", "amount": 12345678901234567890}, "BOOK-12", "Invoices!T7"),
    ({"action": "Pay", "amount": 0}, "DOC-04", "Invoices!S7"),
    ({"action": "Pay", "amount": -5}, "DOC-04", "Invoices!S7"),
    ({"action": "Pay", "amount": 1.005}, "DOC-04", "Invoices!S7"),
    ({"action": "Pay", "amount": 5, "date": "soon"}, "BOOK-12", "Invoices!U7"),
    ({"action": "Pay", "amount": 5, "date": dt.date(2025, 1, 1)}, "DOC-05", "Invoices!S7"),
    ({"action": "Pay", "amount": 5, "date": dt.date(2027, 1, 1)}, "DOC-05", "Invoices!S7"),
    ({"action": "Void"}, "DOC-03", "Invoices!S7"),
    ({"action": "Credit (bill again)"}, "DOC-03", "Invoices!S7"),
    ({"action": "Credit (write off)"}, "DOC-03", "Invoices!S7"),
    ({"action": "Credit (bill again)", "amount": 5, "note": "x"}, "BOOK-22", "Invoices!T7"),
    ({"action": "Refund"}, "BOOK-17", "Invoices!T7"),
    ({"action": "Refund", "amount": 5}, "DOC-04", "Invoices!S7"),
    ({"action": "Write off"}, "DOC-03", "Invoices!S7"),
    ({"action": "Write off", "amount": 99999, "note": "x"}, "DOC-04", "Invoices!S7"),
    ({"action": "Shred"}, "BOOK-12", "Invoices!S7"),
]


@pytest.mark.parametrize(("cells", "code", "where"), REFUSED)
def test_a_ballot_that_is_refused_says_why_and_changes_nothing(
    billed: Workbook, shop: Shop, cells: dict[str, Any], code: str, where: str
) -> None:
    ballots(billed, {ONE: cells})
    before = dump(shop.store)
    with pytest.raises(NoActionDone) as refusal:
        billed.run(macros.run_actions)
    assert [(fault.code, fault.where) for fault in refusal.value.faults] == [(code, where)]
    assert dump(shop.store) == before


def test_what_is_refused_stays_on_the_sheet_with_why(billed: Workbook) -> None:
    ballots(billed, {ONE: {"action": "Void"}, TWO: {"action": "Send"}})
    with pytest.raises(ActionRefused):
        billed.run(macros.run_actions)
    assert (row(billed, ONE)["Action"], row(billed, TWO)["Action"]) == ("Void", None)
    assert row(billed, TWO)["Status"] == "Sent"
    assert billed.codes() == ["DOC-03"]


def test_the_status_counts_what_was_refused(billed: Workbook) -> None:
    ballots(billed, {ONE: {"action": "Void"}, TWO: {"action": "Send"}})
    with pytest.raises(ActionRefused):
        billed.run(macros.run_actions)
    assert "1 of 2 actions could not be carried out" in billed.shown("status")


def test_the_status_says_when_nothing_was_done(billed: Workbook) -> None:
    ballots(billed, {ONE: {"action": "Void"}, TWO: {"action": "Pay"}})
    with pytest.raises(NoActionDone):
        billed.run(macros.run_actions)
    says = "None of the 2 actions could be carried out; nothing changed."
    assert billed.shown("status").startswith(says)


def test_a_word_that_is_no_action_is_answered_with_the_list(billed: Workbook) -> None:
    ballots(billed, {ONE: {"action": "Shred"}})
    with pytest.raises(NoActionDone) as refusal:
        billed.run(macros.run_actions)
    assert refusal.value.faults[0].hint == "Please choose one from the list, for example Send."


def test_amounts_are_told_with_the_digits_of_their_currency(billed: Workbook) -> None:
    ballots(billed, {ONE: {"action": "Write off", "amount": 9999, "note": "x"}})
    with pytest.raises(NoActionDone) as refusal:
        billed.run(macros.run_actions)
    assert refusal.value.faults[0].message.startswith("9,999.00 EUR cannot be booked on")


NOTE = "CN-2026-00001"


def test_a_sent_invoice_is_voided_by_a_credit_note(billed: Workbook) -> None:
    ballots(billed, {ONE: {"action": "Send"}})
    billed.run(macros.run_actions)
    ballots(billed, {ONE: {"action": "Void", "note": "wrong"}})
    billed.run(macros.run_actions)
    assert (row(billed, ONE)["Status"], row(billed, ONE)["Credited"]) == ("Void", 1288.92)
    assert row(billed, NOTE)["Corrects"] == ONE


@pytest.mark.parametrize(
    ("action", "state"), [("Credit (bill again)", "open"), ("Credit (write off)", "written_off")]
)
def test_a_credit_takes_all_that_is_left(
    billed: Workbook, shop: Shop, action: str, state: str
) -> None:
    ballots(billed, {TWO: {"action": action, "note": "not ordered"}})
    billed.run(macros.run_actions)
    shown = row(billed, TWO)
    assert (shown["Status"], shown["Credited"], shown["Outstanding"]) == ("Credited", 119, 0)
    assert shop.value("SELECT state FROM entries WHERE id = 'B1'") == state


def test_a_credit_note_stands_in_the_register_with_what_it_corrects(billed: Workbook) -> None:
    ballots(billed, {TWO: {"action": "Credit (write off)", "note": "not ordered"}})
    billed.run(macros.run_actions)
    shown = row(billed, NOTE)
    assert [shown[title] for title in ("Kind", "Total", "Hours", "Outstanding", "Corrects")] == [
        *("Credit note", -119, -1, 0),
        TWO,
    ]


def test_a_credit_is_made_once_when_the_sheet_was_lost_in_between(
    billed: Workbook, shop: Shop
) -> None:
    ballots(billed, {TWO: {"action": "Credit (bill again)", "note": "not ordered"}})
    before = billed.path.read_bytes()
    billed.run(macros.run_actions)
    billed.path.write_bytes(before)
    billed.run(macros.run_actions)
    assert shop.value("SELECT count(*) FROM documents WHERE kind = 'credit_note'") == 1


def test_refund_pays_back_what_is_owed(billed: Workbook) -> None:
    ballots(billed, {TWO: {"action": "Pay", "amount": 120}})
    billed.run(macros.run_actions)
    ballots(billed, {TWO: {"action": "Refund", "amount": 1, "note": "bank 8"}})
    billed.run(macros.run_actions)
    assert (row(billed, TWO)["Paid"], row(billed, TWO)["Outstanding"]) == (120, 0)


def test_write_off_without_an_amount_takes_all_that_is_outstanding(billed: Workbook) -> None:
    ballots(billed, {TWO: {"action": "Pay", "amount": 118.5}})
    billed.run(macros.run_actions)
    ballots(billed, {TWO: {"action": "Write off", "note": "bank fee"}})
    billed.run(macros.run_actions)
    assert (row(billed, TWO)["Status"], row(billed, TWO)["Outstanding"]) == ("Paid", 0)


def test_a_row_adds_up_after_a_refund_a_credit_and_a_write_off(
    billed: Workbook, shop: Shop
) -> None:
    unsettle(shop, ONE, "1288.92")
    billed.run(macros.refresh_invoices)
    check_sum(row(billed, ONE))


def test_no_ballots_is_said(billed: Workbook) -> None:
    billed.run(macros.run_actions)
    assert billed.shown("status") == "No row of the sheet Invoices has an action."


def test_the_register_is_filtered_by_customer(billed: Workbook) -> None:
    billed.put(filter_customer="BETA")
    billed.run(macros.refresh_invoices)
    assert billed.column("Number", "tblInvoices") == [TWO]


def test_the_register_is_filtered_by_status(billed: Workbook) -> None:
    ballots(billed, {TWO: {"action": "Pay", "amount": 119}})
    billed.run(macros.run_actions)
    billed.put(filter_status="Paid")
    billed.run(macros.refresh_invoices)
    assert billed.column("Number", "tblInvoices") == [TWO]


@pytest.mark.parametrize(("cell", "value"), [("status", "Lost"), ("customer", "NOBODY")])
def test_a_filter_that_means_nothing_is_refused(billed: Workbook, cell: str, value: str) -> None:
    billed.put(**{f"filter_{cell}": value})
    with pytest.raises(CellRefused):
        billed.run(macros.refresh_invoices)


def test_a_refresh_keeps_ballots_that_were_not_run(billed: Workbook) -> None:
    ballots(billed, {ONE: {"action": "Pay", "amount": 12.5, "note": "half"}})
    billed.run(macros.refresh_invoices)
    cells = [row(billed, ONE)[t] for t in ("Action", "Action amount", "Action note")]
    assert cells == ["Pay", 12.5, "half"]


def test_overdue_days_count_from_the_due_date(billed: Workbook, shop: Shop) -> None:
    late = Workbook(billed.path, shop.store)
    late.desk = macros.Desk(
        shop.store, type(BOB)("ann", dt.datetime(2026, 3, 12)), billed.path.parent
    )
    late.run(macros.refresh_invoices)
    assert (row(late, ONE)["Status"], row(late, ONE)["Overdue days"]) == ("Overdue", 10)


def test_export_pdf_writes_one_per_invoice(billed: Workbook) -> None:
    written = billed.run(macros.export_pdf)
    assert [path.name for path in written] == [f"{ONE}.pdf", f"{TWO}.pdf"]
    assert billed.shown("status").startswith("2 PDFs written to ")


def test_export_pdf_passes_over_invoices_of_the_system_before(billed: Workbook, shop: Shop) -> None:
    shop.add("numbers", number="OLD-1", taken_by="an invoice of the system before")
    days = {"issue_date": dt.date(2025, 12, 1), "due_date": dt.date(2025, 12, 31)}
    shop.add("open_invoices", number="OLD-1", customer="ACME", total=11900, paid=0, **days)
    billed.run(macros.refresh_invoices)
    assert "OLD-1" in billed.column("Number", "tblInvoices")
    assert len(billed.run(macros.export_pdf)) == 2


def test_a_pdf_that_cannot_be_written_says_that_the_invoice_stands(
    billed: Workbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, target: Path) -> None:
        raise PermissionError(13, "Permission denied")

    ballots(billed, {ONE: {"action": "PDF"}})
    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.replace", refuse)
        with pytest.raises(FileNotWritten) as refusal:
            billed.run(macros.export_pdf)
    assert f"The document {ONE} stands" in refusal.value.message
