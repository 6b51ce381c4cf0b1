"""Speed, side by side with a floor, in one run: ratios that hold on any machine.

    python benchmarks/run.py [COUNT ...]     (default: 1000 10000 100000)

Load and issue are set against the same arithmetic in a plain loop and the same rows in one raw
executemany; the review workbook against openpyxl writing and reading the same cells.
"""

import datetime as dt
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import openpyxl
from rich.console import Console
from rich.table import Table
from sqlalchemy import event

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.builders import ANN, Shop, copy_of, make_template
from timix_xl import macros
from timix_xl.billing.issue import issue
from timix_xl.billing.load import load
from timix_xl.billing.plan import RunOptions
from timix_xl.domain.grouping import GroupBy
from timix_xl.hosts import files
from timix_xl.settings import bundled
from timix_xl.workbook import billing_sheet

UPTO = dt.date(2026, 1, 31)
COUNTS = (1_000, 10_000, 100_000)
MOST_ROWS_OF_A_SHEET = 10_000


@dataclass
class Watch:
    """Counts statements and adds up the time that the database takes."""

    statements: int = 0
    seconds: float = 0.0
    _started: list[float] = field(default_factory=list)

    def on(self, shop: Shop) -> "Watch":
        event.listen(shop.store.engine, "before_cursor_execute", self._before)
        event.listen(shop.store.engine, "after_cursor_execute", self._after)
        return self

    def _before(self, *_: object) -> None:
        self._started.append(time.perf_counter())

    def _after(self, *_: object) -> None:
        self.statements += 1
        self.seconds += time.perf_counter() - self._started.pop()


def timed(action: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    result = action()
    return time.perf_counter() - started, result


def a_shop(folder: Path, template: Path, count: int) -> Shop:
    shop = copy_of(template, folder, f"{count}.db")
    shop.many(count, bill_rate=Decimal("95.55"))
    return shop


def floor(folder: Path, count: int) -> None:
    """Price, group and add up in a plain loop, and write the same rows with raw sqlite3."""
    rate, cent = Decimal("95.55"), Decimal("0.01")
    hours = [Decimal("0.3333")] * count
    amounts = [(one * rate).quantize(cent, ROUND_HALF_UP) for one in hours]
    total = sum(amounts, Decimal(0))
    rows = [
        (at, f"E{at}", f"Work {at}", 3333, 95550000, int(a * 100)) for at, a in enumerate(amounts)
    ]
    with closing(sqlite3.connect(folder / f"floor-{count}.db")) as connection:
        connection.execute("CREATE TABLE lines (id INTEGER PRIMARY KEY, e, d, h, r, a)")
        for name in ("claims", "entries", "run"):
            connection.execute(f"CREATE TABLE {name} (id, e, d, h, r, a)")
        for name in ("lines", "claims", "entries", "run"):
            connection.executemany(f"INSERT INTO {name} VALUES (?,?,?,?,?,?)", rows)
        connection.commit()
    assert total


def use_cases(folder: Path, template: Path, counts: Iterable[int]) -> Table:
    table = Table(
        "entries", "what", "seconds", "µs/entry", "in the database", "statements", "x floor"
    )
    for count in counts:
        lowest, _ = timed(lambda count=count: floor(folder, count))
        table.add_row(f"{count:,}", "floor", *figures(lowest, count), "", "", "1.0")
        shop = a_shop(folder, template, count)
        for name, action in (
            ("load", lambda shop=shop: load(shop.store, "ACME", UPTO)),
            ("issue", lambda shop=shop: issue(shop.store, "ACME", UPTO, RunOptions(), actor=ANN)),
        ):
            watch = Watch().on(shop)
            seconds, _ = timed(action)
            share = f"{watch.seconds:.2f} s, {watch.seconds / seconds:.0%}"
            cells = (share, str(watch.statements), f"{seconds / lowest:.1f}")
            table.add_row("", name, *figures(seconds, count), *cells)
        shop.store.close()
    return table


def figures(seconds: float, count: int) -> tuple[str, str]:
    return f"{seconds:.3f}", f"{seconds / count * 1e6:.1f}"


def workbooks(folder: Path, template: Path, counts: Iterable[int]) -> Table:
    table = Table("entries", "what", "seconds", "µs/entry", "x openpyxl")
    for count in counts:
        if count > MOST_ROWS_OF_A_SHEET:
            continue
        shop = a_shop(folder, template, count)
        seconds = on_sheets(folder / f"{count}.xlsx", macros.Desk(shop.store, ANN, folder))
        alone = seconds["write alone"] + seconds["read alone"]
        for name, taken in seconds.items():
            table.add_row(f"{count:,}", name, *figures(taken, count), f"{taken / alone:.1f}")
        shop.store.close()
    return table


def on_sheets(path: Path, desk: macros.Desk) -> dict[str, float]:
    path.write_bytes(bundled("billing.xlsx").read_bytes())
    return {
        "review": timed(lambda: review(path, desk))[0],
        "write alone": plain_write(path),
        "preview, by task": timed(lambda: preview(path, desk))[0],
        "read alone": timed(lambda: openpyxl.load_workbook(path))[0],
    }


def review(path: Path, desk: macros.Desk) -> None:
    with files.open_book(path) as book:
        billing_sheet.want(book, "ACME", UPTO)
        macros.load_unbilled(book, desk)
        book.save()


def preview(path: Path, desk: macros.Desk) -> None:
    with files.open_book(path) as book:
        book.names["timix_group_by"].refers_to_range.value = GroupBy.TASK.value
        macros.preview(book, desk)
        book.save()


def plain_write(path: Path) -> float:
    book = openpyxl.load_workbook(path)
    return timed(lambda: book.save(path.with_name("plain.xlsx")))[0]


def main(counts: list[int]) -> None:
    console = Console()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        template = make_template(folder)
        console.print(use_cases(folder, template, counts))
        console.print(workbooks(folder, template, counts))


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or list(COUNTS))
