"""Take in files: books and entries, all of them or nothing, in one transaction."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from timix_xl.domain.entries import ApprovalStatus
from timix_xl.importing.entries import Terms, take_entries
from timix_xl.importing.faults import RowFault
from timix_xl.importing.master import take_rows
from timix_xl.importing.rates import refuse_overlaps
from timix_xl.importing.sections import ENTRIES, MASTER
from timix_xl.importing.sources import Source, read_source
from timix_xl.importing.standing import Standing
from timix_xl.importing.tally import Outcome, Tally
from timix_xl.store import chained, intake
from timix_xl.store.chained import Actor
from timix_xl.store.database import Store


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do; if not `written`, the store is as it was."""

    taken: int
    known: int
    changed: int
    warnings: tuple[RowFault, ...]
    refused: tuple[RowFault, ...]
    written: bool


class _NothingIsWrittenError(Exception):
    """Leaves the transaction without a commit."""


def take_in(
    store: Store,
    files: Sequence[Path],
    *,
    actor: Actor,
    file_format: str | None = None,
    status: ApprovalStatus | None = None,
    reapprove: bool = False,
    skip_bad: bool = False,
    dry_run: bool = False,
) -> ImportReport:
    """Take in files in the order given; a later one may refer to what an earlier one brings.

    If a row is refused, nothing is written unless `skip_bad`; the caller decides whether to raise
    FileRefused. A dry run does everything and then takes it back. Raises the refusals of
    `read_source`.
    """
    sources = [read_source(Path(path), file_format) for path in files]
    terms = Terms(status=status, reapprove=reapprove)
    tallies: list[Tally] = []
    is_kept = False
    with suppress(_NothingIsWrittenError), store.writing() as connection:
        standing = Standing(intake.read_stored(connection))
        tallies = [_take_file(connection, one, standing, terms) for one in sources]
        is_kept = skip_bad or not any(tally.refused for tally in tallies)
        if is_kept:
            _write(connection, standing, actor, list(zip(sources, tallies, strict=True)))
        if dry_run or not is_kept:
            raise _NothingIsWrittenError
    return _report(tallies, is_kept=is_kept, written=is_kept and not dry_run)


def _take_file(connection: Connection, source: Source, standing: Standing, terms: Terms) -> Tally:
    tally = Tally(refused=list(source.refused), warnings=list(source.warnings))
    standing.folder = source.path.parent
    for section in MASTER:
        if section.name in source.rows:
            take_rows(section, source.rows[section.name], standing, tally)
    refuse_overlaps(standing, tally)
    if rows := source.rows.get(ENTRIES.name):
        take_entries(connection, rows, standing, tally, terms)
    return tally


def _write(
    connection: Connection,
    standing: Standing,
    actor: Actor,
    files: Sequence[tuple[Source, Tally]],
) -> None:
    intake.write_all(connection, standing.now, standing.before, standing.home)
    changes: list[tuple[str, Any, Any]] = []
    for source, tally in files:
        counts = tally.counts()
        if counts[Outcome.TAKEN] or counts[Outcome.CHANGED]:
            summary = {outcome.name.lower(): counts[outcome] for outcome in Outcome}
            summary |= {"refused": len(tally.refused)}
            changes.append((f"file {source.path.name}", None, summary | {"sha256": source.sha256}))
            changes += tally.changes()
    chained.log(connection, actor, "import", changes)


def _report(tallies: Sequence[Tally], *, is_kept: bool, written: bool) -> ImportReport:
    counted = {
        outcome: sum(tally.counts()[outcome] for tally in tallies) if is_kept else 0
        for outcome in Outcome
    }
    return ImportReport(
        taken=counted[Outcome.TAKEN],
        known=counted[Outcome.KNOWN],
        changed=counted[Outcome.CHANGED],
        warnings=tuple(one for tally in tallies for one in tally.warnings),
        refused=tuple(one for tally in tallies for one in tally.refused),
        written=written,
    )
