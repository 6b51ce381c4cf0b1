"""A loaded workbook in a LibreOffice that may be ended, on a store of its own."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import xlwings as xw

from tests.builders import ANN, Shop, copy_of
from tests.hosts.calc.survival.offices import Calls
from tests.macros.driver import Workbook, a_shop_with_work
from timix_xl import macros
from timix_xl.errors import HostError
from timix_xl.hosts import calc
from timix_xl.hosts.calc.finding import Office, find_office
from timix_xl.hosts.refusals import CalcMissing, CalcTooOld, UnoMissing, UnoOfOtherPython
from timix_xl.store.database import open_store

NewApp = Callable[[], xw.App]


def find_or_skip() -> Office:
    """Return the LibreOffice of this machine."""
    try:
        return find_office()
    except (CalcMissing, CalcTooOld, UnoMissing, UnoOfOtherPython) as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI has to have LibreOffice: {missing}")
        pytest.skip(str(missing))


@pytest.fixture
def new_app() -> Iterator[NewApp]:
    """Start LibreOffices without a window; what is left of them at the end is ended."""
    made: list[xw.App] = []

    def start() -> xw.App:
        find_or_skip()
        made.append(calc.start())
        return made[-1]

    yield start
    for app in made:
        with suppress(HostError):
            app.kill()


@pytest.fixture
def app(new_app: NewApp) -> xw.App:
    """One LibreOffice."""
    return new_app()


@pytest.fixture(scope="session")
def loaded_once(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store and a loaded workbook, made on files, copied for each test."""
    folder = tmp_path_factory.mktemp("survival")
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
def desk(shop: Shop, tmp_path: Path) -> macros.Desk:
    """Where the macros work."""
    return macros.Desk(shop.store, ANN, tmp_path)


@pytest.fixture
def path(loaded_once: Path, tmp_path: Path) -> Path:
    """The workbook's file."""
    shutil.copy(loaded_once / "acme.xlsx", tmp_path)
    return tmp_path / "acme.xlsx"


@pytest.fixture
def book(app: xw.App, path: Path, desk: macros.Desk) -> xw.Book:
    """The workbook, open, loaded anew and saved by LibreOffice."""
    opened = calc.open_book(path, app)
    macros.load_unbilled(opened, desk)
    opened.save()
    return opened


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """The calls that the macros make of LibreOffice."""
    return Calls(monkeypatch)
