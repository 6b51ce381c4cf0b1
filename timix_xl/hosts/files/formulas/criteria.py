"""Criteria such as ">0", "<>Defer" or "Ac*", as SUMIFS and COUNTIFS read them."""

import re
from collections.abc import Callable

from timix_xl.hosts.cell_values import CellError
from timix_xl.hosts.files.formulas.values import Failed, Scalar, number, ordered

Test = Callable[[Scalar], bool]

_OPERATOR = re.compile(r"(<=|>=|<>|=|<|>)?(.*)", re.DOTALL)
_WILD = re.compile(r"[*?~]")
_LETTERS = {"*": ".*", "?": "."}
_ORDERS: dict[str, Callable[[int], bool]] = {
    "<": lambda order: order < 0,
    ">": lambda order: order > 0,
    "<=": lambda order: order <= 0,
    ">=": lambda order: order >= 0,
}


def test_of(criterion: Scalar) -> Test:
    """Make the test that a criterion stands for."""
    if not isinstance(criterion, str):
        return equal_to(0.0 if criterion is None else criterion)
    if isinstance(criterion, CellError):
        return lambda value: value == criterion and isinstance(value, CellError)
    found = _OPERATOR.fullmatch(criterion)
    operator, operand = (found[1], found[2]) if found else (None, criterion)
    if operator in _ORDERS:
        return _compares(operator, _typed(operand))
    if operator == "<>":
        return _differs(operand)
    if operator == "=" and not operand:
        return lambda value: value is None
    return equal_to(_typed(operand)) if operand else lambda value: value in (None, "")


def _differs(operand: str) -> Test:
    if not operand:
        return lambda value: value is not None
    equal = equal_to(_typed(operand))
    return lambda value: not equal(value)


def equal_to(wanted: Scalar) -> Test:
    """Make the test of a plain value, as COUNTIF and MATCH compare."""
    if isinstance(wanted, bool):
        return lambda value: value is wanted
    if isinstance(wanted, str):
        return _matches(wanted)

    def same_number(value: Scalar) -> bool:
        if isinstance(value, str) and not isinstance(value, CellError):
            return _as_number(value) == wanted
        return type(value) is float and value == wanted

    return same_number


def _matches(wanted: str) -> Test:
    plain = wanted.casefold()
    if not _WILD.search(wanted):
        return lambda value: (
            isinstance(value, str)
            and not isinstance(value, CellError)
            and value.casefold() == plain
        )
    pattern = re.compile(_as_pattern(plain), re.DOTALL)
    return lambda value: (
        isinstance(value, str)
        and not isinstance(value, CellError)
        and pattern.fullmatch(value.casefold()) is not None
    )


def _as_pattern(text: str) -> str:
    parts = re.split(r"(~[*?~]|[*?])", text)
    return "".join(
        _LETTERS.get(part) or re.escape(part[1:] if part[:1] == "~" and len(part) > 1 else part)
        for part in parts
    )


def _compares(operator: str, wanted: Scalar) -> Test:
    """Compare only with values of the same kind: text is never above a number."""
    accepts = _ORDERS[operator]
    kind = type(wanted)
    return lambda value: type(value) is kind and accepts(ordered(value, wanted))


def _typed(operand: str) -> Scalar:
    known = {"true": True, "false": False}.get(operand.casefold())
    if known is not None:
        return known
    as_number = _as_number(operand)
    return operand if as_number is None else as_number


def _as_number(operand: str) -> float | None:
    try:
        return number(operand)
    except Failed:
        return None
