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
    """Lay out the lines; the date has a column if any line has one."""
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
    rows = [_line(line, currency, notes) for line in document.lines]
    if not any(line.date for line in document.lines):
        at = [column.heading for column in columns].index(_DATE)
        columns.pop(at)
        rows = [(*row[:at], *row[at + 1 :]) for row in rows]
    return table(columns, rows, tint=colours.tint, size=8.5)


def _line(line: Line, currency: str, notes: Notation) -> tuple[str, ...]:
    return (
        str(line.line),
        notes.day(line.date) if line.date else "",
        line.description,
        notes.quantity(line.quantity),
        line.unit,
        notes.price(line.unit_price, currency),
        notes.quantity(line.tax_percent),
        notes.money(line.amount, currency),
    )


def annex(document: Document, colours: Palette, notes: Notation) -> Block:
    """Lay out every billed entry, with its line, and the total of hours."""
    columns = [
        Column(_DATE),
        Column("Line", ends=True),
        Column("Project / task", most=38 * MM),
        Column("Person", most=32 * MM),
        Column("Qty", ends=True, most=22 * MM),
        Column("Unit", most=16 * MM),
        Column("Description", stretches=True),
    ]
    hours = total(entry.quantity for entry in document.billed if entry.kind is Kind.TIME)
    block = table(
        columns,
        [_entry(entry, notes) for entry in document.billed],
        totals=[("Total hours", "", "", "", notes.quantity(hours), "h", "")],
        tint=colours.tint,
        size=7.5,
    )
    done = "Credited" if document.kind is DocumentKind.CREDIT_NOTE else "Billed"
    heading = _heading(f"{done} entries of {title(document)}")
    return replace(block, head=(heading, *block.head), on_new_page=True)


def _entry(entry: BilledEntry, notes: Notation) -> tuple[str, ...]:
    place = entry.project if entry.task == entry.project else f"{entry.project} / {entry.task}"
    return (
        notes.day(entry.date),
        str(entry.line),
        place,
        entry.person_name or entry.person or "",
        notes.quantity(entry.quantity),
        entry.unit,
        entry.description,
    )


def _heading(text: str) -> Strip:
    line = one_line(text, BOLD, 12, RIGHT - LEFT)
    return Strip(8 * MM, (Text(LEFT, 13, line, BOLD, 12, INK),))
