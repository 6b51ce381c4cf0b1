"""Commands about the store: init, import, verify, log."""

from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from timix_xl.billing.trail import trail
from timix_xl.billing.verify import verify
from timix_xl.cli import printing, shapes
from timix_xl.cli.session import Answer, Session
from timix_xl.domain.entries import ApprovalStatus
from timix_xl.errors import FileRefused
from timix_xl.importing.faults import RowFault
from timix_xl.importing.take_in import ImportReport, take_in
from timix_xl.store.database import make_store

CONFLICT = 5


def init(session: Session) -> Answer:
    """Make an empty store, or say that it is there."""
    store, is_new = make_store(session.place)
    store.close()
    text = f"Made an empty store at {store.place}." if is_new else f"{store.place} is there."
    shape = {"store": store.place, "made": is_new}
    return Answer(shape, lambda console: console.print(text, markup=False, soft_wrap=True))


def take_in_files(session: Session) -> Answer:
    """Import files; a refused row makes the exit code 2 and nothing is imported."""
    chosen = session.chosen
    report = take_in(
        session.store,
        [Path(name) for name in chosen.files],
        actor=session.actor,
        file_format=chosen.format,
        status=ApprovalStatus(chosen.status) if chosen.status else None,
        reapprove=chosen.reapprove,
        skip_bad=chosen.skip_bad,
        dry_run=chosen.dry_run,
    )
    shape = {
        "taken": report.taken,
        "known": report.known,
        "changed": report.changed,
        "warnings": [asdict(one) for one in report.warnings],
        "refused": [asdict(one) for one in report.refused],
    }
    refusal = None
    if report.refused and not chosen.skip_bad:
        rows = len({(one.file, one.row) for one in report.refused})
        count = f"{rows} row{'' if rows == 1 else 's'}"
        refusal = FileRefused(file=", ".join(chosen.files), count=count)
        shape = {**shapes.error(refusal), **shape}
    return Answer(
        shape,
        lambda console: _show_report(console, report, refusal, dry_run=chosen.dry_run),
        refusal.exit_code if refusal else 0,
    )


def _show_report(
    console: Console, report: ImportReport, refusal: FileRefused | None, *, dry_run: bool
) -> None:
    for one in report.warnings[:20]:
        console.print(f"- {_row(one)}", style="yellow", markup=False)
    if len(report.warnings) > 20:
        console.print(f"- and {len(report.warnings) - 20} more warnings", style="yellow")
    for one in report.refused:
        console.print(f"! {_row(one)}", style="bold red", markup=False)
    if refusal:
        console.print(str(refusal), style="bold red", markup=False)
        return
    would = "A dry run; nothing was written. It would be: " if dry_run else ""
    console.print(
        f"{would}{report.taken} rows taken, {report.known} known already,"
        f" {report.changed} changed, {len(report.refused)} refused."
    )


def _row(one: RowFault) -> str:
    row = f"line {one.row}" if isinstance(one.row, int) else one.row
    place = ", ".join(part for part in (one.file, row, one.column) if part)
    return f"{place}: {one.message} {one.hint} [{one.code}]"


def verify_store(session: Session) -> Answer:
    """Check everything; exit code 5 if something does not hold."""
    found = verify(session.store)
    return Answer(
        shapes.verified(found),
        lambda console: printing.show_verified(console, found),
        0 if found.ok else CONFLICT,
    )


def show_log(session: Session) -> Answer:
    """Show the audit log, of one object or of all."""
    notes = trail(session.store, session.chosen.object)
    shape = [asdict(note) for note in notes]

    def show(console: Console) -> None:
        made = printing.table("", "When", "Who", "What", "On", "Before", "After")
        for note in notes:
            printing.add(made, *asdict(note).values())
        console.print(made)

    return Answer(shape, show)
