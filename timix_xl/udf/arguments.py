"""Arguments: what a cell says to a function, or the error value that stands for it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from timix_xl.domain.money import QUANTITY_PLACES, plain
from timix_xl.udf.arrays import NOT_AVAILABLE, VALUE
from timix_xl.workbook.cells import day_of, number_of, text_of

_NOT_AVAILABLE_NUMBER = -2146826246
_ERRORS = {
    *range(-2146826288, -2146826229),
    *("#NULL!", "#DIV/0!", VALUE, "#REF!", "#NAME?", "#NUM!"),
}
"""The error values of cells: as COM hands over #NULL! (2000) and all later ones, and as xlwings
words those that it knows. Newer Excels have more of them, from #SPILL! (2045) on."""
_SERIAL_EPOCH = dt.date(1899, 12, 30)
_LAST_SERIAL = 2_958_465
"""The last day that Excel knows, 31 December 9999."""


class Unanswered(Exception):
    """One element has no answer; `text` is the error value that stands for it."""

    def __init__(self, text: str = NOT_AVAILABLE) -> None:
        self.text = text
        super().__init__(text)


@dataclass(frozen=True, slots=True)
class Takes:
    """What an argument takes: its description, and how its cells are read.

    Where the cell of a key is blank nothing is asked, and the answer is a blank text.
    """

    description: str
    read: Callable[[Any], Any]
    is_key: bool = False


def key(description: str) -> Takes:
    """Take the code, number or id that an answer is about."""
    return Takes(description, _code, is_key=True)


def code(description: str) -> Takes:
    """Take another code; a blank cell is an empty text."""
    return Takes(description, _code)


def day(description: str) -> Takes:
    """Take a day: a date, its serial number, or text as 2026-01-31."""
    return Takes(description, _day)


def optional_day(description: str) -> Takes:
    """Take a day, or None where the cell is blank."""
    return Takes(description, lambda value: None if is_blank(value) else _day(value))


def quantity(description: str) -> Takes:
    """Take a quantity as text, without the noise of floats; what is no number stays as it is."""
    return Takes(description, _quantity)


def is_blank(value: Any) -> bool:
    """Whether a cell holds nothing that can be seen."""
    return value is None or (isinstance(value, str) and not value.strip())


def checked(value: Any) -> Any:
    """Return the value of a cell; raises Unanswered where it holds an error value.

    Excel hands over what is formatted as a currency as a decimal: it is a number like any other.
    """
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, str | int) and not isinstance(value, bool):
        _pass_on(value)
    return value


def _pass_on(value: str | int) -> None:
    if value in (NOT_AVAILABLE, _NOT_AVAILABLE_NUMBER):
        raise Unanswered
    if value in _ERRORS:
        raise Unanswered(VALUE)


def _code(value: Any) -> str:
    """Read a code: 4711 typed as a number is the text 4711."""
    return text_of(value).strip()


def _day(value: Any) -> dt.date:
    if isinstance(value, float | int) and not isinstance(value, bool) and 0 < value <= _LAST_SERIAL:
        value = _SERIAL_EPOCH + dt.timedelta(days=int(value))
    found = day_of(value)
    if found is None:
        raise Unanswered(VALUE)
    return found


def _quantity(value: Any) -> str:
    number = number_of(value, QUANTITY_PLACES)
    return text_of(value).strip() if number is None else plain(number)
