"""Burn: how fast frame orders are used up, as of a day."""

import pytest

from tests.builders import D, Shop, day, on
from timix_xl.billing.burn import burn
from timix_xl.billing.void import void
from timix_xl.domain.burn import Burn
from timix_xl.errors import UnknownCustomer

TODAY = day("2026-02-20")


def order(shop: Shop, as_of: str | None = None) -> Burn:
    (only,) = burn(shop.store, today=TODAY, as_of=day(as_of) if as_of else None)
    return only


@pytest.fixture
def drawn(shop: Shop) -> Shop:
    """Forty hours; four drawn on 31 January, six on 10 February."""
    shop.order("FO", "40")
    shop.time("E1", hours="4")
    shop.issue(frame_order="FO")
    shop.time("E2", hours="6")
    shop.issue(frame_order="FO", issue_date=day("2026-02-10"))
    return shop


def test_draws_stand_by_month_with_what_was_left(drawn: Shop) -> None:
    months = [(one.first.month, one.drawn, one.remaining) for one in order(drawn).months]
    assert months == [(12, D(0), D(40)), (1, D(4), D(36)), (2, D(6), D(30))]


def test_the_pace_is_what_was_drawn_over_a_month_at_least(drawn: Shop) -> None:
    assert order(drawn).per_day == D("0.333333")


def test_an_order_runs_out_when_nothing_is_left_at_its_pace(drawn: Shop) -> None:
    assert order(drawn).runs_out == day("2026-05-21")


def test_what_is_dated_later_does_not_count_yet(drawn: Shop) -> None:
    one = order(drawn, "2026-02-09")
    assert (one.order.remaining, len(one.months), one.per_day) == (D(36), 2, D("0.133333"))


def test_a_void_gives_back_in_its_month(drawn: Shop) -> None:
    void(drawn.store, "INV-2026-00001", "wrong", actor=on("2026-02-20"))
    assert [one.drawn for one in order(drawn).months] == [D(0), D(4), D(2)]


def test_an_order_that_gets_back_more_than_it_gave_lately_has_no_pace(drawn: Shop) -> None:
    void(drawn.store, "INV-2026-00001", "wrong", actor=on("2026-06-20"))
    assert order(drawn, "2026-06-30").per_day == 0


def test_an_order_that_nobody_used_has_no_pace(shop: Shop) -> None:
    shop.order("FO", "40")
    one = order(shop)
    assert (one.months, one.per_day, one.runs_out) == ((), D(0), None)


def test_an_unknown_customer_is_refused(drawn: Shop) -> None:
    with pytest.raises(UnknownCustomer):
        burn(drawn.store, "NOBODY", today=TODAY)
