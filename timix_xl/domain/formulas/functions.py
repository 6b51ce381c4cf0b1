"""Functions: If, Min, Max, Round, and And and Or written as functions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches

from timix_xl.domain.formulas.conditions import all_of, any_of
from timix_xl.domain.formulas.facts import Facts
from timix_xl.domain.formulas.refusals import (
    BranchesDiffer,
    CannotEvaluate,
    UnknownFunction,
    WrongArgument,
    WrongCount,
)
from timix_xl.domain.formulas.terms import Term, built, in_words
from timix_xl.domain.formulas.values import DIGITS, MOST_DIGITS, Getter, Type

Build = Callable[[Sequence[Term], int], Term]
_ANY_NUMBER = 100_000


@dataclass(frozen=True, slots=True)
class Function:
    """A name with values in parentheses; `fewest` and `most` count them."""

    name: str
    example: str
    meaning: str
    build: Build
    fewest: int
    most: int = _ANY_NUMBER

    @property
    def wanted(self) -> str:
        """How many values it takes, in words."""
        count = {2: "two", 3: "three"}[self.fewest]
        return f"{count} values" if self.fewest == self.most else f"{count} values or more"


def called(name: str, arguments: Sequence[Term], position: int) -> Term:
    """Return what a function makes of its values."""
    function = _BY_NAME.get(name.lower())
    if function is None:
        raise UnknownFunction(position, name=name, hint=_nearest(name))
    if not function.fewest <= len(arguments) <= function.most:
        raise WrongCount(
            position,
            name=function.name,
            wanted=function.wanted,
            given="1 is" if len(arguments) == 1 else f"{len(arguments)} are",
            example=function.example,
        )
    return function.build(arguments, position)


def _nearest(name: str) -> str:
    close = get_close_matches(name.lower(), _BY_NAME, n=1)
    if close:
        return f"Did you mean {_BY_NAME[close[0]].name}?"
    return f"There are {', '.join(FUNCTIONS)}."


def _check(name: str, term: Term, wanted: Type) -> None:
    if term.type is not wanted:
        facts = {"name": name, "wanted": wanted.worded, "given": term.type.worded}
        raise WrongArgument(term.position, **facts)


def _if(arguments: Sequence[Term], position: int) -> Term:
    condition, *branches = arguments
    _check("If", condition, Type.CONDITION)
    yes, no = _alike(*branches)
    get = _chosen(condition.get, yes.get, no.get)
    return built(yes.type, get, (condition, yes, no), position)


def _alike(yes: Term, no: Term) -> tuple[Term, Term]:
    """Return both of one type: what stands beside a text is written as one."""
    types = {yes.type, no.type}
    if len(types) == 1:
        return yes, no
    if Type.TEXT in types and Type.CONDITION not in types:
        return in_words(yes), in_words(no)
    raise BranchesDiffer(no.position, first=yes.type.worded, second=no.type.worded)


def _chosen(condition: Getter, yes: Getter, no: Getter) -> Getter:
    return lambda facts: yes(facts) if condition(facts) else no(facts)


def _min(arguments: Sequence[Term], position: int) -> Term:
    return _extreme("Min", arguments, position, min)


def _max(arguments: Sequence[Term], position: int) -> Term:
    return _extreme("Max", arguments, position, max)


def _extreme(
    name: str, arguments: Sequence[Term], position: int, pick: Callable[[list[Decimal]], Decimal]
) -> Term:
    for term in arguments:
        _check(name, term, Type.NUMBER)
    get = _picked([term.get for term in arguments], pick)
    return built(Type.NUMBER, get, arguments, position)


def _picked(getters: Sequence[Getter], pick: Callable[[list[Decimal]], Decimal]) -> Getter:
    def get(facts: Facts) -> Decimal:
        return pick([getter(facts) for getter in getters])

    return get


def _round(arguments: Sequence[Term], position: int) -> Term:
    for term in arguments:
        _check("Round", term, Type.NUMBER)
    number, digits = arguments
    get = _rounded(number.get, digits.get, f"Round at position {position}")
    return built(Type.NUMBER, get, arguments, position)


def _rounded(number: Getter, digits: Getter, name: str) -> Getter:
    def get(facts: Facts) -> Decimal:
        places = digits(facts)
        if places not in _PLACES:
            most = f"from -{MOST_DIGITS} to {MOST_DIGITS}"
            raise CannotEvaluate(f"{name} needs a whole number of digits {most}")
        value = DIGITS.quantize(number(facts), _PLACES[places])
        if not value.is_finite():
            raise CannotEvaluate(f"the number that {name} is given is too large")
        return value

    return get


_PLACES = {
    Decimal(places): Decimal(1).scaleb(-places) for places in range(-MOST_DIGITS, MOST_DIGITS + 1)
}


FUNCTIONS = {
    function.name: function
    for function in (
        Function(
            "If",
            "If([Entry.BillableQty]>8, 1.5, 1)",
            "the second value where the condition holds, else the third; only that one is calculated",
            _if,
            fewest=3,
            most=3,
        ),
        Function("Min", "Min([Entry.BillableQty], 8)", "the smallest of its numbers", _min, 2),
        Function("Max", "Max([Entry.BillableQty], 1)", "the largest of its numbers", _max, 2),
        Function(
            "Round",
            "Round([Entry.BillableQty]*@Rate, 2)",
            "the number rounded half up (away from zero) to so many decimals; -2 is to hundreds",
            _round,
            fewest=2,
            most=2,
        ),
        Function(
            "And",
            "And([Entry.Billable], [Task.Code]='A')",
            "whether all conditions hold; also written between them",
            all_of,
            2,
        ),
        Function(
            "Or",
            "Or([Task.Code]='A', [Task.Code]='B')",
            "whether one of the conditions holds; also written between them",
            any_of,
            2,
        ),
    )
}
"""By the name that is written."""

FUNCTION_SYNONYMS = {"IIf": "If"}

_BY_NAME = {name.lower(): function for name, function in FUNCTIONS.items()} | {
    synonym.lower(): FUNCTIONS[name] for synonym, name in FUNCTION_SYNONYMS.items()
}
