"""Histories of entries: when each came to be unbilled work, and when it left, from events."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Connection, Select, and_, case, func, or_, select

from timix_xl.domain.entries import ApprovalStatus, Decision, EntryEventKind, EntryState, Kind
from timix_xl.domain.histories import Moment, approved, by_turns
from timix_xl.domain.invoices import Becomes, DocumentKind, Status
from timix_xl.domain.money import from_minor, rounded, total
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
    """Return every entry that has come so far, by customer, date and entry; eight statements."""
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


_HOURS = case((t.entries.c.kind == Kind.TIME, t.document_entries.c.quantity), else_=0)


def _shares(kind: DocumentKind, customer: str | None) -> Select[Any]:
    """Select the entries on issued documents of a kind, with what each of them is worth there."""
    share, head = t.document_entries, t.documents
    query = (
        select(
            *(share.c[name] for name in ("document", "entry", "amount", "exact_amount", "becomes")),
            *(head.c[name] for name in ("issue_date", "currency", "corrects")),
            _HOURS.label("hours"),
        )
        .select_from(
            share.join(head, head.c.id == share.c.document).join(
                t.entries, t.entries.c.id == share.c.entry
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
    """Let parts come with the run that made them, on its issue date; their whole goes then.

    The whole goes at its own worth, by the rate of the part that was billed. (Where that was on a
    draft which was deleted since, nothing tells the rate: at the sum of its parts.)
    """
    parts: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in connection.execute(_made_parts(customer)):
        moments[row.entry].append(_comes(row.issue_date, Flow.ROUNDING, _of_run(row)))
        parts[row.part_of, row.run].append(row)
    for (whole, _), rows in parts.items():
        works = [_of_run(row) for row in rows]
        hours, amount = total(one.hours for one in works), total(one.amount for one in works)
        for row in rows:
            if row.rate is not None:
                amount = rounded(row.whole_quantity * row.rate, row.currency)
        moments[whole].append(_goes(rows[0].issue_date, Flow.ROUNDING, Work(hours, amount)))


def _made_parts(customer: str | None) -> Select[Any]:
    """Select the parts that runs made; one that a file brought was approved like any entry."""
    part, whole = t.entries.c, t.entries.alias("whole")
    shares = select(
        t.document_entries.c.entry, t.document_entries.c.rate, t.documents.c.run
    ).join_from(t.document_entries, t.documents, t.documents.c.id == t.document_entries.c.document)
    billed = shares.where(t.documents.c.kind == DocumentKind.INVOICE).subquery("billed")
    of_run = t.run_entries.c
    return (
        _run_entries(customer)
        .join(t.entries, part.id == of_run.entry)
        .join(whole, whole.c.id == part.part_of)
        .outerjoin(billed, and_(billed.c.entry == of_run.entry, billed.c.run == of_run.run))
        .where(part.wip_from == t.runs.c.issue_date, of_run.run == _first_run())
        .add_columns(part.part_of, billed.c.rate, whole.c.billable_quantity.label("whole_quantity"))
    )


def _first_run() -> Any:
    """Select the first run that an entry was in."""
    earlier = t.run_entries.alias("earlier")
    return (
        select(func.min(earlier.c.run))
        .where(earlier.c.entry == t.run_entries.c.entry)
        .scalar_subquery()
    )


def _restore(connection: Connection, moments: Moments) -> None:
    """Bring entries back at the worth with which they were written off last."""
    query = (
        select(t.entry_events.c.entry, t.entry_events.c.date)
        .where(t.entry_events.c.kind == EntryEventKind.RESTORED)
        .order_by(t.entry_events.c.id)
    )
    for entry, date in connection.execute(query):
        lost = [
            one
            for one in moments.get(entry, ())
            if one.flow is Flow.WRITTEN_OFF and one.date <= date
        ]
        if lost:
            last = max(lost, key=lambda one: one.date)
            moments[entry].append(_comes(date, Flow.RETURNED, last.work or Work()))
