"""Read the table of a sheet of a books workbook: its header, its rows, each cell's place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from openpyxl.utils import get_column_letter

from timix_xl.importing import faults
from timix_xl.importing.books_sheets import BookSheet
from timix_xl.importing.cells import is_absent
from timix_xl.importing.faults import Trouble, shown, trouble
from timix_xl.importing.rows import SheetCell
from timix_xl.importing.workbooks import Sheet, SheetRow

_ENOUGH_NAMES = 2


@dataclass(slots=True)
class TableRow:
    """A row: where it stands, its cells by column, and their places."""

    place: str
    record: dict[str, Any]
    cells: dict[str, SheetCell]

    def place_of(self, column: str) -> str:
        """Say where a column of the row stands."""
        return self.cells[column].place if column in self.cells else self.place


@dataclass(frozen=True, slots=True)
class Misplaced:
    """What is wrong at a place of a sheet."""

    trouble: Trouble
    place: str


def plain(name: object) -> str:
    """Write the name of a sheet or a column as it is compared."""
    return str(name).strip().lower()


def header_at(sheet: Sheet, form: BookSheet) -> int | None:
    """Find the first row that names columns: two of them, or nothing but columns."""
    for at, row in enumerate(sheet.rows):
        names = [plain(cell) for cell in row.cells if not is_absent(cell)]
        known = [name for name in names if name in form.names]
        if len(known) >= _ENOUGH_NAMES or (known and known == names):
            return at
    return None


def read_table(sheet: Sheet, form: BookSheet) -> tuple[list[TableRow], list[Misplaced]]:
    """Return the rows below the header, and what is wrong with the table's shape."""
    at = header_at(sheet, form)
    if at is None:
        facts = {"sheet": form.name, "columns": ", ".join(form.names)}
        return [], [Misplaced(trouble(faults.NO_HEADER, "", **facts), form.name)]
    header, below = sheet.rows[at], sheet.rows[at + 1 :]
    names = {at: plain(cell) for at, cell in enumerate(header.cells) if not is_absent(cell)}
    found = list(_header_troubles(names, header, form))
    if below:
        found += _missing_columns(names, header, form)
    rows = []
    for row in () if found else below:
        stray = next(_strays(row, names, form), None)
        if stray:
            found.append(stray)
        else:
            rows.append(_table_row(row, names, form))
    return rows, found


def _header_troubles(
    names: Mapping[int, str], header: SheetRow, form: BookSheet
) -> Iterator[Misplaced]:
    seen: set[str] = set()
    for at, name in names.items():
        value = f"The column {shown(name)}"
        if name not in form.names:
            facts = {"value": value, "known": ", ".join(form.names)}
            unknown = trouble(faults.UNKNOWN_KEY, shown(name), **facts)
            yield Misplaced(unknown, _cell(form, at, header))
        elif name in seen:
            twice = trouble(faults.KEY_TWICE, name, value=value)
            yield Misplaced(twice, _cell(form, at, header))
        seen.add(name)


def _missing_columns(
    names: Mapping[int, str], header: SheetRow, form: BookSheet
) -> Iterator[Misplaced]:
    for column in form.columns:
        if column.needed and column.name not in names.values():
            facts = {"column": f"The column {column.name}", "example": ", ".join(form.names)}
            missing = trouble(faults.MISSING, column.name, **facts)
            yield Misplaced(missing, f"{form.name}!{header.number}")


def _strays(row: SheetRow, names: Mapping[int, str], form: BookSheet) -> Iterator[Misplaced]:
    """Find what stands beside the table."""
    for at, cell in enumerate(row.cells):
        if at not in names and not is_absent(cell):
            facts = {"value": "A column without a name", "known": ", ".join(form.names)}
            yield Misplaced(trouble(faults.UNKNOWN_KEY, "", **facts), _cell(form, at, row))


def _table_row(row: SheetRow, names: Mapping[int, str], form: BookSheet) -> TableRow:
    return TableRow(
        _cell(form, min(names), row),
        {name: row.cells[at] for at, name in names.items() if at < len(row.cells)},
        {name: SheetCell(_cell(form, at, row), name) for at, name in names.items()},
    )


def _cell(form: BookSheet, at: int, row: SheetRow) -> str:
    return f"{form.name}!{get_column_letter(at + 1)}{row.number}"
