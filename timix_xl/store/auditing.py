"""What verify reads: every row that must hold, as the database keeps it."""

from collections import defaultdict
from typing import Any, TypeAlias

from sqlalchemy import Connection, Table, func, select

from timix_xl.store import snapshots
from timix_xl.store import tables as t

RawRow: TypeAlias = dict[str, Any]


def rows(connection: Connection, table: Table) -> list[RawRow]:
    """Return a whole table, in the order of its key."""
    query = snapshots.select_raw(table).order_by(*table.primary_key)
    return [dict(row) for row in connection.execute(query).mappings()]


def rows_by(connection: Connection, table: Table, column: str) -> dict[Any, list[RawRow]]:
    """Return a whole table, grouped by one of its columns."""
    grouped: dict[Any, list[RawRow]] = defaultdict(list)
    for row in rows(connection, table):
        grouped[row[column]].append(row)
    return grouped


def latest_outcomes(connection: Connection) -> dict[str, str]:
    """Return what the last run did with each entry."""
    latest = select(t.run_entries.c.entry, func.max(t.run_entries.c.run).label("run"))
    last = latest.group_by(t.run_entries.c.entry).subquery()
    query = select(t.run_entries.c.entry, t.run_entries.c.outcome).join(
        last, (last.c.entry == t.run_entries.c.entry) & (last.c.run == t.run_entries.c.run)
    )
    return {row.entry: row.outcome.value for row in connection.execute(query)}


def database_problems(connection: Connection) -> list[str]:
    """Ask the database itself whether its file and its references are whole."""
    found = [
        row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check") if row[0] != "ok"
    ]
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return found + [f"{row[0]} row {row[1]} points to a missing row of {row[2]}" for row in broken]


def missing_triggers(connection: Connection, wanted: set[str]) -> list[str]:
    """Name the guards that somebody has taken away."""
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    there = {row[0] for row in connection.exec_driver_sql(query)}
    return sorted(wanted - there)
