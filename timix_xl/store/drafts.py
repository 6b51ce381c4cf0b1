"""Documents before they are issued: their rows, and the entries that they claim."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    Connection,
    Table,
    delete,
    insert,
    update,
)

from timix_xl.domain.frame_orders import HOURS
from timix_xl.domain.invoices import Document, Line, Status
from timix_xl.domain.money import QUANTITY_PLACES, in_minor, scaled, total
from timix_xl.store import tables as t
from timix_xl.store.chained import Actor
from timix_xl.store.ids import keep_id, next_id


def save_drafts(
    connection: Connection,
    documents: Sequence[Document],
    run: int | None,
    actor: Actor,
    *,
    draws: bool = True,
    claiming: bool = True,
) -> list[int]:
    """Write documents as drafts that claim their entries; returns their ids.

    Drafts that are kept draw nothing: `draws` is for those that are issued at once. Without
    `claiming` the claims are left to another document.
    """
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
        if some and (draws or table is not t.draw_downs):
            connection.execute(insert(table), some)
    claims = [
        {"entry": row["entry"], "document": row["document"]} for row in rows[t.document_entries]
    ]
    if claims and claiming:
        connection.execute(insert(t.claims), claims)
    return ids


def claim(connection: Connection, document: int, entries: Sequence[str]) -> None:
    """Let a draft, or a pro forma, claim entries that no document claims any more."""
    if entries:
        rows = [{"entry": entry, "document": document} for entry in entries]
        connection.execute(insert(t.claims), rows)


def save_note(connection: Connection, note: Document, invoice: int, actor: Actor) -> int:
    """Write a credit note as a draft; it claims nothing. Returns its id."""
    number, draw_down = next_id(connection, t.documents), next_id(connection, t.draw_downs)
    rows = document_rows(note, number, None, actor, draw_down, corrects=invoice)
    for table, some in rows.items():
        if some:
            connection.execute(insert(table), some)
    return number


def redate_draft(connection: Connection, number: int, document: Document) -> None:
    """Give a kept draft the dates of its issue, and let it draw: it is issued next."""
    days = {"issue_date": document.issue_date, "due_date": document.due_date}
    connection.execute(update(t.documents).where(t.documents.c.id == number).values(**days))
    draws = _draws(document, number, next_id(connection, t.draw_downs))
    if draws:
        connection.execute(insert(t.draw_downs), draws)


def rewrite_draft(connection: Connection, number: int, document: Document) -> None:
    """Write a draft's lines, entries, tax, totals and location anew; its claims stay as they are."""
    body = _body(document, number)
    for table in reversed(body):
        connection.execute(delete(table).where(table.c.document == number))
    for table, rows in body.items():
        if rows:
            connection.execute(insert(table), rows)
    sums = {**_sums(document), "location": document.location}
    connection.execute(update(t.documents).where(t.documents.c.id == number).values(**sums))


def delete_draft(connection: Connection, number: int) -> None:
    """Delete a draft with all its rows, and let go of its entries; its place is not used again."""
    for table in (t.claims, t.document_entries, t.document_lines, t.document_taxes):
        connection.execute(delete(table).where(table.c.document == number))
    connection.execute(delete(t.documents).where(t.documents.c.id == number))
    keep_id(connection, t.documents, number)


def document_rows(
    document: Document,
    number: int,
    run: int | None,
    actor: Actor,
    draw_down: int,
    *,
    corrects: int | None = None,
) -> dict[Table, list[dict[str, Any]]]:
    """Return the rows of a draft by table, parents first."""
    return {
        t.documents: [_head(document, number, run, actor) | {"corrects": corrects}],
        **_body(document, number),
        t.draw_downs: _draws(document, number, draw_down),
    }


def _body(document: Document, number: int) -> dict[Table, list[dict[str, Any]]]:
    money = document.currency
    return {
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
                "becomes": billed.becomes,
                "own_quantity": billed.own_quantity,
                **{
                    name: in_minor(getattr(billed, name), money) or None
                    for name in ("held", "written_off", "raised")
                },
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
    }


def _draws(document: Document, number: int, draw_down: int) -> list[dict[str, Any]]:
    return [
        {
            "id": draw_down,
            "document": number,
            "frame_order": draw.frame_order,
            "drawn": order_units(draw.drawn, draw.unit),
            "date": document.issue_date,
        }
        for draw in [document.draw_down]
        if draw
    ]


def _head(document: Document, number: int, run: int | None, actor: Actor) -> dict[str, Any]:
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
        **_sums(document),
        "run": run,
        "made_by": actor.user,
        "made_at": actor.stamp,
        "status": Status.DRAFT,
        "content": "",
    }


def _sums(document: Document) -> dict[str, Any]:
    money = document.currency
    return {
        "hours": document.hours,
        "subtotal": in_minor(document.subtotal, money),
        "tax": in_minor(total(tax.amount for tax in document.tax), money),
        "total": in_minor(document.total, money),
    }


def _line(number: int, line: Line, money: str) -> dict[str, Any]:
    names = (
        *("line", "project", "task", "item", "person", "description", "kind", "quantity"),
        *("unit", "unit_price", "tax_code", "tax_percent", "date", "of_line"),
        *("step", "account_group", "billed_quantity", "status"),
    )
    values = {name: getattr(line, name) for name in names}
    amounts = {
        "amount": in_minor(line.amount, money),
        "billed_amount": None
        if line.billed_amount is None
        else in_minor(line.billed_amount, money),
        "held": in_minor(line.held, money) or None,
        "written_off": in_minor(line.written_off, money) or None,
    }
    return {"document": number, **values, **amounts, "printed": None if line.printed else 0}


def order_units(number: Decimal, unit: str) -> int:
    """Turn hours or money of a frame order into what is stored."""
    return scaled(number, QUANTITY_PLACES) if unit == HOURS else in_minor(number, unit)
