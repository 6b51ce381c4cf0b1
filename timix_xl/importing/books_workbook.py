"""Read a books workbook: a sheet for each key, and one for each list within a row."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from timix_xl.importing import faults
from timix_xl.importing.books_sheets import BY_NAME, COVER, NEXT, SERIES, SHEETS, YEAR, BookSheet
from timix_xl.importing.books_tables import Misplaced, TableRow, header_at, plain, read_table
from timix_xl.importing.cells import Unusable, is_absent
from timix_xl.importing.faults import RowFault, Trouble, shown, trouble
from timix_xl.importing.rows import Placed, SheetCell
from timix_xl.importing.sections import ENTRIES, NOUNS
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
    field = str(form.field)
    parents: dict[tuple[str, ...], TableRow] = {}
    for row in tables.get(form.section, ()):
        codes = [row.record.get(name) for name in form.names_of_parent]
        parents.setdefault(_composed(codes), row)
        row.cells[field] = SheetCell(row.place, form.name, _no_rows(form, codes))
    found = []
    for row in tables.get(form.name, ()):
        codes = [row.record.pop(name, None) for name in form.parent]
        parent = parents.get(_composed(codes))
        if parent is None or any(is_absent(code) for code in codes):
            found.append(_no_parent(form, codes, row, parents))
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


def _composed(codes: Sequence[Any]) -> tuple[str, ...]:
    return tuple(unicodedata.normalize("NFC", str(code).strip()) for code in codes)


def _words(parts: Sequence[Any]) -> str:
    return " / ".join(shown(part) for part in parts)


def _no_rows(form: BookSheet, codes: Sequence[Any]) -> Trouble:
    facts = {"noun": f"The {NOUNS[form.section]}", "value": _words(codes), "sheet": form.name}
    return trouble(faults.ROWS_MISSING, form.name, **facts, column=_words(form.parent))


def _no_parent(
    form: BookSheet, codes: Sequence[Any], row: TableRow, parents: Iterable[tuple[str, ...]]
) -> Misplaced:
    """Say which cell names a row that is not there: the first with which none goes on."""
    for name, code in zip(form.parent, codes, strict=True):
        if gap := _gap(name, code, "A1"):
            return Misplaced(gap, row.place_of(name))
    known = {key[:count] for key in parents for count in range(len(key) + 1)}
    named = _composed(codes)
    name = next(name for at, name in enumerate(form.parent) if named[: at + 1] not in known)
    facts = {"noun": NOUNS[form.section], "value": _words(codes)}
    return Misplaced(trouble(faults.UNKNOWN_CODE, name, **facts), row.place_of(name))


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
