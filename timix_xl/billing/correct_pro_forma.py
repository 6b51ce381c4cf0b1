"""Correct a pro forma: a new revision of a released one, to replace the invoice made from it."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from sqlalchemy import Connection

from timix_xl.billing import once
from timix_xl.billing.find import found as found_document
from timix_xl.billing.pro_forma import found, unmoved
from timix_xl.billing.settle import refuse_settled
from timix_xl.domain import faults
from timix_xl.domain.credit_notes import without_entries, without_entry
from timix_xl.domain.invoices import DocumentKind, Status
from timix_xl.domain.money import worded
from timix_xl.domain.pro_formas import ProForma
from timix_xl.errors import Fault, NotCorrectable, ReasonMissing
from timix_xl.store import crediting, documents, releasing
from timix_xl.store import pro_formas as kept
from timix_xl.store import remainders as stored
from timix_xl.store.chained import Actor, log
from timix_xl.store.database import Store
from timix_xl.store.documents import StoredDocument

CORRECT = "correct pro forma"
"""What the audit log calls this step; its object is the pro forma's number."""


@dataclass(frozen=True, slots=True)
class Revised:
    """A new revision of a pro forma, and what there is to know about it."""

    pro_forma: ProForma
    warnings: tuple[Fault, ...]


def correct_pro_forma(
    store: Store,
    number: str,
    reason: str,
    *,
    version: int | None = None,
    actor: Actor,
    request: str | None = None,
) -> Revised:
    """Make a new revision, On Hold, of a pro forma whose invoice is issued; returns it.

    Its lines are copied, without the entries that were credited away; goodwill is not copied, and
    named as a warning. Until it is released it rests on the claims of that invoice. `version` is
    the one that somebody looked at. Raises ReasonMissing, UnknownProForma, ProFormaMovedOn,
    NotCorrectable, RemainderSettled, RequestReused.
    """
    if not reason.strip():
        raise ReasonMissing(action=f"Correcting {number}")
    asked = once.fingerprint([CORRECT, number, reason.strip(), version])
    with store.writing() as connection:
        first = once.done_before(connection, request, asked)
        if first is None:
            one = found(connection, number)
            unmoved(connection, one, version)
            made = _revised(connection, one, reason.strip(), actor)
            warnings = [asdict(each) for each in made.warnings]
            first = {"revision": made.pro_forma.revision, "warnings": warnings}
            once.remember(connection, request, CORRECT, asked, first)
        warnings = first.get("warnings", [])
        return Revised(
            found(connection, number, first["revision"]),
            tuple(Fault(**each) for each in warnings),
        )


def _revised(connection: Connection, one: ProForma, reason: str, actor: Actor) -> Revised:
    invoice = _correctable(connection, one)
    printed = documents.printed(connection, [invoice.id])[invoice.id]
    for standing in stored.of_document(connection, invoice.id):
        refuse_settled(printed, standing, "corrected")
    billed = set(crediting.still_billed(connection, invoice.id))
    gone = {each.entry for each in one.document.billed} - billed
    made = kept.save_revision(connection, one, without_entries(one.document, gone), actor)
    releasing.keep_reason(connection, made.document_id, reason)
    after = {"revision": made.revision, "corrects": invoice.number, "reason": reason}
    log(connection, actor, CORRECT, [(one.number, {"revision": one.revision}, after)])
    return Revised(made, tuple(goodwill_faults(connection, invoice)))


def _correctable(connection: Connection, one: ProForma) -> StoredDocument:
    """Return the invoice that a new revision would replace; raises NotCorrectable."""
    if one.released_to is None:
        state = one.state.value.replace("_", " ")
        instead = "Edit it, or delete it."
        raise NotCorrectable(number=one.number, why=f"it is {state}", instead=instead)
    made = found_document(connection, one.released_to)
    for why, instead in _speaks_against_correcting(connection, one, made):
        raise NotCorrectable(number=one.number, why=why, instead=instead)
    return made


def _speaks_against_correcting(
    connection: Connection, one: ProForma, made: StoredDocument
) -> Iterator[tuple[str, str]]:
    if made.status is Status.DRAFT:
        yield (
            f"its {made.number} is not issued",
            f"Delete that draft: {one.number} is on hold again then.",
        )
    elif made.kind is DocumentKind.CREDIT_NOTE:
        yield (
            f"it was released into the credit note {made.number}",
            "Make a new pro forma of what that note took too much.",
        )
    elif not is_left(connection, made):
        yield (
            f"nothing is left of {made.number}",
            "Bill its entries again: timix-xl bill.",
        )


def is_left(connection: Connection, invoice: StoredDocument) -> bool:
    """Whether anything of an invoice has not been credited yet."""
    live = invoice.status in {Status.ISSUED, Status.SENT}
    credited = sum(one.total for one in invoice.corrections)
    return live and (
        bool(crediting.still_billed(connection, invoice.id)) or invoice.total + credited != 0
    )


def goodwill_faults(connection: Connection, invoice: StoredDocument) -> Iterator[Fault]:
    """Warn of money credited so far that the invoice in place of this one would bill again."""
    if amount := without_entry(crediting.notes_of(connection, invoice.id)):
        yield faults.GOODWILL_NOT_KEPT.at(
            invoice.number, amount=worded(amount, invoice.currency), invoice=invoice.number
        )
