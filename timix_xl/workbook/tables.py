"""One Excel table, read or written in one round trip; the user's own columns are kept."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

import xlwings as xw

from timix_xl.workbook.cells import (
    Cell,
    is_like_a_formula,
    place_of,
    refuse_password,
    text_of,
    written,
)
from timix_xl.workbook.kinds import TEXT_FORMAT, Kind
from timix_xl.workbook.refusals import ColumnMissing, NotABillingWorkbook
from timix_xl.workbook.shapes import TableLayout


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row as read: its number on the sheet, its cells by title, and their formulas if asked."""

    number: int
    cells: Mapping[str, Cell]
    formulas: Mapping[str, str]

    def text(self, title: str) -> str:
        """Return a cell as text without blanks around it."""
        return text_of(self.cells[title]).strip()


def table_of(book: xw.Book, layout: TableLayout) -> xw.main.Table:
    """Return the table; raises NotABillingWorkbook."""
    if layout.sheet not in [sheet.name for sheet in book.sheets]:
        raise NotABillingWorkbook(book=book.name, what=f"sheet {layout.sheet}")
    for table in book.sheets[layout.sheet].tables:
        if table.name == layout.name:
            return table
    raise NotABillingWorkbook(book=book.name, what=f"table {layout.name}")


def read_rows(
    book: xw.Book, layout: TableLayout, *, formulas: Sequence[str] = ()
) -> list[TableRow]:
    """Read a whole table; wholly blank rows (an empty table keeps one) fall out.

    Raises ColumnMissing, NotABillingWorkbook, PasswordInCell.
    """
    table = table_of(book, layout)
    titles = _titles(table, layout)
    body = table.data_body_range
    if body is None:
        return []
    values = body.options(ndim=2).value
    _refuse_passwords(body, values)
    asked = _formulas(body, {title: titles.index(title) for title in formulas})
    filled = [titles.index(title) for title in layout.titles if title != "Visible"]
    first = body.row
    return [
        TableRow(
            number=first + at,
            cells=dict(zip(titles, row, strict=True)),
            formulas={title: str(column[at] or "") for title, column in asked.items()},
        )
        for at, row in enumerate(values)
        if any(row[place] not in (None, "") for place in filled)
    ]


def _refuse_passwords(body: xw.Range, values: Sequence[Sequence[Cell]]) -> None:
    for down, row in enumerate(values):
        for across, value in enumerate(row):
            if type(value) is str and "://" in value:
                refuse_password(value, partial(place_of, body, down, across))


def _titles(table: xw.main.Table, layout: TableLayout) -> list[str]:
    titles = [text_of(title) for title in _header(table, layout).options(ndim=1).value]
    for title in layout.titles:
        if title not in titles:
            raise ColumnMissing(table=layout.name, column=title)
    return titles


def _header(table: xw.main.Table, layout: TableLayout) -> xw.Range:
    header = table.header_row_range
    if header is None:
        raise NotABillingWorkbook(book=table.parent.book.name, what=f"header in {layout.name}")
    return header


def _formulas(body: xw.Range, places: Mapping[str, int]) -> dict[str, list[Cell]]:
    """Read the formulas of some columns, and of what stands between them, at once."""
    if not places:
        return {}
    first, last = min(places.values()), max(places.values())
    block = body.offset(0, first).resize(body.shape[0], last - first + 1)
    found = block.formula
    rows = found if isinstance(found, list | tuple) else [[found]]
    return {title: [row[place - first] for row in rows] for title, place in places.items()}


def write_rows(
    book: xw.Book,
    layout: TableLayout,
    rows: Sequence[Mapping[str, Cell]],
    *,
    key: str | None = None,
) -> None:
    """Write a whole table; columns of the user's own stay with the row of the same key."""
    table = table_of(book, layout)
    titles = _titles(table, layout)
    ours = frozenset(layout.titles)
    own = [title for title in titles if title not in ours]
    kept = _kept(table, titles, own, key) if own and key else {}
    there = table.data_body_range
    _show_all(table, there)
    area = _header(table, layout).resize(max(len(rows), 1) + 1, len(titles))
    body = area.offset(1, 0).resize(max(len(rows), 1), len(titles))
    # Growing comes before anything is emptied: a table that is in the way of it keeps its rows.
    if table.range.shape[0] < area.shape[0]:
        table.resize(area)
    if there is not None:
        there.clear_contents()
    table.resize(area)
    numbers = range(body.row, body.row + len(rows))
    block = [
        [
            written(row[title]) if title in ours else _own(kept, row, key, title, number)
            for title in titles
        ]
        for number, row in zip(numbers, rows, strict=True)
    ]
    _keep_texts(body, layout, titles, block)
    _keep_own_texts(body, titles, [kept.get(text_of(row[key])) if key else None for row in rows])
    body.value = block or [[None] * len(titles)]
    if any(column.kind is Kind.PROSE for column in layout.columns):
        body.rows.autofit()


def _own(
    kept: Mapping[str, "_Kept"],
    row: Mapping[str, Cell],
    key: str | None,
    title: str,
    number: int,
) -> Cell:
    """Return the user's own cell of a row; its formula's references to that row come along."""
    there = kept.get(text_of(row[key])) if key else None
    if there is None:
        return None
    value = there.cells[title]
    if isinstance(value, str) and value.startswith("=") and title not in there.texts:
        return moved(value, there.number, number)
    return value


def _keep_texts(
    body: xw.Range, layout: TableLayout, titles: Sequence[str], block: Sequence[Sequence[Cell]]
) -> None:
    """Make text cells of our columns that hold what looks like a formula.

    They are made so, but somebody may have given them another format.
    """
    texts = {column.title for column in layout.columns if column.number_format == TEXT_FORMAT}
    for place, title in enumerate(titles):
        if title in texts and any(is_like_a_formula(row[place]) for row in block):
            body.columns[place].number_format = TEXT_FORMAT


def _keep_own_texts(body: xw.Range, titles: Sequence[str], kept: Sequence["_Kept | None"]) -> None:
    """Make text cells where the user's own cells hold such a text, those in a row at once."""
    for across, title in enumerate(titles):
        is_text = (one is not None and title in one.texts for one in kept)
        for marked, run in groupby(enumerate(is_text), key=lambda pair: pair[1]):
            if marked:
                rows = [down for down, _ in run]
                body[rows[0] : rows[-1] + 1, across].number_format = TEXT_FORMAT


def _show_all(table: xw.main.Table, body: xw.Range | None) -> None:
    """Clear the filter and unhide what it hid: nothing is written into rows nobody sees."""
    if table.show_autofilter:
        filtering = table.autofilter
        if filtering.criteria:
            filtering.clear()
    if body is not None:
        body.rows.hidden = False


@dataclass(frozen=True, slots=True)
class _Kept:
    """The user's own cells of a row, where it stood, and what of them is text like a formula."""

    number: int
    cells: Mapping[str, Cell]
    texts: frozenset[str]


def _kept(
    table: xw.main.Table, titles: Sequence[str], own: Sequence[str], key: str
) -> dict[str, _Kept]:
    """Read the user's own columns, formulas as formulas, by key."""
    body = table.data_body_range
    if body is None:
        return {}
    keys = [text_of(value) for value in body.columns[titles.index(key)].options(ndim=1).value]
    columns = {title: _own_column(body, titles.index(title)) for title in own}
    return {
        each: _Kept(
            number=body.row + at,
            cells={title: cells[at] for title, (cells, _) in columns.items()},
            texts=frozenset(title for title, (_, texts) in columns.items() if at in texts),
        )
        for at, each in enumerate(keys)
        if each
    }


def _own_column(body: xw.Range, place: int) -> tuple[list[Cell], set[int]]:
    """Read values as values and formulas as formulas, and which of them are texts like formulas."""
    values = body.columns[place].options(ndim=1).value
    formulas = _formulas(body, {"": place})[""]
    cells = [
        formula if isinstance(formula, str) and formula.startswith("=") else value
        for value, formula in zip(values, formulas, strict=True)
    ]
    # What a formula gives is never the formula itself.
    alike = enumerate(zip(values, formulas, strict=True))
    return cells, {at for at, (one, two) in alike if one == two and is_like_a_formula(one)}


_CELL_NAME = r"\$?[A-Z]{1,3}\$?\d+"
_LEFT_ALONE = re.compile(
    r'"[^"]*"|\[[^\]]*\]'  # texts; names of columns
    rf"|(?:'[^']*'|[\w.]+)!{_CELL_NAME}(?::{_CELL_NAME})?"  # cells of other sheets
)
_OWN_CELL = re.compile(r"(?<![\w.$])(\$?[A-Z]{1,3})(\d+)(?![\w.(!])")


def moved(formula: str, old: int, new: int) -> str:
    """Return a formula for another row: what it reads of its own row, it reads there.

    >>> moved("=J10*2+$B$1+SUM(A10:C10)", 10, 7)
    '=J7*2+$B$1+SUM(A7:C7)'
    """

    def cell(match: re.Match[str]) -> str:
        return match[1] + (str(new) if int(match[2]) == old else match[2])

    parts = [_OWN_CELL.sub(cell, part) for part in _LEFT_ALONE.split(formula)]
    kept = [*_LEFT_ALONE.findall(formula), ""]
    return "".join(part + name for part, name in zip(parts, kept, strict=True))


def set_column_format(
    book: xw.Book, layout: TableLayout, titles: Sequence[str], number_format: str
) -> None:
    """Give columns of a table a number format."""
    table = table_of(book, layout)
    there = _titles(table, layout)
    body = table.data_body_range or table.insert_row_range
    if body is None:
        return
    for title in titles:
        body.columns[there.index(title)].number_format = number_format


def put_column(book: xw.Book, layout: TableLayout, title: str, values: Mapping[int, Cell]) -> None:
    """Write one column of a table, by row number; the other rows' cells become blank."""
    table = table_of(book, layout)
    body = table.data_body_range
    if body is not None:
        column = body.columns[_titles(table, layout).index(title)]
        numbers = range(body.row, body.row + body.shape[0])
        cells = [[values.get(number)] for number in numbers]
        _keep_texts(column, layout, [title], cells)
        column.value = cells


def check_whole(book: xw.Book, layouts: Sequence[TableLayout]) -> None:
    """Make sure that every table and column is there; raises ColumnMissing, NotABillingWorkbook."""
    for layout in layouts:
        _titles(table_of(book, layout), layout)
