"""Entries x rules x rates -> priced entries, or the reason why an entry is left out."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import Enum

from timix_xl.domain import faults
from timix_xl.domain.billing_rules import Step
from timix_xl.domain.books import Books, TaskFacts
from timix_xl.domain.charges import Charge, Lack, NoCharge
from timix_xl.domain.customers import Customer
from timix_xl.domain.default_rule import default_charge
from timix_xl.domain.entries import ApprovalStatus, BillingType, Entry, Kind
from timix_xl.domain.money import QUANTITY_PLACES, ZERO, quantized, rounded, unit_price
from timix_xl.domain.periods import within_cut_off
from timix_xl.domain.projects import (
    BILLABLE_PROJECT,
    BILLABLE_TASK,
    BillingOption,
    Project,
    ProjectStatus,
    Task,
)
from timix_xl.domain.rule_pricing import EXACT_PLACES, ActiveStep, RulePricing, activated
from timix_xl.errors import Fault


class Reason(Enum):
    """Why an open entry is not on the review sheet: a closed list of (code, wording)."""

    NOT_APPROVED = ("LEFT-01", "not approved: {detail}")
    FIXED = ("LEFT-02", "billing type fixed: billed by a fee")
    OVERHEAD = ("LEFT-03", "billing type overhead: never billed")
    NON_BILLABLE = ("LEFT-04", "marked non-billable")
    AFTER_CUT_OFF = ("LEFT-05", "after the cut-off {detail}")
    ON_DOCUMENT = ("LEFT-06", "already on {detail}")
    PRO_FORMA_PROJECT = ("LEFT-07", "project {detail} is billed by pro forma")
    NO_STEP = ("LEFT-08", "no step of the billing rule for account group {detail}")
    NO_RATE = ("LEFT-09", "no bill rate")
    NO_PRICE = ("LEFT-10", "no price for {detail}")
    NO_RATE_IN_CURRENCY = ("LEFT-11", "no rate in {detail}")
    NOT_BILLABLE_YET = ("LEFT-12", "{detail}")
    BILLED_ELSEWHERE = ("LEFT-13", "billed elsewhere before: {detail}")
    OTHER_CURRENCY = ("LEFT-14", "another currency: {detail}")
    NO_VALUE = ("LEFT-15", "the billing rule has no value for it: {detail}")

    @property
    def code(self) -> str:
        """The code, for ever."""
        return self.value[0]


@dataclass(frozen=True, slots=True)
class PricedEntry:
    """An entry with what it would bring; amounts in the customer's currency.

    `tax_percent` is None when the entry lies before the first rate of its tax code.
    """

    entry: Entry
    quantity: Decimal
    """What would be billed: by the rule's formula, else the billable quantity."""
    rate: Decimal
    """The unit price; 0 where there is no quantity that could have one."""
    exact: Decimal
    """The amount before it is rounded: lines add it up."""
    amount: Decimal
    tax_code: str
    tax_percent: Decimal | None
    location: str | None
    separate_task: str | None
    step: Step | None = None
    """The step that priced it, or whose entry a remainder is; None for the default rule."""
    rule: str | None = None
    description: str = ""
    """What its line says; empty where the rule has nothing to say, and for the default rule."""
    invoice_description: str = ""

    @property
    def hours(self) -> Decimal:
        """Hours that would be billed."""
        return _hours(self.entry, self.quantity)

    @property
    def covered_on(self) -> dt.date:
        """The day that a frame order has to cover."""
        return self.entry.covered_on or self.entry.date

    @property
    def has_unit_price(self) -> bool:
        """Whether quantity x unit price is its amount: there is no money without a quantity."""
        return bool(self.quantity) or not self.exact


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An open entry that a run does not take, and why; `amount` is None without a price."""

    entry: Entry
    reason: Reason
    detail: str
    amount: Decimal | None
    stops: bool = False
    """Whether a run of the engine must not bill anything of the project without it."""
    quantity: Decimal | None = None
    """What would be billed, where something would be."""

    @property
    def hours(self) -> Decimal:
        """Hours that would be billed, else the entry's."""
        return self.entry.hours if self.quantity is None else _hours(self.entry, self.quantity)

    @property
    def wording(self) -> str:
        """The reason in words."""
        wording = self.reason.value[1]
        told = not self.detail or "{detail}" in wording
        return wording.format(detail=self.detail) if told else f"{wording}: {self.detail}"

    @property
    def fault(self) -> Fault:
        """What a run says that this entry stops."""
        kind = faults.RATE_NOT_FOUND if self.reason is Reason.NO_RATE else faults.NOT_EVALUATED
        return kind.at(entry=self.entry.id, why=self.detail)


def _hours(entry: Entry, quantity: Decimal) -> Decimal:
    return quantity if entry.kind is Kind.TIME and entry.billable else ZERO


@dataclass(frozen=True, slots=True)
class Pricer:
    """Prices the entries of one run: up to a billing date, beside the claims of other documents.

    `claims` says by entry which draft or pro forma holds it. A run of the engine takes projects
    that are billed by pro forma too, and what a step includes as information.
    """

    books: Books
    billing_date: dt.date
    claims: Mapping[str, str]
    for_engine: bool = False
    _rules: RulePricing = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make the billing rules ready."""
        object.__setattr__(self, "_rules", RulePricing(self.books, for_engine=self.for_engine))

    def price(self, entry: Entry) -> PricedEntry | LeftOut:
        """Price an open entry, or say why it is left out."""
        facts = self.books.facts(entry.project, entry.task)
        customer = self.books.customers[facts.project.customer]
        charge = self._charge(entry, facts, customer)
        why = self._reason(entry, facts, customer, charge)
        if why or isinstance(charge, NoCharge):
            return self._left_out(entry, facts, charge, why or (Reason.NO_RATE, ""))
        code, percent = self._tax(entry, facts, customer)
        return PricedEntry(
            entry=entry,
            quantity=charge.quantity,
            rate=charge.rate,
            exact=charge.exact,
            amount=rounded(charge.exact, customer.currency),
            tax_code=code,
            tax_percent=percent,
            location=facts.location.code if facts.location else None,
            separate_task=facts.bill_separately,
            step=charge.step,
            rule=charge.rule,
            description=charge.description,
            invoice_description=charge.invoice_description,
        )

    def _charge(self, entry: Entry, facts: TaskFacts, customer: Customer) -> Charge | NoCharge:
        if entry.currency != customer.currency:
            return NoCharge(Lack.CURRENCY, customer.currency)
        active = self._rules.step(entry, facts)
        if entry.kind is Kind.REMAINDER:
            return _at_face_value(entry, facts, active)
        if facts.billing_rule is None:
            return default_charge(entry, facts, customer, self.books)
        if active is None:
            return NoCharge(Lack.STEP, entry.account_group)
        if self._informs(entry, active):
            return self._rules.information(entry, facts, active)
        return self._rules.charge(entry, facts, active)

    def _informs(self, entry: Entry, active: ActiveStep | None) -> bool:
        """Whether a line of the entry is information: printed, and worth nothing."""
        included = active is not None and active.step.include_non_billable
        return self.for_engine and included and not entry.billable

    def _tax(
        self, entry: Entry, facts: TaskFacts, customer: Customer
    ) -> tuple[str, Decimal | None]:
        """Return code and percent; a remainder keeps those of the line it was held back from."""
        if entry.kind is Kind.REMAINDER and entry.tax_code:
            return entry.tax_code, entry.tax_percent
        item = self.books.items.get(entry.item or "")
        codes = (
            item.tax_code if item else None,
            facts.tax_code,
            facts.project.tax_code,
            facts.location.tax_code if facts.location else None,
        )
        code = next((code for code in codes if code), customer.tax_code)
        return code, self.books.tax_codes[code].percent_on(entry.date)

    def _reason(
        self, entry: Entry, facts: TaskFacts, customer: Customer, charge: Charge | NoCharge
    ) -> tuple[Reason, str] | None:
        """Name the first reason that fits: what can never be billed comes before what may be."""
        return (
            _settled(entry)
            or self._kept_off(entry, facts)
            or self._not_in_this_run(entry, facts)
            or _without_charge(entry, customer, charge)
            or _not_billable_yet(facts)
        )

    def _kept_off(self, entry: Entry, facts: TaskFacts) -> tuple[Reason, str] | None:
        if facts.billing_type is BillingType.FIXED:
            return Reason.FIXED, ""
        if facts.billing_type is BillingType.OVERHEAD:
            return Reason.OVERHEAD, ""
        taken = entry.billable or self._informs(entry, self._rules.step(entry, facts))
        return None if taken else (Reason.NON_BILLABLE, "")

    def _not_in_this_run(self, entry: Entry, facts: TaskFacts) -> tuple[Reason, str] | None:
        cut_off = facts.project.cut_off or self.books.settings.cut_off
        if not within_cut_off(entry.date, self.billing_date, cut_off):
            return Reason.AFTER_CUT_OFF, self.billing_date.isoformat()
        if entry.id in self.claims:
            return Reason.ON_DOCUMENT, self.claims[entry.id]
        if facts.project.pro_forma and not self.for_engine:
            return Reason.PRO_FORMA_PROJECT, facts.project.code
        return None

    def _left_out(
        self,
        entry: Entry,
        facts: TaskFacts,
        charge: Charge | NoCharge,
        why: tuple[Reason, str],
    ) -> LeftOut:
        reason, detail = why
        if isinstance(charge, Charge):
            amount = rounded(charge.exact, entry.currency)
            return LeftOut(entry, reason, detail, amount, quantity=charge.quantity)
        # What could not be billed anyway does not keep the others from it.
        stops = charge.stops and reason is _LACKING[charge.lack] and not _not_billable_yet(facts)
        return LeftOut(entry, reason, detail, None, stops=self.for_engine and stops)


_LACKING = {
    Lack.STEP: Reason.NO_STEP,
    Lack.RATE: Reason.NO_RATE,
    Lack.PRICE: Reason.NO_PRICE,
    Lack.CURRENCY: Reason.NO_RATE_IN_CURRENCY,
    Lack.VALUE: Reason.NO_VALUE,
}


def _at_face_value(entry: Entry, facts: TaskFacts, active: ActiveStep | None) -> Charge:
    """Charge a remainder: no formula touches it, its step only says where it stands."""
    step, rule = (active.step, facts.billing_rule) if active else (None, None)
    return Charge(quantity=ZERO, rate=ZERO, exact=entry.face_amount or ZERO, step=step, rule=rule)


def _settled(entry: Entry) -> tuple[Reason, str] | None:
    if entry.billed_elsewhere:
        return Reason.BILLED_ELSEWHERE, entry.billed_elsewhere
    if entry.status is not ApprovalStatus.APPROVED:
        return Reason.NOT_APPROVED, entry.status.value
    return None


def _without_charge(
    entry: Entry, customer: Customer, charge: Charge | NoCharge
) -> tuple[Reason, str] | None:
    if entry.currency != customer.currency:
        return Reason.OTHER_CURRENCY, entry.currency
    return (_LACKING[charge.lack], charge.detail) if isinstance(charge, NoCharge) else None


def _not_billable_yet(facts: TaskFacts) -> tuple[Reason, str] | None:
    waiting = _waiting(facts.project, facts.task)
    return (Reason.NOT_BILLABLE_YET, waiting) if waiting else None


def _waiting(project: Project, task: Task) -> str:
    completed = ProjectStatus.COMPLETED
    if project.status not in BILLABLE_PROJECT:
        return f"project {project.code} is {project.status}"
    if task.status not in BILLABLE_TASK:
        return f"task {task.code} is {task.status}"
    if task.billing_option is BillingOption.TASK_COMPLETION and task.status is not completed:
        return f"task {task.code} is billed on its completion"
    by_project = task.billing_option is BillingOption.PROJECT_COMPLETION
    if by_project and project.status is not completed:
        return f"task {task.code} is billed when project {project.code} is completed"
    return ""


def priced_part(whole: PricedEntry, part: Entry, books: Books) -> PricedEntry:
    """Price a part of an entry as the whole was priced: at its rate, or by its step again."""
    charge = _part_charge(whole, part, books)
    return replace(
        whole,
        entry=part,
        quantity=charge.quantity,
        rate=charge.rate,
        exact=charge.exact,
        amount=rounded(charge.exact, part.currency),
        description=charge.description,
    )


def _part_charge(whole: PricedEntry, part: Entry, books: Books) -> Charge:
    """Where a formula has no value for the part alone, it has its share of the whole's."""
    if whole.step is None or whole.rule is None:
        quantity = part.billable_quantity
        return Charge(quantity=quantity, rate=whole.rate, exact=quantity * whole.rate)
    facts = books.facts(part.project, part.task)
    charge = RulePricing(books).charge(part, facts, activated(whole.rule, whole.step))
    if isinstance(charge, Charge):
        return charge
    share = part.billable_quantity / whole.entry.billable_quantity
    quantity = quantized(whole.quantity * share, QUANTITY_PLACES)
    exact = quantized(whole.exact * share, EXACT_PLACES)
    return Charge(
        quantity=quantity,
        rate=unit_price(exact, quantity),
        exact=exact,
        description=whole.description,
    )
