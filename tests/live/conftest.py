"""A month at a window: its steps stop at the first that fails, and show the screen then."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.live.screen import Screen, a_screen
from tests.live.walk import Walk, nearly_billed
from tests.live.window import a_window
from timix_xl.settings import bundled
from timix_xl.store.database import open_store

_broken = pytest.StashKey[str]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take `--pictures FOLDER`: the walk leaves the README's pictures there."""
    parser.addoption("--pictures", type=Path, help="leave pictures of the window in this folder")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: "pytest.CallInfo[None]") -> Iterator[None]:
    """Remember that a step of the walk has failed, and say where a picture of the screen is."""
    report = yield
    if report.failed and item.parent:
        item.parent.stash.setdefault(_broken, item.name)
        if walk := getattr(item, "funcargs", {}).get("walk"):
            report.sections.append(("The screen", str(walk.window.screen.kept(item.name))))
    return report


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Take no step after one that has failed."""
    earlier = item.parent.stash.get(_broken, None) if item.parent else None
    if earlier:
        pytest.fail(f"{earlier} failed before", pytrace=False)


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    """A screen of the module's own."""
    with a_screen(tmp_path_factory.mktemp("screen")) as made:
        yield made


@pytest.fixture(scope="module")
def walk(
    screen: Screen, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Walk]:
    """An empty billing workbook in a window, on the store of a month that is nearly billed."""
    folder = tmp_path_factory.mktemp("walk")
    place = folder / "timix.db"
    shutil.copy(nearly_billed(folder / "demo"), place)
    path = folder / "january.xlsx"
    path.write_bytes(bundled("billing.xlsx").read_bytes())
    home = folder / "home"
    home.mkdir()
    pictures = request.config.getoption("--pictures", None)
    with (
        closing(open_store(str(place))) as store,
        a_window(screen, path, store=place, home=home) as window,
    ):
        yield Walk(window, store, folder, pictures)
