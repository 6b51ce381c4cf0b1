"""One function per ribbon button: read a sheet, call one use case, write a sheet."""

import datetime as dt
import functools
import hashlib
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import xlwings as xw

from timix_xl.billing.ballots import BallotPaper
from timix_xl.billing.bill import ProjectRun, bill
from timix_xl.billing.credit import credit, stays_written_off
from timix_xl.billing.decide import Decided, decide_by_sheet
from timix_xl.billing.draft import delete_draft, issue_draft
from timix_xl.billing.draft import save_draft as keep_as_draft
from timix_xl.billing.issue import Issued
from timix_xl.billing.issue import issue as issue_run
from timix_xl.billing.load import Review, customer_codes, identity, load
from timix_xl.billing.pay import pay
from timix_xl.billing.plan import NO_FRAME_ORDER, Plan, RunOptions
from timix_xl.billing.preview import preview as preview_run
from timix_xl.billing.pro_forma import Opened, as_read, hold, open_, pro_forma, pro_formas
from timix_xl.billing.pro_forma_edit import edit, edited_before
from timix_xl.billing.pro_forma_limits import pro_forma_limits
from timix_xl.billing.project_figures import project_figures
from timix_xl.billing.refund import refund
from timix_xl.billing.register import register
from timix_xl.billing.release import Released, release
from timix_xl.billing.send import send
from timix_xl.billing.survey import survey
from timix_xl.billing.utilization import utilization
from timix_xl.billing.verify import Verified, verify
from timix_xl.billing.void import void
from timix_xl.billing.write_off import write_off_receivable
from timix_xl.documents.export import export_pdf as write_pdf
from timix_xl.domain import faults
from timix_xl.domain.entries import Decision
from timix_xl.domain.frame_orders import OrderState, fit
from timix_xl.domain.grouping import GroupBy
from timix_xl.domain.invoices import Becomes, draft_place
from timix_xl.domain.money import ZERO, minor_unit, total, worded
from timix_xl.domain.pro_formas import ProForma, ProFormaState
from timix_xl.errors import (
    Fault,
    HostError,
    IssuedButNotWritten,
    ProFormaMovedOn,
    RunRefused,
    RunStale,
    TimixError,
    UnknownFrameOrder,
    counted,
    refuse_run,
    some_of,
)
from timix_xl.settings import Settings
from timix_xl.store.chained import Actor
from timix_xl.store.database import Store, open_store
from timix_xl.workbook import (
    billing_sheet,
    checks_sheet,
    entries_sheet,
    frame_orders_sheet,
    invoices_sheet,
    layout,
    left_out_sheet,
    preview_sheet,
    pro_forma_sheet,
    projects_sheet,
)
from timix_xl.workbook.billing_sheet import Loaded
from timix_xl.workbook.cells import number_in
from timix_xl.workbook.invoices_sheet import ActionBallot
from timix_xl.workbook.layout import CURRENCY_DIGITS
from timix_xl.workbook.pro_forma_edits import SheetEdits, changed_since, read_edits
from timix_xl.workbook.pro_forma_layout import PRO_FORMA_SHEET
from timix_xl.workbook.pro_forma_sheet import LoadedProForma
from timix_xl.workbook.refusals import (
    ActionRefused,
    BilledInPart,
    CellEmpty,
    ColumnMissing,
    CreditTakesAll,
    CustomerChanged,
    DateChanged,
    DecisionsUnsaved,
    ForeignSettings,
    LeftUndecided,
    LineEditsUnsaved,
    NoFrameOrderChosen,
    NotABillingWorkbook,
    NothingLoaded,
)
from timix_xl.workbook.tables import TableRow, check_whole
from timix_xl.workbook.words import NO_FRAME_ORDER as NO_FRAME_ORDER_WORDS
from timix_xl.workbook.words import ActionWord

P = ParamSpec("P")
R = TypeVar("R")

FRAME_ORDER_PLACE = "Frame orders!B4"
VERIFY_HINT = "Compare with the last backup and with the PDFs; nothing is repaired by itself."


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a macro works: the store, who acts and when, and where files go."""

    store: Store
    actor: Actor
    folder: Path | None = None


def macro(action: Callable[Concatenate[xw.Book, Desk, P], R]) -> Callable[..., R | None]:
    """Guard a macro: what stops it goes into the Checks sheet, the status cell and a message.

    A ribbon button gives no desk and gets a message box; a caller that brings its desk gets the
    error itself, after the sheets have been written.
    """

    @functools.wraps(action)
    def guarded(
        book: xw.Book, desk: Desk | None = None, *args: P.args, **kwargs: P.kwargs
    ) -> R | None:
        own = None
        try:
            billing_sheet.check(book)
            own = desk or _own_desk()
            return action(book, own, *args, **kwargs)
        except TimixError as stopped:
            if not isinstance(stopped, NotABillingWorkbook | ColumnMissing | ForeignSettings):
                _tell(book, stopped)
            if desk:
                raise
            book.app.alert(str(stopped), title="Timix")
            return None
        finally:
            if own and not desk:
                own.store.close()

    return guarded


def _own_desk() -> Desk:
    settings = Settings()
    now = dt.datetime.now().astimezone().replace(tzinfo=None)
    return Desk(open_store(settings.place()), Actor(settings.name(), now))


def _tell(book: xw.Book, stopped: TimixError) -> None:
    billing_sheet.say(book, str(stopped))
    # A sheet that cannot take the faults must not hide them: the message goes on without it.
    with suppress(HostError, NotABillingWorkbook, ColumnMissing):
        read = entries_sheet.rows(book)
        stopped.faults = checks_sheet.placed(stopped.faults, read)
        found = checks_sheet.of_error(stopped)
        entries_sheet.mark(book, read, found)
        checks_sheet.show(book, found)


@macro
def refresh_customers(book: xw.Book, desk: Desk) -> None:
    """Show every customer with what is unbilled, up to the billing date or today."""
    day = billing_sheet.billing_date(book) or desk.actor.today
    billing_sheet.show_customers(book, survey(desk.store, day))


@macro
def load_unbilled(book: xw.Book, desk: Desk) -> Review:
    """Load the chosen customer's unbilled entries up to the billing date."""
    customer, day = billing_sheet.wanted(book)
    review, dropped = _load(book, desk, customer, day)
    billing_sheet.say(book, " ".join([_loaded_words(review), *_kept_words(review, dropped)]))
    return review


def _loaded_words(review: Review) -> str:
    amount = worded(review.amount, review.currency)
    return (
        f"Loaded {counted(len(review.rows), 'entry')} of {review.customer.code}"
        f" up to {review.billing_date}: {amount}; {len(review.left_out)} left out."
    )


def _kept_words(review: Review, dropped: Sequence[str]) -> Iterator[str]:
    if any(row.decision for row in review.rows):
        yield "Saved decisions are restored."
    if dropped:
        yield (
            f"What was typed for {counted(len(dropped), 'entry')} is not kept,"
            f" because the facts or the saved decision changed: {some_of(dropped)}."
        )


def _load(
    book: xw.Book, desk: Desk, customer: str, day: dt.date, *, carry: bool = True
) -> tuple[Review, tuple[str, ...]]:
    """Write a load; also says whose typed decisions were not carried over."""
    review = load(desk.store, customer, day)
    before = billing_sheet.loaded(book)
    same = (before.customer, before.store_id) == (customer, review.store_id)
    if not same:
        _check_saved(book, desk, before)
    read = entries_sheet.rows(book) if same and carry else []
    typed = entries_sheet.carried(read, review)
    entries_sheet.show(book, review, typed)
    left_out_sheet.show(book, review)
    frame_orders_sheet.show(book, review.frame_orders, today=desk.actor.today)
    frame_orders_sheet.offer(book, review, same_customer=same)
    preview_sheet.clear(book)
    checks_sheet.show(book, ())
    at = desk.actor.stamp
    billing_sheet.note_load(book, review, at=at, request=uuid.uuid4().hex)
    billing_sheet.show_customers(book, survey(desk.store, day))
    return review, entries_sheet.dropped(read, review, typed)


def _check_saved(book: xw.Book, desk: Desk, before: Loaded) -> None:
    """Refuse to load another customer over decisions that only this workbook holds."""
    known, day = before.customer in customer_codes(desk.store), before.billing_date
    saved = load(desk.store, before.customer, day).rows if known and day else ()
    unsaved = entries_sheet.unsaved(entries_sheet.rows(book), saved)
    if unsaved:
        count = counted(unsaved, "unsaved decision")
        raise DecisionsUnsaved(where="Entries", customer=before.customer, count=count)


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


@dataclass(frozen=True, slots=True)
class _Run:
    customer: str
    billing_date: dt.date
    paper: BallotPaper
    options: RunOptions
    rows: list[TableRow]
    request: str


@macro
def fit_to_frame_order(book: xw.Book, desk: Desk) -> None:
    """Bill what fits the chosen frame order, oldest first; defer the rest."""
    run = _run(book)
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
    run = _run(book)
    decided = decide_by_sheet(
        desk.store, run.customer, run.billing_date, run.paper, actor=desk.actor
    )
    found = checks_sheet.placed(decided.warnings, run.rows)
    entries_sheet.renew_tokens(book, run.rows, decided.review)
    entries_sheet.mark(book, run.rows, found)
    checks_sheet.show(book, found)
    billing_sheet.say(book, f"{counted(decided.changed, 'decision')} saved.")
    return replace(decided, warnings=found)


@macro
def preview(book: xw.Book, desk: Desk) -> Plan:
    """Show the documents that an issue would make, with every fault."""
    run = _run(book)
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
def issue(book: xw.Book, desk: Desk, *, request: str | None = None) -> Issued:
    """Issue what the sheet says, then load what is left.

    Raises IssuedButNotWritten when the run is committed, but the sheets cannot show it.
    """
    return _commit(book, desk, issue_run, request)


@macro
def save_draft(book: xw.Book, desk: Desk, *, request: str | None = None) -> Issued:
    """Keep what the sheet says as drafts, then load what is left; raises as `issue` does."""
    return _commit(book, desk, keep_as_draft, request)


def _commit(
    book: xw.Book, desk: Desk, commit: Callable[..., Issued], request: str | None
) -> Issued:
    check_whole(book, layout.WIZARD_TABLES)
    run = _run(book)
    _check_decided(book, run)
    if run.paper.store_id == identity(desk.store):
        invoices_sheet.filters(book, customer_codes(desk.store))
    done = commit(
        desk.store,
        run.customer,
        run.billing_date,
        run.options,
        actor=desk.actor,
        paper=run.paper,
        request=request or run.request or None,
    )
    # From here on the invoice stands: the sheets only follow.
    try:
        preview_sheet.clear_options(book)
        _load(book, desk, run.customer, run.billing_date, carry=False)
        billing_sheet.note_issue(book, done_words(done))
        _show_register(book, desk)
        checks_sheet.show(book, done.warnings)
    except TimixError as error:
        raise IssuedButNotWritten(
            run=done_words(done), path=book.name, why=f"{error.message} {error.hint}"
        ) from error
    billing_sheet.say(book, _issued_words(done))
    return done


def _check_decided(book: xw.Book, run: _Run) -> None:
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


def _run(book: xw.Book) -> _Run:
    """Read a run off the sheets; refuses a workbook whose customer or date was changed since."""
    loaded = billing_sheet.loaded(book)
    if not loaded.customer or loaded.billing_date is None:
        raise NothingLoaded(where="Billing!B4")
    customer, day = billing_sheet.wanted(book)
    if customer != loaded.customer:
        raise CustomerChanged(where="Billing!B4", given=customer, loaded=loaded.customer)
    if day != loaded.billing_date:
        raise DateChanged(where="Billing!B5", given=day, loaded=loaded.billing_date)
    rows = entries_sheet.rows(book)
    digits = int(number_in(book, CURRENCY_DIGITS) or 0)
    paper = entries_sheet.paper(rows, loaded, digits)
    return _Run(customer, day, paper, preview_sheet.options(book), rows, loaded.request)


@macro
def refresh_invoices(book: xw.Book, desk: Desk) -> None:
    """Show the register by the filters of the sheet; ballots that are not run yet stay."""
    kept = {row.text("Number"): row for row in invoices_sheet.ballot_rows(book)}
    _show_register(book, desk, kept)


def _show_register(book: xw.Book, desk: Desk, kept: dict[str, TableRow] | None = None) -> None:
    customer, status = invoices_sheet.filters(book, customer_codes(desk.store))
    standings = register(desk.store, today=desk.actor.today, customer=customer, status=status)
    invoices_sheet.show(book, standings, kept)


@macro
def run_actions(book: xw.Book, desk: Desk) -> None:
    """Carry out the ballots of the Invoices sheet, each by itself; what fails stays, with why."""
    rows = invoices_sheet.ballot_rows(book)
    found: list[Fault] = []
    failed: dict[str, TableRow] = {}
    listed = {one.number: one for one in register(desk.store, today=desk.actor.today)}
    for row in rows:
        try:
            invoices_sheet.check_row(row, listed.get(row.text("Number")))
            warnings = _act(desk, book, invoices_sheet.ballot(row))
            found += [_at_row(one, row) for one in warnings or ()]
        except TimixError as stopped:
            place = stopped.where or invoices_sheet.where(row)
            found.append(Fault(stopped.code, place, stopped.message, stopped.hint))
            found += [_at_row(one, row) for one in stopped.faults]
            failed[row.text("Number")] = row
    _show_register(book, desk, failed)
    checks_sheet.show(book, found)
    if failed:
        raise ActionRefused(faults=found, count=len(failed), all=counted(len(rows), "action"))
    billing_sheet.say(book, f"{counted(len(rows), 'action')} carried out.")


def _at_row(fault: Fault, row: TableRow) -> Fault:
    return replace(fault, where=invoices_sheet.where(row), entry=None, column=None)


def _act(desk: Desk, book: xw.Book, ballot: ActionBallot) -> Sequence[Fault] | None:
    """Carry out one ballot; returns what a person should know all the same."""
    return ACTIONS[ballot.action](desk, book, ballot)


def _send(desk: Desk, book: xw.Book, ballot: ActionBallot) -> None:
    send(desk.store, ballot.number, actor=desk.actor)


def _pay(desk: Desk, book: xw.Book, ballot: ActionBallot) -> None:
    if ballot.amount is None:
        raise CellEmpty(where=ballot.place, what="Action amount", example="120.50")
    day = ballot.date
    pay(
        desk.store,
        ballot.number,
        ballot.amount,
        day,
        actor=desk.actor,
        reference=ballot.note,
        request=_request(book, ballot),
    )


def _refund(desk: Desk, book: xw.Book, ballot: ActionBallot) -> None:
    if ballot.amount is None:
        raise CellEmpty(where=ballot.place, what="Action amount", example="120.50")
    refund(
        desk.store,
        ballot.number,
        ballot.amount,
        ballot.date,
        actor=desk.actor,
        reference=ballot.note,
        request=_request(book, ballot),
    )


def _write_off(desk: Desk, book: xw.Book, ballot: ActionBallot) -> None:
    write_off_receivable(
        desk.store,
        ballot.number,
        ballot.note,
        amount=ballot.amount,
        date=ballot.date,
        actor=desk.actor,
        request=_request(book, ballot),
    )


def _request(book: xw.Book, ballot: ActionBallot) -> str:
    """Name an action by its register: one that was not refreshed since is carried out once."""
    asked = (ballot.number, ballot.action, ballot.amount, ballot.date, ballot.note)
    return _request_of(invoices_sheet.request(book), *asked)


def _request_of(*parts: object) -> str:
    """Name what is asked of a sheet by what it says, and by when that was written into it."""
    return "sheet-" + hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:32]


def _void(desk: Desk, book: xw.Book, ballot: ActionBallot) -> None:
    request = _request(book, ballot)
    void(desk.store, ballot.number, ballot.note, actor=desk.actor, request=request)


def _credit(becomes: Becomes, desk: Desk, book: xw.Book, ballot: ActionBallot) -> Sequence[Fault]:
    if ballot.amount is not None:
        raise CreditTakesAll(where=ballot.place, number=ballot.number)
    note = credit(
        desk.store,
        ballot.number,
        becomes=becomes,
        reason=ballot.note,
        actor=desk.actor,
        request=_request(book, ballot),
    )
    return stays_written_off(note, becomes)


def _issue_draft(desk: Desk, book: xw.Book, ballot: ActionBallot) -> Sequence[Fault]:
    made = issue_draft(
        desk.store,
        ballot.number,
        actor=desk.actor,
        issue_date=ballot.date,
        request=_request(book, ballot),
    )
    return made.warnings


def _delete_draft(desk: Desk, book: xw.Book, ballot: ActionBallot) -> None:
    delete_draft(desk.store, ballot.number, actor=desk.actor, request=_request(book, ballot))


def _pdf(desk: Desk, book: xw.Book, ballot: ActionBallot) -> None:
    write_pdf(desk.store, ballot.number, _folder(desk, book))


ACTIONS: dict[ActionWord, Callable[[Desk, xw.Book, ActionBallot], Sequence[Fault] | None]] = {
    ActionWord.SEND: _send,
    ActionWord.PAY: _pay,
    ActionWord.VOID: _void,
    ActionWord.REFUND: _refund,
    ActionWord.WRITE_OFF: _write_off,
    ActionWord.CREDIT_AND_BILL_AGAIN: functools.partial(_credit, Becomes.BILL),
    ActionWord.CREDIT_AND_WRITE_OFF: functools.partial(_credit, Becomes.WRITE_OFF),
    ActionWord.PDF: _pdf,
    ActionWord.ISSUE: _issue_draft,
    ActionWord.DELETE: _delete_draft,
}


def _folder(desk: Desk, book: xw.Book) -> Path:
    return desk.folder or Path(book.fullname).parent


@macro
def export_pdf(book: xw.Book, desk: Desk) -> list[Path]:
    """Write the PDF of every invoice that the sheet lists, beside the workbook.

    Drafts have none yet, and those of the system before have none here.
    """
    listed = set(invoices_sheet.numbers(book))
    standings = register(desk.store, today=desk.actor.today)
    numbers = [
        one.number
        for one in standings
        if one.number in listed and one.number and one.stored and one.stored.seal
    ]
    written = [write_pdf(desk.store, number, _folder(desk, book)) for number in numbers]
    checks_sheet.show(book, [fault for one in written for fault in one.warnings])
    say = f"{counted(len(written), 'PDF')} written to {_folder(desk, book)}."
    billing_sheet.say(book, say)
    return [one.path for one in written]


@macro
def bill_project(book: xw.Book, desk: Desk) -> list[ProjectRun]:
    """Bill the chosen project by its rules: drafts, or pro formas where the project says so.

    Raises IssuedButNotWritten when a run is committed, but the sheets cannot show it.
    """
    billing_sheet.check_for_projects(book)
    project, day = projects_sheet.wanted(book)
    # A workbook that was never refreshed is like any other new one: it has no request to repeat.
    list_of = projects_sheet.request(book)
    request = _request_of(list_of, project, day) if list_of else None
    runs = bill(desk.store, project, date=day, actor=desk.actor, request=request)
    made = [number for run in runs if run.issued for number in run.issued.numbers]
    try:
        _show_billed(book, desk, made)
    except TimixError as error:
        raise IssuedButNotWritten(
            run=_made_words(made), path=book.name, why=f"{error.message} {error.hint}"
        ) from error
    for stopped in (run.stopped for run in runs if run.stopped):
        raise _in_part(runs[-1], stopped, made) if made else stopped
    checks_sheet.show(book, [fault for run in runs if run.issued for fault in run.issued.warnings])
    billing_sheet.say(book, _billed_words(runs, made))
    return runs


def _in_part(run: ProjectRun, stopped: TimixError, made: Sequence[str]) -> BilledInPart:
    return BilledInPart(
        faults=checks_sheet.of_error(stopped),
        made=", ".join(made),
        project=run.project,
        date=run.billing_date,
        why=stopped.message,
        instead=stopped.hint,
    )


def _show_billed(book: xw.Book, desk: Desk, made: Sequence[str]) -> None:
    """Show what a run of the engine made, where nothing unsaved is in the way."""
    kept = {row.text("Number"): row for row in invoices_sheet.ballot_rows(book)}
    projects_sheet.clear_choice(book)
    pending = _show_projects(book, desk)
    _show_register(book, desk, kept)
    own = [one.number for one in pending if one.number in made]
    if own and not pro_forma_sheet.unsaved(pro_forma_sheet.rows(book)):
        _show_pro_forma(book, desk, own[0])


def _billed_words(runs: Sequence[ProjectRun], made: Sequence[str]) -> str:
    last = runs[-1]
    if not last.is_due:
        return f"{last.project} is not due: its next billing date is {last.billing_date}."
    if not made:
        return f"{last.project} has nothing to bill up to {last.billing_date}."
    left = sum(len(run.left_out) for run in runs)
    return f"{_made_words(made)} for {last.project} up to {last.billing_date}; {left} left out."


def _made_words(made: Sequence[str]) -> str:
    return f"Made {', '.join(made)}" if made else "Nothing was made"


def _show_projects(book: xw.Book, desk: Desk) -> list[ProForma]:
    """Write every project and the choices of pro formas; returns those that are not closed."""
    found = pro_formas(desk.store)
    pending = [one for one in found if one.state is not ProFormaState.CLOSED]
    today = desk.actor.today
    projects_sheet.show(book, project_figures(desk.store), pending, today=today)
    pro_forma_sheet.offer(book, [one.number for one in pending])
    return pending


def _show_pro_forma(book: xw.Book, desk: Desk, number: str) -> ProForma:
    one = pro_forma(desk.store, number)
    limits = pro_forma_limits(desk.store, [one])[one.document_id]
    orders = [
        order for order in utilization(desk.store, one.customer) if order.state is OrderState.OPEN
    ]
    pro_forma_sheet.show(book, one, limits, orders, store_id=identity(desk.store))
    return one


@macro
def refresh_pro_forma(book: xw.Book, desk: Desk) -> ProForma | None:
    """Load the chosen pro forma, or the only one there is; and the figures of every project."""
    billing_sheet.check_for_projects(book)
    number, before = pro_forma_sheet.chosen(book), pro_forma_sheet.loaded(book)
    typed = pro_forma_sheet.unsaved(pro_forma_sheet.rows(book))
    if typed and before and number != before.number:
        step = f"loading {number or 'another pro forma'} loses them"
        raise _unsaved(before.number, typed, step)
    pending = _show_projects(book, desk)
    checks_sheet.show(book, ())
    if not number and len(pending) == 1:
        number = pending[0].number
    if not number:
        pro_forma_sheet.clear(book)
        several = f"Choose one of {counted(len(pending), 'pro forma')} on the sheet Pro forma."
        billing_sheet.say(book, several if pending else "There is no pro forma to show.")
        return None
    one = _show_pro_forma(book, desk, number)
    dropped = f" What was typed into {counted(typed, 'row')} is not kept." if typed else ""
    billing_sheet.say(book, f"Loaded {_pro_forma_words(one)}.{dropped}")
    return one


def _unsaved(number: str, typed: int, step: str) -> LineEditsUnsaved:
    count = counted(typed, "edited row")
    return LineEditsUnsaved(where=PRO_FORMA_SHEET, count=count, number=number, step=step)


def _pro_forma_words(one: ProForma) -> str:
    revision = f", revision {one.revision}" if one.revision > 1 else ""
    amount = worded(one.document.subtotal, one.currency)
    count = counted(len(one.document.lines), "line")
    state = projects_sheet.state_word(one.state)
    return f"{one.number}{revision} of {one.project}, {state}: {count}, {amount} to invoice"


@macro
def save_pro_forma(book: xw.Book, desk: Desk) -> ProForma:
    """Save what is typed into the lines, all of it or nothing, and show the pro forma anew."""
    there = _at_hand(book, desk)
    read = pro_forma_sheet.rows(book)
    request = _request_of(there.request, "save", *pro_forma_sheet.said(read))
    if saved := edited_before(desk.store, request):
        _show_after(book, desk, there.number, f"Saved {there.number}")
        checks_sheet.show(book, ())
        billing_sheet.say(book, f"Saved {_pro_forma_words(saved)}.")
        return saved
    try:
        one = as_read(desk.store, there.number, there.version)
    except ProFormaMovedOn as stopped:
        stopped.faults = changed_since(read, pro_forma(desk.store, there.number))
        pro_forma_sheet.mark(book, read, stopped.faults)
        raise
    typed = read_edits(read, one)
    try:
        refuse_run(f"Saving {there.number}", typed.faults)
        saved = _save(desk, there, typed, request) if typed.edits or typed.added else one
    except RunRefused as stopped:
        stopped.faults = typed.placed(stopped.faults)
        pro_forma_sheet.mark(book, read, stopped.faults)
        raise
    _show_after(book, desk, there.number, f"Saved {there.number}")
    checks_sheet.show(book, ())
    billing_sheet.say(book, _saved_words(typed, saved))
    return saved


def _save(desk: Desk, there: LoadedProForma, typed: SheetEdits, request: str) -> ProForma:
    return edit(
        desk.store,
        there.number,
        typed.edits,
        added=typed.added,
        version=there.version,
        actor=desk.actor,
        request=request,
    )


def _saved_words(typed: SheetEdits, saved: ProForma) -> str:
    deleted = sum(one.delete for one in typed.edits)
    edited = counted(len(typed.edits) - deleted, "line")
    if not typed.edits and not typed.added:
        return f"Nothing was changed in {saved.number}."
    done = f"{edited} edited, {len(typed.added)} added, {deleted} deleted"
    held = total(line.held for line in saved.document.lines)
    left = f", {worded(held, saved.currency)} held" if held else ""
    return f"Saved {_pro_forma_words(saved)}{left} ({done})."


def _show_after(book: xw.Book, desk: Desk, number: str, done: str) -> ProForma:
    """Show a pro forma after a step of it, and what that makes of the projects."""
    try:
        _show_projects(book, desk)
        return _show_pro_forma(book, desk, number)
    except TimixError as error:
        why = f"{error.message} {error.hint}"
        raise IssuedButNotWritten(run=done, path=book.name, why=why) from error


def _at_hand(book: xw.Book, desk: Desk) -> LoadedProForma:
    """Return which pro forma the sheet holds; refuses that of another store."""
    billing_sheet.check_for_projects(book)
    there = pro_forma_sheet.current(book)
    if there.store_id != identity(desk.store):
        refuse_run(f"Using {there.number}", [faults.OTHER_STORE.at(PRO_FORMA_SHEET)])
    return there


def _settled(book: xw.Book, desk: Desk, step: str) -> LoadedProForma:
    """Return which pro forma the sheet holds; refuses edits that would be passed over."""
    there = _at_hand(book, desk)
    typed = pro_forma_sheet.unsaved(pro_forma_sheet.rows(book))
    if typed:
        raise _unsaved(there.number, typed, f"it cannot be {step} without them")
    return there


@macro
def open_pro_forma(book: xw.Book, desk: Desk) -> Opened:
    """Open the pro forma on hold: it goes to the customer, and is not edited any more."""
    there = _settled(book, desk, "opened")
    request = _request_of(there.request, "open")
    done = open_(desk.store, there.number, actor=desk.actor, version=there.version, request=request)
    _show_after(book, desk, there.number, f"Opened {there.number}")
    checks_sheet.show(book, done.warnings)
    billing_sheet.say(book, f"Opened {there.number}: it can be released now.")
    return done


@macro
def hold_pro_forma(book: xw.Book, desk: Desk) -> ProForma:
    """Put the open pro forma back on hold, where it may be edited."""
    there = _settled(book, desk, "put on hold")
    request = _request_of(there.request, "hold")
    held = hold(desk.store, there.number, actor=desk.actor, version=there.version, request=request)
    _show_after(book, desk, there.number, f"Put {there.number} on hold")
    checks_sheet.show(book, ())
    billing_sheet.say(book, f"Put {there.number} on hold: it can be edited.")
    return held


@macro
def release_pro_forma(book: xw.Book, desk: Desk) -> Released:
    """Make a draft invoice of the open pro forma; a revision is issued at once."""
    there = _settled(book, desk, "released")
    order = pro_forma_sheet.frame_order(book)
    if order and order.lower() == NO_FRAME_ORDER_WORDS.lower():
        order = NO_FRAME_ORDER
    done = release(
        desk.store,
        there.number,
        frame_order=order,
        version=there.version,
        actor=desk.actor,
        request=_request_of(there.request, "release", order),
    )
    kept = {row.text("Number"): row for row in invoices_sheet.ballot_rows(book)}
    says = f"Released {there.number} into {done.document or 'a draft that was deleted since'}"
    says += f", drawing on {order}" if order else ""
    _show_after(book, desk, there.number, says)
    _show_register(book, desk, kept)
    checks_sheet.show(book, done.warnings)
    is_draft = draft_place(done.document) is not None
    note = f", issued with {done.note}, which credits the invoice before" if done.note else ""
    todo = ": issue it on the sheet Invoices" if is_draft else note
    billing_sheet.say(book, f"{says}{todo}.")
    return done


@macro
def recalculate(book: xw.Book, desk: Desk) -> None:
    """Calculate the workbook's formulas again."""
    book.app.calculate()


@macro
def verify_store(book: xw.Book, desk: Desk) -> Verified:
    """Recompute seals, numbers, balances and states; what does not hold goes into Checks."""
    found = verify(desk.store)
    problems = [Fault(one.code, one.where, one.message, VERIFY_HINT) for one in found.problems]
    checks_sheet.show(book, problems)
    whole = f"{found.checked['documents']} documents and {found.checked['entries']} entries"
    count = counted(len(problems), "problem")
    say = f"{count}: see Checks." if problems else f"Everything holds: {whole}."
    billing_sheet.say(book, say)
    return found
