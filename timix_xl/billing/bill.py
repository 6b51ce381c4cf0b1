"""Bill: the runs of the engine, each of one project up to one billing date, in a transaction."""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any, TypeAlias

from sqlalchemy import Connection

from timix_xl.billing import once
from timix_xl.billing.due import (
    Due,
    Filters,
    coming,
    due_of_all,
    due_of_one,
    the_project,
    waiting,
)
from timix_xl.billing.issue import Issued, committed, result_of
from timix_xl.billing.issue_all import RunOutcome
from timix_xl.billing.load import Review, loaded
from timix_xl.billing.plan import NO_FRAME_ORDER, Plan, RunOptions
from timix_xl.billing.preview import drawn_up, placed
from timix_xl.domain import faults
from timix_xl.domain.entries import Decision
from timix_xl.domain.periods import next_billing_date
from timix_xl.domain.pricing import LeftOut
from timix_xl.errors import Fault, TimixError, refusal_of, refuse_run
from timix_xl.store.chained import Actor
from timix_xl.store.database import Store

BILL = "bill"
"""What the request of an engine run is called."""


@dataclass(frozen=True, slots=True)
class NotBilled:
    """An open entry that a run left out, and why; a replayed request says the same."""

    entry: str
    code: str
    reason: str
    hours: Decimal
    amount: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRun:
    """What became of a project up to a billing date.

    Of a committed run `issued` tells what it did (its documents may be drafts or pro formas), of
    one that is only shown `plan` tells what it would do. `stopped` says why nothing was written, or
    would be.
    """

    project: str
    billing_date: dt.date | None
    outcome: RunOutcome
    currency: str = ""
    issued: Issued | None = None
    plan: Plan | None = None
    stopped: TimixError | None = None
    left_out: tuple[NotBilled, ...] = ()
    is_due: bool = True
    """False where the billing date, the next one, has not come; without one it is on demand."""


Act: TypeAlias = Callable[[Due], ProjectRun]
"""Bill one project up to one billing date, or show what that would make."""


def bill(
    store: Store,
    project: str,
    *,
    date: dt.date | None = None,
    options: RunOptions | None = None,
    issue: bool = False,
    actor: Actor,
    request: str | None = None,
) -> list[ProjectRun]:
    """Bill a project up to a date, or up to each billing date that has come, oldest first.

    Makes drafts, or pro formas where the project says so; `issue` issues the drafts. Each run is a
    transaction of its own, and moves the project's last billing date on if it billed something;
    one that is refused keeps the later ones back, and what one defers stays out of the later ones.
    The same request id again returns the first results. Raises UnknownProject, BillingDateNeeded,
    RequestReused.
    """
    chosen = options or RunOptions()
    asked = _asked([project, date, issue], chosen)
    due = _scheduled(
        store, request, asked, lambda connection: due_of_one(connection, project, date, actor.today)
    )
    if not due:
        return [_not_due(store, project)]
    return list(_runs(due, _committing(store, chosen, actor, request, issue=issue)))


def all_due(
    store: Store,
    wanted: Filters,
    date: dt.date,
    *,
    is_default: bool = False,
    issue: bool = False,
    request: str | None = None,
) -> list[Due]:
    """Return the runs of a mass run: each project at each of its billing dates up to a day.

    Projects on demand are billed on that day; so are those without a start date. A request id is
    the whole mass run's: again, it bills what failed before, and nothing twice. `is_default` is for
    a day that nobody chose: nothing is billed on demand then, and a retry on another day asks for
    the same.

    Raises UnknownCustomer, UnknownProject, UnknownManager, RequestReused.
    """
    status = wanted.status.value if wanted.status else None
    filters = [wanted.customer, *wanted.projects, wanted.manager, status]
    asked = _asked([*filters, None if is_default else date, issue], RunOptions())
    return _scheduled(
        store,
        request,
        asked,
        lambda connection: due_of_all(connection, wanted, date, is_given=not is_default),
    )


def not_due(
    store: Store, wanted: Filters, date: dt.date, *, is_default: bool = False
) -> list[ProjectRun]:
    """Return the projects with open work that a mass run does not come to, by their codes."""
    with store.reading() as connection:
        left = waiting(connection, wanted, date, is_given=not is_default)
    return [_waits(code, day) for code, day in left.items()]


def bill_all(
    store: Store,
    due: Sequence[Due],
    *,
    issue: bool = False,
    actor: Actor,
    request: str | None = None,
) -> Iterator[ProjectRun]:
    """Bill projects in the order of their billing dates, and go on where one is refused."""
    yield from _runs(due, _committing(store, RunOptions(), actor, request, issue=issue))


def preview_bill(
    store: Store,
    project: str,
    *,
    date: dt.date | None = None,
    options: RunOptions | None = None,
    issue: bool = False,
    today: dt.date,
) -> list[ProjectRun]:
    """Show what `bill` would make now; writes nothing. Raises what it raises."""
    with store.reading() as connection:
        due = due_of_one(connection, project, date, today)
    if not due:
        return [_not_due(store, project)]
    return list(preview_all(store, due, options, issue=issue, today=today))


def preview_all(
    store: Store,
    due: Sequence[Due],
    options: RunOptions | None = None,
    *,
    issue: bool = False,
    today: dt.date,
) -> Iterator[ProjectRun]:
    """Show what `bill_all` would make now; writes nothing.

    What an earlier run of a project bills, writes off or defers is not in the later ones.
    """
    settled: dict[str, set[str]] = {}

    def show(one: Due) -> ProjectRun:
        gone = settled.setdefault(one.project, set())
        with store.reading() as connection:
            review = _review(connection, one, gone)
            made = _planned(connection, review, options or RunOptions(), today, issue=issue)
        gone.update(row.entry.id for row in made.review.rows)
        return _shown(one, made)

    yield from _runs(due, show)


def _asked(words: Sequence[object], options: RunOptions) -> str:
    chosen = [getattr(options, field.name) for field in fields(options)]
    return once.fingerprint([BILL, *words, *chosen])


def _scheduled(
    store: Store, request: str | None, asked: str, find: Callable[[Connection], list[Due]]
) -> list[Due]:
    """Return what is due, and keep it for a retry: then other dates may be due."""
    if request is None:
        with store.reading() as connection:
            return find(connection)
    with store.writing() as connection:
        if first := once.done_before(connection, request, asked):
            return [Due(dt.date.fromisoformat(day), *words) for day, *words in first["due"]]
        due = find(connection)
        if due:
            kept = [[one.billing_date.isoformat(), one.project, one.customer] for one in due]
            once.remember(connection, request, BILL, asked, {"due": kept})
        return due


def _not_due(store: Store, code: str) -> ProjectRun:
    with store.reading() as connection:
        day = coming(the_project(connection, code))
    return _waits(code, day)


def _waits(code: str, day: dt.date | None) -> ProjectRun:
    return ProjectRun(project=code, billing_date=day, outcome=RunOutcome.NOTHING, is_due=False)


def _runs(due: Sequence[Due], act: Act) -> Iterator[ProjectRun]:
    """Go through the dates; a refused run keeps back the later ones of its project.

    A date on which there is nothing to bill is told only where that is all of the project.
    """
    last = {one.project: one.billing_date for one in due}
    told: set[str] = set()
    refused: set[str] = set()
    for one in due:
        if one.project in refused:
            continue
        run = act(one)
        is_last = one.billing_date == last[one.project]
        if run.outcome is RunOutcome.NOTHING and (one.project in told or not is_last):
            continue
        told.add(one.project)
        if run.outcome is RunOutcome.FAILED:
            refused.add(one.project)
        yield run


def _committing(
    store: Store, options: RunOptions, actor: Actor, request: str | None, *, issue: bool
) -> Act:
    deferred: dict[str, set[str]] = {}

    def act(one: Due) -> ProjectRun:
        waiting = deferred.setdefault(one.project, set())
        try:
            run = _committed(store, one, options, actor, request, waiting, issue=issue)
        except TimixError as stopped:
            return ProjectRun(
                project=one.project,
                billing_date=one.billing_date,
                outcome=RunOutcome.FAILED,
                stopped=stopped,
            )
        waiting.update(run.issued.figures[Decision.DEFER].ids if run.issued else ())
        return run

    return act


def _committed(
    store: Store,
    one: Due,
    options: RunOptions,
    actor: Actor,
    request: str | None,
    waiting: Collection[str],
    *,
    issue: bool,
) -> ProjectRun:
    """Carry one run out; `waiting` is what earlier runs of the command deferred."""
    own = f"{request}:{one.project}:{one.billing_date}" if request else None
    asked = _asked([one.project, one.billing_date, issue], options)
    with store.writing() as connection:
        if first := once.done_before(connection, own, asked):
            return _done(connection, one, first)
        review = _review(connection, one, waiting)
        made = _planned(connection, review, options, actor.today, issue=issue)
        refuse_run(f"Billing {one.project}", placed(made.faults, f"project {one.project}"))
        if not made.review.rows:
            return _shown(one, made)
        result = committed(connection, made, actor, as_drafts=not issue)
        whole = {**result, "left_out": [_words(left) for left in made.review.left_out]}
        once.remember(connection, own, BILL, asked, whole)
        return _done(connection, one, whole)


def _review(connection: Connection, one: Due, without: Collection[str]) -> Review:
    review = loaded(connection, one.customer, one.billing_date, one.project, for_engine=True)
    return replace(review, rows=tuple(row for row in review.rows if row.entry.id not in without))


def _planned(
    connection: Connection,
    review: Review,
    options: RunOptions,
    today: dt.date,
    *,
    issue: bool,
) -> Plan:
    as_drafts = review.is_pro_forma or not issue
    made = drawn_up(connection, review, options, {}, as_drafts=as_drafts)
    return replace(made, faults=(*made.faults, *_told(made, options, today)))


def _told(made: Plan, options: RunOptions, today: dt.date) -> Iterator[Fault]:
    """Say what is the engine's own: a frame order too early, a billing date that lies ahead."""
    review = made.review
    if review.is_pro_forma and options.frame_order not in {None, NO_FRAME_ORDER}:
        yield faults.ORDER_AT_RELEASE.at("Frame orders", project=review.project)
    assert review.project, "a run of the engine is of one project"
    day, project = review.billing_date, review.books.projects[review.project]
    if day <= max(today, project.last_billing_date or today) or not made.documents:
        return
    if then := next_billing_date(project.billing_period, project.start_date, day):
        yield faults.BILLED_AHEAD.at("Preview", day=day, project=project.code, coming=then)


def _shown(one: Due, made: Plan) -> ProjectRun:
    """Tell what a run would make, or that there is nothing."""
    outcome = RunOutcome.DONE if made.review.rows else RunOutcome.NOTHING
    stopped = refusal_of(f"Billing {one.project}", made.faults)
    return ProjectRun(
        project=one.project,
        billing_date=one.billing_date,
        outcome=RunOutcome.FAILED if stopped else outcome,
        currency=made.review.currency,
        plan=made,
        stopped=stopped,
        left_out=tuple(_not_billed(_words(left)) for left in made.review.left_out),
    )


def _done(connection: Connection, one: Due, result: Mapping[str, Any]) -> ProjectRun:
    issued = result_of(connection, one.customer, result)
    return ProjectRun(
        project=one.project,
        billing_date=one.billing_date,
        outcome=RunOutcome.DONE,
        currency=issued.currency,
        issued=issued,
        left_out=tuple(_not_billed(words) for words in result["left_out"]),
    )


def _words(left: LeftOut) -> dict[str, Any]:
    """Put what a request keeps of an entry that was left out."""
    amount = None if left.amount is None else str(left.amount)
    facts = {"entry": left.entry.id, "code": left.reason.code, "reason": left.wording}
    return {**facts, "hours": str(left.entry.hours), "amount": amount}


def _not_billed(words: Mapping[str, Any]) -> NotBilled:
    amount = words["amount"]
    numbers = {
        "hours": Decimal(words["hours"]),
        "amount": None if amount is None else Decimal(amount),
    }
    return NotBilled(**{**words, **numbers})
