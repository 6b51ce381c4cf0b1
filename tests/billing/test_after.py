"""After the issue: send, pay, void, and the register that is derived from events."""

import datetime as dt
from typing import Any

import pytest

from tests.builders import ANN, D, Shop, day, on
from timix_xl.billing.pay import pay, unpay
from timix_xl.billing.register import Standing, register
from timix_xl.billing.send import send
from timix_xl.billing.void import void
from timix_xl.domain.entries import Decision
from timix_xl.errors import (
    DateOutOfOrder,
    PaidMustBeCredited,
    PaymentRefused,
    ReasonMissing,
    TransitionRefused,
    UnknownDocument,
)
from timix_xl.store import documents

FIRST = "INV-2026-00001"
TODAY = day("2026-02-01")


@pytest.fixture
def issued(shop: Shop) -> Shop:
    """Ten hours, drawn from a frame order: an invoice of 1,190.00, due 2 March."""
    shop.order("FO", "40")
    shop.time("E1", "E2", hours="5")
    shop.issue(frame_order="FO")
    return shop


def book(shop: Shop, amount: str, date: dt.date = TODAY, **more: Any) -> None:
    pay(shop.store, FIRST, D(amount), date, actor=more.pop("actor", ANN), **more)


def standing(shop: Shop, today: str = "2026-02-15", **filters: Any) -> Standing:
    return register(shop.store, today=day(today), **filters)[0]


def numbers(shop: Shop, **filters: Any) -> list[str | None]:
    today = filters.pop("today", day("2026-02-15"))
    return [one.number for one in register(shop.store, today=today, **filters)]


# Send.


def test_an_issued_invoice_is_marked_sent(issued: Shop) -> None:
    send(issued.store, FIRST, actor=ANN)
    assert standing(issued).state == "sent"


def test_marking_sent_twice_is_one_event(issued: Shop) -> None:
    for _ in range(2):
        send(issued.store, FIRST, actor=ANN)
    assert issued.value("SELECT count(*) FROM events WHERE kind = 'sent'") == 1


def test_a_void_invoice_cannot_be_sent(issued: Shop) -> None:
    void(issued.store, FIRST, "wrong", actor=ANN)
    with pytest.raises(TransitionRefused, match="is void"):
        send(issued.store, FIRST, actor=ANN)


@pytest.mark.parametrize(
    "act",
    [
        lambda store: send(store, "INV-1", actor=ANN),
        lambda store: pay(store, "INV-1", D(1), TODAY, actor=ANN),
        lambda store: void(store, "INV-1", "wrong", actor=ANN),
    ],
)
def test_a_number_that_is_not_there_is_named(issued: Shop, act: Any) -> None:
    with pytest.raises(UnknownDocument, match="INV-1"):
        act(issued.store)


# Pay.


@pytest.mark.parametrize(
    ("amounts", "state", "outstanding"),
    [
        ([], "issued", "1190.00"),
        (["190"], "part_paid", "1000.00"),
        (["190", "1000"], "paid", "0.00"),
        (["1200"], "paid", "-10.00"),
    ],
)
def test_payments_make_the_state(
    issued: Shop, amounts: list[str], state: str, outstanding: str
) -> None:
    for amount in amounts:
        book(issued, amount)
    found = standing(issued)
    assert (found.state, found.outstanding) == (state, D(outstanding))


def test_a_payment_taken_back_is_owed_again(issued: Shop) -> None:
    book(issued, "1190")
    unpay(issued.store, FIRST, D(1190), TODAY, actor=ANN)
    assert standing(issued).outstanding == D(1190)


def test_no_more_is_taken_back_than_was_paid(issued: Shop) -> None:
    book(issued, "100")
    with pytest.raises(PaymentRefused, match=r"only 100\.00 EUR was paid"):
        unpay(issued.store, FIRST, D("100.01"), TODAY, actor=ANN)


@pytest.mark.parametrize("amount", ["0", "-5", "1.005"])
def test_a_payment_is_above_zero_and_in_whole_cents(issued: Shop, amount: str) -> None:
    with pytest.raises(PaymentRefused):
        book(issued, amount)


def test_a_payment_before_the_invoice_is_refused(issued: Shop) -> None:
    with pytest.raises(DateOutOfOrder, match="before it was issued"):
        book(issued, "100", day("2026-01-30"))


def test_a_payment_in_the_future_is_refused(issued: Shop) -> None:
    with pytest.raises(DateOutOfOrder, match="has not come yet"):
        book(issued, "100", day("2026-02-02"))


def test_a_void_invoice_takes_no_payment(issued: Shop) -> None:
    void(issued.store, FIRST, "wrong", actor=ANN)
    with pytest.raises(PaymentRefused, match="it is void"):
        book(issued, "100")


def test_a_payment_requested_twice_is_booked_once(issued: Shop) -> None:
    for _ in range(2):
        book(issued, "100", request="p1")
    assert standing(issued).paid == D(100)


# Void.


def test_a_void_invoice_keeps_its_number_and_owes_nothing(issued: Shop) -> None:
    void(issued.store, FIRST, "wrong customer", actor=ANN)
    found = standing(issued)
    assert (found.number, found.state, found.outstanding) == (FIRST, "void", 0)


def test_the_number_of_a_void_invoice_is_not_given_out_again(issued: Shop) -> None:
    void(issued.store, FIRST, "wrong", actor=ANN)
    assert issued.issue().numbers == ("INV-2026-00002",)


def test_a_void_gives_the_entries_back(issued: Shop) -> None:
    void(issued.store, FIRST, "wrong", actor=ANN)
    assert [row.entry.id for row in issued.load().rows] == ["E1", "E2"]


def test_a_void_gives_the_frame_order_its_hours_back(issued: Shop) -> None:
    void(issued.store, FIRST, "wrong", actor=ANN)
    assert issued.load().frame_orders[0].remaining == D(40)


def test_a_void_gives_the_last_hours_of_a_blocked_order_back(shop: Shop) -> None:
    shop.order("FO", "10")
    for at in (1, 2):
        shop.time(f"E{at}", hours="10")
        made = shop.issue(frame_order="FO")
        void(shop.store, made.numbers[0], "again", actor=ANN)
        shop.change("entries", {"id": f"E{at}"}, billable=False)
    assert shop.load().frame_orders[0].remaining == D(10)


def test_what_was_written_off_stays_so_when_its_run_is_voided(shop: Shop) -> None:
    shop.time("E1", "E2")
    shop.issue(paper=shop.paper({"E1": "Write off"}))
    void(shop.store, FIRST, "wrong", actor=ANN)
    assert [row.entry.id for row in shop.load().rows] == ["E2"]


def test_an_entry_given_back_can_be_billed_and_voided_again(issued: Shop) -> None:
    for number in (FIRST, "INV-2026-00002"):
        void(issued.store, number, "again", actor=ANN)
        issued.issue(frame_order="FO")
    assert issued.problems() == ()


def test_a_void_needs_a_reason(issued: Shop) -> None:
    with pytest.raises(ReasonMissing):
        void(issued.store, FIRST, "  ", actor=ANN)


def test_a_void_tells_its_reason(issued: Shop) -> None:
    void(issued.store, FIRST, "wrong customer", actor=ANN)
    happened = standing(issued).void
    assert happened is not None
    assert (happened.reason, happened.date, happened.by) == ("wrong customer", TODAY, "ann")


def test_a_paid_invoice_is_not_voided(issued: Shop) -> None:
    book(issued, "1")
    with pytest.raises(PaidMustBeCredited, match=r"payments of 1\.00 EUR"):
        void(issued.store, FIRST, "wrong", actor=ANN)


def test_once_the_payment_is_taken_back_it_can_be_voided(issued: Shop) -> None:
    book(issued, "1")
    unpay(issued.store, FIRST, D(1), TODAY, actor=ANN)
    void(issued.store, FIRST, "wrong", actor=ANN)
    assert standing(issued).state == "void"


def test_a_void_invoice_cannot_be_voided_again(issued: Shop) -> None:
    void(issued.store, FIRST, "wrong", actor=ANN)
    with pytest.raises(TransitionRefused, match="is void"):
        void(issued.store, FIRST, "wrong", actor=ANN)


def test_a_void_is_refused_while_the_series_is_ahead_of_today(issued: Shop) -> None:
    with pytest.raises(DateOutOfOrder, match="2026-01-31"):
        void(issued.store, FIRST, "wrong", actor=on("2026-01-30"))


def test_the_invoice_itself_is_not_touched_by_a_void(issued: Shop) -> None:
    with issued.store.reading() as connection:
        before = documents.printed(connection, [1])
    void(issued.store, FIRST, "wrong", actor=ANN)
    with issued.store.reading() as connection:
        assert documents.printed(connection, [1]) == before


def test_a_voids_decisions_start_afresh(issued: Shop) -> None:
    void(issued.store, FIRST, "wrong", actor=ANN)
    made = issued.preview(paper=issued.paper({"E1": "Defer"}))
    assert [row.entry.id for row in made.outcomes[Decision.BILL]] == ["E2"]


# Register.


def test_a_day_after_the_due_date_it_is_overdue_by_a_day(issued: Shop) -> None:
    assert [standing(issued, at).overdue_days for at in ("2026-03-02", "2026-03-03")] == [0, 1]


@pytest.mark.parametrize(
    ("as_of", "state", "paid"),
    [
        ("2026-01-31", "issued", "0"),
        ("2026-02-03", "part_paid", "190"),
        ("2026-02-09", "part_paid", "190"),
        ("2026-02-10", "paid", "1190"),
    ],
)
def test_the_register_as_of_a_day_knows_what_happened_up_to_its_end(
    issued: Shop, as_of: str, state: str, paid: str
) -> None:
    later = on("2026-02-20")
    book(issued, "190", day("2026-02-03"), actor=later)
    book(issued, "1000", day("2026-02-10"), actor=later)
    found = standing(issued, "2026-02-20", as_of=day(as_of))
    assert (found.state, found.paid) == (state, D(paid))


def test_as_of_a_day_before_its_issue_an_invoice_is_not_there(issued: Shop) -> None:
    assert numbers(issued, as_of=day("2026-01-30")) == []


def test_as_of_a_day_before_its_void_an_invoice_is_owed(issued: Shop) -> None:
    void(issued.store, FIRST, "wrong", actor=on("2026-02-05"))
    found = standing(issued, "2026-02-20", as_of=day("2026-02-04"))
    assert (found.state, found.outstanding, found.void) == ("issued", D(1190), None)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("issued", [FIRST, "INV-2026-00004", "INV-2026-00005"]),
        ("sent", ["INV-2026-00002"]),
        ("void", ["INV-2026-00003"]),
        ("paid", ["INV-2026-00005"]),
        ("part-paid", ["INV-2026-00004"]),
        ("part_paid", ["INV-2026-00004"]),
        ("open", [FIRST, "INV-2026-00002"]),
        ("overdue", []),
    ],
)
def test_the_register_is_filtered_by_state(shop: Shop, status: str, expected: list[str]) -> None:
    for at, rate in enumerate(("100", "100", "100", "100", "0")):
        shop.time(f"E{at}", bill_rate=D(rate))
        shop.issue()
    send(shop.store, "INV-2026-00002", actor=ANN)
    void(shop.store, "INV-2026-00003", "wrong", actor=ANN)
    pay(shop.store, "INV-2026-00004", D(5), TODAY, actor=ANN)
    assert numbers(shop, status=status) == expected


def test_the_register_is_filtered_by_customer(issued: Shop) -> None:
    issued.customer("BETA")
    issued.time("B1", project="P-BETA")
    issued.issue("BETA")
    assert numbers(issued, customer="BETA") == ["INV-2026-00002"]


def test_an_invoice_of_the_system_before_stands_in_the_register(shop: Shop) -> None:
    shop.add("numbers", number="OLD-7", taken_by="opening invoice")
    shop.add(
        "open_invoices",
        number="OLD-7",
        customer="ACME",
        issue_date=day("2025-12-01"),
        due_date=day("2025-12-31"),
        total=50000,
        paid=10000,
    )
    found = standing(shop, "2026-01-10")
    assert (found.outstanding, found.state, found.overdue_days) == (D(400), "overdue", 10)
