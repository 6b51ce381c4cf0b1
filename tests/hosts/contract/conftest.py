"""The workbook of the contract, opened on each host in turn."""

from collections.abc import Callable
from pathlib import Path
from shutil import copy
from typing import Any

import openpyxl
import pytest
import xlwings as xw

from tests.hosts.contract.workbook import make
from tests.hosts.fixtures import (  # noqa: F401  pytest looks for them here
    host_in_turn,
    hosts_of_worker,
    pytest_generate_tests,
)
from tests.hosts.hosts import Host


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook, to be copied."""
    return make(tmp_path_factory.mktemp("contract") / "book.xlsx")


@pytest.fixture
def path(made_once: Path, tmp_path: Path) -> Path:
    """A workbook of this test's own."""
    return Path(copy(made_once, tmp_path))


@pytest.fixture
def book(host: Host, path: Path) -> xw.Book:
    """The workbook, opened."""
    return host.open(path)


@pytest.fixture
def entries(book: xw.Book) -> xw.Sheet:
    """The sheet with tiles in rows 1 to 3 and the table tblEntries in A5:F8."""
    return book.sheets["Entries"]


@pytest.fixture
def reopened(host: Host) -> Callable[[xw.Book], xw.Book]:
    """Save a workbook, close it, and open what was saved."""

    def again(book: xw.Book) -> xw.Book:
        path = Path(book.fullname)
        book.save()
        book.close()
        return host.open(path)

    return again


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[xw.Book], Any]:
    """Save a workbook under another name, and read the file."""

    def read(book: xw.Book) -> Any:
        target = tmp_path / "saved.xlsx"
        book.save(str(target))
        return openpyxl.load_workbook(target)

    return read
