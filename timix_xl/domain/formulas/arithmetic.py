"""Arithmetic: sums and products of any length without recursion, and the joining of texts."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from lark import Token

from timix_xl.domain.formulas.facts import Facts
from timix_xl.domain.formulas.refusals import CannotEvaluate, WrongOperands, WrongSign
from timix_xl.domain.formulas.terms import Term, built, in_words
from timix_xl.domain.formulas.values import DIGITS, Getter, Type

MOST_CHARACTERS = 10_000
"""Of a text that is joined: no line of an invoice says more."""

Operation = Callable[[Decimal, Decimal], Decimal]
Operand = tuple[Token, Term]

_VERBS = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide"}
_ADDING: dict[str, Operation] = {"+": DIGITS.add, "-": DIGITS.subtract}
_NUMBERS_ONLY = "Please use numbers on both sides."
_JOINING = "Two numbers are added; a text is joined to a text, a number or a date."


def summed(first: Term, rest: Sequence[Operand]) -> Term:
    """Add and subtract numbers from left to right; from the first text on, join."""
    numbers: list[Operand] = []
    for at, (sign, term) in enumerate(rest):
        left = Type.NUMBER if numbers else first.type
        if sign == "+" and Type.TEXT in (left, term.type):
            return _joined(_total(first, numbers), rest[at:])
        _check_numbers(left, sign, term.type)
        numbers.append((sign, term))
    return _total(first, numbers)


def multiplied(first: Term, rest: Sequence[Operand]) -> Term:
    """Multiply and divide numbers from left to right."""
    for sign, term in rest:
        _check_numbers(first.type, sign, term.type)
    operations = [DIGITS.multiply if sign == "*" else _division(sign) for sign, _ in rest]
    return _in_a_row(first, operations, [term for _, term in rest])


def signed(signs: Sequence[Token], term: Term) -> Term:
    """Put any number of signs before a number."""
    position = _position(signs[0])
    if term.type is not Type.NUMBER:
        raise WrongSign(position, operator=str(signs[-1]), given=term.type.worded)
    if not signs.count("-") % 2:
        return built(Type.NUMBER, term.get, (term,), position)
    return built(Type.NUMBER, _negative(term.get), (term,), position)


def _check_numbers(left: Type, sign: Token, right: Type) -> None:
    if not left is right is Type.NUMBER:
        raise _refused(left, sign, right)


def _refused(left: Type, sign: Token, right: Type) -> WrongOperands:
    return WrongOperands(
        _position(sign),
        operator=str(sign),
        verb=_VERBS[sign],
        first=left.worded,
        second=right.worded,
        hint=_JOINING if sign == "+" else _NUMBERS_ONLY,
    )


def _total(first: Term, rest: Sequence[Operand]) -> Term:
    operations = [_ADDING[sign] for sign, _ in rest]
    return _in_a_row(first, operations, [term for _, term in rest])


def _in_a_row(first: Term, operations: Sequence[Operation], terms: Sequence[Term]) -> Term:
    if not operations:
        return first
    get = (
        _two(first.get, operations[0], terms[0].get)
        if len(terms) == 1
        else _many(first.get, [(do, term.get) for do, term in zip(operations, terms, strict=True)])
    )
    return built(Type.NUMBER, get, (first, *terms), first.position)


def _two(first: Getter, do: Operation, second: Getter) -> Getter:
    return lambda facts: do(first(facts), second(facts))


def _many(first: Getter, steps: Sequence[tuple[Operation, Getter]]) -> Getter:
    def get(facts: Facts) -> Decimal:
        value: Decimal = first(facts)
        for do, term in steps:
            value = do(value, term(facts))
        return value

    return get


def _negative(get: Getter) -> Getter:
    return lambda facts: DIGITS.minus(get(facts))


def _division(sign: Token) -> Operation:
    position = _position(sign)

    def divided(dividend: Decimal, divisor: Decimal) -> Decimal:
        if not divisor:
            raise CannotEvaluate(f"the '/' at position {position} divides by zero")
        return DIGITS.divide(dividend, divisor)

    return divided


def _joined(first: Term, rest: Sequence[Operand]) -> Term:
    left = first.type
    for sign, term in rest:
        if sign == "-" or Type.CONDITION in (left, term.type):
            raise _refused(left, sign, term.type)
        left = Type.TEXT
    texts = [in_words(term) for term in (first, *(term for _, term in rest))]
    return built(Type.TEXT, _together([text.get for text in texts]), texts, first.position)


def _together(getters: Sequence[Getter]) -> Getter:
    def get(facts: Facts) -> str:
        texts: list[str] = []
        characters = 0
        for getter in getters:
            text: str = getter(facts)
            characters += len(text)
            if characters > MOST_CHARACTERS:
                raise CannotEvaluate(f"the text has more than {MOST_CHARACTERS:,} characters")
            texts.append(text)
        return "".join(texts)

    return get


def _position(sign: Token) -> int:
    return (sign.start_pos or 0) + 1
