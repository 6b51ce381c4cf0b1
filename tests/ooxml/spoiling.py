"""A good workbook with something of everything, and ways to spoil one part of it."""

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterable
from functools import cache

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import DataBarRule, FormulaRule
from openpyxl.styles import Font, NamedStyle, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table, TableColumn, TableFormula

SHEET, NOTES = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"
TABLE, BOOK, STYLES = "xl/tables/table1.xml", "xl/workbook.xml", "xl/styles.xml"
TYPES, LINKS, STRINGS = "[Content_Types].xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"
CHART, DRAWING = "xl/charts/chart1.xml", "xl/drawings/drawing1.xml"

Change = Callable[[dict[str, bytes]], None]


@cache
def good() -> bytes:
    """Make a workbook in which nothing is wrong."""
    book = Workbook()
    sheet, notes = book.active, book.create_sheet("Notes & more")
    sheet.title = "Hours"
    book.add_named_style(NamedStyle("mine", font=Font(bold=True)))
    for row in (["Who", "Hours", "Twice"], ["Ann", 7.5, None], ["Ben", 2, None]):
        sheet.append(row)
    sheet["A1"].style = "mine"
    for row in (2, 3):
        sheet[f"C{row}"] = "=tblHours[[#This Row],[Hours]]*2"
    sheet["E1"], sheet["E2"], sheet["E3"] = True, " spaced ", "=SUM(tblHours[Hours])"
    sheet["E2"].number_format = '0.00 "h"'
    sheet["E4"] = "#N/A"
    sheet.merge_cells("E6:F6")
    sheet.merge_cells("E7:F8")
    sheet.column_dimensions["A"].width = 20
    sheet.column_dimensions["C"].width = 12
    sheet.freeze_panes = "B2"
    sheet.print_area, sheet.print_title_rows = "A1:F9", "1:1"
    sheet.oddFooter.left.text = "Page &P"
    _add_table(sheet)
    _add_rules(sheet)
    sheet["E9"] = "more"
    sheet["E9"].hyperlink = Hyperlink(ref="E9", location="'Notes & more'!A1")
    notes["A1"] = "Site"
    notes["A1"].hyperlink = "https://example.org/"
    notes["A2"].comment = Comment("A note", "Ann")
    notes["A3"].comment = Comment("Another", "Ben")
    book.defined_names["who"] = DefinedName("who", attr_text="Hours!$A$2:$A$3")
    book.defined_names["site"] = DefinedName("site", attr_text="'Notes & more'!$A$1")
    _add_chart(sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def spoilt(*changes: Change) -> bytes:
    """Give the good workbook with changes to its parts."""
    parts = parts_of(good())
    for change in changes:
        change(parts)
    return packed(parts.items())


def swap(part: str, old: str, new: str) -> Change:
    """Put a text in the place of another one, which stands there; of a pattern with `re:`."""

    def change(parts: dict[str, bytes]) -> None:
        text = parts[part].decode()
        pattern = old.removeprefix("re:") if old.startswith("re:") else re.escape(old)
        text, count = re.subn(pattern, lambda _: new, text, count=1)
        assert count == 1, f"{old} is not in {text[:3000]}"
        parts[part] = text.encode()

    return change


def lose(part: str) -> Change:
    """Leave a part out."""

    def change(parts: dict[str, bytes]) -> None:
        del parts[part]

    return change


def add(part: str, content: str) -> Change:
    """Add a part."""

    def change(parts: dict[str, bytes]) -> None:
        parts[part] = content.encode()

    return change


def parts_of(content: bytes) -> dict[str, bytes]:
    """Take a file apart."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(members: Iterable[tuple[str, bytes]], compression: int = zipfile.ZIP_STORED) -> bytes:
    """Put a file together, whatever its members are called."""
    stream = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w") as archive:
        warnings.simplefilter("ignore")  # of names that stand twice
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content, compression)
    return stream.getvalue()


def _add_table(sheet) -> None:
    table = Table(displayName="tblHours", ref="A1:C3")
    table._initialise_columns()
    for column, name in zip(table.tableColumns, ("Who", "Hours", "Twice"), strict=True):
        column.name = name
    twice: TableColumn = table.tableColumns[2]
    twice.calculatedColumnFormula = TableFormula(attr_text="tblHours[[#This Row],[Hours]]*2")
    sheet.add_table(table)


def _add_rules(sheet) -> None:
    for rule, area in (
        (DataValidation("list", formula1='"Ann,Ben"', showErrorMessage=True), "A2:A9"),
        (DataValidation("decimal", "0", "24", operator="between", error="0 to 24"), "B2:B9"),
    ):
        rule.add(area)
        sheet.add_data_validation(rule)
    fill = PatternFill("solid", bgColor="FFFF0000")
    sheet.conditional_formatting.add("B2:B9", FormulaRule(formula=["$B2>8"], fill=fill))
    bar = DataBarRule("num", 0, "num", 24, color="FF1F4E79")
    sheet.conditional_formatting.add("B2:B9", bar)


def _add_chart(sheet) -> None:
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=3))
    chart.x_axis.delete = chart.y_axis.delete = False
    sheet.add_chart(chart, "H2")
