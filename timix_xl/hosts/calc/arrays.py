"""Array formulas: one formula for several cells, of which none can be changed alone."""

from typing import Any

from timix_xl.hosts import storable
from timix_xl.hosts.areas import Area
from timix_xl.hosts.calc.addresses import area_of, cells_of, has_content
from timix_xl.hosts.refusals import CalcRefused

_FORMULAS = 16
_FEW_PIECES = 8


def check_cut(cells: Any) -> None:
    """Refuse to write over a part of an array formula; LibreOffice may leave it without a word."""
    found = map(area_of, cells.xl.queryContentCells(_FORMULAS).RangeAddresses)
    # Of columns that were never used LibreOffice gives what stands in the last one that was.
    pieces = [area for area in found if area.meets(cells.area)]
    for piece in pieces if len(pieces) <= _FEW_PIECES else [cells.area]:
        texts = cells_of(cells.sheet, piece).getFormulaArray()
        for down, row in enumerate(texts):
            for right, text in enumerate(row):
                if text.startswith("{="):
                    _check_whole(cells, piece.top + down, piece.left + right)


def check_cleared(cells: Any) -> None:
    """Refuse what LibreOffice has left as it was, without a word."""
    if has_content(cells.xl, cells.area):
        check_cut(cells)


def _check_whole(cells: Any, row: int, column: int) -> None:
    whole = _whole(cells.sheet, row, column)
    if cells.area.has(whole.top, whole.left) and cells.area.has(whole.bottom, whole.right):
        return
    place = storable.place_of(cells.sheet.name, row, column)
    why = (
        f"{place} is part of an array formula in {whole.ref}, which can only be changed as a whole"
    )
    raise CalcRefused(member=f"value of {place}", why=why)


def _whole(sheet: Any, row: int, column: int) -> Area:
    cursor = sheet.xl.createCursorByRange(sheet.xl.getCellByPosition(column - 1, row - 1))
    cursor.collapseToCurrentArray()
    return area_of(cursor.RangeAddress)
