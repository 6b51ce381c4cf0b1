"""Append to the hash-chained tables: events of both kinds, closings and the audit log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import Connection, Table, insert, select, update

from timix_xl.domain.seal import Plain, canonical, sealed
from timix_xl.store import tables

IMPORT = "import"
"""What the audit log calls the taking in of files."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and when: the clock and the user are arguments everywhere.

    `day` is the day of the act where that is not the clock's: documents and payments are dated by
    it, the audit log notes the clock.
    """

    user: str
    at: datetime
    day: date | None = None

    @property
    def today(self) -> date:
        """The day of the act."""
        return self.day or self.at.date()

    @property
    def stamp(self) -> str:
        """The moment as ISO text."""
        return self.at.isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Note:
    """A row of the audit log; `before` and `after` are JSON text."""

    at: str
    by: str
    action: str
    object: str
    before: str
    after: str


def notes(connection: Connection, action: str | None = None) -> list[Note]:
    """Return the audit log, whole or of one action, oldest first."""
    table = tables.audit_log
    wanted = [table.c[name] for name in ("at", "by", "action", "object", "before", "after")]
    query = select(*wanted).order_by(table.c.id)
    if action is not None:
        query = query.where(table.c.action == action)
    return [Note(*row) for row in connection.execute(query)]


def plain_row(row: Mapping[str, Any]) -> Plain:
    """Turn a row into plain values, in one way only: dates and decimals become text."""
    return {name: _plain(value) for name, value in row.items() if value is not None}


def _plain(value: Any) -> Plain:
    if value is None:
        return None
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str | int | bool):
        return value
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value]


def append(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Append rows to a chain; returns their ids. One statement, however many rows."""
    if not rows:
        return []
    chain = connection.execute(
        select(tables.chains.c.length, tables.chains.c.head).where(
            tables.chains.c.name == table.name
        )
    ).one()
    length, head, hashed = chain.length, chain.head, []
    for row in rows:
        length += 1
        whole = {"id": length, **row}
        head = row_hash(head, whole)
        hashed.append({**whole, "hash": head})
    connection.execute(insert(table), hashed)
    connection.execute(
        update(tables.chains)
        .where(tables.chains.c.name == table.name)
        .values(length=length, head=head)
    )
    return list(range(chain.length + 1, length + 1))


def heads(connection: Connection) -> dict[str, str]:
    """Return where each chain ends: as it was before means that nobody has written since."""
    rows = connection.execute(select(tables.chains.c.name, tables.chains.c.head))
    return {row.name: row.head for row in rows}


def row_hash(previous: str, row: Mapping[str, Any]) -> str:
    """Return the hash of a row (without its hash column) over its predecessor's."""
    return sealed(previous, canonical(plain_row(row)))


def log(
    connection: Connection, actor: Actor, action: str, changes: Sequence[tuple[str, Any, Any]]
) -> None:
    """Note in the audit log who did what to which objects: (object, before, after)."""
    append(
        connection,
        tables.audit_log,
        [
            {
                "at": actor.stamp,
                "by": actor.user,
                "action": action,
                "object": what,
                "before": canonical(_plain(before)) if before is not None else "",
                "after": canonical(_plain(after)) if after is not None else "",
            }
            for what, before, after in changes
        ],
    )
