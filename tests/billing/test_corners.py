"""Corners where money, entries or numbers could slip through."""

import datetime as dt
from dataclasses import replace

import pytest

from tests.builders import ANN, D, Shop, day, on
from timix_xl.billing import issue as issuing
from timix_xl.billing.pay import pay, unpay
from timix_xl.billing.register import register
from timix_xl.billing.trail import trail
from timix_xl.billing.void import void
from timix_xl.domain.entries import Decision
from timix_xl.domain.frame_orders import fit
from timix_xl.domain.grouping import GroupBy
from timix_xl.errors import (
    DoesNotReconcile,
    NothingToBill,
    PaymentRefused,
    RegisterOnly,
    RequestReused,
    RunRefused,
    RunStale,
    VoidWouldOverdraw,
)

pytestmark = pytest.mark.stores("sqlite", "postgresql")


def codes(stopped: RunRefused | RunStale) -> set[str]:
    return {fault.code for fault in stopped.faults}


def with_a_correction(shop: Shop) -> None:
    """12 h for the main document and -3 h (beside material) for the plant, on an order of 10 h."""
    shop.add("locations", customer="ACME", code="NORTH", name="North plant")
    shop.task("N", location="NORTH")
    shop.order("FO", "10")
    shop.time("E1", hours="12")
    shop.time("E2", hours="-3", task="N")
    shop.material("E3", task="N", bill_rate=D(500))


def test_a_run_whose_sum_fits_its_order_is_issued_whatever_the_order_of_its_documents(
    shop: Shop,
) -> None:
    with_a_correction(shop)

    done = shop.issue(frame_order="FO")

    assert len(done.numbers) == 2
    assert shop.value("SELECT SUM(drawn) FROM draw_downs") == 90000


def test_voiding_a_correction_that_the_order_needs_is_refused_in_words(shop: Shop) -> None:
    with_a_correction(shop)
    shop.issue(frame_order="FO")
    correction = shop.value("SELECT number FROM documents WHERE hours < 0")

    with pytest.raises(VoidWouldOverdraw, match="would overdraw frame order FO by 2 h"):
        void(shop.store, correction, "typed wrongly", actor=ANN)

    assert shop.problems() == ()


def test_nothing_is_issued_without_a_company(shop: Shop) -> None:
    shop.say("DELETE FROM company")
    shop.time("E1")

    with pytest.raises(RunRefused) as refused:
        shop.issue()

    assert codes(refused.value) == {"SELLER-01"}


def test_a_payment_is_never_taken_back_before_it_was_made(shop: Shop) -> None:
    shop.time("E1")
    (number,) = shop.issue().numbers
    pay(shop.store, number, D(50), day("2026-02-01"), actor=on("2026-02-10"))

    with pytest.raises(PaymentRefused, match="nothing was paid by 2026-01-31"):
        unpay(shop.store, number, D(50), day("2026-01-31"), actor=on("2026-02-10"))


def test_a_payment_has_a_size_that_a_ledger_can_hold(shop: Shop) -> None:
    shop.time("E1")
    (number,) = shop.issue().numbers

    with pytest.raises(PaymentRefused, match="below a trillion"):
        pay(shop.store, number, D("1e20"), day("2026-02-01"), actor=ANN)


def test_a_left_out_entry_of_another_currency_has_no_amount(shop: Shop) -> None:
    shop.time("E1", currency="JPY", bill_rate=D(10000))

    (left_out,) = shop.load().left_out

    assert left_out.reason.code == "LEFT-14"
    assert left_out.amount is None


@pytest.mark.parametrize("claimed", [0, 1])
def test_a_sheet_that_has_forgotten_how_many_rows_were_loaded_is_refused(
    shop: Shop, claimed: int
) -> None:
    shop.time("E1", "E2", "E3")
    paper = shop.paper()
    cut = replace(paper, rows=paper.rows[1:], loaded_count=claimed)

    with pytest.raises(RunRefused) as refused:
        shop.issue(paper=cut)

    assert codes(refused.value) == {"ENTRY-03"}


def test_an_empty_sheet_bills_nothing_that_came_in_since(shop: Shop) -> None:
    paper = shop.paper()
    shop.time("E1")

    with pytest.raises(NothingToBill):
        shop.issue(paper=paper)


def test_another_item_makes_a_row_stale(shop: Shop) -> None:
    shop.add("items", {"code": "W", "name": "Wheel"}, {"code": "X", "name": "Axle"})
    shop.material("E1", item="W", bill_rate=D(5))
    paper = shop.paper()
    shop.change("entries", {"id": "E1"}, item="X")

    with pytest.raises(RunStale) as refused:
        shop.issue(paper=paper)

    assert codes(refused.value) == {"ENTRY-04"}


def test_a_retry_is_the_same_request_in_whatever_order_its_rows_stand(shop: Shop) -> None:
    shop.time("E1", "E2")
    paper = shop.paper()
    first = shop.issue(paper=paper, request="r")

    again = shop.issue(paper=replace(paper, rows=paper.rows[::-1]), request="r")

    assert again.numbers == first.numbers


def test_the_same_amount_written_otherwise_is_the_same_payment(shop: Shop) -> None:
    shop.time("E1")
    (number,) = shop.issue().numbers
    for text in ("1", "1.00"):
        pay(shop.store, number, D(text), day("2026-02-01"), actor=ANN, request="p")

    (one,) = register(shop.store, today=dt.date(2026, 2, 1))
    assert one.paid == 1


def test_a_void_with_a_request_id_is_done_once_and_for_one_document(shop: Shop) -> None:
    shop.time("E1")
    (number,) = shop.issue().numbers
    void(shop.store, number, "twice", actor=ANN, request="v")
    void(shop.store, number, "twice", actor=ANN, request="v")

    with pytest.raises(RequestReused):
        void(shop.store, number, "for another reason", actor=ANN, request="v")


def test_a_run_that_does_not_write_an_entry_off_does_not_commit(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.time("E1", "E2")
    monkeypatch.setattr(issuing.runs, "_write_off", lambda *_: None)

    with pytest.raises(DoesNotReconcile):
        shop.issue(paper=shop.paper({"E1": "Write off"}))

    assert shop.value("SELECT COUNT(*) FROM documents") == 0


def test_an_opening_invoice_stands_in_the_register_only(shop: Shop) -> None:
    shop.add("numbers", number="OLD-1", taken_by="opening invoice")
    days = {"issue_date": day("2025-12-01"), "due_date": day("2025-12-31")}
    shop.add("open_invoices", number="OLD-1", customer="ACME", total=100, paid=0, **days)

    with pytest.raises(RegisterOnly, match="OLD-1 is an invoice of the system before"):
        pay(shop.store, "OLD-1", D(1), day("2026-02-01"), actor=ANN)


def test_the_log_knows_an_invoice_from_its_first_day(shop: Shop) -> None:
    shop.time("E1")
    (number,) = shop.issue().numbers

    assert [note.action for note in trail(shop.store, number)] == ["issue"]


def test_material_without_a_quantity_is_left_out_for_lack_of_a_price(shop: Shop) -> None:
    shop.material("E1", units="0", cost_amount=50000, bill_rate=D(9))

    (left_out,) = shop.load().left_out

    assert left_out.reason.code == "LEFT-10"


@pytest.mark.parametrize(
    ("cost", "quantity", "billed"), [(1000000, "30000", None), (1000000, "40000", D("10000.00"))]
)
def test_material_at_cost_is_billed_at_its_cost_to_the_cent_or_not_at_all(
    shop: Shop, cost: int, quantity: str, billed: object
) -> None:
    shop.change("projects", {"code": "P"}, material_at_cost=True)
    shop.material("E1", units=quantity, cost_amount=cost)

    review = shop.load()

    assert [row.priced.amount for row in review.rows] == ([billed] if billed else [])


def test_what_fits_a_money_order_still_fits_when_its_lines_are_grouped(shop: Shop) -> None:
    shop.order("FO", "5.00", unit="EUR")
    shop.time("E1", "E2", "E3", "E4", "E5", hours="1", bill_rate=D("1.004"))
    review = shop.load()
    fitted = fitted_decisions(review)

    plan = shop.preview(
        frame_order="FO",
        group_by=GroupBy.TASK,
        paper=shop.paper({entry: choice.value for entry, choice in fitted.items()}),
    )

    assert plan.errors == ()
    assert list(fitted.values()).count(Decision.BILL) == 4


def fitted_decisions(review):
    (order,) = review.frame_orders
    entries = [row.priced for row in review.rows]
    return fit(order, entries, set(), reserve=D("0.01")).decisions
