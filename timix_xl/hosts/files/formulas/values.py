"""Values in formulas: how Excel turns one kind into another, compares and rounds them."""

import math
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal

from timix_xl.hosts.cell_values import CellError

Scalar = float | str | bool | CellError | None

NOT_AVAILABLE = CellError("#N/A")
DIVISION = CellError("#DIV/0!")
WRONG_KIND = CellError("#VALUE!")
WRONG_NAME = CellError("#NAME?")
WRONG_NUMBER = CellError("#NUM!")
WRONG_REFERENCE = CellError("#REF!")

_SIGNIFICANT_DIGITS = 15
_CANCELLED = 5e-16
_LARGEST_PLACES = 300


class Failed(Exception):  # it carries a cell's error, it is none of ours
    """A calculation whose result is an error value."""

    def __init__(self, error: CellError) -> None:
        super().__init__(str(error))
        self.error = error


class NotCalculatedError(Exception):
    """A formula beyond what is calculated here; the file's own result stands."""


def number(value: Scalar) -> float:
    """Take a value as a number: blank is 0, text that looks like a number is one."""
    if value is None:
        return 0.0
    if isinstance(value, CellError):
        raise Failed(value)
    if isinstance(value, str):
        return _number_in(value)
    return float(value)


def text(value: Scalar) -> str:
    """Take a value as text, numbers with at most 15 digits."""
    if value is None:
        return ""
    if isinstance(value, CellError):
        raise Failed(value)
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return general(value)


def general(value: float) -> str:
    """Spell a number as the format General does in full width."""
    if value.is_integer() and abs(value) < 10**_SIGNIFICANT_DIGITS:
        return str(int(value))
    return f"{value:.{_SIGNIFICANT_DIGITS}g}".replace("e", "E")


def truth(value: Scalar) -> bool:
    """Take a value as true or false."""
    if isinstance(value, CellError):
        raise Failed(value)
    if isinstance(value, str):
        known = {"true": True, "false": False}.get(value.casefold())
        if known is None:
            raise Failed(WRONG_KIND)
        return known
    return bool(value)


def ordered(left: Scalar, right: Scalar) -> int:
    """Compare as Excel sorts: numbers, then text without case, then FALSE, TRUE; -1, 0 or 1."""
    for value in (left, right):
        if isinstance(value, CellError):
            raise Failed(value)
    one, other = _sort_key(left, right), _sort_key(right, left)
    return (one > other) - (one < other)


def added(left: float, right: float) -> float:
    """Add, and take a rest in the last bits for nothing, as Excel does."""
    result = left + right
    if result and abs(result) < _CANCELLED * max(abs(left), abs(right)) * 2:
        return 0.0
    return finite(result)


def finite(value: float) -> float:
    """Give a number back, or #NUM! where it grew beyond all bounds."""
    if not math.isfinite(value):
        raise Failed(WRONG_NUMBER)
    return value


def rounded(value: float, places: float, how: str = ROUND_HALF_UP) -> float:
    """Round as one would on paper: halves away from zero, judged on 15 digits.

    >>> rounded(2.675, 2), rounded(-0.5, 0), rounded(1250, -2)
    (2.68, -1.0, 1300.0)
    """
    if not value or abs(places) > _LARGEST_PLACES:
        return value
    exact = Decimal(f"{value:.{_SIGNIFICANT_DIGITS}g}")
    step = Decimal(1).scaleb(-int(places))
    if exact.adjusted() - step.adjusted() > _LARGEST_PLACES or step.adjusted() < -_LARGEST_PLACES:
        return value
    count = (exact / step).quantize(Decimal(1), rounding=how) if _fits(exact, step) else None
    return value if count is None else float(count * step)


def rounded_up(value: float, places: float) -> float:
    """Round away from zero."""
    return rounded(value, places, ROUND_UP)


def rounded_down(value: float, places: float) -> float:
    """Round towards zero."""
    return rounded(value, places, ROUND_DOWN)


def _fits(exact: Decimal, step: Decimal) -> bool:
    """Tell whether there is a digit to round away within what Decimal counts with."""
    digits = exact.adjusted() - step.adjusted()
    return digits < _SIGNIFICANT_DIGITS + 2


def _number_in(value: str) -> float:
    stripped = value.strip()
    percent = stripped.endswith("%")
    digits = stripped.removesuffix("%").replace(",", "")
    try:
        result = float(digits)
    except ValueError:
        raise Failed(WRONG_KIND) from None
    if "_" in digits or not math.isfinite(result):
        raise Failed(WRONG_KIND)
    return result / 100 if percent else result


def _sort_key(value: Scalar, other: Scalar) -> tuple[int, float | str]:
    if value is None:
        # A blank is 0, "" or FALSE, as the other side needs it.
        value = "" if isinstance(other, str) else False if isinstance(other, bool) else 0.0
    if isinstance(value, bool):
        return 2, float(value)
    return (1, value.casefold()) if isinstance(value, str) else (0, value)
