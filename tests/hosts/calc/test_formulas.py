"""Formulas between Excel's spelling and LibreOffice's."""

import pytest
import xlwings as xw

from timix_xl.hosts.calc.formulas import to_calc, to_excel


@pytest.mark.parametrize(
    ("excel", "calc"),
    [
        ("=SUM(A1,B1:B2)", "=SUM(A1;B1:B2)"),
        ("=SUM((A1:A2,C1))", "=SUM((A1:A2~C1))"),
        ("='Frame orders'!$A$1&\"a,b!\"", "=$'Frame orders'.$A$1&\"a,b!\""),
        ("='it''s'!A1", "=$'it''s'.A1"),
        ("=Entries!A:A", "=$Entries.A:A"),
        ("=IF(A1,TRUE,FALSE)", "=IF(A1;TRUE();FALSE())"),
        ("=SUM(tbl[Qty])", "=SUM(tbl[Qty])"),
        ("=tbl[[#This Row],[a, b]]", "=tbl[[#This Row];[a, b]]"),
        ("=ROWS(tbl[#All])", "=ROWS(tbl[[#All]])"),
        ("=ROWS(tbl)", "=ROWS(tbl[[#Data]])"),
        ('={1,"a;,b";3,4}', '={1;"a;,b"|3;4}'),
        ("=#REF!+Entries!#REF!", "=#REF!+$Entries.#REF!"),
        ("=1.5E+3*A1", "=1.5E+3*A1"),
    ],
)
def test_a_formula_is_spelled_both_ways(excel: str, calc: str) -> None:
    spelled = to_calc(excel, "", frozenset(["tbl"]))
    assert (spelled, to_excel(spelled)) == (calc, excel)


def test_a_column_without_its_table_is_of_the_table_around() -> None:
    assert to_calc("=[@Qty]*[@[Unit price]]", "tbl") == (
        "=tbl[[#This Row];[Qty]]*tbl[[#This Row];[Unit price]]"
    )


@pytest.mark.parametrize(
    ("calc", "excel"),
    [
        ("=COM.SUN.STAR.SHEET.ADDIN.ANALYSIS.GETEDATE(A1;1)", "=EDATE(A1,1)"),
        ("=xlookup(1;A:A;B:B)", "=XLOOKUP(1,A:A,B:B)"),
    ],
)
def test_what_libreoffice_calls_otherwise_gets_excel_s_name(calc: str, excel: str) -> None:
    assert to_excel(calc) == excel


def test_formulas_of_one_shape_are_each_of_their_own_row(book: xw.Book) -> None:
    sheet = book.sheets[0]
    sheet.range("A1:A500").value = [[float(row)] for row in range(1, 501)]
    written = [[f"=IF(A{row}>2,A{row}*$A$1,0)"] for row in range(1, 501)]
    sheet.range("B1:B500").value = written
    assert [list(row) for row in sheet.range("B1:B500").formula] == written
    assert sheet.range("B1:B4").value == [0, 0, 3, 4]


def test_formulas_reach_hidden_rows_and_columns(book: xw.Book) -> None:
    sheet = book.sheets[0]
    sheet.range("A3:A5").rows.hidden = True
    sheet.range("C1:C9").columns.hidden = True
    sheet.range("B1:C9").value = [["=ROW()", "=ROW()*10"]] * 9
    assert sheet.range("B1:C9").options(ndim=2).value == [[row, row * 10] for row in range(1, 10)]
    assert sheet.range("C1:C9").columns.hidden is True
    assert sheet.range("A3:A5").rows.hidden is True


def test_filling_down_leaves_formats_as_they_are(book: xw.Book) -> None:
    sheet = book.sheets[0]
    sheet.range("B4:B6").color = "#ff0000"
    sheet.range("B1:B9").value = [["=ROW()"]] * 9
    assert [sheet.range(f"B{row}").color for row in (1, 4, 6, 7)] == [
        None, (255, 0, 0), (255, 0, 0), None,
    ]  # fmt: skip
    assert sheet.range("B1:B9").value == list(range(1, 10))


def test_an_unlike_formula_in_between_stays_itself(book: xw.Book) -> None:
    sheet = book.sheets[0]
    written = [["=A1"], ["=A2"], ["=A3"], [5.0], ["=$A$1+1"], ["=A6"], ["text"], [None]]
    sheet.range("B1:B8").value = written
    read = [row[0] for row in sheet.range("B1:B8").formula]
    assert read == ["=A1", "=A2", "=A3", "5", "=$A$1+1", "=A6", "text", ""]
