"""Void: take an issued invoice back; number and document stay. A sent one is credited in full."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from timix_xl.billing import once
from timix_xl.billing.closed import refuse_closed
from timix_xl.billing.credit import credit_rest
from timix_xl.billing.find import found
from timix_xl.billing.plan import amount_of
from timix_xl.billing.put_back import put_back, refuse_revised
from timix_xl.billing.register import Standing, standing
from timix_xl.billing.settle import cancel_remainders, unsettle
from timix_xl.domain.frame_orders import Overrun
from timix_xl.domain.invoices import Becomes, DocumentKind, Status
from timix_xl.domain.money import worded
from timix_xl.errors import (
    DateOutOfOrder,
    NotAsConfirmed,
    PaidMustBeCredited,
    ReasonMissing,
    TransitionRefused,
    VoidWouldOverdraw,
    WrittenOffBefore,
)
from timix_xl.store import crediting, documents, issuing, life, reading
from timix_xl.store.chained import Actor, log
from timix_xl.store.database import Store
from timix_xl.store.documents import EventKind, StoredDocument


def void(
    store: Store,
    number: str,
    reason: str,
    *,
    actor: Actor,
    request: str | None = None,
    agreed: Callable[[Standing], bool] | None = None,
) -> None:
    """Void an invoice: its entries become unbilled, its frame order gets its use back.

    Where the customer may hold it (it was sent, or credited in part before), a credit note for
    everything that is left does so, in the same transaction. A pro forma that it was made from is
    On Hold again, and what it held back is cancelled. `agreed` says whether the invoice stands as
    a person saw it when they confirmed. Raises UnknownDocument, RegisterOnly, ReasonMissing,
    TransitionRefused, PaidMustBeCredited, WrittenOffBefore, NotAsConfirmed, DateOutOfOrder (the
    series is ahead of today), PeriodClosed, VoidWouldOverdraw, RemainderSettled, RevisionRests,
    RequestReused, and what `credit_rest` raises.
    """
    if not reason.strip():
        raise ReasonMissing(action=f"Voiding {number}")
    with store.writing() as connection:
        document = found(connection, number)
        asked = once.fingerprint(["void", number, reason.strip()])
        if once.done_before(connection, request, asked) is not None:
            return
        _check(document, actor)
        refuse_revised(connection, document.id, number, "voided")
        if agreed and not agreed(standing(document, actor.today)):
            raise NotAsConfirmed(what=f"Voiding {number}")
        billed = crediting.still_billed(connection, document.id)
        by_note = document.status is Status.SENT or document.corrections
        take_back = _credit if by_note else _undo
        take_back(connection, document, reason.strip(), actor)
        put_back(connection, document.id, billed, actor)
        once.remember(connection, request, "void", asked)


def _check(document: StoredDocument, actor: Actor) -> None:
    number = document.number
    if document.kind is not DocumentKind.INVOICE or document.status in {Status.VOID, Status.DRAFT}:
        is_note = document.kind is DocumentKind.CREDIT_NOTE
        raise TransitionRefused(
            number=number,
            status="a credit note" if is_note else document.status.value,
            wanted="voided",
            instead="Only an issued invoice is voided.",
        )
    stands = standing(document, actor.today)
    if paid := stands.paid - stands.refunded:
        raise PaidMustBeCredited(number=number, paid=worded(paid, document.currency))
    if stands.written_off:
        text = worded(stands.written_off, document.currency)
        raise WrittenOffBefore(number=number, amount=text)


def _credit(connection: Connection, document: StoredDocument, reason: str, actor: Actor) -> None:
    """Let a credit note give back entries, hours and money; the status only marks the invoice."""
    note = credit_rest(connection, document.number, Becomes.BILL, reason, actor, wanted="voided")
    detail = {"credit_note": note.number}
    _mark(connection, document, reason, actor, detail)
    whole = documents.printed(connection, [document.id])[document.id]
    cancel_remainders(connection, whole, document.id, wanted="voided", actor=actor)


def _undo(connection: Connection, document: StoredDocument, reason: str, actor: Actor) -> None:
    """Take back an invoice that nobody holds."""
    _check_date(connection, document, actor)
    returns = life.returns_of(connection, document.id)
    _check_orders(connection, document, returns)
    whole = documents.printed(connection, [document.id])[document.id]
    cancel_remainders(connection, whole, document.id, wanted="voided", actor=actor)
    unsettle(connection, whole.billed)
    event = _mark(connection, document, reason, actor, {"returned": returns})
    life.release(connection, document.id)
    life.give_back(connection, document.id, returns, event=event, date=actor.today)


def _mark(
    connection: Connection,
    document: StoredDocument,
    reason: str,
    actor: Actor,
    detail: Mapping[str, Any],
) -> int:
    event = life.save_event(
        connection,
        document.id,
        EventKind.VOID,
        actor.today,
        actor,
        reason=reason,
        detail=detail,
    )
    life.set_status(connection, document.id, Status.VOID)
    log(connection, actor, "void", [(document.number, document.status.value, {"void": reason})])
    return event


def _check_date(connection: Connection, document: StoredDocument, actor: Actor) -> None:
    refuse_closed(connection, actor.today, f"The void of {document.number}")
    settings, year = reading.settings(connection), document.issue_date.year
    last = issuing.last_issue_date(connection, document.kind, settings, year)
    if last and last > actor.today:
        raise DateOutOfOrder(
            action="The void",
            number=document.number,
            date=actor.today,
            why=f"the series has numbers up to {last}",
            instead=f"Void it on {last} or later, so that dates do not run backwards.",
        )


def _check_orders(
    connection: Connection, document: StoredDocument, returns: Sequence[Mapping[str, Any]]
) -> None:
    """Refuse a void that draws more on a blocked order, as a correction does, than it has left."""
    orders = {one.number: one for one in reading.frame_orders(connection, document.customer)}
    for row in returns:
        order = orders[row["frame_order"]]
        over = reading.order_number(row["drawn"], order.unit) - order.remaining
        if row["drawn"] > 0 and over > 0 and order.overrun is Overrun.BLOCK:
            text = amount_of(over, order.unit)
            raise VoidWouldOverdraw(number=document.number, order=order.number, over=text)
