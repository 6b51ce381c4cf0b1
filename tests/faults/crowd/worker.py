"""A worker of the crowd: asks for one act after another, until it is stopped or killed."""

import datetime as dt
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.faults.crowd import notes
from tests.faults.crowd.acts import BILLED, ONCE, act
from tests.faults.crowd.choices import VERBS, Clerk
from tests.faults.crowd.moments import Moment, Moments, Watch
from tests.faults.crowd.notes import Asked, Notebook, Seen, Told
from tests.faults.crowd.office import BEGIN, Where, column, rows
from timix_xl.errors import Conflict, NotFound, ProFormaGone, RuleError, TimixError
from timix_xl.store.database import Store, open_store
from timix_xl.store.refusals import StoreBusy, StoreLost, StoreUnreachable

NEVER = {"RUN-04", "PERIOD-02", "RUN-05"}
"""Nothing may fail to reconcile or to roll forward, and no request is one of another's."""
DONE_BEFORE = "done before"
PATIENCE = 60.0
"""Seconds until a server that has crashed is there again."""
LOST = (StoreLost, StoreUnreachable, StoreBusy)
"""Nobody has answered: a server that has crashed, or is not there again yet, or others too long."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the crowd works: the store, the folder of its notes, how many there are."""

    where: Where
    folder: Path
    count: int
    began: float
    """Seconds since the epoch, at the first day's beginning."""
    day_seconds: float

    def moments(self) -> Moments:
        """Map what the workers are just doing."""
        return Moments(self.folder / "moments", self.count)

    def notes(self, worker: int) -> Path:
        """The file of a worker's notes."""
        return self.folder / f"notes-{worker}"

    @property
    def today(self) -> dt.date:
        """The day that it is in the office."""
        return BEGIN + dt.timedelta(days=int((time.time() - self.began) / self.day_seconds))


def run(place: Place, worker: int, seed: str) -> None:
    """Repeat what a killed one was not answered, then go on with acts of one's own."""
    moments, book = place.moments(), Notebook(place.notes(worker))
    try:
        _work(place, worker, Random(seed), moments, book)
    except Exception:  # noqa: BLE001  whatever it is, the parent is to see it
        book.note(f"worker {worker}, seed {seed}:\n{traceback.format_exc()}")
        raise SystemExit(1) from None


def _work(place: Place, worker: int, chance: Random, moments: Moments, book: Notebook) -> None:
    before = notes.read(place.notes(worker))
    store = _opened(place.where)
    Watch(store, moments, worker, chance)
    clerk = Clerk(store, place.folder, f"w{worker}", chance)
    at, done = before.begun, {one.asked.verb for one in before.told if not one.refused}
    unanswered = before.unanswered
    while _worth_repeating(unanswered) or not moments.stopped:
        moments.mark(worker, Moment.IDLE)
        try:
            if unanswered and _worth_repeating(unanswered):
                _repeat(store, unanswered, book)
                unanswered = None
            owing = [verb for verb in VERBS[worker :: place.count] if verb not in done]
            unanswered = clerk.next(at, place.today, owing)
            if unanswered:
                at += 1
                if _do(store, unanswered, book):
                    done.add(unanswered.verb)
            unanswered = None
        except LOST:
            time.sleep(0.2)
        time.sleep(chance.uniform(0, 0.01))
    store.close()


def _opened(where: Where) -> Store:
    """Open the store, as soon as its server is there."""
    where.set_up()
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return open_store(where.store)
        except LOST:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def _worth_repeating(asked: Asked | None) -> bool:
    return asked is not None and asked.verb in ONCE


def _repeat(store: Store, asked: Asked, book: Notebook) -> None:
    """Ask again what nobody answered: a killed one's request, or one whose connection broke off."""
    _do(store, asked, book, again=DONE_BEFORE if was_done(store, asked) else "new")


def was_done(store: Store, asked: Asked) -> bool:
    """Whether a request has been committed."""
    query = "SELECT COUNT(*) FROM requests WHERE id = :own"
    return column(store, query, own=kept_as(asked)) == [1]


def kept_as(asked: Asked) -> str:
    """Return the id under which the store keeps a request; a run of a project has its own."""
    own = asked.words if asked.verb == BILLED else ()
    return ":".join(map(str, (asked.request, *own)))


def _do(store: Store, asked: Asked, book: Notebook, again: str = "") -> bool:
    """Ask, and note the answer as soon as it is there; say whether it was done."""
    book.note(asked)
    began = time.perf_counter()
    try:
        result = act(store, asked)
    except (RuleError, Conflict, NotFound) as refusal:
        is_gone = isinstance(refusal, ProFormaGone)
        if refusal.code in NEVER or (again == DONE_BEFORE and not is_gone):
            raise
        book.note(Told(asked, refused=_code(refusal), again=again))
        return False
    seconds = time.perf_counter() - began
    book.note(Told(asked, result, seconds=seconds, again=again))
    for number in result:
        for seen in _seen(store, number):
            book.note(seen)
    return True


def _code(refusal: TimixError) -> str:
    """Return the code; of a refused run, that of the first fault."""
    stops = [one.code for one in refusal.faults if one.level == "error"]
    return stops[0] if stops else refusal.code


def _seen(store: Store, number: str) -> list[Seen]:
    query = "SELECT number, total, seal FROM documents WHERE number = :number"
    return [Seen(*row) for row in rows(store, query, number=number)]
