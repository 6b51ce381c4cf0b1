"""Small workbooks to open, and LibreOffice to check them with."""

import io
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.formatting.rule import CellIsRule, DataBarRule
from openpyxl.styles import Font
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

HEADERS = ["Task", "Decision", "Qty", "Rate", "Amount", "Visible"]
AMOUNT = "=ROUND(tblEntries[[#This Row],[Qty]]*tblEntries[[#This Row],[Rate]],2)"
VISIBLE = "=SUBTOTAL(103,tblEntries[[#This Row],[Task]])"


@pytest.fixture
def billing(tmp_path: Path) -> Path:
    """A billing workbook in small: tiles over a table with a dropdown, bars and a chart."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Entries"
    sheet["A1"], sheet["B1"] = "Bill", '=SUMIFS(tblEntries[Amount],tblEntries[Decision],"Bill")'
    sheet["A2"], sheet["B2"] = "Loaded", "=SUM(tblEntries[Amount])"
    workbook.defined_names["timix_bill_amount"] = DefinedName(
        "timix_bill_amount", attr_text="Entries!$B$1"
    )
    workbook.defined_names["timix_request"] = DefinedName(
        "timix_request", attr_text="Entries!$D$1", hidden=True
    )
    rows = [["001", "Bill", 1.5, 100.0], ["002", "Defer", 2.0, 80.0], ["003", "Bill", 0.25, 99.99]]
    for column, header in enumerate(HEADERS, start=1):
        sheet.cell(5, column, header)
    for number, row in enumerate(rows, start=6):
        for column, value in enumerate([*row, AMOUNT, VISIBLE], start=1):
            cell = sheet.cell(number, column, value)
            cell.number_format = "@" if column == 1 else "0.00"
            cell.font = Font(bold=column == 5)
    sheet.add_table(Table(displayName="tblEntries", ref="A5:F8"))
    dropdown = DataValidation(type="list", formula1='"Bill,Defer"', showErrorMessage=True)
    dropdown.add("B6:B8")
    sheet.add_data_validation(dropdown)
    sheet.conditional_formatting.add(
        "E6:E8", DataBarRule(start_type="min", end_type="max", color="1F4E79")
    )
    sheet.conditional_formatting.add("C6:C8", CellIsRule(operator="lessThan", formula=["0"]))
    chart = BarChart()
    chart.title = "Amounts"
    chart.add_data(Reference(sheet, min_col=5, min_row=5, max_row=8), titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=6, max_row=8))
    sheet.add_chart(chart, "H5")
    sheet.print_area = "A1:F8"
    sheet.print_title_rows = "5:5"
    sheet.freeze_panes = "A6"
    sheet.column_dimensions["F"].hidden = True
    path = tmp_path / "billing.xlsx"
    workbook.save(path)
    return path


@pytest.fixture
def recalculated(tmp_path: Path) -> Callable[[Path], openpyxl.Workbook]:
    """Let LibreOffice calculate a file; give what it made of it."""
    office = shutil.which("soffice")
    if office is None:
        if os.environ.get("CI") == "true":
            pytest.fail("soffice is missing, and CI has to have it")
        pytest.skip("soffice is not installed")

    def run(path: Path) -> openpyxl.Workbook:
        out = tmp_path / "recalculated"
        profile = (tmp_path / "profile").as_uri()
        command = [office, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx"]
        subprocess.run(
            [*command, "--outdir", out, path], check=True, capture_output=True, timeout=60
        )
        return openpyxl.load_workbook(io.BytesIO((out / path.name).read_bytes()), data_only=True)

    return run
