"""Release: make an invoice of an open pro forma; correct: a new revision of a released one."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Connection

from timix_xl.billing import once
from timix_xl.billing.closed import first_open_day
from timix_xl.billing.credit import credit_rest
from timix_xl.billing.draft import speaks_against
from timix_xl.billing.find import found as found_document
from timix_xl.billing.limits import limit_faults
from timix_xl.billing.plan import NO_FRAME_ORDER, buyer, default_issue_date
from timix_xl.billing.pro_forma import found, refused, unmoved
from timix_xl.billing.settle import refuse_settled, settle
from timix_xl.domain.books import Books
from timix_xl.domain.credit_notes import without_entries
from timix_xl.domain.frame_orders import FrameOrder
from timix_xl.domain.invoices import (
    Becomes,
    Document,
    DocumentKind,
    DrawDown,
    Line,
    LineStatus,
    Status,
    draft_name,
)
from timix_xl.domain.pro_formas import ProForma, ProFormaState
from timix_xl.domain.totals import tax_lines
from timix_xl.errors import (
    Fault,
    NotCorrectable,
    NothingPrinted,
    ReasonMissing,
    ReleasedTooEarly,
    UnknownFrameOrder,
    refuse_run,
)
from timix_xl.store import crediting, documents, drafts, issuing, life, reading, releasing
from timix_xl.store import pro_formas as kept
from timix_xl.store import remainders as stored
from timix_xl.store.chained import Actor, log
from timix_xl.store.database import Store
from timix_xl.store.documents import StoredDocument

RELEASE, CORRECT = "release pro forma", "correct pro forma"
"""What the audit log calls these steps; their object is the pro forma's number."""


@dataclass(frozen=True, slots=True)
class Released:
    """What a release made; a replayed request says the same.

    `document` is the number of the invoice, or of the credit note where it was below zero, or the
    name of its draft. `note` is the credit note of the invoice that a revision replaces.
    """

    pro_forma: str
    document: str
    note: str | None
    warnings: tuple[Fault, ...]


def release(
    store: Store,
    number: str,
    *,
    frame_order: str | None = None,
    issue: bool = False,
    issue_date: dt.date | None = None,
    version: int | None = None,
    actor: Actor,
    request: str | None = None,
) -> Released:
    """Make a draft invoice of an open pro forma, or issue it, in one transaction; it is closed.

    `version` is the one that somebody looked at. A revision credits what is left of the invoice
    that it corrects, and draws on the same frame order unless one is given. One below zero becomes
    a credit note that corrects no invoice. Raises UnknownProForma, ProFormaMovedOn, ProFormaRefuses, ReleasedTooEarly, NothingPrinted,
    UnknownFrameOrder, RunRefused with every fault, RequestReused, and for a revision what
    `credit_rest` raises.
    """
    asked = once.fingerprint([RELEASE, number, frame_order, issue, issue_date])
    with store.writing() as connection:
        if first := once.done_before(connection, request, asked):
            return _result(first)
        one = found(connection, number)
        unmoved(connection, one, version)
        _check_order(connection, one)
        old, note = _credited(connection, one, actor)
        books = reading.books(connection, one.customer)
        order = _chosen(connection, one, old, frame_order)
        document = _document(one, books, order, _issue_date(connection, one, books, actor))
        if note:
            document = replace(document, description=f"Replaces {note.corrects}")
        document = _dated(document, issue_date, note)
        warnings = _speaks_against(connection, one, document, order, books, issue=issue)
        refuse_run(f"Releasing {number}", warnings)
        made = _made(connection, one, document, books, actor, issue=issue)
        result = {"pro_forma": number, "document": made, "note": note.number if note else None}
        _log(connection, one, result, actor)
        whole = {**result, "warnings": [asdict(one) for one in warnings]}
        once.remember(connection, request, RELEASE, asked, whole)
        return _result(whole)


def _result(result: dict[str, Any]) -> Released:
    warnings = tuple(Fault(**one) for one in result["warnings"])
    return Released(result["pro_forma"], result["document"], result["note"], warnings)


def _check_order(connection: Connection, one: ProForma) -> None:
    """Refuse what is not open, or comes after another; a correction waits for nobody."""
    if one.state is not ProFormaState.OPEN:
        raise refused(one, "released")
    if one.revision > 1 or one.put_back or one.run is None:
        return
    earlier = releasing.unsettled_before(connection, one.project, one.run)
    for first in earlier:
        instead = f"Release it first: timix-xl pro-forma release {first.number}."
        if first.released_to:
            name = f"{first.released_to}, the draft made from {first.number},"
            instead = f"Issue it first: timix-xl invoice issue {first.released_to}."
            raise ReleasedTooEarly(number=one.number, first=name, instead=instead)
        raise ReleasedTooEarly(number=one.number, first=first.number, instead=instead)


def _credited(
    connection: Connection, one: ProForma, actor: Actor
) -> tuple[StoredDocument | None, Document | None]:
    """Credit what is left of the invoice that a revision corrects; returns both."""
    if one.revision == 1:
        return None, None
    before = found(connection, one.number, one.revision - 1)
    old = found_document(connection, str(before.released_to))
    if not _is_left(connection, old):
        return old, None
    reason = releasing.reason_of(connection, one.document_id)
    note = credit_rest(connection, old.number, Becomes.BILL, reason, actor, wanted="corrected")
    return old, note


def _is_left(connection: Connection, invoice: StoredDocument) -> bool:
    """Whether anything of an invoice has not been credited yet."""
    live = invoice.status in {Status.ISSUED, Status.SENT}
    credited = sum(one.total for one in invoice.corrections)
    return live and (
        bool(crediting.still_billed(connection, invoice.id)) or invoice.total + credited != 0
    )


def _chosen(
    connection: Connection, one: ProForma, old: StoredDocument | None, given: str | None
) -> FrameOrder | None:
    """Return the frame order to draw on; that of the invoice before where none is given."""
    wanted = old.frame_order if given is None and old else given
    if wanted in {None, NO_FRAME_ORDER}:
        return None
    orders = reading.frame_orders(connection, one.customer)
    order = next((each for each in orders if each.number == wanted), None)
    if order is None:
        raise UnknownFrameOrder(number=wanted)
    return order


def _issue_date(connection: Connection, one: ProForma, books: Books, actor: Actor) -> dt.date:
    if one.document.total < 0:
        return actor.today
    settings, day = books.settings, max(one.billing_date, first_open_day(connection))
    last = issuing.last_issue_date(connection, DocumentKind.INVOICE, settings, day.year)
    return default_issue_date(day, last)


def _dated(document: Document, given: dt.date | None, note: Document | None) -> Document:
    """Date a document as it is asked, else as the note at the earliest."""
    day = given or max(document.issue_date, note.issue_date if note else dt.date.min)
    due = day + dt.timedelta(days=document.payment_terms_days)
    return replace(document, issue_date=day, due_date=due)


def _document(one: ProForma, books: Books, order: FrameOrder | None, day: dt.date) -> Document:
    """Return what a pro forma invoices: the printed lines first, then those that only settle."""
    negotiated, customer = one.document, books.customers[one.customer]
    lines = sorted(map(_with_print, negotiated.lines), key=lambda line: not line.printed)
    if not lines or not lines[0].printed:
        raise NothingPrinted(number=one.number)
    places = {line.line: at for at, line in enumerate(lines, start=1)}
    is_note = negotiated.total < 0
    document = replace(
        negotiated,
        kind=DocumentKind.CREDIT_NOTE if is_note else DocumentKind.INVOICE,
        number="",
        issue_date=day,
        payment_terms_days=0 if is_note else negotiated.payment_terms_days,
        seller=books.company,
        buyer=buyer(customer, negotiated.location, negotiated.buyer.buyer_reference),
        lines=tuple(replace(line, line=places[line.line]) for line in lines),
        tax=tax_lines(lines, books.tax_codes, negotiated.currency),
        billed=tuple(replace(each, line=places[each.line]) for each in negotiated.billed),
    )
    return _drawing(document, order)


def _with_print(line: Line) -> Line:
    """Print no line of which nothing is invoiced: it only settles what is held or written off."""
    leaves_out = line.status not in {None, LineStatus.BILL}
    nothing = not line.quantity and not line.amount
    return replace(line, printed=line.printed and not (leaves_out and nothing))


def _drawing(document: Document, order: FrameOrder | None) -> Document:
    """Draw the printed hours, or the net amount."""
    if order is None:
        return document
    drawn, left = document.hours if order.in_hours else document.subtotal, order.remaining
    draw = DrawDown(
        frame_order=order.number,
        unit=order.unit,
        before=left,
        drawn=drawn,
        after=left - drawn,
        title=order.title,
        po_number=order.po_number,
    )
    return replace(document, draw_down=draw, po_number=document.po_number or order.po_number)


def _speaks_against(
    connection: Connection,
    one: ProForma,
    document: Document,
    order: FrameOrder | None,
    books: Books,
    *,
    issue: bool,
) -> list[Fault]:
    """Check what a draft is checked for as well; the limits hold when it is issued."""
    against = speaks_against(connection, document, order, books)
    if issue:
        against += limit_faults(connection, [document], books, leaving_out={one.document_id})
    return against


def _made(
    connection: Connection,
    one: ProForma,
    document: Document,
    books: Books,
    actor: Actor,
    *,
    issue: bool,
) -> str:
    """Write the document, move the claims to it, and close the pro forma; returns its name."""
    (number,) = drafts.save_drafts(connection, [document], None, actor, draws=issue, claiming=False)
    life.release(connection, one.document_id)
    state = ProFormaState.CLOSED
    kept.set_state(connection, one.document_id, state, released_to=number)
    drafts.claim(connection, number, [billed.entry for billed in document.billed])
    if not issue:
        issuing.keep_draft(connection, number, document)
        return draft_name(number)
    issued = issuing.issue_draft(connection, number, document, books.settings, actor)
    settle(connection, number, issued, actor)
    after = {"customer": issued.customer, "total": issued.total, "pro_forma": one.number}
    log(connection, actor, "issue", [(issued.number, None, after)])
    return issued.number


def _log(connection: Connection, one: ProForma, result: dict[str, Any], actor: Actor) -> None:
    after = {"state": ProFormaState.CLOSED, "revision": one.revision}
    after |= {name: result[name] for name in ("document", "note") if result[name]}
    log(connection, actor, RELEASE, [(one.number, {"state": one.state}, after)])


def correct_pro_forma(
    store: Store, number: str, reason: str, *, actor: Actor, request: str | None = None
) -> ProForma:
    """Make a new revision, On Hold, of a pro forma whose invoice is issued; returns it.

    Its lines are copied, without the entries that were credited away. Until it is released it
    rests on the claims of that invoice. Raises ReasonMissing, UnknownProForma, NotCorrectable,
    RemainderSettled, RequestReused.
    """
    if not reason.strip():
        raise ReasonMissing(action=f"Correcting {number}")
    asked = once.fingerprint([CORRECT, number, reason.strip()])
    with store.writing() as connection:
        first = once.done_before(connection, request, asked)
        if first is None:
            made = _revised(connection, number, reason.strip(), actor)
            first = {"revision": made.revision}
            once.remember(connection, request, CORRECT, asked, first)
        return found(connection, number, first["revision"])


def _revised(connection: Connection, number: str, reason: str, actor: Actor) -> ProForma:
    one = found(connection, number)
    invoice = _correctable(connection, one)
    printed = documents.printed(connection, [invoice.id])[invoice.id]
    for standing in stored.of_document(connection, invoice.id):
        refuse_settled(printed, standing, "corrected")
    billed = set(crediting.still_billed(connection, invoice.id))
    gone = {each.entry for each in one.document.billed} - billed
    made = kept.save_revision(connection, one, without_entries(one.document, gone), actor)
    releasing.keep_reason(connection, made.document_id, reason)
    after = {"revision": made.revision, "corrects": invoice.number, "reason": reason}
    log(connection, actor, CORRECT, [(number, {"revision": one.revision}, after)])
    return made


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
    elif not _is_left(connection, made):
        yield (
            f"nothing is left of {made.number}",
            "Bill its entries again: timix-xl bill.",
        )
