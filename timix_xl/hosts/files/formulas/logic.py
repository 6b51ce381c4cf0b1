"""IF and its like."""

from typing import Any

from timix_xl.hosts.cell_values import CellError
from timix_xl.hosts.files.formulas.arguments import (
    Arguments,
    Function,
    expect,
    of_scalars,
    truths,
)
from timix_xl.hosts.files.formulas.references import Reference
from timix_xl.hosts.files.formulas.values import (
    NOT_AVAILABLE,
    WRONG_KIND,
    Failed,
    Scalar,
    truth,
)

_BRANCHES = 3


def _if(evaluation: Any, arguments: Arguments) -> Any:
    expect(arguments, 1, _BRANCHES)
    condition, *branches = arguments
    index = 0 if truth(evaluation.scalar(condition)) else 1
    if index >= len(branches):
        return index == 0
    value = evaluation.value(branches[index])
    return 0.0 if value is None else value


def _if_error(evaluation: Any, arguments: Arguments) -> Scalar:
    expect(arguments, 2, 2)
    value = _caught(evaluation, arguments[0])
    return evaluation.scalar(arguments[1]) if isinstance(value, CellError) else value


def _if_not_available(evaluation: Any, arguments: Arguments) -> Scalar:
    expect(arguments, 2, 2)
    value = _caught(evaluation, arguments[0])
    missing = isinstance(value, CellError) and value == NOT_AVAILABLE
    return evaluation.scalar(arguments[1]) if missing else value


def _is_error(evaluation: Any, arguments: Arguments) -> bool:
    expect(arguments, 1, 1)
    return isinstance(_caught(evaluation, arguments[0]), CellError)


def _and(evaluation: Any, arguments: Arguments) -> bool:
    return all(_some(evaluation, arguments))


def _or(evaluation: Any, arguments: Arguments) -> bool:
    return any(_some(evaluation, arguments))


def _some(evaluation: Any, arguments: Arguments) -> list[bool]:
    found = list(truths(evaluation, arguments))
    if not found:
        raise Failed(WRONG_KIND)
    return found


def _caught(evaluation: Any, argument: Any) -> Scalar:
    try:
        value: Scalar = evaluation.scalar(argument)
    except Failed as failure:
        return failure.error
    return value


def _is_blank(evaluation: Any, arguments: Arguments) -> bool:
    expect(arguments, 1, 1)
    value = evaluation.value(arguments[0])
    return isinstance(value, Reference) and evaluation.scalar(arguments[0]) is None


def _is_number(evaluation: Any, arguments: Arguments) -> bool:
    expect(arguments, 1, 1)
    return type(_caught(evaluation, arguments[0])) is float


def _is_text(evaluation: Any, arguments: Arguments) -> bool:
    expect(arguments, 1, 1)
    return type(_caught(evaluation, arguments[0])) is str


FUNCTIONS: dict[str, Function] = {
    "IF": _if,
    "IFERROR": _if_error,
    "IFNA": _if_not_available,
    "ISERROR": _is_error,
    "ISBLANK": _is_blank,
    "ISNUMBER": _is_number,
    "ISTEXT": _is_text,
    "AND": _and,
    "OR": _or,
    "NOT": of_scalars(lambda value: not truth(value), 1),
    "TRUE": of_scalars(lambda: True, 0),
    "FALSE": of_scalars(lambda: False, 0),
}
