"""Histories of entries: when each came to be unbilled work, and when it left, from events."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Connection, Select, and_, case, or_, select

from timix_xl.domain.entries import ApprovalStatus, Decision, EntryEventKind, EntryState, Kind
from timix_xl.domain.histories import Moment, approved, by_turns
from timix_xl.domain.invoices import Becomes, DocumentKind, Status
from timix_xl.domain.money import from_minor, total
from timix_xl.domain.wip import Flow, Work
from timix_xl.store import tables as t
from timix_xl.store.documents import EventKind

Moments: TypeAlias = dict[str, list[Moment]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """An entry that has been unbilled work at some time, with its moments.

    `is_there` says whether it is unbilled now: open, and on no issued document.
    """

    entry: str
    customer: str
    currency: str
    project: str
    task: str
    person: str | None
    description: str
    date: dt.date
    is_there: bool
    moments: tuple[Moment, ...]


def histories(connection: Connection, customer: str | None = None) -> list[Worked]:
    """Return every entry that has come so far, by customer, date and entry; seven statements."""
    rows = connection.execute(_entries(customer)).mappings().all()
    moments = _billed_and_back(connection, customer)
    _write_off(connection, customer, moments)
    _split(connection, customer, moments)
    _restore(connection, moments)
    return [_worked(dict(row), moments[row["entry"]]) for row in rows]


def _entries(customer: str | None) -> Select[Any]:
    joined = (
        t.entries.join(t.projects, t.projects.c.code == t.entries.c.project)
        .join(t.customers, t.customers.c.code == t.projects.c.customer)
        .outerjoin(t.claims, t.claims.c.entry == t.entries.c.id)
        .outerjoin(t.documents, t.documents.c.id == t.claims.c.document)
    )
    names = ("project", "task", "person", "description", "date", "state", "wip_from")
    query = (
        select(
            t.entries.c.id.label("entry"),
            t.customers.c.code.label("customer"),
            t.customers.c.currency,
            t.documents.c.status.label("held"),
            *(t.entries.c[name] for name in names),
        )
        .select_from(joined)
        .where(
            or_(t.entries.c.wip_from.is_not(None), t.entries.c.status == ApprovalStatus.APPROVED)
        )
        .order_by(t.customers.c.code, t.entries.c.date, t.entries.c.id)
    )
    return query.where(t.customers.c.code == customer) if customer else query


def _worked(row: dict[str, Any], moments: list[Moment]) -> Worked:
    """Add the approval, save for parts that a run made and for wholes that came split."""
    held, state, since = row.pop("held"), row.pop("state"), row.pop("wip_from")
    is_part = any(one.flow is Flow.ROUNDING and one.comes for one in moments)
    came_split = state is EntryState.SPLIT and not moments
    is_there = state is EntryState.OPEN and held in {None, Status.DRAFT}
    first = [] if is_part or came_split or since is None else [approved(since)]
    return Worked(**row, is_there=is_there, moments=by_turns([*first, *moments]))


_HOURS = case((t.document_lines.c.kind == Kind.TIME, t.document_entries.c.quantity), else_=0)
"""By the kind of the line: that of the entry may be another since."""


def _shares(kind: DocumentKind, customer: str | None) -> Select[Any]:
    """Select the entries on issued documents of a kind, with what each of them is worth there."""
    share, head, line = t.document_entries, t.documents, t.document_lines
    query = (
        select(
            *(share.c[name] for name in ("document", "entry", "amount", "exact_amount", "becomes")),
            *(head.c[name] for name in ("issue_date", "currency", "corrects")),
            _HOURS.label("hours"),
        )
        .select_from(
            share.join(head, head.c.id == share.c.document).join(
                line, and_(line.c.document == share.c.document, line.c.line == share.c.line)
            )
        )
        .where(head.c.kind == kind, head.c.status != Status.DRAFT)
        .order_by(share.c.document, share.c.entry)
    )
    return query.where(head.c.customer == customer) if customer else query


def _billed_and_back(connection: Connection, customer: str | None) -> Moments:
    """Follow entries onto invoices, and back: by credit notes, and by voids of the others."""
    moments: Moments = defaultdict(list)
    billed: dict[tuple[int, str], Work] = {}
    on_document: dict[int, list[str]] = defaultdict(list)
    for row in connection.execute(_shares(DocumentKind.INVOICE, customer)):
        moment = _billed(row)
        moments[row.entry].append(moment)
        billed[row.document, row.entry] = moment.work or Work()
        on_document[row.document].append(row.entry)
    credited = set()
    for row in connection.execute(_shares(DocumentKind.CREDIT_NOTE, customer)):
        moments[row.entry] += _credited(row)
        credited.add((row.corrects, row.entry))
    for document, date in connection.execute(_voids()):
        for entry in on_document[document]:
            if (document, entry) not in credited:
                work = billed[document, entry]
                moments[entry].append(_comes(date, Flow.RETURNED, work))
    return moments


def _comes(date: dt.date, flow: Flow, work: Work) -> Moment:
    return Moment(date=date, flow=flow, comes=True, work=work)


def _goes(date: dt.date, flow: Flow, work: Work) -> Moment:
    return Moment(date=date, flow=flow, comes=False, work=work)


def _billed(row: Any) -> Moment:
    exact = from_minor(row.exact_amount, row.currency)
    return Moment(
        date=row.issue_date,
        flow=Flow.BILLED,
        comes=False,
        work=Work(row.hours, exact),
        rounding=from_minor(row.amount, row.currency) - exact,
    )


def _credited(row: Any) -> Iterator[Moment]:
    """Return an entry that a credit note takes back; its amounts there are below zero."""
    work = Work(-row.hours, -from_minor(row.exact_amount, row.currency))
    yield _comes(row.issue_date, Flow.RETURNED, work)
    if row.becomes is Becomes.WRITE_OFF:
        yield _goes(row.issue_date, Flow.WRITTEN_OFF, work)


def _voids() -> Select[Any]:
    return (
        select(t.events.c.document, t.events.c.date)
        .where(t.events.c.kind == EventKind.VOID.value)
        .order_by(t.events.c.id)
    )


def _run_entries(customer: str | None) -> Select[Any]:
    names = ("entry", "run", "hours", "amount")
    query = (
        select(*(t.run_entries.c[name] for name in names), t.runs.c.issue_date, t.runs.c.currency)
        .join_from(t.run_entries, t.runs, t.runs.c.id == t.run_entries.c.run)
        .order_by(t.run_entries.c.run, t.run_entries.c.entry)
    )
    return query.where(t.runs.c.customer == customer) if customer else query


def _of_run(row: Any) -> Work:
    return Work(row.hours, from_minor(row.amount, row.currency))


def _write_off(connection: Connection, customer: str | None, moments: Moments) -> None:
    query = _run_entries(customer).where(t.run_entries.c.outcome == Decision.WRITE_OFF)
    for row in connection.execute(query):
        moments[row.entry].append(_goes(row.issue_date, Flow.WRITTEN_OFF, _of_run(row)))


def _split(connection: Connection, customer: str | None, moments: Moments) -> None:
    """Let parts come with the run that made them, and their whole go at its own worth.

    All on one day: the issue date of that run, or the first day on which one of the parts goes.
    (A draft may be dated ahead, and the part that it leaves be billed before.)
    """
    parts: dict[tuple[int, str], list[Any]] = defaultdict(list)
    for row in connection.execute(_made_parts(customer)):
        parts[row.run, row.part_of].append(row)
    # The latest run comes first: a part that was split again goes when its own parts come.
    for (_, whole), rows in reversed(parts.items()):
        date = min([rows[0].issue_date, *(day for row in rows for day in _days_gone(row, moments))])
        for row in rows:
            moments[row.entry].append(_comes(date, Flow.ROUNDING, _of_run(row)))
        amount = from_minor(rows[0].whole_amount, rows[0].currency)
        worth = Work(total(row.hours for row in rows), amount)
        moments[whole].append(_goes(date, Flow.ROUNDING, worth))


def _days_gone(row: Any, moments: Moments) -> Iterator[dt.date]:
    return (one.date for one in moments[row.entry] if not one.comes)


def _made_parts(customer: str | None) -> Select[Any]:
    """Select the parts that runs made; one that a file brought was approved like any entry."""
    whole = t.run_entries.c.whole_amount
    return (
        _run_entries(customer)
        .join(t.entries, t.entries.c.id == t.run_entries.c.entry)
        .where(whole.is_not(None))
        .add_columns(t.entries.c.part_of, whole)
    )


def _restore(connection: Connection, moments: Moments) -> None:
    """Bring entries back at the worth with which they were written off, by turns.

    A restore may be dated before the run that wrote its entry off: an entry that is written off
    and restored twice comes back first at what it was lost for first, in order of their dates.
    """
    query = (
        select(t.entry_events.c.entry, t.entry_events.c.date)
        .where(t.entry_events.c.kind == EntryEventKind.RESTORED)
        .order_by(t.entry_events.c.date, t.entry_events.c.id)
    )
    restored: dict[str, list[dt.date]] = defaultdict(list)
    for entry, date in connection.execute(query):
        restored[entry].append(date)
    for entry in restored.keys() & moments.keys():
        lost = [one for one in moments[entry] if one.flow is Flow.WRITTEN_OFF]
        lost.sort(key=lambda one: one.date)
        for date, one in zip(restored[entry], lost, strict=False):
            moments[entry].append(_comes(date, Flow.RETURNED, one.work or Work()))
