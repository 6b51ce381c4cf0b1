"""Take in entries: known ones stay, changed ones are judged by how far they have come."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import Connection

from timix_xl.domain.entries import ApprovalStatus, EntryState, Kind
from timix_xl.importing import faults, parts, workdays
from timix_xl.importing.completing import completed
from timix_xl.importing.entry_checks import entry_troubles
from timix_xl.importing.faults import FaultKind, Trouble, shown, trouble
from timix_xl.importing.master import unknown_codes
from timix_xl.importing.remainders import remainder_troubles
from timix_xl.importing.rows import Placed, Row, read_row
from timix_xl.importing.sections import ENTRIES
from timix_xl.importing.standing import Standing
from timix_xl.importing.tally import Applied, Outcome, Tally
from timix_xl.store import intake

_BOOKKEEPING = {"state", "part_of", "wip_from", "of_document", "of_line"}


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms entries are taken.

    `today` is the day of the import; `status` holds for those that have none; `reapprove` lets
    approved ones be changed. Of an export `same` says by id in what a line is the same as its
    known entry, and `unapproved` are the ids of lines that are not approved there: no status of
    ours approves them. Only books (`is_books`) bring remainders.
    """

    today: date
    status: ApprovalStatus | None = None
    reapprove: bool = False
    same: Mapping[str, str] = field(default_factory=dict)
    unapproved: Collection[str] = frozenset()
    is_books: bool = False

    def status_of(self, number: str) -> ApprovalStatus | None:
        """Return the status for an entry that has none."""
        is_held = self.status is ApprovalStatus.APPROVED and number in self.unapproved
        return None if is_held else self.status


@dataclass(slots=True)
class _Seen:
    """Where the ids of a file stand, which document holds an entry, and for whom it was settled.

    `settled` says what became of entries before, on issued documents and in runs.
    """

    claims: dict[str, str]
    settled: dict[str, str]
    ids: dict[str, int | str] = field(default_factory=dict)
    sources: dict[tuple[str, str], int | str] = field(default_factory=dict)


def take_entries(
    connection: Connection, rows: Sequence[Placed], standing: Standing, tally: Tally, terms: Terms
) -> None:
    """Take in the entries of a file."""
    readable = list(_readable(rows, standing, tally))
    seen = _meet_stored(connection, [row for _, row in readable], standing)
    taken = []
    for placed, row in readable:
        troubles = list(_twice(placed, row, seen)) or list(_mistaken(row, standing))
        if not troubles:
            was = standing.find("entries", row["id"])
            whole, troubles = _judged(row, was, standing, seen, terms)
        if troubles:
            tally.refuse(placed, troubles)
        else:
            taken.append(Applied("entries", (whole["id"],), placed, whole, was))
    applied = parts.whole_families(rows, taken, standing, tally)
    for each in applied:
        standing.put_entry(each.row)
    tally.applied += applied
    new = [each for each in applied if each.outcome is not Outcome.KNOWN]
    workdays.warn_of_long_days(connection, new, standing, tally)
    workdays.warn_of_hours_below_zero(new, tally)


def _readable(
    rows: Sequence[Placed], standing: Standing, tally: Tally
) -> Iterator[tuple[Placed, Row]]:
    for placed in rows:
        row, troubles = read_row(ENTRIES.columns, placed.record)
        troubles += unknown_codes(ENTRIES.columns, row, standing)
        if troubles:
            tally.refuse(placed, troubles)
        else:
            yield placed, row


def _meet_stored(connection: Connection, rows: Sequence[Row], standing: Standing) -> _Seen:
    """Read what the store knows of these entries, and where they were billed."""
    ids = {row[name] for row in rows for name in ("id", "part_of") if row[name]}
    sources = {pair for row in rows if (pair := source_of(row))}
    stored = intake.read_entries(connection, ids, sources, standing.home)
    standing.meet_entries(stored)
    return _Seen(intake.read_claims(connection, ids), intake.read_settled(connection, ids))


def source_of(row: Row) -> tuple[str, str] | None:
    """Return the source and external id, where both are given."""
    both = (row["source"], row["external_id"])
    return both if all(both) else None


def _twice(placed: Placed, row: Row, seen: _Seen) -> Iterator[Trouble]:
    if (first := seen.ids.setdefault(row["id"], placed.row)) != placed.row:
        yield trouble(faults.ROW_TWICE, "id", value=f"entry {row['id']}", first=first)
    pair = source_of(row)
    if pair and (first := seen.sources.setdefault(pair, placed.row)) != placed.row:
        value = f"{pair[0]}: {pair[1]}"
        yield trouble(faults.ROW_TWICE, "external_id", value=shown(value), first=first)


def _mistaken(row: Row, standing: Standing) -> Iterator[Trouble]:
    """Refuse an id and an external id that the store knows of two different entries."""
    pair = source_of(row)
    if pair is None:
        return
    there = standing.find("entries", row["id"])
    by_source = standing.entry_of_source(pair)
    stored_pair = source_of(there) if there else None
    if (by_source and by_source != row["id"]) or (stored_pair and stored_pair != pair):
        facts = {"one": f"Entry {row['id']}", "other": shown(f"{pair[0]}: {pair[1]}")}
        yield trouble(faults.IDS_DISAGREE, "external_id", **facts)


def _judged(
    row: Row, was: Row | None, standing: Standing, seen: _Seen, terms: Terms
) -> tuple[Row, list[Trouble]]:
    whole, troubles = completed(row, was, standing, terms.status_of(row["id"]))
    troubles = troubles or [
        *entry_troubles(whole, standing),
        *remainder_troubles(whole, was, is_books=terms.is_books),
        *_approved_ahead(whole, was, terms),
    ]
    if was is not None and not troubles:
        troubles = list(parts.part_moved(row, was))
        whole |= {name: was[name] for name in _BOOKKEEPING}
    whole["wip_from"] = whole["wip_from"] or _wip_from(whole, standing)
    if was is None or troubles:
        return whole, troubles
    troubles += _may_not_change(whole, was, seen, terms)
    troubles += _changes_hands(whole, was, standing, seen)
    return whole, troubles


def _approved_ahead(whole: Row, was: Row | None, terms: Terms) -> Iterator[Trouble]:
    """Refuse an approval that is dated ahead: the work could be billed before it counts as WIP.

    One that was taken in so before is still known; a remainder has the date of its invoice.
    """
    day = whole["approved_on"]
    if (
        whole["kind"] is not Kind.REMAINDER
        and day
        and day > terms.today
        and (was is None or was["approved_on"] != day)
    ):
        facts = {"day": day, "today": terms.today}
        yield trouble(faults.APPROVED_AHEAD, "approved_on", **facts)


def _wip_from(whole: Row, standing: Standing) -> date | None:
    """Return the day of approval, else the entry's; if that month is closed, the first open day."""
    if whole["status"] is not ApprovalStatus.APPROVED:
        return None
    day: date = whole["approved_on"] or whole["date"]
    locked = standing.locked_until
    return max(day, locked + timedelta(days=1)) if locked else day


def _may_not_change(whole: Row, was: Row, seen: _Seen, terms: Terms) -> Iterator[Trouble]:
    columns = [name for name in whole if whole[name] != was[name]]
    if not columns:
        return
    state = _settled_state(was, seen)
    if not state and not terms.reapprove and (moved := _moved(whole, was, terms)):
        yield moved
        return
    is_locked = was["status"] is ApprovalStatus.APPROVED and not terms.reapprove
    kind: FaultKind | None = faults.CHANGED_AFTER_APPROVAL if is_locked else None
    kind = faults.BILLED_ALREADY if state else kind
    if kind:
        facts = {"entry": whole["id"], "state": state, "columns": ", ".join(columns)}
        yield trouble(kind, columns[0], **facts)


def _moved(whole: Row, was: Row, terms: Terms) -> Trouble | None:
    """Find that a line of an export would take its known entry to another project."""
    same = terms.same.get(whole["id"])
    if same is None or whole["project"] == was["project"]:
        return None
    facts = {"entry": whole["id"], "before": was["project"], "after": whole["project"]}
    return trouble(faults.KNOWN_ELSEWHERE, "project", **facts, same=same)


def _changes_hands(whole: Row, was: Row, standing: Standing, seen: _Seen) -> Iterator[Trouble]:
    """Refuse another customer for work that was settled with this one, or is in a closed month."""
    before, after = standing.customer_of(was["project"]), standing.customer_of(whole["project"])
    if before == after:
        return
    facts = {"what": f"The customer of entry {whole['id']}", "before": before, "after": after}
    if settled := seen.settled.get(whole["id"]):
        why = f"it was {settled} before"
        yield trouble(faults.CANNOT_CHANGE, "project", **facts, why=why)
        return
    locked = standing.locked_until
    if locked and was["wip_from"] and was["wip_from"] <= locked:
        why = f"it stands in a closed month (up to {locked})"
        yield trouble(faults.CANNOT_CHANGE, "project", **facts, why=why)


def _settled_state(was: Row, seen: _Seen) -> str:
    if was["id"] in seen.claims:
        return f"on {seen.claims[was['id']]}"
    if was["part_of"]:
        return f"a part of {was['part_of']}"
    return "" if was["state"] is EntryState.OPEN else str(was["state"]).replace("_", " ")
