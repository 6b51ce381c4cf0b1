"""Books: the master data that pricing reads, by code."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from timix_xl.domain.billing_rules import BillingRule
from timix_xl.domain.customers import Company, Customer, Location
from timix_xl.domain.entries import BillingType
from timix_xl.domain.items import AccountGroup, Item, Person, Vendor
from timix_xl.domain.limits import Limit
from timix_xl.domain.projects import Project, Task
from timix_xl.domain.rate_tables import RateTable
from timix_xl.domain.rates import RateBook
from timix_xl.domain.settings import BillingSettings
from timix_xl.domain.tax import TaxCode


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What a task says about its entries, with what it inherits (the nearest one set wins)."""

    task: Task
    project: Project
    chain: tuple[str, ...]
    """Codes from the task itself up to its outermost parent."""
    billing_rule: str | None
    """Of the task, a parent or the project; None is the default rule."""
    rate_table: str | None
    """Of the task, a parent or the project."""
    billing_type: BillingType
    tax_code: str | None
    """Of the task or a parent; the project, the location and the customer come after it."""
    location: Location | None
    bill_separately: str | None
    """The task of this chain that always gets its own document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """Everything but the entries. Tasks are keyed by (project, task)."""

    company: Company
    settings: BillingSettings
    tax_codes: Mapping[str, TaxCode]
    items: Mapping[str, Item]
    people: Mapping[str, Person]
    customers: Mapping[str, Customer]
    projects: Mapping[str, Project]
    tasks: Mapping[tuple[str, str], Task]
    rates: RateBook
    account_groups: Mapping[str, AccountGroup] = field(default_factory=dict)
    vendors: Mapping[str, Vendor] = field(default_factory=dict)
    billing_rules: Mapping[str, BillingRule] = field(default_factory=dict)
    rate_tables: Mapping[tuple[str, str], RateTable] = field(default_factory=dict)
    """By code and rate type."""
    limits: tuple[Limit, ...] = ()
    _facts: dict[tuple[str, str], TaskFacts] = field(default_factory=dict, compare=False)

    def facts(self, project: str, task: str) -> TaskFacts:
        """Return what holds for the entries of a task."""
        key = (project, task)
        if key not in self._facts:
            self._facts[key] = self._gathered(project, task)
        return self._facts[key]

    def _gathered(self, code: str, task_code: str) -> TaskFacts:
        project = self.projects[code]
        customer = self.customers[project.customer]
        tasks = self._upwards(code, task_code)
        types = [task.billing_type for task in tasks]
        types += [project.billing_type, customer.billing_type, BillingType.TM]
        location_code = next((task.location for task in tasks if task.location), None)
        return TaskFacts(
            task=tasks[0],
            project=project,
            chain=tuple(task.code for task in tasks),
            billing_rule=_nearest([task.billing_rule for task in tasks], project.billing_rule),
            rate_table=_nearest([task.rate_table for task in tasks], project.rate_table),
            billing_type=next(one for one in types if one),
            tax_code=next((task.tax_code for task in tasks if task.tax_code), None),
            location=next((at for at in customer.locations if at.code == location_code), None),
            bill_separately=next((task.code for task in tasks if task.bill_separately), None),
        )

    def _upwards(self, project: str, code: str) -> list[Task]:
        tasks, at = [], self.tasks.get((project, code))
        while at is not None and at not in tasks:
            tasks.append(at)
            at = self.tasks.get((project, at.parent)) if at.parent else None
        return tasks


def _nearest(of_tasks: list[str | None], of_project: str | None) -> str | None:
    return next((one for one in (*of_tasks, of_project) if one), None)
