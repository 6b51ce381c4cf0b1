"""Drafts: an invoice that holds its entries and has no number yet; issued or deleted later."""

import datetime as dt
import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Connection

from timix_xl.billing import once
from timix_xl.billing.ballots import BallotPaper
from timix_xl.billing.closed import first_open_day
from timix_xl.billing.find import found
from timix_xl.billing.issue import ISSUE, SAVE_DRAFT, Issued, carry_out
from timix_xl.billing.limits import limit_faults
from timix_xl.billing.plan import Plan, RunOptions, buyer, outside_validity, overdrawn, party_faults
from timix_xl.billing.preview import placed, series_faults
from timix_xl.billing.put_back import before_its_note, credited_on, put_back, source_of
from timix_xl.billing.register import Standing, standing
from timix_xl.billing.settle import settle
from timix_xl.domain import faults
from timix_xl.domain.books import Books
from timix_xl.domain.entries import Kind
from timix_xl.domain.frame_orders import FrameOrder, OrderState
from timix_xl.domain.invoices import Document, DocumentKind, Status, draft_name
from timix_xl.domain.money import ZERO
from timix_xl.domain.remainders import billed_remainders
from timix_xl.errors import Fault, NotAsConfirmed, TransitionRefused, refuse_run
from timix_xl.store import crediting, documents, drafts, issuing, reading, remainders, runs
from timix_xl.store.chained import Actor, log, notes
from timix_xl.store.database import Store
from timix_xl.store.documents import StoredDocument

DELETE_DRAFT = "delete draft"


@dataclass(frozen=True, slots=True)
class DraftIssued:
    """The number that a draft was given; a replayed request says the same."""

    draft: str
    number: str
    warnings: tuple[Fault, ...]


def save_draft(
    store: Store,
    customer: str,
    billing_date: dt.date,
    options: RunOptions,
    *,
    actor: Actor,
    paper: BallotPaper | None = None,
    request: str | None = None,
    agreed: Callable[[Plan], bool] | None = None,
) -> Issued:
    """Keep what a customer's decisions say as drafts, in one transaction.

    It is a committed run: write-offs, deferrals and splits take effect now, and the entries on the
    drafts are on no other document. Frame orders are drawn on when a draft is issued. Raises what
    `issue` raises.
    """
    return carry_out(
        store, SAVE_DRAFT, customer, billing_date, options, actor, paper, request, agreed
    )


def issue_draft(
    store: Store,
    name: str,
    *,
    actor: Actor,
    issue_date: dt.date | None = None,
    request: str | None = None,
    agreed: Callable[[Document], bool] | None = None,
) -> DraftIssued:
    """Issue a draft: number, freeze and seal it in one transaction.

    Lines, prices, tax, terms, notes and references stay as they were agreed when it was saved.
    The company and the customer are printed as the books have them now, and tax ids, the frame
    order, the limits and the series are checked again. Without a date it is issued on the latest of its
    planned date, the last date of its series and the first open day. `agreed` says whether the
    document is the one that a person confirmed: `draft_as_issued` returns it beforehand, and
    `is_as_shown` compares. Raises UnknownDocument, IssuedMeanwhile, TransitionRefused, RunRefused
    with every fault, NotAsConfirmed, RequestReused.
    """
    asked = once.fingerprint(["issue draft", name, issue_date])
    with store.writing() as connection:
        if first := once.done_before(connection, request, asked):
            return _result(name, first)
        head = _draft(connection, name, wanted="issued", instead="Only a draft is issued.")
        document, warnings = _as_of_now(connection, head, issue_date, actor)
        refuse_run(f"Issuing {name}", warnings)
        if agreed and not agreed(document):
            raise NotAsConfirmed(what=f"Issuing {name}")
        drafts.redate_draft(connection, head.id, document)
        settings = reading.settings(connection)
        issued = issuing.issue_draft(connection, head.id, document, settings, actor)
        settle(connection, head.id, issued, actor)
        after = {"customer": issued.customer, "total": issued.total, "draft": draft_name(head.id)}
        log(connection, actor, ISSUE, [(issued.number, None, after)])
        log(connection, actor, ISSUE, [(draft_name(head.id), "draft", {"number": issued.number})])
        result = {"number": issued.number, "warnings": [asdict(one) for one in warnings]}
        once.remember(connection, request, "issue draft", asked, result)
        return _result(name, result)


def draft_as_issued(
    store: Store, name: str, *, actor: Actor, issue_date: dt.date | None = None
) -> tuple[Document, list[Fault]]:
    """Return a draft as an issue would make it now, and what speaks against that.

    Raises UnknownDocument, IssuedMeanwhile, TransitionRefused.
    """
    with store.reading() as connection:
        head = _draft(connection, name, wanted="issued", instead="Only a draft is issued.")
        return _as_of_now(connection, head, issue_date, actor)


def is_as_shown(shown: Document, now: Document, *, may_be_later: bool = False) -> bool:
    """Whether a draft would be issued as it was shown.

    What remains of its frame order is left aside, as every document that draws on it moves that.
    So is a later date where it may be later: where drafts that are issued before it, in one go,
    move its series on.
    """
    if may_be_later and now.issue_date > shown.issue_date:
        shown = replace(shown, issue_date=now.issue_date, due_date=now.due_date)
    return _whatever_remains(shown) == _whatever_remains(now)


def _whatever_remains(document: Document) -> Document:
    draw = document.draw_down
    return replace(document, draw_down=draw and replace(draw, before=ZERO, after=ZERO))


def _result(name: str, result: dict[str, Any]) -> DraftIssued:
    return DraftIssued(name, result["number"], tuple(Fault(**one) for one in result["warnings"]))


def _draft(connection: Connection, name: str, *, wanted: str, instead: str) -> StoredDocument:
    head = found(connection, name)
    if head.status is not Status.DRAFT:
        raise TransitionRefused(
            number=name, status=head.status.value, wanted=wanted, instead=instead
        )
    return head


def _as_of_now(
    connection: Connection, head: StoredDocument, given: dt.date | None, actor: Actor
) -> tuple[Document, list[Fault]]:
    """Return a draft as it would be issued, and what speaks against that."""
    saved = documents.printed(connection, [head.id])[head.id]
    books = reading.books(connection, head.customer)
    customer = books.customers[head.customer]
    made_from = source_of(connection, head.id)
    note = credited_on(connection, made_from) if made_from else None
    day = given or max(_issue_date(connection, head, books, actor), note or dt.date.min)
    order = _order(connection, saved)
    document = replace(
        saved,
        number="",
        issue_date=day,
        due_date=day + dt.timedelta(days=saved.payment_terms_days),
        seller=books.company,
        buyer=buyer(customer, saved.location, saved.buyer.buyer_reference),
        draw_down=_drawn(saved, order),
    )
    itself = {head.id, made_from.document_id} if made_from else {head.id}
    against = [
        *speaks_against(connection, document, order, books),
        *before_its_note(document, note),
        *limit_faults(connection, [document], books, leaving_out=itself),
    ]
    return document, placed(against, draft_name(head.id))


def speaks_against(
    connection: Connection, document: Document, order: FrameOrder | None, books: Books
) -> list[Fault]:
    """Check what a document that is to be issued draws on, whom it names, and its series."""
    return [
        *(_order_faults(connection, order, document) if order else ()),
        *party_faults([document], books, books.customers[document.customer]),
        *series_faults(connection, document.issue_date, books.settings, document.kind),
    ]


def _issue_date(
    connection: Connection, head: StoredDocument, books: Books, actor: Actor
) -> dt.date:
    if head.kind is DocumentKind.CREDIT_NOTE:
        return actor.today
    day = max(head.issue_date, first_open_day(connection))
    last = issuing.last_issue_date(connection, head.kind, books.settings, day.year)
    return max(day, last or day)


def _order(connection: Connection, document: Document) -> FrameOrder | None:
    draw = document.draw_down
    orders = reading.frame_orders(connection, document.customer) if draw else []
    return next((one for one in orders if draw and one.number == draw.frame_order), None)


def _drawn(document: Document, order: FrameOrder | None) -> Any:
    """Return the same draw against what is left of the order now."""
    if document.draw_down is None or order is None:
        return None
    left = order.remaining
    return replace(document.draw_down, before=left, after=left - document.draw_down.drawn)


def _order_faults(connection: Connection, order: FrameOrder, document: Document) -> Iterator[Fault]:
    if order.state is OrderState.CLOSED:
        yield faults.ORDER_CLOSED.at("Frame orders", order=order.number)
    yield from _outside(connection, order, document, _on_print(document))
    if document.draw_down:
        yield from overdrawn(order, document.draw_down.drawn)


def _on_print(document: Document) -> set[int]:
    return {line.line for line in document.printed_lines}


def _outside(
    connection: Connection, order: FrameOrder, document: Document, lines: Collection[int]
) -> Iterator[Fault]:
    """Name the entries that draw, on a day that the order does not cover.

    A remainder is judged by the work that it was held back from.
    """
    held = billed_remainders(document.billed)
    projects = {one.project for one in document.billed}
    covered = remainders.covered_on(connection, projects) if held else {}
    for billed in document.billed:
        draws = billed.kind is Kind.TIME or not order.in_hours
        day = covered.get(billed.entry, billed.date)
        if draws and billed.line in lines and not order.covers(day):
            yield outside_validity(order, billed.entry, day)


def delete_draft(
    store: Store,
    name: str,
    *,
    actor: Actor,
    request: str | None = None,
    agreed: Callable[[Standing], bool] | None = None,
) -> None:
    """Delete a draft: its entries can be billed again, each part by itself.

    What its run wrote off or deferred stays so; a pro forma that it was made from is On Hold again,
    and holds them. `agreed` says whether the draft stands as a person saw it when they
    confirmed. Raises UnknownDocument, IssuedMeanwhile, TransitionRefused (an issued document is
    never deleted), NotAsConfirmed, RequestReused.
    """
    asked = once.fingerprint([DELETE_DRAFT, name.upper()])
    with store.writing() as connection:
        if once.done_before(connection, request, asked) is not None:
            return
        instead = "Void it, or credit it; only a draft is deleted."
        head = _draft(connection, name, wanted="deleted", instead=instead)
        if agreed and not agreed(standing(head, actor.today)):
            raise NotAsConfirmed(what=f"Deleting {name}")
        document = documents.printed(connection, [head.id])[head.id]
        put_back(connection, head.id, crediting.still_billed(connection, head.id), actor)
        drafts.delete_draft(connection, head.id)
        before = {"customer": document.customer, "total": document.total}
        log(connection, actor, DELETE_DRAFT, [(draft_name(head.id), before, None)])
        billed = sorted({line.project for line in document.lines})
        set_back(connection, billed, actor, DELETE_DRAFT)
        once.remember(connection, request, DELETE_DRAFT, asked)


def set_back(connection: Connection, projects: Sequence[str], actor: Actor, action: str) -> None:
    """Set back the last billing dates that only deleted drafts and pro formas had moved on."""
    moves = _moves(connection)
    billed = runs.billing_dates(connection)
    now = runs.last_billing_dates(connection, projects)
    before = {}
    for project, last in now.items():
        day = last
        while day and (project, day) not in billed and (project, day) in moves:
            day = moves.pop((project, day))
        if day != last:
            before[project] = day
    if before:
        runs.set_last_billing_dates(connection, before)
        changes = [(f"project {project}", now[project], day) for project, day in before.items()]
        log(connection, actor, action, changes)


def _moves(connection: Connection) -> dict[tuple[str, dt.date], dt.date | None]:
    """Return by project and last billing date what it was before a draft's run moved it there."""
    return {
        (note.object.removeprefix("project "), _day(note.after)): _day(note.before)
        for note in notes(connection, SAVE_DRAFT)
        if note.object.startswith("project ")
    }


def _day(text: str) -> Any:
    return dt.date.fromisoformat(json.loads(text)) if text else None
