"""Many issue at once, and some are killed: no gap, no double, nothing acknowledged is lost."""

import multiprocessing
import random
import sys
import time
from pathlib import Path

import pytest

from tests.builders import Shop
from tests.store import issuers

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has neither a fork server nor SIGKILL"
)
CUSTOMERS = ("C0", "C1", "C2", "C3")
DAYS = 300
KILLS = 40
ACKNOWLEDGED = 20
"""As many invoices must have been told of: on a slow machine that takes some kills more."""
KILLED = CUSTOMERS[:2]
"""Two at a time: with more, SQLite's unfair waiting is what takes the test's time."""
PATIENCE = 60.0
FORKS = multiprocessing.get_context("forkserver") if sys.platform != "win32" else None


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    assert FORKS is not None
    FORKS.set_forkserver_preload(["tests.store.issuers"])


@pytest.fixture
def busy_shop(shop: Shop) -> Shop:
    """Four customers with an hour a day, each with a frame order."""
    for code in CUSTOMERS:
        shop.customer(code)
        shop.order(f"FO-{code}", "300", customer=code)
        shop.entries(
            {
                "id": f"{code}-{at:03d}",
                "project": f"P-{code}",
                "on": f"{issuers.FIRST.fromordinal(issuers.FIRST.toordinal() + at)}",
            }
            for at in range(DAYS)
        )
    shop.store.close()
    return shop


def start(shop: Shop, customer: str, first: int, last: int, notes: Path):
    assert FORKS is not None
    child = FORKS.Process(target=issuers.run, args=(shop.path, customer, first, last, str(notes)))
    child.start()
    return child


def assert_numbers_have_no_gap_and_no_double(shop: Shop) -> None:
    found = [row[0] for row in shop.rows("SELECT number FROM documents ORDER BY number")]
    assert found == [f"INV-2026-{at:05d}" for at in range(1, len(found) + 1)]


def test_four_issuers_at_once_leave_no_gap_and_no_double(busy_shop: Shop, tmp_path: Path) -> None:
    notes = {code: tmp_path / f"{code}.notes" for code in CUSTOMERS}
    children = [start(busy_shop, code, 0, 8, notes[code]) for code in CUSTOMERS]
    for child in children:
        child.join(PATIENCE)
    assert [child.exitcode for child in children] == [0] * 4
    assert_numbers_have_no_gap_and_no_double(busy_shop)
    told = [number for code in CUSTOMERS for number in issuers.done(notes[code]).values()]
    assert sorted(told) == [f"INV-2026-{at:05d}" for at in range(1, 33)]
    assert busy_shop.problems() == ()


def test_issuers_killed_at_any_moment_lose_nothing_and_leave_nothing_half_done(
    busy_shop: Shop, tmp_path: Path
) -> None:
    chance = random.Random(20260131)
    notes = {code: tmp_path / f"{code}.notes" for code in KILLED}
    alive = {code: start(busy_shop, code, 0, DAYS, notes[code]) for code in KILLED}
    kills = 0
    while kills < KILLS or _told(notes) < ACKNOWLEDGED:
        code = KILLED[kills % len(KILLED)]
        _wait_for_a_start(notes[code], issuers.started(notes[code]))
        time.sleep(chance.uniform(0, 0.03))
        alive[code].kill()
        alive[code].join(PATIENCE)
        kills += 1
        # The one that comes after retries what was never acknowledged.
        first = max(issuers.done(notes[code]), default=-1) + 1
        alive[code] = start(busy_shop, code, first, DAYS, notes[code])
    for child in alive.values():
        child.kill()
        child.join(PATIENCE)
    told = {code: issuers.done(notes[code]) for code in KILLED}
    assert busy_shop.problems() == ()
    assert_numbers_have_no_gap_and_no_double(busy_shop)
    for code, days in told.items():
        for at, number in days.items():
            assert issuers.issue_day(busy_shop.store, code, at) == number


def _told(notes: dict[str, Path]) -> int:
    return sum(len(issuers.done(each)) for each in notes.values())


def _wait_for_a_start(notes: Path, seen: int) -> None:
    until = time.monotonic() + PATIENCE
    while issuers.started(notes) <= seen and time.monotonic() < until:
        time.sleep(0.001)
