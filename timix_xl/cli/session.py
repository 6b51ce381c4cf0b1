"""A command's surroundings: the store, who acts and when, and how to answer."""

import argparse
import datetime as dt
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rich.console import Console

from timix_xl.cli import printing, reading
from timix_xl.cli.plain import as_json
from timix_xl.settings import Settings
from timix_xl.store.chained import Actor
from timix_xl.store.database import Store, danger_of, open_store


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command says: a shape for scripts, a way to show it to a person, an exit code."""

    shape: Any
    show: Callable[[Console], None]
    exit_code: int = 0
    after: Callable[[], object] | None = None
    """What is done when it has been said."""


class Session:
    """One run of the command line."""

    def __init__(self, chosen: argparse.Namespace) -> None:
        self.chosen = chosen
        self.as_json = bool(chosen.json)

    @cached_property
    def place(self) -> str:
        """Where the store is."""
        return self.chosen.store or Settings().place()

    @cached_property
    def anywhere(self) -> bool:
        """Whether a SQLite store may lie where SQLite loses data; says loudly that it does."""
        if self.chosen.anywhere and (danger := danger_of(self.place)):
            print(f"WARNING: {danger}", file=sys.stderr)
        return bool(self.chosen.anywhere)

    @cached_property
    def store(self) -> Store:
        """The open store; raises what open_store raises."""
        return open_store(self.place, anywhere=self.anywhere)

    @cached_property
    def store_to_read(self) -> Store:
        """The store, open for reading only: nothing in it or beside it is written."""
        return open_store(self.place, read_only=True)

    @cached_property
    def actor(self) -> Actor:
        """Who acts and when: --today dates what is done, the audit log notes the clock."""
        now = dt.datetime.now().astimezone().replace(tzinfo=None)
        day = reading.optional_day(self.chosen.today, "--today")
        return Actor(self.chosen.user or Settings().name(), now, day)

    @property
    def today(self) -> dt.date:
        """The day of the act."""
        return self.actor.today

    @cached_property
    def console(self) -> Console:
        """Where a person reads."""
        return printing.console_for()

    def answer(self, answer: Answer) -> int:
        """Say it, as JSON or as a person reads it; returns the exit code."""
        if self.as_json:
            print(as_json(answer.shape))
        else:
            answer.show(self.console)
        if answer.after:
            sys.stdout.flush()
            answer.after()
        return answer.exit_code

    def close(self) -> None:
        """Let go of the store, if it was opened."""
        for name in {"store", "store_to_read"} & self.__dict__.keys():
            self.__dict__[name].close()
