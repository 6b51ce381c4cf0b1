"""Documents, their events and their draw-downs, as stored."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Select, select

from timix_xl.domain.invoices import Document, DocumentKind, Status, draft_name
from timix_xl.domain.money import from_minor
from timix_xl.store import closings, snapshots
from timix_xl.store import tables as t
from timix_xl.store.auditing import parsed


class EventKind(StrEnum):
    """What can happen to an issued document."""

    ISSUED = "issued"
    SENT = "sent"
    PAID = "paid"
    UNPAID = "unpaid"
    REFUNDED = "refunded"
    """Paid back to the customer, or moved to another invoice."""
    WRITTEN_OFF = "written_off"
    """Nobody waits for this part of the receivable any more."""
    REINSTATED = "reinstated"
    """Somebody waits for it again."""
    VOID = "void"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """An event of a document; `amount` in the document's currency."""

    kind: EventKind
    date: dt.date
    amount: Decimal | None = None
    reference: str = ""
    reason: str = ""
    offset: str = ""
    """The other invoice, where money was moved between two."""
    by: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """A credit note of an invoice; `total` is below zero, in the invoice's currency."""

    number: str
    date: dt.date
    total: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocument:
    """The head of a document with its events; money in its currency."""

    id: int
    kind: DocumentKind
    number: str
    """DRAFT-n while a draft, which has none."""
    customer: str
    location: str | None
    currency: str
    billing_date: dt.date
    issue_date: dt.date
    due_date: dt.date
    frame_order: str | None
    hours: Decimal
    subtotal: Decimal
    tax: Decimal
    total: Decimal
    run: int | None
    status: Status
    seal: str | None
    events: tuple[Happening, ...] = ()
    corrects: str | None = None
    """On a credit note: the number of the invoice."""
    corrections: tuple[Correction, ...] = ()
    """On an invoice: its credit notes, in the order of their making."""


_HEAD = [
    column
    for column in t.documents.columns
    if column.name not in {"year", "seq", "revision", "corrects", "content", "previous_seal"}
    and not column.name.startswith("made_")
]


_CORRECTED = t.documents.alias("corrected")


def heads(
    connection: Connection,
    *,
    customer: str | None = None,
    number: str | None = None,
    place: int | None = None,
) -> list[StoredDocument]:
    """Return invoices and credit notes, drafts too, in the order of their making.

    Pro formas are none of them: they stand apart, in `pro_formas`.
    """
    query: Select[Any] = (
        select(*_HEAD, _CORRECTED.c.number.label("corrects"))
        .outerjoin(_CORRECTED, _CORRECTED.c.id == t.documents.c.corrects)
        .where(t.documents.c.kind != DocumentKind.PRO_FORMA)
        .order_by(t.documents.c.id)
    )
    own = t.documents.c
    wanted: dict[Any, object] = {own.customer: customer, own.number: number, own.id: place}
    for column, value in wanted.items():
        if value is not None:
            query = query.where(column == value)
    rows = connection.execute(query).mappings().all()
    currencies = {row["id"]: row["currency"] for row in rows}
    happened, corrected = _events(connection, currencies), _corrections(connection, currencies)
    return [_head(dict(row), happened[row["id"]], corrected[row["id"]]) for row in rows]


def _head(
    row: dict[str, Any], events: list[Happening], corrections: list[Correction]
) -> StoredDocument:
    for name in ("subtotal", "tax", "total"):
        row[name] = from_minor(row[name], row["currency"])
    row["number"] = row["number"] or draft_name(row["id"])
    return StoredDocument(**row, events=tuple(events), corrections=tuple(corrections))


def _corrections(connection: Connection, currencies: dict[int, str]) -> dict[int, list[Correction]]:
    """Return the issued credit notes of documents, by the document that they correct."""
    note = t.documents.c
    query = (
        select(note.corrects, note.number, note.issue_date, note.total)
        .where(note.corrects.is_not(None), note.number.is_not(None))
        .order_by(note.id)
    )
    if len(currencies) == 1:
        query = query.where(note.corrects == next(iter(currencies)))
    found: dict[int, list[Correction]] = defaultdict(list)
    for row in connection.execute(query):
        if row.corrects in currencies:
            amount = from_minor(row.total, currencies[row.corrects])
            found[row.corrects].append(Correction(row.number, row.issue_date, amount))
    return found


def _events(connection: Connection, currencies: dict[int, str]) -> dict[int, list[Happening]]:
    query = select(t.events).order_by(t.events.c.id)
    if len(currencies) == 1:
        query = query.where(t.events.c.document == next(iter(currencies)))
    found: dict[int, list[Happening]] = defaultdict(list)
    for row in connection.execute(query):
        if row.document in currencies:
            found[row.document].append(_happening(row, currencies[row.document]))
    return found


def _happening(row: Any, currency: str) -> Happening:
    amount = None if row.amount is None else from_minor(row.amount, currency)
    return Happening(
        kind=EventKind(row.kind),
        date=row.date,
        amount=amount,
        reference=row.reference,
        reason=row.reason,
        offset=str(parsed(row.detail).get("offset", "")),
        by=row.by,
        at=row.at,
    )


def printed(connection: Connection, ids: Iterable[int]) -> dict[int, Document]:
    """Return documents whole, from their snapshots; a draft has its name for a number."""
    wanted = list(ids)
    query = select(t.documents.c.id, t.documents.c.content)
    if len(wanted) == 1:
        query = query.where(t.documents.c.id == wanted[0])
    return {
        row.id: _named(snapshots.printed(row.content), row.id)
        for row in connection.execute(query)
        if row.id in set(wanted)
    }


def _named(document: Document, number: int) -> Document:
    return document if document.number else replace(document, number=draft_name(number))


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningInvoice:
    """An unpaid invoice of the system before: register only."""

    number: str
    customer: str
    currency: str
    issue_date: dt.date
    due_date: dt.date
    total: Decimal
    paid: Decimal


def opening_invoices(
    connection: Connection, customer: str | None = None, as_of: dt.date | None = None
) -> list[OpeningInvoice]:
    """Return the opening invoices, in the customer's currency.

    As of a day of a closed month, they are as they were when it was closed.
    """
    query = (
        select(t.open_invoices, t.customers.c.currency)
        .join(t.customers, t.customers.c.code == t.open_invoices.c.customer)
        .order_by(t.open_invoices.c.number)
    )
    if customer:
        query = query.where(t.open_invoices.c.customer == customer)
    rows = [dict(row) for row in connection.execute(query).mappings()]
    kept = closings.as_closed(connection, t.open_invoices, as_of)
    if kept is not None:
        rows = [row | kept[row["number"]] for row in rows if row["number"] in kept]
    return [
        OpeningInvoice(
            **row | {name: from_minor(row[name], row["currency"]) for name in ("total", "paid")}
        )
        for row in rows
    ]


def logo(connection: Connection, sha256: str) -> bytes | None:
    """Return the logo with this fingerprint."""
    if not sha256:
        return None
    found = select(t.blobs.c.content).where(t.blobs.c.sha256 == sha256)
    return connection.execute(found).scalar_one_or_none()
