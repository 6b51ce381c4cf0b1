"""A void by credit note and a correction are whole or not there, whenever their process dies."""

import multiprocessing
import random
import sys
import time
from pathlib import Path

import pytest

from tests.builders import ANN, Shop
from tests.store import takers
from timix_xl.billing.send import send

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has neither a fork server nor SIGKILL"
)
INVOICES, KILLS, PATIENCE = 24, 12, 60.0
FORKS = multiprocessing.get_context("forkserver") if sys.platform != "win32" else None


@pytest.fixture
def sent(shop: Shop) -> tuple[Shop, list[str]]:
    """As many sent invoices, each over three hours of a frame order."""
    shop.order("FO", "500")
    numbers = []
    for at in range(INVOICES):
        shop.time(*(f"E{at}-{part}" for part in range(3)))
        (number,) = shop.issue(frame_order="FO").numbers
        send(shop.store, number, actor=ANN)
        numbers.append(number)
    shop.store.close()
    return shop, numbers


def test_a_killed_process_leaves_no_credit_half_done(
    sent: tuple[Shop, list[str]], tmp_path: Path
) -> None:
    assert FORKS is not None
    FORKS.set_forkserver_preload(["tests.store.takers"])
    shop, numbers = sent
    chance, marks = random.Random(20260201), tmp_path / "marks"
    for _ in range(KILLS):
        seen = _marked(marks)
        child = FORKS.Process(target=takers.run, args=(shop.path, numbers, str(marks)))
        child.start()
        _wait(marks, seen)
        time.sleep(chance.uniform(0, 0.1))
        child.kill()
        child.join(PATIENCE)
    takers.run(shop.path, numbers, str(marks))
    assert shop.problems() == ()
    _assert_each_is_taken_back_once(shop, numbers)


def _marked(marks: Path) -> int:
    return marks.read_text("utf-8").count("\n") if marks.exists() else 0


def _wait(marks: Path, seen: int) -> None:
    until = time.monotonic() + PATIENCE
    while _marked(marks) <= seen and time.monotonic() < until:
        time.sleep(0.001)


def _assert_each_is_taken_back_once(shop: Shop, numbers: list[str]) -> None:
    notes = shop.rows(
        "SELECT invoice.number, count(*), invoice.total + SUM(note.total)"
        " FROM documents AS invoice JOIN documents AS note ON note.corrects = invoice.id"
        " GROUP BY invoice.number, invoice.total ORDER BY invoice.number"
    )
    assert notes == [(number, 1, 0) for number in numbers]
    assert shop.value("SELECT count(*) FROM documents WHERE status = 'void'") == INVOICES / 2
    assert shop.value("SELECT count(*) FROM documents WHERE status = 'draft'") == INVOICES / 2
