"""Restore: written-off entries come back to the unbilled work."""

import pytest

from tests.builders import ANN, BILLING_DATE, BOB, Shop, day, on
from timix_xl.billing.credit import credit
from timix_xl.billing.draft import save_draft
from timix_xl.billing.plan import RunOptions
from timix_xl.billing.restore import restore
from timix_xl.domain.invoices import Becomes
from timix_xl.domain.periods import ClosingKind
from timix_xl.errors import (
    EntriesNotThere,
    NotWrittenOff,
    PeriodClosed,
    ReasonMissing,
    RequestReused,
)
from timix_xl.store import closings


@pytest.fixture
def written_off(shop: Shop) -> Shop:
    """E1 and E2 are written off, E3 is billed, E4 deferred."""
    shop.time("E1", "E2", "E3", "E4")
    shop.issue(paper=shop.paper({"E1": "Write off", "E2": "Write off", "E4": "Defer"}))
    return shop


def test_a_restored_entry_is_unbilled_again(written_off: Shop) -> None:
    restore(written_off.store, ["E1"], "billable after all", actor=BOB)
    assert [row.entry.id for row in written_off.load().rows] == ["E1", "E4"]
    assert written_off.problems() == ()


def test_a_restored_entry_can_be_billed(written_off: Shop) -> None:
    restore(written_off.store, ["E1"], "billable after all", actor=BOB)
    written_off.issue()
    assert written_off.problems() == ()


def test_a_restored_entry_can_be_written_off_and_restored_again(written_off: Shop) -> None:
    restore(written_off.store, ["E1"], "first thought", actor=BOB)
    written_off.issue(paper=written_off.paper({"E1": "Write off", "E4": "Defer"}))
    assert written_off.problems() == ()
    restore(written_off.store, ["E1"], "second thought", actor=BOB)
    assert written_off.problems() == ()


def test_who_restored_what_and_why_is_kept(written_off: Shop) -> None:
    restore(written_off.store, ["E1", "E2"], " billable after all ", actor=BOB)
    found = written_off.rows("SELECT entry, kind, date, reason, by FROM entry_events ORDER BY id")
    common = ("restored", "2026-02-01", "billable after all", "bob")
    assert found == [("E1", *common), ("E2", *common)]


def test_a_restore_is_in_the_log(written_off: Shop) -> None:
    restore(written_off.store, ["E1"], "after all", actor=BOB)
    found = written_off.rows("SELECT by, action, object FROM audit_log ORDER BY id DESC LIMIT 1")
    assert found == [("bob", "restore", "entry E1")]


def test_an_entry_that_is_named_twice_is_restored_once(written_off: Shop) -> None:
    assert restore(written_off.store, ["E1", "E1"], "after all", actor=BOB) == ("E1",)
    assert written_off.value("SELECT count(*) FROM entry_events") == 1


def test_the_same_request_restores_once(written_off: Shop) -> None:
    for _ in range(2):
        restore(written_off.store, ["E1"], "after all", actor=BOB, request="r9")
    assert written_off.value("SELECT count(*) FROM entry_events") == 1


def test_a_request_is_not_used_for_another_restore(written_off: Shop) -> None:
    restore(written_off.store, ["E1"], "after all", actor=BOB, request="r9")
    with pytest.raises(RequestReused):
        restore(written_off.store, ["E2"], "after all", actor=BOB, request="r9")


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_restore_needs_a_reason(written_off: Shop, reason: str) -> None:
    with pytest.raises(ReasonMissing, match="Restoring E1"):
        restore(written_off.store, ["E1"], reason, actor=BOB)


def test_every_unknown_entry_is_named_and_none_is_restored(written_off: Shop) -> None:
    with pytest.raises(EntriesNotThere, match="E8, E9"):
        restore(written_off.store, ["E1", "E8", "E9"], "after all", actor=BOB)
    assert written_off.value("SELECT state FROM entries WHERE id = 'E1'") == "written_off"


def test_every_entry_that_is_not_written_off_is_named_with_where_it_is(written_off: Shop) -> None:
    with pytest.raises(
        NotWrittenOff, match=r"E3 \(billed on INV-2026-00001\), E4 \(not billed yet\)"
    ):
        restore(written_off.store, ["E1", "E3", "E4"], "after all", actor=BOB)
    assert written_off.value("SELECT state FROM entries WHERE id = 'E1'") == "written_off"


def test_an_entry_on_a_draft_is_not_restored(shop: Shop) -> None:
    shop.time("E1")
    save_draft(shop.store, "ACME", BILLING_DATE, RunOptions(), actor=ANN)
    with pytest.raises(NotWrittenOff, match=r"E1 \(on DRAFT-1\)"):
        restore(shop.store, ["E1"], "after all", actor=BOB)


def test_an_entry_that_a_credit_note_wrote_off_can_be_restored(shop: Shop) -> None:
    shop.time("E1")
    shop.issue()
    number, fate = "INV-2026-00001", Becomes.WRITE_OFF
    credit(shop.store, number, becomes=fate, reason="wrong", actor=BOB)
    restore(shop.store, ["E1"], "after all", actor=BOB)
    assert [row.entry.id for row in shop.load().rows] == ["E1"]
    assert shop.problems() == ()


def test_nothing_is_restored_in_a_closed_month(written_off: Shop) -> None:
    with written_off.store.writing() as connection:
        until = day("2026-02-28")
        closings.save_closing(connection, "2026-02", until, ClosingKind.CLOSE, ANN)
    with pytest.raises(PeriodClosed, match="Restoring E1"):
        restore(written_off.store, ["E1"], "after all", actor=BOB)
    restore(written_off.store, ["E1"], "after all", actor=on("2026-03-01"))


def test_a_state_that_no_event_explains_is_named(written_off: Shop) -> None:
    written_off.change("entries", {"id": "E1"}, state="open")
    assert ("VERIFY-14", "entry E1") in {(one.code, one.where) for one in written_off.problems()}


def test_an_entry_event_that_was_changed_is_named(written_off: Shop) -> None:
    restore(written_off.store, ["E1"], "after all", actor=BOB)
    written_off.force("UPDATE entry_events SET entry = 'E2'")
    assert {"VERIFY-11", "VERIFY-14"} <= {one.code for one in written_off.problems()}
