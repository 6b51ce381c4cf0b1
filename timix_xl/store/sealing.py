"""What a seal of a period covers, as the database keeps it."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Connection, Table, func, select, type_coerce

from timix_xl.domain.invoices import DocumentKind
from timix_xl.domain.money import QUANTITY_PLACES, from_minor, unscaled
from timix_xl.domain.period_seals import SealedSum, SealedTable
from timix_xl.store import snapshots
from timix_xl.store import tables as t
from timix_xl.store.auditing import RawRow

_FIGURES = ("hours", "subtotal", "tax", "total")


def identity(connection: Connection) -> str | None:
    """Return the id of the store; None where somebody took it out."""
    found = select(t.meta.c.value).where(t.meta.c.key == "store_id")
    return connection.execute(found).scalar_one_or_none()


def company(connection: Connection) -> str:
    """Return the name of the company, or nothing where there is none yet."""
    return connection.execute(select(t.company.c.name)).scalar_one_or_none() or ""


def ends(connection: Connection, until: dt.date) -> list[tuple[DocumentKind, int, int]]:
    """Return every series of sealed documents with its last place up to a day."""
    own = t.documents.c
    query = (
        select(own.kind, own.year, func.max(own.seq))
        .where(own.seq.is_not(None), own.issue_date <= until)
        .group_by(own.kind, own.year)
        .order_by(own.kind, own.year)
    )
    return [(row[0], row[1], row[2]) for row in connection.execute(query)]


def places_in(
    connection: Connection, kind: DocumentKind, year: int, since: dt.date | None, until: dt.date
) -> int:
    """Return how many documents of a series are dated in a period."""
    own = t.documents.c
    query = select(func.count()).where(
        own.kind == kind, own.year == year, own.seq.is_not(None), own.issue_date <= until
    )
    if since is not None:
        query = query.where(own.issue_date >= since)
    return int(connection.execute(query).scalar_one())


def documents(
    connection: Connection, kind: DocumentKind, year: int, first_seq: int, last_seq: int
) -> list[RawRow]:
    """Return the documents of a series from one place to another, in their order."""
    own = t.documents.c
    wanted = (own.seq, own.number, own.seal, own.issue_date, own.currency)
    query = (
        select(*map(_raw, (*wanted, *(own[name] for name in _FIGURES))))
        .where(own.kind == kind, own.year == year, own.seq.between(first_seq, last_seq))
        .order_by(own.seq)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def _raw(column: Column[Any]) -> Any:
    return type_coerce(column, snapshots.stored_type(column)).label(column.name)


def hours_and_sums(rows: Iterable[RawRow]) -> tuple[Decimal, tuple[SealedSum, ...]]:
    """Add documents up: hours, and money by currency; raises ValueError if a figure is none."""
    hours, added = 0, dict[str, list[int]]()
    for row in rows:
        figures = [row[name] for name in _FIGURES]
        if not all(isinstance(one, int) for one in figures) or not isinstance(row["currency"], str):
            raise ValueError(f"a figure of {row['number']} is none")
        hours += figures[0]
        sums = added.setdefault(row["currency"], [0, 0, 0])
        for at, figure in enumerate(figures[1:]):
            sums[at] += figure
    return unscaled(hours, QUANTITY_PLACES), tuple(
        SealedSum(
            currency=currency,
            **{
                name: from_minor(figure, currency)
                for name, figure in zip(_FIGURES[1:], sums, strict=True)
            },
        )
        for currency, sums in sorted(added.items())
    )


def pro_forma_numbers(connection: Connection) -> int:
    """Return how many numbers pro formas have taken; those of deleted ones stay taken."""
    taken = t.numbers.c.taken_by.like("pro\\_forma %", escape="\\")
    return int(connection.execute(select(func.count()).where(taken)).scalar_one())


def chained_tables(connection: Connection) -> tuple[SealedTable, ...]:
    """Return how far each chained table has come."""
    rows = connection.execute(select(t.chains)).mappings()
    found = {row["name"]: SealedTable(**row) for row in rows}
    return tuple(found.get(table.name, SealedTable(table.name, 0, "")) for table in t.CHAINED)


def hash_at(connection: Connection, table: Table, place: int) -> str | None:
    """Return the hash of a row of a chained table; None where it is not there."""
    found = select(table.c.hash).where(table.c.id == place)
    return connection.execute(found).scalar_one_or_none()


def length_of(connection: Connection, table: Table) -> int:
    """Return how many rows a table has."""
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def events_in(
    connection: Connection, since: dt.date | None, until: dt.date, *, upto: int
) -> dict[str, int]:
    """Count by kind what happened to documents in a period, up to a row of the events."""
    own = t.events.c
    query = (
        select(own.kind, func.count())
        .where(own.id <= upto, own.date <= until)
        .group_by(own.kind)
        .order_by(own.kind)
    )
    if since is not None:
        query = query.where(own.date >= since)
    return {str(row[0]): row[1] for row in connection.execute(query)}
