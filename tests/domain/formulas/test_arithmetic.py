"""Any expression gives what the same expression gives by the rules of arithmetic, in fractions."""

from dataclasses import replace
from decimal import Decimal as D
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.formulas.facts import FULL
from timix_xl.domain.formulas.compiling import compiled
from timix_xl.domain.formulas.refusals import CannotEvaluate
from timix_xl.domain.formulas.values import Type

LEAVES = {
    "[Entry.BillableQty]": FULL.entry.billable_quantity,
    "[entry.quantity]": FULL.entry.quantity,
    "[Entry.UnitCost]": FULL.entry.unit_cost,
    "@Rate": FULL.rate,
    "@price": FULL.price,
}
BINDING = {"+": 1, "-": 1, "*": 2, "/": 2}
ATOM = 3

NUMBERS = st.one_of(
    st.sampled_from(sorted(LEAVES)),
    st.decimals(0, 999, places=2).map(lambda number: f"{number:f}"),
    st.integers(0, 3).map(str),
)
TREES = st.recursive(
    NUMBERS,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from("+-*/"), inner, inner),
        st.tuples(st.just("neg"), inner),
        st.tuples(
            st.just("If"), st.sampled_from(["<", ">=", "=", "<>"]), inner, inner, inner, inner
        ),
        st.tuples(st.just("Min"), inner, inner),
        st.tuples(st.just("Max"), inner, inner, inner),
    ),
    max_leaves=25,
)


class NoValue(Exception):
    """The reference divides by zero."""


def reference(tree) -> Fraction:
    if isinstance(tree, str):
        return Fraction(LEAVES[tree] if tree in LEAVES else D(tree))
    name, *parts = tree
    if name == "If":
        sign, left, right, yes, no = parts
        first, second = reference(left), reference(right)
        holds = {
            "<": first < second,
            ">=": first >= second,
            "=": first == second,
            "<>": first != second,
        }
        return reference(yes if holds[sign] else no)
    values = [reference(part) for part in parts]
    if name == "/" and values[1] == 0:
        raise NoValue
    return {
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "*": lambda a, b: a * b,
        "/": lambda a, b: a / b,
        "neg": lambda a: -a,
        "Min": min,
        "Max": max,
    }[name](*values)


def exact(tree) -> bool:
    """Whether no division leaves digits behind: those may decide a comparison otherwise."""
    return isinstance(tree, str) or (
        tree[0] != "/"
        and all(exact(part) for part in tree[1:] if part not in ("<", ">=", "=", "<>"))
    )


class Printer:
    """Writes a tree with parentheses where they must be, and blanks and more where they may."""

    def __init__(self, draw) -> None:
        self.draw = draw

    def written(self, tree, least: int = 0) -> str:
        text, binding = self._bare(tree)
        if binding < least or self.draw(st.integers(0, 4)) == 0:
            text = f"({self._blank()}{text}{self._blank()})"
        return self._blank() + text + self._blank()

    def _bare(self, tree) -> tuple[str, int]:
        if isinstance(tree, str):
            return tree, ATOM
        name, *parts = tree
        if name in BINDING:
            binding = BINDING[name]
            left, right = self.written(parts[0], binding), self.written(parts[1], binding + 1)
            return f"{left}{name}{right}", binding
        if name == "neg":
            return f"-{self.written(parts[0], ATOM)}", 2
        if name == "If":
            sign, *values = parts
            left, right, yes, no = (self.written(value) for value in values)
            return f"{self._cased('If')}({left}{sign}{right},{yes},{no})", ATOM
        return f"{self._cased(name)}({','.join(self.written(part) for part in parts)})", ATOM

    def _blank(self) -> str:
        return self.draw(st.sampled_from(["", "", "", " ", "\n  "]))

    def _cased(self, name: str) -> str:
        return self.draw(st.sampled_from([name, name.upper(), name.lower()]))


@given(TREES, st.data())
def test_a_formula_gives_what_its_tree_gives(tree, data) -> None:
    text = "=" + Printer(data.draw).written(tree)
    if len(text) > 4_000:
        return
    formula = compiled(text, Type.NUMBER)
    try:
        expected = reference(tree)
    except NoValue:
        expected = None
    try:
        value = formula.value(FULL)
    except CannotEvaluate:
        assert expected is None or abs(expected) >= 10**15 or not exact(tree)
        return
    if exact(tree):
        assert expected is not None
        assert abs(Fraction(value) - expected) <= abs(expected) * Fraction(1, 10**45)
    elif "If" not in str(tree) and expected is not None:
        assert abs(Fraction(value) - expected) < Fraction(1, 10**15)


@given(st.lists(st.tuples(st.sampled_from("+-"), st.integers(0, 999)), min_size=1, max_size=300))
def test_a_sum_of_any_length_is_added_from_left_to_right(terms) -> None:
    text = "=0" + "".join(f"{sign}{number}" for sign, number in terms)
    total = sum(number if sign == "+" else -number for sign, number in terms)

    assert compiled(text, Type.NUMBER).value(FULL) == total


@given(st.lists(st.sampled_from(sorted(LEAVES)), min_size=2, max_size=20))
def test_texts_are_joined_in_their_order(names) -> None:
    text = "=''+" + "+'|'+".join(names)
    shown = [format(LEAVES[name].normalize(), "f") for name in names]

    assert compiled(text, Type.TEXT).value(FULL) == "|".join(shown)


def test_a_joined_text_has_a_most_of_characters() -> None:
    most = "=" + "+".join(["[Entry.Description]"] * 100)
    facts = replace(FULL, entry=replace(FULL.entry, description="x" * 100))
    assert len(str(compiled(most, Type.TEXT).value(facts))) == 10_000
    with pytest.raises(CannotEvaluate, match="the text has more than 10,000 characters"):
        compiled(most + "+'x'", Type.TEXT).value(facts)


@given(st.text(max_size=50))
def test_any_text_can_be_written_in_a_formula(text: str) -> None:
    for quote in "'\"":
        doubled = text.replace(quote, quote * 2)
        assert compiled(f"={quote}{doubled}{quote}", Type.TEXT).value(FULL) == text


@given(st.decimals(-(10**6), 10**6, places=9, allow_nan=False), st.integers(-3, 9))
def test_rounding_goes_half_up_away_from_zero(number: D, digits: int) -> None:
    unit = Fraction(10) ** -digits
    whole, over = divmod(abs(Fraction(number)), unit)
    size = (whole + (1 if over * 2 >= unit else 0)) * unit
    formula = compiled(f"=Round({number:f}, {digits})", Type.NUMBER)

    assert Fraction(formula.value(FULL)) == (size if number >= 0 else -size)
