"""The number formats that TEXT knows here."""

import datetime as dt
import re

from timix_xl.hosts.files.formulas.values import NotCalculatedError, Scalar, rounded, text

_NUMBER = re.compile(r"(#,##)?(0+)(\.0+)?(%)?")
_DATE = re.compile(r"yyyy|yy|mmmm|mmm|mm|m|dddd|ddd|dd|d|hh|h|ss|[-./ ,:]", re.IGNORECASE)
_START = dt.datetime(1899, 12, 30)
_CODES = {
    "yyyy": "%Y", "yy": "%y", "mmmm": "%B", "mmm": "%b", "mm": "%m",
    "dddd": "%A", "ddd": "%a", "dd": "%d", "hh": "%H", "ss": "%S",
}  # fmt: skip


def formatted(value: Scalar, code: str) -> str:
    """Spell a value by a number format."""
    if isinstance(value, str) or code == "@":
        return text(value)
    amount = float(value or 0)
    if found := _NUMBER.fullmatch(code):
        return _as_number(amount, found)
    if code.casefold() == "general":
        return text(amount)
    return _as_date(amount, code)


def _as_number(amount: float, found: re.Match[str]) -> str:
    groups, whole, decimals, percent = found.groups()
    places = len(decimals or ".") - 1
    value = rounded(amount * 100 if percent else amount, places)
    # A rounded nothing has no sign.
    width = len(whole) + (places + 1 if places else 0) + (value < 0)
    spelled = f"{value or 0.0:0{width}{',' if groups else ''}.{places}f}"
    return spelled + (percent or "")


def _as_date(serial: float, code: str) -> str:
    pieces = _DATE.findall(code)
    if not code or "".join(pieces) != code or serial < 1:
        raise NotCalculatedError(code)
    moment = _START + dt.timedelta(milliseconds=round(serial * 86_400_000))
    return "".join(_piece(moment, pieces, index) for index in range(len(pieces)))


def _piece(moment: dt.datetime, pieces: list[str], index: int) -> str:
    piece = pieces[index].casefold()
    near = [p.casefold() for p in pieces[max(0, index - 2) : index + 3]]
    if piece == "mm" and ({"hh", "h"} & set(near[:2]) or "ss" in near):
        return f"{moment.minute:02}"
    if piece in ("m", "d", "h"):
        return str({"m": moment.month, "d": moment.day, "h": moment.hour}[piece])
    return moment.strftime(_CODES[piece]) if piece in _CODES else piece
