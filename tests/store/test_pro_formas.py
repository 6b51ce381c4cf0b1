"""Pro formas as stored: their numbers and revisions, their claims, what is written anew."""

from dataclasses import replace
from typing import Any

import pytest

from tests.builders import ANN, BILLING_DATE, BOB, D, Shop
from timix_xl.billing.plan import RunOptions
from timix_xl.billing.preview import preview
from timix_xl.billing.release import release
from timix_xl.domain.invoices import Document, DocumentKind, LineStatus
from timix_xl.domain.numbering import SeriesPattern
from timix_xl.domain.pro_forma_lines import lines_of, with_lines
from timix_xl.domain.pro_formas import ProForma, ProFormaState
from timix_xl.errors import ProFormaNumberTaken
from timix_xl.store import documents, pro_formas, reading
from timix_xl.store.chained import log


def planned(shop: Shop) -> tuple[Document, ...]:
    """Return what an issue would make of the open entries."""
    return preview(shop.store, "ACME", BILLING_DATE, RunOptions()).documents


def save(shop: Shop, *made: Document, run: int | None = None) -> list[Document]:
    with shop.store.writing() as connection:
        settings = reading.settings(connection)
        return pro_formas.save_pro_formas(connection, made, run, "P", settings, ANN)


def a_pro_forma(shop: Shop, *ids: str) -> ProForma:
    shop.time(*(ids or ("E1", "E2")))
    (made,) = save(shop, *planned(shop))
    return found(shop, made.number)


def found(shop: Shop, number: str = "PF-00001", **more: Any) -> ProForma:
    with shop.store.reading() as connection:
        one = pro_formas.found(connection, number, **more)
    assert one is not None
    return one


def a_revision(shop: Shop) -> ProForma:
    """Return the second revision of one that was released into an issued invoice."""
    one = a_pro_forma(shop)
    with shop.store.writing() as connection:
        pro_formas.set_state(connection, one.document_id, ProFormaState.OPEN)
    release(shop.store, one.number, issue=True, actor=ANN)
    with shop.store.writing() as connection:
        return pro_formas.save_revision(connection, found(shop), one.document, BOB)


def claims(shop: Shop) -> list[tuple[Any, ...]]:
    return shop.rows("SELECT entry, document FROM claims ORDER BY entry")


def test_it_takes_its_number_when_it_is_made(shop: Shop) -> None:
    one = a_pro_forma(shop)
    assert (one.number, one.revision, one.version) == ("PF-00001", 1, 1)
    assert shop.rows("SELECT number, taken_by FROM numbers") == [("PF-00001", "pro_forma 1")]
    assert shop.value("SELECT next_seq FROM series WHERE kind = 'pro_forma'") == 2


def test_it_stays_a_draft_without_a_number_among_documents(shop: Shop) -> None:
    a_pro_forma(shop)
    assert shop.rows("SELECT kind, status, number FROM documents") == [("pro_forma", "draft", None)]


def test_it_is_read_back_whole(shop: Shop) -> None:
    one = a_pro_forma(shop)
    assert (one.state, one.put_back, one.released_to) == (ProFormaState.ON_HOLD, False, None)
    assert (one.project, one.customer, one.currency) == ("P", "ACME", "EUR")
    document = one.document
    assert (document.kind, document.number) == (DocumentKind.PRO_FORMA, "PF-00001")
    assert [line.billed_amount for line in document.lines] == [D(100), D(100)]
    assert {line.status for line in document.lines} == {LineStatus.BILL}


def test_it_claims_its_entries(shop: Shop) -> None:
    a_pro_forma(shop)
    assert claims(shop) == [("E1", 1), ("E2", 1)]


def test_documents_without_entries_can_be_saved(shop: Shop) -> None:
    shop.time("E1")
    (document,) = planned(shop)
    (made,) = save(shop, replace(document, lines=(), billed=(), tax=()))
    assert found(shop, made.number).document.total == 0
    assert claims(shop) == []


def test_several_documents_are_numbered_in_order(shop: Shop) -> None:
    shop.add("locations", customer="ACME", code="NORTH", name="North plant")
    shop.task("N", location="NORTH")
    shop.time("E1")
    shop.time("E2", task="N")
    made = save(shop, *planned(shop))
    assert [(one.number, one.location) for one in made] == [
        ("PF-00001", None),
        ("PF-00002", "NORTH"),
    ]


def test_a_yearly_series_is_that_of_the_issue_date(shop: Shop) -> None:
    shop.time("E1")
    (document,) = planned(shop)
    with shop.store.writing() as connection:
        settings = replace(
            reading.settings(connection),
            pro_forma_number=SeriesPattern("PF-{year}-{seq:03d}"),
        )
        (made,) = pro_formas.save_pro_formas(connection, [document], None, "P", settings, ANN)
    assert made.number == "PF-2026-001"


def test_a_number_that_is_taken_is_not_given_out(shop: Shop) -> None:
    shop.time("E1")
    shop.add("numbers", number="PF-00001", taken_by="opening invoice")
    with pytest.raises(ProFormaNumberTaken):
        save(shop, *planned(shop))
    assert shop.rows("SELECT * FROM documents") == []


def test_it_is_no_document_of_the_register(shop: Shop) -> None:
    a_pro_forma(shop)
    with shop.store.reading() as connection:
        assert documents.heads(connection) == []
        assert documents.heads(connection, place=1) == []


def test_what_claims_an_entry_is_named(shop: Shop) -> None:
    a_pro_forma(shop)
    with shop.store.reading() as connection:
        assert pro_formas.claimed_by(connection, [1, 7]) == {1: "PF-00001", 7: "DRAFT-7"}


def test_lines_written_anew_move_claims_totals_and_version(shop: Shop) -> None:
    one = a_pro_forma(shop)
    shop.time("E3", hours="2")
    (fresh,) = planned(shop)
    first, _ = lines_of(one.document)
    with shop.store.writing() as connection:
        whole = with_lines(one.document, [first, *lines_of(fresh)])
        pro_formas.replace_lines(connection, one.document_id, replace(whole, tax=()))
    assert claims(shop) == [("E1", 1), ("E3", 1)]
    assert shop.rows("SELECT hours, subtotal, tax, total FROM documents") == [
        (30_000, 30_000, 0, 30_000)
    ]
    assert shop.rows("SELECT document, line, amount FROM document_lines") == [
        (1, 1, 10_000),
        (1, 2, 20_000),
    ]
    now = found(shop)
    assert (now.version, [line.entries for line in now.document.lines]) == (2, [("E1",), ("E3",)])
    assert shop.problems() == ()


def test_a_state_moves_the_version_on(shop: Shop) -> None:
    one = a_pro_forma(shop)
    with shop.store.writing() as connection:
        pro_formas.set_state(connection, one.document_id, ProFormaState.OPEN)
    assert (found(shop).state, found(shop).version) == (ProFormaState.OPEN, 2)


def test_who_changed_it_last_is_told_by_the_audit_log(shop: Shop) -> None:
    one = a_pro_forma(shop)
    with shop.store.writing() as connection:
        log(connection, ANN, "edit", [(one.number, None, {"total": 1})])
        log(connection, BOB, "edit", [(one.number, None, {"total": 2})])
        log(connection, ANN, "edit", [("PF-00002", None, {"total": 3})])
    with shop.store.reading() as connection:
        assert pro_formas.last_change(connection, one.number) == ("bob", BOB.stamp)


def test_a_revision_has_the_same_number_and_claims_nothing(shop: Shop) -> None:
    made = a_revision(shop)
    assert (made.number, made.revision, made.document_id) == ("PF-00001", 2, 3)
    assert claims(shop) == [("E1", 2), ("E2", 2)]
    assert made.document.lines == found(shop, revision=1).document.lines


def test_the_latest_revision_is_the_one_that_is_found(shop: Shop) -> None:
    a_revision(shop)
    assert (found(shop).revision, found(shop, revision=1).revision) == (2, 1)
    assert found(shop, revision=1).released_to == "INV-2026-00001"
    with shop.store.reading() as connection:
        assert [each.revision for each in pro_formas.heads(connection)] == [2]
        every = pro_formas.heads(connection, every_revision=True)
        assert [each.revision for each in every] == [1, 2]
        assert [each.revision for each in pro_formas.heads(connection, document=1)] == [1]
        assert [each.revision for each in pro_formas.heads(connection, released_to=2)] == [1]


def test_an_entry_that_a_revision_rests_on_is_not_let_go_by_it(shop: Shop) -> None:
    made = a_revision(shop)
    with shop.store.writing() as connection:
        less = with_lines(made.document, lines_of(made.document)[:1])
        pro_formas.replace_lines(connection, made.document_id, less)
    assert claims(shop) == [("E1", 2), ("E2", 2)]


def test_a_deleted_one_frees_its_entries_and_keeps_its_number_taken(shop: Shop) -> None:
    one = a_pro_forma(shop)
    with shop.store.writing() as connection:
        pro_formas.delete(connection, one.document_id)
    assert claims(shop) == shop.rows("SELECT * FROM pro_formas") == []
    assert shop.rows("SELECT * FROM documents") == shop.rows("SELECT * FROM document_lines") == []
    assert shop.value("SELECT number FROM numbers") == "PF-00001"
    assert a_pro_forma(shop, "E3").number == "PF-00002"


def test_they_are_found_by_project_and_state(shop: Shop) -> None:
    a_pro_forma(shop)
    with shop.store.reading() as connection:
        assert len(pro_formas.heads(connection, project="P")) == 1
        assert pro_formas.heads(connection, project="Q") == []
        assert pro_formas.heads(connection, state=ProFormaState.OPEN) == []
