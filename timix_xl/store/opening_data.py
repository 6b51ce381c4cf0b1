"""What another store has to know of this one's work: entries, what billed them, what was drawn."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, func, select

from timix_xl.domain.entries import EntryState, Kind
from timix_xl.domain.invoices import Status
from timix_xl.domain.money import from_minor
from timix_xl.domain.pro_formas import ProFormaState
from timix_xl.store import tables as t
from timix_xl.store.reading import order_number


def entries(connection: Connection, home: str) -> list[dict[str, Any]]:
    """Return the entries, by date and id; `home` is the company's currency, of cost amounts.

    What an invoice that was taken back had held is not among them, nor what stands against a
    remainder that was billed.
    """
    query = (
        select(t.entries)
        .where(t.entries.c.kind != Kind.REVERSAL, t.entries.c.state != EntryState.CANCELLED)
        .order_by(t.entries.c.date, t.entries.c.id)
    )
    rows = [dict(row) for row in connection.execute(query).mappings()]
    for row in rows:
        for column, currency in (("cost_amount", home), ("face_amount", row["currency"])):
            if row[column] is not None:
                row[column] = from_minor(row[column], currency)
    return rows


def billed_on(connection: Connection) -> dict[str, str]:
    """Return the number of the document that bills each entry; a draft bills nothing yet."""
    query = (
        select(t.claims.c.entry, t.documents.c.number)
        .join(t.documents, t.documents.c.id == t.claims.c.document)
        .where(t.documents.c.status != Status.DRAFT)
    )
    return {row.entry: row.number for row in connection.execute(query)}


def open_pro_formas(connection: Connection) -> int:
    """Count the pro formas that are with the customer or on hold."""
    open_ones = t.pro_formas.c.state != ProFormaState.CLOSED
    counted = select(func.count()).select_from(t.pro_formas).where(open_ones)
    return int(connection.execute(counted).scalar_one())


def drawn(connection: Connection, units: Mapping[str, str]) -> dict[str, Decimal]:
    """Return what documents drew on each frame order, by its unit; drafts draw nothing yet."""
    query = (
        select(t.draw_downs.c.frame_order, func.sum(t.draw_downs.c.drawn))
        .join(t.documents, t.documents.c.id == t.draw_downs.c.document)
        .where(t.documents.c.status != Status.DRAFT)
        .group_by(t.draw_downs.c.frame_order)
    )
    return {
        order: order_number(int(number), units[order])
        for order, number in connection.execute(query)
    }
