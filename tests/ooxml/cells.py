"""Rows, cells and texts: "Repaired Records: Cell information from /xl/worksheets/sheet1.xml"."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from tests.ooxml.addresses import LAST_ROW, cell_at
from tests.ooxml.book import Book, Sheet, text_of
from tests.ooxml.package import MAIN, R, decoded, length, local, whole
from tests.ooxml.uses import problems_of

_TYPES = {"b", "d", "e", "inlineStr", "n", "s", "str"}
_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA"}
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_ISO_DATE = re.compile(
    r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?Z?)?|\d\d:\d\d(:\d\d(\.\d+)?)?Z?"
)
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_ORDER = ["f", "v", "is", "extLst"]
_LONGEST = 32_767
_HIGHEST = 409.5
_LARGEST = 1.7976931348623158e308


def rows_ascend(book: Book, sheet: Sheet) -> Iterator[str]:
    """Rows ascend, each once (ECMA-376-1, 18.3.1.73); Excel drops what is out of order."""
    last = 0
    for row in sheet.all("sheetData/row"):
        number = whole(row.get("r", str(last + 1)))
        if number is None or not last < number <= LAST_ROW:
            yield f"row {row.get('r')} follows row {last}"
            continue
        last = number
        if not 0 <= float(row.get("ht", "15")) <= _HIGHEST:
            yield f"row {number} is {row.get('ht')} high"


def cells_ascend(book: Book, sheet: Sheet) -> Iterator[str]:
    """Cells ascend within the row that they name (ECMA-376-1, 18.3.1.4)."""
    for row in sheet.all("sheetData/row"):
        last = 0
        for cell in row:
            place = cell_at(cell.get("r", ""))
            if place is None or str(place[0]) != row.get("r"):
                yield f"the cell {cell.get('r')} stands in row {row.get('r')}"
            elif place[1] <= last:
                yield f"the cell {cell.get('r')} follows a cell to its right or stands twice"
            last = max(last, place[1] if place else 0)


def styles_are_there(book: Book, sheet: Sheet) -> Iterator[str]:
    """A style is an index into cellXfs ([MS-OI29500] 18.3.1.4 g); else: repair."""
    formats = max(1, book.count("cellXfs"))
    for element in [*sheet.all("sheetData/row"), *sheet.all("sheetData/row/c")]:
        style = whole(element.get("s", "0"))
        if style is None or style >= formats:
            yield f"{local(element.tag)} {element.get('r')} has the style {element.get('s')}"


def values_are_of_their_type(book: Book, sheet: Sheet) -> Iterator[str]:
    """A value has the form of the cell's type (ECMA-376-1, 18.18.11); else: repair."""
    for cell in sheet.all("sheetData/row/c"):
        for problem in _wrong_value(book, cell):
            yield f"{cell.get('r')} {problem}"


def _wrong_value(book: Book, cell: Element) -> Iterator[str]:
    tags = [local(child.tag) for child in cell]
    kind, value = cell.get("t", "n"), cell.find(f"{MAIN}v")
    order = ["is", "extLst"] if kind == "inlineStr" else _ORDER
    if tags != [tag for tag in order if tag in tags]:
        yield f"has the parts {tags}"
    if kind not in _TYPES:
        yield f"has the type {kind!r}"
    if ("is" in tags) != (kind == "inlineStr"):
        yield f"has the type {kind!r} and the parts {tags}"
    if value is None or kind in ("inlineStr", "str"):
        return
    text = value.text or ""
    if not text and ("f" in tags or kind == "n"):
        return  # <v/>, which openpyxl writes where there is no value
    if not _fits(book, kind, text):
        yield f"has the type {kind!r} and the value {text[:40]!r}"


def _fits(book: Book, kind: str, text: str) -> bool:
    if kind == "n":
        return bool(_NUMBER.fullmatch(text)) and abs(float(text)) <= _LARGEST
    if kind == "b":
        return text in ("0", "1")
    if kind == "e":
        return text in _ERRORS
    if kind == "s":
        index = whole(text)
        return index is not None and index < len(book.strings)
    return kind != "d" or bool(_ISO_DATE.fullmatch(text))


def formulas_are_sound(book: Book, sheet: Sheet) -> Iterator[str]:
    """Excel removes a formula that it cannot read: "Removed Records: Formula"."""
    for cell in sheet.all("sheetData/row/c"):
        formula = cell.find(f"{MAIN}f")
        if formula is None:
            continue
        if formula.text:
            for problem in problems_of(book, decoded(formula.text), sheet):
                yield f"the formula in {cell.get('r')} {problem}"
        elif formula.get("t") != "shared":
            yield f"the formula in {cell.get('r')} is empty"


def inline_texts_are_short(book: Book, sheet: Sheet) -> Iterator[str]:
    """A cell holds 32,767 characters, counted in UTF-16: Excel's limits; else: repair."""
    for cell in sheet.all("sheetData/row/c"):
        if cell.get("t") == "inlineStr":
            text = text_of(cell.find(f"{MAIN}is"))
        elif cell.get("t") == "str":
            text = decoded(cell.findtext(f"{MAIN}v", ""))
        else:
            continue
        if length(text) > _LONGEST:
            yield f"{cell.get('r')} has {length(text)} characters, more than {_LONGEST}"
        if "\0" in text:
            yield f"{cell.get('r')} has the character U+0000"


def shared_texts_are_sound(book: Book) -> Iterator[str]:
    """Shared strings are items of text of at most 32,767 characters (ECMA-376-1, 18.4.9).

    count and uniqueCount are a hint; fewer items than uniqueCount says are a cut file.
    """
    for link in book.package.of_kind("sharedStrings", book.part):
        root = book.package.root(link.target)
        items = [] if root is None else list(root)
        unique = whole(root.get("uniqueCount", str(len(items)))) if root is not None else 0
        if unique != len(items) or any(local(one.tag) != "si" for one in items):
            yield f"the shared strings say {unique} and are {len(items)}"
        for at, text in enumerate(book.strings):
            if length(text) > _LONGEST:
                yield f"shared string {at} has {length(text)} characters, more than {_LONGEST}"


def outer_spaces_are_kept(book: Book) -> Iterator[str]:
    """Without xml:space="preserve" Excel drops the spaces around a text (ECMA-376-1, 18.4.12)."""
    parts = [sheet.part for sheet in book.worksheets]
    parts += [link.target for link in book.package.of_kind("sharedStrings", book.part)]
    for part in parts:
        root = book.package.root(part)
        for one in [] if root is None else root.iter(f"{MAIN}t"):
            text = one.text or ""
            if text != text.strip(" \t\n\r") and one.get(_SPACE) != "preserve":
                yield f"{part} has the text {text[:40]!r}, whose outer spaces are not preserved"


def chain_leads_to_formulas(book: Book) -> Iterator[str]:
    """Excel removes a calculation chain that names a cell without a formula.

    "Removed Records: Formula from /xl/calcChain.xml part"; ECMA-376-1, 18.6.1.
    """
    by_id = {sheet.entry.get("sheetId"): sheet for sheet in book.worksheets}
    for link in book.package.of_kind("calcChain", book.part):
        root = book.package.root(link.target)
        number: str | None = None
        for one in [] if root is None else root:
            number = one.get("i", number)
            sheet, place = by_id.get(number), cell_at(one.get("r", ""))
            cell = sheet.cells.get(place) if sheet and place else None
            if cell is None or cell.element.find(f"{MAIN}f") is None:
                yield f"the calculation chain names {one.get('r')} of sheet {number}"


def notes_have_shapes(book: Book, sheet: Sheet) -> Iterator[str]:
    """Each note has its shape in the legacy drawing (ECMA-376-1, 18.7.3; Part 4, 8.1).

    Excel drops notes without a shape: "Removed Part: /xl/comments1.xml".
    """
    drawings = {link.id: link.target for link in book.package.of_kind("vmlDrawing", sheet.part)}
    used = [drawings.get(one.get(f"{R}id", "")) for one in sheet.all("legacyDrawing")]
    shapes = [_note_shapes(book.package.root(part)) for part in used if part]
    places = [place for found in shapes for place in found]
    for link in book.package.of_kind("comments", sheet.part):
        root = book.package.root(link.target)
        if root is None:
            continue
        authors = len(root.findall(f"{MAIN}authors/{MAIN}author"))
        seen: set[str] = set()
        for note in root.findall(f"{MAIN}commentList/{MAIN}comment"):
            ref = note.get("ref", "")
            place = cell_at(ref)
            if place is None or ref in seen:
                yield f"a note at {ref} is on no cell or not the only one"
            elif place not in places:
                yield f"the note at {ref} has no shape"
            if (whole(note.get("authorId")) or 0) >= authors:
                yield f"the note at {ref} has the author {note.get('authorId')}"
            if length(text_of(note.find(f"{MAIN}text"))) > _LONGEST:
                yield f"the note at {ref} is longer than {_LONGEST} characters"
            seen.add(ref)


def _note_shapes(root: Element | None) -> list[tuple[int, int]]:
    places = []
    for data in (
        [] if root is None else root.iter("{urn:schemas-microsoft-com:office:excel}ClientData")
    ):
        if data.get("ObjectType") == "Note":
            space = "{urn:schemas-microsoft-com:office:excel}"
            row, column = data.findtext(f"{space}Row", ""), data.findtext(f"{space}Column", "")
            places.append((int(row or -1) + 1, int(column or -1) + 1))
    return places


RULES = (
    rows_ascend,
    cells_ascend,
    styles_are_there,
    values_are_of_their_type,
    formulas_are_sound,
    inline_texts_are_short,
    notes_have_shapes,
)
BOOK_RULES = (shared_texts_are_sound, outer_spaces_are_kept, chain_leads_to_formulas)
