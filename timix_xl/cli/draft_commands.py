"""Commands of drafts, mass runs and restored entries: issue --all, invoice issue, restore."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from timix_xl.billing.draft import DraftIssued, delete_draft, issue_draft
from timix_xl.billing.issue_all import CustomerRun, RunOutcome, issue_all
from timix_xl.billing.load import customer_codes
from timix_xl.billing.register import Standing, register
from timix_xl.billing.restore import restore as take_back
from timix_xl.billing.utilization import utilization
from timix_xl.cli import printing, reading, review_commands
from timix_xl.cli.session import Answer, Session
from timix_xl.cli.telling import error_shape, fault_shape
from timix_xl.domain.frame_orders import OrderState
from timix_xl.domain.money import total
from timix_xl.errors import BadCommand

OF_ONE_CUSTOMER = ("frame_order", "po", "buyer_reference")


def issue(session: Session) -> Answer:
    """Issue, or save drafts: for one customer, from a workbook, or for all customers."""
    chosen = session.chosen
    if bool(chosen.target) == chosen.all:
        problem = "Say for whom: a CUSTOMER, a workbook FILE, or --all"
        raise BadCommand(problem=problem, command="timix-xl issue")
    return _issue_all(session) if chosen.all else review_commands.issue(session)


def _issue_all(session: Session) -> Answer:
    chosen = session.chosen
    for name in OF_ONE_CUSTOMER:
        if getattr(chosen, name) is not None:
            problem = f"--{name.replace('_', '-')} is of one customer; it does not go with --all"
            raise BadCommand(problem=problem, command="timix-xl issue")
    day, options = review_commands.asked(session)
    customers = sorted(customer_codes(session.store))
    run = issue_all(
        session.store,
        customers,
        day,
        options,
        actor=session.actor,
        as_drafts=chosen.draft,
        request=chosen.request,
    )
    runs = list(_watched(session, run, len(customers)))
    failed = [one.stopped for one in runs if one.stopped]
    made = {one.number: one for one in register(session.store, today=session.today)}
    undrawn = _undrawn(session, runs)
    return Answer(
        {"customers": [_shape(one, undrawn.get(one.customer, [])) for one in runs]},
        lambda console: _show_all(console, runs, made, undrawn),
        failed[0].exit_code if failed else 0,
    )


def _undrawn(session: Session, runs: Sequence[CustomerRun]) -> dict[str, list[str]]:
    """Name the open frame orders of the customers that were billed: a mass run draws on none."""
    done = {one.customer for one in runs if one.issued and one.issued.numbers}
    found: dict[str, list[str]] = {}
    for order in utilization(session.store):
        if order.customer in done and order.state_on(session.today) is OrderState.OPEN:
            found.setdefault(order.customer, []).append(order.number)
    return found


def _watched(session: Session, runs: Iterable[CustomerRun], count: int) -> Iterator[CustomerRun]:
    """Go through the customers with a bar, on a terminal only."""
    hidden = session.as_json or not session.console.is_terminal
    with Progress(console=session.console, transient=True, disable=hidden) as bar:
        task = bar.add_task("Customers", total=count)
        for one in runs:
            bar.update(task, advance=1, description=one.customer)
            yield one


def _shape(one: CustomerRun, undrawn: list[str]) -> dict[str, object]:
    return {
        "customer": one.customer,
        "outcome": one.outcome.value,
        "documents": list(one.issued.numbers) if one.issued else [],
        "not_drawn_on": undrawn,
        "left_out": one.left_out,
        "error": error_shape(one.stopped)["error"] if one.stopped else None,
    }


def _show_all(
    console: Console,
    runs: Sequence[CustomerRun],
    made: dict[str | None, Standing],
    undrawn: dict[str, list[str]],
) -> None:
    printing.show(console, [_table(runs, made)])
    for one in runs:
        if one.stopped:
            errors = [fault for fault in one.stopped.faults if fault.is_error]
            lines = printing.fault_lines(errors) or [f"! {one.stopped}"]
            printing.show(console, [f"! {one.customer}: {line[2:]}" for line in lines])
    for customer, orders in undrawn.items():
        told = f"! {customer}: nothing was drawn on {', '.join(orders)}. A mass run draws on no"
        printing.say(console, f"{told} frame order; bill such a customer by itself.")
    count = {outcome: sum(one.outcome is outcome for one in runs) for outcome in RunOutcome}
    printing.say(
        console,
        f"{printing.of(count[RunOutcome.DONE], 'customer')} done,"
        f" {count[RunOutcome.FAILED]} failed, {count[RunOutcome.NOTHING]} with nothing to bill.",
    )


def _table(runs: Sequence[CustomerRun], made: dict[str | None, Standing]) -> Table:
    names = ("Customer", "Outcome", "Documents", "Total", "Currency", "Why", "Code")
    table = printing.table("", *names, numbers=("Total",))
    for one in runs:
        documents = [made[number] for number in one.issued.numbers] if one.issued else []
        amount = total(document.total for document in documents)
        currency = one.issued.currency if one.issued else ""
        sums = (printing.money(amount, currency), currency) if one.issued else ("", "")
        why = (one.stopped.message, one.stopped.code) if one.stopped else (_left_out(one), "")
        numbers = ", ".join(document.number or "" for document in documents)
        printing.add(table, one.customer, one.outcome.value, numbers, *sums, *why)
    return table


def _left_out(one: CustomerRun) -> str:
    if not one.left_out:
        return ""
    return f"{printing.of(one.left_out, 'entry')} left out: timix-xl unbilled {one.customer}"


def issue_one(session: Session) -> DraftIssued:
    """Issue a draft."""
    chosen = session.chosen
    return issue_draft(
        session.store,
        chosen.number,
        actor=session.actor,
        issue_date=reading.optional_day(chosen.issue_date, "--issue-date"),
        request=chosen.request,
    )


def with_warnings(
    made: DraftIssued, show: Callable[[Session, str], Answer], session: Session
) -> Answer:
    """Show the invoice that a draft has become, with what a person should know all the same."""
    answer = show(session, made.number)

    def tell(console: Console) -> None:
        answer.show(console)
        printing.show(console, printing.fault_lines(made.warnings))

    return Answer(answer.shape | {"faults": [fault_shape(one) for one in made.warnings]}, tell)


def delete(session: Session) -> Answer:
    """Delete a draft."""
    name = session.chosen.number
    delete_draft(session.store, name, actor=session.actor, request=session.chosen.request)
    text = f"Deleted {name}; its entries can be billed again."
    return Answer({"deleted": name}, lambda console: printing.say(console, text))


def restore(session: Session) -> Answer:
    """Take written-off entries back into the unbilled work."""
    chosen = session.chosen
    ids = reading.ids(chosen.ids)
    if not ids:
        raise BadCommand(problem="Say which entries to restore", command="timix-xl restore")
    back = take_back(session.store, ids, chosen.reason, actor=session.actor, request=chosen.request)
    text = f"Restored {', '.join(back)}: unbilled again."
    shape = {"restored": list(back), "reason": chosen.reason.strip()}
    return Answer(shape, lambda console: printing.say(console, text))
