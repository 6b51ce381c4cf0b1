"""Values in LibreOffice's cells, where numbers, dates and truths differ by their format only."""

import datetime as dt
import time

import pytest
import xlwings as xw

from timix_xl.hosts.refusals import CalcRefused


@pytest.mark.parametrize("text", ["123", "001", "1e5", "2026-01-01", "TRUE", "'x", " 1 ", "1,5"])
def test_a_text_like_a_number_stays_text_and_its_cell_general(book: xw.Book, text: str) -> None:
    cells = book.sheets[0].range("A1:A3")
    cells.value = [[text], [1.5], [text]]
    assert cells.value == [text, 1.5, text]
    assert cells.number_format == "General"


def test_texts_like_numbers_among_dates_and_truths_keep_their_formats(book: xw.Book) -> None:
    cells = book.sheets[0].range("A1:A5")
    cells.number_format = "0.00"
    moment = dt.datetime(2026, 2, 3)
    cells.value = [["001"], [moment], [True], [2.0], ["002"]]
    assert cells.value == ["001", moment, True, 2.0, "002"]
    codes = [cells(row).number_format for row in range(1, 6)]
    assert codes == ["0.00", "yyyy-mm-dd", "General", "0.00", "0.00"]


def test_one_column_holds_every_kind_in_many_runs(book: xw.Book) -> None:
    moment = dt.datetime(2026, 2, 3, 4, 5, 6)
    values = [[True], [moment], [1.0], [None], ["x"], [False]] * 20
    cells = book.sheets[0].range("A1:A120")
    cells.value = values
    assert cells.options(ndim=2).value == values


def test_a_truth_that_is_cleared_leaves_no_format(book: xw.Book) -> None:
    cell = book.sheets[0].range("A1")
    cell.value = True
    cell.clear_contents()
    cell.impl.xl.getCellByPosition(0, 0).Value = 1.0
    assert cell.value == 1.0
    assert type(cell.value) is float


def test_a_number_beyond_32_bits_is_held(book: xw.Book) -> None:
    cells = book.sheets[0].range("A1:B1")
    cells.value = [2**40, -(2**33)]
    assert cells.value == [2.0**40, -(2.0**33)]


def test_errors_have_excel_s_names(book: xw.Book) -> None:
    cells = book.sheets[0].range("A1:A6")
    cells.formula = [
        ["=1/0"],
        ["=NA()"],
        ['=VALUE("x")'],
        ["=NO_SUCH()"],
        ["=1"],
        ['=INDIRECT("")'],
    ]
    read = cells.options(err_to_str=True).value
    assert read == ["#DIV/0!", "#N/A", "#VALUE!", "#NAME?", 1.0, "#REF!"]


def test_a_blank_result_is_an_empty_text_and_a_blank_cell_is_none(book: xw.Book) -> None:
    cells = book.sheets[0].range("A1:A2")
    cells.value = [['=""'], [None]]
    assert [row[0] for row in cells.raw_value] == ["", None]


def test_rows_are_not_measured_and_calculating_goes_on(book: xw.Book) -> None:
    sheet = book.sheets[0]
    sheet.range("D1").formula = "=SUM(A1:A500)"
    sheet.range("A1:A500").value = [[1.0]] * 500
    assert sheet.range("D1").value == 500
    doc = book.impl.doc
    assert (doc.IsAdjustHeightEnabled, doc.isAutomaticCalculationEnabled()) == (True, True)
    assert doc.hasControllersLocked() is False


def test_a_refused_value_leaves_everything_as_it_was(book: xw.Book) -> None:
    cells = book.sheets[0].range("A1:A100")
    cells.value = [[1.0]] * 100
    with pytest.raises(Exception, match="HOST-13"):
        cells.value = [[2.0]] * 99 + [[float("inf")]]
    assert set(cells.value) == {1.0}


@pytest.mark.parametrize("beside", [None, 1.5, True, dt.datetime(2026, 2, 3), "=1+1"])
def test_texts_that_look_like_something_else_stay_texts(book: xw.Book, beside: object) -> None:
    texts = ["12%", "1/2", "WAHR", "1e5", "TRUE", "-3", "2026-01-01", "'x", "1,000", "#N/A", "a\nb"]
    values = [[value] for text in texts for value in (text, beside)] * 5
    cells = book.sheets[0].range("A1").resize(len(values), 1)
    cells.value = values
    assert [row[0] for row in cells.raw_value[::2]] == texts * 5
    codes = {cells(row).number_format for row in range(1, 2 * len(texts), 2)}
    assert codes == {"General"}


def test_numbers_among_formulas_are_held_to_the_last_digit(book: xw.Book) -> None:
    numbers = [(-1) ** place * 0.1 * 1.7**place for place in range(-60, 60)]
    cells = book.sheets[0].range("A1").resize(240, 1)
    cells.value = [[value] for number in numbers for value in (number, "=1+1")]
    assert cells.value[::2] == numbers
    assert set(cells.value[1::2]) == {2.0}
    assert set(cells.formula[1::2]) == {("=1+1",)}


@pytest.mark.parametrize("other", [dt.datetime(2026, 2, 3), True, "=ROW()"])
def test_columns_of_two_kinds_take_no_longer_than_they_must(book: xw.Book, other: object) -> None:
    cells = book.sheets[0].range("A1").resize(5_000, 1)
    values = [[other if row % 2 else "12 a"] for row in range(5_000)]
    start = time.process_time()
    cells.value = values
    cells.value = values
    assert time.process_time() - start < 2  # ours alone, which goes with the number of calls
    assert cells.options(ndim=2).value[2] == ["12 a"]


def test_an_error_that_is_not_asked_for_has_no_other_one_s_name(
    book: xw.Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("timix_xl.hosts.calc.values._MOST_ERRORS_ASKED", 2)
    cells = book.sheets[0].range("A1:A4")
    cells.formula = [["=1/0"], ["=NA()"], ["=NA()"], ["=1/0"]]
    read = cells.options(err_to_str=True).value
    assert read == ["#DIV/0!", "#N/A", "#VALUE!", "#VALUE!"]


def test_refused_data_leaves_the_formats_as_they_were(book: xw.Book) -> None:
    sheet = book.sheets[0]
    sheet.range("B3:B5").impl.xl.setArrayFormula("=ROW(A1:A3)")
    cells = sheet.range("A1:B4")
    with pytest.raises(CalcRefused, match=r"value of Sheet1!B3\): Sheet1!B3 is part of .* B3:B5"):
        cells.value = [[dt.datetime(2026, 2, 3), True]] * 4
    assert cells.number_format == "General"
    assert sheet.range("B3").value == 1


@pytest.mark.parametrize("values", [[["=1"]], [["=1+1"]] * 3, [[2.0], ["=3"], [4.0]]])
def test_a_part_of_an_array_formula_is_not_written_over(
    book: xw.Book, values: list[list[object]]
) -> None:
    sheet = book.sheets[0]
    sheet.range("B3:B5").impl.xl.setArrayFormula("=ROW(A1:A3)")
    with pytest.raises(CalcRefused, match="Sheet1!B4 is part of an array formula in B3:B5"):
        sheet.range("B4").resize(len(values), 1).value = values
    with pytest.raises(CalcRefused, match="Sheet1!B4 is part of an array formula in B3:B5"):
        sheet.range("B4:B9").clear_contents()
    assert sheet.range("B3:B5").value == [1, 2, 3]
    sheet.range("B1:B5").value = [["=1"]] * 5
    assert sheet.range("B1:B5").value == [1] * 5


def test_an_array_formula_reads_as_a_formula(book: xw.Book) -> None:
    sheet = book.sheets[0]
    sheet.range("A1:A3").value = [[1.0], [2.0], ["{=3}"]]
    sheet.range("B1").impl.xl.getCellByPosition(0, 0).setArrayFormula("=SUM(A1:A2*A1:A2)")
    sheet.range("B2:B3").impl.xl.setArrayFormula("=$A$1:$A$2*2")
    read = sheet.range("A1:B3").formula
    assert read == (("1", "=SUM(A1:A2*A1:A2)"), ("2", "=$A$1:$A$2*2"), ("{=3}", "=$A$1:$A$2*2"))


def test_a_hidden_column_is_hidden_again_where_filling_fails(
    book: xw.Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = book.sheets[0].range("B1:B100")
    cells.columns.hidden = True

    def fail(*_names: object) -> str:
        raise LookupError

    with monkeypatch.context() as patch, pytest.raises(LookupError):
        patch.setattr("timix_xl.hosts.calc.formula_cells.to_calc", fail)
        cells.value = [["=1+1"]] * 100
    assert cells.columns.hidden
    cells.value = [["=1+1"]] * 100
    assert set(cells.value) == {2.0}
    assert cells.columns.hidden
