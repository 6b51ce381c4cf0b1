"""A table takes another size as in Excel, and what belongs to it follows."""

import re
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.datavalidation import DataValidation

from tests.hosts.builders import parts_of, rewritten
from timix_xl.hosts.files import open_book


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


def test_rows_taken_away_are_cleared_with_their_formats(billing: Path) -> None:
    sheet = resized(billing, 1)
    assert [cell.value for cell in sheet[8]] == [None] * 6
    assert not sheet["A8"].has_style


def test_an_empty_table_keeps_one_row(billing: Path) -> None:
    with open_book(billing) as book:
        table = book.sheets["Entries"].tables["tblEntries"]
        table.resize(table.header_row_range)
        assert table.data_body_range.shape == (1, 6)


def test_columns_are_named_after_their_header_cells(billing: Path) -> None:
    with open_book(billing) as book:
        sheet = book.sheets["Entries"]
        sheet.range("C5:D5").value = [2026, "Task"]
        book.save()
    saved = openpyxl.load_workbook(billing)["Entries"]
    names = [column.name for column in saved.tables["tblEntries"].tableColumns]
    assert names == [cell.value for cell in saved[5]][:6]
    assert names[2:4] == ["2026", "Task2"]


def test_a_dropdown_takes_the_place_of_the_one_that_was_there(billing: Path) -> None:
    with open_book(billing) as book:
        book.sheets["Entries"].range("B7").data_validation.set_list(["Yes", "No"])
        book.save()
    rules = openpyxl.load_workbook(billing)["Entries"].data_validations.dataValidation
    assert {str(rule.sqref): rule.formula1 for rule in rules} == {
        "B6 B8": '"Bill,Defer"',
        "B7": '"Yes,No"',
    }
