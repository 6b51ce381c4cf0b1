"""What has become of entries, and how written-off ones come back."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select, update

from timix_xl.domain.entries import EntryEventKind, EntryState
from timix_xl.domain.invoices import LineStatus, Status, draft_name
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


def off_by_pro_forma(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return the entries that a line of a pro forma wrote off whole, by the invoice it made.

    By entry: the number of the invoice that settles it, and that of the pro forma.
    """
    own, share, line = t.claims.c, t.document_entries.c, t.document_lines.c
    head, source = t.documents.c, t.pro_formas.c
    query = (
        select(own.entry, head.number, source.number.label("pro_forma"))
        .join_from(t.claims, t.documents, head.id == own.document)
        .join(t.pro_formas, source.released_to == head.id)
        .join(t.document_entries, (share.document == head.id) & (share.entry == own.entry))
        .join(t.document_lines, (line.document == head.id) & (line.line == share.line))
        .where(head.status != Status.DRAFT, line.printed == 0)
        .where(line.status.in_([LineStatus.WRITE_OFF, LineStatus.WRITE_OFF_REMAINDER]))
    )
    return {
        row.entry: (row.number, row.pro_forma)
        for some in chunks(ids)
        for row in connection.execute(query.where(own.entry.in_(some)))
    }


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
