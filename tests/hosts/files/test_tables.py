"""A table takes another size as in Excel, and what belongs to it follows."""

import re
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.datavalidation import DataValidation

from tests.hosts.builders import parts_of, rewritten
from timix_xl.hosts.files import open_book
from timix_xl.hosts.refusals import TableBlocked, TotalsInTheWay


def resized(path: Path, rows: int) -> openpyxl.worksheet.worksheet.Worksheet:
    """Give the table another number of rows and save."""
    with open_book(path) as book:
        table = book.sheets["Entries"].tables["tblEntries"]
        table.resize(table.range.resize(rows + 1))
        book.save()
    return openpyxl.load_workbook(path)["Entries"]


@pytest.mark.parametrize("rows", [1, 2, 3, 7])
def test_dropdowns_formats_and_areas_follow_the_rows(billing: Path, rows: int) -> None:
    sheet = resized(billing, rows)
    last = 5 + rows
    assert sheet.tables["tblEntries"].ref == f"A5:F{last}"
    assert sheet.tables["tblEntries"].autoFilter.ref == f"A5:F{last}"
    dropdowns = [str(rule.sqref) for rule in sheet.data_validations.dataValidation]
    assert dropdowns == [f"B6:B{last}" if rows > 1 else "B6"]
    formats = {str(entry.sqref) for entry in sheet.conditional_formatting}
    assert formats == {f"E6:E{last}", f"C6:C{last}"} if rows > 1 else {"E6", "C6"}
    assert sheet.print_area == f"'Entries'!$A$1:$F${last}"


def with_rules(path: Path, *areas: str) -> list[str]:
    """Put dropdowns on areas, shrink the table to one row, grow it to seven; give the areas."""
    book = openpyxl.load_workbook(path)
    rules = book["Entries"].data_validations
    rules.dataValidation = []
    for area in areas:
        rules.append(DataValidation("list", formula1='"Bill,Defer"', sqref=area))
    book.save(path)
    resized(path, 1)
    sheet = resized(path, 7)
    return [str(rule.sqref) for rule in sheet.data_validations.dataValidation]


def test_a_dropdown_that_runs_on_below_the_table_stays_whole(billing: Path) -> None:
    assert with_rules(billing, "B6:B1048576") == ["B6:B1048576"]


def test_a_dropdown_of_rows_that_go_goes_with_them(billing: Path) -> None:
    assert with_rules(billing, "C7:C8", "D7") == []


def test_a_dropdown_grows_up_to_the_next_one_of_its_column(billing: Path) -> None:
    assert with_rules(billing, "B6:B8 B11:B1048576") == ["B6:B12 B13:B1048576"]
    assert with_rules(billing, "B6:B12", "B13:B20") == ["B6:B12", "B13:B20"]


@pytest.mark.parametrize("rows", [2, 7])
def test_chart_references_follow_the_rows(billing: Path, rows: int) -> None:
    resized(billing, rows)
    chart = parts_of(billing)["xl/charts/chart1.xml"].decode()
    last = 5 + rows
    references = re.findall(r"<(?:c:)?f>([^<]*)<", chart)
    assert {found.replace("'", "") for found in references} == {
        "Entries!E5",
        f"Entries!$A$6:$A${last}",
        f"Entries!$E$6:$E${last}",
    }


def test_charts_keep_the_values_of_their_cells(billing: Path) -> None:
    def with_old_values(parts: dict[str, bytes]) -> None:
        name = "xl/charts/chart1.xml"
        old = b'<numCache><formatCode>0.00</formatCode><ptCount val="1"/></numCache></numRef></val>'
        parts[name] = re.sub(rb"</numRef></val>", old, parts[name])

    rewritten(billing, with_old_values)
    resized(billing, 2)
    assert (
        b'<numCache><formatCode>0.00</formatCode><ptCount val="2"/>'
        b'<pt idx="0"><v>150</v></pt><pt idx="1"><v>160</v></pt></numCache>'
    ) in parts_of(billing)["xl/charts/chart1.xml"]


def test_new_rows_take_formats_and_calculated_columns_of_the_last_row(billing: Path) -> None:
    sheet = resized(billing, 5)
    assert sheet["A10"].number_format == "@"
    assert sheet["E10"].font.b
    assert sheet["E10"].value == sheet["E8"].value


def test_rows_taken_away_are_cleared_with_their_formats(billing: Path) -> None:
    sheet = resized(billing, 1)
    assert [cell.value for cell in sheet[8]] == [None] * 6
    assert not sheet["A8"].has_style


def test_an_empty_table_keeps_one_row(billing: Path) -> None:
    with open_book(billing) as book:
        table = book.sheets["Entries"].tables["tblEntries"]
        table.resize(table.header_row_range)
        assert table.data_body_range.shape == (1, 6)


def test_what_stands_below_a_table_is_never_overwritten(billing: Path) -> None:
    with open_book(billing) as book:
        sheet = book.sheets["Entries"]
        sheet.range("C11").value = "mine"
        table = sheet.tables["tblEntries"]
        with pytest.raises(TableBlocked, match=r"Entries!C11 is in the way"):
            table.resize(table.range.resize(10))
        assert (table.range.address, sheet.range("C11").value) == ("$A$5:$F$8", "mine")


def test_a_table_with_totals_says_so(billing: Path) -> None:
    workbook = openpyxl.load_workbook(billing)
    workbook["Entries"].tables["tblEntries"].totalsRowCount = 1
    workbook.save(billing)
    with open_book(billing) as book:
        table = book.sheets["Entries"].tables["tblEntries"]
        with pytest.raises(TotalsInTheWay):
            table.resize(table.range.resize(10))
        table.show_totals = False
        assert table.range.address == "$A$5:$F$7"


def test_columns_are_named_after_their_header_cells(billing: Path) -> None:
    with open_book(billing) as book:
        sheet = book.sheets["Entries"]
        sheet.range("C5:D5").value = [2026, "Task"]
        book.save()
    saved = openpyxl.load_workbook(billing)["Entries"]
    names = [column.name for column in saved.tables["tblEntries"].tableColumns]
    assert names == [cell.value for cell in saved[5]][:6]
    assert names[2:4] == ["2026", "Task2"]


def test_clearing_a_filter_shows_all_rows(billing: Path) -> None:
    workbook = openpyxl.load_workbook(billing)
    sheet = workbook["Entries"]
    table = sheet.tables["tblEntries"]
    table.autoFilter = openpyxl.worksheet.filters.AutoFilter(ref="A5:F8")
    table.autoFilter.add_filter_column(1, ["Bill"])
    sheet.row_dimensions[7].hidden = True
    workbook.save(billing)
    with open_book(billing) as book:
        found = book.sheets["Entries"].tables["tblEntries"]
        assert [entry.type for entry in found.autofilter.criteria][:3] == [
            "none",
            "unknown",
            "none",
        ]
        assert found.data_body_range.rows.hidden is None
        found.autofilter.clear()
        assert found.data_body_range.rows.hidden is False
        assert {entry.type for entry in found.autofilter.criteria} == {"none"}


def test_a_hidden_row_is_not_visible_to_its_subtotal(billing: Path) -> None:
    with open_book(billing) as book:
        body = book.sheets["Entries"].tables["tblEntries"].data_body_range
        body[1, :].rows.hidden = True
        assert body[:, 5].value == [1.0, 0.0, 1.0]
        assert body[1, :].rows.hidden is True


def test_a_dropdown_takes_the_place_of_the_one_that_was_there(billing: Path) -> None:
    with open_book(billing) as book:
        book.sheets["Entries"].range("B7").data_validation.set_list(["Yes", "No"])
        book.save()
    rules = openpyxl.load_workbook(billing)["Entries"].data_validations.dataValidation
    assert {str(rule.sqref): rule.formula1 for rule in rules} == {
        "B6 B8": '"Bill,Defer"',
        "B7": '"Yes,No"',
    }
