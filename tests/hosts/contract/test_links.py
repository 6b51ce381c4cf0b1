"""Cells are links to places, files and pages."""

from collections.abc import Callable
from pathlib import Path

import pytest
import xlwings as xw


@pytest.mark.parametrize("address", ["#Entries!C7", "#'Other sheet'!A1", "#'Entries'!C7"])
def test_a_link_to_a_place_is_read_back(
    entries: xw.Sheet, reopened: Callable[[xw.Book], xw.Book], address: str
) -> None:
    entries.range("J1").add_hyperlink(address, "there")
    assert (entries.range("J1").value, entries.range("J1").hyperlink) == ("there", address)
    again = reopened(entries.book).sheets["Entries"].range("J1")
    assert again.value == "there"
    assert again.hyperlink.replace("'", "") == address.replace("'", "")


def test_a_link_to_a_page_is_read_back(entries: xw.Sheet) -> None:
    entries.range("J1").add_hyperlink("https://example.com/a?b=c", "page", "tip")
    assert entries.range("J1").value == "page"
    assert entries.range("J1").hyperlink == "https://example.com/a?b=c"


def test_a_link_to_a_file_is_read_back(entries: xw.Sheet, tmp_path: Path) -> None:
    target = (tmp_path / "an invoice.pdf").as_uri()
    entries.range("J1").add_hyperlink(target, "INV-1")
    assert (entries.range("J1").value, entries.range("J1").hyperlink) == ("INV-1", target)


@pytest.mark.parametrize("address", ["#'Other sheet'!A1", "https://example.com/page"])
def test_the_file_has_the_link(
    entries: xw.Sheet, saved: Callable[[xw.Book], object], address: str
) -> None:
    entries.range("J1").add_hyperlink(address, "there")
    cell = saved(entries.book)["Entries"]["J1"]
    link = cell.hyperlink
    assert cell.value == "there"
    found = link.target or f"#{link.location}"
    assert found.replace("'", "") == address.replace("'", "")


def test_a_link_in_a_text_column_shows_its_text(entries: xw.Sheet) -> None:
    entries.range("A6:A7").value = [["x"], ["y"]]
    entries.range("A6").add_hyperlink("#'Entries'!C7", "Entries!C7")
    assert entries.range("A6:A8").value == ["Entries!C7", "y", "003"]
    assert entries.range("B3").value == 3.0


def test_a_link_goes_with_the_contents_of_its_cell(entries: xw.Sheet) -> None:
    cell = entries.range("A6")
    cell.add_hyperlink("#Entries!C7", "there")
    cell.clear_contents()
    cell.value = "plain"
    assert cell.value == "plain"
    with pytest.raises(Exception, match="hyperlink"):
        _ = cell.hyperlink


def test_a_cell_without_a_link_says_so(entries: xw.Sheet) -> None:
    with pytest.raises(Exception, match="hyperlink"):
        _ = entries.range("A6").hyperlink
