"""Ranges are found every way, and lead to others."""

import pytest
import xlwings as xw


def test_a_range_is_found_every_way(entries: xw.Sheet) -> None:
    wanted = "$B$6:$C$7"
    assert entries.range("B6:C7").address == wanted
    assert entries.range("$B$6:$C$7").address == wanted
    assert entries.range((6, 2), (7, 3)).address == wanted
    assert entries.range("B6", "C7").address == wanted
    assert entries.range("B6").resize(2, 2).address == wanted
    assert entries.range("A5").offset(1, 1).resize(2, 2).address == wanted
    assert entries["B6:C7"].address == wanted
    assert entries.range("A5:F8")[1:3, 1:3].address == wanted
    assert entries.cells[5, 1].resize(2, 2).address == wanted


def test_a_range_knows_its_place_and_size(entries: xw.Sheet) -> None:
    cells = entries.range("B6:D7")
    assert (cells.row, cells.column, cells.shape) == (6, 2, (2, 3))
    assert (cells.size, cells.count, len(cells)) == (6, 6, 6)
    assert (cells.last_cell.address, cells.sheet.name) == ("$D$7", "Entries")
    assert [row.address for row in cells.rows] == ["$B$6:$D$6", "$B$7:$D$7"]
    assert [column.address for column in cells.columns] == ["$B$6:$B$7", "$C$6:$C$7", "$D$6:$D$7"]
    assert (len(cells.rows), len(cells.columns)) == (2, 3)
    assert cells.columns[1].address == "$C$6:$C$7"
    assert cells.rows[-1].address == "$B$7:$D$7"


def test_an_address_is_spelled_as_asked(entries: xw.Sheet) -> None:
    for row_absolute, column_absolute, text in (
        (True, True, "$B$6:$C$7"),
        (False, False, "B6:C7"),
        (True, False, "B$6:C$7"),
        (False, True, "$B6:$C7"),
    ):
        cells = entries.range("B6:C7")
        assert cells.get_address(row_absolute, column_absolute) == text


def test_one_cell_s_address_has_one_corner(entries: xw.Sheet) -> None:
    assert entries.range("AB12").address == "$AB$12"
    assert entries.range("AB12").get_address(False, False) == "AB12"


def test_the_end_is_where_ctrl_and_an_arrow_lead(entries: xw.Sheet) -> None:
    for start, direction, end in (
        ("A5", "down", "$A$8"),
        ("A5", "right", "$F$5"),
        ("D8", "up", "$D$5"),
        ("F8", "left", "$A$8"),
        ("A1", "down", "$A$3"),
        ("A3", "down", "$A$5"),
        ("A40", "up", "$A$8"),
        ("D4", "down", "$D$5"),
        ("A8", "down", "$A$1048576"),
    ):
        assert (start, entries.range(start).end(direction).address) == (start, end)


def test_a_range_expands_over_its_block(entries: xw.Sheet) -> None:
    cell = entries.range("A5")
    assert cell.expand().address == cell.expand("table").address == "$A$5:$F$8"
    assert cell.expand("down").address == "$A$5:$A$8"
    assert cell.expand("right").address == "$A$5:$F$5"


def test_a_range_is_found_by_name(book: xw.Book) -> None:
    entries = book.sheets["Entries"]
    assert entries.range("timix_bill_amount").address == "$B$1"
    assert entries.range("timix_far").sheet.name == "Other sheet"


def test_a_cell_knows_its_table(entries: xw.Sheet) -> None:
    assert entries.range("B6").table.name == "tblEntries"
    assert entries.range("A5").table.name == "tblEntries"
    assert entries.range("B1").table is None
    assert entries.range("A9").table is None


def test_raw_values_are_rows_of_cells(entries: xw.Sheet) -> None:
    entries.range("J1:K2").raw_value = [[1.0, "a"], [2.5, "b"]]
    assert [list(row) for row in entries.range("J1:K2").raw_value] == [[1.0, "a"], [2.5, "b"]]


def test_a_range_without_cells_is_refused(entries: xw.Sheet) -> None:
    with pytest.raises(IndexError):
        entries.range((0, 1))
