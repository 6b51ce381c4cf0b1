"""Close and reopen: a month is locked once it adds up, and nothing dated in it changes again."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from tests.billing.test_statement_count import counting
from tests.builders import ANN, REFUSED, D, Shop, day, entry_row, on
from timix_xl.billing.ageing import ageing
from timix_xl.billing.close import close, reopen
from timix_xl.billing.credit import credit
from timix_xl.billing.decide import Choice, decide
from timix_xl.billing.draft import delete_draft, save_draft
from timix_xl.billing.pay import pay, unpay
from timix_xl.billing.plan import RunOptions
from timix_xl.billing.register import register
from timix_xl.billing.restore import restore
from timix_xl.billing.roll_forward import month_rolled, roll_forward
from timix_xl.billing.send import send
from timix_xl.billing.trail import trail
from timix_xl.billing.utilization import utilization
from timix_xl.billing.void import void
from timix_xl.billing.wip import wip
from timix_xl.domain.entries import Decision
from timix_xl.domain.invoices import Becomes
from timix_xl.domain.wip import Flow, RollForward, Work
from timix_xl.errors import (
    BadArgument,
    DoesNotRollForward,
    MonthIsClosed,
    MonthNotOver,
    MonthsInOrder,
    NotTheLastClosed,
    PeriodClosed,
    ReasonMissing,
    RunRefused,
)
from timix_xl.store import closings
from timix_xl.store import tables as t
from timix_xl.store.chained import log
from timix_xl.store.refusals import StoreRefuses

FEBRUARY = on("2026-02-02")
MARCH = on("2026-03-02")
UNTIL = day("2026-01-31")
FIRST = "INV-2026-00001"


def work(hours: str, amount: str) -> Work:
    return Work(D(hours), D(amount))


@pytest.fixture
def closed(shop: Shop) -> Shop:
    """January: E1 and E2 billed on a frame order, E3 written off, E4 open; closed."""
    shop.order("FO", "40")
    shop.time("E1", "E2", "E3", hours="2")
    decide(shop.store, "ACME", {"E3": Choice(Decision.WRITE_OFF, "so")}, actor=ANN)
    shop.issue(frame_order="FO")
    shop.time("E4", hours="3")
    close(shop.store, "2026-01", actor=FEBRUARY)
    return shop


# Closing.


def test_a_close_returns_the_roll_forward_it_rests_on(shop: Shop) -> None:
    shop.time("E1", hours="2")

    rolled = close(shop.store, "2026-01", actor=FEBRUARY)
    assert [line[Flow.CLOSING].amount for line in rolled.lines] == [D("200.00")]


def test_a_close_keeps_the_wip_of_every_entry(closed: Shop) -> None:
    assert closed.rows("SELECT entry, hours, amount FROM closing_entries") == [("E4", 30000, 30000)]


def test_a_close_is_in_the_log(closed: Shop) -> None:
    (note,) = trail(closed.store, "2026-01")
    assert (note.action, note.object) == ("close", "month 2026-01")


def test_an_empty_month_can_be_closed(shop: Shop) -> None:
    assert close(shop.store, "2026-01", actor=FEBRUARY).lines == ()


@pytest.mark.parametrize("today", ["2026-01-15", "2026-01-31"])
def test_a_month_that_is_not_over_is_refused(shop: Shop, today: str) -> None:
    with pytest.raises(MonthNotOver):
        close(shop.store, "2026-01", actor=on(today))


def test_a_month_of_the_future_is_refused(shop: Shop) -> None:
    with pytest.raises(BadArgument):
        close(shop.store, "2027-01", actor=FEBRUARY)


def test_a_closed_month_is_not_closed_again(closed: Shop) -> None:
    with pytest.raises(MonthIsClosed, match="ann closed it on 2026-02-02 09:00:00"):
        close(closed.store, "2026-01", actor=FEBRUARY)


@pytest.mark.parametrize("month", ["2025-12", "2026-03"])
def test_months_are_closed_one_after_the_other(closed: Shop, month: str) -> None:
    with pytest.raises(MonthsInOrder, match="2026-02 comes next"):
        close(closed.store, month, actor=on("2026-04-02"))


def test_the_next_opening_is_what_the_close_kept(closed: Shop) -> None:
    closed.change("customers", {"code": "ACME"}, bill_rate=D(120))

    (line,) = roll_forward(closed.store, "2026-02", today=MARCH.today)
    flows = {flow.value: work.amount for flow, work in line.flows.items()}
    assert flows == {"opening": D(300), "repriced": D(60), "closing": D(360)}


def test_an_entry_that_is_not_where_its_history_ends_stops_the_close(shop: Shop) -> None:
    shop.time("E1")
    shop.change("entries", {"id": "E1"}, state="written_off")

    with pytest.raises(DoesNotRollForward, match="does not hold E1 where runs and documents say"):
        close(shop.store, "2026-01", actor=FEBRUARY)
    assert [one.code for one in shop.problems() if one.code == "VERIFY-34"] == ["VERIFY-34"]
    assert shop.value("SELECT COUNT(*) FROM closings") == 0


@pytest.mark.parametrize("rounding", [work("0", "0.03"), work("0.5", "0")], ids=["money", "hours"])
def test_rounding_that_entries_cannot_make_stops_the_close(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, rounding: Work
) -> None:
    shop.time("E1", "E2")
    shop.issue()
    flows = {Flow.ROUNDING: rounding, Flow.CLOSING: rounding}
    line = RollForward(customer="ACME", currency="EUR", flows=flows)
    found = month_rolled(shop.store, "2026-01", today=FEBRUARY.today)
    made = replace(found, lines=(line,))
    monkeypatch.setattr("timix_xl.billing.close.rolled", lambda *_: made)

    with pytest.raises(DoesNotRollForward, match="ACME has rounding of"):
        close(shop.store, "2026-01", actor=FEBRUARY)


def test_a_cent_of_rounding_for_each_entry_does_not_stop_the_close(shop: Shop) -> None:
    shop.time("E1", hours="1", bill_rate=D("0.01"))
    half = Choice(Decision.BILL, bill_quantity=D("0.5"))
    decide(shop.store, "ACME", {"E1": half}, actor=ANN)
    shop.issue()

    (line,) = close(shop.store, "2026-01", actor=FEBRUARY).lines
    assert line[Flow.ROUNDING] == work("0", "0.01")


def test_a_write_off_taken_back_before_the_date_of_its_run_does_not_stop_the_close(
    shop: Shop,
) -> None:
    early = on("2026-01-20")
    shop.time("E1", "E2")
    decide(shop.store, "ACME", {"E1": Choice(Decision.WRITE_OFF, "so")}, actor=early)
    shop.issue(actor=early)
    restore(shop.store, ["E1"], "after all", actor=early)

    (line,) = close(shop.store, "2026-01", actor=FEBRUARY).lines
    assert line[Flow.WRITTEN_OFF] == line[Flow.RETURNED] == line[Flow.CLOSING] == work("1", "100")


def test_asking_what_is_closed_reads_no_figures(closed: Shop) -> None:
    with counting(closed) as seen, closed.store.reading() as connection:
        assert closings.locked_until(connection) == UNTIL
    assert not [statement for statement in seen if "figures" in statement]


def test_what_was_opened_again_is_not_locked(closed: Shop) -> None:
    reopen(closed.store, "2026-01", "forgotten", actor=FEBRUARY)
    with closed.store.reading() as connection:
        assert closings.locked_until(connection) is None


# What is closed stays.

LATE = day("2026-01-20")


@pytest.mark.parametrize(
    "act",
    [
        lambda shop: pay(shop.store, FIRST, D(1), UNTIL, actor=FEBRUARY),
        lambda shop: send(shop.store, FIRST, actor=on("2026-01-31")),
        lambda shop: void(shop.store, FIRST, "x", actor=on("2026-01-31")),
        lambda shop: restore(shop.store, ["E3"], "x", actor=on("2026-01-31")),
        lambda shop: credit(
            shop.store, FIRST, becomes=Becomes.BILL, reason="x", actor=on("2026-01-31")
        ),
    ],
    ids=["pay", "send", "void", "restore", "credit"],
)
def test_nothing_is_dated_in_a_closed_month(closed: Shop, act: Callable[[Shop], Any]) -> None:
    with pytest.raises(PeriodClosed, match="everything up to 2026-01-31 is closed"):
        act(closed)


def test_a_payment_of_a_closed_month_is_not_taken_back_in_it(closed: Shop) -> None:
    pay(closed.store, FIRST, D(10), day("2026-02-02"), actor=FEBRUARY)
    with pytest.raises(PeriodClosed):
        unpay(closed.store, FIRST, D(10), UNTIL, actor=FEBRUARY)


def test_nothing_is_issued_in_a_closed_month(closed: Shop) -> None:
    with pytest.raises(RunRefused) as told:
        closed.issue(issue_date=UNTIL)
    assert [fault.code for fault in told.value.faults] == ["DATE-04"]


def test_what_is_billed_next_is_dated_on_the_first_open_day(closed: Shop) -> None:
    closed.issue()
    assert closed.value("SELECT MAX(issue_date) FROM documents") == "2026-02-01"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE entries SET wip_from = '2026-02-01' WHERE id = 'E4'",
        "DELETE FROM entries WHERE id = 'E4'",
        "UPDATE open_invoices SET issue_date = '2026-02-01'",
        "UPDATE open_invoices SET issue_date = '2025-12-01'",
        "DELETE FROM open_invoices",
    ],
)
def test_the_database_itself_keeps_a_closed_month(shop: Shop, change: str) -> None:
    owed(shop)
    shop.time("E4")
    close(shop.store, "2026-01", actor=FEBRUARY)

    with pytest.raises(REFUSED, match="the month is closed"):
        shop.say(change)


def test_approved_work_cannot_be_put_into_a_closed_month(closed: Shop) -> None:
    with pytest.raises(StoreRefuses, match="the month is closed"):
        closed.add("entries", entry_row(id="E9", on="2026-01-20"))


def owed(shop: Shop) -> None:
    """Add an invoice of the system before: 500.00, nothing paid."""
    shop.add("numbers", number="OLD-1", taken_by="an opening invoice")
    dates = {"issue_date": day("2026-01-10"), "due_date": day("2026-01-20")}
    shop.add("open_invoices", number="OLD-1", customer="ACME", **dates, total=50000, paid=0)


def january(shop: Shop) -> list[Any]:
    """Return every report as of the end of January."""
    store, today = shop.store, MARCH.today
    standings = register(store, today=today, as_of=UNTIL)
    return [
        [(one.number, one.state, one.outstanding, one.paid) for one in standings],
        [(one.customer, one.buckets, one.total) for one in ageing(store, today=today, as_of=UNTIL)],
        utilization(store, as_of=UNTIL),
        wip(store, today=today, as_of=UNTIL),
        roll_forward(store, "2026-01", today=today),
    ]


def reimported(shop: Shop) -> None:
    """Change an entry as a file does that is taken in with --reapprove: noted in the log."""
    before = {"date": day("2026-01-05"), "description": "Work E4"}
    after = {"date": day("2026-02-20"), "description": "Other"}
    with shop.store.writing() as connection:
        connection.execute(update(t.entries).where(t.entries.c.id == "E4").values(**after))
        log(connection, ANN, "import", [("entry E4", before, after)])


@pytest.mark.parametrize(
    "change",
    [
        lambda shop: shop.change("customers", {"code": "ACME"}, bill_rate=D(120)),
        lambda shop: shop.change("entries", {"id": "E4"}, billable=False),
        lambda shop: shop.change("entries", {"id": "E4"}, status="rejected"),
        lambda shop: shop.change("projects", {"code": "P"}, billing_type="overhead"),
        lambda shop: shop.change("frame_orders", {"number": "FO"}, total=900000, title="More"),
        lambda shop: shop.change("frame_orders", {"number": "FO"}, billed_before=10000),
        lambda shop: shop.order("FO-2", "10", billed_before="5"),
        lambda shop: shop.change("open_invoices", {"number": "OLD-1"}, paid=20000),
        reimported,
        lambda shop: pay(shop.store, FIRST, D(50), day("2026-02-02"), actor=FEBRUARY),
        lambda shop: send(shop.store, FIRST, actor=FEBRUARY),
        lambda shop: void(shop.store, FIRST, "wrong", actor=FEBRUARY),
        lambda shop: restore(shop.store, ["E3"], "after all", actor=FEBRUARY),
        lambda shop: shop.issue(frame_order="FO"),
        lambda shop: close(shop.store, "2026-02", actor=MARCH),
    ],
    ids=[
        *("rate", "not billable", "rejected", "overhead", "larger order", "used before"),
        *("another order", "paid before", "reimport", "pay", "send", "void", "restore"),
        *("issue", "next close"),
    ],
)
def test_the_reports_of_a_closed_month_never_change(
    shop: Shop, change: Callable[[Shop], Any]
) -> None:
    owed(shop)
    shop.order("FO", "40")
    shop.time("E1", "E2", "E3", hours="2")
    decide(shop.store, "ACME", {"E3": Choice(Decision.WRITE_OFF, "so")}, actor=ANN)
    shop.issue(frame_order="FO")
    shop.time("E4", hours="3")
    close(shop.store, "2026-01", actor=FEBRUARY)
    before = january(shop)

    change(shop)

    assert january(shop) == before
    assert shop.problems() == ()


def test_voiding_work_that_was_billed_before_its_approval_leaves_the_closed_month(
    shop: Shop,
) -> None:
    shop.time("E1", wip_from=day("2026-02-15"))
    shop.issue()
    close(shop.store, "2026-01", actor=FEBRUARY)
    void(shop.store, FIRST, "wrong", actor=on("2026-02-06"))

    assert shop.problems() == ()


def test_voiding_a_part_of_a_split_dated_ahead_leaves_the_closed_month(shop: Shop) -> None:
    early = on("2026-01-30")
    shop.time("E1", hours="2")
    decide(shop.store, "ACME", {"E1": Choice(Decision.BILL, bill_quantity=D(1))}, actor=early)
    save_draft(shop.store, "ACME", day("2026-02-28"), RunOptions(), actor=early)
    shop.issue(actor=early)
    close(shop.store, "2026-01", actor=FEBRUARY)
    void(shop.store, FIRST, "wrong", actor=on("2026-02-06"))

    assert shop.problems() == ()


def test_deleting_a_draft_that_split_an_entry_leaves_the_closed_month(shop: Shop) -> None:
    shop.time("E1", hours="1", bill_rate=D("10.01"))
    decide(shop.store, "ACME", {"E1": Choice(Decision.BILL, bill_quantity=D("0.5"))}, actor=ANN)
    save_draft(shop.store, "ACME", UNTIL, RunOptions(), actor=ANN)
    close(shop.store, "2026-01", actor=FEBRUARY)
    before = january(shop)
    delete_draft(shop.store, "DRAFT-1", actor=on("2026-02-03"))

    assert january(shop) == before
    assert shop.problems() == ()


def test_another_kind_of_a_voided_entry_leaves_the_closed_month(shop: Shop) -> None:
    shop.time("E1", "E2", hours="2")
    shop.issue()
    close(shop.store, "2026-01", actor=FEBRUARY)
    void(shop.store, FIRST, "wrong", actor=FEBRUARY)
    before = january(shop)
    shop.change("entries", {"id": "E1"}, kind="material", unit="pcs")

    assert january(shop) == before
    assert shop.problems() == ()


def test_writing_an_entry_off_once_more_leaves_the_closed_month_it_came_back_in(
    shop: Shop,
) -> None:
    so = {"E1": Choice(Decision.WRITE_OFF, "so")}
    shop.time("E1", hours="2")
    decide(shop.store, "ACME", so, actor=ANN)
    shop.issue(issue_date=day("2026-01-25"))
    restore(shop.store, ["E1"], "after all", actor=on("2026-01-26"))
    close(shop.store, "2026-01", actor=FEBRUARY)
    shop.change("customers", {"code": "ACME"}, bill_rate=D(120))
    decide(shop.store, "ACME", so, actor=FEBRUARY)
    shop.issue(issue_date=day("2026-02-10"), actor=FEBRUARY)
    restore(shop.store, ["E1"], "after all", actor=on("2026-02-11"))

    assert shop.problems() == ()


# Opening again.


def test_a_month_that_is_open_again_takes_what_is_dated_in_it(closed: Shop) -> None:
    reopen(closed.store, "2026-01", "a payment was forgotten", actor=FEBRUARY)

    pay(closed.store, FIRST, D(10), UNTIL, actor=FEBRUARY)
    assert closed.problems() == ()


def test_opening_again_needs_a_reason(closed: Shop) -> None:
    with pytest.raises(ReasonMissing):
        reopen(closed.store, "2026-01", "  ", actor=FEBRUARY)


def test_the_reason_is_in_the_log(closed: Shop) -> None:
    reopen(closed.store, "2026-01", "forgotten", actor=FEBRUARY)
    assert trail(closed.store, "2026-01")[-1].after == '{"reason":"forgotten"}'


def test_only_the_last_closed_month_is_opened_again(closed: Shop) -> None:
    close(closed.store, "2026-02", actor=MARCH)
    with pytest.raises(NotTheLastClosed, match="2026-02 is closed after it"):
        reopen(closed.store, "2026-01", "x", actor=MARCH)


def test_a_month_that_was_never_closed_is_not_opened(shop: Shop) -> None:
    with pytest.raises(NotTheLastClosed, match="it is not closed"):
        reopen(shop.store, "2026-01", "x", actor=FEBRUARY)


def test_closing_again_works_everything_out_anew(closed: Shop) -> None:
    reopen(closed.store, "2026-01", "another rate", actor=FEBRUARY)
    closed.change("customers", {"code": "ACME"}, bill_rate=D(120))
    (line,) = close(closed.store, "2026-01", actor=FEBRUARY).lines

    assert line[Flow.CLOSING].amount == D(360)
    assert wip(closed.store, today=MARCH.today, as_of=UNTIL)[0].amount == D(360)
    assert closed.problems() == ()
