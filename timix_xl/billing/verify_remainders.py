"""Whether remainders and their reversals are those of the lines that held them back."""

from collections.abc import Iterator
from typing import Any, TypeAlias

from timix_xl.billing.record import Problem, Record, name_of
from timix_xl.billing.settle import HOLD
from timix_xl.domain.entries import Kind
from timix_xl.store import auditing
from timix_xl.store import tables as t
from timix_xl.store.auditing import RawRow
from timix_xl.store.chained import IMPORT

Held: TypeAlias = dict[tuple[Any, Any], RawRow]
"""Lines of issued documents that hold something back, by document and line."""

_HELD_KINDS = (Kind.REMAINDER, Kind.REVERSAL)
_OF_REMAINDERS = ("face_amount", "of_document", "of_line")


def remainders(record: Record) -> Iterator[Problem]:
    """Check that what each line holds back is one remainder of that amount, and no other is."""
    documents = {row["id"]: row for row in record.frozen if row["corrects"] is None}
    held: Held = {
        (line["document"], line["line"]): line
        for line in record.each(t.document_lines, where=auditing.holds_back())
        if line["document"] in documents
    }
    there: dict[tuple[Any, Any], list[RawRow]] = {}
    for row in _of_kinds(record, Kind.REMAINDER):
        there.setdefault((row["of_document"], row["of_line"]), []).append(row)
    came_back = _came_back(record)
    for key, line in held.items():
        where, own = name_of(documents[key[0]]), there.pop(key, [])
        if len(own) != 1:
            message = f"line {key[1]} holds something back; there are {len(own)} remainders of it"
            yield Problem("VERIFY-42", where, message)
        for row in own:
            is_back = documents[key[0]]["status"] == "void" or key in came_back
            yield from _remainder(row, line, documents[key[0]], is_back=is_back)
    came = _Imports(record)
    for row in (row for rows in there.values() for row in rows):
        if not came.may_have_brought(row):
            yield Problem("VERIFY-42", f"entry {row['id']}", "nothing held this remainder back")


class _Imports:
    """What the audit log tells of remainders that another store held back.

    An import notes its file, not each new entry: a remainder may come from one if there was one,
    and if no document of this store held it back.
    """

    def __init__(self, record: Record) -> None:
        self._were_any = any(record.each(t.audit_log, names=(), where=auditing.does(IMPORT)))
        held = record.each(t.audit_log, names=("object",), where=auditing.does(HOLD))
        self._held_here = {row["object"] for row in held}

    def may_have_brought(self, row: RawRow) -> bool:
        """Whether a remainder may have come with a books file: open, and of no document here."""
        is_from_elsewhere = (row["of_document"], row["of_line"]) == (None, None)
        is_held_here = f"entry {row['id']}" in self._held_here
        has_its_facts = all(row[name] is not None for name in ("face_amount", "tax_code"))
        is_open = row["state"] != "cancelled"
        return (
            self._were_any and is_from_elsewhere and not is_held_here and has_its_facts and is_open
        )


def _remainder(row: RawRow, line: RawRow, document: RawRow, *, is_back: bool) -> Iterator[Problem]:
    where = f"entry {row['id']}"
    facts = {
        "face_amount": line["held"],
        "currency": document["currency"],
        "date": document["issue_date"],
        "wip_from": document["issue_date"],
        **{name: line[name] for name in ("project", "tax_code", "tax_percent")},
        **dict.fromkeys(("quantity", "billable_quantity"), 0),
        "billable": 1,
    }
    for name, value in facts.items():
        if row[name] != value:
            message = f"its {name} is {row[name]}; {name_of(document)} says {value}"
            yield Problem("VERIFY-42", where, message)
    if is_back != (row["state"] == "cancelled"):
        says = "was taken back" if is_back else "stands"
        message = f"its state is {row['state']}; what held it back {says}"
        yield Problem("VERIFY-42", where, message)


def _came_back(record: Record) -> set[tuple[Any, Any]]:
    """Return the lines of which notes made entries billable again, by document and line."""
    found = set()
    for note in record.notes:
        own = record.noted_lines.get(note["id"], ())
        of_line = {line["line"]: line["of_line"] for line in own}
        for share in record.noted_shares.get(note["id"], ()):
            if share["becomes"] == "bill":
                found.add((note["corrects"], of_line.get(share["line"])))
    return found


def _of_kinds(record: Record, *kinds: Kind) -> Iterator[RawRow]:
    return record.each(t.entries, where=auditing.is_of(*kinds))


def reversals(record: Record) -> Iterator[Problem]:
    """Check that a reversal stands against each billed remainder, and against nothing else."""
    rows = {row["id"]: row for row in _of_kinds(record, *_HELD_KINDS)}
    billed = _billed(record)
    on_documents = record.each(
        t.document_entries, names=(), where=auditing.shows(auditing.is_of(Kind.REVERSAL))
    )
    listed = {row["entry"] for row in on_documents}
    standing = set()
    for row in rows.values():
        if row["kind"] != "reversal":
            continue
        where, remainder = f"entry {row['id']}", rows.get(row["id"].removesuffix(":x"))
        standing |= {row["id"]} if row["state"] == "open" else set()
        if remainder is None or remainder["kind"] != "remainder":
            yield Problem("VERIFY-43", where, "it stands against no remainder")
            continue
        if row["face_amount"] != -(remainder["face_amount"] or 0) or row["billable"]:
            yield Problem("VERIFY-43", where, f"it is not the opposite of {remainder['id']}")
        if any(row[name] != remainder[name] for name in ("project", "task", "currency")):
            yield Problem("VERIFY-43", where, f"it is of other work than {remainder['id']}")
        if (row["state"] == "open") != (remainder["id"] in billed):
            message = f"its state is {row['state']}; {remainder['id']} says else"
            yield Problem("VERIFY-43", where, message)
        yield from _dated(row, billed.get(remainder["id"]))
        if row["id"] in listed:
            yield Problem("VERIFY-43", where, "it is billed, which a reversal never is")
    for row in rows.values():
        if row["kind"] == "remainder" and row["id"] in billed and f"{row['id']}:x" not in standing:
            message = "it is billed, and no reversal stands against it"
            yield Problem("VERIFY-43", f"entry {row['id']}", message)


def _billed(record: Record) -> dict[Any, RawRow]:
    """Return the issued documents by the entries that they claim."""
    live = {row["id"]: row for row in record.frozen}
    return {entry: live[document] for entry, document in record.claimed.items() if document in live}


def _dated(row: RawRow, document: RawRow | None) -> Iterator[Problem]:
    if document and row["state"] == "open" and row["date"] != document["issue_date"]:
        message = f"its date is {row['date']}; {name_of(document)} is of {document['issue_date']}"
        yield Problem("VERIFY-43", f"entry {row['id']}", message)


def others(record: Record) -> Iterator[Problem]:
    """Check that no other entry is cancelled, or has what only remainders have."""
    odd = auditing.is_cancelled_or_has(_OF_REMAINDERS)
    for row in record.each(t.entries, where=odd):
        if row["kind"] in {"remainder", "reversal"}:
            continue
        if row["state"] == "cancelled":
            message = "it is cancelled, which only a remainder or a reversal can be"
            yield Problem("VERIFY-45", f"entry {row['id']}", message)
        if any(row[name] is not None for name in _OF_REMAINDERS):
            message = "it is no remainder, and has the face amount or the source of one"
            yield Problem("VERIFY-45", f"entry {row['id']}", message)
