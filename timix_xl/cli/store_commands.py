"""Commands about the store: init, import, verify, log."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console

from timix_xl.billing.trail import trail
from timix_xl.billing.verify import verify
from timix_xl.cli import printing, reports, shapes
from timix_xl.cli.session import Answer, Session
from timix_xl.cli.telling import error_shape, tell
from timix_xl.domain.entries import ApprovalStatus
from timix_xl.errors import Fault, FileRefused, NotThereYet
from timix_xl.importing.faults import RowFault
from timix_xl.importing.take_in import ImportReport, take_in
from timix_xl.store.database import make_store

CONFLICT = 5
MOST_WARNINGS = 20
"""How many warnings a person is shown; scripts get them all."""


def init(session: Session) -> Answer:
    """Make an empty store, or say that it is there."""
    store, is_new = make_store(session.place)
    store.close()
    text = f"Made an empty store at {store.place}." if is_new else f"{store.place} is there."
    shape = {"store": store.place, "made": is_new}
    return Answer(shape, lambda console: printing.say(console, text))


def take_in_files(session: Session) -> Answer:
    """Import files; a refused row makes the exit code 2 and nothing is imported."""
    chosen = session.chosen
    if chosen.mapping or chosen.date_order:
        raise NotThereYet(
            what="Reading other timesheet formats (--mapping, --date-order)",
            instead="Bring the rows into the columns of an entries CSV; dates like 2026-01-31.",
        )
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
    if report.refused and not chosen.skip_bad:
        return _refused(report, chosen.files)
    return Answer(_report(report), lambda console: _show(console, report, dry_run=chosen.dry_run))


def _refused(report: ImportReport, files: Sequence[str]) -> Answer:
    """Say that nothing was imported, with every row that stands in the way."""
    rows = printing.of(len({(one.file, one.row) for one in report.refused}), "row")
    faults = [
        *(_fault(one, "error") for one in report.refused),
        *(_fault(one, "warning") for one in report.warnings),
    ]
    refusal = FileRefused(file=", ".join(files), count=rows, faults=faults)
    shape = {**error_shape(refusal), **_report(report)}
    return Answer(shape, lambda _: tell(refusal), refusal.exit_code)


def _report(report: ImportReport) -> shapes.Shape:
    return {
        "taken": report.taken,
        "known": report.known,
        "changed": report.changed,
        "warnings": [asdict(one) for one in report.warnings],
        "refused": [asdict(one) for one in report.refused],
    }


def _show(console: Console, report: ImportReport, *, dry_run: bool) -> None:
    lines = [f"- {_fault(one, 'warning')}" for one in report.warnings[:MOST_WARNINGS]]
    if more := report.warnings[MOST_WARNINGS:]:
        lines.append(f"- And {printing.of(len(more), 'more warning')}: see them with --json.")
    lines += [f"! {_fault(one, 'error')}" for one in report.refused]
    printing.show(console, lines)
    would = "A dry run; nothing was written. It would be: " if dry_run else ""
    printing.say(
        console,
        f"{would}{printing.of(report.taken, 'row')} taken, {report.known:,} known already,"
        f" {report.changed:,} changed, {len(report.refused):,} refused.",
    )


def _fault(one: RowFault, level: str) -> Fault:
    row = f"line {one.row}" if isinstance(one.row, int) else one.row
    place = ", ".join(part for part in (one.file, row, one.column) if part)
    return Fault(one.code, place, one.message, one.hint, level)


def verify_store(session: Session) -> Answer:
    """Check everything; exit code 5 if something does not hold."""
    found = verify(session.store)
    return Answer(
        shapes.verified(found),
        lambda console: printing.show(console, reports.verified_lines(found)),
        0 if found.ok else CONFLICT,
    )


def show_log(session: Session) -> Answer:
    """Show the audit log, of one object or of all."""
    notes = trail(session.store, session.chosen.object)
    return Answer(
        [
            asdict(note) | {"before": _said(note.before), "after": _said(note.after)}
            for note in notes
        ],
        lambda console: printing.lay(console, reports.log_table(notes)),
    )


def _said(text: str) -> Any:
    """Read a side of the log, which keeps JSON; absent is null."""
    return json.loads(text) if text else None
