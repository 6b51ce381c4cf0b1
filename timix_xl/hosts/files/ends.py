"""Where Ctrl and an arrow key go."""

from typing import Any

from timix_xl.hosts.files.areas import LAST_COLUMN, LAST_ROW, Area

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


def end_of(sheet: Any, area: Area, direction: str) -> tuple[int, int]:
    """Give the last cell of the block, or the first one after a gap, or the sheet's edge."""
    down, right = _STEPS[direction]
    filled = {key for key, cell in sheet._cells.items() if cell._value is not None}
    row, column = area.top, area.left
    last_row, last_column = max(sheet.max_row, row), max(sheet.max_column, column)
    inside_block = (row, column) in filled and (row + down, column + right) in filled
    while inside_block and (row + down, column + right) in filled:
        row, column = row + down, column + right
    if inside_block:
        return row, column
    while True:
        row, column = row + down, column + right
        if (row, column) in filled:
            return row, column
        if row < 1 or column < 1:
            return max(row, 1), max(column, 1)
        if row > last_row or column > last_column:
            return (LAST_ROW if down else row), (LAST_COLUMN if right else column)
