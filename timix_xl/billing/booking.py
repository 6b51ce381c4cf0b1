"""Booking: money that moves on an invoice, and what every such booking must fit."""

import datetime as dt
from collections.abc import Callable
from dataclasses import astuple, dataclass, replace
from decimal import Decimal

from sqlalchemy import Connection

from timix_xl.billing import once
from timix_xl.billing.closed import refuse_closed
from timix_xl.billing.find import found
from timix_xl.billing.register import Standing, standing
from timix_xl.domain.invoices import DocumentKind, Status
from timix_xl.domain.money import (
    MOST,
    ZERO,
    an_amount,
    in_minor,
    minor_digits,
    plain,
    plain_money,
    rounded,
    worded,
)
from timix_xl.errors import DateOutOfOrder, NotAsConfirmed, PaymentRefused
from timix_xl.store import life
from timix_xl.store.chained import Actor, log
from timix_xl.store.database import Store
from timix_xl.store.documents import EventKind, StoredDocument

NAMES = {
    EventKind.PAID: "a payment",
    EventKind.UNPAID: "a payment taken back",
    EventKind.REFUNDED: "a refund",
    EventKind.WRITTEN_OFF: "a write-off",
    EventKind.REINSTATED: "a reinstatement",
}


@dataclass(frozen=True, slots=True)
class Booking:
    """Money that moves; `amount` in the document's currency."""

    kind: EventKind
    amount: Decimal
    date: dt.date
    reference: str = ""
    reason: str = ""
    offset: str = ""
    """The other invoice, where money is moved between two."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How much there is to move: a figure of the register, and the words for it."""

    figure: Callable[[Standing], Decimal]
    words: str
    otherwise: str = "See what was booked: timix-xl invoices."
    """What to do where there is nothing."""

    def on(self, document: StoredDocument, date: dt.date) -> Decimal:
        """Return what there is on every day from a date on; never below zero.

        What is booked for a day in the past must fit every day since.
        """
        happened = {one.date for one in document.events} | {
            one.date for one in document.corrections
        }
        days = {date} | {day for day in happened if day > date}
        least = min(self.figure(standing(document, day, as_of=day)) for day in days)
        return max(least, ZERO)

    def check(self, document: StoredDocument, booking: Booking) -> None:
        """Refuse more than there is."""
        most = self.on(document, booking.date)
        if not most or booking.amount > most:
            text = worded(most, document.currency)
            why = f"{f'only {text}' if most else 'nothing'} {self.words} by {booking.date}"
            instead = f"Please give at most {text}." if most else self.otherwise
            raise refused(document, booking, why, instead)


PAID = Limit(
    lambda one: one.paid - one.refunded - one.set_off,
    "was paid",
    "What came by an offset is taken back with: timix-xl invoice offset --undo.",
)
OUTSTANDING = Limit(lambda one: one.outstanding, "is outstanding")
OWED = Limit(lambda one: -one.outstanding, "is owed to the customer")
WRITTEN_OFF = Limit(lambda one: one.written_off, "is written off")


def carry_out(
    store: Store,
    number: str,
    booking: Booking,
    *,
    given: dt.date | None,
    actor: Actor,
    request: str | None,
    limit: Limit | None = None,
    whole: bool = False,
    agreed: Callable[[Standing, Decimal], bool] | None = None,
) -> None:
    """Book money on one document, in a transaction of its own, once per request.

    `given` is the date as it was asked for: without one, a retry on another day is the same
    request. `whole` books as much as the limit lets. `agreed` says whether the document, as it
    stands, and the amount are what a person confirmed.
    """
    with store.writing() as connection:
        document = found(connection, number)
        asked_for = replace(booking, date=given or dt.date.min)
        asked = once.fingerprint([number, *astuple(asked_for), *["whole"] * whole])
        if once.done_before(connection, request, asked) is not None:
            return
        if limit and whole:
            booking = replace(booking, amount=limit.on(document, booking.date))
            limit.check(document, booking)
        check(connection, document, booking, actor)
        if limit:
            limit.check(document, booking)
        if agreed and not agreed(standing(document, actor.today), booking.amount):
            raise NotAsConfirmed(what=f"Booking {NAMES[booking.kind]} on {number}")
        book(connection, document, booking, actor)
        once.remember(connection, request, booking.kind.value, asked)


def check(connection: Connection, document: StoredDocument, booking: Booking, actor: Actor) -> None:
    """Refuse what no booking may be: of another document, not above zero, out of order."""
    amount, date, what = booking.amount, booking.date, NAMES[booking.kind]
    # A credit note that corrects no invoice has an outstanding amount of its own.
    is_note = document.kind is DocumentKind.CREDIT_NOTE and document.corrects is not None
    if is_note or document.status not in {Status.ISSUED, Status.SENT}:
        why = "it is a credit note" if is_note else f"it is {document.status.value}"
        raise refused(document, booking, why, f"Only an issued or sent invoice takes {what}.")
    digits = minor_digits(document.currency)
    if not 0 < amount < MOST or amount != rounded(amount, document.currency):
        why = f"{what} is above zero and below a trillion, with at most {digits} decimals"
        raise refused(
            document, booking, why, f"Please write it like {an_amount(document.currency)}."
        )
    if not document.issue_date <= date <= max(actor.today, document.issue_date):
        early = date < document.issue_date
        last = max(actor.today, document.issue_date)
        raise DateOutOfOrder(
            action=what.capitalize(),
            number=document.number,
            date=date,
            why="that is before it was issued" if early else "that day has not come yet",
            instead=f"Please give a date from {document.issue_date} to {last}.",
        )
    refuse_closed(connection, date, f"{what.capitalize()} of {document.number}")
    if booking.kind is EventKind.PAID:
        _check_written_off(document, booking, actor)


def _check_written_off(document: StoredDocument, booking: Booking, actor: Actor) -> None:
    """Refuse a payment of what nobody waits for any more: it would be owed to the customer."""
    now = standing(document, actor.today)
    if now.written_off and booking.amount > now.outstanding:
        why = f"{worded(now.written_off, document.currency)} of it is written off"
        instead = f"Wait for it again first: timix-xl invoice reinstate {document.number}."
        raise refused(document, booking, why, instead)


def refused(document: StoredDocument, booking: Booking, why: str, instead: str) -> PaymentRefused:
    """Word why a booking is not taken."""
    amount, currency = booking.amount, document.currency
    # What has more decimals than its currency is told as it was given.
    fits = abs(amount) < MOST and amount == rounded(amount, currency)
    text = worded(amount, currency) if fits else f"{plain(amount)} {currency}"
    return PaymentRefused(amount=text, number=document.number, why=why, instead=instead)


def book(connection: Connection, document: StoredDocument, booking: Booking, actor: Actor) -> None:
    """Append the event, and note it in the audit log."""
    life.save_event(
        connection,
        document.id,
        booking.kind,
        booking.date,
        actor,
        amount=in_minor(booking.amount, document.currency),
        reference=booking.reference,
        reason=booking.reason,
        detail={"offset": booking.offset} if booking.offset else None,
    )
    after = {
        "amount": plain_money(booking.amount, document.currency),
        "currency": document.currency,
        "date": booking.date,
        "reference": booking.reference,
    }
    if booking.reason:
        after["reason"] = booking.reason
    log(connection, actor, booking.kind.value.replace("_", " "), [(document.number, None, after)])
