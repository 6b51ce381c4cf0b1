"""What verify reads: every row that must hold, as the database keeps it."""

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    LargeBinary,
    Table,
    func,
    or_,
    select,
)

from timix_xl.domain.entries import Decision, EntryState, Kind
from timix_xl.domain.invoices import DocumentKind
from timix_xl.store import snapshots
from timix_xl.store import tables as t
from timix_xl.store.columns import Choice, Day, Flag

RawRow: TypeAlias = dict[str, Any]

CHUNK = 2_000
"""How many rows are fetched at once: a table need not fit into memory."""


def rows(connection: Connection, table: Table) -> list[RawRow]:
    """Return a whole table, in the order of its key."""
    return list(each(connection, table))


def each(
    connection: Connection,
    table: Table,
    *,
    names: Collection[str] | None = None,
    where: ColumnElement[bool] | None = None,
    by: str | None = None,
) -> Iterator[RawRow]:
    """Yield the rows of a table, with these columns and its key, or with all.

    They come in the order of its key, or of a column and of the key then.
    """
    query = snapshots.select_raw(table)
    if names is not None:
        keys = [column.name for column in table.primary_key]
        wanted = query.selected_columns
        query = query.with_only_columns(*(wanted[name] for name in dict.fromkeys([*keys, *names])))
    if where is not None:
        query = query.where(where)
    first = () if by is None else (table.c[by],)
    ordered = query.order_by(*first, *table.primary_key)
    # Whoever has seen enough closes it: a server keeps what was found until then.
    with connection.execute(ordered, execution_options={"yield_per": CHUNK}) as found:
        own = tuple(found.keys())
        for row in found:
            yield dict(zip(own, row, strict=True))


def around_notes(table: Table) -> ColumnElement[bool]:
    """Select the rows of credit notes and of what they correct."""
    own = t.documents.c
    notes = select(own.id).where(own.kind == DocumentKind.CREDIT_NOTE)
    corrected = select(own.corrects).where(own.corrects.is_not(None))
    return or_(table.c.document.in_(notes), table.c.document.in_(corrected))


def around_pro_formas(table: Table) -> ColumnElement[bool]:
    """Select the rows of pro formas and of what was made from them."""
    own = t.pro_formas.c
    made = select(own.released_to).where(own.released_to.is_not(None))
    return or_(table.c.document.in_(select(own.document)), table.c.document.in_(made))


def does(action: str) -> ColumnElement[bool]:
    """Select the notes of the audit log on an action."""
    return t.audit_log.c.action == action


def happens(kind: str) -> ColumnElement[bool]:
    """Select the events of a kind."""
    return t.events.c.kind == kind


def gives_back() -> ColumnElement[bool]:
    """Select the events that tell, or have, what came back to frame orders."""
    back = select(t.draw_downs.c.event).where(t.draw_downs.c.event.is_not(None))
    return or_(t.events.c.detail != "", t.events.c.id.in_(back))


def holds_back() -> ColumnElement[bool]:
    """Select the lines that hold something back."""
    return t.document_lines.c.held != 0


def is_of(*kinds: Kind) -> ColumnElement[bool]:
    """Select the entries of these kinds."""
    return t.entries.c.kind.in_(kinds)


def is_part() -> ColumnElement[bool]:
    """Select the entries that are parts of others."""
    return t.entries.c.part_of.is_not(None)


def is_whole() -> ColumnElement[bool]:
    """Select the entries that are split, or have parts."""
    parts = t.entries.alias("parts")
    wholes = select(parts.c.part_of).where(parts.c.part_of.is_not(None))
    return or_(t.entries.c.state == EntryState.SPLIT, t.entries.c.id.in_(wholes))


def is_cancelled_or_has(names: Collection[str]) -> ColumnElement[bool]:
    """Select the entries that are cancelled, or have something in one of these columns."""
    own = t.entries.c
    has = (own[name].is_not(None) for name in names)
    return or_(own.state == EntryState.CANCELLED, *has)


def shows(entries: ColumnElement[bool]) -> ColumnElement[bool]:
    """Select the places of entries on documents."""
    return t.document_entries.c.entry.in_(select(t.entries.c.id).where(entries))


def writes_off() -> ColumnElement[bool]:
    """Select what runs wrote off."""
    return t.run_entries.c.outcome == Decision.WRITE_OFF


def chunks(connection: Connection, table: Table) -> Iterator[Sequence[Sequence[Any]]]:
    """Yield a whole table in the order of its key, some rows at a time, each as a tuple."""
    query = snapshots.select_raw(table).order_by(*table.primary_key)
    yield from connection.execute(query, execution_options={"yield_per": CHUNK}).partitions()


def count(connection: Connection, table: Table) -> int:
    """Return how many rows a table has."""
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def unsound(table: Table, some: Sequence[Sequence[Any]]) -> dict[int, list[str]]:
    """Name the columns whose value is not of the column's kind, by the place of the row."""
    found: dict[int, list[str]] = {}
    for column, values in zip(table.columns, zip(*some, strict=True), strict=False):
        if all(_fits(column, value) for value in _distinct(column, values)):
            continue
        for at, value in enumerate(values):
            if not _fits(column, value):
                found.setdefault(at, []).append(column.name)
    return dict(sorted(found.items()))


def _distinct(column: Column[Any], values: Sequence[object]) -> Collection[object]:
    """Return each value once; one of each type where only the type matters."""
    if isinstance(column.type, Choice | Day | Flag):
        return set(values)
    return dict(zip(map(type, values), values, strict=True)).values()


def _fits(column: Column[Any], value: object) -> bool:
    if value is None:
        return bool(column.nullable)
    kind = column.type
    if isinstance(kind, Choice):
        return value in {word.value for word in kind.kind}
    if isinstance(kind, Day):
        return _is_day(value)
    if isinstance(kind, Flag):
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
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
