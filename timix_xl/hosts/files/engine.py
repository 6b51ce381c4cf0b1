"""The xlwings engine "timix-files": registration, and the way in."""

import datetime as dt
import numbers
from collections.abc import Callable
from pathlib import Path
from typing import Any

import xlwings as xw

from timix_xl.hosts.files.app import Apps
from timix_xl.hosts.files.cells import CellError

NAME = "timix-files"


class FilesEngine:
    """What xlwings asks of an engine: its name, its apps, and how values are cleaned."""

    name = NAME
    type = "desktop"

    def __init__(self) -> None:
        self.apps = Apps(self)

    @staticmethod
    def prepare_xl_data_element(value: object, options: dict[str, Any]) -> object:
        """Turn a Python value into one that a cell can hold."""
        del options
        if value is None or isinstance(value, str | bool | float | dt.datetime):
            return value
        if isinstance(value, numbers.Real) or hasattr(value, "as_tuple"):
            return float(value)  # type: ignore[arg-type]  # Decimal, which no numbers class claims
        if isinstance(value, dt.date):
            return dt.datetime(value.year, value.month, value.day)
        return value

    @staticmethod
    def clean_value_data(
        rows: list[list[Any]],
        build_datetime: Callable[..., object],
        empty_as: object,
        build_number: Callable[[float], object] | None,
        err_to_str: bool,  # xlwings passes it by position
    ) -> list[list[object]]:
        """Turn cell values into what the caller's options ask for."""

        def clean(value: object) -> object:
            if value is None:
                return empty_as
            if isinstance(value, CellError):
                return str(value) if err_to_str else None
            if isinstance(value, dt.datetime) and build_datetime is not dt.datetime:
                return build_datetime(**_parts(value))
            if build_number and type(value) is float:
                return build_number(value)
            return value

        return [[clean(value) for value in row] for row in rows]


def start() -> xw.Engine:
    """Register the engine with xlwings, once, and give it."""
    if NAME not in xw.engines.engines_by_name:
        xw.engines.add(xw.Engine(impl=FilesEngine()))
    engine = xw.engines[NAME]
    if xw.engines.active is None:
        engine.activate()
    return engine


def open_book(path: str | Path) -> xw.Book:
    """Open a workbook on disk; `with` closes it, `save()` writes it."""
    app = start().apps.add(add_book=False, visible=False)
    try:
        return xw.Book(impl=app.books.impl.open(str(path)))
    except BaseException:
        app.quit()
        raise


def _parts(moment: dt.datetime) -> dict[str, Any]:
    return {
        "year": moment.year,
        "month": moment.month,
        "day": moment.day,
        "hour": moment.hour,
        "minute": moment.minute,
        "second": moment.second,
        "microsecond": moment.microsecond,
        "tzinfo": None,
    }
