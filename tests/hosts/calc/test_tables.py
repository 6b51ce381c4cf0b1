"""Tables in LibreOffice: what it does not do by itself, and what it must not do."""

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
import xlwings as xw
from openpyxl.chart import BarChart, Reference

from tests.hosts.calc.books import areas_of_formats, resized, small, template
from timix_xl.hosts import calc, files
from timix_xl.hosts.refusals import TableBlocked


@pytest.fixture
def book(app: xw.App, tmp_path: Path) -> Iterator[xw.Book]:
    """The workbook of the contract."""
    with small(app, tmp_path) as book:
        yield book


@pytest.fixture
def entries(book: xw.Book) -> xw.Sheet:
    """Its sheet with tblEntries in A5:F8; column F is hidden."""
    return book.sheets["Entries"]


@pytest.fixture
def billing(app: xw.App, tmp_path: Path) -> Iterator[xw.Book]:
    """An empty billing workbook."""
    with template(app, tmp_path) as book:
        yield book


def test_a_hidden_column_s_formula_is_filled_and_the_column_stays_hidden(
    entries: xw.Sheet,
) -> None:
    resized(entries, "tblEntries", 6)
    assert all(text.startswith("=SUBTOTAL(103,") for (text,) in entries.range("F6:F11").formula)
    assert entries.range("F12").formula == ""
    assert entries.range("F1:F1").columns.hidden is True


def test_new_rows_below_a_hidden_row_are_shown_and_it_stays_hidden(entries: xw.Sheet) -> None:
    entries.range("A8:A10").rows.hidden = True
    resized(entries, "tblEntries", 6)
    assert entries.range("A8").rows.hidden is True
    assert entries.range("A9:A11").rows.hidden is False
    assert entries.range("E11").formula.startswith("=ROUND(")


def test_conditional_formats_do_not_fall_to_pieces(billing: xw.Book) -> None:
    sheet = billing.sheets["Entries"]
    for rows in (30, 1, 12, 5, 1):
        resized(sheet, "tblEntries", rows)
    assert areas_of_formats(sheet) == [
        [f"Entries.{columns}1048576"] for columns in ("L10:L", "A10:K", "L10:O", "P10:P", "A10:T")
    ]


def test_rules_that_run_on_below_stay_where_rows_go(billing: xw.Book) -> None:
    sheet = billing.sheets["Entries"]
    resized(sheet, "tblEntries", 8)
    sheet.range("L100:L1048576").data_validation.delete()
    resized(sheet, "tblEntries", 2)
    assert sheet.range("L14").data_validation.type == "list"


def test_what_stands_below_gives_no_looks_to_rows_that_go(entries: xw.Sheet) -> None:
    entries.range("A9").value = "Total"
    entries.range("A9:F9").color = "#ffffcc"
    entries.tables["tblEntries"].data_body_range.clear_contents()
    resized(entries, "tblEntries", 1)
    assert entries.range("A7:F8").color is None
    assert entries.range("A7:E8").number_format == "General"
    assert (entries.range("A9").value, entries.range("A9").color) == ("Total", (255, 255, 204))


def test_what_is_drawn_over_rows_that_go_stays(entries: xw.Sheet) -> None:
    charts, pictures = list(entries.charts), list(entries.pictures)
    resized(entries, "tblEntries", 40)
    resized(entries, "tblEntries", 1)
    assert [one.name for one in entries.charts] == [one.name for one in charts]
    assert [one.name for one in entries.pictures] == [one.name for one in pictures]


def test_a_chart_on_another_sheet_follows(app: xw.App, tmp_path: Path) -> None:
    with small(app, tmp_path) as book:
        path = Path(book.fullname)
    workbook = openpyxl.load_workbook(path)
    chart = BarChart()
    chart.add_data(Reference(workbook["Entries"], min_col=3, min_row=6, max_row=8))
    workbook["Other sheet"].add_chart(chart, "M3")
    workbook.save(path)
    book = calc.open_book(path, app)
    resized(book.sheets["Entries"], "tblEntries", 9)
    embedded = book.sheets["Other sheet"].impl.xl.Charts.getByIndex(0).EmbeddedObject
    values = [one.getValues().getSourceRangeRepresentation() for one in embedded.getDataSequences()]
    book.close()
    assert values == ["$Entries.$C$6:$C$14"]


def test_merged_cells_are_in_the_way(entries: xw.Sheet) -> None:
    entries.impl.xl.getCellRangeByName("C14:D15").merge(True)
    with pytest.raises(TableBlocked, match=r"needs 37 more rows, but Entries!C14 is in the way"):
        resized(entries, "tblEntries", 40)
    assert entries.tables["tblEntries"].range.address == "$A$5:$F$8"


def test_a_table_below_is_in_the_way_by_its_first_cell(book: xw.Book) -> None:
    sheet = book.sheets["Other sheet"]
    sheet.tables.add(source=sheet.range("B12:C13"), name="tblBelow")
    with pytest.raises(TableBlocked, match=r"but 'Other sheet'!B12 is in the way"):
        resized(sheet, "tblCodes", 20)


def test_a_table_that_is_added_names_its_columns(book: xw.Book) -> None:
    sheet = book.sheets["Other sheet"]
    sheet.range("A20:D20").value = ["Key", None, "key", 2026]
    table = sheet.tables.add(source=sheet.range("A20:D22"), name="tblNew")
    assert table.header_row_range.value == ["Key", "Column2", "key2", "2026"]
    assert sheet.tables["tblNew"].range.address == "$A$20:$D$22"
    sheet.range("D21").value = 5
    sheet.range("F20").formula = "=SUM(tblNew[2026])"
    assert sheet.range("F20").value == 5.0


def test_a_style_is_kept_while_the_book_is_open(entries: xw.Sheet) -> None:
    assert entries.tables["tblEntries"].table_style is None
    entries.tables["tblEntries"].table_style = "TableStyleLight9"
    assert entries.tables["tblEntries"].table_style == "TableStyleLight9"


def test_a_row_with_nothing_but_a_formula_is_no_blank_row(billing: xw.Book) -> None:
    assert billing.sheets["Entries"].tables["tblEntries"].data_body_range is not None
    checks = billing.sheets["Checks"].tables["tblChecks"]
    assert checks.data_body_range is None
    assert checks.insert_row_range.address == "$A$5:$D$5"


def test_tables_and_names_of_the_template_live_through_saving(
    billing: xw.Book, app: xw.App
) -> None:
    for name, rows in (("tblEntries", 12), ("tblEntries", 4)):
        resized(billing.sheets["Entries"], name, rows)
    before = [(sheet.name, _tables(sheet)) for sheet in billing.sheets]
    path = Path(billing.fullname)
    billing.save()
    billing.close()
    for book in (calc.open_book(path, app), files.open_book(path)):
        assert [(sheet.name, _tables(sheet)) for sheet in book.sheets] == before
        assert book.sheets["Billing"].range("B4").data_validation.source == "timix_customer_codes"
        assert book.names["timix_customer_codes"].refers_to == "=tblCustomers[Customer]"
        book.close()


def _tables(sheet: xw.Sheet) -> list[tuple[str, str]]:
    return sorted((table.name, table.range.address) for table in sheet.tables)


def test_a_note_below_a_table_is_in_the_way(book: xw.Book) -> None:
    sheet = book.sheets["Entries"]
    where = book.impl.connection.struct("com.sun.star.table.CellAddress", 0, 1, 9)
    sheet.impl.xl.Annotations.insertNew(where, "Call Anna")
    with pytest.raises(TableBlocked, match="Entries!B10 is in the way"):
        resized(sheet, "tblEntries", 6)
    resized(sheet, "tblEntries", 4)
    assert sheet.impl.xl.Annotations.Count == 1


def test_rows_of_a_table_that_is_its_header_only_do_not_look_like_headers(book: xw.Book) -> None:
    sheet = book.sheets["Entries"]
    sheet.range("A5:F5").color = "#ff0000"
    sheet.range("A5:F5").font.size = 20
    sheet.impl.xl.Rows.removeByIndex(5, 3)
    table = resized(sheet, "tblEntries", 2)
    assert table.range.address == "$A$5:$F$7"
    assert table.insert_row_range is None
    assert sheet.range("A6:F7").color is None
    assert sheet.range("A6:F7").font.size != 20
    assert sheet.range("A5:F5").color == (255, 0, 0)
