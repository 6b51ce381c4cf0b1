"""Commands of the engine: bill one project, or all that are due."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from timix_xl.billing.bill import (
    ProjectRun,
    all_due,
    bill_all,
    preview_all,
    preview_bill,
)
from timix_xl.billing.bill import bill as bill_one
from timix_xl.billing.document_limits import document_limits
from timix_xl.billing.due import Filters
from timix_xl.billing.issue_all import RunOutcome
from timix_xl.billing.plan import RunOptions
from timix_xl.billing.pro_forma import pro_formas
from timix_xl.billing.pro_forma_limits import pro_forma_limits
from timix_xl.billing.register import register, whole
from timix_xl.cli import printing, reading, reports, review_commands, shapes
from timix_xl.cli.pro_forma_shapes import pro_forma
from timix_xl.cli.session import Answer, Session
from timix_xl.cli.shapes import Shape
from timix_xl.cli.telling import error_shape
from timix_xl.domain.invoices import Document
from timix_xl.domain.money import plain, plain_money, total
from timix_xl.domain.projects import ProjectStatus
from timix_xl.errors import BadCommand, Fault

FILTERS = ("customer", "projects", "manager", "status")
"""Options of a mass run only."""

Made = Mapping[str, tuple[Shape, Document]]
"""Documents by their numbers."""


def bill(session: Session) -> Answer:
    """Bill a project, or all that are due; or show what that would make."""
    chosen = session.chosen
    _check(session)
    runs = _all(session) if chosen.all else _one(session)
    made = {} if chosen.dry_run else _made(session, runs)
    failed = [one.stopped for one in runs if one.stopped]
    show = _show_plans if chosen.dry_run else _show_runs
    return Answer(
        {"projects": [_shape(one, made) for one in runs]},
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
    date = reading.optional_day(chosen.date, "--date") or session.today
    due = all_due(session.store, wanted, date, issue=chosen.issue, request=chosen.request)
    if chosen.dry_run:
        runs = preview_all(session.store, due, issue=chosen.issue)
    else:
        runs = bill_all(
            session.store, due, issue=chosen.issue, actor=session.actor, request=chosen.request
        )
    return list(_watched(session, runs, len(due)))


def _watched(session: Session, runs: Iterable[ProjectRun], count: int) -> Iterator[ProjectRun]:
    """Go through the runs with a bar, on a terminal only."""
    hidden = session.as_json or not session.console.is_terminal
    with Progress(console=session.console, transient=True, disable=hidden) as bar:
        task = bar.add_task("Projects", total=count)
        for one in runs:
            bar.update(task, advance=1, description=one.project)
            yield one


def _made(session: Session, runs: Sequence[ProjectRun]) -> Made:
    """Read what the runs made, with one look into the register for all of them."""
    wanted = {number for one in runs if one.issued for number in one.issued.numbers}
    if not wanted:
        return {}
    return _documents(session, wanted) | _pro_formas(session, wanted)


def _documents(session: Session, wanted: Collection[str]) -> dict[str, tuple[Shape, Document]]:
    in_register = register(session.store, today=session.today)
    found = whole(session.store, [one for one in in_register if one.number in wanted])
    made = [(one, document) for one, document in found if document and one.stored]
    limits = document_limits(
        session.store, [(one.stored, document) for one, document in made if one.stored]
    )
    return {
        one.stored.number: (
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
        "why": _why(one) or None,
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
        return shapes.issued(one.issued, documents)
    return shapes.preview(one.plan) if one.plan else {"documents": [], "faults": []}


def _why(one: ProjectRun) -> str:
    """Say why nothing was made."""
    if one.stopped:
        return one.stopped.message
    if not one.is_due:
        return f"next billing date {one.billing_date}"
    if one.outcome is RunOutcome.NOTHING:
        return f"nothing to bill up to {one.billing_date}; the last billing date stays"
    return ""


def _show_plans(console: Console, runs: Sequence[ProjectRun], _: Made) -> None:
    for one in runs:
        printing.say(console, f"{one.project} up to {one.billing_date}", "bold")
        if one.plan and one.plan.review.rows:
            reports.show_plan(console, one.plan)
        else:
            printing.show(console, printing.fault_lines(one.plan.faults) if one.plan else [])
            printing.say(console, f"{_why(one) or 'It cannot be billed'}.".capitalize())
        printing.show(console, _left_out(one))
        printing.say(console, "")
    printing.say(console, _summary(runs, "to be billed"))


def _show_runs(console: Console, runs: Sequence[ProjectRun], made: Made) -> None:
    printing.show(console, [_table(runs, made)])
    for one in runs:
        told = one.issued.warnings if one.issued else _faults(one)
        lines = printing.fault_lines(told)
        if one.stopped and not lines:
            lines = [f"! {one.stopped}"]
        printing.show(console, [f"{line[:2]}{one.project}: {line[2:]}" for line in lines])
        printing.show(console, _left_out(one))
    printing.say(console, _summary(runs, "done"))


def _faults(one: ProjectRun) -> Sequence[Fault]:
    return one.stopped.faults if one.stopped else one.plan.faults if one.plan else ()


def _table(runs: Sequence[ProjectRun], made: Made) -> Table:
    names = ("Project", "Billing date", "Outcome", "Documents", "Hours", "Total", "Currency")
    table = printing.table("", *names, "Why", "Code", numbers=("Hours", "Total"))
    for one in runs:
        documents = [made[number][1] for number in one.issued.numbers] if one.issued else []
        amount = total(document.total for document in documents)
        worked = printing.hours(total(document.hours for document in documents))
        money = printing.money(amount, one.currency)
        sums = (worked, money, one.currency) if one.issued else ("", "", "")
        numbers = ", ".join(one.issued.numbers) if one.issued else ""
        code = one.stopped.code if one.stopped else ""
        facts = (one.project, one.billing_date, one.outcome.value, numbers)
        printing.add(table, *facts, *sums, _why(one), code)
    return table


def _left_out(one: ProjectRun) -> list[str]:
    """Count what was left out, by reason."""
    counted = Counter((left.reason, left.code) for left in one.left_out)
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
