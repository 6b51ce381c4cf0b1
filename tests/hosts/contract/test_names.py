"""Names stand for cells, hidden or not, whatever their case."""

from collections.abc import Callable

import pytest
import xlwings as xw


def test_names_are_found_whatever_their_case(book: xw.Book) -> None:
    assert "timix_bill_amount" in book.names
    assert "TIMIX_Bill_Amount" in book.names
    assert "nothing" not in book.names
    assert book.names["TIMIX_FAR"].refers_to_range.value == 7.0


def test_a_hidden_name_is_found_and_written(book: xw.Book) -> None:
    assert "timix_request" in book.names
    book.names["timix_request"].refers_to_range.value = "R-1"
    assert book.sheets["Entries"].range("D1").value == "R-1"


def test_a_name_leads_to_its_cell(book: xw.Book) -> None:
    found = book.names["timix_far"]
    assert found.name == "timix_far"
    assert found.refers_to == "='Other sheet'!$A$1"
    cells = found.refers_to_range
    assert (cells.sheet.name, cells.address) == ("Other sheet", "$A$1")
    assert cells.get_address(row_absolute=False, column_absolute=False) == "A1"


@pytest.mark.parametrize("name", ["timix_gone", "timix_digits", "timix_choices"])
def test_a_name_that_stands_for_no_cell_says_so(book: xw.Book, name: str, host: object) -> None:
    assert name in book.names
    with pytest.raises(Exception) as refusal:
        _ = book.names[name].refers_to_range
    if host.name != "excel":  # there xlwings lets the program's own error through
        assert refusal.type is xw.XlwingsError


def test_every_name_is_listed_with_those_of_sheets(book: xw.Book) -> None:
    names = [one.name for one in book.names]
    assert {"timix_bill_amount", "timix_far", "timix_digits", "timix_codes"} <= set(names)
    assert "'Other sheet'!local" in names
    assert [one.name for one in book.sheets["Other sheet"].names] == ["'Other sheet'!local"]


def test_a_name_is_added_and_moved_and_taken_away(
    book: xw.Book, reopened: Callable[[xw.Book], xw.Book]
) -> None:
    book.names.add("mine", "=Entries!$C$6")
    assert book.names["mine"].refers_to_range.value == 1.5
    book.sheets["Entries"].range("J1").formula = "=mine*2"
    assert book.sheets["Entries"].range("J1").value == 3.0
    book.names["mine"].refers_to = "='Other sheet'!$A$1"
    assert book.names["mine"].refers_to_range.value == 7.0
    again = reopened(book)
    assert again.names["mine"].refers_to == "='Other sheet'!$A$1"
    again.names["mine"].delete()
    assert "mine" not in again.names


def test_cells_are_given_a_name(book: xw.Book) -> None:
    cells = book.sheets["Other sheet"].range("A1:B1")
    assert cells.name is None
    cells.name = "mine"
    assert cells.name.name == "mine"
    assert book.names["mine"].refers_to == "='Other sheet'!$A$1:$B$1"


def test_a_formula_s_result_stands_behind_its_name(book: xw.Book) -> None:
    assert book.names["timix_bill_amount"].refers_to_range.value == 175.0
