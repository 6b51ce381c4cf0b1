"""Pricing by billing rule: the step of an entry, its rate and price, the values of its formulas."""

from dataclasses import dataclass, replace
from decimal import Decimal

from timix_xl.domain.billing_rules import NoRate, Step
from timix_xl.domain.books import Books, TaskFacts
from timix_xl.domain.charges import Charge, Lack, NoCharge
from timix_xl.domain.costs import cost_amount
from timix_xl.domain.entries import Entry
from timix_xl.domain.formulas.compiling import Formula, compiled
from timix_xl.domain.formulas.facts import Facts
from timix_xl.domain.formulas.refusals import CannotEvaluate, FormulaError
from timix_xl.domain.formulas.values import Type
from timix_xl.domain.limits import Limit
from timix_xl.domain.money import MOST, QUANTITY_PLACES, ZERO, quantized, unit_price
from timix_xl.domain.rate_tables import RatePlace, RateTable
from timix_xl.errors import FormulaBroken

EXACT_PLACES = 12
"""What amounts are calculated to: a third of three thirds is whole again before it is rounded."""
FORMULAS = {
    "quantity": Type.NUMBER,
    "amount": Type.NUMBER,
    "line_description": Type.TEXT,
    "invoice_description": Type.TEXT,
}
"""The formulas of a step, and what each gives; texts may be left empty."""

_ONE = Decimal(1)
_INSTEAD = {NoRate.ONE: _ONE, NoRate.ZERO: ZERO}


@dataclass(frozen=True, slots=True)
class ActiveStep:
    """A step with its formulas compiled."""

    rule: str
    step: Step
    quantity: Formula
    amount: Formula
    description: Formula | None
    invoice_description: Formula | None
    uses_rate: bool
    uses_price: bool

    @property
    def name(self) -> str:
        """Name the step in a message."""
        return f"step {self.step.step} of billing rule {self.rule}"


class RulePricing:
    """The billing rules of some books, made ready once for all entries of a run."""

    def __init__(self, books: Books, *, for_engine: bool = False) -> None:
        self._books = books
        self._for_engine = for_engine
        self._steps: dict[tuple[str, str], ActiveStep | None] = {}
        self._budgets: dict[tuple[str, str, str], Limit | None] = {}

    def step(self, entry: Entry, facts: TaskFacts) -> ActiveStep | None:
        """Return the first active step for the entry's account group, if its rule has one."""
        if facts.billing_rule is None:
            return None
        key = (facts.billing_rule, entry.account_group)
        if key not in self._steps:
            self._steps[key] = self._activated(*key)
        return self._steps[key]

    def charge(self, entry: Entry, facts: TaskFacts, active: ActiveStep) -> Charge | NoCharge:
        """Evaluate the step's formulas for an entry; what it looks up for them has to be there."""
        rate = self._rate(entry, facts, active) if active.uses_rate else None
        if isinstance(rate, NoCharge):
            return rate
        price = self._price(entry, active) if active.uses_price else None
        if isinstance(price, NoCharge):
            return price
        return self._evaluated(active, self._facts(entry, facts, rate, price))

    def information(self, entry: Entry, facts: TaskFacts, active: ActiveStep) -> Charge | NoCharge:
        """Evaluate the texts only: quantity and amount are 0, and so is a rate that is missing."""
        rate = self._rate(entry, facts, active) if active.uses_rate else None
        price = self._price(entry, active) if active.uses_price else None
        found = (ZERO if isinstance(one, NoCharge) else one for one in (rate, price))
        return self._described(active, self._facts(entry, facts, *found), ZERO, ZERO)

    def _activated(self, code: str, account_group: str) -> ActiveStep | None:
        rule = self._books.billing_rules.get(code)
        step = rule.step_for(account_group) if rule else None
        return activated(code, step) if step else None

    def _rate(self, entry: Entry, facts: TaskFacts, active: ActiveStep) -> Decimal | NoCharge:
        """Return what @Rate stands for; the step says what to do where nothing is found."""
        step = active.step
        table = self._books.rate_tables.get((facts.rate_table or "", step.rate_type or ""))
        rate = table.find(_place(entry, facts), entry.date) if table else None
        rate = _INSTEAD.get(step.no_rate) if rate is None else rate
        if rate is not None:
            return rate
        why = f"{_why_no_rate(entry, facts, active, table)} ({active.name})"
        return NoCharge(Lack.RATE, why, stops=step.no_rate is NoRate.ERROR)

    def _price(self, entry: Entry, active: ActiveStep) -> Decimal | NoCharge:
        """Return what @Price stands for: it is in the company's currency."""
        item = self._books.items.get(entry.item or "")
        price = item.price_on(entry.date) if item else None
        if price is None:
            what = entry.item or "an entry without an item"
            return NoCharge(Lack.PRICE, f"{what} ({active.name})")
        if entry.currency != self._books.company.currency:
            return NoCharge(Lack.CURRENCY, entry.currency)
        return price

    def _facts(
        self, entry: Entry, facts: TaskFacts, rate: Decimal | None, price: Decimal | None
    ) -> Facts:
        books = self._books
        person = books.people.get(entry.person) if entry.person else None
        if entry.currency != books.company.currency:
            # There are no exchange rates: what is known in the company's currency bills nobody.
            entry = replace(entry, unit_cost=None, cost_amount=None)
            person = replace(person, bill_rate=None, cost_rate=None) if person else None
        return Facts(
            entry=entry,
            task=facts.task,
            project=facts.project,
            customer=books.customers[facts.project.customer],
            person=person,
            item=books.items.get(entry.item) if entry.item else None,
            vendor=books.vendors.get(entry.vendor) if entry.vendor else None,
            account_group=books.account_groups.get(entry.account_group),
            budget=self._budget(entry),
            rate=rate,
            price=price,
            cost=cost_amount(entry, person, books.company.currency),
            location=facts.location.code if facts.location else None,
        )

    def _budget(self, entry: Entry) -> Limit | None:
        """Return the narrowest limit that covers an entry; a task is narrower than a group."""
        key = (entry.project, entry.task, entry.account_group)
        if key not in self._budgets:
            covering = [limit for limit in self._books.limits if limit.covers(*key)]
            self._budgets[key] = max(covering, key=_narrowness, default=None)
        return self._budgets[key]

    def _evaluated(self, active: ActiveStep, facts: Facts) -> Charge | NoCharge:
        quantity = _number(active.quantity, facts, QUANTITY_PLACES)
        if isinstance(quantity, str):
            return _no_value(quantity, "quantity formula", active)
        exact = _number(active.amount, facts, EXACT_PLACES)
        if isinstance(exact, str):
            return _no_value(exact, "amount formula", active)
        if quantity and abs(exact) >= MOST * abs(quantity):
            return _no_value(f"the unit price is {MOST:,f} or more", "amount formula", active)
        return self._described(active, facts, quantity, exact)

    def _described(
        self, active: ActiveStep, facts: Facts, quantity: Decimal, exact: Decimal
    ) -> Charge | NoCharge:
        invoice = active.invoice_description if self._for_engine else None
        try:
            return Charge(
                quantity=quantity,
                rate=unit_price(exact, quantity),
                exact=exact,
                step=active.step,
                rule=active.rule,
                description=active.description.words(facts) if active.description else "",
                invoice_description=invoice.words(facts) if invoice else "",
            )
        except CannotEvaluate as lacking:
            return _no_value(lacking.why, "description formulas", active)


def activated(rule: str, step: Step) -> ActiveStep:
    """Compile the formulas of a step; raises FormulaBroken."""
    quantity, amount = _compiled(rule, step, "quantity"), _compiled(rule, step, "amount")
    line, invoice = (
        _compiled(rule, step, name) if getattr(step, name) else None
        for name in ("line_description", "invoice_description")
    )
    formulas = [formula for formula in (quantity, amount, line, invoice) if formula]
    return ActiveStep(
        rule=rule,
        step=step,
        quantity=quantity,
        amount=amount,
        description=line,
        invoice_description=invoice,
        uses_rate=any(formula.uses_rate for formula in formulas),
        uses_price=any(formula.uses_price for formula in formulas),
    )


def _compiled(rule: str, step: Step, name: str) -> Formula:
    """Compile what an import has checked: a store can have been changed by hand since."""
    try:
        return compiled(getattr(step, name), FORMULAS[name])
    except FormulaError as broken:
        raise FormulaBroken(
            formula=name.replace("_", " "),
            step=step.step,
            rule=rule,
            why=broken.message.removesuffix("."),
            position=broken.position,
        ) from broken


def _place(entry: Entry, facts: TaskFacts) -> RatePlace:
    return RatePlace(entry.project, facts.chain, entry.account_group, entry.item, entry.person)


def _why_no_rate(
    entry: Entry, facts: TaskFacts, active: ActiveStep, table: RateTable | None
) -> str:
    code, rate_type = facts.rate_table, active.step.rate_type
    if code is None:
        return f"neither task {entry.task} nor project {entry.project} has a rate table"
    if rate_type is None:
        return "no rate type is set"
    if table is None:
        return f"rate table {code} has no rates of type {rate_type}"
    return f"rate table {code} has none of type {rate_type} on {entry.date}"


def _narrowness(limit: Limit) -> tuple[bool, bool]:
    return (limit.task is not None, limit.account_group is not None)


def _number(formula: Formula, facts: Facts, places: int) -> Decimal | str:
    """Calculate a number, or say why there is none."""
    try:
        number = formula.number(facts)
    except CannotEvaluate as lacking:
        return lacking.why
    return quantized(number, places) if abs(number) < MOST else f"the result is {MOST:,f} or more"


def _no_value(why: str, where: str, active: ActiveStep) -> NoCharge:
    return NoCharge(Lack.VALUE, f"{why}, in the {where} of {active.name}", stops=True)
