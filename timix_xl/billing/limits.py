"""Limits: what they leave for the lines of a document, beside everything else that is billed."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
    found = _used(connection, documents, books).judged(documents, leaving_out)
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
    documents: Sequence[Document],
    books: Books,
    *,
    leaving_out: Sequence[Collection[int]],
) -> list[dict[int, LineLimit]]:
    """Return, document by document, what the limits leave by line; lines without one have none.

    Each is judged by itself, beside everything else that is stored save for what is to be left
    out beside it; the store is read once for all.
    """
    used = _used(connection, documents, books)
    return [
        {
            line.line: verdict
            for lines in used.judged([document], one)
            for line, verdict in lines
            if verdict
        }
        for document, one in zip(documents, leaving_out, strict=True)
    ]


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


@dataclass(frozen=True, slots=True)
class _Used:
    """What is used of limits, read once for any number of documents."""

    limits: Mapping[Limit, "_Taken"]
    revisions: "_Revisions"
    groups: Mapping[str, str]
    """The account groups of entries."""

    def judged(self, documents: Sequence[Document], leaving_out: Collection[int]) -> list[Judged]:
        """Judge the lines of documents, which count in their order."""
        projects = _projects(documents)
        left_out = {*leaving_out, *self.revisions.replaced_by(leaving_out)}
        used = {
            limit: taken.beside(left_out)
            for limit, taken in self.limits.items()
            if limit.project in projects
        }
        shares = [list(_shares(document, self.groups)) for document in documents]
        verdicts = iter(judged((one for some in shares for one in some), used))
        return [[(line, next(verdicts)) for line in document.lines] for document in documents]


def _used(connection: Connection, documents: Sequence[Document], books: Books) -> _Used:
    """Add up by limit what stored documents bill, issued or not closed yet."""
    projects = _projects(documents)
    limits = [limit for limit in books.limits if limit.project in projects]
    if not limits:
        return _Used({}, _Revisions([]), {})
    limited = {limit.project for limit in limits}
    revisions = figures.revisions(connection, limited)
    billed = figures.billed_shares(connection, projects=limited)
    pending = _pending(revisions)
    return _Used(
        limits={limit: _Taken(limit, billed, pending) for limit in limits},
        revisions=_Revisions(revisions),
        groups=_account_groups(connection, limits),
    )


def _projects(documents: Sequence[Document]) -> set[str]:
    found = {line.project for document in documents for line in document.lines}
    return found | {one.project for document in documents for one in document.billed}


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


class _Revisions:
    """Which invoice a revision of a pro forma replaces."""

    def __init__(self, revisions: Iterable[Revision]) -> None:
        self._by_document: dict[int, Revision] = {}
        self._by_number: dict[str, list[Revision]] = {}
        for one in revisions:
            self._by_number.setdefault(one.number, []).append(one)
            self._by_document[one.document] = one
            if one.released_to:
                self._by_document[one.released_to] = one

    def replaced_by(self, documents: Collection[int]) -> set[int]:
        """Return the invoices that revisions replace, or the invoices made from revisions."""
        wanted = [self._by_document[one] for one in documents if one in self._by_document]
        return {
            before.released_to
            for one in wanted
            for before in self._by_number[one.number]
            if before.released_to and before.revision < one.revision
        }


def _pending(revisions: Sequence[Revision]) -> dict[int, int]:
    """Return the revisions that are not released, with the invoice that each will replace."""
    last = {(one.number, one.revision): one.released_to for one in revisions}
    return {
        one.document: before
        for one in revisions
        if one.released_to is None and (before := last.get((one.number, one.revision - 1)))
    }


class _Taken:
    """What falls on a limit.

    A revision and the invoice that it will replace count once, whichever is more: until it is
    released the invoice stands.
    """

    def __init__(
        self, limit: Limit, billed: Iterable[BilledShare], pending: Mapping[int, int]
    ) -> None:
        self._pairs = {either: pair for pair in pending.items() for either in pair}
        self._amounts: dict[int, Decimal] = {}
        for one in billed:
            if limit.covers(one.share.project, one.share.task, one.share.account_group):
                amount = self._amounts.get(one.document, ZERO) + one.share.amount
                self._amounts[one.document] = amount
        self._whole = self._sum(self._amounts, ())

    def beside(self, left_out: Collection[int]) -> Decimal:
        """Add up what all documents take save for some."""
        touched = {one for each in left_out for one in self._pairs.get(each, (each,))}
        return self._whole - self._sum(touched, ()) + self._sum(touched, left_out)

    def _sum(self, documents: Collection[int], left_out: Collection[int]) -> Decimal:
        counted = {self._pairs.get(one, (one,)) for one in documents}
        return total(max(self._amount(one, left_out) for one in some) for some in counted)

    def _amount(self, document: int, left_out: Collection[int]) -> Decimal:
        return ZERO if document in left_out else self._amounts.get(document, ZERO)
