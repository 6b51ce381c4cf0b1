"""What a cell can hold, whatever the host."""

import datetime as dt
import math
import re
from collections.abc import Callable

from timix_xl.hosts.areas import Area, quoted
from timix_xl.hosts.refusals import TextNotStorable, ValueNotStorable

LONGEST = 32_767
REFUSED_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def check(value: object, place: Callable[[], str]) -> None:
    """Refuse a value that no cell can hold, before anything is written."""
    if isinstance(value, str):
        check_text(value, place)
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueNotStorable(cell=place(), value=value, why="it is not a finite number")
    elif isinstance(value, dt.datetime) and (value.year < 1900 or value.tzinfo is not None):
        why = "it has a time zone" if value.tzinfo else "Excel's calendar starts in 1900"
        raise ValueNotStorable(cell=place(), value=value, why=why)


def check_text(text: str, place: Callable[[], str]) -> None:
    """Refuse a text that a cell cannot hold."""
    count = length(text)
    if count > LONGEST:
        why = f"it has {count:,} characters, a cell takes {LONGEST:,}"
        raise TextNotStorable(cell=place(), why=why)
    if bad := REFUSED_CHARACTERS.search(text):
        why = f"character {bad.start() + 1} is the control character U+{ord(bad[0]):04X}"
        raise TextNotStorable(cell=place(), why=why)


def length(text: str) -> int:
    """Count characters as Excel does, in UTF-16: most emoji are two.

    >>> length("ab"), length("a😀")
    (2, 3)
    """
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def place_of(sheet: str, row: int, column: int) -> str:
    """Name a cell with its sheet, as in a message.

    >>> place_of("Frame orders", 2, 1)
    "'Frame orders'!A2"
    """
    return f"{quoted(sheet)}!{Area(row, column, row, column).ref}"
