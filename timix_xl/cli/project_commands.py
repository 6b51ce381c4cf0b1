"""Commands of projects: what they cost, what is billed of them, and what is still to be billed."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from rich.console import Console
from rich.table import Table

from timix_xl.billing.project_figures import project_figures
from timix_xl.cli.printing import add, lay, money, say, table
from timix_xl.cli.session import Answer, Session
from timix_xl.cli.shapes import Shape
from timix_xl.domain.money import plain_money
from timix_xl.domain.project_figures import Figures, ProjectFigures, TaskFigures, summed

AMOUNTS = ("cost", "invoiced", "draft", "wip", "limit", "margin")
_HEADS = ("Cost", "Invoiced", "Draft", "WIP", "Limit", "Margin")
UNKNOWN = "?"
"""Stands for a cost, and a margin, that nobody can tell in the customer's currency."""


def projects(session: Session) -> Answer:
    """Show the figures of projects; of one project by task and account group too."""
    chosen = session.chosen
    found = project_figures(session.store, customer=chosen.customer, project=chosen.project)

    def show(console: Console) -> None:
        _show(console, found)
        if chosen.project:
            _show_by(console, found[0])

    return Answer([_shape(one) for one in found], show)


def _shape(one: ProjectFigures) -> Shape:
    next_date = one.next_billing_date
    return {
        "project": one.project,
        "name": one.name or None,
        "customer": one.customer,
        "status": one.status.value,
        "next_billing_date": next_date.isoformat() if next_date else None,
        "currency": one.currency,
        **_amounts(one.figures, one.currency),
        "by": [_part(each, one.currency) for each in one.by],
    }


def _part(one: TaskFigures, currency: str) -> Shape:
    place = {"task": one.task, "account_group": one.account_group}
    return {**place, **_amounts(one.figures, currency)}


def _amounts(figures: Figures, currency: str) -> Shape:
    found = {name: getattr(figures, name) for name in AMOUNTS}
    return {
        name: None if amount is None else plain_money(amount, currency)
        for name, amount in found.items()
    }


def _show(console: Console, found: Sequence[ProjectFigures]) -> None:
    if not found:
        say(console, "No projects yet.")
        return
    names = ("Project", "Name", "Customer", "Status", "Next billing", *_HEADS, "Currency")
    made = table("Projects", *names, numbers=_HEADS)
    for one in found:
        head = (one.project, one.name, one.customer, one.status.value, one.next_billing_date)
        add(made, *head, *_cells(one.figures, one.currency), one.currency)
    for currency in sorted({one.currency for one in found}):
        _add_currency(made, [one.figures for one in found if one.currency == currency], currency)
    lay(console, made)
    _explain(console, found)


def _add_currency(made: Table, some: Sequence[Figures], currency: str) -> None:
    if len(some) > 1:
        cells = _cells(summed(some), currency)
        add(made, f"All in {currency}", None, None, None, None, *cells, currency)


def _show_by(console: Console, one: ProjectFigures) -> None:
    title = f"{one.project} by task and account group, in {one.currency}"
    made = table(title, "Task", "Account group", *_HEADS, numbers=_HEADS)
    for each in one.by:
        add(made, each.task, each.account_group, *_cells(each.figures, one.currency))
    _add_sum(made, one)
    lay(console, made)


def _add_sum(made: Table, one: ProjectFigures) -> None:
    if len(one.by) > 1:
        add(made, "All", None, *_cells(one.figures, one.currency))


def _cells(figures: Figures, currency: str) -> list[str]:
    """Write amounts; no limit is blank, and a cost that nobody can tell a question mark."""
    blank = {"limit": ""}
    found: dict[str, Decimal | None] = {name: getattr(figures, name) for name in AMOUNTS}
    return [
        blank.get(name, UNKNOWN) if amount is None else money(amount, currency)
        for name, amount in found.items()
    ]


def _explain(console: Console, found: Iterable[ProjectFigures]) -> None:
    say(console, "WIP is at bill price and counts what is on drafts; margin = invoiced - cost.")
    if any(one.figures.cost is None for one in found):
        text = "the cost is in the company's currency, the customer's is another"
        say(console, f"{UNKNOWN}: {text}.")
