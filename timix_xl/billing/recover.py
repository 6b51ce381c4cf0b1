"""Recover: put a backup in the place of the store, if it holds and loses nothing unsaid."""

import datetime as dt
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from timix_xl.billing.refusals import BackupDoesNotHold, BackupLosesWork, BackupOfAnotherStore
from timix_xl.billing.verify import verify
from timix_xl.errors import Fault, counted, some_of
from timix_xl.store import backups, sqlite
from timix_xl.store.backups import Held, Standing
from timix_xl.store.chained import Actor, log
from timix_xl.store.database import Store, open_store, refuse_newer
from timix_xl.store.refusals import BackupUnreadable, StoreDamaged, StoreNewer


@dataclass(frozen=True, slots=True)
class Lost:
    """What a store has and a backup of it does not: documents, entries of the log, since when."""

    documents: tuple[str, ...] = ()
    notes: int = 0
    since: str = ""


@dataclass(frozen=True, slots=True)
class Recovered:
    """What came back, what is lost by it, and where the store lies that was replaced."""

    place: Path
    documents: int
    lost: Lost
    aside: Path | None


def recover(
    place: str, backup: Path, actor: Actor, *, lose_work: bool = False, anywhere: bool = False
) -> Recovered:
    """Verify a backup, put the store of now aside and the backup in its place.

    What was done since is lost, and the numbers of documents issued since will be given again: that
    needs `lose_work`. Nobody else writes from the look at the store of now to the end. Raises what
    `draft_of`, `hold` and `put_back` do, StoreNewer, BackupDoesNotHold, BackupOfAnotherStore,
    BackupLosesWork.
    """
    path = sqlite.path_of(place, anywhere=anywhere)
    with backups.draft_of(backup, path) as draft:
        found = _verified(draft, backup)
        with backups.hold(path) as held:
            lost = _lost(held, found, backup)
            if (lost.documents or lost.notes) and not lose_work:
                raise BackupLosesWork(
                    path=backup, since=_since(lost), lost=_listed(lost), place=path
                )
            _note(draft, backup, lost, actor)
            aside = _put_aside(held, actor.at)
            held.put_back(draft)
    return Recovered(path, len(found.seals), lost, aside)


def _verified(draft: Path, backup: Path) -> Standing:
    store = _opened(draft, backup)
    try:
        problems = verify(store).problems
        if problems:
            faults = [Fault(one.code, one.where, one.message, "") for one in problems]
            raise BackupDoesNotHold(
                path=backup, count=counted(len(problems), "problem"), faults=faults
            )
        with store.reading() as connection:
            return backups.standing(connection)
    finally:
        store.close()


def _opened(draft: Path, backup: Path) -> Store:
    """Bring a draft to this version; what is wrong is said of the backup."""
    try:
        return open_store(str(draft), anywhere=True)
    except StoreNewer as error:
        why = "it was written by a newer version of timix-xl"
        raise BackupUnreadable(path=backup, why=why) from error
    except StoreDamaged as error:
        raise BackupUnreadable(path=backup, why="it is damaged, or no store") from error


def _lost(held: Held, found: Standing, backup: Path) -> Lost:
    """Compare the store of now; where it is gone or damaged, nobody can tell what is lost."""
    if not (store := held.store):
        return Lost()
    try:
        refuse_newer(store)
        with store.reading() as connection:
            now = backups.standing(connection)
            both = _common(now.log, found.log)
            notes, since = backups.done_after(connection, both)
    except StoreDamaged:
        return Lost()
    if now.store_id != found.store_id:
        raise BackupOfAnotherStore(path=backup, place=held.place)
    gone = tuple(number for number, seal in now.seals.items() if found.seals.get(number) != seal)
    return Lost(gone, notes, since)


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """Return how long two logs are the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _since(lost: Lost) -> str:
    return lost.since.replace("T", " ") or "then"


def _listed(lost: Lost) -> str:
    entries = f"{counted(lost.notes, 'entry')} of the log"
    if not lost.documents:
        return f"{entries}, no document"
    documents = counted(len(lost.documents), "document")
    return f"{entries}, {documents} whose numbers would be given again: {some_of(lost.documents)}"


def _note(draft: Path, backup: Path, lost: Lost, actor: Actor) -> None:
    store = open_store(str(draft), anywhere=True)
    try:
        with store.writing() as connection:
            said = {"backup": backup.name, "lost": list(lost.documents), "lost_notes": lost.notes}
            log(connection, actor, backups.RESTORE, [("store", None, said)])
    finally:
        store.close()


def _put_aside(held: Held, at: dt.datetime) -> Path | None:
    """Keep the store of now beside it under a name with the time, as it is."""
    aside = _free_name(held.place, f"before-restore-{at:%Y%m%d-%H%M%S}")
    held.put_aside(aside)
    return aside if aside.exists() else None


def _free_name(path: Path, says: str) -> Path:
    names = (f"{path.stem}-{says}{f'-{n}' if n else ''}{path.suffix}" for n in count())
    return next(one for one in map(path.with_name, names) if not one.exists())
