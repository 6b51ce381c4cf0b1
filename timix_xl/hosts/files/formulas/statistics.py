"""Sums, counts and rounding."""

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from timix_xl.hosts.areas import Area
from timix_xl.hosts.cell_values import CellError
from timix_xl.hosts.files.formulas.arguments import (
    Arguments,
    Function,
    expect,
    flat,
    numbers,
    of_numbers,
)
from timix_xl.hosts.files.formulas.criteria import test_of
from timix_xl.hosts.files.formulas.references import Reference
from timix_xl.hosts.files.formulas.values import (
    DIVISION,
    WRONG_KIND,
    Failed,
    NotCalculatedError,
    Scalar,
    finite,
    rounded,
    rounded_down,
    rounded_up,
)

_PAIR = 2


def total(amounts: Iterable[float]) -> float:
    """Add up without piling up what single additions round away."""
    return finite(math.fsum(amounts))


def _sum(evaluation: Any, arguments: Arguments) -> float:
    expect(arguments, 1)
    return total(numbers(evaluation, arguments))


def _average(evaluation: Any, arguments: Arguments) -> float:
    found = list(numbers(evaluation, arguments))
    if not found:
        raise Failed(DIVISION)
    return total(found) / len(found)


def _extreme(choose: Callable[..., float]) -> Function:
    return lambda evaluation, arguments: choose(numbers(evaluation, arguments), default=0.0)


def _count(evaluation: Any, arguments: Arguments) -> float:
    return float(sum(type(value) is float for value, _ in flat(evaluation, arguments)))


def _count_filled(evaluation: Any, arguments: Arguments) -> float:
    return float(sum(value is not None for value, _ in flat(evaluation, arguments)))


def _count_blank(evaluation: Any, arguments: Arguments) -> float:
    expect(arguments, 1, 1)
    return float(sum(value in (None, "") for value, _ in flat(evaluation, arguments)))


def _sum_if(evaluation: Any, arguments: Arguments) -> float:
    expect(arguments, 2, 3)
    chosen = _chosen(evaluation, arguments[:2])
    cells = _as_large(evaluation, arguments) if len(arguments) > _PAIR else arguments[0]
    return _sum_of(_column(_rows(evaluation, cells)), chosen)


def _sum_ifs(evaluation: Any, arguments: Arguments) -> float:
    expect(arguments, 3)
    amounts = _column(evaluation.rows(arguments[0]))
    return _sum_of(amounts, _chosen(evaluation, arguments[1:], len(amounts)))


def _count_ifs(evaluation: Any, arguments: Arguments) -> float:
    expect(arguments, 2)
    return float(sum(_chosen(evaluation, arguments)))


def _sum_product(evaluation: Any, arguments: Arguments) -> float:
    expect(arguments, 1)
    factors = [evaluation.by_array(argument) for argument in arguments]
    shapes = {(len(rows), len(rows[0])) for rows in factors}
    if len(shapes) > 1:
        raise Failed(WRONG_KIND)
    return total(
        math.prod(map(_factor, items)) for items in zip(*map(_column, factors), strict=True)
    )


def _factor(value: Scalar) -> float:
    if isinstance(value, CellError):
        raise Failed(value)
    return value if type(value) is float else 0.0


def _sum_of(amounts: list[Scalar], chosen: list[bool]) -> float:
    def picked() -> Iterator[float]:
        for amount, is_chosen in zip(amounts, chosen, strict=True):
            if is_chosen and isinstance(amount, CellError):
                raise Failed(amount)
            if is_chosen and type(amount) is float:
                yield amount

    return total(picked())


def _chosen(evaluation: Any, arguments: Arguments, size: int | None = None) -> list[bool]:
    """Tell for each cell whether it passes all criteria; arguments are ranges and criteria."""
    if len(arguments) % 2:
        raise NotCalculatedError
    chosen: list[bool] = [True] * size if size is not None else []
    for cells, criterion in zip(arguments[::2], arguments[1::2], strict=True):
        passes = test_of(evaluation.scalar(criterion))
        found = [passes(value) for value in _column(evaluation.rows(cells))]
        if chosen and len(found) != len(chosen):
            raise Failed(WRONG_KIND)
        chosen = [a and b for a, b in zip(chosen, found, strict=True)] if chosen else found
    return chosen


def _as_large(evaluation: Any, arguments: Arguments) -> Reference:
    """Give the cells to add up the shape of the cells that are tested, as SUMIF does."""
    tested, added = evaluation.value(arguments[0]), evaluation.value(arguments[2])
    if not isinstance(tested, Reference) or not isinstance(added, Reference):
        raise NotCalculatedError
    top, left = added.area.top, added.area.left
    rows, columns = tested.area.rows, tested.area.columns
    return Reference(added.sheet, Area(top, left, top + rows - 1, left + columns - 1))


def _rows(evaluation: Any, cells: Any) -> list[list[Scalar]]:
    found: list[list[Scalar]]
    found = (
        evaluation.source.rows(cells) if isinstance(cells, Reference) else evaluation.rows(cells)
    )
    return found


def _column(rows: list[list[Scalar]]) -> list[Scalar]:
    return [item for row in rows for item in row]


FUNCTIONS: dict[str, Function] = {
    "SUM": _sum,
    "SUMIF": _sum_if,
    "SUMIFS": _sum_ifs,
    "SUMPRODUCT": _sum_product,
    "COUNT": _count,
    "COUNTA": _count_filled,
    "COUNTBLANK": _count_blank,
    "COUNTIF": _count_ifs,
    "COUNTIFS": _count_ifs,
    "AVERAGE": _average,
    "MIN": _extreme(min),
    "MAX": _extreme(max),
    "ABS": of_numbers(abs, 1),
    "INT": of_numbers(lambda value: float(math.floor(value)), 1),
    "ROUND": of_numbers(rounded, 2),
    "ROUNDUP": of_numbers(rounded_up, 2),
    "ROUNDDOWN": of_numbers(rounded_down, 2),
}
