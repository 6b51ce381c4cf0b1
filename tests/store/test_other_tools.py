"""What the guards refuse to other people's tools, with the rights of the store's owner."""

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.builders import REFUSED, Shop, assert_refused, plain
from tests.store import drafters

HELD = "timix: "


@pytest.fixture
def books(shop: Shop) -> Iterator[Shop]:
    """A store with a frame order, and an invoice that drew on it."""
    shop.order("FO", "100")
    shop.time("E1", external_id="1", source="jira")
    shop.time("E2", external_id="2", source="jira")
    shop.issue(frame_order="FO")
    shop.time("E3", external_id="3", source="jira")
    yield shop
    shop.store.close()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM meta",
        "UPDATE meta SET value = 'x' WHERE key = 'store_id'",
        "UPDATE meta SET key = 'other' WHERE key = 'store_id'",
        "DELETE FROM requests",
        "DELETE FROM frame_orders WHERE number = 'FO'",
        "UPDATE frame_orders SET number = 'FP' WHERE number = 'FO'",
        "DELETE FROM chains",
        "UPDATE chains SET length = length + 1 WHERE name = 'audit_log'",
        "UPDATE chains SET head = 'x' WHERE name = 'audit_log'",
        "UPDATE series SET head = 'x'",
        "UPDATE series SET next_seq = next_seq + 1",
        "INSERT INTO audit_log (id, at, by, action, object, before, after, hash)"
        " VALUES (2147483647, '2026-02-01', 'eve', 'x', 'x', '', '', 'x')",
    ],
)
def test_what_keeps_a_store_together_is_refused_to_everybody(books: Shop, statement: str) -> None:
    books.say("INSERT INTO requests (id, action, fingerprint, result) VALUES ('r', 'a', 'f', '1')")
    with closing(plain(books.path, autocommit=False)) as tool:
        assert_refused(tool, statement, told=HELD)
    assert books.problems() == ()


def test_ids_that_are_gone_only_grow(books: Shop) -> None:
    books.say("INSERT INTO meta (key, value) VALUES ('last_documents', '7')")
    with closing(plain(books.path, autocommit=False)) as tool:
        assert_refused(tool, "UPDATE meta SET value = '6' WHERE key = 'last_documents'", told=HELD)
        tool.execute("UPDATE meta SET value = '10' WHERE key = 'last_documents'")


@pytest.mark.stores("sqlite")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE OR REPLACE entries SET external_id = '1' WHERE id = 'E3'",
        "INSERT OR REPLACE INTO frame_orders (rowid, number, customer, unit, total, billed_before,"
        " title, po_number, overrun, state) SELECT rowid, 'FP', customer, unit, total, 0, '', '',"
        " overrun, state FROM frame_orders WHERE number = 'FO'",
        "INSERT OR REPLACE INTO meta (key, value) VALUES ('store_id', 'x')",
    ],
)
def test_nothing_is_pushed_out_by_a_row_of_the_same_key(books: Shop, statement: str) -> None:
    with closing(plain(books.path, autocommit=False)) as tool:
        assert_refused(tool, statement, told=HELD)
    assert books.problems() == ()


@pytest.mark.stores("postgresql")
def test_a_row_behind_the_end_of_its_chain_is_not_committed(books: Shop) -> None:
    length = books.value("SELECT length FROM chains WHERE name = 'audit_log'")
    row = (
        "INSERT INTO audit_log (id, at, by, action, object, before, after, hash)"
        f" VALUES ({length + 1}, '2026-02-01', 'eve', 'x', 'x', '', '', 'x')"
    )
    with pytest.raises(REFUSED, match="ends with the last row"):
        books.say(row)
    books.issue()
    assert books.problems() == ()


@pytest.mark.stores("postgresql")
def test_nobody_lets_go_of_a_claim_while_its_document_is_issued(books: Shop) -> None:
    drafters.save(books)
    draft = books.value("SELECT id FROM documents WHERE status = 'draft'")
    told: list[str] = []

    def lets_go() -> None:
        with closing(plain(books.path)) as other:
            try:
                other.execute(f"DELETE FROM claims WHERE document = {draft}")
            except REFUSED as refused:
                told.append(str(refused))

    with closing(plain(books.path, autocommit=False)) as tool:
        tool.execute("INSERT INTO numbers (number, taken_by) VALUES ('F-1', 'eve')")
        tool.execute(
            "UPDATE documents SET status = 'issued', number = 'F-1', year = 2026, seq = 2,"
            f" seal = 'x', previous_seal = 'y' WHERE id = {draft}"
        )
        waiting = threading.Thread(target=lets_go)
        waiting.start()
        waiting.join(0.5)
        assert waiting.is_alive()
        tool.commit()
        waiting.join(20)
    assert "the claim of an issued document stays" in told[0]


@pytest.mark.stores("postgresql")
@pytest.mark.parametrize(
    ("statement", "found"),
    [
        (
            "DROP TRIGGER timix_documents_update ON documents;"
            " CREATE TRIGGER timix_documents_update BEFORE UPDATE ON documents FOR EACH ROW"
            " WHEN (false) EXECUTE FUNCTION timix_documents_update();"
            " ALTER TABLE documents ENABLE ALWAYS TRIGGER timix_documents_update",
            ("VERIFY-02", "timix_documents_update"),
        ),
        (
            "CREATE TABLE decoy (LIKE claims); DROP TRIGGER timix_claims_delete ON claims;"
            " CREATE TRIGGER timix_claims_delete BEFORE DELETE ON decoy FOR EACH ROW"
            " EXECUTE FUNCTION timix_claims_delete();"
            " ALTER TABLE decoy ENABLE ALWAYS TRIGGER timix_claims_delete",
            ("VERIFY-02", "timix_claims_delete"),
        ),
        ("ALTER TABLE claims DISABLE TRIGGER timix_claims_delete", ("VERIFY-02", "claims_delete")),
        ("ALTER TABLE claims DROP CONSTRAINT pk_claims", ("VERIFY-02", "pk_claims")),
        (
            "ALTER TABLE entries DROP CONSTRAINT ck_entries_kind",
            ("VERIFY-02", "ck_entries_kind"),
        ),
    ],
)
def test_a_guard_or_a_constraint_that_the_owner_takes_away_is_named(
    books: Shop, statement: str, found: tuple[str, str]
) -> None:
    books.say(*statement.split("; "))
    code, words = found
    assert [one.code for one in books.problems() if words in one.message] == [code]
