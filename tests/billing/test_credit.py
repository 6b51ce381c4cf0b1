"""Credit notes: by entry, by line, by amount; what becomes of entries, hours, money and tax."""

from typing import Any

import pytest

from tests.builders import ANN, BOB, D, Shop, day, on
from timix_xl.billing.credit import credit, credit_money
from timix_xl.billing.pay import pay, unpay
from timix_xl.billing.register import Standing, register
from timix_xl.billing.send import send
from timix_xl.billing.void import void
from timix_xl.billing.write_off import write_off_receivable
from timix_xl.domain.grouping import GroupBy
from timix_xl.domain.invoices import Becomes, Document, DocumentKind
from timix_xl.errors import (
    CreditAmountRefused,
    CreditUnbalanced,
    CreditWouldOverdraw,
    DateOutOfOrder,
    FateMissing,
    NothingToCredit,
    NotOnInvoice,
    PaidMustBeCredited,
    PeriodClosed,
    ReasonMissing,
    RequestReused,
    RunRefused,
    TransitionRefused,
    UnknownDocument,
    WrittenOffBefore,
)

pytestmark = pytest.mark.stores("sqlite", "postgresql")
FIRST, NOTE = "INV-2026-00001", "CN-2026-00001"
TODAY = day("2026-02-01")
BILL, WRITE_OFF = Becomes.BILL, Becomes.WRITE_OFF


@pytest.fixture
def issued(shop: Shop) -> Shop:
    """Ten hours and a material, drawn from an order of 40 h: net 1,049.90, total 1,249.38."""
    shop.order("FO", "40")
    shop.time("E1", "E2", hours="5")
    shop.material("M1", units="1", bill_rate=D("49.90"))
    shop.issue(frame_order="FO")
    return shop


def note_of(shop: Shop, number: str = FIRST, **more: Any) -> Document:
    given: dict[str, Any] = {"becomes": BILL, "reason": "agreed", "actor": ANN}
    return credit(shop.store, number, **(given | more))


def goodwill(shop: Shop, amount: str, line: int = 1, **more: Any) -> Document:
    given: dict[str, Any] = {"reason": "late", "actor": ANN}
    return credit_money(shop.store, FIRST, line, D(amount), **(given | more))


def standing(shop: Shop, number: str = FIRST, **filters: Any) -> Standing:
    found = register(shop.store, today=day("2026-02-15"), **filters)
    return next(one for one in found if one.number == number)


def unbilled(shop: Shop) -> list[str]:
    return [row.entry.id for row in shop.load().rows]


def remaining(shop: Shop) -> Any:
    return shop.load().frame_orders[0].remaining


# The paper.


def test_a_credit_note_has_a_number_of_its_own_series(issued: Shop) -> None:
    note = note_of(issued)
    assert (note.kind, note.number) == (DocumentKind.CREDIT_NOTE, NOTE)


def test_it_points_at_the_invoice_and_its_date(issued: Shop) -> None:
    note = note_of(issued)
    assert (note.corrects, note.corrects_date) == (FIRST, day("2026-01-31"))


def test_it_is_dated_today_and_due_at_once(issued: Shop) -> None:
    note = note_of(issued)
    assert (note.issue_date, note.due_date, note.payment_terms_days) == (TODAY, TODAY, 0)


def test_it_tells_the_reason(issued: Shop) -> None:
    assert note_of(issued, reason=" wrong project ").description == "wrong project"


def test_crediting_everything_turns_every_line_and_the_tax_around(issued: Shop) -> None:
    note = note_of(issued)
    assert [(one.of_line, one.quantity, one.unit_price, one.amount) for one in note.lines] == [
        (1, D(-5), D(100), D(-500)),
        (2, D(-5), D(100), D(-500)),
        (3, D(-1), D("49.90"), D("-49.90")),
    ]
    assert (note.subtotal, note.total, note.hours) == (D("-1049.90"), D("-1249.38"), D(-10))


def test_a_line_is_credited_with_the_entries_on_it(issued: Shop) -> None:
    note = note_of(issued, lines=[2])
    assert [one.entry for one in note.billed] == ["E2"]


def test_an_entry_takes_its_share_of_a_line_over_several(shop: Shop) -> None:
    shop.time("E1", "E2", "E3", hours="0.3333", bill_rate=D("95.55"))
    shop.issue(group_by=GroupBy.TASK)
    note = note_of(shop, entries=["E2"])
    (line,) = note.lines
    assert (line.quantity, line.amount, line.entries) == (D("-0.3333"), D("-31.85"), ("E2",))


def test_the_price_is_the_invoices_if_it_makes_the_amount(shop: Shop) -> None:
    shop.time("E1", "E2", hours="2", bill_rate=D("95.55"))
    shop.issue(group_by=GroupBy.TASK)
    assert note_of(shop, entries=["E1"]).lines[0].unit_price == D("95.55")


def test_after_goodwill_the_price_is_what_the_amount_makes(issued: Shop) -> None:
    goodwill(issued, "20")
    (line,) = note_of(issued, entries=["E1"]).lines
    assert (line.quantity, line.unit_price, line.amount) == (D(-5), D(96), D(-480))


def test_tax_is_that_of_all_credited_so_far_less_what_was_taken(shop: Shop) -> None:
    shop.time("E1", "E2", "E3", hours="0.01", bill_rate=D(3))
    shop.issue(group_by=GroupBy.TASK)
    taxes = [note_of(shop, entries=[one]).tax[0].amount for one in ("E1", "E2", "E3")]
    assert taxes == [D("-0.01"), D("0.00"), D("-0.01")]


def test_everything_of_a_note_is_sealed(issued: Shop) -> None:
    note_of(issued, entries=["E1"], becomes=WRITE_OFF)
    assert issued.problems() == ()


# What becomes of the entries.


def test_credited_entries_are_billable_again(issued: Shop) -> None:
    note_of(issued, entries=["E1"])
    assert unbilled(issued) == ["E1"]


def test_credited_entries_can_be_written_off(issued: Shop) -> None:
    note_of(issued, entries=["E1"], becomes=WRITE_OFF)
    assert unbilled(issued) == []
    assert issued.value("SELECT state FROM entries WHERE id = 'E1'") == "written_off"


def test_each_entry_has_its_own_fate(issued: Shop) -> None:
    note_of(issued, entries=["E1", "E2"], becomes={"E1": BILL, "E2": WRITE_OFF})
    assert unbilled(issued) == ["E1"]
    assert issued.problems() == ()


def test_an_entry_billed_again_is_on_the_new_invoice_only(issued: Shop) -> None:
    note_of(issued, entries=["E1"])
    issued.issue(frame_order="FO")
    assert issued.value("SELECT document FROM claims WHERE entry = 'E1'") == 3
    assert issued.problems() == ()


def test_an_entry_can_be_billed_and_credited_again_and_again(issued: Shop) -> None:
    note_of(issued, entries=["E1"])
    for at in (2, 3):
        issued.issue(frame_order="FO")
        note_of(issued, f"INV-2026-{at:05d}")
    assert issued.problems() == ()
    assert remaining(issued) == D(35)


# Frame orders.


@pytest.mark.parametrize("becomes", [BILL, WRITE_OFF])
def test_hours_go_back_to_the_order_whatever_becomes_of_the_entry(
    issued: Shop, becomes: Becomes
) -> None:
    note = note_of(issued, entries=["E1"], becomes=becomes)
    assert note.draw_down is not None
    assert (note.draw_down.before, note.draw_down.drawn, note.draw_down.after) == (30, -5, 35)
    assert remaining(issued) == D(35)


def test_material_gives_no_hours_back(issued: Shop) -> None:
    assert note_of(issued, entries=["M1"]).draw_down is None


def test_a_money_order_gets_its_net_amount_back_goodwill_too(shop: Shop) -> None:
    shop.order("FM", "2000", unit="EUR")
    shop.time("E1", hours="10")
    shop.issue(frame_order="FM")
    goodwill(shop, "100.50")
    assert remaining(shop) == D("1100.50")
    note_of(shop)
    assert remaining(shop) == D(2000)


def test_goodwill_gives_no_hours_back(issued: Shop) -> None:
    goodwill(issued, "20")
    assert remaining(issued) == D(30)


def test_as_of_a_day_before_the_note_the_order_is_drawn(issued: Shop) -> None:
    note_of(issued, actor=on("2026-02-10"))
    before = issued.value("SELECT SUM(drawn) FROM draw_downs WHERE date <= '2026-02-09'")
    assert before == 10 * 10_000


def test_a_credit_that_would_overdraw_a_blocked_order_is_refused(shop: Shop) -> None:
    shop.order("FO", "10")
    shop.time("E1", hours="10", bill_rate=D(100))
    shop.issue(frame_order="FO")
    shop.time("E2", hours="-2", bill_rate=D(1))
    shop.time("E3", hours="1", bill_rate=D(100))
    shop.issue(frame_order="FO")
    shop.time("E4", hours="1")
    shop.issue(frame_order="FO")
    with pytest.raises(CreditWouldOverdraw, match="by 1 h"):
        note_of(shop, "INV-2026-00002")


# Goodwill.


def test_goodwill_is_one_line_without_hours_or_entry(issued: Shop) -> None:
    note = goodwill(issued, "20")
    (line,) = note.lines
    assert (line.quantity, line.unit, line.unit_price, line.amount) == (-1, "", D(20), D(-20))
    assert (line.description, note.hours, note.billed) == ("Goodwill: Work E1", 0, ())


def test_goodwill_frees_no_entry(issued: Shop) -> None:
    goodwill(issued, "500")
    assert unbilled(issued) == []


def test_goodwill_is_never_more_than_is_left_of_the_line(issued: Shop) -> None:
    goodwill(issued, "300")
    with pytest.raises(CreditAmountRefused, match=r"only 200\.00 EUR is left"):
        goodwill(issued, "200.01")


@pytest.mark.parametrize("amount", ["0", "-5", "1.005"])
def test_goodwill_is_above_zero_and_in_whole_cents(issued: Shop, amount: str) -> None:
    with pytest.raises(CreditAmountRefused, match="above zero"):
        goodwill(issued, amount)


def test_a_line_that_goodwill_took_whole_still_gives_its_entry_back(issued: Shop) -> None:
    goodwill(issued, "500")
    note = note_of(issued, entries=["E1"])
    assert (note.total, unbilled(issued)) == (0, ["E1"])
    assert issued.problems() == ()


# Money.


def test_what_is_credited_is_no_longer_outstanding(issued: Shop) -> None:
    note_of(issued, entries=["E1"])
    found = standing(issued)
    assert (found.credited, found.outstanding) == (D("595.00"), D("654.38"))


def test_an_invoice_credited_in_full_is_settled(issued: Shop) -> None:
    note_of(issued)
    found = standing(issued)
    assert (found.state, found.outstanding, found.corrected_by) == ("credited", 0, (NOTE,))


def test_a_credit_note_has_nothing_outstanding_and_names_its_invoice(issued: Shop) -> None:
    note_of(issued)
    found = standing(issued, NOTE)
    assert (found.outstanding, found.corrects, found.state) == (0, FIRST, "issued")


def test_what_was_paid_and_is_credited_is_owed_to_the_customer(issued: Shop) -> None:
    pay(issued.store, FIRST, D("1249.38"), TODAY, actor=ANN)
    note_of(issued, entries=["E1"])
    assert standing(issued).outstanding == D("-595.00")


def test_as_of_a_day_before_the_note_all_is_outstanding(issued: Shop) -> None:
    note_of(issued, actor=on("2026-02-10"))
    found = standing(issued, as_of=day("2026-02-09"))
    assert (found.credited, found.outstanding, found.corrected_by) == (0, D("1249.38"), ())


def test_what_is_written_off_as_a_receivable_is_not_credited_too(issued: Shop) -> None:
    write_off_receivable(issued.store, FIRST, "insolvent", date=TODAY, actor=ANN)
    with pytest.raises(WrittenOffBefore, match=r"1,249\.38 EUR"):
        note_of(issued)


# What is refused.


def test_a_reason_is_needed(issued: Shop) -> None:
    with pytest.raises(ReasonMissing, match="Crediting INV"):
        note_of(issued, reason=" ")


def test_a_number_that_is_not_there_is_named(issued: Shop) -> None:
    with pytest.raises(UnknownDocument):
        note_of(issued, "INV-9")


def test_a_void_invoice_is_not_credited(issued: Shop) -> None:
    void(issued.store, FIRST, "wrong", actor=ANN)
    with pytest.raises(TransitionRefused, match="is void"):
        note_of(issued)


def test_a_credit_note_is_not_credited(issued: Shop) -> None:
    note_of(issued)
    with pytest.raises(TransitionRefused, match="is a credit note"):
        note_of(issued, NOTE)


def test_a_credit_note_is_never_voided(issued: Shop) -> None:
    note_of(issued)
    with pytest.raises(TransitionRefused, match="is a credit note"):
        void(issued.store, NOTE, "wrong", actor=ANN)


def test_a_credit_note_is_marked_sent(issued: Shop) -> None:
    note_of(issued)
    send(issued.store, NOTE, actor=ANN)
    assert standing(issued, NOTE).state == "sent"


def test_lines_and_entries_that_are_not_on_it_are_named(issued: Shop) -> None:
    with pytest.raises(NotOnInvoice, match="line 9, entry E9"):
        note_of(issued, lines=[1, 9], entries=["E9"])


def test_an_entry_is_not_credited_twice(issued: Shop) -> None:
    note_of(issued, entries=["E1"])
    with pytest.raises(NothingToCredit, match="entry E1 of INV"):
        note_of(issued, entries=["E1", "E2"])


def test_a_line_is_not_credited_twice(issued: Shop) -> None:
    note_of(issued, lines=[1])
    with pytest.raises(NothingToCredit, match="line 1 of INV"):
        note_of(issued, lines=[1])


def test_nothing_left_is_said(issued: Shop) -> None:
    note_of(issued)
    with pytest.raises(NothingToCredit):
        note_of(issued)


def test_every_entry_needs_its_fate(issued: Shop) -> None:
    with pytest.raises(FateMissing, match="E2, M1"):
        note_of(issued, becomes={"E1": BILL})


def test_a_fate_of_an_entry_that_is_not_credited_is_refused(issued: Shop) -> None:
    with pytest.raises(NotOnInvoice, match="entry E2"):
        note_of(issued, entries=["E1"], becomes={"E1": BILL, "E2": BILL})


def test_a_correction_is_credited_together_with_what_it_corrects(shop: Shop) -> None:
    shop.time("E1", hours="5")
    shop.time("E2", hours="-1")
    shop.issue()
    for entry in ("E1", "E2"):
        with pytest.raises(CreditUnbalanced):
            note_of(shop, entries=[entry])
    assert note_of(shop).total == D(-476)


def test_it_is_not_dated_before_its_invoice(issued: Shop) -> None:
    with pytest.raises(DateOutOfOrder, match="the invoice is dated 2026-01-31"):
        note_of(issued, actor=on("2026-01-30"))


def test_it_is_not_dated_before_the_note_before_it(issued: Shop) -> None:
    note_of(issued, entries=["E1"], actor=on("2026-02-10"))
    with pytest.raises(DateOutOfOrder, match="numbers up to 2026-02-10"):
        note_of(issued, actor=on("2026-02-09"))


def test_it_is_not_dated_in_a_closed_month(issued: Shop) -> None:
    facts = {"month": "2026-02", "until": day("2026-02-28"), "kind": "close", "reason": ""}
    issued.add("closings", figures="", by="ann", at="", **facts)
    with pytest.raises(PeriodClosed, match="The credit note of INV-2026-00001"):
        note_of(issued)


def test_a_number_that_an_old_invoice_has_is_refused(issued: Shop) -> None:
    issued.add("numbers", number=NOTE, taken_by="opening invoice")
    with pytest.raises(RunRefused) as told:
        note_of(issued)
    assert [fault.code for fault in told.value.faults] == ["DATE-03"]


def test_the_same_request_credits_once(issued: Shop) -> None:
    first = note_of(issued, entries=["E1"], request="c1")
    assert note_of(issued, entries=["E1"], request="c1") == first
    with pytest.raises(RequestReused):
        note_of(issued, entries=["E2"], request="c1")


def test_the_log_names_the_note_the_invoice_and_each_entry(issued: Shop) -> None:
    note_of(issued, entries=["E1"])
    logged = issued.rows("SELECT object FROM audit_log WHERE action = 'credit'")
    assert logged == [(NOTE,), (FIRST,), ("entry E1",)]


# Void of what the customer holds.


@pytest.fixture
def sent(issued: Shop) -> Shop:
    send(issued.store, FIRST, actor=ANN)
    return issued


def test_the_void_of_a_sent_invoice_makes_a_full_credit_note(sent: Shop) -> None:
    void(sent.store, FIRST, "wrong customer", actor=BOB)
    found = standing(sent)
    assert (found.state, found.outstanding, found.corrected_by) == ("void", 0, (NOTE,))
    assert standing(sent, NOTE).total == -found.total


def test_it_gives_entries_and_hours_back_once(sent: Shop) -> None:
    void(sent.store, FIRST, "wrong customer", actor=ANN)
    assert (unbilled(sent), remaining(sent)) == (["E1", "E2", "M1"], D(40))
    assert sent.problems() == ()


def test_both_papers_of_a_void_by_note_count_and_neither_of_an_unsent_void(sent: Shop) -> None:
    void(sent.store, FIRST, "wrong", actor=ANN)
    second = sent.issue().numbers[0]
    void(sent.store, second, "again", actor=ANN)
    counting = {one.number: one.counts for one in register(sent.store, today=TODAY)}
    assert counting == {FIRST: True, NOTE: True, second: False}


def test_an_invoice_credited_in_part_is_voided_by_crediting_the_rest(issued: Shop) -> None:
    note_of(issued, entries=["E1"], becomes=WRITE_OFF)
    void(issued.store, FIRST, "wrong", actor=ANN)
    assert standing(issued).corrected_by == (NOTE, "CN-2026-00002")
    assert unbilled(issued) == ["E2", "M1"]
    assert issued.problems() == ()


def test_an_invoice_credited_in_full_has_nothing_left_to_void(issued: Shop) -> None:
    note_of(issued)
    with pytest.raises(NothingToCredit):
        void(issued.store, FIRST, "wrong", actor=ANN)


def test_a_paid_invoice_is_credited_rather_than_voided(sent: Shop) -> None:
    pay(sent.store, FIRST, D(5), TODAY, actor=ANN)
    with pytest.raises(PaidMustBeCredited) as told:
        void(sent.store, FIRST, "wrong", actor=ANN)
    assert f"timix-xl invoice credit {FIRST}" in told.value.hint
    unpay(sent.store, FIRST, D(5), TODAY, actor=ANN)
    void(sent.store, FIRST, "wrong", actor=ANN)
    assert sent.problems() == ()


def test_an_entry_of_a_line_that_comes_to_nothing_is_credited_with_its_own_money(
    shop: Shop,
) -> None:
    shop.time("E1", hours="5")
    shop.time("E2", hours="-5")
    shop.time("E3", hours="10", bill_rate=D(90))
    shop.issue(group_by=GroupBy.TASK)
    note = note_of(shop, entries=["E1"])
    assert [(line.quantity, line.amount) for line in note.lines] == [(D(-5), D(-500))]
    assert shop.problems() == ()


def test_goodwill_takes_from_entries_of_both_signs_by_their_size(shop: Shop) -> None:
    shop.time("E1", hours="5")
    shop.time("E2", hours="-4")
    shop.time("E3", hours="10", bill_rate=D(90))
    shop.issue(group_by=GroupBy.TASK)
    goodwill(shop, "45")
    note = note_of(shop, lines=[1])
    taken = {one.entry: one.amount for one in note.billed}
    assert taken == {"E1": D(-475), "E2": D(420)}
    assert shop.problems() == ()
