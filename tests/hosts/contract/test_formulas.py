"""Formulas are written and read as in the formula bar, and calculated at once."""

import datetime as dt

import xlwings as xw

THIS_ROW = "tblEntries[[#This Row],[{}]]"
DECIDED = f'LOWER(TRIM({THIS_ROW.format("Decision")}))="bill"'


def test_a_change_is_calculated_at_once(entries: xw.Sheet) -> None:
    assert entries.range("B1:B3").value == [175.0, 335.0, 3.0]
    entries.range("B7").value = "BILL"
    entries.range("C8").value = 1
    assert entries.range("B1:B2").value == [409.99, 409.99]
    assert entries.book.sheets["Other sheet"].range("B1").value == 819.98


FORMULAS = [
    ("=1+2*3", 7.0),
    ("=SUM(C6:C8)", 3.75),
    ("='Other sheet'!A1+1", 8.0),
    ("=timix_far+timix_digits", 9.0),
    ('=IF(C6>1,"yes","no")', "yes"),
    ("=C6=1.5", True),
    ('=SUMIFS(C6:C8,B6:B8,"Bill",C6:C8,">1")', 1.5),
    ('=COUNTIF(B6:B8,"<>")', 3.0),
    ("=ROUND(2.675,2)", 2.68),
    ("=SUM(tblEntries[Qty])", 3.75),
    ("=SUM(tblEntries[[Qty]:[Rate]])", 283.74),
    ("=ROWS(tblEntries[Qty])", 3.0),
    ("=COUNTA(tblEntries[#Headers])", 6.0),
    ('=SUMPRODUCT((tblEntries[Decision]="Bill")*(tblEntries[Qty]>1)*tblEntries[Rate])', 100.0),
    ('=IFERROR(INDEX(tblEntries[Rate],MATCH("002",tblEntries[Task],0)),0)', 80.0),
    ('=IF($A6="","",$A6)', "001"),
]


def test_a_formula_is_written_as_in_excel(entries: xw.Sheet) -> None:
    for formula, result in FORMULAS:
        cell = entries.range("J1")
        cell.formula = formula
        assert (formula, cell.value) == (formula, result)
        assert type(cell.value) is type(result)


def test_a_formula_reads_as_it_was_written(entries: xw.Sheet) -> None:
    for formula in (
        "=1+2",
        "=SUM(C6:C8)",
        "=$A$6",
        "='Other sheet'!A1+1",
        "=SUM(1,2)",
        '=IF(C6>1,"a;b","it\'s")',
    ):
        entries.range("J1").formula = formula
        assert entries.range("J1").formula == formula


def test_a_formula_with_a_semicolon_or_quote_in_a_text_keeps_it(entries: xw.Sheet) -> None:
    entries.range("J1").formula = '="a;b, ""c"" [x] "&A6'
    assert entries.range("J1").value == 'a;b, "c" [x] 001'


def test_one_formula_fills_a_column_each_row_its_own(entries: xw.Sheet) -> None:
    for formula, results in (
        (f"={THIS_ROW.format('Qty')}*2", [3.0, 4.0, 0.5]),
        (f"=IF({DECIDED},{THIS_ROW.format('Amount')},0)", [150.0, 0.0, 25.0]),
        (
            f'=IFERROR(IF(AND({THIS_ROW.format("Qty")}<>"",NOT({DECIDED})),'
            f"ROUND({THIS_ROW.format('Qty')}*{THIS_ROW.format('Rate')},timix_digits),0),0)",
            [0.0, 160.0, 0.0],
        ),
        ("=C6*2", [3.0, 4.0, 0.5]),
        ("=$C$6*C6", [2.25, 3.0, 0.375]),
    ):
        entries.range("J6:J8").formula = formula
        assert (formula, entries.range("J6:J8").value) == (formula, results)


def test_formulas_among_values_are_written_in_one_go(entries: xw.Sheet) -> None:
    qty, rate = THIS_ROW.format("Qty"), THIS_ROW.format("Rate")
    rows = [[n, 2, f"=ROUND({qty}*{rate},2)"] for n in (1, 2, 3)]
    entries.range("C6:E8").value = rows
    assert entries.range("C6:E8").value == [[1.0, 2.0, 2.0], [2.0, 2.0, 4.0], [3.0, 2.0, 6.0]]


def test_a_formula_that_is_read_can_be_written_again(entries: xw.Sheet) -> None:
    cells = entries.range("E6:E8")
    texts = cells.formula
    before = cells.value
    assert all(text.startswith("=") for (text,) in texts)
    cells.clear_contents()
    cells.formula = [list(row) for row in texts]
    assert cells.value == before == [150.0, 160.0, 25.0]


def test_a_value_reads_as_in_the_formula_bar(entries: xw.Sheet) -> None:
    cells = entries.range("J1:O1")
    cells.value = [1.5, 100, "text", True, dt.date(2026, 1, 2), None]
    assert cells.formula == (("1.5", "100", "text", "TRUE", "46024", ""),)


def test_one_cell_s_formula_is_a_text_and_a_column_s_are_rows(entries: xw.Sheet) -> None:
    assert entries.range("B2").formula == "=SUM(tblEntries[Amount])"
    assert entries.range("A6:A8").formula == (("001",), ("002",), ("003",))
    assert entries.range("A6").formula == "001"


def test_hundreds_of_different_formulas_are_written_in_one_go(entries: xw.Sheet) -> None:
    cells = entries.range("J20").resize(500, 1)
    cells.formula = [[f"=ROW()+{n}*$C$6"] for n in range(500)]
    assert cells.value == [20 + n + n * 1.5 for n in range(500)]
