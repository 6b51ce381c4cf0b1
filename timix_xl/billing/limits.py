"""Limits: what they leave for the lines of a document, beside everything else that is billed."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

from sqlalchemy import Connection

from timix_xl.domain import faults
from timix_xl.domain.books import Books
from timix_xl.domain.invoices import BilledEntry, Document, Line
from timix_xl.domain.limits import Limit, LineLimit, OverLimit, OverRun, Share, judged
from timix_xl.domain.money import ZERO, total, worded
from timix_xl.errors import Fault
from timix_xl.store import figures
from timix_xl.store.figures import BilledShare, Revision

Judged: TypeAlias = list[tuple[Line, LineLimit | None]]
"""The lines of one document."""


def limit_faults(
    connection: Connection,
    documents: Sequence[Document],
    books: Books,
    *,
    leaving_out: Collection[int] = (),
) -> list[Fault]:
    """Name every line that passes a limit; the documents count in their order.

    It is an error or a warning, as the settings say. `leaving_out` are stored documents that do
    not count beside these: they themselves, and what their release will credit. The revision of a
    pro forma, or the invoice made from it, leaves out the invoice that it replaces by itself.
    """
    found = _judged(connection, documents, books, leaving_out)
    ignored = books.settings.over_limit == OverLimit.IGNORE
    kind = faults.LIMIT_PASSED_IGNORED if ignored else faults.LIMIT_PASSED
    return [
        kind.at(document.number or "Preview", **_facts(line, one, document.currency, place))
        for document, lines, place in zip(documents, found, _places(documents), strict=True)
        for line, verdict in lines
        if verdict
        for one in verdict.passed
    ]


def line_limits(
    connection: Connection,
    document: Document,
    books: Books,
    *,
    leaving_out: Collection[int] = (),
) -> dict[int, LineLimit]:
    """Return by line number what the limits leave for it; lines without a limit have none."""
    found = _judged(connection, [document], books, leaving_out)
    return {line.line: verdict for line, verdict in found[0] if verdict}


def _facts(line: Line, one: OverRun, currency: str, place: str) -> dict[str, str]:
    amounts = {"amount": one.amount, "limit": one.limit.amount}
    amounts |= {"available": one.available, "over": one.over}
    words = {name: worded(amount, currency) for name, amount in amounts.items()}
    return {"line": f"{line.line}{place}", "scope": one.limit.scope, **words}


def _places(documents: Sequence[Document]) -> list[str]:
    """Say which document of several without a number it is."""
    if len(documents) == 1:
        return [""]
    named = enumerate(documents, start=1)
    return ["" if one.number else f" of document {at}" for at, one in named]


def _judged(
    connection: Connection,
    documents: Sequence[Document],
    books: Books,
    leaving_out: Collection[int],
) -> list[Judged]:
    projects = {line.project for document in documents for line in document.lines}
    projects |= {billed.project for document in documents for billed in document.billed}
    limits = [limit for limit in books.limits if limit.project in projects]
    if not limits:
        return [[(line, None) for line in document.lines] for document in documents]
    used = _used(connection, limits, leaving_out)
    groups = _account_groups(connection, limits)
    shares = [list(_shares(document, groups)) for document in documents]
    verdicts = iter(judged((one for some in shares for one in some), used))
    return [[(line, next(verdicts)) for line in document.lines] for document in documents]


def _account_groups(connection: Connection, limits: Iterable[Limit]) -> Mapping[str, str]:
    """Return the account groups of entries, where a limit asks for them."""
    projects = {limit.project for limit in limits if limit.account_group}
    return figures.account_groups(connection, projects) if projects else {}


def _shares(document: Document, groups: Mapping[str, str]) -> Iterator[list[Share]]:
    """Say for each line what falls where: by its entries, or by itself if it has none."""
    by_line: dict[int, list[BilledEntry]] = {}
    for billed in document.billed:
        by_line.setdefault(billed.line, []).append(billed)
    for line in document.lines:
        entries = by_line.get(line.line)
        if entries is None:
            yield [Share(line.project, line.task, line.account_group, line.amount)]
            continue
        amounts: dict[tuple[str, str | None, str | None], Decimal] = {}
        for one in entries:
            key = (one.project, one.task, line.account_group or _group_of(one.entry, groups))
            amounts[key] = amounts.get(key, ZERO) + one.amount
        yield [Share(*key, amount) for key, amount in amounts.items()]


def _group_of(entry: str, groups: Mapping[str, str]) -> str | None:
    """Return the account group of an entry; a part that is not stored yet has its whole's."""
    name = entry
    while name not in groups and "/" in name:
        name = name.rpartition("/")[0]
    return groups.get(name)


def _used(
    connection: Connection, limits: Sequence[Limit], leaving_out: Collection[int]
) -> dict[Limit, Decimal]:
    """Add up by limit what the other documents bill, issued or not closed yet."""
    projects = {limit.project for limit in limits}
    revisions = figures.revisions(connection, projects)
    left_out = {*leaving_out, *_replaced(revisions, leaving_out)}
    billed = [
        one
        for one in figures.billed_shares(connection, projects=projects)
        if one.document not in left_out
    ]
    pending = _pending(revisions)
    return {limit: _taken(limit, billed, pending) for limit in limits}


def _replaced(revisions: Sequence[Revision], documents: Collection[int]) -> set[int]:
    """Return the invoices that revisions replace, or the invoices made from revisions."""
    wanted = {
        one.number: one.revision
        for one in revisions
        if one.document in documents or one.released_to in documents
    }
    return {
        one.released_to
        for one in revisions
        if one.released_to and one.revision < wanted.get(one.number, 0)
    }


def _pending(revisions: Sequence[Revision]) -> dict[int, int]:
    """Return the revisions that are not released, with the invoice that each will replace."""
    last = {(one.number, one.revision): one.released_to for one in revisions}
    return {
        one.document: before
        for one in revisions
        if one.released_to is None and (before := last.get((one.number, one.revision - 1)))
    }


def _taken(limit: Limit, billed: Iterable[BilledShare], pending: Mapping[int, int]) -> Decimal:
    """Add up what falls on a limit.

    A revision and the invoice that it will replace count once, whichever is more: until it is
    released the invoice stands.
    """
    amounts: dict[int, Decimal] = {}
    for one in billed:
        if limit.covers(one.share.project, one.share.task, one.share.account_group):
            amounts[one.document] = amounts.get(one.document, ZERO) + one.share.amount
    for revision, invoice in pending.items():
        both = (amounts.pop(revision, ZERO), amounts.pop(invoice, ZERO))
        amounts[revision] = max(both)
    return total(amounts.values())
