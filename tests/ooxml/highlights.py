"""Conditional formats: "Removed Feature: Conditional formatting from /xl/worksheets/sheet1.xml"."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from tests.ooxml.addresses import areas_of
from tests.ooxml.book import Book, Sheet
from tests.ooxml.package import MAIN, local, whole
from tests.ooxml.uses import problems_of
from tests.ooxml.validations import not_for_conditions
from tests.ooxml.workbooks import twice

_TYPES = """
    expression cellIs colorScale dataBar iconSet top10 uniqueValues duplicateValues containsText
    notContainsText beginsWith endsWith containsBlanks notContainsBlanks containsErrors
    notContainsErrors timePeriod aboveAverage
""".split()
_FORMULAS = {"expression": (1, 1), "cellIs": (1, 2)}
_X14 = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
_XM = "{http://schemas.microsoft.com/office/excel/2006/main}"


def priorities_are_unique(book: Book, sheet: Sheet) -> Iterator[str]:
    """Rules of a sheet have different priorities from 1 up (ECMA-376-1, 18.3.1.10 priority).

    Excel loads twins, but shows and edits one of them in the place of the other.
    """
    priorities = [one.get("priority", "") for one in sheet.all("conditionalFormatting/cfRule")]
    yield from twice("the priority", priorities)
    for one in priorities:
        if not whole(one):
            yield f"the priority {one!r} is none"


def conditions_are_sound(book: Book, sheet: Sheet) -> Iterator[str]:
    """A condition has an area, a known type, its parts, and a look that is there (18.3.1.10)."""
    for group in sheet.all("conditionalFormatting"):
        where = f"the condition of {group.get('sqref', '')[:40]}"
        if areas_of(group.get("sqref")) is None:
            yield f"{where} is of no area"
        for rule in group.findall(f"{MAIN}cfRule"):
            for problem in _wrong(book, sheet, rule):
                yield f"{where} {problem}"


def _wrong(book: Book, sheet: Sheet, rule: Element) -> Iterator[str]:
    kind, look = rule.get("type", ""), rule.get("dxfId")
    if kind not in _TYPES:
        yield f"has the type {kind!r}"
    if look is not None and (whole(look) is None or int(look) >= book.count("dxfs")):
        yield f"has the look {look}, which is not there"
    formulas = [one.text or "" for one in rule.findall(f"{MAIN}formula")]
    least, most = _FORMULAS.get(kind, (0, 3))
    if not least <= len(formulas) <= most:
        yield f"has {len(formulas)} formulas"
    for text in formulas:
        for problem in (*problems_of(book, text, sheet), *not_for_conditions(text)):
            yield f"has a formula that {problem}"
    yield from _wrong_scale(rule, kind)


def _wrong_scale(rule: Element, kind: str) -> Iterator[str]:
    """A bar has two ends and a colour, a scale a colour for each of two or three (18.3.1.16, .28)."""
    for one in rule:
        ends, colors = len(one.findall(f"{MAIN}cfvo")), len(one.findall(f"{MAIN}color"))
        if local(one.tag) == "dataBar" and (ends, colors) != (2, 1):
            yield f"has a bar with {ends} ends and {colors} colours"
        if local(one.tag) == "colorScale" and (ends != colors or ends not in (2, 3)):
            yield f"has a scale with {ends} ends and {colors} colours"
    needed = kind in ("dataBar", "colorScale", "iconSet")
    if needed and rule.find(MAIN + kind) is None:
        yield f"has no {kind}"


def extensions_are_sound(book: Book, sheet: Sheet) -> Iterator[str]:
    """Extensions have a uri of their own, and their rules a formula and an area ([MS-XLSX] 2.4)."""
    extensions = sheet.all("extLst/ext")
    yield from twice("the extension", [one.get("uri", "") for one in extensions])
    for extension in extensions:
        for tag in ("conditionalFormatting", "dataValidation"):
            for one in extension.iter(_X14 + tag):
                if areas_of(one.findtext(f"{_XM}sqref")) is None:
                    yield f"an extension has a {tag} of no area"
        for formula in extension.iter(f"{_XM}f"):
            for problem in problems_of(book, formula.text or "", sheet):
                yield f"a formula of an extension {problem}"


RULES = (priorities_are_unique, conditions_are_sound, extensions_are_sound)
