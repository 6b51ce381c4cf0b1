"""Remainders and reversals as stored: entries that know the document that held them back."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from timix_xl.domain.entries import Entry, EntryState, Kind
from timix_xl.domain.invoices import Status, draft_name
from timix_xl.domain.money import from_minor, in_minor
from timix_xl.domain.remainders import Remainder, reversal_id
from timix_xl.store import tables as t
from timix_xl.store.reading import chunks


@dataclass(frozen=True, slots=True)
class RemainderStanding:
    """What has become of what a line held back; `on` names the document that claims it."""

    entry: str
    line: int
    amount: Decimal
    state: EntryState
    on: str | None
    is_billed: bool

    @property
    def is_unbilled(self) -> bool:
        """Whether nobody has touched it yet."""
        return self.state is EntryState.OPEN and self.on is None


_FACTS = [
    column
    for column in t.entries.columns
    if column.name in {field.name for field in fields(Entry)} - {"cost_amount"}
]


def covered_on(connection: Connection, projects: Collection[str]) -> dict[str, dt.date]:
    """Return, of the remainders of projects, the day of the work that each was held back from."""
    own = t.entries.c
    query = select(own.id, own.covered_on).where(
        own.kind == Kind.REMAINDER, own.project.in_(projects), own.covered_on.is_not(None)
    )
    return {row.id: row.covered_on for row in connection.execute(query)}


def to_settle(connection: Connection, document: int) -> dict[str, Entry]:
    """Return the remainders on a document, and the entries on its lines that hold something back.

    One statement, however many they are.
    """
    share, line, own = t.document_entries.c, t.document_lines.c, t.entries.c
    query = (
        select(*_FACTS)
        .join_from(t.entries, t.document_entries, share.entry == own.id)
        .join(t.document_lines, (line.document == share.document) & (line.line == share.line))
        .where(share.document == document)
        .where(line.held.is_not(None) | (own.kind == Kind.REMAINDER))
    )
    return {row["id"]: Entry(**_read(dict(row))) for row in connection.execute(query).mappings()}


def _read(row: dict[str, Any]) -> dict[str, Any]:
    if row["face_amount"] is not None:
        row["face_amount"] = from_minor(row["face_amount"], row["currency"])
    return row


def save_remainders(connection: Connection, document: int, remainders: Sequence[Remainder]) -> None:
    """Write what an issued document held back."""
    rows = [{**_row(one.entry), "of_document": document, "of_line": one.line} for one in remainders]
    if rows:
        connection.execute(insert(t.entries), rows)


def _row(entry: Entry) -> dict[str, Any]:
    row = {column.name: getattr(entry, column.name) for column in _FACTS}
    face = entry.face_amount
    return row | {"face_amount": None if face is None else in_minor(face, entry.currency)}


def save_reversals(connection: Connection, document: int, reversals: Sequence[Entry]) -> None:
    """Write what stands against the remainders that a document bills.

    A cancelled one is opened again, as of now. A reversal knows the document and the line that
    held its remainder back.
    """
    if not reversals:
        return
    sources = _sources(connection, document)
    again = [{"back": one.id, "day": one.date} for one in reversals if sources[one.id] is None]
    if again:
        opened = update(t.entries).where(t.entries.c.id == bindparam("back"))
        day = bindparam("day", type_=t.entries.c.date.type)
        values = {"state": EntryState.OPEN, "date": day, "approved_on": day}
        connection.execute(opened.values(**values), again)
    rows = [{**_row(one), **source} for one in reversals if (source := sources[one.id])]
    if rows:
        connection.execute(insert(t.entries), rows)


def _sources(connection: Connection, document: int) -> dict[str, dict[str, Any] | None]:
    """Return by reversal what its remainder knows of where it was held back; None: it is there.

    One statement, however many they are.
    """
    share, own, there = t.document_entries.c, t.entries.c, t.entries.alias("there")
    query = (
        select(own.id, own.of_document, own.of_line, there.c.id.label("there"))
        .join_from(t.document_entries, t.entries, own.id == share.entry)
        .outerjoin(there, there.c.id == own.id + reversal_id(""))
        .where(share.document == document, own.kind == Kind.REMAINDER)
    )
    return {
        reversal_id(row.id): None
        if row.there
        else {"of_document": row.of_document, "of_line": row.of_line}
        for row in connection.execute(query)
    }


def of_document(connection: Connection, document: int) -> list[RemainderStanding]:
    """Return what has become of what a document held back, save for what is cancelled."""
    own, claiming = t.entries.c, t.documents.c
    joined = (
        t.entries.outerjoin(t.claims, t.claims.c.entry == own.id)
        .outerjoin(t.documents, claiming.id == t.claims.c.document)
        .outerjoin(t.pro_formas, t.pro_formas.c.document == claiming.id)
    )
    query = (
        select(
            *(own.id, own.of_line, own.face_amount, own.currency, own.state),
            *(claiming.id.label("place"), claiming.number, claiming.status),
            t.pro_formas.c.number.label("pro_forma"),
        )
        .select_from(joined)
        .where(own.of_document == document, own.kind == Kind.REMAINDER)
        .where(own.state != EntryState.CANCELLED)
        .order_by(own.of_line)
    )
    return [_standing(row) for row in connection.execute(query)]


def _standing(row: Any) -> RemainderStanding:
    on = None
    if row.place is not None:
        on = row.number or row.pro_forma or draft_name(row.place)
    return RemainderStanding(
        entry=row.id,
        line=row.of_line,
        amount=from_minor(row.face_amount, row.currency),
        state=row.state,
        on=on,
        is_billed=on is not None and row.status is not Status.DRAFT,
    )


def cancel(connection: Connection, ids: Collection[str]) -> None:
    """Take remainders back, or reversals: they are never billed again."""
    rows = [{"gone": one} for one in ids]
    if rows:
        gone = update(t.entries).where(t.entries.c.id == bindparam("gone"))
        connection.execute(gone.values(state=EntryState.CANCELLED), rows)


def beside(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return, for entries that credit notes wrote off, the remainder that stands for a part.

    By entry: the remainder, and the number of the document that held it back.
    """
    taken, note, line = t.document_entries.c, t.documents.alias("note").c, t.document_lines.c
    source, own = t.documents.alias("source").c, t.entries.c
    query = (
        select(taken.entry, own.id, source.number)
        .join_from(t.document_entries, note.id.table, note.id == taken.document)
        .join(t.document_lines, (line.document == taken.document) & (line.line == taken.line))
        .join(source.id.table, source.id == note.corrects)
        .join(t.entries, (own.of_document == source.id) & (own.of_line == line.of_line))
        .where(own.kind == Kind.REMAINDER, own.state != EntryState.CANCELLED)
    )
    return {
        row.entry: (row.id, row.number)
        for some in chunks(ids)
        for row in connection.execute(query.where(taken.entry.in_(some)))
    }
