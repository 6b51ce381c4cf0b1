"""Commands of a run: customers, unbilled, review, decide, preview, issue."""

import argparse
import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import xlwings as xw
from rich.console import Console

from timix_xl import macros
from timix_xl.billing.decide import Choice, Decided, decidable
from timix_xl.billing.decide import decide as save
from timix_xl.billing.draft import save_draft
from timix_xl.billing.issue import Issued
from timix_xl.billing.issue import issue as issue_run
from timix_xl.billing.load import load, load_all
from timix_xl.billing.plan import NO_FRAME_ORDER, RunOptions, amount_of
from timix_xl.billing.preview import preview as preview_run
from timix_xl.billing.register import register, whole
from timix_xl.billing.survey import CustomerRow, survey
from timix_xl.billing.utilization import utilization
from timix_xl.billing.verify import Verified
from timix_xl.cli import printing, reading, reports, shapes
from timix_xl.cli.new_workbook import make_workbook
from timix_xl.cli.period_commands import unbilled_as_of
from timix_xl.cli.session import Answer, Session
from timix_xl.documents.files import safe_name
from timix_xl.domain.entries import Decision
from timix_xl.domain.frame_orders import OrderState
from timix_xl.domain.grouping import GroupBy
from timix_xl.domain.money import plain, plain_money
from timix_xl.errors import (
    BadArgument,
    BadCommand,
    Conflict,
    FileNotThere,
    HostError,
    IssuedButNotWritten,
    TimixError,
)
from timix_xl.hosts import files
from timix_xl.workbook import billing_sheet
from timix_xl.workbook.words import NO_FRAME_ORDER as NO_FRAME_ORDER_WORDS

T = TypeVar("T")
MOST_DAYS = 366
"""The longest payment terms."""
ALL = "all"
"""In place of ids: every entry that the review of the customer shows."""


def customers(session: Session) -> Answer:
    """Show every customer with what is unbilled up to a day (default: today)."""
    rows = survey(session.store, _billing_date(session) or session.today)
    return Answer(
        [_customer(row) for row in rows],
        lambda console: printing.lay(console, reports.customers_table(rows)),
    )


def _customer(row: CustomerRow) -> shapes.Shape:
    coming = row.next_billing_date
    return {
        "customer": row.code,
        "name": row.name,
        "hours": plain(row.hours),
        "amount": plain_money(row.amount, row.currency),
        "currency": row.currency,
        "oldest": row.oldest.isoformat() if row.oldest else None,
        "next_billing_date": coming.isoformat() if coming else None,
        "due": row.due,
        "open_frame_orders": row.open_orders,
    }


def unbilled(session: Session) -> Answer:
    """Show what can be billed up to a day, and what is left out and why; or as of a day."""
    if session.chosen.as_of is not None:
        return unbilled_as_of(session)
    day = _billing_date(session) or session.today
    if session.chosen.customer is None:
        reviews = load_all(session.store, day)
        return Answer(
            [shapes.unbilled(one) for one in reviews],
            lambda console: reports.show_reviews(console, reviews),
        )
    review = load(session.store, session.chosen.customer, day)
    return Answer(shapes.unbilled(review), lambda console: reports.show_review(console, review))


def _billing_date(session: Session) -> dt.date | None:
    return reading.optional_day(session.chosen.billing_date, "--billing-date")


def review(session: Session) -> Answer:
    """Load a customer's review into a new or an existing billing workbook."""
    customer = session.chosen.customer
    day = reading.day(session.chosen.billing_date, "--billing-date")
    found = load(session.store, customer, day)
    path = Path(session.chosen.output or safe_name(customer, f"-{day}.xlsx", nameless="customer"))
    if not reading.is_there(path):
        make_workbook(path, "billing.xlsx", example="ACME.xlsx")
    with _workbook(session, path) as (book, desk):
        billing_sheet.want(book, customer, day)
        macros.refresh_invoices(book, desk)
        macros.load_unbilled(book, desk)
        book.save()
        saved = book.fullname
    shape = shapes.unbilled(found) | {"file": saved}
    text = (
        f"Loaded {printing.of(len(found.rows), 'entry')}, {printing.hours(found.hours)} h,"
        f" {printing.money(found.amount, found.currency)} {found.currency};"
        f" {len(found.left_out)} left out.\nOpen {saved}"
    )
    return Answer(shape, lambda console: printing.say(console, text))


@contextmanager
def _workbook(session: Session, path: Path) -> Iterator[tuple[xw.Book, macros.Desk]]:
    """Open a workbook on disk for a macro; what stops the macro is in the file too."""
    if not path.is_file():
        raise FileNotThere(path=path)
    with files.open_book(path) as book:
        files.check_free(path)
        yield book, macros.Desk(session.store, session.actor)


def _by_file(session: Session, action: Callable[[xw.Book, macros.Desk], T | None]) -> T:
    """Run a macro on the workbook that the command names, and save it, faults and all."""
    _refuse_options(session.chosen)
    with _workbook(session, Path(session.chosen.target)) as (book, desk):
        try:
            result = action(book, desk)
        except TimixError:
            _keep_faults(book)
            raise
        book.save()
    assert result is not None, "a macro with a desk raises what stops it"
    return result


def _keep_faults(book: xw.Book) -> None:
    """Save what the macro wrote about its refusal; where that is not possible, the words remain."""
    with suppress(HostError):
        book.save()


def _refuse_options(chosen: argparse.Namespace) -> None:
    """Refuse options beside a workbook: it has cells for them, and two answers leave a doubt."""
    names = (
        *("billing_date", "issue_date", "frame_order", "terms", "po", "period_from"),
        *("period_to", "buyer_reference", "notes", "group_by", "bill", "defer", "write_off"),
        *("reason", "clear", "bill_qty", "rest"),
    )
    for name in names:
        if getattr(chosen, name, None):
            option = "--" + name.replace("period_", "").replace("_", "-")
            problem = f"With a workbook, set {option} in its sheets"
            raise BadCommand(problem=problem, command=f"timix-xl {chosen.command}")


def decide(session: Session) -> Answer:
    """Save decisions: of a workbook's rows, or by id."""
    chosen = session.chosen
    if reading.is_file(chosen.target):
        decided = _by_file(session, macros.save_decisions)
    else:
        decided = _decide_by_id(session)
    count = printing.of(decided.changed, "decision")
    text = f"{count} saved for {decided.review.customer.code}."

    def show(console: Console) -> None:
        printing.say(console, text)
        printing.show(console, printing.fault_lines(decided.warnings))

    shape = shapes.unbilled(decided.review) | {"changed": decided.changed}
    return Answer(shape, show)


def _decide_by_id(session: Session) -> Decided:
    chosen = session.chosen
    parts = reading.quantities(chosen.bill_qty, "--bill-qty")
    given = {word: reading.ids(getattr(chosen, word)) for word in ("bill", "defer", "write_off")}
    _check_choices(given, parts, chosen)
    choices: dict[str, Choice] = {}
    if chosen.clear:
        saved = decidable(session.store, chosen.target).rows
        choices = {row.entry.id: Choice(None) for row in saved if row.decision is not None}
    for word, ids in given.items():
        if ALL in ids:
            rows = load(session.store, chosen.target, dt.date.max).rows
            choices |= {row.entry.id: _choice(word, chosen.reason) for row in rows}
    for word, ids in given.items():
        choices |= {entry: _choice(word, chosen.reason) for entry in ids if entry != ALL}
    rest = Decision(chosen.rest) if chosen.rest else None
    choices |= {
        entry: Choice(Decision.BILL, chosen.reason, quantity, rest)
        for entry, quantity in parts.items()
    }
    return save(session.store, chosen.target, choices, actor=session.actor)


def _check_choices(
    given: Mapping[str, Sequence[str]], parts: Mapping[str, Decimal], chosen: argparse.Namespace
) -> None:
    """Refuse what says nothing, or two things of one entry."""
    not_billed = sorted(parts.keys() & {*given["defer"], *given["write_off"]})
    every = [entry for ids in given.values() for entry in dict.fromkeys(ids)]
    twice = sorted({entry for entry in every if every.count(entry) > 1})
    problem = ""
    if not every and not parts and not chosen.clear:
        problem = "Say what to decide: --bill, --defer, --write-off (all, or ids) or --clear"
    elif ALL in given["write_off"]:
        problem = "--write-off takes ids: nothing is written off that nobody has named"
    elif twice:
        problem = f"Only one of --bill, --defer and --write-off can take {', '.join(twice)}"
    elif not_billed:
        problem = f"--bill-qty bills; it cannot take {', '.join(not_billed)} too"
    elif chosen.rest and not parts:
        problem = "--rest goes with --bill-qty ID=N, which leaves one"
    if problem:
        raise BadCommand(problem=problem, command="timix-xl decide")


def _choice(word: str, reason: str) -> Choice:
    decision = Decision(word)
    return Choice(decision, "" if decision is Decision.BILL else reason)


def preview(session: Session) -> Answer:
    """Show the documents that an issue would make; exits 0 even when faults would stop it."""
    if reading.is_file(session.chosen.target):
        plan = _by_file(session, macros.preview)
    else:
        day, options = asked(session)
        plan = preview_run(session.store, session.chosen.target, day, options)

    def show(console: Console) -> None:
        reports.show_plan(console, plan)
        printing.show(console, _order_note(session))

    return Answer(shapes.preview(plan), show)


def issue(session: Session) -> Answer:
    """Issue; a workbook is refreshed afterwards."""
    chosen = session.chosen
    if reading.is_file(chosen.target):
        done = _issue_by_file(session)
    else:
        day, options = asked(session)
        commit = save_draft if chosen.draft else issue_run
        done = commit(
            session.store,
            chosen.target,
            day,
            options,
            actor=session.actor,
            request=chosen.request,
        )
    standings = [
        one
        for one in register(session.store, today=session.today, customer=done.customer)
        if one.number in done.numbers
    ]
    made = [(one, document) for one, document in whole(session.store, standings) if document]
    shape = shapes.issued(done, [shapes.document(document, one) for one, document in made])
    documents = [document for _, document in made]
    notes = _order_note(session) if documents else []
    if done.figures[Decision.DEFER].ids:
        notes.append(
            "- What was deferred is undecided again: the next run bills it unless decided."
        )

    def show(console: Console) -> None:
        reports.show_issued(console, done, documents)
        printing.show(console, notes)

    return Answer(shape, show)


def _issue_by_file(session: Session) -> Issued:
    """Issue a workbook. Once the run is committed, a file that fails is told apart from it."""
    _refuse_options(session.chosen)
    path = Path(session.chosen.target)
    with _workbook(session, path) as (book, desk):
        commit = macros.save_draft if session.chosen.draft else macros.issue
        try:
            done = commit(book, desk, request=session.chosen.request)
        except IssuedButNotWritten:
            raise  # the file keeps its request, so that the same command goes on from there
        except TimixError:
            _keep_faults(book)
            raise
        assert done is not None, "a macro with a desk raises what stops it"
        try:
            book.save()
        except HostError as error:
            why = f"{error.message} {error.hint}"
            raise IssuedButNotWritten(run=macros.done_words(done), path=path, why=why) from error
        return done


def asked(session: Session) -> tuple[dt.date, RunOptions]:
    """Read the billing date and the options of a run; raises BadCommand, BadArgument."""
    chosen = session.chosen
    if chosen.billing_date is None:
        problem = "Without a workbook, say up to when: --billing-date DATE"
        raise BadCommand(problem=problem, command=f"timix-xl {chosen.command}")
    return reading.day(chosen.billing_date, "--billing-date"), paper_options(session)


def paper_options(session: Session) -> RunOptions:
    """Read what may be chosen for the paper; raises BadArgument."""
    chosen = session.chosen
    terms = reading.whole_number(chosen.terms, "--terms")
    if terms is not None and terms > MOST_DAYS:
        expected = f"a number of days from 0 to {MOST_DAYS}"
        raise BadArgument(argument="--terms", value=chosen.terms, expected=expected, example="30")
    return RunOptions(
        issue_date=reading.optional_day(chosen.issue_date, "--issue-date"),
        period_from=reading.optional_day(chosen.period_from, "--from"),
        period_to=reading.optional_day(chosen.period_to, "--to"),
        payment_terms_days=terms,
        po_number=chosen.po,
        buyer_reference=chosen.buyer_reference,
        notes=chosen.notes or "",
        group_by=GroupBy(chosen.group_by or "entry"),
        frame_order=chosen_order(chosen.frame_order),
    )


def chosen_order(given: str | None) -> str | None:
    """Read a frame order; the words of the workbook's dropdown mean none."""
    is_none = given is not None and given.lower() == NO_FRAME_ORDER_WORDS.lower()
    return NO_FRAME_ORDER if is_none else given


def _order_note(session: Session) -> list[str]:
    """Say that no frame order was named where one could have been."""
    chosen = session.chosen
    if reading.is_file(chosen.target) or chosen.frame_order is not None:
        return []
    return [
        f"- No frame order is drawn on; {one.customer} has {one.number}"
        f" ({amount_of(one.remaining, one.unit)} left): --frame-order {one.number}"
        for one in utilization(session.store, chosen.target)
        if one.state_on(session.today) is OrderState.OPEN
    ]


MACROS: dict[str, Callable[[xw.Book, macros.Desk], object]] = {
    one.__name__: one
    for one in (
        macros.refresh_customers,
        macros.bill_all,
        macros.defer_all,
        macros.fit_to_frame_order,
        macros.refresh_invoices,
        macros.run_actions,
        macros.export_pdf,
        macros.verify_store,
        macros.bill_project,
        macros.refresh_pro_forma,
        macros.save_pro_forma,
        macros.open_pro_forma,
        macros.hold_pro_forma,
        macros.release_pro_forma,
    )
}


def run(session: Session) -> Answer:
    """Run one button of the workbook: what it says stands in the status cell and in Checks."""
    chosen = session.chosen
    with _workbook(session, Path(chosen.file)) as (book, desk):
        try:
            result = MACROS[chosen.macro](book, desk)
        except TimixError:
            _keep_faults(book)
            raise
        book.save()
        said, saved = billing_sheet.said(book), book.fullname
    shape = {"file": saved, "said": said}
    broken = isinstance(result, Verified) and not result.ok
    code = Conflict.exit_code if broken else 0
    return Answer(shape, lambda console: printing.say(console, said), code)
