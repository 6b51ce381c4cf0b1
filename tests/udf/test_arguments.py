"""What a cell says to a function; the error values of every Excel are passed on."""

from decimal import Decimal
from typing import Any

import pytest

from timix_xl.udf.arguments import Unanswered, checked

OLD = (2000, 2007, 2015, 2023, 2029, 2036)
NEW = (2043, 2045, 2046, 2047, 2048, 2049, 2050, 2058)
"""#GETTING_DATA, #SPILL!, #CONNECT!, #BLOCKED!, #UNKNOWN!, #FIELD!, #CALC!, room for more."""


def as_com_gives(number: int) -> int:
    """Return an error value of Excel as COM hands it over."""
    return number + 0x800A0000 - 2**32


@pytest.mark.parametrize("number", [*OLD, *NEW])
def test_an_error_value_of_any_excel_is_passed_on(number: int) -> None:
    with pytest.raises(Unanswered) as none:
        checked(as_com_gives(number))
    assert none.value.text == "#VALUE!"


@pytest.mark.parametrize("cell", [as_com_gives(2042), "#N/A"])
def test_not_available_stays_not_available(cell: Any) -> None:
    with pytest.raises(Unanswered) as none:
        checked(cell)
    assert none.value.text == "#N/A"


@pytest.mark.parametrize(
    "cell", [4711, -1, as_com_gives(1999), as_com_gives(2059), "FO-2", "", None, True, 7.5]
)
def test_what_is_no_error_value_stays_as_it_is(cell: Any) -> None:
    assert checked(cell) is cell


def test_what_is_formatted_as_a_currency_is_a_number() -> None:
    assert checked(Decimal("7.50")) == 7.5
