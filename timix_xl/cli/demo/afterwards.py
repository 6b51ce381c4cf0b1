"""The steps of the demo after billing: PDFs, what becomes of the invoices, how they stand."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import xlwings as xw
from rich.table import Table

from timix_xl import macros
from timix_xl.billing.utilization import utilization
from timix_xl.cli import printing, reports, shapes
from timix_xl.cli.demo import script
from timix_xl.cli.demo.month import Chapter, Month, Part, cell, given
from timix_xl.cli.demo.runs import bill
from timix_xl.cli.demo.script import Action
from timix_xl.domain.frame_orders import FrameOrder
from timix_xl.store.chained import Actor
from timix_xl.workbook import layout
from timix_xl.workbook.tables import TableRow, read_rows


def write_the_pdfs(month: Month) -> Chapter:
    """Write every invoice as a PDF."""
    written = [path for customer in script.ISSUED for path in _export(month, customer)]
    texts = [f"{len(written)} PDFs in {month.invoices}"]
    return Chapter("The invoices as PDFs", texts)


def _export(month: Month, customer: str) -> list[Path]:
    with month.workbook(customer, script.TUESDAY) as (book, desk):
        return given(macros.export_pdf(book, desk))


def send_and_void(month: Month) -> Chapter:
    """Mark invoices as sent by ballot; void one that was never sent, and make it again."""
    carry_out(month, script.OUT, script.TUESDAY)
    with month.workbook(script.AGAIN.customer, script.TUESDAY) as (book, desk):
        macros.load_unbilled(book, desk)
    done, told = bill(month, script.AGAIN, script.TUESDAY)
    _export(month, script.AGAIN.customer)
    made = _actions_table(month, script.OUT, script.TUESDAY)
    text = f"{', '.join(done.numbers)} takes its place, with the order number and lines by task:"
    return Chapter(
        "Sent, and one taken back", [made, text, *told[1:]], {"issued": list(done.numbers)}
    )


def book_the_payments(month: Month) -> Chapter:
    """Book payments by ballot: a part of one invoice, the whole of another."""
    carry_out(month, script.PAID, script.PAYDAY)
    return Chapter("Payments", [_actions_table(month, script.PAID, script.PAYDAY)])


def carry_out(month: Month, actions: Sequence[Action], actor: Actor) -> None:
    """Type ballots into the registers, workbook by workbook, and run them."""
    for customer in dict.fromkeys(action.customer for action in actions):
        with month.workbook(customer, actor) as (book, desk):
            macros.refresh_invoices(book, desk)
            rows = {row.text("Number"): row for row in read_rows(book, layout.INVOICES)}
            for action in actions:
                if action.customer == customer:
                    _vote(book, rows[action.number], action)
            macros.run_actions(book, desk)


def _vote(book: xw.Book, row: TableRow, action: Action) -> None:
    cells = {
        "Action": action.action.value,
        "Action amount": float(action.amount) if action.amount else None,
        "Action date": dt.date.fromisoformat(action.date) if action.date else None,
        "Action note": action.note or None,
    }
    for title, value in cells.items():
        cell(book, layout.INVOICES, row, title).value = value


def _actions_table(month: Month, actions: Sequence[Action], actor: Actor) -> Table:
    names = ("Number", "Customer", "Action", "Amount", "Currency", "Date", "Note")
    made = printing.table("", *names, numbers=("Amount",))
    currencies = {one.number: one.currency for one in month.standings()}
    for one in actions:
        amount = printing.money(Decimal(one.amount), "EUR") if one.amount else ""
        currency = currencies[one.number] if one.amount else ""
        day = one.date or actor.today
        what = (one.number, one.customer, one.action.value)
        printing.add(made, *what, amount, currency, day, one.note)
    return made


def compare_the_frame_orders(month: Month) -> Chapter:
    """Show what the month has drawn."""
    before = {one.number: one for one in utilization(month.store, as_of=script.EVE)}
    after = utilization(month.store)
    day = script.PAYDAY.today
    facts = {
        "frame_orders_before": shapes.frame_orders(before.values(), script.EVE),
        "frame_orders": shapes.frame_orders(after, day),
    }
    return Chapter("The frame orders, before and after", [_orders_table(before, after, day)], facts)


def _orders_table(
    before: Mapping[str, FrameOrder], after: Sequence[FrameOrder], day: dt.date
) -> Table:
    names = ("Frame order", "Customer", "Unit", "Total", "Billed before", "Drawn", "Remaining")
    made = printing.table("", *names, "Used %", "State", numbers=(*names[3:], "Used %"))
    for one in after:
        drawn = one.billed - before[one.number].billed
        sums = (one.total, before[one.number].billed, drawn, one.remaining)
        written = [printing.in_unit(amount, one.unit) for amount in sums]
        state = one.state_on(day).value.replace("_", " ")
        printing.add(
            made, one.number, one.customer, one.unit, *written, f"{one.percent:.2f}", state
        )
    return made


def read_the_register(month: Month) -> Chapter:
    """Show every invoice with what has become of it."""
    standings = month.standings()
    facts = {
        "invoices": [
            {
                "number": one.number,
                "customer": one.customer,
                "status": one.status.value,
                "paid_state": one.paid_state.value if one.paid_state else None,
                "total": str(one.total),
                "outstanding": str(one.outstanding),
                "currency": one.currency,
            }
            for one in standings
        ]
    }
    parts: list[Part] = [reports.register_table(standings), *reports.owed(standings)]
    return Chapter(f"The register on {script.PAYDAY.today}", parts, facts)
