"""The bundled month in a store, the demo, and copies of both for tests that change them."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.terminal import Desk, run
from timix_xl.settings import bundled


@pytest.fixture(scope="session")
def month_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled month, taken in and nothing else."""
    store = tmp_path_factory.mktemp("month") / "timix.db"
    desk = Desk(store)
    assert desk("init").code == 0
    books, entries = bundled("demo/books.json"), bundled("demo/entries.csv")
    assert desk("import", str(books), str(entries)).code == 0
    return store


@pytest.fixture
def desk(month_store: Path, tmp_path: Path) -> Desk:
    """The bundled month in a store of this test's own."""
    shutil.copy(month_store, tmp_path / "timix.db")
    return Desk(tmp_path / "timix.db")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the demo says that it did; its files are where it says."""
    folder = tmp_path_factory.mktemp("demo") / "timix-demo"
    said = run("demo", "--into", str(folder), "--json")
    assert said.code == 0, said
    return said.json


@pytest.fixture
def after(demo: dict[str, Any], tmp_path: Path) -> Desk:
    """The store that the demo made, copied."""
    shutil.copy(demo["store"], tmp_path / "timix.db")
    return Desk(tmp_path / "timix.db")
