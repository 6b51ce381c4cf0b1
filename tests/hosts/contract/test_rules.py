"""Dropdowns are offered, read and taken away."""

from collections.abc import Callable

import pytest
import xlwings as xw


def source_of(cells: xw.Range) -> str:
    """Read the list of a dropdown: hosts spell it with quotes or an equals sign, or without."""
    return str(cells.data_validation.source).strip('="')


def test_the_dropdowns_of_the_file_are_read(entries: xw.Sheet) -> None:
    words, codes = entries.range("B6"), entries.range("C1")
    assert (words.data_validation.type, source_of(words)) == ("list", "Bill,Defer")
    assert (codes.data_validation.type, source_of(codes)) == ("list", "timix_codes")
    choices = entries.range("C2")
    assert (choices.data_validation.type, source_of(choices)) == ("list", "timix_choices")
    nothing = entries.range("A6").data_validation
    assert (nothing.type, nothing.source) == ("none", None)


def test_a_list_of_words_is_offered(entries: xw.Sheet) -> None:
    cells = entries.range("J1:J5")
    cells.data_validation.set_list(["Yes", "No", "Not yet"])
    assert (cells.data_validation.type, source_of(cells)) == ("list", "Yes,No,Not yet")
    assert cells[4, 0].data_validation.type == "list"
    assert entries.range("J6").data_validation.type == "none"


def test_cells_and_names_are_offered(book: xw.Book) -> None:
    entries, other = book.sheets["Entries"], book.sheets["Other sheet"]
    entries.range("J1").data_validation.set_list(other.range("A4:A5"))
    assert source_of(entries.range("J1")) == "'Other sheet'!$A$4:$A$5"
    book.names.add("mine", "='Other sheet'!$A$4:$A$5")
    entries.range("J2").data_validation.set_list(book.names["mine"])
    assert source_of(entries.range("J2")) == "mine"


def test_a_dropdown_takes_the_place_of_the_one_that_was_there(
    entries: xw.Sheet, reopened: Callable[[xw.Book], xw.Book]
) -> None:
    entries.range("B7").data_validation.set_list(["Yes", "No"])
    wanted = ["Bill,Defer", "Yes,No", "Bill,Defer", "Bill,Defer"]
    assert [source_of(entries.range(f"B{row}")) for row in (6, 7, 8, 900)] == wanted
    again = reopened(entries.book).sheets["Entries"]
    assert [source_of(again.range(f"B{row}")) for row in (6, 7, 8, 900)] == wanted


def test_a_dropdown_is_taken_away(entries: xw.Sheet) -> None:
    entries.range("B6:B7").data_validation.delete()
    types = [entries.range(f"B{row}").data_validation.type for row in (6, 7, 8)]
    assert types == ["none", "none", "list"]


def test_a_macro_writes_what_the_list_does_not_offer(entries: xw.Sheet) -> None:
    entries.range("B6").value = "Maybe"
    assert entries.range("B6").value == "Maybe"


@pytest.mark.parametrize("cell", ["B6", "J1"])
def test_a_dropdown_is_in_the_saved_file(
    entries: xw.Sheet, reopened: Callable[[xw.Book], xw.Book], cell: str
) -> None:
    entries.range(cell).data_validation.set_list(["Yes", "No"])
    again = reopened(entries.book).sheets["Entries"].range(cell)
    assert (again.data_validation.type, source_of(again)) == ("list", "Yes,No")
