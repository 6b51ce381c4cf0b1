"""Cell values on their way between a host and xlwings."""

import datetime as dt
import numbers
from collections.abc import Callable
from itertools import chain
from typing import Any


class CellError(str):
    """An error value, such as #N/A."""

    __slots__ = ()


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


def clean_value_data(
    rows: list[list[Any]],
    build_datetime: Callable[..., object],
    empty_as: object,
    build_number: Callable[[float], object] | None,
    err_to_str: bool,  # xlwings passes it by position
) -> list[list[object]]:
    """Turn cell values into what the caller's options ask for."""
    is_plain = build_datetime is dt.datetime and build_number is None and empty_as is None
    if is_plain and CellError not in set(map(type, chain.from_iterable(rows))):
        return rows

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
