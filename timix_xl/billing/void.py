"""Void: take an issued invoice back that was never sent; number and document stay."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from timix_xl.billing import once
from timix_xl.billing.find import found
from timix_xl.billing.plan import amount_of
from timix_xl.billing.register import standing
from timix_xl.domain.frame_orders import Overrun
from timix_xl.domain.invoices import DocumentKind, Status
from timix_xl.domain.money import worded
from timix_xl.errors import (
    DateOutOfOrder,
    NotThereYet,
    PaidMustBeCredited,
    ReasonMissing,
    TransitionRefused,
    VoidWouldOverdraw,
)
from timix_xl.store import issuing, life, reading
from timix_xl.store.chained import Actor, log
from timix_xl.store.database import Store
from timix_xl.store.documents import EventKind, StoredDocument


def void(
    store: Store, number: str, reason: str, *, actor: Actor, request: str | None = None
) -> None:
    """Void an issued invoice: its entries become unbilled, its frame order gets its use back.

    Raises UnknownDocument, RegisterOnly, ReasonMissing, TransitionRefused, PaidMustBeCredited,
    NotThereYet (a sent one), DateOutOfOrder (the series is ahead of today), VoidWouldOverdraw,
    RequestReused.
    """
    if not reason.strip():
        raise ReasonMissing(action=f"Voiding {number}")
    with store.writing() as connection:
        document = found(connection, number)
        asked = once.fingerprint(["void", number, reason.strip()])
        if once.done_before(connection, request, asked) is not None:
            return
        _check(document, actor)
        settings = reading.settings(connection)
        last = issuing.last_issue_date(
            connection, document.kind, settings, document.issue_date.year
        )
        if last and last > actor.today:
            raise DateOutOfOrder(
                action="The void",
                number=number,
                date=actor.today,
                why=f"the series has numbers up to {last}",
                instead=f"Void it on {last} or later, so that dates do not run backwards.",
            )
        returns = life.returns_of(connection, document.id)
        _check_orders(connection, number, document.customer, returns)
        event = life.save_event(
            connection,
            document.id,
            EventKind.VOID,
            actor.today,
            actor,
            reason=reason.strip(),
            detail={"returned": returns},
        )
        life.set_status(connection, document.id, Status.VOID)
        life.release(connection, document.id)
        life.give_back(connection, document.id, returns, event=event, date=actor.today)
        once.remember(connection, request, "void", asked)
        log(connection, actor, "void", [(number, "issued", {"void": reason.strip()})])


def _check_orders(
    connection: Connection, number: str, customer: str, returns: Sequence[Mapping[str, Any]]
) -> None:
    """Refuse a void that draws more on a blocked order, as a correction does, than it has left."""
    orders = {one.number: one for one in reading.frame_orders(connection, customer)}
    for row in returns:
        order = orders[row["frame_order"]]
        over = reading.order_number(row["drawn"], order.unit) - order.remaining
        if row["drawn"] > 0 and over > 0 and order.overrun is Overrun.BLOCK:
            text = amount_of(over, order.unit)
            raise VoidWouldOverdraw(number=number, order=order.number, over=text)


def _check(document: StoredDocument, actor: Actor) -> None:
    if document.kind is not DocumentKind.INVOICE or document.status is Status.VOID:
        raise TransitionRefused(
            number=document.number,
            status=document.status.value,
            wanted="voided",
            instead="Only an issued invoice is voided.",
        )
    paid = standing(document, actor.today).paid
    if paid:
        text = worded(paid, document.currency)
        raise PaidMustBeCredited(number=document.number, paid=text)
    if document.status is Status.SENT:
        raise NotThereYet(
            what=f"Voiding {document.number}, which was sent,",
            instead="It takes a credit note, which comes with a later version.",
        )
