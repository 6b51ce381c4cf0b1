"""Dropdowns in LibreOffice, from words, cells and names."""

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
import xlwings as xw
from openpyxl.worksheet.datavalidation import DataValidation

from tests.hosts.calc.books import small, template
from timix_xl.hosts import calc

KINDS = [
    ("whole", "whole_number"),
    ("decimal", "decimal"),
    ("date", "date"),
    ("time", "time"),
    ("textLength", "text_length"),
    ("custom", "custom"),
]


@pytest.fixture
def entries(app: xw.App, tmp_path: Path) -> Iterator[xw.Sheet]:
    """The sheet with tblEntries in A5:F8."""
    with small(app, tmp_path) as book:
        yield book.sheets["Entries"]


def test_rules_are_named_as_xlwings_names_them(app: xw.App, tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    for row, (kind, _) in enumerate(KINDS, start=1):
        rule = DataValidation(type=kind, operator="greaterThan", formula1="1")
        rule.add(f"A{row}")
        workbook.active.add_data_validation(rule)
    workbook.save(tmp_path / "rules.xlsx")
    book = calc.open_book(tmp_path / "rules.xlsx", app)
    found = [book.sheets[0].range(f"A{row}").data_validation.type for row in range(1, 8)]
    book.close()
    assert found == [name for _, name in KINDS] + ["none"]


def test_words_are_offered_with_their_commas_and_quotes(entries: xw.Sheet) -> None:
    entries.range("H1:H3").data_validation.set_list(['5" disk', "No"])
    rule = entries.range("H3").data_validation
    assert (rule.type, rule.source) == ("list", '"5"" disk,No"')
    assert rule.impl.api.getFormula1() == '"5"" disk";"No"'


def test_cells_and_names_are_offered(entries: xw.Sheet) -> None:
    entries.range("H1").data_validation.set_list(entries.range("A6:A8"))
    assert entries.range("H1").data_validation.source == "Entries!$A$6:$A$8"
    other = entries.book.sheets["Other sheet"]
    entries.range("H2").data_validation.set_list(other.range("A4:A5"))
    assert entries.range("H2").data_validation.source == "'Other sheet'!$A$4:$A$5"
    entries.range("H3").data_validation.set_list(entries.book.names["timix_far"])
    assert entries.range("H3").data_validation.source == "timix_far"


def test_a_list_that_is_changed_keeps_its_words_of_refusal(entries: xw.Sheet) -> None:
    cell = entries.range("B6")
    rule = cell.impl.xl.Validation
    rule.ErrorTitle, rule.ErrorMessage = "Decision", "Choose from the list."
    cell.impl.xl.Validation = rule
    cell.data_validation.set_list(["Yes"])
    kept = cell.impl.xl.Validation
    assert (kept.ErrorTitle, kept.ErrorMessage) == ("Decision", "Choose from the list.")
    assert kept.ShowErrorMessage is True


def test_a_rule_is_taken_off_some_cells_only(entries: xw.Sheet) -> None:
    entries.range("B7").data_validation.delete()
    found = [entries.range(f"B{row}").data_validation.type for row in (6, 7, 8)]
    assert found == ["list", "none", "list"]


def test_named_lists_offer_the_rows_of_a_table_that_has_grown(app: xw.App, tmp_path: Path) -> None:
    with template(app, tmp_path) as book:
        sheet = book.sheets["Billing"]
        table = sheet.tables["tblCustomers"]
        table.resize(table.range.resize(4))
        sheet.range("A11:A13").value = [["ACME"], ["BETA"], ["GAMMA"]]
        sheet.range("R1").formula = "=COUNTA(timix_customer_codes)"
        sheet.range("R2").formula = "=INDEX(timix_customer_codes,3)"
        assert sheet.range("R1:R2").value == [3.0, "GAMMA"]
        assert sheet.range("B4").data_validation.source == "timix_customer_codes"
