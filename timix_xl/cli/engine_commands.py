"""Commands of the engine: bill one project, or all that are due."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from timix_xl.billing.bill import (
    ProjectRun,
    all_due,
    bill_all,
    not_due,
    preview_all,
    preview_bill,
)
from timix_xl.billing.bill import bill as bill_one
from timix_xl.billing.document_limits import document_limits
from timix_xl.billing.due import Due, Filters
from timix_xl.billing.issue import Issued
from timix_xl.billing.issue_all import RunOutcome
from timix_xl.billing.plan import RunOptions
from timix_xl.billing.pro_forma import pro_formas
from timix_xl.billing.pro_forma_limits import pro_forma_limits
from timix_xl.billing.register import register, whole
from timix_xl.cli import printing, reading, reports, review_commands, shapes
from timix_xl.cli.pro_forma_shapes import pro_forma
from timix_xl.cli.session import Answer, Session
from timix_xl.cli.shapes import Shape
from timix_xl.cli.telling import error_shape, fault_shape
from timix_xl.domain.entries import Decision
from timix_xl.domain.invoices import Document, DocumentKind, draft_name
from timix_xl.domain.money import plain, plain_money, total
from timix_xl.domain.projects import ProjectStatus
from timix_xl.errors import BadCommand, Fault

FILTERS = ("customer", "projects", "manager", "status")
"""Options of a mass run only."""

SIDES = ("loaded", "billed", "deferred", "written_off", "held", "added", "raised")
"""Figures of a run."""

Made = Mapping[str, tuple[Shape, Document]]
"""Documents by the numbers that they were made with; a draft may have another one since."""


def bill(session: Session) -> Answer:
    """Bill a project, or all that are due; or show what that would make."""
    chosen = session.chosen
    _check(session)
    runs = _all(session) if chosen.all else _one(session)
    made = {} if chosen.dry_run else _made(session, runs)
    failed = [one.stopped for one in runs if one.stopped and not chosen.dry_run]
    show = _show_plans if chosen.dry_run else _show_runs
    return Answer(
        {"dry_run": chosen.dry_run, "projects": [_shape(one, made) for one in runs]},
        lambda console: show(console, runs, made),
        failed[0].exit_code if failed else 0,
    )


def _check(session: Session) -> None:
    """Refuse what says nothing, or what does not go together."""
    chosen, problem = session.chosen, ""
    if bool(chosen.project) == chosen.all:
        problem = "Say what to bill: a PROJECT, or --all"
    elif chosen.all and chosen.frame_order is not None:
        problem = "--frame-order is of one customer; it does not go with --all"
    elif chosen.dry_run and chosen.request:
        problem = "--request keeps what was done; a --dry-run does nothing"
    elif not chosen.all and (given := [name for name in FILTERS if getattr(chosen, name)]):
        problem = f"--{given[0]} chooses among all projects; it goes with --all"
    if problem:
        raise BadCommand(problem=problem, command="timix-xl bill")


def _one(session: Session) -> list[ProjectRun]:
    chosen = session.chosen
    options = RunOptions(frame_order=review_commands.chosen_order(chosen.frame_order))
    date = reading.optional_day(chosen.date, "--date")
    if chosen.dry_run:
        return preview_bill(
            session.store,
            chosen.project,
            date=date,
            options=options,
            issue=chosen.issue,
            today=session.today,
        )
    return bill_one(
        session.store,
        chosen.project,
        date=date,
        options=options,
        issue=chosen.issue,
        actor=session.actor,
        request=chosen.request,
    )


def _all(session: Session) -> list[ProjectRun]:
    chosen = session.chosen
    wanted = Filters(
        customer=chosen.customer,
        projects=tuple(reading.ids(chosen.projects)),
        manager=chosen.manager,
        status=ProjectStatus(chosen.status) if chosen.status else None,
    )
    date = reading.optional_day(chosen.date, "--date")
    due = all_due(
        session.store,
        wanted,
        date or session.today,
        is_default=date is None,
        issue=chosen.issue,
        request=chosen.request,
    )
    if chosen.dry_run:
        runs = preview_all(session.store, due, issue=chosen.issue, today=session.today)
    else:
        runs = bill_all(
            session.store, due, issue=chosen.issue, actor=session.actor, request=chosen.request
        )
    left = not_due(session.store, wanted, date or session.today, is_default=date is None)
    done = list(_watched(session, runs, due))
    run = {one.project for one in done}
    return [*done, *(one for one in left if one.project not in run)]


def _watched(
    session: Session, runs: Iterable[ProjectRun], due: Sequence[Due]
) -> Iterator[ProjectRun]:
    """Go through the runs with a bar, on a terminal only; dates without work are not told."""
    places = {(one.project, one.billing_date): at for at, one in enumerate(due, start=1)}
    hidden = session.as_json or not session.console.is_terminal
    with Progress(console=session.console, transient=True, disable=hidden) as bar:
        task = bar.add_task("Projects", total=len(due))
        for one in runs:
            if one.billing_date:
                done = places[one.project, one.billing_date]
                bar.update(task, completed=done, description=one.project)
            yield one
        bar.update(task, completed=len(due))


def _made(session: Session, runs: Sequence[ProjectRun]) -> Made:
    """Read what the runs made, with one look into the register for all of them."""
    wanted = {number for one in runs if one.issued for number in one.issued.numbers}
    if not wanted:
        return {}
    return _documents(session, wanted) | _pro_formas(session, wanted)


def _documents(session: Session, wanted: Collection[str]) -> dict[str, tuple[Shape, Document]]:
    in_register = register(session.store, today=session.today)
    named = {
        one.stored.id: name
        for one in in_register
        if one.stored
        for name in (draft_name(one.stored.id), one.stored.number)
        if name in wanted
    }
    own = [one for one in in_register if one.stored and one.stored.id in named]
    made = [(one, document) for one, document in whole(session.store, own) if document]
    limits = document_limits(
        session.store, [(one.stored, document) for one, document in made if one.stored]
    )
    return {
        named[one.stored.id]: (
            shapes.document(document, one, limits.get(one.stored.id)),
            document,
        )
        for one, document in made
        if one.stored
    }


def _pro_formas(session: Session, wanted: Collection[str]) -> dict[str, tuple[Shape, Document]]:
    found = [one for one in pro_formas(session.store) if one.number in wanted]
    limits = pro_forma_limits(session.store, found)
    return {one.number: (pro_forma(one, limits[one.document_id]), one.document) for one in found}


def _shape(one: ProjectRun, made: Made) -> Shape:
    return {
        "project": one.project,
        "billing_date": one.billing_date.isoformat() if one.billing_date else None,
        "outcome": one.outcome.value,
        "why": _why(one, made) or None,
        **_run(one, made),
        "left_out": [
            {
                "id": left.entry,
                "code": left.code,
                "reason": left.reason,
                "hours": plain(left.hours),
                "amount": None if left.amount is None else plain_money(left.amount, one.currency),
            }
            for left in one.left_out
        ],
        "error": error_shape(one.stopped)["error"] if one.stopped else None,
    }


def _run(one: ProjectRun, made: Made) -> Shape:
    """Shape the run itself: what it made, or would make; nothing where it was not one."""
    if one.issued:
        documents = [made[number][0] for number in one.issued.numbers if number in made]
        shape = shapes.issued(one.issued, documents)
        return shape | (_as_it_was(shape, one.issued) if _gone(one, made) else {})
    if one.plan:
        return shapes.preview(one.plan)
    told = one.stopped.faults if one.stopped else ()
    nothing = dict.fromkeys((*SIDES, "rounding", "reconciles"))
    return {"documents": [], **nothing, "faults": [fault_shape(fault) for fault in told]}


def _gone(one: ProjectRun, made: Made) -> list[str]:
    """Return what a run made and somebody deleted before the request was said again."""
    return [number for number in one.issued.numbers if number not in made] if one.issued else []


def _as_it_was(shape: Shape, issued: Issued) -> Shape:
    """Say what a run billed whose documents cannot be added up any more."""
    not_billed = (issued.figures[Decision.DEFER], issued.figures[Decision.WRITE_OFF])
    billed = issued.loaded.amount + issued.rounding - total(one.amount for one in not_billed)
    amount = {"amount": plain_money(billed, issued.currency)}
    return {"billed": {**shape["billed"], **amount}, "reconciles": True}


def _why(one: ProjectRun, made: Made) -> str:
    """Say why nothing was made, or that it is gone."""
    if one.stopped:
        return one.stopped.message
    if gone := _gone(one, made):
        return f"deleted since: {', '.join(gone)}"
    if not one.is_due and one.billing_date is None:
        return "on demand: give the day with --date"
    if not one.is_due:
        return f"not due: next billing date {one.billing_date}"
    if one.outcome is RunOutcome.NOTHING:
        return f"nothing to bill up to {one.billing_date}; the last billing date stays"
    return ""


def _show_plans(console: Console, runs: Sequence[ProjectRun], made: Made) -> None:
    last, taken = _last(runs)
    for one in runs:
        printing.say(console, f"{one.project} up to {one.billing_date}", "bold")
        if one.plan and one.plan.review.rows:
            reports.show_plan(console, one.plan)
        else:
            printing.show(console, printing.fault_lines(one.plan.faults) if one.plan else [])
            why = _why(one, made) or "It cannot be billed"
            printing.say(console, f"{why[:1].upper()}{why[1:].rstrip('.')}.")
        printing.show(console, _left_out(one, taken) if one is last[one.project] else [])
        printing.say(console, "")
    printing.say(console, _summary(runs, "to be billed"))


def _show_runs(console: Console, runs: Sequence[ProjectRun], made: Made) -> None:
    printing.show(console, [_table(runs, made)])
    last, taken = _last(runs)
    for one in runs:
        told = one.issued.warnings if one.issued else _faults(one)
        lines = printing.fault_lines(told)
        if one.stopped and not lines:
            lines = [f"! {one.stopped}"]
        printing.show(console, [f"{line[:2]}{one.project}: {line[2:]}" for line in lines])
        printing.show(console, _left_out(one, taken) if one is last[one.project] else [])
    printing.say(console, _summary(runs, "done"))


def _faults(one: ProjectRun) -> Sequence[Fault]:
    return one.stopped.faults if one.stopped else one.plan.faults if one.plan else ()


def _table(runs: Sequence[ProjectRun], made: Made) -> Table:
    made_of = ("Documents", "Dated", "Hours", "Total", "Currency")
    names = ("Project", "Billing date", "Outcome", *made_of, "Why", "Code")
    table = printing.table("", *names, numbers=("Hours", "Total"))
    for one in runs:
        there = (
            [made[number] for number in one.issued.numbers if number in made] if one.issued else []
        )
        documents = [document for _, document in there]
        amount = total(document.total for document in documents)
        worked = printing.hours(total(document.hours for document in documents))
        money = printing.money(amount, one.currency)
        sums = (worked, money, one.currency) if one.issued else ("", "", "")
        numbers = ", ".join(str(shape["number"]) for shape, _ in there)
        code = one.stopped.code if one.stopped else ""
        papers = (one for one in documents if one.kind is not DocumentKind.PRO_FORMA)
        days = {document.issue_date for document in papers}
        dated = ", ".join(day.isoformat() for day in sorted(days))
        facts = (one.project, one.billing_date, one.outcome.value, numbers, dated)
        printing.add(table, *facts, *sums, _why(one, made), code)
    return table


def _last(runs: Sequence[ProjectRun]) -> tuple[dict[str, ProjectRun], Collection[str]]:
    """Return the last run of each project, and the entries that any run billed."""
    billed = (one.issued.figures[Decision.BILL].ids for one in runs if one.issued)
    return {one.project: one for one in runs}, set(chain.from_iterable(billed))


def _left_out(one: ProjectRun, taken: Collection[str]) -> list[str]:
    """Count what a run left out, by reason; what the same command billed is no news."""
    left_out = [left for left in one.left_out if left.entry not in taken]
    counted = Counter((left.reason, left.code) for left in left_out)
    return [
        f"- {one.project}: {printing.of(count, 'entry')} left out: {reason} [{code}]"
        for (reason, code), count in counted.items()
    ]


def _summary(runs: Sequence[ProjectRun], done: str) -> str:
    """Count the runs by their outcome; a project may have several."""
    count = Counter(one.outcome for one in runs)
    return (
        f"{printing.of(count[RunOutcome.DONE], 'run')} {done},"
        f" {count[RunOutcome.FAILED]} failed, {count[RunOutcome.NOTHING]} with nothing to bill."
    )
