"""UNO objects of a book that are asked for again and again, fetched once.

An object that comes over UNO costs a round trip and more; asking one that is held costs a tenth.
LibreOffice's collections are live: what is held shows what is there now. Ranges move with their
cells: they are held for a moment, while one thing is done, and looked at.
"""

import time
from typing import Any
from weakref import WeakKeyDictionary

from timix_xl.hosts.areas import Area
from timix_xl.hosts.calc.briefly import MOMENT_SECONDS
from timix_xl.hosts.refusals import SheetGone

_held: "WeakKeyDictionary[Any, dict[Any, Any]]" = WeakKeyDictionary()


def sheets_of(book: Any) -> Any:
    """Give the collection of sheets."""
    return _of(book, "Sheets")


def cells(book: Any, sheet: Any, area: Area) -> Any:
    """Give a range of a sheet."""
    known, now = _held.setdefault(book, {}), time.monotonic()
    until, held = known.get("cells", (now, {}))
    if now >= until:
        held = {}
        known["cells"] = (now + MOMENT_SECONDS, held)
    corners = (area.left - 1, area.top - 1, area.right - 1, area.bottom - 1)
    there = held.get((sheet, area))
    if there is None or _corners(there) != corners:
        there = held[sheet, area] = sheet.getCellRangeByPosition(*corners)
    return there


def sheet(book: Any, name: str) -> Any:
    """Give a sheet; one that was held is looked at, it may have another name or be gone."""
    known = _held.setdefault(book, {})
    there = known.get(("sheet", name))
    if there is None or there.Name != name:
        if not sheets_of(book).hasByName(name):
            raise SheetGone(sheet=name)
        there = known["sheet", name] = sheets_of(book).getByName(name)
    return there


def charts_of(book: Any) -> list[Any]:
    """Give the charts of each sheet; a collection stays right while the sheets stay in place."""
    known = _held.setdefault(book, {})
    names = tuple(sheets_of(book).ElementNames)
    before, charts = known.get("charts", ((), []))
    if names != before:
        charts = [sheet(book, name).Charts for name in names]
        known["charts"] = (names, charts)
    return list(charts)


def names_of(book: Any) -> Any:
    """Give the collection of names that are the workbook's own."""
    return _of(book, "NamedRanges")


def table_names(book: Any) -> tuple[str, ...]:
    """Give the names of all tables of the workbook."""
    return tuple(_of(book, "DatabaseRanges").ElementNames)


def table(book: Any, name: str) -> Any:
    """Give a table of the workbook."""
    known = _held.setdefault(book, {})
    if ("table", name) not in known:
        known["table", name] = _of(book, "DatabaseRanges").getByName(name)
    return known["table", name]


def add_table(book: Any, name: str, address: Any) -> Any:
    """Make a table of the workbook."""
    _of(book, "DatabaseRanges").addNewByName(name, address)
    return table(book, name)


def style_of(book: Any, table_name: str) -> str | None:
    """Give the style that a table was given while the book is open."""
    style: str | None = _held.setdefault(book, {}).get(("style", table_name))
    return style


def keep_style(book: Any, table_name: str, style: str) -> None:
    """Remember the style that a table is given."""
    _held.setdefault(book, {})["style", table_name] = style


def defined(book: Any, name: str) -> Any:
    """Give a name that is the workbook's own."""
    known = _held.setdefault(book, {})
    if ("name", name) not in known:
        known["name", name] = names_of(book).getByName(name)
    return known["name", name]


def is_defined(book: Any, name: str) -> bool:
    """Tell whether the workbook has a name of its own."""
    return bool(names_of(book).hasByName(name))


def forget_name(book: Any, name: str) -> None:
    """Let go of a name that has been taken away."""
    _held.setdefault(book, {}).pop(("name", name), None)


def _corners(xl: Any) -> tuple[int, int, int, int]:
    at = xl.RangeAddress
    return at.StartColumn, at.StartRow, at.EndColumn, at.EndRow


def _of(book: Any, collection: str) -> Any:
    known = _held.setdefault(book, {})
    if collection not in known:
        known[collection] = getattr(book.doc, collection)
    return known[collection]
