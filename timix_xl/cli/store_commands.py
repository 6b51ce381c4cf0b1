"""Commands about the store: init, import, verify, log."""

import json
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from rich.console import Console

from timix_xl.billing.trail import trail
from timix_xl.billing.verify import verify
from timix_xl.billing.verify_against import against
from timix_xl.cli import printing, reading, reports, seal_commands, shapes
from timix_xl.cli.progress import progress
from timix_xl.cli.session import Answer, Session
from timix_xl.cli.telling import error_shape, tell
from timix_xl.domain.entries import ApprovalStatus
from timix_xl.errors import BadArgument, BadCommand, FileRefused
from timix_xl.importing import faults as row_faults
from timix_xl.importing.refusals import BooksMissing
from timix_xl.importing.take_in import ImportReport, take_in
from timix_xl.importing.timesheets.dates import DateOrder
from timix_xl.store.database import make_store

CONFLICT = 5
_ASKED_BY_MAPPING = {row_faults.NOT_MAPPED.code, row_faults.SAY_WHICH_ORDER.code}
MOST_WARNINGS = 20
"""How many warnings a person is shown; scripts get them all."""


def init(session: Session) -> Answer:
    """Make an empty store, or say that it is there."""
    store, is_new = make_store(session.place, anywhere=session.anywhere)
    store.close()
    text = f"Made an empty store at {store.place}." if is_new else f"{store.place} is there."
    shape = {"store": store.place, "made": is_new}
    return Answer(shape, lambda console: printing.say(console, text))


def take_in_files(session: Session) -> Answer:
    """Import files; a refused row makes the exit code 2 and nothing is imported."""
    chosen = session.chosen
    target = Path(chosen.write_mapping) if chosen.write_mapping else None
    if target and not _is_free(target, session):
        raise _not_writable(target, "a new file")
    report = _taken_in(session, dry_run=chosen.dry_run or target is not None)
    if target:  # before anything is imported: it may turn out that it cannot be written
        _write_mapping(target, report)
        if not chosen.dry_run:
            report = _taken_in(session, dry_run=False)
    is_asking = target and chosen.dry_run  # what is refused is what the mapping file asks for
    if report.refused and not chosen.skip_bad and not is_asking:
        return _refused(report, chosen.files, target)
    return Answer(_report(report, target), lambda console: _show(console, report, chosen, target))


def _taken_in(session: Session, *, dry_run: bool) -> ImportReport:
    chosen = session.chosen
    return take_in(
        session.store,
        [Path(name) for name in chosen.files],
        actor=session.actor,
        file_format=chosen.format,
        status=ApprovalStatus(chosen.status) if chosen.status else None,
        reapprove=chosen.reapprove,
        skip_bad=chosen.skip_bad,
        dry_run=dry_run,
        mapping=Path(chosen.mapping) if chosen.mapping else None,
        date_order=DateOrder(chosen.date_order) if chosen.date_order else None,
    )


def _is_free(target: Path, session: Session) -> bool:
    """Whether a mapping can be written there: over the one that is read, or our own unfilled."""
    given = session.chosen.mapping
    if not reading.is_there(target):
        return True
    if given and reading.is_there(Path(given)) and target.samefile(given):
        return True
    if not target.is_file():
        return False
    mapping = _taken_in(session, dry_run=True).mapping
    return mapping is not None and target.read_text("utf-8", errors="replace") == mapping.text


def _write_mapping(target: Path, report: ImportReport) -> None:
    if report.mapping is None:
        problem = "--write-mapping is for exports of timesheet programs; no FILE is one"
        raise BadCommand(problem=problem, command="timix-xl import")
    try:
        target.write_text(report.mapping.text, encoding="utf-8")
    except OSError as error:
        expected = f"a file that can be written ({error.strerror})"
        raise _not_writable(target, expected) from error


def _not_writable(target: Path, expected: str) -> BadArgument:
    return BadArgument(
        argument="--write-mapping", value=str(target), expected=expected, example="toggl-map.json"
    )


def _refused(report: ImportReport, files: Sequence[str], target: Path | None) -> Answer:
    """Say that nothing was imported, with every row that stands in the way."""

    def say(console: Console) -> None:
        tell(refusal)
        if target and report.mapping:
            printing.say(console, _next_step(target, report.mapping.unfilled, files))

    rows = printing.of(_refused_rows(report), "row")
    refusal: FileRefused | BooksMissing
    faults = [
        *(one.fault() for one in report.refused),
        *(one.fault("warning") for one in report.warnings),
    ]
    given = ", ".join(files)
    refusal = FileRefused(file=given, count=rows, faults=faults)
    if report.lacks_books:
        refusal = BooksMissing(file=given, faults=faults)
    return Answer({**error_shape(refusal), **_report(report, target)}, say, refusal.exit_code)


def _refused_rows(report: ImportReport) -> int:
    return len({(one.file, one.row) for one in report.refused})


def _report(report: ImportReport, target: Path | None) -> shapes.Shape:
    shape: shapes.Shape = {
        "taken": report.taken,
        "known": report.known,
        "changed": report.changed,
        "drafts": report.drafts,
        "warnings": [asdict(one) for one in report.warnings],
        "refused": [asdict(one) for one in report.refused],
    }
    if target and report.mapping:
        shape["mapping"] = {"file": str(target), "unfilled": report.mapping.unfilled}
    return shape


def _show(console: Console, report: ImportReport, chosen: Namespace, target: Path | None) -> None:
    lines = [f"- {one.fault('warning')}" for one in report.warnings[:MOST_WARNINGS]]
    if more := report.warnings[MOST_WARNINGS:]:
        lines.append(f"- And {printing.of(len(more), 'more warning')}: see them with --json.")
    refused = report.refused
    if target:
        refused = tuple(one for one in refused if one.code not in _ASKED_BY_MAPPING)
    lines += [f"! {one.fault()}" for one in refused]
    printing.show(console, lines)
    would = "A dry run; nothing was written. It would be: " if chosen.dry_run else ""
    printing.say(
        console,
        f"{would}{printing.of(report.taken, 'row')} taken, {report.known:,} known already,"
        f" {report.changed:,} changed, {_refused_rows(report):,} refused.",
    )
    for line in _changed_master(report):
        printing.say(console, line)
    if report.drafts:
        told = f"{printing.of(report.drafts, 'entry')} taken as drafts, which are not billed:"
        printing.say(console, f"{told} --status approved, or a status in the file, says otherwise.")
    if target and report.mapping:
        printing.say(console, _next_step(target, report.mapping.unfilled, chosen.files))


def _changed_master(report: ImportReport) -> list[str]:
    """Tell what changed beside entries: a rate touches all work that is not billed yet."""
    found = [
        f"{name}: "
        + ", ".join(_changed(column, before.get(column, ""), after[column]) for column in after)
        for name, before, after in report.changes
        if not name.startswith("entry ")
    ]
    more = [f"And {len(found) - MOST_WARNINGS} more; see the log."] if found[MOST_WARNINGS:] else []
    return found[:MOST_WARNINGS] + more


def _changed(column: str, before: object, after: object) -> str:
    """Tell what became of one column; of a list what went and what came."""
    if not isinstance(after, list):
        return f"{column} {before} -> {after}"
    were = before if isinstance(before, list) else []
    gone = [f"{_row_words(one)} taken out" for one in were if one not in after]
    came = [f"{_row_words(one)} added" for one in after if one not in were]
    return f"{column} {'; '.join([*gone, *came]) or 'in another order'}"


def _row_words(row: object) -> str:
    if isinstance(row, dict):
        return f"({', '.join(f'{name} {value}' for name, value in row.items())})"
    return str(row)


def _next_step(target: Path, unfilled: int, files: Sequence[str]) -> str:
    names = "name is" if unfilled == 1 else "names are"
    then = f"Then: timix-xl import {' '.join(files)} --mapping {target}"
    if unfilled:
        return f'Wrote {target}; {unfilled} {names} still blank ("") in it. Fill them in. {then}'
    return f"Wrote {target}; every name in it is known. {then}"


def verify_store(session: Session) -> Answer:
    """Check everything, also against seals; exit code 5 if something does not hold."""
    seals = seal_commands.seals_to_compare(session)
    with progress("rows", hidden=session.as_json) as told:
        found = verify(session.store, progress=told)
    compared = against(session.store, seals)
    found = replace(found, problems=(*found.problems, *seal_commands.named_problems(compared)))
    lines = [*seal_commands.compared_lines(compared), *reports.verified_lines(found)]
    return Answer(
        shapes.verified(found) | {"seals": [*map(seal_commands.compared_shape, compared)]},
        lambda console: printing.show(console, lines),
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
