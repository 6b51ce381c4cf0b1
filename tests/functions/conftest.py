"""The day on which functions are called, a store that they read, and the demo's store."""

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from tests.builders import Shop
from tests.cli.terminal import Desk, run
from timix_xl.udf import declaring

TODAY = dt.date(2026, 2, 20)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> Iterator[dt.date]:
    """Call functions on one day; let go of their store at the end."""
    monkeypatch.setattr(declaring, "_today", lambda: TODAY)
    yield TODAY
    declaring.STORE.close()


@pytest.fixture
def cells(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """The furnished store, which functions read."""
    monkeypatch.setenv("TIMIX_STORE", shop.path)
    return shop


@pytest.fixture(scope="session")
def demo_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store that the demo leaves behind."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    assert run("demo", "--into", str(folder)).code == 0
    return folder / "timix.db"


@pytest.fixture
def demo(demo_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A command line on a copy of the demo's store, which functions read."""
    place = tmp_path / "demo.db"
    shutil.copy(demo_once, place)
    monkeypatch.setenv("TIMIX_STORE", str(place))
    return Desk(place)


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """Every statement that connections made from now on send to SQLite."""
    said: list[str] = []

    def trace(connection: object, _: object) -> None:
        connection.set_trace_callback(said.append)  # type: ignore[attr-defined]

    event.listen(Engine, "connect", trace)
    yield said
    event.remove(Engine, "connect", trace)
