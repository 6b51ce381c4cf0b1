"""Open a store: its place, its pragmas, its transactions, its migrations."""

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import URL, Connection, Engine, create_engine, event, insert, select
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

from timix_xl.store import refusals, tables, triggers
from timix_xl.store.locations import unsafe_place

BUSY_SECONDS = 30
_PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",
    "PRAGMA trusted_schema = OFF",
)
_LONGEST = 200
"""Letters of a path that a message shows."""
_EMPTY = "it holds no timix-xl tables"
_FULL = {"database or disk is full", "disk i/o error", "readonly", "read-only", "unable to open"}


class Store:
    """An open store. Each use case runs in one `reading()` or one `writing()` transaction."""

    def __init__(self, place: str, engine: Engine) -> None:
        self.place = place
        self.engine = engine
        self._writer = engine.execution_options(timix_write=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the store."""
        with told(self.place), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give the only connection that may write; commits at the end, or nothing happened."""
        with told(self.place), self._writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Let go of the file."""
        self.engine.dispose()


def open_store(place: str, *, read_only: bool = False) -> Store:
    """Open the store at a path (or sqlite URL) and apply missing migrations.

    To be read only, it needs no right to write, and one of another version is refused. What a
    program that was stopped had begun to write is undone first, which needs that right. Raises
    StoreNotThere, StoreOnShare, StoreDamaged, StoreNewer, StoreOlder, StoreKindUnknown,
    StoreHalfWritten.
    """
    path = _path(place)
    if not path.is_file():
        raise refusals.StoreNotThere(place=path)
    try:
        return _checked(path, read_only=read_only)
    except refusals.StoreHalfWritten:
        if not _undone(path):
            raise
        return _checked(path, read_only=read_only)


def make_store(place: str) -> tuple[Store, bool]:
    """Make an empty store, or open the one that is there; says whether it is new."""
    path = _path(place)
    # An empty file is a store that somebody is just making.
    if path.exists() and path.stat().st_size:
        return open_store(place), False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refusals.StoreUnwritable(place=place, why=error.strerror) from error
    with _closed_unless_right(_opened(path)) as store:
        return store, _migrate(store, make=True)


def store_id(connection: Connection) -> str:
    """Return the identity that workbooks remember a store by."""
    found = select(tables.meta.c.value).where(tables.meta.c.key == "store_id")
    return str(connection.execute(found).scalar_one())


def _path(place: str) -> Path:
    if place.startswith("sqlite:///"):
        place = place.removeprefix("sqlite:///").partition("?")[0]
    elif "://" in place:
        raise refusals.StoreKindUnknown(place=place.partition("://")[0] + "://…")
    try:
        path = Path(place).expanduser().absolute()
        if where := unsafe_place(path):
            raise refusals.StoreOnShare(place=path, lies=where)
        with suppress(FileNotFoundError, NotADirectoryError):
            path.stat()
    except (OSError, RuntimeError, ValueError) as error:
        # Too long, of a user that nobody knows, behind a folder that is closed, with a NUL in it.
        why = error.strerror if isinstance(error, OSError) else error
        raise refusals.StoreDamaged(place=_short(place), why=why) from error
    return path


def _short(place: str) -> str:
    return place if len(place) <= _LONGEST else place[:_LONGEST] + "…"


def _checked(path: Path, *, read_only: bool) -> Store:
    with _closed_unless_right(_opened(path, read_only=read_only)) as store:
        if read_only:
            _refuse_other_version(store)
        else:
            _migrate(store, make=False)
        return store


@contextmanager
def _closed_unless_right(store: Store) -> Iterator[Store]:
    """Let go of a store that is refused."""
    with ExitStack() as ending:
        ending.callback(store.close)
        yield store
        ending.pop_all()


def _undone(path: Path) -> bool:
    """Let SQLite undo what was begun when a program was stopped; False where we may not write."""
    place = f"{path.as_uri()}?mode=rw"
    try:
        with closing(sqlite3.connect(place, timeout=BUSY_SECONDS, uri=True)) as connection:
            connection.execute("PRAGMA schema_version").fetchone()
    except sqlite3.Error:
        return False
    return True


def _opened(path: Path, *, read_only: bool = False) -> Store:
    url = URL.create("sqlite", database=str(path))
    if read_only:
        url = URL.create("sqlite", database=path.as_uri(), query={"mode": "ro", "uri": "true"})
    engine = create_engine(url)
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return Store(str(path), engine)


def _on_connect(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = None  # the driver must not start transactions of its own
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _on_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("timix_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _migrations() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def revision(store: Store) -> str | None:
    """Return the version of a store's tables: the name of the last migration applied."""
    with store.reading() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _refuse_other_version(store: Store) -> None:
    """Raise where a store would have to be migrated before it can be read."""
    script = ScriptDirectory.from_config(_migrations())
    current = revision(store)
    if current is None:
        raise refusals.StoreDamaged(place=store.place, why=_EMPTY)
    if current not in {one.revision for one in script.walk_revisions()}:
        raise refusals.StoreNewer(place=store.place)
    if current != script.get_current_head():
        raise refusals.StoreOlder(place=store.place)


def _migrate(store: Store, *, make: bool) -> bool:
    """Bring a store to this version; says whether it was empty."""
    config = _migrations()
    script = ScriptDirectory.from_config(config)
    current = revision(store)
    if current == script.get_current_head():
        return False
    if current is None and not make:
        raise refusals.StoreDamaged(place=store.place, why=_EMPTY)
    with _unreferenced(store) as connection:
        # Somebody else may have been here between the look and the lock.
        current = MigrationContext.configure(connection).get_current_revision()
        if current == script.get_current_head():
            return False
        config.attributes["connection"] = connection
        triggers.drop(connection)
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise refusals.StoreNewer(place=store.place) from error
        if current is None:
            _seed(connection)
        triggers.make(connection)
    return current is None


@contextmanager
def _unreferenced(store: Store) -> Iterator[Connection]:
    """Give a connection that writes and may make tables anew that others refer to.

    The references are checked before it commits.
    """
    writer = store.engine.execution_options(timix_write=True)
    with told(store.place), writer.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None, "the connection is open"
        driver.execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.begin():
                yield connection
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                if broken:
                    raise refusals.StoreDamaged(
                        place=store.place, why=f"{broken[0]} refers to nothing"
                    )
        finally:
            driver.execute("PRAGMA foreign_keys = ON")


def _seed(connection: Connection) -> None:
    connection.execute(insert(tables.meta).values(key="store_id", value=uuid.uuid4().hex))
    connection.execute(insert(tables.account_groups).values(code="LABOR", name="Labor"))
    connection.execute(
        insert(tables.chains),
        [{"name": name, "length": 0, "head": ""} for name in ("events", "audit_log")],
    )


@contextmanager
def told(place: str) -> Iterator[None]:
    """Put what the database says in our words."""
    try:
        yield
    except IntegrityError as error:
        raise refusals.StoreRefuses(why=_words(error.orig)) from error
    except OperationalError as error:
        raise _operational(place, error.orig) from error
    except DatabaseError as error:
        raise refusals.StoreDamaged(place=place, why=_words(error.orig)) from error
    except sqlite3.Error as error:  # of a copy: SQLAlchemy has no part in its making
        raise _operational(place, error) from error


def _operational(place: str, error: BaseException | None) -> Exception:
    words = _words(error)
    if getattr(error, "sqlite_errorname", "") == "SQLITE_READONLY_ROLLBACK":
        return refusals.StoreHalfWritten(place=place)
    if "locked" in words:
        return refusals.StoreBusy(place=place)
    if any(sign in words.lower() for sign in _FULL):
        return refusals.StoreUnwritable(place=place, why=words)
    return refusals.StoreDamaged(place=place, why=words)


def _words(error: BaseException | None) -> str:
    return str(error).removeprefix("timix: ")
