"""Project figures: cost, invoiced, draft, WIP, limit and margin, always derived."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TypeAlias

from sqlalchemy import Connection

from timix_xl.billing.wip import unbilled_now
from timix_xl.domain.books import Books
from timix_xl.domain.costs import cost_amount
from timix_xl.domain.entries import Entry
from timix_xl.domain.limits import Limit
from timix_xl.domain.money import ZERO
from timix_xl.domain.periods import next_billing_date
from timix_xl.domain.project_figures import Figures, ProjectFigures, TaskFigures, summed
from timix_xl.domain.projects import Project
from timix_xl.errors import UnknownCustomer, UnknownProject
from timix_xl.store import figures, reading
from timix_xl.store.database import Store

Place: TypeAlias = tuple[str | None, str | None]
"""A task and an account group of a project."""


def project_figures(
    store: Store, *, customer: str | None = None, project: str | None = None
) -> list[ProjectFigures]:
    """Return the figures of projects, by code: of one customer, of one project, or of all.

    They are of now: what has been issued is invoiced and no WIP, whatever its date. Raises
    UnknownCustomer, UnknownProject.
    """
    with store.reading() as connection:
        books = reading.books(connection, customer)
        _check(books, customer, project)
        added = _added_up(connection, books, _customer(books, customer, project))
    wanted = [one for code, one in sorted(books.projects.items()) if project in {None, code}]
    return [_project(one, books, added.get(one.code, {})) for one in wanted]


def _check(books: Books, customer: str | None, project: str | None) -> None:
    if customer and customer not in books.customers:
        raise UnknownCustomer(customer=customer)
    if project and project not in books.projects:
        raise UnknownProject(project=project)


def _customer(books: Books, customer: str | None, project: str | None) -> str | None:
    return books.projects[project].customer if project else customer


@dataclass(slots=True)
class _Sums:
    """The figures of one place while they are added up."""

    cost: Decimal | None = ZERO
    amounts: dict[str, Decimal] = field(default_factory=dict)

    def add(self, name: str, amount: Decimal) -> None:
        self.amounts[name] = self.amounts.get(name, ZERO) + amount

    def add_cost(self, amount: Decimal | None) -> None:
        self.cost = None if amount is None or self.cost is None else self.cost + amount


Added: TypeAlias = dict[str, dict[Place, _Sums]]
"""Sums by project and place."""


def _added_up(connection: Connection, books: Books, customer: str | None) -> Added:
    added: Added = {}

    def at(project: str, task: str | None, account_group: str | None) -> _Sums:
        return added.setdefault(project, {}).setdefault((task, account_group), _Sums())

    home = books.company.currency
    entries = figures.approved_entries(connection, home, customer=customer)
    for entry in entries:
        at(entry.project, entry.task, entry.account_group).add_cost(_cost(entry, books))
    for one in figures.billed_shares(connection, customer=customer):
        share = one.share
        sums = at(share.project, share.task, share.account_group)
        sums.add("draft" if one.is_open else "invoiced", share.amount)
    unbilled = unbilled_now(connection, customer)
    for entry in entries:
        if entry.id in unbilled:
            place = at(entry.project, entry.task, entry.account_group)
            place.add("wip", unbilled[entry.id].amount)
    return added


def _cost(entry: Entry, books: Books) -> Decimal | None:
    """Return what an entry cost, 0 if nobody said; None where it is in another currency."""
    home = books.company.currency
    person = books.people.get(entry.person or "")
    at_home = entry if entry.currency == home else replace(entry, currency=home)
    cost = cost_amount(at_home, person, home) or ZERO
    customer = books.customers[books.projects[entry.project].customer]
    return None if cost and customer.currency != home else cost


def _project(project: Project, books: Books, sums: Mapping[Place, _Sums]) -> ProjectFigures:
    limits = [limit for limit in books.limits if limit.project == project.code]
    by = _by(sums, limits)
    overall = (one.amount for one in limits if not one.task and not one.account_group)
    next_date = next_billing_date(
        project.billing_period, project.start_date, project.last_billing_date
    )
    return ProjectFigures(
        project=project.code,
        name=project.name,
        customer=project.customer,
        currency=books.customers[project.customer].currency,
        status=project.status,
        next_billing_date=next_date,
        figures=summed([one.figures for one in by], min(overall, default=None)),
        by=by,
    )


def _by(sums: Mapping[Place, _Sums], limits: Iterable[Limit]) -> tuple[TaskFigures, ...]:
    """Lay out the places in order, with those of which only a limit tells."""
    narrow = [limit for limit in limits if limit.task or limit.account_group]
    idle = [(one.task, one.account_group) for one in narrow if not _covers_any(one, sums)]
    places = sorted({*sums, *idle}, key=lambda place: tuple(name or "" for name in place))
    return tuple(
        TaskFigures(
            task=task,
            account_group=group,
            figures=_figures(sums.get((task, group), _Sums()), _smallest(narrow, (task, group))),
        )
        for task, group in places
    )


def _covers_any(limit: Limit, places: Collection[Place]) -> bool:
    return any(limit.covers(limit.project, *place) for place in places)


def _smallest(limits: Iterable[Limit], place: Place) -> Decimal | None:
    found = (one.amount for one in limits if one.covers(one.project, *place))
    return min(found, default=None)


def _figures(sums: _Sums, limit: Decimal | None) -> Figures:
    return Figures(cost=sums.cost, limit=limit, **sums.amounts)
