"""Eight at once, and some are killed: nothing is lost, doubled, or half done, on either database."""

import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from tests import servers
from tests.faults.crowd.inspection import inspect
from tests.faults.crowd.office import Where, furnished
from tests.faults.crowd.parent import AIMED, working
from tests.faults.crowd.worker import DONE_BEFORE

pytest_plugins = ["tests.faults.crowd.places"]
pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has neither a fork server nor SIGKILL"
)
SEED = 20260201
MANY = 200


@pytest.mark.bad_input("C01")
@pytest.mark.parametrize(
    ("where", "kills", "apart"),
    [
        ("sqlite", 10, 0.1),
        ("postgresql", 10, 0.1),
        pytest.param("sqlite DELETE", MANY, 0.4, marks=pytest.mark.long),
        pytest.param("sqlite WAL", MANY, 0.4, marks=pytest.mark.long),
        pytest.param("postgresql", MANY, 0.4, marks=pytest.mark.long),
    ],
    indirect=["where"],
)
def test_whoever_is_killed_in_whatever_moment_the_books_are_whole(
    where: Where, tmp_path: Path, kills: int, apart: float
) -> None:
    store = furnished(where).store
    store.close()
    with working(where, tmp_path, SEED) as crowd:
        crowd.work_for(1)
        crowd.kill(kills, apart)
    noted = crowd.noted()
    print(f"{crowd.killed}\n{noted.report()}")
    inspect(store, noted, crowd.place.today)
    store.close()
    assert noted.done.total() >= crowd.kills.total() == kills
    if kills == MANY:
        assert all(crowd.kills[moment] for moment in AIMED)
        assert noted.repeated[DONE_BEFORE]


CRASHES = 3
"""Whoever kills one of the server's processes brings all of them down."""


@pytest.mark.long
def test_a_server_that_crashes_among_eight_loses_nothing(tmp_path: Path) -> None:
    servers.fail_or_skip()
    with servers.started(durable=True) as server:
        database = server.database()
        where = Where(database.url())
        store = furnished(where).store
        store.close()
        with working(where, tmp_path, SEED) as crowd:
            for _ in range(CRASHES):
                crowd.kill(10, 0.4)
                crash(database)
                crowd.work_for(3)
        noted = crowd.noted()
        print(f"{CRASHES} crashes, {crowd.killed}\n{noted.report()}")
        inspect(store, noted, crowd.place.today)
        store.close()
        log = (Path(server.folder) / "log").read_text()
    assert log.count("was terminated by signal 9") == CRASHES
    assert noted.repeated.total() >= CRASHES


def crash(database: servers.Database) -> None:
    """Kill the process of the server that writes for somebody, or is asked to."""
    query = (
        "SELECT pid FROM pg_stat_activity WHERE datname = %s AND state <> 'idle'"
        " AND wait_event_type IS DISTINCT FROM 'Lock' AND pid <> pg_backend_pid()"
    )
    until = time.monotonic() + 30
    while time.monotonic() < until:
        # It may be coming up again; whoever wrote may have left.
        with suppress(psycopg.OperationalError, ProcessLookupError):
            with database.server.connect() as connection:
                found = connection.execute(query, [database.name]).fetchone()
            if found:
                os.kill(found[0], signal.SIGKILL)
                return
        time.sleep(0.001)
    pytest.fail("nobody wrote")
