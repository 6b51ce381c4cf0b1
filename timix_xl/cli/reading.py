"""What people type: dates, amounts, lists of ids."""

import datetime as dt
import re
from collections.abc import Iterable
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

from timix_xl.domain.periods import YEARS
from timix_xl.errors import BadArgument

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,13}(\.\d{1,6})?", re.ASCII)


def day(text: str, argument: str) -> dt.date:
    """Read YYYY-MM-DD; raises BadArgument."""
    with suppress(ValueError):  # a date that no calendar has is told below, like any other text
        found = dt.date.fromisoformat(text if _DAY.fullmatch(text) else "")
        if YEARS[0] <= found.year <= YEARS[1]:
            return found
    raise BadArgument(argument=argument, value=text, expected="a date", example="2026-01-31")


def optional_day(text: str | None, argument: str) -> dt.date | None:
    """Read a date that may be left out."""
    return None if text is None else day(text, argument)


def number(text: str, argument: str) -> Decimal:
    """Read a plain decimal number; raises BadArgument on 1e3, 1_0 and the like."""
    if not _NUMBER.fullmatch(text.strip()):
        raise BadArgument(argument=argument, value=text, expected="a number", example="120.50")
    return Decimal(text.strip())


def whole_number(text: str | None, argument: str) -> int | None:
    """Read a whole number that may be left out."""
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,4}", text, re.ASCII):
        raise BadArgument(argument=argument, value=text, expected="a whole number", example="30")
    return int(text)


def ids(texts: Iterable[str]) -> list[str]:
    """Read comma-separated, repeated ids; empty ones fall out."""
    return [one.strip() for text in texts for one in text.split(",") if one.strip()]


def quantities(texts: Iterable[str], argument: str) -> dict[str, Decimal]:
    """Read ID=N, comma-separated and repeated; raises BadArgument."""
    found = {}
    for one in ids(texts):
        entry, equals, text = one.rpartition("=")
        if not equals or not entry.strip():
            expected = "an entry with a quantity"
            raise BadArgument(argument=argument, value=one, expected=expected, example="E1=3.5")
        found[entry.strip()] = number(text, argument)
    return found


def is_there(path: Path) -> bool:
    """Whether there is such a file or folder; there is none of a name that is far too long."""
    with suppress(OSError):
        return path.exists()
    return False


def is_file(target: str) -> bool:
    """Whether an argument that may be a customer or a workbook is a workbook."""
    return target.lower().endswith((".xlsx", ".xlsm"))
