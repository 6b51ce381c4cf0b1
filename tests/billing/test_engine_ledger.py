"""The ledger around pro formas: WIP, roll-forward and ties with held, raised, added, remainders."""

import pytest

from tests.billing.engine import ruled
from tests.billing.negotiators import (
    HELD,
    WRITTEN_OFF,
    by_pro_forma,
    invoiced,
    opened,
    released,
    run,
    typed,
)
from tests.builders import D, Shop, day, on
from timix_xl.billing.close import close
from timix_xl.billing.correct_pro_forma import correct_pro_forma
from timix_xl.billing.credit import credit
from timix_xl.billing.month_end import month_end
from timix_xl.billing.pro_forma import delete
from timix_xl.billing.pro_forma_edit import add_line
from timix_xl.billing.release import release
from timix_xl.billing.restore import restore
from timix_xl.billing.roll_forward import Tie, month_rolled, roll_forward
from timix_xl.billing.send import send
from timix_xl.billing.void import void
from timix_xl.billing.wip import wip
from timix_xl.domain.invoices import Becomes, LineStatus
from timix_xl.domain.manual_lines import NewLine
from timix_xl.domain.wip import Work

TODAY = day("2026-03-05")
FEBRUARY = on("2026-02-10")


def flows(shop: Shop, month: str = "2026-01") -> dict[str, str]:
    """Return the flows that are not zero, as hours and money; they add up, and tie."""
    rolled = month_rolled(shop.store, month, today=TODAY)
    assert all(tie.holds for tie in rolled.ties)
    (line,) = rolled.lines
    assert line.difference == Work()
    return {
        flow.value: f"{work.hours.normalize():f} h {work.amount}"
        for flow, work in line.flows.items()
    }


def tie(shop: Shop, month: str = "2026-01") -> Tie:
    (only,) = month_rolled(shop.store, month, today=TODAY).ties
    assert only.holds
    return only


def manual(amount: str, quantity: str = "1") -> NewLine:
    return NewLine(task="T", description="By hand", quantity=D(quantity), amount=D(amount))


@pytest.fixture
def pro_shop(shop: Shop) -> Shop:
    """A shop with eight hours of January at 100, in a project that is billed by pro forma."""
    shop.time("E1", hours="8")
    return by_pro_forma(shop)


def test_work_on_a_pro_forma_is_wip_and_says_which(pro_shop: Shop) -> None:
    number = run(pro_shop)

    (one,) = wip(pro_shop.store, today=TODAY)
    assert (one.on, one.hours, one.amount) == (number, D(8), D("800.00"))


def test_work_on_a_draft_made_from_a_pro_forma_is_wip_and_says_which(pro_shop: Shop) -> None:
    made = released(pro_shop, run(pro_shop), issue=False)

    (one,) = wip(pro_shop.store, today=TODAY)
    assert one.on == made.document


def test_a_typed_amount_bills_less_and_holds_the_rest_which_comes_in_again(pro_shop: Shop) -> None:
    invoiced(pro_shop, amount=D(500))

    assert flows(pro_shop) == {
        "approved": "8 h 1100.00",
        "billed": "8 h 500.00",
        "held": "0 h 300.00",
        "closing": "0 h 300.00",
    }
    assert pro_shop.problems() == ()


def test_hours_that_are_not_printed_are_held_with_the_money(pro_shop: Shop) -> None:
    invoiced(pro_shop, quantity=D(5))

    assert flows(pro_shop) == {
        "approved": "8 h 1100.00",
        "billed": "5 h 500.00",
        "held": "3 h 300.00",
        "closing": "0 h 300.00",
    }


def test_a_written_off_remainder_leaves_for_good(pro_shop: Shop) -> None:
    invoiced(pro_shop, quantity=D(5), status=WRITTEN_OFF)

    assert flows(pro_shop) == {
        "approved": "8 h 800.00",
        "written_off": "3 h 300.00",
        "billed": "5 h 500.00",
    }
    assert pro_shop.problems() == ()


def test_a_line_that_is_written_off_whole_is_not_printed_and_leaves_wip(pro_shop: Shop) -> None:
    pro_shop.time("E2", hours="1", on="2026-01-06")
    number = run(pro_shop)
    typed(pro_shop, number, line=1, status=LineStatus.WRITE_OFF)
    released(pro_shop, number)

    assert flows(pro_shop) == {
        "approved": "9 h 900.00",
        "written_off": "8 h 800.00",
        "billed": "1 h 100.00",
    }
    assert pro_shop.problems() == ()


def test_what_is_raised_by_hand_comes_in_and_is_billed(pro_shop: Shop) -> None:
    invoiced(pro_shop, quantity=D(10))

    assert flows(pro_shop) == {
        "approved": "8 h 800.00",
        "raised": "2 h 200.00",
        "billed": "10 h 1000.00",
    }
    assert pro_shop.problems() == ()


def test_a_line_by_hand_is_added_and_billed(pro_shop: Shop) -> None:
    number = run(pro_shop)
    add_line(pro_shop.store, number, manual("50"), actor=on("2026-02-01"))
    released(pro_shop, number)

    found = flows(pro_shop)
    assert (found["added"][-5:], found["billed"][-6:]) == ("50.00", "850.00")
    assert pro_shop.problems() == ()


def test_a_line_shared_by_two_entries_rolls_forward_to_the_cent(shop: Shop) -> None:
    by_pro_forma(shop)
    shop.time("E1", "E2", "E3", hours="0.3333", bill_rate=D("95.55"))
    shop.time("E4", hours="-0.1", bill_rate=D("95.55"))
    number = run(shop)
    for line in (1, 2, 3, 4):
        amount = D("-9.00") if line == 4 else D("31.11")
        typed(shop, number, line=line, amount=amount, status=HELD)
    released(shop, number)

    assert flows(shop)["billed"] == "0.8999 h 84.33"
    assert shop.problems() == ()


def test_a_remainder_is_billed_at_face_value(pro_shop: Shop) -> None:
    invoiced(pro_shop, amount=D(500))
    invoiced(pro_shop, upto="2026-02-28")

    assert flows(pro_shop, "2026-02") == {"opening": "0 h 300.00", "billed": "0 h 300.00"}
    assert pro_shop.problems() == ()


def test_a_reversal_never_counts(pro_shop: Shop) -> None:
    invoiced(pro_shop, amount=D(500))
    invoiced(pro_shop, upto="2026-02-28")

    assert wip(pro_shop.store, today=TODAY) == []
    assert pro_shop.value("SELECT COUNT(*) FROM entries WHERE kind = 'reversal'") == 1


def test_a_void_brings_the_work_back_whole_in_place_of_its_remainder(pro_shop: Shop) -> None:
    number = invoiced(pro_shop, quantity=D(5))
    before = flows(pro_shop)
    void(pro_shop.store, number, "wrong", actor=FEBRUARY)

    assert flows(pro_shop, "2026-02") == {
        "opening": "0 h 300.00",
        "returned": "8 h 500.00",
        "closing": "8 h 800.00",
    }
    assert flows(pro_shop) == before
    assert pro_shop.problems() == ()


def test_a_closed_month_is_the_same_after_a_void(pro_shop: Shop) -> None:
    number = invoiced(pro_shop, quantity=D(5))
    close(pro_shop.store, "2026-01", actor=on("2026-02-02"))
    before = wip(pro_shop.store, today=TODAY, as_of=day("2026-01-31"))
    void(pro_shop.store, number, "wrong", actor=FEBRUARY)

    assert wip(pro_shop.store, today=TODAY, as_of=day("2026-01-31")) == before
    assert [one.entry for one in before] == [f"R:{number}:1"]
    assert pro_shop.problems() == ()


def test_a_void_and_a_second_release_of_the_same_month_roll_forward(pro_shop: Shop) -> None:
    number = run(pro_shop)
    typed(pro_shop, number, amount=D(500))
    first = released(pro_shop, number)
    void(pro_shop.store, first.document, "wrong", actor=FEBRUARY)
    released(pro_shop, number, actor=FEBRUARY, issue_date=day("2026-02-10"))

    assert flows(pro_shop, "2026-02") == {
        "opening": "0 h 300.00",
        "approved": "0 h 300.00",
        "returned": "8 h 500.00",
        "billed": "8 h 500.00",
        "held": "0 h 300.00",
        "closing": "0 h 300.00",
    }
    assert pro_shop.problems() == ()


def test_a_sent_invoice_is_voided_by_its_note_in_place_of_its_remainder(pro_shop: Shop) -> None:
    number = invoiced(pro_shop, amount=D(500))
    send(pro_shop.store, number, actor=FEBRUARY)
    void(pro_shop.store, number, "wrong", actor=FEBRUARY)

    assert flows(pro_shop, "2026-02")["returned"] == "8 h 500.00"
    found = tie(pro_shop, "2026-02")
    assert (found.credited, found.returned, found.left_out) == (D(-500), D(800), D(-300))
    assert pro_shop.problems() == ()


def test_a_credited_line_comes_back_whole_in_place_of_its_remainder(pro_shop: Shop) -> None:
    number = invoiced(pro_shop, amount=D(500))
    credit(pro_shop.store, number, becomes=Becomes.BILL, reason="no", actor=FEBRUARY)

    assert flows(pro_shop, "2026-02") == {
        "opening": "0 h 300.00",
        "returned": "8 h 500.00",
        "closing": "8 h 800.00",
    }
    assert pro_shop.problems() == ()


def test_a_credited_line_that_is_written_off_leaves_its_remainder_alone(pro_shop: Shop) -> None:
    number = invoiced(pro_shop, quantity=D(5))
    credit(pro_shop.store, number, becomes=Becomes.WRITE_OFF, reason="no", actor=FEBRUARY)

    assert flows(pro_shop, "2026-02") == {
        "opening": "0 h 300.00",
        "returned": "5 h 500.00",
        "written_off": "5 h 500.00",
        "closing": "0 h 300.00",
    }
    assert pro_shop.problems() == ()


def test_a_raised_line_comes_back_at_its_own_worth(pro_shop: Shop) -> None:
    number = invoiced(pro_shop, quantity=D(10))
    credit(pro_shop.store, number, becomes=Becomes.BILL, reason="no", actor=FEBRUARY)

    assert flows(pro_shop, "2026-02") == {"returned": "8 h 800.00", "closing": "8 h 800.00"}
    assert tie(pro_shop, "2026-02").left_out == D(200)
    assert pro_shop.problems() == ()


def test_a_credit_note_that_corrects_none_bills_below_zero(shop: Shop) -> None:
    shop.time("E1", hours="-2")
    by_pro_forma(shop)
    made = released(shop, run(shop), actor=FEBRUARY)

    assert made.document.startswith("CN-")
    assert flows(shop, "2026-02") == {"opening": "-2 h -200.00", "billed": "-2 h -200.00"}
    assert (tie(shop, "2026-02").released, tie(shop, "2026-02").credited) == (D(-200), D(0))
    assert shop.problems() == ()
    assert month_end(shop.store, "2026-02", today=TODAY).month == "2026-02"


def test_a_revision_credits_the_old_invoice_and_bills_anew(pro_shop: Shop) -> None:
    number = run(pro_shop)
    released(pro_shop, number)
    correct_pro_forma(pro_shop.store, number, "two hours too many", actor=FEBRUARY)
    typed(pro_shop, number, quantity=D(6), status=WRITTEN_OFF)
    assert pro_shop.problems() == ()
    opened(pro_shop, number)
    release(pro_shop.store, number, issue=True, actor=FEBRUARY)

    assert flows(pro_shop, "2026-02") == {
        "returned": "8 h 800.00",
        "billed": "6 h 600.00",
        "written_off": "2 h 200.00",
    }
    assert pro_shop.problems() == ()


def test_a_deleted_pro_forma_leaves_a_gap_that_verify_allows(pro_shop: Shop) -> None:
    delete(pro_shop.store, run(pro_shop), actor=FEBRUARY)
    run(pro_shop, upto="2026-02-28")

    assert pro_shop.problems() == ()


def test_a_pack_with_held_raised_and_added_ties(pro_shop: Shop) -> None:
    pro_shop.time("E2", hours="2", on="2026-01-06")
    number = run(pro_shop)
    add_line(pro_shop.store, number, manual("50"), actor=on("2026-02-01"))
    typed(pro_shop, number, line=1, quantity=D(5))
    typed(pro_shop, number, line=2, quantity=D(3))
    released(pro_shop, number)
    close(pro_shop.store, "2026-01", actor=on("2026-02-02"))

    pack = month_end(pro_shop.store, "2026-01", today=TODAY)
    assert all(one.holds for one in pack.ties)
    assert {flow.value for flow in pack.rolled[0].flows} >= {"added", "raised", "held"}


def test_a_void_writes_a_remainder_off_whose_work_was_written_off_before(pro_shop: Shop) -> None:
    pro_shop.time("E2", on="2026-01-06")
    number = invoiced(pro_shop, amount=D(500))
    lost = Becomes.WRITE_OFF
    credit(pro_shop.store, number, entries=["E1"], becomes=lost, reason="no", actor=FEBRUARY)
    void(pro_shop.store, number, "wrong", actor=FEBRUARY)

    assert flows(pro_shop, "2026-02") == {
        "opening": "0 h 300.00",
        "returned": "9 h 600.00",
        "written_off": "8 h 800.00",
        "closing": "1 h 100.00",
    }
    assert pro_shop.problems() == ()


def test_work_is_restored_whole_once_its_remainder_is_gone(pro_shop: Shop) -> None:
    pro_shop.time("E2", on="2026-01-06")
    number = invoiced(pro_shop, amount=D(500))
    lost = Becomes.WRITE_OFF
    credit(pro_shop.store, number, entries=["E1"], becomes=lost, reason="no", actor=FEBRUARY)
    void(pro_shop.store, number, "wrong", actor=FEBRUARY)
    restore(pro_shop.store, ["E1"], "found", actor=on("2026-02-11"))

    assert flows(pro_shop, "2026-02")["closing"] == "9 h 900.00"
    assert pro_shop.problems() == ()


def test_roll_forward_of_nobody_else_changes(pro_shop: Shop) -> None:
    pro_shop.customer("BETA")
    pro_shop.time("B1", project="P-BETA")
    number = run(pro_shop)
    add_line(pro_shop.store, number, manual("50"), actor=on("2026-02-01"))
    released(pro_shop, number)

    lines = {one.customer: one for one in roll_forward(pro_shop.store, "2026-01", today=TODAY)}
    assert {flow.value for flow in lines["BETA"].flows} == {"approved", "closing"}


def a_rule(shop: Shop, **step: object) -> None:
    """Let project P be billed at twice the hours and 60 each."""
    formulas = {"quantity": "=[Entry.BillableQty]*2", "amount": "=[Entry.BillableQty]*120"}
    ruled(shop, {**formulas, "include_non_billable": True, **step})


def test_work_that_a_rule_prices_has_the_hours_that_would_be_billed(pro_shop: Shop) -> None:
    a_rule(pro_shop)

    (one,) = wip(pro_shop.store, today=TODAY)
    assert (one.hours, one.amount) == (D(16), D("960.00"))


def test_work_that_a_rule_prices_is_billed_at_what_it_was_worth(pro_shop: Shop) -> None:
    a_rule(pro_shop)
    invoiced(pro_shop, quantity=D(10))

    assert flows(pro_shop) == {
        "approved": "16 h 1320.00",
        "billed": "10 h 600.00",
        "held": "6 h 360.00",
        "closing": "0 h 360.00",
    }
    assert pro_shop.problems() == ()


def test_information_on_an_invoice_never_was_work_in_progress(pro_shop: Shop) -> None:
    a_rule(pro_shop)
    pro_shop.time("N1", hours="3", billable=False)
    before = wip(pro_shop.store, today=TODAY)
    invoiced(pro_shop)

    assert [one.entry for one in before] == ["E1"]
    assert flows(pro_shop) == {"approved": "16 h 960.00", "billed": "16 h 960.00"}
    assert pro_shop.problems() == ()
    close(pro_shop.store, "2026-01", actor=on("2026-02-02"))


def test_information_comes_back_with_a_void_as_nothing(pro_shop: Shop) -> None:
    a_rule(pro_shop)
    pro_shop.time("N1", hours="3", billable=False)
    void(pro_shop.store, invoiced(pro_shop), "wrong", actor=FEBRUARY)

    assert flows(pro_shop, "2026-02") == {"returned": "16 h 960.00", "closing": "16 h 960.00"}
    assert pro_shop.problems() == ()


def test_an_invoice_of_the_wizard_that_a_rule_priced_verifies(shop: Shop) -> None:
    shop.time("E1", "E2", hours="0.3333")
    a_rule(shop, amount="=[Entry.BillableQty]*100/3")
    shop.issue()

    assert flows(shop)["billed"] == "1.3332 h 22.22"
    assert shop.problems() == ()


def test_information_that_is_raised_by_hand_is_billed_beside_the_work(pro_shop: Shop) -> None:
    a_rule(pro_shop)
    pro_shop.time("N1", hours="3", billable=False)
    number = run(pro_shop)
    typed(pro_shop, number, line=2, quantity=D(3), amount=D(30))
    void(pro_shop.store, released(pro_shop, number).document, "wrong", actor=FEBRUARY)

    assert flows(pro_shop) == {
        "approved": "16 h 960.00",
        "raised": "3 h 30.00",
        "billed": "19 h 990.00",
    }
    assert flows(pro_shop, "2026-02") == {"returned": "16 h 960.00", "closing": "16 h 960.00"}
    assert pro_shop.problems() == ()
