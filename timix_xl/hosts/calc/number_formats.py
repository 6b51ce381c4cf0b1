"""Number formats: Excel's codes and LibreOffice's keys, and which cells have which."""

import re
from collections.abc import Iterator
from typing import Any
from weakref import WeakKeyDictionary

from timix_xl.hosts.areas import Area
from timix_xl.hosts.calc.addresses import area_of

GENERAL = 0
TEXT_CODE = "@"
DATE_CODE = "yyyy-mm-dd"
DATE_AND_TIME_CODE = "yyyy-mm-dd hh:mm:ss"

# com.sun.star.util.NumberFormat and NumberFormatIndex
_DATE, _TIME, _TEXT, _LOGICAL = 2, 4, 256, 1024
_WITH_THOUSANDS = 4

_COLOURS = re.compile(
    r"\[(black|blue|cyan|green|magenta|red|white|yellow|color ?\d+)\]", re.IGNORECASE
)
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_PIECES = re.compile(
    r"""
    (?P<kept>"[^"]*" | \\. | [_*]. | AM/PM | A/P | General | E[+-])
  | (?P<bracket>\[[^\]]*\])
  | (?P<letter>[YMDHS])
    """,
    re.VERBOSE,
)
_known: "WeakKeyDictionary[Any, NumberFormats]" = WeakKeyDictionary()


class NumberFormats:
    """The number formats of one book; what was asked once is known."""

    def __init__(self, book: Any) -> None:
        self._xl = book.doc.NumberFormats
        # Of no language: with one, files would say which in front of each code.
        self._here = book.connection.struct("com.sun.star.lang.Locale")
        self._english = book.connection.struct("com.sun.star.lang.Locale", "en", "US", "")
        self._codes = {GENERAL: "General"}
        self._types: dict[int, int] = {}
        self._keys = {"General": GENERAL}
        self.logical = int(self._xl.getStandardFormat(_LOGICAL, self._here))
        with_thousands = self._xl.getFormatIndex(_WITH_THOUSANDS, self._here)
        samples = [self._xl.getByKey(key).FormatString for key in (GENERAL, with_thousands)]
        self.is_english = samples == ["General", "#,##0.00"]

    def key(self, code: str) -> int:
        """Give the key of one of Excel's codes."""
        if code not in self._keys:
            self._keys[code] = self._new_key(code)
        return self._keys[code]

    def code(self, key: int) -> str:
        """Give Excel's code of a key."""
        if key not in self._codes:
            self._ask(key)
        return self._codes[key]

    def is_moment(self, key: int) -> bool:
        """Tell whether a number of this format is a date or a time of day."""
        return bool(self._type(key) & (_DATE | _TIME)) and not _ELAPSED.search(self.code(key))

    def is_logical(self, key: int) -> bool:
        """Tell whether a number of this format is TRUE or FALSE."""
        return self._type(key) == _LOGICAL

    def is_text(self, key: int) -> bool:
        """Tell whether a cell of this format takes everything as text."""
        return self._type(key) == _TEXT and self.code(key) == TEXT_CODE

    def _type(self, key: int) -> int:
        if key not in self._types:
            self._ask(key)
        return self._types[key]

    def _ask(self, key: int) -> None:
        there = self._xl.getByKey(key)
        self._types[key] = there.Type & ~1  # whether somebody defined it does not matter
        if key == GENERAL or self.is_logical(key):
            self._codes[key] = "General"
            return
        code = there.FormatString
        if not self.is_english:
            english = self._xl.addNewConverted(code, there.Locale, self._english)
            code = self._xl.getByKey(english).FormatString
        self._codes[key] = in_excel(code)

    def _new_key(self, code: str) -> int:
        if not self.is_english:
            return int(self._xl.addNewConverted(code, self._english, self._here))
        key = int(self._xl.queryKey(code, self._here, False))
        return key if key >= 0 else int(self._xl.addNew(code, self._here))


def number_formats(book: Any) -> NumberFormats:
    """Give the number formats of a book."""
    if book not in _known:
        _known[book] = NumberFormats(book)
    return _known[book]


def in_excel(code: str) -> str:
    """Spell a code as Excel does.

    >>> in_excel('YYYY-MM-DD HH:MM;[RED]"Y"0.0E+00'), in_excel("[H]:MM AM/PM")
    ('yyyy-mm-dd hh:mm;[Red]"Y"0.0E+00', '[h]:mm AM/PM')
    """
    spelled = _PIECES.sub(_piece_in_excel, code)
    # LibreOffice writes the part for texts, which is left out here, as an empty one into files.
    return spelled.removesuffix(";") if spelled.endswith(";;") else spelled


def key_of(xl: Any, *, is_one: bool = False) -> int | None:
    """Give the number format of cells, None if they differ; one cell cannot."""
    key = int(xl.NumberFormat)
    # LibreOffice says 0 of cells that differ, too.
    if (
        key == GENERAL
        and not is_one
        and xl.getPropertyState("NumberFormat").value == "AMBIGUOUS_VALUE"
    ):
        return None
    return key


def keys_in(xl: Any, area: Area) -> Iterator[tuple[Area, int]]:
    """Give the number formats of cells, each with the cells that have it."""
    key = key_of(xl, is_one=area.is_one_cell)
    if key is not None:
        yield area, key
        return
    groups = xl.getUniqueCellFormatRanges()
    for number in range(groups.Count):
        group = groups.getByIndex(number)
        key = int(group.NumberFormat)
        for address in group.RangeAddresses:
            yield area_of(address), key


def _piece_in_excel(match: re.Match[str]) -> str:
    text = match[0]
    if match["letter"]:
        return text.lower()
    if match["bracket"]:
        if _COLOURS.fullmatch(text):
            return f"[{text[1:-1].capitalize()}]"
        return text.lower() if _ELAPSED.fullmatch(text) else text
    return text
