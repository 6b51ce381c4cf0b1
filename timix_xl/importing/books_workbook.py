"""Read a books workbook: a sheet for each key, and one for each list within a row."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from timix_xl.importing import faults
from timix_xl.importing.books_sheets import BY_NAME, COVER, NEXT, SERIES, SHEETS, YEAR, BookSheet
from timix_xl.importing.books_tables import Misplaced, TableRow, header_at, plain, read_table
from timix_xl.importing.cells import Unusable, is_absent
from timix_xl.importing.faults import RowFault, Trouble, shown, trouble
from timix_xl.importing.rows import Placed, SheetCell
from timix_xl.importing.sections import ENTRIES, LATER, NOUNS
from timix_xl.importing.workbooks import Sheet


def looks_like_books(sheets: Sequence[Sheet]) -> bool:
    """Whether a workbook has our cover, or a sheet of master data with its column names."""
    if any(sheet.name == COVER for sheet in sheets):
        return True
    known = [(sheet, BY_NAME.get(plain(sheet.name))) for sheet in sheets]
    return any(
        form.name != ENTRIES.name and header_at(sheet, form) is not None
        for sheet, form in known
        if form
    )


def books_rows_of(
    sheets: Sequence[Sheet], file: str
) -> tuple[Mapping[str, Sequence[Placed]], list[RowFault]]:
    """Return the rows of a books workbook by key, and what is wrong around them."""
    tables, found = _tables(sheets)
    for form in SHEETS:
        if form.is_single:
            found += _others(form, tables.get(form.name, []))
        if form.field == "next_numbers":
            found += _hang_next_numbers(form, tables)
        elif form.field:
            found += _hang(form, tables)
    rows = {
        form.name: [Placed(file, row.place, row.record, row.cells) for row in tables[form.name]]
        for form in SHEETS
        if form.name in tables and not form.field
    }
    return rows, [one.trouble.at(file, one.place) for one in found]


def _tables(sheets: Sequence[Sheet]) -> tuple[dict[str, list[TableRow]], list[Misplaced]]:
    tables: dict[str, list[TableRow]] = {}
    found: list[Misplaced] = []
    for sheet in sheets:
        name = plain(sheet.name)
        if not sheet.rows or sheet.name == COVER:
            continue
        if name in BY_NAME:
            tables[name], troubles = read_table(sheet, BY_NAME[name])
            found += troubles
        elif name in LATER:
            later = trouble(faults.LATER_VERSION, "", value=f"The sheet {name}")
            found.append(Misplaced(later, name))
        else:
            facts = {"value": shown(sheet.name), "known": ", ".join(BY_NAME)}
            unknown = trouble(faults.UNKNOWN_SHEET, "", **facts)
            found.append(Misplaced(unknown, shown(sheet.name)))
    return tables, found


def _others(form: BookSheet, rows: list[TableRow]) -> list[Misplaced]:
    """Refuse further rows of what there is one of."""
    others = [
        Misplaced(trouble(faults.ONE_ROW, "", sheet=form.name), one.place) for one in rows[1:]
    ]
    del rows[1:]
    return others


def _hang(form: BookSheet, tables: Mapping[str, list[TableRow]]) -> list[Misplaced]:
    """Give each row its list: the rows of another sheet that name it."""
    field, key = str(form.field), BY_NAME[form.section].key
    parents: dict[str, TableRow] = {}
    for row in tables.get(form.section, ()):
        code = row.record.get(key)
        parents.setdefault(_composed(code), row)
        row.cells[field] = SheetCell(row.place, form.name, _no_rows(form, code))
    found = []
    for row in tables.get(form.name, ()):
        code = row.record.pop(form.key, None)
        parent = None if is_absent(code) else parents.get(_composed(code))
        if parent is None:
            found.append(Misplaced(_no_parent(form, code), row.place_of(form.key)))
        else:
            _append(parent, field, row, form)
    return found


def _append(parent: TableRow, field: str, row: TableRow, form: BookSheet) -> None:
    children = parent.record.setdefault(field, [])
    if not children:
        parent.cells[field] = SheetCell(row.place, form.name)
    prefix = f"{field}[{len(children)}]."
    parent.cells |= {prefix + name: cell for name, cell in row.cells.items()}
    children.append(row.record)


def _composed(code: Any) -> str:
    return unicodedata.normalize("NFC", str(code).strip())


def _no_rows(form: BookSheet, code: Any) -> Trouble:
    facts = {"noun": f"The {NOUNS[form.section]}", "value": shown(code), "sheet": form.name}
    return trouble(faults.ROWS_MISSING, form.name, **facts, column=form.key)


def _no_parent(form: BookSheet, code: Any) -> Trouble:
    if gap := _gap(form.key, code, "A1"):
        return gap
    return trouble(faults.UNKNOWN_CODE, form.key, noun=NOUNS[form.section], value=shown(code))


def _hang_next_numbers(form: BookSheet, tables: dict[str, list[TableRow]]) -> list[Misplaced]:
    """Give the settings their next numbers, as the JSON form has them."""
    rows = tables.get(form.name)
    if not rows:
        return []
    found: list[Misplaced] = []
    numbers: dict[str, Any] = {}
    cells = {form.name: rows[0].cells[NEXT]}
    for row in rows:
        gaps = list(_gaps(row))
        series, year = plain(row.record.get(SERIES)), row.record.get(YEAR)
        key = series if is_absent(year) else f"{series}:{year}"
        if key in numbers and not gaps:
            gaps.append(Misplaced(_twice(key), row.place_of(SERIES)))
        if not gaps:
            numbers[key] = row.record[NEXT]
            cells[f"{form.field}.{shown(key)}"] = row.cells[SERIES]
        found += gaps
    settings = tables.setdefault(form.section, [])
    if not settings:
        settings.append(TableRow(rows[0].place, {}, {}))
    settings[0].record[str(form.field)] = numbers
    settings[0].cells |= cells
    return found


def _gaps(row: TableRow) -> list[Misplaced]:
    wanted = {SERIES: "invoice", NEXT: "121"}
    if not is_absent(row.record.get(YEAR)):
        wanted[YEAR] = "2026"
    gaps = {name: _gap(name, row.record.get(name), example) for name, example in wanted.items()}
    return [Misplaced(gap, row.place_of(name)) for name, gap in gaps.items() if gap]


def _gap(column: str, value: Any, example: str) -> Trouble | None:
    """Say what makes a cell unreadable that has to be there."""
    if isinstance(value, Unusable):
        return trouble(faults.CELL_UNUSABLE, column, what=value.what)
    if is_absent(value):
        return trouble(faults.MISSING, column, column=column, example=example)
    return None


def _twice(key: str) -> Trouble:
    return trouble(faults.KEY_TWICE, SERIES, value=shown(key))
