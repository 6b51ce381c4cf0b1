"""Correcting a released pro forma: a revision, and on its release a note and a new invoice."""

import pytest

from tests.billing.negotiators import (
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
from timix_xl.billing.correct import correct
from timix_xl.billing.correct_pro_forma import correct_pro_forma
from timix_xl.billing.credit import credit, credit_money
from timix_xl.billing.draft import delete_draft, issue_draft
from timix_xl.billing.load import Review, loaded
from timix_xl.billing.pay import pay
from timix_xl.billing.plan import RunOptions
from timix_xl.billing.pro_forma import delete
from timix_xl.billing.pro_forma_edit import add_line
from timix_xl.billing.pro_forma_upload import upload
from timix_xl.billing.send import send
from timix_xl.billing.void import void
from timix_xl.domain.invoices import Becomes
from timix_xl.domain.manual_lines import NewLine
from timix_xl.domain.pro_formas import ProFormaState
from timix_xl.errors import (
    MadeFromProForma,
    NotCorrectable,
    NothingToCredit,
    NothingToUpload,
    ProFormaMovedOn,
    ReasonMissing,
    RemainderSettled,
    RevisionRests,
    RunRefused,
)

FIRST, SECOND, NOTE = "INV-2026-00001", "INV-2026-00002", "CN-2026-00001"
NUMBER = "PF-00001"
MARCH = on("2026-03-02")


@pytest.fixture
def sent(shop: Shop) -> Shop:
    """A released pro forma of two lines, 200.00 and 100.00, whose invoice was sent."""
    by_pro_forma(shop)
    shop.time("E1", hours="2")
    shop.time("E2", on="2026-01-06")
    invoiced(shop)
    send(shop.store, FIRST, actor=ANN)
    return shop


@pytest.fixture
def revised(sent: Shop) -> Shop:
    """The same, with a revision on hold."""
    correct_pro_forma(sent.store, NUMBER, "hours agreed anew", actor=ANN)
    return sent


# A revision.


def test_a_correction_is_a_new_revision_on_hold(sent: Shop) -> None:
    made = correct_pro_forma(sent.store, NUMBER, "hours agreed anew", actor=ANN).pro_forma

    assert (made.number, made.revision, made.state) == (NUMBER, 2, ProFormaState.ON_HOLD)
    assert [line.entries for line in made.document.lines] == [("E1",), ("E2",)]
    assert sent.problems() == ()


def test_a_revision_rests_on_the_claims_of_the_invoice(revised: Shop) -> None:
    assert (state(revised, "E1"), shown(revised, NUMBER, 1).released_to) == (FIRST, FIRST)


def test_a_correction_needs_a_reason(sent: Shop) -> None:
    with pytest.raises(ReasonMissing):
        correct_pro_forma(sent.store, NUMBER, " ", actor=ANN)


def test_the_same_request_again_makes_no_second_revision(sent: Shop) -> None:
    first = correct_pro_forma(sent.store, NUMBER, "anew", actor=ANN, request="r")

    assert correct_pro_forma(sent.store, NUMBER, "anew", actor=ANN, request="r") == first


def test_a_pro_forma_that_is_not_released_is_edited_not_corrected(revised: Shop) -> None:
    with pytest.raises(NotCorrectable, match="it is on hold"):
        correct_pro_forma(revised.store, NUMBER, "again", actor=ANN)


def test_a_draft_is_deleted_not_corrected(shop: Shop) -> None:
    by_pro_forma(shop)
    shop.time("E1")
    released(shop, run(shop), issue=False)

    with pytest.raises(NotCorrectable, match="DRAFT-2 is not issued"):
        correct_pro_forma(shop.store, NUMBER, "again", actor=ANN)


def test_what_was_credited_whole_is_not_corrected(sent: Shop) -> None:
    credit(sent.store, FIRST, becomes=Becomes.BILL, reason="wrong", actor=ANN)

    with pytest.raises(NotCorrectable, match=f"nothing is left of {FIRST}"):
        correct_pro_forma(sent.store, NUMBER, "again", actor=ANN)


def test_a_credit_note_of_a_pro_forma_is_not_corrected(shop: Shop) -> None:
    by_pro_forma(shop)
    shop.time("E1", hours="-1")
    invoiced(shop)

    with pytest.raises(NotCorrectable, match=NOTE):
        correct_pro_forma(shop.store, NUMBER, "again", actor=ANN)


def test_a_revision_has_no_entry_that_was_credited_away(sent: Shop) -> None:
    credit(sent.store, FIRST, becomes=Becomes.BILL, reason="x", entries=["E1"], actor=ANN)

    made = correct_pro_forma(sent.store, NUMBER, "anew", actor=ANN).pro_forma

    assert [line.entries for line in made.document.lines] == [("E2",)]
    assert sent.problems() == ()


def test_the_wizard_does_not_correct_what_was_made_from_a_pro_forma(sent: Shop) -> None:
    with pytest.raises(MadeFromProForma):
        correct(sent.store, FIRST, "wrong", RunOptions(), actor=ANN)


# Its release.


def test_a_release_of_a_revision_credits_the_old_invoice_and_makes_a_new_one(
    revised: Shop,
) -> None:
    typed(revised, NUMBER, amount=D(250))

    made = released(revised, NUMBER)

    assert (made.document, made.note) == (SECOND, NOTE)
    assert (paper(revised, NOTE).total, paper(revised, SECOND).subtotal) == (-357, 350)
    assert revised.problems() == ()


def test_the_claims_move_to_the_new_invoice(revised: Shop) -> None:
    released(revised, NUMBER)

    assert (state(revised, "E1"), state(revised, "E2")) == (SECOND, SECOND)


def test_the_note_tells_the_reason_and_the_invoice_what_it_replaces(revised: Shop) -> None:
    released(revised, NUMBER)

    assert paper(revised, NOTE).description == "hours agreed anew"
    assert paper(revised, SECOND).description == f"Replaces {FIRST}"


def test_the_new_invoice_is_dated_as_its_note_at_the_earliest(revised: Shop) -> None:
    released(revised, NUMBER, MARCH)

    assert paper(revised, SECOND).issue_date == day("2026-03-02")


def test_a_paid_invoice_is_corrected_too(revised: Shop) -> None:
    pay(revised.store, FIRST, D(357), day("2026-02-01"), actor=ANN)

    released(revised, NUMBER)

    assert revised.problems() == ()


def test_what_a_revision_leaves_out_can_be_billed_again(revised: Shop) -> None:
    typed(revised, NUMBER, line=2, delete=True)

    released(revised, NUMBER)

    assert (state(revised, "E1"), state(revised, "E2")) == (SECOND, "open")
    assert revised.problems() == ()


def test_what_a_revision_adds_is_billed_with_it(revised: Shop) -> None:
    revised.time("E3", on="2026-01-09")
    upload(revised.store, NUMBER, actor=ANN)
    assert state(revised, "E3") == NUMBER

    released(revised, NUMBER)

    assert state(revised, "E3") == SECOND
    assert revised.problems() == ()


def test_a_revision_draws_on_the_order_of_the_invoice_before(shop: Shop) -> None:
    by_pro_forma(shop)
    shop.order("FO", "10")
    shop.time("E1", hours="8")
    released(shop, run(shop), frame_order="FO")
    correct_pro_forma(shop.store, NUMBER, "anew", actor=ANN)

    released(shop, NUMBER)

    assert shop.rows("SELECT drawn FROM draw_downs") == [(80000,), (-80000,), (80000,)]
    assert shop.problems() == ()


def test_a_revision_may_draw_on_no_order(shop: Shop) -> None:
    by_pro_forma(shop)
    shop.order("FO", "10")
    shop.time("E1", hours="8")
    released(shop, run(shop), frame_order="FO")
    correct_pro_forma(shop.store, NUMBER, "anew", actor=ANN)

    released(shop, NUMBER, frame_order="")

    assert shop.rows("SELECT drawn FROM draw_downs") == [(80000,), (-80000,)]


def test_a_revision_within_the_limit_is_not_stopped_by_what_it_replaces(revised: Shop) -> None:
    revised.add("limits", id=1, project="P", amount=30000)

    assert released(revised, NUMBER).document == SECOND


def test_a_revision_is_issued_with_its_note_unasked(revised: Shop) -> None:
    made = released(revised, NUMBER, issue=False)

    assert (made.document, made.note) == (SECOND, NOTE)
    assert state(revised, "E1") == SECOND
    assert revised.problems() == ()


@pytest.fixture
def drafted(revised: Shop, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A revision released on 2 March into DRAFT-5, as stores may hold it from before."""
    monkeypatch.setattr("timix_xl.billing.release._is_issued", lambda _, asked: asked)
    made = released(revised, NUMBER, MARCH, issue=False)
    assert (made.document, made.note) == ("DRAFT-5", NOTE)
    return revised


def test_an_older_draft_of_a_revision_is_still_issued(drafted: Shop) -> None:
    drafted.add("limits", id=1, project="P", amount=30000)

    assert issue_draft(drafted.store, "DRAFT-5", actor=MARCH).number == SECOND
    assert paper(drafted, SECOND).issue_date == day("2026-03-02")
    assert drafted.problems() == ()


def test_an_older_draft_of_a_revision_is_not_dated_before_its_note(drafted: Shop) -> None:
    with pytest.raises(RunRefused) as refused:
        issue_draft(drafted.store, "DRAFT-5", issue_date=day("2026-03-01"), actor=MARCH)

    assert [fault.code for fault in refused.value.faults] == ["PRO-30"]


def test_a_revision_is_not_dated_before_its_note(revised: Shop) -> None:
    with pytest.raises(RunRefused) as refused:
        released(revised, NUMBER, MARCH, issue_date=day("2026-03-01"))

    assert [fault.code for fault in refused.value.faults] == ["PRO-30"]
    assert state(revised, "E1") == FIRST


def test_a_revision_put_back_is_not_dated_before_its_note_either(revised: Shop) -> None:
    released(revised, NUMBER, MARCH)
    void(revised.store, SECOND, "wrong", actor=MARCH)

    with pytest.raises(RunRefused) as refused:
        released(revised, NUMBER, MARCH, issue_date=day("2026-03-01"))

    assert "PRO-30" in [fault.code for fault in refused.value.faults]


def test_a_revision_below_zero_inherits_no_frame_order(shop: Shop) -> None:
    by_pro_forma(shop)
    shop.order("FO", "10")
    shop.time("E1", hours="8")
    released(shop, run(shop), frame_order="FO")
    correct_pro_forma(shop.store, NUMBER, "anew", actor=ANN)
    taken = NewLine(task="T", description="Rebate", quantity=D(1), amount=D(-900))
    add_line(shop.store, NUMBER, taken, actor=ANN)

    assert released(shop, NUMBER).document == "CN-2026-00002"
    assert shop.rows("SELECT drawn FROM draw_downs") == [(80000,), (-80000,)]
    assert shop.problems() == ()


def test_goodwill_is_named_when_its_invoice_is_corrected_and_replaced(sent: Shop) -> None:
    credit_money(sent.store, FIRST, 1, D(50), "sorry", actor=ANN)

    made = correct_pro_forma(sent.store, NUMBER, "anew", actor=ANN, request="r")
    again = correct_pro_forma(sent.store, NUMBER, "anew", actor=ANN, request="r")
    done = released(sent, NUMBER)

    (told,) = made.warnings
    assert (told.code, told.level, again.warnings) == ("PRO-31", "warning", made.warnings)
    assert told.message.startswith(f"50.00 EUR net of {FIRST} was credited")
    assert done.warnings == made.warnings
    assert paper(sent, SECOND).subtotal == 300


def test_no_goodwill_is_no_warning(sent: Shop) -> None:
    credit(sent.store, FIRST, becomes=Becomes.BILL, reason="x", entries=["E1"], actor=ANN)

    assert correct_pro_forma(sent.store, NUMBER, "anew", actor=ANN).warnings == ()


def test_a_version_that_has_moved_on_is_not_corrected(sent: Shop) -> None:
    with pytest.raises(ProFormaMovedOn):
        correct_pro_forma(sent.store, NUMBER, "anew", version=1, actor=ANN)


def test_a_revision_can_be_corrected_in_turn(revised: Shop) -> None:
    released(revised, NUMBER)
    correct_pro_forma(revised.store, NUMBER, "once more", actor=ANN)

    made = released(revised, NUMBER)

    assert (made.document, made.note) == ("INV-2026-00003", "CN-2026-00002")
    assert revised.problems() == ()


def test_a_revision_does_not_hold_up_later_runs(revised: Shop) -> None:
    revised.time("E3", on="2026-02-03")

    later = run(revised, "2026-02-28", MARCH)

    assert released(revised, later, MARCH).document == SECOND


# Taken back.


def test_a_deleted_revision_frees_only_what_it_added(revised: Shop) -> None:
    revised.time("E3", on="2026-01-09")
    upload(revised.store, NUMBER, actor=ANN)

    delete(revised.store, NUMBER, actor=ANN)

    assert (state(revised, "E1"), state(revised, "E3")) == (FIRST, "open")
    assert shown(revised, NUMBER).state is ProFormaState.CLOSED
    assert revised.problems() == ()


def test_a_void_of_the_new_invoice_puts_the_revision_back(revised: Shop) -> None:
    released(revised, NUMBER)

    void(revised.store, SECOND, "wrong", actor=ANN)

    one = shown(revised, NUMBER)
    assert (one.revision, one.state, one.put_back) == (2, ProFormaState.ON_HOLD, True)
    assert state(revised, "E1") == NUMBER
    assert revised.problems() == ()


def test_a_revision_put_back_is_released_without_another_note(revised: Shop) -> None:
    released(revised, NUMBER)
    void(revised.store, SECOND, "wrong", actor=ANN)

    made = released(revised, NUMBER)

    assert (made.document, made.note) == ("INV-2026-00003", None)
    assert revised.problems() == ()


def test_a_deleted_draft_of_a_revision_leaves_its_entries_with_the_revision(
    drafted: Shop,
) -> None:
    delete_draft(drafted.store, "DRAFT-5", actor=MARCH)

    assert state(drafted, "E1") == NUMBER
    assert drafted.problems() == ()


def test_an_invoice_that_a_revision_rests_on_is_not_voided(revised: Shop) -> None:
    with pytest.raises(RevisionRests, match=f"{FIRST} cannot be voided"):
        void(revised.store, FIRST, "wrong", actor=ANN)


def test_an_invoice_that_a_revision_rests_on_is_not_credited(revised: Shop) -> None:
    with pytest.raises(RevisionRests, match="cannot be credited"):
        credit(revised.store, FIRST, becomes=Becomes.BILL, reason="wrong", actor=ANN)
    with pytest.raises(RevisionRests, match="cannot be credited"):
        credit_money(revised.store, FIRST, 1, D(10), "sorry", actor=ANN)


def test_the_old_invoice_of_a_released_revision_has_nothing_left(revised: Shop) -> None:
    released(revised, NUMBER)

    with pytest.raises(NothingToCredit):
        void(revised.store, FIRST, "wrong", actor=ANN)


# Remainders.


def for_engine(shop: Shop) -> Review:
    """Return what a run of project P would take up to the end of February."""
    with shop.store.reading() as connection:
        return loaded(connection, "ACME", day("2026-02-28"), "P", for_engine=True)


@pytest.fixture
def held(shop: Shop) -> Shop:
    """An invoice that billed 120.00 of 200.00, and holds the rest back."""
    by_pro_forma(shop)
    shop.time("E1", hours="2")
    invoiced(shop, amount=D(120))
    return shop


def test_a_release_of_a_revision_cancels_the_old_remainder(held: Shop) -> None:
    correct_pro_forma(held.store, NUMBER, "anew", actor=ANN)
    typed(held, NUMBER, amount=D(150))

    released(held, NUMBER)

    assert state(held, f"R:{FIRST}:1") == "cancelled"
    assert held.value(f"SELECT face_amount FROM entries WHERE id = 'R:{SECOND}:1'") == 5000
    assert held.problems() == ()


def test_a_correction_is_refused_once_the_remainder_was_billed(held: Shop) -> None:
    later = invoiced(held, "2026-02-28", MARCH)

    with pytest.raises(RemainderSettled, match=f"cannot be corrected: .* is billed on {later}"):
        correct_pro_forma(held.store, NUMBER, "anew", actor=MARCH)


@pytest.mark.parametrize("opens", [False, True])
def test_a_remainder_of_an_invoice_that_is_corrected_is_billed_by_nobody(
    held: Shop, *, opens: bool
) -> None:
    correct_pro_forma(held.store, NUMBER, "anew", actor=ANN)
    if opens:
        opened(held, NUMBER)

    review = for_engine(held)

    assert [row.entry.id for row in review.rows] == []
    (left,) = [one for one in review.left_out if one.entry.id == f"R:{FIRST}:1"]
    assert left.wording.startswith(f"already on {NUMBER}")


def test_a_remainder_is_not_uploaded_onto_the_revision_that_cancels_it(held: Shop) -> None:
    correct_pro_forma(held.store, NUMBER, "anew", actor=ANN)

    with pytest.raises(NothingToUpload):
        upload(held.store, NUMBER, actor=MARCH)
    with pytest.raises(RunRefused) as refused:
        upload(held.store, NUMBER, [f"R:{FIRST}:1"], actor=MARCH)

    (told,) = refused.value.faults
    assert f"already on {NUMBER}" in told.message


def test_a_later_run_does_not_stop_the_release_of_a_revision(held: Shop) -> None:
    correct_pro_forma(held.store, NUMBER, "anew", actor=ANN)
    held.time("E2", on="2026-02-03")
    later = invoiced(held, "2026-02-28", MARCH)

    assert [one.entry for one in paper(held, later).billed] == ["E2"]
    assert released(held, NUMBER, MARCH).note == NOTE
    assert held.problems() == ()


def test_the_remainder_can_be_billed_again_once_the_revision_is_deleted(held: Shop) -> None:
    correct_pro_forma(held.store, NUMBER, "anew", actor=ANN)
    delete(held.store, NUMBER, actor=ANN)

    assert [row.entry.id for row in for_engine(held).rows] == [f"R:{FIRST}:1"]


def test_a_reversal_is_carried_over_to_the_new_invoice(held: Shop) -> None:
    invoiced(held, "2026-02-28", MARCH)
    correct_pro_forma(held.store, "PF-00002", "anew", actor=on("2026-03-05"))

    released(held, "PF-00002", on("2026-03-05"))

    reversal = held.rows(f"SELECT state, date FROM entries WHERE id = 'R:{FIRST}:1:x'")
    assert reversal == [("open", "2026-03-05")]
    assert held.problems() == ()
