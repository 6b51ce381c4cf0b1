"""Arguments of functions: how many there may be, and plain functions of plain values."""

from collections.abc import Callable, Iterator
from typing import Any

from timix_xl.hosts.cell_values import CellError
from timix_xl.hosts.files.formulas.nodes import Node
from timix_xl.hosts.files.formulas.references import Reference
from timix_xl.hosts.files.formulas.values import (
    Failed,
    NotCalculatedError,
    Scalar,
    number,
    truth,
)

Arguments = tuple[Node | None, ...]
Function = Callable[[Any, Arguments], Any]


def expect(arguments: Arguments, least: int, most: int | None = None) -> None:
    """Give up on a number of arguments that the function does not have."""
    if len(arguments) < least or (most is not None and len(arguments) > most):
        raise NotCalculatedError


def of_scalars(function: Callable[..., Scalar], least: int, most: int | None = None) -> Function:
    """Make a function of single values; inside SUMPRODUCT and its like, of each value."""

    def called(evaluation: Any, arguments: Arguments) -> Any:
        expect(arguments, least, most or least)
        return evaluation.each(function, arguments)

    return called


def of_numbers(function: Callable[..., Scalar], least: int, most: int | None = None) -> Function:
    """Make a function of single numbers."""
    return of_scalars(lambda *given: function(*map(number, given)), least, most)


def flat(evaluation: Any, arguments: Arguments) -> Iterator[tuple[Scalar, bool]]:
    """Give all values of all arguments, each with whether it comes from a cell."""
    for argument in arguments:
        value = evaluation.value(argument)
        if isinstance(value, Reference):
            for row in evaluation.source.rows(value):
                for item in row:
                    yield item, True
        elif isinstance(value, list):
            for row in value:
                for item in row:
                    yield item, True
        else:
            yield value, False


def numbers(evaluation: Any, arguments: Arguments) -> Iterator[float]:
    """Give the numbers to add up: in cells text and TRUE do not count, as arguments they do."""
    for value, from_cell in flat(evaluation, arguments):
        if type(value) is float:
            yield value
        elif isinstance(value, CellError):
            raise Failed(value)
        elif not from_cell:
            yield number(value)


def truths(evaluation: Any, arguments: Arguments) -> Iterator[bool]:
    """Give what is true or false; text in cells does not count."""
    for value, from_cell in flat(evaluation, arguments):
        if isinstance(value, CellError):
            raise Failed(value)
        if from_cell and (value is None or isinstance(value, str)):
            continue
        yield truth(value)
