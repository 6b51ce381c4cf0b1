"""Number patterns: what they make, what is wrong with them, and whether two could collide."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timix_xl.domain.numbering import SeriesPattern

PATTERNS = st.sampled_from(
    ["INV-{year}-{seq:05d}", "{seq}", "R{seq:03d}/{year}", "A.{seq}-x", "{year}-{seq}"]
).map(SeriesPattern)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("INV-{year}-{seq:05d}", "INV-2026-00042"),
        ("{seq}", "42"),
        ("R{seq:03d}/{year}", "R042/2026"),
    ],
)
def test_a_pattern_makes_its_numbers(text: str, number: str) -> None:
    assert SeriesPattern(text).number(year=2026, seq=42) == number


def test_a_number_that_outgrows_its_padding_keeps_all_its_digits() -> None:
    assert SeriesPattern("N{seq:02d}").number(year=2026, seq=12345) == "N12345"


@given(PATTERNS, st.integers(1000, 9999), st.integers(1, 10**9))
def test_a_number_reads_back_as_its_year_and_place(
    pattern: SeriesPattern, year: int, seq: int
) -> None:
    number = pattern.number(year=year, seq=seq)
    assert pattern.parse(number) == (year if pattern.yearly else None, seq)


@pytest.mark.parametrize("number", ["INV-26-00001", "inv-2026-00001", "INV-2026-00001x", ""])
def test_a_number_of_another_make_is_not_read(number: str) -> None:
    assert SeriesPattern("INV-{year}-{seq:05d}").parse(number) is None


def test_a_dot_in_a_pattern_is_a_dot() -> None:
    assert SeriesPattern("A.{seq}").parse("AX1") is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("INV-{year}", "needs {seq} once"),
        ("{seq}-{seq}", "needs {seq} once"),
        ("", "needs {seq} once"),
        ("{year}-{year}-{seq}", "{year} more than once"),
        ("INV-{month}-{seq}", "only {year} and {seq}"),
        ("INV-{seq}}", "only {year} and {seq}"),
        ("INV1{seq}", "ambiguous"),
        ("{year}{seq}", "ambiguous"),
        (" INV-{seq}", "blank at an end"),
        ("DRAFT-{seq}", "how drafts are named"),
        ("INV-{seq}\n", "blank at an end"),
        ("INV\x07-{seq}", "control character"),
    ],
)
def test_a_pattern_that_would_not_do_says_why(text: str, says: str) -> None:
    assert says in (SeriesPattern(text).problem() or "")


@given(PATTERNS)
def test_a_sound_pattern_has_no_problem(pattern: SeriesPattern) -> None:
    assert pattern.problem() is None


@pytest.mark.parametrize(
    ("one", "other", "may"),
    [
        ("INV-{year}-{seq:05d}", "CN-{year}-{seq:05d}", False),
        ("INV-{seq}", "INV-{year}-{seq}", True),
        ("{seq}", "CN-{seq}", True),
        ("A{seq}-i", "A{seq}-c", False),
        ("N-{seq}", "N-{seq}", True),
    ],
)
def test_two_patterns_that_could_make_one_number_are_found(
    one: str, other: str, *, may: bool
) -> None:
    assert SeriesPattern(one).may_collide_with(SeriesPattern(other)) is may


@given(PATTERNS, PATTERNS, st.integers(1000, 9999), st.integers(1, 10**5), st.integers(1, 10**5))
def test_patterns_that_cannot_collide_never_make_the_same_number(
    one: SeriesPattern, other: SeriesPattern, year: int, first: int, second: int
) -> None:
    if not one.may_collide_with(other):
        assert one.number(year=year, seq=first) != other.number(year=year, seq=second)
