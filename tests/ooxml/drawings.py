"""Drawings and charts: "Removed Part: /xl/drawings/drawing1.xml part (Drawing shape)"."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from tests.ooxml.book import Book, Sheet
from tests.ooxml.package import R, local, whole
from tests.ooxml.uses import problems_of
from tests.ooxml.workbooks import twice

_D = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_SIZES = {"oneCellAnchor": ("from", "ext"), "twoCellAnchor": ("from", "to")}
_AXES = {f"{_C}{kind}Ax" for kind in ("cat", "val", "date", "ser")}
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_LAST = {"col": 16_383, "row": 1_048_575}


def drawings_are_linked(book: Book, sheet: Sheet) -> Iterator[str]:
    """A drawing of a sheet is named by its drawing element (18.3.1.36), and is a drawing."""
    for tag, kind in (("drawing", "drawing"), ("legacyDrawing", "vmlDrawing")):
        links = {link.id for link in book.package.of_kind(kind, sheet.part)}
        named = {one.get(f"{R}id", "") for one in sheet.all(tag)}
        for one in sorted(links ^ named):
            yield f"{one} is not both named as {tag} and linked as {kind}"


def anchors_are_sound(book: Book) -> Iterator[str]:
    """Anchors stand in the sheet, with a size and clientData (ECMA-376-1, 20.5.2); else dropped."""
    for part, root in _parts(book, "drawing+xml"):
        ids = [one.get("id", "") for one in root.iter(f"{_D}cNvPr")]
        yield from twice(f"{part}: the shape id", ids)
        for anchor in root:
            kind = local(anchor.tag)
            for tag in _SIZES.get(kind, ()):
                if anchor.find(_D + tag) is None:
                    yield f"{part}: a {kind} has no {tag}"
            if anchor.find(f"{_D}clientData") is None:
                yield f"{part}: a {kind} has no clientData"
            yield from _outside(part, anchor)


def _outside(part: str, anchor: Element) -> Iterator[str]:
    for one in (*anchor.findall(f"{_D}from"), *anchor.findall(f"{_D}to")):
        for tag, last in _LAST.items():
            at = whole(one.findtext(_D + tag, ""))
            if at is None or at > last:
                yield f"{part}: an anchor stands at {tag} {one.findtext(_D + tag)}"
    for one in anchor.findall(f"{_D}ext"):
        if whole(one.get("cx")) is None or whole(one.get("cy")) is None:
            yield f"{part}: an anchor has the size {one.attrib}"


def chart_formulas_work(book: Book) -> Iterator[str]:
    """Series refer to cells of sheets that are there (21.2.2.65); Excel drops a broken chart."""
    for part, root in _parts(book, "drawingml.chart+xml"):
        for one in root.iter(f"{_C}f"):
            for problem in problems_of(book, one.text or ""):
                yield f"{part}: a series {problem}"


def chart_axes_are_there(book: Book) -> Iterator[str]:
    """Each axId of a plot and each crossAx has its axis (21.2.2.9): else the chart is dropped."""
    for part, root in _parts(book, "drawingml.chart+xml"):
        axes = [one.find(f"{_C}axId") for one in root.iter() if one.tag in _AXES]
        there = [one.get("val", "") for one in axes if one is not None]
        yield from twice(f"{part}: the axis", there)
        named = [*root.iter(f"{_C}axId"), *root.iter(f"{_C}crossAx")]
        for one in sorted({one.get("val", "") for one in named} - set(there)):
            yield f"{part}: the axis {one} is not there"


def chart_axes_say_whether_they_show(book: Book) -> Iterator[str]:
    """Without `delete` Excel hides an axis of a chart (21.2.2.40), as of openpyxl 3.1's own."""
    for part, root in _parts(book, "drawingml.chart+xml"):
        for one in root.iter():
            if one.tag in _AXES and one.find(f"{_C}delete") is None:
                yield f"{part}: a {local(one.tag)} does not say that it shows"


def chart_caches_agree(book: Book) -> Iterator[str]:
    """Kept points have places below ptCount, once each, and numbers in numCache (21.2.2.25, .120)."""
    for part, root in _parts(book, "drawingml.chart+xml"):
        for cache in (*root.iter(f"{_C}numCache"), *root.iter(f"{_C}strCache")):
            counts = [whole(one.get("val")) for one in cache.findall(f"{_C}ptCount")]
            points = cache.findall(f"{_C}pt")
            places = [whole(one.get("idx")) for one in points]
            most = max((place for place in places if place is not None), default=-1)
            if len(counts) != 1 or most >= (counts[0] or 0) or len(set(places)) < len(places):
                yield f"{part}: a cache counts {counts} points and has {places}"
            for one in points if cache.tag == f"{_C}numCache" else ():
                if not _NUMBER.fullmatch(one.findtext(f"{_C}v", "")):
                    yield f"{part}: a cache has the number {one.findtext(f'{_C}v')!r}"


def chart_series_are_unique(book: Book) -> Iterator[str]:
    """idx and order of series are unique in a chart (21.2.2.84, 21.2.2.128)."""
    for part, root in _parts(book, "drawingml.chart+xml"):
        for tag in ("idx", "order"):
            found = [one.find(_C + tag) for one in root.iter(f"{_C}ser")]
            keys = [one.get("val", "") for one in found if one is not None]
            yield from twice(f"{part}: the {tag}", keys)


def _parts(book: Book, kind: str) -> Iterator[tuple[str, Element]]:
    for name in book.package.xml_parts:
        if (book.package.type_of(name) or "").endswith(kind):
            root = book.package.root(name)
            if root is not None:
                yield name, root


RULES = (drawings_are_linked,)
BOOK_RULES = (
    anchors_are_sound,
    chart_formulas_work,
    chart_axes_are_there,
    chart_axes_say_whether_they_show,
    chart_caches_agree,
    chart_series_are_unique,
)
