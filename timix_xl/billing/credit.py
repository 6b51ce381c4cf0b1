"""Credit: take an invoice back, whole or in part, with a numbered document of its own."""

from collections.abc import Callable, Collection
from decimal import Decimal

from sqlalchemy import Connection

from timix_xl.billing import once, picks, settle
from timix_xl.billing.closed import refuse_closed
from timix_xl.billing.find import found, printed
from timix_xl.billing.picks import Fates
from timix_xl.billing.plan import amount_of
from timix_xl.billing.put_back import refuse_revised
from timix_xl.billing.register import Standing, standing
from timix_xl.domain import faults
from timix_xl.domain.credit_notes import (
    Left,
    Lines,
    credit_note,
    credited_lines,
    goodwill_line,
    left_of,
)
from timix_xl.domain.frame_orders import FrameOrder, Overrun
from timix_xl.domain.invoices import Becomes, Document, DocumentKind, Status
from timix_xl.domain.money import plain_money, worded
from timix_xl.errors import (
    CreditUnbalanced,
    CreditWouldOverdraw,
    DateOutOfOrder,
    Fault,
    NotAsConfirmed,
    ReasonMissing,
    TransitionRefused,
    WrittenOffBefore,
    refuse_run,
    some_of,
)
from timix_xl.store import crediting, documents, drafts, issuing, reading, remainders
from timix_xl.store.chained import Actor, log
from timix_xl.store.database import Store
from timix_xl.store.documents import StoredDocument
from timix_xl.store.remainders import RemainderStanding

_NOTE = DocumentKind.CREDIT_NOTE


def credit(
    store: Store,
    number: str,
    *,
    becomes: Fates,
    reason: str,
    actor: Actor,
    lines: Collection[int] = (),
    entries: Collection[str] = (),
    request: str | None = None,
    agreed: Callable[[Standing], bool] | None = None,
) -> Document:
    """Credit entries or whole lines of an invoice, or everything that is left; returns the note.

    Each entry becomes billable again or is written off. Where nothing is named and all is to be
    billed again, what a pro forma wrote off whole stays written off (`stays_written_off` tells).
    The same request id again returns the first note. `agreed` says whether the invoice stands as a
    person saw it when they confirmed. Raises UnknownDocument, RegisterOnly, ReasonMissing,
    TransitionRefused, NotAsConfirmed, NothingToCredit, NotOnInvoice, FateMissing, CreditUnbalanced,
    CreditWouldOverdraw, WrittenOffBefore, DateOutOfOrder, PeriodClosed, RequestReused, and of what
    was made from a pro forma HeldBackTogether, RemainderSettled, RevisionRests.
    """
    fates = becomes if isinstance(becomes, Becomes) else sorted(becomes.items())
    asked = once.fingerprint(
        ["credit", number, reason.strip(), sorted(lines), sorted(entries), fates]
    )
    with store.writing() as connection:
        if first := once.done_before(connection, request, asked):
            return printed(connection, first["number"])
        invoice = _creditable(connection, number, reason, actor)
        refuse_revised(connection, invoice.id, number, "credited")
        if agreed and not agreed(standing(invoice, actor.today)):
            raise NotAsConfirmed(what=f"Crediting {number}")
        left = _left(connection, invoice)
        picked, bare = picks.picked(left, lines, entries)
        fated = picks.fated(left, picked, becomes)
        if becomes is Becomes.BILL and not lines and not entries:
            fated |= dict.fromkeys(picks.written_off_whole(left), Becomes.WRITE_OFF)
        note = _issued(connection, invoice, left, credited_lines(left, fated, bare), reason, actor)
        once.remember(connection, request, "credit", asked, {"number": note.number})
        return note


def stays_written_off(note: Document, becomes: Fates) -> list[Fault]:
    """Tell which entries of a note stay written off although all was to be billed again."""
    stay = [one.entry for one in note.billed if one.becomes is Becomes.WRITE_OFF]
    if becomes is not Becomes.BILL or not stay:
        return []
    named = {"entries": some_of(stay), "ids": ",".join(stay)}
    return [faults.STAYS_WRITTEN_OFF.at(note.number, **named)]


def credit_money(
    store: Store,
    number: str,
    line: int,
    amount: Decimal,
    reason: str,
    *,
    actor: Actor,
    request: str | None = None,
) -> Document:
    """Credit a part of a line's net money as goodwill: no entry, no hours; returns the note.

    Raises CreditAmountRefused (more than is left of the line), and what `credit` raises.
    """
    asked = once.fingerprint(["goodwill", number, line, amount, reason.strip()])
    with store.writing() as connection:
        if first := once.done_before(connection, request, asked):
            return printed(connection, first["number"])
        invoice = _creditable(connection, number, reason, actor)
        refuse_revised(connection, invoice.id, number, "credited")
        left = _left(connection, invoice)
        picks.check_goodwill(left, line, amount)
        lines = {one.line: one for one in left.invoice.lines}
        taken: Lines = ((goodwill_line(lines[line], amount),), ())
        note = _issued(connection, invoice, left, taken, reason, actor)
        once.remember(connection, request, "credit", asked, {"number": note.number})
        return note


def credit_rest(
    connection: Connection,
    number: str,
    becomes: Becomes,
    reason: str,
    actor: Actor,
    *,
    wanted: str = "credited",
) -> Document:
    """Credit everything that is left of an invoice, inside a transaction; returns the note.

    `wanted` is what is done to the invoice, as a refusal words it.
    """
    invoice = _creditable(connection, number, reason, actor)
    left = _left(connection, invoice)
    picked, bare = picks.picked(left, (), ())
    taken = credited_lines(left, picks.fated(left, picked, becomes), bare)
    return _issued(connection, invoice, left, taken, reason, actor, wanted)


def _creditable(connection: Connection, number: str, reason: str, actor: Actor) -> StoredDocument:
    if not reason.strip():
        raise ReasonMissing(action=f"Crediting {number}")
    invoice = found(connection, number)
    if invoice.kind is not DocumentKind.INVOICE or invoice.status not in {
        Status.ISSUED,
        Status.SENT,
    }:
        is_note = invoice.kind is _NOTE
        raise TransitionRefused(
            number=number,
            status="a credit note" if is_note else invoice.status.value,
            wanted="credited",
            instead="Only an issued or sent invoice is credited.",
        )
    _check_date(connection, invoice, actor)
    return invoice


def _check_date(connection: Connection, invoice: StoredDocument, actor: Actor) -> None:
    """Refuse a note that would be dated before its invoice, or before the note before it."""
    today, settings = actor.today, reading.settings(connection)
    refuse_closed(connection, today, f"The credit note of {invoice.number}")
    last = issuing.last_issue_date(connection, _NOTE, settings, today.year)
    for day, why in (
        (invoice.issue_date, f"the invoice is dated {invoice.issue_date}"),
        (last, f"the series of credit notes has numbers up to {last}"),
    ):
        if day and day > today:
            raise DateOutOfOrder(
                action="The credit note",
                number=invoice.number,
                date=today,
                why=why,
                instead=f"Credit it on {day} or later, so that dates do not run backwards.",
            )
    number, taken_by = issuing.next_number(connection, _NOTE, settings, today.year)
    if taken_by:
        collides = faults.NUMBER_WOULD_COLLIDE.at(number, number=number)
        refuse_run(f"Crediting {invoice.number}", [collides])


def _left(connection: Connection, invoice: StoredDocument) -> Left:
    printed = documents.printed(connection, [invoice.id])[invoice.id]
    return left_of(printed, crediting.notes_of(connection, invoice.id))


def _issued(
    connection: Connection,
    invoice: StoredDocument,
    left: Left,
    taken: Lines,
    reason: str,
    actor: Actor,
    wanted: str = "credited",
) -> Document:
    """Issue the note, and let the invoice go of its entries."""
    returned = _remainders(connection, invoice, left, taken, wanted)
    order = _order(connection, left.invoice)
    note = credit_note(left, taken, reason=reason.strip(), day=actor.today, order=order)
    _check_note(invoice, left, note, order)
    draft = drafts.save_note(connection, note, invoice.id, actor)
    settings = reading.settings(connection)
    issued = issuing.issue_draft(connection, draft, note, settings, actor)
    crediting.let_go(connection, invoice.id, draft)
    settle.cancel(connection, invoice.number, returned, actor)
    settle.unsettle(connection, note.billed)
    _log(connection, issued, actor)
    return issued


def _remainders(
    connection: Connection, invoice: StoredDocument, left: Left, taken: Lines, wanted: str
) -> list[RemainderStanding]:
    """Return the remainders that go as their lines come back whole.

    A line with an unbilled remainder is worth its whole again only if the remainder goes; so its
    entries become billable together, or are written off.
    """
    standings = remainders.of_document(connection, invoice.id)
    if not standings:
        return []
    again = picks.billable_by_line(taken)
    returned = [one for one in standings if one.line in again]
    for one in returned:
        picks.check_whole_line(left, one, taken)
        settle.refuse_settled(left.invoice, one, wanted)
    return returned


def _order(connection: Connection, invoice: Document) -> FrameOrder | None:
    """Return the frame order that the invoice drew on, as it stands now."""
    drew = invoice.draw_down
    if drew is None:
        return None
    orders = reading.frame_orders(connection, invoice.customer)
    return next(one for one in orders if one.number == drew.frame_order)


def _check_note(
    invoice: StoredDocument, left: Left, note: Document, order: FrameOrder | None
) -> None:
    number, money = invoice.number, invoice.currency
    if not -left.total <= note.total <= 0:
        raise CreditUnbalanced(
            total=worded(note.total, money), number=number, left=worded(left.total, money)
        )
    written_off = standing(invoice, note.issue_date).written_off
    if written_off > left.total + note.total:
        raise WrittenOffBefore(amount=worded(written_off, money), number=number)
    draw = note.draw_down
    if draw and order and draw.drawn > 0 > draw.after and order.overrun is Overrun.BLOCK:
        over = amount_of(-draw.after, order.unit)
        raise CreditWouldOverdraw(number=number, order=order.number, over=over)


def _log(connection: Connection, note: Document, actor: Actor) -> None:
    amount = plain_money(note.total, note.currency)
    head = {"corrects": note.corrects, "total": amount, "reason": note.description}
    log(
        connection,
        actor,
        "credit",
        [
            (note.number, None, head),
            (str(note.corrects), None, {"credit_note": note.number, "total": amount}),
            *(
                (
                    f"entry {one.entry}",
                    note.corrects,
                    {"credit_note": note.number, "then": one.becomes},
                )
                for one in note.billed
            ),
        ],
    )
