"""What stands around the cells of a worksheet: order, columns, views, merges, links, printing."""

from collections.abc import Iterator
from itertools import combinations, pairwise

from tests.ooxml.addresses import LAST_COLUMN, area_of, areas_of, cell_at
from tests.ooxml.book import Book, Sheet
from tests.ooxml.formulas import BadFormulaError, read
from tests.ooxml.package import MAIN, R, decoded, length, local, whole
from tests.ooxml.uses import missing
from tests.ooxml.workbooks import out_of_order

_ORDER = """
    sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection
    protectedRanges scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells
    phoneticPr conditionalFormatting dataValidations hyperlinks printOptions pageMargins pageSetup
    headerFooter rowBreaks colBreaks customProperties cellWatches ignoredErrors smartTags drawing
    drawingHF legacyDrawing legacyDrawingHF picture oleObjects controls webPublishItems tableParts
    extLst
""".split()
_HEADERS = "oddHeader oddFooter evenHeader evenFooter firstHeader firstFooter".split()
_COUNTED = "mergeCells dataValidations tableParts".split()
_PANES = {
    (False, True): ("bottomLeft", {"bottomLeft", "topLeft"}),
    (True, False): ("topRight", {"topRight", "topLeft"}),
    (True, True): ("bottomRight", {"topLeft", "topRight", "bottomLeft", "bottomRight"}),
}
_WIDEST = 255
_MOST_HYPERLINKS = 65_530
_LONGEST_ADDRESS = 2_079


def elements_are_in_order(book: Book, sheet: Sheet) -> Iterator[str]:
    """CT_Worksheet is a sequence (ECMA-376-1, 18.3.1.99): Excel repairs another order."""
    yield from out_of_order("the sheet", sheet.order(), _ORDER)


def elements_stand_once(book: Book, sheet: Sheet) -> Iterator[str]:
    """All but conditional formats stand once in CT_Worksheet (ECMA-376-1, 18.3.1.99)."""
    tags = [tag for tag in sheet.order() if tag != "conditionalFormatting"]
    for tag in dict.fromkeys(tag for tag in tags if tags.count(tag) > 1):
        yield f"the sheet has {tag} twice"
    if "sheetData" not in tags:
        yield "the sheet has no sheetData"


def collections_are_filled(book: Book, sheet: Sheet) -> Iterator[str]:
    """Excel repairs an empty collection, such as mergeCells without mergeCell; counts agree."""
    for tag in (*_COUNTED, "cols", "hyperlinks", "conditionalFormatting"):
        for one in sheet.all(tag):
            if len(one) == 0:
                yield f"{tag} is empty"
            elif tag in _COUNTED and whole(one.get("count", str(len(one)))) != len(one):
                yield f"{tag} says count {one.get('count')} and has {len(one)}"


def columns_do_not_overlap(book: Book, sheet: Sheet) -> Iterator[str]:
    """Columns ascend without overlap: "Repaired Records: Column information".

    ECMA-376-1, 18.3.1.13; 255 characters is the widest.
    """
    spans = []
    for one in sheet.all("cols/col"):
        first, last = whole(one.get("min")), whole(one.get("max"))
        if not first or not last or not 1 <= first <= last <= LAST_COLUMN:
            yield f"a column goes from {one.get('min')} to {one.get('max')}"
            continue
        spans.append((first, last))
        if not 0 <= float(one.get("width", "1")) <= _WIDEST:
            yield f"column {first} is {one.get('width')} wide"
        if (whole(one.get("style", "0")) or 0) >= max(1, book.count("cellXfs")):
            yield f"column {first} has the style {one.get('style')}, which is not there"
    for (_, last), (first, _) in pairwise(spans):
        if first <= last:
            yield f"column {first} is described twice or out of order"


def dimension_is_an_area(book: Book, sheet: Sheet) -> Iterator[str]:
    """The dimension is an area of a sheet (ECMA-376-1, 18.3.1.35)."""
    for one in sheet.all("dimension"):
        if area_of(one.get("ref")) is None:
            yield f"the dimension {one.get('ref')} is no area"


def views_are_sane(book: Book, sheet: Sheet) -> Iterator[str]:
    """Views are of a window that is there; panes and selections agree (ECMA-376-1, 18.3.1.66).

    Excel repairs a sheet whose view names a window or pane that it has not.
    """
    windows = len(book.all("bookViews/workbookView"))
    for view in sheet.all("sheetViews/sheetView"):
        if (whole(view.get("workbookViewId")) or 0) >= max(1, windows):
            yield f"a view is of window {view.get('workbookViewId')}, which is not there"
        panes = view.findall(f"{MAIN}pane")
        allowed = {"topLeft"}
        for pane in panes:
            split = (_splits(pane.get("xSplit")), _splits(pane.get("ySplit")))
            active, allowed = _PANES.get(split, ("", set()))
            if not active:
                yield "a pane splits nothing"
            elif pane.get("activePane", "topLeft") not in allowed:
                yield f"the active pane is {pane.get('activePane')}, which the split has not"
            if pane.get("topLeftCell") and cell_at(pane.get("topLeftCell", "")) is None:
                yield f"a pane starts at {pane.get('topLeftCell')}"
        yield from _selections(view.findall(f"{MAIN}selection"), allowed)


def _splits(text: str | None) -> bool:
    return float(text or 0) > 0


def _selections(selections: list, allowed: set[str]) -> Iterator[str]:
    seen = []
    for one in selections:
        pane = one.get("pane", "topLeft")
        if pane not in allowed or pane in seen:
            yield f"a selection is in the pane {pane}, which is not there or has one"
        seen.append(pane)
        areas, active = areas_of(one.get("sqref", "A1")), area_of(one.get("activeCell", "A1"))
        if areas is None or active is None:
            yield f"a selection is of {one.get('sqref')}, active {one.get('activeCell')}"
        elif not any(area.holds(active) for area in areas):
            yield f"the active cell {one.get('activeCell')} is not selected"


def merged_cells_do_not_overlap(book: Book, sheet: Sheet) -> Iterator[str]:
    """Merged cells overlap neither one another nor a table: "Removed Records: Merge cells".

    ECMA-376-1, 18.3.1.55; a table cannot have merged cells.
    """
    for one in sheet.all("mergeCells/mergeCell"):
        area = area_of(one.get("ref"))
        if area is None or (area.width, area.height) == (1, 1):
            yield f"the merge {one.get('ref')} is no area of several cells"
    merges = sheet.areas("mergeCells/mergeCell")
    for one, other in combinations(merges, 2):
        if one.meets(other):
            yield f"the merges at {one} and {other} overlap"
    for table in sheet.tables:
        if table.area and any(area.meets(table.area) for area in merges):
            yield f"a merge overlaps the table {table.name}"


def hyperlinks_lead(book: Book, sheet: Sheet) -> Iterator[str]:
    """Hyperlinks stand on cells and lead to a place or address that is there.

    ECMA-376-1, 18.3.1.47; 65,530 of a sheet, 2,079 characters an address: Excel's limits.
    "Removed Feature: Hyperlinks from /xl/worksheets/sheet1.xml part".
    """
    links = {link.id: link for link in book.package.links(sheet.part)}
    hyperlinks = sheet.all("hyperlinks/hyperlink")
    if len(hyperlinks) > _MOST_HYPERLINKS:
        yield f"the sheet has {len(hyperlinks)} hyperlinks"
    for one in hyperlinks:
        where = f"the hyperlink at {one.get('ref')}"
        if area_of(one.get("ref")) is None:
            yield f"{where} is on no cell"
        link, location = links.get(one.get(f"{R}id", "")), decoded(one.get("location"))
        if link is None and not location:
            yield f"{where} leads nowhere"
        if link and length(link.target) > _LONGEST_ADDRESS:
            yield f"{where} is longer than {_LONGEST_ADDRESS} characters"
        for key in ("location", "tooltip"):
            if length(decoded(one.get(key))) > _WIDEST:
                yield f"{where} has a {key} of more than {_WIDEST} characters"
        if location and link is None and not _is_place(book, sheet, location):
            yield f"{where} leads to {location}, which is not there"


def _is_place(book: Book, sheet: Sheet, location: str) -> bool:
    try:
        formula = read(location)
    except BadFormulaError:
        return False
    return not list(missing(book, formula, sheet))


def headers_are_short(book: Book, sheet: Sheet) -> Iterator[str]:
    """Headers and footers have at most 255 characters ([MS-OI29500] 2.1.633); else: repair."""
    children = [child for one in sheet.all("headerFooter") for child in one]
    for child in children:
        if length(decoded(child.text)) > _WIDEST:
            yield f"{local(child.tag)} is longer than {_WIDEST} characters"
    tags = [local(child.tag) for child in children]
    yield from out_of_order("headerFooter", tags, _HEADERS)


def own_filter_meets_no_table(book: Book, sheet: Sheet) -> Iterator[str]:
    """The sheet's own filter lies outside of tables, which have theirs; else: repair."""
    for one in sheet.all("autoFilter"):
        area = area_of(one.get("ref"))
        if area is None:
            yield f"the filter {one.get('ref')} is no area"
        elif any(table.area and area.meets(table.area) for table in sheet.tables):
            yield f"the filter {one.get('ref')} meets a table"


def code_name_is_legal(book: Book, sheet: Sheet) -> Iterator[str]:
    """A code name is an identifier of at most 31 characters ([MS-OVBA] 2.3.4.2.3.2.1)."""
    for one in sheet.all("sheetPr"):
        name = one.get("codeName")
        if name is not None and not (name.isidentifier() and len(name) <= 31):
            yield f"the code name {name!r} is no identifier"


RULES = (
    elements_are_in_order,
    elements_stand_once,
    collections_are_filled,
    columns_do_not_overlap,
    dimension_is_an_area,
    views_are_sane,
    merged_cells_do_not_overlap,
    hyperlinks_lead,
    headers_are_short,
    own_filter_meets_no_table,
    code_name_is_legal,
)
