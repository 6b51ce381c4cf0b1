"""Match the lines of an export to the entries that earlier ones made, so that each keeps its id."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import Connection

from timix_xl.importing import faults
from timix_xl.importing.faults import shown, trouble
from timix_xl.importing.rows import Placed, Row, read_row
from timix_xl.importing.sections import ENTRIES
from timix_xl.importing.standing import Standing
from timix_xl.importing.tally import Tally
from timix_xl.importing.timesheets.lines import Line, identity_of, project_digest, same_in
from timix_xl.store import intake

_Content: TypeAlias = tuple[object, ...]
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class MappedLine:
    """A line and the row of an entry that it becomes, which lacks its id."""

    line: Line
    placed: Placed


def matched(
    connection: Connection,
    source: str,
    mapped: Sequence[MappedLine],
    standing: Standing,
    tally: Tally,
) -> list[Placed]:
    """Return the rows with their ids; lines that could be several entries are refused."""
    known = _known(connection, source, mapped, standing)
    sharing: defaultdict[str, list[MappedLine]] = defaultdict(list)
    for one in mapped:
        sharing[one.line.identity].append(one)
    refused = set[int]()
    for identity, lines in sharing.items():
        entries = known.get(identity, [])
        if len(lines) == 1 and len(entries) <= 1:
            ids = [str(entries[0]["external_id"]) if entries else identity]
        else:
            ids = _Matching(identity, lines, entries).ids()
        for one, external_id in zip(lines, ids, strict=True):
            if external_id:
                one.placed.record["id"] = f"{source}:{external_id}"
                one.placed.record["external_id"] = external_id
            else:
                refused.add(id(one))
                some = ", ".join(str(row["id"]) for row in entries[:_SHOWN])
                more = " and more" if entries[_SHOWN:] else ""
                facts = {"same": same_in(one.line), "entries": shown(some) + more}
                tally.refuse(one.placed, [trouble(faults.NOT_TOLD_APART, "", **facts)])
    return [one.placed for one in mapped if id(one) not in refused]


def _known(
    connection: Connection, source: str, mapped: Sequence[MappedLine], standing: Standing
) -> dict[str, list[Row]]:
    """Return the entries of the store and of the files before, by their identity."""
    if not mapped:
        return {}
    wanted = {one.line.identity for one in mapped}
    days = [one.line.date for one in mapped]
    stored = intake.read_entries_of(connection, source, min(days), max(days), standing.home)
    standing.meet_entries(
        {key: row for key, row in stored.items() if identity_of(str(row["external_id"])) in wanted}
    )
    known: defaultdict[str, list[Row]] = defaultdict(list)
    for row in standing.now.get("entries", {}).values():
        if row["source"] == source and row["external_id"]:
            identity = identity_of(str(row["external_id"]))
            if identity in wanted:
                known[identity].append(row)
    return {
        identity: sorted(rows, key=lambda row: str(row["id"])) for identity, rows in known.items()
    }


class _Matching:
    """The lines of one identity, the entries of it, and what each line is matched to.

    Equal content goes first, the finest; then a single line is what became of a single entry.
    Within a project before across projects: an entry that changes its project is asked about.
    """

    def __init__(self, identity: str, lines: Sequence[MappedLine], entries: Sequence[Row]) -> None:
        self.identity = identity
        self.lines = lines
        self.rows = [read_row(ENTRIES.columns, one.placed.record)[0] for one in lines]
        self.entries = entries
        self.found: dict[int, str] = {}
        self.open_lines = set(range(len(lines)))
        self.open_entries = set(range(len(entries)))

    def ids(self) -> list[str]:
        """Return the external id of each line, empty for those that cannot be told apart."""
        for project in sorted({str(row["project"]) for row in self.rows}):
            self._pair(project, (_all, _work, _core))
        self._pair(None, (_elsewhere, _core))
        self._number()
        return [self.found[at] for at in range(len(self.lines))]

    def _pair(self, project: str | None, levels: Iterable[Callable[[Row], _Content]]) -> None:
        for level in levels:
            ours, theirs = self._left(project)
            self._pair_equal(_by(level, self.rows, ours), _by(level, self.entries, theirs))
        ours, theirs = self._left(project)
        if len(ours) == len(theirs) == 1:
            self._take(ours[0], theirs[0])
        elif ours and theirs:
            for at in ours:
                self.found[at] = ""
            self.open_lines -= set(ours)
            self.open_entries -= set(theirs)

    def _left(self, project: str | None) -> tuple[list[int], list[int]]:
        def fits(row: Row) -> bool:
            return project is None or row["project"] == project

        ours = [at for at in sorted(self.open_lines) if fits(self.rows[at])]
        return ours, [at for at in sorted(self.open_entries) if fits(self.entries[at])]

    def _pair_equal(
        self, ours: dict[_Content, list[int]], theirs: dict[_Content, list[int]]
    ) -> None:
        for content, places in ours.items():
            there = theirs.get(content, [])
            is_same = self._are_alike(self.rows, places) and self._are_alike(self.entries, there)
            is_clear = len(places) == len(there) and (
                self._are_alike(self.rows, places) or self._are_alike(self.entries, there)
            )
            if is_clear or (is_same and _all(self.rows[places[0]]) == content):
                for at, entry in zip(places, there, strict=False):
                    self._take(at, entry)

    def _are_alike(self, rows: Sequence[Row], places: Sequence[int]) -> bool:
        return len({_all(rows[at]) for at in places}) <= 1

    def _take(self, at: int, entry: int) -> None:
        self.found[at] = str(self.entries[entry]["external_id"])
        self.open_lines.discard(at)
        self.open_entries.discard(entry)

    def _number(self) -> None:
        """Give the lines that are new ids of their own, in the order of their contents."""
        holders = {str(entry["external_id"]): entry["project"] for entry in self.entries}
        ordinals = Counter[str]()
        for at in sorted(self.open_lines, key=self._place):
            project = self.rows[at]["project"]
            stem = self.identity
            if holders.get(stem, project) != project:
                stem = f"{stem}~{project_digest(self.lines[at].line)}"
            external_id = stem
            while external_id in holders:
                ordinals[stem] += 1
                external_id = f"{stem}-{ordinals[stem] + 1}"
            holders[external_id] = project
            self.found[at] = external_id

    def _place(self, at: int) -> tuple[str, ...]:
        line = self.lines[at].line
        return (line.client, line.project, *(str(one) for one in _all(self.rows[at])))


def _by(
    level: Callable[[Row], _Content], rows: Sequence[Row], places: Iterable[int]
) -> dict[_Content, list[int]]:
    found: dict[_Content, list[int]] = {}
    for at in places:
        found.setdefault(level(rows[at]), []).append(at)
    return found


def _core(row: Row) -> _Content:
    return (row["quantity"], row["billable"], row["description"], row["billed_elsewhere"])


def _elsewhere(row: Row) -> _Content:
    hours = row["billable_quantity"]
    return (*_core(row), row["quantity"] if hours is None else hours, row["person"])


def _work(row: Row) -> _Content:
    return (*_elsewhere(row), row["task"] or row["project"])


def _all(row: Row) -> _Content:
    return (*_work(row), row["bill_rate"], row["frame_order"])
