"""Whether closed months hold: in order, their WIP and roll-forward as closed, nothing added since."""

from collections.abc import Iterator
from typing import Any, TypeAlias

from sqlalchemy import Table

from timix_xl.billing.close import line_figures
from timix_xl.billing.record import Problem, Record
from timix_xl.billing.roll_forward import rolled
from timix_xl.billing.wip import Traced, traced_without_prices
from timix_xl.domain.periods import ServicePeriod, days_of_month, month_of, months_between
from timix_xl.store import auditing, closings
from timix_xl.store import tables as t
from timix_xl.store.auditing import RawRow
from timix_xl.store.closings import Closing

Stay: TypeAlias = tuple[RawRow, RawRow | None]
"""A close, and the reopening that ended it."""

_DATED = (
    (t.events, "date"),
    (t.entry_events, "date"),
    (t.draw_downs, "date"),
    (t.runs, "issue_date"),
)


def stored_wip(record: Record) -> Iterator[Problem]:
    """Compare the WIP that was stored at each close with its digest."""
    rows, known = record.grouped(t.closing_entries, "closing"), set()
    for closing in record.rows(t.closings):
        figures = auditing.parsed(closing["figures"])
        there = rows.of(closing["id"])
        known.add(closing["id"])
        wanted = figures.get("digest", closings.wip_digest([]))
        if closings.wip_digest(there) != wanted:
            where = f"month {closing['month']}"
            yield Problem("VERIFY-30", where, "the WIP that was stored has been changed")
    named = {row["closing"] for row in record.each(t.closing_entries, names=())}
    for strange in sorted(named - known):
        yield Problem("VERIFY-30", f"closing_entries {strange}", "there is no such close")


def order(record: Record) -> Iterator[Problem]:
    """Check that months were closed one after the other, and only the last one opened again."""
    closed: list[str] = []
    for row in record.rows(t.closings):
        month, period = row["month"], days_of_month(row["month"])
        if row["kind"] == "reopen":
            fits = closed[-1:] == [month]
            closed = closed[:-1] if fits else closed
        else:
            fits = not closed or _follows(month, closed[-1])
            closed.append(month)
        if not fits or period is None or period.last.isoformat() != row["until"]:
            message = f"it cannot be {row['kind']}d after {', '.join(closed[-1:]) or 'nothing'}"
            yield Problem("VERIFY-31", f"closings {row['id']}", message)


def _follows(month: str, last: str) -> bool:
    before, after = days_of_month(last), days_of_month(month)
    if before is None or after is None:
        return False
    return [month_of(one.first) for one in months_between(before.first, after.first)] == [
        last,
        month,
    ]


def nothing_since(record: Record) -> Iterator[Problem]:
    """Check that nothing written while a month was closed is dated in it or before."""
    rows = record.rows(t.closings)
    stays = [
        (row, next((one for one in rows[at + 1 :] if _opens(one, row)), None))
        for at, row in enumerate(rows)
        if row["kind"] == "close"
    ]
    found: dict[int, list[Problem]] = {closed["id"]: [] for closed, _ in stays}
    for table, column in _DATED if stays else ():
        for closed, problem in _written_between(record, table, column, stays):
            found[closed].append(problem)
    for problems in found.values():
        yield from problems


def _opens(later: RawRow, row: RawRow) -> bool:
    return (later["kind"], later["month"]) == ("reopen", row["month"])


def _written_between(
    record: Record, table: Table, column: str, stays: list[Stay]
) -> Iterator[tuple[int, Problem]]:
    """Yield, by close, the rows of a table that were written while it stood, and dated before."""
    name = table.name
    spans = [
        (closed, _upto(closed).get(name, 0), _upto(opened).get(name) if opened else None)
        for closed, opened in stays
    ]
    latest = max(closed["until"] for closed, _ in stays)
    for row in record.each(table, names=(column,)):
        day, place = row[column], row["id"]
        if day > latest:
            continue
        for closed, first, last in spans:
            if day <= closed["until"] and first < place and (last is None or place <= last):
                message = f"it is dated {day}, but {closed['month']} was closed then"
                yield closed["id"], Problem("VERIFY-32", f"{name} {place}", message)


def _upto(closing: RawRow) -> RawRow:
    """Return how far each table had come; what is no place is none, and its chain names it."""
    found = auditing.parsed(closing["figures"]).get("upto")
    places = found.items() if isinstance(found, dict) else ()
    return {name: place for name, place in places if isinstance(place, int)}


def histories(record: Record) -> Iterator[Problem]:
    """Check that every entry is where its history ends, and that closed months still roll so."""
    if record.unsound:
        return  # what cannot be read has been named already
    standing = list(closings.standing_closings(record.connection).values())
    found = traced_without_prices(record.connection)
    for one in found:
        if not one.history.holds:
            message = "it is not where its approval, runs and documents say"
            yield Problem("VERIFY-34", f"entry {one.worked.entry}", message)
    for closing in standing:
        yield from _rolled_as_closed(record, closing, found)


def _rolled_as_closed(record: Record, closing: Closing, found: list[Traced]) -> Iterator[Problem]:
    period = days_of_month(closing.month)
    if period is None:
        return
    now = _by_customer(record, closing, period, found)
    then = {line["customer"]: line for line in _lines(closing)}
    for customer in sorted(now.keys() | then.keys()):
        if now.get(customer) != then.get(customer):
            message = f"the roll-forward of {customer} is not the one that was closed"
            yield Problem("VERIFY-33", f"month {closing.month}", message)


def _lines(closing: Closing) -> list[RawRow]:
    """Return the lines that were closed; what is none is no customer's, and its chain names it."""
    found = closing.figures.get("lines")
    lines = found if isinstance(found, list) else []
    return [
        line for line in lines if isinstance(line, dict) and isinstance(line.get("customer"), str)
    ]


def _by_customer(
    record: Record, closing: Closing, period: ServicePeriod, found: list[Traced]
) -> dict[str, Any]:
    made = rolled(record.connection, closing.month, period, found)
    return {line.customer: line_figures(line) for line in made.lines}
