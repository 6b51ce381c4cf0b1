"""Fixtures of the core: a furnished store for each test, copied from one that is made once."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import servers
from tests.builders import (
    Shop,
    Template,
    copy_of,
    letting_go,
    make_template,
    make_template_on,
    template_at,
)
from tests.servers import Server
from timix_xl.store import sqlite
from timix_xl.store.database import make_store

settings.register_profile(
    "timix",
    derandomize=True,
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("timix")


KINDS = ("sqlite", "postgresql")
ON_BOTH = ("acceptance", "faults", "functions", "store")
"""The folders whose tests run on both kinds of store, unless they are marked with theirs."""
ON_BOTH_IF_ASKED = ("billing",)
"""Here those that are marked run on both; with `--store postgresql`, all the others too."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take `--host NAME` and `--store KIND`: what is asked of every one is run on these only."""
    parser.addoption(
        "--store",
        action="append",
        choices=KINDS,
        help="run what is asked of both kinds of store on this one only: sqlite or postgresql",
    )
    parser.addoption(
        "--host",
        action="append",
        choices=["files", "calc", "excel"],
        help="run what is asked of every host on this one only: files, calc or excel",
    )


@pytest.fixture(scope="session", autouse=True)
def no_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the user's own store, settings and variables out of every test."""
    folder = str(tmp_path_factory.mktemp("home"))
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_DATA_HOME", "LOCALAPPDATA", *(["HOME"] * (sys.platform == "darwin"))):
            patch.setenv(name, folder)
        of_servers = [name for name in os.environ if name.startswith("PG")]
        for name in ("TIMIX_STORE", "TIMIX_USER", *of_servers):
            patch.delenv(name, raising=False)
        yield


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that has a store on both kinds, where its folder is run on both."""
    folder = metafunc.definition.path.relative_to(Path(__file__).parent).parts[0]
    told = metafunc.definition.get_closest_marker("stores")
    asked = metafunc.config.getoption("--store") or ()
    here = (*ON_BOTH, *(ON_BOTH_IF_ASKED if "postgresql" in asked else ()))
    if "store_kind" not in metafunc.fixturenames or not (told or folder in here):
        return
    kinds = told.args if told else KINDS
    metafunc.parametrize("store_kind", kinds, indirect=True, scope="session")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is run on a kind of store that is not asked for."""
    asked = config.getoption("--store") or KINDS
    config.hook.pytest_deselected(items=[item for item in items if not _is_asked(item, asked)])
    items[:] = [item for item in items if _is_asked(item, asked)]


def _is_asked(item: pytest.Item, asked: Sequence[str]) -> bool:
    kind = kind_of(item)
    return kind is None or kind in asked


def kind_of(item: pytest.Item) -> str | None:
    """Return the kind of store that a test was told to run on."""
    of_test = getattr(item, "callspec", None)
    return of_test.params.get("store_kind") if of_test else None


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A PostgreSQL server of this process."""
    asked = request.config.getoption("--store") or ()
    servers.fail_or_skip(is_asked_for="postgresql" in asked)
    with servers.started() as made:
        yield made


@pytest.fixture(scope="session")
def store_kind(request: pytest.FixtureRequest) -> str:
    """The kind of store that a test runs on."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture(autouse=True)
def _databases_of_the_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """Drop the databases that a test makes on the server, and let go of its stores."""
    if kind_of(request.node) != "postgresql" and "server" not in request.fixturenames:
        yield
        return
    with request.getfixturevalue("server").dropping(), letting_go():
        yield


@pytest.fixture(scope="session")
def empty(place_in: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A store with nothing in it, to be copied."""
    place = place_in(tmp_path_factory.mktemp("empty"))
    store, _ = make_store(place)
    store.close()
    return template_at(place)


@pytest.fixture(scope="session")
def template(
    store_kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Template:
    """A furnished store, to be copied."""
    if store_kind == "postgresql":
        return make_template_on(request.getfixturevalue("server"))
    return make_template(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def place_in(store_kind: str, request: pytest.FixtureRequest) -> Callable[[Path], str]:
    """Say where a store can be made: a file of the folder that is given, or a database."""
    if store_kind == "postgresql":
        server = request.getfixturevalue("server")
        return lambda _: server.database().url()
    return lambda folder: str(folder / "timix.db")


@pytest.fixture
def place(place_in: Callable[[Path], str], tmp_path: Path) -> str:
    """Where there is no store yet, and one can be made."""
    return place_in(tmp_path)


@pytest.fixture
def shop(template: Template, tmp_path: Path) -> Iterator[Shop]:
    """A furnished store of this test's own."""
    made = copy_of(template, tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def rollback_journal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let SQLite keep no write-ahead log, as it does where it would lose data."""
    monkeypatch.setattr(sqlite, "journal_mode", lambda _: "DELETE")
