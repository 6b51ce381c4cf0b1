"""Load: what comes into the sheets, what of the user's stays, what a second load keeps."""

import datetime as dt
from decimal import Decimal

import openpyxl
import pytest
from openpyxl.worksheet.filters import FilterColumn, Filters

from tests.builders import BOB, Shop
from tests.macros.driver import Workbook, named, rows_of
from timix_xl import macros
from timix_xl.billing.decide import Choice, decide
from timix_xl.domain.entries import Decision
from timix_xl.hosts.refusals import TableBlocked, TotalsInTheWay
from timix_xl.workbook.refusals import DecisionsUnsaved


def test_a_load_shows_each_entry_with_its_facts(book: Workbook) -> None:
    row = book.row("E1")
    facts = ("Date", "Project", "Task", "Person", "Kind", "Qty", "Unit", "Rate", "Amount")
    expected = [dt.datetime(2026, 1, 5), "P", "T", "ann", "time", 7.5, "h", 100, 750]
    assert [row[title] for title in facts] == expected


def test_a_load_leaves_every_decision_open(book: Workbook) -> None:
    assert book.column("Decision") == [None, None, None, None]


def test_the_tiles_of_a_load_count_undecided_entries_as_bill(book: Workbook) -> None:
    tiles = [book.shown(name) for name in ("bill_count", "bill_hours", "bill_amount")]
    assert tiles == [4, 9.8333, 1083.13]


def test_the_status_says_what_was_loaded(book: Workbook) -> None:
    assert book.shown("status") == (
        "Loaded 4 entries of ACME up to 2026-01-31: 1,083.13 EUR; 0 left out."
    )


def test_the_load_notes_where_it_came_from(book: Workbook) -> None:
    noted = [book.shown(f"loaded_{name}") for name in ("customer", "billing_date", "count")]
    assert noted == ["ACME", dt.datetime(2026, 1, 31), 4]


def test_each_load_makes_a_new_request(book: Workbook) -> None:
    first = book.shown("request")
    book.load()
    assert book.shown("request") not in {first, None}


def test_what_is_left_out_is_listed_with_its_reason(book: Workbook, shop: Shop) -> None:
    shop.time("X1", status="draft")
    book.load()
    assert book.column("Why", "tblLeftOut") == ["not approved: draft [LEFT-01]"]


def test_codes_of_digits_stay_text(book: Workbook, shop: Shop) -> None:
    shop.time("001")
    book.load()
    assert "001" in book.column("Entry")


def test_decisions_that_were_saved_are_restored_and_the_status_says_so(
    book: Workbook, shop: Shop
) -> None:
    decide(shop.store, "ACME", {"E2": Choice(Decision.DEFER, "later")}, actor=BOB)
    book.load()
    assert (book.row("E2")["Decision"], book.row("E2")["Reason"]) == ("Defer", "later")
    assert "Saved decisions are restored." in book.shown("status")


def test_typed_decisions_outlive_a_second_load(book: Workbook) -> None:
    book.decide(E2="Defer", E3="write off")
    book.load()
    assert book.column("Decision") == [None, "Defer", "write off", None]


def test_a_typed_decision_is_dropped_and_named_when_the_facts_have_changed(
    book: Workbook, shop: Shop
) -> None:
    book.decide(E2="Defer")
    shop.change("entries", {"id": "E2"}, quantity=Decimal(5), billable_quantity=Decimal(5))
    book.load()
    assert book.row("E2")["Decision"] is None
    assert "What was typed for 1 entry is not kept" in book.shown("status")


def test_a_typed_decision_gives_way_to_one_saved_by_a_colleague(book: Workbook, shop: Shop) -> None:
    book.decide(E2="Bill")
    decide(shop.store, "ACME", {"E2": Choice(Decision.DEFER, "later")}, actor=BOB)
    book.load()
    assert book.row("E2")["Decision"] == "Defer"


def test_another_customer_is_not_loaded_over_unsaved_decisions(book: Workbook, shop: Shop) -> None:
    shop.customer("BETA")
    shop.time("B1", project="P-BETA")
    book.decide(E1="Defer")
    with pytest.raises(DecisionsUnsaved, match="holds 1 unsaved decision for ACME"):
        book.load("BETA")
    assert book.row("E1")["Decision"] == "Defer"


def test_another_customer_is_loaded_once_the_decisions_are_saved(
    book: Workbook, shop: Shop
) -> None:
    shop.customer("BETA")
    shop.time("B1", project="P-BETA")
    book.decide(E1="Defer")
    book.run(macros.save_decisions)
    book.load("BETA")
    assert book.column("Decision") == [None]


def test_a_formula_as_a_decision_is_not_carried_over(book: Workbook) -> None:
    book.decide(E1='=IF(TRUE,"Bill","")')
    book.load()
    assert book.row("E1")["Decision"] is None


def test_a_load_clears_the_filter_and_shows_all_rows(book: Workbook) -> None:
    hide(book, "E1")
    book.load()
    sheet = openpyxl.load_workbook(book.path)["Entries"]
    assert not sheet.row_dimensions[book.number_of("E1")].hidden
    assert not sheet.tables["tblEntries"].autoFilter.filterColumn


def hide(book: Workbook, *entries: str) -> None:
    """Filter the sheet so that rows of these entries are hidden."""
    with book.edited() as edited:
        sheet = edited["Entries"]
        words = [row["Entry"].value for row in rows_of(edited, "tblEntries")]
        shown = [word for word in words if word not in entries]
        column = FilterColumn(colId=18, filters=Filters(filter=shown))
        sheet.tables["tblEntries"].autoFilter.filterColumn = [column]
        for row in rows_of(edited, "tblEntries"):
            sheet.row_dimensions[row["Entry"].row].hidden = row["Entry"].value in entries


@pytest.mark.parametrize("value", ["a note", 12.5, dt.datetime(2026, 2, 3)])
def test_a_users_own_column_stays_with_its_entry(book: Workbook, shop: Shop, value: object) -> None:
    add_column(book, "Mine", {"E2": value})
    shop.time("A0", on="2026-01-01")
    book.load()
    mine = {row["Entry"]: row["Mine"] for row in book.rows()}
    assert mine == {"A0": None, "E1": None, "E2": value, "E3": None, "M1": None}


def test_a_users_own_formula_follows_its_row(book: Workbook, shop: Shop) -> None:
    add_column(book, "Half", {"E1": "=J10/2", "E2": "=J11/2+$B$1"})
    shop.time("A0", on="2026-01-01")
    book.load()
    with book.edited() as edited:
        half = {row["Entry"].value: row["Half"].value for row in rows_of(edited, "tblEntries")}
    assert (half["E1"], half["E2"]) == ("=J11/2", "=J12/2+$B$1")


@pytest.mark.parametrize("table", ["tblPreview", "tblChecks", "tblFrameOrders", "tblInvoices"])
def test_a_users_own_column_in_any_table_stops_nothing(book: Workbook, table: str) -> None:
    add_column(book, "Mine", {}, table)
    book.run(macros.preview)
    assert book.shown("status").startswith("Preview: 1 invoice")


def add_column(
    book: Workbook, title: str, cells: dict[str, object], table: str = "tblEntries"
) -> None:
    """Add a column to the right of a table, as a person does."""
    with book.edited() as edited:
        sheet = next(sheet for sheet in edited.worksheets if table in sheet.tables)
        found = sheet.tables[table]
        left, last = found.ref.split(":")
        column = openpyxl.utils.cell.column_index_from_string(last.rstrip("0123456789")) + 1
        bottom = last.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        letter = openpyxl.utils.get_column_letter(column)
        sheet.cell(sheet[left].row, column, title)
        found.ref = found.autoFilter.ref = f"{left}:{letter}{bottom}"
        found.tableColumns.append(
            openpyxl.worksheet.table.TableColumn(id=len(found.tableColumns) + 1, name=title)
        )
        for row in rows_of(edited, table):
            if "Entry" in row and row["Entry"].value in cells:
                row[title].value = cells[row["Entry"].value]


@pytest.mark.bad_input("F01")
def test_a_text_of_the_user_s_own_that_looks_like_a_formula_stays_one(book: Workbook) -> None:
    add_column(book, "Mine", {"E1": "'=", "E2": "=J11*2", "E3": "+1 to do"})
    with book.edited() as edited:
        (cell,) = [
            row["Mine"] for row in rows_of(edited, "tblEntries") if row["Mine"].value == "'="
        ]
        cell.value, cell.data_type, cell.quotePrefix = "=1+1", "s", True
    book.load()
    cells = [row["Mine"] for row in rows_of(openpyxl.load_workbook(book.path), "tblEntries")]
    assert [(cell.data_type, cell.value) for cell in cells[:3]] == [
        ("s", "=1+1"),
        ("f", "=J11*2"),
        ("s", "+1 to do"),
    ]


@pytest.mark.bad_input("F01")
def test_a_text_is_no_formula_in_a_column_that_is_no_text_any_more(
    book: Workbook, shop: Shop
) -> None:
    with book.edited() as edited:
        for row in rows_of(edited, "tblEntries"):
            row["Description"].number_format = "General"
    shop.change("entries", {"id": "E1"}, description="=1+1")
    book.load()
    (first, *_) = rows_of(openpyxl.load_workbook(book.path), "tblEntries")
    assert (first["Description"].data_type, first["Description"].value) == ("s", "=1+1")


def test_cells_beside_the_table_stay_where_they_are(book: Workbook) -> None:
    with book.edited() as edited:
        edited["Entries"]["Z3"] = "my note"
        edited["Entries"]["Z12"] = "=SUM(J10:J13)"
    book.load()
    sheet = openpyxl.load_workbook(book.path)["Entries"]
    assert (sheet["Z3"].value, sheet["Z12"].value) == ("my note", "=SUM(J10:J13)")


def test_what_stands_below_a_table_that_must_grow_is_refused_with_the_cell(
    book: Workbook, shop: Shop
) -> None:
    with book.edited() as edited:
        edited["Entries"]["B15"] = "do not touch"
    shop.time("N1", "N2")
    with pytest.raises(TableBlocked) as refusal:
        book.load()
    assert refusal.value.where == "Entries!B15"
    assert "Entries!B15 is in the way" in book.shown("status")


def test_a_blocked_table_keeps_its_rows(book: Workbook, shop: Shop) -> None:
    before = book.rows()
    with book.edited() as edited:
        edited["Entries"]["B15"] = "do not touch"
    shop.time("N1", "N2")
    with pytest.raises(TableBlocked):
        book.load()
    assert [row["Entry"] for row in book.rows()] == [row["Entry"] for row in before]


def test_a_blocked_checks_sheet_does_not_hide_what_is_wrong(book: Workbook) -> None:
    with book.edited() as edited:
        edited["Checks"]["A6"] = "my list"
    book.decide(E1="Maybe", E2="Perhaps")
    with pytest.raises(TableBlocked):
        book.run(macros.preview)
    assert "Checks!A6 is in the way" in book.shown("status")


def test_a_totals_row_is_refused_with_what_to_do(book: Workbook, shop: Shop) -> None:
    with book.edited() as edited:
        table = edited["Entries"].tables["tblEntries"]
        table.totalsRowCount = 1
        table.autoFilter.ref = "A9:T13"
        table.ref = "A9:T14"
    with pytest.raises(TotalsInTheWay):
        book.load()


def test_the_customers_sheet_shows_what_is_unbilled(book: Workbook, shop: Shop) -> None:
    shop.customer("BETA")
    book.run(macros.refresh_customers)
    rows = [(r["Customer"], r["Unbilled amount"], r["Due"]) for r in book.rows("tblCustomers")]
    assert rows == [("ACME", 1083.13, "no"), ("BETA", 0, "no")]


def test_an_empty_load_leaves_one_blank_row(book: Workbook, shop: Shop) -> None:
    shop.customer("BETA")
    book.load("BETA")
    with book.edited() as edited:
        assert edited["Entries"].tables["tblEntries"].ref == "A9:T10"
    assert book.rows() == []


def test_money_without_minor_units_is_shown_without_decimals(book: Workbook, shop: Shop) -> None:
    shop.customer("YEN", currency="JPY")
    shop.time("Y1", project="P-YEN", currency="JPY")
    book.load("YEN")
    with book.edited() as edited:
        formats = (
            rows_of(edited, "tblEntries")[0]["Amount"].number_format,
            named(edited, "timix_bill_amount").number_format,
        )
    assert formats == ("#,##0", "#,##0")
