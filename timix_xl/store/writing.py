"""Bulk writes of the use cases; their statements do not grow with the number of entries."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    Connection,
    Table,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    type_coerce,
    update,
)

from timix_xl.domain.entries import Decision, EntryState, Kind, SavedDecision
from timix_xl.domain.frame_orders import HOURS
from timix_xl.domain.invoices import Document, DocumentKind, Line, Status
from timix_xl.domain.money import QUANTITY_PLACES, ZERO, from_minor, in_minor, scaled, total
from timix_xl.domain.numbering import SeriesPattern
from timix_xl.domain.seal import canonical, sealed
from timix_xl.domain.settings import BillingSettings
from timix_xl.store import snapshots
from timix_xl.store import tables as t
from timix_xl.store.chained import Actor, append
from timix_xl.store.documents import EventKind


@dataclass(frozen=True, slots=True)
class RunEntry:
    """What a committed run did with an entry."""

    entry: str
    outcome: Decision
    hours: Decimal
    amount: Decimal
    reason: str


def save_decisions(connection: Connection, decisions: Sequence[SavedDecision]) -> None:
    """Save decisions, each with its new version."""
    if not decisions:
        return
    names = [column.name for column in t.decisions.columns]
    rows = [{name: getattr(one, name) for name in names} for one in decisions]
    connection.execute(
        delete(t.decisions).where(t.decisions.c.entry == bindparam("gone")),
        [{"gone": one.entry} for one in decisions],
    )
    connection.execute(insert(t.decisions), rows)


def save_run(
    connection: Connection,
    facts: Mapping[str, Any],
    entries: Iterable[RunEntry],
    actor: Actor,
) -> tuple[int, str]:
    """Note a committed run and what it did with each entry; returns its id and its digest.

    The decisions that the run used are consumed, written-off entries leave the pool, and the
    digest goes into the audit log, so that nobody rewrites a run.
    """
    run = _next_id(connection, t.runs)
    head = {"id": run, "by": actor.user, "at": actor.stamp, **facts}
    rows = [_run_entry(run, one, facts["currency"]) for one in entries]
    connection.execute(insert(t.runs), [head])
    connection.execute(insert(t.run_entries), rows)
    written_off = [row["entry"] for row in rows if row["outcome"] is Decision.WRITE_OFF]
    _write_off(connection, written_off)
    _consume_decisions(connection, run, actor)
    _keep_reasons(connection, rows, actor)
    return run, run_digest(
        snapshots.raw_row(t.runs, head), [snapshots.raw_row(t.run_entries, row) for row in rows]
    )


def _write_off(connection: Connection, ids: Sequence[str]) -> None:
    if ids:
        gone = update(t.entries).where(t.entries.c.id == bindparam("gone"))
        connection.execute(
            gone.values(state=EntryState.WRITTEN_OFF), [{"gone": entry} for entry in ids]
        )


def _run_entry(run: int, one: RunEntry, currency: str) -> dict[str, Any]:
    return {
        "run": run,
        "entry": one.entry,
        "outcome": one.outcome,
        "hours": one.hours,
        "amount": in_minor(one.amount, currency),
        "reason": one.reason,
    }


def run_digest(run: Mapping[str, Any], entries: Iterable[Mapping[str, Any]]) -> str:
    """Fingerprint a run with its entries, as stored."""
    rows = sorted((dict(row) for row in entries), key=lambda row: str(row["entry"]))
    return hashlib.sha256(canonical([dict(run), *rows]).encode()).hexdigest()


def _consume_decisions(connection: Connection, run: int, actor: Actor) -> None:
    """Take back the decisions that a run used; the reason of a deferral is kept."""
    used = select(t.run_entries.c.entry).where(t.run_entries.c.run == run)
    kept = used.where(t.run_entries.c.outcome == Decision.DEFER)
    consumed = {
        "decision": None,
        "bill_quantity": None,
        "rest": None,
        "version": t.decisions.c.version + 1,
        "decided_by": actor.user,
        "decided_at": actor.stamp,
    }
    of_run = update(t.decisions).where(t.decisions.c.entry.in_(used))
    connection.execute(of_run.values(**consumed))
    connection.execute(of_run.where(t.decisions.c.entry.not_in(kept)).values(reason=""))


def _keep_reasons(connection: Connection, rows: Sequence[Mapping[str, Any]], actor: Actor) -> None:
    """Keep the reasons of deferrals that a sheet gave and nobody had saved before."""
    reasons = {
        row["entry"]: row["reason"]
        for row in rows
        if row["outcome"] is Decision.DEFER and row["reason"]
    }
    if not reasons:
        return
    of_run = t.run_entries.c.run == rows[0]["run"]
    there = select(t.decisions.c.entry, t.decisions.c.version).where(
        t.decisions.c.entry.in_(select(t.run_entries.c.entry).where(of_run))
    )
    versions = {row.entry: row.version for row in connection.execute(there)}
    save_decisions(
        connection,
        [
            SavedDecision(
                entry=entry,
                decision=None,
                version=versions.get(entry, 1),
                reason=reason,
                decided_by=actor.user,
                decided_at=actor.stamp,
            )
            for entry, reason in reasons.items()
        ],
    )


def save_drafts(
    connection: Connection, documents: Sequence[Document], run: int, actor: Actor
) -> list[int]:
    """Write documents as drafts that claim their entries; returns their ids."""
    if not documents:
        return []
    first = _next_id(connection, t.documents)
    first_draw = _next_id(connection, t.draw_downs)
    ids = list(range(first, first + len(documents)))
    rows: dict[Table, list[dict[str, Any]]] = {}
    for at, (number, document) in enumerate(zip(ids, documents, strict=True)):
        for table, some in document_rows(document, number, run, actor, first_draw + at).items():
            rows.setdefault(table, []).extend(some)
    # What gives back comes first: the run is judged by its sum, the guard judges row by row.
    rows[t.draw_downs].sort(key=lambda row: int(row["drawn"]))
    for table, some in rows.items():
        if some:
            connection.execute(insert(table), some)
    claims = [
        {"entry": row["entry"], "document": row["document"]} for row in rows[t.document_entries]
    ]
    connection.execute(insert(t.claims), claims)
    return ids


def document_rows(
    document: Document, number: int, run: int, actor: Actor, draw_down: int
) -> dict[Table, list[dict[str, Any]]]:
    """Return the rows of a draft by table, parents first."""
    money = document.currency
    return {
        t.documents: [_head(document, number, run, actor)],
        t.document_lines: [_line(number, line, money) for line in document.lines],
        t.document_entries: [
            {
                "document": number,
                "entry": billed.entry,
                "line": billed.line,
                "quantity": billed.quantity,
                "rate": billed.rate,
                "amount": in_minor(billed.amount, money),
                "exact_amount": in_minor(billed.exact_amount, money),
            }
            for billed in document.billed
        ],
        t.document_taxes: [
            {
                "document": number,
                "code": tax.code,
                "percent": tax.percent,
                "category": tax.category,
                "base": in_minor(tax.base, money),
                "amount": in_minor(tax.amount, money),
                "note": tax.note,
            }
            for tax in document.tax
        ],
        t.draw_downs: [
            {
                "id": draw_down,
                "document": number,
                "frame_order": draw.frame_order,
                "drawn": order_units(draw.drawn, draw.unit),
                "date": document.issue_date,
            }
            for draw in [document.draw_down]
            if draw
        ],
    }


def _head(document: Document, number: int, run: int, actor: Actor) -> dict[str, Any]:
    money = document.currency
    return {
        "id": number,
        "kind": document.kind,
        "customer": document.customer,
        "location": document.location,
        "currency": money,
        "billing_date": document.billing_date,
        "issue_date": document.issue_date,
        "due_date": document.due_date,
        "frame_order": document.draw_down.frame_order if document.draw_down else None,
        "hours": document.hours,
        "subtotal": in_minor(document.subtotal, money),
        "tax": in_minor(total(tax.amount for tax in document.tax), money),
        "total": in_minor(document.total, money),
        "run": run,
        "made_by": actor.user,
        "made_at": actor.stamp,
        "status": Status.DRAFT,
        "content": "",
    }


def _line(number: int, line: Line, money: str) -> dict[str, Any]:
    names = (
        *("line", "project", "task", "item", "person", "description", "kind", "quantity"),
        *("unit", "unit_price", "tax_code", "tax_percent", "date"),
    )
    values = {name: getattr(line, name) for name in names}
    return {"document": number, **values, "amount": in_minor(line.amount, money)}


def order_units(number: Decimal, unit: str) -> int:
    """Turn hours or money of a frame order into what is stored."""
    return scaled(number, QUANTITY_PLACES) if unit == HOURS else in_minor(number, unit)


def last_issue_date(
    connection: Connection, kind: DocumentKind, settings: BillingSettings, year: int
) -> dt.date | None:
    """Return the date of the last number of a series; issue dates never run backwards in it."""
    row = _series(connection, kind, series_year(kind, settings, year))
    return row.last_issue_date if row else None


def series_pattern(kind: DocumentKind, settings: BillingSettings) -> SeriesPattern:
    """Return the pattern that makes the numbers of this kind of document."""
    return {
        DocumentKind.INVOICE: settings.invoice_number,
        DocumentKind.CREDIT_NOTE: settings.credit_note_number,
        DocumentKind.PRO_FORMA: settings.pro_forma_number,
    }[kind]


def series_year(kind: DocumentKind, settings: BillingSettings, year: int) -> int:
    """Return the year of the series; 0 where the pattern has none."""
    return year if series_pattern(kind, settings).yearly else 0


def next_number(
    connection: Connection, kind: DocumentKind, settings: BillingSettings, year: int
) -> tuple[str, str | None]:
    """Return the number that comes next, and who has taken it already, if anybody."""
    place = series_year(kind, settings, year)
    row = _series(connection, kind, place)
    seq = row.next_seq if row else 1
    number = series_pattern(kind, settings).number(year=year, seq=seq)
    taken = select(t.numbers.c.taken_by).where(t.numbers.c.number == number)
    return number, connection.execute(taken).scalar_one_or_none()


def _series(connection: Connection, kind: DocumentKind, year: int) -> Any:
    wanted = select(t.series).where(t.series.c.kind == kind, t.series.c.year == year)
    return connection.execute(wanted).one_or_none()


def issue_draft(
    connection: Connection, number: int, document: Document, settings: BillingSettings, actor: Actor
) -> Document:
    """Give a draft its number, seal it and freeze it; returns it as issued."""
    kind, year = document.kind, document.issue_date.year
    place = series_year(kind, settings, year)
    series = _series(connection, kind, place)
    if series is None:
        start = {"kind": kind, "year": place, "next_seq": 1, "first_seq": 1, "head": ""}
        connection.execute(insert(t.series), [start])
        series = _series(connection, kind, place)
    text = series_pattern(kind, settings).number(year=year, seq=series.next_seq)
    issued = replace(document, number=text)
    named = {"number": text, "year": place, "seq": series.next_seq}
    content = snapshots.content(issued, _stored_rows(connection, number, named))
    seal = sealed(series.head, content)
    connection.execute(insert(t.numbers), [{"number": text, "taken_by": f"{kind.value} {number}"}])
    connection.execute(
        update(t.documents)
        .where(t.documents.c.id == number)
        .values(
            **named, status=Status.ISSUED, content=content, previous_seal=series.head, seal=seal
        )
    )
    connection.execute(
        update(t.series)
        .where(t.series.c.kind == kind, t.series.c.year == place)
        .values(next_seq=series.next_seq + 1, last_issue_date=document.issue_date, head=seal)
    )
    save_event(connection, number, EventKind.ISSUED, document.issue_date, actor)
    return issued


SEALED_TABLES = (t.documents, t.document_lines, t.document_entries, t.document_taxes, t.draw_downs)


def _stored_rows(
    connection: Connection, number: int, named: Mapping[str, Any]
) -> dict[str, list[dict[str, Any]]]:
    """Read a draft's rows back as the database keeps them: the seal covers what is stored."""
    stored = {}
    for table in SEALED_TABLES:
        column = table.c.id if table is t.documents else table.c.document
        query = snapshots.select_raw(table).where(column == number).order_by(*table.primary_key)
        stored[table.name] = [sealable(dict(row)) for row in connection.execute(query).mappings()]
    stored["documents"][0].update(named)
    return stored


def sealable(row: Mapping[str, Any]) -> dict[str, Any]:
    """Drop what a seal does not cover, and what is not set."""
    unsealed = snapshots.UNSEALED
    return {name: row[name] for name in row if name not in unsealed and row[name] is not None}


def save_event(
    connection: Connection,
    document: int,
    kind: EventKind,
    date: dt.date,
    actor: Actor,
    *,
    amount: int | None = None,
    reference: str = "",
    reason: str = "",
    detail: Any = None,
) -> int:
    """Append an event of a document; `amount` in minor units. Returns its id."""
    row = {
        "document": document,
        "kind": kind.value,
        "date": date,
        "amount": amount,
        "reference": reference,
        "reason": reason,
        "detail": canonical(detail) if detail is not None else "",
        "by": actor.user,
        "at": actor.stamp,
    }
    return append(connection, t.events, [row])[0]


def set_status(connection: Connection, document: int, status: Status) -> None:
    """Move a document along; the database refuses a step that the transition table lacks."""
    connection.execute(
        update(t.documents).where(t.documents.c.id == document).values(status=status)
    )


def release(connection: Connection, document: int) -> None:
    """Let go of a document's entries."""
    connection.execute(delete(t.claims).where(t.claims.c.document == document))


def returns_of(connection: Connection, document: int) -> list[dict[str, Any]]:
    """Return the rows that would give back what a document drew."""
    query = select(t.draw_downs.c.frame_order, t.draw_downs.c.drawn).where(
        t.draw_downs.c.document == document, t.draw_downs.c.event.is_(None)
    )
    first = _next_id(connection, t.draw_downs)
    return [
        {"id": first + at, "frame_order": row.frame_order, "drawn": -row.drawn}
        for at, row in enumerate(connection.execute(query))
    ]


def give_back(
    connection: Connection,
    document: int,
    returns: Sequence[Mapping[str, Any]],
    *,
    event: int,
    date: dt.date,
) -> None:
    """Return a document's draw to its frame orders."""
    rows = [{**row, "document": document, "date": date, "event": event} for row in returns]
    if rows:
        connection.execute(insert(t.draw_downs), rows)


def billed_to(connection: Connection, projects: Sequence[str], billing_date: dt.date) -> None:
    """Move the projects' last billing date on; it never moves back."""
    last = t.projects.c.last_billing_date
    connection.execute(
        update(t.projects)
        .where(t.projects.c.code == bindparam("billed"))
        .where((last.is_(None)) | (last < billing_date))
        .values(last_billing_date=billing_date),
        [{"billed": project} for project in projects],
    )


def first_result(connection: Connection, request: str) -> tuple[str, Any] | None:
    """Return the fingerprint and the result of a request that was done before."""
    row = connection.execute(select(t.requests).where(t.requests.c.id == request)).one_or_none()
    return (row.fingerprint, json.loads(row.result)) if row else None


def save_request(
    connection: Connection, request: str, action: str, fingerprint: str, result: Any
) -> None:
    """Remember a request's result, for a retry."""
    row = {
        "id": request,
        "action": action,
        "fingerprint": fingerprint,
        "result": canonical(result),
    }
    connection.execute(insert(t.requests), [row])


def written_by(
    connection: Connection, run: int, currency: str
) -> dict[str, tuple[Decimal, Decimal]]:
    """Read back (hours, money) of what a run wrote: "lines", and entries by their new state."""
    joined = t.document_lines.join(t.documents, t.documents.c.id == t.document_lines.c.document)
    hours = case((t.document_lines.c.kind == Kind.TIME, t.document_lines.c.quantity), else_=0)
    lines = (
        select(
            literal("lines"),
            type_coerce(func.sum(hours), t.QUANTITY),
            func.sum(t.document_lines.c.amount),
        )
        .select_from(joined)
        .where(t.documents.c.run == run)
    )
    outcome = t.run_entries.c.outcome
    entries = (
        select(outcome, func.sum(t.run_entries.c.hours), func.sum(t.run_entries.c.amount))
        .select_from(
            t.run_entries.join(t.entries, t.entries.c.id == t.run_entries.c.entry)
            .outerjoin(t.claims, t.claims.c.entry == t.entries.c.id)
            .outerjoin(t.documents, t.documents.c.id == t.claims.c.document)
        )
        .where(t.run_entries.c.run == run)
        .where(
            or_(
                and_(outcome == Decision.BILL, t.documents.c.run == run),
                and_(outcome == Decision.WRITE_OFF, t.entries.c.state == EntryState.WRITTEN_OFF),
                and_(
                    outcome == Decision.DEFER,
                    t.entries.c.state == EntryState.OPEN,
                    t.claims.c.entry.is_(None),
                ),
            )
        )
        .group_by(outcome)
    )
    rows = [*connection.execute(lines), *connection.execute(entries)]
    return {str(row[0]): (row[1] or ZERO, from_minor(row[2] or 0, currency)) for row in rows}


def _next_id(connection: Connection, table: Table) -> int:
    """Return the next id of a table: safe, because only one connection writes at a time."""
    return int(connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()) + 1
