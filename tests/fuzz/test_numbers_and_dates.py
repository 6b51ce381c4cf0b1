"""Number patterns, and numbers, dates and lists as people and programs write them."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.fuzz.damage import ODD_DATES, ODD_NUMBERS, odd_texts, odd_values
from tests.fuzz.running import bounded, for_long
from timix_xl.cli import reading
from timix_xl.domain.numbering import SeriesPattern
from timix_xl.domain.periods import YEARS, days_of_month
from timix_xl.errors import TimixError
from timix_xl.importing import cells
from timix_xl.importing.cells import NumberText
from timix_xl.importing.faults import CellRefused
from timix_xl.importing.timesheets import dates, durations
from timix_xl.importing.timesheets.dates import DateOrder
from timix_xl.importing.timesheets.durations import Mark

DIGITS = "0123456789.,:-/' \u00a0\u202fTeE+%APM"
texts = st.one_of(
    odd_texts,
    st.text(st.sampled_from(DIGITS), max_size=24),
    st.lists(st.sampled_from(("1", "12", "000", "999", ".", ",", " ", ":", "-")), max_size=40).map(
        "".join
    ),
    st.tuples(st.sampled_from(ODD_NUMBERS + ODD_DATES), st.sampled_from((",", "=", " ", "-", "")))
    .map("".join)
    .flatmap(lambda one: odd_texts.map(lambda other: one + other)),
)

# What a parser gives, as a check of it; anything else it may raise is a refusal.
Parser = tuple[Callable[[str], Any], Callable[[Any], bool]]


def _is_a_day(value: Any) -> bool:
    return isinstance(value, dt.date) and YEARS[0] <= value.year <= YEARS[1]


def _is_a_number(value: Any) -> bool:
    return isinstance(value, Decimal) and value.is_finite() and abs(value) < 10**26


def _is_a_month(value: Any) -> bool:
    return value is None or (value.first.day == 1 and YEARS[0] <= value.first.year <= YEARS[1])


PARSERS: dict[str, Parser] = {
    "day of an argument": (lambda text: reading.day(text, "--date"), _is_a_day),
    "number of an argument": (lambda text: reading.number(text, "--amount"), _is_a_number),
    "whole number": (lambda text: reading.whole_number(text, "N"), lambda one: 0 <= one <= 9999),
    "ids": (lambda text: reading.ids([text]), lambda some: all(one.strip() == one for one in some)),
    "quantities": (
        lambda text: reading.quantities([text], "--bill-qty"),
        lambda some: all(_is_a_number(one) for one in some.values()),
    ),
    "month": (days_of_month, _is_a_month),
    "time": (dates.time_of, lambda one: isinstance(one, dt.time)),
    "clock": (durations.hours_of_clock, lambda one: one is None or _is_a_number(one)),
    **{
        f"day of an export, {order}": (
            lambda text, order=order: dates.day_of(text, order),
            _is_a_day,
        )
        for order in (None, *DateOrder)
    },
    **{
        f"{name} of an export, {mark}": (
            lambda text, mark=mark, read=read: read(text, mark),
            _is_a_number,
        )
        for name, read in (("number", durations.number_of), ("hours", durations.hours_of))
        for mark in (None, *Mark)
    },
    "order of dates": (
        lambda text: dates.order_among("f.csv", [text, "01/02/2026"], None),
        lambda one: one in (None, *DateOrder),
    ),
}
CELLS: dict[str, tuple[Callable[[Any], Any], Callable[[Any], bool]]] = {
    "quantity": (cells.QUANTITY, _is_a_number),
    "rate": (cells.RATE, _is_a_number),
    "amount": (cells.AMOUNT, _is_a_number),
    "whole": (cells.whole(1, 365), lambda one: 1 <= one <= 365),
    "percent": (cells.percent, lambda one: 0 <= one <= 100),
    "day": (cells.day, _is_a_day),
    "truth": (cells.truth, lambda one: isinstance(one, bool)),
    "choice": (cells.choice(DateOrder), lambda one: one in DateOrder),
    "words": (cells.words(DateOrder), lambda some: all(one in DateOrder for one in some)),
    "code": (cells.code, lambda one: len(one) <= cells.CODE_LENGTH and "\0" not in one),
    "name": (cells.name, lambda one: len(one) <= cells.NAME_LENGTH and "\0" not in one),
    "description": (cells.description, lambda one: len(one) <= cells.TEXT_LENGTH),
    "formula": (cells.formula, lambda one: "\0" not in one),
    "address": (cells.address, lambda one: "\0" not in one),
    "currency": (cells.currency, lambda one: len(one) == 3),
    "country": (cells.country, lambda one: len(one) == 2),
    "colour": (cells.colour, lambda one: len(one) == 7),
    "locale": (cells.locale, lambda one: one.isascii()),
}


def _read(read: Callable[[Any], Any], holds: Callable[[Any], bool], value: Any) -> None:
    try:
        found = read(value)
    except (TimixError, CellRefused):
        return
    assert holds(found), found


def read_all(text: str) -> None:
    """Read a text in every way that there is."""
    with bounded(seconds=5):
        for read, holds in PARSERS.values():
            _read(read, holds, text)
        for value in (text, NumberText(text), [text, text]):
            read_cells(value)


def read_cells(value: Any) -> None:
    """Read a value as every kind of cell; what is read can be stored."""
    for read, holds in CELLS.values():
        _read(read, lambda found, holds=holds: holds(found) and _can_be_stored(found), value)


def _can_be_stored(value: Any) -> bool:
    return not isinstance(value, str) or value.encode("utf-8").decode("utf-8") == value


patterns = st.tuples(
    st.lists(
        st.one_of(
            st.sampled_from(
                (
                    "INV-",
                    "{year}",
                    "{seq}",
                    "{seq:05d}",
                    "{year:04d}",
                    "{seq:0d}",
                    "{seq:٣}",
                    "{",
                    "}",
                )
            ),
            odd_texts,
        ),
        max_size=6,
    ).map("".join),
    st.integers(*YEARS),
    st.one_of(st.integers(0, 10**12), st.just(10**18 - 1)),
    odd_texts,
)


def number_a_series(facts: tuple[str, int, int, str]) -> None:
    """Look at a pattern; a sound one reads back the numbers that it makes, and no others fail."""
    text, year, seq, other = facts
    pattern = SeriesPattern(text)
    with bounded(seconds=5):
        if pattern.problem():
            return
        number = pattern.number(year=year, seq=seq)
        assert pattern.parse(number) == (year if pattern.yearly else None, seq)
        pattern.parse(other)
        pattern.parse(number + other)
        assert pattern.may_collide_with(pattern)


@settings(max_examples=300)
@given(texts)
@example("9" * 5_000)
@example("1 000" * 1_000)
@example("1" + ".000" * 8)
@example("1" + ",000" * 9 + ".5")
@example("\ud800")
def test_a_text_is_read_or_refused(text: str) -> None:
    read_all(text)


@given(odd_values)
def test_a_value_is_read_or_refused(value: Any) -> None:
    read_cells(value)


@settings(max_examples=200)
@given(patterns)
@example(("A{seq}", 2026, 1, "A" + "9" * 5_000))
@example(("{seq}{year}", 2026, 1, ""))
@example(("{seq}{seq}", 2026, 1, ""))
def test_a_series_is_numbered_or_refused(facts: tuple[str, int, int, str]) -> None:
    number_a_series(facts)


@pytest.mark.long
def test_many_texts_are_read_or_refused() -> None:
    for_long(texts, read_all)


@pytest.mark.long
def test_many_values_are_read_or_refused() -> None:
    for_long(odd_values, read_cells)


@pytest.mark.long
def test_many_series_are_numbered_or_refused() -> None:
    for_long(patterns, number_a_series)
