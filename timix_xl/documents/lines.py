"""The two tables of a document: its lines, and the annex of the entries that it bills."""

from dataclasses import replace

from timix_xl.documents.faces import BOLD
from timix_xl.documents.marks import INK, LEFT, MM, RIGHT, Strip, Text
from timix_xl.documents.notation import Notation
from timix_xl.documents.pages import Block
from timix_xl.documents.palette import Palette
from timix_xl.documents.tables import Column, table
from timix_xl.documents.typesetting import one_line
from timix_xl.documents.wording import title
from timix_xl.domain.entries import Kind
from timix_xl.domain.invoices import BilledEntry, Document, DocumentKind, Line
from timix_xl.domain.money import total

_DATE = "Date"


def line_table(document: Document, colours: Palette, notes: Notation) -> Block:
    """Lay out the lines that are printed; a column that none of them uses is left out."""
    currency = document.currency
    columns = [
        Column("#", ends=True),
        Column(_DATE),
        Column("Description", stretches=True),
        Column("Qty", ends=True, most=22 * MM),
        Column("Unit", most=16 * MM),
        Column("Unit price", ends=True, most=28 * MM),
        Column("Tax %", ends=True),
        Column(f"Amount {currency}", ends=True, most=32 * MM),
    ]
    numbers = _numbers(document)
    rows = [
        (str(numbers[line.line]), *_line(line, currency, notes))
        for line in document.printed_lines
        if line.line in numbers
    ]
    used = [at for at in range(len(columns)) if at not in _SELDOM or any(row[at] for row in rows)]
    rows = [tuple(row[at] for at in used) for row in rows]
    return table([columns[at] for at in used], rows, tint=colours.tint, size=8.5)


def _numbers(document: Document) -> dict[int, int]:
    """Give the lines that are printed their numbers on the paper.

    Of a pro forma they are those that its invoice will print, under the numbers that they get
    there: the customer is not told what was held back whole, or written off whole.
    """
    pro_forma = document.kind is DocumentKind.PRO_FORMA
    lines = [line for line in document.printed_lines if not (pro_forma and line.only_settles)]
    return {line.line: number for number, line in enumerate(lines, start=1)}


_SELDOM = {1, 3, 4, 5}
"""The date, and what a line without a quantity does not have."""


def _line(line: Line, currency: str, notes: Notation) -> tuple[str, ...]:
    """Write a line; one without a quantity is an amount, or information, and has no price."""
    has_quantity = bool(line.quantity)
    return (
        notes.day(line.date) if line.date else "",
        line.description,
        notes.quantity(line.quantity) if has_quantity else "",
        line.unit if has_quantity else "",
        notes.price(line.unit_price, currency) if has_quantity else "",
        notes.quantity(line.tax_percent),
        notes.money(line.amount, currency),
    )


def annex(document: Document, colours: Palette, notes: Notation) -> Block:
    """Lay out every entry that is billed on a printed line, and the total of hours."""
    columns = [
        Column(_DATE),
        Column("Line", ends=True),
        Column("Project / task", most=38 * MM),
        Column("Person", most=32 * MM),
        Column("Qty", ends=True, most=22 * MM),
        Column("Unit", most=16 * MM),
        Column("Description", stretches=True),
    ]
    numbers = _numbers(document)
    entries = printed_entries(document)
    hours = total(entry.quantity for entry in entries if entry.kind is Kind.TIME)
    has_work = any(entry.quantity for entry in entries)
    block = table(
        columns,
        [_entry(entry, numbers[entry.line], notes) for entry in entries],
        totals=[("Total hours", "", "", "", notes.quantity(hours), "h", "")] if has_work else (),
        tint=colours.tint,
        size=7.5,
    )
    done = "Credited" if document.corrects else "Billed"
    heading = _heading(f"{done} entries of {title(document)}")
    return replace(block, head=(heading, *block.head), on_new_page=True)


def printed_entries(document: Document) -> list[BilledEntry]:
    """Return the entries on lines that are printed."""
    numbers = _numbers(document)
    return [entry for entry in document.billed if entry.line in numbers]


def _entry(entry: BilledEntry, line: int, notes: Notation) -> tuple[str, ...]:
    place = entry.project if entry.task == entry.project else f"{entry.project} / {entry.task}"
    return (
        notes.day(entry.date),
        str(line),
        place,
        entry.person_name or entry.person or "",
        notes.quantity(entry.quantity) if entry.quantity else "",
        entry.unit if entry.quantity else "",
        entry.description,
    )


def _heading(text: str) -> Strip:
    line = one_line(text, BOLD, 12, RIGHT - LEFT)
    return Strip(8 * MM, (Text(LEFT, 13, line, BOLD, 12, INK),))
