"""How fast several processes issue at once, beside the same rows in a raw transaction, in one run.

    python benchmarks/many.py [SECONDS] [--processes N]     (default: 10, 8)

Each process issues invoices of five entries that draw on a frame order, one after the other, and
all in one series. The raw transaction locks one row and inserts as many rows, of the same columns,
into tables without any constraint; it calculates and checks nothing. SQLite keeps its file in the
folder for temporary files; PostgreSQL is a server of its own that waits for the disk. Afterwards
the store is verified: it has every invoice that was answered, and no gap.
"""

import argparse
import datetime as dt
import multiprocessing
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any, TypeAlias

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests import servers
from tests.builders import (
    ANN,
    PROJECT,
    TASK,
    D,
    Shop,
    Template,
    copied,
    make_template,
    make_template_on,
    plain,
    units,
)
from timix_xl.billing.issue import issue
from timix_xl.billing.plan import RunOptions
from timix_xl.store.database import open_store

SPAWN = multiprocessing.get_context("spawn")
FIRST = dt.date(2026, 1, 1)
ENTRIES = 5
MOST_A_SECOND = 60
"""Invoices of one process for which there is work: who is lucky gets many turns of SQLite's."""
DAYS = 10
"""Of work that each customer has: nobody bills among thousands of open entries every day."""
OPEN = {"overrun": "block", "state": "open"}
LONGEST_START = 120.0
"""Seconds until all have begun."""
Rows: TypeAlias = dict[str, list[tuple[Any, ...]]]
Act: TypeAlias = Callable[[int], object]
Begin: TypeAlias = Callable[[str, int, Rows], Act]


@dataclass(frozen=True)
class Measured:
    """What several processes did at once: how long each transaction took, in seconds."""

    latencies: Sequence[float]
    seconds: float

    @property
    def a_second(self) -> float:
        return len(self.latencies) / self.seconds

    def at(self, share: float) -> float:
        """Return the milliseconds within which this share of them was answered."""
        place = min(int(len(self.latencies) * share), len(self.latencies) - 1)
        return sorted(self.latencies)[place] * 1000


def furnished(template: Template, folder: Path, name: str, processes: int, invoices: int) -> Shop:
    """Copy a store, and give every process customers with an order and some days of work each."""
    shop = Shop(open_store(str(copied(template, folder, name))))
    codes = [customer(who, at) for who in range(processes) for at in range(0, invoices, DAYS)]
    facts = {"currency": "EUR", "tax_code": "S19", "bill_rate": D(100)}
    shop.add("customers", *({"code": code, "name": code, **facts} for code in codes))
    of_ours = {"material_at_cost": False, **PROJECT}
    shop.add("projects", *({"code": code, "customer": code, **of_ours} for code in codes))
    shop.add("tasks", *({"code": "T", "project": code, **TASK} for code in codes))
    order = {"unit": "h", "total": units(D(1000), "h"), "billed_before": 0, **OPEN}
    shop.add("frame_orders", *({"number": code, "customer": code, **order} for code in codes))
    shop.entries(
        {"id": f"{code}-{day}-{at}", "project": code, "on": str(on(day))}
        for code in codes
        for day in range(DAYS)
        for at in range(ENTRIES)
    )
    return shop


def customer(who: int, at: int) -> str:
    return f"C{who}-{at // DAYS}"


def on(at: int) -> dt.date:
    return FIRST + dt.timedelta(days=at % DAYS)


def issuing(place: str, who: int, _: Rows) -> Act:
    """Return how a process issues the work of a day."""
    store = open_store(place)

    def act(at: int) -> object:
        code = customer(who, at)
        options = RunOptions(frame_order=code)
        return issue(store, code, on(at), options, actor=ANN, request=f"{who}-{at}")

    return act


def raw(place: str, _: int, rows: Rows) -> Act:
    """Return how a process writes the same rows without us."""
    in_file = "://" not in place
    connection: Any = (
        sqlite3.connect(place, isolation_level=None, timeout=60) if in_file else plain(place)
    )
    begins = "BEGIN IMMEDIATE" if in_file else "BEGIN"
    locks = "SELECT next_seq FROM next" + ("" if in_file else " FOR UPDATE")
    sign = "?" if in_file else "%s"
    inserts = {
        name: f"INSERT INTO raw_{name} VALUES ({', '.join([sign] * len(some[0]))})"
        for name, some in rows.items()
    }

    def act(_: int) -> None:
        connection.execute(begins)
        connection.execute(locks).fetchall()
        connection.execute("UPDATE next SET next_seq = next_seq + 1")
        cursor = connection.cursor()
        for name, insert in inserts.items():
            cursor.executemany(insert, rows[name])
        connection.execute("COMMIT")

    return act


def sampled(shop: Shop) -> Rows:
    """Issue once, return the rows that this wrote, and make tables of their shape."""
    before = {name: set(some) for name, some in shop.contents().items()}
    issuing(shop.path, 0, {})(0)
    rows = {
        name: new
        for name, some in shop.contents().items()
        if (new := [row for row in some if row not in before[name]])
    }
    shop.say("CREATE TABLE next AS SELECT next_seq FROM series")
    shop.say(*(f"CREATE TABLE raw_{name} AS SELECT * FROM {name} WHERE 1 = 0" for name in rows))
    return rows


def measured(begin: Begin, place: str, rows: Rows, seconds: float, processes: int) -> Measured:
    """Let processes do one transaction after the other at the same time."""
    ready, told = SPAWN.Barrier(processes), SPAWN.SimpleQueue()
    children = [
        SPAWN.Process(target=work, args=(begin, place, who, rows, seconds, ready, told))
        for who in range(processes)
    ]
    for child in children:
        child.start()
    found = [told.get() for _ in children]
    for child in children:
        child.join()
        assert child.exitcode == 0, "a process has failed"
    latencies = [one for some, _ in found for one in some]
    return Measured(latencies, max(taken for _, taken in found))


def work(
    begin: Begin,
    place: str,
    who: int,
    rows: Rows,
    seconds: float,
    ready: Barrier,
    told: "SimpleQueue[tuple[list[float], float]]",
) -> None:
    """Do one transaction after the other until the time is over; tell how long each, and all took.

    What was begun in time is ended.
    """
    latencies: list[float] = []
    began = time.monotonic()
    try:
        act = begin(place, who, rows)
        act(0)
        ready.wait(LONGEST_START)
        began, at = time.monotonic(), 0
        while (started := time.monotonic()) < began + seconds:
            at += 1
            act(at)
            latencies.append(time.monotonic() - started)
    finally:
        told.put((latencies, time.monotonic() - began))


def invoices_in(seconds: float) -> int:
    return int(seconds * MOST_A_SECOND) + 1


def both(template: Template, folder: Path, seconds: float, processes: int) -> list[Measured]:
    """Measure the raw transaction, then ours; ours has to have kept every invoice."""
    beside = furnished(template, folder, "raw.db", 1, 1)
    rows = sampled(beside)
    lowest = measured(raw, beside.path, rows, seconds, processes)
    beside.store.close()
    shop = furnished(template, folder, "many.db", processes, invoices_in(seconds))
    ours = measured(issuing, shop.path, {}, seconds, processes)
    kept = shop.value("SELECT count(*) FROM documents")
    assert kept == len(ours.latencies) + processes, (kept, len(ours.latencies))
    assert shop.problems() == ()
    shop.store.close()
    return [lowest, ours]


def journal(template: Template) -> str:
    """Say how SQLite keeps what it has begun."""
    with closing(sqlite3.connect(str(template))) as connection:
        return str(connection.execute("PRAGMA journal_mode").fetchone()[0]).upper()


def report(seconds: float, processes: int) -> Table:
    table = Table("store", "transaction", "a second", "p50 ms", "p99 ms", "most ms", "x raw")
    for name, template, folder in places():
        lowest, ours = both(template, folder, seconds, processes)
        for what, one in (("raw", lowest), ("issue", ours)):
            times = (f"{one.at(share):,.1f}" for share in (0.5, 0.99, 1.0))
            ratio = f"{lowest.a_second / one.a_second:.1f}"
            table.add_row(name if one is lowest else "", what, f"{one.a_second:.1f}", *times, ratio)
    return table


def places() -> Iterator[tuple[str, Template, Path]]:
    """Yield a template on each kind of database that is there."""
    with tempfile.TemporaryDirectory() as folder:
        in_file = make_template(Path(folder))
        yield f"SQLite {sqlite3.sqlite_version}, {journal(in_file)}", in_file, Path(folder)
        with on_server() as server:
            if server:
                with server.connect() as connection:
                    major, minor = divmod(connection.info.server_version, 10_000)
                yield f"PostgreSQL {major}.{minor}", make_template_on(server), Path(folder)


@contextmanager
def on_server() -> Iterator[servers.Server | None]:
    """Start a server that waits for the disk; say so where there is none."""
    reason = servers.lacks()
    if reason:
        Console().print(f"Without PostgreSQL: {reason}.")
        yield None
        return
    with servers.started(durable=True) as server:
        yield server


def main() -> None:
    """Read the numbers, and report."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("seconds", nargs="?", type=float, default=10.0)
    asked.add_argument("--processes", type=int, default=8)
    chosen = asked.parse_args()
    Console().print(f"{chosen.processes} processes, {chosen.seconds:g} seconds each:")
    Console().print(report(chosen.seconds, chosen.processes))


if __name__ == "__main__":
    main()
