"""The Pro forma sheet: a pro forma in cells, edited there, saved, opened and released."""

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl.worksheet.table import TableColumn

from tests.builders import ANN, BILLING_DATE, BOB, D, Shop, copy_of
from tests.macros.driver import Workbook, dump, rows_of
from timix_xl import macros
from timix_xl.billing.bill import bill
from timix_xl.billing.pro_forma import new, open_, pro_forma
from timix_xl.billing.pro_forma_edit import edit
from timix_xl.billing.pro_forma_upload import upload
from timix_xl.domain.manual_lines import NewLine
from timix_xl.domain.pro_forma_lines import LineEdit
from timix_xl.domain.pro_formas import ProForma, ProFormaState
from timix_xl.errors import ProFormaMovedOn, ProFormaRefuses, RunRefused, RunStale, TimixError
from timix_xl.hosts import files
from timix_xl.store.database import open_store
from timix_xl.workbook import pro_forma_edits, pro_forma_sheet
from timix_xl.workbook.pro_forma_layout import LINE_FORMULAS
from timix_xl.workbook.refusals import (
    CellEmpty,
    LineEditsUnsaved,
    NoProFormaLoaded,
    ProFormaChosenAnew,
)

ONE = "PF-00001"


@pytest.fixture(scope="session")
def billed_once(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a pro forma of project X, loaded into a workbook.

    Line 1 is 7.5 h of X1, line 2 2 h of X2, line 3 2 cameras at 49.90.
    """
    folder = tmp_path_factory.mktemp("pro_forma")
    shop = copy_of(template, folder)
    shop.add("items", code="CAM", name="Camera", unit="pcs")
    shop.add("item_prices", item="CAM", position=0, price=D("49.90"))
    shop.project("X", tasks="T U", pro_forma=True, name="Portal")
    shop.time("X1", project="X", hours="7.5", on="2026-01-05")
    shop.time("X2", project="X", hours="2", on="2026-01-06", task="U")
    shop.material("X3", project="X", item="CAM", units="2", on="2026-01-07")
    bill(shop.store, "X", date=BILLING_DATE, actor=ANN)
    Workbook(folder / "pro-forma.xlsx", shop.store).run(macros.refresh_pro_forma)
    shop.store.close()
    return folder


@pytest.fixture
def shop(billed_once: Path, tmp_path: Path) -> Iterator[Shop]:
    """The store with the pro forma."""
    shutil.copy(billed_once / "timix.db", tmp_path)
    made = Shop(open_store(str(tmp_path / "timix.db")))
    yield made
    made.store.close()


@pytest.fixture
def book(billed_once: Path, tmp_path: Path, shop: Shop) -> Workbook:
    """The workbook into which it is loaded."""
    shutil.copy(billed_once / "pro-forma.xlsx", tmp_path)
    return Workbook(tmp_path / "pro-forma.xlsx", shop.store)


def kept(shop: Shop) -> ProForma:
    """Return the pro forma as the store has it."""
    return pro_forma(shop.store, ONE)


def lines(shop: Shop) -> list[tuple[Decimal, Decimal, str]]:
    """Return quantity, amount and status of the stored lines."""
    return [(line.quantity, line.amount, str(line.status)) for line in kept(shop).document.lines]


def type_into(book: Workbook, **cells: dict[str, Any]) -> None:
    """Type into lines: line_2={"Unit price": 90}."""
    book.type(
        "tblProForma", "Line", {name.removeprefix("line_"): row for name, row in cells.items()}
    )


def add_row(book: Workbook, **cells: Any) -> None:
    """Fill in the first blank row below the lines."""
    with book.edited() as edited:
        row = next(
            row
            for row in rows_of(edited, "tblProForma")
            if all(cell.value is None for cell in row.values())
        )
        for name, value in cells.items():
            row[name.replace("_", " ")].value = value


TRAVEL = {"Task": "T", "Description": "Travel", "Qty_to_invoice": 1, "Amount_to_invoice": 180}


def tiles(book: Workbook) -> tuple[Any, ...]:
    """Read billed, to invoice, held, written off, raised."""
    names = ("billed", "to_invoice", "held", "written_off", "raised")
    return tuple(book.shown(f"pro_forma_{name}") for name in names)


def refusal(book: Workbook, macro: Callable[..., Any] = macros.save_pro_forma) -> TimixError:
    """Press a button that is refused."""
    with pytest.raises(TimixError) as caught:
        book.run(macro)
    return caught.value


# -- Loading


def test_a_pro_forma_stands_in_the_sheet_line_by_line(book: Workbook) -> None:
    titles = ("Line", "Task", "Billed qty", "Billed amount", "Qty to invoice", "Unit price")
    more = ("Amount to invoice", "Status", "Entries")
    assert [[row[title] for title in (*titles, *more)] for row in book.rows("tblProForma")] == [
        [1, "T", 7.5, 750, 7.5, 100, 750, "Bill", "X1"],
        [2, "U", 2, 200, 2, 100, 200, "Bill", "X2"],
        [3, "T", 2, 99.8, 2, 49.9, 99.8, "Bill", "X3"],
    ]


def test_it_says_where_the_pro_forma_stands(book: Workbook) -> None:
    names = ("state", "revision", "project", "currency")
    shown = [book.shown(f"pro_forma_{name}") for name in names]
    assert shown == ["On Hold", 1, "X", "EUR"]
    assert book.shown("pro_forma_billing_date") == dt.datetime(2026, 1, 31)


def test_the_only_pro_forma_is_chosen_by_itself(book: Workbook) -> None:
    assert book.shown("pro_forma") == ONE


def test_several_pro_formas_are_offered_and_none_is_chosen(book: Workbook, shop: Shop) -> None:
    new(shop.store, "X", BILLING_DATE, actor=ANN)
    book.put(pro_forma=None)
    book.run(macros.refresh_pro_forma)
    assert book.shown("status") == "Choose one of 2 pro formas on the sheet Pro forma."
    assert book.rows("tblProForma") == []
    sheet = book.seen()["Pro forma"]
    assert [sheet["AA13"].value, sheet["AA14"].value, sheet["AA15"].value] == [
        ONE,
        "PF-00002",
        None,
    ]


def test_an_empty_pro_forma_can_be_filled_by_hand(book: Workbook, shop: Shop) -> None:
    new(shop.store, "X", BILLING_DATE, actor=ANN)
    book.put(pro_forma="PF-00002")
    book.run(macros.refresh_pro_forma)
    add_row(book, **TRAVEL)
    book.run(macros.save_pro_forma)
    (line,) = pro_forma(shop.store, "PF-00002").document.lines
    assert (line.task, line.description, line.quantity, line.amount) == ("T", "Travel", 1, 180)


def test_reading_what_was_written_finds_no_edit(book: Workbook, shop: Shop) -> None:
    with files.open_book(book.path) as opened:
        read = pro_forma_sheet.rows(opened)
    found = pro_forma_edits.read_edits(read, kept(shop))
    assert (found.edits, found.added, found.faults) == ((), (), ())
    assert pro_forma_sheet.unsaved(read) == 0


def test_saving_without_an_edit_writes_nothing(book: Workbook, shop: Shop) -> None:
    before = dump(shop.store)
    book.run(macros.save_pro_forma)
    assert dump(shop.store) == before
    assert book.shown("status") == f"Nothing was changed in {ONE}."


# -- Editing


def test_a_lower_amount_is_held_by_itself(book: Workbook, shop: Shop) -> None:
    type_into(book, line_1={"Amount to invoice": 500})
    book.run(macros.save_pro_forma)
    assert lines(shop)[0] == (D("7.5"), 500, "hold_remainder")
    assert [book.rows("tblProForma")[0][t] for t in ("Status", "Held")] == ["Hold remainder", 250]


def test_a_quantity_sets_the_amount(book: Workbook, shop: Shop) -> None:
    type_into(book, line_1={"Qty to invoice": 6})
    book.run(macros.save_pro_forma)
    assert lines(shop)[0] == (6, 600, "hold_remainder")


def test_a_cleared_amount_follows_from_the_quantity(book: Workbook, shop: Shop) -> None:
    type_into(book, line_1={"Qty to invoice": 6, "Amount to invoice": None})
    book.run(macros.save_pro_forma)
    assert lines(shop)[0] == (6, 600, "hold_remainder")


def test_a_unit_price_may_be_raised(book: Workbook, shop: Shop) -> None:
    type_into(book, line_2={"Unit price": 120})
    book.run(macros.save_pro_forma)
    assert lines(shop)[1] == (2, 240, "bill")
    assert tiles(book) == (1049.8, 1089.8, 0, 0, 40)


@pytest.mark.parametrize(
    ("cells", "left"),
    [
        ({"Amount to invoice": 500, "Status": "Write off remainder"}, (500, "write_off_remainder")),
        ({"Amount to invoice": 500, "Status": " hold  REMAINDER "}, (500, "hold_remainder")),
        ({"Status": "Write off"}, (0, "write_off")),
    ],
)
def test_a_status_says_what_becomes_of_the_rest(
    book: Workbook, shop: Shop, cells: dict[str, Any], left: tuple[int, str]
) -> None:
    type_into(book, line_1=cells)
    book.run(macros.save_pro_forma)
    assert lines(shop)[0][1:] == left


def test_bill_takes_a_line_back_to_what_was_billed(book: Workbook, shop: Shop) -> None:
    type_into(book, line_1={"Amount to invoice": 500})
    book.run(macros.save_pro_forma)
    type_into(book, line_1={"Status": "Bill"})
    book.run(macros.save_pro_forma)
    assert lines(shop)[0] == (D("7.5"), 750, "bill")


def test_a_deleted_line_frees_its_entries(book: Workbook, shop: Shop) -> None:
    type_into(book, line_2={"Status": "Delete line"})
    book.run(macros.save_pro_forma)
    assert book.column("Entries", "tblProForma") == ["X1", "X3"]
    assert shop.rows("SELECT entry FROM claims ORDER BY entry") == [("X1",), ("X3",)]


def test_a_row_below_without_a_line_number_is_a_line_by_hand(book: Workbook, shop: Shop) -> None:
    add_row(book, **TRAVEL)
    book.run(macros.save_pro_forma)
    assert lines(shop)[3] == (1, 180, "bill")
    assert tiles(book) == (1049.8, 1229.8, 0, 0, 180)


def test_the_amount_of_a_new_line_may_follow_from_its_price(book: Workbook, shop: Shop) -> None:
    cells = {"Task": "U", "Item": "CAM", "Description": "One more", "Qty_to_invoice": 2}
    add_row(book, **cells, Unit_price=49.9)
    book.run(macros.save_pro_forma)
    assert lines(shop)[3] == (2, D("99.80"), "bill")


def test_a_new_line_that_is_deleted_adds_nothing(book: Workbook, shop: Shop) -> None:
    add_row(book, **TRAVEL, Status="Delete line")
    book.run(macros.save_pro_forma)
    assert len(lines(shop)) == 3


def test_formulas_that_excel_fills_down_are_no_line_and_count_nothing(
    book: Workbook, shop: Shop
) -> None:
    add_row(book, **LINE_FORMULAS)
    book.run(macros.save_pro_forma)
    assert len(lines(shop)) == 3
    add_row(book, **TRAVEL, **LINE_FORMULAS)
    book.run(macros.recalculate)
    assert tiles(book) == (1049.8, 1229.8, 0, 0, 180)


def test_all_edits_are_one_step_of_the_log(book: Workbook, shop: Shop) -> None:
    type_into(book, line_1={"Amount to invoice": 500}, line_2={"Status": "Delete line"})
    add_row(book, **TRAVEL)
    book.run(macros.save_pro_forma)
    assert lines(shop) == [
        (D("7.5"), 500, "hold_remainder"),
        (2, D("99.80"), "bill"),
        (1, 180, "bill"),
    ]
    assert shop.value("SELECT count(*) FROM audit_log WHERE action = 'edit pro forma'") == 1
    assert book.shown("status") == (
        f"Saved {ONE} of X, On Hold: 3 lines, 779.80 EUR to invoice, 250.00 EUR held"
        " (1 line edited, 1 added, 1 deleted)."
    )


def test_a_number_typed_as_text_is_read(book: Workbook, shop: Shop) -> None:
    type_into(book, line_1={"Amount to invoice": "500.50"})
    book.run(macros.save_pro_forma)
    assert lines(shop)[0][1] == D("500.50")


def test_the_tiles_move_before_anything_is_saved(book: Workbook) -> None:
    type_into(
        book,
        line_1={"Qty to invoice": 6},
        line_2={"Status": "Write off"},
        line_3={"Unit price": 60},
    )
    add_row(book, **TRAVEL)
    book.run(macros.recalculate)
    assert tiles(book) == (1049.8, 900, 150, 200, 200.2)
    book.run(macros.save_pro_forma)
    assert tiles(book) == (1049.8, 900, 150, 200, 200.2)


def test_a_column_of_the_user_stays_with_its_entries(book: Workbook) -> None:
    with book.edited() as edited:
        sheet = edited["Pro forma"]
        sheet.tables["tblProForma"].ref = sheet.tables["tblProForma"].ref.replace("Y", "Z")
        sheet["Z12"] = "Mine"
        sheet["Z15"] = "ask Ben"
    with book.edited() as edited:
        table = edited["Pro forma"].tables["tblProForma"]
        table.tableColumns.append(TableColumn(id=len(table.tableColumns) + 1, name="Mine"))
        table.autoFilter.ref = table.ref
    type_into(book, line_1={"Status": "Delete line"})
    book.run(macros.save_pro_forma)
    assert book.column("Mine", "tblProForma") == [None, "ask Ben"]


# -- What is refused


def test_a_line_whose_password_of_a_database_is_masked_is_edited_like_any_other(
    book: Workbook, shop: Shop
) -> None:
    told = "Moved to postgresql://u:{}@db/books"
    line = NewLine(task="T", description=told.format("s3cret"), quantity=D(1), amount=D(90))
    edit(shop.store, ONE, [], added=[line], actor=ANN)
    book.run(macros.refresh_pro_forma)
    shown = book.rows("tblProForma")[3]["Description"]
    type_into(book, line_4={"Amount to invoice": 80})
    book.run(macros.save_pro_forma)

    assert shown == told.format("***")
    assert [(one.description, one.amount) for one in kept(shop).document.lines[3:]] == [
        (told.format("s3cret"), D(80))
    ]


@pytest.mark.parametrize(
    ("line", "cells", "code", "where"),
    [
        (1, {"Billed qty": 9}, "BOOK-30", "Pro forma!E13"),
        (1, {"Billed amount": None}, "BOOK-30", "Pro forma!F13"),
        (2, {"Task": "T"}, "BOOK-30", "Pro forma!B14"),
        (1, {"Description": "Better words"}, "BOOK-30", "Pro forma!D13"),
        (1, {"Entries": "X1, X2"}, "BOOK-30", "Pro forma!K13"),
        (1, {"Line": 9}, "PRO-09", "Pro forma!A13"),
        (1, {"Line": 2}, "BOOK-31", "Pro forma!A14"),
        (1, {"Status": "Maybe"}, "BOOK-33", "Pro forma!J13"),
        (1, {"Status": '="Bill"'}, "BOOK-35", "Pro forma!J13"),
        (1, {"Amount to invoice": "=750*0.9"}, "BOOK-35", "Pro forma!I13"),
        (1, {"Amount to invoice": "500,50"}, "BOOK-34", "Pro forma!I13"),
        (1, {"Qty to invoice": "1e3"}, "BOOK-34", "Pro forma!G13"),
        (1, {"Unit price": True}, "BOOK-34", "Pro forma!H13"),
        (1, {"Amount to invoice": 1e300}, "BOOK-34", "Pro forma!I13"),
        (1, {"Amount to invoice": None}, "BOOK-36", "Pro forma!I13"),
        (1, {"Amount to invoice": 500.005}, "PRO-11", "Pro forma!I13"),
        (1, {"Qty to invoice": 1.00001}, "PRO-11", "Pro forma!G13"),
        (1, {"Amount to invoice": -5}, "PRO-14", "Pro forma!I13"),
        (1, {"Status": "Hold remainder"}, "PRO-15", "Pro forma!J13"),
        (1, {"Unit price": 90, "Amount to invoice": 700}, "PRO-12", "Pro forma!H13"),
    ],
)  # fmt: skip
def test_what_cannot_be_saved_is_marked_and_nothing_is_written(
    book: Workbook, shop: Shop, line: int, cells: dict[str, Any], code: str, where: str
) -> None:
    type_into(book, line_3={"Amount to invoice": 90})
    type_into(book, **{f"line_{line}": cells})
    before = dump(shop.store)
    stopped = refusal(book)
    assert (code, where) in [(fault.code, fault.where) for fault in stopped.faults]
    assert dump(shop.store) == before
    assert code in book.codes()
    row = int(where[-2:])
    marked = book.seen()["Pro forma"][f"S{row}"].value
    assert marked


def test_a_row_taken_out_of_the_sheet_is_not_a_deleted_line(book: Workbook, shop: Shop) -> None:
    type_into(book, line_2=dict.fromkeys(book.rows("tblProForma")[0]))
    stopped = refusal(book)
    assert [fault.code for fault in stopped.faults] == ["BOOK-32"]
    assert len(lines(shop)) == 3


@pytest.mark.parametrize(
    ("cells", "code", "where"),
    [
        ({"Task": None}, "BOOK-36", "Pro forma!B16"),
        ({"Description": None}, "BOOK-36", "Pro forma!D16"),
        ({"Qty_to_invoice": None}, "BOOK-36", "Pro forma!G16"),
        ({"Amount_to_invoice": None}, "BOOK-36", "Pro forma!I16"),
        ({"Task": "NONE"}, "PRO-17", "Pro forma!B16"),
        ({"Item": "NONE"}, "PRO-17", "Pro forma!C16"),
        ({"Billed_qty": 4}, "BOOK-30", "Pro forma!E16"),
        ({"Status": "Hold remainder"}, "PRO-13", "Pro forma!J16"),
        ({"Amount_to_invoice": 1.005}, "PRO-11", "Pro forma!I16"),
    ],
)
def test_a_line_by_hand_that_cannot_be_is_refused_at_its_cell(
    book: Workbook, shop: Shop, cells: dict[str, Any], code: str, where: str
) -> None:
    add_row(book, **(TRAVEL | cells))
    stopped = refusal(book)
    assert [(fault.code, fault.where) for fault in stopped.faults] == [(code, where)]
    assert len(lines(shop)) == 3


def test_a_line_without_entries_cannot_be_held(book: Workbook, shop: Shop) -> None:
    add_row(book, **TRAVEL)
    book.run(macros.save_pro_forma)
    type_into(book, line_4={"Status": "Hold remainder"})
    assert [fault.code for fault in refusal(book).faults] == ["PRO-13"]


def test_an_edit_on_what_a_colleague_has_changed_is_refused_with_who_and_when(
    book: Workbook, shop: Shop
) -> None:
    edit(shop.store, ONE, [LineEdit(line=2, amount=D(150))], actor=BOB)
    before = dump(shop.store)
    type_into(book, line_1={"Amount to invoice": 500})
    stopped = refusal(book)
    assert isinstance(stopped, ProFormaMovedOn)
    assert "bob" in stopped.message
    assert [(fault.code, fault.where) for fault in stopped.faults] == [("BOOK-37", "Pro forma!A14")]
    assert "Amount to invoice is 150, was 200" in book.rows("tblProForma")[1]["Check"]
    assert book.rows("tblProForma")[0]["Amount to invoice"] == 500
    assert dump(shop.store) == before


def test_a_line_that_a_colleague_deleted_is_named(book: Workbook, shop: Shop) -> None:
    edit(shop.store, ONE, [LineEdit(line=3, delete=True)], actor=BOB)
    assert "another line now" in refusal(book).faults[0].message


def test_a_workbook_that_was_lost_after_a_save_saves_once(book: Workbook, shop: Shop) -> None:
    add_row(book, **TRAVEL)
    lost = book.path.read_bytes()
    book.run(macros.save_pro_forma)
    book.path.write_bytes(lost)
    book.run(macros.save_pro_forma)
    assert len(lines(shop)) == 4


def test_an_open_pro_forma_is_not_edited(book: Workbook, shop: Shop) -> None:
    open_(shop.store, ONE, actor=ANN)
    book.run(macros.refresh_pro_forma)
    type_into(book, line_1={"Amount to invoice": 500})
    assert isinstance(refusal(book), ProFormaRefuses)


def test_a_workbook_of_another_store_is_refused(book: Workbook) -> None:
    book.put(pro_forma_store_id="not-ours")
    assert isinstance(refusal(book), RunStale)


def test_another_choice_in_the_cell_is_not_saved_into_what_is_loaded(book: Workbook) -> None:
    book.put(pro_forma="PF-00002")
    assert isinstance(refusal(book), ProFormaChosenAnew)


def test_nothing_is_saved_before_a_load(shop: Shop, tmp_path: Path) -> None:
    assert isinstance(refusal(Workbook(tmp_path / "new.xlsx", shop.store)), NoProFormaLoaded)


def test_a_pro_forma_that_there_is_not_is_named(book: Workbook) -> None:
    book.put(pro_forma="PF-00009")
    stopped = refusal(book, macros.refresh_pro_forma)
    assert (stopped.code, stopped.message) == ("PRO-01", "There is no pro forma PF-00009.")


# -- Loading over edits


def test_loading_the_same_again_drops_what_is_not_saved_and_says_so(book: Workbook) -> None:
    type_into(book, line_1={"Amount to invoice": 500})
    book.run(macros.refresh_pro_forma)
    assert book.rows("tblProForma")[0]["Amount to invoice"] == 750
    assert book.shown("status").endswith("What was typed into 1 row is not kept.")


def test_loading_another_over_unsaved_edits_is_refused(book: Workbook, shop: Shop) -> None:
    new(shop.store, "X", BILLING_DATE, actor=ANN)
    type_into(book, line_1={"Amount to invoice": 500})
    book.put(pro_forma="PF-00002")
    assert isinstance(refusal(book, macros.refresh_pro_forma), LineEditsUnsaved)
    assert book.rows("tblProForma")[0]["Amount to invoice"] == 500


# -- Open, hold, release


def test_a_pro_forma_is_opened_and_released_into_a_draft(book: Workbook, shop: Shop) -> None:
    book.run(macros.open_pro_forma)
    assert book.shown("pro_forma_state") == "Open"
    book.run(macros.release_pro_forma)
    assert kept(shop).state is ProFormaState.CLOSED
    assert book.shown("pro_forma_state") == "Closed"
    made = kept(shop).released_to
    assert book.shown("pro_forma_released_to") == made
    assert book.column("Number", "tblInvoices") == [made]
    assert shop.problems() == ()


def test_an_open_one_is_put_back_on_hold(book: Workbook, shop: Shop) -> None:
    book.run(macros.open_pro_forma)
    book.run(macros.hold_pro_forma)
    assert kept(shop).state is ProFormaState.ON_HOLD
    assert book.shown("pro_forma_state") == "On Hold"


def test_one_on_hold_is_not_released_and_it_says_to_open_it(book: Workbook) -> None:
    stopped = refusal(book, macros.release_pro_forma)
    assert isinstance(stopped, ProFormaRefuses)
    assert "Open it first" in stopped.hint


@pytest.mark.parametrize("macro", [macros.open_pro_forma, macros.release_pro_forma])
def test_unsaved_edits_stop_a_step(book: Workbook, shop: Shop, macro: Callable[..., Any]) -> None:
    type_into(book, line_1={"Amount to invoice": 500})
    assert isinstance(refusal(book, macro), LineEditsUnsaved)
    assert kept(shop).state is ProFormaState.ON_HOLD


@pytest.mark.parametrize("macro", [macros.open_pro_forma, macros.hold_pro_forma])
def test_a_step_on_what_has_changed_since_is_refused(
    book: Workbook, shop: Shop, macro: Callable[..., Any]
) -> None:
    edit(shop.store, ONE, [LineEdit(line=2, amount=D(150))], actor=BOB)
    assert isinstance(refusal(book, macro), ProFormaMovedOn)


def test_the_only_open_frame_order_is_chosen_and_drawn_on(book: Workbook, shop: Shop) -> None:
    shop.order("FO-1", "100")
    book.run(macros.refresh_pro_forma)
    assert book.shown("pro_forma_frame_order") == "FO-1"
    book.run(macros.open_pro_forma)
    book.run(macros.release_pro_forma)
    assert shop.value("SELECT frame_order FROM documents WHERE kind = 'invoice'") == "FO-1"


def test_of_several_frame_orders_one_is_chosen_before_the_release(
    book: Workbook, shop: Shop
) -> None:
    shop.order("FO-1", "100")
    shop.order("FO-2", "100")
    book.run(macros.refresh_pro_forma)
    book.run(macros.open_pro_forma)
    assert isinstance(refusal(book, macros.release_pro_forma), CellEmpty)
    book.put(pro_forma_frame_order="No frame order")
    book.run(macros.release_pro_forma)
    assert kept(shop).state is ProFormaState.CLOSED


# -- Size


def test_a_big_pro_forma_is_read_and_written_at_once(
    book: Workbook, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.many(2000, project="X")
    bill(shop.store, "X", date=dt.date(2026, 2, 28), actor=ANN)
    book.put(pro_forma="PF-00002")
    book.run(macros.refresh_pro_forma)
    assert len(book.rows("tblProForma")) == 2000
    type_into(book, line_7={"Amount to invoice": 10}, line_1900={"Status": "Delete line"})
    calls: list[str] = []
    for name in ("read_rows", "write_rows"):
        original = getattr(pro_forma_sheet, name)

        def counted(*args: Any, _name: str = name, _call: Any = original, **options: Any) -> Any:
            calls.append(_name)
            return _call(*args, **options)

        monkeypatch.setattr(pro_forma_sheet, name, counted)
    book.run(macros.save_pro_forma)
    assert calls == ["read_rows", "write_rows"]
    document = pro_forma(shop.store, "PF-00002").document
    assert (len(document.lines), document.lines[6].amount) == (1999, 10)


def test_refusals_are_those_of_the_rules(book: Workbook) -> None:
    type_into(book, line_1={"Status": "Maybe"})
    assert isinstance(refusal(book), RunRefused)


# -- After a crash


def test_a_save_that_was_not_shown_is_not_done_again(
    book: Workbook, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_into(book, line_1={"Amount to invoice": 500})

    def crash(*_: object) -> None:
        raise ConnectionAbortedError

    with monkeypatch.context() as patched:
        patched.setattr(macros.pro_formas, "_show_after", crash)
        with pytest.raises(ConnectionAbortedError):
            book.run(macros.save_pro_forma)
    version = kept(shop).version
    book.run(macros.save_pro_forma)
    assert kept(shop).version == version
    assert book.rows("tblProForma")[0]["Amount to invoice"] == 500
    assert str(book.shown("status")).startswith(f"Saved {ONE}")


# -- Tiles


def test_an_amount_without_a_quantity_stays_when_a_quantity_is_typed(
    book: Workbook, shop: Shop
) -> None:
    type_into(book, line_1={"Qty to invoice": 0, "Amount to invoice": 500})
    book.run(macros.save_pro_forma)
    type_into(book, line_1={"Qty to invoice": 10})
    book.run(macros.recalculate)
    assert tiles(book)[1:3] == (799.8, 250)
    book.run(macros.save_pro_forma)
    assert lines(shop)[0] == (10, 500, "hold_remainder")


def test_material_by_the_hour_is_no_hours(book: Workbook, shop: Shop) -> None:
    shop.add("items", code="BUS", name="Bus", unit="h")
    shop.add("item_prices", item="BUS", position=0, price=D(30))
    shop.material("X4", project="X", item="BUS", unit="h", on="2026-01-08")
    upload(shop.store, ONE, ["X4"], actor=ANN)
    book.run(macros.refresh_pro_forma)
    assert book.shown("pro_forma_hours") == float(kept(shop).document.hours) == 9.5
    assert book.shown("pro_forma_billed_hours") == 9.5
