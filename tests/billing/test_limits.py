"""Limits beside everything that is billed: invoices, credit notes, drafts, pro formas."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import pytest

from tests.billing.test_statement_count import counting
from tests.builders import ANN, BILLING_DATE, D, Shop
from timix_xl.billing.correct_pro_forma import correct_pro_forma
from timix_xl.billing.credit import credit, credit_money
from timix_xl.billing.draft import issue_draft, save_draft
from timix_xl.billing.limits import limit_faults, line_limits
from timix_xl.billing.plan import RunOptions
from timix_xl.billing.pro_forma import open_, pro_formas
from timix_xl.billing.pro_forma_edit import edit
from timix_xl.billing.pro_forma_limits import pro_forma_limits
from timix_xl.billing.release import release
from timix_xl.billing.send import send
from timix_xl.billing.void import void
from timix_xl.domain.entries import Kind
from timix_xl.domain.grouping import GroupBy
from timix_xl.domain.invoices import Becomes, Document
from timix_xl.domain.money import plain
from timix_xl.domain.pro_forma_lines import LineEdit
from timix_xl.domain.pro_formas import ProForma
from timix_xl.errors import Fault
from timix_xl.store import reading
from timix_xl.store.pro_formas import save_pro_formas


def limit(shop: Shop, amount: int, **covers: Any) -> None:
    """Limit project P, or what is named of it, to so many euros."""
    shop.add("limits", **{"project": "P", "amount": amount * 100, **covers})


def found(shop: Shop, documents: Collection[Document], *leaving_out: int) -> list[Fault]:
    with shop.store.reading() as connection:
        books = reading.books(connection)
        return limit_faults(connection, list(documents), books, leaving_out=leaving_out)


def lines(shop: Shop, document: Document, *leaving_out: int) -> dict[int, tuple[str, str]]:
    """Return what is available, and what is over, by line."""
    with shop.store.reading() as connection:
        books = reading.books(connection)
        (judged,) = line_limits(connection, [document], books, leaving_out=[leaving_out])
    return {line: (plain(one.available), plain(one.over)) for line, one in judged.items()}


def next_document(shop: Shop, **options: Any) -> Document:
    """Return the one document that an issue would make."""
    (document,) = shop.preview(**options).documents
    return document


def save(shop: Shop, *ids: str) -> int:
    """Save a draft of some entries; returns its id."""
    paper = shop.paper(
        {row.entry.id: "Defer" for row in shop.load().rows if row.entry.id not in ids}
    )
    save_draft(shop.store, "ACME", BILLING_DATE, RunOptions(), actor=ANN, paper=paper)
    return int(shop.value("SELECT max(id) FROM documents"))


def pro_forma(shop: Shop) -> str:
    """Make a pro forma of what an issue would bill; returns its number."""
    document = next_document(shop)
    with shop.store.writing() as connection:
        settings = reading.settings(connection)
        (made,) = save_pro_formas(connection, [document], None, "P", settings, ANN)
    return made.number


def by_hand(document: Document, amount: str, **facts: Any) -> Document:
    """Add a line without entries to a document."""
    last = document.lines[-1]
    line = replace(last, line=last.line + 1, amount=D(amount), entries=(), **facts)
    return replace(document, lines=(*document.lines, line))


def test_without_a_limit_nothing_is_checked(shop: Shop) -> None:
    shop.time("E1", hours="1000")
    document = next_document(shop)
    with shop.store.reading() as connection:
        books = reading.books(connection)
        with counting(shop) as seen:
            assert limit_faults(connection, [document], books) == []
    assert seen == []


def test_the_third_line_passes_the_limit_and_is_named(shop: Shop) -> None:
    limit(shop, 1000)
    shop.time("E1", "E2", "E3", hours="4")
    document = next_document(shop)
    assert lines(shop, document) == {1: ("1000", "0"), 2: ("600", "0"), 3: ("200", "200")}
    (fault,) = found(shop, [document])
    assert str(fault).startswith(
        "Preview: Line 3 bills 400.00 EUR of project P, whose limit of 1,000.00 EUR leaves"
        " 200.00 EUR: 200.00 EUR too much."
    )
    assert (fault.code, fault.is_error) == ("LIMIT-01", True)


def test_ignored_it_is_a_warning(shop: Shop) -> None:
    limit(shop, 100)
    shop.time("E1", hours="4")
    with shop.store.reading() as connection:
        books = reading.books(connection)
        ignoring = replace(books, settings=replace(books.settings, over_limit="ignore"))
        (fault,) = limit_faults(connection, [next_document(shop)], ignoring)
    assert (fault.code, fault.is_error) == ("LIMIT-02", False)


def test_what_is_invoiced_counts(shop: Shop) -> None:
    limit(shop, 1000)
    shop.time("E1", hours="7")
    shop.issue()
    shop.time("E2", hours="4")
    assert lines(shop, next_document(shop)) == {1: ("300", "100")}


def test_tax_does_not_count(shop: Shop) -> None:
    limit(shop, 1000)
    shop.time("E1", hours="10")
    assert found(shop, [next_document(shop)]) == []


def test_another_project_does_not_count(shop: Shop) -> None:
    limit(shop, 1000)
    shop.project("Q")
    shop.time("E1", hours="9", project="Q")
    shop.time("E2", hours="9")
    assert lines(shop, next_document(shop)) == {1: ("1000", "0")}


def test_the_draft_of_another_document_counts_and_its_own_does_not(shop: Shop) -> None:
    limit(shop, 1000)
    shop.time("E1", "E2", hours="7")
    draft = save(shop, "E1")
    document = next_document(shop)
    assert lines(shop, document) == {1: ("300", "400")}
    assert lines(shop, document, draft) == {1: ("1000", "0")}


def test_documents_of_one_run_count_in_their_order(shop: Shop) -> None:
    limit(shop, 1000)
    shop.task("N", bill_separately=True)
    shop.time("E1", hours="7")
    shop.time("E2", hours="7", task="N")
    (fault,) = found(shop, shop.preview().documents)
    assert fault.message.startswith("Line 1 of document 2 bills 700.00 EUR")


def test_a_credit_note_makes_room(shop: Shop) -> None:
    limit(shop, 1000)
    shop.time("E1", hours="7")
    number = shop.issue().numbers[0]
    credit(shop.store, number, becomes=Becomes.WRITE_OFF, reason="gift", actor=ANN)
    shop.time("E2", hours="9")
    assert lines(shop, next_document(shop)) == {1: ("1000", "0")}


def test_goodwill_makes_room_where_its_line_was_billed(shop: Shop) -> None:
    limit(shop, 1000, account_group="LABOR")
    shop.time("E1", "E2", hours="5")
    number = shop.issue(group_by=GroupBy.TASK).numbers[0]
    credit_money(shop.store, number, 1, D(100), "late", actor=ANN)
    shop.time("E3", hours="3")
    assert lines(shop, next_document(shop)) == {1: ("100", "200")}


@pytest.mark.parametrize("sent", [False, True])
def test_a_void_invoice_takes_nothing(shop: Shop, sent: bool) -> None:
    limit(shop, 1000)
    shop.time("E1", hours="7")
    number = shop.issue().numbers[0]
    if sent:
        send(shop.store, number, actor=ANN)
    void(shop.store, number, "wrong", actor=ANN)
    assert lines(shop, next_document(shop)) == {1: ("1000", "0")}


def test_below_what_is_invoiced_already_nothing_is_available(shop: Shop) -> None:
    shop.time("E1", hours="7")
    shop.issue()
    limit(shop, 500)
    shop.time("E2")
    assert lines(shop, next_document(shop)) == {1: ("0", "100")}


def test_a_limit_may_name_a_task_or_an_account_group(shop: Shop) -> None:
    limit(shop, 100, task="T")
    limit(shop, 100, account_group="MATERIAL")
    shop.task("U")
    shop.time("E1", hours="2", task="U")
    shop.time("E2", hours="2", task="T", on="2026-01-06")
    shop.material("E3", task="U", bill_rate=D(130), on="2026-01-07")
    assert lines(shop, next_document(shop)) == {2: ("100", "100"), 3: ("100", "30")}


def test_where_two_limits_cover_a_line_the_smaller_available_counts(shop: Shop) -> None:
    limit(shop, 1000)
    limit(shop, 300, task="T", account_group="LABOR")
    shop.time("E1", hours="4")
    document = next_document(shop)
    assert lines(shop, document) == {1: ("300", "100")}
    assert (
        "of LABOR of task T of project P, whose limit of 300.00"
        in found(shop, [document])[0].message
    )


def test_of_a_line_of_several_tasks_only_the_entries_of_the_limited_one_count(shop: Shop) -> None:
    limit(shop, 300, task="T")
    shop.task("U")
    shop.time("E1", hours="4")
    shop.time("E2", hours="9", task="U")
    document = next_document(shop, group_by=GroupBy.PROJECT)
    assert len(document.lines) == 1
    assert lines(shop, document) == {1: ("300", "100")}
    assert "Line 1 bills 400.00 EUR of task T" in found(shop, [document])[0].message


def test_of_a_line_of_several_account_groups_only_the_limited_one_counts(shop: Shop) -> None:
    limit(shop, 300, account_group="MATERIAL")
    shop.add("account_groups", code="TRAVEL", name="Travel")
    shop.material("E1", units="4", bill_rate=D(100))
    shop.material("E2", units="9", bill_rate=D(100), account_group="TRAVEL")
    document = next_document(shop, group_by=GroupBy.PROJECT)
    assert len(document.lines) == 1
    assert lines(shop, document) == {1: ("300", "100")}


def test_a_part_that_is_not_stored_yet_has_the_account_group_of_its_whole(shop: Shop) -> None:
    limit(shop, 300, account_group="LABOR")
    shop.time("E1", hours="9")
    (row,) = shop.paper().rows
    paper = replace(shop.paper(), rows=(replace(row, decision="Bill", bill_quantity="4"),))
    document = next_document(shop, paper=paper)
    assert document.billed[0].entry == "E1/1"
    assert lines(shop, document) == {1: ("300", "100")}


def test_a_line_by_hand_counts(shop: Shop) -> None:
    limit(shop, 300, task="T", account_group="MATERIAL")
    shop.time("E1", hours="9")
    document = by_hand(
        next_document(shop), "350", task="T", account_group="MATERIAL", kind=Kind.MATERIAL
    )
    assert lines(shop, document) == {2: ("300", "50")}


def test_a_line_by_hand_on_another_document_counts(shop: Shop) -> None:
    limit(shop, 1000, task="T", account_group="MATERIAL")
    shop.time("E1", "E2")
    draft = save(shop, "E1")
    ((columns),) = shop.rows("SELECT tax_code, tax_percent FROM document_lines")
    shop.add(
        "document_lines",
        document=draft,
        line=2,
        project="P",
        task="T",
        account_group="MATERIAL",
        description="Fee",
        kind="material",
        quantity=D(1),
        unit="pcs",
        unit_price=D(900),
        amount=90000,
        tax_code=columns[0],
        tax_percent=D(19),
    )
    shop.material("E3", bill_rate=D(150))
    assert lines(shop, next_document(shop)) == {2: ("100", "50")}


def test_a_line_below_zero_makes_room_for_those_below_it(shop: Shop) -> None:
    limit(shop, 100)
    shop.material("E1", units="-2", bill_rate=D(100))
    shop.time("E2", hours="3", on="2026-01-06")
    assert lines(shop, next_document(shop)) == {1: ("100", "0"), 2: ("300", "0")}


def test_a_pro_forma_counts_and_once_it_is_released_its_invoice_does(shop: Shop) -> None:
    limit(shop, 1000)
    shop.time("E1", hours="7")
    number = pro_forma(shop)
    shop.time("E2", hours="7")
    once = {1: ("300", "400")}
    assert lines(shop, next_document(shop)) == once
    open_(shop.store, number, actor=ANN)
    assert lines(shop, next_document(shop)) == once
    draft = release(shop.store, number, actor=ANN)
    assert lines(shop, next_document(shop)) == once
    issue_draft(shop.store, draft.document, actor=ANN)
    assert lines(shop, next_document(shop)) == once


def revised(shop: Shop, worth: int) -> ProForma:
    """Let a pro forma be invoiced at 700, and correct it to so many euros."""
    shop.time("E1", hours="7")
    number = pro_forma(shop)
    open_(shop.store, number, actor=ANN)
    release(shop.store, number, issue=True, actor=ANN)
    correct_pro_forma(shop.store, number, "agreed", actor=ANN)
    return edit(shop.store, number, [LineEdit(line=1, amount=D(worth))], actor=ANN)


def test_a_revision_leaves_out_the_invoice_that_it_replaces(shop: Shop) -> None:
    limit(shop, 1000)
    revision = revised(shop, 1100)
    found_lines = lines(shop, revision.document, revision.document_id)
    assert found_lines == {1: ("1000", "100")}


def test_what_is_made_from_a_revision_leaves_out_what_it_replaces(shop: Shop) -> None:
    limit(shop, 1000)
    number = revised(shop, 900).number
    open_(shop.store, number, actor=ANN)
    release(shop.store, number, issue=True, actor=ANN)
    assert whole(shop) == 900


def whole(shop: Shop) -> int:
    """Add up what is issued, in euros."""
    net = shop.value("SELECT sum(subtotal) FROM documents WHERE status IN ('issued', 'sent')")
    return int(net) // 100


@pytest.mark.parametrize(("worth", "left"), [(900, "100"), (200, "300")])
def test_a_revision_and_its_invoice_count_once_for_others(
    shop: Shop, worth: int, left: str
) -> None:
    limit(shop, 1000)
    revised(shop, worth)
    shop.time("E2", on="2026-01-07")
    assert lines(shop, next_document(shop)) == {1: (left, "0")}


def test_limits_are_in_the_customers_currency(shop: Shop) -> None:
    shop.customer("TOKYO", currency="JPY", bill_rate=D(5000))
    shop.add("limits", project="P-TOKYO", amount=9000)
    shop.time("E1", hours="2", project="P-TOKYO", currency="JPY")
    (fault,) = found(shop, [next_document(shop, customer="TOKYO")])
    assert "bills 10,000 JPY of project P-TOKYO, whose limit of 9,000 JPY" in fault.message


@pytest.mark.parametrize("size", [10, 1000])
def test_the_count_of_statements_does_not_depend_on_the_entries(shop: Shop, size: int) -> None:
    limit(shop, 100, account_group="LABOR")
    shop.many(size)
    document = next_document(shop)
    with shop.store.reading() as connection:
        books = reading.books(connection)
        with counting(shop) as seen:
            limit_faults(connection, [document], books)
    assert len(seen) == 5


def test_more_pro_formas_are_judged_with_as_many_statements(shop: Shop) -> None:
    limit(shop, 1000)
    counted = []
    for at in range(3):
        shop.time(f"E{at}")
        pro_forma(shop)
        with counting(shop) as seen:
            judged = pro_forma_limits(shop.store, pro_formas(shop.store))
        assert len(judged) == at + 1
        counted.append(len(seen))
    assert len(set(counted)) == 1
