"""The tests' own PostgreSQL server: told where it is missing, and gone when its process is."""

import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests import servers
from tests.servers import ISSUER, OWNER, Server

ROOT = Path(__file__).parents[1]
KILLED = """
import os, signal
from tests import servers
with servers.started() as server:
    print(server.folder, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(servers, "_programs", lambda: None)


@pytest.mark.usefixtures("missing")
def test_a_server_that_is_not_there_is_left_out_with_the_reason() -> None:
    with pytest.raises(pytest.skip.Exception, match=r"not (installed|started)|only"):
        servers.fail_or_skip()


@pytest.mark.usefixtures("missing")
def test_whoever_asks_for_it_has_to_have_it() -> None:
    with pytest.raises(pytest.fail.Exception, match="PostgreSQL is not there"):
        servers.fail_or_skip(is_asked_for=True)


@pytest.mark.usefixtures("missing")
def test_ci_has_to_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="PostgreSQL is not there"):
        servers.fail_or_skip()


def test_it_is_gone_when_its_process_was_killed(server: Server) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", KILLED], cwd=ROOT, check=False, capture_output=True, text=True
    )
    folder = Path(killed.stdout.strip())
    until = time.monotonic() + servers.PATIENCE
    while folder.exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert folder.name.startswith("timix-pg-")
    assert not folder.exists()


def test_its_databases_are_dropped_whoever_is_in_them(server: Server) -> None:
    with server.dropping():
        made = server.database()
        inside = server.connect(made.name, OWNER)
    with pytest.raises(psycopg.OperationalError):
        inside.execute("SELECT 1")
    inside.close()
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        server.connect(made.name)


def test_it_sorts_by_a_language_and_not_by_bytes(server: Server) -> None:
    with server.connect() as connection:
        letters = connection.execute(
            "SELECT * FROM (VALUES ('B'), ('a'), ('\u00e4')) v(x) ORDER BY x"
        )
        assert [letter for (letter,) in letters] == ["a", "\u00e4", "B"]


def test_by_tcp_it_asks_for_the_password(server: Server) -> None:
    url = server.tcp_url("postgres", ISSUER).replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT current_user").fetchone() == (ISSUER,)
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(url.replace(":" + servers._PASSWORD, ":wrong"))
