"""Worksheet functions beside the raw query of the same table, in one run: ratios.

    python benchmarks/functions.py [COUNT]     (default: 10000)

COUNT frame orders, each asked for in one array; the floor is one SELECT of the same figures by
sqlite3 alone, put into a dictionary and looked up by the same keys.
"""

import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.builders import D, Shop, copy_of, make_template
from timix_xl import functions as xl
from timix_xl.udf.declaring import STORE

SINGLE_CALLS = 1_000
FLOOR = """
SELECT number, total - billed_before - coalesce(sum(drawn), 0), unit
FROM frame_orders LEFT JOIN draw_downs ON frame_order = number GROUP BY number
"""


def a_shop(folder: Path, count: int) -> Shop:
    """That many frame orders over 100 h, two of them drawn on."""
    shop = copy_of(make_template(folder), folder)
    facts = {"customer": "ACME", "unit": "h", "overrun": "block", "state": "open"}
    shop.add(
        "frame_orders",
        *({"number": f"FO{at}", "total": 1_000_000, **facts} for at in range(count)),
    )
    for order in ("FO0", "FO1"):
        shop.time(f"E-{order}", hours="2.5")
        shop.issue(frame_order=order)
    return shop


def floor(place: str, keys: list[list[str]]) -> list[list[float]]:
    with closing(sqlite3.connect(place)) as connection:
        rows = {number: left / 10_000 for number, left, _ in connection.execute(FLOOR)}
    return [[rows[key] for key in row] for row in keys]


def timed(action: Callable[[], Any], times: int = 5) -> tuple[float, Any]:
    """Return the best of some runs: what the machine does besides is no part of it."""
    best, result = float("inf"), None
    for _ in range(times):
        started = time.perf_counter()
        result = action()
        best = min(best, time.perf_counter() - started)
    return best, result


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        shop = a_shop(Path(name), count)
        os.environ["TIMIX_STORE"] = shop.path
        keys = [[f"FO{at}"] for at in range(count)]
        lowest, expected = timed(lambda: floor(shop.path, keys))
        table = Table("what", "seconds", "µs each", "x floor")
        table.add_row("one raw SELECT", f"{lowest:.4f}", f"{lowest / count * 1e6:.1f}", "1.0")

        def row(what: str, seconds: float, number: int) -> None:
            each = f"{seconds / number * 1e6:.1f}"
            table.add_row(what, f"{seconds:.4f}", each, f"{seconds / lowest:.1f}")

        first, found = timed(lambda: xl.TIMIX_PO_REMAINING(keys), times=1)
        assert found == expected
        row(f"array of {count:,}, first call of a process", first, count)
        row(f"array of {count:,}, after a change", after_change(shop, keys), count)
        row(f"array of {count:,}, kept", timed(lambda: xl.TIMIX_PO_REMAINING(keys))[0], count)
        row(f"{SINGLE_CALLS:,} single calls, kept", timed(singly)[0], SINGLE_CALLS)
        Console().print(table)
        STORE.close()


def after_change(shop: Shop, keys: list[list[str]]) -> float:
    taken = []
    for at in range(5):
        shop.change("customers", {"code": "ACME"}, bill_rate=D(101 + at))
        taken.append(timed(lambda: xl.TIMIX_PO_REMAINING(keys), times=1)[0])
    return min(taken)


def singly() -> None:
    for at in range(SINGLE_CALLS):
        xl.TIMIX_PO_REMAINING(f"FO{at}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
