"""Values go into cells and come out as they are."""

import datetime as dt
import time
from collections.abc import Callable

import pytest
import xlwings as xw
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from timix_xl.hosts.refusals import TextNotStorable, ValueNotStorable

ODD_TEXTS = [
    "two\nlines",
    "x" * 5_000,
    "x" * 32_767,
    "😀 émoji",
    "שלום عالم",
    "_x0041_",
    "_x000D_",
    " edges ",
    "a  b",
    "tab\tbed",
    "<&\">'",
    "'quoted",
    "001",
    "1e5",
    "50%",
    "#N/A",
    "TRUE",
    "2026-01-01",
    "1/2",
]
FORMULA_STARTS = ["=cmd|' /C calc'!A0", "=1+1", "+1", "-1", "@SUM(A1)", "=", "=="]
NUMBERS = [0, 1, -1, 0.1, 1 / 3, 123456789.123456, 2**31, -(2**40), 1e-9, 9.99e15, -0.5]
MOMENTS = [
    dt.datetime(1900, 3, 1),
    dt.datetime(2026, 2, 28),
    dt.datetime(2026, 12, 31, 23, 59, 59),
    dt.datetime(2099, 12, 31),
]


def test_a_row_of_every_kind_comes_back(entries: xw.Sheet) -> None:
    cells = entries.range("J1:O1")
    cells.value = [1, 2.5, True, dt.date(2026, 3, 1), None, "text"]
    assert cells.value == [1.0, 2.5, True, dt.datetime(2026, 3, 1), None, "text"]
    assert [type(value) for value in cells.value[:3]] == [float, float, bool]


def test_numbers_come_back_exactly(entries: xw.Sheet) -> None:
    cells = entries.range("J1").resize(1, len(NUMBERS))
    cells.value = NUMBERS
    assert cells.value == NUMBERS
    assert {type(number) for number in cells.value} == {float}


def test_moments_come_back(entries: xw.Sheet) -> None:
    cells = entries.range("J1").resize(1, len(MOMENTS))
    cells.value = MOMENTS
    assert cells.value == MOMENTS


def test_a_moment_makes_the_format_of_the_cell_a_date_s(entries: xw.Sheet) -> None:
    entries.range("J1:K1").value = [dt.date(2026, 1, 2), dt.date(2026, 1, 3)]
    assert "yy" in entries.range("J1").number_format.lower()


def test_a_date_s_format_that_is_there_stays(entries: xw.Sheet) -> None:
    cell = entries.range("J1")
    cell.number_format = "yyyy-mm"
    cell.value = dt.date(2026, 1, 1)
    assert (cell.number_format, cell.value) == ("yyyy-mm", dt.datetime(2026, 1, 1))


def test_a_number_with_a_date_s_format_is_a_date(entries: xw.Sheet) -> None:
    cell = entries.range("J1")
    cell.value = 46_024
    cell.number_format = "dd/mm/yyyy"
    assert cell.value == dt.datetime(2026, 1, 2)


def test_a_number_stays_a_number_whatever_its_format(entries: xw.Sheet) -> None:
    for code in ("0.00", "#,##0.00##", "0.0%", "0", "#,##0.00;-#,##0.00;"):
        cell = entries.range("J1")
        cell.number_format = code
        cell.value = 0.25
        assert (cell.value, cell.number_format) == (0.25, code)


def test_a_truth_stays_one_beside_numbers(entries: xw.Sheet) -> None:
    entries.range("J1:K2").value = [[True, 1], [0, False]]
    assert entries.range("J1:K2").value == [[True, 1.0], [0.0, False]]
    assert type(entries.range("K1").value) is float
    assert type(entries.range("K2").value) is bool


def test_a_number_over_a_truth_is_a_number(entries: xw.Sheet) -> None:
    entries.range("J1").value = True
    entries.range("J1").value = 1
    assert type(entries.range("J1").value) is float


def test_a_text_stays_as_it_is_in_a_text_cell(entries: xw.Sheet) -> None:
    cells = entries.range("J20").resize(len(ODD_TEXTS), 1)
    cells.number_format = "@"
    cells.value = [[text] for text in ODD_TEXTS]
    assert cells.value == ODD_TEXTS
    assert cells.number_format == "@"


def test_a_text_of_digits_stays_text_in_any_cell(entries: xw.Sheet) -> None:
    texts = ["001", "1.5", "2026-01-01", "TRUE", "50%", "#N/A"]
    cells = entries.range("J1").resize(1, len(texts))
    cells.value = texts
    assert cells.value == texts
    entries.range("J2").value = "001"
    assert entries.range("J2").value == "001"


def test_a_text_cell_never_becomes_a_formula(
    entries: xw.Sheet, reopened: Callable[[xw.Book], xw.Book]
) -> None:
    cells = entries.range("J20").resize(len(FORMULA_STARTS), 1)
    cells.number_format = "@"
    cells.value = [[text] for text in FORMULA_STARTS]
    entries.range("A6").value = FORMULA_STARTS[0]
    assert cells.value == FORMULA_STARTS
    again = reopened(entries.book).sheets["Entries"]
    assert again.range("J20").resize(len(FORMULA_STARTS), 1).value == FORMULA_STARTS
    assert again.range("A6").value == FORMULA_STARTS[0]


def test_a_leading_equals_sign_makes_a_formula_elsewhere(entries: xw.Sheet) -> None:
    entries.range("J1:K1").value = ["=1+1", "=C6*2"]
    assert entries.range("J1:K1").value == [2.0, 3.0]
    assert entries.range("J1:K1").formula == (("=1+1", "=C6*2"),)


def test_an_empty_text_is_blank(entries: xw.Sheet) -> None:
    entries.range("C6:C7").value = [[""], [None]]
    assert entries.range("C6:C7").value == [None, None]


def test_a_blank_takes_the_place_of_what_was_there(entries: xw.Sheet) -> None:
    entries.range("A6:F6").value = [None] * 6
    assert entries.range("A6:F6").value == [None] * 6
    assert entries.range("B3").value == 2.0


def test_one_value_fills_a_range(entries: xw.Sheet) -> None:
    cells = entries.range("J1:K2")
    cells.value = 7
    assert cells.value == [[7.0, 7.0], [7.0, 7.0]]


def test_a_column_is_written_row_by_row(entries: xw.Sheet) -> None:
    entries.range("B6:B8").value = [["Defer"], [None], ["Bill"]]
    assert entries.range("B6:B8").value == ["Defer", None, "Bill"]
    assert entries.range("A6:A8").value == ["001", "002", "003"]


def test_a_block_is_written_from_its_first_cell(entries: xw.Sheet) -> None:
    entries.range("J1").value = [[1, "a"], [2, "b"]]
    assert entries.range("J1:K2").value == [[1.0, "a"], [2.0, "b"]]


def test_values_come_in_the_dimensions_asked_for(entries: xw.Sheet) -> None:
    for address, dimensions, shape in (
        ("C6", 1, [1.5]),
        ("C6", 2, [[1.5]]),
        ("C6:C7", 1, [1.5, 2.0]),
        ("C6:C7", 2, [[1.5], [2.0]]),
        ("C6:D6", 1, [1.5, 100.0]),
        ("C6:D6", 2, [[1.5, 100.0]]),
        ("C6:D7", 2, [[1.5, 100.0], [2.0, 80.0]]),
    ):
        assert entries.range(address).options(ndim=dimensions).value == shape


def test_an_error_is_none_or_its_text(entries: xw.Sheet) -> None:
    entries.range("J1:K1").formula = [["=1/0", '=MATCH("no",A6:A8,0)']]
    cells = entries.range("J1:K1")
    assert cells.value == [None, None]
    assert cells.options(err_to_str=True).value == ["#DIV/0!", "#N/A"]


def test_a_long_block_comes_back_quickly(entries: xw.Sheet) -> None:
    day = dt.datetime(2026, 1, 5)
    rows = [
        [f"{n:05}", "Bill", n / 4, day + dt.timedelta(n), n % 2 == 0, None] for n in range(3_000)
    ]
    cells = entries.range("J20").resize(3_000, 6)
    entries.range("J20").resize(3_000, 1).number_format = "@"
    started = time.perf_counter()
    cells.value = rows
    assert cells.value == rows
    assert time.perf_counter() - started < 10


CELL_VALUES = st.one_of(
    st.floats(-1e15, 1e15).filter(lambda number: number == 0 or abs(number) > 1e-300),
    st.booleans(),
    st.none(),
    st.datetimes(dt.datetime(1901, 1, 1), dt.datetime(2200, 1, 1)).map(
        lambda moment: moment.replace(microsecond=0)
    ),
    st.text(
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"),
        min_size=1,
    ).map(lambda text: f"a{text}"),
)


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.lists(CELL_VALUES, min_size=2, max_size=2), min_size=2, max_size=30))
def test_what_is_written_is_read_back(entries: xw.Sheet, rows: list[list[object]]) -> None:
    entries.range("J20:K60").clear()
    cells = entries.range("J20").resize(len(rows), 2)
    cells.value = rows
    assert cells.value == rows


def test_a_control_character_is_refused_before_anything_is_written(entries: xw.Sheet) -> None:
    cells = entries.range("J1:J2")
    with pytest.raises(TextNotStorable, match=r"Entries!J2 .* U\+0007"):
        cells.value = [["fine"], ["bell\a"]]
    assert cells.value == [None, None]


def test_a_text_longer_than_a_cell_is_refused(entries: xw.Sheet) -> None:
    with pytest.raises(TextNotStorable, match="32,767"):
        entries.range("J1").value = "x" * 32_768


@pytest.mark.parametrize("value", [float("nan"), float("inf"), dt.datetime(1850, 1, 1)])
def test_what_no_cell_can_hold_is_refused(entries: xw.Sheet, value: object) -> None:
    with pytest.raises(ValueNotStorable, match="Entries!K1"):
        entries.range("J1:K1").value = [1, value]
    assert entries.range("J1").value is None
