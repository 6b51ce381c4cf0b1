"""SQLite: a store in one file of this computer."""

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path, PurePath
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    ScalarSelect,
    StaticPool,
    create_engine,
    event,
    func,
    literal,
    select,
)
from sqlalchemy.exc import IntegrityError, OperationalError

from timix_xl.errors import TimixError
from timix_xl.store import refusals, triggers
from timix_xl.store.locations import unsafe_place

BUSY_SECONDS = 30
_PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",
    "PRAGMA trusted_schema = OFF",
)
_LOG = "WAL"
_LONGEST = 200
"""Letters of a path that a message shows."""
_FULL = {"database or disk is full", "disk i/o error", "readonly", "read-only", "unable to open"}

_NO_FILE_BESIDE = {"SQLITE_READONLY_DIRECTORY", "SQLITE_READONLY_CANTINIT"}
_CHANGE = re.compile(r"\s*(INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|COMMIT)", re.IGNORECASE)


def path_of(place: str, *, anywhere: bool = False) -> Path:
    """Return the file that a path or a sqlite URL names.

    Raises StoreOnShare, save `anywhere`, and StoreDamaged where no file can be.
    """
    place = place.removeprefix("sqlite:///").partition("?")[0] if _is_url(place) else place
    try:
        path = Path(place).expanduser().absolute()
        if not anywhere and (where := unsafe_place(path)):
            raise refusals.StoreOnShare(place=path, lies=where)
        with suppress(FileNotFoundError, NotADirectoryError):
            path.stat()
    except (OSError, RuntimeError, ValueError) as error:
        # Too long, of a user that nobody knows, behind a folder that is closed, with a NUL in it.
        why = error.strerror if isinstance(error, OSError) else error
        raise refusals.StoreDamaged(place=_short(place), why=why) from error
    return path


def _is_url(place: str) -> bool:
    return place.startswith("sqlite:///")


def _short(place: str) -> str:
    return place if len(place) <= _LONGEST else place[:_LONGEST] + "…"


def engine_of(path: Path, *, read_only: bool = False) -> Engine:
    """Return an engine whose connections are set up as a store needs it."""
    url = URL.create("sqlite", database=str(path))
    if read_only:
        url = URL.create("sqlite", database=address(path), query={"mode": "ro", "uri": "true"})
    engine = create_engine(url)
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = None  # the driver must not start transactions of its own
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def set_up(engine: Engine) -> None:
    """Let a store, once it is known for one, keep what it has begun as this SQLite does it best."""
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None, "the connection is open"
        wanted = journal_mode(sqlite3.sqlite_version_info)
        (kept,) = driver.execute("PRAGMA journal_mode").fetchone()
        if wanted == kept.upper():
            return
        if wanted == _LOG:  # it can wait until nobody else has the store open
            driver.execute("PRAGMA busy_timeout = 0")
        try:
            driver.execute(f"PRAGMA journal_mode = {wanted}")
        except sqlite3.OperationalError as error:
            if wanted != _LOG:
                place = str(engine.url.database)
                raise refusals.StoreInNewerHands(
                    place=place, version=sqlite3.sqlite_version
                ) from error
        finally:
            driver.execute(_PRAGMAS[0])


def journal_mode(version: tuple[int, int, int]) -> str:
    """Return how this version of SQLite keeps what it has begun.

    With a write-ahead log nobody who reads waits for somebody who writes. Versions 3.7.0 to 3.51.2
    may damage a store that way (the WAL-reset bug, mended in 3.51.3; 3.52.0 was withdrawn):
    sqlite.org/wal.html.
    """
    is_mended = version >= (3, 51, 3) and version[:2] != (3, 52)
    return _LOG if is_mended else "DELETE"


def _on_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("timix_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def address(path: PurePath) -> str:
    """Write the path of a file as SQLite takes it with options behind.

    >>> from pathlib import PureWindowsPath
    >>> address(PureWindowsPath("C:/books/timix.db")), address(PureWindowsPath("//srv/b/t.db"))
    ('file:///C:/books/timix.db', 'file:////srv/b/t.db')
    """
    written = path.as_uri()
    # Of a share the server would stand where SQLite takes none.
    return written if written.startswith("file:///") else written.replace("//", "////", 1)


def undone(path: Path) -> bool:
    """Let SQLite undo what was begun when a program was stopped; False where we may not write."""
    place = f"{address(path)}?mode=rw"
    try:
        with closing(sqlite3.connect(place, timeout=BUSY_SECONDS, uri=True)) as connection:
            connection.execute("PRAGMA schema_version").fetchone()
    except sqlite3.Error:
        return False
    return True


def line_up(connection: Connection) -> None:
    """Do nothing more: BEGIN IMMEDIATE has waited for everybody else."""


@contextmanager
def ready_to_migrate(connection: Connection) -> Iterator[None]:
    """Let tables be made anew that others refer to.

    The references are checked before it commits.
    """
    driver = connection.connection.driver_connection
    assert driver is not None, "the connection is open"
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        with connection.begin():
            yield
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
            if broken:
                place = str(connection.engine.url.database)
                raise refusals.StoreDamaged(place=place, why=f"{broken[0]} refers to nothing")
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def version(connection: Connection) -> tuple[object, object]:
    """Return the version of the state that a transaction sees; no table is read for it."""
    number = connection.exec_driver_sql("PRAGMA data_version").scalar_one()
    return id(connection.connection.driver_connection), number


def schema_version(connection: Connection) -> object:
    """Return a number that is another one as soon as tables or triggers have changed."""
    return connection.exec_driver_sql("PRAGMA schema_version").scalar_one()


@contextmanager
def a_copy(connection: Connection) -> Iterator[Connection]:
    """Copy what a transaction sees into memory; gives a connection to that.

    The transaction need not stay open for it. To copy the pages takes a small part of the time of
    making entries of them and pricing these.
    """
    store = connection.connection.driver_connection
    assert store is not None, "the connection is open"
    memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    with closing(memory) as copy:
        store.backup(copy)
        engine = create_engine("sqlite://", creator=lambda: copy, poolclass=StaticPool)
        with engine.connect() as to_copy:
            yield to_copy


def listed(values: Sequence[str]) -> ScalarSelect[str]:
    """Select these values: one bound text, no limit, and one statement to prepare."""
    found = func.json_each(literal(json.dumps(values))).table_valued("value")
    return select(found.c.value).scalar_subquery()


def guards() -> list[str]:
    """Return the statements that make our triggers."""
    return [
        f"CREATE TRIGGER {triggers.PREFIX}{one.name} BEFORE {one.event} ON {one.table}"
        f" FOR EACH ROW WHEN {one.when} BEGIN SELECT RAISE(ABORT, 'timix: {one.message}'); END"
        for one in triggers.guards()
    ]


def drop_guards(connection: Connection) -> None:
    """Drop our triggers."""
    for name in _triggers(connection):
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')


def missing_guards(connection: Connection) -> list[str]:
    """Name the triggers that somebody has taken away or reworded."""
    there = _triggers(connection)
    wanted = {statement.split()[2]: statement for statement in guards()}
    return sorted(name for name, sql in wanted.items() if there.get(name) != sql)


def _triggers(connection: Connection) -> dict[str, str]:
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    rows = connection.exec_driver_sql(query).all()
    return {name: sql for name, sql in rows if name.startswith(triggers.PREFIX)}


def database_problems(connection: Connection) -> list[str]:
    """Ask SQLite whether its file and its references are whole."""
    found = [
        row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check") if row[0] != "ok"
    ]
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return found + [f"{row[0]} row {row[1]} points to a missing row of {row[2]}" for row in broken]


def told(place: str, error: BaseException, *, ending: bool = False) -> TimixError:
    """Put what SQLite says in our words."""
    said = getattr(error, "orig", error)
    words = str(said).removeprefix("timix: ")
    if isinstance(error, IntegrityError):
        return refusals.StoreRefuses(why=words)
    if getattr(said, "sqlite_errorname", "") == "SQLITE_READONLY_ROLLBACK":
        return refusals.StoreHalfWritten(place=place)
    if _is_log_out_of_reach(error, said):
        return refusals.StoreLogOutOfReach(place=place)
    # A copy is made without SQLAlchemy: its errors are the driver's own.
    if isinstance(error, OperationalError | sqlite3.Error):
        if "locked" in words:
            return refusals.StoreBusy(place=place)
        if any(sign in words.lower() for sign in _FULL):
            return refusals.StoreUnwritable(place=place, why=words)
    return refusals.StoreDamaged(place=place, why=words)


def _is_log_out_of_reach(error: BaseException, said: object) -> bool:
    """Whether a read failed since SQLite may not make the files that a log needs beside it."""
    reads = not _CHANGE.match(getattr(error, "statement", None) or "")
    return reads and getattr(said, "sqlite_errorname", "") in _NO_FILE_BESIDE
