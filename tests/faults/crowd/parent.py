"""The parent: starts the crowd, kills one after another, starts it again, and counts."""

import multiprocessing
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from tests.faults.crowd import notes, worker
from tests.faults.crowd.moments import Moment, Moments
from tests.faults.crowd.notes import Seen, Told
from tests.faults.crowd.office import Where
from tests.faults.crowd.worker import Place

FORKS: Any = multiprocessing.get_context("forkserver") if sys.platform != "win32" else None
PATIENCE = 90.0
"""Seconds that a worker may take to end what it is doing: others may hold the store."""
ALONE = 5
"""After so many kills they are left alone, if they have not done as much: machines differ."""
AIMED = (Moment.WRITING, Moment.COMMITTING, Moment.COMMITTED)
"""The moments that are waited for, three times out of four."""


@dataclass(slots=True)
class Crowd:
    """Some workers at one store, and those that take their places when they are killed."""

    place: Place
    seed: int
    kills: Counter[Moment] = field(default_factory=Counter)
    _alive: list[Any] = field(default_factory=list)
    _started: int = 0
    _chance: Random = field(init=False)
    _moments: Moments = field(init=False)

    def __post_init__(self) -> None:
        self._moments = self.place.moments()
        self._chance = Random(self.seed)

    def start(self) -> None:
        """Let them come in."""
        FORKS.set_forkserver_preload(["tests.faults.crowd.worker"])
        self._alive += (self._start(at) for at in range(self.place.count))

    def _start(self, at: int) -> Any:
        self._started += 1
        seed = f"{self.seed}-{self._started}"
        child = FORKS.Process(target=worker.run, args=(self.place, at, seed))
        child.start()
        return child

    def kill(self, count: int, apart: float) -> None:
        """Kill so many, in random moments up to so many seconds apart; each is replaced."""
        for _ in range(count):
            if self.kills.total() % ALONE == 0:
                self._let_catch_up()
            time.sleep(self._chance.uniform(0, apart))
            at = self._victim()
            assert self._alive[at].is_alive(), "\n".join(self.noted().failures)
            self.kills[self._moments.of(at)] += 1
            os.kill(self._alive[at].pid, signal.SIGKILL)
            self._alive[at].join(PATIENCE)
            self._alive[at] = self._start(at)
        self._let_catch_up()

    def _let_catch_up(self) -> None:
        """Leave them alone until they have done as much as was killed: there is something to lose."""
        killed = self.kills.total()
        self.work_for(PATIENCE, until=lambda done: done.total() >= killed)

    def _victim(self) -> int:
        """Pick anybody, or wait for somebody who is in the moment that is picked."""
        aimed = self._chance.choice([None, *AIMED])
        until = time.monotonic() + 1
        while aimed and time.monotonic() < until:
            found = [at for at in range(self.place.count) if self._moments.of(at) is aimed]
            if found:
                time.sleep(self._chance.uniform(0, 0.0015))
                return self._chance.choice(found)
            time.sleep(0.0005)
        return self._chance.randrange(self.place.count)

    def work_for(self, seconds: float, until: Callable[[Counter[str]], bool] | None = None) -> None:
        """Let them work for so long, or until what they have done is enough."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not (until and until(self.noted().done)):
            time.sleep(0.25)

    @property
    def killed(self) -> str:
        """Say in which moments they were killed."""
        counted = ", ".join(f"{one.name.lower()} {self.kills[one]}" for one in Moment)
        return f"killed {self.kills.total()}: {counted}"

    def stop(self) -> None:
        """Let each end what it is doing; those that do not are killed."""
        self._moments.stop()
        for child in self._alive:
            child.join(PATIENCE)
        stuck = [child for child in self._alive if child.is_alive()]
        for child in stuck:
            child.kill()
            child.join()
        assert not stuck, f"{len(stuck)} workers did not end"

    def noted(self) -> "Noted":
        """Return what all have noted so far."""
        return Noted([notes.read(self.place.notes(at)) for at in range(self.place.count)])


@contextmanager
def working(where: Where, folder: Path, seed: int, day_seconds: float = 1.5) -> Iterator[Crowd]:
    """Let eight work at a store; whatever happens, none is left behind."""
    print(f"seed {seed}")
    place = Place(where, folder, count=8, began=time.time(), day_seconds=day_seconds)
    crowd = Crowd(place, seed)
    try:
        crowd.start()
        yield crowd
    finally:
        crowd.stop()


@dataclass(frozen=True, slots=True)
class Noted:
    """What a crowd has noted."""

    notes: list[notes.Notes]

    @property
    def failures(self) -> list[str]:
        """What nobody expected."""
        return [one for each in self.notes for one in each.failures]

    @property
    def told(self) -> list[Told]:
        """Every answer."""
        return [one for each in self.notes for one in each.told]

    @property
    def acknowledged(self) -> list[Told]:
        """Every act that was done, as its worker was told."""
        return [one for one in self.told if not one.refused]

    @property
    def seen(self) -> list[Seen]:
        """Every document as it was read after its acknowledgement."""
        return [one for each in self.notes for one in each.seen]

    @property
    def done(self) -> Counter[str]:
        """How often each verb was done."""
        return Counter(one.asked.verb for one in self.acknowledged)

    @property
    def refused(self) -> Counter[str]:
        """How often each refusal was the answer."""
        return Counter(one.refused for one in self.told if one.refused)

    @property
    def repeated(self) -> Counter[str]:
        """What the requests found that were repeated after a kill: done before, or new."""
        return Counter(one.again for one in self.told if one.again)

    def report(self) -> str:
        """Say what was done, refused and repeated, how long it took, and how evenly."""
        per_worker = [len(each.told) for each in self.notes]
        lines = [
            f"done {self.done.total()}: {_listed(self.done)}",
            f"refused {self.refused.total()}: {_listed(self.refused)}",
            f"repeated: {_listed(self.repeated)}",
            f"answers per worker: {min(per_worker)} to {max(per_worker)}",
            f"seconds: {self._latency()}",
        ]
        return "\n".join(lines)

    def _latency(self) -> str:
        taken = sorted(one.seconds for one in self.acknowledged)
        if not taken:
            return "none"
        late = taken[len(taken) * 95 // 100]
        return f"median {median(taken):.3f}, 95 % {late:.3f}, longest {taken[-1]:.3f}"


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.most_common()) or "none"
