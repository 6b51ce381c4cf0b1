"""Conditions: comparisons, And, Or, Not."""

import datetime as dt
import operator
from collections.abc import Callable, Sequence
from typing import Any

from lark import Token

from timix_xl.domain.formulas.facts import Facts
from timix_xl.domain.formulas.refusals import NotACondition, NotADate, WrongOperands
from timix_xl.domain.formulas.terms import NOBODY, Term, built, constant
from timix_xl.domain.formulas.values import Getter, Type

_COMPARING: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ORDERED = {Type.NUMBER, Type.DATE}
_ALIKE = "Please compare two numbers, two dates or two texts; texts with = or <> only."


def compared(left: Term, sign: Token, right: Term) -> Term:
    """Compare numbers, dates, or texts (for being the same, letter by letter)."""
    position = (sign.start_pos or 0) + 1
    first, second = _as_dates(left, right), _as_dates(right, left)
    same = first.type is second.type
    if not same or not (
        first.type in _ORDERED or (first.type is Type.TEXT and sign in {"=", "<>"})
    ):
        raise WrongOperands(
            position,
            operator=str(sign),
            verb="compare",
            first=left.type.worded,
            second=right.type.worded,
            hint=_ALIKE,
        )
    get = _comparison(first.get, _COMPARING[sign], second.get)
    return built(Type.CONDITION, get, (first, second), left.position)


def denied(nots: Sequence[Token], term: Term) -> Term:
    """Turn a condition round, as often as Not is written."""
    _check_condition("Not", term)
    get = _opposite(term.get) if len(nots) % 2 else term.get
    return built(Type.CONDITION, get, (term,), (nots[0].start_pos or 0) + 1)


def all_of(terms: Sequence[Term], position: int) -> Term:
    """Join conditions that must all hold; what comes after one that does not is not looked at."""
    return _joined("And", terms, position, until=False)


def any_of(terms: Sequence[Term], position: int) -> Term:
    """Join conditions of which one must hold; what comes after it is not looked at."""
    return _joined("Or", terms, position, until=True)


def _as_dates(term: Term, other: Term) -> Term:
    """Read a constant text that is compared with a date."""
    if not (term.type is Type.TEXT and term.constant and other.type is Type.DATE):
        return term
    return constant(Type.DATE, _day(term.get(NOBODY), term.position), term.position)


def _day(text: str, position: int) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise NotADate(position) from None
    if day.isoformat() != text:  # Python reads weeks and more
        raise NotADate(position)
    return day


def _comparison(first: Getter, holds: Callable[[Any, Any], bool], second: Getter) -> Getter:
    return lambda facts: holds(first(facts), second(facts))


def _check_condition(name: str, term: Term) -> None:
    if term.type is not Type.CONDITION:
        raise NotACondition(term.position, operator=name, given=term.type.worded)


def _opposite(get: Getter) -> Getter:
    return lambda facts: not get(facts)


def _joined(name: str, terms: Sequence[Term], position: int, *, until: bool) -> Term:
    for term in terms:
        _check_condition(name, term)
    get = _one_by_one([term.get for term in terms], until=until)
    return built(Type.CONDITION, get, terms, position)


def _one_by_one(getters: Sequence[Getter], *, until: bool) -> Getter:
    def get(facts: Facts) -> bool:
        for getter in getters:
            holds: bool = getter(facts)
            if holds is until:
                return until
        return not until

    return get
