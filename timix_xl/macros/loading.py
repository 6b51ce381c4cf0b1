"""Loading: the customers, and one customer's unbilled entries."""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence

import xlwings as xw

from timix_xl.billing.load import Review, customer_codes, load
from timix_xl.billing.survey import survey
from timix_xl.domain.money import worded
from timix_xl.errors import (
    counted,
    some_of,
)
from timix_xl.macros.desk import Desk
from timix_xl.macros.guard import macro
from timix_xl.workbook import (
    billing_sheet,
    checks_sheet,
    entries_sheet,
    frame_orders_sheet,
    left_out_sheet,
    preview_sheet,
)
from timix_xl.workbook.billing_sheet import Loaded
from timix_xl.workbook.refusals import DecisionsUnsaved


@macro
def refresh_customers(book: xw.Book, desk: Desk) -> None:
    """Show every customer with what is unbilled, up to the billing date or today."""
    day = billing_sheet.billing_date(book) or desk.actor.today
    customers = survey(desk.store, day)
    billing_sheet.show_customers(book, customers)
    billing_sheet.say(book, f"{counted(len(customers), 'customer')} listed, up to {day}.")


@macro
def load_unbilled(book: xw.Book, desk: Desk) -> Review:
    """Load the chosen customer's unbilled entries up to the billing date."""
    customer, day = billing_sheet.wanted(book)
    review, dropped = load_into(book, desk, customer, day)
    billing_sheet.say(book, " ".join([_loaded_words(review), *_kept_words(review, dropped)]))
    return review


def _loaded_words(review: Review) -> str:
    amount = worded(review.amount, review.currency)
    return (
        f"Loaded {counted(len(review.rows), 'entry')} of {review.customer.code}"
        f" up to {review.billing_date}: {amount}; {len(review.left_out)} left out."
    )


def _kept_words(review: Review, dropped: Sequence[str]) -> Iterator[str]:
    if any(row.decision for row in review.rows):
        yield "Saved decisions are restored."
    if dropped:
        yield (
            f"What was typed for {counted(len(dropped), 'entry')} is not kept,"
            f" because the facts or the saved decision changed: {some_of(dropped)}."
        )


def load_into(
    book: xw.Book, desk: Desk, customer: str, day: dt.date, *, carry: bool = True
) -> tuple[Review, tuple[str, ...]]:
    """Write a load; also says whose typed decisions were not carried over."""
    review = load(desk.store, customer, day)
    before = billing_sheet.loaded(book)
    same = (before.customer, before.store_id) == (customer, review.store_id)
    if not same:
        _check_saved(book, desk, before)
    read = entries_sheet.rows(book) if same and carry else []
    typed = entries_sheet.carried(read, review)
    entries_sheet.show(book, review, typed)
    left_out_sheet.show(book, review)
    frame_orders_sheet.show(book, review.frame_orders, today=desk.actor.today)
    frame_orders_sheet.offer(book, review, same_customer=same)
    preview_sheet.clear(book)
    checks_sheet.show(book, ())
    at = desk.actor.stamp
    billing_sheet.note_load(book, review, at=at, request=uuid.uuid4().hex)
    billing_sheet.show_customers(book, survey(desk.store, day))
    return review, entries_sheet.dropped(read, review, typed)


def _check_saved(book: xw.Book, desk: Desk, before: Loaded) -> None:
    """Refuse to load another customer over decisions that only this workbook holds."""
    known, day = before.customer in customer_codes(desk.store), before.billing_date
    saved = load(desk.store, before.customer, day).rows if known and day else ()
    unsaved = entries_sheet.unsaved(entries_sheet.rows(book), saved)
    if unsaved:
        count = counted(unsaved, "unsaved decision")
        raise DecisionsUnsaved(where="Entries", customer=before.customer, count=count)
