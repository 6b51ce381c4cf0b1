"""Frame orders: validity, balance, projection, what fits."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import day, priced
from timix_xl.domain.entries import Decision, Kind
from timix_xl.domain.frame_orders import FrameOrder, OrderState, Overrun, fit
from timix_xl.domain.pricing import PricedEntry

BILL, DEFER = Decision.BILL, Decision.DEFER


def order(total: str = "10", unit: str = "h", **facts: object) -> FrameOrder:
    return FrameOrder(number="FO", customer="ACME", unit=unit, total=D(total), **facts)


def work(*hours: str, **facts: object) -> list[PricedEntry]:
    return [
        priced(f"E{at}", quantity=D(one), date=day(f"2026-01-{at:02d}"), **facts)
        for at, one in enumerate(hours, start=1)
    ]


def camera(number: str, price: str = "50") -> PricedEntry:
    return priced(number, price, kind=Kind.MATERIAL, unit="pcs", person=None)


VALID = {"valid_from": day("2026-01-10"), "valid_to": day("2026-01-20")}


def remainder(covered_on: str) -> PricedEntry:
    facts = {"kind": Kind.REMAINDER, "date": day("2026-03-01"), "covered_on": day(covered_on)}
    return priced("R", "0", quantity=D(0), exact=D(50), **facts)


@pytest.mark.parametrize(
    ("on", "covered"),
    [
        ("2026-01-09", False),
        ("2026-01-10", True),
        ("2026-01-20", True),
        ("2026-01-21", False),
    ],
)
def test_both_ends_of_the_validity_are_inclusive(on: str, *, covered: bool) -> None:
    assert order(**VALID).covers(day(on)) is covered


def test_an_order_without_dates_covers_every_day() -> None:
    assert order().covers(day("1999-12-31"))


def test_what_remains_is_the_total_less_the_opening_use_less_the_draw_downs() -> None:
    assert order("100", billed_before=D(30), drawn=D("12.5")).remaining == D("57.5")


def test_utilization_counts_the_opening_use_and_has_two_decimals() -> None:
    assert order("300", billed_before=D(99), drawn=D(1)).percent == D("33.33")


def test_an_overrun_shows_more_than_a_hundred_percent() -> None:
    assert order("10", drawn=D("12")).percent == D("120.00")


def test_an_hour_pool_is_drawn_by_the_hours_of_time_only() -> None:
    assert order().draw([*work("2", "1.5"), camera("M")], D(400)) == D("3.5")


def test_a_money_pool_is_drawn_by_the_net_amount() -> None:
    assert order("900", "EUR").draw([*work("2"), camera("M")], D("250.10")) == D("250.10")


def test_non_billable_time_draws_no_hours() -> None:
    assert order().draw(work("2", billable=False), D(0)) == D(0)


def test_material_outside_the_validity_of_an_hour_pool_is_no_matter() -> None:
    assert order(**VALID).outside_validity([camera("M")]) == []


def test_material_outside_the_validity_of_a_money_pool_is_named() -> None:
    found = order("900", "EUR", **VALID).outside_validity([camera("M")])
    assert [each.entry.id for each in found] == ["M"]


@pytest.mark.parametrize(
    ("facts", "on", "state"),
    [
        ({}, "2026-01-15", "open"),
        ({"state": OrderState.CLOSED}, "2026-01-15", "closed"),
        ({"drawn": D(10)}, "2026-01-15", "used_up"),
        (VALID, "2026-01-21", "expired"),
        (VALID, "2026-01-09", "not_yet_valid"),
        (VALID, "2026-01-20", "open"),
        (VALID | {"drawn": D(10)}, "2026-01-21", "used_up"),
    ],
)
def test_the_state_on_a_day_comes_from_balance_and_validity(
    facts: dict[str, object], on: str, state: str
) -> None:
    assert order(**facts).state_on(day(on)) == state


@pytest.mark.parametrize(("on", "named"), [("2026-01-20", []), ("2026-01-21", ["R"])])
def test_a_remainder_is_judged_by_the_work_that_it_is_left_of(on: str, named: list[str]) -> None:
    found = order(unit="EUR", **VALID).outside_validity([remainder(on)])
    assert [each.entry.id for each in found] == named


def test_a_remainder_draws_no_hours() -> None:
    assert order(**VALID).outside_validity([remainder("2026-01-21")]) == []
    assert order().draw([remainder("2026-01-15")], D(50)) == 0


def test_an_hour_pool_is_drawn_by_the_hours_that_a_rule_bills() -> None:
    assert order().draw([priced("E1", quantity=D(3), charged=D(4))], D(400)) == D(4)


def test_what_is_information_draws_on_no_order() -> None:
    free = priced("E1", billable=False, date=day("2026-01-01"))
    assert order(**VALID).outside_validity([free]) == []


def test_fitting_bills_the_oldest_until_the_next_no_longer_fits() -> None:
    assert fit(order("5"), work("2", "3", "1"), set()).decisions == {
        "E1": BILL,
        "E2": BILL,
        "E3": DEFER,
    }


def test_after_the_first_that_does_not_fit_a_smaller_one_is_deferred_too() -> None:
    assert fit(order("5"), work("2", "4", "1"), set()).decisions["E3"] is DEFER


def test_fitting_names_the_first_that_did_not_fit() -> None:
    first_over = fit(order("5"), work("2", "4", "1"), set()).first_over
    assert first_over is not None
    assert first_over.entry.id == "E2"


def test_everything_that_fits_leaves_none_to_name() -> None:
    assert fit(order("6"), work("2", "3", "1"), set()).first_over is None


def test_fitting_takes_entries_by_date_whatever_their_order() -> None:
    assert fit(order("2"), list(reversed(work("2", "1"))), set()).decisions["E1"] is BILL


def test_fitting_defers_what_lies_outside_the_validity() -> None:
    valid = order("9", valid_from=day("2026-01-02"))
    assert fit(valid, work("2", "3"), set()).decisions == {"E1": DEFER, "E2": BILL}


def test_an_entry_outside_the_validity_does_not_stop_the_fit() -> None:
    assert fit(order("3", valid_from=day("2026-01-02")), work("9", "3"), set()).first_over is None


def test_fitting_leaves_written_off_rows_alone() -> None:
    assert fit(order("3"), work("2", "3"), {"E1"}).decisions == {"E2": BILL}


def test_fitting_an_hour_pool_leaves_material_alone() -> None:
    assert fit(order("3"), [*work("2"), camera("M")], set()).decisions == {"E1": BILL}


def test_fitting_a_money_pool_takes_material_by_its_amount() -> None:
    money = order("260", "EUR")
    assert fit(money, [*work("2"), camera("M", "70")], set()).decisions == {
        "E1": BILL,
        "M": DEFER,
    }


def test_a_negative_entry_makes_room_for_what_comes_after_it() -> None:
    assert fit(order("4"), work("3", "-2", "3"), set()).decisions["E3"] is BILL


def test_the_opening_use_leaves_less_room_to_fit() -> None:
    assert fit(order("5", billed_before=D(4)), work("2"), set()).decisions == {"E1": DEFER}


@given(st.lists(st.decimals("-5", "10", places=4).map(str), max_size=12), st.integers(1, 40))
def test_what_was_fitted_never_overdraws_the_order(hours: list[str], total: int) -> None:
    pool, entries = order(str(total)), work(*hours)
    decisions = fit(pool, entries, set()).decisions
    billed = [each for each in entries if decisions[each.entry.id] is BILL]
    assert pool.draw(billed, D(0)) <= pool.remaining


@given(st.lists(st.decimals("0", "10", places=4).map(str), max_size=12), st.integers(1, 40))
def test_the_fit_is_the_longest_run_of_the_oldest_entries(hours: list[str], total: int) -> None:
    made = fit(order(str(total)), work(*hours), set())
    billed = [number for number, choice in made.decisions.items() if choice is BILL]
    assert billed == [f"E{at}" for at in range(1, len(billed) + 1)]
    if made.first_over:
        need = sum(D(one) for one in hours[: len(billed) + 1])
        assert need > total


def test_a_correction_fits_an_order_that_is_overdrawn_already() -> None:
    order = FrameOrder(
        number="FO", customer="ACME", unit="h", total=D(1), drawn=D(6), overrun=Overrun.WARN
    )

    assert fit(order, [priced("E1", quantity=D(-1))], set()).first_over is None
