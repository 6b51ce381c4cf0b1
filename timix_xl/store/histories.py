"""Histories of entries: when each came to be unbilled work, and when it left, from events."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from sqlalchemy import Connection, RowMapping, Select, and_, case, func, or_, select

from timix_xl.domain.entries import ApprovalStatus, Decision, EntryEventKind, EntryState, Kind
from timix_xl.domain.histories import Moment, approved, by_turns
from timix_xl.domain.invoices import Becomes, DocumentKind, LineStatus, Status
from timix_xl.domain.money import ZERO, from_minor, total
from timix_xl.domain.wip import Flow, Work, not_printed
from timix_xl.store import tables as t
from timix_xl.store.documents import EventKind

Moments: TypeAlias = dict[str, list[Moment]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """An entry that has been unbilled work at some time, with its moments.

    `is_there` says whether it is unbilled now: open, and on no issued document; on a draft or a
    pro forma it is. A remainder is an entry like any other; a reversal never is.
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
    _cancel(connection, rows, moments)
    return [_worked(dict(row), moments[row["entry"]]) for row in rows]


def _entries(customer: str | None) -> Select[Any]:
    joined = (
        t.entries.join(t.projects, t.projects.c.code == t.entries.c.project)
        .join(t.customers, t.customers.c.code == t.projects.c.customer)
        .outerjoin(t.claims, t.claims.c.entry == t.entries.c.id)
        .outerjoin(t.documents, t.documents.c.id == t.claims.c.document)
    )
    names = (
        *("project", "task", "person", "description", "date", "state", "wip_from"),
        *_OF_REMAINDERS,
    )
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
            or_(t.entries.c.wip_from.is_not(None), t.entries.c.status == ApprovalStatus.APPROVED),
            t.entries.c.kind != Kind.REVERSAL,
        )
        .order_by(t.customers.c.code, t.entries.c.date, t.entries.c.id)
    )
    return query.where(t.customers.c.code == customer) if customer else query


def _worked(row: dict[str, Any], moments: list[Moment]) -> Worked:
    """Add the approval, save for parts that a run made and for wholes that came split."""
    held, state, since = row.pop("held"), row.pop("state"), row.pop("wip_from")
    face = _face(row)
    is_part = any(one.flow is Flow.ROUNDING and one.comes for one in moments)
    came_split = state is EntryState.SPLIT and not moments
    is_there = state is EntryState.OPEN and held in {None, Status.DRAFT}
    first = [] if is_part or came_split or since is None else [approved(since, face)]
    return Worked(**row, is_there=is_there, moments=by_turns([*first, *moments]))


def _face(row: dict[str, Any]) -> Work | None:
    """Take out what only remainders have; returns the worth of one."""
    kind, face, *_ = (row.pop(name) for name in _OF_REMAINDERS)
    if kind is not Kind.REMAINDER:
        return None
    return Work(ZERO, from_minor(face or 0, row["currency"]))


_OF_REMAINDERS = ("kind", "face_amount", "of_document", "of_line")


def _hours(quantity: Any) -> Any:
    """Select a quantity by the kind of the line: that of the entry may be another since."""
    return case((t.document_lines.c.kind == Kind.TIME, quantity), else_=0)


def _shares(kind: DocumentKind, customer: str | None) -> Select[Any]:
    """Select the entries on issued documents of a kind, with what each of them is worth there."""
    share, head, line = t.document_entries, t.documents, t.document_lines
    amounts = ("amount", "exact_amount", "held", "written_off", "raised")
    own = func.coalesce(share.c.own_quantity, share.c.quantity)
    query = (
        select(
            *(share.c[name] for name in ("document", "entry", *amounts, "becomes")),
            *(head.c[name] for name in ("issue_date", "currency", "corrects")),
            _hours(own).label("hours"),
            _hours(share.c.quantity).label("printed"),
            line.c.quantity,
            *(line.c[name] for name in ("billed_quantity", "status")),
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
    """Follow entries onto invoices, and back: by credit notes, and by voids of the others.

    A credit note that corrects no invoice bills its entries like one.
    """
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
        if row.corrects is None:
            moments[row.entry].append(_billed(row))
            continue
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
    """Return an entry that is billed, with what its line left out of it, or raised."""
    exact, amount, held, written_off, raised = (
        from_minor(number or 0, row.currency)
        for number in (row.exact_amount, row.amount, row.held, row.written_off, row.raised)
    )
    hours_held, hours_written_off, hours_raised = _hours_moved(row)
    return Moment(
        date=row.issue_date,
        flow=Flow.BILLED,
        comes=False,
        work=Work(row.hours, exact),
        rounding=amount + held + written_off - raised - exact,
        held=Work(hours_held, held),
        written_off=Work(hours_written_off, written_off),
        raised=Work(hours_raised, raised),
    )


def _hours_moved(row: Any) -> tuple[Decimal, Decimal, Decimal]:
    """Say how many hours of an entry are held, written off and raised: all go with their line."""
    less = row.hours - row.printed
    if not less:
        return ZERO, ZERO, ZERO
    left_out, _ = not_printed(row.billed_quantity or ZERO, row.quantity)
    if not left_out:
        return ZERO, ZERO, -less
    is_held = row.status is LineStatus.HOLD_REMAINDER
    return (less, ZERO, ZERO) if is_held else (ZERO, less, ZERO)


def _credited(row: Any) -> Iterator[Moment]:
    """Return an entry that a credit note takes back; its amounts there are below zero.

    It comes back whole. If it is written off, what was left out of the invoice stays out: it is
    written off already, or a remainder.
    """
    work = Work(-row.hours, -from_minor(row.exact_amount, row.currency))
    if row.becomes is not Becomes.WRITE_OFF:
        yield _comes(row.issue_date, Flow.RETURNED, work)
        return
    hours_held, hours_written_off, _ = _hours_moved(row)
    left_out = from_minor((row.held or 0) + (row.written_off or 0), row.currency)
    work += Work(hours_held + hours_written_off, left_out)
    yield _comes(row.issue_date, Flow.RETURNED, work)
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


def _cancel(connection: Connection, rows: Sequence[RowMapping], moments: Moments) -> None:
    """Take cancelled remainders away on the day on which their line, or invoice, was taken back.

    They go as returned: what they were held back from has come back whole. If a note had written
    that off, they go the same way with the void.
    """
    gone = [row for row in rows if row["state"] is EntryState.CANCELLED]
    voided: dict[int, dt.date] = {}
    noted: dict[tuple[int, int, Becomes], dt.date] = {}
    if gone:
        voided = {row.document: row.date for row in connection.execute(_voids())}
        for note in connection.execute(_on_notes()):
            noted[note.corrects, note.of_line, note.becomes] = note.day
    for row in gone:
        line = (row["of_document"], row["of_line"])
        is_lost = (*line, Becomes.WRITE_OFF) in noted and (*line, Becomes.BILL) not in noted
        date = noted.get((*line, Becomes.BILL)) or voided.get(row["of_document"])
        if date:
            flow = Flow.WRITTEN_OFF if is_lost else Flow.RETURNED
            moments[row["entry"]].append(_goes(date, flow, _face(dict(row)) or Work()))


def _on_notes() -> Select[Any]:
    """Select the lines of invoices of which credit notes took entries, what became, and when."""
    head, line, share = t.documents.c, t.document_lines.c, t.document_entries.c
    return (
        select(head.corrects, line.of_line, share.becomes, func.min(head.issue_date).label("day"))
        .join_from(t.document_lines, t.documents, line.document == head.id)
        .join(t.document_entries, and_(share.document == line.document, share.line == line.line))
        .where(head.corrects.is_not(None), head.status != Status.DRAFT)
        .group_by(head.corrects, line.of_line, share.becomes)
    )
