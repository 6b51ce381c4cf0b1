"""Commands that write the store into a file: export books."""

from pathlib import Path

from timix_xl.cli import printing
from timix_xl.cli.session import Answer, Session
from timix_xl.importing.books_writing import Exported, export_books


def export(session: Session) -> Answer:
    """Write master data and opening data as a books file."""
    done = export_books(session.store, Path(session.chosen.file), today=session.today)
    shape = {
        "file": str(done.path),
        "logo": str(done.logo) if done.logo else None,
        "rows": dict(done.counts),
    }
    return Answer(shape, lambda console: printing.show(console, _lines(done)))


def _lines(done: Exported) -> list[str]:
    counts = ", ".join(f"{name} {count:,}" for name, count in done.counts.items())
    beside = f" The logo is beside it: {done.logo.name}." if done.logo else ""
    rows = printing.of(sum(done.counts.values()), "row")
    return [f"Wrote {rows} into {done.path}.{beside}", f"{counts[:1].upper()}{counts[1:]}."]
