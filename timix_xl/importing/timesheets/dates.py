"""Read dates and times of an export; the order of day and month is known or asked, never guessed."""

import re
from collections.abc import Iterable
from datetime import date, time
from enum import StrEnum

from timix_xl.domain.periods import YEARS
from timix_xl.importing import faults
from timix_xl.importing.faults import CellRefused, shown
from timix_xl.importing.refusals import DateOrderUnclear, DatesConverted

_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?:[ T]00:00(?::00)?)?")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")
_TIME = re.compile(r"([0-9]{1,2}):([0-5][0-9])(?::([0-5][0-9]))?\s*(?:([AaPp])\.?[Mm]\.?)?")
_MONTHS = 12
_NOON = 12
_HOURS = 24


class DateOrder(StrEnum):
    """Which of day and month is written first where the year is last."""

    DMY = "dmy"
    MDY = "mdy"


def order_among(file: str, texts: Iterable[str], given: DateOrder | None) -> DateOrder | None:
    """Return the order of a file's dates: as given, else as one that has only one reading shows.

    None if no date of the file leaves a choice. Dates with dots are written day first everywhere.
    A spreadsheet program that opens slashed dates in the other order converts those that fit, and
    swaps day and month: a file with both kinds has no order. Raises DateOrderUnclear,
    DatesConverted.
    """
    texts = tuple(texts)
    _refuse_converted(file, texts)
    if given is not None:
        return given
    unclear, proofs = "", dict[DateOrder, str]()
    for text in texts:
        found = _YEAR_LAST.fullmatch(text.strip())
        if found is None or found[2] == "." or found[1] == found[3]:
            continue
        first, second = int(found[1]), int(found[3])
        if first > _MONTHS or second > _MONTHS:
            proofs.setdefault(DateOrder.DMY if first > _MONTHS else DateOrder.MDY, text)
        else:
            unclear = unclear or text
    if len(proofs) > 1:
        day, month = (shown(proofs[order]) for order in (DateOrder.DMY, DateOrder.MDY))
        why = f"{day} has the day first and {month} the month"
        raise DateOrderUnclear(file=file, why=why)
    if unclear and not proofs:
        raise DateOrderUnclear(file=file, why=_two_readings(unclear))
    return next(iter(proofs), None)


def _refuse_converted(file: str, texts: Iterable[str]) -> None:
    slashed = other = ""
    for text in texts:
        found = _YEAR_LAST.fullmatch(text.strip())
        if found and found[2] != ".":
            slashed = slashed or text
        elif found or _YEAR_FIRST.fullmatch(text.strip()):
            other = other or text
        if slashed and other:
            raise DatesConverted(file=file, slashed=shown(slashed), other=shown(other))


def _two_readings(text: str) -> str:
    day, month = (day_of(text, order) for order in DateOrder)
    one, other = (f"{read.day} {read:%B %Y}" for read in (day, month))
    return f"{shown(text)} could be {one} or {other}"


def day_of(text: str, order: DateOrder | None) -> date:
    """Read a date; the order holds where the year is last and no dots stand in it."""
    text = text.strip()
    if found := _YEAR_FIRST.fullmatch(text):
        return _day(text, found[1], found[3], found[4])
    found = _YEAR_LAST.fullmatch(text)
    if found is None:
        raise CellRefused(faults.NOT_A_DATE, value=shown(text))
    day, month = found[1], found[3]
    if order is DateOrder.MDY and found[2] != ".":
        day, month = month, day
    if int(month) > _MONTHS >= int(day):
        first = "month" if order is DateOrder.MDY else "day"
        raise CellRefused(faults.OTHER_DATE_ORDER, value=shown(text), first=first)
    return _day(text, found[4], month, day)


def _day(text: str, year: str, month: str, day: str) -> date:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        found = date.min
    if not YEARS[0] <= found.year <= YEARS[1]:
        raise CellRefused(faults.NOT_A_DATE, value=shown(text))
    return found


def time_of(text: str) -> time:
    """Read a time of day, of 24 hours or with AM and PM."""
    found = _TIME.fullmatch(text.strip())
    hour = int(found[1]) if found else _HOURS
    half = found[4].lower() if found and found[4] else ""
    if half:
        hour = hour % _NOON + (_NOON if half == "p" else 0) if 1 <= hour <= _NOON else _HOURS
    if found is None or hour >= _HOURS:
        raise CellRefused(faults.NOT_A_TIME, value=shown(text))
    return time(hour, int(found[2]), int(found[3] or 0))
