"""A store whose books name customers, projects and people as the exports do."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.importing.conftest import ACTOR
from timix_xl.importing.take_in import ImportReport, take_in
from timix_xl.store.chained import Actor
from timix_xl.store.database import Store, make_store

EXPORTS = Path(__file__).parent.parent / "exports"

QUAY: dict[str, Any] = {
    "company": {"name": "Quay Works", "country": "DE", "currency": "EUR", "tax_id": "DE123456788"},
    "tax_codes": [{"code": "S19", "category": "S", "rates": [{"percent": "19"}]}],
    "people": [
        {"code": "ANN", "name": "Ann Porter"},
        {"code": "JOE", "name": "José Ölund"},
        {"code": "MIA", "name": "Mia Brandt"},
    ],
    "customers": [
        {
            "code": "NORD",
            "name": "Nordwind Marine GmbH",
            "currency": "EUR",
            "tax_code": "S19",
            "bill_rate": "95.00",
        },
        {
            "code": "HALE",
            "name": "Hale & Sons Ltd",
            "currency": "USD",
            "tax_code": "S19",
            "bill_rate": "102.00",
        },
    ],
    "projects": [
        {"code": "CRANE", "customer": "NORD", "name": "Crane controls"},
        {"code": "SCAN", "customer": "HALE", "name": "Warehouse scanner"},
    ],
    "tasks": [
        {"project": "CRANE", "code": "SURVEY", "name": "Survey"},
        {"project": "CRANE", "code": "BUILD", "name": "Build"},
    ],
    "frame_orders": [
        {"number": "FO-1", "customer": "NORD", "po_number": "PO-77310", "total_hours": "100"},
        {"number": "FO-9", "customer": "HALE", "total_hours": "10"},
    ],
}


@pytest.fixture(scope="session")
def quay_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The books in a store: made once, copied for each test."""
    folder = tmp_path_factory.mktemp("quay")
    (folder / "books.json").write_text(json.dumps(QUAY), encoding="utf-8")
    store, _ = make_store(str(folder / "quay.db"))
    report = take_in(store, [folder / "books.json"], actor=ACTOR)
    store.close()
    assert not report.refused, report.refused
    return folder / "quay.db"


@pytest.fixture
def store(tmp_path: Path, quay_store: Path) -> Iterator[Store]:
    """The books of the exports, in a store of this test's own."""
    shutil.copy(quay_store, tmp_path / "timix.db")
    made, _ = make_store(str(tmp_path / "timix.db"))
    yield made
    made.close()


@pytest.fixture
def import_file(store: Store, actor: Actor) -> Callable[..., ImportReport]:
    """Import a file of the exports by its name, or any by its path."""

    def imported(file: str | Path, **terms: Any) -> ImportReport:
        return take_in(store, [EXPORTS / file], actor=actor, **terms)

    return imported


@pytest.fixture
def entries(rows: Callable[[str], list[dict[str, Any]]]) -> Callable[[], list[dict[str, Any]]]:
    """Read the entries, in the order of their days and hours."""

    def read() -> list[dict[str, Any]]:
        return sorted(rows("entries"), key=lambda row: (row["date"], row["id"]))

    return read
