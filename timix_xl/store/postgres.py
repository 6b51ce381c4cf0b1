"""PostgreSQL: a store on a server, for teams."""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import (
    JSON,
    URL,
    Connection,
    Engine,
    ForeignKeyConstraint,
    ScalarSelect,
    Text,
    cast,
    create_engine,
    event,
    func,
    literal,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    IntegrityError,
    NoSuchModuleError,
    OperationalError,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateColumn
from sqlalchemy.sql.compiler import DDLCompiler

from timix_xl.errors import TimixError
from timix_xl.store import refusals, tables, triggers

SCHEME = "postgresql+psycopg"
OLDEST = 13
"""The oldest version of the server that is taken."""
LOCK_SECONDS = 30
_CONNECT_SECONDS = 10
_IDLE_SECONDS = 300
"""How long a program that stands still may keep all others from writing."""
_OPTIONS = {
    *("sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "channel_binding"),
    *("service", "passfile", "host", "target_session_attrs", "gssencmode", "connect_timeout"),
}
"""What a URL may say beside the place: how to get there, nothing that the server then does."""
_QUEUE = "audit_log"
_MAKING = 7_240_001
"""The number of the lock that whoever makes or migrates tables holds."""


def is_meant(place: str) -> bool:
    """Whether a place is on a server, by the beginning of its URL."""
    return place.startswith(("postgresql:", "postgresql+", "postgres:"))


def url_of(place: str) -> URL:
    """Read a URL. Raises StoreKindUnknown, also for options that could change what is done."""
    try:
        url = make_url(place)
    except (ArgumentError, ValueError) as error:
        raise refusals.StoreUrlUnreadable(place=_scheme(place), why="it is no URL") from error
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername=SCHEME)
    if url.drivername != SCHEME:
        raise refusals.StoreKindUnknown(place=_scheme(place))
    if "@" in (url.host or ""):
        why = "an @ in a password is written %40"
        raise refusals.StoreUrlUnreadable(place=_scheme(place), why=why)
    if unknown := sorted(set(url.query) - _OPTIONS):
        why = f"it has the option {unknown[0]}, which is none of {', '.join(sorted(_OPTIONS))}"
        raise refusals.StoreUrlUnreadable(place=shown(url), why=why)
    if not url.database and "service" not in url.query:
        raise refusals.StoreUrlUnreadable(place=shown(url), why="it names no database")
    return url


def _scheme(place: str) -> str:
    return place.partition(":")[0] + "://…"


def shown(url: URL) -> str:
    """Write a URL as everybody may see it."""
    return url.render_as_string(hide_password=True)


def engine_of(url: URL, *, read_only: bool = False) -> Engine:
    """Return an engine whose readers see one state, and whose writers the last one.

    Raises StoreNeedsDriver.
    """
    wait = {"connect_timeout": _CONNECT_SECONDS} if "connect_timeout" not in url.query else {}
    # A server that has gone without a word is noticed within a minute: while one waits for its
    # answer (keepalives), and while what one asks does not arrive (user timeout).
    alive = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
    alive |= {"tcp_user_timeout": 60_000}
    try:
        engine = create_engine(
            url,
            isolation_level="REPEATABLE READ",
            pool_pre_ping=True,
            connect_args={"application_name": "timix-xl", **wait, **alive},
        )
    except (ImportError, NoSuchModuleError) as error:
        raise refusals.StoreNeedsDriver(place=shown(url)) from error
    event.listen(engine, "connect", _on_connect)
    if read_only:
        event.listen(engine, "connect", _read_only)
    return engine


@compiles(CreateColumn, "postgresql")
def _column(element: CreateColumn, compiler: DDLCompiler, **options: Any) -> str:
    """Let text sort by its characters, as SQLite does, whatever language the server speaks."""
    made = str(compiler.visit_create_column(element, **options))  # type: ignore[no-untyped-call]
    of_ours = element.element.table.metadata is tables.metadata
    return re.sub(r" TEXT\b", ' TEXT COLLATE "C"', made, count=1) if of_ours else made


def _on_connect(connection: Any, _: Any) -> None:
    from psycopg.adapt import Loader  # noqa: PLC0415  only where psycopg is

    class Whole(Loader):
        """Sums of whole numbers are whole: the server calls them numeric."""

        def load(self, data: Any) -> int:
            return int(bytes(data))

    connection.adapters.register_loader("numeric", Whole)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SET lock_timeout = '{LOCK_SECONDS}s';"
            f" SET idle_in_transaction_session_timeout = '{_IDLE_SECONDS}s';"
            " SET client_min_messages = warning"
        )
        cursor.execute(
            "SELECT current_setting('server_version_num')::int / 10000,"
            " current_setting('server_encoding')"
        )
        version, encoding = cursor.fetchone()
    connection.commit()
    if version < OLDEST or encoding != "UTF8":
        raise refusals.StoreServerUnfit(version=version, oldest=OLDEST, encoding=encoding)


def _read_only(connection: Any, _: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
    connection.commit()


def line_up(connection: Connection) -> None:
    """Wait for the end of the chain of the audit log: whoever writes appends to it.

    So everybody who writes does so one after the other, in the order in which they came, nobody
    waits for somebody who waits for them, and each sees what the one before has committed.
    """
    chain = select(tables.chains.c.name).where(tables.chains.c.name == _QUEUE)
    connection.execute(chain.with_for_update())


@contextmanager
def ready_to_migrate(connection: Connection) -> Iterator[None]:
    """Let one program at a time make or change tables; all of it happens, or nothing."""
    with connection.begin():
        connection.execute(select(func.pg_advisory_xact_lock(_MAKING)))
        yield


def version(connection: Connection) -> tuple[object, object]:
    """Return which transactions a transaction sees as done; no table is read for it.

    A replica does not say which of those in between were open; it says how far it has replayed.
    """
    replayed = func.coalesce(cast(func.pg_last_wal_replay_lsn(), Text), "")
    seen = connection.execute(select(replayed, cast(func.pg_current_snapshot(), Text))).one()
    return seen[0], seen[1]


def schema_version(connection: Connection) -> object:
    """Return the name of the last migration."""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()


@contextmanager
def a_copy(connection: Connection) -> Iterator[Connection]:
    """Give a second transaction that sees the same; nobody waits for a reader here."""
    seen = connection.execute(select(func.pg_export_snapshot())).scalar_one()
    with connection.engine.connect() as same, same.begin():
        same.detach()  # it is closed at the end, also if the store is closed before
        same.exec_driver_sql(f"SET TRANSACTION SNAPSHOT '{seen}'")
        yield same


def listed(values: Sequence[str]) -> ScalarSelect[str]:
    """Select these values: one bound text, and one statement to prepare."""
    found = func.json_array_elements_text(cast(literal(json.dumps(values)), JSON))
    return select(found.table_valued("value").c.value).scalar_subquery()


def guards() -> list[str]:
    """Return the statements that make our triggers: one for each table and event.

    ALWAYS, so that they act in replica mode too; the tables are those of the store's own schema,
    whatever temporary ones a session has.
    """
    return [statement for each in _guards().values() for statement in each]


def _guards() -> dict[str, list[str]]:
    found = {}
    # No row takes the place of another here: the keys refuse that. To look for one at each of many
    # thousand entries, by two keys, takes a time that grows with their square.
    needed = (one for one in triggers.guards() if one.name not in _BY_KEYS)
    by_place = sorted(needed, key=lambda one: (one.table, one.event))
    for (table, happens), some in groupby(by_place, key=lambda one: (one.table, one.event)):
        name = f"{triggers.PREFIX}{table}_{happens.lower()}"
        checks = [*_locks(table, happens), *(_check(one) for one in some)]
        body = "\n".join([*checks, f"RETURN {'OLD' if happens == 'DELETE' else 'NEW'};"])
        found[name] = _trigger(name, f"{happens} ON {table}", "ROW", body)
    for table in sorted({one.table for one in triggers.guards()}):
        name = f"{triggers.PREFIX}{table}_truncate"
        body = _raise(f"{table} is not emptied")
        found[name] = _trigger(name, f"TRUNCATE ON {table}", "STATEMENT", body)
    for table in (one.name for one in tables.CHAINED):
        name = f"{triggers.PREFIX}{table}_end"
        found[name] = _trigger(name, f"INSERT ON {table}", "ROW", _AT_THE_END, at_the_end=True)
    return found


_BY_KEYS = ("entries_replace", "entries_remainder_replace")


def _locks(table: str, happens: str) -> list[str]:
    """Return what waits for whoever is issuing the document, or drawing on the order."""
    rows = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}[happens]
    locks = [_LOCK_DOCUMENT.format(row=row) for row in rows] if table in _OF_A_DOCUMENT else []
    draws = table == tables.draw_downs.name and happens == "INSERT"
    return [*locks, *([_LOCK_ORDER] if draws else [])]


_OF_A_DOCUMENT = {one.name for one in (*tables.FROZEN, tables.claims, tables.draw_downs)}
_LOCK_DOCUMENT = "PERFORM 1 FROM documents WHERE id = {row}.document FOR SHARE;"
"""Nobody issues a document while somebody changes its rows, and the other way round."""
_AT_THE_END = (
    "IF (SELECT length FROM chains WHERE name = TG_TABLE_NAME) < NEW.id THEN "
    "RAISE EXCEPTION USING ERRCODE = 'restrict_violation',"
    " MESSAGE = 'timix: a chain ends with the last row of its table'; END IF;\nRETURN NULL;"
)
"""Looked at when a transaction ends: a row behind the end of its chain would stop all others."""


_LOCK_ORDER = (
    "IF current_setting('transaction_isolation') = 'repeatable read' THEN RAISE EXCEPTION USING"
    " ERRCODE = 'restrict_violation', MESSAGE = 'timix: draw-downs need READ COMMITTED'; END IF;"
    " PERFORM 1 FROM frame_orders WHERE number = NEW.frame_order FOR UPDATE;"
)
"""Whoever draws waits for everybody else who draws on the same order, and then sees what they drew:
in REPEATABLE READ one would wait, and not see it."""


def _check(guard: triggers.Guard) -> str:
    return f"IF {_words(guard.when)} THEN {_raise(guard.message)} END IF;"


def _raise(message: str) -> str:
    return f"RAISE EXCEPTION USING ERRCODE = 'restrict_violation', MESSAGE = 'timix: {message}';"


def _words(when: str) -> str:
    """Put a condition in PostgreSQL's words: a row has no number, and nothing pushes it out."""
    when = when.replace(triggers.MOVES, "FALSE").replace(" OR rowid = NEW.rowid", "")
    when = re.sub(r"EXISTS \(SELECT 1 FROM (\w+) WHERE \1\.rowid = NEW\.rowid\)", "FALSE", when)
    when = re.sub(r"\bIS NOT (?!NULL)", "IS DISTINCT FROM ", when)
    when = re.sub(r"\bIS (?!NOT NULL|NULL|DISTINCT)", "IS NOT DISTINCT FROM ", when)
    return "TRUE" if when == "1" else when


def _trigger(name: str, event: str, each: str, body: str, *, at_the_end: bool = False) -> list[str]:
    _, _, table = event.partition(" ON ")
    kind, when, later = "TRIGGER", "BEFORE", ""
    if at_the_end:
        kind, when, later = "CONSTRAINT TRIGGER", "AFTER", "DEFERRABLE INITIALLY DEFERRED "
    makes = f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
    reads = f"'ALTER FUNCTION {name}() SET search_path = ' || quote_ident(current_schema())"
    return [
        f"{makes} $timix$ BEGIN\n{body}\nEND $timix$",
        f"DO $$ BEGIN EXECUTE {reads} || ', pg_temp'; END $$",
        f"CREATE {kind} {name} {when} {event} {later}FOR EACH {each} EXECUTE FUNCTION {name}()",
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}",
    ]


def drop_guards(connection: Connection) -> None:
    """Drop our triggers with their functions."""
    for name in _functions(connection):
        connection.exec_driver_sql(f'DROP FUNCTION "{name}"() CASCADE')


def missing_guards(connection: Connection) -> list[str]:
    """Name the triggers and constraints that somebody has taken away, switched off or reworded."""
    there = _functions(connection)
    query = (
        "SELECT pg_get_triggerdef(pg_trigger.oid, true) FROM pg_trigger"
        " JOIN pg_class ON pg_class.oid = tgrelid"
        " WHERE relnamespace = current_schema()::regnamespace AND tgenabled = 'A'"
    )
    on = set(connection.execute(text(query)).scalars())
    gone = [
        name
        for name, (makes, _, starts, _) in _guards().items()
        if starts not in on or there.get(name) != _digest(makes.split("$timix$")[1])
    ]
    return sorted([*gone, *_missing_constraints(connection)])


def _functions(connection: Connection) -> dict[str, str]:
    """Return our functions with a digest of what they do; one that reads elsewhere has none."""
    query = (
        "SELECT proname, CASE WHEN proconfig = ARRAY['search_path=' ||"
        " quote_ident(current_schema()) || ', pg_temp'] THEN md5(prosrc) ELSE '' END FROM pg_proc"
        " WHERE pronamespace = current_schema()::regnamespace AND pronargs = 0"
        " AND starts_with(proname, :prefix)"
    )
    rows = connection.execute(text(query), {"prefix": triggers.PREFIX}).all()
    return {str(name): str(digest) for name, digest in rows}


def _digest(source: str) -> str:
    return hashlib.md5(source.encode(), usedforsecurity=False).hexdigest()


def database_problems(connection: Connection) -> list[str]:
    """Ask the server whether its constraints are on, and look for rows that refer to none."""
    query = (
        "SELECT DISTINCT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
        " WHERE relnamespace = current_schema()::regnamespace AND tgisinternal"
        " AND tgenabled NOT IN ('O', 'A') ORDER BY relname"
    )
    found = [
        f"references of {name} are switched off"
        for name in connection.execute(text(query)).scalars()
    ]
    for source, target, count in connection.exec_driver_sql(_orphans()):
        if count:
            found.append(f"{count} rows of {source} point to missing rows of {target}")
    return found


def _missing_constraints(connection: Connection) -> list[str]:
    """Name the constraints that somebody has taken away, or that old rows need not meet."""
    query = (
        "SELECT conname FROM pg_constraint WHERE convalidated"
        " AND connamespace = current_schema()::regnamespace"
    )
    there = set(connection.execute(text(query)).scalars())
    named = connection.dialect.identifier_preparer.format_constraint
    wanted = {
        str(named(one)) for table in tables.metadata.sorted_tables for one in table.constraints
    }
    return sorted(wanted - there)


@cache
def _orphans() -> str:
    """Count what refers to nothing, for every reference of every table."""
    references = [
        reference
        for table in tables.metadata.sorted_tables
        for reference in sorted(table.foreign_key_constraints, key=lambda one: str(one.name))
    ]
    return " UNION ALL ".join(map(_orphans_of, references))


def _orphans_of(reference: ForeignKeyConstraint) -> str:
    source, target = reference.parent.name, reference.referred_table.name
    pairs = [
        (f"source.{one.parent.name}", f"target.{one.column.name}") for one in reference.elements
    ]
    same = " AND ".join(f"{mine} = {theirs}" for mine, theirs in pairs)
    given = " AND ".join(f"{mine} IS NOT NULL" for mine, _ in pairs)
    return (
        f"SELECT '{source}', '{target}', count(*) FROM {source} AS source WHERE {given}"
        f" AND NOT EXISTS (SELECT 1 FROM {target} AS target WHERE {same})"
    )


def told(place: str, error: BaseException, *, ending: bool = False) -> TimixError:
    """Put what the server says in our words, by its SQLSTATE."""
    said = getattr(error, "orig", error)
    state = getattr(said, "sqlstate", None) or ""
    words = _first_line(said)
    if getattr(error, "connection_invalidated", False) or state.startswith(_BREAKS_OFF):
        wrote = "It is not known whether it was written" if ending else "Nothing was written"
        return refusals.StoreLost(place=place, wrote=wrote)
    if isinstance(error, IntegrityError | DataError):
        return refusals.StoreRefuses(why=words.removeprefix("timix: "))
    if state == "55P03":
        return refusals.StoreBusy(place=place)
    if state in _STOPPED:
        return refusals.StoreInterrupted(place=place, why=words)
    if state == "25006":
        return refusals.StoreOnlyRead(place=place)
    if state == "42501":
        return refusals.StoreForbidden(place=place, why=words)
    if state.startswith(_FULL):
        return refusals.StoreUnwritable(place=place, why=words)
    if state.startswith(_NOT_LET_IN) or (not state and isinstance(error, OperationalError)):
        return refusals.StoreUnreachable(place=place, why=words)
    return refusals.StoreDamaged(place=place, why=words)


_BREAKS_OFF = ("57P01", "57P02", "25P03", "08")
_STOPPED = ("40001", "40P01", "57014")
"""Two programs that wait for each other, or somebody who stopped this one."""
_FULL = ("53100", "53200", "58030")
"""No disk, no memory, a disk that fails."""
_NOT_LET_IN = ("28", "3D000", "53300", "57P03", "42704")


def _first_line(said: object) -> str:
    lines = str(said).strip().splitlines()
    return lines[0] if lines else type(said).__name__
