"""Formulas in and out of cells: one text for a whole column is written once and filled down."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from timix_xl.hosts.areas import Area
from timix_xl.hosts.calc import held
from timix_xl.hosts.calc.addresses import area_of, cells_of
from timix_xl.hosts.calc.formulas import is_formula, to_calc, to_excel
from timix_xl.hosts.filling import Shape, shape_of

__all__ = ["Formulas", "is_formula", "put_formulas", "read_formulas"]

Formulas = dict[int, str]
"""Formulas of one column, by how far below the block's first row they stand."""
_Names = tuple[str, frozenset[str]]

_FORMULAS = 16
_CONTENT = 1 | 2 | 4 | _FORMULAS
_WORTH_FILLING = 3
_MOST_PIECES = 24
_BARE_COLUMN = re.compile(r"(?<![\w.\[,])\[")
_DIRECTION = "com.sun.star.sheet.FillDirection"


def put_formulas(
    block: Any, column: int, formulas: Formulas, data: Callable[[], Sequence[str | float]]
) -> None:
    """Write formulas, spelled as in Excel, into one column of a range that has its data."""
    names = _names(block, formulas)
    runs = list(_runs(sorted(formulas)))
    if len(runs) > _MOST_PIECES:
        _put_among(block, column, formulas, data(), names)
        return
    parted = [list(_pieces(block, column, formulas, run)) for run in runs]
    if sum(map(len, parted)) > _MOST_PIECES:
        for run in runs:
            texts = [formulas[row] for row in run]
            _put_each(block, column, block.area.top + run[0], texts, names)
        return
    for pieces in parted:
        for first, texts in pieces:
            put = _put_each if len(texts) < _WORTH_FILLING else _fill
            put(block, column, first, texts, names)


def _pieces(
    block: Any, column: int, formulas: Formulas, run: list[int]
) -> Iterator[tuple[int, list[str]]]:
    """Give the formulas of some rows by shape: the first row of each part, and its formulas."""
    first = block.area.top + run[0]
    texts = [formulas[row] for row in run]
    for start, count in _alike(texts, first, column):
        yield first + start, texts[start : start + count]


def _put_among(
    block: Any, column: int, formulas: Formulas, data: Sequence[str | float], names: _Names
) -> None:
    """Write formulas that stand here and there among data, the data once more with them."""
    first, last = min(formulas), max(formulas)
    texts = [
        to_calc(formulas[row], *names) if row in formulas else _typed(data[row])
        for row in range(first, last + 1)
    ]
    top = block.area.top
    there = cells_of(block.sheet, Area(top + first, column, top + last, column))
    there.setFormulaArray(tuple((text,) for text in texts))


def _typed(value: str | float) -> str:
    """Give what has to be typed for a value; an apostrophe keeps a text from being a number."""
    if isinstance(value, str):
        return f"'{value}" if value else ""
    return repr(float(value))


def read_formulas(cells: Any) -> list[list[str | None]] | None:
    """Give the formulas of a range as in Excel, None where there is none, and none at all."""
    if not cells.xl.queryContentCells(_FORMULAS).RangeAddresses:
        return None
    written = cells.xl.getFormulaArray()
    # A text that starts with "=" looks like a formula; its value tells.
    values = cells.xl.getDataArray()
    columns = [
        list(_in_excel(texts, found, cells.area.top, cells.area.left + place))
        for place, (texts, found) in enumerate(
            zip(zip(*written, strict=True), zip(*values, strict=True), strict=True)
        )
    ]
    return [list(row) for row in zip(*columns, strict=True)]


def _in_excel(
    texts: Sequence[str], values: Sequence[Any], top: int, column: int
) -> Iterator[str | None]:
    """Spell a column's formulas; those of one shape are spelled once and moved along."""
    calc = excel = shape_of("", top, column)
    for row, (shown, value) in enumerate(zip(texts, values, strict=True), top):
        # An array formula is shown in braces, which nobody types.
        text = shown[1:-1] if shown[:2] == "{=" else shown
        if text[:1] != "=" or shown == value:
            yield None
        elif calc.at(row, column) == text:
            yield excel.at(row, column)
        else:
            spelled = to_excel(text)
            calc, excel = shape_of(text, row, column), shape_of(spelled, row, column)
            yield spelled


def _runs(rows: Sequence[int]) -> Iterator[list[int]]:
    run: list[int] = []
    for row in rows:
        if run and row != run[-1] + 1:
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def _alike(texts: Sequence[str], first: int, column: int) -> Iterator[tuple[int, int]]:
    """Part formulas into those of one shape: where each part starts, and its length."""
    start = 0
    shape: Shape | None = None
    for place, text in enumerate(texts):
        if shape is not None and shape.at(first + place, column) == text:
            continue
        if shape is not None:
            yield start, place - start
        start, shape = place, shape_of(text, first + place, column)
    yield start, len(texts) - start


def _fill(block: Any, column: int, first: int, texts: Sequence[str], names: _Names) -> None:
    """Write one formula and fill it down."""
    area = Area(first, column, first + len(texts) - 1, column)
    xl = cells_of(block.sheet, area)
    parts = [area_of(one) for one in _of_one_format(xl)]
    if len(parts) > _MOST_PIECES:
        _put_each(block, column, first, texts, names)
        return
    xl.clearContents(_CONTENT)
    # Nothing is filled into hidden columns.
    is_hidden = not xl.Columns.IsVisible
    if is_hidden:
        xl.Columns.IsVisible = True
    try:
        _fill_parts(block, xl, parts, first, texts, names)
    finally:
        if is_hidden:
            xl.Columns.IsVisible = False


def _fill_parts(
    block: Any, xl: Any, parts: list[Area], first: int, texts: Sequence[str], names: _Names
) -> None:
    down = block.connection.uno.Enum(_DIRECTION, "TO_BOTTOM")
    for part in parts:
        there = cells_of(block.sheet, part)
        there.getCellByPosition(0, 0).Formula = to_calc(texts[part.top - first], *names)
        if part.rows > 1:
            there.fillAuto(down, 1)
    # Nor into hidden rows.
    for left_out in map(area_of, xl.queryEmptyCells().RangeAddresses):
        rest = texts[left_out.top - first : left_out.bottom - first + 1]
        _put_each(block, left_out.left, left_out.top, rest, names)


def _of_one_format(xl: Any) -> Sequence[Any]:
    """Give the parts of a column that look alike: filling takes the first one's looks along."""
    groups = xl.getUniqueCellFormatRanges()
    if groups.Count == 1:
        return [xl.RangeAddress]
    return [
        address for at in range(groups.Count) for address in groups.getByIndex(at).RangeAddresses
    ]


def _put_each(block: Any, column: int, first: int, texts: Sequence[str], names: _Names) -> None:
    """Write formulas that have nothing in common."""
    area = Area(first, column, first + len(texts) - 1, column)
    there = cells_of(block.sheet, area)
    there.setFormulaArray(tuple((to_calc(text, *names),) for text in texts))


def _names(block: Any, formulas: Formulas) -> _Names:
    """Name the table that `[@Column]` without a name means, and all tables."""
    tables = frozenset(map(str.casefold, held.table_names(block.book)))
    if not any(map(_BARE_COLUMN.search, set(formulas.values()))):
        return "", tables
    table = block.table
    return (str(table.name) if table is not None else ""), tables
