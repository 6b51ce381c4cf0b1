"""Committed runs and the decisions that they use."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    Connection,
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
    union,
    update,
)

from timix_xl.domain.entries import Decision, EntryState, Kind, SavedDecision
from timix_xl.domain.money import ZERO, from_minor, in_minor
from timix_xl.domain.seal import canonical
from timix_xl.store import snapshots
from timix_xl.store import tables as t
from timix_xl.store.chained import Actor
from timix_xl.store.ids import next_id


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


@dataclass(frozen=True, slots=True)
class RunEntry:
    """What a committed run did with an entry.

    Of a part that the run made, `whole_amount` is what the entry was worth that it split.
    """

    entry: str
    outcome: Decision
    hours: Decimal
    amount: Decimal
    reason: str
    whole_amount: Decimal | None = None


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
    run = next_id(connection, t.runs)
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
    whole = one.whole_amount
    return {
        "run": run,
        "entry": one.entry,
        "outcome": one.outcome,
        "hours": one.hours,
        "amount": in_minor(one.amount, currency),
        "reason": one.reason,
        "whole_amount": None if whole is None else in_minor(whole, currency),
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


def billed_to(
    connection: Connection, projects: Sequence[str], billing_date: dt.date
) -> dict[str, dt.date | None]:
    """Move the projects' last billing date on; it never moves back.

    Returns what it was for those that it moved.
    """
    code, last = t.projects.c.code, t.projects.c.last_billing_date
    behind = (last.is_(None)) | (last < billing_date)
    found = connection.execute(select(code, last).where(behind))
    wanted = set(projects)
    before = {row.code: row.last_billing_date for row in found if row.code in wanted}
    if before:
        set_last_billing_dates(connection, dict.fromkeys(before, billing_date))
    return before


def last_billing_dates(
    connection: Connection, projects: Sequence[str]
) -> dict[str, dt.date | None]:
    """Return the last billing date of each of these projects."""
    code, last = t.projects.c.code, t.projects.c.last_billing_date
    wanted = set(projects)
    found = connection.execute(select(code, last))
    return {row.code: row.last_billing_date for row in found if row.code in wanted}


def billing_dates(connection: Connection) -> set[tuple[str, dt.date]]:
    """Return the projects with the billing dates up to which documents bill them.

    A pro forma is one even without lines.
    """
    line, head = t.document_lines.c, t.documents.c
    query = select(line.project, head.billing_date).join_from(
        t.document_lines, t.documents, line.document == head.id
    )
    empty = select(t.pro_formas.c.project, head.billing_date).join_from(
        t.pro_formas, t.documents, t.pro_formas.c.document == head.id
    )
    return {(row.project, row.billing_date) for row in connection.execute(union(query, empty))}


def set_last_billing_dates(connection: Connection, days: Mapping[str, dt.date | None]) -> None:
    """Set the last billing date of each of these projects."""
    connection.execute(
        update(t.projects)
        .where(t.projects.c.code == bindparam("billed"))
        .values(last_billing_date=bindparam("day")),
        [{"billed": project, "day": day} for project, day in days.items()],
    )


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
