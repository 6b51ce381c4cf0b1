"""What cells accept: "Removed Feature: Data validation from /xl/worksheets/sheet1.xml part".

Whether areas may overlap is told both ways: Excel loads some files in which they do (EPPlus #528),
and makers of libraries say that it is not allowed (EPPlus #829) and may damage the validations. Excel
itself never writes it, so we do not either.
"""

from collections.abc import Iterator
from itertools import combinations
from xml.etree.ElementTree import Element

from tests.ooxml.addresses import areas_of
from tests.ooxml.book import Book, Sheet
from tests.ooxml.formulas import BadFormulaError, Formula, read
from tests.ooxml.package import MAIN, decoded, length
from tests.ooxml.uses import problems_of

_TYPES = {"none", "whole", "decimal", "list", "date", "time", "textLength", "custom"}
_OPERATORS = {
    *("between", "notBetween", "equal", "notEqual"),
    *("lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual"),
}
# [MS-OI29500] 2.1.613, and [MS-XLSB] 2.5.37, which allows one character more in `error`.
_LONGEST = {"error": 224, "errorTitle": 32, "prompt": 255, "promptTitle": 32}
_LONGEST_FORMULA = 255
_MOST_AREAS = 32_767


def validations_are_sound(book: Book, sheet: Sheet) -> Iterator[str]:
    """Apply the rules of one validation (ECMA-376-1, 18.3.1.32 and 18.3.1.33)."""
    for one in sheet.all("dataValidations/dataValidation"):
        for rule in (areas, words, lengths, formulas_are_given, formulas_work):
            for problem in rule(book, sheet, one):
                yield f"the validation of {one.get('sqref', '')[:40]} {problem}"


def areas_do_not_overlap(book: Book, sheet: Sheet) -> Iterator[str]:
    """A cell has one validation: see above."""
    found = [
        (area, one.get("sqref", "")[:40])
        for one in sheet.all("dataValidations/dataValidation")
        for area in areas_of(one.get("sqref")) or ()
    ]
    for (area, said), (other, said_too) in combinations(found, 2):
        if area.meets(other):
            yield f"the validations of {said} and of {said_too} overlap"


def areas(book: Book, sheet: Sheet, one: Element) -> Iterator[str]:
    """A validation is of 1 to 32,767 areas ([MS-OI29500] 2.1.613 b)."""
    found = areas_of(one.get("sqref"))
    if found is None or len(found) > _MOST_AREAS:
        yield "is of no area of the sheet"


def words(book: Book, sheet: Sheet, one: Element) -> Iterator[str]:
    """Type, operator and style are words of closed lists (ECMA-376-1, 18.18.18 to 18.18.22)."""
    if one.get("type", "none") not in _TYPES:
        yield f"has the type {one.get('type')!r}"
    if one.get("operator", "between") not in _OPERATORS:
        yield f"has the operator {one.get('operator')!r}"
    if one.get("errorStyle", "stop") not in ("stop", "warning", "information"):
        yield f"has the style {one.get('errorStyle')!r}"


def lengths(book: Book, sheet: Sheet, one: Element) -> Iterator[str]:
    """Messages have the lengths of [MS-OI29500] 2.1.613; longer ones make Excel repair."""
    for key, longest in _LONGEST.items():
        if length(decoded(one.get(key))) > longest:
            yield f"has an attribute {key} of more than {longest} characters"


def formulas_are_given(book: Book, sheet: Sheet, one: Element) -> Iterator[str]:
    """Each type has its formulas: two where the operator has two ends (18.18.22)."""
    kind = one.get("type", "none")
    first, second = one.findtext(f"{MAIN}formula1"), one.findtext(f"{MAIN}formula2")
    has_ends = kind not in ("none", "list", "custom")
    needs_two = has_ends and one.get("operator", "between") in ("between", "notBetween")
    if kind != "none" and not first:
        yield "has no formula"
    if needs_two and not second:
        yield "has one end only"
    if second and not needs_two:
        yield "has a second formula that it does not need"


def formulas_work(book: Book, sheet: Sheet, one: Element) -> Iterator[str]:
    """Formulas have at most 255 characters and name no table directly: else Excel removes all."""
    for tag in ("formula1", "formula2"):
        text = one.findtext(MAIN + tag)
        if not text:
            continue
        if length(text) > _LONGEST_FORMULA:
            yield f"has a {tag} of {length(text)} characters, more than {_LONGEST_FORMULA}"
        for problem in problems_of(book, text, sheet):
            yield f"has a {tag} that {problem}"
        for problem in not_for_conditions(text):
            yield f"has a {tag} that {problem}"


def not_for_conditions(text: str) -> Iterator[str]:
    """Conditions have no structured references, arrays or unions (ECMA-376-1, 18.17.2.1)."""
    try:
        formula = read(text)
    except BadFormulaError:
        formula = Formula()
    if formula.tables:
        yield "names a table, which Excel does not take there"
    if formula.has_array or formula.has_union:
        yield "has an array or a union, which Excel does not take there"


RULES = (validations_are_sound, areas_do_not_overlap)
