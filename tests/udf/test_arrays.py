"""Arrays are spread over each other as Excel does it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from timix_xl.udf.arrays import only, spread


def pair(*elements: Any) -> Any:
    return elements


@pytest.mark.parametrize(
    ("given_", "found"),
    [
        ((1, 2), (1, 2)),
        (([1, 2], 3), [(1, 3), (2, 3)]),
        (([[1], [2]], 3), [[(1, 3)], [(2, 3)]]),
        (([1, 2], [3, 4]), [(1, 3), (2, 4)]),
        (([[1], [2]], [[3], [4]]), [[(1, 3)], [(2, 4)]]),
        (([[1, 2]], [[3], [4]]), [[(1, 3), (2, 3)], [(1, 4), (2, 4)]]),
        (([1, 2], [[3], [4]]), [[(1, 3), (2, 3)], [(1, 4), (2, 4)]]),
        (([[1, 2], [3, 4]], [[5, 6]]), [[(1, 5), (2, 6)], [(3, 5), (4, 6)]]),
        (([[1]], [2, 3]), [[(1, 2), (1, 3)]]),
    ],
)
def test_a_cell_a_row_or_a_column_stands_beside_every_other(given_: Any, found: Any) -> None:
    assert spread(pair, *given_) == found


@pytest.mark.parametrize(
    ("given_", "found"),
    [
        (([1, 2, 3], [4, 5]), [(1, 4), (2, 5), "#N/A"]),
        (([[1], [2]], [[3], [4], [5]]), [[(1, 3)], [(2, 4)], ["#N/A"]]),
        (([[1, 2], [3, 4]], [5, 6, 7]), [[(1, 5), (2, 6), "#N/A"], [(3, 5), (4, 6), "#N/A"]]),
    ],
)
def test_an_element_without_a_partner_has_no_answer(given_: Any, found: Any) -> None:
    assert spread(pair, *given_) == found


@pytest.mark.parametrize("nothing", [[], (), [[]]])
def test_an_empty_array_is_a_blank_cell(nothing: Any) -> None:
    assert spread(lambda one: [one], nothing) in ([None], [[None]], [[[None]]])


@given(some.integers(1, 4), some.integers(1, 4))
def test_the_shape_of_a_table_is_kept(height: int, width: int) -> None:
    table = [[(row, column) for column in range(width)] for row in range(height)]

    assert spread(lambda one: one, table) == table


def test_the_only_element_of_an_array_is_taken_out() -> None:
    assert [only(3), only([3]), only([[3]])] == [3, 3, 3]


@pytest.mark.parametrize("several", [[1, 2], [[1], [2]], [[1, 2]]])
def test_several_elements_are_not_one(several: Any) -> None:
    with pytest.raises(ValueError):
        only(several)


COLUMN = [["a"], [None], ["b"], *([None] for _ in range(1_000))]
"""As Excel hands over A:A: what is used, and blank cells down to the end."""


@pytest.mark.parametrize(
    "given_",
    [
        (COLUMN,),
        (COLUMN, "x"),
        (COLUMN, [["x", "y"]]),
        ("x", COLUMN),
        (COLUMN, [[1], [2], [None], [3], [None], [None]]),
        (COLUMN, [*([None] for _ in range(900)), ["late"], *([None] for _ in range(102))]),
        ([[None]] * 5,),
        ([[None, None], [None]],),
    ],
)
def test_blank_rows_at_the_end_are_answered_like_any_other(given_: Any) -> None:
    height = max(len(grid) for grid in given_ if isinstance(grid, list) and len(grid) > 1)
    marked = [[[row] for row in range(height)], *given_]  # no row of it is like another

    assert spread(pair, *given_) == [
        [cell if cell == "#N/A" else cell[1:] for cell in row] for row in spread(pair, *marked)
    ]


def test_blank_rows_at_the_end_are_answered_once() -> None:
    asked: list[Any] = []

    assert len(spread(asked.append, COLUMN)) == len(COLUMN)
    assert asked == ["a", None, "b", None]
