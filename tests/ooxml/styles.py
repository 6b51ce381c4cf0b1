"""Styles: "Repaired Records: Format from /xl/styles.xml part (Styles)"."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from tests.ooxml.book import Book
from tests.ooxml.package import MAIN, decoded, length, local, whole
from tests.ooxml.workbooks import out_of_order, twice

_ORDER = """
    numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs tableStyles colors extLst
""".split()
_LOOK = "font numFmt fill alignment border protection extLst".split()
_POINTERS = {"fontId": "fonts", "fillId": "fills", "borderId": "borders", "xfId": "cellStyleXfs"}
_BUILT_IN = {*range(23), *range(37, 41), *range(45, 50)}
_FIRST_OWN = 164
_MOST_FORMATS = 65_490
_LONGEST = 255
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.')


def styles_are_in_order(book: Book) -> Iterator[str]:
    """CT_Stylesheet is a sequence whose counts agree (ECMA-376-1, 18.8.39)."""
    children = [] if book.styles is None else list(book.styles)
    yield from out_of_order("styles", [local(child.tag) for child in children], _ORDER)
    for child in children:
        if child.get("count") is not None and whole(child.get("count")) != len(child):
            yield f"styles say {child.get('count')} {local(child.tag)} and have {len(child)}"
    if book.count("cellXfs") > _MOST_FORMATS:
        yield f"styles have {book.count('cellXfs')} cell formats, more than {_MOST_FORMATS}"
    for tag in ("fonts", "fills", "borders", "cellStyleXfs", "cellXfs"):
        if book.styles is not None and not book.count(tag):
            yield f"styles have no {tag}"


def formats_point_to_parts(book: Book) -> Iterator[str]:
    """Formats point to fonts, fills, borders and styles that are there (18.8.45); else: repair."""
    for collection in ("cellStyleXfs", "cellXfs"):
        for at, one in enumerate(_children(book, collection)):
            for key, target in _POINTERS.items():
                index = whole(one.get(key, "0"))
                if index is None or index >= max(1, book.count(target)):
                    yield f"{collection} {at} has the {key} {one.get(key)}, which is not there"
    for one in _children(book, "cellStyles"):
        index = whole(one.get("xfId"))
        if index is None or index >= book.count("cellStyleXfs"):
            yield f"the style {one.get('name')} has the xfId {one.get('xfId')}"


def style_names_are_unique(book: Book) -> Iterator[str]:
    """Names of styles are unique whatever the case (18.8.7); else: repair."""
    yield from twice(
        "the style", [one.get("name", "").lower() for one in _children(book, "cellStyles")]
    )


def number_formats_are_sound(book: Book) -> Iterator[str]:
    """Own number formats have ids from 164, once each, and codes of 1 to 255 characters.

    ECMA-376-1, 18.8.30; [MS-OI29500] 2.1.712 b.
    """
    own = _children(book, "numFmts")
    looks = [one for look in _children(book, "dxfs") for one in look.findall(f"{MAIN}numFmt")]
    yield from twice("the number format", [one.get("numFmtId", "") for one in own])
    for one in own:
        if (whole(one.get("numFmtId")) or 0) < _FIRST_OWN:
            yield f"the number format {one.get('numFmtId')} is not one's own"
    for one in (*own, *looks):
        for problem in _wrong_code(decoded(one.get("formatCode"))):
            yield f"the number format {one.get('numFmtId')} {problem}"
    ids = {whole(one.get("numFmtId")) for one in own} | _BUILT_IN
    for one in (*_children(book, "cellXfs"), *_children(book, "cellStyleXfs")):
        if whole(one.get("numFmtId", "0")) not in ids:
            yield f"a cell format has the number format {one.get('numFmtId')}, which is not there"


def _wrong_code(code: str) -> Iterator[str]:
    if not 1 <= length(code) <= _LONGEST:
        yield f"is {length(code)} characters long"
    bare = _QUOTED.sub("", code)
    if '"' in bare or bare.count("[") != bare.count("]"):
        yield f"has a quotation mark or bracket that is not closed: {code}"
    if bare.count(";") > 3:
        yield f"has more than four sections: {code}"


def looks_are_in_order(book: Book) -> Iterator[str]:
    """CT_Dxf is a sequence (18.8.14): a numFmt after its fill makes Excel drop the look."""
    for at, look in enumerate(_children(book, "dxfs")):
        yield from out_of_order(f"dxf {at}", [local(child.tag) for child in look], _LOOK)


def colours_are_argb(book: Book) -> Iterator[str]:
    """Colours have eight digits (18.18.86 ST_UnsignedIntHex): alpha, red, green, blue."""
    roots = [book.styles, *(sheet.root for sheet in book.worksheets)]
    for root in roots:
        for one in [] if root is None else root.iter():
            rgb = one.get("rgb")
            if rgb is not None and not re.fullmatch(r"[0-9A-Fa-f]{8}", rgb):
                yield f"{local(one.tag)} has the colour {rgb!r}"


def _children(book: Book, collection: str) -> list[Element]:
    found = None if book.styles is None else book.styles.find(MAIN + collection)
    return [] if found is None else list(found)


RULES = (
    styles_are_in_order,
    formats_point_to_parts,
    style_names_are_unique,
    number_formats_are_sound,
    looks_are_in_order,
    colours_are_argb,
)
