"""A store in a temporary folder, files beside it, and what the store holds."""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from sqlalchemy import insert, select

from timix_xl.importing.take_in import ImportReport, take_in
from timix_xl.store import tables
from timix_xl.store.chained import Actor
from timix_xl.store.database import Store, make_store

Draft: TypeAlias = Callable[..., None]

ACTOR = Actor("anna", datetime(2026, 2, 2, 9, 0))
LATE = Actor("anna", datetime(2026, 3, 2, 9, 0))
"""Who imports after everything that was exported has been approved."""

BOOKS: dict[str, Any] = {
    "company": {"name": "Tinker Ltd", "country": "DE", "currency": "EUR"},
    "tax_codes": [{"code": "S19", "category": "S", "rates": [{"percent": "19"}]}],
    "account_groups": [{"code": "LABOR"}, {"code": "MATERIAL", "name": "Material"}],
    "vendors": [{"code": "V1", "name": "Steel & Sons"}],
    "items": [
        {"code": "BOLT", "account_group": "MATERIAL", "prices": [{"price": "1.25"}]},
        {"code": "LOOSE"},
    ],
    "people": [{"code": "anna", "name": "Anna"}, {"code": "ben", "name": "Ben"}],
    "customers": [
        {
            "code": "ACME",
            "name": "Acme AG",
            "currency": "EUR",
            "tax_code": "S19",
            "locations": [{"code": "NORTH", "name": "North"}],
        },
        {"code": "YEN", "name": "Yen KK", "currency": "JPY", "tax_code": "S19"},
    ],
    "rate_tables": [
        {
            "code": "RT",
            "rate_type": "STANDARD",
            "sequences": [
                {"seq": 1, "factors": ["employee", "project"]},
                {"seq": 2, "factors": "none"},
            ],
            "rates": [
                {"seq": 2, "rate": "80"},
                {"seq": 1, "project": "P1", "employee": "anna", "rate": "95", "to": "2026-06-30"},
                {"seq": 1, "project": "P1", "employee": "anna", "rate": "99", "from": "2026-07-01"},
            ],
        },
        {
            "code": "RT",
            "rate_type": "SENIOR",
            "sequences": [{"seq": 1, "factors": ["task"]}],
            "rates": [{"seq": 1, "task": "walls", "rate": "0.123456"}],
        },
    ],
    "billing_rules": [
        {
            "code": "BR",
            "name": "Time and parts",
            "steps": [
                {
                    "step": 20,
                    "account_group": "MATERIAL",
                    "amount": "=[Entry.Amount]*1.25",
                    "line_description": "=[Item.Code] + ': ' + [Entry.Description]",
                    "aggregate_by": ["item", "date"],
                    "create_zero_lines": False,
                    "invoice_group": "parts",
                },
                {
                    "step": 10,
                    "account_group": "LABOR",
                    "rate_type": "STANDARD",
                    "no_rate": "skip",
                    "amount": "=[Entry.BillableQty]*@Rate",
                },
            ],
        }
    ],
    "projects": [
        {"code": "P1", "customer": "ACME", "name": "Plant", "rate_table": "RT"},
        {"code": "BARE", "customer": "ACME"},
    ],
    "tasks": [
        {"project": "P1", "code": "build", "location": "NORTH", "billing_rule": "BR"},
        {"project": "P1", "code": "walls", "parent": "build"},
    ],
    "bill_rates": [
        {"rate": "95.00", "customer": "ACME", "from": "2026-01-01"},
        {"rate": "90", "project": "P1"},
    ],
    "limits": [
        {"project": "P1", "amount": "25000"},
        {"project": "P1", "task": "build", "account_group": "LABOR", "amount": "9000.50"},
    ],
    "frame_orders": [{"number": "FO1", "customer": "ACME", "total_hours": "100"}],
    "open_invoices": [
        {"number": "OLD-7", "customer": "ACME", "issue_date": "2025-12-01", "total": "119.00"}
    ],
    "entries": [
        {
            "id": "E1",
            "date": "2026-01-15",
            "project": "P1",
            "task": "build",
            "person": "anna",
            "quantity": "7.5",
            "status": "approved",
            "source": "clock",
            "external_id": "17",
        },
        {"id": "E2", "date": "2026-01-16", "project": "BARE", "person": "ben", "quantity": 2},
    ],
}


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An empty store, and one with the example in it: made once, copied for each test."""
    folder = tmp_path_factory.mktemp("example")
    file = folder / "books.json"
    file.write_text(json.dumps(BOOKS), encoding="utf-8")
    empty, full = folder / "empty.db", folder / "full.db"
    store, _ = make_store(str(empty))
    store.close()
    shutil.copy(empty, full)
    store, _ = make_store(str(full))
    report = take_in(store, [file], actor=ACTOR)
    store.close()
    assert not report.refused, report.refused
    return empty, full


@pytest.fixture
def store(
    tmp_path: Path, example: tuple[Path, Path], request: pytest.FixtureRequest
) -> Iterator[Store]:
    """A store: empty, or with the example where a test asks for `books`."""
    place = tmp_path / "timix.db"
    shutil.copy(example["books" in request.fixturenames], place)
    made, _ = make_store(str(place))
    yield made
    made.close()


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a file beside the store; what is not text becomes JSON."""

    def written(content: Any, name: str = "books.json") -> Path:
        path = tmp_path / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            text = content if isinstance(content, str) else json.dumps(content)
            path.write_text(text, encoding="utf-8", newline="")
        return path

    return written


@pytest.fixture
def take(store: Store, write: Callable[..., Path]) -> Callable[..., ImportReport]:
    """Take in one file's content."""

    def taken(content: Any, name: str = "books.json", **terms: Any) -> ImportReport:
        return take_in(store, [write(content, name)], actor=ACTOR, **terms)

    return taken


@pytest.fixture
def dump(store: Store) -> Callable[[], dict[str, list[Any]]]:
    """Read every table of the store."""

    def dumped() -> dict[str, list[Any]]:
        with store.reading() as connection:
            return {
                table.name: sorted(map(repr, connection.execute(select(table)).all()))
                for table in tables.metadata.sorted_tables
            }

    return dumped


@pytest.fixture
def rows(store: Store) -> Callable[[str], list[dict[str, Any]]]:
    """Read one table."""

    def read(name: str) -> list[dict[str, Any]]:
        with store.reading() as connection:
            table = tables.metadata.tables[name]
            return [dict(row) for row in connection.execute(select(table)).mappings()]

    return read


@pytest.fixture
def content() -> dict[str, Any]:
    """Return a copy of the example, to change."""
    return json.loads(json.dumps(BOOKS))  # type: ignore[no-any-return]  # a deep copy


@pytest.fixture
def books(content: dict[str, Any]) -> dict[str, Any]:
    """Start with the example in the store; returns a copy of it."""
    return content


@pytest.fixture
def draft(store: Store) -> Draft:
    """Put a draft into the store, which bills entries and draws on a frame order."""

    def drafted(*, entry: str, order: str, drawn: int, pro_forma: str | None = None) -> None:
        day, nothing = date(2026, 1, 31), Decimal(0)
        document = {
            **dict.fromkeys(("billing_date", "issue_date", "due_date"), day),
            "id": 4,
            "kind": "pro_forma" if pro_forma else "invoice",
            "status": "draft",
            "customer": "ACME",
            "currency": "EUR",
            "hours": nothing,
            "subtotal": 0,
            "tax": 0,
            "total": 0,
            "made_by": "anna",
            "made_at": "",
            "content": "",
        }
        draw = {"document": 4, "frame_order": order, "drawn": drawn, "date": day}
        with store.writing() as connection:
            connection.execute(insert(tables.documents).values(document))
            connection.execute(insert(tables.claims).values(entry=entry, document=4))
            connection.execute(insert(tables.draw_downs).values(draw))
            if pro_forma:
                numbered = {"number": pro_forma, "taken_by": "pro_forma 4"}
                connection.execute(insert(tables.numbers).values(numbered))
                counts = dict.fromkeys(("seq", "year", "revision", "version"), 1)
                named = {"document": 4, "number": pro_forma, "project": "P1", "state": "on_hold"}
                connection.execute(insert(tables.pro_formas).values(named | counts))

    return drafted


@pytest.fixture
def actor() -> Actor:
    """Who imports."""
    return ACTOR


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Callable[[Path], Store]]:
    """Take a books file into an empty store."""
    stores: list[Store] = []

    def taken(file: Path) -> Store:
        made, _ = make_store(str(tmp_path / f"other{len(stores)}.db"))
        stores.append(made)
        report = take_in(made, [file], actor=LATE)
        assert not report.refused, report.refused
        return made

    yield taken
    for made in stores:
        made.close()
