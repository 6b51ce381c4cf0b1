"""Money: rounding half up, currencies, and allocation that loses no cent."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timix_xl.domain.money import (
    allocate,
    from_minor,
    in_minor,
    minor_unit,
    plain,
    plain_money,
    quantized,
    rounded,
    scaled,
    total,
    unscaled,
)

CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD", "CLF"])
EXACT = st.decimals(-100_000, 100_000, places=10, allow_nan=False)
PARTS = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), EXACT, min_size=1, max_size=9)


@pytest.mark.parametrize(
    ("exact", "currency", "expected"),
    [
        ("0.005", "EUR", "0.01"),
        ("-0.005", "EUR", "-0.01"),
        ("2.675", "EUR", "2.68"),
        ("0.5", "JPY", "1"),
        ("-0.5", "JPY", "-1"),
        ("1.0005", "KWD", "1.001"),
        ("2.5", "JPY", "3"),
    ],
)
def test_half_a_minor_unit_rounds_away_from_zero(exact: str, currency: str, expected: str) -> None:
    assert str(rounded(D(exact), currency)) == expected


def test_a_small_negative_amount_does_not_become_minus_zero() -> None:
    assert str(rounded(D("-0.001"), "EUR")) == "0.00"


@given(EXACT, CURRENCIES)
def test_rounding_moves_an_amount_by_at_most_half_a_minor_unit(exact: D, currency: str) -> None:
    assert abs(rounded(exact, currency) - exact) <= minor_unit(currency) / 2


@given(EXACT, CURRENCIES)
def test_a_correction_rounds_to_exactly_what_it_corrects(exact: D, currency: str) -> None:
    assert rounded(-exact, currency) == -rounded(exact, currency)


@given(PARTS, CURRENCIES)
def test_allocation_loses_no_minor_unit(exact: dict[str, D], currency: str) -> None:
    amount = rounded(total(exact.values()), currency)
    assert total(allocate(amount, exact, currency).values()) == amount


@given(PARTS, CURRENCIES)
def test_every_part_of_an_allocation_is_a_whole_number_of_minor_units(
    exact: dict[str, D], currency: str
) -> None:
    amount = rounded(total(exact.values()), currency)
    parts = allocate(amount, exact, currency)
    assert all(part == rounded(part, currency) for part in parts.values())


@given(PARTS, CURRENCIES)
def test_no_part_moves_by_more_than_one_minor_unit(exact: dict[str, D], currency: str) -> None:
    parts = allocate(rounded(total(exact.values()), currency), exact, currency)
    assert all(abs(parts[key] - exact[key]) <= minor_unit(currency) * D("1.5") for key in exact)


@given(PARTS, CURRENCIES)
def test_an_allocation_does_not_depend_on_the_order_of_its_keys(
    exact: dict[str, D], currency: str
) -> None:
    amount = rounded(total(exact.values()), currency)
    backwards = dict(reversed(list(exact.items())))
    assert allocate(amount, exact, currency) == allocate(amount, backwards, currency)


@given(PARTS)
def test_the_allocation_of_a_credit_mirrors_that_of_its_invoice(exact: dict[str, D]) -> None:
    amount = rounded(total(exact.values()), "EUR")
    mirrored = allocate(-amount, {key: -value for key, value in exact.items()}, "EUR")
    assert mirrored == {key: -part for key, part in allocate(amount, exact, "EUR").items()}


def test_a_missing_cent_goes_to_the_largest_residual() -> None:
    exact = {"a": D("0.331"), "b": D("0.334"), "c": D("0.334")}
    assert allocate(D("1.00"), exact, "EUR") == {"a": D("0.33"), "b": D("0.34"), "c": D("0.33")}


def test_equal_residuals_are_settled_by_id() -> None:
    exact = {"E2": D("0.333"), "E10": D("0.333"), "E1": D("0.333")}
    assert allocate(D("1.00"), exact, "EUR")["E1"] == D("0.34")


def test_a_cent_too_many_is_taken_from_the_one_rounded_up_most() -> None:
    exact = {"a": D("0.335"), "b": D("0.338"), "c": D("0.337")}
    assert allocate(D("1.01"), exact, "EUR") == {"a": D("0.33"), "b": D("0.34"), "c": D("0.34")}


def test_yen_are_allocated_in_whole_yen() -> None:
    exact = {"a": D("33.4"), "b": D("33.4"), "c": D("33.4")}
    assert allocate(D(100), exact, "JPY") == {"a": D(34), "b": D(33), "c": D(33)}


def test_dinars_are_allocated_in_fils() -> None:
    exact = {"a": D("0.3334"), "b": D("0.3334"), "c": D("0.3334")}
    assert allocate(D("1.000"), exact, "KWD")["a"] == D("0.334")


def test_negative_amounts_are_allocated_without_loss() -> None:
    exact = {"a": D("-0.333"), "b": D("-0.333"), "c": D("-0.333")}
    parts = allocate(D("-1.00"), exact, "EUR")
    assert parts == {"a": D("-0.34"), "b": D("-0.33"), "c": D("-0.33")}


@given(st.integers(-(10**15), 10**15), CURRENCIES)
def test_minor_units_read_back_as_they_were_written(number: int, currency: str) -> None:
    assert in_minor(from_minor(number, currency), currency) == number


@given(st.integers(-(10**15), 10**15), st.integers(0, 6))
def test_scaled_integers_read_back_as_they_were_written(number: int, places: int) -> None:
    assert scaled(unscaled(number, places), places) == number


def test_a_digit_more_than_the_column_holds_is_refused_rather_than_rounded() -> None:
    with pytest.raises(ValueError, match="more than 4 decimals"):
        scaled(D("0.33333"), 4)


def test_half_a_cent_is_no_amount_of_money() -> None:
    with pytest.raises(ValueError, match="more than 2 decimals"):
        in_minor(D("0.005"), "EUR")


@pytest.mark.parametrize(
    ("value", "text"),
    [("7.5000", "7.5"), ("100", "100"), ("1E+2", "100"), ("0.3333", "0.3333"), ("-2.0", "-2")],
)
def test_a_number_is_written_with_as_many_digits_as_it_needs(value: str, text: str) -> None:
    assert plain(D(value)) == text


@pytest.mark.parametrize(("currency", "text"), [("EUR", "7.50"), ("JPY", "8"), ("KWD", "7.500")])
def test_money_is_written_with_the_digits_of_its_currency(currency: str, text: str) -> None:
    assert plain_money(D("7.5"), currency) == text


def test_a_percentage_keeps_two_decimals_rounded_half_up() -> None:
    assert quantized(D("33.335"), 2) == D("33.34")
