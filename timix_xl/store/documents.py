"""Documents, their events and their draw-downs, as stored."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Select, select

from timix_xl.domain.invoices import Document, DocumentKind, Status
from timix_xl.domain.money import from_minor
from timix_xl.store import snapshots
from timix_xl.store import tables as t


class EventKind(StrEnum):
    """What can happen to an issued document."""

    ISSUED = "issued"
    SENT = "sent"
    PAID = "paid"
    UNPAID = "unpaid"
    VOID = "void"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """An event of a document; `amount` in the document's currency."""

    kind: EventKind
    date: dt.date
    amount: Decimal | None = None
    reference: str = ""
    reason: str = ""
    by: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocument:
    """The head of a document with its events; money in its currency."""

    id: int
    kind: DocumentKind
    number: str | None
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


_HEAD = [
    column
    for column in t.documents.columns
    if column.name not in {"year", "seq", "revision", "corrects", "content", "previous_seal"}
    and not column.name.startswith("made_")
]


def heads(
    connection: Connection,
    *,
    customer: str | None = None,
    number: str | None = None,
) -> list[StoredDocument]:
    """Return documents in the order of their making."""
    query: Select[Any] = select(*_HEAD).order_by(t.documents.c.id)
    wanted = {t.documents.c.customer: customer, t.documents.c.number: number}
    for column, value in wanted.items():
        if value is not None:
            query = query.where(column == value)
    rows = connection.execute(query).mappings().all()
    happened = _events(connection, {row["id"]: row["currency"] for row in rows})
    return [_head(dict(row), happened[row["id"]]) for row in rows]


def _head(row: dict[str, Any], events: list[Happening]) -> StoredDocument:
    for name in ("subtotal", "tax", "total"):
        row[name] = from_minor(row[name], row["currency"])
    return StoredDocument(**row, events=tuple(events))


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
        by=row.by,
        at=row.at,
    )


def printed(connection: Connection, ids: Iterable[int]) -> dict[int, Document]:
    """Return documents whole, from their snapshots."""
    wanted = list(ids)
    query = select(t.documents.c.id, t.documents.c.content)
    if len(wanted) == 1:
        query = query.where(t.documents.c.id == wanted[0])
    return {
        row.id: snapshots.printed(row.content)
        for row in connection.execute(query)
        if row.id in set(wanted)
    }


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


def opening_invoices(connection: Connection, customer: str | None = None) -> list[OpeningInvoice]:
    """Return the opening invoices, in the customer's currency."""
    query = (
        select(t.open_invoices, t.customers.c.currency)
        .join(t.customers, t.customers.c.code == t.open_invoices.c.customer)
        .order_by(t.open_invoices.c.number)
    )
    if customer:
        query = query.where(t.open_invoices.c.customer == customer)
    return [
        OpeningInvoice(
            number=row.number,
            customer=row.customer,
            currency=row.currency,
            issue_date=row.issue_date,
            due_date=row.due_date,
            total=from_minor(row.total, row.currency),
            paid=from_minor(row.paid, row.currency),
        )
        for row in connection.execute(query)
    ]


def logo(connection: Connection, sha256: str) -> bytes | None:
    """Return the logo with this fingerprint."""
    if not sha256:
        return None
    found = select(t.blobs.c.content).where(t.blobs.c.sha256 == sha256)
    return connection.execute(found).scalar_one_or_none()
