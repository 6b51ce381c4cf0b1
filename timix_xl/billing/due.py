"""Due: which projects are billed when, by their billing periods or at a date given by hand."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from timix_xl.domain.periods import BillingPeriod, next_billing_date
from timix_xl.domain.projects import Project, ProjectStatus
from timix_xl.errors import BillingDateNeeded, UnknownCustomer, UnknownManager, UnknownProject
from timix_xl.store import reading


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """A billing date of a project; in the order of a mass run: by date, then by project."""

    billing_date: dt.date
    project: str
    customer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which projects a mass run takes; None, and no projects, stand for all."""

    customer: str | None = None
    projects: tuple[str, ...] = ()
    manager: str | None = None
    status: ProjectStatus | None = None

    def takes(self, project: Project) -> bool:
        """Whether a project is one of those."""
        return (
            self.customer in {None, project.customer}
            and (not self.projects or project.code in self.projects)
            and self.manager in {None, project.manager}
            and self.status in {None, project.status}
        )


def coming(project: Project) -> dt.date | None:
    """Return the next billing date of a project; on demand, or without a start, there is none."""
    return next_billing_date(project.billing_period, project.start_date, project.last_billing_date)


def due_dates(project: Project, up_to: dt.date) -> Iterator[dt.date]:
    """Yield the next billing dates of a project that have come by a day, oldest first."""
    last = project.last_billing_date
    while day := next_billing_date(project.billing_period, project.start_date, last):
        if day > up_to:
            return
        yield day
        last = day


def due_of_one(
    connection: Connection, code: str, date: dt.date | None, today: dt.date
) -> list[Due]:
    """Return when one project is billed: on the date given, or on each that has come by today.

    Raises UnknownProject, BillingDateNeeded.
    """
    project = the_project(connection, code)
    if date is not None:
        return [Due(date, code, project.customer)]
    if coming(project) is None:
        on_demand = project.billing_period is BillingPeriod.ON_DEMAND
        why = "is billed on demand" if on_demand else "has no start date"
        raise BillingDateNeeded(project=code, why=why)
    return _with_work(connection, [project], today)


def due_of_all(
    connection: Connection, wanted: Filters, date: dt.date, *, is_given: bool
) -> list[Due]:
    """Return when projects are billed up to a day: by period, or on a day given if on demand.

    One without a start date has no billing dates: it is billed as if on demand. Raises
    UnknownCustomer, UnknownProject, UnknownManager.
    """
    projects = reading.projects(connection)
    _check(connection, wanted, projects)
    taken = [one for one in projects if wanted.takes(one) and (is_given or coming(one))]
    return sorted(_with_work(connection, taken, date))


def waiting(
    connection: Connection, wanted: Filters, date: dt.date, *, is_given: bool
) -> dict[str, dt.date | None]:
    """Return the projects with open work that a mass run does not come to, and when it will.

    Their next billing date has not come, or they are billed on demand and no day is given.
    """
    oldest = reading.oldest_open(connection)
    days = {
        one.code: coming(one)
        for one in reading.projects(connection)
        if wanted.takes(one) and one.code in oldest
    }
    return {code: day for code, day in days.items() if (day > date if day else not is_given)}


def the_project(connection: Connection, code: str) -> Project:
    """Return one project; raises UnknownProject."""
    found = next((one for one in reading.projects(connection) if one.code == code), None)
    if found is None:
        raise UnknownProject(project=code)
    return found


def _check(connection: Connection, wanted: Filters, projects: Sequence[Project]) -> None:
    codes = {one.code for one in projects}
    if wanted.customer and wanted.customer not in reading.customer_codes(connection):
        raise UnknownCustomer(customer=wanted.customer)
    for code in wanted.projects:
        if code not in codes:
            raise UnknownProject(project=code)
    if wanted.manager not in {None, *(one.manager for one in projects)}:
        raise UnknownManager(manager=wanted.manager)


def _with_work(connection: Connection, projects: Iterable[Project], date: dt.date) -> list[Due]:
    """Return the dates of projects on which there may be work to bill; the last one in any case.

    A project that was never billed here may be years behind: before its oldest entry is nothing.
    """
    oldest = reading.oldest_open(connection)
    return [
        Due(day, one.code, one.customer) for one in projects for day in _days(one, date, oldest)
    ]


def _days(project: Project, date: dt.date, oldest: Mapping[str, dt.date]) -> Sequence[dt.date]:
    days = list(due_dates(project, date)) if coming(project) else [date]
    first = oldest.get(project.code, dt.date.max)
    return [day for day in days if day >= first] or days[-1:]
