"""Parts of entries: written when a run splits an entry, never joined again."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from timix_xl.domain.entries import Entry, EntryState
from timix_xl.domain.money import in_minor
from timix_xl.store import tables as t
from timix_xl.store.chained import Actor


def slashed_ids(connection: Connection) -> set[str]:
    """Return the ids that look like those of parts, whoever gave them."""
    query = select(t.entries.c.id).where(t.entries.c.id.contains("/", autoescape=True))
    return set(connection.execute(query).scalars())


def wholes(
    connection: Connection, customer: str | None, project: str | None = None
) -> dict[str, str]:
    """Return by part the entry that it is a part of."""
    query = select(t.entries.c.id, t.entries.c.part_of).where(t.entries.c.part_of.is_not(None))
    if customer:
        query = query.join(t.projects, t.projects.c.code == t.entries.c.project).where(
            t.projects.c.customer == customer
        )
    if project:
        query = query.where(t.entries.c.project == project)
    return {row.id: row.part_of for row in connection.execute(query)}


def save_parts(
    connection: Connection, parts: Sequence[Entry], cost_currency: str, actor: Actor
) -> None:
    """Write the parts of entries; the entries themselves stay as they came, in state split.

    The decisions saved for them are used up.
    """
    if not parts:
        return
    gone = [{"gone": entry} for entry in dict.fromkeys(part.part_of for part in parts)]
    split = update(t.entries).where(t.entries.c.id == bindparam("gone"))
    connection.execute(split.values(state=EntryState.SPLIT), gone)
    connection.execute(insert(t.entries), [_row(part, cost_currency) for part in parts])
    used = update(t.decisions).where(t.decisions.c.entry == bindparam("gone"))
    values = {"decision": None, "bill_quantity": None, "rest": None, "reason": ""}
    who = {"decided_by": actor.user, "decided_at": actor.stamp}
    connection.execute(used.values(**values, **who, version=t.decisions.c.version + 1), gone)


def _row(part: Entry, cost_currency: str) -> dict[str, Any]:
    row = {field.name: getattr(part, field.name) for field in fields(part)}
    cost = part.cost_amount
    return row | {"cost_amount": None if cost is None else in_minor(cost, cost_currency)}
