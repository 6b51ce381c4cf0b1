"""One cell's value in and out, as Excel gives and takes it."""

import datetime as dt
from typing import Any

from openpyxl.styles.numbers import is_date_format
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.worksheet import Worksheet

from timix_xl.hosts import storable
from timix_xl.hosts.cell_values import CellError
from timix_xl.hosts.refusals import ValueNotStorable
from timix_xl.hosts.serials import moment_of

TEXT_FORMAT = "@"

# Numbers of formats: those below the second are the same in every file.
_TEXT_FORMAT_ID = 49
_OWN_FORMATS = 164

_DATE = "yyyy-mm-dd"
_DATE_AND_TIME = "yyyy-mm-dd hh:mm:ss"
_FORMULA_STARTS = ("=", "+", "-", "@")


Stored = bool | float | str | dt.datetime | CellError | None


def stored(cell: Any, *, as_serial: bool = False) -> Stored:
    """Give the value of a cell that is no formula; dates as serial numbers on request."""
    value, kind = cell._value, cell.data_type
    if value is None:
        return None
    if kind == "n":
        number = float(value)
        return number if as_serial else shown(cell, number)
    if kind == "s":
        return value if type(value) is str else str(value)
    if kind == "b":
        return bool(value)
    if kind == "d":
        serial = to_excel(value, cell.parent.parent.epoch)
        return float(serial) if as_serial else shown(cell, float(serial))
    return CellError(value)


def shown(cell: Any, number: float) -> float | dt.datetime:
    """Give a number as a date where the cell's format says so."""
    style = cell._style
    if style is None or style.numFmtId == 0 or not is_date_format(cell.number_format):
        return number
    if "[" in cell.number_format:
        return number
    return moment_of(number, cell.parent.parent.epoch) or number


def put(cell: Any, value: object) -> None:
    """Write a value as Excel would take it from a program."""
    if value is None or value == "":
        _set(cell, None, "n")
    elif isinstance(value, str):
        _put_text(cell, value)
    elif isinstance(value, bool):
        _set(cell, value, "b")
    elif isinstance(value, int | float):
        _put_number(cell, value)
    elif isinstance(value, dt.datetime):
        _put_date(cell, value)
    else:
        kind = f"a {type(value).__name__}"
        raise ValueNotStorable(cell=place(cell), value=kind, why="it is no kind of cell value")


def check(value: object, sheet: Worksheet, row: int, column: int) -> None:
    """Refuse a value that no cell can hold, before anything is written."""
    storable.check(value, lambda: place_of(sheet, row, column))


def place(cell: Any) -> str:
    """Name a cell with its sheet, as in a message."""
    return place_of(cell.parent, cell.row, cell.column)


def place_of(sheet: Worksheet, row: int, column: int) -> str:
    """Name a place on a sheet."""
    return storable.place_of(sheet.title, row, column)


def is_formula(cell: Any) -> bool:
    """Tell whether a cell holds a formula."""
    return bool(cell.data_type == "f" and cell._value is not None)


def formula_text(cell: Any) -> str:
    """Give a formula as text, with its equals sign."""
    value = cell._value
    return value if isinstance(value, str) else str(getattr(value, "text", "") or "")


def _put_text(cell: Any, text: str) -> None:
    if _takes_text(cell):
        _set(cell, text, "s")
        if text.startswith(_FORMULA_STARTS):
            # Or it would turn into a formula when somebody changes the format and edits the cell.
            cell.quotePrefix = True
    elif text.startswith("=") and len(text) > 1:
        _set(cell, text, "f")
    else:
        _set(cell, text, "s")


def _takes_text(cell: Any) -> bool:
    style = cell._style
    if style is None or 0 <= style.numFmtId < _OWN_FORMATS:
        return style is not None and style.numFmtId == _TEXT_FORMAT_ID
    return bool(cell.number_format == TEXT_FORMAT)


def _put_number(cell: Any, number: float) -> None:
    _set(cell, float(number), "n")


def _put_date(cell: Any, moment: dt.datetime) -> None:
    epoch = cell.parent.parent.epoch
    _set(cell, float(to_excel(moment, epoch)), "n")
    if not is_date_format(cell.number_format):
        cell.number_format = _DATE if moment.time() == dt.time() else _DATE_AND_TIME


def _set(cell: Any, value: object, kind: str) -> None:
    # Not through Cell.value, which guesses: "=..." in a text cell, "#N/A" as an error.
    cell._value = value
    cell.data_type = kind
