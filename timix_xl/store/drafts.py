"""Documents before they are issued: their rows, and the entries that they claim."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    Connection,
    Table,
    insert,
)

from timix_xl.domain.frame_orders import HOURS
from timix_xl.domain.invoices import Document, Line, Status
from timix_xl.domain.money import QUANTITY_PLACES, in_minor, scaled, total
from timix_xl.store import tables as t
from timix_xl.store.chained import Actor
from timix_xl.store.ids import next_id


def save_drafts(
    connection: Connection, documents: Sequence[Document], run: int, actor: Actor
) -> list[int]:
    """Write documents as drafts that claim their entries; returns their ids."""
    if not documents:
        return []
    first = next_id(connection, t.documents)
    first_draw = next_id(connection, t.draw_downs)
    ids = list(range(first, first + len(documents)))
    rows: dict[Table, list[dict[str, Any]]] = {}
    for at, (number, document) in enumerate(zip(ids, documents, strict=True)):
        for table, some in document_rows(document, number, run, actor, first_draw + at).items():
            rows.setdefault(table, []).extend(some)
    # What gives back comes first: the run is judged by its sum, the guard judges row by row.
    rows[t.draw_downs].sort(key=lambda row: int(row["drawn"]))
    for table, some in rows.items():
        if some:
            connection.execute(insert(table), some)
    claims = [
        {"entry": row["entry"], "document": row["document"]} for row in rows[t.document_entries]
    ]
    connection.execute(insert(t.claims), claims)
    return ids


def document_rows(
    document: Document, number: int, run: int, actor: Actor, draw_down: int
) -> dict[Table, list[dict[str, Any]]]:
    """Return the rows of a draft by table, parents first."""
    money = document.currency
    return {
        t.documents: [_head(document, number, run, actor)],
        t.document_lines: [_line(number, line, money) for line in document.lines],
        t.document_entries: [
            {
                "document": number,
                "entry": billed.entry,
                "line": billed.line,
                "quantity": billed.quantity,
                "rate": billed.rate,
                "amount": in_minor(billed.amount, money),
                "exact_amount": in_minor(billed.exact_amount, money),
            }
            for billed in document.billed
        ],
        t.document_taxes: [
            {
                "document": number,
                "code": tax.code,
                "percent": tax.percent,
                "category": tax.category,
                "base": in_minor(tax.base, money),
                "amount": in_minor(tax.amount, money),
                "note": tax.note,
            }
            for tax in document.tax
        ],
        t.draw_downs: [
            {
                "id": draw_down,
                "document": number,
                "frame_order": draw.frame_order,
                "drawn": order_units(draw.drawn, draw.unit),
                "date": document.issue_date,
            }
            for draw in [document.draw_down]
            if draw
        ],
    }


def _head(document: Document, number: int, run: int, actor: Actor) -> dict[str, Any]:
    money = document.currency
    return {
        "id": number,
        "kind": document.kind,
        "customer": document.customer,
        "location": document.location,
        "currency": money,
        "billing_date": document.billing_date,
        "issue_date": document.issue_date,
        "due_date": document.due_date,
        "frame_order": document.draw_down.frame_order if document.draw_down else None,
        "hours": document.hours,
        "subtotal": in_minor(document.subtotal, money),
        "tax": in_minor(total(tax.amount for tax in document.tax), money),
        "total": in_minor(document.total, money),
        "run": run,
        "made_by": actor.user,
        "made_at": actor.stamp,
        "status": Status.DRAFT,
        "content": "",
    }


def _line(number: int, line: Line, money: str) -> dict[str, Any]:
    names = (
        *("line", "project", "task", "item", "person", "description", "kind", "quantity"),
        *("unit", "unit_price", "tax_code", "tax_percent", "date"),
    )
    values = {name: getattr(line, name) for name in names}
    return {"document": number, **values, "amount": in_minor(line.amount, money)}


def order_units(number: Decimal, unit: str) -> int:
    """Turn hours or money of a frame order into what is stored."""
    return scaled(number, QUANTITY_PLACES) if unit == HOURS else in_minor(number, unit)
