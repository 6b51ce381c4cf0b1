"""Decisions in cells: typed, saved, set for many rows, fitted to a frame order."""

import random

import openpyxl
import pytest

from tests.builders import BOB, Shop
from tests.macros.driver import Workbook, rows_of
from tests.macros.test_load import hide
from timix_xl import macros
from timix_xl.domain.entries import Decision
from timix_xl.errors import RunRefused, RunStale, UnknownFrameOrder
from timix_xl.workbook.refusals import NoFrameOrderChosen

pytestmark = pytest.mark.stores("sqlite", "postgresql")


def saved(shop: Shop) -> dict[str, tuple[str, str]]:
    """Return the decisions in the store, with their reasons."""
    found = shop.rows("SELECT entry, decision, reason FROM decisions WHERE decision IS NOT NULL")
    return {entry: (decision, reason) for entry, decision, reason in found}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Bill", Decision.BILL),
        ("bill ", Decision.BILL),
        ("  BILL", Decision.BILL),
        ("defer", Decision.DEFER),
        ("Write off", Decision.WRITE_OFF),
        ("WRITE  OFF", Decision.WRITE_OFF),
    ],
)
def test_a_decision_is_understood_as_people_type_it(
    book: Workbook, typed: str, meant: Decision
) -> None:
    book.decide(E2=typed)
    plan = book.run(macros.preview)
    assert [row.entry.id for row in plan.outcomes[meant] if row.entry.id == "E2"] == ["E2"]


def test_saved_decisions_are_in_the_store(book: Workbook, shop: Shop) -> None:
    book.decide(E1="Bill", E2="Defer", E3="Write off")
    book.run(macros.save_decisions)
    assert saved(shop) == {
        "E1": ("bill", "agreed"),
        "E2": ("defer", "agreed"),
        "E3": ("write_off", "agreed"),
    }


def test_a_sheet_can_go_on_after_its_decisions_were_saved(book: Workbook) -> None:
    book.decide(E2="Defer")
    book.run(macros.save_decisions)
    assert book.run(macros.issue).numbers == ("INV-2026-00001",)


def test_saving_decisions_keeps_the_order_of_the_rows(book: Workbook) -> None:
    shuffle(book)
    before = book.column("Entry")
    book.decide(E2="Defer")
    book.run(macros.save_decisions)
    assert book.column("Entry") == before


def test_saving_decisions_keeps_the_filter(book: Workbook) -> None:
    hide(book, "E1")
    book.decide(E2="Defer")
    book.run(macros.save_decisions)
    sheet = openpyxl.load_workbook(book.path)["Entries"]
    assert sheet.row_dimensions[book.number_of("E1")].hidden


def test_work_that_came_in_since_the_load_is_not_added_by_saving(
    book: Workbook, shop: Shop
) -> None:
    shop.time("N1")
    book.run(macros.save_decisions)
    assert "N1" not in book.column("Entry")
    assert book.codes() == ["ENTRY-12"]


def test_a_colleagues_workbook_can_be_taken_in(book: Workbook, shop: Shop) -> None:
    theirs = Workbook(book.path, shop.store, BOB)
    theirs.decide(E2="Defer")
    theirs.run(macros.save_decisions)
    assert shop.value("SELECT decided_by FROM decisions") == "bob"


def shuffle(book: Workbook) -> None:
    """Re-order the rows, as a sort does."""
    with book.edited() as edited:
        rows = rows_of(edited, "tblEntries")
        values = [[cell.value for cell in row.values()] for row in rows]
        random.Random(7).shuffle(values)
        for row, cells in zip(rows, values, strict=True):
            for cell, value in zip(row.values(), cells, strict=True):
                cell.value = value


def test_rows_may_be_sorted(book: Workbook) -> None:
    book.decide(E2="Defer")
    shuffle(book)
    plan = book.run(macros.preview)
    assert not plan.faults
    assert [row.entry.id for row in plan.outcomes[Decision.DEFER]] == ["E2"]


def test_the_check_column_finds_its_row_after_a_sort(book: Workbook) -> None:
    book.decide(E2="Maybe")
    shuffle(book)
    book.run(macros.preview)
    assert [row["Entry"] for row in book.rows() if row["Check"]] == ["E2"]


def test_the_check_column_finds_its_row_beside_a_blank_one(book: Workbook) -> None:
    book.decide(E3="Maybe")
    blank(book, "E1")
    book.run(macros.preview)
    assert "'Maybe' is not a decision." in book.row("E3")["Check"]


def blank(book: Workbook, entry: str) -> None:
    """Empty a row's cells, and leave it standing in the table."""
    with book.edited() as edited:
        for row in rows_of(edited, "tblEntries"):
            if row["Entry"].value == entry:
                for cell in row.values():
                    cell.value = None


def test_bill_all_sets_every_row(book: Workbook) -> None:
    book.decide(E1="Defer")
    book.run(macros.bill_all)
    assert book.column("Decision") == ["Bill"] * 4


@pytest.mark.parametrize("macro", [macros.bill_all, macros.defer_all])
def test_bill_all_and_defer_all_leave_hidden_rows_alone(book: Workbook, macro: object) -> None:
    hide(book, "E1", "M1")
    book.run(macro)  # type: ignore[arg-type]
    word = "Bill" if macro is macros.bill_all else "Defer"
    assert book.column("Decision") == [None, word, word, None]


def test_bill_all_says_how_many_rows_it_set(book: Workbook) -> None:
    hide(book, "E1", "E2", "E3")
    book.run(macros.bill_all)
    assert book.shown("status") == "1 row set to Bill."


def test_hidden_rows_are_part_of_the_run_and_counted(book: Workbook) -> None:
    hide(book, "E1", "M1")
    plan = book.run(macros.preview)
    assert [fault.message for fault in plan.faults] == ["2 hidden rows are in this run."]
    assert plan.documents[0].subtotal == sum(line.amount for line in plan.documents[0].lines)


def test_the_tiles_move_with_the_decisions(book: Workbook) -> None:
    book.decide(E1="Defer", E3=" write OFF ")
    book.run(macros.recalculate)
    names = ("bill_amount", "defer_amount", "write_off_amount", "loaded_amount", "defer_hours")
    assert [book.shown(name) for name in names] == [133.13, 750, 200, 1083.13, 7.5]


def test_the_tiles_count_the_part_that_is_billed(book: Workbook) -> None:
    book.type_entries({"E1": {"Bill qty": 5}})
    book.run(macros.recalculate)
    names = ("bill_hours", "bill_amount", "defer_hours", "defer_amount")
    hours = book.shown("loaded_hours")
    assert [book.shown(name) for name in names] == [hours - 2.5, 833.13, 2.5, 250]


def test_the_tiles_count_a_rest_that_is_written_off(book: Workbook) -> None:
    book.type_entries({"E1": {"Decision": "Bill", "Bill qty": 5, "Rest": "Write off"}})
    book.run(macros.recalculate)
    names = ("write_off_hours", "write_off_amount", "defer_hours")
    assert [book.shown(name) for name in names] == [2.5, 250, 0]


# Fit to frame order.


def test_fit_bills_the_oldest_until_the_next_no_longer_fits(book: Workbook, shop: Shop) -> None:
    shop.order("FO-1", "8")
    book.load()
    book.run(macros.fit_to_frame_order)
    assert book.column("Decision")[:3] == ["Bill", "Bill", "Defer"]


def test_fit_leaves_material_and_write_offs_alone(book: Workbook, shop: Shop) -> None:
    shop.order("FO-1", "8")
    book.load()
    book.decide(E1="Write off")
    book.run(macros.fit_to_frame_order)
    assert book.column("Decision") == ["Write off", "Bill", "Bill", None]


def test_fit_names_the_entry_that_does_not_fit(book: Workbook, shop: Shop) -> None:
    shop.order("FO-1", "7.5")
    book.load()
    book.run(macros.fit_to_frame_order)
    assert book.shown("status") == (
        "1 entry fits frame order FO-1; 2 entries deferred."
        " Entry E2 is the first that no longer fits frame order FO-1."
    )


def test_fit_without_a_frame_order_asks_for_one(book: Workbook) -> None:
    with pytest.raises(NoFrameOrderChosen):
        book.run(macros.fit_to_frame_order)


def test_fit_to_an_unknown_order_is_refused(book: Workbook) -> None:
    book.put(frame_order="FO-9")
    with pytest.raises(UnknownFrameOrder):
        book.run(macros.fit_to_frame_order)


def test_decided_elsewhere_names_who_and_when(book: Workbook, shop: Shop) -> None:
    other = Workbook(book.path.with_name("theirs.xlsx"), shop.store, BOB)
    other.load()
    other.decide(E2="Defer")
    other.run(macros.save_decisions)
    book.decide(E2="Bill")
    with pytest.raises(RunStale):
        book.run(macros.issue)
    assert "set to Defer by bob" in book.row("E2")["Check"]


def test_the_same_decision_elsewhere_is_fine(book: Workbook, shop: Shop) -> None:
    other = Workbook(book.path.with_name("theirs.xlsx"), shop.store, BOB)
    other.load()
    other.decide(E2="Defer")
    other.run(macros.save_decisions)
    book.decide(E2="Defer")
    assert book.run(macros.issue).numbers


def test_a_refused_save_writes_no_decision(book: Workbook, shop: Shop) -> None:
    book.decide(E1="Defer", E2="Maybe")
    with pytest.raises(RunRefused):
        book.run(macros.save_decisions)
    assert saved(shop) == {}
