"""Bill: the runs of the engine, each of one project up to one billing date, in a transaction."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any, TypeAlias

from sqlalchemy import Connection

from timix_xl.billing import once
from timix_xl.billing.ballots import Ballot
from timix_xl.billing.due import Due, Filters, coming, due_of_all, due_of_one, the_project
from timix_xl.billing.issue import Issued, committed, result_of
from timix_xl.billing.issue_all import RunOutcome
from timix_xl.billing.load import Review, ReviewRow, loaded
from timix_xl.billing.plan import NO_FRAME_ORDER, Plan, RunOptions
from timix_xl.billing.preview import drawn_up
from timix_xl.domain import faults
from timix_xl.domain.entries import Decision
from timix_xl.domain.pricing import LeftOut
from timix_xl.errors import TimixError, refuse_run
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
    one that is only shown `plan` tells what it would do. `stopped` says why nothing was written.
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
    """False where the billing date, the next one, has not come."""


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
    one that is refused keeps the later ones back. The same request id again returns the first
    results. Raises UnknownProject, BillingDateNeeded, RequestReused.
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
    issue: bool = False,
    request: str | None = None,
) -> list[Due]:
    """Return the runs of a mass run: each project at each of its billing dates up to a day.

    Projects on demand are billed on that day. A request id is the whole mass run's: again, it bills
    what failed before, and nothing twice. Raises UnknownCustomer, UnknownProject, RequestReused.
    """
    status = wanted.status.value if wanted.status else None
    filters = [wanted.customer, *wanted.projects, wanted.manager, status]
    asked = _asked([*filters, date, issue], RunOptions())
    return _scheduled(
        store, request, asked, lambda connection: due_of_all(connection, wanted, date)
    )


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
    return list(preview_all(store, due, options, issue=issue))


def preview_all(
    store: Store, due: Sequence[Due], options: RunOptions | None = None, *, issue: bool = False
) -> Iterator[ProjectRun]:
    """Show what `bill_all` would make now; writes nothing.

    What an earlier run of a project takes is not in the later ones, and what it defers comes back
    undecided; only the rest of an entry that is billed in part is not shown again.
    """
    settled: dict[str, set[str]] = {}
    undecided: dict[str, set[str]] = {}

    def show(one: Due) -> ProjectRun:
        gone = settled.setdefault(one.project, set())
        again = undecided.setdefault(one.project, set())
        with store.reading() as connection:
            review = _review(connection, one)
            rows = tuple(row for row in review.rows if row.entry.id not in gone)
            ballots = _unset(rows, again)
            chosen = options or RunOptions()
            made = _planned(connection, replace(review, rows=rows), chosen, ballots, issue=issue)
        again |= {row.entry.id for row in made.outcomes[Decision.DEFER]}
        gone |= {row.entry.id for row in made.review.rows} - again
        return _shown(one, made)

    yield from _runs(due, show)


def _unset(rows: Sequence[ReviewRow], entries: set[str]) -> dict[str, Ballot]:
    return {
        row.entry.id: Ballot(entry=row.entry.id, token=row.token)
        for row in rows
        if row.entry.id in entries
    }


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
    def act(one: Due) -> ProjectRun:
        try:
            return _committed(store, one, options, actor, request, issue=issue)
        except TimixError as stopped:
            return ProjectRun(
                project=one.project,
                billing_date=one.billing_date,
                outcome=RunOutcome.FAILED,
                stopped=stopped,
            )

    return act


def _committed(
    store: Store,
    one: Due,
    options: RunOptions,
    actor: Actor,
    request: str | None,
    *,
    issue: bool,
) -> ProjectRun:
    own = f"{request}:{one.project}:{one.billing_date}" if request else None
    asked = _asked([one.project, one.billing_date, issue], options)
    with store.writing() as connection:
        if first := once.done_before(connection, own, asked):
            return _done(connection, one, first)
        made = _planned(connection, _review(connection, one), options, {}, issue=issue)
        refuse_run(f"Billing {one.project}", made.faults)
        if not made.review.rows:
            return _shown(one, made)
        result = committed(connection, made, actor, as_drafts=not issue)
        whole = {**result, "left_out": [_words(left) for left in made.review.left_out]}
        once.remember(connection, own, BILL, asked, whole)
        return _done(connection, one, whole)


def _review(connection: Connection, one: Due) -> Review:
    return loaded(connection, one.customer, one.billing_date, one.project, for_engine=True)


def _planned(
    connection: Connection,
    review: Review,
    options: RunOptions,
    ballots: Mapping[str, Ballot],
    *,
    issue: bool,
) -> Plan:
    as_drafts = review.is_pro_forma or not issue
    made = drawn_up(connection, review, options, ballots, as_drafts=as_drafts)
    if not review.is_pro_forma or options.frame_order in {None, NO_FRAME_ORDER}:
        return made
    told = faults.ORDER_AT_RELEASE.at("Frame orders", project=review.project)
    return replace(made, faults=(*made.faults, told))


def _shown(one: Due, made: Plan) -> ProjectRun:
    """Tell what a run would make, or that there is nothing."""
    outcome = RunOutcome.DONE if made.review.rows else RunOutcome.NOTHING
    return ProjectRun(
        project=one.project,
        billing_date=one.billing_date,
        outcome=RunOutcome.FAILED if made.errors else outcome,
        currency=made.review.currency,
        plan=made,
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
