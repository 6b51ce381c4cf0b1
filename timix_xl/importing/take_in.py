"""Take in files: books and entries, all of them or nothing, in one transaction."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from timix_xl.domain.entries import ApprovalStatus
from timix_xl.importing.entries import Terms, take_entries
from timix_xl.importing.faults import RowFault
from timix_xl.importing.master_keys import take_master_keys
from timix_xl.importing.rates import refuse_overlaps
from timix_xl.importing.rows import Row
from timix_xl.importing.sections import ENTRIES
from timix_xl.importing.sources import Source, check_bearable, read_source
from timix_xl.importing.standing import Standing
from timix_xl.importing.tally import Applied, Outcome, Tally
from timix_xl.importing.timesheets.dates import DateOrder
from timix_xl.importing.timesheets.mapped import proposed
from timix_xl.importing.timesheets.mapping import text_of, unfilled
from timix_xl.importing.timesheets.taking import (
    GivenMapping,
    mapping_for,
    remember,
    take_export,
    warn_of_names,
)
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
    changes: tuple[tuple[str, Row, Row], ...] = ()
    """(object, before, after) of the changed rows, with the changed columns only."""
    drafts: int = 0
    """How many of the entries taken wait for approval: they are not billed."""
    mapping: "ProposedMapping | None" = None
    lacks_books: bool = False
    """Whether there are entries, and no project, neither in the store nor in the files."""


@dataclass(frozen=True, slots=True)
class ProposedMapping:
    """The text of a mapping file for an export, and how much of it a person has to fill in."""

    text: str
    unfilled: int


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
    mapping: Path | None = None,
    date_order: DateOrder | None = None,
) -> ImportReport:
    """Take in files in the order given; a later one may refer to what an earlier one brings.

    If a row is refused, nothing is written unless `skip_bad`; the caller decides whether to raise
    FileRefused. A dry run does everything and then takes it back. `mapping` and `date_order` are
    for exports of timesheet programs; the report then proposes a mapping for the last of them.
    Raises the refusals of `read_source` and of `read_mapping`.
    """
    sources = [read_source(Path(path), file_format, date_order) for path in files]
    given = _given(mapping) if mapping else None
    terms = Terms(today=actor.today, status=status, reapprove=reapprove)
    tallies: list[Tally] = []
    proposal: ProposedMapping | None = None
    is_kept = False
    with suppress(_NothingIsWrittenError), store.writing() as connection:
        standing = Standing(intake.read_stored(connection))
        for source in sources:
            tallies.append(_take_file(connection, source, standing, terms, given))
            proposal = _proposal(connection, source, standing, given) or proposal
        is_kept = skip_bad or not any(tally.refused for tally in tallies)
        if is_kept:
            _write(connection, standing, actor, list(zip(sources, tallies, strict=True)), given)
        if dry_run or not is_kept:
            raise _NothingIsWrittenError
    written = is_kept and not dry_run
    report = _report(tallies, is_kept=is_kept, written=written)
    return replace(report, mapping=proposal, lacks_books=_lacks_books(sources, standing))


def _given(mapping: Path) -> GivenMapping:
    with suppress(OSError):  # it is read next, and says why it cannot be
        check_bearable(mapping)
    return GivenMapping.read(mapping)


def _lacks_books(sources: Sequence[Source], standing: Standing) -> bool:
    """Whether entries are to be taken in, and no file has brought a project so far."""
    brings = any(source.rows.get("projects") for source in sources)
    works = any(source.export or source.rows.get(ENTRIES.name) for source in sources)
    return works and not brings and not standing.before["projects"]


def _take_file(
    connection: Connection,
    source: Source,
    standing: Standing,
    terms: Terms,
    given: GivenMapping | None,
) -> Tally:
    tally = Tally(refused=list(source.refused), warnings=list(source.warnings))
    standing.folder = source.path.parent
    take_master_keys(connection, source.rows, standing, tally)
    refuse_overlaps(standing, tally)
    if rows := source.rows.get(ENTRIES.name):
        of_source = replace(terms, is_books=source.is_books)
        take_entries(connection, rows, standing, tally, of_source)
    if source.export is not None:
        mapping = mapping_for(connection, source.export, given)
        take_export(connection, source.export, mapping, standing, tally, terms)
        if given is not None:
            warn_of_names(source.export, given, tally)
    return tally


def _proposal(
    connection: Connection, source: Source, standing: Standing, given: GivenMapping | None
) -> ProposedMapping | None:
    if source.export is None:
        return None
    mapping = mapping_for(connection, source.export, given)
    whole = proposed(source.export, mapping, standing)
    return ProposedMapping(text_of(whole), unfilled(whole))


def _write(
    connection: Connection,
    standing: Standing,
    actor: Actor,
    files: Sequence[tuple[Source, Tally]],
    given: GivenMapping | None,
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
        if source.export is not None and given is not None:
            changed = remember(connection, actor, source.export, given)
            changes += [changed] if changed else []
    chained.log(connection, actor, chained.IMPORT, changes)


def _report(tallies: Sequence[Tally], *, is_kept: bool, written: bool) -> ImportReport:
    counted = {
        outcome: sum(tally.counts()[outcome] for tally in tallies) if is_kept else 0
        for outcome in Outcome
    }
    return ImportReport(
        taken=counted[Outcome.TAKEN],
        known=counted[Outcome.KNOWN],
        changed=counted[Outcome.CHANGED],
        warnings=tuple(one for tally in tallies for one in _by_line(tally.warnings)),
        refused=tuple(one for tally in tallies for one in _by_line(tally.refused)),
        written=written,
        changes=tuple(one for tally in tallies for one in tally.changes()) if is_kept else (),
        drafts=sum(_waits(each) for tally in tallies for each in tally.applied) if is_kept else 0,
    )


def _by_line(found: Sequence[RowFault]) -> list[RowFault]:
    """Sort what was found by line; the places of a books file stay in their order."""
    return sorted(found, key=lambda one: one.row if isinstance(one.row, int) else 0)


def _waits(each: Applied) -> bool:
    is_new = each.section == ENTRIES.name and each.outcome is Outcome.TAKEN
    return is_new and each.row["status"] is ApprovalStatus.DRAFT
