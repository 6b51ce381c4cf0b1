"""Fixtures of the core: a furnished store for each test, copied from one that is made once."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.builders import Shop, copy_of, make_template

settings.register_profile(
    "timix",
    derandomize=True,
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("timix")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take `--host NAME`: what is asked of every host is run on this one (or these) only."""
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
        for name in ("TIMIX_STORE", "TIMIX_USER"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A furnished store, to be copied."""
    return make_template(tmp_path_factory.mktemp("template"))


@pytest.fixture
def shop(template: Path, tmp_path: Path) -> Iterator[Shop]:
    """A furnished store of this test's own."""
    made = copy_of(template, tmp_path)
    yield made
    made.store.close()
