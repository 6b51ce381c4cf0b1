"""A table takes another size, and what belongs to its rows follows."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlwings as xw

from timix_xl.hosts.refusals import TableBlocked, TotalsInTheWay

Saved = Callable[[xw.Book], Any]
Reopened = Callable[[xw.Book], xw.Book]


def grown(sheet: xw.Sheet, rows: int) -> xw.main.Table:
    """Give the table of the entries another number of rows."""
    table = sheet.tables["tblEntries"]
    table.resize(table.range.resize(rows + 1))
    return table


def shrunk(sheet: xw.Sheet, rows: int) -> xw.main.Table:
    """Empty the table and take rows away, as the workbook code does."""
    sheet.tables["tblEntries"].data_body_range.clear_contents()
    return grown(sheet, rows)


def test_a_table_is_found_by_its_name_whatever_its_case(book: xw.Book) -> None:
    names = {sheet.name: [table.name for table in sheet.tables] for sheet in book.sheets}
    assert names["Entries"] == ["tblEntries"]
    assert set(names["Other sheet"]) == {"tblCodes", "tblEmpty", "tblSpare", "tblTotals"}
    assert names["Kept away"] == []
    assert book.sheets["Entries"].tables["TBLENTRIES"].name == "tblEntries"
    assert "tblEntries" in book.sheets["Entries"].tables
    assert "tblCodes" not in book.sheets["Entries"].tables
    assert len(book.sheets["Other sheet"].tables) == 4


def test_a_table_knows_its_parts(entries: xw.Sheet) -> None:
    table = entries.tables["tblEntries"]
    assert (table.name, table.display_name) == ("tblEntries", "tblEntries")
    assert (table.parent.name, table.parent.book.name) == ("Entries", "book.xlsx")
    assert table.range.address == "$A$5:$F$8"
    assert table.header_row_range.address == "$A$5:$F$5"
    assert table.data_body_range.address == "$A$6:$F$8"
    assert (table.totals_row_range, table.insert_row_range) == (None, None)
    assert (table.show_headers, table.show_totals, table.show_autofilter) == (True, False, True)
    assert table.header_row_range.options(ndim=1).value[:3] == ["Task", "Decision", "Qty"]


def test_an_empty_table_has_a_row_to_insert_into(book: xw.Book) -> None:
    table = book.sheets["Other sheet"].tables["tblEmpty"]
    assert table.data_body_range is None
    assert table.insert_row_range.address == "$D$4:$E$4"
    assert table.range.address == "$D$3:$E$4"


def test_an_empty_table_is_filled(book: xw.Book) -> None:
    sheet = book.sheets["Other sheet"]
    table = sheet.tables["tblEmpty"]
    table.resize(table.header_row_range.resize(3, 2))
    sheet.range("D4:E5").value = [["a", 1], ["b", 2]]
    assert table.data_body_range.value == [["a", 1.0], ["b", 2.0]]
    assert table.insert_row_range is None
    sheet.range("J10").formula = "=SUM(tblEmpty[Note])"
    assert sheet.range("J10").value == 3.0


def test_a_table_with_one_blank_row_has_it_one_way_or_the_other(book: xw.Book) -> None:
    table = book.sheets["Other sheet"].tables["tblSpare"]
    row = table.data_body_range or table.insert_row_range
    assert row.address == "$J$4:$K$4"
    row.columns[1].number_format = "0.00"
    row.value = [["a", 1]]
    assert table.data_body_range.options(ndim=2).value == [["a", 1.0]]
    assert table.data_body_range.columns[1].number_format == "0.00"


def test_an_emptied_table_keeps_one_row(entries: xw.Sheet) -> None:
    table = shrunk(entries, 1)
    assert table.range.address == "$A$5:$F$6"
    row = table.data_body_range or table.insert_row_range
    assert row.address == "$A$6:$F$6"
    assert entries.range("A6:E8").value == [[None] * 5] * 3
    assert entries.range("B2:B3").value == [0.0, 0.0]


@pytest.mark.parametrize("rows", [1, 2, 4, 40])
def test_formulas_over_a_table_follow_its_rows(entries: xw.Sheet, rows: int) -> None:
    table = shrunk(entries, rows) if rows < 3 else grown(entries, rows)
    body = table.range.offset(1, 0).resize(rows, 5)
    qty, rate = (f"tblEntries[[#This Row],[{title}]]" for title in ("Qty", "Rate"))
    body.value = [[f"{n:03}", "Bill", 1, 10, f"={qty}*{rate}"] for n in range(rows)]
    assert table.data_body_range.shape == (rows, 6)
    assert entries.range("B1:B3").value == [10.0 * rows, 10.0 * rows, rows]
    entries.range("J1").formula = "=ROWS(tblEntries[Task])"
    assert entries.range("J1").value == rows


def test_new_rows_take_formats_dropdowns_and_calculated_columns(entries: xw.Sheet) -> None:
    grown(entries, 5)
    assert entries.range("A9:B10").number_format == "@"
    assert entries.range("C9:E10").number_format == "#,##0.00"
    assert entries.range("E9:E10").font.bold is True
    assert entries.range("B10").data_validation.type == "list"
    assert entries.range("C10").data_validation.type == "none"
    entries.range("A9:D10").value = [["004", "Bill", 2, 50], ["005", "Defer", 1, 10]]
    assert entries.range("E9:F10").value == [[100.0, 1.0], [10.0, 1.0]]
    assert entries.range("B1").value == 275.0


def test_texts_of_new_rows_stay_texts(entries: xw.Sheet) -> None:
    table = grown(entries, 5)
    table.data_body_range[3:, :1].value = [["004"], ["=1+1"]]
    assert entries.range("A9:A10").value == ["004", "=1+1"]


def test_a_table_that_shrinks_and_grows_again_is_as_before(entries: xw.Sheet) -> None:
    shrunk(entries, 1)
    table = grown(entries, 4)
    assert table.data_body_range.address == "$A$6:$F$9"
    assert entries.range("A6:A9").number_format == "@"
    assert entries.range("B9").data_validation.type == "list"
    assert entries.range("E6:E9").font.bold is True


def test_what_is_written_beside_a_table_stays_there(entries: xw.Sheet) -> None:
    entries.range("J9").value = "mine"
    grown(entries, 20)
    assert entries.range("J9").value == "mine"
    assert entries.range("J9").table is None


def test_what_stands_below_a_table_is_never_overwritten(entries: xw.Sheet) -> None:
    entries.range("C11").value = "mine"
    table = entries.tables["tblEntries"]
    with pytest.raises(TableBlocked) as refusal:
        table.resize(table.range.resize(10))
    assert str(refusal.value) == (
        "Entries!C11: Table tblEntries needs 6 more rows, but Entries!C11 is in the way. "
        "Move what stands below the table elsewhere, for example to another sheet. [HOST-10]"
    )
    assert (table.range.address, entries.range("C11").value) == ("$A$5:$F$8", "mine")
    table.resize(table.range.resize(6))
    assert table.range.address == "$A$5:$F$10"


def test_another_table_below_is_in_the_way_too(book: xw.Book) -> None:
    sheet = book.sheets["Other sheet"]
    table = sheet.tables["tblCodes"]
    sheet.range("A20").value = "below"
    with pytest.raises(Exception) as refusal:
        table.resize(table.range.resize(30))
    assert sheet.range("A20").value == "below", refusal


def test_formats_alone_are_not_in_the_way(entries: xw.Sheet) -> None:
    entries.range("A12:F20").color = "#ffffcc"
    assert grown(entries, 20).range.address == "$A$5:$F$25"


def test_a_table_that_ends_in_totals_is_not_resized(book: xw.Book) -> None:
    table = book.sheets["Other sheet"].tables["tblTotals"]
    with pytest.raises(TotalsInTheWay, match="tblTotals has a totals row"):
        table.resize(table.range.resize(10))


def test_a_totals_row_is_read_and_switched_off(book: xw.Book) -> None:
    sheet = book.sheets["Other sheet"]
    table = sheet.tables["tblTotals"]
    assert table.show_totals is True
    assert table.totals_row_range.address == "$G$6:$H$6"
    assert table.data_body_range.address == "$G$4:$H$5"
    table.show_totals = False
    assert (table.show_totals, table.totals_row_range) == (False, None)
    assert table.data_body_range.address == "$G$4:$H$5"
    assert sheet.range("G6:H6").value == [None, None]


def test_a_table_that_is_read_again_is_the_one_that_was_resized(entries: xw.Sheet) -> None:
    held = entries.tables["tblEntries"]
    grown(entries, 5)
    assert held.range.address == entries.tables["tblEntries"].range.address == "$A$5:$F$10"
    assert held.data_body_range.shape == (5, 6)


def test_a_column_of_the_user_s_own_is_part_of_the_table(entries: xw.Sheet) -> None:
    table = entries.tables["tblEntries"]
    entries.range("G5").value = "Mine"
    table.resize(table.range.resize(4, 7))
    entries.range("G6:G8").value = [["=C6*2"], ["x"], [None]]
    assert table.header_row_range.value[-1] == "Mine"
    assert table.data_body_range.columns[6].value == [3.0, "x", None]
    assert table.data_body_range.columns[6].formula == (("=C6*2",), ("x",), ("",))


@pytest.mark.parametrize("rows", [2, 7])
def test_the_saved_file_s_rules_and_areas_follow(
    entries: xw.Sheet, saved: Saved, rows: int
) -> None:
    (shrunk if rows < 3 else grown)(entries, rows)
    if rows < 3:
        entries.range("A6:D7").value = [["1", "Bill", 1, 1], ["2", "Defer", 1, 1]]
    last = 5 + rows
    sheet = saved(entries.book)["Entries"]
    assert sheet.tables["tblEntries"].ref == f"A5:F{last}"
    formats = {str(entry.sqref) for entry in sheet.conditional_formatting}
    assert formats == {f"A6:F{last}"}
    assert sheet.print_area.replace("'", "") == f"Entries!$A$1:$F${last}"
    assert sheet.print_title_rows == "$5:$5"
    assert sheet.freeze_panes == "A6"


@pytest.mark.parametrize("rows", [2, 7])
def test_the_saved_file_s_chart_follows(
    entries: xw.Sheet, saved: Saved, tmp_path: Path, rows: int
) -> None:
    (shrunk if rows < 3 else grown)(entries, rows)
    saved(entries.book)
    with zipfile.ZipFile(tmp_path / "saved.xlsx") as archive:
        name = next(n for n in archive.namelist() if re.fullmatch(r"xl/charts/chart\d+\.xml", n))
        chart = archive.read(name).decode()
    references = {
        found.replace("'", "").replace("$", "")
        for found in re.findall(r"<(?:c:)?f>([^<]*)<", chart)
    }
    last = 5 + rows
    assert references == {"Entries!E5", f"Entries!A6:A{last}", f"Entries!E6:E{last}"}


def test_a_dropdown_is_there_however_far_a_table_grows(
    entries: xw.Sheet, reopened: Reopened
) -> None:
    shrunk(entries, 1)
    again = reopened(entries.book).sheets["Entries"]
    grown(again, 2_000)
    rules = [again.range(f"B{row}").data_validation for row in (6, 1_500, 2_005)]
    assert [(rule.type, rule.source.strip('"')) for rule in rules] == [("list", "Bill,Defer")] * 3


def test_a_name_over_a_column_follows_its_rows(book: xw.Book, reopened: Reopened) -> None:
    def counted(sheet: xw.Sheet) -> object:
        sheet.range("J10").formula = "=COUNTA(timix_codes)"
        return sheet.range("J10").value

    sheet = book.sheets["Other sheet"]
    assert counted(sheet) == 2.0
    table = sheet.tables["tblCodes"]
    table.resize(table.range.resize(5))
    sheet.range("A6:B7").value = [["GAMMA", "Gamma"], ["DELTA", "Delta"]]
    assert counted(sheet) == 4.0
    sheet = reopened(book).sheets["Other sheet"]
    table = sheet.tables["tblCodes"]
    table.resize(table.range.resize(6))
    sheet.range("A8:B8").value = ["EPSILON", "Epsilon"]
    assert counted(sheet) == 5.0


def test_formulas_over_a_table_follow_in_a_file_that_was_saved(
    entries: xw.Sheet, reopened: Reopened
) -> None:
    again = reopened(entries.book).sheets["Entries"]
    grown(again, 5)
    again.range("A9:D10").value = [["004", "Bill", 2, 50], ["005", "Bill", 1, 10]]
    assert again.range("E9:F10").value == [[100.0, 1.0], [10.0, 1.0]]
    assert again.range("B1:B3").value == [285.0, 445.0, 5.0]


def test_a_style_is_set(entries: xw.Sheet) -> None:
    table = entries.tables["tblEntries"]
    table.table_style = "TableStyleLight9"
    # A program that draws no table styles says that there is none.
    assert table.table_style in ("TableStyleLight9", None)


def test_many_rows_are_loaded_and_read_quickly(entries: xw.Sheet) -> None:
    table = grown(entries, 2_000)
    table.data_body_range[:, :4].value = [[f"{n:04}", "Bill", 1, 2] for n in range(2_000)]
    assert entries.range("B1:B3").value == [4_000.0, 4_000.0, 2_000.0]
    values = table.data_body_range.options(ndim=2).value
    assert values[1_999] == ["1999", "Bill", 1.0, 2.0, 2.0, 1.0]
