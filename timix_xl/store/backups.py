"""Backups of a SQLite store: written while others work, put back whole or not at all."""

import os
import shutil
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from sqlalchemy import Connection, StaticPool, create_engine, func, select

from timix_xl.files import place_new_file
from timix_xl.store import refusals, sqlite
from timix_xl.store import tables as t
from timix_xl.store.database import Store, told

RESTORE = "restore backup"
"""What the audit log calls it when a backup came back."""
_WAIT_SECONDS = 30
_STEP = 16
"""Pages that are written before it is asked again: less than any store has."""
_BEGINS = b"SQLite format 3\0"
_LOGS = ("-wal", "-journal")


def back_up(path: Path, target: Path) -> int:
    """Write the state of now into a new file that is whole or not there; returns its bytes.

    The store is only read, whichever version of this program wrote it. SQLite's backup API does it,
    page by page: a copy of the file alone would lack what is being written. Raises StoreNotThere,
    BackupInTheWay, StoreUnwritable, StoreDamaged, StoreBusy, StoreHalfWritten.
    """
    if not path.is_file():
        raise refusals.StoreNotThere(place=path)
    if target.exists():
        raise refusals.BackupInTheWay(path=target)
    with _beside(target) as part:
        try:
            _copy(path, part, target)
        except refusals.StoreHalfWritten:
            if not sqlite.undone(path):
                raise
            _copy(path, part, target)
        _place(part, target)
        return target.stat().st_size


def _copy(path: Path, part: Path, target: Path) -> None:
    with _worded(path), closing(_connected(path, "ro")) as source:
        source.execute("BEGIN")
        tables = "SELECT count(*) FROM sqlite_master WHERE name IN ('alembic_version', 'meta')"
        if source.execute(tables).fetchone() != (2,):
            raise refusals.StoreDamaged(place=path, why="it holds no timix-xl tables")
        _pages(source, part, target)


@contextmanager
def draft_of(backup: Path, place: Path) -> Iterator[Path]:
    """Copy a backup beside the store, to be looked at; it goes away at the end.

    The backup itself is only read. Raises BackupNotThere, BackupUnreadable, StoreUnwritable.
    """
    if not backup.is_file():
        raise refusals.BackupNotThere(path=backup)
    with _beside(place) as part:
        try:
            with closing(_connected(backup, "ro")) as source:
                source.execute("SELECT count(*) FROM sqlite_master").fetchone()
                _pages(source, part, place)
        except sqlite3.Error as error:
            raise refusals.BackupUnreadable(path=backup, why=error) from error
        yield part


@contextmanager
def hold(place: Path) -> Iterator["Held"]:
    """Keep everybody else from writing in the place of a store.

    Raises StoreBusy, StoreInNewerHands, StoreUnwritable.
    """
    held = Held(place)
    try:
        if _may_be_database(place):
            try:
                held.take()
            except refusals.StoreDamaged:
                held.let_go()
        yield held
    finally:
        held.let_go()


def _may_be_database(place: Path) -> bool:
    """Look at the first bytes: what is no database SQLite would rid of its logs when it looks."""
    if not place.is_file():
        return place.exists()
    with place.open("rb") as file:
        return file.read(len(_BEGINS)) in (b"", _BEGINS)


class Held:
    """The place of a store: looked at, put aside and written over while nobody else writes there.

    What SQLite does not take for a database nobody writes in either.
    """

    def __init__(self, place: Path) -> None:
        self.place = place
        self._mode = stat.S_IMODE(place.stat().st_mode) if place.exists() else None
        self._reads: sqlite3.Connection | None = None
        self._writes: sqlite3.Connection | None = None

    @property
    def store(self) -> Store | None:
        """What lies there, to be read; None where nothing is, or no database."""
        if not self._reads:
            return None
        reads = self._reads
        engine = create_engine("sqlite://", creator=lambda: reads, poolclass=StaticPool)
        return Store(str(self.place), engine, self.place)

    def take(self) -> None:
        """Wait until nobody writes there, and let nobody begin."""
        with _worded(self.place):
            _set_up(self.place)
            self._reads = self._writes = own = _connected(self.place, "rw")
            if own.execute("PRAGMA journal_mode").fetchone() == ("wal",):
                # Kept by a transaction: a lock on the file would need all others to close it.
                self._reads = _connected(self.place, "rw")
                own.execute("BEGIN IMMEDIATE")
            else:
                # Kept without one: SQLite writes no backup over a database inside a transaction.
                own.execute("PRAGMA locking_mode = EXCLUSIVE").fetchone()
                own.execute("BEGIN EXCLUSIVE")
                own.execute("COMMIT")

    def put_aside(self, aside: Path) -> None:
        """Keep what lies there under a new name: it may be damaged.

        Raises BackupInTheWay, StoreUnwritable.
        """
        with _beside(aside) as part:
            if not self._paged(part, aside):
                self._copied(part, aside)
            if self._mode is not None:
                part.chmod(self._mode)
                _place(part, aside)

    def _paged(self, part: Path, aside: Path) -> bool:
        try:
            if self._reads:
                _pages(self._reads, part, aside)
                return True
        except sqlite3.DatabaseError:
            self.let_go()
        return False

    def _copied(self, part: Path, aside: Path) -> None:
        """Copy the bytes, and what belongs to them."""
        if self.place.exists():
            shutil.copyfile(self.place, part)
            _sync(part)
        for end in _LOGS:
            log, kept = Path(f"{self.place}{end}"), Path(f"{aside}{end}")
            if log.exists():
                kept.touch(0o600, exist_ok=False)
                shutil.copyfile(log, kept)
                kept.chmod(stat.S_IMODE(log.stat().st_mode))
                _sync(kept)

    def put_back(self, draft: Path) -> None:
        """Write a store over the one there: in one transaction, if that is one.

        Whoever has it open sees the other one from their next transaction on. What is no database
        any more is replaced. Raises StoreBusy, StoreUnwritable.
        """
        try:
            if not self._written_over(draft):
                self.let_go()
                self._replace(draft)
        except sqlite3.OperationalError as error:
            raise sqlite.told(str(self.place), error) from error
        except OSError as error:
            raise refusals.StoreUnwritable(place=self.place, why=error.strerror) from error

    def _written_over(self, draft: Path) -> bool:
        """Write the pages over those of a database; False where it is none."""
        if not self._writes:
            return False
        go_on = self._patience()
        try:
            self._writes.rollback()
            with closing(sqlite3.connect(draft)) as source:
                source.backup(self._writes, pages=_STEP, progress=go_on)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            return False
        return True

    def _patience(self) -> Callable[[int, int, int], None]:
        """Return what is asked after each step.

        Python would try for ever while others write. With a log the hold has to end before SQLite
        takes its own: whoever came in between is seen at the first step, and nothing was written.
        """
        until, before = time.monotonic() + _WAIT_SECONDS, self._version()

        def go_on(status: int, _remaining: int, _total: int) -> None:
            waits = status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
            has_changed = status == sqlite3.SQLITE_OK and self._version() != before
            if has_changed or (waits and time.monotonic() > until):
                raise refusals.StoreBusy(place=self.place)

        return go_on

    def _version(self) -> object:
        """Return a number that is another one when somebody else has committed."""
        if not self._reads or self._reads is self._writes:
            return None
        return self._reads.execute("PRAGMA data_version").fetchone()

    def _replace(self, draft: Path) -> None:
        for end in (*_LOGS, "-shm"):  # or SQLite would take them for the new one's
            Path(f"{self.place}{end}").unlink(missing_ok=True)
        if self._mode is None:
            place_new_file(draft, self.place)
        else:
            draft.chmod(self._mode)
            draft.replace(self.place)

    def let_go(self) -> None:
        """Let others write there again."""
        for one in (self._reads, self._writes):
            if one:
                one.close()
        self._reads = self._writes = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What a store has come to: its identity, its documents by number, the hashes of its log."""

    store_id: str
    seals: dict[str, str]
    log: tuple[str, ...]


def standing(connection: Connection) -> Standing:
    """Return what a store of any version has come to."""
    head, meta, log = t.documents.c, t.meta.c, t.audit_log.c
    sealed = select(head.number, head.seal).where(head.seal.is_not(None)).order_by(head.id)
    known = select(meta.value).where(meta.key == "store_id")
    return Standing(
        str(connection.execute(known).scalar()),
        {str(row.number): str(row.seal) for row in connection.execute(sealed)},
        tuple(connection.execute(select(log.hash).order_by(log.id)).scalars()),
    )


def done_after(connection: Connection, length: int) -> tuple[int, str]:
    """Return how many entries the log has after the first ones, and when the oldest was made.

    That a backup came back is no work that could be lost.
    """
    log = t.audit_log.c
    later = select(func.count(), func.coalesce(func.min(log.at), ""))
    row = connection.execute(later.where(log.id > length, log.action != RESTORE)).one()
    return int(row[0]), str(row[1])


def _set_up(place: Path) -> None:
    store = Store(str(place), sqlite.engine_of(place), place)
    try:
        with told(store):
            sqlite.set_up(store.engine)
    finally:
        store.close()


def _connected(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{sqlite.address(path.absolute())}?mode={mode}",
        uri=True,
        timeout=_WAIT_SECONDS,
        isolation_level=None,
    )


@contextmanager
def _worded(place: Path) -> Iterator[None]:
    """Put what SQLite says of a store in our words."""
    try:
        yield
    except sqlite3.Error as error:
        raise sqlite.told(str(place), error) from error


@contextmanager
def _beside(place: Path) -> Iterator[Path]:
    """Give a file beside another, for its owner only, to write in; nothing of it is left."""
    part = place.parent / f".{token_hex(8)}.tmp"
    try:
        part.touch(0o600, exist_ok=False)
        yield part
    except OSError as error:
        raise refusals.StoreUnwritable(place=place, why=error.strerror) from error
    finally:
        for end in ("", *_LOGS, "-shm"):
            with suppress(OSError):
                Path(f"{part}{end}").unlink()


def _place(part: Path, target: Path) -> None:
    try:
        place_new_file(part, target)
    except FileExistsError as error:
        raise refusals.BackupInTheWay(path=target) from error


def _pages(source: sqlite3.Connection, part: Path, target: Path) -> None:
    """Copy all pages, and let the copy be one file: without a log beside it."""
    try:
        with closing(sqlite3.connect(part)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
        _sync(part)
    except sqlite3.OperationalError as error:
        raise refusals.StoreUnwritable(place=target, why=error) from error


def _sync(path: Path) -> None:
    with path.open("r+b") as written:  # Windows keeps no promise of a file that is only read
        os.fsync(written.fileno())
