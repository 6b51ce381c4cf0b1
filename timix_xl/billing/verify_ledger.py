"""Whether the ledger around the documents holds: chains, claims, entries, orders, runs."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal

from timix_xl.billing.record import FACTS, Billed, Dossier, Problem, Record, name_of
from timix_xl.domain.money import (
    QUANTITY_PLACES,
    RATE_PLACES,
    unscaled,
)
from timix_xl.domain.seal import canonical, sealed
from timix_xl.store import auditing, runs, sealing
from timix_xl.store import tables as t
from timix_xl.store.auditing import RawRow
from timix_xl.store.kinds import kind_of


def file(record: Record) -> Iterator[Problem]:
    """Ask the database whether its file is whole and its guards are there."""
    kind = kind_of(record.connection)
    for message in kind.database_problems(record.connection):
        yield Problem("VERIFY-01", "store", message)
    for name in kind.missing_guards(record.connection):
        yield Problem("VERIFY-02", "store", f"the guard {name} has been taken away")
    if not sealing.identity(record.connection):
        yield Problem("VERIFY-01", "store", "its id has been taken away (store_id in meta)")


def chains(record: Record) -> Iterator[Problem]:
    """Check what is chained: each row is hashed over its predecessor."""
    heads = {row["name"]: row for row in record.rows(t.chains)}
    for table in t.CHAINED:
        head, length = "", 0
        for length, row in enumerate(record.each(table), start=1):
            own = _set(row)
            del own["hash"]
            if row["id"] != length or row["hash"] != sealed(head, canonical(own)):
                message = "a row has been changed, or the one before it is missing"
                yield Problem("VERIFY-11", f"{table.name} {row['id']}", message)
            head = row["hash"]
        known = heads.get(table.name, {"length": 0, "head": ""})
        if (known["length"], known["head"]) != (length, head):
            message = f"it has {length} rows; {known['length']} were written"
            yield Problem("VERIFY-11", table.name, message)


def _set(row: RawRow) -> RawRow:
    return {name: value for name, value in row.items() if value is not None}


_AFTER = {"issued": {"draft"}, "sent": {"issued"}, "void": {"issued", "sent"}}


def statuses(_: Record, one: Dossier) -> Iterator[Problem]:
    """Derive a status from the events, and check that the steps were allowed."""
    row, status = one.head, "draft"
    for event in one.events:
        if event["kind"] not in _AFTER:
            continue
        if status not in _AFTER[event["kind"]]:
            message = f"event {event['id']}: {event['kind']} cannot follow {status}"
            yield Problem("VERIFY-12", name_of(row), message)
        status = event["kind"]
    if status != row["status"]:
        yield Problem("VERIFY-12", name_of(row), f"it is {row['status']}; its events say {status}")


def claims(record: Record, one: Dossier) -> Iterator[Problem]:
    """Check that every entry on a live document is claimed by it."""
    if not _claims(one.head):
        return
    for share in one.shares:
        if (share["entry"], share["document"]) in record.credited:
            continue  # it was let go; whoever claims it now is checked by that document
        if not record.may_claim(share):
            continue  # a pro forma that was released, or a revision that rests on its invoice
        if record.claimed.get(share["entry"]) == share["document"]:
            record.unlisted.discard(share["entry"])
        else:
            message = f"entry {share['entry']} is billed on it, but not claimed by it"
            yield Problem("VERIFY-13", one.name, message)


def strange_claims(record: Record) -> Iterator[Problem]:
    """Check that no entry is claimed by a document that does not bill it."""
    for entry in sorted(record.unlisted):
        message = f"it is claimed by document {record.claimed[entry]}, which does not bill it"
        yield Problem("VERIFY-13", f"entry {entry}", message)


def _claims(document: RawRow) -> bool:
    """Whether a document is of a kind, and in a state, that claims what it bills."""
    takes_back = document["kind"] == "credit_note" and document["corrects"] is not None
    return not takes_back and document["status"] != "void"


_OF_ENTRY = ("state", "status", "billable", "billable_quantity", "bill_rate", *FACTS)


def entries(record: Record) -> Iterator[Problem]:
    """Check what has become of each entry, and that billed ones are what was billed."""
    written_off = _written_off(record)
    for row in record.each(t.entries, names=_OF_ENTRY):
        where, times = f"entry {row['id']}", written_off[row["id"]]
        if times != (row["state"] == "written_off"):
            says = {0: "not written off", 1: "written off"}.get(times, f"written off {times} times")
            message = f"its state is {row['state']}; its runs, credits and restores say {says}"
            yield Problem("VERIFY-14", where, message)
        if row["id"] not in record.claimed:
            continue
        was = record.billed.get(row["id"])
        # What is not billable stands on a document as information only, whatever a pro forma raised.
        is_free = was and not any(map(Decimal, (was.own_quantity, was.exact_amount)))
        may_be = bool(row["billable"] or is_free)
        if row["state"] != "open" or row["status"] != "approved" or not may_be:
            message = f"it is billed, but {row['state']}, {row['status']}"
            message += "" if may_be else ", not billable"
            yield Problem("VERIFY-14", where, message)
        for name in _changed_facts(row, was) if was else ():
            yield Problem("VERIFY-14", where, f"its {name} is not the one that was billed")


def _written_off(record: Record) -> Counter[str]:
    """Count by entry the write-offs of runs and credit notes that nobody has restored."""
    runs_ = record.each(t.run_entries, names=(), where=auditing.writes_off())
    counted = Counter(row["entry"] for row in runs_)
    for (entry, _), taken in record.credited.items():
        counted[entry] += taken["becomes"] == "write_off"
    counted.subtract(row["entry"] for row in record.each(t.entry_events, names=("entry",)))
    return counted


_SHARED = ("quantity", "billable_quantity", "cost_amount")


def parts(record: Record) -> Iterator[Problem]:
    """Check that split entries, and no others, have parts, and that these share them whole."""
    by_whole: dict[str, list[RawRow]] = defaultdict(list)
    for part in record.each(t.entries, names=("part_of", *_SHARED), where=auditing.is_part()):
        by_whole[part["part_of"]].append(part)
    for row in record.each(t.entries, names=("state", *_SHARED), where=auditing.is_whole()):
        own = by_whole.get(row["id"], ())
        if bool(own) != (row["state"] == "split"):
            message = f"its state is {row['state']}; it has {len(own)} parts"
            yield Problem("VERIFY-14", f"entry {row['id']}", message)
        for name in _SHARED if own else ():
            if sum(part[name] or 0 for part in own) != (row[name] or 0):
                message = f"its parts do not share its {name} without loss"
                yield Problem("VERIFY-14", f"entry {row['id']}", message)


def _changed_facts(row: RawRow, was: Billed) -> list[str]:
    """Name what of an entry is not as it was billed; a rule's quantity and price are its own."""
    facts = zip(FACTS, was.facts, strict=True)
    changed = [name for name, fact in facts if (row[name] or None) != (fact or None)]
    if was.step is not None or not row["billable"]:
        return changed
    if unscaled(row["billable_quantity"], QUANTITY_PLACES) != Decimal(was.own_quantity):
        changed.append("billable_quantity")
    own = row["bill_rate"]
    if own is not None and unscaled(own, RATE_PLACES) != Decimal(was.rate):
        changed.append("bill_rate")
    return changed


def draw_downs(record: Record) -> Iterator[Problem]:
    """Check what voids gave back, and that no blocked order is overdrawn."""
    returned = record.of(t.draw_downs, "event")
    told = list(record.each(t.events, where=auditing.gives_back()))
    known = {event["id"] for event in told}
    for row in record.rows(t.draw_downs):
        if row["event"] is not None and row["event"] not in known:
            yield Problem("VERIFY-15", f"draw-down {row['id']}", "its event is missing")
    for event in told:
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
    entries = record.grouped(t.run_entries, "run")
    digests = {}
    for note in record.each(t.audit_log, names=("after",)):
        after = auditing.parsed(note["after"]) if "digest" in note["after"] else {}
        if "digest" in after and "run" in after:
            digests[str(after["run"])] = after["digest"]
    for run in record.each(t.runs):
        rows = [_set(row) for row in entries.of(run["id"])]
        if runs.run_digest(_set(run), rows) != digests.pop(str(run["id"]), None):
            yield Problem("VERIFY-17", f"run {run['id']}", "it is not what the audit log noted")
    for missing in sorted(digests, key=lambda run: (len(run), run)):
        yield Problem("VERIFY-17", f"run {missing}", "it is in the audit log, but not there")


def blobs(record: Record) -> Iterator[Problem]:
    """Check that stored logos are what they were."""
    for row in record.rows(t.blobs):
        if hashlib.sha256(row["content"]).hexdigest() != row["sha256"]:
            yield Problem("VERIFY-18", f"logo {row['sha256'][:8]}", "its bytes have been changed")
