"""The roll-forward: how WIP came from the opening to the closing figure of a month."""

from typing import Any

import pytest

from tests.builders import ANN, D, Shop, day, on
from timix_xl.billing.close import close
from timix_xl.billing.credit import credit, credit_money
from timix_xl.billing.decide import Choice, decide
from timix_xl.billing.draft import save_draft
from timix_xl.billing.plan import RunOptions
from timix_xl.billing.restore import restore
from timix_xl.billing.roll_forward import MonthRolled, Tie, month_rolled, roll_forward
from timix_xl.billing.send import send
from timix_xl.billing.void import void
from timix_xl.billing.wip import wip
from timix_xl.domain.entries import Decision
from timix_xl.domain.grouping import GroupBy
from timix_xl.domain.invoices import Becomes
from timix_xl.domain.wip import RollForward, Work
from timix_xl.errors import BadArgument

TODAY = day("2026-03-05")
FIRST = "INV-2026-00001"


def line(shop: Shop, month: str = "2026-01") -> RollForward:
    (only,) = roll_forward(shop.store, month, today=TODAY)
    return only


def flows(shop: Shop, month: str = "2026-01") -> dict[str, str]:
    """Return the flows that are not zero, as hours and money; they add up."""
    rolled = line(shop, month)
    assert rolled.difference == Work()
    return {
        flow.value: f"{work.hours.normalize():f} h {work.amount}"
        for flow, work in rolled.flows.items()
    }


def rolled(shop: Shop, month: str = "2026-01") -> MonthRolled:
    return month_rolled(shop.store, month, today=TODAY)


def tie(shop: Shop, month: str = "2026-01") -> Tie:
    (only,) = rolled(shop, month).ties
    assert only.holds
    return only


def write_off(shop: Shop, *ids: str, **more: Any) -> None:
    decide(shop.store, "ACME", dict.fromkeys(ids, Choice(Decision.WRITE_OFF, "so")), actor=ANN)
    shop.issue(**more)


def reprice(shop: Shop, rate: str) -> None:
    shop.change("customers", {"code": "ACME"}, bill_rate=D(rate))


def test_approved_work_that_stays_is_the_closing_figure(shop: Shop) -> None:
    shop.time("E1", hours="2")

    assert flows(shop) == {"approved": "2 h 200.00", "closing": "2 h 200.00"}


def test_billed_work_comes_in_and_goes_out(shop: Shop) -> None:
    shop.time("E1", hours="2")
    shop.issue()

    assert flows(shop) == {"approved": "2 h 200.00", "billed": "2 h 200.00"}


def test_material_has_money_and_no_hours(shop: Shop) -> None:
    shop.material("M1", units="3", bill_rate=D("49.90"))

    assert flows(shop) == {"approved": "0 h 149.70", "closing": "0 h 149.70"}


def test_billed_material_has_no_hours_either(shop: Shop) -> None:
    shop.material("M1", units="3", bill_rate=D("49.90"))
    shop.issue()

    assert flows(shop) == {"approved": "0 h 149.70", "billed": "0 h 149.70"}


def test_a_month_opens_with_what_the_month_before_left(shop: Shop) -> None:
    shop.time("E1", hours="2")

    assert flows(shop, "2026-02") == {"opening": "2 h 200.00", "closing": "2 h 200.00"}


def test_work_billed_on_a_later_date_leaves_in_the_later_month(shop: Shop) -> None:
    shop.time("E1", hours="2")
    shop.issue(issue_date=day("2026-02-03"))

    assert flows(shop) == {"approved": "2 h 200.00", "closing": "2 h 200.00"}
    assert flows(shop, "2026-02") == {"opening": "2 h 200.00", "billed": "2 h 200.00"}


def test_work_that_was_written_off_leaves_on_the_issue_date_of_its_run(shop: Shop) -> None:
    shop.time("E1", "E2", hours="2")
    write_off(shop, "E1", issue_date=day("2026-02-03"))

    assert flows(shop, "2026-02") == {
        "opening": "4 h 400.00",
        "billed": "2 h 200.00",
        "written_off": "2 h 200.00",
    }


def test_a_voided_invoice_is_billed_in_its_month_and_returned_in_that_of_the_void(
    shop: Shop,
) -> None:
    shop.time("E1", hours="2")
    shop.issue()
    void(shop.store, FIRST, "wrong", actor=on("2026-02-05"))

    assert flows(shop) == {"approved": "2 h 200.00", "billed": "2 h 200.00"}
    assert flows(shop, "2026-02") == {"returned": "2 h 200.00", "closing": "2 h 200.00"}
    assert tie(shop).invoiced == D("200.00")


def test_a_void_by_credit_note_returns_its_entries_once(shop: Shop) -> None:
    shop.time("E1", hours="2")
    shop.issue()
    send(shop.store, FIRST, actor=ANN)
    void(shop.store, FIRST, "wrong", actor=on("2026-02-05"))

    assert flows(shop, "2026-02") == {"returned": "2 h 200.00", "closing": "2 h 200.00"}
    assert tie(shop, "2026-02").credited == D("-200.00")


def test_a_credited_entry_that_is_written_off_comes_back_and_goes_on_the_same_day(
    shop: Shop,
) -> None:
    shop.time("E1", "E2", hours="2")
    shop.issue()
    fates = {"E1": Becomes.WRITE_OFF, "E2": Becomes.BILL}
    credit(shop.store, FIRST, becomes=fates, reason="agreed", actor=on("2026-02-05"))

    assert flows(shop, "2026-02") == {
        "returned": "4 h 400.00",
        "written_off": "2 h 200.00",
        "closing": "2 h 200.00",
    }


def test_goodwill_never_touches_wip(shop: Shop) -> None:
    shop.time("E1", hours="2")
    shop.issue()
    credit_money(shop.store, FIRST, 1, D("50"), "late", actor=on("2026-02-05"))

    assert rolled(shop, "2026-02").lines == ()
    assert (tie(shop, "2026-02").credited, tie(shop, "2026-02").goodwill) == (D(-50), D(50))


def test_after_goodwill_the_rest_returns_the_whole_entry(shop: Shop) -> None:
    shop.time("E1", hours="2")
    shop.issue()
    credit_money(shop.store, FIRST, 1, D("50"), "late", actor=on("2026-02-05"))
    credit(shop.store, FIRST, becomes=Becomes.BILL, reason="all", actor=on("2026-02-06"))

    assert flows(shop, "2026-02") == {"returned": "2 h 200.00", "closing": "2 h 200.00"}
    assert tie(shop, "2026-02").credited == D("-200.00")


def test_a_restored_entry_returns_at_what_it_was_written_off_for(shop: Shop) -> None:
    shop.time("E1", hours="2")
    write_off(shop, "E1")
    reprice(shop, "110")
    restore(shop.store, ["E1"], "found the order", actor=on("2026-02-05"))

    assert flows(shop, "2026-02") == {
        "returned": "2 h 200.00",
        "repriced": "0 h 20.00",
        "closing": "2 h 220.00",
    }


def test_what_grouping_adds_is_rounding_and_billed_ties_to_the_register(shop: Shop) -> None:
    shop.time("E1", "E2", "E3", hours="0.3333", bill_rate=D("95.55"))
    shop.issue(group_by=GroupBy.TASK)

    assert flows(shop) == {
        "approved": "0.9999 h 95.55",
        "rounding": "0 h -0.01",
        "billed": "0.9999 h 95.54",
    }
    assert (tie(shop).invoiced, tie(shop).billed) == (D("95.54"), D("95.54"))


def test_the_rounding_of_credited_work_is_told_beside_it(shop: Shop) -> None:
    shop.time("E1", "E2", "E3", hours="0.3333", bill_rate=D("95.55"))
    shop.issue(group_by=GroupBy.TASK)
    credit(shop.store, FIRST, becomes=Becomes.BILL, reason="all", actor=on("2026-02-05"))

    assert flows(shop, "2026-02") == {"returned": "0.9999 h 95.55", "closing": "0.9999 h 95.55"}
    found = tie(shop, "2026-02")
    assert (found.credited, found.returned, found.rounding) == (D("-95.54"), D("95.55"), D("-0.01"))


def test_a_split_gives_its_difference_to_rounding(shop: Shop) -> None:
    shop.time("E1", hours="1", bill_rate=D("0.01"))
    half = Choice(Decision.BILL, bill_quantity=D("0.5"))
    decide(shop.store, "ACME", {"E1": half}, actor=ANN)
    shop.issue()

    assert flows(shop) == {
        "approved": "1 h 0.01",
        "rounding": "0 h 0.01",
        "billed": "0.5 h 0.01",
        "closing": "0.5 h 0.01",
    }


def test_the_rest_of_a_split_may_be_written_off(shop: Shop) -> None:
    shop.time("E1", hours="8")
    part = Choice(Decision.BILL, "agreed", bill_quantity=D("5"), rest=Decision.WRITE_OFF)
    decide(shop.store, "ACME", {"E1": part}, actor=ANN)
    shop.issue()

    assert flows(shop) == {
        "approved": "8 h 800.00",
        "billed": "5 h 500.00",
        "written_off": "3 h 300.00",
    }


JANUARY = on("2026-01-30")


def draft_a_half(shop: Shop, entry: str, upto: str) -> None:
    """Keep a draft dated ahead that bills an hour of an entry."""
    decide(shop.store, "ACME", {entry: Choice(Decision.BILL, bill_quantity=D(1))}, actor=JANUARY)
    save_draft(shop.store, "ACME", day(upto), RunOptions(), actor=JANUARY)


def test_a_split_is_dated_when_its_first_part_goes_though_its_draft_is_dated_ahead(
    shop: Shop,
) -> None:
    shop.time("E1", hours="2")
    draft_a_half(shop, "E1", "2026-02-28")
    shop.issue(actor=JANUARY)

    assert flows(shop) == {
        "approved": "2 h 200.00",
        "billed": "1 h 100.00",
        "closing": "1 h 100.00",
    }
    january = wip(shop.store, today=TODAY, as_of=day("2026-01-31"))
    assert [(one.entry, one.hours) for one in january] == [("E1/1", D(1))]


def test_a_part_that_is_split_again_pulls_the_first_split_along(shop: Shop) -> None:
    shop.time("E1", hours="3")
    draft_a_half(shop, "E1", "2026-03-31")
    draft_a_half(shop, "E1/2", "2026-02-28")
    shop.issue(actor=JANUARY)

    assert flows(shop) == {
        "approved": "3 h 300.00",
        "billed": "1 h 100.00",
        "closing": "2 h 200.00",
    }


def test_billed_hours_are_those_of_the_line_whatever_the_entry_has_become(shop: Shop) -> None:
    shop.time("E1", hours="2")
    shop.issue()
    void(shop.store, FIRST, "wrong", actor=on("2026-02-05"))
    shop.change("entries", {"id": "E1"}, kind="material", unit="pcs")

    assert flows(shop) == {"approved": "2 h 200.00", "billed": "2 h 200.00"}


def test_an_entry_lost_twice_comes_back_each_time_at_what_it_was_lost_for(shop: Shop) -> None:
    shop.time("E1", hours="2")
    for rate, month in (("100", "2026-01"), ("110", "2026-02")):
        reprice(shop, rate)
        write_off(shop, "E1", issue_date=day(f"{month}-25"))
        restore(shop.store, ["E1"], "after all", actor=on(f"{month}-26"))

    assert flows(shop) == {
        "approved": "2 h 200.00",
        "returned": "2 h 200.00",
        "repriced": "0 h 20.00",
        "written_off": "2 h 200.00",
        "closing": "2 h 220.00",
    }


def test_another_price_is_told_entry_by_entry(shop: Shop) -> None:
    shop.time("E1", "E2", hours="2")
    close(shop.store, "2026-01", actor=on("2026-02-02"))
    reprice(shop, "120")
    shop.time("E3", on="2026-02-10")
    decide(shop.store, "ACME", {"E2": Choice(Decision.DEFER)}, actor=ANN)
    shop.issue(issue_date=day("2026-02-12"))

    assert flows(shop, "2026-02") == {
        "opening": "4 h 400.00",
        "approved": "1 h 120.00",
        "repriced": "0 h 80.00",
        "billed": "2 h 240.00",
        "closing": "3 h 360.00",
    }


def test_work_of_a_project_that_turned_fixed_is_repriced_to_nothing(shop: Shop) -> None:
    shop.time("E1", hours="2")
    close(shop.store, "2026-01", actor=on("2026-02-02"))
    shop.change("projects", {"code": "P"}, billing_type="fixed")

    assert flows(shop, "2026-02") == {"opening": "2 h 200.00", "repriced": "-2 h -200.00"}


def test_an_entry_that_was_billed_voided_billed_and_credited_adds_up(shop: Shop) -> None:
    shop.time("E1", hours="2")
    upto = day("2026-02-28")
    shop.issue(upto=upto, issue_date=day("2026-02-03"))
    void(shop.store, FIRST, "wrong", actor=on("2026-02-04"))
    reprice(shop, "110")
    shop.issue(upto=upto, issue_date=day("2026-02-05"))
    credit(
        shop.store, "INV-2026-00002", becomes=Becomes.WRITE_OFF, reason="x", actor=on("2026-02-06")
    )
    restore(shop.store, ["E1"], "after all", actor=on("2026-02-07"))
    reprice(shop, "120")

    assert flows(shop, "2026-02") == {
        "opening": "2 h 200.00",
        "returned": "6 h 640.00",
        "repriced": "0 h 40.00",
        "billed": "4 h 420.00",
        "written_off": "2 h 220.00",
        "closing": "2 h 240.00",
    }


def test_every_customer_has_a_line_in_its_currency(shop: Shop) -> None:
    shop.customer("BETA", currency="GBP")
    shop.time("E1")
    shop.time("B1", project="P-BETA", currency="GBP")

    rows = rolled(shop).lines
    assert [(one.customer, one.currency) for one in rows] == [("ACME", "EUR"), ("BETA", "GBP")]


@pytest.mark.parametrize("month", ["2026-13", "26-1", "2026-1", "January", "", "2026-00"])
def test_what_is_no_month_is_refused(shop: Shop, month: str) -> None:
    with pytest.raises(BadArgument):
        rolled(shop, month)


def test_a_month_that_has_not_begun_is_refused(shop: Shop) -> None:
    with pytest.raises(BadArgument, match="a month that has begun"):
        rolled(shop, "2026-04")
