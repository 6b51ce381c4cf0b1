"""Defined names: Excel removes a wrong one, "Removed Records: Named range from /xl/workbook.xml"."""

import re
from collections.abc import Iterator

from tests.ooxml.addresses import area_of, cell_at
from tests.ooxml.book import Book, Name, Sheet
from tests.ooxml.formulas import BadFormulaError, read
from tests.ooxml.package import length, whole
from tests.ooxml.uses import problems_of
from tests.ooxml.workbooks import twice

_LEGAL = re.compile(r"[^\W\d][\w.\\?]*|\\[\w.\\?]*")
_R1C1 = re.compile(r"[Rr]\d*([Cc]\d*)?|[Cc]\d*")
_BUILT_IN = {
    f"_xlnm.{word}".lower()
    for word in "Print_Area Print_Titles _FilterDatabase Criteria Extract Database Sheet_Title "
    "Consolidate_Area Auto_Open Auto_Close Recorder Data_Form Auto_Activate Auto_Deactivate".split()
}
_LONGEST = 255


def is_legal(name: str) -> bool:
    """Tell whether a name is one: no cell, no R1C1, no odd character, not too long.

    ECMA-376-1, 18.2.5 and 18.17.2.5; [MS-OI29500] 2.1.568 k. TAX2024 is a cell.
    """
    if name.lower().startswith("_xlnm."):
        return name.lower() in _BUILT_IN
    return (
        bool(_LEGAL.fullmatch(name))
        and length(name) <= _LONGEST
        and cell_at(name.upper()) is None
        and not _R1C1.fullmatch(name)
        and name.upper() not in ("TRUE", "FALSE")
    )


def names_are_legal(book: Book) -> Iterator[str]:
    """See `is_legal`."""
    for one in book.names:
        if not is_legal(one.name):
            yield f"the name {one.name!r} is none that Excel takes"


def names_are_unique(book: Book) -> Iterator[str]:
    """A name stands once per scope, whatever the case (ECMA-376-1, 18.2.5)."""
    keys = [f"{one.name.lower()} of {one.scope or 'the workbook'}" for one in book.names]
    yield from twice("the name", keys)


def scopes_are_sheets(book: Book) -> Iterator[str]:
    """The scope of a name is the index of a sheet (ECMA-376-1, 18.2.5 localSheetId)."""
    for one in book.names:
        if one.scope is not None and (
            whole(one.scope) is None or int(one.scope) >= len(book.sheets)
        ):
            yield f"the name {one.name} is of sheet {one.scope}, which is not there"


def names_refer(book: Book) -> Iterator[str]:
    """What a name refers to is a formula that can be read, on sheets that are there."""
    for one in book.names:
        if not one.refers_to.strip():
            yield f"the name {one.name} refers to nothing"
            continue
        for problem in problems_of(book, one.refers_to, _sheet_of(book, one)):
            yield f"the name {one.name} {problem}"


def names_are_fixed(book: Book) -> Iterator[str]:
    """A name without dollar signs moves with the active cell: it names another cell each time."""
    for one in book.names:
        address = one.refers_to.rpartition("!")[2]
        if re.search(r"(?<![\w$.])[A-Z]{1,3}\$?[0-9]+(?![\w(])", address) and area_of(address):
            yield f"the name {one.name} refers to {one.refers_to}, which is not absolute"


def print_names_are_areas(book: Book) -> Iterator[str]:
    """Print areas and titles are areas of the sheet whose they are (ECMA-376-1, 18.2.5)."""
    for one in book.names:
        if one.name.lower() not in ("_xlnm.print_area", "_xlnm.print_titles"):
            continue
        sheet = _sheet_of(book, one)
        if sheet is None:
            yield f"{one.name} is of no sheet"
        elif not all(_is_on(piece, sheet) for piece in _areas_in(one.refers_to)):
            yield f"{one.name} of {sheet.name} is no area of it: {one.refers_to}"


def _sheet_of(book: Book, one: Name) -> Sheet | None:
    index = whole(one.scope)
    return book.sheets[index] if index is not None and index < len(book.sheets) else None


def _areas_in(text: str) -> list[str]:
    return re.findall(r"(?:'(?:[^']|'')+'|[^,'!]+)![^,]+", text) or [text]


def _is_on(text: str, sheet: Sheet) -> bool:
    try:
        sheets = read(text).sheets
    except BadFormulaError:
        return False
    address = text.rpartition("!")[2]
    return {one.lower() for one in sheets} == {sheet.name.lower()} and area_of(address) is not None


RULES = (
    names_are_legal,
    names_are_unique,
    scopes_are_sheets,
    names_refer,
    names_are_fixed,
    print_names_are_areas,
)
