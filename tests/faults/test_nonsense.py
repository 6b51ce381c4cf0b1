"""Values that a column cannot hold, and billed entries that were changed: verify names them."""

import sqlite3
from contextlib import closing

import pytest

from tests.builders import Shop, a_full_year
from timix_xl.billing.verify import Problem


def after(shop: Shop, *statements: str) -> list[Problem]:
    """Return what verify says of a full store after raw changes, guards and checks off."""
    a_full_year(shop)
    with closing(sqlite3.connect(shop.path)) as connection, connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in names.fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute("PRAGMA ignore_check_constraints = ON")
        for statement in statements:
            assert connection.execute(statement).rowcount == 1, statement
    return [one for one in shop.problems() if one.code not in {"VERIFY-01", "VERIFY-02"}]


@pytest.mark.parametrize(
    ("table", "column", "key"),
    [
        ("audit_log", "after", "id = 1"),
        ("events", "detail", "id = 1"),
        ("run_entries", "outcome", "rowid = 1"),
        ("document_lines", "quantity", "rowid = 1"),
        ("document_taxes", "percent", "rowid = 1"),
        ("draw_downs", "drawn", "id = 1"),
        ("documents", "content", "id = 1"),
        ("entries", "status", "id = 'B1'"),
    ],
)
def test_nonsense_in_a_column_is_named_and_stops_nothing(
    shop: Shop, table: str, column: str, key: str
) -> None:
    assert after(shop, f"UPDATE {table} SET {column} = 'x' WHERE {key}")


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
