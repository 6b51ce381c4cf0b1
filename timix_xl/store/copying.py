"""Copying: every row of a store into an empty place, of either kind, all of them or none."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any, Self, TypeAlias

from sqlalchemy import (
    Column,
    Connection,
    ForeignKeyConstraint,
    MetaData,
    Table,
    delete,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.exc import DataError

from timix_xl.files import place_new_file
from timix_xl.store import postgres, refusals, sqlite, tables
from timix_xl.store.database import Store, danger_of, make_guards, make_tables
from timix_xl.store.snapshots import stored_type

CHUNK = 1000
"""Rows that are in memory at a time."""
Told: TypeAlias = Callable[[str, int, int], object]
"""Is told which table is copied, and how many of how many rows of all tables are done."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a table holds: its name, how many rows, and their SHA-256."""

    table: str
    rows: int
    digest: str


class Unborn(Store):
    """A store that is being made: whoever reads it reads what is not committed yet."""

    def __init__(self, store: Store, connection: Connection) -> None:
        super().__init__(store.place, store.engine, store.file)
        self.connection = connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give the connection that makes it."""
        yield self.connection


def refuse_taken(place: str, *, anywhere: bool = False) -> None:
    """Raise what `making` would for a place that cannot be used, or where something is."""
    if not postgres.is_meant(place):
        _free(place, anywhere=anywhere)
        return
    store = _on_server(place)
    try:
        with store.reading() as connection:
            _refuse_tables(connection, store.place)
    finally:
        store.close()


@contextmanager
def making(place: str, *, anywhere: bool = False) -> Iterator[Unborn]:
    """Make the tables of a store where there is none; it is there when this ends well, else nothing.

    The guards are missing until `fill` is done. Raises PlaceTaken and what `make_store` does.
    """
    if postgres.is_meant(place):
        with _tables(_on_server(place)) as made:
            made.connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            yield made
        return
    path = _free(place, anywhere=anywhere)
    beside = path.with_name(f"{path.name}.{token_hex(4)}.copying")
    try:
        with _tables(Store(str(path), sqlite.engine_of(beside), beside)) as made:
            yield made
        _name(beside, path)
    finally:
        with suppress(OSError):  # after the renaming it is gone
            beside.unlink()


def _on_server(place: str) -> Store:
    url = postgres.url_of(place)
    return Store(postgres.shown(url), postgres.engine_of(url))


def _free(place: str, *, anywhere: bool) -> Path:
    danger_of(place)  # refuses the URL of another database
    path = sqlite.path_of(place, anywhere=anywhere)
    if path.exists():
        raise refusals.PlaceTaken(place=path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refusals.StoreUnwritable(place=path, why=error.strerror) from error
    return path


def _name(beside: Path, path: Path) -> None:
    try:
        place_new_file(beside, path)
    except FileExistsError as error:
        raise refusals.PlaceTaken(place=path) from error
    except OSError as error:
        raise refusals.StoreUnwritable(place=path, why=error.strerror) from error


@contextmanager
def _tables(store: Store) -> Iterator[Unborn]:
    try:
        with store.migrating() as connection:
            _refuse_tables(connection, store.place)
            make_tables(connection, store.place)
            yield Unborn(store, connection)
    finally:
        store.close()


def _refuse_tables(connection: Connection, place: str) -> None:
    if inspect(connection).get_table_names():
        raise refusals.PlaceTaken(place=place)


def fill(source: Connection, target: Connection, told: Told) -> list[Contents]:
    """Copy every row into tables that were just made, then guard them; returns what was read.

    Raises TextUnfit.
    """
    plain = [_plain(table) for table in tables.metadata.sorted_tables]
    for table in reversed(plain):  # what migrations put in
        target.execute(delete(table))
    total, done, found = sum(_count(source, table) for table in plain), 0, []
    with _in_any_order(target):
        for table in plain:
            with _Reading(source, table) as read:
                for rows in read:
                    _insert(target, table, rows)
                    done += len(rows)
                    told(table.name, done, total)
            found.append(read.contents)
    _number_on(target, plain)
    make_guards(target)
    return found


def contents(connection: Connection) -> list[Contents]:
    """Return what every table of a store holds."""
    found = []
    for table in tables.metadata.sorted_tables:
        with _Reading(connection, _plain(table)) as read:
            for _ in read:
                pass
        found.append(read.contents)
    return found


def _plain(table: Table) -> Table:
    """Return a table as the database sees it: whole numbers, text and bytes."""
    return Table(
        table.name,
        MetaData(),
        *(
            Column(one.name, stored_type(one), primary_key=one.primary_key, autoincrement=False)
            for one in table.columns
        ),
    )


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


_Rows: TypeAlias = Sequence[dict[str, Any]]


class _Reading:
    """The rows of a table in the order of its key, some at a time; what they were is told after."""

    def __init__(self, connection: Connection, table: Table) -> None:
        self._found = connection.execution_options(yield_per=CHUNK).execute(
            select(table).order_by(*table.primary_key)
        )
        self._table = table
        self._hash = hashlib.sha256()
        self._rows = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._found.close()

    def __iter__(self) -> Iterator[_Rows]:
        for some in self._found.mappings().partitions():
            rows = [dict(row) for row in some]
            self._rows += len(rows)
            self._hash.update(_written(rows))
            yield rows

    @property
    def contents(self) -> Contents:
        return Contents(self._table.name, self._rows, self._hash.hexdigest())


def _written(rows: _Rows) -> bytes:
    """Write rows in one way only."""
    return "".join(
        json.dumps([*row.values()], separators=(",", ":"), default=bytes.hex) + "\n" for row in rows
    ).encode()


@contextmanager
def _in_any_order(target: Connection) -> Iterator[None]:
    """Let rows come before those of the same table that they refer to; it is checked after.

    SQLite checks nothing before the end of a migration.
    """
    own = [one for one in _references() if one.referred_table is one.parent]
    if target.dialect.name == "sqlite":
        own = []
    for one in own:
        _change(target, one, "DEFERRABLE INITIALLY DEFERRED")
    yield
    if own:
        target.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    for one in own:
        _change(target, one, "NOT DEFERRABLE")


def _references() -> Iterator[ForeignKeyConstraint]:
    for table in tables.metadata.sorted_tables:
        yield from sorted(table.foreign_key_constraints, key=lambda one: str(one.name))


def _change(connection: Connection, one: ForeignKeyConstraint, to: str) -> None:
    connection.exec_driver_sql(f"ALTER TABLE {one.parent} ALTER CONSTRAINT {one.name} {to}")


def _insert(target: Connection, table: Table, rows: _Rows) -> None:
    try:
        target.execute(insert(table), rows)
    except DataError as error:
        for row in rows:
            for name, value in row.items():
                if isinstance(value, str) and "\0" in value:
                    key = ", ".join(str(row[one.name]) for one in table.primary_key)
                    raise refusals.TextUnfit(table=table.name, key=key, column=name) from error
        raise


def _number_on(target: Connection, plain: Sequence[Table]) -> None:
    """Let the server number new rows after those that came."""
    if target.dialect.name == "sqlite":
        return
    sequences = text(
        "SELECT setval(pg_get_serial_sequence(:name, 'id'), CAST(:last AS bigint))"
        " WHERE pg_get_serial_sequence(:name, 'id') IS NOT NULL"
    )
    for table in plain:
        last = target.execute(select(func.max(table.c.id))).scalar() if "id" in table.c else None
        if isinstance(last, int):
            target.execute(sequences, {"name": table.name, "last": last})
