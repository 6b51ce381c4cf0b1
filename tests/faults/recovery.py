"""What has to hold when issuing was interrupted; a small disk; a program that stands still."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from tests.builders import BILLING_DATE, Shop
from timix_xl.errors import TimixError
from timix_xl.store import postgres
from timix_xl.store.database import open_store

REQUEST = "january-1"
NUMBER = "INV-2026-00001"
PAGE = 4096
COMMAND = ("issue", "ACME", "--billing-date", str(BILLING_DATE), "--frame-order", "FO")
"""How the command line is asked for the same."""
STORE_CODE = 7
"""The exit code of what the store refuses."""


def with_work(shop: Shop) -> Shop:
    """Give a shop something to issue."""
    shop.order("FO", "100")
    shop.time("E1", "E2")
    return shop


def issue_it(shop: Shop) -> tuple[str, ...]:
    """Issue it, under the same request each time."""
    return shop.issue(frame_order="FO", request=REQUEST).numbers


@contextmanager
def nothing_written(shop: Shop) -> Iterator[None]:
    """Whatever happens meanwhile, each table has the rows that it had."""
    before = shop.contents()
    yield
    assert shop.contents() == before


def assert_done_once(shop: Shop) -> None:
    """The same request works, works again, and there is one document; nothing is wrong."""
    assert issue_it(shop) == (NUMBER,)
    assert issue_it(shop) == (NUMBER,)
    assert shop.rows("SELECT number FROM documents") == [(NUMBER,)]
    assert shop.problems() == ()


@contextmanager
def small_disk(place: Path, size: str) -> Iterator[Path]:
    """Mount a disk of this size, where we may."""
    if not sys.platform.startswith("linux") or not shutil.which("mount"):
        pytest.skip("a disk is mounted on Linux only")
    place.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"we may mount no disk: {done.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def leave(disk: Path, pages: int) -> None:
    """Fill a disk up to so many pages."""
    ballast = disk / "ballast"
    ballast.unlink(missing_ok=True)
    ballast.write_bytes(bytes(shutil.disk_usage(disk).free - pages * PAGE))


@contextmanager
def standing_still(place: str) -> Iterator[Callable[[], Any]]:
    """Have a program stop in the middle of issuing; gives what wakes it and returns what it says.

    A server waits for it for a second.
    """
    spawn = get_context("spawn")
    ours, theirs = spawn.Pipe()
    child = spawn.Process(target=_stands_still, args=(place, theirs))
    child.start()
    theirs.close()

    def wake() -> Any:
        os.kill(child.pid, signal.SIGCONT)
        said = ours.recv()
        child.join()
        return said

    try:
        _, status = os.waitpid(child.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)
        yield wake
    finally:
        ours.close()
        child.kill()
        child.join()


MIDDLE = 20
"""After so many statements it has begun, and nothing is committed."""


def _stands_still(place: str, said: Pipe) -> None:
    """Issue; stop in the middle."""
    postgres._IDLE_SECONDS = 1
    store = open_store(place)
    shop = Shop(store)
    with interrupted(shop, MIDDLE, lambda: os.kill(os.getpid(), signal.SIGSTOP)):
        try:
            said.send(issue_it(shop))
        except TimixError as told:
            said.send(str(told))
    store.close()


@contextmanager
def interrupted(shop: Shop, at: int, by: Callable[[], None]) -> Iterator[None]:
    """Let something happen after so many statements."""
    done = 0

    def count(*_: Any) -> None:
        nonlocal done
        done += 1
        if done == at:
            by()

    event.listen(shop.store.engine, "after_cursor_execute", count)
    yield
    event.remove(shop.store.engine, "after_cursor_execute", count)
    assert done >= at
