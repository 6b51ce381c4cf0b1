"""Where Ctrl and an arrow key go."""

from collections.abc import Callable

from timix_xl.hosts.areas import LAST_COLUMN, LAST_ROW, Area

_STEPS = {
    "down": (1, 0),
    "d": (1, 0),
    "up": (-1, 0),
    "u": (-1, 0),
    "right": (0, 1),
    "r": (0, 1),
    "left": (0, -1),
    "l": (0, -1),
}


def end_of(
    area: Area,
    direction: str,
    is_filled: Callable[[int, int], bool],
    last_row: int,
    last_column: int,
) -> tuple[int, int]:
    """Give the last cell of the block, or the first one after a gap, or the sheet's edge."""
    down, right = _STEPS[direction]
    row, column = area.top, area.left
    last_row, last_column = max(last_row, row), max(last_column, column)
    inside_block = is_filled(row, column) and is_filled(row + down, column + right)
    while inside_block and is_filled(row + down, column + right):
        row, column = row + down, column + right
    if inside_block:
        return row, column
    while True:
        row, column = row + down, column + right
        if is_filled(row, column):
            return row, column
        if row < 1 or column < 1:
            return max(row, 1), max(column, 1)
        if row > last_row or column > last_column:
            return (LAST_ROW if down else row), (LAST_COLUMN if right else column)


def is_upright(direction: str) -> bool:
    """Tell whether a direction goes up or down."""
    return bool(_STEPS[direction][0])
