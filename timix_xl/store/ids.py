"""Ids that are given out in order."""

from sqlalchemy import (
    Connection,
    Table,
    func,
    select,
)


def next_id(connection: Connection, table: Table) -> int:
    """Return the next id of a table: safe, because only one connection writes at a time."""
    return int(connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()) + 1
