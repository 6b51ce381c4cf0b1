"""Look-ups: what worksheet functions read, all keys at once, in one statement each."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    Connection,
    RowMapping,
    Select,
    Subquery,
    and_,
    case,
    func,
    literal,
    null,
    select,
)

from timix_xl.domain.entries import EntryState
from timix_xl.domain.invoices import DocumentKind, Status, draft_name
from timix_xl.domain.money import from_minor
from timix_xl.store import tables as t
from timix_xl.store.documents import EventKind, OpeningInvoice

_MONEY = (
    *(EventKind.PAID, EventKind.UNPAID, EventKind.REFUNDED),
    *(EventKind.WRITTEN_OFF, EventKind.REINSTATED),
)
_SUMS = ("total", "credited")
_HEAD = ("id", "number", "issue_date", "due_date", "corrects", "total", "status")
_NOTE = t.documents.alias("note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A document with the sums of what has become of it; money in its currency."""

    number: str
    """DRAFT-n while a draft."""
    customer: str
    due_date: dt.date
    is_note: bool
    """Whether it is the credit note of an invoice."""
    total: Decimal
    status: Status
    paid: Decimal
    refunded: Decimal
    credited: Decimal
    written_off: Decimal


@dataclass(frozen=True, slots=True)
class Papers:
    """What a register is made of."""

    customers: frozenset[str]
    documents: tuple[Paper, ...]
    opening: tuple[OpeningInvoice, ...]


def papers(connection: Connection) -> Papers:
    """Return all customers, documents but pro formas, and opening invoices; one statement."""
    rows = connection.execute(_of_customers().union_all(_of_opening())).mappings().all()
    return Papers(
        customers=frozenset(row["customer"] for row in rows),
        documents=tuple(_paper(row) for row in rows if row["id"] is not None),
        opening=tuple(_opening(row) for row in rows if row["is_opening"]),
    )


def _of_customers() -> Select[Any]:
    """Select documents by customer; a customer without any has a row too."""
    head, happened, credited = t.documents, _happened(), _credited()
    own = and_(head.c.customer == t.customers.c.code, head.c.kind != DocumentKind.PRO_FORMA)
    joined = (
        t.customers.outerjoin(head, own)
        .outerjoin(happened, happened.c.document == head.c.id)
        .outerjoin(credited, credited.c.corrects == head.c.id)
    )
    return select(
        literal(0).label("is_opening"),
        t.customers.c.code.label("customer"),
        func.coalesce(head.c.currency, t.customers.c.currency).label("currency"),
        *(head.c[name] for name in _HEAD),
        *(happened.c[kind] for kind in _MONEY),
        credited.c.credited,
    ).select_from(joined)


def _of_opening() -> Select[Any]:
    own = t.open_invoices.c
    has: dict[str, Any] = {
        name: own[name] for name in ("number", "issue_date", "due_date", "total", "paid")
    }
    names = (*_HEAD, *_MONEY, "credited")
    return select(
        literal(1).label("is_opening"),
        t.customers.c.code.label("customer"),
        t.customers.c.currency,
        *(has.get(name, null()).label(name) for name in names),
    ).join_from(t.open_invoices, t.customers, t.customers.c.code == own.customer)


def _happened() -> Subquery:
    """Select the money of the events of each document, by kind."""
    own = t.events.c
    sums = (
        func.sum(case((own.kind == kind.value, own.amount), else_=0)).label(kind.value)
        for kind in _MONEY
    )
    return select(own.document, *sums).group_by(own.document).subquery("happened")


def _credited() -> Subquery:
    """Select the money of the issued credit notes of each document."""
    own = _NOTE.c
    query = select(own.corrects, func.sum(own.total).label("credited"))
    issued = query.where(own.corrects.is_not(None), own.number.is_not(None))
    return issued.group_by(own.corrects).subquery("credited")


def _paper(row: RowMapping) -> Paper:
    money = {name: from_minor(row[name] or 0, row["currency"]) for name in (*_MONEY, *_SUMS)}
    return Paper(
        number=row["number"] or draft_name(row["id"]),
        customer=row["customer"],
        due_date=row["due_date"],
        is_note=row["corrects"] is not None,
        total=money["total"],
        status=row["status"],
        paid=money[EventKind.PAID] - money[EventKind.UNPAID],
        refunded=money[EventKind.REFUNDED],
        credited=-money["credited"],
        written_off=money[EventKind.WRITTEN_OFF] - money[EventKind.REINSTATED],
    )


def _opening(row: RowMapping) -> OpeningInvoice:
    names = ("number", "customer", "currency", "issue_date", "due_date")
    facts: dict[str, Any] = {name: row[name] for name in names}
    total, paid = (from_minor(row[name], row["currency"]) for name in ("total", "paid"))
    return OpeningInvoice(**facts, total=total, paid=paid)


def projects_of_open_entries(connection: Connection) -> dict[str, str]:
    """Return the project of each entry that is not settled."""
    own = t.entries.c
    query = select(own.id, own.project).where(own.state == EntryState.OPEN)
    return {row.id: row.project for row in connection.execute(query)}
