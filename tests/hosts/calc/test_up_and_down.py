"""Tables that grow and shrink at random keep every rule of every sheet where it was."""

import random
import re
import shutil
from pathlib import Path

import openpyxl
import pytest
import xlwings as xw

from timix_xl.hosts import calc
from timix_xl.settings import bundled

Rule = tuple[str, int, str, tuple[str, ...]]
STEPS = 25
ROWS = (1, 2, 3, 5, 8, 20, 40)


def rules_of(path: Path) -> list[Rule]:
    """Give the conditional formats of a file: sheet, first row, kind, formulas."""
    found = []
    for sheet in openpyxl.load_workbook(path):
        for area in sheet.conditional_formatting:
            first = min(int(re.findall(r"\d+", part)[0]) for part in str(area.sqref).split())
            found += [(sheet.title, first, one.type, tuple(one.formula)) for one in area.rules]
    return sorted(found)


@pytest.mark.filterwarnings("ignore:.*extension is not supported")
@pytest.mark.parametrize("seed", [1, 2])
def test_rules_stay_where_they_are(app: xw.App, tmp_path: Path, seed: int) -> None:
    path = tmp_path / "billing.xlsx"
    shutil.copy(bundled("billing.xlsx"), path)
    book = calc.open_book(path, app)
    book.save()
    before = rules_of(path)  # as LibreOffice writes them
    draw = random.Random(seed)
    places = [(sheet.name, table.name) for sheet in book.sheets for table in sheet.tables]
    for _ in range(STEPS):
        sheet, name = draw.choice(places)
        fill(book.sheets[sheet].tables[name], draw.choice(ROWS))
        if draw.random() < 0.1:
            book.save()
            book.close()
            book = calc.open_book(path, app)
    book.save()
    book.close()
    assert len(before) > 40
    assert rules_of(path) == before


def fill(table: xw.main.Table, rows: int) -> None:
    """Empty a table, and give it rows."""
    header = table.header_row_range
    if table.data_body_range is not None:
        table.data_body_range.clear_contents()
    area = header.resize(rows + 1, header.shape[1])
    table.resize(area)
    area.offset(1, 0).resize(rows, 1).value = [[f"row {number}"] for number in range(rows)]
