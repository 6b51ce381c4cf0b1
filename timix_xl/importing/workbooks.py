"""Read a workbook (.xlsx) from outside: every sheet's rows, each cell as the text it stands for."""

import io
import re
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import repeat
from pathlib import Path
from typing import Any, TypeAlias
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.cell_range import CellRange

from timix_xl.importing import preflight
from timix_xl.importing.cells import Unusable, is_absent

CellText: TypeAlias = str | Unusable | None
"""A number as digits with a dot, with a % if its cell shows one (0.19 as 19%); a date as
2026-01-31, a time or duration as 8:30:00, true."""

_SIGNIFICANT = 15  # what a spreadsheet keeps of a number
_PERCENT_FORMATS = frozenset({9, 10})  # of those that every spreadsheet program has
_FIRST_OWN_FORMAT = 164
_LITERAL = re.compile(r'"[^"]*"|[\\_*].')
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_LONGEST_FORMULA = 8_192
_FROM_ELSEWHERE = re.compile(
    r"\[[^\[\]]+\][^\[\]]*!|\|\s*'"
    r"|\b(?:WEBSERVICE|DDE|RTD|IMAGE|IMPORT[A-Z]*|STOCKHISTORY|SQL\.REQUEST|CUBE[A-Z]+)\s*\("
    r"|\bDUMMYFUNCTION\s*\(",  # what only Google Sheets calculates
    re.IGNORECASE,
)
_NAME = re.compile(r"[\w.\\?]++(?!\()")
_ROW = re.compile(rb"<(?:[^\s<>/:]+:)?row(?=[\s/>])([^<>]*)")
_NUMBER = re.compile(rb"""\sr\s*=\s*['"]([0-9]+)""")
_HIDDEN = re.compile(rb"""\shidden\s*=\s*['"](?:1|true)['"]""")
_MERGED = re.compile(rb"""<(?:[^\s<>/:]+:)?mergeCell\s[^<>]*?ref\s*=\s*['"]([A-Za-z0-9$:]+)['"]""")
_HALF_A_SECOND = timedelta(microseconds=500_000)
# What openpyxl raises on a part that is not as the standard says depends on the part.
_BROKEN = (
    ArithmeticError,
    AttributeError,
    InvalidFileException,
    LookupError,
    OSError,
    ParseError,
    RecursionError,
    TypeError,
    ValueError,
)


class _Percentage(float):
    """A number that its cell shows a hundredfold, with a % behind it."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row with its number; cells at its end may be missing."""

    number: int
    cells: tuple[CellText, ...]
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's rows from top to bottom, without blank ones."""

    name: str
    rows: tuple[SheetRow, ...]


def opened(path: Path, content: bytes) -> tuple[Sheet, ...]:
    """Read all sheets of a workbook; links to other files are never followed.

    Raises FileUnreadable, FormatNotUnderstood, WorkbookNotTaken, SheetTooBig. A formula stands for
    the result that was saved with it; without one the cell is Unusable, as is an error value.
    """
    has_formulas = preflight.check(path, content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return tuple(_sheets(path, content, has_formulas=has_formulas))
    except _BROKEN as error:
        raise preflight.damaged(path, "one of its parts cannot be read") from error


def place_of(sheet: Sheet, row: SheetRow) -> str:
    """Say where a row stands."""
    return f"{sheet.name}, row {row.number}"


def _sheets(path: Path, content: bytes, *, has_formulas: bool) -> Iterator[Sheet]:
    with closing(_loaded(content, data_only=True)) as values:
        if not has_formulas:
            for sheet in values.worksheets:
                rows = ((number, map(_text, cells)) for number, cells in _cells(path, sheet))
                yield _sheet(sheet, rows)
            return
        with closing(_loaded(content, data_only=False)) as formulas:
            elsewhere = _elsewhere(formulas)
            for sheet, typed in zip(values.worksheets, formulas.worksheets, strict=True):
                both = zip(_cells(path, sheet), _cells(path, typed), strict=True)
                rows = (
                    (found[0], map(_result, found[1], was[1], repeat(elsewhere)))
                    for found, was in both
                )
                yield _sheet(sheet, rows)


def _loaded(content: bytes, *, data_only: bool) -> Workbook:
    return load_workbook(io.BytesIO(content), read_only=True, data_only=data_only, keep_links=False)


def _cells(path: Path, sheet: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    sheet.reset_dimensions()  # what a file says of its size need not be so
    for number, values in enumerate(_values(sheet), 1):
        if len(values) > preflight.MOST_COLUMNS:
            raise preflight.too_big(path, sheet.title, number, len(values))
        yield number, values


def _values(sheet: Any) -> Iterator[tuple[Any, ...]]:
    """Yield the cells of each row; below the most rows there is none with cells."""
    most = preflight.MOST_ROWS
    percents = _percent_formats(sheet.parent)
    if not percents:
        yield from sheet.iter_rows(max_row=most, values_only=True)
        return
    for cells in sheet.iter_rows(max_row=most):
        yield tuple(_shown(cell, percents) for cell in cells)


def _percent_formats(book: Workbook) -> frozenset[int]:
    """Return the number formats with a % that the styles of a workbook use."""
    # openpyxl has no public way to ask for them.
    own, styles = vars(book)["_number_formats"], vars(book)["_cell_styles"]
    ours = (at for at, text in enumerate(own, _FIRST_OWN_FORMAT) if "%" in _LITERAL.sub("", text))
    return _PERCENT_FORMATS.union(ours) & {style.numFmtId for style in styles}


def _shown(cell: Any, percents: frozenset[int]) -> Any:
    value = cell.value
    if type(value) in (int, float) and cell.style_array.numFmtId in percents:
        return _Percentage(value)
    return value


@dataclass(frozen=True, slots=True)
class _Marks:
    """What openpyxl does not tell of a sheet that it reads row by row.

    Which rows are hidden or filtered out; and for each row below the first of merged cells, where
    they stand (from 0) with the cell that has their value.
    """

    hidden: frozenset[int]
    merged: Mapping[int, Sequence[tuple[int, str]]]


def _sheet(sheet: Any, rows: Iterable[tuple[int, Iterator[CellText]]]) -> Sheet:
    marks = _marks(sheet)
    read = (_row(number, texts, marks) for number, texts in rows)
    return Sheet(sheet.title, tuple(row for row in read if row.cells))


def _marks(sheet: Any) -> _Marks:
    with closing(sheet._get_source()) as part:  # noqa: SLF001  no public way
        content = part.read()
    merged: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for place in _MERGED.findall(content) if b"mergeCell" in content else ():
        cells = CellRange(place.decode())
        first = f"{get_column_letter(cells.min_col)}{cells.min_row}"
        for number in range(cells.min_row + 1, cells.max_row + 1):
            merged[number] += [(at, first) for at in range(cells.min_col - 1, cells.max_col)]
    return _Marks(frozenset(_hidden(content)), merged)


def _hidden(content: bytes) -> Iterator[int]:
    number = 0
    for attributes in _ROW.findall(content) if b"hidden" in content else ():
        told = _NUMBER.search(attributes)
        number = int(told[1]) if told else number + 1
        if _HIDDEN.search(attributes):
            yield number


def _row(number: int, texts: Iterator[CellText], marks: _Marks) -> SheetRow:
    cells = tuple(texts)
    if all(is_absent(cell) for cell in cells):
        return SheetRow(number, ())
    if number in marks.merged:
        cells = _without_merged(cells, marks.merged[number])
    return SheetRow(number, cells, number in marks.hidden)


def _without_merged(
    cells: tuple[CellText, ...], merged: Iterable[tuple[int, str]]
) -> tuple[CellText, ...]:
    """Say of merged cells that they are: one that is empty would be read as saying nothing."""
    whole = dict(enumerate(cells))
    for at, first in merged:
        if is_absent(whole.get(at)):
            whole[at] = Unusable(f"no value of its own: it is merged with {first}")
    return tuple(whole.get(at) for at in range(max(whole) + 1))


def _elsewhere(book: Workbook) -> frozenset[str]:
    """Return the names that stand for something in another file or on the internet."""
    return frozenset(
        name.casefold()
        for names in (book.defined_names, *(sheet.defined_names for sheet in book.worksheets))
        for name, meaning in names.items()
        if _FROM_ELSEWHERE.search(meaning.attr_text or "")
    )


def _result(value: Any, typed: Any, elsewhere: frozenset[str]) -> CellText:
    """Take a formula's saved result, if it has one that can be relied on."""
    formula = typed if isinstance(typed, str) else str(getattr(typed, "text", ""))
    if typed == value or not (formula.startswith("=") or formula is not typed):
        return _text(value)
    if len(formula) > _LONGEST_FORMULA:
        return Unusable(f"a formula of more than {_LONGEST_FORMULA:,} characters")
    if _FROM_ELSEWHERE.search(formula) or any(
        name.casefold() in elsewhere for name in (_NAME.findall(formula) if elsewhere else ())
    ):
        return Unusable("a formula that reads another file or the internet")
    return Unusable("a formula without a saved result") if value is None else _text(value)


def _text(value: Any) -> CellText:
    if value is None or type(value) is str:
        return _string(value) if value else None
    write = _WRITE.get(type(value))
    return write(value) if write else str(value)


def _string(value: str) -> CellText:
    if value in ERROR_CODES:
        return Unusable(f"the error value {value}")
    if "_x" in value:
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
    return value


def _number(value: float, times: int = 1) -> str:
    text = format(Decimal(f"{value:.{_SIGNIFICANT}g}") * times, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _moment(value: datetime) -> str:
    whole = (value + _HALF_A_SECOND).replace(microsecond=0)
    return whole.date().isoformat() if whole.time() == time(0) else whole.isoformat(" ")


def _time(value: time) -> str:
    return _duration(
        timedelta(
            hours=value.hour,
            minutes=value.minute,
            seconds=value.second,
            microseconds=value.microsecond,
        )
    )


def _duration(value: timedelta) -> str:
    seconds = (abs(value) + _HALF_A_SECOND) // timedelta(seconds=1)
    sign = "-" if value < timedelta(0) else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


_WRITE: dict[type, Callable[[Any], str]] = {
    bool: lambda value: str(value).lower(),
    int: str,
    float: _number,
    _Percentage: lambda value: f"{_number(value, 100)}%",
    datetime: _moment,
    date: date.isoformat,
    time: _time,
    timedelta: _duration,
}
