"""Ranges over LibreOffice's cells."""

import pytest
import xlwings as xw

from timix_xl.hosts.calc.hyperlinks import target_of


def test_the_end_of_a_long_column_is_found_at_once(book: xw.Book) -> None:
    sheet = book.sheets[0]
    sheet.range("A1:A5000").value = [[1.0]] * 5000
    sheet.range("A5003").value = 1.0
    found = [sheet.range(start).end("down").address for start in ("A1", "A5000", "A5003")]
    assert found == ["$A$5000", "$A$5003", "$A$1048576"]


def test_a_formula_that_shows_nothing_is_no_gap(book: xw.Book) -> None:
    sheet = book.sheets[0]
    sheet.range("A1:A3").value = [[1.0], ['=""'], [1.0]]
    assert sheet.range("A1").end("down").address == "$A$3"


@pytest.mark.parametrize("address", ["#'My sheet'!A1", "#Sheet1!B2", "https://example.org/?a=1"])
def test_a_link_is_read_as_it_was_set(book: xw.Book, address: str) -> None:
    cell = book.sheets[0].range("A1")
    cell.add_hyperlink(address, "There")
    assert (cell.hyperlink, cell.value) == (address, "There")


def test_a_place_in_libreoffice_s_spelling_is_read_as_excel_s(book: xw.Book) -> None:
    cell = book.sheets[0].range("A1")
    cell.add_hyperlink("#$'My sheet'.A1", "There")
    assert target_of(cell.impl) == "#'My sheet'!A1"


def test_an_object_on_the_cells_is_not_cleared_with_them(book: xw.Book) -> None:
    sheet = book.sheets[0]
    page = sheet.impl.xl.DrawPage
    shape = book.impl.doc.createInstance("com.sun.star.drawing.RectangleShape")
    page.add(shape)
    sheet.range("A1:H40").clear()
    assert page.Count == 1
