"""Durations and numbers of exports: exact, in either country's writing, never guessed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timix_xl.importing.faults import CellRefused
from timix_xl.importing.timesheets.durations import (
    Mark,
    hours_of,
    hours_of_clock,
    mark_among,
    number_of,
)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("7:30", "7.5"),
        ("01:20:00", "1.3333"),
        ("00:00:01", "0.0003"),
        ("0:10", "0.1667"),
        ("123:45", "123.75"),
        ("-0:45", "-0.75"),
        ("1.5", "1.5"),
        ("1.33335", "1.3334"),
    ],
)
def test_a_duration_is_hours_to_four_decimals(text: str, hours: str) -> None:
    assert hours_of(text, None) == Decimal(hours)


@given(st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))
def test_a_clock_duration_is_off_by_less_than_a_second(
    hours: int, minutes: int, seconds: int
) -> None:
    read = hours_of_clock(f"{hours}:{minutes:02}:{seconds:02}")
    assert read is not None
    assert abs(read * 3600 - (hours * 3600 + minutes * 60 + seconds)) <= Decimal("0.18")


@pytest.mark.parametrize("text", ["1:60", "1:2", "1:20:00:00", ":30", "1.5 h", "", "1:30 h"])
def test_what_is_no_clock_duration_is_none(text: str) -> None:
    assert hours_of_clock(text) is None


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["1,5", "2"], Mark.COMMA),
        (["1.234,50", "1.234"], Mark.COMMA),
        (["1.5"], Mark.POINT),
        (["1,234.50", "1,234"], Mark.POINT),
        (["0,125"], Mark.COMMA),
        (["1.234.567"], Mark.COMMA),
        (["1,234", "2"], None),
        (["1,5", "1.5"], None),
    ],
)
def test_the_numbers_of_a_file_show_their_decimal_mark(texts: list[str], mark: Mark | None) -> None:
    assert mark_among(texts) is mark


@pytest.mark.parametrize(
    ("text", "mark", "number"),
    [
        ("3,50", None, "3.5"),
        ("1.234,50", None, "1234.5"),
        ("1,234.50", None, "1234.5"),
        ("1.234", Mark.COMMA, "1234"),
        ("1,234", Mark.COMMA, "1.234"),
        ("1,234", Mark.POINT, "1234"),
        ("1.234", None, "1.234"),
        ("12 345,5", None, "12345.5"),
        ("-2", None, "-2"),
    ],
)
def test_a_number_is_read_as_its_file_writes_it(text: str, mark: Mark | None, number: str) -> None:
    assert number_of(text, mark) == Decimal(number)


def test_a_number_with_two_readings_is_asked_about() -> None:
    with pytest.raises(CellRefused) as caught:
        number_of("1,234", None)
    assert caught.value.kind.code == "IMP-91"
    assert caught.value.facts == {"value": "1,234", "one": "1.234", "other": "1234"}


@pytest.mark.parametrize("text", ["NaN", "1e3", "1_0", "８", "8.5 h", "1.2.3", "1,2,3", "--1", ""])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(CellRefused) as caught:
        number_of(text, None)
    assert caught.value.kind.code == "IMP-12"
