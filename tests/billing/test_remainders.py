"""What an invoice holds back: a remainder of its own, billed later at face value, or taken back."""

import pytest

from tests.billing.negotiators import (
    HELD,
    WRITTEN_OFF,
    by_pro_forma,
    invoiced,
    paper,
    released,
    run,
    shown,
    state,
    typed,
)
from tests.builders import ANN, D, Shop, day, on
from timix_xl.billing.credit import credit, credit_money, stays_written_off
from timix_xl.billing.decide import Choice, decide
from timix_xl.billing.restore import restore
from timix_xl.billing.send import send
from timix_xl.billing.void import void
from timix_xl.domain.entries import Decision, Kind
from timix_xl.domain.invoices import Becomes, LineStatus
from timix_xl.domain.pro_formas import ProFormaState
from timix_xl.errors import (
    HeldBackTogether,
    NotWrittenOff,
    RemainderSettled,
    RestoredBesideRemainder,
    WrittenOffByProForma,
)

FIRST, SECOND = "INV-2026-00001", "INV-2026-00002"
REMAINDER = f"R:{FIRST}:1"
REVERSAL = f"{REMAINDER}:x"
MARCH = on("2026-03-02")


@pytest.fixture
def held(shop: Shop) -> Shop:
    """Two hours of 200.00, of which an invoice of January billed 120.00."""
    by_pro_forma(shop)
    shop.time("E1", hours="2")
    invoiced(shop, amount=D(120))
    return shop


def february(shop: Shop, **facts: object) -> str:
    return invoiced(shop, "2026-02-28", MARCH, **facts)


def facts_of(shop: Shop, entry: str, *names: str) -> tuple[object, ...]:
    row: tuple[object, ...] = shop.rows(
        f"SELECT {', '.join(names)} FROM entries WHERE id = '{entry}'"
    )[0]
    return row


# A remainder comes.


def test_what_is_held_back_becomes_an_entry_when_the_invoice_is_issued(held: Shop) -> None:
    names = ("kind", "project", "task", "person", "account_group", "unit", "quantity")
    wanted = ("remainder", "P", "T", "ann", "LABOR", "h", 0)
    assert facts_of(held, REMAINDER, *names) == wanted
    assert held.problems() == ()


def test_a_remainder_has_the_amount_and_the_tax_of_its_line(held: Shop) -> None:
    names = ("face_amount", "tax_code", "tax_percent", "currency", "billable")
    assert facts_of(held, REMAINDER, *names) == (8000, "S19", 190000, "EUR", 1)


def test_a_remainder_is_dated_as_the_invoice_and_covered_by_the_work(held: Shop) -> None:
    names = ("date", "wip_from", "approved_on", "covered_on", "status")
    dated = ("2026-01-31", "2026-01-31", "2026-01-31", "2026-01-05", "approved")
    assert facts_of(held, REMAINDER, *names) == dated


def test_the_audit_log_tells_of_a_remainder(held: Shop) -> None:
    query = f"SELECT action, after FROM audit_log WHERE object = 'entry {REMAINDER}'"
    assert held.rows(query) == [("hold remainder", f'{{"amount":"80.00","held_by":"{FIRST}"}}')]


def test_a_line_over_several_people_leaves_the_person_of_its_remainder_open(shop: Shop) -> None:
    by_pro_forma(shop)
    shop.add("billing_rules", code="R", name="")
    shop.add(
        "rule_steps",
        rule="R",
        step=1,
        account_group="LABOR",
        description="",
        active=True,
        rate_type=None,
        no_rate="one",
        quantity="=[Entry.BillableQty]",
        amount="=[Entry.BillableQty]*100",
        line_description="='Work'",
        invoice_description="",
        include_non_billable=False,
        create_zero_lines=True,
        aggregate_by="item",
        invoice_group="",
    )
    shop.change("projects", {"code": "P"}, billing_rule="R")
    shop.time("E1", on="2026-01-05")
    shop.time("E2", on="2026-01-09", person="ben")

    invoiced(shop, amount=D(50))

    assert facts_of(shop, REMAINDER, "person", "covered_on") == (None, "2026-01-09")
    assert facts_of(shop, REMAINDER, "face_amount", "description") == (
        15000,
        "Work (remainder of INV-2026-00001)",
    )


def test_what_is_written_off_leaves_no_remainder(shop: Shop) -> None:
    by_pro_forma(shop)
    shop.time("E1", hours="2")

    invoiced(shop, amount=D(120), status=WRITTEN_OFF)

    assert shop.value("SELECT COUNT(*) FROM entries WHERE kind = 'remainder'") == 0
    assert shop.problems() == ()


def test_a_draft_holds_nothing_back_before_it_is_issued(shop: Shop) -> None:
    by_pro_forma(shop)
    shop.time("E1", hours="2")
    number = run(shop)
    typed(shop, number, amount=D(120))

    released(shop, number, issue=False)

    assert shop.value("SELECT COUNT(*) FROM entries WHERE kind = 'remainder'") == 0


# It is billed.


def test_a_remainder_is_billed_at_face_value_next_month(held: Shop) -> None:
    held.time("E2", on="2026-02-03")

    second = paper(held, february(held))

    assert {billed.entry: billed.amount for billed in second.billed} == {"E2": 100, REMAINDER: 80}
    assert second.total == D("214.20")
    assert held.problems() == ()


def test_a_reversal_stands_beside_a_billed_remainder(held: Shop) -> None:
    february(held)

    names = ("kind", "face_amount", "billable", "state", "date", "wip_from")
    wanted = ("reversal", -8000, 0, "open", "2026-02-28", None)
    assert facts_of(held, REVERSAL, *names) == wanted
    assert held.problems() == ()


def test_a_remainder_bills_no_hours(held: Shop) -> None:
    second = paper(held, february(held))

    assert [(line.kind, line.quantity) for line in second.lines] == [(Kind.REMAINDER, 0)]
    assert second.hours == 0


def test_a_reversal_is_never_loaded(held: Shop) -> None:
    february(held)
    held.time("E3", on="2026-03-03")

    third = paper(held, invoiced(held, "2026-03-31", on("2026-04-01")))

    assert [billed.entry for billed in third.billed] == ["E3"]


def test_a_remainder_can_be_held_back_in_part_again(held: Shop) -> None:
    second = february(held, amount=D(30))

    again = f"R:{second}:1"
    assert facts_of(held, again, "face_amount", "covered_on") == (5000, "2026-01-05")
    assert facts_of(held, REVERSAL, "face_amount", "state") == (-8000, "open")
    assert held.problems() == ()


def test_a_remainder_of_a_wizard_run_is_reversed_as_well(held: Shop) -> None:
    held.change("projects", {"code": "P"}, pro_forma=False)

    held.issue(upto=day("2026-02-28"), actor=MARCH)

    assert facts_of(held, REVERSAL, "state", "date") == ("open", "2026-02-28")
    assert held.problems() == ()


# Voids.


def test_a_void_cancels_an_unbilled_remainder(held: Shop) -> None:
    void(held.store, FIRST, "wrong", actor=ANN)

    assert state(held, REMAINDER) == "cancelled"
    assert held.problems() == ()


def test_a_void_of_a_sent_invoice_cancels_its_remainder_too(held: Shop) -> None:
    send(held.store, FIRST, actor=ANN)

    void(held.store, FIRST, "wrong", actor=ANN)

    assert state(held, REMAINDER) == "cancelled"
    assert held.problems() == ()


def test_a_cancelled_remainder_is_not_billed(held: Shop) -> None:
    void(held.store, FIRST, "wrong", actor=ANN)
    held.time("E2", on="2026-02-03")

    assert [one.entry for one in paper(held, february(held)).billed] == ["E2"]


def test_a_void_is_refused_once_the_remainder_was_billed(held: Shop) -> None:
    second = february(held)

    with pytest.raises(RemainderSettled, match=f"remainder {REMAINDER} .* is billed on {second}"):
        void(held.store, FIRST, "wrong", actor=MARCH)


def test_a_void_of_a_sent_invoice_is_refused_once_its_remainder_was_billed(held: Shop) -> None:
    send(held.store, FIRST, actor=ANN)
    february(held)

    with pytest.raises(RemainderSettled, match=f"{FIRST} cannot be voided"):
        void(held.store, FIRST, "wrong", actor=MARCH)


def test_a_void_is_refused_while_a_pro_forma_has_the_remainder(held: Shop) -> None:
    number = run(held, "2026-02-28", MARCH)

    with pytest.raises(RemainderSettled, match=f"is on {number}"):
        void(held.store, FIRST, "wrong", actor=MARCH)


def test_a_void_is_refused_once_the_remainder_was_written_off(held: Shop) -> None:
    held.change("projects", {"code": "P"}, pro_forma=False)
    written_off = {REMAINDER: Choice(Decision.WRITE_OFF, "goodwill")}
    decide(held.store, "ACME", written_off, actor=ANN)
    held.issue()

    with pytest.raises(RemainderSettled, match="was written off"):
        void(held.store, FIRST, "wrong", actor=ANN)


def test_a_void_makes_a_remainder_that_the_invoice_billed_unbilled_again(held: Shop) -> None:
    void(held.store, february(held), "wrong", actor=MARCH)

    assert state(held, REMAINDER) == "PF-00002"
    assert state(held, REVERSAL) == "cancelled"
    assert held.problems() == ()


def test_a_void_of_a_wizard_invoice_gives_its_remainder_back_too(held: Shop) -> None:
    held.change("projects", {"code": "P"}, pro_forma=False)
    held.issue(upto=day("2026-02-28"), actor=MARCH)

    void(held.store, SECOND, "wrong", actor=MARCH)

    assert (state(held, REMAINDER), state(held, REVERSAL)) == ("open", "cancelled")
    assert held.problems() == ()


def test_a_reversal_is_opened_again_when_its_remainder_is_billed_again(held: Shop) -> None:
    void(held.store, february(held), "wrong", actor=MARCH)
    released(held, "PF-00002", on("2026-03-05"), issue_date=day("2026-03-05"))

    assert facts_of(held, REVERSAL, "state", "date") == ("open", "2026-03-05")
    assert held.problems() == ()


# Credit notes.


@pytest.fixture
def shared(shop: Shop) -> Shop:
    """An invoice whose first line is over two entries: 80.00 of 200.00 are held back."""
    test_a_line_over_several_people_leaves_the_person_of_its_remainder_open(shop)
    void(shop.store, FIRST, "again", actor=ANN)
    typed(shop, "PF-00001", amount=D(120))
    released(shop, "PF-00001")
    return shop


def test_a_credit_of_the_whole_line_cancels_its_remainder(held: Shop) -> None:
    credit(held.store, FIRST, becomes=Becomes.BILL, reason="wrong", lines=[1], actor=ANN)

    assert (state(held, "E1"), state(held, REMAINDER)) == ("open", "cancelled")
    assert held.problems() == ()


def test_a_credit_of_the_whole_line_is_refused_once_its_remainder_was_billed(held: Shop) -> None:
    february(held)

    with pytest.raises(RemainderSettled, match=f"{FIRST} cannot be credited"):
        credit(held.store, FIRST, becomes=Becomes.BILL, reason="wrong", actor=MARCH)


def test_a_credit_of_some_entries_of_a_held_line_is_refused_if_they_are_billed_again(
    shared: Shop,
) -> None:
    with pytest.raises(HeldBackTogether, match="E1 of INV-2026-00002 cannot become billable"):
        credit(
            shared.store, SECOND, becomes=Becomes.BILL, reason="wrong", entries=["E1"], actor=ANN
        )


def test_a_credit_of_some_entries_of_a_held_line_may_write_them_off(shared: Shop) -> None:
    credit(
        shared.store, SECOND, becomes=Becomes.WRITE_OFF, reason="wrong", entries=["E1"], actor=ANN
    )

    assert (state(shared, "E1"), state(shared, f"R:{SECOND}:1")) == ("written_off", "open")
    assert shared.problems() == ()


def test_the_rest_of_a_line_that_becomes_billable_takes_the_remainder_with_it(
    shared: Shop,
) -> None:
    credit(
        shared.store, SECOND, becomes=Becomes.WRITE_OFF, reason="wrong", entries=["E1"], actor=ANN
    )
    credit(shared.store, SECOND, becomes=Becomes.BILL, reason="wrong", entries=["E2"], actor=ANN)

    assert (state(shared, "E2"), state(shared, f"R:{SECOND}:1")) == ("open", "cancelled")
    assert shared.problems() == ()


def test_an_entry_written_off_beside_its_remainder_is_not_restored(held: Shop) -> None:
    credit(held.store, FIRST, becomes=Becomes.WRITE_OFF, reason="wrong", actor=ANN)

    with pytest.raises(RestoredBesideRemainder):
        restore(held.store, ["E1"], "after all", actor=ANN)


def test_a_credited_remainder_can_be_billed_again_without_its_reversal(held: Shop) -> None:
    second = february(held)
    credit(held.store, second, becomes=Becomes.BILL, reason="wrong", actor=MARCH)

    assert (state(held, REMAINDER), state(held, REVERSAL)) == ("open", "cancelled")
    assert held.problems() == ()


def test_goodwill_leaves_a_remainder_alone(held: Shop) -> None:
    credit_money(held.store, FIRST, 1, D(20), "sorry", actor=ANN)

    assert state(held, REMAINDER) == "open"
    assert held.problems() == ()


def test_an_entry_of_a_line_written_off_in_part_comes_back_whole(shop: Shop) -> None:
    by_pro_forma(shop)
    shop.time("E1", hours="2")
    invoiced(shop, amount=D(120), status=WRITTEN_OFF)
    credit(shop.store, FIRST, becomes=Becomes.BILL, reason="wrong", actor=ANN)

    again = shown(shop, run(shop, "2026-02-28", MARCH)).document

    assert [(one.entry, one.amount) for one in again.billed] == [("E1", 200)]
    assert shop.problems() == ()


# Lines that are not printed.


def test_a_line_that_is_held_back_whole_settles_its_entry_and_is_not_printed(shop: Shop) -> None:
    by_pro_forma(shop)
    shop.time("E1", hours="2")
    shop.time("E2", on="2026-01-06")

    document = paper(shop, invoiced(shop, amount=D(0), quantity=D(0), status=HELD))

    assert [line.entries for line in document.printed_lines] == [("E2",)]
    assert [(line.line, line.printed) for line in document.lines] == [(1, True), (2, False)]
    assert (state(shop, "E1"), state(shop, f"R:{FIRST}:2")) == (FIRST, "open")
    assert shop.problems() == ()


def test_a_line_that_is_written_off_whole_is_not_printed_either(shop: Shop) -> None:
    by_pro_forma(shop)
    shop.time("E1", "E2", hours="2")

    document = paper(shop, invoiced(shop, status=LineStatus.WRITE_OFF))

    assert [line.entries for line in document.printed_lines] == [("E2",)]
    assert shop.problems() == ()


def test_a_note_about_lines_that_were_not_printed_prints_them(shop: Shop) -> None:
    by_pro_forma(shop)
    shop.time("E1", "E2", hours="2")
    invoiced(shop, status=LineStatus.WRITE_OFF)

    note = credit(shop.store, FIRST, becomes=Becomes.BILL, reason="after all", lines=[2], actor=ANN)

    assert [(line.printed, line.amount) for line in note.lines] == [(True, 0)]
    assert state(shop, "E1") == "open"
    assert shop.problems() == ()


def test_a_voided_hold_is_on_the_pro_forma_as_it_was_agreed(held: Shop) -> None:
    void(held.store, FIRST, "wrong", actor=ANN)

    one = shown(held, "PF-00001")
    (line,) = one.document.lines
    assert (one.state, one.put_back) == (ProFormaState.ON_HOLD, True)
    assert (line.amount, line.held, line.status) == (120, 80, HELD)


def test_what_was_written_off_whole_stays_so_when_all_is_billed_again(shop: Shop) -> None:
    by_pro_forma(shop)
    shop.time("E1", "E2", hours="2")
    invoiced(shop, status=LineStatus.WRITE_OFF)

    note = credit(shop.store, FIRST, becomes=Becomes.BILL, reason="wrong", actor=ANN)

    assert (state(shop, "E1"), state(shop, "E2")) == ("written_off", "open")
    assert [one.message for one in stays_written_off(note, Becomes.BILL)] == [
        "What a pro forma wrote off stays written off: E1."
    ]
    assert shop.problems() == ()


def test_what_was_written_off_whole_is_billed_again_if_it_is_named(shop: Shop) -> None:
    by_pro_forma(shop)
    shop.time("E1", "E2", hours="2")
    invoiced(shop, status=LineStatus.WRITE_OFF)

    note = credit(shop.store, FIRST, becomes=Becomes.BILL, reason="x", entries=["E1"], actor=ANN)

    assert state(shop, "E1") == "open"
    assert stays_written_off(note, Becomes.BILL) == []
    assert shop.problems() == ()


def test_a_restore_says_that_a_pro_forma_wrote_it_off(shop: Shop) -> None:
    by_pro_forma(shop)
    shop.time("E1", "E2", hours="2")
    invoiced(shop, status=LineStatus.WRITE_OFF)

    with pytest.raises(WrittenOffByProForma, match=f"PF-00001 wrote off on {FIRST}.*: E1"):
        restore(shop.store, ["E1"], "after all", actor=ANN)
    with pytest.raises(NotWrittenOff, match=r"E1 \(billed on .*\), E2 \(billed"):
        restore(shop.store, ["E1", "E2"], "after all", actor=ANN)
