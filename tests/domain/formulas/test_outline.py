"""Formulas as long and as deep as they may be, and any text whatsoever."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.formulas.facts import FULL, unevaluated
from timix_xl.domain.formulas.compiling import compiled
from timix_xl.domain.formulas.fields import known_names
from timix_xl.domain.formulas.outline import MOST_CHARACTERS
from timix_xl.domain.formulas.refusals import FormulaError
from timix_xl.domain.formulas.values import Type

ABSURD = "the result has more than 15 digits before the point"
LONG = {
    "=1" + "+1" * 1999: 2000,
    "=1" + "*1" * 1999: 1,
    "=" + "-" * 3998 + "1": 1,
    "=[Entry.Id]" + "+'1'" * 997: "E1" + "1" * 997,
    "=" + "(" * 100 + "1" + ")" * 100: 1,
    "=" + "-(" * 100 + "[Entry.Quantity]" + ")" * 100: FULL.entry.quantity,
    "=" + "If([Entry.Billable]," * 100 + "1" + ",2)" * 100: 1,
    "=" + "1+2*-(" * 100 + "[Entry.Quantity]" + ")" * 100: None,
    "=" + "If([Entry.Billable]," * 50 + "Max(1,2*(3+@Rate))" + ",2)" * 50: 206,
    "=Max(1" + ",1" * 1990 + ")": 1,
    "=If(1=1" + " And 1=1" * 480 + ",1,2)": 1,
    "=If(" + "Not " * 900 + "1=1,1,2)": 1,
}


@pytest.mark.parametrize("text", LONG, ids=[text[:20] for text in LONG])
def test_a_formula_as_long_as_may_be_is_calculated(text: str) -> None:
    wants = Type.TEXT if isinstance(LONG[text], str) else Type.NUMBER
    assert len(text) <= MOST_CHARACTERS
    formula = compiled(text, wants)

    if LONG[text] is None:
        assert unevaluated(lambda: formula.value(FULL)) == ABSURD
    else:
        assert formula.value(FULL) == LONG[text]


def test_operators_that_take_the_depth_beyond_what_can_be_calculated_are_refused() -> None:
    deep = "If([Entry.Billable] Or 1=1 And Not 1=1+1*-"
    text = "=" + deep * 75 + "@Rate" + ",1,2)" * 75

    with pytest.raises(FormulaError, match="nested deeper than 100 levels"):
        compiled(text, Type.NUMBER)


@pytest.mark.parametrize("unclosed", ["(", "If(", "-(", "Max(1,", "[", "'", '"', "((1)+", "=1"])
def test_thousands_of_openings_are_refused_at_once(unclosed: str) -> None:
    with pytest.raises(FormulaError):
        compiled(("=" + unclosed * MOST_CHARACTERS)[:MOST_CHARACTERS], Type.NUMBER)


PIECES = st.sampled_from(
    [
        *(f"[{name}]" for name in known_names()),
        *"=+-*/(),'\"[]@<>.;&% 0123",
        *("<>", "<=", ">=", "And ", " Or ", "Not ", "If(", "IIf(", "Min(", "Max(", "Round("),
        *("@Rate", "@Price", "'a'", '"b"', "1.5", "Entry", "[Entry.", "''", "\n", "\x00", "é", "‘"),
    ]
)
ANYTHING = st.one_of(
    st.text(max_size=200),
    st.text(max_size=200).map("=".__add__),
    st.text(string.printable, max_size=60).map("=".__add__),
    st.lists(PIECES, max_size=40).map("".join),
    st.lists(PIECES, max_size=40).map("".join).map("=".__add__),
)


@given(ANYTHING, st.sampled_from([Type.NUMBER, Type.TEXT]))
def test_any_text_is_a_formula_or_is_refused_with_a_position_in_it(text: str, wants: Type) -> None:
    try:
        formula = compiled(text, wants)
    except FormulaError as error:
        position, message = error.position, error.message
    else:
        assert unevaluated(lambda: formula.value(FULL)) != ""
        return
    assert 1 <= position <= max(len(text), 1)
    assert message
