"""Verify: recompute every seal, number, balance and state, and name what does not hold."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Table

from timix_xl.domain.money import (
    PERCENT_PLACES,
    QUANTITY_PLACES,
    RATE_PLACES,
    from_minor,
    in_minor,
    rounded,
    unscaled,
)
from timix_xl.domain.seal import canonical, sealed
from timix_xl.store import auditing, issuing, runs, snapshots, triggers
from timix_xl.store import tables as t
from timix_xl.store.auditing import RawRow
from timix_xl.store.database import Store


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that does not hold: code, place, what is wrong."""

    code: str
    where: str
    message: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What was checked, how many of each, and what was found."""

    checked: dict[str, int]
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        """Whether everything holds."""
        return not self.problems


CODES = {
    "VERIFY-01": "The database file or a reference in it is broken.",
    "VERIFY-02": "A trigger that guards frozen rows has been taken away.",
    "VERIFY-03": "A document's sealed content, or its seal, has been changed.",
    "VERIFY-04": "A document's sealed content cannot be read.",
    "VERIFY-05": "A row of an issued document is not what was sealed.",
    "VERIFY-06": "A number and its document do not belong together.",
    "VERIFY-07": "A number series has a gap or a number too many.",
    "VERIFY-08": "A document is not chained to the one before it.",
    "VERIFY-09": "Issue dates run backwards in a series.",
    "VERIFY-10": "A line, a tax or a total does not add up.",
    "VERIFY-11": "The events or the audit log have been changed or cut.",
    "VERIFY-12": "A status is not what the events say.",
    "VERIFY-13": "A billed entry is not claimed by its document, or the other way round.",
    "VERIFY-14": "An entry is not in the state that its runs and documents say.",
    "VERIFY-15": "What a void gave back to a frame order does not agree.",
    "VERIFY-16": "A frame order is overdrawn that must not be.",
    "VERIFY-17": "A run is not what the audit log noted.",
    "VERIFY-18": "A stored logo has been changed.",
    "VERIFY-19": "A value is not of the kind that its column holds.",
}


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
                where = _name(row) if table is t.documents else f"{table.name} {key}"
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


def verify(store: Store) -> Verified:
    """Check a whole store; changes nothing."""
    with store.reading() as connection:
        record = Record(connection)
        for table in t.metadata.sorted_tables:
            record.rows(table)
        found = [problem for check in CHECKS for problem in check(record)]
        problems = (*record.unsound, *found)
        counted = (t.documents, t.document_lines, t.entries, t.events, t.audit_log, t.draw_downs)
        checked = {table.name: len(record.rows(table)) for table in counted}
        checked["frame_orders"] = len(record.rows(t.frame_orders))
    return Verified(checked, problems)


def _name(row: RawRow) -> str:
    return str(row["number"] or f"document {row['id']}")


def _file(record: Record) -> Iterator[Problem]:
    for message in auditing.database_problems(record.connection):
        yield Problem("VERIFY-01", "store", message)
    wanted = {sql.split()[2] for sql in triggers.statements()}
    for name in auditing.missing_triggers(record.connection, wanted):
        yield Problem("VERIFY-02", "store", f"the guard {name} has been taken away")


def _seals(record: Record) -> Iterator[Problem]:
    for row in record.frozen:
        if row["seal"] != sealed(row["previous_seal"] or "", row["content"] or ""):
            yield Problem("VERIFY-03", _name(row), "the content or its seal has been changed")


def _stored_rows(record: Record) -> Iterator[Problem]:
    """Compare every row of a frozen document with what was sealed."""
    by_document = {
        table.name: record.of(table, "id" if table is t.documents else "document")
        for table in issuing.SEALED_TABLES
    }
    for row in record.frozen:
        try:
            expected = snapshots.sealed_rows(row["content"])
        except ValueError:
            yield Problem("VERIFY-04", _name(row), "the sealed content cannot be read")
            continue
        for table, grouped in by_document.items():
            there = [one for one in grouped.get(row["id"], ()) if not one.get("event")]
            found = [issuing.sealable(one) for one in there]
            yield from _differences(_name(row), table, expected.get(table, []), found)


def _differences(
    where: str, table: str, expected: list[RawRow], found: list[RawRow]
) -> Iterator[Problem]:
    if len(expected) != len(found):
        message = f"{table} has {len(found)} rows; {len(expected)} were sealed"
        yield Problem("VERIFY-05", where, message)
        return
    for was, now in _changed(expected, found):
        names = [name for name in was.keys() | now.keys() if was.get(name) != now.get(name)]
        for name in sorted(names):
            message = f"{table}.{name} is {now.get(name)}; {was.get(name)} was sealed"
            yield Problem("VERIFY-05", where, message)


def _changed(expected: list[RawRow], found: list[RawRow]) -> Iterator[tuple[RawRow, RawRow]]:
    """Pair the rows that are sealed but not there with those that are there but not sealed."""
    sealed_rows = {canonical(row): row for row in expected}
    there = {canonical(row): row for row in found}
    missing = [row for text, row in sealed_rows.items() if text not in there]
    strange = [row for text, row in there.items() if text not in sealed_rows]
    return zip(missing, strange, strict=False)


def _numbers(record: Record) -> Iterator[Problem]:
    """Check each series: no gap, no double, dates in order, each seal upon the one before."""
    taken = {row["number"]: row["taken_by"] for row in record.rows(t.numbers)}
    by_series: dict[tuple[Any, Any], list[RawRow]] = {}
    for row in record.frozen:
        by_series.setdefault((row["kind"], row["year"]), []).append(row)
        if row["number"] not in taken:
            yield Problem("VERIFY-06", _name(row), "the number is not in the list of numbers")
        elif taken[row["number"]] != f"{row['kind']} {row['id']}":
            message = f"the list of numbers gives it to {taken[row['number']]}"
            yield Problem("VERIFY-06", _name(row), message)
    known = {(row["kind"], row["year"]): row for row in record.rows(t.series)}
    for key, documents in by_series.items():
        documents.sort(key=lambda row: row["seq"] or 0)
        if key not in known:
            yield Problem("VERIFY-06", _name(documents[0]), "its number series is missing")
    for key, series in known.items():
        yield from _series(series, by_series.get(key, []))
    opening = {row["number"] for row in record.rows(t.open_invoices)}
    used = {row["number"] for row in record.rows(t.documents)} | opening
    for number in sorted(taken.keys() - used):
        yield Problem("VERIFY-06", number, "the number is taken, but there is no document")


def _series(series: RawRow, documents: list[RawRow]) -> Iterator[Problem]:
    where = f"series {series['kind']} {series['year'] or ''}".strip()
    expected = list(range(series["first_seq"], series["next_seq"]))
    found = [row["seq"] for row in documents]
    if found != expected:
        yield Problem("VERIFY-07", where, f"numbers {found} are there; {expected} were given out")
    for before, row in pairwise([None, *documents]):
        assert row is not None
        if row["previous_seal"] != (before["seal"] if before else ""):
            yield Problem("VERIFY-08", _name(row), "it is not chained to the document before it")
        if before and row["issue_date"] < before["issue_date"]:
            yield Problem("VERIFY-09", _name(row), "it is dated before the number before it")
    last = documents[-1] if documents else None
    if series["head"] != (last["seal"] if last else ""):
        yield Problem("VERIFY-08", where, "the last seal is not the last document's")
    if last and series["last_issue_date"] != last["issue_date"]:
        yield Problem("VERIFY-09", where, "the last issue date is not the last document's")


def _sums(record: Record) -> Iterator[Problem]:
    """Recompute lines, allocation, tax and totals."""
    lines, taxes = record.of(t.document_lines, "document"), record.of(t.document_taxes, "document")
    shares = record.of(t.document_entries, "document")
    for row in record.rows(t.documents):
        money, own = row["currency"], lines.get(row["id"], [])
        allocated: Counter[int] = Counter()
        for share in shares.get(row["id"], []):
            allocated[share["line"]] += share["amount"]
        for line in own:
            yield from _line(_name(row), line, money, allocated[line["line"]])
        tax = sum(one["amount"] for one in taxes.get(row["id"], []))
        subtotal = sum(line["amount"] for line in own)
        if (row["subtotal"], row["tax"], row["total"]) != (subtotal, tax, subtotal + tax):
            yield Problem(
                "VERIFY-10", _name(row), "its totals are not the sums of its lines and tax"
            )
        for one in taxes.get(row["id"], []):
            yield from _tax(_name(row), one, own, money)


def _line(where: str, line: RawRow, money: str, allocated: int) -> Iterator[Problem]:
    quantity = unscaled(line["quantity"], QUANTITY_PLACES)
    exact = quantity * unscaled(line["unit_price"], RATE_PLACES)
    if in_minor(rounded(exact, money), money) != line["amount"]:
        yield Problem("VERIFY-10", where, f"line {line['line']} is not quantity x unit price")
    if allocated != line["amount"]:
        yield Problem("VERIFY-10", where, f"line {line['line']} is not the sum of its entries")


def _tax(where: str, tax: RawRow, lines: list[RawRow], money: str) -> Iterator[Problem]:
    own = [
        line["amount"]
        for line in lines
        if (line["tax_code"], line["tax_percent"]) == (tax["code"], tax["percent"])
    ]
    percent = unscaled(tax["percent"], PERCENT_PLACES)
    due = in_minor(rounded(from_minor(sum(own), money) * percent / 100, money), money)
    if (tax["base"], tax["amount"]) != (sum(own), due):
        yield Problem("VERIFY-10", where, f"the tax of {tax['code']} is not that of its lines")


def _chains(record: Record) -> Iterator[Problem]:
    """Check the events and the audit log, each hashed over its predecessor."""
    heads = {row["name"]: row for row in record.rows(t.chains)}
    for table in (t.events, t.audit_log):
        head, rows = "", record.rows(table)
        for at, row in enumerate(rows, start=1):
            own = {name: row[name] for name in row if name != "hash"}
            if row["id"] != at or row["hash"] != sealed(head, canonical(_set(own))):
                message = "a row has been changed, or the one before it is missing"
                yield Problem("VERIFY-11", f"{table.name} {row['id']}", message)
            head = row["hash"]
        known = heads.get(table.name, {"length": 0, "head": ""})
        if (known["length"], known["head"]) != (len(rows), head):
            message = f"it has {len(rows)} rows; {known['length']} were written"
            yield Problem("VERIFY-11", table.name, message)


def _set(row: RawRow) -> RawRow:
    return {name: value for name, value in row.items() if value is not None}


_AFTER = {"issued": {"draft"}, "sent": {"issued"}, "void": {"issued", "sent"}}


def _statuses(record: Record) -> Iterator[Problem]:
    """Derive each status from the events, and check that the steps were allowed."""
    events = record.of(t.events, "document")
    for row in record.rows(t.documents):
        status = "draft"
        for event in events.get(row["id"], []):
            if event["kind"] not in _AFTER:
                continue
            if status not in _AFTER[event["kind"]]:
                message = f"event {event['id']}: {event['kind']} cannot follow {status}"
                yield Problem("VERIFY-12", _name(row), message)
            status = event["kind"]
        if status != row["status"]:
            yield Problem(
                "VERIFY-12", _name(row), f"it is {row['status']}; its events say {status}"
            )


def _claims(record: Record) -> Iterator[Problem]:
    """Check that every billed entry is claimed by its live document, and no other is."""
    claimed = {row["entry"]: row["document"] for row in record.rows(t.claims)}
    status = {row["id"]: row for row in record.rows(t.documents)}
    listed = set()
    for share in record.rows(t.document_entries):
        document = status.get(share["document"])
        if document is None or document["status"] == "void":
            continue
        listed.add((share["entry"], share["document"]))
        if claimed.get(share["entry"]) != share["document"]:
            message = f"entry {share['entry']} is billed on it, but not claimed by it"
            yield Problem("VERIFY-13", _name(document), message)
    for entry, number in claimed.items():
        if (entry, number) not in listed:
            message = f"it is claimed by document {number}, which does not bill it"
            yield Problem("VERIFY-13", f"entry {entry}", message)


def _entries(record: Record) -> Iterator[Problem]:
    """Check what has become of each entry, and that billed ones are what was billed."""
    outcomes = {row["entry"]: row["outcome"] for row in _by_run(record)}
    claimed = {row["entry"]: row["document"] for row in record.rows(t.claims)}
    billed = _sealed_entries(record)
    for row in record.rows(t.entries):
        where, written_off = f"entry {row['id']}", row["state"] == "written_off"
        if written_off != (outcomes.get(row["id"]) == "write_off"):
            message = f"its state is {row['state']}; its last run says {outcomes.get(row['id'])}"
            yield Problem("VERIFY-14", where, message)
        if row["id"] not in claimed:
            continue
        if row["state"] != "open" or row["status"] != "approved" or not row["billable"]:
            message = f"it is billed, but {row['state']}, {row['status']}"
            message += "" if row["billable"] else ", not billable"
            yield Problem("VERIFY-14", where, message)
        was = billed.get((row["id"], claimed[row["id"]]))
        for name in _changed_facts(row, was) if was else ():
            yield Problem("VERIFY-14", where, f"its {name} is not the one that was billed")


def _by_run(record: Record) -> list[RawRow]:
    return sorted(record.rows(t.run_entries), key=lambda row: int(row["run"]))


def _sealed_entries(record: Record) -> dict[tuple[str, int], RawRow]:
    """Return what every document sealed of its entries, by entry and document."""
    found = {}
    for document in record.frozen:
        printed = auditing.parsed(document["content"]).get("printed", {})
        for one in printed.get("billed", []):
            found[one["entry"], document["id"]] = one
    return found


_FACTS = ("date", "project", "task", "kind", "person", "item", "description", "unit")


def _changed_facts(row: RawRow, was: RawRow) -> list[str]:
    changed = [name for name in _FACTS if (row[name] or None) != (was[name] or None)]
    if unscaled(row["billable_quantity"], QUANTITY_PLACES) != Decimal(was["quantity"]):
        changed.append("billable_quantity")
    own = row["bill_rate"]
    if own is not None and unscaled(own, RATE_PLACES) != Decimal(was["rate"]):
        changed.append("bill_rate")
    return changed


def _draw_downs(record: Record) -> Iterator[Problem]:
    """Check what voids gave back, and that no blocked order is overdrawn."""
    returned = record.of(t.draw_downs, "event")
    known = {event["id"] for event in record.rows(t.events)}
    for row in record.rows(t.draw_downs):
        if row["event"] is not None and row["event"] not in known:
            yield Problem("VERIFY-15", f"draw-down {row['id']}", "its event is missing")
    for event in record.rows(t.events):
        detail = auditing.parsed(event["detail"])
        there = returned.get(event["id"], [])
        found = [{name: row[name] for name in ("id", "frame_order", "drawn")} for row in there]
        dated = all(
            (row["date"], row["document"]) == (event["date"], event["document"]) for row in there
        )
        if detail.get("returned", []) != found or not dated:
            yield Problem("VERIFY-15", f"events {event['id']}", "what it gave back does not agree")
    used: Counter[str] = Counter()
    for row in record.rows(t.draw_downs):
        used[row["frame_order"]] += row["drawn"]
    for order in record.rows(t.frame_orders):
        over = order["billed_before"] + used[order["number"]] - order["total"]
        if order["overrun"] == "block" and over > 0:
            yield Problem("VERIFY-16", f"frame order {order['number']}", "it is overdrawn")


def _runs(record: Record) -> Iterator[Problem]:
    """Compare each run, and what it did with each entry, with its digest in the audit log."""
    entries = record.of(t.run_entries, "run")
    digests = {}
    for row in record.rows(t.audit_log):
        after = auditing.parsed(row["after"])
        if row["action"] == "issue" and "run" in after:
            digests[after["run"]] = after.get("digest")
    for run in record.rows(t.runs):
        rows = [_set(row) for row in entries.get(run["id"], [])]
        if runs.run_digest(_set(run), rows) != digests.pop(run["id"], None):
            yield Problem("VERIFY-17", f"run {run['id']}", "it is not what the audit log noted")
    for missing in sorted(digests):
        yield Problem("VERIFY-17", f"run {missing}", "it is in the audit log, but not there")


def _blobs(record: Record) -> Iterator[Problem]:
    for row in record.rows(t.blobs):
        if hashlib.sha256(row["content"]).hexdigest() != row["sha256"]:
            yield Problem("VERIFY-18", f"logo {row['sha256'][:8]}", "its bytes have been changed")


CHECKS: tuple[Callable[[Record], Iterator[Problem]], ...] = (
    _file,
    _seals,
    _stored_rows,
    _numbers,
    _sums,
    _chains,
    _statuses,
    _claims,
    _entries,
    _draw_downs,
    _runs,
    _blobs,
)
