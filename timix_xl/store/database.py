"""Open a store: its place, its transactions, its migrations."""

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, insert, inspect, select
from sqlalchemy.exc import DatabaseError

from timix_xl.store import grants, postgres, refusals, sqlite, tables
from timix_xl.store.kinds import Kind, kind_called

_EMPTY = "it holds no timix-xl tables"


class Store:
    """An open store. Each use case runs in one `reading()` or one `writing()` transaction.

    `place` is its path, or its URL without the password; `file` is None on a server.
    """

    def __init__(self, place: str, engine: Engine, file: Path | None = None) -> None:
        self.place = place
        self.file = file
        self.engine = engine
        self.kind: Kind = kind_called(engine.dialect.name)
        writes = {} if file else {"isolation_level": "READ COMMITTED"}
        self._writer = engine.execution_options(timix_write=True, **writes)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the store."""
        with told(self), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give the only connection that may write; commits at the end, or nothing happened."""
        ending = False
        try:
            with self._writer.begin() as connection:
                self.kind.line_up(connection)
                yield connection
                ending = True
        except (DatabaseError, sqlite3.Error) as error:
            raise self.kind.told(self.place, error, ending=ending) from error

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """Give a connection that may make tables anew that others refer to."""
        kind, connected = self.kind, self._writer.connect
        with told(self), connected() as connection, kind.ready_to_migrate(connection):
            yield connection

    def close(self) -> None:
        """Let go of the file or the server."""
        self.engine.dispose()


@contextmanager
def told(store: Store) -> Iterator[None]:
    """Put what the database says in our words."""
    try:
        yield
    except (DatabaseError, sqlite3.Error) as error:
        raise store.kind.told(store.place, error, ending=False) from error


def open_store(place: str, *, read_only: bool = False, anywhere: bool = False) -> Store:
    """Open the store at a path or URL and apply missing migrations.

    To be read only, it needs no right to write, and one of another version is refused. What a
    program that was stopped had begun to write is undone first, which needs that right. A SQLite
    file where SQLite loses data may be read; `anywhere` takes it for more. Raises StoreNotThere, StoreOnShare, StoreDamaged,
    StoreNewer, StoreOlder, StoreKindUnknown, StoreHalfWritten; of a server StoreUrlUnreadable,
    StoreNeedsDriver, StoreUnreachable, StoreServerUnfit, StoreForbidden.
    """
    if postgres.is_meant(place):
        return _checked(_on_server(place, read_only=read_only), read_only=read_only)
    path = _path(place, anywhere=anywhere or read_only)
    if not path.is_file():
        raise refusals.StoreNotThere(place=path)
    try:
        return _checked(_in_file(path, read_only=read_only), read_only=read_only)
    except refusals.StoreHalfWritten:
        if not sqlite.undone(path):
            raise
        return _checked(_in_file(path, read_only=read_only), read_only=read_only)


def make_store(place: str, *, anywhere: bool = False) -> tuple[Store, bool]:
    """Make an empty store, or open the one that is there; says whether it is new.

    On a server the database has to be there, and to be empty. Raises what `open_store` does, and
    StoreUnwritable.
    """
    if postgres.is_meant(place):
        store = _on_server(place)
    else:
        path = _path(place, anywhere=anywhere)
        # An empty file is a store that somebody is just making.
        if path.exists() and path.stat().st_size:
            return open_store(place, anywhere=anywhere), False
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise refusals.StoreUnwritable(place=place, why=error.strerror) from error
        store = _in_file(path)
    with _closed_unless_right(store):
        is_new = _migrate(store, make=True)
        _set_up(store)
        return store, is_new


def danger_of(place: str) -> str | None:
    """Return in words why SQLite loses data in a place, if it does."""
    try:
        if not postgres.is_meant(place):
            _path(place, anywhere=False)
    except refusals.StoreOnShare as refused:
        return refused.message
    return None


def store_id(connection: Connection) -> str:
    """Return the identity that workbooks remember a store by."""
    found = select(tables.meta.c.value).where(tables.meta.c.key == "store_id")
    return str(connection.execute(found).scalar_one())


def revision(store: Store) -> str | None:
    """Return the version of a store's tables: the name of the last migration applied."""
    with store.reading() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def refuse_newer(store: Store) -> None:
    """Raise StoreNewer where a newer version has written."""
    _known_revision(store, ScriptDirectory.from_config(_migrations()))


def _path(place: str, *, anywhere: bool) -> Path:
    if "://" in place and not place.startswith("sqlite:///"):
        raise refusals.StoreKindUnknown(place=place.partition("://")[0] + "://…")
    return sqlite.path_of(place, anywhere=anywhere)


def _in_file(path: Path, *, read_only: bool = False) -> Store:
    return Store(str(path), sqlite.engine_of(path, read_only=read_only), path)


def _on_server(place: str, *, read_only: bool = False) -> Store:
    url = postgres.url_of(place)
    return Store(postgres.shown(url), postgres.engine_of(url, read_only=read_only))


def _checked(store: Store, *, read_only: bool) -> Store:
    with _closed_unless_right(store):
        if read_only:
            _refuse_other_version(store)
        else:
            _migrate(store, make=False)
            _set_up(store)
        return store


def _set_up(store: Store) -> None:
    if store.file:
        with told(store):
            sqlite.set_up(store.engine)


@contextmanager
def _closed_unless_right(store: Store) -> Iterator[None]:
    """Let go of a store that is refused."""
    with ExitStack() as ending:
        ending.callback(store.close)
        yield
        ending.pop_all()


def _migrations() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _refuse_other_version(store: Store) -> None:
    """Raise where a store would have to be migrated before it can be read."""
    script = ScriptDirectory.from_config(_migrations())
    current = _known_revision(store, script)
    if current is None:
        raise refusals.StoreDamaged(place=store.place, why=_EMPTY)
    if current != script.get_current_head():
        raise refusals.StoreOlder(place=store.place)


def _known_revision(store: Store, script: ScriptDirectory) -> str | None:
    """Return the version of a store's tables. Raises StoreNewer."""
    current = revision(store)
    if current is not None and current not in {one.revision for one in script.walk_revisions()}:
        raise refusals.StoreNewer(place=store.place)
    return current


def _migrate(store: Store, *, make: bool) -> bool:
    """Bring a store to this version; says whether it was empty."""
    script = ScriptDirectory.from_config(_migrations())
    head, current = script.get_current_head(), _known_revision(store, script)
    if current == head:
        return False
    if current is None and not make:
        raise refusals.StoreDamaged(place=store.place, why=_EMPTY)
    try:
        return _migrated(store, head)
    except refusals.StoreForbidden as error:
        if current is None:
            raise
        raise refusals.StoreOlder(place=store.place) from error


def _migrated(store: Store, head: str | None) -> bool:
    with store.migrating() as connection:
        # Somebody else may have been here between the look and the lock.
        current = MigrationContext.configure(connection).get_current_revision()
        if current == head:
            return False
        store.kind.drop_guards(connection)
        make_tables(connection, store.place)
        if current is None:
            _seed(connection)
        make_guards(connection)
        grants.renew(connection)
    return current is None


def make_tables(connection: Connection, place: str) -> None:
    """Make the tables of this version, or make them of those of an older one; without guards.

    The migrations up to 0004 are SQLite's: no server has a store from before.
    """
    config = _migrations()
    if connection.dialect.name != "sqlite" and not inspect(connection).has_table("alembic_version"):
        tables.metadata.create_all(connection, checkfirst=False)
        context = MigrationContext.configure(connection)
        context.stamp(ScriptDirectory.from_config(config), "head")
        return
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise refusals.StoreNewer(place=place) from error


def make_guards(connection: Connection) -> None:
    """Make the triggers as this version words them."""
    for statement in kind_called(connection.dialect.name).guards():
        connection.exec_driver_sql(statement)


def _seed(connection: Connection) -> None:
    connection.execute(insert(tables.meta).values(key="store_id", value=uuid.uuid4().hex))
    connection.execute(insert(tables.account_groups).values(code="LABOR", name="Labor"))
    there = set(connection.execute(select(tables.chains.c.name)).scalars())
    connection.execute(
        insert(tables.chains),
        [
            {"name": table.name, "length": 0, "head": ""}
            for table in tables.CHAINED
            if table.name not in there
        ],
    )
