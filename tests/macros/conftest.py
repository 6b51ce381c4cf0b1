"""A store with work, and a billing workbook into which it has been loaded."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlwings as xw

from tests.builders import ANN, Shop, Template, copy_of
from tests.hosts.fixtures import (  # noqa: F401  pytest looks for them here
    host_in_turn,
    hosts_of_worker,
    pytest_generate_tests,
)
from tests.macros.driver import Kept, Workbook, a_shop_with_work


@pytest.fixture(scope="session")
def loaded_once(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """A store and a workbook into which it was loaded, made once, copied for each test."""
    folder = tmp_path_factory.mktemp("loaded")
    shop = a_shop_with_work(copy_of(template, folder))
    Workbook(folder / "acme.xlsx", shop.store).load()
    return Kept(shop.template(), folder / "acme.xlsx")


@pytest.fixture
def shop(loaded_once: Kept, tmp_path: Path) -> Iterator[Shop]:
    """The store from which the workbook was loaded."""
    made = copy_of(loaded_once.store, tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def book(loaded_once: Kept, tmp_path: Path, shop: Shop) -> Workbook:
    """The workbook with ACME's four entries loaded: E1, E2, E3 and M1, in that order."""
    shutil.copy(loaded_once.book, tmp_path)
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
