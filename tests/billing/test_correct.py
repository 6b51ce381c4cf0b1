"""Correct: a full credit and a new draft of the same entries, both or neither."""

from typing import Any

import pytest

from tests.builders import ANN, D, Shop, day
from timix_xl.billing.correct import Corrected, correct
from timix_xl.billing.credit import credit
from timix_xl.billing.draft import issue_draft
from timix_xl.billing.find import printed
from timix_xl.billing.pay import pay
from timix_xl.billing.plan import RunOptions
from timix_xl.billing.register import Standing, register
from timix_xl.domain.grouping import GroupBy
from timix_xl.domain.invoices import Becomes, Document
from timix_xl.errors import NothingToCredit, RunRefused

FIRST, NOTE = "INV-2026-00001", "CN-2026-00001"
TODAY = day("2026-02-01")


@pytest.fixture
def issued(shop: Shop) -> Shop:
    """Ten hours at 100, drawn from an order of 10 h, with a PO number typed by hand."""
    shop.order("FO", "10", po_number="PO-1")
    shop.order("NEW", "50", po_number="PO-2")
    shop.time("E1", "E2", hours="5")
    shop.issue(frame_order="FO", po_number="PO-TYPED", notes="As agreed.")
    return shop


def corrected(shop: Shop, **options: Any) -> Corrected:
    more = {name: options.pop(name, None) for name in ("request", "group_by")}
    return correct(shop.store, FIRST, "wrong rate", RunOptions(**options), actor=ANN, **more)


def standing(shop: Shop, number: str = FIRST) -> Standing:
    found = register(shop.store, today=TODAY)
    return next(one for one in found if one.number == number)


def test_the_invoice_is_credited_in_full(issued: Shop) -> None:
    made = corrected(issued)
    assert (made.note.number, made.note.total) == (NOTE, D("-1190.00"))
    assert standing(issued).state == "credited"


def test_a_draft_holds_the_same_entries(issued: Shop) -> None:
    (draft,) = corrected(issued).drafts
    claimed = issued.rows("SELECT entry, document FROM claims ORDER BY entry")
    assert (draft, claimed) == ("DRAFT-3", [("E1", 3), ("E2", 3)])
    assert issued.problems() == ()


def test_the_draft_is_priced_again(issued: Shop) -> None:
    issued.change("customers", {"code": "ACME"}, bill_rate=D(90))
    (draft,) = corrected(issued).drafts
    assert standing(issued, draft).subtotal == D(900)


def content(shop: Shop, column: str = "content") -> str:
    return str(shop.value(f"SELECT {column} FROM documents WHERE status = 'draft'"))


def test_the_draft_says_what_it_replaces(issued: Shop) -> None:
    corrected(issued)
    assert "Replaces INV-2026-00001" in content(issued)


def test_the_draft_keeps_order_po_number_and_notes(issued: Shop) -> None:
    corrected(issued)
    assert content(issued, "frame_order") == "FO"
    assert "PO-TYPED" in content(issued)
    assert "As agreed." in content(issued)


def test_the_draft_keeps_terms_buyer_reference_and_grouping(shop: Shop) -> None:
    shop.time("E1", "E2", hours="5")
    chosen = {"payment_terms_days": 7, "buyer_reference": "LEIT-1"}
    shop.issue(group_by=GroupBy.TASK, **chosen)
    (name,) = corrected(shop).drafts
    draft = printed_of(shop, name)
    assert (draft.payment_terms_days, draft.buyer.buyer_reference) == (7, "LEIT-1")
    assert [line.entries for line in draft.lines] == [("E1", "E2")]


@pytest.mark.parametrize("group_by", list(GroupBy))
def test_the_draft_has_the_lines_of_the_invoice(shop: Shop, group_by: GroupBy) -> None:
    shop.task("U")
    shop.time("E1", "E2", hours="5")
    shop.time("E3", on="2026-01-14", person="ben", task="U")
    shop.time("E4", on="2026-01-15", person="ben", bill_rate=D(90))
    shop.issue(group_by=group_by)
    was = [(line.description, line.entries) for line in printed_of(shop, FIRST).lines]
    (name,) = corrected(shop).drafts
    assert [(line.description, line.entries) for line in printed_of(shop, name).lines] == was


def printed_of(shop: Shop, number: str) -> Document:
    with shop.store.reading() as connection:
        return printed(connection, number)


def test_another_order_brings_its_own_po_number(issued: Shop) -> None:
    corrected(issued, frame_order="NEW")
    assert content(issued, "frame_order") == "NEW"
    assert "PO-2" in content(issued)
    assert "PO-TYPED" not in content(issued)


def test_the_draft_can_do_without_the_order(issued: Shop) -> None:
    corrected(issued, frame_order="")
    assert content(issued, "frame_order") == "None"


def test_the_draft_can_be_grouped_anew(issued: Shop) -> None:
    corrected(issued, group_by=GroupBy.TASK)
    assert issued.value("SELECT count(*) FROM document_lines WHERE document = 3") == 1


def test_the_draft_is_not_dated_before_the_note(issued: Shop) -> None:
    (draft,) = corrected(issued).drafts
    number = issue_draft(issued.store, draft, actor=ANN).number
    assert standing(issued, FIRST).issue_date == day("2026-01-31")
    assert standing(issued, number).issue_date == standing(issued, NOTE).issue_date == TODAY


def test_a_date_that_is_given_for_the_draft_holds(issued: Shop) -> None:
    (draft,) = corrected(issued, issue_date=day("2026-02-10")).drafts
    number = issue_draft(issued.store, draft, actor=ANN).number
    assert standing(issued, number).issue_date == day("2026-02-10")


def test_the_draft_is_issued_like_any_other(issued: Shop) -> None:
    (draft,) = corrected(issued).drafts
    made = issue_draft(issued.store, draft, actor=ANN)
    assert (made.number, standing(issued, made.number).total) == ("INV-2026-00002", D("1190.00"))
    assert issued.load().frame_orders[0].remaining == 0
    assert issued.problems() == ()


def test_only_what_is_left_is_corrected(issued: Shop) -> None:
    credit(
        issued.store,
        FIRST,
        entries=["E1"],
        becomes=Becomes.WRITE_OFF,
        reason="not ours",
        actor=ANN,
    )
    corrected(issued)
    assert issued.rows("SELECT entry FROM claims") == [("E2",)]
    assert issued.problems() == ()


def test_a_paid_invoice_is_corrected_and_its_money_is_owed(issued: Shop) -> None:
    pay(issued.store, FIRST, D(1190), TODAY, actor=ANN)
    corrected(issued)
    assert standing(issued).outstanding == D(-1190)


def test_other_unbilled_entries_stay_out(issued: Shop) -> None:
    issued.time("E9")
    corrected(issued)
    assert [row.entry.id for row in issued.load().rows] == ["E9"]


def test_an_entry_that_cannot_be_billed_again_refuses_it_all(issued: Shop) -> None:
    issued.change("projects", {"code": "P"}, billing_type="fixed")
    with pytest.raises(RunRefused) as told:
        corrected(issued)
    assert [fault.code for fault in told.value.faults] == ["CREDIT-01", "CREDIT-01"]
    assert standing(issued).state == "issued"
    assert issued.value("SELECT count(*) FROM documents") == 1


def test_an_order_that_has_not_enough_left_refuses_it_all(issued: Shop) -> None:
    issued.order("TINY", "9")
    with pytest.raises(RunRefused) as told:
        corrected(issued, frame_order="TINY")
    assert [fault.code for fault in told.value.faults] == ["FO-04"]
    assert standing(issued).state == "issued"


def test_a_corrected_invoice_is_not_corrected_again(issued: Shop) -> None:
    corrected(issued)
    with pytest.raises(NothingToCredit):
        corrected(issued)


def test_the_same_request_corrects_once(issued: Shop) -> None:
    assert corrected(issued, request="k1") == corrected(issued, request="k1")
