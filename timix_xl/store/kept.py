"""Kept: a store that stays open to be read, and what was read of it until somebody changes it."""

import datetime as dt
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from threading import RLock
from typing import Any, Concatenate, ParamSpec, TypeAlias, TypeVar

from sqlalchemy import Connection

from timix_xl.store.database import Store, open_store, told
from timix_xl.store.kinds import Version, kind_of
from timix_xl.store.refusals import StoreHalfWritten
from timix_xl.store.versions import Stamp, stamp

P = ParamSpec("P")
T = TypeVar("T")

MOST = 48
"""How many results are kept: what functions read today, and some days that they ask about."""
Kept: TypeAlias = OrderedDict[Hashable, Any]
Beginning: TypeAlias = Callable[[], AbstractContextManager[Connection]]


class Moved(Exception):
    """Somebody has committed since a look began: what it has told is of the state before."""


class Look:
    """A look at one committed state of the store; `today` is the day on which it is taken.

    What is read is kept under its name and arguments, and read again once the store has changed.
    A transaction is open only while something is read: nobody waits for what is made of it.
    """

    def __init__(self, today: dt.date, kept: Kept, begin: Beginning, ending: ExitStack) -> None:
        self.today = today
        self._kept = kept
        self._begin = begin
        self._ending = ending
        self._copy: Connection | None = None

    def at(
        self, read: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Return what a short query reads."""
        return self._once(
            (read, *args, *kwargs.items()), lambda: self._short(read, *args, **kwargs)
        )

    def apart(
        self, read: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Return what takes its time to be read, from a copy: nobody waits for it to write."""
        return self._once(
            (read, *args, *kwargs.items()), lambda: read(self._copied(), *args, **kwargs)
        )

    def made(
        self, make: Callable[Concatenate["Look", P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Return what is made of other things that are read, on this day."""
        return self._once((make, *args, *kwargs.items()), lambda: make(self, *args, **kwargs))

    def take_copy(self, connection: Connection) -> None:
        """Read from a copy of what a transaction sees, from now on."""
        self._copy = self._ending.enter_context(kind_of(connection).a_copy(connection))

    def _short(
        self, read: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        if self._copy:
            return read(self._copy, *args, **kwargs)
        with self._begin() as connection:
            return read(connection, *args, **kwargs)

    def _copied(self) -> Connection:
        if self._copy is None:
            with self._begin() as connection:
                self.take_copy(connection)
        assert self._copy is not None, "just made"
        return self._copy

    def _once(self, key: Hashable, make: Callable[[], T]) -> T:
        if key not in self._kept:
            self._kept[key] = make()
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        found: T = self._kept[key]
        return found


class KeptStore:
    """A store open to be read only, again and again, without a transaction between two looks.

    What was read is kept for a day, and as long as the store's version stays the same. A file that
    takes the place of another, or is written over by one, is opened anew; so is a store whose
    tables somebody has migrated.
    """

    def __init__(self) -> None:
        self._lock = RLock()
        self._store: Store | None = None
        self._place = ""
        self._schema: object = None
        self._seen: tuple[Version, Stamp | None] | None = None
        self._today = dt.date.min
        self._kept: Kept = OrderedDict()

    def ask(self, place: str, today: dt.date, question: Callable[[Look], T]) -> T:
        """Answer a question from one state of the store, that of now; nothing is written.

        One thread at a time. Where somebody commits before all is read it is asked once more, of a
        copy. Raises what `open_store` does, StoreBusy.
        """
        with self._lock:
            try:
                return self._asked(place, today, question)
            except Moved:
                return self._asked(place, today, question, of_copy=True)
            except StoreHalfWritten:
                self.close()
                return self._asked(place, today, question, of_copy=True)

    def close(self) -> None:
        """Let go of the file and of what was read of it."""
        with self._lock:
            self._forget()
            if self._store:
                self._store.close()
            self._store = None

    def _asked(
        self, place: str, today: dt.date, question: Callable[[Look], T], *, of_copy: bool = False
    ) -> T:
        with ExitStack() as ending:
            with self._now(place, today) as connection:
                look = Look(today, self._kept, self._same, ending)
                if of_copy:
                    look.take_copy(connection)
            assert self._store is not None, "just opened"
            with told(self._store):
                return question(look)

    @contextmanager
    def _now(self, place: str, today: dt.date) -> Iterator[Connection]:
        """Give a transaction on the state of now; what is kept is of that."""
        if today != self._today:
            self._kept, self._today = OrderedDict(), today
        with self._opened(place).reading() as connection:
            if self._is_current(connection):
                yield connection
                return
        self.close()
        with self._opened(place).reading() as connection:
            self._is_current(connection)
            yield connection

    @contextmanager
    def _same(self) -> Iterator[Connection]:
        """Give a transaction on the state that what is kept is of; raises Moved."""
        if self._store is None:
            raise Moved
        with self._store.reading() as connection:
            if _seen(self._store, connection) != self._seen:
                raise Moved
            yield connection

    def _opened(self, place: str) -> Store:
        if self._store and place == self._place and self._is_in_its_place(self._store):
            return self._store
        self.close()
        store = open_store(place, read_only=True)
        self._store, self._place = store, place
        with store.reading() as connection:
            self._schema = store.kind.schema_version(connection)
            self._seen = _seen(store, connection)
        return store

    def _is_in_its_place(self, store: Store) -> bool:
        if store.file is None:
            return True  # a server's
        found, seen = stamp(store.file), self._seen[1] if self._seen else None
        return bool(found and seen and found.file == seen.file)

    def _is_current(self, connection: Connection) -> bool:
        """Forget what has changed; False where the store has to be opened anew for it.

        That is where its tables are not those that were opened, or where the file was written by
        somebody who is no SQLite: SQLite then takes its old pages for the new ones.
        """
        assert self._store is not None, "it is opened"
        found = _seen(self._store, connection)
        if found == self._seen:
            return True
        is_told = self._seen is None or found[0] != self._seen[0]
        self._forget()
        self._seen = found
        return is_told and self._store.kind.schema_version(connection) == self._schema

    def _forget(self) -> None:
        self._kept, self._seen = OrderedDict(), None


def _seen(store: Store, connection: Connection) -> tuple[Version, Stamp | None]:
    """Return what tells a state from another; nobody can commit between the two."""
    return store.kind.version(connection), stamp(store.file)
