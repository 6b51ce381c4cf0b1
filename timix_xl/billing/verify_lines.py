"""Whether the lines of pro formas, and of what was made from them, hold what was billed."""

from collections.abc import Iterator
from typing import Any, TypeAlias

from timix_xl.billing.reconcile import reasons
from timix_xl.billing.record import Problem, Record
from timix_xl.store import auditing, snapshots
from timix_xl.store import tables as t
from timix_xl.store.auditing import RawRow

Placed: TypeAlias = tuple[RawRow, RawRow, list[RawRow]]
"""A document, a line of it, and its entries there."""

_HOLDS, _LOSES = {"hold_remainder"}, {"write_off_remainder", "write_off"}


def _lines(record: Record) -> Iterator[Placed]:
    lines = record.of(t.document_lines, "document")
    shares: dict[tuple[Any, Any], list[RawRow]] = {}
    for share in record.rows(t.document_entries):
        shares.setdefault((share["document"], share["line"]), []).append(share)
    for document in record.rows(t.documents):
        for line in lines.get(document["id"], []):
            yield document, line, shares.get((document["id"], line["line"]), [])


def billed(record: Record) -> Iterator[Problem]:
    """Check that what is billed of a line is what was made of it, less what was left out of it."""
    for document, line, shares in _lines(record):
        where = record.name(document)
        held, written_off = _of(line, "held"), _of(line, "written_off")
        if line["billed_amount"] is None:
            if held or written_off or any(_of(share, "raised") for share in shares):
                message = f"line {line['line']} leaves something out of nothing"
                yield Problem("VERIFY-39", where, message)
            continue
        if line["of_line"] is not None:
            continue  # it takes back, of an invoice that is checked, what notes are checked for
        raised = sum(_of(share, "raised") for share in shares)
        if line["billed_amount"] + raised != line["amount"] + held + written_off:
            message = f"line {line['line']} is not what was billed with what was raised or left out"
            yield Problem("VERIFY-39", where, message)
        by_status = ((held, _HOLDS), (written_off, _LOSES))
        if any(amount and line["status"] not in words for amount, words in by_status):
            message = f"line {line['line']} is {line['status']}, which leaves out something else"
            yield Problem("VERIFY-39", where, message)


def shared(record: Record) -> Iterator[Problem]:
    """Check that the entries of each line share everything that it has."""
    for document, line, shares in _lines(record):
        wanted = {name: _of(line, name) for name in ("quantity", "held", "written_off")}
        found = {name: sum(_of(share, name) for share in shares) for name in wanted}
        if line["billed_quantity"] is not None:
            wanted["billed_quantity"] = line["billed_quantity"]
            found["billed_quantity"] = sum(_own_quantity(share) for share in shares)
        for name in wanted if shares else ():
            if wanted[name] != found[name]:
                message = f"the entries of line {line['line']} do not share its {name}"
                yield Problem("VERIFY-40", record.name(document), message)


def _of(row: RawRow, name: str) -> int:
    return int(row[name] or 0)


def _own_quantity(share: RawRow) -> int:
    return int(share["quantity"] if share["own_quantity"] is None else share["own_quantity"])


def printed(record: Record) -> Iterator[Problem]:
    """Check that what is not printed is nothing, and stands after what is."""
    hidden: set[Any] = set()
    for document, line, shares in _lines(record):
        where = record.name(document)
        if line["printed"] is None:
            if document["id"] in hidden:
                message = f"line {line['line']} is printed, and stands after one that is not"
                yield Problem("VERIFY-41", where, message)
            continue
        hidden.add(document["id"])
        if line["quantity"] or line["amount"] or not shares:
            message = (
                f"line {line['line']} is not printed, and has a quantity, an amount or no entry"
            )
            yield Problem("VERIFY-41", where, message)


def reconciled(record: Record) -> Iterator[Problem]:
    """Check that each document which was made from a pro forma bills what its entries brought."""
    made = {line["document"] for line in record.rows(t.document_lines) if line["status"]}
    for row in record.frozen:
        if row["id"] not in made or row["corrects"] is not None:
            continue  # what takes back is checked for that
        if "printed" not in auditing.parsed(row["content"]):
            continue  # what cannot be read has been named already
        try:
            document = snapshots.printed(row["content"])
        except ValueError:
            yield Problem("VERIFY-04", record.name(row), "the sealed content cannot be read")
            continue
        for why in reasons(document):
            yield Problem("VERIFY-44", record.name(row), why)
