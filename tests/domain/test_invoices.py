"""Documents: what their events make of them, and which steps they allow."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import day
from timix_xl.domain.invoices import TRANSITIONS, PaidState, Status, paid_state

DUE, LATE = day("2026-03-02"), day("2026-03-03")


def state(
    total: str = "100", paid: str = "0", credited: str = "0", refunded: str = "0", on: object = DUE
) -> PaidState:
    numbers = {"paid": D(paid), "credited": D(credited), "refunded": D(refunded)}
    return paid_state(total=D(total), **numbers, due=DUE, today=on)


def test_nothing_paid_by_the_due_date_is_open() -> None:
    assert state() is PaidState.OPEN


def test_the_day_after_the_due_date_it_is_overdue() -> None:
    assert state(on=LATE) is PaidState.OVERDUE


def test_a_part_payment_shows() -> None:
    assert state(paid="40") is PaidState.PART_PAID


def test_part_paid_and_late_is_overdue() -> None:
    assert state(paid="40", on=LATE) is PaidState.OVERDUE


def test_paid_in_full_is_paid_however_late() -> None:
    assert state(paid="100", on=LATE) is PaidState.PAID


def test_paid_too_much_is_paid() -> None:
    assert state(paid="120") is PaidState.PAID


def test_a_refund_makes_it_owed_again() -> None:
    assert state(paid="100", refunded="30") is PaidState.PART_PAID


def test_credited_in_full_is_credited_before_all_else() -> None:
    assert state(credited="100", paid="100", on=LATE) is PaidState.CREDITED


def test_credited_in_part_and_the_rest_paid_is_paid() -> None:
    assert state(credited="40", paid="60") is PaidState.PAID


def test_an_invoice_of_zero_is_settled_when_issued() -> None:
    assert state(total="0", on=LATE) is PaidState.PAID


MONEY = st.integers(0, 300).map(D)


@given(MONEY, MONEY)
def test_late_money_is_paid_exactly_when_nothing_is_outstanding(total: D, paid: D) -> None:
    assert (state(str(total), str(paid), on=LATE) is PaidState.PAID) is (paid >= total)


@pytest.mark.parametrize(
    ("start", "ends"),
    [
        ("draft", {"issued"}),
        ("issued", {"sent", "void"}),
        ("sent", {"void"}),
        ("void", set()),
    ],
)
def test_the_transition_table_allows_these_steps_and_no_other(start: str, ends: set[str]) -> None:
    assert TRANSITIONS[Status(start)] == ends
