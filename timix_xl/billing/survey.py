"""Survey: what can be billed, by customer, those with nothing to bill at the bottom."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from timix_xl.billing.load import Review, load_all
from timix_xl.domain.periods import next_billing_date
from timix_xl.domain.projects import BILLABLE_PROJECT
from timix_xl.store.database import Store


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer with what is unbilled; the amount is in its currency."""

    code: str
    name: str
    hours: Decimal
    amount: Decimal
    currency: str
    oldest: dt.date | None
    next_billing_date: dt.date | None
    due: bool
    open_orders: int


def survey(store: Store, billing_date: dt.date) -> list[CustomerRow]:
    """Return every customer; due means that the next billing date has come."""
    rows = [_row(review) for review in load_all(store, billing_date)]
    return sorted(rows, key=lambda row: (row.oldest is None, row.code))


def _row(review: Review) -> CustomerRow:
    customer = review.customer
    dates = [
        next_billing_date(project.billing_period, project.start_date, project.last_billing_date)
        for project in review.books.projects.values()
        if project.customer == customer.code and project.status in BILLABLE_PROJECT
    ]
    coming = min((day for day in dates if day), default=None)
    return CustomerRow(
        code=customer.code,
        name=customer.name,
        hours=review.hours,
        amount=review.amount,
        currency=review.currency,
        oldest=min((row.entry.date for row in review.rows), default=None),
        next_billing_date=coming,
        due=coming is not None and coming <= review.billing_date,
        open_orders=len(review.open_orders),
    )
