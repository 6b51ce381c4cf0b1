"""Time and memory of verify over large stores, beside a plain loop of SHA-256 in the same run.

    python benchmarks/verify.py [INVOICES ...] [--lines LINES]     (default: 1000 10000 100000, 5)

Seconds are of the processor. Each store is verified in a process of its own, for its peak of
memory; the loop reads the sealed contents and hashes them, and does nothing else.
"""

import argparse
import hashlib
import resource
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import select

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.large import fill
from tests.builders import copy_of, make_template
from timix_xl.billing.verify import verify
from timix_xl.store import tables as t
from timix_xl.store.database import Store, open_store

COUNTS = (1_000, 10_000, 100_000)
LINES = 5


def measured(place: str) -> tuple[Counter[str], int, int]:
    """Verify a store; returns seconds by part, megabytes at most, and the number of documents."""
    store = open_store(place)
    seconds: Counter[str] = Counter()
    seconds["SHA-256 alone"] = hashed(store)
    last = time.process_time()

    def watch(what: str, *_: int) -> None:
        nonlocal last
        now = time.process_time()
        seconds[what] += now - last
        last = now

    found = verify(store, progress=watch)
    store.close()
    assert found.ok, found.problems[:10]
    # Linux counts in kilobytes, macOS in bytes.
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit
    return seconds, most, found.checked["documents"]


def hashed(store: Store) -> float:
    """Return how long it takes to read and to hash every sealed content."""
    started = time.process_time()
    query = select(t.documents.c.content).execution_options(yield_per=1000)
    with store.reading() as connection:
        for (content,) in connection.execute(query):
            hashlib.sha256(content.encode()).digest()
    return time.process_time() - started


def report(folder: Path, counts: list[int], lines: int) -> Table:
    """Make each store, verify it, and set the parts beside the loop."""
    template = make_template(folder)
    table = Table("documents", "what", "seconds", "µs/document", "x SHA-256", "MB at most")
    for count in counts:
        shop = copy_of(template, folder, f"{count}.db")
        fill(shop, count, lines)
        shop.store.close()
        with ProcessPoolExecutor(1, get_context("spawn")) as apart:
            seconds, most, made = apart.submit(measured, shop.path).result()
        Path(shop.path).unlink()
        alone = seconds.pop("SHA-256 alone")
        rows = {"SHA-256 alone": alone, "verify": seconds.total(), **seconds}
        for at, (what, taken) in enumerate(rows.items()):
            figures = (f"{taken:.2f}", f"{taken / made * 1e6:.0f}", f"{taken / alone:.1f}")
            name = what if at < 2 else f"of it {what}"
            table.add_row("" if at else f"{made:,}", name, *figures, f"{most:,}" if at == 1 else "")
    return table


def main() -> None:
    """Read the numbers, and report."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("invoices", nargs="*", type=int, default=list(COUNTS))
    asked.add_argument("--lines", type=int, default=LINES)
    chosen = asked.parse_args()
    with tempfile.TemporaryDirectory() as name:
        Console().print(report(Path(name), chosen.invoices, chosen.lines))


if __name__ == "__main__":
    main()
