"""Notes: what a worker asked for and was told, in a file that outlives it."""

import datetime as dt
import json
import os
import pickle
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from timix_xl.store.chained import Actor


@dataclass(frozen=True, slots=True)
class Asked:
    """One act: its request id, its verb, its day, and what is given to the use case."""

    request: str
    verb: str
    day: dt.date
    words: tuple[Any, ...] = ()

    @property
    def actor(self) -> Actor:
        """Somebody of the request's own name: the audit log says what came of it."""
        return Actor(self.request, dt.datetime.combine(self.day, dt.time(9)))


@dataclass(frozen=True, slots=True)
class Told:
    """The answer to an act: its result, or the code of its refusal."""

    asked: Asked
    result: tuple[str, ...] = ()
    refused: str = ""
    seconds: float = 0
    again: str = ""
    """Of an act that had been begun and not answered: whether its request was "done before"."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A document as it was read after it had been acknowledged."""

    number: str
    total: int
    seal: str


@dataclass(slots=True)
class Notes:
    """What one worker has noted."""

    told: list[Told] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    begun: int = 0
    """How many acts were asked for, again included."""
    unanswered: Asked | None = None
    """What was asked for last, if no answer came."""


class Notebook:
    """Takes notes, each in one write: whoever is killed leaves whole lines."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def note(self, what: Asked | Told | Seen | str) -> None:
        """Add a note; a text is a failure."""
        line = pickle.dumps(what).hex() if not isinstance(what, str) else json.dumps(what)
        os.write(self._file, f"{line}\n".encode())


def read(path: Path) -> Notes:
    """Read what was noted so far."""
    notes = Notes()
    for line in path.read_text().split("\n")[:-1] if path.exists() else ():
        match json.loads(line) if line.startswith('"') else pickle.loads(bytes.fromhex(line)):
            case Asked() as asked:
                notes.unanswered = asked
                notes.begun += 1
            case Told() as told:
                notes.told.append(told)
                notes.unanswered = None
            case Seen() as seen:
                notes.seen.append(seen)
            case str() as failure:
                notes.failures.append(failure)
    return notes
