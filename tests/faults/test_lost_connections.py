"""What happens between a program and its PostgreSQL server: cut, killed, refused, stood still.

Whatever happens, nothing is half written, the message says what is known, and the same request
makes one document.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest

from tests import servers
from tests.builders import Shop, Template, copy_of, make_template_on
from tests.cli.terminal import Desk
from tests.faults.proxy import Cut, Wire, commits, turn
from tests.faults.recovery import (
    COMMAND,
    NUMBER,
    STORE_CODE,
    assert_done_once,
    interrupted,
    issue_it,
    leave,
    nothing_written,
    small_disk,
    standing_still,
    with_work,
)
from tests.servers import ISSUER, OWNER, PATIENCE, Database, Server
from timix_xl.store import postgres
from timix_xl.store.database import open_store
from timix_xl.store.refusals import (
    StoreBusy,
    StoreInterrupted,
    StoreLost,
    StoreOnlyRead,
    StoreUnreachable,
    StoreUnwritable,
)

UNKNOWN = "It is not known whether it was written"
NOTHING = "broke off. Nothing was written"
SEED = 20260203
CUTS = 15


@pytest.fixture(scope="module")
def template(server: Server) -> Template:
    """A furnished store on the server, with something to issue."""
    return make_template_on(server)


@pytest.fixture
def work(shop: Shop) -> Shop:
    """A store on the server with something to issue."""
    return with_work(shop)


def database_of(shop: Shop) -> Database:
    """Return where a store is, to reach it with other tools."""
    return Database.at(shop.store.engine.url)


# A connection that is cut.


@pytest.fixture
def wire(server: Server) -> Iterator[Wire]:
    """A wire to the server."""
    with Wire.to(server) as laid:
        yield laid


@pytest.fixture
def far(work: Shop, wire: Wire) -> Iterator[Shop]:
    """The same store, at the other end of the wire."""
    found = Shop(open_store(wire.url(database_of(work).name, ISSUER)))
    yield found
    found.store.close()


def test_over_a_wire_that_is_not_cut_everything_works(far: Shop, work: Shop) -> None:
    assert issue_it(far) == (NUMBER,)
    assert far.problems() == ()
    assert_done_once(work)


def test_a_commit_that_the_server_never_hears_of_was_not_done(
    far: Shop, work: Shop, wire: Wire
) -> None:
    wire.cut(commits, Cut.BEFORE)
    with nothing_written(work), pytest.raises(StoreLost, match=UNKNOWN):
        issue_it(far)
    assert issue_it(far) == (NUMBER,)
    assert_done_once(work)


def test_a_commit_whose_answer_is_lost_was_done_and_the_same_request_tells_its_number(
    far: Shop, work: Shop, wire: Wire
) -> None:
    wire.cut(commits, Cut.AFTER)
    with pytest.raises(StoreLost, match=UNKNOWN):
        issue_it(far)
    assert work.rows("SELECT number FROM documents") == [(NUMBER,)]
    assert issue_it(far) == (NUMBER,)
    assert_done_once(work)


def test_wherever_it_is_cut_nothing_is_half_written_and_the_same_request_makes_one_document(
    template: Template, wire: Wire, tmp_path: Path
) -> None:
    chance = Random(SEED)
    with both_ends(template, wire, tmp_path) as (far, _):
        wire.count()
        issue_it(far)
        turns = wire.turns
    for _ in range(CUTS):
        with both_ends(template, wire, tmp_path) as (far, work):
            cut_at(far, work, wire, chance.randrange(turns), chance.choice(list(Cut)))


@contextmanager
def both_ends(template: Template, wire: Wire, folder: Path) -> Iterator[tuple[Shop, Shop]]:
    """Give a store with something to issue over a wire, not yet connected, and without one."""
    work = with_work(copy_of(template, folder))
    far = Shop(open_store(wire.url(database_of(work).name, ISSUER)))
    far.store.close()
    try:
        yield far, work
    finally:
        far.store.close()
        work.store.close()


def cut_at(far: Shop, work: Shop, wire: Wire, at: int, where: Cut) -> None:
    """Cut a wire in the middle of issuing, and look at what is left."""
    print(f"seed {SEED}, turn {at}, {where.value}")
    before = work.contents()
    wire.cut(turn(at), where)
    with pytest.raises((StoreLost, StoreUnreachable)) as told:
        issue_it(far)
    if UNKNOWN not in str(told.value):
        assert work.contents() == before
    assert issue_it(far) == (NUMBER,)
    assert_done_once(work)


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="only Linux has it")
def test_a_server_that_has_gone_without_a_word_is_noticed_within_a_minute(far: Shop) -> None:
    with far.store.reading() as connection:
        driver: Any = connection.connection.driver_connection
        with socket.fromfd(driver.fileno(), socket.AF_INET, socket.SOCK_STREAM) as own:
            options = {
                name: own.getsockopt(socket.IPPROTO_TCP, getattr(socket, name))
                for name in ("TCP_USER_TIMEOUT", "TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT")
            }
    assert 0 < options.pop("TCP_USER_TIMEOUT") <= 60_000
    idle, interval, count = options.values()
    assert idle + interval * count <= 60


# A server that lets go.


def test_a_session_that_was_ended_between_two_uses_is_not_noticed(work: Shop) -> None:
    work.load()
    terminate(database_of(work))
    assert_done_once(work)


def terminate(database: Database) -> None:
    """End every session of a user of the store, as an administrator does."""
    query = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
    with database.server.connect() as connection:
        connection.execute(f"{query} WHERE datname = %s AND usename = %s", [database.name, ISSUER])


@pytest.mark.parametrize("at", [1, 5, 20, 40])
def test_a_session_that_is_ended_in_the_middle_has_written_nothing(work: Shop, at: int) -> None:
    database = database_of(work)
    with (
        nothing_written(work),
        interrupted(work, at, lambda: terminate(database)),
        pytest.raises(StoreLost, match=NOTHING),
    ):
        issue_it(work)
    assert_done_once(work)


def test_a_statement_that_takes_too_long_for_the_server_has_written_nothing(work: Shop) -> None:
    database = database_of(work)
    role = f"ROLE {ISSUER} IN DATABASE {database.name}"
    work.store.close()
    with (
        altered(database, f"{role} SET statement_timeout = '500ms'", f"{role} RESET ALL"),
        nothing_written(work),
        pytest.raises(StoreInterrupted, match=r"statement timeout\. Nothing was written\."),
        work.store.writing() as connection,
    ):
        connection.exec_driver_sql("UPDATE customers SET name = 'other'")
        connection.exec_driver_sql("SELECT pg_sleep(1)")
    work.store.close()
    assert_done_once(work)


def test_too_many_connections_are_told(work: Shop) -> None:
    work.load()
    limit = f"ROLE {ISSUER} CONNECTION LIMIT"
    words = f'too many connections for role "{ISSUER}"'
    with altered(database_of(work), f"{limit} 1", f"{limit} -1"):
        with pytest.raises(StoreUnreachable, match=words):
            open_store(work.path)
        assert Desk(work.path).error(*COMMAND) == (STORE_CODE, StoreUnreachable.code)
    assert_done_once(work)


@contextmanager
def altered(database: Database, begins: str, ends: str) -> Iterator[None]:
    """Alter something of the server for a while."""
    with database.server.connect() as connection:
        connection.execute(f"ALTER {begins}")
        try:
            yield
        finally:
            connection.execute(f"ALTER {ends}")


# A server that is only read, or full.


def test_a_server_that_is_only_read_is_told(work: Shop) -> None:
    database = database_of(work)
    work.store.close()
    name, setting = f"DATABASE {database.name}", "default_transaction_read_only"
    with altered(database, f"{name} SET {setting} = on", f"{name} RESET {setting}"):
        with nothing_written(work), pytest.raises(StoreOnlyRead):
            issue_it(work)
        assert Desk(work.path).error(*COMMAND) == (STORE_CODE, StoreOnlyRead.code)
        assert work.problems() == ()
    work.store.close()
    assert_done_once(work)


@pytest.mark.parametrize("state", ["53100", "53200", "58030"])
def test_a_server_without_room_is_told(work: Shop, state: str) -> None:
    words = "could not extend file: No space left on device"
    database = database_of(work)
    with database.server.connect(database.name, OWNER) as connection:
        connection.execute(
            "CREATE FUNCTION full_up() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}', MESSAGE = '{words}'; END $$"
        )
        connection.execute(
            "CREATE TRIGGER full_up BEFORE INSERT ON events EXECUTE FUNCTION full_up()"
        )
        with nothing_written(work), pytest.raises(StoreUnwritable, match=words):
            issue_it(work)
        connection.execute("DROP FUNCTION full_up CASCADE")
    assert_done_once(work)


@pytest.fixture
def tight(server: Server, template: Database) -> Iterator[tuple[Shop, Path]]:
    """A store on a small disk of the server's, and the disk."""
    name, place = "timix_tight", Path(server.folder) / "disk"
    with small_disk(place, "64m"), server.connect() as connection:
        owner = Path(server.folder).stat()
        os.chown(place, owner.st_uid, owner.st_gid)
        connection.execute(f"CREATE TABLESPACE tight LOCATION '{place}'")
        makes = f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE {template.name}"
        connection.execute(f"{makes} TABLESPACE tight")
        shop = with_work(Shop(open_store(Database(server, name).url(ISSUER))))
        shop.many(150)
        yield shop, place
        shop.store.close()
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        connection.execute("DROP TABLESPACE tight")


def test_a_full_disk_of_the_server_is_told_and_with_room_it_goes_on(
    tight: tuple[Shop, Path],
) -> None:
    shop, disk = tight
    leave(disk, 0)
    with nothing_written(shop), pytest.raises(StoreUnwritable, match="No space left on device"):
        issue_it(shop)
    leave(disk, 1000)
    assert_done_once(shop)


# A store that somebody else holds.


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for others for 0.2 s only."""
    monkeypatch.setattr(postgres, "LOCK_SECONDS", 0.2)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "holds",
    [
        "SELECT * FROM chains WHERE name = 'audit_log' FOR UPDATE",
        "SELECT * FROM frame_orders WHERE number = 'FO' FOR UPDATE",
        "LOCK TABLE documents IN SHARE MODE",
        "LOCK TABLE document_lines IN ACCESS EXCLUSIVE MODE",
    ],
)
def test_what_another_program_holds_is_busy_and_then_it_goes_on(work: Shop, holds: str) -> None:
    database = database_of(work)
    work.store.close()
    before = work.contents()
    with database.server.connect(database.name) as other, other.transaction():
        other.execute(holds)
        with pytest.raises(StoreBusy):
            issue_it(work)
        assert Desk(work.path).error(*COMMAND) == (STORE_CODE, StoreBusy.code)
    assert work.contents() == before
    assert_done_once(work)


def test_a_deadlock_with_another_program_is_told_and_nothing_is_half_written(work: Shop) -> None:
    """We hold the end of the audit log and want the order; it holds the order and wants the end."""
    database = database_of(work)
    before = work.contents()
    with database.server.connect(database.name) as other, other.transaction():
        other.execute("SET deadlock_timeout = '1min'")  # it is we who find out
        other.execute("SELECT * FROM frame_orders WHERE number = 'FO' FOR UPDATE")
        crosses = b"SELECT * FROM chains WHERE name = 'audit_log' FOR UPDATE"
        with (
            interrupted(work, 5, lambda: other.pgconn.send_query(crosses)),
            pytest.raises(StoreInterrupted, match=r"deadlock detected\. Nothing was written\."),
        ):
            issue_it(work)
        while other.pgconn.get_result():
            pass
    assert work.contents() == before
    assert_done_once(work)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGSTOP")
def test_a_program_that_stands_still_is_put_out_and_woken_it_has_written_nothing(
    work: Shop,
) -> None:
    with standing_still(work.path) as wake:
        assert_done_once(work)  # it waits for a second, and then gets its turn
        assert NOTHING in wake()
    assert_done_once(work)


# A server that falls, and comes up again.


@pytest.fixture(scope="module")
def own_server() -> Iterator[Server]:
    """A server of these tests alone, which waits for the disk as a real one does."""
    servers.fail_or_skip()
    with servers.started(durable=True) as started:
        yield started


@pytest.fixture
def on_its_own(own_server: Server, tmp_path: Path) -> Iterator[Shop]:
    """A store on it, with something to issue."""
    wait_until_up(own_server)
    shop = with_work(copy_of(make_template_on(own_server), tmp_path))
    yield shop
    shop.store.close()


def control(server: Server, *words: str) -> None:
    """Stop the server, start it, or let it change."""
    data = Path(server.folder) / "data"
    program = servers._programs()
    assert program
    log = ("--log", str(Path(server.folder) / "log")) if words[0] != "stop" else ()
    subprocess.run(
        [program / "pg_ctl", *words, "--wait", "--pgdata", data, *log],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=server.folder,
        **servers._as_its_user(Path(server.folder)),
    )


def test_a_server_that_is_down_is_told_and_once_it_is_up_the_same_store_goes_on(
    on_its_own: Shop, own_server: Server
) -> None:
    on_its_own.load()
    before = on_its_own.contents()
    control(own_server, "stop", "--mode=fast")
    with pytest.raises(StoreUnreachable):
        issue_it(on_its_own)
    assert Desk(on_its_own.path).error(*COMMAND) == (STORE_CODE, StoreUnreachable.code)
    control(own_server, "start")
    assert on_its_own.contents() == before
    assert_done_once(on_its_own)


def test_a_process_of_the_server_that_is_killed_takes_nothing_with_it(
    on_its_own: Shop, own_server: Server
) -> None:
    before = on_its_own.contents()
    with (
        interrupted(on_its_own, 20, lambda: kill_the_writer(on_its_own)),
        pytest.raises(StoreLost, match=NOTHING),
    ):
        issue_it(on_its_own)
    wait_until_up(own_server)
    assert on_its_own.contents() == before
    assert_done_once(on_its_own)


def kill_the_writer(shop: Shop) -> None:
    """Kill the server's process that writes for us; all others then fall with it."""
    database = database_of(shop)
    query = "SELECT pid FROM pg_stat_activity WHERE datname = %s AND state = 'idle in transaction'"
    with database.server.connect() as connection:
        found = connection.execute(query, [database.name]).fetchone()
    assert found
    os.kill(found[0], signal.SIGKILL)


def wait_until_up(server: Server) -> None:
    """Wait until a server that has fallen takes connections again."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with suppress(psycopg.OperationalError), server.connect() as connection:
            connection.execute("SELECT 1")
            return
        time.sleep(0.05)
    pytest.fail("the server did not come up again")


def test_a_stand_by_is_read_and_tells_that_it_is_not_written(
    on_its_own: Shop, own_server: Server
) -> None:
    on_its_own.store.close()
    before = on_its_own.contents()
    signal_file = Path(own_server.folder) / "data" / "standby.signal"
    control(own_server, "stop", "--mode=fast")
    signal_file.touch()
    control(own_server, "start")
    try:
        with pytest.raises(StoreOnlyRead, match="it is a replica"):
            issue_it(on_its_own)
        assert on_its_own.problems() == ()
        assert on_its_own.contents() == before
    finally:
        on_its_own.store.close()
        control(own_server, "promote")
    assert_done_once(on_its_own)
