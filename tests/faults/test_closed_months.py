"""What verify says of a closed month that somebody has got at, with the guards taken away."""

import pytest

from tests.builders import ANN, Shop, day, on
from timix_xl.billing.close import close, reopen
from timix_xl.domain.periods import ClosingKind
from timix_xl.store import closings, life
from timix_xl.store.documents import EventKind

CLOSING = on("2026-02-02")


@pytest.fixture
def closed(shop: Shop) -> Shop:
    """E1 billed in January, E2 open at its end; January closed; no guard is left."""
    shop.time("E1")
    shop.issue()
    shop.time("E2", hours="2")
    close(shop.store, "2026-01", actor=CLOSING)
    return shop.unguarded()


def found(shop: Shop) -> list[tuple[str, str]]:
    return [(one.code, one.where) for one in shop.problems() if one.code != "VERIFY-02"]


def test_a_whole_store_has_no_problem(closed: Shop) -> None:
    assert found(closed) == []


def test_wip_that_was_changed_after_the_close_is_found(closed: Shop) -> None:
    closed.force("UPDATE closing_entries SET amount = 1")
    assert found(closed) == [("VERIFY-30", "month 2026-01"), ("VERIFY-33", "month 2026-01")]


def test_wip_that_was_added_without_a_close_is_found(closed: Shop) -> None:
    closed.force("INSERT INTO closing_entries VALUES (7, 'E2', 1, 1)")
    assert ("VERIFY-30", "closing_entries 7") in found(closed)


@pytest.mark.parametrize(
    ("month", "until", "kind"),
    [
        ("2026-03", "2026-03-31", ClosingKind.CLOSE),
        ("2026-02", "2026-02-20", ClosingKind.CLOSE),
        ("2025-12", "2025-12-31", ClosingKind.REOPEN),
    ],
    ids=["a month too far", "not its last day", "never closed"],
)
def test_months_out_of_turn_are_found(
    closed: Shop, month: str, until: str, kind: ClosingKind
) -> None:
    with closed.store.writing() as connection:
        closings.save_closing(connection, month, day(until), kind, ANN, figures={})
    assert ("VERIFY-31", "closings 2") in found(closed)


def test_an_event_that_was_slipped_into_a_closed_month_is_found(closed: Shop) -> None:
    with closed.store.writing() as connection:
        life.save_event(connection, 1, EventKind.PAID, day("2026-01-31"), ANN, amount=100)
    assert found(closed) == [("VERIFY-32", "events 2")]


def test_an_event_of_a_month_that_was_open_again_is_fine(closed: Shop) -> None:
    reopen(closed.store, "2026-01", "forgotten", actor=CLOSING)
    with closed.store.writing() as connection:
        life.save_event(connection, 1, EventKind.PAID, day("2026-01-31"), ANN, amount=100)
    close(closed.store, "2026-01", actor=CLOSING)

    assert found(closed) == []


@pytest.mark.parametrize(
    "change",
    ["UPDATE entries SET wip_from = '2026-02-01' WHERE id = 'E2'", "DELETE FROM entries"],
    ids=["moved", "deleted"],
)
def test_work_that_was_taken_out_of_a_closed_month_is_found(closed: Shop, change: str) -> None:
    closed.force(change)
    assert ("VERIFY-33", "month 2026-01") in found(closed)


def test_an_entry_that_nothing_wrote_off_is_found(closed: Shop) -> None:
    closed.force("UPDATE entries SET state = 'written_off' WHERE id = 'E2'")
    assert ("VERIFY-34", "entry E2") in found(closed)
