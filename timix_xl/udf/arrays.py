"""Arrays in, arrays out: values of cells are spread over each other as Excel does it."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

Grid: TypeAlias = Sequence[Sequence[Any]]

NOT_AVAILABLE = "#N/A"
"""What stands where there is no such name, and where an array has no partner for another."""
VALUE = "#VALUE!"
"""What stands where an argument cannot be read."""


def spread(answer: Callable[..., Any], *values: Any) -> Any:
    """Answer for each element: a single one, a row or a column stands beside every other.

    Where an argument has no element left there is no answer but #N/A. The result has the shape of
    the arguments together: that of a cell, a row (list) or a table (list of lists). Blank rows at
    its end (of a whole column, a million) are answered once.

    >>> spread(lambda one, other: one * other, 2, [[1], [3]])
    [[2], [6]]
    """
    grids = [_grid(value) for value in values]
    height = max(len(grid) for grid in grids)
    width = max(len(grid[0]) for grid in grids)
    told = min(height, _differing(grids, height) + 1)
    answers = [[_one(answer, grids, row, column) for column in range(width)] for row in range(told)]
    answers += [answers[-1]] * (height - told)
    dimensions = max(map(_dimensions, values))
    if dimensions > 1:
        return answers
    return answers[0] if dimensions else answers[0][0]


def only(value: Any) -> Any:
    """Return the only element of a value, for what takes no array; raises ValueError."""
    ((one,),) = _grid(value)
    return one


def _differing(grids: Sequence[Grid], height: int) -> int:
    """Count the rows up to the last that can have another answer than the row below it."""
    tall = [grid for grid in grids if len(grid) > 1]
    return max((_used(grid) if len(grid) == height else len(grid) for grid in tall), default=height)


def _used(grid: Grid) -> int:
    """Count the rows up to the last that is not blank."""
    last = grid[-1]
    if any(cell is not None for cell in last):
        return len(grid)
    return next((at for at in range(len(grid), 0, -1) if grid[at - 1] != last), 0)


def _one(answer: Callable[..., Any], grids: Sequence[Grid], row: int, column: int) -> Any:
    elements = []
    for grid in grids:
        at = row if len(grid) > 1 else 0
        line = grid[at] if at < len(grid) else ()
        beside = column if len(grid[0]) > 1 else 0
        if beside >= len(line):
            return NOT_AVAILABLE
        elements.append(line[beside])
    return answer(*elements)


def _grid(value: Any) -> Grid:
    grid = value if _dimensions(value) > 1 else [value if _is_array(value) else [value]]
    return grid if len(grid[0]) else [[None]]


def _dimensions(value: Any) -> int:
    if not _is_array(value):
        return 0
    return 2 if len(value) and _is_array(value[0]) else 1


def _is_array(value: Any) -> bool:
    return isinstance(value, list | tuple)
