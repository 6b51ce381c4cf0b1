"""Bad input in a workbook, as a table: what is done, the code, the exit code; nothing changes."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from tests.builders import Shop
from tests.macros.driver import Workbook, dump, named, put, rows_of
from timix_xl.cli.main import main
from timix_xl.workbook import layout

Edit = Callable[[openpyxl.Workbook], None]


@dataclass(frozen=True)
class Case:
    """What is done to the workbook (and before that to the store), and what issue says."""

    name: str
    edit: Edit
    code: str
    exit_code: int
    where: str | None = None
    store: Callable[[Shop], None] | None = None
    reloads: bool = False

    def __str__(self) -> str:
        return self.name.replace(" ", "_")


def cell(entry: str, title: str, value: Any) -> Edit:
    """Type into a cell of an entry's row."""

    def edit(book: openpyxl.Workbook) -> None:
        for row in rows_of(book, "tblEntries"):
            if row["Entry"].value == entry:
                row[title].value = value

    return edit


def write_off(entry: str, reason: str | None) -> Edit:
    """Write an entry off."""

    def edit(book: openpyxl.Workbook) -> None:
        cell(entry, "Decision", "Write off")(book)
        cell(entry, "Reason", reason)(book)

    return edit


def option(name: str, value: Any) -> Edit:
    """Type into a named cell."""
    return lambda book: put(book, f"timix_{name}", value)


def deleted(entry: str) -> Edit:
    """Delete a table row, as Excel does: what is below moves up."""

    def edit(book: openpyxl.Workbook) -> None:
        sheet = book["Entries"]
        rows = rows_of(book, "tblEntries")
        at = next(place for place, row in enumerate(rows) if row["Entry"].value == entry)
        for row, below in zip(rows[at:], rows[at + 1 :], strict=False):
            for title, one in row.items():
                one.value = below[title].value
        for one in rows[-1].values():
            one.value = None
        resized(sheet, len(rows) - 1)

    return edit


def pasted(count: int = 1, source: str | None = "E1", **changes: Any) -> Edit:
    """Add rows below, as a paste does: copies of an entry's row, or of nothing, changed."""

    def edit(book: openpyxl.Workbook) -> None:
        sheet = book["Entries"]
        rows = rows_of(book, "tblEntries")
        model = next((row for row in rows if row["Entry"].value == source), None)
        resized(sheet, len(rows) + count)
        for row in rows_of(book, "tblEntries")[len(rows) :]:
            for title, one in row.items():
                one.value = model[title].value if model else None
            for title, value in changes.items():
                row[title].value = value

    return edit


def resized(sheet: Any, count: int) -> None:
    """Give tblEntries that many rows."""
    table = sheet.tables["tblEntries"]
    last = get_column_letter(len(layout.ENTRIES.columns))
    table.ref = table.autoFilter.ref = f"A9:{last}{9 + count}"


def nothing(book: openpyxl.Workbook) -> None:
    """Leave the workbook as it is."""


def removed(sheet: str) -> Edit:
    """Delete a sheet."""

    def edit(book: openpyxl.Workbook) -> None:
        del book[sheet]

    return edit


def renamed_column(book: openpyxl.Workbook) -> None:
    """Rename the Token column."""
    sheet = book["Entries"]
    sheet["T9"] = "Secret"
    sheet.tables["tblEntries"].tableColumns[19].name = "Secret"


def hostile_settings(book: openpyxl.Workbook) -> None:
    """Bring settings for xlwings along."""
    sheet = book.create_sheet("xlwings.conf")
    sheet.append(["INTERPRETER_WIN", r"\\evil\share\python.exe"])
    sheet.append(["PYTHONPATH", r"\\evil\share"])


def without_tax_id(shop: Shop) -> None:
    """Take the seller's tax id away."""
    shop.change("company", {"id": 1}, tax_id="")


def reverse_charge(shop: Shop) -> None:
    """Bill ACME under reverse charge, without a note and without its tax id."""
    shop.add("tax_codes", code="AE", category="AE", note="")
    shop.add("tax_rates", tax_code="AE", position=0, percent=Decimal(0))
    shop.change("customers", {"code": "ACME"}, tax_code="AE")


def order_of_another(shop: Shop) -> None:
    """Give BETA a frame order."""
    shop.customer("BETA")
    shop.order("FO-B", "10", customer="BETA")


def earlier_invoice(shop: Shop) -> None:
    """Issue an invoice of BETA's, dated 5 February."""
    shop.customer("BETA")
    shop.time("B1", project="P-BETA")
    shop.issue("BETA", issue_date=dt.date(2026, 2, 5))


def changed_in_the_store(shop: Shop) -> None:
    """Change an entry behind the sheet's back."""
    shop.change("entries", {"id": "E1"}, quantity=Decimal(9), billable_quantity=Decimal(9))


def billed_meanwhile(shop: Shop) -> None:
    """Bill everything without the sheet."""
    shop.issue()


CASES = [
    Case("maybe as a decision", cell("E1", "Decision", "Maybe"), "ENTRY-06", 3, "Entries!L10"),
    Case("a number as a decision", cell("E1", "Decision", 1), "ENTRY-06", 3, "Entries!L10"),
    Case("a decision that is a formula", cell("E1", "Decision", '="Bill"'), "ENTRY-08", 3, "Entries!L10"),
    Case("a write off without a reason", write_off("E1", None), "ENTRY-09", 3, "Entries!O10"),
    Case("a write off with a blank reason", write_off("E1", "  "), "ENTRY-09", 3, "Entries!O10"),
    Case("a bill qty of more than there is", cell("E1", "Bill qty", 8), "ENTRY-15", 3, "Entries!M10"),
    Case("a bill qty of text", cell("E1", "Bill qty", "1_0"), "ENTRY-10", 3, "Entries!M10"),
    Case("a bill qty of five decimals", cell("E1", "Bill qty", 1.00001), "ENTRY-10", 3, "Entries!M10"),
    Case("a bill qty of a truth", cell("E1", "Bill qty", True), "ENTRY-10", 3, "Entries!M10"),
    Case("a bill qty beyond all bounds", cell("E1", "Bill qty", 1e300), "ENTRY-10", 3, "Entries!M10"),
    Case("a bill qty of nought", cell("E1", "Bill qty", 0), "ENTRY-16", 3, "Entries!M10"),
    Case("a bill qty below nought", cell("E1", "Bill qty", -2), "ENTRY-17", 3, "Entries!M10"),
    Case("a bill qty by formula", cell("E1", "Bill qty", "=1+1"), "ENTRY-14", 3, "Entries!M10"),
    Case("a rest of nothing", cell("E1", "Rest", "Defer"), "ENTRY-19", 3, "Entries!N10"),
    Case("a rest that is billed", cell("E1", "Rest", "Bill"), "ENTRY-20", 3, "Entries!N10"),
    Case("a deleted row", deleted("E2"), "ENTRY-03", 3, "Entries"),
    Case("a duplicated row", pasted(), "ENTRY-02", 3, "Entries!S14"),
    Case("a pasted row of another entry", pasted(Entry="X9"), "ENTRY-01", 3, "Entries!S14"),
    Case("a pasted row without an entry", pasted(source=None, Qty=8, Amount=800), "ENTRY-01", 3, "Entries!S14"),
    Case("hours typed over", cell("E1", "Qty", 9), "ENTRY-07", 3, "Entries!G10"),
    Case("hours typed over as text", cell("E1", "Qty", "7.5 h"), "ENTRY-07", 3, "Entries!G10"),
    Case("hours of twenty digits", cell("E1", "Qty", 12345678901234567890), "ENTRY-07", 3, "Entries!G10"),
    Case("hours taken out", cell("E1", "Qty", None), "ENTRY-07", 3, "Entries!G10"),
    Case("a rate typed over", cell("E1", "Rate", 110), "ENTRY-07", 3, "Entries!I10"),
    Case("a rate that is a formula", cell("E1", "Rate", "=50*3"), "ENTRY-07", 3, "Entries!I10"),
    Case("an amount typed over", cell("E1", "Amount", 750.01), "ENTRY-07", 3, "Entries!J10"),
    Case("a currency typed over", cell("E1", "Currency", "USD"), "ENTRY-07", 3, "Entries!K10"),
    Case("a date typed over", cell("E1", "Date", dt.date(2026, 1, 9)), "ENTRY-07", 3, "Entries!A10"),
    Case("a description typed over", cell("E1", "Description", "Better words"), "ENTRY-07", 3, "Entries!E10"),
    Case("a token typed over", cell("E1", "Token", "x.0"), "ENTRY-04", 5, "Entries!S10"),
    Case("a token taken out", cell("E1", "Token", None), "ENTRY-04", 5, "Entries!S10"),
    Case("an entry that changed since the load", nothing, "ENTRY-04", 5, "Entries!S10", changed_in_the_store),
    Case("entries billed meanwhile", nothing, "ENTRY-11", 5, "Entries!S13", billed_meanwhile),
    Case("a workbook of another store", option("store_id", "not-ours"), "BOOK-02", 5, "Billing"),
    Case("a workbook of a newer version", option("workbook_version", 3), "BOOK-14", 2, "Billing"),
    Case("the customer changed after the load", option("customer", "BETA"), "BOOK-04", 3, "Billing!B4"),
    Case("the customer taken out", option("customer", None), "BOOK-17", 2, "Billing!B4"),
    Case("the date changed after the load", option("billing_date", dt.date(2026, 2, 28)), "BOOK-05", 3, "Billing!B5"),
    Case("the date taken out", option("billing_date", None), "BOOK-17", 2, "Billing!B5"),
    Case("a billing date of text", option("billing_date", "end of January"), "BOOK-12", 2, "Billing!B5"),
    Case("a billing date of a year to come", option("billing_date", dt.date(9999, 12, 31)), "BOOK-12", 2, "Billing!B5"),
    Case("a deleted sheet", removed("Preview"), "BOOK-10", 2),
    Case("a renamed column", renamed_column, "BOOK-11", 2),
    Case("settings for xlwings", hostile_settings, "BOOK-15", 2),
    Case("terms of 1_0", option("payment_terms", "1_0"), "BOOK-12", 2, "Preview!B7"),
    Case("terms in wide digits", option("payment_terms", "８"), "BOOK-12", 2, "Preview!B7"),
    Case("terms of 1e3", option("payment_terms", "1e3"), "BOOK-12", 2, "Preview!B7"),
    Case("terms of NaN", option("payment_terms", "NaN"), "BOOK-12", 2, "Preview!B7"),
    Case("terms of twenty digits", option("payment_terms", 12345678901234567890), "BOOK-12", 2, "Preview!B7"),
    Case("terms of half a day", option("payment_terms", 30.5), "BOOK-12", 2, "Preview!B7"),
    Case("terms below nought", option("payment_terms", -1), "BOOK-12", 2, "Preview!B7"),
    Case("terms of a truth", option("payment_terms", True), "BOOK-12", 2, "Preview!B7"),
    Case("an issue date of text", option("issue_date", "03/04/2026"), "BOOK-12", 2, "Preview!B4"),
    Case("an issue date in wide digits", option("issue_date", "２０２６-02-01"), "BOOK-12", 2, "Preview!B4"),
    Case("an issue date that no calendar has", option("issue_date", "2026-02-30"), "BOOK-12", 2, "Preview!B4"),
    Case("an unknown grouping", option("group_by", "colour"), "BOOK-12", 2, "Preview!B8"),
    Case("an unknown status in the filter", option("filter_status", "Lost"), "BOOK-12", 2, "Invoices!D4"),
    Case("a period that runs backwards", option("period_to", dt.date(2025, 12, 1)), "DATE-02", 3, "Preview"),
    Case("a frame order of another customer", option("frame_order", "FO-B"), "FO-02", 3, "Frame orders", order_of_another),
    Case("entries outside the validity", nothing, "FO-03", 3, "Entries!A10", lambda shop: shop.order("FO-1", "99", valid_from=dt.date(2026, 1, 6)), reloads=True),
    Case("an overrun under block", nothing, "FO-04", 3, "Frame orders", lambda shop: shop.order("FO-1", "9"), reloads=True),
    Case("a closed frame order", option("frame_order", "FO-1"), "FO-06", 3, "Frame orders", lambda shop: shop.order("FO-1", "99", state="closed")),
    Case("an issue date before the series' last", option("issue_date", dt.date(2026, 2, 4)), "DATE-01", 3, "Preview", earlier_invoice),
    Case("no tax id of the seller", nothing, "TAX-01", 3, "Preview", without_tax_id),
    Case("no tax id of the buyer", nothing, "TAX-02", 3, "Preview", reverse_charge, reloads=True),
    Case("no note for reverse charge", nothing, "TAX-03", 3, "Preview", reverse_charge, reloads=True),
    Case("a total below zero", nothing, "TOTAL-01", 3, "Preview", lambda shop: shop.time("NEG", hours="-50"), reloads=True),
]  # fmt: skip


def run(capsys: pytest.CaptureFixture[str], shop: Shop, *words: str) -> tuple[int, dict[str, Any]]:
    """Run a command line; return its exit code and what it answers."""
    capsys.readouterr()
    code = main(["--store", shop.path, "--user", "ann", "--today", "2026-02-01", "--json", *words])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_bad_input_is_refused_with_its_code_and_place_and_the_store_is_unchanged(
    case: Case, book: Workbook, shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    if case.store:
        case.store(shop)
    if case.reloads:
        book.load()
    with book.edited() as edited:
        case.edit(edited)
    before = dump(shop.store)
    exit_code, answer = run(capsys, shop, "issue", str(book.path))
    error = answer["error"]
    found = {fault["code"]: fault["where"] for fault in error["faults"]} or {
        error["code"]: error["where"]
    }
    assert (exit_code, case.code in found) == (case.exit_code, True), found
    assert case.where is None or found[case.code] == case.where
    assert dump(shop.store) == before


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case.code in {"ENTRY-01", "ENTRY-03", "ENTRY-06", "ENTRY-11"}],
    ids=str,
)
def test_a_colleagues_file_is_checked_row_by_row_too(
    case: Case, book: Workbook, shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    if case.store:
        case.store(shop)
    with book.edited() as edited:
        case.edit(edited)
    before = dump(shop.store)
    exit_code, answer = run(capsys, shop, "decide", str(book.path))
    codes = {fault["code"] for fault in answer["error"]["faults"]}
    assert (exit_code, case.code in codes) == (case.exit_code, True)
    assert dump(shop.store) == before


def test_all_faults_are_listed_not_only_the_first(
    book: Workbook, shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    with book.edited() as edited:
        cell("E1", "Decision", "Maybe")(edited)
        cell("E2", "Qty", 9)(edited)
        write_off("E3", None)(edited)
    _, answer = run(capsys, shop, "issue", str(book.path))
    codes = sorted(fault["code"] for fault in answer["error"]["faults"])
    assert codes == ["ENTRY-06", "ENTRY-07", "ENTRY-09"]


def test_a_preview_lists_the_faults_and_exits_with_0(
    book: Workbook, shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    book.decide(E2="Maybe")
    exit_code, answer = run(capsys, shop, "preview", str(book.path))
    places = [(fault["code"], fault["where"]) for fault in answer["faults"]]
    assert (exit_code, places) == (0, [("ENTRY-06", "Entries!L11")])


def test_no_workbook_at_all_is_not_found(
    tmp_path: Path, shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    exit_code, answer = run(capsys, shop, "issue", str(tmp_path / "none.xlsx"))
    assert (exit_code, answer["error"]["code"]) == (4, "FIND-05")


def test_a_workbook_that_is_none_of_ours_is_refused(
    tmp_path: Path, shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    openpyxl.Workbook().save(tmp_path / "other.xlsx")
    exit_code, answer = run(capsys, shop, "issue", str(tmp_path / "other.xlsx"))
    assert (exit_code, answer["error"]["code"]) == (2, "BOOK-10")


def test_a_workbook_into_which_nothing_was_loaded_is_refused(
    new_book: Workbook, shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    exit_code, answer = run(capsys, shop, "issue", str(new_book.path))
    assert (exit_code, answer["error"]["code"]) == (3, "BOOK-01")


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "HOST-01"), (b"PK\x03\x04 cut off", "HOST-02"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "HOST-03")],
    ids=["empty", "truncated", "password"],
)  # fmt: skip
def test_a_file_that_is_no_workbook_is_refused_by_the_host(
    tmp_path: Path, shop: Shop, capsys: pytest.CaptureFixture[str], content: bytes, code: str
) -> None:
    (tmp_path / "bad.xlsx").write_bytes(content)
    exit_code, answer = run(capsys, shop, "issue", str(tmp_path / "bad.xlsx"))
    assert (exit_code, answer["error"]["code"]) == (6, code)


def test_another_customers_workbook_is_a_matter_of_its_cells(
    book: Workbook, shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.customer("BETA")
    with book.edited() as edited:
        for name in ("timix_customer", "timix_loaded_customer"):
            named(edited, name).value = "BETA"
    exit_code, answer = run(capsys, shop, "issue", str(book.path))
    codes = {fault["code"] for fault in answer["error"]["faults"]}
    assert (exit_code, codes) == (3, {"ENTRY-01"})


def test_rows_of_one_workbook_pasted_into_anothers_are_strangers_there(
    book: Workbook, shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.customer("BETA")
    shop.time("B1", project="P-BETA")
    theirs = Workbook(book.path.with_name("beta.xlsx"), shop.store)
    theirs.load("BETA")
    with theirs.edited() as edited, book.edited() as source:
        rows = zip(rows_of(edited, "tblEntries"), rows_of(source, "tblEntries"), strict=False)
        for target, origin in rows:
            for title, one in target.items():
                one.value = origin[title].value
    exit_code, answer = run(capsys, shop, "issue", str(theirs.path))
    codes = {fault["code"] for fault in answer["error"]["faults"]}
    assert (exit_code, "ENTRY-01" in codes) == (3, True)
