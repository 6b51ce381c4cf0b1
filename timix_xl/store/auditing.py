"""What verify reads: every row that must hold, as the database keeps it."""

import json
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import Boolean, Column, Connection, Integer, LargeBinary, Table

from timix_xl.store import snapshots
from timix_xl.store.columns import Choice, Day

RawRow: TypeAlias = dict[str, Any]


def rows(connection: Connection, table: Table) -> list[RawRow]:
    """Return a whole table, in the order of its key."""
    query = snapshots.select_raw(table).order_by(*table.primary_key)
    return [dict(row) for row in connection.execute(query).mappings()]


def unsound(table: Table, row: RawRow) -> list[str]:
    """Name the columns of a row whose value is not of the column's kind."""
    return [column.name for column in table.columns if not _fits(column, row[column.name])]


def _fits(column: Column[Any], value: object) -> bool:
    if value is None:
        return bool(column.nullable)
    kind = column.type
    if isinstance(kind, Choice):
        return value in {word.value for word in kind.kind}
    if isinstance(kind, Day):
        return _is_day(value)
    if isinstance(kind, Boolean):
        return value in (0, 1)
    if isinstance(kind, LargeBinary):
        return isinstance(value, bytes)
    wanted = int if isinstance(snapshots.stored_type(column), Integer) else str
    return isinstance(value, wanted)


def _is_day(value: object) -> bool:
    try:
        return date.fromisoformat(str(value)).isoformat() == value
    except ValueError:
        return False


def parsed(text: str) -> RawRow:
    """Read a JSON object; what is none has been changed, and is nothing."""
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


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
