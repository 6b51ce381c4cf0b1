"""Whether the ledger around the documents holds: chains, claims, entries, orders, runs."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from timix_xl.billing.record import Problem, Record, name_of
from timix_xl.domain.money import (
    QUANTITY_PLACES,
    RATE_PLACES,
    unscaled,
)
from timix_xl.domain.seal import canonical, sealed
from timix_xl.store import auditing, runs, triggers
from timix_xl.store import tables as t
from timix_xl.store.auditing import RawRow


def file(record: Record) -> Iterator[Problem]:
    """Ask the database whether its file is whole and its guards are there."""
    for message in auditing.database_problems(record.connection):
        yield Problem("VERIFY-01", "store", message)
    wanted = {sql.split()[2] for sql in triggers.statements()}
    for name in auditing.missing_triggers(record.connection, wanted):
        yield Problem("VERIFY-02", "store", f"the guard {name} has been taken away")


def chains(record: Record) -> Iterator[Problem]:
    """Check what is chained: each row is hashed over its predecessor."""
    heads = {row["name"]: row for row in record.rows(t.chains)}
    for table in t.CHAINED:
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


def statuses(record: Record) -> Iterator[Problem]:
    """Derive each status from the events, and check that the steps were allowed."""
    events = record.of(t.events, "document")
    for row in record.rows(t.documents):
        status = "draft"
        for event in events.get(row["id"], []):
            if event["kind"] not in _AFTER:
                continue
            if status not in _AFTER[event["kind"]]:
                message = f"event {event['id']}: {event['kind']} cannot follow {status}"
                yield Problem("VERIFY-12", name_of(row), message)
            status = event["kind"]
        if status != row["status"]:
            yield Problem(
                "VERIFY-12", name_of(row), f"it is {row['status']}; its events say {status}"
            )


def claims(record: Record) -> Iterator[Problem]:
    """Check that every billed entry is claimed by its live document, and no other is."""
    claimed = {row["entry"]: row["document"] for row in record.rows(t.claims)}
    status = {row["id"]: row for row in record.rows(t.documents)}
    listed = set()
    for share in record.rows(t.document_entries):
        document = status.get(share["document"])
        if document is None or not _claims(document):
            continue
        if (share["entry"], share["document"]) in record.credited:
            continue  # it was let go; whoever claims it now is checked by that document
        if not record.may_claim(share):
            continue  # a pro forma that was released, or a revision that rests on its invoice
        listed.add((share["entry"], share["document"]))
        if claimed.get(share["entry"]) != share["document"]:
            message = f"entry {share['entry']} is billed on it, but not claimed by it"
            yield Problem("VERIFY-13", record.name(document), message)
    for entry, number in claimed.items():
        if (entry, number) not in listed:
            message = f"it is claimed by document {number}, which does not bill it"
            yield Problem("VERIFY-13", f"entry {entry}", message)


def _claims(document: RawRow) -> bool:
    """Whether a document is of a kind, and in a state, that claims what it bills."""
    takes_back = document["kind"] == "credit_note" and document["corrects"] is not None
    return not takes_back and document["status"] != "void"


def entries(record: Record) -> Iterator[Problem]:
    """Check what has become of each entry, and that billed ones are what was billed."""
    written_off = _written_off(record)
    claimed = {row["entry"]: row["document"] for row in record.rows(t.claims)}
    billed = _sealed_entries(record)
    for row in record.rows(t.entries):
        where, times = f"entry {row['id']}", written_off[row["id"]]
        if times != (row["state"] == "written_off"):
            says = {0: "not written off", 1: "written off"}.get(times, f"written off {times} times")
            message = f"its state is {row['state']}; its runs, credits and restores say {says}"
            yield Problem("VERIFY-14", where, message)
        if row["id"] not in claimed:
            continue
        was = billed.get((row["id"], claimed[row["id"]]))
        # What is not billable stands on a document as information only, whatever a pro forma raised.
        is_free = was and not any(map(Decimal, (_own_quantity(was), was["exact_amount"])))
        may_be = bool(row["billable"] or is_free)
        if row["state"] != "open" or row["status"] != "approved" or not may_be:
            message = f"it is billed, but {row['state']}, {row['status']}"
            message += "" if may_be else ", not billable"
            yield Problem("VERIFY-14", where, message)
        for name in _changed_facts(row, was) if was else ():
            yield Problem("VERIFY-14", where, f"its {name} is not the one that was billed")


def _written_off(record: Record) -> Counter[str]:
    """Count by entry the write-offs of runs and credit notes that nobody has restored."""
    counted = Counter(row["entry"] for row in record.rows(t.run_entries) if _is_write_off(row))
    for (entry, _), taken in record.credited.items():
        counted[entry] += taken["becomes"] == "write_off"
    counted.subtract(row["entry"] for row in record.rows(t.entry_events))
    return counted


def _is_write_off(row: RawRow) -> bool:
    return bool(row["outcome"] == "write_off")


def _sealed_entries(record: Record) -> dict[tuple[str, int], RawRow]:
    """Return what every document sealed of its entries, by entry and document.

    "step" is that of its line: there a rule has made the quantity and the price.
    """
    found = {}
    for document in record.kept:
        printed = auditing.parsed(document["content"]).get("printed", {})
        steps = {line["line"]: line.get("step") for line in printed.get("lines", [])}
        for one in printed.get("billed", []):
            found[one["entry"], document["id"]] = one | {"step": steps.get(one["line"])}
    return found


def _own_quantity(was: RawRow) -> str:
    """Return what the rule made of an entry, whatever of it is printed."""
    own = was.get("own_quantity")
    return str(was["quantity"] if own is None else own)


_SHARED = ("quantity", "billable_quantity", "cost_amount")


def parts(record: Record) -> Iterator[Problem]:
    """Check that split entries, and no others, have parts, and that these share them whole."""
    by_whole = record.of(t.entries, "part_of")
    for row in record.rows(t.entries):
        own = by_whole.get(row["id"], [])
        if bool(own) != (row["state"] == "split"):
            message = f"its state is {row['state']}; it has {len(own)} parts"
            yield Problem("VERIFY-14", f"entry {row['id']}", message)
        for name in _SHARED if own else ():
            if sum(part[name] or 0 for part in own) != (row[name] or 0):
                message = f"its parts do not share its {name} without loss"
                yield Problem("VERIFY-14", f"entry {row['id']}", message)


_FACTS = ("date", "project", "task", "kind", "person", "item", "description", "unit")


def _changed_facts(row: RawRow, was: RawRow) -> list[str]:
    """Name what of an entry is not as it was billed; a rule's quantity and price are its own."""
    changed = [name for name in _FACTS if (row[name] or None) != (was[name] or None)]
    if was["step"] is not None or not row["billable"]:
        return changed
    if unscaled(row["billable_quantity"], QUANTITY_PLACES) != Decimal(_own_quantity(was)):
        changed.append("billable_quantity")
    own = row["bill_rate"]
    if own is not None and unscaled(own, RATE_PLACES) != Decimal(was["rate"]):
        changed.append("bill_rate")
    return changed


def draw_downs(record: Record) -> Iterator[Problem]:
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


def committed_runs(record: Record) -> Iterator[Problem]:
    """Compare each run, and what it did with each entry, with its digest in the audit log."""
    entries = record.of(t.run_entries, "run")
    digests = {}
    for row in record.rows(t.audit_log):
        after = auditing.parsed(row["after"])
        if "digest" in after and "run" in after:
            digests[after["run"]] = after["digest"]
    for run in record.rows(t.runs):
        rows = [_set(row) for row in entries.get(run["id"], [])]
        if runs.run_digest(_set(run), rows) != digests.pop(run["id"], None):
            yield Problem("VERIFY-17", f"run {run['id']}", "it is not what the audit log noted")
    for missing in sorted(digests):
        yield Problem("VERIFY-17", f"run {missing}", "it is in the audit log, but not there")


def blobs(record: Record) -> Iterator[Problem]:
    """Check that stored logos are what they were."""
    for row in record.rows(t.blobs):
        if hashlib.sha256(row["content"]).hexdigest() != row["sha256"]:
            yield Problem("VERIFY-18", f"logo {row['sha256'][:8]}", "its bytes have been changed")
