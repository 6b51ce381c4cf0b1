"""What the database refuses of pro formas and remainders, whoever asks: its owner's own tool.

Every test changes things in a transaction that is given up.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.billing.negotiators import by_pro_forma, invoiced, opened, released, run
from tests.builders import ANN, D, Plain, Template, assert_refused, copy_of, day, on, plain
from timix_xl.billing.bill import bill
from timix_xl.store import tables as t

CLOSED, ON_HOLD, OPEN, DRAFTED = "PF-00001", "PF-00002", "PF-00003", "PF-00004"
"""Released and issued, on hold, open, and released into a draft."""
REMAINDER = "R:INV-2026-00001:1"


@pytest.fixture(scope="module")
def full(template: Template, tmp_path_factory: pytest.TempPathFactory) -> str:
    shop = copy_of(template, tmp_path_factory.mktemp("full"))
    by_pro_forma(shop)
    shop.time("E1", hours="2")
    invoiced(shop, amount=D(120))
    shop.time("E2", on="2026-02-02")
    run(shop, "2026-02-28", on("2026-03-02"))
    shop.time("E3", on="2026-03-03")
    opened(shop, run(shop, "2026-03-31", on("2026-04-02")))
    shop.project("Q", pro_forma=True)
    shop.time("E4", project="Q")
    bill(shop.store, "Q", date=day("2026-01-31"), actor=ANN)
    released(shop, DRAFTED, issue=False)
    shop.time("E5")
    shop.store.close()
    return shop.path


@pytest.fixture
def stranger(full: str) -> Iterator[Plain]:
    """A connection of somebody else's tool."""
    with closing(plain(full, autocommit=False)) as connection:
        yield connection


def replacing(connection: Plain, verb: str = "INSERT") -> str:
    """Return how the database is told to put a row in the place of another, where it can be."""
    return f"{verb} OR REPLACE" if isinstance(connection, sqlite3.Connection) else verb


def of(number: str) -> str:
    return f"(SELECT document FROM pro_formas WHERE number = '{number}')"


def columns(name: str, **given: str) -> str:
    return ", ".join(
        given.get(column.name, f'"{column.name}"') for column in t.metadata.tables[name].columns
    )


ROWS = [table.name for table in t.FROZEN]


@pytest.mark.parametrize("number", [CLOSED, DRAFTED])
@pytest.mark.parametrize("name", ROWS)
def test_rows_of_a_closed_pro_forma_are_frozen(stranger: Plain, name: str, number: str) -> None:
    where = f"WHERE document = {of(number)}"
    last = list(t.metadata.tables[name].columns)[-1].name
    assert_refused(stranger, f"DELETE FROM {name} {where}", "closed pro forma")
    assert_refused(stranger, f"UPDATE {name} SET {last} = NULL {where}", "closed pro forma")
    again = f"SELECT {columns(name)} FROM {name} {where}"
    assert_refused(stranger, f"{replacing(stranger)} INTO {name} {again}")


@pytest.mark.parametrize("name", ROWS)
def test_nothing_is_added_to_a_closed_pro_forma(stranger: Plain, name: str) -> None:
    added = columns(name, document=of(CLOSED))
    other = f"SELECT {added} FROM {name} WHERE document = {of(OPEN)}"
    assert_refused(stranger, f"INSERT INTO {name} {other}", "closed pro forma")


@pytest.mark.parametrize("name", ROWS)
def test_rows_of_an_unreleased_pro_forma_may_change(stranger: Plain, name: str) -> None:
    last = list(t.metadata.tables[name].columns)[-1].name
    changed = f"UPDATE {name} SET {last} = {last} WHERE document = {of(ON_HOLD)}"
    assert stranger.execute(changed).rowcount > 0


@pytest.mark.parametrize(
    "change",
    ["total = 1", "content = ''", "status = 'issued'", "kind = 'invoice'", "location = 'X'"],
)
def test_the_document_of_a_closed_pro_forma_is_frozen(stranger: Plain, change: str) -> None:
    assert_refused(stranger, f"UPDATE documents SET {change} WHERE id = {of(CLOSED)}")


@pytest.mark.parametrize(
    "change",
    [
        "kind = 'invoice'",
        "status = 'issued', seal = '', previous_seal = ''",
        "number = 'PF-00002', seq = 2, year = 0",
        "id = 77",
    ],
)
def test_a_pro_forma_is_never_issued_itself(stranger: Plain, change: str) -> None:
    assert_refused(stranger, f"UPDATE documents SET {change} WHERE id = {of(ON_HOLD)}")


def test_no_draft_becomes_a_pro_forma(stranger: Plain) -> None:
    made = f"(SELECT released_to FROM pro_formas WHERE number = '{DRAFTED}')"
    assert_refused(stranger, f"UPDATE documents SET kind = 'pro_forma' WHERE id = {made}")


@pytest.mark.parametrize("column", ["document", "released_to"])
def test_the_documents_of_a_pro_forma_are_not_deleted_under_it(
    stranger: Plain, column: str
) -> None:
    one = f"(SELECT {column} FROM pro_formas WHERE number = '{DRAFTED}')"
    assert_refused(stranger, f"DELETE FROM documents WHERE id = {one}")


@pytest.mark.parametrize(
    "change",
    [
        "number = 'PF-9'",
        "revision = 7",
        "seq = 9",
        "year = 2026",
        "project = 'Q'",
        "document = 77",
    ],
)
@pytest.mark.parametrize("number", [CLOSED, ON_HOLD])
def test_the_number_of_a_pro_forma_stays(stranger: Plain, number: str, change: str) -> None:
    changed = f"{replacing(stranger, 'UPDATE')} pro_formas SET {change} WHERE number = '{number}'"
    assert_refused(stranger, changed)


@pytest.mark.stores("sqlite")
@pytest.mark.parametrize("number", [CLOSED, ON_HOLD])
def test_a_pro_forma_is_not_moved_by_its_hidden_row_number(stranger: Plain, number: str) -> None:
    moved = f"UPDATE OR REPLACE pro_formas SET rowid = 77 WHERE number = '{number}'"
    assert_refused(stranger, moved)


@pytest.mark.parametrize(
    ("number", "change"),
    [
        (ON_HOLD, f"state = 'closed', released_to = {of(ON_HOLD)}"),
        (ON_HOLD, "version = 0"),
        (ON_HOLD, "put_back = 1"),
        (OPEN, f"state = 'closed', released_to = {of(ON_HOLD)}"),
        (OPEN, "state = 'closed', released_to = 77"),
        (OPEN, "state = 'closed', released_to = (SELECT id FROM documents WHERE seq = 1)"),
        (
            OPEN,
            "state = 'closed', released_to ="
            f" (SELECT released_to FROM pro_formas WHERE number = '{DRAFTED}')",
        ),
        (CLOSED, "state = 'on_hold', released_to = NULL, put_back = 1"),
        (CLOSED, "state = 'open', released_to = NULL, put_back = 1"),
        (CLOSED, "released_to = released_to + 1"),
        (CLOSED, "version = version + 1"),
        (DRAFTED, "state = 'on_hold', released_to = NULL"),
    ],
)
def test_a_pro_forma_takes_no_step_of_its_own(stranger: Plain, number: str, change: str) -> None:
    assert_refused(stranger, f"UPDATE pro_formas SET {change} WHERE number = '{number}'")


@pytest.mark.parametrize("number", [CLOSED, DRAFTED])
def test_a_closed_pro_forma_is_not_deleted(stranger: Plain, number: str) -> None:
    gone = f"DELETE FROM pro_formas WHERE number = '{number}'"
    assert_refused(stranger, gone, "a closed pro forma is not deleted")


def inserted(connection: Plain, **given: str) -> str:
    return (
        f"{replacing(connection)} INTO pro_formas SELECT {columns('pro_formas', **given)}"
        f" FROM pro_formas WHERE number = '{ON_HOLD}'"
    )


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"document": "77"},
        {"document": "77", "revision": "2"},
        {"document": of(CLOSED), "revision": "2", "number": "'PF-00009'"},
        {"document": "(SELECT id FROM documents WHERE seq = 1)", "revision": "2"},
    ],
)
def test_a_pro_forma_does_not_take_the_place_of_another(
    stranger: Plain, given: dict[str, str]
) -> None:
    assert_refused(stranger, inserted(stranger, **given), "with a number and revision of its own")


def a_document(connection: Plain) -> None:
    """Make another document of a pro forma, with nothing on it."""
    copied = columns("documents", id="77")
    connection.execute(
        f"INSERT INTO documents SELECT {copied} FROM documents WHERE id = {of(OPEN)}"
    )


@pytest.mark.parametrize(
    "given",
    [
        {"number": "'PF-00002'", "revision": "2"},
        {"number": "'PF-00001'", "revision": "3"},
        {"number": "'PF-00001'", "revision": "2", "state": "'open'"},
        {"number": "'PF-00001'", "revision": "2", "put_back": "1"},
    ],
)
def test_a_revision_follows_a_closed_one(stranger: Plain, given: dict[str, str]) -> None:
    a_document(stranger)
    assert_refused(stranger, inserted(stranger, document="77", **given))


def test_a_revision_of_a_closed_one_may_start(stranger: Plain) -> None:
    a_document(stranger)
    second = inserted(stranger, document="77", number="'PF-00001'", revision="2")
    assert stranger.execute(second).rowcount == 1


@pytest.mark.parametrize(
    ("entry", "number"), [("E5", CLOSED), ("E5", DRAFTED)], ids=["issued", "drafted"]
)
def test_a_closed_pro_forma_claims_nothing(stranger: Plain, entry: str, number: str) -> None:
    claimed = f"INSERT INTO claims VALUES ('{entry}', {of(number)})"
    assert_refused(stranger, claimed, "a closed pro forma claims nothing")


def test_a_claim_never_moves_by_itself(stranger: Plain) -> None:
    moved = f"UPDATE claims SET document = {of(OPEN)} WHERE document = {of(ON_HOLD)}"
    assert_refused(stranger, moved, "never changed")


# Remainders.


def test_what_is_cancelled_is_not_claimed(stranger: Plain) -> None:
    stranger.execute(f"DELETE FROM claims WHERE entry = '{REMAINDER}'")
    stranger.execute(f"UPDATE entries SET state = 'cancelled' WHERE id = '{REMAINDER}'")
    assert_refused(stranger, f"INSERT INTO claims VALUES ('{REMAINDER}', {of(OPEN)})")


@pytest.mark.parametrize(
    "change",
    ["face_amount = 1", "tax_percent = 0", "of_document = 77", "kind = 'time'"],
)
def test_a_remainder_stays_as_it_is(stranger: Plain, change: str) -> None:
    changed = f"UPDATE entries SET {change} WHERE id = '{REMAINDER}'"
    assert_refused(stranger, changed, "a remainder and its reversal stay")


@pytest.mark.stores("sqlite")
def test_a_remainder_is_not_moved_by_its_hidden_row_number(stranger: Plain) -> None:
    moved = f"UPDATE entries SET rowid = 77 WHERE id = '{REMAINDER}'"
    assert_refused(stranger, moved, "a remainder and its reversal stay")


@pytest.mark.parametrize("date", ["date", "approved_on"])
def test_a_remainder_keeps_its_dates(stranger: Plain, date: str) -> None:
    changed = f"UPDATE entries SET {date} = '2026-05-05' WHERE id = '{REMAINDER}'"
    assert_refused(stranger, changed, "a remainder and its reversal stay")


def test_a_cancelled_remainder_stays_cancelled(stranger: Plain) -> None:
    stranger.execute(f"UPDATE entries SET state = 'cancelled' WHERE id = '{REMAINDER}'")
    assert_refused(stranger, f"UPDATE entries SET state = 'open' WHERE id = '{REMAINDER}'")


def test_no_entry_becomes_a_remainder(stranger: Plain) -> None:
    assert_refused(stranger, "UPDATE entries SET kind = 'remainder' WHERE id = 'E5'")


def test_a_remainder_is_not_deleted(stranger: Plain) -> None:
    assert_refused(stranger, f"DELETE FROM entries WHERE id = '{REMAINDER}'", "are not deleted")


@pytest.mark.stores("sqlite")
@pytest.mark.parametrize("given", [{"id": f"'{REMAINDER}'"}, {}])
def test_a_remainder_is_not_replaced(stranger: Plain, given: dict[str, str]) -> None:
    rowid = f"(SELECT rowid FROM entries WHERE id = '{REMAINDER}')" if not given else "NULL"
    row = columns("entries", id=given.get("id", "'new'"), source="NULL")
    assert_refused(
        stranger,
        f"INSERT OR REPLACE INTO entries (rowid, {columns('entries')})"
        f" SELECT {rowid}, {row} FROM entries WHERE id = 'E5'",
    )


# Credit notes of a pro forma below zero.


@pytest.fixture(scope="module")
def drafted(template: Template, tmp_path_factory: pytest.TempPathFactory) -> str:
    shop = copy_of(template, tmp_path_factory.mktemp("drafted"))
    by_pro_forma(shop)
    shop.order("FO", "10", billed_before="5")
    shop.time("E1", hours="-1")
    released(shop, run(shop), issue=False)
    shop.store.close()
    return shop.path


@pytest.fixture
def forger(drafted: str) -> Iterator[Plain]:
    """A connection to a store with a draft of a released credit note."""
    with closing(plain(drafted, autocommit=False)) as connection:
        connection.execute("INSERT INTO numbers VALUES ('CN-1', 'me')")
        yield connection


ISSUED = (
    "UPDATE documents SET status = 'issued', number = 'CN-1', year = 2026, seq = 1, seal = 'x',"
    " previous_seal = 'y'{more} WHERE kind = 'credit_note'"
)
NOTE = "(SELECT id FROM documents WHERE kind = 'credit_note')"


def test_a_released_credit_note_is_let_through(forger: Plain) -> None:
    assert forger.execute(ISSUED.format(more="")).rowcount == 1


@pytest.mark.parametrize(
    "forged",
    [
        "DELETE FROM claims",
        "UPDATE document_entries SET becomes = 'bill' WHERE document = " + NOTE,
        "UPDATE document_lines SET of_line = 1 WHERE document = " + NOTE,
        "UPDATE documents SET total = 0 WHERE id = " + NOTE,
        f"INSERT INTO draw_downs VALUES (9, {NOTE}, 'FO', -99, '2026-02-01', NULL)",
    ],
)
def test_a_released_credit_note_that_does_not_fit_is_refused(forger: Plain, forged: str) -> None:
    forger.execute(forged)
    assert_refused(forger, ISSUED.format(more=""), "a released credit note")


def test_a_credit_note_of_nothing_is_refused(forger: Plain) -> None:
    forger.execute("CREATE TEMP TABLE one AS SELECT * FROM documents WHERE kind = 'credit_note'")
    forger.execute("UPDATE one SET id = 50")
    forger.execute("INSERT INTO documents SELECT * FROM one")
    forged = ISSUED.format(more="").replace("kind = 'credit_note'", "id = 50")
    assert_refused(forger, forged, "a credit note corrects an issued invoice")
