"""SUBTOTAL: sums and counts of the rows that are shown."""

from collections.abc import Callable, Iterator
from typing import Any

from timix_xl.hosts.cell_values import CellError
from timix_xl.hosts.files.formulas.arguments import Arguments, Function, expect
from timix_xl.hosts.files.formulas.references import Reference
from timix_xl.hosts.files.formulas.statistics import total
from timix_xl.hosts.files.formulas.values import (
    DIVISION,
    Failed,
    NotCalculatedError,
    Scalar,
    number,
)

_WITHOUT_HIDDEN_BY_HAND = 100


def _subtotal(evaluation: Any, arguments: Arguments) -> float:
    expect(arguments, 2)
    kind = int(number(evaluation.scalar(arguments[0])))
    by_hand = kind > _WITHOUT_HIDDEN_BY_HAND
    gather = _KINDS.get(kind - _WITHOUT_HIDDEN_BY_HAND if by_hand else kind)
    if gather is None:
        raise NotCalculatedError
    found = (v for a in arguments[1:] for v in _shown(evaluation, a, by_hand=by_hand))
    return gather(list(found))


def _shown(evaluation: Any, argument: Any, *, by_hand: bool) -> Iterator[Scalar]:
    reference = evaluation.value(argument)
    if not isinstance(reference, Reference):
        raise NotCalculatedError
    source, sheet, area = evaluation.source, reference.sheet, reference.area
    for down, row in enumerate(source.rows(reference)):
        if source.is_left_out(sheet, area.top + down, by_hand=by_hand):
            continue
        for right, value in enumerate(row):
            # A subtotal within would be counted twice.
            if value is not None and not source.is_subtotal(
                sheet, area.top + down, area.left + right
            ):
                yield value


def _numbers(found: list[Scalar]) -> list[float]:
    for value in found:
        if isinstance(value, CellError):
            raise Failed(value)
    return [value for value in found if type(value) is float]


def _average(found: list[Scalar]) -> float:
    amounts = _numbers(found)
    if not amounts:
        raise Failed(DIVISION)
    return total(amounts) / len(amounts)


_KINDS: dict[int, Callable[[list[Scalar]], float]] = {
    1: _average,
    2: lambda found: float(sum(type(value) is float for value in found)),
    3: lambda found: float(len(found)),
    4: lambda found: max(_numbers(found), default=0.0),
    5: lambda found: min(_numbers(found), default=0.0),
    9: lambda found: total(_numbers(found)),
}

FUNCTIONS: dict[str, Function] = {"SUBTOTAL": _subtotal}
