"""Money back: refunds, offsets, and receivables that nobody waits for any more."""

from typing import Any

import pytest

from tests.builders import ANN, D, Shop, day, on
from timix_xl.billing.credit import credit
from timix_xl.billing.pay import pay, unpay
from timix_xl.billing.refund import offset, refund
from timix_xl.billing.register import Standing, register
from timix_xl.billing.void import void
from timix_xl.billing.write_off import reinstate, write_off_receivable
from timix_xl.domain.invoices import Becomes
from timix_xl.errors import (
    DateOutOfOrder,
    OffsetRefused,
    PaymentRefused,
    PeriodClosed,
    ReasonMissing,
    RequestReused,
    WrittenOffBefore,
)

FIRST, SECOND, OTHERS = (f"INV-2026-{at:05d}" for at in (1, 2, 3))
TODAY = day("2026-02-01")


@pytest.fixture
def issued(shop: Shop) -> Shop:
    """Two invoices of ACME's over 595.00, and one of BETA's."""
    for entry in ("E1", "E2"):
        shop.time(entry, hours="5")
        shop.issue()
    shop.customer("BETA")
    shop.time("B1", hours="5", project="P-BETA")
    shop.issue("BETA")
    return shop


@pytest.fixture
def owing(issued: Shop) -> Shop:
    """The first is paid and credited: 595.00 is owed to ACME."""
    pay(issued.store, FIRST, D(595), TODAY, actor=ANN)
    given = {"becomes": Becomes.WRITE_OFF, "reason": "complaint"}
    credit(issued.store, FIRST, actor=ANN, **given)  # type: ignore[arg-type]
    return issued


def standing(shop: Shop, number: str = FIRST, **filters: Any) -> Standing:
    found = register(shop.store, today=day("2026-02-15"), **filters)
    return next(one for one in found if one.number == number)


def outstanding(shop: Shop, number: str = FIRST) -> Any:
    return standing(shop, number).outstanding


def refunded(shop: Shop, amount: str, date: str = "2026-02-01", **more: Any) -> None:
    actor = more.pop("actor", ANN)
    refund(shop.store, FIRST, D(amount), day(date), actor=actor, **more)


def set_off(shop: Shop, against: str = SECOND, amount: str | None = None, **more: Any) -> Any:
    given = D(amount) if amount else None
    return offset(shop.store, FIRST, against, amount=given, date=TODAY, actor=ANN, **more)


# Refund.


def test_a_refund_settles_what_is_owed(owing: Shop) -> None:
    refunded(owing, "595", reference="bank 9")
    found = standing(owing)
    assert (found.refunded, found.outstanding) == (D(595), 0)
    assert owing.problems() == ()


def test_an_overpayment_is_refunded(issued: Shop) -> None:
    pay(issued.store, FIRST, D(600), TODAY, actor=ANN)
    refunded(issued, "5")
    assert outstanding(issued) == 0


def test_no_more_is_refunded_than_is_owed(owing: Shop) -> None:
    with pytest.raises(PaymentRefused, match=r"only 595\.00 EUR is owed to the customer"):
        refunded(owing, "595.01")


def test_nothing_is_refunded_where_nothing_is_owed(issued: Shop) -> None:
    with pytest.raises(PaymentRefused, match="nothing is owed to the customer"):
        refunded(issued, "1")


def test_a_refund_dated_back_fits_every_day_since(issued: Shop) -> None:
    later = on("2026-02-20")
    pay(issued.store, FIRST, D(600), TODAY, actor=ANN)
    unpay(issued.store, FIRST, D(5), day("2026-02-10"), actor=later)
    with pytest.raises(PaymentRefused, match="nothing is owed"):
        refunded(issued, "5", "2026-02-02", actor=later)


def test_a_refund_is_not_dated_before_the_note_that_makes_it_due(issued: Shop) -> None:
    pay(issued.store, FIRST, D(595), TODAY, actor=ANN)
    later, given = on("2026-02-10"), {"becomes": Becomes.BILL, "reason": "complaint"}
    credit(issued.store, FIRST, actor=later, **given)  # type: ignore[arg-type]
    with pytest.raises(PaymentRefused, match="nothing is owed"):
        refunded(issued, "595", "2026-02-09", actor=later)
    refunded(issued, "595", "2026-02-10", actor=later)


def test_what_was_refunded_is_not_taken_back_as_a_payment(owing: Shop) -> None:
    refunded(owing, "500")
    with pytest.raises(PaymentRefused, match=r"only 95\.00 EUR was paid"):
        unpay(owing.store, FIRST, D(100), TODAY, actor=ANN)


@pytest.mark.parametrize("date", ["2026-01-30", "2026-02-02"])
def test_a_refund_is_dated_from_the_invoice_to_today(owing: Shop, date: str) -> None:
    with pytest.raises((DateOutOfOrder, PaymentRefused)):
        refunded(owing, "5", date)


def test_nothing_moves_in_a_closed_month(owing: Shop) -> None:
    facts = {"month": "2026-02", "until": day("2026-02-28"), "kind": "close", "reason": ""}
    owing.add("closings", figures="", by="ann", at="", **facts)
    with pytest.raises(PeriodClosed, match="A refund of INV-2026-00001"):
        refunded(owing, "5")


def test_the_same_request_refunds_once(owing: Shop) -> None:
    for _ in range(2):
        refunded(owing, "100", request="r1")
    assert standing(owing).refunded == D(100)


# Offset.


def test_an_offset_pays_one_invoice_with_what_is_owed_on_another(owing: Shop) -> None:
    assert set_off(owing) == D(595)
    assert (outstanding(owing), outstanding(owing, SECOND)) == (0, 0)
    assert standing(owing, SECOND).state == "paid"


def test_each_side_of_an_offset_names_the_other(owing: Shop) -> None:
    set_off(owing)
    found = owing.rows("SELECT kind, reference FROM events WHERE reference <> '' ORDER BY id")
    assert found == [("refunded", f"offset against {SECOND}"), ("paid", f"offset from {FIRST}")]


def test_a_part_can_be_offset_and_the_rest_refunded(owing: Shop) -> None:
    set_off(owing, amount="95")
    refunded(owing, "500")
    assert (outstanding(owing), outstanding(owing, SECOND)) == (0, D(500))


def test_an_offset_takes_no_more_than_the_other_asks_for(owing: Shop) -> None:
    pay(owing.store, SECOND, D(500), TODAY, actor=ANN)
    with pytest.raises(PaymentRefused, match=r"only 95\.00 EUR is outstanding"):
        set_off(owing, amount="96")
    assert set_off(owing) == D(95)


@pytest.mark.parametrize(
    ("against", "why"),
    [(FIRST, "the same invoice"), (OTHERS, "that one is BETA's")],
)
def test_an_offset_stays_with_the_customer(owing: Shop, against: str, why: str) -> None:
    with pytest.raises(OffsetRefused, match=why):
        set_off(owing, against)


def test_an_offset_of_nothing_says_on_which_side(owing: Shop) -> None:
    pay(owing.store, SECOND, D(595), TODAY, actor=ANN)
    with pytest.raises(OffsetRefused, match="nothing is outstanding on INV-2026-00002"):
        set_off(owing)
    with pytest.raises(OffsetRefused, match="nothing is owed to ACME"):
        offset(owing.store, SECOND, FIRST, date=TODAY, actor=ANN)


def test_an_offset_that_is_refused_on_one_side_books_nothing_on_the_other(owing: Shop) -> None:
    with pytest.raises(PaymentRefused):
        set_off(owing, amount="595.01")
    assert standing(owing).refunded == 0


def test_the_same_request_offsets_once(owing: Shop) -> None:
    assert [set_off(owing, request="o1") for _ in range(2)] == [D(595), D(595)]
    with pytest.raises(RequestReused):
        set_off(owing, amount="5", request="o1")


def test_an_offset_is_undone_on_both_sides(owing: Shop) -> None:
    before = (outstanding(owing), outstanding(owing, SECOND))
    set_off(owing)
    assert set_off(owing, undo=True) == D(595)
    assert (outstanding(owing), outstanding(owing, SECOND)) == before
    assert owing.problems() == ()


def test_no_more_of_an_offset_is_undone_than_was_moved(owing: Shop) -> None:
    set_off(owing, amount="95")
    with pytest.raises(OffsetRefused, match=r"95\.00 EUR was moved"):
        set_off(owing, amount="96", undo=True)
    set_off(owing, undo=True)
    with pytest.raises(OffsetRefused, match=r"0\.00 EUR was moved"):
        set_off(owing, undo=True)


def test_what_came_by_an_offset_is_not_taken_back_as_a_payment(owing: Shop) -> None:
    set_off(owing)
    with pytest.raises(PaymentRefused, match="invoice offset --undo"):
        unpay(owing.store, SECOND, D(595), TODAY, actor=ANN)


def test_a_payment_can_be_taken_back_although_its_surplus_went_elsewhere(owing: Shop) -> None:
    paid = standing(owing).paid
    set_off(owing)
    unpay(owing.store, FIRST, paid, TODAY, actor=ANN)
    assert standing(owing).paid == 0


# Receivables written off.


def written_off(shop: Shop, amount: str | None = None, reason: str = "small", **more: Any) -> None:
    given = D(amount) if amount else None
    write_off_receivable(shop.store, FIRST, reason, amount=given, date=TODAY, actor=ANN, **more)


def test_a_small_difference_is_written_off(issued: Shop) -> None:
    pay(issued.store, FIRST, D("594.80"), TODAY, actor=ANN)
    written_off(issued)
    found = standing(issued)
    assert (found.written_off, found.outstanding, found.state) == (D("0.20"), 0, "paid")


def test_a_debt_that_nobody_pays_is_written_off_not_paid(issued: Shop) -> None:
    written_off(issued)
    found = standing(issued)
    assert (found.paid, found.outstanding, found.state) == (0, 0, "written_off")


def test_what_is_written_off_is_not_paid_before_it_is_reinstated(issued: Shop) -> None:
    written_off(issued)
    with pytest.raises(PaymentRefused, match=r"595\.00 EUR of it is written off"):
        pay(issued.store, FIRST, D(595), TODAY, actor=ANN)
    reinstate(issued.store, FIRST, D(595), "they pay after all", date=TODAY, actor=ANN)
    pay(issued.store, FIRST, D(595), TODAY, actor=ANN)
    assert standing(issued).state == "paid"


def test_a_part_of_a_debt_is_written_off(issued: Shop) -> None:
    written_off(issued, "95")
    assert outstanding(issued) == D(500)


def test_writing_off_a_receivable_touches_neither_entry_nor_order(issued: Shop) -> None:
    written_off(issued)
    assert issued.value("SELECT count(*) FROM claims") == 3
    assert issued.problems() == ()


def test_no_more_is_written_off_than_is_outstanding(issued: Shop) -> None:
    with pytest.raises(PaymentRefused, match=r"only 595\.00 EUR is outstanding"):
        written_off(issued, "596")


def test_nothing_is_written_off_where_nothing_is_outstanding(owing: Shop) -> None:
    with pytest.raises(PaymentRefused, match="nothing is outstanding"):
        written_off(owing)


def test_writing_off_needs_a_reason(issued: Shop) -> None:
    with pytest.raises(ReasonMissing):
        written_off(issued, reason="")


def test_what_was_written_off_is_waited_for_again(issued: Shop) -> None:
    written_off(issued)
    reinstate(issued.store, FIRST, D(500), "they pay", date=TODAY, actor=ANN)
    assert outstanding(issued) == D(500)


def test_no_more_is_reinstated_than_was_written_off(issued: Shop) -> None:
    written_off(issued, "95")
    with pytest.raises(PaymentRefused, match=r"only 95\.00 EUR is written off"):
        reinstate(issued.store, FIRST, D(96), "they pay", date=TODAY, actor=ANN)


def test_a_written_off_invoice_is_not_voided(issued: Shop) -> None:
    written_off(issued)
    with pytest.raises(WrittenOffBefore):
        void(issued.store, FIRST, "wrong", actor=ANN)


def test_the_reason_is_kept(issued: Shop) -> None:
    written_off(issued, reason="insolvent")
    query = "SELECT reason FROM events WHERE kind = 'written_off'"
    assert issued.value(query) == "insolvent"


# Retries.


def test_a_retry_on_another_day_without_a_date_is_the_same_request(issued: Shop) -> None:
    for today in ("2026-02-01", "2026-02-02"):
        pay(issued.store, FIRST, D(10), None, actor=on(today), request="w1")
    assert standing(issued).paid == D(10)


def test_a_retry_with_another_date_is_another_request(issued: Shop) -> None:
    pay(issued.store, FIRST, D(10), day("2026-02-01"), actor=on("2026-02-02"), request="w1")
    with pytest.raises(RequestReused):
        pay(issued.store, FIRST, D(10), day("2026-02-02"), actor=on("2026-02-02"), request="w1")
