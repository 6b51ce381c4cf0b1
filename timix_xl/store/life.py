"""What happens to an issued document: events, status, what a void gives back."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Connection,
    delete,
    insert,
    select,
    update,
)

from timix_xl.domain.invoices import Status
from timix_xl.domain.seal import canonical
from timix_xl.store import tables as t
from timix_xl.store.chained import Actor, append
from timix_xl.store.documents import EventKind
from timix_xl.store.ids import next_id


def save_event(
    connection: Connection,
    document: int,
    kind: EventKind,
    date: dt.date,
    actor: Actor,
    *,
    amount: int | None = None,
    reference: str = "",
    reason: str = "",
    detail: Any = None,
) -> int:
    """Append an event of a document; `amount` in minor units. Returns its id."""
    row = {
        "document": document,
        "kind": kind.value,
        "date": date,
        "amount": amount,
        "reference": reference,
        "reason": reason,
        "detail": canonical(detail) if detail is not None else "",
        "by": actor.user,
        "at": actor.stamp,
    }
    return append(connection, t.events, [row])[0]


def set_status(connection: Connection, document: int, status: Status) -> None:
    """Move a document along; the database refuses a step that the transition table lacks."""
    connection.execute(
        update(t.documents).where(t.documents.c.id == document).values(status=status)
    )


def release(connection: Connection, document: int) -> None:
    """Let go of a document's entries."""
    connection.execute(delete(t.claims).where(t.claims.c.document == document))


def returns_of(connection: Connection, document: int) -> list[dict[str, Any]]:
    """Return the rows that would give back what a document drew."""
    query = select(t.draw_downs.c.frame_order, t.draw_downs.c.drawn).where(
        t.draw_downs.c.document == document, t.draw_downs.c.event.is_(None)
    )
    first = next_id(connection, t.draw_downs)
    return [
        {"id": first + at, "frame_order": row.frame_order, "drawn": -row.drawn}
        for at, row in enumerate(connection.execute(query))
    ]


def give_back(
    connection: Connection,
    document: int,
    returns: Sequence[Mapping[str, Any]],
    *,
    event: int,
    date: dt.date,
) -> None:
    """Return a document's draw to its frame orders."""
    rows = [{**row, "document": document, "date": date, "event": event} for row in returns]
    if rows:
        connection.execute(insert(t.draw_downs), rows)
