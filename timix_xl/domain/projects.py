"""Projects and their tasks."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from timix_xl.domain.entries import BillingType
from timix_xl.domain.periods import BillingPeriod, CutOff


class ProjectStatus(StrEnum):
    """Where a project or a task stands."""

    PLANNED = "planned"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class BillingOption(StrEnum):
    """When a task's entries may be billed."""

    PERIOD = "period"
    TASK_COMPLETION = "task_completion"
    PROJECT_COMPLETION = "project_completion"


BILLABLE_PROJECT = {ProjectStatus.ACTIVE, ProjectStatus.SUSPENDED, ProjectStatus.COMPLETED}
BILLABLE_TASK = {ProjectStatus.ACTIVE, ProjectStatus.COMPLETED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """Work for one customer."""

    code: str
    customer: str
    name: str = ""
    status: ProjectStatus = ProjectStatus.ACTIVE
    billing_type: BillingType | None = None
    bill_rate: Decimal | None = None
    billing_rule: str | None = None
    rate_table: str | None = None
    tax_code: str | None = None
    pro_forma: bool = False
    billing_period: BillingPeriod = BillingPeriod.ON_DEMAND
    start_date: date | None = None
    last_billing_date: date | None = None
    cut_off: CutOff | None = None
    material_at_cost: bool = False
    manager: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A part of a project; `parent` is another task of the same project."""

    project: str
    code: str
    parent: str | None = None
    name: str = ""
    status: ProjectStatus = ProjectStatus.ACTIVE
    billing_type: BillingType | None = None
    bill_rate: Decimal | None = None
    billing_rule: str | None = None
    rate_table: str | None = None
    tax_code: str | None = None
    billing_option: BillingOption = BillingOption.PERIOD
    location: str | None = None
    bill_separately: bool = False
