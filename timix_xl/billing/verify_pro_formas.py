"""Whether pro formas hold: their numbers, their revisions, and what they were released into."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from timix_xl.billing.pro_forma import DELETE
from timix_xl.billing.record import Problem, Record, listed
from timix_xl.domain.numbering import SeriesPattern
from timix_xl.domain.settings import BillingSettings
from timix_xl.store import auditing
from timix_xl.store import tables as t
from timix_xl.store.auditing import RawRow


def documents(record: Record) -> Iterator[Problem]:
    """Check that each pro forma is a document of its kind, and each such document a pro forma."""
    known = {row["id"]: row for row in record.documents}
    own_lines = auditing.around_pro_formas(t.document_lines)
    lines = record.grouped(t.document_lines, "document", ("project",), where=own_lines)
    for row in record.rows(t.pro_formas):
        projects = {line["project"] for line in lines.of(row["document"])}
        own = known.get(row["document"])
        if own is None or own["kind"] != "pro_forma":
            yield Problem("VERIFY-35", _name(row), "it has no document of its kind")
        elif projects - {row["project"]}:
            yield Problem("VERIFY-35", _name(row), "its lines are not of its project")
    for own in known.values():
        if own["kind"] == "pro_forma" and own["id"] not in record.pro_formas:
            yield Problem("VERIFY-35", record.name(own), "it has no number of a pro forma")


def numbers(record: Record) -> Iterator[Problem]:
    """Check each series: no double, and no gap but those of deleted pro formas."""
    first = {row["number"]: row for row in record.rows(t.pro_formas) if row["revision"] == 1}
    deleted = _deleted(record)
    taken = {
        number: taken_by
        for number, taken_by in record.numbers.items()
        if taken_by.startswith("pro_forma ")
    }
    for number, row in first.items():
        if taken.get(number) != f"pro_forma {row['document']}":
            yield Problem("VERIFY-36", number, "the list of numbers does not give it to it")
    for number in sorted(taken.keys() - first.keys() - deleted):
        message = "the number is taken, but there is no pro forma, and nobody deleted one"
        yield Problem("VERIFY-36", number, message)
    by_year: dict[Any, list[RawRow]] = {}
    for row in first.values():
        by_year.setdefault(row["year"], []).append(row)
    series = {row["year"]: row for row in record.rows(t.series) if row["kind"] == "pro_forma"}
    for year in sorted(by_year.keys() - series.keys()):
        yield Problem("VERIFY-36", f"series pro_forma {year}", "the number series is missing")
    patterns = _patterns(record)
    for year, one in series.items():
        gone = deleted & taken.keys() - first.keys()
        yield from _series(one, by_year.get(year, []), gone, patterns)


def _deleted(record: Record) -> set[str]:
    """Return the numbers of deleted pro formas, as the audit log has them."""
    return {
        row["object"]
        for row in record.each(t.audit_log, where=auditing.does(DELETE))
        if auditing.parsed(row["before"]).get("revision") == 1
    }


def _patterns(record: Record) -> list[SeriesPattern]:
    """Return the patterns that numbers were made by: today's, and those that the log knows."""
    name = "pro_forma_number"
    told = [row[name] for row in record.rows(t.settings)]
    for row in record.each(t.audit_log, names=("before", "after")):
        sides = (auditing.parsed(row[side]) for side in ("before", "after") if name in row[side])
        told += [side[name] for side in sides if isinstance(side.get(name), str)]
    return [BillingSettings().pro_forma_number, *map(SeriesPattern, told)]


def _series(
    series: RawRow, rows: list[RawRow], gone: set[str], patterns: list[SeriesPattern]
) -> Iterator[Problem]:
    where = f"series pro_forma {series['year'] or ''}".strip()
    expected = set(range(series["first_seq"], series["next_seq"]))
    found = sorted(row["seq"] for row in rows)
    missing = sorted(expected.difference(found))

    def made(seq: int) -> set[str]:
        return {one.number(year=series["year"], seq=seq) for one in patterns}

    lost = [seq for seq in missing if not made(seq) & gone]
    times = Counter(found)
    strange = [seq for seq in found if seq not in expected or times[seq] > 1]
    if lost or strange:
        wrong = listed(lost or strange)
        message = f"numbers {listed(found)} are there, {wrong} are missing or too many"
        yield Problem("VERIFY-36", where, message)
    for row in rows:
        if row["number"] not in made(row["seq"]):
            yield Problem("VERIFY-36", row["number"], f"its place in the series is {row['seq']}")
    if series["head"] or series["last_issue_date"]:
        yield Problem("VERIFY-36", where, "pro formas are not chained, and have no issue date")


def revisions(record: Record) -> Iterator[Problem]:
    """Check that revisions follow one another, and that only the last one is not released."""
    by_number: dict[str, list[RawRow]] = {}
    for row in record.rows(t.pro_formas):
        by_number.setdefault(row["number"], []).append(row)
    for rows in by_number.values():
        rows.sort(key=lambda row: int(row["revision"]))
        if [row["revision"] for row in rows] != list(range(1, len(rows) + 1)):
            yield Problem("VERIFY-37", rows[0]["number"], "a revision is missing")
        for before, row in pairwise(rows):
            same = ("project", "year", "seq")
            if before["state"] != "closed":
                yield Problem("VERIFY-37", _name(before), "it is revised, but not released")
            if any(before[name] != row[name] for name in same):
                yield Problem("VERIFY-37", _name(row), "it is not of the pro forma that it revises")


def releases(record: Record) -> Iterator[Problem]:
    """Check what each closed pro forma was released into, and that nothing else was."""
    known = {row["id"]: row for row in record.documents}
    billed: dict[Any, set[tuple[str, int]]] = {}
    shown = auditing.around_pro_formas(t.document_entries)
    for share in record.each(t.document_entries, names=("amount",), where=shown):
        billed.setdefault(share["document"], set()).add((share["entry"], share["amount"]))
    seen: set[Any] = set()
    for row in record.rows(t.pro_formas):
        made, own = known.get(row["released_to"]), known.get(row["document"])
        if (row["state"] == "closed") != (row["released_to"] is not None):
            message = f"it is {row['state'].replace('_', ' ')}; what it was released into says else"
            yield Problem("VERIFY-38", _name(row), message)
        if row["released_to"] is None or own is None:
            continue
        why = "is not there" if made is None else _unlike(made, own)
        if made and billed.get(made["id"]) != billed.get(own["id"]):
            why = why or "does not bill what it shows"
        if row["released_to"] in seen:
            why = "was made from another pro forma too"
        seen.add(row["released_to"])
        if why:
            yield Problem("VERIFY-38", _name(row), f"what it was released into {why}")


def _unlike(made: RawRow, own: RawRow) -> str:
    """Say in what a document is not the one that a pro forma was released into."""
    is_note = made["kind"] == "credit_note" and made["corrects"] is None
    if made["kind"] != "invoice" and not is_note:
        return "is no invoice"
    if made["status"] == "void":
        return "is void"
    if any(made[name] != own[name] for name in ("customer", "currency", "location")):
        return "is not of its customer, currency and location"
    return ""


def _name(row: RawRow) -> str:
    return f"{row['number']} (revision {row['revision']})"
