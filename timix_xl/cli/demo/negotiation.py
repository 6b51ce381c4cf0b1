"""The demo's pro forma, negotiated in the workbook: a limit stops it, lines are edited."""

from collections.abc import Sequence
from decimal import Decimal

import xlwings as xw
from rich.table import Table

from timix_xl import macros
from timix_xl.cli import printing, pro_forma_shapes
from timix_xl.cli.demo import project_script as script
from timix_xl.cli.demo.month import Chapter, Month, Part, cell, given
from timix_xl.cli.telling import error_shape
from timix_xl.documents.export import export_pdf
from timix_xl.domain.invoices import Line
from timix_xl.domain.money import total, worded
from timix_xl.domain.pro_formas import ProForma
from timix_xl.errors import RunRefused, TimixError
from timix_xl.settings import bundled
from timix_xl.workbook import pro_forma_sheet
from timix_xl.workbook.cells import put
from timix_xl.workbook.pro_forma_layout import PRO_FORMA
from timix_xl.workbook.tables import TableRow


def negotiate(month: Month) -> Chapter:
    """Open a pro forma in the workbook: a limit stops it; lines are edited, then it opens."""
    month.path(script.CUSTOMER).write_bytes(bundled("billing.xlsx").read_bytes())
    with month.workbook(script.CUSTOMER, script.TUESDAY) as (book, desk):
        put(book, "timix_filter_customer", script.CUSTOMER)
        pro_forma_sheet.choose(book, script.MAIN)
        given(macros.refresh_pro_forma(book, desk))
        refused = _refusal(book, desk)
        type_lines(book, script.TYPED)
        saved = given(macros.save_pro_forma(book, desk))
        given(macros.open_pro_forma(book, desk))
    export_pdf(month.store, script.MAIN, month.invoices)
    held, written_off = (worded(amount, saved.currency) for amount in _kept_back(saved))
    parts: list[Part] = [
        f"Opened as it was billed, {script.MAIN} is refused: a limit of the project is passed.",
        *printing.fault_lines([fault for fault in refused.faults if fault.is_error]),
        "The customer has answered. What is typed into the sheet Pro forma:",
        _typed_table(script.TYPED),
        _pro_forma_table(saved),
        f"{held} held: it comes back with the next run. {written_off} written off.",
        f"Now {script.MAIN} opens.",
    ]
    facts = {
        "over_limit": error_shape(refused)["error"],
        "pro_forma": pro_forma_shapes.pro_forma(saved, {}),
        "project_workbook": str(month.path(script.CUSTOMER)),
    }
    return Chapter(f"{script.MAIN}: what the customer accepts, in the workbook", parts, facts)


def _refusal(book: xw.Book, desk: macros.Desk) -> TimixError:
    try:
        macros.open_pro_forma(book, desk)
    except RunRefused as refused:
        return refused
    raise AssertionError("the demo's pro forma is over a limit, so it does not open at first")


def type_lines(book: xw.Book, typed: Sequence[script.Put]) -> None:
    """Type into the rows of the Pro forma sheet; a new line goes into the first blank row."""
    rows = pro_forma_sheet.rows(book)
    lines = {row.text("Line"): row for row in rows}
    for one in typed:
        row = lines[str(one.line)] if one.line else _first_blank(book, rows)
        for title, value in one.cells:
            cell(book, PRO_FORMA, row, title).value = value


def _first_blank(book: xw.Book, rows: Sequence[TableRow]) -> TableRow:
    """Return the row below the last line: the sheet keeps some blank."""
    return TableRow(max(row.number for row in rows) + 1, {}, {})


def _kept_back(one: ProForma) -> tuple[Decimal, Decimal]:
    lines = one.document.lines
    return total(line.held for line in lines), total(line.written_off for line in lines)


def _typed_table(typed: Sequence[script.Put]) -> Table:
    made = printing.table("", "Line", "What is typed", "Reason", numbers=("Line",))
    for one in typed:
        cells = ", ".join(f"{title} {_plain(value)}" for title, value in one.cells)
        printing.add(made, one.line or "new", cells, one.why)
    return made


def _plain(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:,.2f}"


def _pro_forma_table(one: ProForma) -> Table:
    """Lay out a pro forma: what was billed, and what is to be invoiced."""
    sums = ("Billed qty", "Billed", "Qty", "Unit price", f"To invoice {one.currency}")
    left = ("Held", "Written off")
    names = ("Line", "Description", *sums, "Status", *left)
    state = one.state.value.replace("_", " ")
    made = printing.table(f"{one.number}, {state}", *names, numbers=("Line", *sums, *left))
    for line in one.document.lines:
        status = line.status.value.replace("_", " ") if line.status else ""
        kept = [printing.money(amount, one.currency) for amount in (line.held, line.written_off)]
        numbers = (*_billed(line, one.currency), *_invoiced(line, one.currency))
        printing.add(made, line.line, line.description, *numbers, status, *kept)
    return made


def _billed(line: Line, currency: str) -> tuple[str, str]:
    """Write what the rule made of a line; a line by hand has nothing there."""
    if line.billed_amount is None or line.billed_quantity is None:
        return "", ""
    return printing.quantity(line.billed_quantity), printing.money(line.billed_amount, currency)


def _invoiced(line: Line, currency: str) -> tuple[str, str, str]:
    price = printing.rate(line.unit_price) if line.quantity else ""
    return printing.quantity(line.quantity), price, printing.money(line.amount, currency)
