"""Grammar: a formula's text is read from left to right, and built from the bottom up."""

from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedToken

from timix_xl.domain.formulas import arithmetic, conditions, functions
from timix_xl.domain.formulas.facts import Facts
from timix_xl.domain.formulas.fields import field_named, known_names
from timix_xl.domain.formulas.refusals import (
    BareName,
    CannotEvaluate,
    EndsEarly,
    NotExpected,
    NumberTooLong,
    UnknownCharacter,
    UnknownField,
    UnknownParameter,
)
from timix_xl.domain.formulas.terms import Term, constant
from timix_xl.domain.formulas.values import MOST_DIGITS, Getter, Type

MOST_DECIMALS = 15

GRAMMAR = r"""
start: EQUAL either

?either: both | both (OR both)+ -> any_of
?both: denial | denial (AND denial)+ -> all_of
?denial: comparison | NOT+ comparison -> denied
?comparison: sum | sum (EQUAL | COMPARE) sum -> compared
?sum: product | product (SIGN product)+ -> summed
?product: operand | operand (SCALE operand)+ -> multiplied
?operand: atom | SIGN+ atom -> signed
?atom: NUMBER -> number
    | TEXT -> text
    | FIELD -> field
    | PARAMETER -> parameter
    | NAME -> bare_name
    | _OPEN either _CLOSE
    | (NAME | AND | OR) _OPEN [either (_COMMA either)*] _CLOSE -> call

OR.2: /or\b/i
AND.2: /and\b/i
NOT.2: /not\b/i
EQUAL: "="
COMPARE: "<>" | "<=" | ">=" | "<" | ">"
SIGN: "+" | "-"
SCALE: "*" | "/"
NUMBER: /[0-9]+(\.[0-9]+)?|\.[0-9]+/
TEXT: /'[^']*(''[^']*)*'|"[^"]*(""[^"]*)*"/
FIELD: /\[[^\]]*\]/
PARAMETER: /@\w*/
NAME: /[^\W\d]\w*/
_OPEN: "("
_CLOSE: ")"
_COMMA: ","
BLANK: /\s+/
%ignore BLANK
"""

_WITHOUT_MEANING = {
    "&": "Texts are joined with '+'.",
    ";": "The values of a function are separated by ','.",
    "%": "Ten percent is written 0.1.",
    ".": "A number is written as 0.5, a field as [Entry.BillableQty].",
    "^": "There are no powers; please multiply.",
    "!": "'Not the same' is written <>.",
    "{": "A field is written as [Entry.BillableQty].",
    "}": "A field is written as [Entry.BillableQty].",
    "]": "A field is written as [Entry.BillableQty].",
} | dict.fromkeys(
    "\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb",
    "A text stands in straight quotation marks, ' or \".",
)

_OUT_OF_PLACE = {
    "EQUAL": "Two things are compared at a time; comparisons are joined with And.",
    "COMPARE": "Two things are compared at a time; comparisons are joined with And.",
    "_COMMA": "Decimals are written with a point; a comma separates the values of a function.",
    "_OPEN": "An operator (+ - * /) is missing before it.",
    "_CLOSE": "Something is missing before it.",
    "SIGN": "Something is missing before it.",
    "SCALE": "Something is missing before it.",
    "AND": "A condition is missing before it.",
    "OR": "A condition is missing before it.",
    "NOT": "Not stands before a whole condition; please put it in parentheses.",
}
_SPEAKS_FOR_ITSELF = {"NUMBER", "TEXT", "FIELD", "PARAMETER", "NAME"}
_NO_OPERATOR = "An operator (+ - * /) is missing before it."


def read(text: str) -> Term:
    """Read a formula whose outline has been checked."""
    try:
        term: Any = _parser().parse(text)
    except UnexpectedCharacters as wrong:
        found = text[wrong.pos_in_stream or 0]
        hint = _WITHOUT_MEANING.get(found, "Please remove it, or put a text in quotation marks.")
        raise UnknownCharacter((wrong.pos_in_stream or 0) + 1, found=found, hint=hint) from None
    except UnexpectedToken as wrong:
        if wrong.token.type == "$END":
            raise EndsEarly(len(text)) from None
        hint = _OUT_OF_PLACE.get(wrong.token.type, _NO_OPERATOR)
        raise NotExpected(_position(wrong.token), found=_shown(wrong.token), hint=hint) from None
    assert isinstance(term, Term)
    return term


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", lexer="basic", transformer=_Building())


class _Building(Transformer[Token, Term]):
    """Makes a term of every part as soon as it is complete."""

    def start(self, parts: list[Term]) -> Term:
        return parts[1]

    def any_of(self, parts: list[Any]) -> Term:
        return conditions.any_of(parts[::2], parts[0].position)

    def all_of(self, parts: list[Any]) -> Term:
        return conditions.all_of(parts[::2], parts[0].position)

    def denied(self, parts: list[Any]) -> Term:
        return conditions.denied(parts[:-1], parts[-1])

    def compared(self, parts: list[Any]) -> Term:
        return conditions.compared(*parts)

    def summed(self, parts: list[Any]) -> Term:
        return arithmetic.summed(parts[0], list(zip(parts[1::2], parts[2::2], strict=True)))

    def multiplied(self, parts: list[Any]) -> Term:
        return arithmetic.multiplied(parts[0], list(zip(parts[1::2], parts[2::2], strict=True)))

    def signed(self, parts: list[Any]) -> Term:
        return arithmetic.signed(parts[:-1], parts[-1])

    def number(self, parts: list[Token]) -> Term:
        (token,) = parts
        before, _, after = token.partition(".")
        if len(before.lstrip("0")) > MOST_DIGITS or len(after) > MOST_DECIMALS:
            raise NumberTooLong(_position(token), before=MOST_DIGITS, after=MOST_DECIMALS)
        return constant(Type.NUMBER, Decimal(token), _position(token))

    def text(self, parts: list[Token]) -> Term:
        (token,) = parts
        quote = token[0]
        return constant(Type.TEXT, token[1:-1].replace(quote * 2, quote), _position(token))

    def field(self, parts: list[Token]) -> Term:
        (token,) = parts
        name = "".join(token[1:-1].split())
        found = field_named(name)
        if found is None:
            raise UnknownField(_position(token), name=token[1:-1].strip(), hint=_nearest(name))
        return Term(type=found.type, get=found.get, position=_position(token))

    def parameter(self, parts: list[Token]) -> Term:
        (token,) = parts
        name = token.lower()
        if name not in _PARAMETERS:
            raise UnknownParameter(_position(token), name=str(token))
        return Term(
            type=Type.NUMBER,
            get=_PARAMETERS[name],
            position=_position(token),
            parameters=frozenset({name}),
        )

    def bare_name(self, parts: list[Token]) -> Term:
        (token,) = parts
        raise BareName(_position(token), name=str(token))

    def call(self, parts: list[Any]) -> Term:
        name, *arguments = parts
        given = [argument for argument in arguments if argument is not None]
        return functions.called(str(name), given, _position(name))


def _shown(token: Token) -> str:
    """Show signs in quotation marks, and the beginning of what is long."""
    most = 40
    beginning = token if len(token) <= most else f"{token[:most]}…"
    return beginning if token.type in _SPEAKS_FOR_ITSELF else f"'{beginning}'"


def _position(token: Token) -> int:
    return (token.start_pos or 0) + 1


def _nearest(name: str) -> str:
    names = {known.lower(): known for known in known_names()}
    close = get_close_matches(name.lower(), names, n=1)
    if close:
        return f"Did you mean [{names[close[0]]}]?"
    return "A field is written as [Entry.BillableQty]; docs/formulas.md lists them all."


def _rate(facts: Facts) -> Decimal:
    return _given(facts.rate, "@Rate")


def _price(facts: Facts) -> Decimal:
    return _given(facts.price, "@Price")


def _given(value: Decimal | None, name: str) -> Decimal:
    if value is None:
        raise CannotEvaluate(f"{name} is empty")
    return value


_PARAMETERS: dict[str, Getter] = {"@rate": _rate, "@price": _price}
