"""Commands that write the store into a file: export books."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from timix_xl.cli import printing
from timix_xl.cli.session import Answer, Session
from timix_xl.importing.books_left_behind import LeftBehind
from timix_xl.importing.books_writing import Exported, export_books


def export(session: Session) -> Answer:
    """Write master data and opening data as a books file."""
    done = export_books(session.store, Path(session.chosen.file), today=session.today)
    shape = {
        "file": str(done.path),
        "logo": str(done.logo) if done.logo else None,
        "rows": dict(done.counts),
        "left_behind": asdict(done.left_behind),
    }
    return Answer(shape, lambda console: printing.show(console, [*_lines(done)]))


def _lines(done: Exported) -> Iterator[str]:
    counts = ", ".join(f"{name} {count:,}" for name, count in done.counts.items())
    beside = f" The logo is beside it: {done.logo.name}." if done.logo else ""
    rows = printing.of(sum(done.counts.values()), "row")
    yield f"Wrote {rows} into {done.path}.{beside}"
    yield f"{counts[:1].upper()}{counts[1:]}."
    if words := ", ".join(_left_behind(done.left_behind)):
        yield f"Not carried over: {words}."


def _left_behind(found: LeftBehind) -> Iterator[str]:
    if found.decisions:
        yield printing.of(found.decisions, "saved decision")
    if found.deferrals:
        yield (
            f"how often {printing.of(found.deferrals, 'open entry')} "
            f"{'was' if found.deferrals == 1 else 'were'} deferred"
        )
    if found.drafts:
        yield f"{printing.of(found.drafts, 'draft')} (what is on drafts is open again)"
    if found.pro_formas:
        counted = printing.of(found.pro_formas, "open pro forma")
        yield f"{counted} (what is on them is open again)"
    if found.limits:
        counted = printing.of(found.limits, "limit")
        yield f"what is invoiced of {counted}"
    if found.closed_months:
        yield printing.of(found.closed_months, "closed month")
