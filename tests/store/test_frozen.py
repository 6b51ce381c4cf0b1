"""What the database itself refuses, whoever asks: its owner, with a tool that knows nothing of us.

On SQLite that is plain sqlite3 without any of our pragmas: foreign keys and recursive triggers are
off. Every test changes things in a transaction that is given up.
"""

from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import make_url
from sqlalchemy.dialects import postgresql

from tests.builders import (
    REFUSED,
    D,
    Plain,
    Template,
    a_full_year,
    assert_refused,
    copy_of,
    day,
    plain,
)
from tests.servers import Database
from timix_xl.store import tables as t

GUARDED = (*t.FROZEN, *t.APPEND_ONLY, t.documents, t.draw_downs, t.claims, t.series)
NAMES = [table.name for table in GUARDED]
DRAFT = 99
"""A draft that an attacker makes beside the frozen documents."""


@pytest.fixture(scope="module")
def full(template: Template, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("full")
    shop = copy_of(template, folder)
    a_full_year(shop)
    shop.add("blobs", sha256="00", content=b"logo")
    acted = {"by": "ann", "at": ""}
    shop.add("entry_events", entry="A6", kind="restored", date=day("2026-02-01"), **acted)
    november = {"month": "2025-11", "until": day("2025-11-30")}
    shop.add("closings", kind="close", **november, **acted)
    shop.add("closing_entries", closing=1, entry="A6", hours=D(1), amount=1)
    shop.store.close()
    shop.say(
        "CREATE TEMP TABLE copied AS SELECT * FROM documents WHERE id = 4",
        f"UPDATE copied SET id = {DRAFT}, number = NULL, year = NULL, seq = NULL, run = NULL,"
        " status = 'draft', previous_seal = NULL, seal = NULL, content = ''",
        "INSERT INTO documents SELECT * FROM copied",
        "CREATE TEMP TABLE lines AS SELECT * FROM document_lines WHERE document = 4",
        f"UPDATE lines SET document = {DRAFT}",
        "INSERT INTO document_lines SELECT * FROM lines",
        "CREATE TEMP TABLE billed AS SELECT * FROM document_entries WHERE document = 4",
        f"UPDATE billed SET document = {DRAFT}",
        "INSERT INTO document_entries SELECT * FROM billed",
        f"INSERT INTO document_taxes SELECT {DRAFT}, code, percent, category, base, amount, note"
        " FROM document_taxes WHERE document = 4",
        f"INSERT INTO draw_downs VALUES ({DRAFT}, {DRAFT}, 'FO-M', 1, '2026-01-31', NULL)",
        f"INSERT INTO claims VALUES ('A6', {DRAFT})",
    )
    return shop.path


@pytest.fixture
def stranger(full: str) -> Iterator[Plain]:
    """A connection of somebody else's tool."""
    with closing(plain(full, autocommit=False)) as connection:
        yield connection


def frozen_rows(name: str) -> str:
    """Return the condition that picks the frozen rows of a table."""
    return {
        "documents": f"id <> {DRAFT}",
        "claims": f"document <> {DRAFT}",
        "draw_downs": f"document <> {DRAFT}",
        **{table.name: f"document <> {DRAFT}" for table in t.FROZEN},
    }.get(name, "true")


def keys(name: str) -> str:
    return ", ".join(column.name for column in t.metadata.tables[name].primary_key)


def every_column(name: str) -> str:
    return ", ".join(f'"{column.name}"' for column in t.metadata.tables[name].columns)


@pytest.mark.bad_input("T01")
@pytest.mark.parametrize("name", NAMES)
def test_a_frozen_row_cannot_be_deleted(stranger: Plain, name: str) -> None:
    assert_refused(stranger, f"DELETE FROM {name} WHERE {frozen_rows(name)}")


@pytest.mark.bad_input("T01")
@pytest.mark.stores("sqlite")
@pytest.mark.parametrize("verb", ["INSERT OR REPLACE", "REPLACE"])
@pytest.mark.parametrize("name", NAMES)
def test_a_frozen_row_cannot_be_replaced_by_itself(stranger: Plain, name: str, verb: str) -> None:
    rows = f"SELECT {every_column(name)} FROM {name} WHERE {frozen_rows(name)}"
    assert_refused(stranger, f"{verb} INTO {name} ({every_column(name)}) {rows}")


@pytest.mark.bad_input("T01")
@pytest.mark.parametrize("name", NAMES)
def test_a_frozen_row_cannot_be_changed_by_an_upsert(stranger: Plain, name: str) -> None:
    column = list(t.metadata.tables[name].columns)[-1].name
    rows = f"SELECT {every_column(name)} FROM {name} WHERE {frozen_rows(name)}"
    assert_refused(
        stranger,
        f"INSERT INTO {name} ({every_column(name)}) {rows}"
        f' ON CONFLICT ({keys(name)}) DO UPDATE SET "{column}" = EXCLUDED."{column}"',
    )


CHANGEABLE = {"series": {"next_seq", "first_seq", "last_issue_date", "head"}}
COLUMNS = [
    (table.name, column.name)
    for table in GUARDED
    for column in table.columns
    if column.name not in CHANGEABLE.get(table.name, set())
]


@pytest.mark.bad_input("T01")
@pytest.mark.parametrize(("name", "column"), COLUMNS, ids=lambda one: one)
def test_no_column_of_a_frozen_row_can_be_changed(stranger: Plain, name: str, column: str) -> None:
    kind = t.metadata.tables[name].c[column].type.compile(dialect=postgresql.dialect())
    new = "7" if "INT" in kind else "'other'"
    assert_refused(stranger, f'UPDATE {name} SET "{column}" = {new} WHERE {frozen_rows(name)}')


@pytest.mark.stores("sqlite")
@pytest.mark.parametrize("name", NAMES)
def test_a_frozen_row_cannot_be_moved_by_its_hidden_row_number(stranger: Plain, name: str) -> None:
    first = f"(SELECT min(rowid) FROM {name} WHERE {frozen_rows(name)})"
    assert_refused(stranger, f"UPDATE {name} SET rowid = 7000 WHERE rowid = {first}")


# A row of one's own, a draft's, is put in the place of a frozen one: REPLACE then deletes the
# frozen row without asking its triggers.
PUSHED = {
    "a document by its id": f"UPDATE OR REPLACE documents SET id = 4 WHERE id = {DRAFT}",
    "a document by its number": (
        "UPDATE OR REPLACE documents SET number = 'INV-2026-00004', year = 2026, seq = 9,"
        f" status = 'issued', seal = '', previous_seal = '' WHERE id = {DRAFT}"
    ),
    "a document by its place in the series": (
        "UPDATE OR REPLACE documents SET number = 'X-1', year = 2026, seq = 4,"
        f" status = 'issued', seal = '', previous_seal = '' WHERE id = {DRAFT}"
    ),
    "a line": f"UPDATE OR REPLACE document_lines SET document = 4 WHERE document = {DRAFT}",
    "a billed entry": (
        f"UPDATE OR REPLACE document_entries SET document = 4 WHERE document = {DRAFT}"
    ),
    "a tax line": f"UPDATE OR REPLACE document_taxes SET document = 4 WHERE document = {DRAFT}",
    "a draw-down": f"UPDATE OR REPLACE draw_downs SET id = 4 WHERE id = {DRAFT}",
    "a claim": f"UPDATE OR REPLACE claims SET entry = 'A1' WHERE document = {DRAFT}",
    "a claim of its own": f"UPDATE OR REPLACE claims SET document = 4 WHERE document = {DRAFT}",
    "a series": "UPDATE OR REPLACE series SET year = 2026 WHERE year = 2025",
}


@pytest.mark.stores("sqlite")
@pytest.mark.parametrize("what", PUSHED)
def test_a_row_of_ones_own_cannot_push_out(stranger: Plain, what: str) -> None:
    stranger.execute("INSERT INTO series VALUES ('invoice', 2025, 1, 1, NULL, '')")
    assert_refused(stranger, PUSHED[what])


HIDDEN = [
    name
    for name in NAMES
    if next(iter(t.metadata.tables[name].primary_key)).type.python_type is str
    or len(t.metadata.tables[name].primary_key) > 1
]


@pytest.mark.stores("sqlite")
@pytest.mark.parametrize("name", HIDDEN)
def test_a_new_row_cannot_push_out_a_frozen_one_by_its_hidden_row_number(
    stranger: Plain, name: str
) -> None:
    table = t.metadata.tables[name]
    key = {"document": str(DRAFT), "line": "77", "percent": "77", "run": "77", "kind": "'x'"}
    key |= {"year": "77"}
    values = [
        key.get(column.name, "'new'") if column.primary_key else f'"{column.name}"'
        for column in table.columns
    ]
    if "document" in table.c and not table.c.document.primary_key:
        values[list(table.columns).index(table.c.document)] = str(DRAFT)
    if name == "document_entries":
        values[list(table.columns).index(table.c.line)] = "1"
    rows = f"SELECT rowid, {', '.join(values)} FROM {name} WHERE {frozen_rows(name)} LIMIT 1"
    assert_refused(stranger, f"INSERT OR REPLACE INTO {name} (rowid, {every_column(name)}) {rows}")


@pytest.mark.stores("sqlite")
def test_a_new_document_cannot_be_put_in_the_place_of_an_issued_one(
    stranger: Plain,
) -> None:
    stranger.execute("CREATE TEMP TABLE one AS SELECT * FROM documents WHERE id = 4")
    stranger.execute("UPDATE one SET number = NULL, year = NULL, seq = NULL, status = 'draft'")
    stranger.execute("UPDATE one SET seal = NULL, previous_seal = NULL")
    assert_refused(stranger, "INSERT OR REPLACE INTO documents SELECT * FROM one")


def test_a_document_cannot_be_made_issued_from_the_start(stranger: Plain) -> None:
    stranger.execute("CREATE TEMP TABLE one AS SELECT * FROM documents WHERE id = 4")
    stranger.execute("UPDATE one SET id = 50, number = 'INV-2026-00050', seq = 50")
    assert_refused(stranger, "INSERT INTO documents SELECT * FROM one")


@pytest.mark.parametrize("name", [table.name for table in t.FROZEN])
def test_nothing_can_be_added_to_an_issued_document(stranger: Plain, name: str) -> None:
    columns = [f'"{column.name}"' for column in t.metadata.tables[name].columns]
    values = ", ".join("4" if column == '"document"' else column for column in columns)
    assert_refused(
        stranger, f"INSERT INTO {name} SELECT {values} FROM {name} WHERE document = {DRAFT}"
    )


@pytest.mark.parametrize(
    "step", ["4 'draft'", "4 'paid'", "3 'issued'", "3 'draft'", "1 'issued'", "1 'sent'"]
)
def test_a_status_takes_no_step_that_the_table_lacks(stranger: Plain, step: str) -> None:
    number, status = step.split()
    assert_refused(stranger, f"UPDATE documents SET status = {status} WHERE id = {number}")


def test_a_status_takes_a_step_that_the_table_has(stranger: Plain) -> None:
    stranger.execute("UPDATE documents SET status = 'sent' WHERE id = 4")
    assert stranger.execute("SELECT status FROM documents WHERE id = 4").fetchone() == ("sent",)


def test_a_step_cannot_carry_another_change_along(stranger: Plain) -> None:
    assert_refused(stranger, "UPDATE documents SET status = 'sent', total = 1 WHERE id = 4")


@pytest.mark.bad_input("T03")
@pytest.mark.parametrize(
    "change",
    ["next_seq = 50", "next_seq = next_seq - 1", "next_seq = next_seq + 2", "first_seq = 2"],
)
def test_a_series_moves_by_one(stranger: Plain, change: str) -> None:
    assert_refused(stranger, f"UPDATE series SET {change} WHERE kind = 'invoice' AND year = 2026")


def test_a_series_that_gave_out_no_number_yet_can_start_elsewhere(
    stranger: Plain,
) -> None:
    stranger.execute("INSERT INTO series VALUES ('invoice', 2025, 1, 1, NULL, '')")
    stranger.execute("UPDATE series SET next_seq = 40, first_seq = 40 WHERE year = 2025")
    found = stranger.execute("SELECT next_seq FROM series WHERE year = 2025").fetchone()
    assert found == (40,)


def test_an_entry_has_one_live_claim(stranger: Plain) -> None:
    assert_refused(stranger, f"INSERT INTO claims VALUES ('A1', {DRAFT})")


def test_a_billed_entry_cannot_be_changed(stranger: Plain) -> None:
    assert_refused(stranger, "UPDATE entries SET billable_quantity = 1 WHERE id = 'A1'")


def test_an_unbilled_entry_can_be_changed(stranger: Plain) -> None:
    change = "UPDATE entries SET description = 'new' WHERE id = 'A6'"
    assert stranger.execute(change).rowcount == 1


ENTRY = "SELECT {id}, " + ", ".join(f'"{column.name}"' for column in list(t.entries.columns)[1:])


def test_a_billed_entry_cannot_be_deleted(stranger: Plain) -> None:
    assert_refused(stranger, "DELETE FROM entries WHERE id = 'A1'")


@pytest.mark.stores("sqlite")
@pytest.mark.parametrize(
    "attack",
    [
        f"REPLACE INTO entries {ENTRY.format(id='id')} FROM entries WHERE id = 'A1'",
        "UPDATE OR REPLACE entries SET id = 'A1' WHERE id = 'A6'",
        "UPDATE OR REPLACE entries SET rowid = (SELECT rowid FROM entries WHERE id = 'A1')"
        " WHERE id = 'A6'",
        f"INSERT OR REPLACE INTO entries (rowid, {every_column('entries')}) SELECT rowid, "
        + ENTRY.format(id="'new'").removeprefix("SELECT ")
        + " FROM entries WHERE id = 'A1'",
    ],
)
def test_a_billed_entry_cannot_be_pushed_out(stranger: Plain, attack: str) -> None:
    assert_refused(stranger, attack)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE frame_orders SET total = 10000 WHERE number = 'FO-H'",
        "UPDATE frame_orders SET overrun = 'block', total = 100 WHERE number = 'FO-M'",
        "UPDATE frame_orders SET billed_before = 990000 WHERE number = 'FO-H'",
    ],
)
def test_a_frame_order_cannot_be_made_overdrawn(stranger: Plain, change: str) -> None:
    assert_refused(stranger, change)


@pytest.mark.stores("sqlite")
def test_a_frame_order_with_draw_downs_cannot_be_replaced(stranger: Plain) -> None:
    assert_refused(
        stranger, "REPLACE INTO frame_orders SELECT * FROM frame_orders WHERE number = 'FO-H'"
    )


def test_a_blocked_frame_order_cannot_be_overdrawn(stranger: Plain) -> None:
    all_that_is_left = f"(7, {DRAFT}, 'FO-H', 980000, '2026-01-31', NULL)"
    stranger.execute(f"INSERT INTO draw_downs VALUES {all_that_is_left}")
    assert_refused(
        stranger, f"INSERT INTO draw_downs VALUES (8, {DRAFT}, 'FO-H', 1, '2026-01-31', NULL)"
    )


def test_an_order_that_warns_can_be_overdrawn(stranger: Plain) -> None:
    much = f"(7, {DRAFT}, 'FO-M', 99000000, '2026-01-31', NULL)"
    assert stranger.execute(f"INSERT INTO draw_downs VALUES {much}").rowcount == 1


@pytest.mark.bad_input("T01")
@pytest.mark.stores("postgresql")
@pytest.mark.parametrize("name", NAMES)
def test_a_table_with_frozen_rows_cannot_be_emptied(stranger: Plain, name: str) -> None:
    assert_refused(stranger, f"TRUNCATE {name} CASCADE")


@pytest.mark.bad_input("T01")
@pytest.mark.stores("postgresql")
@pytest.mark.parametrize("name", NAMES)
def test_a_frozen_row_cannot_be_merged_away(stranger: Plain, name: str) -> None:
    merged = f"MERGE INTO {name} USING (SELECT 1) AS one ON {frozen_rows(name)}"
    assert_refused(stranger, f"{merged} WHEN MATCHED THEN DELETE")


@pytest.mark.bad_input("T01")
@pytest.mark.stores("postgresql")
@pytest.mark.parametrize("name", NAMES)
def test_a_replica_is_refused_too(full: str, name: str) -> None:
    """What a superuser applies as a replica does fires no trigger, save those that always act."""
    database = Database.at(make_url(full))
    with database.server.connect(database.name) as connection:
        connection.execute("SET session_replication_role = replica")
        with pytest.raises(REFUSED, match="timix: "):
            connection.execute(f"DELETE FROM {name} WHERE {frozen_rows(name)}")
