"""Names in LibreOffice, spelled as Excel spells them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import xlwings as xw

from tests.hosts.calc.books import small, template


@pytest.fixture
def book(app: xw.App, tmp_path: Path) -> Iterator[xw.Book]:
    """The workbook of the contract."""
    with small(app, tmp_path) as book:
        yield book


def test_formulas_behind_names_are_spelled_as_excel_does(app: xw.App, tmp_path: Path) -> None:
    with template(app, tmp_path) as book:
        choices = "'Frame orders'!$N$7:'Frame orders'!$N$506"
        wanted = f"='Frame orders'!$N$7:INDEX({choices},MAX(1,COUNTA({choices})))"
        found = book.names["timix_frame_order_choices"].refers_to
        assert found.replace(":$N$506", ":'Frame orders'!$N$506") == wanted
        assert book.names["timix_customer_codes"].refers_to == "=tblCustomers[Customer]"


@pytest.mark.parametrize(
    "refers_to",
    ["='Other sheet'!$A$1:$B$2", "=SUM(Entries!$C$6:$C$8,1.5)", '="a,b;c"', "=2.5"],
)
def test_a_name_is_given_back_as_it_was_added(book: xw.Book, refers_to: str) -> None:
    assert book.names.add("mine", refers_to).refers_to == refers_to
    assert book.names["MINE"].refers_to == refers_to


def test_a_name_that_is_added_again_is_moved(book: xw.Book) -> None:
    book.names.add("mine", "=Entries!$A$6")
    book.names.add("Mine", "=Entries!$A$7")
    assert [one.refers_to for one in book.names if one.name == "mine"] == ["=Entries!$A$7"]


def test_a_name_of_a_sheet_is_added_and_found_with_it(book: xw.Book) -> None:
    sheet = book.sheets["Other sheet"]
    sheet.names.add("mine", "='Other sheet'!$B$1")
    assert "mine" in sheet.names
    assert "mine" not in book.names
    assert book.names["'Other sheet'!mine"].refers_to_range.address == "$B$1"
    book.names["'Other sheet'!mine"].delete()
    assert "mine" not in sheet.names


def test_print_areas_are_no_names(book: xw.Book) -> None:
    assert [one.name for one in book.sheets["Entries"].names] == []


def test_a_name_whose_sheet_is_deleted_stands_for_nothing(book: xw.Book) -> None:
    book.impl.doc.Sheets.removeByName("Other sheet")
    assert "timix_far" in book.names
    assert "#REF!" in book.names["timix_far"].refers_to
    with pytest.raises(xw.XlwingsError, match="timix_far does not stand for one range"):
        _ = book.names["timix_far"].refers_to_range


def test_a_name_that_is_deleted_by_hand_and_made_again_is_found(book: xw.Book) -> None:
    assert book.names["timix_far"].refers_to_range.address == "$A$1"
    names = book.impl.doc.NamedRanges
    names.removeByName("timix_far")
    assert "timix_far" not in book.names
    book.names.add("timix_far", "=Entries!$C$7")
    assert book.names["timix_far"].refers_to_range.address == "$C$7"


def test_a_sheet_that_is_renamed_by_hand_is_found_by_its_new_name(book: xw.Book) -> None:
    assert book.names["timix_far"].refers_to_range.value == 7.0
    book.impl.doc.Sheets.getByName("Other sheet").Name = "Renamed"
    assert book.names["timix_far"].refers_to == "=Renamed!$A$1"
    assert book.names["timix_far"].refers_to_range.value == 7.0
    assert "Other sheet" not in book.sheets
