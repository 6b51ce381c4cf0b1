"""The bundled month in a store, the demo, and copies of both for tests that change them."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.builders import Template, copied, template_at
from tests.cli.terminal import Desk, run
from timix_xl.cli.demo.afterwards import read_the_register
from timix_xl.cli.demo.month import Month
from timix_xl.cli.demo.steps import STEPS
from timix_xl.settings import bundled
from timix_xl.store.database import make_store


@pytest.fixture(scope="session")
def month_store(
    tmp_path_factory: pytest.TempPathFactory, place_in: Callable[[Path], str]
) -> Template:
    """The bundled month, taken in and nothing else."""
    folder = tmp_path_factory.mktemp("month")
    place = place_in(folder)
    desk = Desk(place, folder)
    assert desk("init").code == 0
    books, entries = bundled("demo/books.json"), bundled("demo/entries.csv")
    assert desk("import", str(books), str(entries)).code == 0
    return template_at(place)


@pytest.fixture
def desk(month_store: Template, tmp_path: Path) -> Desk:
    """The bundled month in a store of this test's own."""
    return Desk(copied(month_store, tmp_path), tmp_path)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the demo says that it did; its files are where it says."""
    folder = tmp_path_factory.mktemp("demo") / "timix-demo"
    said = run("demo", "--into", str(folder), "--json")
    assert said.code == 0, said
    return said.json


@pytest.fixture(scope="session")
def billed_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's store up to its register: billed, sent and paid, and the month still open."""
    folder = tmp_path_factory.mktemp("billed")
    (folder / "invoices").mkdir()
    store, _ = make_store(str(folder / "timix.db"))
    month = Month(folder, folder / "invoices", store)
    for step in STEPS[: STEPS.index(read_the_register)]:
        step(month)
    store.close()
    return folder / "timix.db"


@pytest.fixture
def after(billed_store: Path, tmp_path: Path) -> Desk:
    """The month billed, sent and paid, in a store of this test's own."""
    shutil.copy(billed_store, tmp_path / "timix.db")
    return Desk(tmp_path / "timix.db")


@pytest.fixture
def closed(demo: dict[str, Any], tmp_path: Path) -> Desk:
    """The store that the whole demo made, its month closed, copied."""
    shutil.copy(demo["store"], tmp_path / "timix.db")
    return Desk(tmp_path / "timix.db")
