"""Areas of cells as LibreOffice gives and takes them: counted from 0, with the sheet's place."""

from collections.abc import Iterable, Iterator
from typing import Any

from timix_xl.hosts.areas import Area
from timix_xl.hosts.calc import held

CONTENT = 1 | 2 | 4 | 16
"""Numbers, dates, texts and formulas, as LibreOffice's CellFlags count them."""
_FEW_CELLS = 64


def area_of(address: Any) -> Area:
    """Read LibreOffice's address of cells."""
    return Area(
        address.StartRow + 1, address.StartColumn + 1, address.EndRow + 1, address.EndColumn + 1
    )


def address_of(sheet: Any, area: Area) -> Any:
    """Write an area of a sheet for LibreOffice."""
    return next(addresses_of(sheet, [area]))


def addresses_of(sheet: Any, areas: Iterable[Area]) -> Iterator[Any]:
    """Write areas of a sheet for LibreOffice."""
    place, struct = place_of(sheet), sheet.connection.struct
    for area in areas:
        corners = (area.left - 1, area.top - 1, area.right - 1, area.bottom - 1)
        yield struct("com.sun.star.table.CellRangeAddress", place, *corners)


def place_of(sheet: Any) -> int:
    """Ask for the place of a sheet, from 0: somebody may have moved it a moment ago."""
    return int(sheet.xl.RangeAddress.Sheet)


def cells_of(sheet: Any, area: Area) -> Any:
    """Give LibreOffice's own object for an area of a sheet."""
    return held.cells(sheet.book, sheet.xl, area)


def has_content(xl: Any, area: Area) -> bool:
    """Tell whether anything stands in cells."""
    if area.rows * area.columns <= _FEW_CELLS:
        # Texts come faster than an object to ask.
        return any(map(any, xl.getFormulaArray()))
    return bool(xl.queryContentCells(CONTENT).RangeAddresses)


def spelled(sheet: str, address: str) -> str:
    """Spell cells of a sheet as LibreOffice's interface does."""
    name = sheet.replace("'", "''")
    return f"$'{name}'.{address}"
