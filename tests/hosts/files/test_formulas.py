"""Formulas give what Excel gives; those beyond the set keep what the file said."""

import time
from pathlib import Path

import openpyxl
import pytest

from tests.hosts.builders import rewritten
from timix_xl.hosts.files import open_book

# D: 1, 2, 3.5, "txt", blank, blank - E: x, X, y, blank, xy, blank - row 2 is hidden.
COLUMN_D = [1, 2, 3.5, "txt", None, None]
COLUMN_E = ["x", "X", "y", None, "xy", None]

CASES = [
    ("1+2*3^2", 19.0),
    ("-2^2", 4.0),
    ("50%", 0.5),
    ("(1+2)*3", 9.0),
    ('"a"&1.5&TRUE', "a1.5TRUE"),
    ('"x"&D6', "x"),
    ('"A"="a"', True),
    ('1>"a"', False),
    ("D6=0", True),
    ('D6=""', True),
    ("0.1+0.2-0.3", 0.0),
    ('--"3"', 3.0),
    ("1/0", "#DIV/0!"),
    ('"a"+1', "#VALUE!"),
    ("D4+1", "#VALUE!"),
    ("NoSuchName", "#NAME?"),
    ("SUM(D1:D6)", 6.5),
    ("SUM(D:D)", 6.5),
    ('SUM(D1,"2",TRUE)', 4.0),
    ('SUMIF(D1:D6,">1")', 5.5),
    ('SUMIF(E1:E6,"x",D1:D6)', 3.0),
    ('SUMIFS(D1:D6,E1:E6,"<>")', 6.5),
    ('SUMIFS(D1:D6,E1:E6,"x",D1:D6,">1")', 2.0),
    ('COUNTIF(E1:E6,"")', 2.0),
    ('COUNTIF(E1:E6,"=")', 2.0),
    ('COUNTIF(E1:E6,"<>")', 4.0),
    ('COUNTIF(E1:E6,"<>x")', 4.0),
    ('COUNTIF(E1:E6,"X*")', 3.0),
    ('COUNTIF(E1:E6,"??")', 1.0),
    ('COUNTIF(D1:D6,">=2")', 2.0),
    ("COUNTIF(D1:D6,D2)", 1.0),
    ('COUNTIFS(E1:E6,"<>x",D1:D6,"<>")', 2.0),
    ("COUNTA(D1:E6)", 8.0),
    ("COUNT(D1:E6)", 3.0),
    ("COUNTBLANK(D1:E6)", 4.0),
    ("AVERAGE(D1:D2)", 1.5),
    ("MIN(D1:D6)", 1.0),
    ("MAX(D1:D6)", 3.5),
    ('SUMPRODUCT((E1:E6="x")*(D1:D6=2))', 1.0),
    ("SUMPRODUCT(D1:D2,D2:D3)", 9.0),
    ("SUBTOTAL(9,D1:D6)", 6.5),
    ("SUBTOTAL(109,D1:D6)", 4.5),
    ("SUBTOTAL(3,D1:D6)", 4.0),
    ("SUBTOTAL(103,D1:D6)", 3.0),
    ("SUBTOTAL(103,D2)", 0.0),
    ('IF(D1>0,"yes","no")', "yes"),
    ("IF(FALSE,1)", False),
    ("IF(D6,1,2)", 2.0),
    ("IF(TRUE,1,1/0)", 1.0),
    ('IFERROR(1/0,"e")', "e"),
    ('IFERROR(INDEX(D1:D6,99),"out")', "out"),
    ("AND(TRUE,D1)", True),
    ("OR(FALSE,D6)", False),
    ("NOT(D6)", True),
    ("ROUND(2.675,2)", 2.68),
    ("ROUND(1.005,2)", 1.01),
    ("ROUND(-1.5,0)", -2.0),
    ("ROUND(1250,-2)", 1300.0),
    ("ROUND(0.4,0)", 0.0),
    ("ROUND(4,-3)", 0.0),
    ("ABS(-3)", 3.0),
    ("INT(-1.5)", -2.0),
    ('TEXT(1234.567,"#,##0.00")', "1,234.57"),
    ('TEXT(0.5,"0.00")', "0.50"),
    ('TEXT(-0.001,"0.00")', "0.00"),
    ('TEXT(0.256,"0.0%")', "25.6%"),
    ('TEXT(5,"000")', "005"),
    ('TEXT(46024,"yyyy-mm-dd")', "2026-01-02"),
    ('LEN("abc")', 3.0),
    ('TRIM("  a  b ")', "a b"),
    ('LOWER("AbC")', "abc"),
    ('UPPER("abc")', "ABC"),
    ("INDEX(D1:D6,2)", 2.0),
    ('MATCH("y",E1:E6,0)', 3.0),
    ('MATCH("zz",E1:E6,0)', "#N/A"),
    ("INDEX(E1:E6,MATCH(2,D1:D6,0))", "X"),
    ("ISNUMBER(D1)", True),
    ("ISBLANK(D6)", True),
    ("ISBLANK(E1)", False),
    ("ROW(D5)", 5.0),
    ('HYPERLINK("#A1","go")', "go"),
    ("the_rate*2", 5.0),
    ("SUM(tblT[Qty])", 30.0),
    ("SUM(tblT[[Qty]:[Price]])", 33.0),
    ("COUNTA(tblT[#Headers])", 3.0),
    ("ROWS(tblT[#All])", 3.0),
    ("INDEX(tblT[[#Headers],[Qty]],1)", "Qty"),
    ("'Other sheet'!A1+1", 8.0),
]


@pytest.fixture
def sheet_file(tmp_path: Path) -> Path:
    """A sheet with two columns, a table, a name and a second sheet."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row, (left, right) in enumerate(zip(COLUMN_D, COLUMN_E, strict=True), start=1):
        sheet.cell(row, 4, left)
        sheet.cell(row, 5, right)
    sheet.row_dimensions[2].hidden = True
    for row, values in enumerate([["Code", "Qty", "Price"], ["a", 10, 1], ["b", 20, 2]], start=1):
        for column, value in enumerate(values, start=7):
            sheet.cell(row, column, value)
    sheet.add_table(openpyxl.worksheet.table.Table(displayName="tblT", ref="G1:I3"))
    workbook.create_sheet("Other sheet")["A1"] = 7
    workbook.defined_names["the_rate"] = openpyxl.workbook.defined_name.DefinedName(
        "the_rate", attr_text="2.5"
    )
    path = tmp_path / "sheet.xlsx"
    workbook.save(path)
    return path


@pytest.mark.parametrize(("formula", "result"), CASES)
def test_a_formula_gives_what_excel_gives(sheet_file: Path, formula: str, result: object) -> None:
    with open_book(sheet_file) as book:
        cell = book.sheets[0].range("A10")
        cell.formula = f"={formula}"
        found = cell.options(err_to_str=True).value
    assert found == result
    assert type(found) is type(result)


def test_an_unknown_function_keeps_what_the_file_said(billing: Path) -> None:
    def with_result(parts: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        cell = b'<row r="20"><c r="A20"><f>TIMIX_WIP("ACME")</f><v>42.5</v></c></row></sheetData>'
        parts[name] = parts[name].replace(b"</sheetData>", cell)

    rewritten(billing, with_result)
    with open_book(billing) as book:
        sheet = book.sheets["Entries"]
        sheet.range("A21").formula = "=A20*2"
        assert sheet.range("A20:A21").value == [42.5, 85.0]
        book.save()
    assert openpyxl.load_workbook(billing, data_only=True)["Entries"]["A20"].value == 42.5
    with open_book(billing) as book:
        book.sheets["Entries"].range("A20").formula = '=TIMIX_WIP("OTHER")'
        assert book.sheets["Entries"].range("A20").value is None


def test_a_circle_is_left_as_it_was(billing: Path) -> None:
    with open_book(billing) as book:
        cells = book.sheets["Entries"].range("J1:J3")
        cells.formula = [["=J2+1"], ["=J1+1"], ["=1+1"]]
        assert cells.value == [None, None, 2.0]


def test_a_long_chain_downwards_is_calculated(billing: Path) -> None:
    with open_book(billing) as book:
        cells = book.sheets["Entries"].range("J1:J3000")
        cells.formula = [[f"=J{row + 1}+1"] for row in range(1, 3000)] + [["=0"]]
        assert cells.value[0] == 2999.0


def test_a_change_is_calculated_at_once(billing: Path) -> None:
    with open_book(billing) as book:
        assert book.names["timix_bill_amount"].refers_to_range.value == 175.0
        book.sheets["Entries"].range("B7").value = "BILL"
        assert book.names["timix_bill_amount"].refers_to_range.value == 335.0


def test_thousands_of_rows_are_quick(billing: Path) -> None:
    rows = 5_000
    with open_book(billing) as book:
        sheet = book.sheets["Entries"]
        table = sheet.tables["tblEntries"]
        started = time.perf_counter()
        table.resize(table.range.resize(rows + 1))
        table.data_body_range[:, :4].value = [[f"{n}", "Bill", 1, 2] for n in range(rows)]
        assert sheet.range("B1").value == 2.0 * rows
        assert sum(row[5] for row in table.data_body_range.value) == rows
        assert time.perf_counter() - started < 4
