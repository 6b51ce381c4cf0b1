"""Places: where a crowd's store lies, on each of the databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import servers
from tests.faults.crowd.office import Where
from timix_xl.store import sqlite


@pytest.fixture(scope="session")
def durable_server() -> Iterator[servers.Server]:
    """A server that waits for the disk, as a real one does."""
    servers.fail_or_skip()
    with servers.started(durable=True) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def where(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Where]:
    """The place of a store that nobody has made yet."""
    if request.param != "postgresql":
        _, _, journal = request.param.partition(" ")
        monkeypatch.setattr(sqlite, "journal_mode", sqlite.journal_mode)  # to be put back
        made = Where(str(tmp_path / "timix.db"), journal)
        made.set_up()
        yield made
        return
    server: servers.Server = request.getfixturevalue("durable_server")
    with server.dropping():
        yield Where(server.database().url())
