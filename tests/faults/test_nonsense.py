"""Values that a column cannot hold, and billed entries that were changed: verify names them."""

import json
from typing import Any

import psycopg
import pytest

from tests.builders import ANN, Shop, a_full_year
from timix_xl.billing import verify_ledger, verify_months
from timix_xl.billing.close import close, reopen
from timix_xl.billing.verify import Problem


def after(shop: Shop, *statements: str) -> list[Problem]:
    """Return what verify says of a full store after raw changes, guards and checks off."""
    a_full_year(shop)
    assert shop.force(*statements) == [1] * len(statements), statements
    return [one for one in shop.problems() if one.code not in {"VERIFY-01", "VERIFY-02"}]


@pytest.mark.parametrize(
    ("table", "column", "key"),
    [
        ("audit_log", "after", "id = 1"),
        ("events", "detail", "id = 1"),
        ("run_entries", "outcome", "entry = 'B1'"),
        ("document_lines", "quantity", "document = 1 AND line = 1"),
        ("document_taxes", "percent", "document = 1"),
        ("draw_downs", "drawn", "id = 1"),
        ("documents", "content", "id = 1"),
        ("entries", "status", "id = 'B1'"),
    ],
)
def test_nonsense_in_a_column_is_named_and_stops_nothing(
    shop: Shop, store_kind: str, table: str, column: str, key: str
) -> None:
    nonsense = f"UPDATE {table} SET {column} = 'x' WHERE {key}"
    if store_kind == "postgresql" and column in {"quantity", "percent", "drawn"}:
        with pytest.raises(psycopg.DataError):
            after(shop, nonsense)
    else:
        assert after(shop, nonsense)


def test_a_snapshot_of_another_shape_is_named(shop: Shop) -> None:
    found = after(shop, """UPDATE documents SET content = '{"rows":[]}' WHERE id = 1""")

    assert {"VERIFY-03", "VERIFY-04"} <= {one.code for one in found}


@pytest.mark.parametrize(
    "change",
    [
        "date = '2026-01-09'",
        "description = 'Something else'",
        "person = 'ben'",
        "billable_quantity = 99",
        "bill_rate = 1",
        "kind = 'material'",
        "billable = 0",
        "status = 'draft'",
        "state = 'written_off'",
    ],
)
def test_a_billed_entry_that_was_changed_is_named(shop: Shop, change: str) -> None:
    found = after(shop, f"UPDATE entries SET {change} WHERE id = 'B1'")

    assert {one.where for one in found if one.code == "VERIFY-14"} == {"entry B1"}


# JSON of another shape.


@pytest.fixture
def closed(shop: Shop) -> Shop:
    """A full store whose first month was closed, opened again and closed."""
    a_full_year(shop)
    close(shop.store, "2026-01", actor=ANN)
    reopen(shop.store, "2026-01", reason="late", actor=ANN)
    close(shop.store, "2026-01", actor=ANN)
    return shop


def says(shop: Shop, table: str, column: str, text: str, where: str) -> set[tuple[str, str]]:
    """Return what verify says where a text stands instead, by code and place."""
    changed = shop.force(f"UPDATE {table} SET {column} = '{text}' WHERE {where}")
    assert changed != [0]
    return {(one.code, one.where) for one in shop.problems()}


DEEP = "[" * 100_000


@pytest.mark.stores("sqlite")
@pytest.mark.parametrize("kind", ["close", "reopen"])
@pytest.mark.parametrize(
    "figures",
    [
        *({"upto": 5}, {"upto": []}, {"upto": {"events": "x", "runs": None}}),
        *({"lines": 3}, {"lines": [1]}, {"lines": [{}]}, {"lines": [{"customer": 1}]}),
        *({"lines": [{"customer": [1]}]}, {"digest": []}, {"upto": {"events": 1.5}}, [1], DEEP),
    ],
    ids=lambda figures: str(figures)[:40],
)
def test_a_closed_month_of_another_shape_is_named(closed: Shop, kind: str, figures: Any) -> None:
    text = figures if isinstance(figures, str) else json.dumps(figures)
    found = says(closed, "closings", "figures", text, f"kind = '{kind}'")

    assert ("VERIFY-11", f"closings {1 if kind == 'close' else 2}") in found
    assert "VERIFY-53" not in {code for code, _ in found}
    if kind == "close":
        assert ("VERIFY-33", "month 2026-01") in found


@pytest.mark.stores("sqlite")
@pytest.mark.parametrize(
    "after",
    [
        *({"digest": "a", "run": {}}, {"digest": [1], "run": [1]}, {"digest": "a", "run": "z"}),
        *({"digest": "a", "run": None}, {"digest": "a", "run": 1.5}, [1], "digest" + DEEP),
    ],
    ids=lambda after: str(after)[:40],
)
def test_a_note_of_another_shape_is_named(closed: Shop, after: Any) -> None:
    text = after if isinstance(after, str) else json.dumps(after)
    found = says(closed, "audit_log", "after", text, "id IN (1, 2)")

    assert {("VERIFY-11", "audit_log 1"), ("VERIFY-11", "audit_log 2")} <= found
    assert "VERIFY-53" not in {code for code, _ in found}
    if isinstance(after, dict):
        assert ("VERIFY-17", f"run {after['run']}") in found


@pytest.mark.stores("sqlite")
@pytest.mark.parametrize("text", [DEEP, '{"rows":' * 5000 + "1" + "}" * 5000], ids=["list", "dict"])
def test_a_snapshot_without_an_end_is_named(closed: Shop, text: str) -> None:
    found = says(closed, "documents", "content", text, "id = 1")

    assert {("VERIFY-03", "INV-2026-00001"), ("VERIFY-04", "INV-2026-00001")} <= found


@pytest.mark.stores("sqlite")
@pytest.mark.parametrize("detail", [{"returned": 5}, {"returned": [5]}, {"returned": None}, DEEP])
def test_a_return_of_another_shape_is_named(closed: Shop, detail: Any) -> None:
    text = detail if isinstance(detail, str) else json.dumps(detail)
    found = says(closed, "events", "detail", text, "detail <> ''")

    assert {"VERIFY-11", "VERIFY-15"} <= {code for code, _ in found}


@pytest.mark.stores("sqlite")
def test_a_check_that_cannot_go_on_is_named_and_the_others_go_on(
    closed: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def odd(*_: object) -> Any:
        raise IndexError("list index out of range")

    monkeypatch.setattr(verify_months, "_opens", odd)
    monkeypatch.setattr(verify_ledger, "_claims", odd)
    closed.force("UPDATE entries SET state = 'written_off' WHERE id = 'B1'")
    found = closed.problems()

    stopped = {one.message for one in found if one.code == "VERIFY-53"}
    why = (
        "something that it reads is not as timix-xl writes it (IndexError: list index out of range)"
    )
    assert stopped == {
        f"the check verify_months.nothing_since cannot go on: {why}",
        f"the check verify_ledger.claims cannot go on: {why}",
    }
    places = [one.where for one in found if "verify_ledger.claims" in one.message]
    assert {"INV-2026-00001", "INV-2026-00002"} <= set(places)
    assert ("VERIFY-14", "entry B1") in {(one.code, one.where) for one in found}


@pytest.mark.stores("sqlite")
def test_another_fault_of_ours_is_not_taken_for_odd_contents(
    closed: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(*_: object) -> Any:
        raise AssertionError

    monkeypatch.setattr(verify_ledger, "_claims", wrong)
    with pytest.raises(AssertionError):
        closed.problems()
