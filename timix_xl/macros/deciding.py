"""Deciding: many rows at once, what fits a frame order, and saving what was decided."""

from dataclasses import replace

import xlwings as xw

from timix_xl.billing.decide import Decided, decide_by_sheet
from timix_xl.billing.load import load
from timix_xl.domain import faults
from timix_xl.domain.entries import Decision
from timix_xl.domain.frame_orders import fit
from timix_xl.domain.grouping import GroupBy
from timix_xl.domain.money import ZERO, minor_unit
from timix_xl.errors import (
    UnknownFrameOrder,
    counted,
)
from timix_xl.macros.desk import Desk
from timix_xl.macros.guard import macro
from timix_xl.macros.run import read_run
from timix_xl.workbook import (
    billing_sheet,
    checks_sheet,
    entries_sheet,
)
from timix_xl.workbook.refusals import NoFrameOrderChosen

FRAME_ORDER_PLACE = "Frame orders!B4"


@macro
def bill_all(book: xw.Book, desk: Desk) -> None:
    """Set the visible rows to Bill."""
    _decide_visible(book, Decision.BILL)


@macro
def defer_all(book: xw.Book, desk: Desk) -> None:
    """Set the visible rows to Defer."""
    _decide_visible(book, Decision.DEFER)


def _decide_visible(book: xw.Book, decision: Decision) -> None:
    rows = entries_sheet.rows(book)
    visible = {row.text("Entry"): decision for row in rows if entries_sheet.is_visible(row)}
    entries_sheet.set_decisions(book, rows, visible)
    say = f"{counted(len(visible), 'row')} set to {entries_sheet.WORDS[decision]}."
    billing_sheet.say(book, say)


@macro
def fit_to_frame_order(book: xw.Book, desk: Desk) -> None:
    """Bill what fits the chosen frame order, oldest first; defer the rest."""
    run = read_run(book)
    review = load(desk.store, run.customer, run.billing_date)
    number = run.options.frame_order
    if not number:
        raise NoFrameOrderChosen(where=FRAME_ORDER_PLACE)
    order = next((one for one in review.open_orders if one.number == number), None)
    if order is None:
        raise UnknownFrameOrder(where=FRAME_ORDER_PLACE, number=number)
    off = {one.entry for one in run.paper.rows if one.choice is Decision.WRITE_OFF}
    seen = {one.entry for one in run.paper.rows}
    entries = [row.priced for row in review.rows if row.entry.id in seen]
    grouped = run.options.group_by is not GroupBy.ENTRY
    reserve = minor_unit(review.currency) if grouped else ZERO
    found = fit(order, entries, off, reserve=reserve)
    entries_sheet.set_decisions(book, run.rows, found.decisions)
    billed = sum(choice is Decision.BILL for choice in found.decisions.values())
    count = counted(billed, "entry")
    verb = "fits" if billed == 1 else "fit"
    deferred = len(found.decisions) - billed
    text = f"{count} {verb} frame order {order.number}; {counted(deferred, 'entry')} deferred."
    over = found.first_over
    stopped = over and faults.FIT_STOPPED.at(entry=over.entry.id, order=number, column="Decision")
    marks = checks_sheet.placed([stopped], run.rows) if stopped else ()
    entries_sheet.mark(book, run.rows, marks)
    checks_sheet.show(book, marks)
    billing_sheet.say(book, " ".join([text, *(mark.message for mark in marks)]))


@macro
def save_decisions(book: xw.Book, desk: Desk) -> Decided:
    """Save the sheet's decisions in the store, for colleagues and for later."""
    run = read_run(book)
    decided = decide_by_sheet(
        desk.store, run.customer, run.billing_date, run.paper, actor=desk.actor
    )
    found = checks_sheet.placed(decided.warnings, run.rows)
    entries_sheet.renew_tokens(book, run.rows, decided.review)
    entries_sheet.mark(book, run.rows, found)
    checks_sheet.show(book, found)
    billing_sheet.say(book, f"{counted(decided.changed, 'decision')} saved.")
    return replace(decided, warnings=found)
