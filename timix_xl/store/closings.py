"""Closed months: what was closed and opened again, and the WIP that stood then."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeDecorator

from timix_xl.domain.money import QUANTITY_PLACES, from_minor, in_minor, scaled
from timix_xl.domain.periods import ClosingKind
from timix_xl.domain.seal import canonical
from timix_xl.store import snapshots
from timix_xl.store import tables as t
from timix_xl.store.auditing import parsed
from timix_xl.store.chained import Actor, append

_DIALECT = sqlite.dialect()


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """A month that was closed or opened again; `until` is its last day."""

    id: int
    month: str
    until: dt.date
    kind: ClosingKind
    reason: str
    figures: dict[str, Any]
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class ClosedWip:
    """What an entry was worth when a month was closed; money in the customer's currency."""

    entry: str
    hours: Decimal
    amount: Decimal
    currency: str


def closings(connection: Connection) -> list[Closing]:
    """Return everything that was closed or opened again, oldest first."""
    names = ("id", "month", "until", "kind", "reason", "figures", "by", "at")
    query = select(*(t.closings.c[name] for name in names)).order_by(t.closings.c.id)
    return [
        Closing(**dict(row) | {"figures": parsed(row["figures"])})
        for row in connection.execute(query).mappings()
    ]


def standing_closings(connection: Connection) -> dict[str, Closing]:
    """Return the months that are closed now, by month (YYYY-MM), in the order of time."""
    standing: dict[str, Closing] = {}
    for one in closings(connection):
        standing.pop(one.month, None)
        if one.kind is ClosingKind.CLOSE:
            standing[one.month] = one
    return dict(sorted(standing.items()))


def locked_until(connection: Connection) -> dt.date | None:
    """Return the last day of the last closed month, if any is closed; reads no figures."""
    rows = t.closings.c
    query = select(rows.month, rows.until, rows.kind).order_by(rows.id)
    standing: dict[str, dt.date | None] = {}
    for month, until, kind in connection.execute(query):
        standing[month] = until if kind is ClosingKind.CLOSE else None
    return max((until for until in standing.values() if until), default=None)


UNDATED = (t.frame_orders, t.open_invoices)
"""What reports as of a day show, and nothing dates: kept as it was with each close."""
GROWING = (t.events, t.entry_events, t.draw_downs, t.runs, t.audit_log)
"""What only grows: how far it had come tells what was written before a close, and what after."""


def state_of_books(connection: Connection) -> dict[str, Any]:
    """Return what is kept with a close, and with a reopening, beside the WIP.

    "upto" is the last id of everything that grows, "kept" are the rows that nothing dates.
    """
    last = {
        table.name: connection.execute(select(func.max(table.c.id))).scalar_one() or 0
        for table in GROWING
    }
    kept = {
        table.name: [
            dict(row) for row in connection.execute(snapshots.select_raw(table)).mappings()
        ]
        for table in UNDATED
    }
    return {"upto": last, "kept": kept}


def closing_at(connection: Connection, day: dt.date) -> Closing | None:
    """Return the first standing close of a month that ends on or after a day."""
    standing = standing_closings(connection).values()
    return next((one for one in standing if one.until >= day), None)


def as_closed(
    connection: Connection, table: Table, day: dt.date | None
) -> dict[str, dict[str, Any]] | None:
    """Return rows that nothing dates as they were when the month of a day was closed, by key.

    None where that month is not closed: what stands now holds.
    """
    closing = closing_at(connection, day) if day else None
    if closing is None or table.name not in closing.figures.get("kept", {}):
        return None
    (key,) = (column.name for column in table.primary_key)
    rows = [typed(table, row) for row in closing.figures["kept"][table.name]]
    return {str(row[key]): row for row in rows}


def typed(table: Table, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Turn a row as the database keeps it into values."""
    row = dict(raw)
    for column in table.columns:
        if isinstance(column.type, TypeDecorator):
            row[column.name] = column.type.process_result_value(raw[column.name], _DIALECT)
    return row


def entries_as_closed(connection: Connection, day: dt.date) -> dict[str, dict[str, Any]]:
    """Return the columns of entries that files have changed since the month of a day was closed.

    By entry, as the audit log noted them before the first change.
    """
    closing = closing_at(connection, day)
    if closing is None:
        return {}
    log = t.audit_log.c
    query = (
        select(log.object, log.before, log.after)
        .where(log.id > closing.figures.get("upto", {}).get("audit_log", 0))
        .where(log.action == "import", log.object.startswith("entry "))
        .order_by(log.id)
    )
    found: dict[str, dict[str, Any]] = {}
    for row in connection.execute(query):
        before = parsed(row.before)
        was = found.setdefault(row.object.removeprefix("entry "), {})
        for name in parsed(row.after) | before:
            was.setdefault(name, before.get(name))
    return found


def save_closing(
    connection: Connection,
    month: str,
    until: dt.date,
    kind: ClosingKind,
    actor: Actor,
    *,
    reason: str = "",
    figures: Any = None,
) -> int:
    """Note that a month was closed or opened again; returns its id."""
    row = {
        "month": month,
        "until": until,
        "kind": kind,
        "reason": reason,
        "figures": canonical(figures) if figures is not None else "",
        "by": actor.user,
        "at": actor.stamp,
    }
    return append(connection, t.closings, [row])[0]


def save_wip(connection: Connection, closing: int, entries: Iterable[ClosedWip]) -> None:
    """Keep what each entry was worth when a month was closed."""
    rows = [{"closing": closing, **row} for row in wip_rows(entries)]
    if rows:
        connection.execute(insert(t.closing_entries), rows)


def wip_rows(entries: Iterable[ClosedWip]) -> list[dict[str, Any]]:
    """Return what is stored of each entry."""
    return [
        {"entry": one.entry, "hours": one.hours, "amount": in_minor(one.amount, one.currency)}
        for one in entries
    ]


def wip_digest(rows: Iterable[Mapping[str, Any]]) -> str:
    """Fingerprint the WIP of a closed month; hours are decimals or, as stored, whole numbers."""
    plain: list[Any] = sorted(
        [row["entry"], _stored_hours(row["hours"]), row["amount"]] for row in rows
    )
    return hashlib.sha256(canonical(plain).encode()).hexdigest()


def _stored_hours(hours: Decimal | int) -> int:
    return scaled(hours, QUANTITY_PLACES) if isinstance(hours, Decimal) else hours


def closed_wip(connection: Connection, closing: int) -> dict[str, ClosedWip]:
    """Return what each entry was worth when a month was closed, by entry."""
    joined = (
        t.closing_entries.join(t.entries, t.entries.c.id == t.closing_entries.c.entry)
        .join(t.projects, t.projects.c.code == t.entries.c.project)
        .join(t.customers, t.customers.c.code == t.projects.c.customer)
    )
    query = (
        select(t.closing_entries, t.customers.c.currency)
        .select_from(joined)
        .where(t.closing_entries.c.closing == closing)
    )
    return {
        row.entry: ClosedWip(
            row.entry, row.hours, from_minor(row.amount, row.currency), row.currency
        )
        for row in connection.execute(query)
    }
