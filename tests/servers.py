"""A PostgreSQL server of the tests' own: found, started, and ended whatever becomes of the tests.

Each process of the suite starts its own when its first test asks for one. It takes connections
from a folder that only its owner may enter, and by TCP with a password that is made for it.
"""

import os
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import URL

SUPERUSER, OWNER, ISSUER = "postgres", "timix_owner", "ann"
_PASSWORD = secrets.token_urlsafe()
OLDEST = 15
"""The first version that sorts by ICU, as every supported one can."""
PATIENCE = 60.0
_LIFE = """
trap 'rm -rf "$folder"' EXIT
cd "$folder" && export LC_ALL=C
"$programs/initdb" --pgdata=data --username="$superuser" --encoding=UTF8 --locale=C \
    --locale-provider=icu --icu-locale=und --auth-local=trust --auth-host=scram-sha-256 \
    --no-sync --no-instructions > log 2>&1 &&
printf '%s\\n' "$settings" >> data/postgresql.conf &&
"$programs/pg_ctl" start --wait --pgdata=data --log=log > started 2>&1 || { tail -n 5 log; exit 1; }
echo ready
read -r _
"$programs/pg_ctl" stop --mode=immediate --pgdata=data > stopped 2>&1
"""
"""The server's life: it ends when its standard input does, as it also does when we are killed."""
_ALWAYS = ("max_connections = 60", "shared_buffers = 64MB", "jit = off", "timezone = 'Asia/Tokyo'")
_IN_A_HURRY = (
    *("fsync = off", "full_page_writes = off", "synchronous_commit = off", "autovacuum = off"),
    *("wal_level = minimal", "max_wal_senders = 0"),
    *("checkpoint_timeout = 1h", "max_wal_size = 4GB"),
)


@dataclass(frozen=True)
class Server:
    """A server that runs: its databases, and who may log in."""

    folder: str
    port: int

    def url(self, name: str, role: str = OWNER) -> str:
        """Say where a database is, for the store; no password is asked for."""
        return f"postgresql+psycopg://{role}@:{self.port}/{name}?host={self.folder}"

    def tcp_url(self, name: str, role: str = OWNER) -> str:
        """Say where a database is by TCP, with the password of the role."""
        return f"postgresql+psycopg://{role}:{_PASSWORD}@127.0.0.1:{self.port}/{name}"

    def connect(self, name: str = "postgres", role: str = SUPERUSER) -> psycopg.Connection:
        """Return a plain connection; each statement is committed by itself."""
        return psycopg.connect(
            host=self.folder, port=self.port, dbname=name, user=role, autocommit=True
        )

    def login(self, role: str) -> str:
        """Let a role log in; of itself it may do nothing."""
        with self.connect() as connection:
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(role), _PASSWORD)
            )
        return role

    def database(self, template: str = "template0") -> "Database":
        """Make a database that the owner owns, empty or a copy of another."""
        name = f"timix_{uuid.uuid4().hex}"
        with self.connect() as connection:
            connection.execute(f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE {template}")
        return Database(self, name)

    @contextmanager
    def dropping(self) -> Iterator[None]:
        """Drop, at the end, the databases that were made meanwhile, whoever is in them."""
        with self.connect() as connection:
            before = _databases(connection)
            yield
            for name in _databases(connection) - before:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _databases(connection: psycopg.Connection) -> set[str]:
    found = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'timix_%'")
    return {name for (name,) in found}


@dataclass(frozen=True)
class Database:
    """A database of a server; one that nobody is in can be copied."""

    server: Server
    name: str

    @classmethod
    def at(cls, url: URL) -> Self:
        """Return the database that one of our own URLs names."""
        assert url.port is not None, url
        assert url.database is not None, url
        return cls(Server(str(url.query["host"]), url.port), url.database)

    def url(self, role: str = OWNER) -> str:
        """Say where it is."""
        return self.server.url(self.name, role)

    def copied(self) -> Self:
        """Copy it."""
        return self.server.database(self.name)


def lacks() -> str:
    """Say why no server can be started here; nothing if one can."""
    if os.name == "nt":
        return "the tests start PostgreSQL on Linux and macOS only"
    if not _programs():
        return f"PostgreSQL {OLDEST} or later is not installed (Debian: postgresql)"
    return ""


def fail_or_skip(*, is_asked_for: bool = False) -> None:
    """Leave a test out where no server can be started; CI and who asks for it have to have it."""
    reason = lacks()
    if not reason:
        return
    if is_asked_for or os.environ.get("CI") == "true":
        pytest.fail(f"PostgreSQL is not there: {reason}")
    pytest.skip(reason)


@contextmanager
def started(*, durable: bool = False) -> Iterator[Server]:
    """Start a server and end it afterwards; it does not wait for the disk unless it is durable."""
    programs = _programs()
    assert programs, lacks()
    # Short: the path of a socket has about a hundred letters.
    folder, port = Path(tempfile.mkdtemp(prefix="timix-pg-")), _free_port()
    settings = (
        *_ALWAYS,
        *(() if durable else _IN_A_HURRY),
        f"port = {port}",
        f"unix_socket_directories = '{folder}'",
        "listen_addresses = '127.0.0.1'",
    )
    life = subprocess.Popen(
        ["/bin/sh", "-c", _LIFE],
        env=os.environ
        | {"folder": str(folder), "programs": str(programs), "superuser": SUPERUSER}
        | {"settings": "\n".join(settings)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is for the tests alone
        **_as_its_user(folder),
    )
    with life:
        said = life.stdout.readline()
        assert said == "ready\n", f"PostgreSQL did not start: {said}{life.communicate()[0]}"
        server = Server(str(folder), port)
        for role in (OWNER, ISSUER):
            server.login(role)
        yield server
        life.communicate(timeout=PATIENCE)


def _programs() -> Path | None:
    """Return the folder of the newest server's programs."""
    named = {one.parent for one in Path("/usr/lib/postgresql").glob("*/bin/initdb")}
    on_path = shutil.which("initdb")
    if on_path:
        named.add(Path(on_path).resolve().parent)
    found = {_version(folder): folder for folder in named}
    newest = max(found, default=0)
    return found[newest] if newest >= OLDEST else None


def _version(programs: Path) -> int:
    said = subprocess.run(
        [programs / "postgres", "--version"], check=True, capture_output=True, text=True
    ).stdout
    (number,) = re.findall(r"\) (\d+)", said)
    return int(number)


def _as_its_user(folder: Path) -> dict[str, Any]:
    """Give the folder to a user who is not root, as whom the server refuses to run."""
    if os.geteuid() != 0:
        return {}
    import pwd  # Windows has none

    known = {one.pw_name: one for one in pwd.getpwall()}
    user = known.get("postgres") or known["nobody"]
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]
