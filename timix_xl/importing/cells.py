"""Read one cell: text or a JSON value becomes a number, a date, a choice, a clean text."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any, TypeAlias

from babel import localedata

from timix_xl.domain.money import PERCENT_PLACES, QUANTITY_PLACES, RATE_PLACES, ZERO
from timix_xl.domain.periods import YEARS
from timix_xl.importing import faults
from timix_xl.importing.faults import CellRefused, shown

Reader: TypeAlias = Callable[[Any], Any]

CODE_LENGTH = 64
ENTRY_ID_LENGTH = 128
"""Longer than a code: the parts of an entry add to its id."""
NAME_LENGTH = 200
TEXT_LENGTH = 10_000
_SIGNIFICANT = 15
_NUMBER = re.compile(r"-?[0-9]+(?:\.([0-9]+))?")
_PERCENTAGE = re.compile(r"-?[0-9][0-9.,]* ?%")
_COMMA = re.compile(r"-?[0-9][0-9.' \u00a0]*,[0-9]+")
_BETWEEN_WORDS = re.compile(r"\s*[,;\s]\s*")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_NEVER = ("Cc", "Cs")
_NEVER_IN_CODES = (*_NEVER, "Cf", "Zl", "Zp")


class NumberText(str):
    """A number of a JSON file, as it is written there."""

    __slots__ = ()


class Constant(str):
    """NaN or Infinity: Python's JSON reads them, we do not."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Unusable:
    """A cell of a workbook whose value cannot be relied on; `what` stands in it instead."""

    what: str


def is_absent(value: object) -> bool:
    """Whether a cell is empty: null, or a text of blanks."""
    return value is None or (isinstance(value, str) and not value.strip())


def number(places: int, *, low: str, high: str) -> Reader:
    """Read a number with at most so many decimals, within bounds (both inclusive)."""
    lowest, highest = Decimal(low), Decimal(high)

    def read(value: Any) -> Decimal:
        found = _decimal(value)
        check_decimals(found, places)
        if not lowest <= found <= highest:
            raise CellRefused(faults.OUT_OF_RANGE, value=shown(value), low=low, high=high)
        return found

    return read


def check_decimals(value: Decimal, places: int) -> None:
    """Refuse a number with more decimals than are kept."""
    if value != (kept := value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)):
        raise CellRefused(
            faults.TOO_MANY_DECIMALS, value=value, places=places, example=format(kept, "f")
        )


def _decimal(value: Any) -> Decimal:
    text = value.strip() if isinstance(value, str) else ""
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise CellRefused(_why_no_number(text), value=shown(value))
    if match.group(1):
        text = text.rstrip("0").rstrip(".")
    digits = len(text.lstrip("-0.").replace(".", ""))
    if digits > _SIGNIFICANT:
        raise CellRefused(faults.TOO_MANY_DIGITS, value=shown(text), digits=digits)
    return Decimal(text) + ZERO  # never minus zero


def _why_no_number(text: str) -> faults.FaultKind:
    if _PERCENTAGE.fullmatch(text):
        return faults.IS_A_PERCENTAGE
    return faults.DECIMAL_COMMA if _COMMA.fullmatch(text) else faults.NOT_A_NUMBER


QUANTITY = number(QUANTITY_PLACES, low="-9999999.9999", high="9999999.9999")
RATE = number(RATE_PLACES, low="0", high="999999999.999999")
_PERCENT: Callable[[Any], Decimal] = number(PERCENT_PLACES, low="0", high="100")
AMOUNT = number(4, low="-999999999999", high="999999999999")
"""An amount of money; its currency's decimals are checked once the currency is known."""
POSITIVE_HOURS = number(QUANTITY_PLACES, low="0.0001", high="99999999.9999")
POSITIVE_AMOUNT = number(4, low="0.0001", high="999999999999")


def whole(low: int, high: int) -> Reader:
    """Read a whole number within bounds."""
    read = number(0, low=str(low), high=str(high))
    return lambda value: int(read(value))


def percent(value: Any) -> Decimal:
    """Read a percentage; a % behind it says the same, as the cells of a workbook show it."""
    return _PERCENT(value.strip().removesuffix("%") if type(value) is str else value)


def day(value: Any) -> date:
    """Read a date, year-month-day only."""
    text = value.strip() if isinstance(value, str) else ""
    try:
        found = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None or not YEARS[0] <= found.year <= YEARS[1]:
        raise CellRefused(faults.NOT_A_DATE, value=shown(value))
    return found


def truth(value: Any) -> bool:
    """Read true or false; in a CSV also yes, no, 1 and 0."""
    if isinstance(value, bool):
        return value
    found = _TRUTH.get(value.strip().lower()) if type(value) is str else None
    if found is None:
        raise CellRefused(faults.NOT_TRUE_OR_FALSE, value=shown(value))
    return found


def choice(members: Iterable[StrEnum]) -> Reader:
    """Read one of a closed set of words; case and hyphens do not matter."""
    by_word = {member.value.lower(): member for member in members}

    def read(value: Any) -> StrEnum:
        word = value.strip().lower().replace("-", "_") if isinstance(value, str) else None
        if word not in by_word:
            choices = ", ".join(member.value for member in by_word.values())
            raise CellRefused(faults.NOT_A_CHOICE, value=shown(value), choices=choices)
        return by_word[word]

    return read


NO_WORDS = "none"
"""What stands in a cell that has to be filled in and names nothing."""


def words(members: Iterable[StrEnum]) -> Reader:
    """Read any number of a closed set of words: a list of them, or one text with commas.

    They come in the order of the set, each once; `none` is none of them.
    """
    ordered = tuple(members)
    read_one = choice(ordered)

    def read(value: Any) -> tuple[StrEnum, ...]:
        if not isinstance(value, list):
            text = _string(value).strip()
            value = [] if text.lower() == NO_WORDS else _BETWEEN_WORDS.split(text.strip(",; "))
        named = {read_one(one) for one in value}
        return tuple(one for one in ordered if one in named)

    return read


def code(value: Any) -> str:
    """Read a code or an id: one line, trimmed, composed characters."""
    return _within(_code(value), CODE_LENGTH)


def entry_id(value: Any) -> str:
    """Read the id of an entry, as a code."""
    return _within(_code(value), ENTRY_ID_LENGTH)


def _code(value: Any) -> str:
    text = _string(value).strip()
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    _check_characters(text, _NEVER_IN_CODES)
    return text


def name(value: Any) -> str:
    """Read a name: one line, trimmed, composed characters."""
    text = unicodedata.normalize("NFC", _string(value).strip())
    _check_characters(text, _NEVER)
    return _within(text, NAME_LENGTH)


def description(value: Any) -> str:
    """Read a text of several lines; line ends become one kind."""
    text = unicodedata.normalize("NFC", _lines(_string(value)))
    _check_characters(text.replace("\n", " ").replace("\t", " "), _NEVER)
    return _within(text, TEXT_LENGTH)


def formula(value: Any) -> str:
    """Read a formula as it is typed; its length and its sense are checked with its rule."""
    text = unicodedata.normalize("NFC", _lines(_string(value)).strip())
    _check_characters(text.replace("\n", " ").replace("\t", " "), _NEVER)
    return text


def address(value: Any) -> str:
    """Read street lines: a list of texts, or one text with line ends."""
    if not isinstance(value, list):
        return description(value)
    return "\n".join(name(line) for line in value if not is_absent(line))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _string(value: Any) -> str:
    if type(value) is not str:
        raise CellRefused(faults.NOT_TEXT, value=shown(value))
    return value


def _check_characters(text: str, never: tuple[str, ...]) -> None:
    if text.isprintable() and text.isascii():
        return
    for one in text:
        if unicodedata.category(one) in never:
            raise CellRefused(faults.CONTROL_CHARACTER, value=f"U+{ord(one):04X}")


def _within(text: str, limit: int) -> str:
    if len(text) > limit:
        raise CellRefused(faults.TEXT_TOO_LONG, length=len(text), limit=limit)
    return text


def _shaped(pattern: str, kind: faults.FaultKind) -> Reader:
    shape = re.compile(pattern)

    def read(value: Any) -> str:
        text = _string(value).strip()
        if not shape.fullmatch(text):
            raise CellRefused(kind, value=shown(text))
        return text

    return read


currency = _shaped("[A-Z]{3}", faults.NOT_A_CURRENCY)
country = _shaped("[A-Z]{2}", faults.NOT_A_COUNTRY)
colour = _shaped("#[0-9A-Fa-f]{6}", faults.NOT_A_COLOUR)
_locale = _shaped("[A-Za-z]{2,3}(?:[_-][A-Za-z]{2,4})?(?:[_-][A-Z]{2})?", faults.NOT_A_LOCALE)


def locale(value: Any) -> str:
    """Read a language with perhaps a country, as Babel knows it."""
    text: str = _locale(value).replace("-", "_")
    if not localedata.exists(text):
        raise CellRefused(faults.NOT_A_LOCALE, value=text)
    return text
