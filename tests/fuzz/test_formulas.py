"""Formulas: whatever is typed compiles or is refused with a position, and gives a value or none."""

from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.domain.formulas.facts import BARE, FULL
from tests.fuzz.damage import ODD_NUMBERS, odd_texts
from tests.fuzz.running import attempt, for_long
from timix_xl.domain.formulas.compiling import compiled
from timix_xl.domain.formulas.fields import known_names
from timix_xl.domain.formulas.refusals import CannotEvaluate, FormulaError
from timix_xl.domain.formulas.values import MOST_DIGITS, Type

MOST_CHARACTERS = 4_000
WORDS = (
    *("=", "+", "-", "*", "/", "<", ">", "<>", "<=", ">=", "(", ")", ",", ";", "&", "%", "^", "."),
    *(
        "And",
        "Or",
        "Not",
        "If",
        "IIf",
        "Min",
        "Max",
        "Round",
        "nand",
        "Ifs",
        "@Rate",
        "@Price",
        "@",
    ),
    *("'", '"', "''", "[", "]", "'2026-01-31'", "'2026-W01-1'", "'a'", '"b"', "0", "2.5", ".1"),
    *("999999999999999", "0.000000000000001", "1=1", "[Entry.Date]", "[Entry.Billable]"),
    *(f"[{name}]" for name in known_names()),
    *ODD_NUMBERS,
)
pieces = st.lists(st.one_of(st.sampled_from(WORDS), odd_texts), max_size=30)
# Numbers, texts, dates and conditions, put together so that most of them compile.
numbers = st.recursive(
    st.sampled_from(
        ("1", "0", "0.1", "999999999999999", "@Rate", "@Price", "[Entry.BillableQty]", "-5")
    ),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map("".join),
        inner.map("({})".format),
        inner.map("-{}".format),
        st.tuples(inner, inner).map(lambda two: f"Round({two[0]}, {two[1]})"),
        st.lists(inner, min_size=2, max_size=4).map(lambda some: f"Max({','.join(some)})"),
        st.tuples(inner, inner, inner).map(lambda it: f"If({it[0]}<{it[1]},{it[2]},{it[0]})"),
    ),
    max_leaves=40,
)
repeated = st.tuples(
    st.sampled_from(("(", "-", "Not ", "If(1=1,", "Max(1,", "1+", "1*9e9*", "'a'+", "1=1 And ")),
    st.sampled_from((5, 99, 101, 450, 1_000, 3_900, 10_000)),
    st.sampled_from(("1", "", ")", "1)", "[Entry.Description]")),
    st.sampled_from(("", ")", ",1)")),
).map(lambda it: it[0] * it[1] + it[2] + it[3] * it[1])
formulas = st.one_of(
    pieces.map(lambda some: "=" + " ".join(some)),
    pieces.map("".join),
    numbers.map("={}".format),
    st.tuples(numbers, odd_texts).map(lambda two: f"={two[0]}+'{two[1]}'+{two[0]}"),
    repeated.map("={}".format),
    st.text(st.characters(), max_size=60),
)


def calculate(text: str) -> None:
    """Compile a formula as a number and as a text, and calculate it; only refusals come out."""
    for wants in (Type.NUMBER, Type.TEXT):
        _calculate(text, wants)


def _calculate(text: str, wants: Type) -> None:
    formula, refusal = attempt(lambda: compiled.__wrapped__(text, wants), FormulaError, seconds=5)
    if formula is None:
        assert 1 <= refusal.position <= max(1, min(len(text), MOST_CHARACTERS + 1)), refusal
        assert refusal.message
        return
    for facts in (FULL, BARE):
        value, none = attempt(lambda facts=facts: formula.value(facts), CannotEvaluate, seconds=5)
        if none:
            assert none.why
        elif wants is Type.NUMBER:
            assert isinstance(value, Decimal)
            assert value.is_finite()
            assert value.adjusted() < MOST_DIGITS
        else:
            assert isinstance(value, str)
            assert len(value) <= 2 * MOST_CHARACTERS + 2_000


@settings(max_examples=200)
@given(formulas)
@example("=" + "(" * 100 + "1" + ")" * 100)
@example("=" + "-" * 3_900 + "1")
@example("=" + "9" * 15 + ("*" + "9" * 15) * 240)
@example("=1/3" + "/3" * 1_900)
@example("=Round(" + "9" * 15 + "*" + "9" * 15 + ", 15)")
@example("=[Entry.Date]='\ud800'")
@example("=İf(1=1,1,1)")
@example("=@\u0130")
def test_a_formula_is_calculated_or_refused(text: str) -> None:
    calculate(text)


@pytest.mark.long
def test_many_formulas_are_calculated_or_refused() -> None:
    for_long(formulas, calculate)
