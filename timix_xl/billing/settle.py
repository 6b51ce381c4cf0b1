"""Settle: what an issued document held back becomes entries; what it billed of them is reversed."""

from collections.abc import Iterable

from sqlalchemy import Connection

from timix_xl.billing.reconcile import document_reconciles
from timix_xl.domain.entries import EntryState
from timix_xl.domain.invoices import BilledEntry, Document
from timix_xl.domain.money import plain_money, worded
from timix_xl.domain.remainders import (
    Remainder,
    billed_remainders,
    held_back,
    remainders,
    reversal,
    reversal_id,
)
from timix_xl.errors import RemainderSettled
from timix_xl.store import remainders as stored
from timix_xl.store.chained import Actor, log
from timix_xl.store.remainders import RemainderStanding

HOLD, CANCEL = "hold remainder", "cancel remainder"
"""What the audit log calls a remainder that comes, and one that goes."""


def settle(connection: Connection, document_id: int, document: Document, actor: Actor) -> None:
    """Follow the issue of a document, inside its transaction.

    What a line held back becomes an entry of its own, to be billed at face value; against each
    remainder that the document bills stands a reversal of the same amount. Raises
    DoesNotReconcile where a document that was negotiated does not bill what its entries brought.
    """
    if any(line.status for line in document.lines):
        document_reconciles(document)
    held, billed = {one.line for one in held_back(document)}, billed_remainders(document.billed)
    if not held and not billed:
        return
    entries = stored.to_settle(connection, document_id)
    on_held = {one.entry: entries[one.entry] for one in document.billed if one.line in held}
    made = remainders(document, on_held, actor.user)
    stored.save_remainders(connection, document_id, made)
    against = [reversal(entries[one], document) for one in billed]
    stored.save_reversals(connection, document_id, against)
    log(connection, actor, HOLD, [_note(one, document) for one in made])


def _note(made: Remainder, document: Document) -> tuple[str, None, dict[str, str]]:
    amount = plain_money(made.entry.face_amount or document.subtotal, document.currency)
    return f"entry {made.entry.id}", None, {"held_by": document.number, "amount": amount}


def unsettle(connection: Connection, billed: Iterable[BilledEntry]) -> None:
    """Cancel the reversals of remainders that a document no longer bills."""
    stored.cancel(connection, [reversal_id(one) for one in billed_remainders(billed)])


def cancel_remainders(
    connection: Connection, document: Document, document_id: int, *, wanted: str, actor: Actor
) -> None:
    """Cancel all that a document held back; raises RemainderSettled for what has gone on."""
    standings = stored.of_document(connection, document_id)
    for one in standings:
        refuse_settled(document, one, wanted)
    cancel(connection, document.number, standings, actor)


def cancel(
    connection: Connection, number: str, standings: Iterable[RemainderStanding], actor: Actor
) -> None:
    """Cancel remainders: what they were held back from is billable again, whole."""
    ids = [one.entry for one in standings]
    stored.cancel(connection, ids)
    log(connection, actor, CANCEL, [(f"entry {one}", None, {"held_by": number}) for one in ids])


def refuse_settled(document: Document, one: RemainderStanding, wanted: str) -> None:
    """Raise RemainderSettled for a remainder that is billed, claimed or written off."""
    if one.is_unbilled:
        return
    if one.state is EntryState.WRITTEN_OFF:
        why, instead = "was written off", f"Restore {one.entry} first: timix-xl restore."
    elif one.is_billed:
        why, instead = f"is billed on {one.on}", f"Void or credit {one.on} first."
    else:
        why, instead = f"is on {one.on}", f"Delete {one.on} first, or take the line off it."
    raise RemainderSettled(
        number=document.number,
        wanted=wanted,
        remainder=one.entry,
        amount=worded(one.amount, document.currency),
        line=one.line,
        why=why,
        instead=instead,
    )
