"""What documents bill by project, task and account group, and the entries behind the cost."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Select, and_, func, or_, select, tuple_

from timix_xl.domain.entries import ApprovalStatus, Entry, EntryState, Kind
from timix_xl.domain.invoices import Status
from timix_xl.domain.limits import Share
from timix_xl.domain.money import allocate, from_minor, total
from timix_xl.domain.pro_formas import ProFormaState
from timix_xl.store import tables as t


@dataclass(frozen=True, slots=True)
class BilledShare:
    """What a document bills of one task and account group; below zero on a credit note.

    `document` is the invoice where the document is a credit note of one. `is_open` says that it
    is a draft, or a pro forma that is not closed.
    """

    document: int
    is_open: bool
    share: Share


def billed_shares(
    connection: Connection,
    *,
    customer: str | None = None,
    projects: Collection[str] | None = None,
) -> list[BilledShare]:
    """Return what documents bill, of one customer, of some projects, or of all; three statements.

    Void invoices bill nothing, and neither do their credit notes: they come to zero together. A
    closed pro forma bills nothing, its invoice does. Goodwill falls on what its line billed.
    """
    wanted = (customer, projects)
    lines = _by_line(connection, *wanted)
    found = []
    for row in connection.execute(_of(_of_bare_lines(), *wanted)):
        whole = _share(row)
        spread = _spread(whole, lines.get((row.corrects, row.of_line), []), row.currency)
        found += [_billed(row, one) for one in spread]
    entries = connection.execute(_of(_of_entries(), *wanted))
    return [*(_billed(row, _share(row)) for row in entries), *found]


def _billed(row: Any, share: Share) -> BilledShare:
    is_open = row.status is Status.DRAFT
    return BilledShare(document=row.corrects or row.id, is_open=is_open, share=share)


def _share(row: Any) -> Share:
    amount = from_minor(row.amount, row.currency)
    return Share(row.project, row.task, row.account_group, amount)


def _spread(whole: Share, over: list[Share], currency: str) -> list[Share]:
    """Spread goodwill over what the entries of its line have, by size."""
    size = total(abs(one.amount) for one in over)
    if not size:
        return [whole]
    by_place = {str(at): whole.amount * abs(one.amount) / size for at, one in enumerate(over)}
    amounts = allocate(whole.amount, by_place, currency)
    return [replace(one, amount=amounts[str(at)]) for at, one in enumerate(over)]


_HEAD, _LINE, _ENTRY = t.documents.c, t.document_lines.c, t.entries.c
_SHARE = t.document_entries.c
_CORRECTED = t.documents.alias("corrected")
_COUNTED = and_(
    _HEAD.status != Status.VOID,
    or_(_CORRECTED.c.id.is_(None), _CORRECTED.c.status != Status.VOID),
    or_(t.pro_formas.c.document.is_(None), t.pro_formas.c.state != ProFormaState.CLOSED),
)
_KEYS = (_HEAD.id, _HEAD.status, _HEAD.corrects, _HEAD.currency)
_PLACE = (_ENTRY.project, _ENTRY.task, _ENTRY.account_group)
_IS_BARE = tuple_(_LINE.document, _LINE.line).not_in(select(_SHARE.document, _SHARE.line))


def _of_entries() -> Select[Any]:
    """Select what the entries on a document have of its lines."""
    return (
        select(*_KEYS, *_PLACE, func.sum(_SHARE.amount).label("amount"))
        .select_from(
            t.document_entries.join(t.documents, _HEAD.id == _SHARE.document)
            .join(t.entries, _ENTRY.id == _SHARE.entry)
            .outerjoin(_CORRECTED, _CORRECTED.c.id == _HEAD.corrects)
            .outerjoin(t.pro_formas, t.pro_formas.c.document == _HEAD.id)
        )
        .where(_COUNTED)
        .group_by(*_KEYS, *_PLACE)
        .order_by(_HEAD.id, *_PLACE)
    )


def _of_bare_lines() -> Select[Any]:
    """Select lines without an entry: made by hand, or goodwill."""
    place = (_LINE.project, _LINE.task, _LINE.account_group)
    return (
        select(*_KEYS, *place, _LINE.of_line, _LINE.amount)
        .select_from(
            t.document_lines.join(t.documents, _HEAD.id == _LINE.document)
            .outerjoin(_CORRECTED, _CORRECTED.c.id == _HEAD.corrects)
            .outerjoin(t.pro_formas, t.pro_formas.c.document == _HEAD.id)
        )
        .where(_COUNTED, _IS_BARE)
        .order_by(_HEAD.id, _LINE.line)
    )


def _by_line(connection: Connection, *wanted: Any) -> dict[tuple[int, int], list[Share]]:
    """Return what entries have of the lines of which a note takes money without an entry."""
    corrected = (
        select(_HEAD.corrects, _LINE.of_line)
        .join_from(t.documents, t.document_lines, _LINE.document == _HEAD.id)
        .where(_HEAD.corrects.is_not(None), _LINE.of_line.is_not(None), _IS_BARE)
    )
    query = (
        select(_SHARE.line, *_KEYS, *_PLACE, func.sum(_SHARE.amount).label("amount"))
        .select_from(
            t.document_entries.join(t.documents, _HEAD.id == _SHARE.document).join(
                t.entries, _ENTRY.id == _SHARE.entry
            )
        )
        .where(tuple_(_SHARE.document, _SHARE.line).in_(corrected))
        .group_by(_SHARE.line, *_KEYS, *_PLACE)
        .order_by(_HEAD.id, _SHARE.line, *_PLACE)
    )
    found: dict[tuple[int, int], list[Share]] = defaultdict(list)
    for row in connection.execute(_of(query, *wanted)):
        found[row.id, row.line].append(_share(row))
    return found


def _of(query: Select[Any], customer: str | None, projects: Collection[str] | None) -> Select[Any]:
    if customer is not None:
        query = query.where(_HEAD.customer == customer)
    if projects is not None:
        query = query.where(query.selected_columns["project"].in_(sorted(projects)))
    return query


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision of a pro forma, and the invoice that it was released into."""

    number: str
    revision: int
    document: int
    released_to: int | None


def revisions(connection: Connection, projects: Collection[str]) -> list[Revision]:
    """Return the pro formas of some projects, the revisions of a number in their order."""
    own = t.pro_formas.c
    query = (
        select(own.number, own.revision, own.document, own.released_to)
        .where(own.project.in_(sorted(projects)))
        .order_by(own.number, own.revision)
    )
    return [Revision(*row) for row in connection.execute(query)]


def account_groups(connection: Connection, projects: Collection[str]) -> dict[str, str]:
    """Return the account groups of the entries of some projects, by entry."""
    query = select(_ENTRY.id, _ENTRY.account_group).where(_ENTRY.project.in_(sorted(projects)))
    return {row.id: row.account_group for row in connection.execute(query)}


def approved_entries(
    connection: Connection, currency: str, *, customer: str | None = None
) -> list[Entry]:
    """Return the approved work of every billing type, billed or not; parts stand for their whole.

    Remainders are among it, and reversals not. Entries come with what their cost depends on.
    `currency` is the company's: the one of cost amounts.
    """
    query = (
        select(*(_ENTRY[name] for name in _COSTED))
        .join(t.projects, t.projects.c.code == _ENTRY.project)
        .where(_ENTRY.status == ApprovalStatus.APPROVED, _ENTRY.kind != Kind.REVERSAL)
        .where(_ENTRY.state.not_in([EntryState.SPLIT, EntryState.CANCELLED]))
        .order_by(_ENTRY.project, _ENTRY.id)
    )
    if customer:
        query = query.where(t.projects.c.customer == customer)
    return [_entry(dict(row), currency) for row in connection.execute(query).mappings()]


_COSTED = (
    *("id", "date", "project", "task", "kind", "account_group", "person"),
    *("quantity", "billable_quantity", "unit", "unit_cost", "cost_amount", "currency"),
)


def _entry(facts: dict[str, Any], currency: str) -> Entry:
    if facts["cost_amount"] is not None:
        facts["cost_amount"] = from_minor(facts["cost_amount"], currency)
    return Entry(**facts)
