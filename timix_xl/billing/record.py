"""Record: the rows that verify inspects, each table read once."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Table

from timix_xl.domain.invoices import draft_name
from timix_xl.store import auditing
from timix_xl.store import tables as t
from timix_xl.store.auditing import RawRow


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that does not hold: code, place, what is wrong."""

    code: str
    where: str
    message: str


class Record:
    """The rows under inspection, each table read once. Unsound rows are named and set aside."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.unsound: list[Problem] = []
        self._tables: dict[str, list[RawRow]] = {}

    def rows(self, table: Table) -> list[RawRow]:
        """Return the sound rows of a table, as stored."""
        if table.name not in self._tables:
            self._tables[table.name] = list(self._sound(table))
        return self._tables[table.name]

    def _sound(self, table: Table) -> Iterator[RawRow]:
        for row in auditing.rows(self.connection, table):
            names = auditing.unsound(table, row)
            if not names:
                yield row
            key = " ".join(str(row[column.name]) for column in table.primary_key)
            for name in names:
                where = name_of(row) if table is t.documents else f"{table.name} {key}"
                message = f"{table.name}.{name} is {row[name]!r}, which it cannot be"
                self.unsound.append(Problem("VERIFY-19", where, message))

    def of(self, table: Table, column: str) -> dict[Any, list[RawRow]]:
        """Return a table's rows by one of its columns."""
        grouped: dict[Any, list[RawRow]] = {}
        for row in self.rows(table):
            grouped.setdefault(row[column], []).append(row)
        return grouped

    @cached_property
    def frozen(self) -> list[RawRow]:
        """The documents that are not drafts."""
        return [row for row in self.rows(t.documents) if row["status"] != "draft"]

    @cached_property
    def kept(self) -> list[RawRow]:
        """The documents whose content is kept: all that are not drafts, and saved drafts."""
        return [row for row in self.rows(t.documents) if row["status"] != "draft" or row["content"]]

    @cached_property
    def notes(self) -> list[RawRow]:
        """The issued credit notes, in the order of their making, save for the released ones."""
        notes = [row for row in self.frozen if row["kind"] == "credit_note"]
        return [row for row in notes if row["corrects"] is not None or not self.is_released(row)]

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
        claimed = self.of(t.claims, "document")
        return {
            (row["document"], claim["entry"])
            for (number, revision), row in made.items()
            if (before := made.get((number, revision - 1))) and not row["put_back"]
            for claim in claimed.get(before["released_to"], [])
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
        corrects = {row["id"]: row["corrects"] for row in self.notes}
        return {
            (row["entry"], corrects[row["document"]]): row
            for row in self.rows(t.document_entries)
            if row["document"] in corrects
        }


def name_of(row: RawRow) -> str:
    """Name a document by its number, a draft by its name."""
    return str(row["number"] or draft_name(row["id"]))
