"""Load and issue grow with the entries, not with their square."""

import time
from collections.abc import Callable
from pathlib import Path

from tests.builders import Template, copy_of

ROUNDS = 2
GENEROUS = 30
"""Ten times the entries may take this many times as long; a square would take a hundred."""


def seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def test_ten_times_the_entries_take_about_ten_times_as_long(
    template: Template, tmp_path: Path
) -> None:
    took: dict[int, tuple[float, float]] = {}
    for size in (1_000, 10_000):
        shop = copy_of(template, tmp_path, f"{size}.db")
        shop.many(size)
        load = min(seconds(shop.load) for _ in range(ROUNDS))
        took[size] = (load, seconds(shop.issue))
        shop.store.close()

    assert took[10_000][0] < GENEROUS * took[1_000][0]
    assert took[10_000][1] < GENEROUS * took[1_000][1]
