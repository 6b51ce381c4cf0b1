"""Number series, and how a draft becomes an issued, sealed document."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    Connection,
    Table,
    insert,
    select,
    update,
)

from timix_xl.domain.invoices import Document, DocumentKind, Status
from timix_xl.domain.numbering import SeriesPattern
from timix_xl.domain.seal import sealed
from timix_xl.domain.settings import BillingSettings
from timix_xl.store import snapshots
from timix_xl.store import tables as t
from timix_xl.store.chained import Actor
from timix_xl.store.documents import EventKind
from timix_xl.store.life import save_event


def last_issue_date(
    connection: Connection, kind: DocumentKind, settings: BillingSettings, year: int
) -> dt.date | None:
    """Return the date of the last number of a series; issue dates never run backwards in it."""
    row = _series(connection, kind, series_year(kind, settings, year))
    return row.last_issue_date if row else None


def next_number(
    connection: Connection, kind: DocumentKind, settings: BillingSettings, year: int
) -> tuple[str, str | None]:
    """Return the number that comes next, and who has taken it already, if anybody."""
    place = series_year(kind, settings, year)
    row = _series(connection, kind, place)
    seq = row.next_seq if row else 1
    number = series_pattern(kind, settings).number(year=year, seq=seq)
    taken = select(t.numbers.c.taken_by).where(t.numbers.c.number == number)
    return number, connection.execute(taken).scalar_one_or_none()


def series_pattern(kind: DocumentKind, settings: BillingSettings) -> SeriesPattern:
    """Return the pattern that makes the numbers of this kind of document."""
    return {
        DocumentKind.INVOICE: settings.invoice_number,
        DocumentKind.CREDIT_NOTE: settings.credit_note_number,
        DocumentKind.PRO_FORMA: settings.pro_forma_number,
    }[kind]


def series_year(kind: DocumentKind, settings: BillingSettings, year: int) -> int:
    """Return the year of the series; 0 where the pattern has none."""
    return year if series_pattern(kind, settings).yearly else 0


def _series(connection: Connection, kind: DocumentKind, year: int) -> Any:
    wanted = select(t.series).where(t.series.c.kind == kind, t.series.c.year == year)
    return connection.execute(wanted).one_or_none()


def _started(connection: Connection, kind: DocumentKind, year: int) -> Any:
    series = _series(connection, kind, year)
    if series is None:
        start = {"kind": kind, "year": year, "next_seq": 1, "first_seq": 1, "head": ""}
        connection.execute(insert(t.series), [start])
        series = _series(connection, kind, year)
    return series


def take_place(
    connection: Connection, kind: DocumentKind, settings: BillingSettings, year: int
) -> tuple[int, int]:
    """Take the next place of a series whose documents are not sealed; returns (year, place)."""
    place = series_year(kind, settings, year)
    series = _started(connection, kind, place)
    of_series = (t.series.c.kind == kind, t.series.c.year == place)
    connection.execute(update(t.series).where(*of_series).values(next_seq=series.next_seq + 1))
    return place, series.next_seq


def issue_draft(
    connection: Connection, number: int, document: Document, settings: BillingSettings, actor: Actor
) -> Document:
    """Give a draft its number, seal it and freeze it; returns it as issued."""
    kind, year = document.kind, document.issue_date.year
    place = series_year(kind, settings, year)
    series = _started(connection, kind, place)
    text = series_pattern(kind, settings).number(year=year, seq=series.next_seq)
    issued = replace(document, number=text)
    named = {"number": text, "year": place, "seq": series.next_seq}
    content = snapshots.content(issued, _stored_rows(connection, number, named))
    seal = sealed(series.head, content)
    connection.execute(insert(t.numbers), [{"number": text, "taken_by": f"{kind.value} {number}"}])
    connection.execute(
        update(t.documents)
        .where(t.documents.c.id == number)
        .values(
            **named, status=Status.ISSUED, content=content, previous_seal=series.head, seal=seal
        )
    )
    connection.execute(
        update(t.series)
        .where(t.series.c.kind == kind, t.series.c.year == place)
        .values(next_seq=series.next_seq + 1, last_issue_date=document.issue_date, head=seal)
    )
    save_event(connection, number, EventKind.ISSUED, document.issue_date, actor)
    return issued


def keep_draft(connection: Connection, number: int, document: Document) -> None:
    """Keep a draft's whole document, to be shown and issued later."""
    content = snapshots.content(document, _stored_rows(connection, number, {}))
    connection.execute(
        update(t.documents).where(t.documents.c.id == number).values(content=content)
    )


SEALED_TABLES = (t.documents, t.document_lines, t.document_entries, t.document_taxes, t.draw_downs)


def _stored_rows(
    connection: Connection, number: int, named: Mapping[str, Any]
) -> dict[str, list[dict[str, Any]]]:
    """Read a draft's rows back as the database keeps them: the seal covers what is stored."""
    stored = {}
    for table in SEALED_TABLES:
        column = table.c.id if table is t.documents else table.c.document
        query = snapshots.select_raw(table).where(column == number).order_by(*table.primary_key)
        rows = connection.execute(query).mappings()
        stored[table.name] = [sealable(table, dict(row)) for row in rows]
    stored["documents"][0].update(named)
    return stored


def sealable(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """Drop what a seal does not cover, and what is not set."""
    unsealed = snapshots.UNSEALED if table is t.documents else set()
    return {name: row[name] for name in row if name not in unsealed and row[name] is not None}
