"""A release makes an invoice of an open pro forma; a void or a deleted draft puts it back."""

import pytest

from tests.billing.negotiators import (
    HELD,
    by_pro_forma,
    invoiced,
    opened,
    paper,
    released,
    run,
    shown,
    state,
    typed,
)
from tests.builders import ANN, D, Shop, day, on
from timix_xl.billing.bill import bill
from timix_xl.billing.credit import credit, credit_rest
from timix_xl.billing.draft import delete_draft, issue_draft
from timix_xl.billing.pro_forma import new
from timix_xl.billing.pro_forma_edit import add_line
from timix_xl.billing.refund import offset, refund
from timix_xl.billing.register import register
from timix_xl.billing.release import release
from timix_xl.billing.send import send
from timix_xl.billing.void import void
from timix_xl.domain.invoices import Becomes, DocumentKind, PaidState
from timix_xl.domain.manual_lines import NewLine
from timix_xl.domain.pro_formas import ProFormaState
from timix_xl.errors import (
    NothingPrinted,
    PaymentRefused,
    ProFormaRefuses,
    ReleasedTooEarly,
    RequestReused,
    RunRefused,
    TransitionRefused,
    UnknownFrameOrder,
    UnknownProForma,
)

pytestmark = pytest.mark.stores("sqlite", "postgresql")
FIRST = "INV-2026-00001"
MARCH = on("2026-03-02")


@pytest.fixture
def agreed(shop: Shop) -> Shop:
    """A pro forma of two lines, of 200.00 and of 100.00; nothing is released yet."""
    by_pro_forma(shop)
    shop.time("E1", hours="2")
    shop.time("E2", on="2026-01-06")
    run(shop)
    return shop


def codes(refused: RunRefused) -> list[str]:
    return [fault.code for fault in refused.faults if fault.is_error]


# What is released.


def test_a_release_makes_a_draft_that_holds_the_entries(agreed: Shop) -> None:
    made = released(agreed, "PF-00001", issue=False)

    assert made.document == "DRAFT-2"
    assert (state(agreed, "E1"), state(agreed, "E2")) == ("DRAFT-2", "DRAFT-2")
    assert agreed.problems() == ()


def test_a_release_can_issue_at_once(agreed: Shop) -> None:
    made = released(agreed, "PF-00001")

    assert (made.document, made.note) == (FIRST, None)
    assert (state(agreed, "E1"), paper(agreed, FIRST).total) == (FIRST, 357)
    assert agreed.problems() == ()


def test_a_released_pro_forma_is_closed_and_names_its_invoice(agreed: Shop) -> None:
    released(agreed, "PF-00001")

    one = shown(agreed, "PF-00001")
    assert (one.state, one.released_to) == (ProFormaState.CLOSED, FIRST)


def test_a_release_invoices_what_was_agreed(agreed: Shop) -> None:
    typed(agreed, "PF-00001", amount=D(150))
    typed(agreed, "PF-00001", line=2, amount=D(130))
    item = NewLine(task="T", description="Travel", quantity=D(1), amount=D(50))
    add_line(agreed.store, "PF-00001", item, actor=ANN)

    released(agreed, "PF-00001")

    assert [line.amount for line in paper(agreed, FIRST).lines] == [150, 130, 50]
    assert agreed.problems() == ()


def test_the_draft_of_a_release_is_issued_like_any_other(agreed: Shop) -> None:
    typed(agreed, "PF-00001", amount=D(150))
    released(agreed, "PF-00001", issue=False)

    issued = issue_draft(agreed.store, "DRAFT-2", actor=ANN)

    assert shown(agreed, "PF-00001").released_to == issued.number == FIRST
    assert agreed.value(f"SELECT face_amount FROM entries WHERE id = 'R:{FIRST}:1'") == 5000
    assert agreed.problems() == ()


def test_an_invoice_of_zero_is_settled_when_it_is_issued(agreed: Shop) -> None:
    for line in (1, 2):
        typed(agreed, "PF-00001", line=line, amount=D(0), quantity=D(1))

    released(agreed, "PF-00001")

    assert paper(agreed, FIRST).total == 0
    assert agreed.problems() == ()


def test_a_release_is_dated_like_a_run(agreed: Shop) -> None:
    released(agreed, "PF-00001")

    assert paper(agreed, FIRST).issue_date == day("2026-01-31")


def test_a_release_takes_an_issue_date(agreed: Shop) -> None:
    released(agreed, "PF-00001", issue_date=day("2026-02-10"))

    document = paper(agreed, FIRST)
    assert (document.issue_date, document.due_date) == (day("2026-02-10"), day("2026-03-12"))


def test_the_same_request_again_releases_nothing(agreed: Shop) -> None:
    opened(agreed, "PF-00001")
    first = release(agreed.store, "PF-00001", issue=True, actor=ANN, request="r")

    assert release(agreed.store, "PF-00001", issue=True, actor=ANN, request="r") == first


def test_the_same_request_with_other_content_is_refused(agreed: Shop) -> None:
    opened(agreed, "PF-00001")
    release(agreed.store, "PF-00001", issue=True, actor=ANN, request="r")

    with pytest.raises(RequestReused):
        release(agreed.store, "PF-00001", actor=ANN, request="r")


def test_a_replay_follows_the_draft_to_its_number(agreed: Shop) -> None:
    opened(agreed, "PF-00001")
    first = release(agreed.store, "PF-00001", actor=ANN, request="r")
    assert first.document == "DRAFT-2"
    issue_draft(agreed.store, "DRAFT-2", actor=ANN)

    assert release(agreed.store, "PF-00001", actor=ANN, request="r").document == FIRST


def test_a_replay_has_no_document_once_the_draft_was_deleted(agreed: Shop) -> None:
    opened(agreed, "PF-00001")
    release(agreed.store, "PF-00001", actor=ANN, request="r")
    delete_draft(agreed.store, "DRAFT-2", actor=ANN)

    assert release(agreed.store, "PF-00001", actor=ANN, request="r").document == ""


def test_a_version_is_a_part_of_the_request(agreed: Shop) -> None:
    opened(agreed, "PF-00001")
    version = shown(agreed, "PF-00001").version
    release(agreed.store, "PF-00001", version=version, actor=ANN, request="r")

    with pytest.raises(RequestReused):
        release(agreed.store, "PF-00001", version=version + 1, actor=ANN, request="r")


# What is refused.


def test_a_pro_forma_on_hold_is_opened_first(agreed: Shop) -> None:
    with pytest.raises(ProFormaRefuses, match="on hold; it cannot be released"):
        release(agreed.store, "PF-00001", actor=ANN)


def test_a_pro_forma_is_released_once(agreed: Shop) -> None:
    released(agreed, "PF-00001")

    with pytest.raises(ProFormaRefuses, match="closed; it cannot be released"):
        release(agreed.store, "PF-00001", actor=ANN)


def test_a_pro_forma_that_is_not_there_is_not_released(agreed: Shop) -> None:
    with pytest.raises(UnknownProForma):
        release(agreed.store, "PF-00009", actor=ANN)


def test_nothing_is_released_that_prints_no_line(agreed: Shop) -> None:
    for line in (1, 2):
        typed(agreed, "PF-00001", line=line, amount=D(0), quantity=D(0), status=HELD)
    opened(agreed, "PF-00001")

    with pytest.raises(NothingPrinted):
        release(agreed.store, "PF-00001", actor=ANN)


def test_a_limit_stops_an_issue(agreed: Shop) -> None:
    opened(agreed, "PF-00001")
    agreed.add("limits", id=1, project="P", amount=10000)

    with pytest.raises(RunRefused) as refused:
        release(agreed.store, "PF-00001", issue=True, actor=ANN)

    assert codes(refused.value) == ["LIMIT-01", "LIMIT-01"]


def test_a_limit_stops_the_issue_of_a_released_draft(agreed: Shop) -> None:
    released(agreed, "PF-00001", issue=False)
    agreed.add("limits", id=1, project="P", amount=25000)

    with pytest.raises(RunRefused) as refused:
        issue_draft(agreed.store, "DRAFT-2", actor=ANN)

    assert codes(refused.value) == ["LIMIT-01"]


def test_a_pro_forma_within_its_limit_does_not_stand_in_its_own_way(agreed: Shop) -> None:
    agreed.add("limits", id=1, project="P", amount=30000)
    released(agreed, "PF-00001", issue=False)

    assert issue_draft(agreed.store, "DRAFT-2", actor=ANN).number == FIRST


# Frame orders.


def test_a_release_draws_the_printed_hours(agreed: Shop) -> None:
    agreed.order("FO", "10", po_number="PO-7")
    typed(agreed, "PF-00001", quantity=D("1.5"))

    released(agreed, "PF-00001", frame_order="FO")

    document = paper(agreed, FIRST)
    assert document.draw_down is not None
    assert (document.draw_down.drawn, document.draw_down.after) == (D("2.5"), D("7.5"))
    assert document.po_number == "PO-7"
    assert agreed.problems() == ()


def test_a_release_draws_the_net_amount_of_a_money_pool(agreed: Shop) -> None:
    agreed.order("FO", "1000", unit="EUR")
    typed(agreed, "PF-00001", amount=D(150))

    released(agreed, "PF-00001", frame_order="FO")

    assert agreed.value("SELECT SUM(drawn) FROM draw_downs") == 25000


def test_a_draft_draws_when_it_is_issued(agreed: Shop) -> None:
    agreed.order("FO", "10")
    released(agreed, "PF-00001", frame_order="FO", issue=False)
    assert agreed.rows("SELECT drawn FROM draw_downs") == []

    issue_draft(agreed.store, "DRAFT-2", actor=ANN)

    assert agreed.rows("SELECT drawn FROM draw_downs") == [(30000,)]


def test_a_release_over_what_is_left_of_an_order_is_refused(agreed: Shop) -> None:
    agreed.order("FO", "2")

    with pytest.raises(RunRefused) as refused:
        released(agreed, "PF-00001", frame_order="FO")

    assert codes(refused.value) == ["FO-04"]


def test_an_entry_outside_the_validity_of_the_order_is_named(agreed: Shop) -> None:
    agreed.order("FO", "10", valid_from=day("2026-01-06"))

    with pytest.raises(RunRefused) as refused:
        released(agreed, "PF-00001", frame_order="FO")

    assert [fault.entry for fault in refused.value.faults] == ["E1"]


def test_what_is_held_back_whole_draws_nothing_and_is_not_judged(agreed: Shop) -> None:
    agreed.order("FO", "1", valid_from=day("2026-01-06"))
    typed(agreed, "PF-00001", quantity=D(0), amount=D(0), status=HELD)

    assert released(agreed, "PF-00001", frame_order="FO").document == FIRST


def test_a_remainder_is_judged_by_the_day_of_the_work(agreed: Shop) -> None:
    typed(agreed, "PF-00001", amount=D(150))
    released(agreed, "PF-00001")
    agreed.order("FO", "1000", unit="EUR", valid_from=day("2026-01-20"))
    second = run(agreed, "2026-02-28", MARCH)

    with pytest.raises(RunRefused) as refused:
        released(agreed, second, MARCH, frame_order="FO")

    assert [fault.entry for fault in refused.value.faults] == [f"R:{FIRST}:1"]


def test_an_order_that_the_customer_does_not_have_is_not_found(agreed: Shop) -> None:
    with pytest.raises(UnknownFrameOrder):
        released(agreed, "PF-00001", frame_order="FO")


# The order of release.


@pytest.fixture
def two(agreed: Shop) -> Shop:
    """Pro formas of January and of February."""
    agreed.time("E3", on="2026-02-03")
    run(agreed, "2026-02-28", MARCH)
    return agreed


def test_a_later_run_waits_for_the_earlier_one(two: Shop) -> None:
    with pytest.raises(ReleasedTooEarly, match="PF-00001 of an earlier run comes first"):
        released(two, "PF-00002", MARCH)


def test_a_later_run_waits_until_the_earlier_draft_is_issued(two: Shop) -> None:
    released(two, "PF-00001", issue=False)

    with pytest.raises(ReleasedTooEarly, match="DRAFT-3"):
        released(two, "PF-00002", MARCH)


def test_a_later_run_is_released_after_the_earlier_one(two: Shop) -> None:
    released(two, "PF-00001")

    assert released(two, "PF-00002", MARCH).document == "INV-2026-00002"
    assert two.problems() == ()


def test_documents_of_one_run_are_released_in_any_order(shop: Shop) -> None:
    by_pro_forma(shop)
    shop.task("N", bill_separately=True)
    shop.time("E1")
    shop.time("E2", task="N")
    bill(shop.store, "P", date=day("2026-01-31"), actor=ANN)

    assert released(shop, "PF-00002").document == FIRST


def test_one_put_back_by_a_void_does_not_hold_up_later_runs(two: Shop) -> None:
    released(two, "PF-00001")
    void(two.store, FIRST, "wrong", actor=MARCH)

    assert released(two, "PF-00002", MARCH).document == "INV-2026-00002"


def test_one_put_back_waits_for_nobody(two: Shop) -> None:
    released(two, "PF-00001")
    two.time("E4", on="2026-02-04")
    released(two, "PF-00002", MARCH)
    void(two.store, "INV-2026-00002", "wrong", actor=MARCH)
    void(two.store, FIRST, "wrong", actor=MARCH)

    assert released(two, "PF-00002", MARCH).document == "INV-2026-00003"


def test_another_project_does_not_wait(two: Shop) -> None:
    two.project("Q", pro_forma=True)
    two.time("Q1", project="Q", on="2026-02-05")
    bill(two.store, "Q", date=day("2026-02-28"), actor=MARCH)

    assert released(two, "PF-00003", MARCH).document == FIRST


# Put back.


def test_a_void_puts_the_pro_forma_back_on_hold(agreed: Shop) -> None:
    released(agreed, "PF-00001")

    void(agreed.store, FIRST, "wrong", actor=ANN)

    one = shown(agreed, "PF-00001")
    assert (one.state, one.released_to, one.put_back) == (ProFormaState.ON_HOLD, None, True)
    assert (state(agreed, "E1"), state(agreed, "E2")) == ("PF-00001", "PF-00001")
    assert agreed.problems() == ()


def test_a_void_of_a_sent_invoice_puts_it_back_as_well(agreed: Shop) -> None:
    released(agreed, "PF-00001")
    send(agreed.store, FIRST, actor=ANN)

    void(agreed.store, FIRST, "wrong", actor=ANN)

    assert shown(agreed, "PF-00001").state is ProFormaState.ON_HOLD
    assert state(agreed, "E1") == "PF-00001"
    assert agreed.problems() == ()


def test_a_deleted_draft_puts_it_back(agreed: Shop) -> None:
    released(agreed, "PF-00001", issue=False)

    delete_draft(agreed.store, "DRAFT-2", actor=ANN)

    assert shown(agreed, "PF-00001").state is ProFormaState.ON_HOLD
    assert state(agreed, "E1") == "PF-00001"
    assert agreed.problems() == ()


def test_a_deleted_draft_of_a_pro_forma_leaves_the_last_billing_date(agreed: Shop) -> None:
    released(agreed, "PF-00001", issue=False)

    delete_draft(agreed.store, "DRAFT-2", actor=ANN)

    assert agreed.value("SELECT last_billing_date FROM projects WHERE code = 'P'") == "2026-01-31"


def test_one_put_back_can_be_edited_and_released_again(agreed: Shop) -> None:
    released(agreed, "PF-00001")
    void(agreed.store, FIRST, "wrong", actor=ANN)
    typed(agreed, "PF-00001", amount=D(150))

    released(agreed, "PF-00001")

    assert paper(agreed, "INV-2026-00002").subtotal == 250
    assert agreed.problems() == ()


def test_what_was_credited_before_a_void_does_not_come_back(agreed: Shop) -> None:
    released(agreed, "PF-00001")
    credit(agreed.store, FIRST, becomes=Becomes.BILL, reason="x", entries=["E1"], actor=ANN)
    second = run(agreed, "2026-02-28", MARCH)

    void(agreed.store, FIRST, "wrong", actor=MARCH)

    (line,) = shown(agreed, "PF-00001").document.lines
    assert line.entries == ("E2",)
    assert (state(agreed, "E1"), state(agreed, "E2")) == (second, "PF-00001")
    assert shown(agreed, "PF-00001").document.total == 119
    assert agreed.problems() == ()


def test_a_line_that_loses_an_entry_keeps_the_share_of_the_others(agreed: Shop) -> None:
    typed(agreed, "PF-00001", line=2, amount=D(160))
    released(agreed, "PF-00001")
    credit(agreed.store, FIRST, becomes=Becomes.WRITE_OFF, reason="x", entries=["E1"], actor=ANN)

    void(agreed.store, FIRST, "wrong", actor=ANN)

    (line,) = shown(agreed, "PF-00001").document.lines
    assert (line.amount, line.billed_amount) == (160, 100)
    assert agreed.problems() == ()


def test_an_invoice_that_is_credited_without_a_void_leaves_the_pro_forma_closed(
    agreed: Shop,
) -> None:
    released(agreed, "PF-00001")

    with agreed.store.writing() as connection:
        credit_rest(connection, FIRST, Becomes.BILL, "wrong", ANN)

    assert shown(agreed, "PF-00001").state is ProFormaState.CLOSED
    assert state(agreed, "E1") == "open"
    assert agreed.problems() == ()


# Below zero.


@pytest.fixture
def below_zero(shop: Shop) -> Shop:
    """A pro forma over minus two hours that were billed before, and one hour."""
    by_pro_forma(shop)
    shop.time("E1", hours="-2")
    shop.time("E2", on="2026-01-06")
    run(shop)
    return shop


def test_a_pro_forma_below_zero_is_released_into_a_credit_note(below_zero: Shop) -> None:
    made = released(below_zero, "PF-00001")

    note = paper(below_zero, made.document)
    assert (note.kind, note.number, note.corrects) == (
        DocumentKind.CREDIT_NOTE,
        "CN-2026-00001",
        None,
    )
    assert (note.total, state(below_zero, "E1")) == (-119, "CN-2026-00001")
    assert below_zero.problems() == ()


def test_a_released_credit_note_is_dated_today(below_zero: Shop) -> None:
    made = released(below_zero, "PF-00001", on("2026-02-07"))

    assert paper(below_zero, made.document).issue_date == day("2026-02-07")


def test_a_released_credit_note_may_wait_as_a_draft(below_zero: Shop) -> None:
    made = released(below_zero, "PF-00001", issue=False)

    issued = issue_draft(below_zero.store, made.document, actor=on("2026-02-09"))

    assert issued.number == "CN-2026-00001"
    assert paper(below_zero, issued.number).issue_date == day("2026-02-09")
    assert below_zero.problems() == ()


def test_a_deleted_draft_of_a_credit_note_puts_the_pro_forma_back(below_zero: Shop) -> None:
    made = released(below_zero, "PF-00001", issue=False)

    delete_draft(below_zero.store, made.document, actor=ANN)

    assert state(below_zero, "E1") == "PF-00001"
    assert below_zero.problems() == ()


def test_a_released_credit_note_gives_no_order_what_was_never_drawn(below_zero: Shop) -> None:
    below_zero.order("FO", "10", billed_before="5")

    with pytest.raises(RunRefused) as refused:
        released(below_zero, "PF-00001", frame_order="FO")

    assert codes(refused.value) == ["PRO-32"]
    assert below_zero.value("SELECT count(*) FROM draw_downs") == 0


def test_a_released_credit_note_is_neither_voided_nor_credited(below_zero: Shop) -> None:
    released(below_zero, "PF-00001")

    with pytest.raises(TransitionRefused):
        void(below_zero.store, "CN-2026-00001", "wrong", actor=ANN)
    with pytest.raises(TransitionRefused):
        credit(below_zero.store, "CN-2026-00001", becomes=Becomes.BILL, reason="wrong", actor=ANN)


def owed(shop: Shop, number: str) -> tuple[object, object]:
    (one,) = [one for one in register(shop.store, today=day("2026-02-20")) if one.number == number]
    return one.outstanding, one.paid_state


def test_a_released_credit_note_is_owed_to_the_customer(below_zero: Shop) -> None:
    number = released(below_zero, "PF-00001").document

    assert owed(below_zero, number) == (-119, PaidState.OPEN)


def test_a_released_credit_note_can_be_paid_back(below_zero: Shop) -> None:
    number = released(below_zero, "PF-00001").document

    refund(below_zero.store, number, D(119), day("2026-02-03"), actor=on("2026-02-03"))

    assert owed(below_zero, number) == (0, PaidState.PAID)
    assert below_zero.problems() == ()


def test_a_released_credit_note_can_be_set_off_against_an_invoice(below_zero: Shop) -> None:
    number = released(below_zero, "PF-00001").document
    below_zero.time("E3", hours="2", on="2026-02-03")
    other = invoiced(below_zero, "2026-02-28", MARCH)

    offset(below_zero.store, number, other, date=None, actor=MARCH)

    assert owed(below_zero, number)[0] == 0
    assert below_zero.problems() == ()


def test_a_note_that_corrects_an_invoice_still_takes_no_money(agreed: Shop) -> None:
    released(agreed, "PF-00001")
    note = credit(agreed.store, FIRST, becomes=Becomes.BILL, reason="x", actor=ANN)

    with pytest.raises(PaymentRefused, match="it is a credit note"):
        refund(agreed.store, note.number, D(1), day("2026-02-01"), actor=ANN)


def test_what_a_credit_note_holds_back_is_a_remainder_below_zero(below_zero: Shop) -> None:
    typed(below_zero, "PF-00001", amount=D(-150))

    released(below_zero, "PF-00001")

    face = "SELECT face_amount FROM entries WHERE id = 'R:CN-2026-00001:1'"
    assert below_zero.value(face) == -5000
    assert below_zero.problems() == ()


def test_a_pro_forma_made_by_hand_waits_for_nobody(agreed: Shop) -> None:
    made = new(agreed.store, "P", day("2026-01-31"), actor=ANN)
    line = NewLine(task="T", description="Fee", quantity=D(1), amount=D(50))
    add_line(agreed.store, made.number, line, actor=ANN)

    assert released(agreed, made.number).document == FIRST
    assert agreed.problems() == ()


def test_what_is_held_in_one_month_and_billed_in_the_next_is_billed_once(shop: Shop) -> None:
    by_pro_forma(shop)
    shop.time("E1", hours="3")
    invoiced(shop, amount=D(250))
    shop.time("E2", hours="3", on="2026-02-03")
    invoiced(shop, "2026-02-28", MARCH)

    assert shop.value("SELECT SUM(subtotal) FROM documents WHERE kind = 'invoice'") == 60000
    assert shop.problems() == ()
