"""Files that are nearly right: valid ones with bytes, cells, keys or parts of a zip changed."""

import csv
import functools
import io
import json
import re
import warnings
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

Parts: TypeAlias = Mapping[str, bytes]

ODD_NUMBERS = (
    *("0", "-0", "1", "-1", "007", "1.5", "1,5", "1.234", "1,234.56", "1.234,56", "1 000", ".5"),
    *("1e3", "1E400", "1e-400", "-1e308", "NaN", "Infinity", "-inf", "0x10", "1_0", "8h", "50%"),
    *("9" * 15, "9" * 16, "9" * 5000, "0." + "0" * 400 + "1", "99999999999999999999.99"),
    *("٣", "８", "½", "²", "−1", "1\u00a0000", "1\u202f5"),
)
ODD_DATES = (
    *("2026-01-31", "2026-02-30", "0000-00-00", "9999-12-31", "10000-01-01", "1989-12-31"),
    *("31.12.2026", "01/02/2026", "12/31/2026", "2026-1-5", "2026-W01-1", "20260131", "26-1-1"),
    *("2026-01-31T00:00:00", "٢٠٢٦-٠١-٣١", "24:00", "23:59:60", "7:30 PM", "13:00 AM", "-1:30"),
)
ODD_TEXTS = (
    *("", " ", "\u00a0", "\t", "\n", "\r", "\0", "\x1f", "\x7f", "\x85", "\u2028", "\ufeff"),
    *("\ufffe", "\uffff", "\ud800", "\udfff", "\u202e", "\u200b", "e\u0301", "İ", "ß", "ﬀ", "🧾"),
    *("=1+1", "+1", "-1", "@A", "=cmd|'/C calc'!A0", "=HYPERLINK(1)", "#REF!", "#N/A", "_x0000_"),
    *("_x000D_", "_xD800_", "'", '"', '""', "\\", "/", "..", "../x", "C:\\x", "nul", "{", "}"),
    *("{0}", "{value}", "{{", "%s", "%(x)s", "[/]", "[bold]", "&lt;", "<a>", "]]>", "<!--", "&#0;"),
    *("null", "true", "false", "yes", "none", "all", "sep=;", "x" * 300, "ä" * 20_000),
)
odd_texts = st.one_of(
    st.sampled_from(ODD_TEXTS),
    st.sampled_from(ODD_NUMBERS),
    st.sampled_from(ODD_DATES),
    st.text(st.characters(), max_size=12),  # with lone surrogates
)
odd_numbers = st.one_of(st.integers(), st.floats(), st.sampled_from((10**400, -(10**15), 1e308)))
odd_values: SearchStrategy[Any] = st.recursive(
    st.one_of(odd_texts, odd_numbers, st.booleans(), st.none()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(odd_texts, inner, max_size=3)
    ),
    max_leaves=5,
)


class Packed(bytes):
    """A zip, which nobody wants to read in a message."""

    def __repr__(self) -> str:
        return f"<a zip of {len(self)} bytes>"


def utf8(text: str) -> bytes:
    """Encode a text, whatever stands in it."""
    return text.encode("utf-8", "surrogatepass")


# -- Bytes


@st.composite
def spoilt(draw: DrawFn, content: bytes, most: int = 4) -> bytes:
    """Flip, cut, double, insert or overwrite bytes in some places."""
    for _ in range(draw(st.integers(1, most))):
        at = draw(st.integers(0, len(content)))
        to = min(len(content), at + draw(st.sampled_from((0, 1, 2, 7, 40, 1000))))
        new = draw(_PIECES)
        content = draw(
            st.sampled_from(
                (
                    content[:at] + new + content[to:],
                    content[:at] + new + content[at:],
                    content[:at] + content[to:],
                    content[:to] + content[at:],
                    content[:at],
                    content[:at] + bytes(one ^ 0x41 for one in content[at:to]) + content[to:],
                )
            )
        )
    return content


_PIECES = st.one_of(
    st.binary(max_size=8),
    st.sampled_from((b"[" * 100_000, b'{"a":' * 2000, b'"', b",", b";", b"\0", b"\xff\xfe", b"PK")),
    odd_texts.map(utf8),
)


# -- JSON


@st.composite
def changed_json(draw: DrawFn, whole: Any, most: int = 3) -> bytes:
    """Change values, names and nesting somewhere in a JSON value, and write it in some way."""
    for _ in range(draw(st.integers(1, most))):
        whole = _changed(draw, whole)
    text = json.dumps(whole, ensure_ascii=draw(st.booleans()))
    if draw(st.integers(0, 9)) == 0:  # the same name twice
        text = re.sub(r'("\w+"): ', r"\1: 1, \1: ", text, count=1)
    encoding = draw(st.sampled_from(("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16")))
    return text.encode(encoding, "surrogatepass")


def _changed(draw: DrawFn, value: Any) -> Any:
    """Go down a random way, and change what stands at its end."""
    goes_on = draw(st.integers(0, 6)) > 0
    if isinstance(value, dict) and value and goes_on:
        return _changed_table(draw, value)
    if isinstance(value, list) and value and goes_on:
        at = draw(st.integers(0, len(value) - 1))
        one = _changed(draw, value[at])
        ones = draw(st.sampled_from(([one], [one, one], [])))
        return [*value[:at], *ones, *value[at + 1 :]]
    return draw(st.one_of(odd_values, st.just([value]), st.just({"code": value}), _deep))


def _changed_table(draw: DrawFn, value: dict[str, Any]) -> dict[str, Any]:
    key = draw(st.sampled_from(sorted(value)))
    rest = {name: one for name, one in value.items() if name != key}
    match draw(st.integers(0, 9)):
        case 0:
            return rest
        case 1:
            return rest | {draw(odd_texts): value[key]}
        case 2:
            return value | {draw(st.sampled_from(sorted(value))): value[key]}
    return value | {key: _changed(draw, value[key])}


def _nested(levels: int) -> Any:
    return functools.reduce(lambda inner, _: [inner], range(levels), "x")


_deep = st.sampled_from((10, 100, 400)).map(_nested)


# -- Tables of text


@st.composite
def changed_csv(draw: DrawFn, text: str, most: int = 5) -> bytes:
    """Change cells, rows and columns of a CSV, and how it is written."""
    separator = ";" if text.splitlines()[0].count(";") > 1 else ","
    rows = [list(row) for row in csv.reader(io.StringIO(text), delimiter=separator)]
    for _ in range(draw(st.integers(1, most))):
        rows = draw(st.sampled_from(_CHANGES))(draw, rows)
    written = io.StringIO()
    marks = {"delimiter": draw(st.sampled_from((separator, separator, ",", ";", "\t")))}
    ends = draw(st.sampled_from(("\r\n", "\n", "\r")))
    csv.writer(written, lineterminator=ends, **marks).writerows(rows)
    encoding = draw(st.sampled_from(("utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252")))
    errors = "surrogatepass" if encoding.startswith("utf") else "replace"
    return written.getvalue().encode(encoding, errors)


Rows: TypeAlias = list[list[str]]


def _cell(draw: DrawFn, rows: Rows) -> Rows:
    if filled := [at for at, row in enumerate(rows) if row]:
        row = rows[draw(st.sampled_from(filled))]
        row[draw(st.integers(0, len(row) - 1))] = draw(odd_texts)
    return rows


def _column(draw: DrawFn, rows: Rows) -> Rows:
    at, new = draw(st.integers(0, 20)), draw(st.one_of(st.none(), odd_texts))
    return [row[:at] + ([] if new is None else [new]) + row[at + 1 :] for row in rows]


def _longer(draw: DrawFn, rows: Rows) -> Rows:
    row = draw(st.sampled_from(rows)) if rows else []
    return [*rows, *[list(row)] * draw(st.sampled_from((1, 2, 50)))]


def _shorter(draw: DrawFn, rows: Rows) -> Rows:
    at = draw(st.integers(0, max(0, len(rows) - 1)))
    return draw(st.sampled_from((rows[:at] + rows[at + 1 :], rows[at:], rows[: at + 1])))


def _headless(draw: DrawFn, rows: Rows) -> Rows:
    return [draw(st.lists(odd_texts, max_size=4)), *rows]


_CHANGES = (_cell, _cell, _cell, _cell, _column, _longer, _shorter, _headless)


# -- Workbooks


def parts_of(content: bytes) -> Parts:
    """Unpack a zip."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Sequence[tuple[str, bytes]]) -> Packed:
    """Pack a zip; the same name may come twice."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return Packed(whole.getvalue())


@st.composite
def changed_workbook(draw: DrawFn, parts: Parts, most: int = 4) -> Packed:
    """Change texts, attributes, elements and parts of a workbook; at times the zip itself."""
    whole = list(parts.items())
    for _ in range(draw(st.integers(1, most))):
        at = draw(st.one_of(_cells_of(whole), _cells_of(whole), st.integers(0, len(whole) - 1)))
        name, content = whole[at]
        match draw(st.integers(0, 30)):
            case 0:
                whole.append((draw(st.sampled_from((name, name.upper(), "../x", "x"))), content))
            case 1:
                whole[at] = (name, whole[draw(st.integers(0, len(whole) - 1))][1])
            case 2:
                whole[at] = (name, draw(st.one_of(st.just(b""), spoilt(content))))
            case 3 if len(whole) > 1:
                del whole[at]
            case _:
                whole[at] = (name, draw(st.sampled_from(_XML_CHANGES))(draw, content))
    content = _with_doubles(whole)
    return Packed(draw(spoilt(content, 2))) if draw(st.integers(0, 19)) == 0 else content


def _cells_of(parts: Sequence[tuple[str, bytes]]) -> SearchStrategy[int]:
    """Choose one of the parts that hold cells, and what they are called; else the first."""
    names = [name for name, _ in parts]
    holding = ("xl/worksheets/s", "xl/sharedStrings", "xl/tables/", "xl/workbook.xml")
    return st.sampled_from([at for at, name in enumerate(names) if name.startswith(holding)] or [0])


def _with_doubles(parts: Sequence[tuple[str, bytes]]) -> Packed:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that come twice
        return packed(parts)


_ATTRIBUTE = re.compile(rb'(?<==")[^"]*(?=")')
_TEXT = re.compile(rb"(?<=>)[^<>]+(?=<)")
_ELEMENT = re.compile(rb"<(\w[\w:]*)\b[^<>]*?/>|<(\w[\w:]*)\b[^<>]*>[^<>]*</\2>")
_TAG = re.compile(rb"</?\w[^<>]*>")


@functools.lru_cache(maxsize=256)
def _places(pattern: "re.Pattern[bytes]", content: bytes) -> tuple[tuple[int, int], ...]:
    return tuple(found.span() for found in pattern.finditer(content))


def _replaced(
    draw: DrawFn, content: bytes, pattern: "re.Pattern[bytes]", new: SearchStrategy[bytes]
) -> bytes:
    places = _places(pattern, content)
    if not places:
        return content
    start, end = draw(st.sampled_from(places))
    return content[:start] + draw(new) + content[end:]


def _escaped(text: str) -> bytes:
    for sign, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(sign, name)
    return utf8(text)


_TYPES = tuple(b"s n b e d str inlineStr x 1 0 -1 99999999 1048577 XFD1 A1 A0 A1:A9 ".split(b" "))
_NEW = st.one_of(
    odd_texts.map(_escaped),
    st.sampled_from(_TYPES),
    odd_texts.map(utf8),
    odd_numbers.map(str).map(utf8),
)


def _attribute(draw: DrawFn, content: bytes) -> bytes:
    return _replaced(draw, content, _ATTRIBUTE, _NEW)


def _text(draw: DrawFn, content: bytes) -> bytes:
    return _replaced(draw, content, _TEXT, _NEW)


def _element(draw: DrawFn, content: bytes) -> bytes:
    return _replaced(draw, content, _ELEMENT, st.sampled_from((b"", b"<x/>", b"<v>1</v>")))


def _element_twice(draw: DrawFn, content: bytes) -> bytes:
    places = _places(_ELEMENT, content)
    if not places:
        return content
    start, end = draw(st.sampled_from(places))
    times = draw(st.sampled_from((2, 3, 1000)))
    return content[:start] + content[start:end] * times + content[end:]


def _tag(draw: DrawFn, content: bytes) -> bytes:
    return _replaced(draw, content, _TAG, _TAGS)


_TAGS = st.sampled_from(
    (b"", b"<x>", b"</x>", b"<!-- -->", b"<![CDATA[x]]>", b'<!DOCTYPE x [<!ENTITY a "b">]>', b"&a;")
)
_XML_CHANGES: tuple[Callable[[DrawFn, bytes], bytes], ...] = (
    *(_attribute, _attribute, _attribute, _text, _text, _text),
    *(_element, _element_twice, _tag),
)
