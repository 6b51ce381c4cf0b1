"""Filters are read and cleared, and rows that nobody sees are shown."""

from pathlib import Path

import openpyxl
import pytest
import xlwings as xw
from openpyxl.worksheet.filters import AutoFilter

from tests.hosts.hosts import Host


@pytest.fixture
def filtered(host: Host, path: Path) -> xw.Sheet:
    """The entries, of which somebody has filtered away those that are deferred."""
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["Entries"]
    sheet.tables["tblEntries"].autoFilter = AutoFilter(ref="A5:F8")
    sheet.tables["tblEntries"].autoFilter.add_filter_column(1, ["Bill"])
    sheet.row_dimensions[7].hidden = True
    workbook.save(path)
    return host.open(path).sheets["Entries"]


def test_it_is_told_which_columns_are_filtered(filtered: xw.Sheet) -> None:
    criteria = filtered.tables["tblEntries"].autofilter.criteria
    assert [one.field for one in criteria] == [1, 2, 3, 4, 5, 6]
    assert [one.type != "none" for one in criteria] == [False, True, False, False, False, False]
    assert filtered.range("A6:A8").rows.hidden is None
    assert filtered.range("A7").rows.hidden is True


def test_clearing_a_filter_shows_all_rows(filtered: xw.Sheet) -> None:
    table = filtered.tables["tblEntries"]
    table.autofilter.clear()
    assert table.data_body_range.rows.hidden is False
    assert {one.type for one in table.autofilter.criteria} == {"none"}
    assert table.show_autofilter is True
    assert filtered.range("F6:F8").value == [1.0, 1.0, 1.0]


def test_a_filtered_table_is_read_and_written_whole(filtered: xw.Sheet) -> None:
    table = filtered.tables["tblEntries"]
    body = table.data_body_range
    assert [row[0] for row in body.value] == ["001", "002", "003"]
    assert table.range.address == "$A$5:$F$8"
    body.columns[1].value = [["Defer"], ["Bill"], ["Defer"]]
    assert body.columns[1].value == ["Defer", "Bill", "Defer"]
    assert filtered.range("B1").value == 160.0


def test_a_filter_that_was_cleared_does_not_stand_in_the_way(filtered: xw.Sheet) -> None:
    table = filtered.tables["tblEntries"]
    table.autofilter.clear()
    table.resize(table.range.resize(6))
    assert table.range.address == "$A$5:$F$10"
    assert table.show_autofilter is True
    assert len(table.autofilter.criteria) == 6


def test_the_buttons_of_a_filter_go_and_come(filtered: xw.Sheet) -> None:
    table = filtered.tables["tblEntries"]
    table.show_autofilter = False
    assert table.show_autofilter is False
    assert table.data_body_range.rows.hidden is False
    table.show_autofilter = True
    assert table.show_autofilter is True
    assert {one.type for one in table.autofilter.criteria} == {"none"}


def test_a_hidden_row_is_not_visible_to_its_subtotal(entries: xw.Sheet) -> None:
    body = entries.tables["tblEntries"].data_body_range
    body[1, :].rows.hidden = True
    entries.book.app.calculate()
    assert body[:, 5].value == [1.0, 0.0, 1.0]
    assert body[1, :].rows.hidden is True
    body.rows.hidden = False
    entries.book.app.calculate()
    assert body[:, 5].value == [1.0, 1.0, 1.0]


def test_hidden_rows_are_written_and_read(entries: xw.Sheet) -> None:
    entries.range("A6:A7").rows.hidden = True
    entries.range("C6:C8").value = [[1], [2], [3]]
    assert entries.range("C6:C8").value == [1.0, 2.0, 3.0]
    entries.range("A6:D8").clear_contents()
    assert entries.range("A6:D8").value == [[None] * 4] * 3
