"""Drafts whose program is killed: each step has happened whole, or not at all."""

import multiprocessing
import random
import sys
import time
from pathlib import Path

import pytest

from tests.builders import Shop
from tests.store import drafters

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has neither a fork server nor SIGKILL"
)
KILLS = 15
PATIENCE = 60.0


def test_a_draft_that_is_killed_in_any_step_leaves_nothing_half_done(
    shop: Shop, tmp_path: Path
) -> None:
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload(["tests.store.drafters"])
    shop.order("FO", "100000")
    shop.many(40)
    shop.store.close()
    notes, chance = tmp_path / "notes", random.Random(20260131)
    for at in range(KILLS):
        child = forks.Process(target=drafters.run, args=(shop.path, str(notes)))
        seen = drafters.steps(notes)
        child.start()
        until = time.monotonic() + PATIENCE
        while drafters.steps(notes) <= seen + at % 6 and time.monotonic() < until:
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.05))
        child.kill()
        child.join(PATIENCE)
        assert shop.problems() == ()
    assert drafters.steps(notes) > 2 * KILLS
    held = shop.rows(
        "SELECT entry FROM claims UNION ALL SELECT id FROM entries"
        " WHERE state = 'open' AND id NOT IN (SELECT entry FROM claims)"
    )
    leaves = shop.rows("SELECT id FROM entries WHERE state <> 'split'")
    assert sorted(held) == sorted(leaves)
