"""Release: make an invoice of an open pro forma; a revision also credits the one before."""

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Connection

from timix_xl.billing import once
from timix_xl.billing.closed import first_open_day
from timix_xl.billing.correct_pro_forma import goodwill_faults, is_left
from timix_xl.billing.credit import credit_rest
from timix_xl.billing.draft import speaks_against
from timix_xl.billing.find import found as found_document
from timix_xl.billing.limits import limit_faults
from timix_xl.billing.plan import NO_FRAME_ORDER, buyer, default_issue_date
from timix_xl.billing.preview import placed
from timix_xl.billing.pro_forma import found, refused, unmoved
from timix_xl.billing.put_back import before_its_note, credited_on
from timix_xl.billing.settle import settle
from timix_xl.domain import faults
from timix_xl.domain.books import Books
from timix_xl.domain.frame_orders import FrameOrder
from timix_xl.domain.invoices import (
    Becomes,
    Document,
    DocumentKind,
    Line,
    draft_name,
    draft_place,
)
from timix_xl.domain.pro_formas import ProForma, ProFormaState
from timix_xl.domain.totals import tax_lines
from timix_xl.errors import (
    Fault,
    NotAsConfirmed,
    NothingPrinted,
    ReleasedTooEarly,
    UnknownFrameOrder,
    refuse_run,
)
from timix_xl.store import documents, drafts, issuing, life, reading, releasing
from timix_xl.store import pro_formas as kept
from timix_xl.store.chained import Actor, log
from timix_xl.store.database import Store
from timix_xl.store.documents import StoredDocument

RELEASE = "release pro forma"
"""What the audit log calls this step; its object is the pro forma's number."""


@dataclass(frozen=True, slots=True)
class Released:
    """What a release made; a replayed request says the same.

    `document` is the number of the invoice, or of the credit note where it was below zero, or the
    name of its draft; a replay follows the draft to its number, and has none once it was deleted.
    `note` is the credit note of the invoice that a revision replaces.
    """

    pro_forma: str
    document: str
    note: str | None
    warnings: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a release would make: the document, and the note that credits the one before."""

    document: Document
    note: Document | None
    warnings: tuple[Fault, ...]


class _NothingIsWrittenError(Exception):
    """Leaves the transaction without a commit."""


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
    agreed: Callable[[Proposal], bool] | None = None,
) -> Released:
    """Make a draft invoice of an open pro forma, or issue it, in one transaction; it is closed.

    `version` is the one that somebody looked at. A revision credits what is left of the invoice
    that it corrects, and draws on the same frame order unless one is given; it is always issued,
    together with that credit note. One below zero becomes a credit note that corrects no invoice,
    and draws on no order. `agreed` says whether the proposal is the one that a person confirmed.
    Raises UnknownProForma, ProFormaMovedOn, ProFormaRefuses, ReleasedTooEarly, NothingPrinted,
    UnknownFrameOrder, RunRefused with every fault, NotAsConfirmed, RequestReused, and for a
    revision what `credit_rest` raises.
    """
    asked = once.fingerprint([RELEASE, number, frame_order, issue, issue_date, version])
    with store.writing() as connection:
        if first := once.done_before(connection, request, asked):
            return _result(connection, first)
        one, made = _drawn_up(
            connection, number, frame_order, issue_date, version, actor, issue=issue
        )
        if agreed and not agreed(made):
            raise NotAsConfirmed(what=f"Releasing {number}")
        name, note = _made(connection, one, made.document, actor, issue=issue), made.note
        result = {"pro_forma": number, "document": name, "note": note.number if note else None}
        _log(connection, one, result, actor)
        whole = {**result, "warnings": [asdict(one) for one in made.warnings]}
        once.remember(connection, request, RELEASE, asked, whole)
        return _result(connection, whole)


def proposal(
    store: Store,
    number: str,
    *,
    frame_order: str | None = None,
    issue: bool = False,
    issue_date: dt.date | None = None,
    version: int | None = None,
    actor: Actor,
) -> Proposal:
    """Work out what a release would make, and take it back; raises what `release` raises."""
    with suppress(_NothingIsWrittenError), store.writing() as connection:
        _, made = _drawn_up(
            connection, number, frame_order, issue_date, version, actor, issue=issue
        )
        raise _NothingIsWrittenError
    return made


def _drawn_up(
    connection: Connection,
    number: str,
    frame_order: str | None,
    issue_date: dt.date | None,
    version: int | None,
    actor: Actor,
    *,
    issue: bool,
) -> tuple[ProForma, Proposal]:
    """Draw up the document, after crediting the one before; refuses with every fault."""
    one = found(connection, number)
    unmoved(connection, one, version)
    books = reading.books(connection, one.customer)
    _check_order(connection, one)
    old = _replaced(connection, one)
    note, goodwill = _credited(connection, one, old, actor)
    order = _chosen(connection, one, old, frame_order)
    document = _document(one, books, order, _issue_date(connection, one, books, actor))
    if note:
        document = replace(document, description=f"Replaces {note.corrects}")
    document = _dated(document, issue_date, credited_on(connection, one))
    issued = _is_issued(one, asked=issue)
    against = _speaks_against(connection, one, document, order, books, issue=issued)
    warnings = placed([*goodwill, *against], one.number)
    refuse_run(f"Releasing {one.number}", warnings)
    return one, Proposal(document, note, tuple(warnings))


def _result(connection: Connection, result: dict[str, Any]) -> Released:
    warnings = tuple(Fault(**one) for one in result["warnings"])
    document = _by_now(connection, result["document"])
    return Released(result["pro_forma"], document, result["note"], warnings)


def _by_now(connection: Connection, name: str) -> str:
    """Follow a draft to its number; there is none once it was deleted."""
    place = draft_place(name)
    if place is None:
        return name
    return next((head.number for head in documents.heads(connection, place=place)), "")


def _check_order(connection: Connection, one: ProForma) -> None:
    """Refuse what is not open, or comes after another; a correction waits for nobody."""
    if one.state is not ProFormaState.OPEN:
        raise refused(one, "released")
    if one.revision > 1 or one.put_back or one.run is None:
        return
    earlier = releasing.unsettled_before(connection, one.project, one.run)
    for first in earlier:
        instead = (
            "Release it first (button Release pro forma..., or"
            f" timix-xl pro-forma release {first.number})."
        )
        if first.released_to:
            name = f"{first.released_to}, the draft made from {first.number},"
            instead = (
                "Issue it first (on the sheet Invoices, or"
                f" timix-xl invoice issue {first.released_to})."
            )
            raise ReleasedTooEarly(number=one.number, first=name, instead=instead)
        raise ReleasedTooEarly(number=one.number, first=first.number, instead=instead)


def _is_issued(one: ProForma, *, asked: bool) -> bool:
    """Issue a revision in any case: an invoice is not credited before the new one stands."""
    return asked or one.revision > 1


def _replaced(connection: Connection, one: ProForma) -> StoredDocument | None:
    """Return the invoice that a revision corrects."""
    if one.revision == 1:
        return None
    before = found(connection, one.number, one.revision - 1)
    return found_document(connection, str(before.released_to))


def _credited(
    connection: Connection, one: ProForma, old: StoredDocument | None, actor: Actor
) -> tuple[Document | None, list[Fault]]:
    """Credit what is left of an invoice that is corrected; returns the note, and warnings."""
    if old is None or not is_left(connection, old):
        return None, []
    told = list(goodwill_faults(connection, old))
    reason = releasing.reason_of(connection, one.document_id)
    note = credit_rest(connection, old.number, Becomes.BILL, reason, actor, wanted="corrected")
    return note, told


def _chosen(
    connection: Connection, one: ProForma, old: StoredDocument | None, given: str | None
) -> FrameOrder | None:
    """Return the frame order to draw on; that of the invoice before where none is given."""
    inherits = given is None and old and one.document.total >= 0
    wanted = old.frame_order if inherits and old else given
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


def _dated(document: Document, given: dt.date | None, note: dt.date | None) -> Document:
    """Date a document as it is asked, else as the note at the earliest."""
    day = given or max(document.issue_date, note or dt.date.min)
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
    return replace(line, printed=line.printed and not line.only_settles)


def _drawing(document: Document, order: FrameOrder | None) -> Document:
    """Draw the printed hours, or the net amount."""
    if order is None:
        return document
    drawn, left = document.hours if order.in_hours else document.subtotal, order.remaining
    number = document.po_number or order.po_number
    return replace(document, draw_down=order.draw_down(drawn, left), po_number=number)


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
    against = [
        *speaks_against(connection, document, order, books),
        *before_its_note(document, credited_on(connection, one)),
    ]
    if order and document.kind is DocumentKind.CREDIT_NOTE:
        told = faults.NOTHING_DRAWN_BEFORE
        against.append(told.at("Frame orders", number=one.number, order=order.number))
    if issue:
        against += limit_faults(connection, [document], books, leaving_out={one.document_id})
    return against


def _made(
    connection: Connection,
    one: ProForma,
    document: Document,
    actor: Actor,
    *,
    issue: bool,
) -> str:
    """Write the document, move the claims to it, and close the pro forma; returns its name."""
    issue = _is_issued(one, asked=issue)
    (number,) = drafts.save_drafts(connection, [document], None, actor, draws=issue, claiming=False)
    life.release(connection, one.document_id)
    state = ProFormaState.CLOSED
    kept.set_state(connection, one.document_id, state, released_to=number)
    drafts.claim(connection, number, [billed.entry for billed in document.billed])
    if not issue:
        issuing.keep_draft(connection, number, document)
        return draft_name(number)
    settings = reading.settings(connection)
    issued = issuing.issue_draft(connection, number, document, settings, actor)
    settle(connection, number, issued, actor)
    after = {"customer": issued.customer, "total": issued.total, "pro_forma": one.number}
    log(connection, actor, "issue", [(issued.number, None, after)])
    return issued.number


def _log(connection: Connection, one: ProForma, result: dict[str, Any], actor: Actor) -> None:
    after = {"state": ProFormaState.CLOSED, "revision": one.revision}
    after |= {name: result[name] for name in ("document", "note") if result[name]}
    log(connection, actor, RELEASE, [(one.number, {"state": one.state}, after)])
