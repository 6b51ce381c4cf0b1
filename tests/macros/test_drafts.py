"""Drafts and parts from the workbook."""

import pytest

from tests.builders import Shop, day
from tests.macros.driver import Workbook
from timix_xl import macros
from timix_xl.errors import RequestReused
from timix_xl.workbook.refusals import LeftUndecided, NoActionDone


@pytest.fixture
def drafted(book: Workbook) -> Workbook:
    """A draft of all but E1, which is deferred."""
    book.decide(E1="Defer")
    book.run(macros.save_draft)
    return book


def act(book: Workbook, action: str, **cells: object) -> None:
    """Fill in the ballot of the draft, and run it."""
    book.type("tblInvoices", "Number", {"DRAFT-1": {"Action": action, **cells}})
    book.run(macros.run_actions)


def test_a_draft_is_saved_and_what_is_left_is_loaded(drafted: Workbook) -> None:
    assert drafted.column("Entry") == ["E1"]
    assert drafted.shown("status") == "Saved DRAFT-1: 3 entries on it, 1 deferred, 0 written off."


def test_a_draft_stands_in_the_invoices_sheet(drafted: Workbook) -> None:
    (row,) = drafted.rows("tblInvoices")
    assert (row["Number"], row["Status"], row["Outstanding"]) == ("DRAFT-1", "Draft", 0)


def test_the_left_out_sheet_names_the_draft(drafted: Workbook) -> None:
    assert set(drafted.column("Why", "tblLeftOut")) >= {"already on DRAFT-1 [LEFT-06]"}


def test_a_second_draft_over_undecided_rows_is_refused(drafted: Workbook) -> None:
    with pytest.raises(LeftUndecided, match="DRAFT-1 saved"):
        drafted.run(macros.save_draft)


def test_a_second_click_saves_nothing_twice(book: Workbook, shop: Shop) -> None:
    before = book.path.read_bytes()
    book.run(macros.save_draft)
    book.path.write_bytes(before)
    book.run(macros.save_draft)
    assert shop.value("SELECT count(*) FROM documents") == 1


def test_a_sheet_that_was_saved_as_a_draft_is_not_issued(book: Workbook) -> None:
    before = book.path.read_bytes()
    book.run(macros.save_draft)
    book.path.write_bytes(before)
    with pytest.raises(RequestReused):
        book.run(macros.issue)


def test_a_draft_is_issued_from_its_row(drafted: Workbook, shop: Shop) -> None:
    act(drafted, "Issue", **{"Action date": day("2026-02-03")})
    (row,) = drafted.rows("tblInvoices")
    assert (row["Number"], row["Status"]) == ("INV-2026-00001", "Issued")
    assert shop.value("SELECT issue_date FROM documents") == "2026-02-03"


def test_a_draft_is_deleted_from_its_row(drafted: Workbook, shop: Shop) -> None:
    act(drafted, "delete")
    assert drafted.rows("tblInvoices") == []
    assert shop.problems() == ()


@pytest.mark.parametrize("action", ["Send", "Void", "Pay", "PDF"])
def test_what_a_draft_cannot_do_stays_on_its_row(drafted: Workbook, action: str) -> None:
    with pytest.raises(NoActionDone):
        act(drafted, action, **{"Action note": "x", "Action amount": 1})
    assert drafted.column("Action", "tblInvoices") == [action]


def test_an_issued_invoice_is_not_deleted_from_its_row(drafted: Workbook) -> None:
    act(drafted, "Issue")
    drafted.type("tblInvoices", "Number", {"INV-2026-00001": {"Action": "Delete"}})
    with pytest.raises(NoActionDone):
        drafted.run(macros.run_actions)
    assert drafted.codes() == ["DOC-01"]


def test_drafts_have_no_pdf(drafted: Workbook) -> None:
    assert drafted.run(macros.export_pdf) == []


# Parts.


def test_a_part_is_billed_and_its_rest_is_loaded(book: Workbook) -> None:
    book.type_entries({"E1": {"Bill qty": 5, "Reason": "half done"}})
    book.run(macros.issue)
    row = book.row("E1/2")
    assert (row["Qty"], row["Deferred"], row["Reason"]) == (2.5, 1, "half done")


def test_a_saved_part_is_there_for_a_colleague(book: Workbook, new_book: Workbook) -> None:
    book.type_entries({"E1": {"Bill qty": 5, "Rest": "write off", "Reason": "gift"}})
    book.run(macros.save_decisions)
    new_book.load("ACME")
    row = new_book.row("E1")
    shown = (row["Decision"], row["Bill qty"], row["Rest"], row["Reason"])
    assert shown == ("Bill", 5, "Write off", "gift")


def test_a_saved_part_is_saved_once(book: Workbook) -> None:
    book.type_entries({"E1": {"Bill qty": 5}})
    assert book.run(macros.save_decisions).changed == 1
    assert book.run(macros.save_decisions).changed == 0


def test_a_typed_part_outlives_a_load(book: Workbook) -> None:
    book.type_entries({"E1": {"Bill qty": 5}})
    book.run(macros.load_unbilled)
    assert book.row("E1")["Bill qty"] == 5


def test_the_bill_tile_and_the_rounding_make_the_subtotal(book: Workbook) -> None:
    book.type_entries({"E2": {"Bill qty": 0.1111}})
    book.run(macros.preview)
    book.run(macros.recalculate)
    tiles = round(book.shown("bill_amount") + book.shown("rounding"), 2)
    assert tiles == book.shown("summary_subtotal")


def test_a_bill_qty_counts_as_a_decision_after_an_issue(book: Workbook, shop: Shop) -> None:
    book.decide(E1="Defer")
    book.run(macros.issue)
    book.type_entries({"E1": {"Bill qty": 5}})
    book.run(macros.issue)
    assert shop.value("SELECT COUNT(*) FROM documents") == 2


def test_what_stops_the_issue_of_a_draft_is_listed(book: Workbook, shop: Shop) -> None:
    book.run(macros.save_draft)
    shop.change("company", {"id": 1}, tax_id="")
    with pytest.raises(NoActionDone, match="No action could be carried out"):
        act(book, "Issue")
    assert book.codes() == ["RUN-02", "TAX-01"]


def test_an_overrun_at_the_issue_of_a_draft_is_told(book: Workbook, shop: Shop) -> None:
    shop.order("FO-1", "1", overrun="warn")
    book.load()
    book.put(frame_order="FO-1")
    book.run(macros.save_draft)
    act(book, "Issue")
    assert book.codes() == ["FO-05"]
