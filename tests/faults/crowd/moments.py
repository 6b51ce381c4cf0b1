"""Moments: what each worker is just doing, where the parent sees it, and pauses in all of them."""

import mmap
import time
from enum import Enum
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Connection, event

from timix_xl.store.database import Store


class Moment(Enum):
    """Where a worker is in its act."""

    IDLE = b"i"
    """Between two acts, or reading."""
    WAITING = b"b"
    """It has asked for the store to write, and does not have it yet."""
    WRITING = b"w"
    """In a transaction that writes."""
    COMMITTING = b"c"
    """The commit has been asked for."""
    COMMITTED = b"d"
    """The commit has been answered; the use case has not returned yet."""


class Moments:
    """One byte for each worker, in a file that parent and workers map; the last one says stop."""

    def __init__(self, path: Path, count: int) -> None:
        self.path, self.count = path, count
        if not path.exists():
            path.write_bytes(Moment.IDLE.value * count + b"-")
        with path.open("r+b") as opened:
            self._bytes = mmap.mmap(opened.fileno(), 0)

    def of(self, worker: int) -> Moment:
        """Return where a worker is."""
        return Moment(self._bytes[worker : worker + 1])

    def mark(self, worker: int, moment: Moment) -> None:
        """Say where a worker is."""
        self._bytes[worker : worker + 1] = moment.value

    def stop(self) -> None:
        """Ask all workers to stop after what they are just doing."""
        self._bytes[self.count : self.count + 1] = b"!"

    @property
    def stopped(self) -> bool:
        """Whether the workers are to stop."""
        return self._bytes[self.count : self.count + 1] == b"!"


PAUSES = 0.06
"""How many of the statements of a transaction are followed by a pause."""
LONGEST = 0.004
"""Seconds."""


class Watch:
    """Marks the moments of one worker's store, and makes each of them last a little."""

    def __init__(self, store: Store, moments: Moments, worker: int, chance: Random) -> None:
        self.moments, self.worker, self.chance = moments, worker, chance
        event.listen(store.engine, "before_cursor_execute", self._before)
        event.listen(store.engine, "after_cursor_execute", self._after)
        event.listen(store.engine, "commit", self._commit)
        event.listen(store.engine, "checkin", self._back)

    def _before(self, connection: Connection, *_: Any) -> None:
        if _writes(connection) and self.moments.of(self.worker) is Moment.IDLE:
            self._mark(Moment.WAITING)

    def _after(self, connection: Connection, *_: Any) -> None:
        if _writes(connection):
            self._mark(Moment.WRITING)
            if self.chance.random() < PAUSES:
                time.sleep(self.chance.uniform(0, LONGEST))

    def _commit(self, connection: Connection) -> None:
        if _writes(connection):
            self._mark(Moment.COMMITTING)

    def _back(self, *_: Any) -> None:
        """Come back from the commit, before the use case returns."""
        if self.moments.of(self.worker) is Moment.COMMITTING:
            self._mark(Moment.COMMITTED)
            time.sleep(self.chance.uniform(0, LONGEST))
        else:
            self._mark(Moment.IDLE)

    def _mark(self, moment: Moment) -> None:
        self.moments.mark(self.worker, moment)


def _writes(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get("timix_write", False))
