"""Tampering: with the triggers dropped, one value changed in any column of any frozen table."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg
import pytest
from sqlalchemy import Column, Table
from sqlalchemy.dialects import postgresql

from tests.builders import (
    ANN,
    REFUSED,
    Plain,
    Shop,
    Template,
    a_full_year,
    copy_of,
    on,
    plain,
    uncheck,
)
from timix_xl.billing.close import close, reopen
from timix_xl.billing.credit import credit
from timix_xl.billing.restore import restore
from timix_xl.billing.send import send
from timix_xl.billing.verify import Problem
from timix_xl.billing.void import void
from timix_xl.domain.invoices import Becomes
from timix_xl.store import issuing
from timix_xl.store import tables as t
from timix_xl.store.columns import Choice, Day

WATCHED = (
    *(t.documents, t.document_lines, t.document_entries, t.document_taxes, t.draw_downs),
    *(t.events, t.audit_log, t.runs, t.run_entries, t.series, t.numbers, t.claims, t.chains),
    *(t.entry_events, t.closings, t.closing_entries),
)
COLUMNS = [(table.name, column.name) for table in WATCHED for column in table.columns]
VOIDED = {"documents", "draw_downs", "events"}
"""Their first row is that of a voided invoice."""
NOTE = "note"
"""The last row of the credit note."""
NOTED = {table.name for table in issuing.SEALED_TABLES}
CASES = [
    (name, column, which)
    for name, column in COLUMNS
    if (name, column) != ("entry_events", "kind")  # the only word of its set
    for which in (*((0, -1) if name in VOIDED else (-1,)), *((NOTE,) if name in NOTED else ()))
]
NAMES = [table.name for table in WATCHED]
Row = dict[str, Any]


@pytest.fixture(scope="module")
def full(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Issued, sent and paid, voided invoices; a frame order drawn and returned; a location.

    A sent one is voided by its credit note, another is credited in part. Its owner has taken the
    triggers away, and has kept each table as it was.
    """
    shop = copy_of(template, tmp_path_factory.mktemp("full"))
    a_full_year(shop)
    for number in range(7, 10):
        shop.time(f"A{number}", hours="2", on="2026-01-21")
    last = shop.issue(frame_order="FO-H").numbers[0]
    fates = {"A7": Becomes.WRITE_OFF, "A8": Becomes.BILL}
    credit(shop.store, last, entries=list(fates), becomes=fates, reason="late", actor=ANN)
    held = shop.issue(frame_order="FO-H").numbers[0]
    send(shop.store, held, actor=ANN)
    void(shop.store, held, "wrong", actor=ANN)
    shop.issue(frame_order="FO-H")
    _closed(shop)
    assert shop.problems() == ()
    shop.unguarded()
    shop.say(*(f"CREATE TABLE whole_{name} AS SELECT * FROM {name}" for name in NAMES))
    yield shop
    shop.store.close()


def _closed(shop: Shop) -> None:
    """Close January, open it again, and close it anew; bring A6 back then."""
    shop.time("C1", "C2", on="2026-01-25")
    close(shop.store, "2026-01", actor=on("2026-02-02"))
    reopen(shop.store, "2026-01", "late work", actor=on("2026-02-02"))
    close(shop.store, "2026-01", actor=on("2026-02-03"))
    restore(shop.store, ["A6"], "found the order", actor=on("2026-02-04"))


@pytest.fixture(scope="module")
def owner(full: Shop) -> Iterator[Plain]:
    """The owner's own tool."""
    with closing(plain(full.path)) as connection:
        uncheck(connection)
        yield connection


@pytest.fixture
def tampered(owner: Plain, name: str) -> Iterator[Plain]:
    """The owner's own tool; the table that the test is about is put back afterwards."""
    yield owner
    owner.execute(f"DELETE FROM {name}")
    owner.execute(f"INSERT INTO {name} SELECT * FROM whole_{name}")


def found(shop: Shop) -> list[Problem]:
    """Verify; the guards that were taken away are another matter."""
    return [one for one in shop.problems() if one.code != "VERIFY-02"]


def rows(connection: Plain, table: Table) -> list[Row]:
    names = [column.name for column in table.columns]
    keys = ", ".join(f'"{column.name}"' for column in table.primary_key)
    columns = ", ".join(f'"{name}"' for name in names)
    query = f"SELECT {columns} FROM {table.name} ORDER BY {keys}"
    return [dict(zip(names, row, strict=True)) for row in connection.execute(query).fetchall()]


def the(row: Row, table: Table) -> str:
    """Say which row is meant."""
    return " AND ".join(f'"{one.name}" = {quoted(row[one.name])}' for one in table.primary_key)


def quoted(value: Any) -> str:
    if value is None or isinstance(value, int):
        return "NULL" if value is None else str(value)
    return "'" + str(value).replace("'", "''") + "'"


def last_of_note(connection: Plain, table: Table) -> Row:
    query = "SELECT MAX(id) FROM documents WHERE kind = 'credit_note'"
    ((note,),) = connection.execute(query).fetchall()
    key = "id" if table is t.documents else "document"
    return [row for row in rows(connection, table) if row[key] == note][-1]


def others(connection: Plain, column: Column[Any], value: Any) -> Iterator[Any]:
    """Yield other values that the column could well have."""
    for key in column.foreign_keys:
        query = f"SELECT {key.column.name} FROM {key.column.table.name}"
        yield from (row[0] for row in connection.execute(query).fetchall())
    if isinstance(column.type, Choice):
        yield from (member.value for member in column.type.kind)
    elif isinstance(column.type, Day):
        yield (dt.date.fromisoformat(value or "2026-01-01") + dt.timedelta(days=1)).isoformat()
    elif "INT" in str(column.type.compile()).upper() or isinstance(value, int):
        yield from (*range((value or 0) + 1, (value or 0) + 50), 0)
    else:
        yield (value or "") + ("x" if value else "other")


def change(connection: Plain, table: Table, row: Row, column: str) -> Any:
    """Change one value to the first other one that the constraints let through."""
    value = row[column]
    for other in others(connection, table.c[column], value):
        if other == value:
            continue
        try:
            connection.execute(
                f'UPDATE {table.name} SET "{column}" = {quoted(other)} WHERE {the(row, table)}'
            )
        except REFUSED:
            continue
        return other
    raise AssertionError(f"no other value for {table.name}.{column}")


def names_of(connection: Plain, table: Table, row: Row, column: str, other: Any) -> set[str]:
    """Return the words by which a person would know the row, as it was or as it is now."""
    return {name for one in (row, row | {column: other}) for name in _names(connection, table, one)}


def _names(connection: Plain, table: Table, row: Row) -> set[str]:
    query = "SELECT id, number FROM documents"
    numbers = dict(connection.execute(query).fetchall())
    document = row["id"] if table is t.documents else row.get("document")
    return {
        name
        for name in (
            numbers.get(document),
            row.get("number"),
            f"{table.name} {row['id']}" if "id" in row else None,
            f"run {row.get('run') or row.get('id')}" if table.name.startswith("run") else None,
            f"series {row['kind']} {row['year']}" if table is t.series else None,
            f"entry {row['entry']}" if table is t.claims else None,
            "month 2026-01" if table is t.closing_entries else None,
            row["name"] if table is t.chains else None,
        )
        if name
    }


def assert_named(problems: list[Problem], names: set[str]) -> None:
    assert problems
    told = [f"{one.where} {one.message}" for one in problems]
    assert any(name in line for name in names for line in told), (names, told)


@pytest.mark.bad_input("T02")
@pytest.mark.parametrize(("name", "column", "which"), CASES, ids=str)
def test_one_changed_value_is_found_and_named(
    full: Shop, tampered: Plain, name: str, column: str, which: int | str
) -> None:
    table = t.metadata.tables[name]
    row = last_of_note(tampered, table) if which == NOTE else rows(tampered, table)[int(which)]
    other = change(tampered, table, row, column)
    assert_named(found(full), names_of(tampered, table, row, column, other))


@pytest.mark.parametrize(("name", "column"), COLUMNS, ids=str)
def test_nonsense_in_a_column_is_found_rather_than_stumbled_over(
    full: Shop, tampered: Plain, name: str, column: str
) -> None:
    table = t.metadata.tables[name]
    row = rows(tampered, table)[-1]
    nonsense = -7 if column == "id" else "{nonsense"
    change = f'UPDATE {table.name} SET "{column}" = {quoted(nonsense)} WHERE {the(row, table)}'
    of_server = table.c[column].type.compile(dialect=postgresql.dialect())
    if isinstance(tampered, psycopg.Connection) and "INT" in of_server and column != "id":
        with pytest.raises(psycopg.DataError):
            tampered.execute(change)
    else:
        tampered.execute(change)
        assert found(full)


@pytest.mark.parametrize("which", [0, -1], ids=["first", "last"])
@pytest.mark.parametrize("name", NAMES)
def test_a_deleted_row_is_missed(full: Shop, tampered: Plain, name: str, which: int) -> None:
    table = t.metadata.tables[name]
    row = rows(tampered, table)[which]
    tampered.execute(f"DELETE FROM {name} WHERE {the(row, table)}")
    assert found(full)


def test_every_table_that_never_changes_is_watched() -> None:
    elsewhere = {t.blobs, t.requests}  # logos have a test of their own; of requests none is derived
    assert {*t.FROZEN, *t.APPEND_ONLY} - elsewhere <= set(WATCHED)


@pytest.mark.bad_input("T02")
def test_a_guard_that_was_taken_away_is_named(shop: Shop, store_kind: str) -> None:
    on = " ON documents" if store_kind == "postgresql" else ""
    shop.say(f"DROP TRIGGER timix_documents_update{on}")
    assert [one.message for one in shop.problems()] == [
        "the guard timix_documents_update has been taken away"
    ]
