"""Entries x rates -> priced entries, or the reason why an entry is left out."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from timix_xl.domain.books import Books, TaskFacts
from timix_xl.domain.customers import Customer
from timix_xl.domain.entries import ApprovalStatus, BillingType, Entry, Kind
from timix_xl.domain.money import RATE_PLACES, quantized, rounded
from timix_xl.domain.periods import within_cut_off
from timix_xl.domain.projects import (
    BILLABLE_PROJECT,
    BILLABLE_TASK,
    BillingOption,
    Project,
    ProjectStatus,
    Task,
)
from timix_xl.domain.rates import Place


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
    rate: Decimal
    amount: Decimal
    tax_code: str
    tax_percent: Decimal | None
    location: str | None
    separate_task: str | None

    @property
    def hours(self) -> Decimal:
        """Billable hours."""
        return self.entry.hours


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An open entry that a run does not take, and why; `amount` is None without a price."""

    entry: Entry
    reason: Reason
    detail: str
    amount: Decimal | None

    @property
    def wording(self) -> str:
        """The reason in words."""
        return self.reason.value[1].format(detail=self.detail)


@dataclass(frozen=True, slots=True)
class Pricer:
    """Prices the entries of one run: up to a billing date, beside the claims of other documents.

    `claims` says by entry which draft or pro forma holds it.
    """

    books: Books
    billing_date: dt.date
    claims: Mapping[str, str]

    def price(self, entry: Entry) -> PricedEntry | LeftOut:
        """Price an open entry, or say why it is left out."""
        facts = self.books.facts(entry.project, entry.task)
        customer = self.books.customers[facts.project.customer]
        rate = self._rate(entry, facts, customer)
        amount = _amount(entry, rate, customer)
        reason = self._reason(entry, facts, customer, rate)
        if reason or rate is None or amount is None:
            kind, detail = reason or (Reason.NO_RATE, "")
            return LeftOut(entry, kind, detail, amount)
        code = self._tax_code(entry, facts, customer)
        return PricedEntry(
            entry=entry,
            rate=rate,
            amount=amount,
            tax_code=code,
            tax_percent=self.books.tax_codes[code].percent_on(entry.date),
            location=facts.location.code if facts.location else None,
            separate_task=facts.bill_separately,
        )

    def _rate(self, entry: Entry, facts: TaskFacts, customer: Customer) -> Decimal | None:
        if entry.kind is Kind.MATERIAL and not entry.quantity:
            return None
        if entry.bill_rate is not None:
            return entry.bill_rate
        if entry.kind is Kind.MATERIAL:
            return self._material_price(entry, facts, customer)
        return self.books.rates.find(
            Place(customer.code, entry.project, facts.chain, entry.person),
            entry.date,
            company_currency=customer.currency == self.books.company.currency,
        )

    def _material_price(self, entry: Entry, facts: TaskFacts, customer: Customer) -> Decimal | None:
        if customer.currency != self.books.company.currency:
            return None
        item = self.books.items.get(entry.item or "")
        price = item.price_on(entry.date) if item else None
        if price is None and facts.project.material_at_cost:
            return unit_cost(entry)
        return price

    def _tax_code(self, entry: Entry, facts: TaskFacts, customer: Customer) -> str:
        item = self.books.items.get(entry.item or "")
        codes = (
            item.tax_code if item else None,
            facts.tax_code,
            facts.project.tax_code,
            facts.location.tax_code if facts.location else None,
        )
        return next((code for code in codes if code), customer.tax_code)

    def _reason(
        self, entry: Entry, facts: TaskFacts, customer: Customer, rate: Decimal | None
    ) -> tuple[Reason, str] | None:
        """Name the first reason that fits: what can never be billed comes before what may be."""
        return (
            _settled(entry)
            or _kept_off(entry, facts)
            or self._not_in_this_run(entry, facts)
            or self._without_price(entry, customer, rate)
            or _not_billable_yet(facts)
        )

    def _not_in_this_run(self, entry: Entry, facts: TaskFacts) -> tuple[Reason, str] | None:
        cut_off = facts.project.cut_off or self.books.settings.cut_off
        if not within_cut_off(entry.date, self.billing_date, cut_off):
            return Reason.AFTER_CUT_OFF, self.billing_date.isoformat()
        if entry.id in self.claims:
            return Reason.ON_DOCUMENT, self.claims[entry.id]
        if facts.project.pro_forma:
            return Reason.PRO_FORMA_PROJECT, facts.project.code
        return None

    def _without_price(
        self, entry: Entry, customer: Customer, rate: Decimal | None
    ) -> tuple[Reason, str] | None:
        if entry.currency != customer.currency:
            return Reason.OTHER_CURRENCY, entry.currency
        return self._missing(entry, customer) if rate is None else None

    def _missing(self, entry: Entry, customer: Customer) -> tuple[Reason, str]:
        if customer.currency != self.books.company.currency and self._priced_at_home(entry):
            return Reason.NO_RATE_IN_CURRENCY, customer.currency
        if entry.kind is Kind.MATERIAL:
            return Reason.NO_PRICE, _why_no_price(entry)
        return Reason.NO_RATE, ""

    def _priced_at_home(self, entry: Entry) -> bool:
        """Whether a person rate or item price exists, but in the company's currency."""
        if entry.kind is Kind.MATERIAL:
            item = self.books.items.get(entry.item or "")
            return item is not None and item.price_on(entry.date) is not None
        place = Place("", "", (), entry.person)
        return self.books.rates.find(place, entry.date, company_currency=True) is not None


def _why_no_price(entry: Entry) -> str:
    what = entry.item or entry.description or "this material"
    if not entry.quantity:
        return f"{what}: its quantity is 0"
    return what


def unit_cost(entry: Entry) -> Decimal | None:
    """Return the entry's cost per unit (company's currency), six decimals.

    A cost amount that no such price gives back to the last digit has none: it would be billed
    wrongly.
    """
    if entry.unit_cost is not None:
        return entry.unit_cost
    if entry.cost_amount is None or not entry.quantity:
        return None
    price = quantized(entry.cost_amount / entry.quantity, RATE_PLACES)
    places = -int(entry.cost_amount.as_tuple().exponent)
    gives_back = quantized(price * entry.quantity, places) == entry.cost_amount
    return price if gives_back else None


def _amount(entry: Entry, rate: Decimal | None, customer: Customer) -> Decimal | None:
    if rate is None or entry.currency != customer.currency:
        return None
    return rounded(entry.billable_quantity * rate, customer.currency)


def _settled(entry: Entry) -> tuple[Reason, str] | None:
    if entry.billed_elsewhere:
        return Reason.BILLED_ELSEWHERE, entry.billed_elsewhere
    if entry.status is not ApprovalStatus.APPROVED:
        return Reason.NOT_APPROVED, entry.status.value
    return None


def _kept_off(entry: Entry, facts: TaskFacts) -> tuple[Reason, str] | None:
    if facts.billing_type is BillingType.FIXED:
        return Reason.FIXED, ""
    if facts.billing_type is BillingType.OVERHEAD:
        return Reason.OVERHEAD, ""
    return None if entry.billable else (Reason.NON_BILLABLE, "")


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
