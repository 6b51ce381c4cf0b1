"""Reading numbers: what is written plainly is read exactly, and nothing else is a number."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timix_xl.domain.money import plain
from timix_xl.importing.cells import QUANTITY, NumberText
from timix_xl.importing.faults import CellRefused

QUANTITIES = st.decimals(min_value=-9_999_999, max_value=9_999_999, places=4)


@given(QUANTITIES)
def test_a_number_is_read_as_it_was_written(value: Decimal) -> None:
    for text in (plain(value), format(value, "f"), NumberText(plain(value)), f" {plain(value)} "):
        read = QUANTITY(text)
        assert read == value
        assert not (read.is_zero() and read.is_signed())


@given(st.text())
def test_what_does_not_look_like_a_number_is_none(text: str) -> None:
    if not re.fullmatch(r"\s*-?[0-9]+(\.[0-9]+)?\s*", text, re.ASCII):
        with pytest.raises(CellRefused):
            QUANTITY(text)


@given(QUANTITIES, st.integers(1, 9))
def test_a_decimal_too_many_is_refused_and_zeros_behind_are_not(value: Decimal, digit: int) -> None:
    text = format(value, "f")
    assert QUANTITY(f"{text}000") == value
    with pytest.raises(CellRefused):
        QUANTITY(f"{text}{digit}")
