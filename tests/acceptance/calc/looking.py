"""What a workbook shows, told in xlwings' words alone: the same on every host.

Every cell of every sheet that holds something, the names and where they point, the tables with
their areas, the number formats and the dropdowns of their columns, and what is hidden.
"""

import math
import re
from collections.abc import Iterator
from typing import Any

import xlwings as xw
from xlwings.utils import col_name

Facts = dict[str, Any]
"""Where, and what is there."""
SAME = 1e-12
"""Numbers are the same to twelve digits: two programs add up in another order."""


def look(book: xw.Book) -> Facts:
    """Look at everything of a workbook."""
    found: Facts = {"sheets": [(sheet.name, sheet.visible) for sheet in book.sheets]}
    found |= {f"name {one.name}": _plain(one.refers_to) for one in book.names}
    for sheet in book.sheets:
        found |= dict(_cells(sheet))
        for table in sheet.tables:
            found |= dict(_table(sheet, table))
    return found


_TWICE = re.compile(r"('[^']+'|\w+)!(\$?[A-Z]+\$?\d+):\1!")


def _plain(reference: str) -> str:
    """Spell a reference in one way: without quotes that are not needed, the sheet named once.

    >>> _plain("='Entries'!$A$1:'Entries'!$A$9")
    '=Entries!$A$1:$A$9'
    """
    return re.sub(r"'(\w+)'!", r"\1!", _TWICE.sub(r"\1!\2:", reference))


def _cells(sheet: xw.Sheet) -> Iterator[tuple[str, Any]]:
    used = sheet.used_range
    rows = used.options(ndim=2, err_to_str=True).value
    for down, row in enumerate(rows):
        for right, value in enumerate(row):
            if value not in (None, ""):
                yield f"{sheet.name}!{col_name(used.column + right)}{used.row + down}", value


def _table(sheet: xw.Sheet, table: xw.main.Table) -> Iterator[tuple[str, Any]]:
    where = f"table {table.name}"
    yield where, table.range.address
    yield f"{where} filtered", bool(table.show_autofilter and table.autofilter.criteria)
    titles = table.header_row_range.options(ndim=1).value
    body = table.data_body_range or table.insert_row_range
    yield f"{where} hidden rows", body.rows.hidden
    for title, column in zip(titles, body.columns, strict=True):
        of = f"{where}[{title}]"
        yield f"{of} format", column.number_format
        yield f"{of} hidden", column.columns.hidden
        yield f"{of} first formula", column[0].formula if _is_formula(column[0]) else None
        yield f"{of} dropdown", _dropdown(column)


def _is_formula(cell: xw.Range) -> bool:
    return str(cell.formula).startswith("=")


def _dropdown(area: xw.Range) -> str | None:
    there = area.data_validation
    return there.source if there.type == "list" else None


def differences(one: Facts, other: Facts) -> dict[str, tuple[Any, Any]]:
    """Tell what is not the same in both, by where it is."""
    return {
        where: (one.get(where), other.get(where))
        for where in sorted(one.keys() | other.keys())
        if not _same(one.get(where), other.get(where))
    }


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=SAME, abs_tol=SAME)
    return type(one) is type(other) and bool(one == other)
