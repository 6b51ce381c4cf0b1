"""Record: the rows that verify inspects, document by document, and what several checks need."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import ColumnElement, Connection, Table

from timix_xl.domain.invoices import draft_name
from timix_xl.store import auditing, issuing
from timix_xl.store import tables as t
from timix_xl.store.auditing import RawRow

Progress: TypeAlias = Callable[[str, int, int], object]
"""Is told what is being checked, how much of it is done, and of how much."""

TOLD_EVERY = 100
"""After how many documents progress is told."""

_HEAD = (
    *("id", "kind", "number", "year", "seq", "customer", "location", "currency", "issue_date"),
    *("corrects", "hours", "subtotal", "total", "status", "previous_seal", "seal"),
)
_OF_DOCUMENT = (*issuing.SEALED_TABLES[1:], t.events)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that does not hold: code, place, what is wrong."""

    code: str
    where: str
    message: str


class Billed(NamedTuple):
    """What a document sealed of an entry; `step` is that of its line.

    Where there is a step, a rule has made the quantity and the price.
    """

    facts: tuple[Any, ...]
    own_quantity: str
    exact_amount: str
    rate: str
    step: int | None


FACTS = ("date", "project", "task", "kind", "person", "item", "description", "unit")


class Dossier:
    """A document with everything that is stored of it."""

    def __init__(self, name: str, head: RawRow, rows: dict[Table, list[RawRow]]) -> None:
        self.name = name
        self.head = head
        self.lines = rows[t.document_lines]
        self.shares = rows[t.document_entries]
        self.taxes = rows[t.document_taxes]
        self.events = rows[t.events]
        self.rows = {t.documents: [head], **rows}

    @property
    def is_kept(self) -> bool:
        """Whether its content is kept: of all that are not drafts, and of saved drafts."""
        return self.head["status"] != "draft" or bool(self.head["content"])

    @cached_property
    def content(self) -> RawRow:
        """What was sealed, or saved; nothing where that cannot be read."""
        return auditing.parsed(self.head["content"])

    @cached_property
    def by_line(self) -> dict[Any, list[RawRow]]:
        """Its entries, by their line."""
        found: dict[Any, list[RawRow]] = defaultdict(list)
        for share in self.shares:
            found[share["line"]].append(share)
        return found

    def billed(self) -> Iterator[tuple[str, Billed]]:
        """Yield what was sealed of its entries."""
        printed = self.content.get("printed", {})
        steps = {line["line"]: line.get("step") for line in printed.get("lines", [])}
        for one in printed.get("billed", []):
            own = one.get("own_quantity")
            yield (
                one["entry"],
                Billed(
                    facts=tuple(one[name] for name in FACTS),
                    own_quantity=one["quantity"] if own is None else own,
                    exact_amount=one["exact_amount"],
                    rate=one["rate"],
                    step=steps.get(one["line"]),
                ),
            )


class Grouped:
    """Rows that come in the order of one of their columns, taken group by group."""

    def __init__(self, rows: Iterator[RawRow], by: str) -> None:
        self._rows, self._by = rows, by
        self._next = next(rows, None)

    def of(self, value: Any) -> list[RawRow]:
        """Return the rows of a value; values are asked for in ascending order."""
        found = []
        while self._next is not None and self._next[self._by] <= value:
            if self._next[self._by] == value:
                found.append(self._next)
            self._next = next(self._rows, None)
        return found


class Record:
    """The rows under inspection. Unsound rows are named and set aside."""

    def __init__(self, connection: Connection, told: Progress) -> None:
        self.connection = connection
        self.told = told
        self.unsound: list[Problem] = []
        self.checked: dict[str, int] = {}
        """How many sound rows each table has."""
        self.billed: dict[str, Billed] = {}
        """What was sealed of each entry by the document that claims it."""
        self.taxed: dict[Any, int] = defaultdict(int)
        """The tax bases, and the taxes, of an invoice and its notes so far."""
        self._aside: dict[str, set[tuple[Any, ...]]] = defaultdict(set)
        self._kept: dict[str, list[RawRow]] = {}

    def read(self) -> None:
        """Read every row once; name what is of the wrong kind, and set it aside."""
        tables = t.metadata.sorted_tables
        for table in tables:
            self.checked[table.name] = auditing.count(self.connection, table)
        done, whole = 0, sum(self.checked.values())
        for table in tables:
            for some in auditing.chunks(self.connection, table):
                for at, names in auditing.unsound(table, some).items():
                    row = dict(zip((one.name for one in table.columns), some[at], strict=True))
                    self._set_aside(table, row, names)
                done += len(some)
                self.told("rows", done, whole)

    def _set_aside(self, table: Table, row: RawRow, names: list[str]) -> None:
        self.checked[table.name] -= 1
        key = _key(table, row)
        self._aside[table.name].add(key)
        where = name_of(row) if table is t.documents else " ".join(map(str, (table.name, *key)))
        for name in names:
            message = f"{table.name}.{name} is {row[name]!r}, which it cannot be"
            self.unsound.append(Problem("VERIFY-19", where, message))

    def each(
        self,
        table: Table,
        *,
        names: Collection[str] | None = None,
        where: ColumnElement[bool] | None = None,
        by: str | None = None,
    ) -> Iterator[RawRow]:
        """Yield the sound rows of a table, as stored."""
        aside = self._aside.get(table.name)
        found = auditing.each(self.connection, table, names=names, where=where, by=by)
        if not aside:
            return found
        return (row for row in found if _key(table, row) not in aside)

    def rows(self, table: Table) -> list[RawRow]:
        """Return the sound rows of a table that is small, or needed again."""
        if table.name not in self._kept:
            self._kept[table.name] = list(self.each(table))
        return self._kept[table.name]

    def of(self, table: Table, column: str) -> dict[Any, list[RawRow]]:
        """Return the rows of such a table by one of its columns."""
        grouped: dict[Any, list[RawRow]] = {}
        for row in self.rows(table):
            grouped.setdefault(row[column], []).append(row)
        return grouped

    def grouped(
        self,
        table: Table,
        by: str,
        names: Collection[str] = (),
        *,
        where: ColumnElement[bool] | None = None,
    ) -> Grouped:
        """Return the sound rows of a table, to be taken by one of its columns."""
        wanted = {by, *names} if names else None
        return Grouped(self.each(table, names=wanted, where=where, by=by), by)

    def dossiers(self) -> Iterator[Dossier]:
        """Yield the documents with all that is stored of them, once."""
        of_document = {
            table: self.grouped(table, "document", ("kind",) if table is t.events else ())
            for table in _OF_DOCUMENT
        }
        done, whole = 0, self.checked[t.documents.name]
        for done, head in enumerate(self.each(t.documents), start=1):
            rows = {table: grouped.of(head["id"]) for table, grouped in of_document.items()}
            yield Dossier(self.name(head), head, rows)
            if done % TOLD_EVERY == 0:
                self.told("documents", done, whole)
        self.told("documents", done, whole)

    def keep_billed(self, one: Dossier) -> bool:
        """Keep what a document sealed of the entries that it claims; False where that is nothing."""
        try:
            for entry, billed in one.billed():
                if self.claimed.get(entry) == one.head["id"]:
                    self.billed[entry] = billed
        except (AttributeError, KeyError, TypeError):
            return False
        return True

    @cached_property
    def documents(self) -> list[RawRow]:
        """The heads of all documents, without their contents."""
        return list(self.each(t.documents, names=_HEAD))

    @cached_property
    def frozen(self) -> list[RawRow]:
        """The heads of the documents that are not drafts."""
        return [row for row in self.documents if row["status"] != "draft"]

    @cached_property
    def notes(self) -> list[RawRow]:
        """The issued credit notes, in the order of their making, save for the released ones."""
        notes = [row for row in self.frozen if row["kind"] == "credit_note"]
        return [row for row in notes if row["corrects"] is not None or not self.is_released(row)]

    def _around_notes(self, table: Table) -> dict[Any, list[RawRow]]:
        """Return the rows of credit notes, and of what they correct, by document."""
        found: dict[Any, list[RawRow]] = defaultdict(list)
        for row in self.each(table, where=auditing.around_notes(table)):
            found[row["document"]].append(row)
        return found

    @cached_property
    def noted_lines(self) -> dict[Any, list[RawRow]]:
        """The lines of credit notes, and of what they correct, by document."""
        return self._around_notes(t.document_lines)

    @cached_property
    def noted_shares(self) -> dict[Any, list[RawRow]]:
        """The entries on credit notes, and on what they correct, by document."""
        return self._around_notes(t.document_entries)

    @cached_property
    def numbers(self) -> dict[str, str]:
        """What took each number."""
        return {row["number"]: row["taken_by"] for row in self.each(t.numbers)}

    @cached_property
    def claimed(self) -> dict[str, int]:
        """The documents by the entries that they claim."""
        return {row["entry"]: row["document"] for row in self.each(t.claims)}

    @cached_property
    def unlisted(self) -> set[str]:
        """The claimed entries that no document has been found to bill."""
        return set(self.claimed)

    def may_claim(self, share: RawRow) -> bool:
        """Whether an entry's place on a document is to claim it.

        A released pro forma leaves that to what was made from it; a revision leaves what it took
        over to the invoice that it corrects, and claims what it added.
        """
        own = self.pro_formas.get(share["document"])
        if own is None:
            return True
        rests = (share["document"], share["entry"]) in self._resting
        return own["state"] != "closed" and not rests

    @cached_property
    def _resting(self) -> set[tuple[Any, Any]]:
        """The revisions with the entries that the invoices before them claim."""
        made = {(row["number"], row["revision"]): row for row in self.rows(t.pro_formas)}
        rests_on = defaultdict(list)
        for (number, revision), row in made.items():
            before = made.get((number, revision - 1))
            if before and not row["put_back"]:
                rests_on[before["released_to"]].append(row["document"])
        return {
            (revised, entry)
            for entry, document in self.claimed.items()
            for revised in rests_on.get(document, ())
        }

    def is_released(self, row: RawRow) -> bool:
        """Whether a document was made from a pro forma: a credit note of one corrects nothing."""
        return row["id"] in self.released

    @cached_property
    def released(self) -> dict[Any, RawRow]:
        """The pro formas that were released, by the document that was made from each."""
        rows = self.rows(t.pro_formas)
        return {row["released_to"]: row for row in rows if row["released_to"] is not None}

    @cached_property
    def pro_formas(self) -> dict[Any, RawRow]:
        """The pro formas, by their own document."""
        return {row["document"]: row for row in self.rows(t.pro_formas)}

    def name(self, row: RawRow) -> str:
        """Name a document by its number, a pro forma by its own, a draft by its name."""
        own = self.pro_formas.get(row["id"])
        return f"{own['number']} (revision {own['revision']})" if own else name_of(row)

    @cached_property
    def credited(self) -> dict[tuple[str, Any], RawRow]:
        """What notes took, by the entry and the document that they correct."""
        return {
            (share["entry"], note["corrects"]): share
            for note in self.notes
            for share in self.noted_shares.get(note["id"], ())
        }


def name_of(row: RawRow) -> str:
    """Name a document by its number, a draft by its name."""
    return str(row["number"] or draft_name(row["id"]))


_MOST_LISTED = 20


def listed(places: list[Any]) -> str:
    """Write some places one by one, many by the runs that follow one another."""
    if len(places) <= _MOST_LISTED:
        return str(places)
    runs: list[list[Any]] = []
    for place in places:
        if runs and place == (runs[-1][-1] or 0) + 1:
            runs[-1][1:] = [place]
        else:
            runs.append([place])
    words = ["-".join(map(str, run)) for run in runs]
    more = f" and {len(words) - _MOST_LISTED:,} more" if len(words) > _MOST_LISTED else ""
    return ", ".join(words[:_MOST_LISTED]) + more


def _key(table: Table, row: RawRow) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in table.primary_key)
