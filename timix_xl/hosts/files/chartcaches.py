"""The values that a chart keeps of the cells it shows, for viewers that do not look at the cells."""

import re
from collections.abc import Callable, Iterator
from xml.sax.saxutils import unescape

from timix_xl.hosts.areas import Area, parse_area, split_sheet
from timix_xl.hosts.cell_values import CellError
from timix_xl.hosts.files import texts
from timix_xl.hosts.files.formulas.values import Scalar, general

# Gives the values of an area of a sheet, None if there is no such sheet.
Look = Callable[[str, Area], list[Scalar] | None]

_KEPT = re.compile(
    r"<(?P<p>\w+:)?f>(?P<ref>[^<]*)</(?(p)(?P=p))f>\s*"
    r"<(?(p)(?P=p))(?P<kind>num|str)Cache>(?P<inner>.*?)</(?(p)(?P=p))(?P=kind)Cache>",
    re.DOTALL,
)
_FORMAT = re.compile(r"<(?:\w+:)?formatCode>.*?</(?:\w+:)?formatCode>", re.DOTALL)


def refreshed(chart: bytes, look: Look) -> bytes:
    """Give a chart with the values that its cells have now."""

    def one(found: re.Match[str]) -> str:
        sheet, address = split_sheet(unescape(found["ref"]))
        area = parse_area(address)
        values = look(sheet, area) if sheet is not None and area is not None else None
        if values is None:
            return found[0]
        prefix, tag = found["p"] or "", f"{found['p'] or ''}{found['kind']}Cache"
        number_format = _FORMAT.search(found["inner"])
        head = number_format[0] if number_format else ""
        points = "".join(_points(values, prefix, as_text=found["kind"] == "str"))
        count = f'<{prefix}ptCount val="{len(values)}"/>'
        reference = f"<{prefix}f>{found['ref']}</{prefix}f>"
        return f"{reference}<{tag}>{head}{count}{points}</{tag}>"

    return _KEPT.sub(one, chart.decode()).encode()


def _points(values: list[Scalar], prefix: str, *, as_text: bool) -> Iterator[str]:
    for index, value in enumerate(values):
        if value is None or isinstance(value, CellError):
            continue
        if isinstance(value, str):
            if as_text:
                yield _point(index, texts.as_xml(value), prefix)
        else:
            yield _point(index, general(float(value)), prefix)


def _point(index: int, value: str, prefix: str) -> str:
    return f'<{prefix}pt idx="{index}"><{prefix}v>{value}</{prefix}v></{prefix}pt>'
