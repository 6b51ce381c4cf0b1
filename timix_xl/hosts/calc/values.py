"""Values in and out of cells, in blocks: a call for each cell would take a thousand times as long.

LibreOffice keeps numbers and texts. Whether a number is a date or TRUE is a matter of its format.
"""

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, groupby
from typing import Any

from timix_xl.hosts import storable
from timix_xl.hosts.areas import Area
from timix_xl.hosts.calc import arrays
from timix_xl.hosts.calc.addresses import addresses_of, area_of, cells_of
from timix_xl.hosts.calc.formula_cells import Formulas, is_formula, put_formulas
from timix_xl.hosts.calc.number_formats import (
    DATE_AND_TIME_CODE,
    DATE_CODE,
    GENERAL,
    NumberFormats,
    keys_in,
    number_formats,
)
from timix_xl.hosts.calc.quiet import Quiet, Uncollected
from timix_xl.hosts.cell_values import CellError
from timix_xl.hosts.refusals import ValueNotStorable
from timix_xl.hosts.serials import moment_of, serial_of

Stored = bool | float | str | dt.datetime | CellError | None
Run = tuple[int, int]
"""The first row and the last, counted from the first of the block."""

# com.sun.star.sheet.FormulaResult
_TEXT_RESULT, _ERROR_RESULT = 2, 4
_ERRORS = {
    503: "#NUM!",
    521: "#NULL!",
    524: "#REF!",
    525: "#NAME?",
    532: "#DIV/0!",
    32767: "#N/A",
}
_OTHER_ERROR = "#VALUE!"
_MOST_ERRORS_ASKED = 1_000

# LibreOffice makes the format of a cell "@" when such a text is written into it.
_LIKE_A_NUMBER = re.compile(r"^[=+\-]|[0-9]|^\s*(?:true|false)\s*$", re.IGNORECASE)
_PLAIN_KINDS = frozenset([str, float, type(None)])
_FEW_RUNS = 4


def read(cells: Any) -> list[list[Stored]]:
    """Give the values of a range, row by row."""
    with Uncollected():
        return _read(cells)


def _read(cells: Any) -> list[list[Stored]]:
    data = cells.xl.getDataArray()
    columns: list[Sequence[Stored]] = list(zip(*data, strict=True))
    kinds = [set(map(type, column)) for column in columns]
    known = number_formats(cells.book)
    with_numbers = [place for place, found in enumerate(kinds) if float in found]
    for area, key in _keys(cells, with_numbers):
        if known.is_logical(key):
            _convert(cells, columns, area, bool)
        elif known.is_moment(key):
            _convert(cells, columns, area, _moments(cells.book))
    blanks = [place for place, found in enumerate(kinds) if str in found and "" in columns[place]]
    for place in blanks:
        columns[place] = [None if value == "" else value for value in columns[place]]
    if any(type(None) in found for found in kinds):
        _put_errors(cells, columns)
    if blanks:
        _put_blank_results(cells, columns)
    return list(map(list, zip(*columns, strict=True)))


def write(cells: Any, value: Any) -> None:
    """Write values into a range, from its first cell on; nothing of it if one cannot be held."""
    cells.sheet.check_changeable()
    if _is_blank(value):
        cells.clear_contents()
        return
    rows = _as_rows(value, cells.area)
    if not rows or not rows[0]:
        return
    top, left = cells.area.top, cells.area.left
    area = Area(top, left, top + len(rows) - 1, left + len(rows[0]) - 1)
    block = cells if area == cells.area else cells.sheet.area(area)
    if all(value is None for row in rows for value in row):
        block.clear_contents()
        return
    with Uncollected():
        columns = [_Column(block, place, values) for place, values in enumerate(_turned(rows))]
        _Writing(block, columns).write()


class _Column:
    """One column of a block that is to be written."""

    def __init__(self, block: Any, place: int, values: Sequence[Any]) -> None:
        self.place = place
        self.number = block.area.left + place
        self.values = values
        self.kinds = frozenset(map(type, values))
        self.check(block)
        self.formulas: Formulas = {}
        self.keys: list[tuple[Run, int]] = []
        self.looks_like_numbers = False

    def check(self, block: Any) -> None:
        """Refuse what no cell can hold."""
        if self._is_surely_storable():
            return
        for down, value in enumerate(self.values):
            row = block.area.top + down
            place = _placed(block, row, self.number)
            storable.check(value, place)
            if not isinstance(value, str | int | float | dt.datetime | None):
                kind = f"a {type(value).__name__}"
                why = "it is no kind of cell value"
                raise ValueNotStorable(cell=place(), value=kind, why=why)

    def _is_surely_storable(self) -> bool:
        if not self.kinds <= _PLAIN_KINDS:
            return self.kinds <= {bool, type(None)}
        if float in self.kinds and not all(
            math.isfinite(value) for value in self.values if type(value) is float
        ):
            return False
        if str in self.kinds:
            texts = {value for value in self.values if type(value) is str}
            if storable.REFUSED_CHARACTERS.search("".join(texts)):
                return False
            return max(map(len, texts)) * 2 <= storable.LONGEST
        return True

    def sort_out(self, known: NumberFormats) -> None:
        """Part formulas from texts, which a text cell takes them for."""
        if not any(isinstance(value, str) for value in self.values):
            return
        texts = {value for value in self.values if isinstance(value, str)}
        # Which words are numbers elsewhere, such as WAHR, only LibreOffice knows.
        self.looks_like_numbers = not known.is_english or any(map(_LIKE_A_NUMBER.search, texts))
        if not any(map(is_formula, texts)):
            return
        for (first, last), key in self.keys:
            if not known.is_text(key):
                for down in range(first, last + 1):
                    if is_formula(self.values[down]):
                        self.formulas[down] = str(self.values[down])

    @property
    def is_all_formulas(self) -> bool:
        """Tell whether no cell of it is anything else."""
        return len(self.formulas) == len(self.values)

    def data(self, epoch: dt.datetime) -> Sequence[str | float]:
        """Give the values as LibreOffice takes them, formulas left out."""
        if self.kinds <= _PLAIN_KINDS and not self.formulas:
            if type(None) not in self.kinds:
                return self.values
            return ["" if value is None else value for value in self.values]
        return [
            "" if down in self.formulas else _as_data(value, epoch)
            for down, value in enumerate(self.values)
        ]

    def formats(self, known: NumberFormats) -> Iterator[tuple[Run, int]]:
        """Give the rows whose format has to be set for their values, and which format."""
        is_plain = bool not in self.kinds and not any(
            issubclass(kind, dt.datetime) for kind in self.kinds
        )
        are_changed = self.looks_like_numbers and not self.is_all_formulas
        for (first, last), key in self.keys:
            is_changed = are_changed and not known.is_text(key)
            if is_plain and not known.is_logical(key):
                if is_changed:
                    yield (first, last), key
                continue
            keys = (_key_for(self.values[down], key, known) for down in range(first, last + 1))
            for new, run in groupby(enumerate(keys, first), key=lambda pair: pair[1]):
                rows = [down for down, _ in run]
                if new != key or is_changed:
                    yield (rows[0], rows[-1]), new


@dataclass(frozen=True, slots=True)
class _Writing:
    block: Any
    columns: list[_Column]

    def write(self) -> None:
        block, area = self.block, self.block.area
        known = number_formats(block.book)
        for piece, key in _keys(block, range(len(self.columns))):
            run = (piece.top - area.top, piece.bottom - area.top)
            for number in range(piece.left, piece.right + 1):
                self.columns[number - area.left].keys.append((run, key))
        for column in self.columns:
            column.sort_out(known)
        if any(column.formulas for column in self.columns):
            arrays.check_cut(block)
        with Quiet(block.book, len(block)):
            # Formats come last: data may be refused, and change the formats of some texts.
            self._put_data()
            for column in self.columns:
                if column.formulas:
                    data = partial(column.data, epoch_of(block.book))
                    put_formulas(block, column.number, column.formulas, data)
            self._set_formats(known)

    def _set_formats(self, known: NumberFormats) -> None:
        by_key: dict[int, list[Area]] = {}
        for column in self.columns:
            for (first, last), key in column.formats(known):
                by_key.setdefault(key, []).append(self._area(column, first, last))
        for key, areas in by_key.items():
            self._set_key(areas, key)

    def _set_key(self, areas: list[Area], key: int) -> None:
        sheet = self.block.sheet
        if len(areas) <= _FEW_RUNS:
            for area in areas:
                cells_of(sheet, area).NumberFormat = key
            return
        together = sheet.book.doc.createInstance("com.sun.star.sheet.SheetCellRanges")
        together.addRangeAddresses(tuple(addresses_of(sheet, areas)), False)
        together.NumberFormat = key

    def _put_data(self) -> None:
        block, epoch = self.block, epoch_of(self.block.book)
        for all_formulas, run in groupby(self.columns, key=lambda column: column.is_all_formulas):
            if all_formulas:
                continue
            columns = list(run)
            data = tuple(zip(*(column.data(epoch) for column in columns), strict=True))
            last = columns[-1].number
            area = Area(block.area.top, columns[0].number, block.area.bottom, last)
            xl = block.xl if area == block.area else cells_of(block.sheet, area)
            try:
                xl.setDataArray(data)
            except block.connection.exception:
                arrays.check_cut(block)
                raise

    def _area(self, column: _Column, first: int, last: int) -> Area:
        top = self.block.area.top
        return Area(top + first, column.number, top + last, column.number)


def epoch_of(book: Any) -> dt.datetime:
    """Give the day that the workbook counts from."""
    day = book.doc.NullDate
    return dt.datetime(day.Year, day.Month, day.Day)


def _keys(cells: Any, columns: Sequence[int]) -> Iterator[tuple[Area, int]]:
    """Give the formats of some columns of a range; at once if they are all the same."""
    if not columns:
        return
    area = cells.area
    if len(columns) == 1 and area.columns == 1:
        yield from keys_in(cells.xl, area)
        return
    # One object that goes from column to column: another one for each takes four times as long.
    first = Area(area.top, area.left, area.bottom, area.left)
    cursor = cells.sheet.xl.createCursorByRange(cells_of(cells.sheet, first))
    before = 0
    for place in columns:
        cursor.gotoOffset(place - before, 0)
        before = place
        number = area.left + place
        yield from keys_in(cursor, Area(area.top, number, area.bottom, number))


def _convert(
    cells: Any, columns: list[Sequence[Stored]], area: Area, turn: Callable[[float], Stored]
) -> None:
    """Turn the numbers of an area into what their format makes of them."""
    first, last = area.top - cells.area.top, area.bottom - cells.area.top
    for number in range(area.left, area.right + 1):
        column = _changeable(columns, number - cells.area.left)
        column[first : last + 1] = [
            turn(value) if type(value) is float else value for value in column[first : last + 1]
        ]


def _changeable(columns: list[Sequence[Stored]], place: int) -> list[Stored]:
    """Give a column as a list, made once."""
    column = columns[place]
    if not isinstance(column, list):
        column = columns[place] = list(column)
    return column


def _moments(book: Any) -> Callable[[float], Stored]:
    epoch = epoch_of(book)
    known: dict[float, Stored] = {}

    def moment(serial: float) -> Stored:
        if serial not in known:
            there = moment_of(serial, epoch)
            known[serial] = serial if there is None else there
        return known[serial]

    return moment


def _put_errors(cells: Any, columns: list[Sequence[Stored]]) -> None:
    """Name the errors; those for which there is no time are told without what kind they are."""
    found = map(area_of, cells.xl.queryFormulaCells(_ERROR_RESULT).RangeAddresses)
    areas = [area for area in found if area.meets(cells.area)]
    for count, (row, column) in enumerate(_places(areas)):
        is_asked = count < _MOST_ERRORS_ASKED
        error = _error(cells, row, column) if is_asked else CellError(_OTHER_ERROR)
        _changeable(columns, column - cells.area.left)[row - cells.area.top] = error


def _places(areas: Iterable[Area]) -> Iterator[tuple[int, int]]:
    for area in areas:
        for column in range(area.left, area.right + 1):
            for row in range(area.top, area.bottom + 1):
                yield row, column


def _error(cells: Any, row: int, column: int) -> CellError:
    cell = cells.sheet.xl.getCellByPosition(column - 1, row - 1)
    return CellError(_ERRORS.get(cell.getError(), _OTHER_ERROR))


def _put_blank_results(cells: Any, columns: list[Sequence[Stored]]) -> None:
    """Tell a formula that gives an empty text from a blank cell."""
    for area in map(area_of, cells.xl.queryFormulaCells(_TEXT_RESULT).RangeAddresses):
        # Of columns that were never used, LibreOffice tells of others.
        if not area.meets(cells.area):
            continue
        first, last = area.top - cells.area.top, area.bottom - cells.area.top
        for number in range(area.left, area.right + 1):
            column = _changeable(columns, number - cells.area.left)
            column[first : last + 1] = [
                "" if value is None else value for value in column[first : last + 1]
            ]


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value)


def _as_rows(value: Any, area: Area) -> list[Sequence[Any]]:
    """Give rows that fit into an area."""
    if not isinstance(value, list | tuple):
        return [[value] * area.columns] * area.rows
    rows = value if value and isinstance(value[0], list | tuple) else [value]
    width = min(area.columns, *map(len, rows)) if rows else 0
    rows = list(rows[: area.rows])
    return [row if len(row) == width else row[:width] for row in rows]


def _turned(rows: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
    return list(zip(*rows, strict=True))


def _as_data(value: Any, epoch: dt.datetime) -> str | float:
    if value is None:
        return ""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, dt.datetime):
        return serial_of(value, epoch)
    return float(value)


def _key_for(value: Any, key: int, known: NumberFormats) -> int:
    if isinstance(value, bool):
        return key if known.is_logical(key) else known.logical
    if isinstance(value, dt.datetime):
        if known.is_moment(key):
            return key
        return known.key(DATE_CODE if value.time() == dt.time() else DATE_AND_TIME_CODE)
    return GENERAL if known.is_logical(key) else key


def _placed(block: Any, row: int, column: int) -> Callable[[], str]:
    return lambda: block.place_of(row, column)


def in_bar(cells: Any) -> Sequence[Sequence[str]]:
    """Spell the values of a range as Excel's formula bar does; dates as their numbers."""
    with Uncollected():
        data = cells.xl.getDataArray()
        if set(map(type, chain.from_iterable(data))) == {str}:
            return tuple(data)
    epoch = epoch_of(cells.book)
    return tuple(tuple(_in_bar(value, epoch) for value in row) for row in read(cells))


def _in_bar(value: Stored, epoch: dt.datetime) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return value
    serial = serial_of(value, epoch) if isinstance(value, dt.datetime) else value
    return f"{serial:.15g}"
