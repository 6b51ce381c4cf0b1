"""The Checks sheet: what the last run found, each with a link to its cell."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import xlwings as xw

from timix_xl.errors import Fault, TimixError
from timix_xl.workbook import layout
from timix_xl.workbook.tables import TableRow, write_rows

MOST_LINKS = 200
"""Links are made one by one; beyond this many the place is text."""

_CELL = re.compile(r"(?P<sheet>[A-Z][A-Za-z ]+)!(?P<cell>[A-Z]{1,3}\d+)")


def placed(faults: Sequence[Fault], rows: Sequence[TableRow]) -> tuple[Fault, ...]:
    """Turn entries into cells of the Entries sheet, for people who see a sheet."""
    numbers: Mapping[str, int] = {row.text("Entry"): row.number for row in rows}
    return tuple(_placed(fault, numbers) for fault in faults)


def _placed(fault: Fault, numbers: Mapping[str, int]) -> Fault:
    if fault.entry is None or fault.entry not in numbers:
        return fault
    letter = layout.ENTRIES.letter(fault.column or "Entry")
    return replace(fault, where=f"{layout.ENTRIES_SHEET}!{letter}{numbers[fault.entry]}")


def show(book: xw.Book, faults: Sequence[Fault]) -> None:
    """Write what was found, what stops a run first."""
    ordered = sorted(faults, key=lambda fault: not fault.is_error)
    write_rows(
        book,
        layout.CHECKS,
        [
            {
                "Where": fault.where or None,
                "What": ("" if fault.is_error else "Warning: ") + fault.message,
                "What to do": fault.hint or None,
                "Code": fault.code,
            }
            for fault in ordered
        ],
    )
    _link(book, ordered[:MOST_LINKS])


def _link(book: xw.Book, faults: Sequence[Fault]) -> None:
    sheet = book.sheets[layout.CHECKS_SHEET]
    column = layout.CHECKS.letter("Where")
    for at, fault in enumerate(faults, start=layout.CHECKS.first_data_row):
        if match := _CELL.fullmatch(fault.where):
            target = f"#'{match['sheet']}'!{match['cell']}"
            sheet.range(f"{column}{at}").add_hyperlink(target, fault.where)


def of_error(stopped: TimixError) -> tuple[Fault, ...]:
    """Return what stopped a run as rows: its faults, or itself."""
    itself = Fault(stopped.code, stopped.where, stopped.message, stopped.hint)
    return stopped.faults or (itself,)
