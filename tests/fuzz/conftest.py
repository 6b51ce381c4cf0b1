"""Stores that imports are driven on, made once for each module."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fuzz.intake import Intake
from tests.importing import conftest as importing
from tests.importing.timesheets import conftest as timesheets

example, quay_store = importing.example, timesheets.quay_store


@pytest.fixture(scope="module")
def intake(
    example: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Intake]:
    """A store with the example of the importing tests."""
    made = Intake(example[1], tmp_path_factory.mktemp("intake"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def quay(quay_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """A store with the books of the timesheet exports."""
    made = Intake(quay_store, tmp_path_factory.mktemp("quay"))
    yield made
    made.close()
