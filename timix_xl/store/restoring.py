"""What has become of entries, and how written-off ones come back."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select, update

from timix_xl.domain.entries import EntryEventKind, EntryState
from timix_xl.domain.invoices import Status, draft_name
from timix_xl.store import tables as t
from timix_xl.store.chained import Actor, append
from timix_xl.store.reading import chunks

_WORDS = {
    EntryState.OPEN: "not billed yet",
    EntryState.WRITTEN_OFF: "written off",
    EntryState.SPLIT: "split into parts",
    EntryState.CANCELLED: "cancelled",
}


@dataclass(frozen=True, slots=True)
class EntryStanding:
    """What has become of an entry, and in words."""

    state: EntryState
    words: str


def standings(connection: Connection, ids: Sequence[str]) -> dict[str, EntryStanding]:
    """Return what has become of these entries; unknown ones are left out."""
    joined = t.entries.outerjoin(t.claims, t.claims.c.entry == t.entries.c.id).outerjoin(
        t.documents, t.documents.c.id == t.claims.c.document
    )
    joined = joined.outerjoin(t.pro_formas, t.pro_formas.c.document == t.documents.c.id)
    head = t.documents.c
    query = select(
        t.entries.c.id,
        t.entries.c.state,
        head.id.label("document"),
        head.number,
        head.status,
        t.pro_formas.c.number.label("pro_forma"),
    ).select_from(joined)
    found = {}
    for some in chunks(ids):
        for row in connection.execute(query.where(t.entries.c.id.in_(some))):
            words = _WORDS[row.state]
            if row.document is not None:
                is_draft = row.status is Status.DRAFT
                draft = row.pro_forma or draft_name(row.document)
                words = f"on {draft}" if is_draft else f"billed on {row.number}"
            found[row.id] = EntryStanding(row.state, words)
    return found


def restore(connection: Connection, ids: Sequence[str], reason: str, actor: Actor) -> None:
    """Open written-off entries again, with an event of the day for each."""
    back = update(t.entries).where(t.entries.c.id == bindparam("back"))
    connection.execute(back.values(state=EntryState.OPEN), [{"back": entry} for entry in ids])
    common = {
        "kind": EntryEventKind.RESTORED,
        "date": actor.today,
        "reason": reason,
        "by": actor.user,
        "at": actor.stamp,
    }
    append(connection, t.entry_events, [{"entry": entry, **common} for entry in ids])
