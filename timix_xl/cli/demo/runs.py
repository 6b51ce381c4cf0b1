"""The billing steps of the demo: decided in the cells, previewed, refused, issued."""

from collections.abc import Iterable, Mapping, Sequence

import xlwings as xw
from rich.table import Table

from timix_xl import macros
from timix_xl.billing.issue import Issued
from timix_xl.billing.load import Review
from timix_xl.cli import printing
from timix_xl.cli.demo import script
from timix_xl.cli.demo.month import Chapter, Month, Part, cell, given, type_in
from timix_xl.cli.demo.script import Run, Vote
from timix_xl.cli.telling import error_shape
from timix_xl.domain.entries import Decision
from timix_xl.domain.invoices import Document
from timix_xl.domain.money import ZERO
from timix_xl.errors import RunRefused, TimixError
from timix_xl.store.chained import Actor
from timix_xl.workbook import entries_sheet, layout
from timix_xl.workbook.tables import TableRow
from timix_xl.workbook.words import DecisionWord


def meet_the_frame_order(month: Month) -> Chapter:
    """Find that the hours run out: the issue is refused; what fits is billed, the rest deferred."""
    run = script.FITTED
    with month.workbook(run.customer, script.MONDAY_NOON) as (book, desk):
        type_in(book, run)
        refused = _refusal(book, desk)
        macros.fit_to_frame_order(book, desk)
        fitted = _give_reasons(book, script.FIT_REASON)
        macros.save_decisions(book, desk)
        deferred = {row.text("Entry") for row in fitted}
        decided = given(macros.preview(book, desk)).review
        done = given(macros.issue(book, desk))
    parts: list[Part] = [
        f"Everything of {run.customer} in one run is refused, and nothing is written:",
        *(f"! {fault}" for fault in refused.faults if fault.is_error),
        "Fit to frame order bills the oldest entries that fit, and defers the others:",
        _votes_table(decided, deferred, Decision.DEFER),
        *issued_parts(month, done),
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
        row for row in entries_sheet.rows(book) if row.text("Decision") == DecisionWord.DEFER
    ]
    for row in deferred:
        cell(book, layout.ENTRIES, row, "Reason").value = reason
    return deferred


def bill_the_others(month: Month) -> Chapter:
    """Take the decisions out of the cells, preview and issue, customer by customer."""
    parts: list[Part] = []
    numbers: list[str] = []
    for run in script.RUNS:
        done, told = bill(month, run, script.MONDAY_NOON)
        parts += ["", *told] if parts else told
        numbers += done.numbers
    return Chapter(
        "The others: decided in the cells, previewed, issued", parts, {"issued": numbers}
    )


def prepare_the_last(month: Month) -> Chapter:
    """Decide and preview one customer, and leave it there: a review to look at."""
    run = script.UNISSUED
    with month.workbook(run.customer, script.MONDAY_NOON) as (book, desk):
        type_in(book, run)
        macros.save_decisions(book, desk)
        plan = given(macros.preview(book, desk))
    whole_amount = sum((one.total for one in plan.documents), ZERO)
    total = f"{printing.money(whole_amount, plan.review.currency)} {plan.review.currency}"
    text = (
        f"The decisions are saved and the preview is filled in: {total}, due "
        f"{plan.documents[0].due_date}. Issue it from the sheet, or with the command below."
    )
    parts: list[Part] = [*_decided_parts(plan.review, run.votes), text]
    facts = {"not_issued": {"customer": run.customer, "total": str(whole_amount)}}
    return Chapter(f"{run.customer}: reviewed, not issued", parts, facts)


def bill(month: Month, run: Run, actor: Actor) -> tuple[Issued, list[Part]]:
    """Type a run into its workbook, preview it, issue it, and tell what came of it."""
    with month.workbook(run.customer, actor) as (book, desk):
        type_in(book, run)
        plan = given(macros.preview(book, desk))
        done = given(macros.issue(book, desk))
    heading = f"{run.customer}, lines by {run.group_by.value}:"
    return done, [heading, *_decided_parts(plan.review, run.votes), *issued_parts(month, done)]


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


def issued_parts(month: Month, done: Issued) -> list[Part]:
    """Tell what a run made, and how it adds up."""
    made = documents_table(month.made(done))
    return [made, _adds_up(done), *(f"- {fault}" for fault in done.warnings)]


def documents_table(documents: Iterable[Document]) -> Table:
    """Lay out the figures of documents."""
    names = ("Number", "Place", "Lines", "Hours", "Net", "Tax", "Total", "Currency", "Due")
    made = printing.table("", *names, "Frame order", numbers=names[2:7])
    for one in documents:
        currency, sums = one.currency, (one.subtotal, one.total - one.subtotal, one.total)
        amounts = [printing.money(amount, currency) for amount in sums]
        hours = printing.hours(one.hours)
        facts = (one.number, one.buyer.location, len(one.printed_lines), hours, *amounts, currency)
        printing.add(made, *facts, one.due_date, _drawn(one))
    return made


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
