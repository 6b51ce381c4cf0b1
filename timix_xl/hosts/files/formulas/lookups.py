"""INDEX, MATCH and places."""

from typing import Any

from timix_xl.hosts.areas import Area
from timix_xl.hosts.cell_values import CellError
from timix_xl.hosts.files.formulas.arguments import Arguments, Function, expect
from timix_xl.hosts.files.formulas.criteria import equal_to
from timix_xl.hosts.files.formulas.references import Reference
from timix_xl.hosts.files.formulas.values import (
    NOT_AVAILABLE,
    WRONG_REFERENCE,
    Failed,
    NotCalculatedError,
    number,
)


def _index(evaluation: Any, arguments: Arguments) -> Reference:
    expect(arguments, 2, 3)
    reference = _reference(evaluation, arguments[0])
    given = [int(number(evaluation.scalar(argument))) for argument in arguments[1:]]
    area = reference.area
    if len(given) == 1:
        row, column = (1, given[0]) if area.rows == 1 else (given[0], 1 if area.columns == 1 else 0)
    else:
        row, column = given
    if not (0 <= row <= area.rows and 0 <= column <= area.columns):
        raise Failed(WRONG_REFERENCE)
    # 0 stands for the whole row or column.
    top, bottom = (area.top + row - 1,) * 2 if row else (area.top, area.bottom)
    left, right = (area.left + column - 1,) * 2 if column else (area.left, area.right)
    return Reference(reference.sheet, Area(top, left, bottom, right))


def _match(evaluation: Any, arguments: Arguments) -> float:
    expect(arguments, 3, 3)
    if number(evaluation.scalar(arguments[2])) != 0:
        # Without 0 it searches by halves in what it takes for sorted.
        raise NotCalculatedError
    wanted = evaluation.scalar(arguments[0])
    if isinstance(wanted, CellError):
        raise Failed(wanted)
    fits = equal_to(0.0 if wanted is None else wanted)
    found = (item for row in evaluation.rows(arguments[1]) for item in row)
    for position, item in enumerate(found, start=1):
        if fits(item):
            return float(position)
    raise Failed(NOT_AVAILABLE)


def _row(evaluation: Any, arguments: Arguments) -> float:
    expect(arguments, 0, 1)
    return float(
        _reference(evaluation, arguments[0]).area.top if arguments else evaluation.place.row
    )


def _column(evaluation: Any, arguments: Arguments) -> float:
    expect(arguments, 0, 1)
    if not arguments:
        return float(evaluation.place.column)
    return float(_reference(evaluation, arguments[0]).area.left)


def _rows(evaluation: Any, arguments: Arguments) -> float:
    expect(arguments, 1, 1)
    return float(_reference(evaluation, arguments[0]).area.rows)


def _reference(evaluation: Any, argument: Any) -> Reference:
    value = evaluation.value(argument)
    if not isinstance(value, Reference):
        raise NotCalculatedError
    return value


FUNCTIONS: dict[str, Function] = {
    "INDEX": _index,
    "MATCH": _match,
    "ROW": _row,
    "ROWS": _rows,
    "COLUMN": _column,
}
