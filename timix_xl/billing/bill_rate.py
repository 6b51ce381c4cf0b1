"""Bill rate: at what an hour of a person on a task would be billed on a day."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection

from timix_xl.domain.books import Books
from timix_xl.domain.charges import Charge
from timix_xl.domain.default_rule import default_charge
from timix_xl.domain.entries import ApprovalStatus, BillingType, Entry, Kind
from timix_xl.domain.rule_pricing import RulePricing
from timix_xl.store import reading


@dataclass(frozen=True, slots=True)
class RateCard:
    """The rates of a store, ready to be looked up."""

    books: Books
    rules: RulePricing


def rate_card(connection: Connection) -> RateCard:
    """Return the rates of all customers."""
    books = reading.books(connection)
    return RateCard(books, RulePricing(books))


def bill_rate(card: RateCard, project: str, task: str, person: str, day: dt.date) -> Decimal | None:
    """Return the unit price of one hour of labour, in the customer's currency; None without one.

    By the billing rule of the task where it has one, else the nearest bill rate. Without a task it
    is that of the project's own code; without a person, the rates of persons play no part. None
    also where there is no such project, task or person, and where a fee or nothing is billed.
    """
    books, task = card.books, task or project
    if (project, task) not in books.tasks or (person and person not in books.people):
        return None
    facts = books.facts(project, task)
    if facts.billing_type is not BillingType.TM:
        return None
    customer = books.customers[facts.project.customer]
    hour = _hour(project, task, person, day, customer.currency)
    if facts.billing_rule is None:
        charge = default_charge(hour, facts, customer, books)
    else:
        active = card.rules.step(hour, facts)
        if active is None:
            return None
        charge = card.rules.charge(hour, facts, active)
    return charge.rate if isinstance(charge, Charge) else None


def _hour(project: str, task: str, person: str, day: dt.date, currency: str) -> Entry:
    return Entry(
        id="",
        date=day,
        project=project,
        task=task,
        kind=Kind.TIME,
        quantity=Decimal(1),
        billable_quantity=Decimal(1),
        unit="h",
        currency=currency,
        account_group="LABOR",
        person=person or None,
        description="",
        status=ApprovalStatus.APPROVED,
    )
