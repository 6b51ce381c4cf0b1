"""The pace of a frame order: by the last ninety days, or by those since it is there."""

import pytest

from tests.builders import D, day
from timix_xl.domain.burn import Burn, Draw, burned
from timix_xl.domain.frame_orders import FrameOrder

DAY = day("2026-06-30")


def burn(*draws: tuple[str, str], total: str = "100", **facts: object) -> Burn:
    order = FrameOrder(
        number="FO",
        customer="ACME",
        unit="h",
        total=D(total),
        drawn=sum((D(drawn) for _, drawn in draws), D(0)),
        **facts,  # type: ignore[arg-type]
    )
    return burned(order, [Draw(day(on), D(drawn)) for on, drawn in draws], DAY)


def test_what_was_drawn_before_the_last_ninety_days_does_not_tell_the_pace() -> None:
    assert burn(("2026-01-31", "50"), ("2026-04-01", "40"), ("2026-04-02", "9")).per_day == D("0.1")


def test_a_younger_order_is_judged_by_the_days_since_its_first_draw() -> None:
    assert burn(("2026-05-22", "10")).per_day == D("0.25")


def test_an_order_that_was_valid_before_is_judged_by_the_days_since_then() -> None:
    assert burn(("2026-06-21", "10"), valid_from=day("2026-05-12")).per_day == D("0.2")


def test_the_first_invoice_of_an_order_is_a_months_pace_not_a_days() -> None:
    assert burn(("2026-06-30", "15")).per_day == D("0.5")


def test_the_end_is_the_day_on_which_nothing_is_left() -> None:
    assert burn(("2026-06-21", "10"), total="20.5").runs_out == day("2026-08-01")


def test_what_lasts_beyond_its_validity_says_so() -> None:
    one = burn(("2026-06-21", "10"), valid_to=day("2026-07-31"))
    assert one.lasts


@pytest.mark.parametrize(
    ("draws", "total"),
    [
        ([], "100"),
        ([("2026-01-31", "50")], "100"),
        ([("2026-06-01", "5"), ("2026-06-20", "-5")], "100"),
        ([("2026-06-21", "100")], "100"),
    ],
    ids=["never drawn", "not drawn lately", "given back", "nothing left"],
)
def test_without_a_pace_or_anything_left_there_is_no_end(
    draws: list[tuple[str, str]], total: str
) -> None:
    assert burn(*draws, total=total).runs_out is None


def test_a_pace_that_lasts_for_ever_does_not_run_off_the_calendar() -> None:
    one = burn(("2026-06-30", "0.0001"), total="1000000000")
    assert one.runs_out is not None
    assert one.runs_out.year == 9999


def test_a_month_without_draws_stands_between_others() -> None:
    months = burn(("2026-04-10", "1"), ("2026-06-10", "2")).months
    assert [(one.first.month, one.drawn, one.remaining) for one in months] == [
        (3, D(0), D(100)),
        (4, D(1), D(99)),
        (5, D(0), D(99)),
        (6, D(2), D(97)),
    ]
