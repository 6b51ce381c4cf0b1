"""A store with work, and a billing workbook into which it has been loaded."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlwings as xw

from tests.builders import ANN, Shop, copy_of
from tests.hosts.fixtures import (  # noqa: F401  pytest looks for them here
    host_in_turn,
    hosts_of_worker,
    pytest_generate_tests,
)
from tests.macros.driver import Workbook, a_shop_with_work
from timix_xl.store.database import open_store


@pytest.fixture(scope="session")
def loaded_once(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store and a loaded workbook, made once, copied for each test."""
    folder = tmp_path_factory.mktemp("loaded")
    shop = a_shop_with_work(copy_of(template, folder))
    Workbook(folder / "acme.xlsx", shop.store).load()
    shop.store.close()
    return folder


@pytest.fixture
def shop(loaded_once: Path, tmp_path: Path) -> Iterator[Shop]:
    """The store from which the workbook was loaded."""
    shutil.copy(loaded_once / "timix.db", tmp_path)
    made = Shop(open_store(str(tmp_path / "timix.db")))
    yield made
    made.store.close()


@pytest.fixture
def book(loaded_once: Path, tmp_path: Path, shop: Shop) -> Workbook:
    """The workbook with ACME's four entries loaded: E1, E2, E3 and M1, in that order."""
    shutil.copy(loaded_once / "acme.xlsx", tmp_path)
    return Workbook(tmp_path / "acme.xlsx", shop.store)


@pytest.fixture
def new_book(tmp_path: Path, shop: Shop) -> Workbook:
    """An empty workbook."""
    return Workbook(tmp_path / "new.xlsx", shop.store)


@pytest.fixture
def excel(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The clock and the user of the tests; no workbook is left as the caller."""
    monkeypatch.setattr("timix_xl.macros.desk.own_actor", lambda _: ANN)
    yield
    with contextlib.suppress(AttributeError):
        del xw.Book._mock_caller
