"""Formats as Excel spells them."""

import pytest
import xlwings as xw

from timix_xl.hosts.calc.number_formats import in_excel

CODES = [
    "General", "@", "0.00", "#,##0.00##", "0%", "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "mmm yy",
    "[h]:mm", "h:mm AM/PM", "[Red]0.00", '#,##0.00 "EUR"', '"Y"0', "0.0E+00", "?? ?/??",
]  # fmt: skip


def test_a_number_format_reads_as_it_was_set(book: xw.Book) -> None:
    cell = book.sheets[0].range("A1")
    read = []
    for code in CODES:
        cell.number_format = code
        read.append(cell.number_format)
    assert read == CODES


def test_letters_in_quotes_are_no_dates() -> None:
    assert in_excel('YYYY"YM"\\Y_D') == 'yyyy"YM"\\Y_D'


def test_clearing_formats_keeps_dropdowns(book: xw.Book) -> None:
    cells = book.sheets[0].range("A1:A3")
    cells.data_validation.set_list(["Bill", "Defer"])
    cells.font.bold, cells.color, cells.number_format = True, "#00ff00", "0.00"
    cells.clear_formats()
    looks = (cells.font.bold, cells.color, cells.number_format)
    assert (*looks, cells.data_validation.type) == (False, None, "General", "list")


@pytest.mark.parametrize("characters", [8, 12.5, 44])
def test_a_width_is_in_characters(book: xw.Book, characters: float) -> None:
    cells = book.sheets[0].range("B1:C1")
    cells.column_width = characters
    assert cells.column_width == pytest.approx(characters, abs=0.02)


@pytest.mark.parametrize("points", [15, 20.25, 30])
def test_a_height_is_in_points(book: xw.Book, points: float) -> None:
    cells = book.sheets[0].range("A1:A3")
    cells.row_height = points
    assert cells.row_height == points


def test_some_hidden_rows_are_neither_hidden_nor_shown(book: xw.Book) -> None:
    sheet = book.sheets[0]
    sheet.range("A2:A3").rows.hidden = True
    asked = ("A1", "A2:A3", "A1:A4")
    assert [sheet.range(address).rows.hidden for address in asked] == [False, True, None]
