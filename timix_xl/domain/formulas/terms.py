"""Terms: the parts of a formula while it is read, each with a type and a way to its value."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from timix_xl.domain.formulas.outline import MOST_LEVELS
from timix_xl.domain.formulas.refusals import CannotEvaluate, TooDeep
from timix_xl.domain.formulas.values import IN_WORDS, Getter, Type

MOST_CALLS = 400
"""Of getters in getters: well below what Python allows."""

NOBODY: Any = None
"""The facts that a constant asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A part that has been read; `position` is where it starts, `calls` how deep it goes."""

    type: Type
    get: Getter
    position: int
    constant: bool = False
    calls: int = 1
    parameters: frozenset[str] = frozenset()


def constant(type_: Type, value: Any, position: int) -> Term:
    """Return what is the same for every entry."""
    return Term(type=type_, get=lambda _: value, position=position, constant=True)


def built(type_: Type, get: Getter, parts: Sequence[Term], position: int) -> Term:
    """Return a term over others; one over constants is calculated once, if it has a value."""
    calls = 1 + max(part.calls for part in parts)
    if calls > MOST_CALLS:
        raise TooDeep(position, most=MOST_LEVELS)
    if all(part.constant for part in parts):
        try:
            return constant(type_, get(NOBODY), position)
        except CannotEvaluate:
            pass  # it may stand in a branch that is never chosen
    return Term(
        type=type_,
        get=get,
        position=position,
        calls=calls,
        parameters=frozenset[str]().union(*(part.parameters for part in parts)),
    )


def in_words(term: Term) -> Term:
    """Return a number or a date as text."""
    if term.type is Type.TEXT:
        return term
    return built(Type.TEXT, _written(term.get, IN_WORDS[term.type]), (term,), term.position)


def _written(get: Getter, words: Callable[[Any], str]) -> Getter:
    return lambda facts: words(get(facts))
