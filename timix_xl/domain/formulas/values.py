"""Values of formulas: their types, the decimal context, and how they are written as text."""

import datetime as dt
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import StrEnum
from typing import Any

from timix_xl.domain.formulas.facts import Facts
from timix_xl.domain.formulas.refusals import CannotEvaluate
from timix_xl.domain.money import ZERO, plain

DIGITS = Context(prec=50, rounding=ROUND_HALF_UP, traps=[])
"""Fifty digits, and no trap of whoever calls: what cannot be calculated is found by looking."""

MOST_DIGITS = 15
"""Before the point; an amount with more of them is a slip of the pen."""

Getter = Callable[[Facts], Any]


class Type(StrEnum):
    """The four sorts of values; a whole formula yields a number or a text."""

    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    CONDITION = "condition"

    @property
    def worded(self) -> str:
        """With its article."""
        return f"a {self}"


def sound(number: Decimal) -> Decimal:
    """Return a number that can be billed, never minus zero; refuses an absurd one."""
    if not number:
        return ZERO
    if not number.is_finite() or number.adjusted() >= MOST_DIGITS:
        raise CannotEvaluate(f"the result has more than {MOST_DIGITS} digits before the point")
    return number


def number_in_words(number: Decimal) -> str:
    """Write a number in plain notation.

    >>> number_in_words(Decimal("1200.50")), number_in_words(Decimal("1E+3"))
    ('1200.5', '1000')
    """
    return plain(sound(number))


def date_in_words(day: dt.date) -> str:
    """Write a date as 2026-01-31."""
    return day.isoformat()


def as_it_is(text: str) -> str:
    """Write a text."""
    return text


IN_WORDS: dict[Type, Callable[[Any], str]] = {
    Type.NUMBER: number_in_words,
    Type.DATE: date_in_words,
    Type.TEXT: as_it_is,
}
"""How a value is joined to a text; a condition is not."""
