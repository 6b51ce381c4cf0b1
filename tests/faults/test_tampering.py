"""Tampering: with the triggers dropped, one value changed in any column of any frozen table."""

import datetime as dt
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Table, create_engine

from tests.builders import ANN, Shop, a_full_year, copy_of, on
from timix_xl.billing.close import close, reopen
from timix_xl.billing.credit import credit
from timix_xl.billing.restore import restore
from timix_xl.billing.send import send
from timix_xl.billing.verify import Problem, verify
from timix_xl.billing.void import void
from timix_xl.domain.invoices import Becomes
from timix_xl.store import issuing
from timix_xl.store import tables as t
from timix_xl.store.columns import Choice, Day
from timix_xl.store.database import Store

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
def full(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Issued, sent and paid, voided invoices; a frame order drawn and returned; a location.

    A sent one is voided by its credit note, another is credited in part. Its owner has taken the
    triggers away.
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
    shop.store.close()
    with closing(sqlite3.connect(shop.path)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in names.fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
    return Path(shop.path)


def _closed(shop: Shop) -> None:
    """Close January, open it again, and close it anew; bring A6 back then."""
    shop.time("C1", "C2", on="2026-01-25")
    close(shop.store, "2026-01", actor=on("2026-02-02"))
    reopen(shop.store, "2026-01", "late work", actor=on("2026-02-02"))
    close(shop.store, "2026-01", actor=on("2026-02-03"))
    restore(shop.store, ["A6"], "found the order", actor=on("2026-02-04"))


@pytest.fixture
def tampered(full: Path, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A copy in the hands of its owner."""
    shutil.copy(full, tmp_path / "timix.db")
    with closing(sqlite3.connect(tmp_path / "timix.db", isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA synchronous = OFF")
        yield connection


def found(tmp_path: Path) -> list[Problem]:
    """Verify; the guards that were taken away are another matter."""
    place = tmp_path / "timix.db"
    store = Store(str(place), create_engine(f"sqlite:///{place}"))
    problems = [one for one in verify(store).problems if one.code != "VERIFY-02"]
    store.close()
    return problems


def rows(connection: sqlite3.Connection, table: Table) -> list[Row]:
    query = f"SELECT rowid AS at, * FROM {table.name}"
    return [dict(row) for row in connection.execute(query).fetchall()]


def last_of_note(connection: sqlite3.Connection, table: Table) -> Row:
    (note,) = connection.execute(
        "SELECT MAX(id) FROM documents WHERE kind = 'credit_note'"
    ).fetchone()
    key = "id" if table is t.documents else "document"
    return [row for row in rows(connection, table) if row[key] == note][-1]


def others(connection: sqlite3.Connection, column: Column[Any], value: Any) -> Iterator[Any]:
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


def change(connection: sqlite3.Connection, table: Table, row: Row, column: str) -> Any:
    """Change one value to the first other one that the constraints let through."""
    value = row[column]
    for other in others(connection, table.c[column], value):
        if other == value:
            continue
        try:
            connection.execute(
                f'UPDATE {table.name} SET "{column}" = ? WHERE rowid = ?', (other, row["at"])
            )
        except sqlite3.IntegrityError:
            continue
        return other
    raise AssertionError(f"no other value for {table.name}.{column}")


def names_of(
    connection: sqlite3.Connection, table: Table, row: Row, column: str, other: Any
) -> set[str]:
    """Return the words by which a person would know the row, as it was or as it is now."""
    return {name for one in (row, row | {column: other}) for name in _names(connection, table, one)}


def _names(connection: sqlite3.Connection, table: Table, row: Row) -> set[str]:
    query = "SELECT id, number FROM documents"
    numbers = {row["id"]: row["number"] for row in connection.execute(query).fetchall()}
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


@pytest.mark.parametrize(("name", "column", "which"), CASES, ids=str)
def test_one_changed_value_is_found_and_named(
    tampered: sqlite3.Connection, tmp_path: Path, name: str, column: str, which: int | str
) -> None:
    table = t.metadata.tables[name]
    row = last_of_note(tampered, table) if which == NOTE else rows(tampered, table)[int(which)]
    other = change(tampered, table, row, column)
    assert_named(found(tmp_path), names_of(tampered, table, row, column, other))


@pytest.mark.parametrize(("name", "column"), COLUMNS, ids=str)
def test_nonsense_in_a_column_is_found_rather_than_stumbled_over(
    tampered: sqlite3.Connection, tmp_path: Path, name: str, column: str
) -> None:
    table = t.metadata.tables[name]
    tampered.execute("PRAGMA ignore_check_constraints = ON")
    row = rows(tampered, table)[-1]
    nonsense = -7 if column == "id" else "{nonsense"
    tampered.execute(
        f'UPDATE {table.name} SET "{column}" = ? WHERE rowid = ?', (nonsense, row["at"])
    )
    assert found(tmp_path)


@pytest.mark.parametrize("which", [0, -1], ids=["first", "last"])
@pytest.mark.parametrize("name", NAMES)
def test_a_deleted_row_is_missed(
    tampered: sqlite3.Connection, tmp_path: Path, name: str, which: int
) -> None:
    row = rows(tampered, t.metadata.tables[name])[which]
    tampered.execute(f"DELETE FROM {name} WHERE rowid = {row['at']}")
    assert found(tmp_path)


def test_every_table_that_never_changes_is_watched() -> None:
    logos = {t.blobs}
    assert {*t.FROZEN, *t.APPEND_ONLY} - logos <= set(WATCHED)


def test_a_guard_that_was_taken_away_is_named(shop: Shop) -> None:
    with closing(sqlite3.connect(shop.path)) as connection:
        connection.execute("DROP TRIGGER timix_documents_update")
    assert [one.message for one in shop.problems()] == [
        "the guard timix_documents_update has been taken away"
    ]
