"""The workbook's own part: sheets, views, code names and the order of its elements."""

import re
from collections.abc import Iterable, Iterator

from tests.ooxml.book import Book
from tests.ooxml.package import length, whole

_ORDER = """
    fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups
    externalReferences definedNames calcPr oleSize customWorkbookViews pivotCaches smartTagPr
    smartTagTypes webPublishing fileRecoveryPr webPublishObjects extLst
""".split()
_LONGEST_SHEET_NAME = 31
_LAST_SHEET_ID = 65_534


def elements_are_in_order(book: Book) -> Iterator[str]:
    """CT_Workbook is a sequence (ECMA-376-1, 18.2.27): Excel refuses another order."""
    tags = [] if book.root is None else [child.tag.rpartition("}")[2] for child in book.root]
    yield from out_of_order("the workbook", tags, _ORDER)


def out_of_order(where: str, tags: Iterable[str], order: list[str]) -> Iterator[str]:
    """Say which element stands too late; elements of another schema may stand anywhere."""
    last = -1
    for tag in tags:
        if tag in order:
            if order.index(tag) < last:
                yield f"{where} has {tag} after {order[last]}"
            last = max(last, order.index(tag))


def sheet_names_are_legal(book: Book) -> Iterator[str]:
    """Excel repairs the workbook over such a name: [MS-OI29500] 2.1.578 and 18.17 of the standard.

    "History" is reserved for the tracking of changes.
    """
    for sheet in book.sheets:
        name = sheet.name
        if not 1 <= length(name) <= _LONGEST_SHEET_NAME:
            yield f"the sheet name {name!r} is not of 1 to {_LONGEST_SHEET_NAME} characters"
        if re.search(r"[\[\]:*?/\\]", name) or name.startswith("'") or name.endswith("'"):
            yield f"the sheet name {name!r} has a character that it must not have"
        if name.lower() == "history":
            yield f"the sheet name {name!r} is reserved"


def sheet_names_are_unique(book: Book) -> Iterator[str]:
    """Sheet names are unique whatever the case ([MS-OI29500] 2.1.578 d); else: repair."""
    yield from twice("the sheet name", [sheet.name.lower() for sheet in book.sheets])


def sheet_ids_are_unique(book: Book) -> Iterator[str]:
    """Sheet ids are unique, from 1 to 65534 ([MS-OI29500] 2.1.578 b); else: repair."""
    ids = [sheet.entry.get("sheetId", "") for sheet in book.sheets]
    yield from twice("the sheet id", ids)
    for one in ids:
        if not 1 <= (whole(one) or 0) <= _LAST_SHEET_ID:
            yield f"the sheet id {one!r} is not from 1 to {_LAST_SHEET_ID}"


def sheets_are_there(book: Book) -> Iterator[str]:
    """Each sheet leads to a part that is a sheet (ECMA-376-1, 18.2.19); else Excel refuses."""
    if not book.sheets:
        yield "the workbook has no sheet"
    parts = [sheet.part for sheet in book.sheets]
    yield from twice("the part of a sheet", [part for part in parts if part])
    for sheet in book.sheets:
        if sheet.root is None:
            yield f"the sheet {sheet.name} leads to no part"


def a_sheet_is_visible(book: Book) -> Iterator[str]:
    """A workbook needs a visible sheet, and shows one: ECMA-376-1, 18.2.19 and 18.2.30."""
    states = [sheet.entry.get("state", "visible") for sheet in book.sheets]
    for state in sorted(set(states) - {"visible", "hidden", "veryHidden"}):
        yield f"a sheet has the state {state!r}"
    if states and "visible" not in states:
        yield "no sheet is visible"
        return
    for view in book.all("bookViews/workbookView"):
        active = whole(view.get("activeTab", "0"))
        if active is None or active >= len(states):
            yield f"the active tab {view.get('activeTab')} is no sheet"
        elif states[active] != "visible":
            yield f"the active tab {book.sheets[active].name} is hidden"


def one_sheet_is_selected(book: Book) -> Iterator[str]:
    """Sheets selected together are edited together: what is typed lands on all of them."""
    selected = [
        sheet.name
        for sheet in book.worksheets
        for view in sheet.all("sheetViews/sheetView")
        if view.get("tabSelected") in ("1", "true")
    ]
    if len(selected) > 1:
        yield f"the sheets {', '.join(selected)} are selected together"


def code_names_are_modules(book: Book) -> Iterator[str]:
    """Document modules of the VBA project are the code names of workbook and sheets.

    [MS-OVBA] 2.3.1.7; else Excel says that the project is damaged and removes it.
    """
    links = book.package.of_kind("vbaProject", book.part)
    try:
        modules = _document_modules(book.package.parts[links[0].target]) if links else None
    except (OSError, AttributeError) as problem:
        yield f"the VBA project cannot be read: {problem}"
        return
    if modules is None:
        return
    named = [one.get("codeName", "") for one in book.all("workbookPr")]
    for sheet in book.sheets:
        named += [one.get("codeName", "") for one in sheet.all("sheetPr")] or [""]
    for name in named or [""]:
        if name not in modules:
            yield f"the code name {name!r} is no document module of the VBA project"
    for name in modules:
        if name not in named:
            yield f"the document module {name} is the code of no sheet"


def _document_modules(project: bytes) -> list[str] | None:
    try:
        import olefile  # only where oletools is installed
    except ImportError:
        return None
    with olefile.OleFileIO(project) as ole:
        text = ole.openstream("PROJECT").read().decode("cp1252")
    return re.findall(r"^Document=([^/\r\n]+)/", text, re.MULTILINE)


def twice(what: str, keys: list[str]) -> Iterator[str]:
    """Say which key stands more than once."""
    seen: set[str] = set()
    told: set[str] = set()
    for key in keys:
        if key in seen and key not in told:
            yield f"{what} {key!r} stands twice"
            told.add(key)
        seen.add(key)


RULES = (
    elements_are_in_order,
    sheet_names_are_legal,
    sheet_names_are_unique,
    sheet_ids_are_unique,
    sheets_are_there,
    a_sheet_is_visible,
    one_sheet_is_selected,
    code_names_are_modules,
)
