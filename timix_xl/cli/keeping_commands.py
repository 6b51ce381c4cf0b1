"""Commands that keep a SQLite store: store backup, store restore."""

from collections.abc import Iterator
from pathlib import Path

from timix_xl.billing.recover import Recovered, recover
from timix_xl.cli import printing
from timix_xl.cli.session import Answer, Session
from timix_xl.store import backups, postgres, sqlite
from timix_xl.store.database import danger_of
from timix_xl.store.refusals import StoreOnServer


def backup(session: Session) -> Answer:
    """Write a backup while others work."""
    _refuse_server(session)
    # It is only read, as it is: that is safe everywhere, and goes before an update too.
    path, target = sqlite.path_of(session.place, anywhere=True), Path(session.chosen.file)
    size = backups.back_up(path, target)
    shape = {"store": str(path), "backup": str(target), "bytes": size}
    text = f"Wrote {target} ({size / 1_000_000:,.1f} MB), the store {path} of now."
    return Answer(shape, lambda console: printing.say(console, text))


def restore(session: Session) -> Answer:
    """Put a backup in the place of the store, after it was verified."""
    _refuse_server(session)
    done = recover(
        session.place,
        Path(session.chosen.file),
        session.actor,
        lose_work=session.chosen.lose_what_was_done_since,
        anywhere=session.anywhere,
    )
    shape = {
        "store": str(done.place),
        "documents": done.documents,
        "lost_documents": list(done.lost.documents),
        "lost_log_entries": done.lost.notes,
        "put_aside": str(done.aside) if done.aside else None,
    }
    return Answer(shape, lambda console: printing.show(console, [*_lines(done)]))


def _refuse_server(session: Session) -> None:
    if postgres.is_meant(session.place):
        raise StoreOnServer(place=postgres.shown(postgres.url_of(session.place)))
    danger_of(session.place)  # refuses the URL of another database


def _lines(done: Recovered) -> Iterator[str]:
    documents = printing.of(done.documents, "issued document")
    yield f"The backup holds and is the store {done.place} now, with {documents}."
    if done.aside:
        yield f"The store of before lies beside it: {done.aside}."
    if done.lost.documents:
        yield (
            f"Lost: {', '.join(done.lost.documents)}. Their numbers will be given again: tell whoever has"
            " these documents, or enter the work anew and issue it in the same order."
        )
    if done.lost.notes:
        yield f"What {printing.of(done.lost.notes, 'entry')} of the log had done since is gone."
