"""Ids that are given out in order."""

from sqlalchemy import (
    Connection,
    Table,
    func,
    insert,
    select,
    update,
)

from timix_xl.store import tables as t


def next_id(connection: Connection, table: Table) -> int:
    """Return the next id of a table: safe, because only one connection writes at a time.

    A deleted draft's id is not given out again: the audit log still speaks of it.
    """
    last = connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()
    gone = select(t.meta.c.value).where(t.meta.c.key == f"last_{table.name}")
    return max(int(last), int(connection.execute(gone).scalar_one_or_none() or 0)) + 1


def keep_id(connection: Connection, table: Table, number: int) -> None:
    """Remember an id whose row goes."""
    row = {"key": f"last_{table.name}", "value": str(number)}
    kept = t.meta.c.key == row["key"]
    last = connection.execute(select(t.meta.c.value).where(kept)).scalar_one_or_none()
    if last is None:
        connection.execute(insert(t.meta), [row])
    elif number > int(last):
        connection.execute(update(t.meta).where(kept).values(value=row["value"]))
