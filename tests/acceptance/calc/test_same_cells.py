"""The same months on files and in a live LibreOffice: the same cells afterwards."""

import datetime as dt
import itertools
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.acceptance.calc import months
from tests.acceptance.calc.live import LiveDesk
from tests.acceptance.calc.looking import Facts, differences, look
from timix_xl.hosts import files

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")
NAMES_IDS = (
    "macros.loading",
    "store.database",
    *tuple(f"workbook.{name}_sheet" for name in ("invoices", "projects", "pro_forma")),
)
"""Where ids are drawn that stand in cells."""
NOW = dt.datetime(2026, 2, 2, 12, 0, 0)


@contextmanager
def the_same_world() -> Iterator[pytest.MonkeyPatch]:
    """Draw the same ids and read the same clock in every run."""
    count = itertools.count(1)
    ids = SimpleNamespace(uuid4=lambda: uuid.UUID(int=next(count)))
    clock = SimpleNamespace(datetime=SimpleNamespace(now=lambda: NOW), date=dt.date)
    with pytest.MonkeyPatch.context() as patch:
        for name in NAMES_IDS:
            patch.setattr(f"timix_xl.{name}.uuid", ids)
        patch.setattr("timix_xl.cli.session.dt", clock)
        yield patch


def on_files(month: months.Month, folder: Path) -> dict[str, Facts]:
    """Work a month on files; look at what its workbooks show."""
    folder.mkdir()
    with the_same_world():
        month(folder)
    return _looked_at(folder, files.open_book)


def on_calc(month: months.Month, folder: Path, desk: LiveDesk) -> dict[str, Facts]:
    """Work a month in LibreOffice; look at what its open workbooks show."""
    folder.mkdir()
    with the_same_world() as patch:
        patch.setattr(files, "open_book", desk.open_book)
        patch.setattr(files, "check_free", desk.check_free)
        month(folder)
    found = _looked_at(folder, desk.open_book)
    desk.clear()
    return found


def _looked_at(folder: Path, open_book: Any) -> dict[str, Facts]:
    found = {}
    for path in sorted(folder.rglob("*.xlsx")):
        with open_book(path) as book:
            found[path.name] = _without(str(folder), look(book))
    assert found, "a month leaves a workbook"
    return found


def _without(folder: str, facts: Facts) -> Facts:
    return {
        where: what.replace(folder, "…") if isinstance(what, str) else what
        for where, what in facts.items()
    }


def _compare(month: months.Month, folder: Path, desk: LiveDesk) -> dict[str, Any]:
    one = on_files(month, folder / "files")
    other = on_calc(month, folder / "calc", desk)
    assert one.keys() == other.keys()
    found = {name: differences(one[name], other[name]) for name in one}
    return {name: what for name, what in found.items() if what}


@pytest.mark.parametrize("name", months.MONTHS)
def test_a_month_leaves_the_same_cells(name: str, tmp_path: Path, calc_desk: LiveDesk) -> None:
    assert _compare(months.MONTHS[name], tmp_path, calc_desk) == {}


@pytest.mark.parametrize("name", months.ENGINE_MONTHS)
def test_a_month_of_the_engine_leaves_the_same_cells(
    name: str, tmp_path: Path, calc_desk: LiveDesk
) -> None:
    assert _compare(months.ENGINE_MONTHS[name], tmp_path, calc_desk) == {}
