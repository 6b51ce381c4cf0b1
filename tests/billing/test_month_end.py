"""The month-end pack: what a month came to, and that it ties."""

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Any

import pytest

from tests.builders import ANN, BOB, D, Shop, a_full_year, day, on
from timix_xl.billing import month_end as module
from timix_xl.billing.close import close
from timix_xl.billing.credit import credit, credit_money
from timix_xl.billing.month_end import month_end
from timix_xl.billing.pack import Pack, Sums
from timix_xl.billing.pay import pay, unpay
from timix_xl.billing.refund import refund
from timix_xl.billing.send import send
from timix_xl.billing.void import void
from timix_xl.billing.write_off import reinstate, write_off_receivable
from timix_xl.domain.invoices import Becomes
from timix_xl.domain.periods import month_of, months_between
from timix_xl.domain.wip import Work
from timix_xl.errors import BadArgument, PackDoesNotTie, TimixError
from timix_xl.store.chained import Actor
from timix_xl.store.documents import EventKind

FIRST = "INV-2026-00001"
TODAY = day("2026-03-05")


def pack_of(shop: Shop, month: str = "2026-01", today: dt.date = TODAY) -> Pack:
    return month_end(shop.store, month, today=today)


def euros(shop: Shop, month: str = "2026-01") -> Sums:
    return next(one for one in pack_of(shop, month).sums if one.currency == "EUR")


@pytest.fixture
def issued(shop: Shop) -> Shop:
    """Ten hours at 100, net 1,000.00, gross 1,190.00, issued on 31 January; one hour unbilled."""
    shop.time("E1", "E2", hours="5")
    shop.issue()
    shop.time("E3")
    return shop


def test_a_month_in_which_nothing_happened_has_only_the_tie_of_hours(shop: Shop) -> None:
    pack = pack_of(shop, "2025-06")
    assert pack.sums == ()
    assert [(tie.what, tie.one, tie.other) for tie in pack.ties] == [
        ("Unbilled hours at month end", 0, 0)
    ]


def test_what_was_invoiced_is_net_tax_and_gross(issued: Shop) -> None:
    sums = euros(issued)
    assert (sums.net, sums.tax, sums.gross) == (D("1000.00"), D("190.00"), D("1190.00"))


def test_wip_is_what_stood_at_the_last_day(issued: Shop) -> None:
    assert euros(issued).wip == Work(D(1), D("100.00"))


def test_a_payment_counts_in_its_month_and_no_other(issued: Shop) -> None:
    pay(issued.store, FIRST, D("190"), day("2026-02-10"), actor=on("2026-02-10"))
    assert euros(issued, "2026-01").received == 0
    assert euros(issued, "2026-02").received == D("190.00")
    assert euros(issued, "2026-02").opening == D("1190.00")
    assert euros(issued, "2026-02").outstanding == D("1000.00")


def test_a_payment_taken_back_and_a_refund_are_below_zero(issued: Shop) -> None:
    actor = on("2026-02-10")
    pay(issued.store, FIRST, D("1290"), day("2026-02-10"), actor=actor)
    unpay(issued.store, FIRST, D("50"), day("2026-02-11"), actor=on("2026-02-11"))
    refund(issued.store, FIRST, D("50"), day("2026-02-12"), actor=on("2026-02-12"))
    paid = pack_of(issued, "2026-02").payments
    assert [(one.kind, one.amount) for one in paid] == [
        (EventKind.PAID, D("1290.00")),
        (EventKind.UNPAID, D("-50.00")),
        (EventKind.REFUNDED, D("-50.00")),
    ]
    assert euros(issued, "2026-02").received == D("1190.00")


def test_a_receivable_that_was_written_off_is_no_payment(issued: Shop) -> None:
    write_off_receivable(
        issued.store, FIRST, "small", date=day("2026-02-10"), actor=on("2026-02-10"), amount=D("9")
    )
    sums = euros(issued, "2026-02")
    assert (sums.received, sums.given_up) == (0, D("9.00"))
    assert sums.outstanding == D("1181.00")


def test_a_void_of_an_earlier_month_is_listed_and_taken_back(issued: Shop) -> None:
    void(issued.store, FIRST, "wrong", actor=on("2026-02-03"))
    pack = pack_of(issued, "2026-02")
    (sums,) = pack.sums
    assert [one.number for one in pack.documents] == [FIRST]
    assert (sums.net, sums.voided, sums.outstanding) == (0, D("-1190.00"), 0)


def test_a_void_in_its_own_month_was_issued_all_the_same(issued: Shop) -> None:
    void(issued.store, FIRST, "wrong", actor=on("2026-01-31"))
    sums = euros(issued)
    assert (sums.gross, sums.voided, sums.outstanding) == (D("1190.00"), D("-1190.00"), 0)


def test_a_sent_one_that_is_voided_is_taken_back_by_its_credit_note(issued: Shop) -> None:
    send(issued.store, FIRST, actor=on("2026-02-01"))
    void(issued.store, FIRST, "wrong", actor=on("2026-02-03"))
    sums = euros(issued, "2026-02")
    assert (sums.credited, sums.voided, sums.outstanding) == (D("-1190.00"), 0, 0)


def test_what_was_voided_later_still_stands_at_the_end_of_the_month(issued: Shop) -> None:
    void(issued.store, FIRST, "wrong", actor=on("2026-02-03"))
    assert euros(issued).outstanding == D("1190.00")


def test_drafts_and_invoices_of_the_system_before_are_no_documents_of_the_month(
    issued: Shop,
) -> None:
    issued.add("numbers", number="OLD-1", taken_by="open_invoices")
    issued.add(
        "open_invoices",
        number="OLD-1",
        customer="ACME",
        issue_date=day("2026-01-05"),
        due_date=day("2026-01-20"),
        total=50000,
        paid=0,
    )
    pack = pack_of(issued)
    assert [one.number for one in pack.documents] == [FIRST]
    assert pack.sums[0].opening == D("500.00")
    assert pack.sums[0].outstanding == D("1690.00")


def test_everything_that_can_happen_ties(shop: Shop) -> None:
    a_full_year(shop)
    send(shop.store, "INV-2026-00002", actor=BOB)
    credit_money(shop.store, "INV-2026-00003", 1, D("20"), reason="late", actor=BOB)
    credit(
        shop.store, "INV-2026-00002", becomes=Becomes.BILL, reason="agreed", actor=on("2026-02-12")
    )
    for month in ("2026-01", "2026-02"):
        assert [str(tie) for tie in pack_of(shop, month).ties if not tie.holds] == []


Step = Callable[[Shop, str, Actor], object]
STEPS: dict[str, Step] = {
    "send": lambda shop, number, by: send(shop.store, number, actor=by),
    "void": lambda shop, number, by: void(shop.store, number, "wrong", actor=by),
    "pay": lambda shop, number, by: pay(shop.store, number, D("50.55"), by.today, actor=by),
    "unpay": lambda shop, number, by: unpay(shop.store, number, D(1), by.today, actor=by),
    "refund": lambda shop, number, by: refund(shop.store, number, D(1), by.today, actor=by),
    "credit": lambda shop, number, by: credit(
        shop.store, number, becomes=Becomes.BILL, reason="agreed", actor=by
    ),
    "forgive": lambda shop, number, by: credit(
        shop.store, number, becomes=Becomes.WRITE_OFF, reason="agreed", actor=by
    ),
    "goodwill": lambda shop, number, by: credit_money(
        shop.store, number, 1, D("3.33"), reason="late", actor=by
    ),
    "give up": lambda shop, number, by: write_off_receivable(
        shop.store, number, "small", date=by.today, actor=by, amount=D(2)
    ),
    "wait again": lambda shop, number, by: reinstate(
        shop.store, number, D(1), "after all", date=by.today, actor=by
    ),
}
WALKS = 4


@pytest.mark.parametrize("seed", range(WALKS))
def test_any_sequence_of_steps_ties_in_every_month(shop: Shop, seed: int) -> None:
    chance, today = Random(seed), day("2026-01-03")
    shop.order("FO-H", "60")
    numbers: list[str] = []
    for at in range(36):
        today += dt.timedelta(days=chance.randint(0, 4))
        by = on(today.isoformat())
        if at % 3 == 0:
            ids, hours = [f"E{at}/{part}" for part in "abc"], chance.choice(["0.3333", "7.5"])
            shop.time(*ids, hours=hours, on=today.isoformat(), bill_rate=D("95.55"))
        with suppress(TimixError):
            if at % 3 == 1:
                order = chance.choice(["", "FO-H"])
                made = shop.issue(upto=today, issue_date=today, actor=by, frame_order=order)
                numbers += made.numbers
            elif numbers:
                STEPS[chance.choice(sorted(STEPS))](shop, chance.choice(numbers), by)
    assert len(numbers) > WALKS
    for month in months_between(day("2026-01-01"), today):
        pack = pack_of(shop, month_of(month.first), today)
        assert [str(tie) for tie in pack.ties if not tie.holds] == []


def test_two_currencies_tie_each_by_itself(issued: Shop) -> None:
    issued.customer("YEN", currency="JPY", bill_rate=D(12000))
    issued.time("Y1", "Y2", project="P-YEN", currency="JPY")
    issued.issue("YEN")
    pack = pack_of(issued)
    assert [one.currency for one in pack.sums] == ["EUR", "JPY"]
    assert {tie.unit for tie in pack.ties} == {"EUR", "JPY", "h"}
    assert pack.sums[1].gross == D(28560)


def test_it_says_whether_the_month_is_closed(issued: Shop) -> None:
    assert pack_of(issued).closed is None
    close(issued.store, "2026-01", actor=on("2026-02-04"))
    closed = pack_of(issued).closed
    assert closed is not None
    assert closed.by == "ann"


def test_figures_that_differ_are_refused_with_both(
    issued: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "aged_wip", lambda *_, **__: [])
    with pytest.raises(PackDoesNotTie) as stopped:
        pack_of(issued)
    assert "WIP by age 0.00, Roll-forward, closing 100.00 EUR" in stopped.value.message
    assert stopped.value.code == "FIN-01"


def test_what_somebody_writes_meanwhile_is_taken_in_whole(
    issued: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, paid = module.register, []

    def slow(*given: Any, **more: Any) -> Any:
        found = real(*given, **more)
        if not paid:
            paid.append(True)
            pay(issued.store, FIRST, D("90"), day("2026-01-31"), actor=ANN)
        return found

    monkeypatch.setattr(module, "register", slow)
    assert euros(issued).received == D("90.00")


@pytest.mark.parametrize("month", ["2026-13", "January", "2026-04"])
def test_no_month_or_one_that_has_not_begun_is_refused(shop: Shop, month: str) -> None:
    with pytest.raises(BadArgument):
        pack_of(shop, month)
