"""The workbook that the contract is tried on: tiles, tables, names, rules, a chart, a picture."""

import io
from collections.abc import Sequence
from pathlib import Path

import openpyxl
from openpyxl.chart import BarChart, Reference
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table, TableFormula
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image as Drawing

TITLES = ["Task", "Decision", "Qty", "Rate", "Amount", "Visible"]
ROWS = [["001", "Bill", 1.5, 100.0], ["002", "Defer", 2.0, 80.0], ["003", "Bill", 0.25, 99.99]]
AMOUNT = "=ROUND(tblEntries[[#This Row],[Qty]]*tblEntries[[#This Row],[Rate]],2)"
VISIBLE = "=SUBTOTAL(103,tblEntries[[#This Row],[Task]])"
NAMES = {
    "timix_bill_amount": "Entries!$B$1",
    "timix_far": "'Other sheet'!$A$1",
    "timix_codes": "tblCodes[Code]",
    "timix_choices": (
        "'Other sheet'!$A$4:INDEX('Other sheet'!$A$4:'Other sheet'!$A$40,"
        "MAX(1,COUNTA('Other sheet'!$A$4:'Other sheet'!$A$40)))"
    ),
    "timix_digits": "2",
    "timix_gone": "#REF!",
}


def make(path: Path) -> Path:
    """Write the workbook."""
    workbook = openpyxl.Workbook()
    _entries(workbook.active)
    _other(workbook.create_sheet("Other sheet"))
    workbook.create_sheet("Kept away").sheet_state = "hidden"
    for name, place in NAMES.items():
        workbook.defined_names[name] = DefinedName(name, attr_text=place)
    hidden = DefinedName("timix_request", attr_text="Entries!$D$1", hidden=True)
    workbook.defined_names["timix_request"] = hidden
    local = DefinedName("local", attr_text="'Other sheet'!$A$1")
    workbook["Other sheet"].defined_names["local"] = local
    workbook.save(path)
    return path


def _entries(sheet: Worksheet) -> None:
    """Tiles in rows 1 to 3, the table in A5:F8, a chart and a picture beside it."""
    sheet.title = "Entries"
    sheet["A1"], sheet["B1"] = "Bill", '=SUMIFS(tblEntries[Amount],tblEntries[Decision],"Bill")'
    sheet["A2"], sheet["B2"] = "Loaded", "=SUM(tblEntries[Amount])"
    sheet["A3"], sheet["B3"] = "Rows", "=COUNTA(tblEntries[Task])"
    for column, title in enumerate(TITLES, start=1):
        sheet.cell(5, column, title)
    for number, row in enumerate(ROWS, start=6):
        for column, value in enumerate([*row, AMOUNT, VISIBLE], start=1):
            cell = sheet.cell(number, column, value)
            cell.number_format = "@" if column < 3 else "0" if column == 6 else "#,##0.00"
            cell.font = Font(bold=column == 5)
    table = _add_table(sheet, "tblEntries", "A5:F8", TITLES)
    table.tableColumns[4].calculatedColumnFormula = TableFormula(attr_text=AMOUNT[1:])
    _rules(sheet)
    _drawings(sheet)
    sheet.print_area = "A1:F8"
    sheet.print_title_rows = "5:5"
    sheet.freeze_panes = "A6"
    sheet.column_dimensions["F"].hidden = True


def _rules(sheet: Worksheet) -> None:
    words = DataValidation(type="list", formula1='"Bill,Defer"', showErrorMessage=True)
    words.add("B6:B1048576")
    codes = DataValidation(type="list", formula1="timix_codes", showErrorMessage=True)
    codes.add("C1")
    choices = DataValidation(type="list", formula1="timix_choices", showErrorMessage=True)
    choices.add("C2")
    for rule in (words, codes, choices):
        sheet.add_data_validation(rule)
    grey = PatternFill(bgColor="CCCCCC")
    sheet.conditional_formatting.add("A6:F8", FormulaRule(['$B6="Defer"'], fill=grey))


def _drawings(sheet: Worksheet) -> None:
    chart = BarChart()
    chart.title = "Amounts"
    chart.add_data(Reference(sheet, min_col=5, min_row=5, max_row=8), titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=6, max_row=8))
    sheet.add_chart(chart, "H5")
    dot = io.BytesIO()
    Drawing.new("RGB", (8, 8), "navy").save(dot, "PNG")
    sheet.add_image(Image(dot), "H1")


def _other(sheet: Worksheet) -> None:
    """A list, an empty table with its blank row, and a table with a totals row."""
    sheet["A1"] = 7
    sheet["B1"] = "=Entries!B2*2"
    _table(sheet, "tblCodes", "A3:B5", [["Code", "Name"], ["ACME", "Acme"], ["BETA", "Beta"]])
    _table(sheet, "tblEmpty", "D3:E4", [["Key", "Note"]], insertRow=True)
    _table(sheet, "tblSpare", "J3:K4", [["Key", "Note"]])
    sums = [["Item", "Price"], ["a", 10], ["b", 20], ["Total", "=SUBTOTAL(109,tblTotals[Price])"]]
    _table(sheet, "tblTotals", "G3:H6", sums, totalsRowCount=1)
    total = sheet.tables["tblTotals"].tableColumns
    total[0].totalsRowLabel, total[1].totalsRowFunction = "Total", "sum"


def _table(
    sheet: Worksheet, name: str, ref: str, rows: list[list[object]], **flags: object
) -> None:
    first = sheet[ref][0][0]
    for down, row in enumerate(rows):
        for right, value in enumerate(row):
            sheet.cell(first.row + down, first.column + right, value)
    _add_table(sheet, name, ref, rows[0], **flags)


def _add_table(
    sheet: Worksheet, name: str, ref: str, titles: Sequence[object], **flags: object
) -> Table:
    table = Table(displayName=name, ref=ref, **flags)
    table._initialise_columns()
    for column, title in zip(table.tableColumns, titles, strict=True):
        column.name = title
    sheet.add_table(table)
    return table
