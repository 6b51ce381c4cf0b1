"""Trail: the audit log, who did what when on which object."""

from timix_xl.store import chained
from timix_xl.store.chained import Note
from timix_xl.store.database import Store


def trail(store: Store, about: str | None = None) -> list[Note]:
    """Return the audit log, of one object (by its name or its last word) or of all."""
    with store.reading() as connection:
        notes = chained.notes(connection)
    return [note for note in notes if about is None or about in {note.object, _last(note)}]


def _last(note: Note) -> str:
    return note.object.rpartition(" ")[2]
