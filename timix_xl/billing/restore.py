"""Restore: written-off entries come back to the unbilled work."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from timix_xl.billing import once
from timix_xl.billing.closed import refuse_closed
from timix_xl.domain.entries import EntryState
from timix_xl.errors import (
    EntriesNotThere,
    NotWrittenOff,
    ReasonMissing,
    RestoredBesideRemainder,
    WrittenOffByProForma,
    some_of,
)
from timix_xl.store import remainders, restoring
from timix_xl.store.chained import Actor, log
from timix_xl.store.database import Store


def restore(
    store: Store, entries: Sequence[str], reason: str, *, actor: Actor, request: str | None = None
) -> tuple[str, ...]:
    """Take written-off entries back into the unbilled work, all of them or none; dated today.

    Raises ReasonMissing, EntriesNotThere, NotWrittenOff, WrittenOffByProForma,
    RestoredBesideRemainder, PeriodClosed, RequestReused.
    """
    ids = tuple(dict.fromkeys(entries))
    named = some_of(ids)
    if not reason.strip():
        raise ReasonMissing(action=f"Restoring {named}")
    asked = once.fingerprint(["restore", *sorted(ids), reason.strip()])
    with store.writing() as connection:
        if once.done_before(connection, request, asked) is not None:
            return ids
        _check(connection, ids)
        refuse_closed(connection, actor.today, f"Restoring {named}")
        restoring.restore(connection, ids, reason.strip(), actor)
        after = {"restored": reason.strip()}
        log(connection, actor, "restore", [(f"entry {one}", "written off", after) for one in ids])
        once.remember(connection, request, "restore", asked)
    return ids


def _check(connection: Connection, ids: Sequence[str]) -> None:
    """Name every entry that cannot come back."""
    there = restoring.standings(connection, ids)
    missing = [one for one in ids if one not in there]
    if missing:
        raise EntriesNotThere(entries=", ".join(missing))
    others = [one for one in ids if there[one].state is not EntryState.WRITTEN_OFF]
    if others:
        by_line = restoring.off_by_pro_forma(connection, others)
        if len(by_line) == len(others):
            raise _by_pro_forma(by_line)
        raise NotWrittenOff(entries=", ".join(f"{one} ({there[one].words})" for one in others))
    for entry, (remainder, number) in sorted(remainders.beside(connection, ids).items()):
        raise RestoredBesideRemainder(entry=entry, remainder=remainder, number=number)


def _by_pro_forma(by_line: Mapping[str, tuple[str, str]]) -> WrittenOffByProForma:
    """Say where the first of these entries were written off, and what brings them back."""
    number, pro_forma = next(iter(by_line.values()))
    entries = [one for one, place in by_line.items() if place == (number, pro_forma)]
    return WrittenOffByProForma(
        entries=", ".join(entries), ids=",".join(entries), number=number, pro_forma=pro_forma
    )
