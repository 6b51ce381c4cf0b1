"""The steps of the demo's month end, in order; each does its part and tells what it did."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias, TypeVar

import xlwings as xw
from rich.table import Table

from timix_xl import macros
from timix_xl.billing.issue import Issued
from timix_xl.billing.load import Review, load_all
from timix_xl.billing.register import Standing, register, whole
from timix_xl.billing.survey import survey
from timix_xl.billing.utilization import utilization
from timix_xl.billing.verify import verify
from timix_xl.cli import demo_script as script
from timix_xl.cli import printing, shapes
from timix_xl.cli.demo_script import Action, Run, Vote
from timix_xl.cli.telling import error_shape
from timix_xl.domain.entries import ApprovalStatus, Decision
from timix_xl.domain.frame_orders import FrameOrder
from timix_xl.domain.invoices import Document
from timix_xl.domain.money import ZERO
from timix_xl.errors import RunRefused, TimixError
from timix_xl.hosts import files
from timix_xl.importing.take_in import take_in
from timix_xl.settings import bundled
from timix_xl.store.chained import Actor
from timix_xl.store.database import Store
from timix_xl.workbook import billing_sheet, entries_sheet, layout
from timix_xl.workbook.cells import put
from timix_xl.workbook.tables import TableRow, read_rows

Part: TypeAlias = str | Table
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Chapter:
    """What one step did: to be read, and (`facts`) to be worked with."""

    heading: str
    parts: Sequence[Part]
    facts: shapes.Shape = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Month:
    """What the demo works with."""

    folder: Path
    invoices: Path
    store: Store

    def path(self, customer: str) -> Path:
        """Return where a customer's workbook is."""
        return self.folder / workbook_name(customer)

    @contextmanager
    def workbook(self, customer: str, actor: Actor) -> Iterator[tuple[xw.Book, macros.Desk]]:
        """Open a customer's workbook as somebody, and save it afterwards."""
        with files.open_book(self.path(customer)) as book:
            yield book, macros.Desk(self.store, actor, self.invoices)
            book.save()

    def made(self, done: Issued) -> list[Document]:
        """Read back the documents of a run."""
        found = [one for one in self.standings() if one.number in done.numbers]
        return [document for _, document in whole(self.store, found) if document]

    def standings(self) -> list[Standing]:
        """Read the register as of the last day of the demo."""
        return register(self.store, today=script.PAYDAY.today)


Step: TypeAlias = Callable[[Month], Chapter]


def workbook_name(customer: str) -> str:
    """Name a customer's workbook."""
    return f"{customer}-{script.BILLING_DATE}.xlsx"


# The work comes in.


def take_in_the_month(month: Month) -> Chapter:
    """Import the books file and the entries."""
    sources = [bundled("demo/books.json"), bundled("demo/entries.csv")]
    report = take_in(month.store, sources, actor=script.MONDAY)
    made = printing.table("", "Entries that are", "Number", "Hours", numbers=("Number", "Hours"))
    for status, (count, hours) in _by_status(load_all(month.store, script.BILLING_DATE)).items():
        printing.add(made, status, count, printing.hours(hours))
    text = f"{report.taken} rows taken from {' and '.join(one.name for one in sources)}."
    facts = {"taken": report.taken, "known": report.known, "changed": report.changed}
    return Chapter("The month comes in", [text, made], {"import": facts})


def _by_status(reviews: Iterable[Review]) -> dict[str, tuple[int, Decimal]]:
    found = {status.value: (0, ZERO) for status in ApprovalStatus}
    for review in reviews:
        entries = [row.entry for row in review.rows] + [one.entry for one in review.left_out]
        for entry in entries:
            count, hours = found[entry.status.value]
            found[entry.status.value] = (count + 1, hours + entry.hours)
    return found


def see_what_can_be_billed(month: Month) -> Chapter:
    """Show the customers, and what was left out and why."""
    rows = survey(month.store, script.BILLING_DATE)
    reviews = load_all(month.store, script.BILLING_DATE)
    parts: list[Part] = [
        printing.customers_table(rows),
        "Left out, each with its reason:",
        _left_out_table(reviews),
    ]
    facts = {
        "unbilled": [
            {"customer": one.code, "hours": str(one.hours), "amount": str(one.amount)}
            for one in rows
        ],
        "left_out": sorted({left.reason.code for one in reviews for left in one.left_out}),
    }
    return Chapter(f"What can be billed up to {script.BILLING_DATE}", parts, facts)


def _left_out_table(reviews: Iterable[Review]) -> Table:
    every = [(one.customer.code, left) for one in reviews for left in one.left_out]
    counted = Counter((left.wording, left.reason.code) for _, left in every)
    made = printing.table("", "Why", "Code", "Entries", "Customers", numbers=("Entries",))
    for (why, code), count in sorted(counted.items(), key=lambda each: each[0][1]):
        who = {name for name, left in every if left.wording == why}
        printing.add(made, why, code, count, ", ".join(sorted(who)))
    return made


def write_the_workbooks(month: Month) -> Chapter:
    """Make a billing workbook for each customer with work, and load its review."""
    names = ("Workbook", "Entries", "Hours", "Amount", "Currency", "Left out")
    made = printing.table("", *names, numbers=names[1:4] + names[5:])
    for customer in script.CUSTOMERS:
        month.path(customer).write_bytes(bundled("billing.xlsx").read_bytes())
        with month.workbook(customer, script.MONDAY) as (book, desk):
            billing_sheet.want(book, customer, script.BILLING_DATE)
            put(book, "timix_filter_customer", customer)
            macros.refresh_invoices(book, desk)
            review = _given(macros.load_unbilled(book, desk))
        amount = printing.money(review.amount, review.currency)
        sums = (len(review.rows), printing.hours(review.hours), amount, review.currency)
        printing.add(made, workbook_name(customer), *sums, len(review.left_out))
    facts = {"workbooks": [str(month.path(customer)) for customer in script.CUSTOMERS]}
    return Chapter("A billing workbook for each customer", [made], facts)


# Decisions, previews, invoices.


def meet_the_frame_order(month: Month) -> Chapter:
    """Find that the hours run out: the issue is refused; what fits is billed, the rest deferred."""
    run = script.FITTED
    with month.workbook(run.customer, script.MONDAY_NOON) as (book, desk):
        _type_in(book, run)
        refused = _refusal(book, desk)
        macros.fit_to_frame_order(book, desk)
        fitted = _give_reasons(book, script.FIT_REASON)
        macros.save_decisions(book, desk)
        deferred = {row.text("Entry") for row in fitted}
        decided = _given(macros.preview(book, desk)).review
        done = _given(macros.issue(book, desk))
    parts: list[Part] = [
        f"Everything of {run.customer} in one run is refused, and nothing is written:",
        *(f"! {fault}" for fault in refused.faults if fault.is_error),
        "Fit to frame order bills the oldest entries that fit, and defers the others:",
        _votes_table(decided, deferred, Decision.DEFER),
        *_issued_parts(month, done),
    ]
    facts = {"refused": error_shape(refused)["error"], "issued": list(done.numbers)}
    return Chapter(f"{run.customer}: the frame order runs out", parts, facts)


def _refusal(book: xw.Book, desk: macros.Desk) -> TimixError:
    try:
        macros.issue(book, desk)
    except RunRefused as refused:
        return refused
    raise AssertionError("the demo's frame order has run out, so the first issue is refused")


def _give_reasons(book: xw.Book, reason: str) -> list[TableRow]:
    deferred = [
        row for row in entries_sheet.rows(book) if row.text("Decision") == layout.DecisionWord.DEFER
    ]
    for row in deferred:
        _cell(book, layout.ENTRIES, row, "Reason").value = reason
    return deferred


def bill_the_others(month: Month) -> Chapter:
    """Take the decisions out of the cells, preview and issue, customer by customer."""
    parts: list[Part] = []
    numbers: list[str] = []
    for run in script.RUNS:
        done, told = _billed(month, run, script.MONDAY_NOON)
        parts += ["", *told] if parts else told
        numbers += done.numbers
    return Chapter(
        "The others: decided in the cells, previewed, issued", parts, {"issued": numbers}
    )


def _billed(month: Month, run: Run, actor: Actor) -> tuple[Issued, list[Part]]:
    with month.workbook(run.customer, actor) as (book, desk):
        _type_in(book, run)
        plan = _given(macros.preview(book, desk))
        done = _given(macros.issue(book, desk))
    heading = f"{run.customer}, lines by {run.group_by.value}:"
    return done, [heading, *_decided_parts(plan.review, run.votes), *_issued_parts(month, done)]


def _decided_parts(review: Review, votes: Sequence[Vote]) -> list[Part]:
    parts: list[Part] = []
    for word, decision in (("Defer", Decision.DEFER), ("Write off", Decision.WRITE_OFF)):
        chosen = {vote.entry: vote.reason for vote in votes if vote.decision == word}
        if chosen:
            parts.append(_votes_table(review, chosen, decision, chosen))
    return parts


def _votes_table(
    review: Review,
    entries: Iterable[str],
    decision: Decision,
    reasons: Mapping[str, str] | None = None,
) -> Table:
    names = ("Entry", "Date", "Description", "Qty", "Unit", f"Amount {review.currency}")
    title = {Decision.DEFER: "Deferred", Decision.WRITE_OFF: "Written off"}[decision]
    made = printing.table(title, *names, "Reason", numbers=(names[3], names[5]))
    chosen = set(entries)
    for row in review.rows:
        if row.entry.id in chosen:
            entry, amount = row.entry, printing.money(row.priced.amount, review.currency)
            what = (entry.id, entry.date, entry.description)
            why = (reasons or {}).get(entry.id, script.FIT_REASON)
            sums = (printing.quantity(entry.billable_quantity), entry.unit, amount)
            printing.add(made, *what, *sums, why)
    return made


def _issued_parts(month: Month, done: Issued) -> list[Part]:
    currency = done.currency
    names = ("Number", "Place", "Lines", "Hours", "Net", "Tax", "Total", "Currency", "Due")
    made = printing.table("", *names, "Frame order", numbers=names[2:7])
    for one in month.made(done):
        sums = (one.subtotal, one.total - one.subtotal, one.total)
        amounts = [printing.money(amount, currency) for amount in sums]
        hours = printing.hours(one.hours)
        facts = (one.number, one.buyer.location, len(one.lines), hours, *amounts, currency)
        printing.add(made, *facts, one.due_date, _drawn(one))
    return [made, _adds_up(done), *(f"- {fault}" for fault in done.warnings)]


def _drawn(one: Document) -> str:
    draw = one.draw_down
    if draw is None:
        return ""
    before, after = (printing.in_unit(each, draw.unit) for each in (draw.before, draw.after))
    return f"{draw.frame_order}: {before} {draw.unit} left, now {after} {draw.unit}"


def _adds_up(done: Issued) -> str:
    """Word the reconciliation: loaded + rounding = billed + deferred + written off."""
    currency, sums = done.currency, {word: one.amount for word, one in done.figures.items()}
    loaded = printing.money(sum(sums.values(), ZERO), currency)
    settled = [
        f"{printing.money(sums[Decision.BILL] + done.rounding, currency)} billed",
        f"{printing.money(sums[Decision.DEFER], currency)} deferred",
        f"{printing.money(sums[Decision.WRITE_OFF], currency)} written off",
    ]
    rounding = printing.money(done.rounding, currency)
    return f"{loaded} loaded, {rounding} rounding = {', '.join(settled)} ({currency})."


def prepare_the_last(month: Month) -> Chapter:
    """Decide and preview one customer, and leave it there: a review to look at."""
    run = script.UNISSUED
    with month.workbook(run.customer, script.MONDAY_NOON) as (book, desk):
        _type_in(book, run)
        macros.save_decisions(book, desk)
        plan = _given(macros.preview(book, desk))
    whole_amount = sum((one.total for one in plan.documents), ZERO)
    total = f"{printing.money(whole_amount, plan.review.currency)} {plan.review.currency}"
    text = (
        f"The decisions are saved and the preview is filled in: {total}, due "
        f"{plan.documents[0].due_date}. Issue it from the sheet, or with the command below."
    )
    parts: list[Part] = [*_decided_parts(plan.review, run.votes), text]
    facts = {"not_issued": {"customer": run.customer, "total": str(whole_amount)}}
    return Chapter(f"{run.customer}: reviewed, not issued", parts, facts)


# What becomes of the invoices.


def write_the_pdfs(month: Month) -> Chapter:
    """Write every invoice as a PDF."""
    written = [path for customer in script.ISSUED for path in _export(month, customer)]
    texts = [f"{len(written)} PDFs in {month.invoices}"]
    return Chapter("The invoices as PDFs", texts)


def _export(month: Month, customer: str) -> list[Path]:
    with month.workbook(customer, script.TUESDAY) as (book, desk):
        return _given(macros.export_pdf(book, desk))


def send_and_void(month: Month) -> Chapter:
    """Mark invoices as sent by ballot; void one that was never sent, and make it again."""
    _carry_out(month, script.OUT, script.TUESDAY)
    with month.workbook(script.AGAIN.customer, script.TUESDAY) as (book, desk):
        macros.load_unbilled(book, desk)
    done, told = _billed(month, script.AGAIN, script.TUESDAY)
    _export(month, script.AGAIN.customer)
    made = _actions_table(month, script.OUT, script.TUESDAY)
    text = f"{', '.join(done.numbers)} takes its place, with the order number and lines by task:"
    return Chapter(
        "Sent, and one taken back", [made, text, *told[1:]], {"issued": list(done.numbers)}
    )


def book_the_payments(month: Month) -> Chapter:
    """Book payments by ballot: a part of one invoice, the whole of another."""
    _carry_out(month, script.PAID, script.PAYDAY)
    return Chapter("Payments", [_actions_table(month, script.PAID, script.PAYDAY)])


def _carry_out(month: Month, actions: Sequence[Action], actor: Actor) -> None:
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
        _cell(book, layout.INVOICES, row, title).value = value


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


# How it stands.


def refresh_the_workbooks(month: Month) -> Chapter:
    """Bring every workbook up to date, so that it shows how things stand."""
    for customer in script.CUSTOMERS:
        with month.workbook(customer, script.PAYDAY) as (book, desk):
            if customer in script.ISSUED:
                macros.load_unbilled(book, desk)
            else:
                macros.preview(book, desk)
            macros.refresh_customers(book, desk)
            macros.refresh_invoices(book, desk)
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
        if one.remaining < 0:
            state = "overdrawn (warn)"
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
    parts: list[Part] = [printing.register_table(standings), *printing.owed(standings)]
    return Chapter(f"The register on {script.PAYDAY.today}", parts, facts)


def verify_everything(month: Month) -> Chapter:
    """Recompute every seal, number, balance and state."""
    found = verify(month.store)
    return Chapter("Verify", printing.verified_lines(found), {"verify": shapes.verified(found)})


STEPS: tuple[Step, ...] = (
    take_in_the_month,
    see_what_can_be_billed,
    write_the_workbooks,
    meet_the_frame_order,
    bill_the_others,
    prepare_the_last,
    write_the_pdfs,
    send_and_void,
    book_the_payments,
    refresh_the_workbooks,
    read_the_register,
    verify_everything,
)


# Typing into cells, as a person would.


def _type_in(book: xw.Book, run: Run) -> None:
    put(book, "timix_group_by", run.group_by.value)
    for name, value in run.options:
        put(book, name, value)
    rows = {row.text("Entry"): row for row in entries_sheet.rows(book)}
    for vote in run.votes:
        row = rows[vote.entry]
        _cell(book, layout.ENTRIES, row, "Decision").value = vote.decision.value
        _cell(book, layout.ENTRIES, row, "Reason").value = vote.reason or None


def _cell(book: xw.Book, table: layout.TableLayout, row: TableRow, title: str) -> xw.Range:
    return book.sheets[table.sheet].range(f"{table.letter(title)}{row.number}")


def _given(result: T | None) -> T:
    """Return what a macro gives: with a desk it raises what stops it."""
    assert result is not None, "a macro with a desk raises what stops it"
    return result
