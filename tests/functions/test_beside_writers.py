"""Functions read a store that somebody is writing: nobody fails, and nobody waits for long."""

import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.builders import Shop
from tests.functions.conftest import TODAY
from timix_xl import functions as xl
from timix_xl.store import reading
from timix_xl.udf import declaring

ROOT = Path(__file__).parents[2]
COUNT = 25
AN_INVOICE = 5 * 119.0
PATIENCE = 20.0
"""Seconds: far more than anybody waits for here, far less than it takes to give up."""


@pytest.fixture
def writing(cells: Shop) -> Iterator[subprocess.Popen[str]]:
    """Another process that issues invoices of five hours each, on one frame order."""
    cells.order("FO", "1000")
    command = [sys.executable, "-m", "tests.functions.writer", cells.path, str(COUNT)]
    with subprocess.Popen(
        command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        yield process
        process.kill()


def test_functions_and_an_issuing_process_do_not_stop_each_other(
    writing: subprocess.Popen[str],
) -> None:
    seen: list[tuple[float, float, float]] = []
    longest = 0.0
    while writing.poll() is None:
        started = time.perf_counter()
        seen.append(
            (
                xl.TIMIX_PO_BILLED("FO"),
                xl.TIMIX_OUTSTANDING("ACME"),
                xl.TIMIX_UNBILLED_HOURS("ACME"),
            )
        )
        longest = max(longest, time.perf_counter() - started)
    out, err = writing.communicate()

    assert (writing.returncode, err) == (0, "")
    assert max(json.loads(out)) < PATIENCE
    assert longest < PATIENCE
    billed, owed, unbilled = zip(*seen, strict=True)
    # Each figure is of one committed state: whole invoices, in the order of their making.
    assert [one for one in billed if one % 5] == []
    assert [one for one in owed if one % AN_INVOICE] == []
    assert set(unbilled) <= {0.0, 5.0}
    assert list(billed) == sorted(billed)
    assert len(set(billed)) > 3
    assert xl.TIMIX_PO_BILLED("FO") == 5.0 * COUNT


@pytest.fixture
def writer(cells: Shop) -> Iterator[sqlite3.Connection]:
    """A connection of somebody else's, who is about to change the frame order from 10 to 20 h."""
    cells.order("FO", "10")
    xl.TIMIX_PO_TOTAL("FO")
    with closing(
        sqlite3.connect(cells.path, isolation_level=None, check_same_thread=False)
    ) as connection:
        yield connection


@pytest.mark.stores("sqlite")
def test_while_somebody_writes_a_call_tells_what_was_committed_before(
    writer: sqlite3.Connection,
) -> None:
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE frame_orders SET total = 200000")
    meanwhile = xl.TIMIX_PO_TOTAL("FO")
    writer.execute("COMMIT")

    assert (meanwhile, xl.TIMIX_PO_TOTAL("FO")) == (10.0, 20.0)


@pytest.mark.stores("sqlite")
@pytest.mark.usefixtures("rollback_journal")
def test_a_call_waits_while_somebody_commits_and_tells_what_came_of_it(
    writer: sqlite3.Connection,
) -> None:
    writer.execute("BEGIN EXCLUSIVE")
    writer.execute("UPDATE frame_orders SET total = 200000")
    committing = threading.Timer(0.2, writer.execute, ["COMMIT"])
    committing.start()

    assert xl.TIMIX_PO_TOTAL("FO") == 20.0
    committing.join()


SOME = [["ACME"], ["P"], ["FO"], ["E1"], ["INV-2026-00001"], ["nobody"]]


@pytest.mark.stores("sqlite")
@pytest.mark.parametrize("is_kept", [True, False])
@pytest.mark.parametrize(
    "call",
    [
        lambda: xl.TIMIX_UNBILLED_HOURS(SOME),
        lambda: xl.TIMIX_UNBILLED_AMOUNT(SOME, ["2026-01-15", "2026-02-15"]),
        lambda: xl.TIMIX_PO_REMAINING(SOME),
        lambda: xl.TIMIX_BILL_RATE(SOME, "T", "ann", "2026-01-15"),
        lambda: xl.TIMIX_INVOICE_STATUS(SOME),
        lambda: xl.TIMIX_OUTSTANDING(SOME),
        lambda: xl.TIMIX_WIP(SOME),
        lambda: xl.TIMIX_CHECK(SOME, ["Bill", "Defer"]),
        lambda: xl.TIMIX_ENTRIES("ACME", "2026-01-15"),
        lambda: xl.TIMIX_FRAME_ORDERS("ACME"),
    ],
)
def test_nobody_waits_to_write_while_answers_are_spread(
    writer: sqlite3.Connection,
    monkeypatch: pytest.MonkeyPatch,
    call: Callable[[], Any],
    is_kept: bool,
) -> None:
    """After each element somebody locks the store, and would not wait for it."""
    taken = []
    answer = declaring._element

    def element(*args: Any) -> Any:
        answered = answer(*args)
        writer.execute("BEGIN EXCLUSIVE")
        writer.execute("COMMIT")
        taken.append(answered)
        return answered

    writer.execute("PRAGMA busy_timeout = 0")
    if is_kept:
        call()
    else:
        writer.execute("UPDATE customers SET name = name || '.'")
    monkeypatch.setattr(declaring, "_element", element)
    call()

    assert taken


@pytest.mark.stores("sqlite")
def test_nobody_waits_to_write_while_rates_are_read(
    writer: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    books = reading.books

    def locked(connection: Any) -> Any:
        writer.execute("BEGIN EXCLUSIVE")
        writer.execute("COMMIT")
        return books(connection)

    writer.execute("PRAGMA busy_timeout = 0")
    monkeypatch.setattr(reading, "books", locked)

    assert xl.TIMIX_BILL_RATE("P", "T", "ann", "2026-01-15") == 100.0


def test_a_thread_waits_until_another_one_is_answered(cells: Shop) -> None:
    begun, goes_on, ended = threading.Event(), threading.Event(), []

    def first(_: Any) -> None:
        begun.set()
        goes_on.wait(PATIENCE)
        ended.append("first")

    def asking(question: Callable[[Any], None]) -> threading.Thread:
        thread = threading.Thread(target=declaring.STORE.ask, args=(cells.path, TODAY, question))
        thread.start()
        return thread

    one = asking(first)
    begun.wait(PATIENCE)
    other = asking(lambda _: ended.append("second"))
    other.join(0.3)
    goes_on.set()
    for thread in (one, other):
        thread.join()

    assert ended == ["first", "second"]


def test_several_threads_are_answered_one_after_the_other(cells: Shop) -> None:
    """Two threads on one connection would bring Python down: it is tried in another one."""
    cells.order("FO", "5")
    cells.time("E1", hours="2")
    program = [sys.executable, "-m", "tests.functions.threads", cells.path]
    done = subprocess.run(
        program, cwd=ROOT, env=os.environ, text=True, capture_output=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == [5.0]
