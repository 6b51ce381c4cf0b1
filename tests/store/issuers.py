"""Issuers: child processes that issue one invoice after another, and say what they did."""

import datetime as dt
import os
import time
from pathlib import Path

from tests.builders import ANN
from timix_xl.billing.issue import issue
from timix_xl.billing.plan import RunOptions
from timix_xl.store.database import open_store

FIRST = dt.date(2026, 1, 1)


def run(place: str, customer: str, first: int, last: int, notes: str) -> None:
    """Issue the work of one day after the other, under the same request each time.

    Before each "start N", after each "done N NUMBER" is appended to the notes.
    """
    store = open_store(place)
    noted = os.open(notes, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for at in range(first, last):
        os.write(noted, f"start {at}\n".encode())
        number = issue_day(store, customer, at)
        os.write(noted, f"done {at} {number}\n".encode())
        time.sleep(0.005)


def issue_day(store: object, customer: str, at: int) -> str:
    """Issue the work up to one day."""
    day = FIRST + dt.timedelta(days=at)
    options = RunOptions(frame_order=f"FO-{customer}")
    made = issue(store, customer, day, options, actor=ANN, request=f"{customer}-{at}")  # type: ignore[arg-type]
    return made.numbers[0]


def done(notes: Path) -> dict[int, str]:
    """Read which days were acknowledged, and with which number."""
    lines = notes.read_text().split("\n")[:-1] if notes.exists() else []
    return {int(line.split()[1]): line.split()[2] for line in lines if line.startswith("done")}


def started(notes: Path) -> int:
    """Count the starts that were noted."""
    return notes.read_text().count("start") if notes.exists() else 0
