"""Sheets in their order, and what stands on them."""

from collections.abc import Callable

import pytest
import xlwings as xw


def test_sheets_are_found_by_name_whatever_its_case_and_by_place(book: xw.Book) -> None:
    assert book.sheet_names == ["Entries", "Other sheet", "Kept away"]
    assert [sheet.name for sheet in book.sheets] == book.sheet_names
    assert [sheet.index for sheet in book.sheets] == [1, 2, 3]
    assert book.sheets["other SHEET"].name == "Other sheet"
    assert (book.sheets[0].name, book.sheets[-1].name) == ("Entries", "Kept away")
    assert book.sheets["Entries"].book.name == book.name
    assert len(book.sheets) == 3


def test_a_sheet_is_brought_to_the_front(
    book: xw.Book, reopened: Callable[[xw.Book], xw.Book]
) -> None:
    assert book.sheets.active.name == "Entries"
    book.sheets["Other sheet"].activate()
    assert book.sheets.active.name == "Other sheet"
    assert reopened(book).sheets.active.name == "Other sheet"


def test_one_tab_alone_is_selected_in_the_file(
    book: xw.Book, saved: Callable[[xw.Book], object]
) -> None:
    book.sheets["Other sheet"].activate()
    selected = [sheet.sheet_view.tabSelected for sheet in saved(book)]
    assert list(map(bool, selected)) == [False, True, False]


def test_sheets_are_hidden_and_shown(book: xw.Book, reopened: Callable[[xw.Book], xw.Book]) -> None:
    assert [sheet.visible for sheet in book.sheets] == [True, True, False]
    book.sheets["Kept away"].visible = True
    book.sheets["Other sheet"].visible = False
    assert [sheet.visible for sheet in book.sheets] == [True, False, True]
    assert [sheet.visible for sheet in reopened(book).sheets] == [True, False, True]


def test_a_hidden_sheet_is_written_and_read(book: xw.Book) -> None:
    book.sheets["Kept away"].range("A1:B1").value = ["a", 1]
    assert book.sheets["Kept away"].range("A1:B1").value == ["a", 1.0]


def test_the_used_range_covers_what_is_written(book: xw.Book) -> None:
    assert book.sheets["Entries"].used_range.address == "$A$1:$F$8"
    book.sheets["Entries"].range("J20").value = "more"
    assert book.sheets["Entries"].used_range.last_cell.address == "$J$20"


def test_all_cells_of_a_sheet_are_a_range(entries: xw.Sheet) -> None:
    assert entries.cells.row == entries.cells.column == 1
    assert entries.cells.shape[0] == 1_048_576
    assert entries.cells[5, 2].address == "$C$6"


@pytest.mark.parametrize("things", ["charts", "pictures"])
def test_charts_and_pictures_are_found_by_name(book: xw.Book, things: str) -> None:
    there = getattr(book.sheets["Entries"], things)
    assert len(there) == 1
    name = there[0].name
    assert name
    assert there[name].name == name
    assert name in there
    assert [one.name for one in there] == [name]
    assert len(getattr(book.sheets["Other sheet"], things)) == 0


def test_charts_and_pictures_keep_their_names_in_the_file(
    book: xw.Book, reopened: Callable[[xw.Book], xw.Book]
) -> None:
    sheet = book.sheets["Entries"]
    before = sheet.charts[0].name, sheet.pictures[0].name
    sheet = reopened(book).sheets["Entries"]
    assert (sheet.charts[0].name, sheet.pictures[0].name) == before == ("Chart 1", "Image 2")


def test_what_is_not_there_is_a_key_error(book: xw.Book) -> None:
    for missing in (
        lambda: book.sheets["Nothing"],
        lambda: book.names["nothing"],
        lambda: book.sheets["Entries"].tables["tblNothing"],
        lambda: book.sheets["Entries"].charts["Nothing"],
    ):
        with pytest.raises(KeyError):
            missing()
