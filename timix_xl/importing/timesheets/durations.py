"""Read durations and numbers of an export, whatever decimal mark its country uses."""

import re
from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

from timix_xl.domain.money import QUANTITY_PLACES, ZERO, quantized
from timix_xl.importing import faults
from timix_xl.importing.faults import CellRefused, shown

_CLOCK = re.compile(r"(-?)([0-9]{1,6}):([0-5][0-9])(?::([0-5][0-9]))?")
_PLAIN = re.compile(r"-?[0-9]{1,15}")
_ONE_MARK = re.compile(r"(-?[0-9]{1,15})([.,])([0-9]{1,10})")
_GROUPED = re.compile(r"-?[0-9]{1,3}(?:([.,])[0-9]{3})(?:\1[0-9]{3}){0,3}(?:([.,])([0-9]{1,10}))?")
_SPACES = re.compile(r"(?<=[0-9])[ \u00a0\u202f'\u2019](?=[0-9]{3})")
_THREE = 3


class Mark(StrEnum):
    """What stands before the decimals."""

    POINT = "."
    COMMA = ","


def hours_of_clock(text: str) -> Decimal | None:
    """Return the hours of H:MM or H:MM:SS, rounded half up to four decimals; None if it is neither.

    >>> hours_of_clock("1:20"), hours_of_clock("00:00:01"), hours_of_clock("1.5")
    (Decimal('1.3333'), Decimal('0.0003'), None)
    """
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        return None
    sign, hours, minutes, seconds = found.groups()
    whole = int(hours) * 3600 + int(minutes) * 60 + int(seconds or 0)
    exact = Decimal(-whole if sign else whole) / 3600
    return quantized(exact, QUANTITY_PLACES)


def hours_of(text: str, mark: Mark | None) -> Decimal:
    """Return the hours of a clock duration or a number, rounded half up to four decimals."""
    hours = hours_of_clock(text)
    return quantized(number_of(text, mark), QUANTITY_PLACES) if hours is None else hours


def number_of(text: str, mark: Mark | None) -> Decimal:
    """Read a number; `mark` is the decimal mark that the rest of the file shows."""
    digits = _SPACES.sub("", text.strip())
    if _PLAIN.fullmatch(digits):
        return Decimal(digits) + ZERO
    shows = mark_of(digits)
    one = _ONE_MARK.fullmatch(digits)
    if one and shows is None:  # 1.234 and 1,234: one mark before three digits
        return _told_by_others(text, one, mark)
    if shows is None:
        raise CellRefused(faults.NOT_A_NUMBER, value=shown(text))
    other = Mark.COMMA if shows is Mark.POINT else Mark.POINT
    return Decimal(digits.replace(other, "").replace(shows, ".")) + ZERO


def _told_by_others(text: str, found: "re.Match[str]", mark: Mark | None) -> Decimal:
    whole, own, decimals = found.groups()
    if mark is None and own == Mark.POINT:
        mark = Mark.POINT
    if mark is None:
        facts = {"value": shown(text), "one": f"{whole}.{decimals}", "other": f"{whole}{decimals}"}
        raise CellRefused(faults.NUMBER_COULD_BE_TWO, **facts)
    return Decimal(f"{whole}.{decimals}" if own == mark else f"{whole}{decimals}") + ZERO


def mark_of(text: str) -> Mark | None:
    """Return the decimal mark that a number proves, if it does."""
    one = _ONE_MARK.fullmatch(text)
    if one:
        is_group = len(one[3]) == _THREE and len(one[1].lstrip("-")) <= _THREE and int(one[1])
        return None if is_group else Mark(one[2])
    many = _GROUPED.fullmatch(text)
    if many is None or many[2] == many[1]:
        return None
    if many[2]:
        return Mark(many[2])
    return Mark.COMMA if many[1] == Mark.POINT else Mark.POINT


def mark_among(texts: Iterable[str]) -> Mark | None:
    """Return the decimal mark that the numbers of a file agree on."""
    shown_marks = {mark_of(_SPACES.sub("", text.strip())) for text in texts} - {None}
    return shown_marks.pop() if len(shown_marks) == 1 else None
