"""Compiling: from what the rule writer typed to what is calculated for every entry."""

from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from timix_xl.domain.formulas.facts import Facts
from timix_xl.domain.formulas.grammar import read
from timix_xl.domain.formulas.outline import check_outline
from timix_xl.domain.formulas.refusals import WrongResult
from timix_xl.domain.formulas.terms import Term, in_words
from timix_xl.domain.formulas.values import Getter, Type, sound


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that has been checked; `type` is number or text."""

    text: str
    type: Type
    uses_rate: bool
    uses_price: bool
    _get: Getter = field(repr=False, compare=False)

    def value(self, facts: Facts) -> Decimal | str:
        """Calculate it for an entry; raises CannotEvaluate."""
        value: Decimal | str = self._get(facts)
        return value

    def number(self, facts: Facts) -> Decimal:
        """Calculate one that was wanted as a number; raises CannotEvaluate."""
        value = self._get(facts)
        assert isinstance(value, Decimal)
        return value

    def words(self, facts: Facts) -> str:
        """Calculate one that was wanted as a text; raises CannotEvaluate."""
        value = self._get(facts)
        assert isinstance(value, str)
        return value


@lru_cache(maxsize=2048)
def compiled(text: str, wants: Type) -> Formula:
    """Read and check a formula that is to yield a number or a text; raises FormulaError.

    Where a text is wanted, a number or a date will do: it is written plainly.

    >>> compiled("=2*(1+0.5)", Type.NUMBER).type
    <Type.NUMBER: 'number'>
    """
    check_outline(text)
    term = _as_wanted(read(text), wants)
    return Formula(
        text=text,
        type=wants,
        uses_rate="@rate" in term.parameters,
        uses_price="@price" in term.parameters,
        _get=_sound(term.get) if wants is Type.NUMBER else term.get,
    )


def _as_wanted(term: Term, wants: Type) -> Term:
    if term.type is wants:
        return term
    if wants is Type.TEXT and term.type is not Type.CONDITION:
        return in_words(term)
    raise WrongResult(term.position, given=term.type.worded, wanted=wants.worded)


def _sound(get: Getter) -> Getter:
    return lambda facts: sound(get(facts))
