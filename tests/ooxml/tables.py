"""Tables: "Repaired Records: Table from /xl/tables/table1.xml part (Table)"."""

from collections.abc import Iterator
from itertools import combinations

from tests.ooxml.addresses import area_of, spelt
from tests.ooxml.book import Book, Sheet, Table
from tests.ooxml.names import is_legal
from tests.ooxml.package import MAIN, R, decoded, length, local, whole
from tests.ooxml.uses import problems_of
from tests.ooxml.workbooks import out_of_order, twice

_ORDER = ["autoFilter", "sortState", "tableColumns", "tableStyleInfo", "extLst"]
_LONGEST = 255


def table_parts_are_listed(book: Book, sheet: Sheet) -> Iterator[str]:
    """Each table that a sheet leads to is listed among its tableParts (ECMA-376-1, 18.3.1.95)."""
    links = {link.id: link.target for link in book.package.of_kind("table", sheet.part)}
    listed = [one.get(f"{R}id", "") for one in sheet.all("tableParts/tablePart")]
    yield from twice("the table part", listed)
    for link in sorted(set(links) - set(listed)):
        yield f"the table {links[link]} is not listed"
    for link in sorted(set(listed) - set(links)):
        yield f"the table part {link} is no table"


def table_ids_are_unique(book: Book) -> Iterator[str]:
    """Ids of tables are unique in the workbook and above zero (ECMA-376-1, 18.5.1.2 id)."""
    ids = [table.root.get("id", "") for _, table in book.sheets_and_tables()]
    yield from twice("the table id", ids)
    for one in ids:
        if not whole(one):
            yield f"the table id {one!r} is none"


def table_names_are_legal(book: Book) -> Iterator[str]:
    """Table names follow the rules of defined names (ECMA-376-1, 18.5.1.2 displayName)."""
    for _, table in book.sheets_and_tables():
        for key in ("displayName", "name"):
            name = table.root.get(key, table.name)
            if not is_legal(name) or "?" in name:
                yield f"the table {key} {name!r} is none that Excel takes"


def table_names_are_unique(book: Book) -> Iterator[str]:
    """Display names differ from one another and from defined names (18.5.1.2 displayName)."""
    tables = [table for _, table in book.sheets_and_tables()]
    names = [one.name.lower() for one in book.names]
    yield from twice("the table name", [table.name.lower() for table in tables])
    yield from twice("the inner table name", [t.root.get("name", t.name).lower() for t in tables])
    for table in tables:
        if table.name.lower() in names:
            yield f"the table {table.name} is called as a defined name is"


def tables_do_not_overlap(book: Book, sheet: Sheet) -> Iterator[str]:
    """Tables of a sheet share no cell; Excel drops one that does."""
    for one, other in combinations(sheet.tables, 2):
        if one.area and other.area and one.area.meets(other.area):
            yield f"the tables {one.name} and {other.name} overlap"


def each_table_is_sound(book: Book, sheet: Sheet) -> Iterator[str]:
    """Apply the rules of one table."""
    for table in sheet.tables:
        for rule in (rows_are_there, columns_are_sound, headers_agree, filter_fits, formulas_work):
            for problem in rule(book, sheet, table):
                yield f"the table {table.name} {problem}"


def rows_are_there(book: Book, sheet: Sheet, table: Table) -> Iterator[str]:
    """A table has a header at most, a totals row at most, and a row between (18.5.1.2 ref)."""
    yield from out_of_order("part", [local(child.tag) for child in table.root], _ORDER)
    if table.header_rows not in (0, 1) or table.totals_rows not in (0, 1):
        yield f"has {table.header_rows} header rows and {table.totals_rows} totals rows"
    if table.area is None:
        yield f"has the area {table.root.get('ref')}"
    elif table.area.height < table.header_rows + table.totals_rows + 1:
        yield f"has no row of data in {table.root.get('ref')}"


def columns_are_sound(book: Book, sheet: Sheet, table: Table) -> Iterator[str]:
    """As many columns as the area is wide, with unique ids and names ([MS-OI29500] 2.1.681)."""
    columns, names = table.columns, table.column_names
    counts = [whole(one.get("count")) for one in table.root.findall(f"{MAIN}tableColumns")]
    if table.area and len(columns) != table.area.width:
        yield f"has {len(columns)} columns in {table.root.get('ref')}"
    if counts != [len(columns)]:
        yield f"counts {counts} columns and has {len(columns)}"
    yield from twice("has a column id that stands twice:", [one.get("id", "") for one in columns])
    yield from twice("has a column that stands twice:", [name.lower() for name in names])
    for column, name in zip(columns, names, strict=True):
        if not whole(column.get("id")):
            yield f"has a column with the id {column.get('id')!r}"
        if not 1 <= length(name) <= _LONGEST:
            yield f"has a column whose name is {length(name)} characters long"


def headers_agree(book: Book, sheet: Sheet, table: Table) -> Iterator[str]:
    """Header cells are texts, without formulas, equal to the names of the columns (18.5.1.3 name).

    A line break is _x000a_ in the name, and a break in the cell.
    """
    if not table.header_rows or table.area is None:
        return
    for at, name in enumerate(table.column_names[: table.area.width]):
        place = table.area.top, table.area.left + at
        cell = sheet.cells.get(place)
        text = book.text(cell) if cell else None
        if text is None or text.replace("\r\n", "\n") != name.replace("\r\n", "\n"):
            yield f"has the column {name!r} and {text!r} in {spelt(*place)}"
        if cell and cell.element.find(f"{MAIN}f") is not None:
            yield f"has a formula in its header {spelt(*place)}"


def filter_fits(book: Book, sheet: Sheet, table: Table) -> Iterator[str]:
    """The filter covers header and data, not the totals (ECMA-376-1, 18.3.1.2)."""
    for one in table.root.findall(f"{MAIN}autoFilter"):
        area, whole_area = area_of(one.get("ref")), table.area
        if not table.header_rows:
            yield "has a filter and no header"
        elif whole_area and (
            area is None
            or (area.top, area.left, area.right)
            != (whole_area.top, whole_area.left, whole_area.right)
            or area.bottom != whole_area.bottom - table.totals_rows
        ):
            yield f"has the filter {one.get('ref')} in {table.root.get('ref')}"
        for column in one.findall(f"{MAIN}filterColumn"):
            index = whole(column.get("colId"))
            if whole_area and (index is None or index >= whole_area.width):
                yield f"filters column {column.get('colId')}, which it has not"


def formulas_work(book: Book, sheet: Sheet, table: Table) -> Iterator[str]:
    """Formulas of columns and totals can be read (18.5.1.1, 18.5.1.6); totals need a totals row."""
    for column in table.columns:
        for tag in ("calculatedColumnFormula", "totalsRowFormula"):
            text = column.findtext(MAIN + tag)
            for problem in problems_of(book, decoded(text), sheet) if text else ():
                yield f"has in {column.get('name')} a {tag} that {problem}"
        function = column.get("totalsRowFunction", "none")
        if (function == "custom") != (column.find(f"{MAIN}totalsRowFormula") is not None):
            yield f"has in {column.get('name')} the totals function {function}"
        for key in ("dataDxfId", "headerRowDxfId", "totalsRowDxfId"):
            if (whole(column.get(key, "0")) or 0) >= max(1, book.count("dxfs")):
                yield f"has in {column.get('name')} the {key} {column.get(key)}"


RULES = (table_parts_are_listed, tables_do_not_overlap, each_table_is_sound)
BOOK_RULES = (table_ids_are_unique, table_names_are_legal, table_names_are_unique)
