"""A run: its preview, its issue, its drafts."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial

import xlwings as xw

from timix_xl.billing.draft import save_draft as keep_as_draft
from timix_xl.billing.issue import Issued
from timix_xl.billing.issue import issue as issue_run
from timix_xl.billing.load import customer_codes, identity
from timix_xl.billing.plan import Plan
from timix_xl.billing.preview import preview as preview_run
from timix_xl.domain.entries import Decision
from timix_xl.domain.money import ZERO, worded
from timix_xl.errors import (
    IssuedButNotWritten,
    RunRefused,
    RunStale,
    TimixError,
    counted,
)
from timix_xl.macros import questions
from timix_xl.macros.desk import Desk
from timix_xl.macros.guard import macro
from timix_xl.macros.loading import load_into
from timix_xl.macros.register import show_register
from timix_xl.macros.run import Run, read_run
from timix_xl.workbook import (
    billing_sheet,
    checks_sheet,
    entries_sheet,
    frame_orders_sheet,
    invoices_sheet,
    layout,
    preview_sheet,
)
from timix_xl.workbook.refusals import LeftUndecided
from timix_xl.workbook.tables import check_whole

NOT_ISSUED = "Nothing was issued."
NOT_SAVED = "Nothing was saved."


@macro
def preview(book: xw.Book, desk: Desk) -> Plan:
    """Show the documents that an issue would make, with every fault."""
    run = read_run(book)
    plan = preview_run(desk.store, run.customer, run.billing_date, run.options, paper=run.paper)
    drawn = {plan.frame_order.number: plan.drawn} if plan.frame_order else {}
    today = desk.actor.today
    frame_orders_sheet.show(book, plan.review.frame_orders, today=today, drawn=drawn)
    preview_sheet.show(book, plan)
    plan = replace(plan, faults=checks_sheet.placed(plan.faults, run.rows))
    found = plan.faults
    checks_sheet.show(book, found)
    entries_sheet.mark(book, run.rows, found)
    billing_sheet.say(book, _preview_words(plan))
    return plan


def _preview_words(plan: Plan) -> str:
    whole = sum((document.total for document in plan.documents), ZERO)
    amount = worded(whole, plan.review.currency)
    text = f"Preview: {counted(len(plan.documents), 'invoice')}, {amount} in all."
    if plan.errors:
        verb = "stops" if len(plan.errors) == 1 else "stop"
        code = (RunStale if any(fault.conflict for fault in plan.errors) else RunRefused).code
        text += f" {counted(len(plan.errors), 'fault')} {verb} an issue: see Checks. [{code}]"
    return text


@macro
def issue(book: xw.Book, desk: Desk, *, request: str | None = None) -> Issued | None:
    """Issue what the sheet says, if it is confirmed, then load what is left.

    Raises IssuedButNotWritten when the run is committed, but the sheets cannot show it.
    """
    run = _ready(book, desk)
    if desk.ask is None:
        return _commit(book, desk, run, issue_run, request)
    seen = _seen(desk, run)
    if seen and not desk.ask(questions.of_issue(seen)):
        billing_sheet.say(book, NOT_ISSUED)
        return None
    return _commit(book, desk, run, partial(issue_run, agreed=partial(_is_same, seen)), request)


@macro
def save_draft(book: xw.Book, desk: Desk, *, request: str | None = None) -> Issued | None:
    """Keep what the sheet says as drafts, then load what is left; raises as `issue` does.

    What is written off by that has to be confirmed: decisions take effect at once.
    """
    run = _ready(book, desk)
    if desk.ask is None:
        return _commit(book, desk, run, keep_as_draft, request)
    seen = _seen(desk, run, as_drafts=True)
    if seen and _writes_off(seen) and not desk.ask(questions.of_draft(seen)):
        billing_sheet.say(book, NOT_SAVED)
        return None
    return _commit(book, desk, run, partial(keep_as_draft, agreed=partial(_is_kept, seen)), request)


def _ready(book: xw.Book, desk: Desk) -> Run:
    """Read the run, with everything checked that would stop the sheets from following it."""
    check_whole(book, layout.WIZARD_TABLES)
    run = read_run(book)
    _check_decided(book, run)
    if run.paper.store_id == identity(desk.store):
        invoices_sheet.filters(book, customer_codes(desk.store))
    return run


def _seen(desk: Desk, run: Run, *, as_drafts: bool = False) -> Plan | None:
    """Return the plan to be confirmed; none where an issue refuses, or was carried out before."""
    with suppress(TimixError):
        plan = preview_run(
            desk.store,
            run.customer,
            run.billing_date,
            run.options,
            paper=run.paper,
            as_drafts=as_drafts,
        )
        return None if plan.errors else plan
    return None


def _is_same(seen: Plan | None, made: Plan) -> bool:
    """Whether a plan is what was shown, warnings too; nothing was shown, nothing is the same."""
    return seen is not None and _shown_of(seen) == _shown_of(made)


def _shown_of(plan: Plan) -> tuple[object, ...]:
    warnings = [(fault.code, fault.where, fault.message) for fault in plan.faults]
    return plan.documents, plan.outcomes, warnings


def _is_kept(seen: Plan | None, made: Plan) -> bool:
    """Whether drafts are what was shown; one that writes nothing off is not shown."""
    return _is_same(seen, made) or not _writes_off(made)


def _writes_off(plan: Plan) -> bool:
    return bool(plan.outcomes[Decision.WRITE_OFF])


def _commit(
    book: xw.Book, desk: Desk, run: Run, commit: Callable[..., Issued], request: str | None
) -> Issued:
    name = book.name
    done = commit(
        desk.store,
        run.customer,
        run.billing_date,
        run.options,
        actor=desk.actor,
        paper=run.paper,
        request=request or run.request or None,
    )
    # From here on the invoice stands: the sheets only follow, and their program may be gone.
    try:
        preview_sheet.clear_options(book)
        load_into(book, desk, run.customer, run.billing_date, carry=False)
        billing_sheet.note_issue(book, done_words(done))
        show_register(book, desk)
        checks_sheet.show(book, done.warnings)
        billing_sheet.say(book, _issued_words(done))
    except TimixError as error:
        raise IssuedButNotWritten(
            run=done_words(done), path=name, why=f"{error.message} {error.hint}"
        ) from error
    return done


def _check_decided(book: xw.Book, run: Run) -> None:
    """Refuse a second run that nobody has decided: undecided rows are what the first one left."""
    last = billing_sheet.last_issue(book)
    if last and run.rows and not any(entries_sheet.is_decided(row) for row in run.rows):
        raise LeftUndecided(where="Entries", last=last, left=counted(len(run.rows), "entry"))


def done_words(done: Issued) -> str:
    """Say what a run made."""
    made = "saved" if done.are_drafts else "issued"
    return f"{', '.join(done.numbers)} {made}" if done.numbers else "The run is committed"


def _issued_words(done: Issued) -> str:
    count = {outcome: len(figure.ids) for outcome, figure in done.figures.items()}
    verb = "Saved " if done.are_drafts else "Issued "
    made = verb + ", ".join(done.numbers) if done.numbers else "Committed without an invoice"
    billed = counted(count[Decision.BILL], "entry") + (" on it" if done.are_drafts else " billed")
    return (
        f"{made}: {billed}, {count[Decision.DEFER]} deferred,"
        f" {count[Decision.WRITE_OFF]} written off."
    )
