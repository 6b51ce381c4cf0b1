"""Numbers, dates and bank details in words and figures."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timix_xl.documents.faces import BOLD, REGULAR, covered, text_width
from timix_xl.documents.notation import country, grouped, notation
from timix_xl.documents.refusals import LocaleUnknown
from timix_xl.documents.typesetting import clipped, one_line, wrapped

ENGLISH = notation("en", covered())


@pytest.mark.parametrize(
    ("value", "quantity", "price"),
    [
        ("7.5000", "7.5", "7.50"),
        ("150", "150", "150.00"),
        ("33.333333", "33.333333", "33.333333"),
        ("-1234.5", "-1,234.5", "-1,234.50"),
        ("0.0000", "0", "0.00"),
        ("1E+3", "1,000", "1,000.00"),
    ],
)
def test_every_decimal_used_is_written(value: str, quantity: str, price: str) -> None:
    assert ENGLISH.quantity(Decimal(value)) == quantity
    assert ENGLISH.price(Decimal(value), "EUR") == price


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=6))
def test_a_written_price_reads_back_as_it_was(value: Decimal) -> None:
    assert Decimal(ENGLISH.price(value, "EUR").replace(",", "")) == value


def test_a_negative_amount_has_a_minus_that_can_be_printed() -> None:
    for locale in ("sv", "fa", "lt", "sl", "he"):
        written = notation(locale, covered()).money(Decimal("-5.50"), "EUR")
        assert "-" in written
        assert set(written) <= covered()


def test_a_date_in_a_script_that_cannot_be_printed_is_written_in_figures() -> None:
    assert notation("ar", covered()).day(date(2026, 1, 31)) == "2026-01-31"


@pytest.mark.parametrize("locale", ["xx", "", "english", "../de"])
def test_an_unknown_locale_is_named(locale: str) -> None:
    with pytest.raises(LocaleUnknown, match="is not known") as refused:
        notation(locale, covered())
    assert refused.value.code == "EXP-03"


def test_an_iban_is_written_in_groups_of_four() -> None:
    assert grouped("BE68 539007547034") == "BE68 5390 0754 7034"


def test_a_country_without_a_name_is_its_code() -> None:
    assert (country("CH"), country("ZZZ")) == ("Switzerland", "ZZZ")


@given(st.text(alphabet="ab \n", max_size=200), st.sampled_from([REGULAR, BOLD]))
def test_no_wrapped_line_is_too_wide_and_no_letter_is_lost(text: str, font: str) -> None:
    lines = wrapped(text, font, 9, 40)
    assert all(text_width(line, font, 9) <= 40.001 for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_what_is_cut_ends_in_an_ellipsis() -> None:
    assert clipped(["a", "b", "c"], 2) == ["a", "b…"]
    short = one_line("one two\nthree four", REGULAR, 9, 40)
    assert short.endswith("…")
    assert text_width(short, REGULAR, 9) <= 40
