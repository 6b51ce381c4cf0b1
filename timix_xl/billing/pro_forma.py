"""Pro forma: find it, open it, put it on hold, make an empty one, delete one."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Connection

from timix_xl.billing import once
from timix_xl.billing.closed import first_open_day
from timix_xl.billing.draft import set_back
from timix_xl.billing.limits import limit_faults
from timix_xl.billing.plan import buyer, default_issue_date, party_faults
from timix_xl.domain.books import Books
from timix_xl.domain.document_sizes import document_size_faults
from timix_xl.domain.invoices import Document, DocumentKind
from timix_xl.domain.periods import service_period
from timix_xl.domain.pro_formas import TRANSITIONS, ProForma, ProFormaState
from timix_xl.domain.totals import tax_lines
from timix_xl.errors import (
    Fault,
    NoProFormaProject,
    ProFormaGone,
    ProFormaIsEmpty,
    ProFormaMovedOn,
    ProFormaRefuses,
    UnknownProForma,
    UnknownProject,
    UnknownRevision,
    refuse_run,
)
from timix_xl.store import issuing, reading
from timix_xl.store import pro_formas as kept
from timix_xl.store.chained import Actor, log
from timix_xl.store.database import Store

NEW, DELETE = "new pro forma", "delete pro forma"
HOLD, OPEN = "hold pro forma", "open pro forma"
"""What the audit log calls these steps; their object is the pro forma's number."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A pro forma that is with the customer now, and what there is to know about it."""

    pro_forma: ProForma
    warnings: tuple[Fault, ...]


def pro_formas(
    store: Store, *, project: str | None = None, state: ProFormaState | None = None
) -> list[ProForma]:
    """Return the pro formas, of each the latest revision, in the order of their making.

    Raises UnknownProject.
    """
    with store.reading() as connection:
        if project is not None and project not in reading.books(connection).projects:
            raise UnknownProject(project=project)
        return kept.heads(connection, project=project, state=state)


def pro_forma(store: Store, number: str, revision: int | None = None) -> ProForma:
    """Return one pro forma, its latest revision by default.

    Raises UnknownProForma, UnknownRevision.
    """
    with store.reading() as connection:
        return found(connection, number, revision)


def found(connection: Connection, number: str, revision: int | None = None) -> ProForma:
    """Return one pro forma inside a transaction; raises UnknownProForma, UnknownRevision."""
    one = kept.found(connection, number, revision)
    if one is None:
        if revision is not None and kept.found(connection, number):
            raise UnknownRevision(number=number, revision=revision)
        raise UnknownProForma(number=number)
    return one


def as_result(one: ProForma) -> dict[str, Any]:
    """Note what a step made of a pro forma, for a retry of it."""
    return {"number": one.number, "document": one.document_id, "version": one.version}


def again(connection: Connection, first: Mapping[str, Any]) -> ProForma:
    """Answer a retry: the pro forma, with the version that the first try made of it.

    An edit on it is then refused if somebody has changed it since. Raises ProFormaGone.
    """
    for one in kept.heads(connection, document=first["document"]):
        return replace(one, version=first["version"])
    raise ProFormaGone(number=first["number"])


def as_read(store: Store, number: str, version: int) -> ProForma:
    """Return a pro forma that is still what somebody has read before.

    Raises UnknownProForma, ProFormaMovedOn.
    """
    with store.reading() as connection:
        one = found(connection, number)
        unmoved(connection, one, version)
        return one


def on_hold(connection: Connection, number: str, wanted: str, version: int | None) -> ProForma:
    """Return a pro forma that may be edited.

    `version` is the one that somebody looked at. Raises UnknownProForma, ProFormaRefuses,
    ProFormaMovedOn.
    """
    one = found(connection, number)
    unmoved(connection, one, version)
    if one.state is not ProFormaState.ON_HOLD:
        raise refused(one, wanted)
    return one


def unmoved(connection: Connection, one: ProForma, version: int | None) -> None:
    """Refuse a version that has moved on, with who moved it and when; raises ProFormaMovedOn."""
    if version is not None and version != one.version:
        by, at = kept.last_change(connection, one.number)
        raise ProFormaMovedOn(number=one.number, by=by, at=at)


def refused(one: ProForma, wanted: str) -> ProFormaRefuses:
    """Say that a step does not fit the state, and which step leads on."""
    instead = {
        ProFormaState.ON_HOLD: "Open it first (button Open pro forma, or"
        f" timix-xl pro-forma open {one.number}).",
        ProFormaState.OPEN: "Put it on hold first (button Hold pro forma, or"
        f" timix-xl pro-forma hold {one.number}).",
        ProFormaState.CLOSED: f"It was released into {one.released_to}; a new revision is made by:"
        f" timix-xl pro-forma correct {one.number}.",
    }
    state = one.state.value.replace("_", " ")
    return ProFormaRefuses(
        number=one.number, state=state, wanted=wanted, instead=instead[one.state]
    )


def hold(
    store: Store,
    number: str,
    *,
    actor: Actor,
    version: int | None = None,
    request: str | None = None,
) -> ProForma:
    """Put an open pro forma back on hold, where it may be edited.

    Raises UnknownProForma, ProFormaRefuses, ProFormaMovedOn, RequestReused, ProFormaGone.
    """
    asked = once.fingerprint([HOLD, number, version])
    with store.writing() as connection:
        if first := once.done_before(connection, request, asked):
            return again(connection, first)
        one = found(connection, number)
        unmoved(connection, one, version)
        if one.state is not ProFormaState.OPEN:
            raise refused(one, "put on hold") if one.released_to else _already(one)
        _move(connection, one, ProFormaState.ON_HOLD, actor, HOLD)
        after = found(connection, number)
        once.remember(connection, request, HOLD, asked, as_result(after))
        return after


def _already(one: ProForma) -> ProFormaRefuses:
    """Say that a pro forma is where it is to go."""
    state = one.state.value.replace("_", " ")
    wanted = {ProFormaState.ON_HOLD: "put on hold", ProFormaState.OPEN: "opened"}[one.state]
    instead = f"See it: timix-xl pro-forma show {one.number}."
    return ProFormaRefuses(
        number=one.number, state=f"{state} already", wanted=wanted, instead=instead
    )


def open_(
    store: Store,
    number: str,
    *,
    actor: Actor,
    version: int | None = None,
    request: str | None = None,
) -> Opened:
    """Open a pro forma: it goes to the customer, and is not edited any more.

    Raises UnknownProForma, ProFormaRefuses, ProFormaMovedOn, ProFormaIsEmpty, RunRefused with
    what tax and limits ask, RequestReused, ProFormaGone.
    """
    asked = once.fingerprint([OPEN, number, version])
    with store.writing() as connection:
        first = once.done_before(connection, request, asked)
        if first is not None:
            warnings = tuple(Fault(**one) for one in first["warnings"])
            return Opened(again(connection, first), warnings)
        told = tuple(_opened(connection, number, version, actor))
        after = found(connection, number)
        result = as_result(after) | {"warnings": [asdict(one) for one in told]}
        once.remember(connection, request, OPEN, asked, result)
        return Opened(after, told)


def _opened(connection: Connection, number: str, version: int | None, actor: Actor) -> list[Fault]:
    one = found(connection, number)
    unmoved(connection, one, version)
    if one.state is not ProFormaState.ON_HOLD:
        raise _already(one) if one.state is ProFormaState.OPEN else refused(one, "opened")
    if not one.document.lines:
        raise ProFormaIsEmpty(number=number)
    against = opening_faults(connection, one)
    refuse_run(f"Opening {number}", against)
    _move(connection, one, ProFormaState.OPEN, actor, OPEN)
    return against


def opening_faults(connection: Connection, one: ProForma) -> list[Fault]:
    """Say what tax and limits have against a pro forma, as the books are now."""
    books = reading.books(connection, one.customer)
    return [
        *party_faults([one.document], books, books.customers[one.customer]),
        *limit_faults(connection, [one.document], books, leaving_out={one.document_id}),
    ]


def _move(
    connection: Connection, one: ProForma, state: ProFormaState, actor: Actor, action: str
) -> None:
    assert state in TRANSITIONS[one.state]
    kept.set_state(connection, one.document_id, state)
    log(connection, actor, action, [(one.number, {"state": one.state}, {"state": state})])


def rewrite(connection: Connection, one: ProForma, document: Document, books: Books) -> ProForma:
    """Write what a pro forma bills anew, with tax and totals; the audit log is the caller's.

    Raises RunRefused where it would be more than a document can be.
    """
    whole = replace(
        document,
        tax=tax_lines(document.lines, books.tax_codes, document.currency),
        period=_period(one.document, document),
    )
    refuse_run(f"The change of {one.number}", document_size_faults(whole, one.number))
    kept.replace_lines(connection, one.document_id, whole)
    return found(connection, one.number)


def _period(before: Document, after: Document) -> Any:
    """Let the service period follow the entries, if these change."""
    if {one.entry for one in before.billed} == {one.entry for one in after.billed}:
        return before.period
    return service_period([one.date for one in after.billed])


def new(
    store: Store,
    project: str,
    billing_date: dt.date,
    *,
    actor: Actor,
    request: str | None = None,
) -> ProForma:
    """Make an empty pro forma of a project, for lines by hand and uploads.

    Raises UnknownProject, NoProFormaProject, ProFormaNumberTaken, RequestReused,
    ProFormaGone.
    """
    asked = once.fingerprint([NEW, project, billing_date])
    with store.writing() as connection:
        first = once.done_before(connection, request, asked)
        if first is not None:
            return again(connection, first)
        made = found(connection, _made(connection, project, billing_date, actor))
        once.remember(connection, request, NEW, asked, as_result(made))
        return made


def _made(connection: Connection, project: str, billing_date: dt.date, actor: Actor) -> str:
    books = reading.books(connection)
    if project not in books.projects:
        raise UnknownProject(project=project)
    if not books.projects[project].pro_forma:
        raise NoProFormaProject(project=project)
    document = _empty(connection, project, billing_date, books)
    (made,) = kept.save_pro_formas(connection, [document], None, project, books.settings, actor)
    after = {"project": project, "billing_date": billing_date, "total": made.total}
    log(connection, actor, NEW, [(made.number, None, after)])
    return made.number


def _empty(connection: Connection, project: str, day: dt.date, books: Books) -> Document:
    customer = books.customers[books.projects[project].customer]
    first = max(day, first_open_day(connection))
    last = issuing.last_issue_date(connection, DocumentKind.INVOICE, books.settings, first.year)
    planned = default_issue_date(first, last)
    terms = customer.payment_terms_days
    days = books.settings.payment_terms_days if terms is None else terms
    return Document(
        kind=DocumentKind.PRO_FORMA,
        number="",
        customer=customer.code,
        currency=customer.currency,
        billing_date=day,
        issue_date=planned,
        due_date=planned + dt.timedelta(days=days),
        payment_terms_days=days,
        seller=books.company,
        buyer=buyer(customer, None, customer.buyer_reference),
        lines=(),
        tax=(),
        billed=(),
    )


def delete(
    store: Store,
    number: str,
    *,
    actor: Actor,
    version: int | None = None,
    request: str | None = None,
) -> None:
    """Delete a pro forma that is not released: its entries can be billed again.

    A revision frees only what it added. The number stays taken. Raises UnknownProForma,
    ProFormaRefuses, ProFormaMovedOn, RequestReused.
    """
    asked = once.fingerprint([DELETE, number, version])
    with store.writing() as connection:
        if once.done_before(connection, request, asked) is not None:
            return
        one = found(connection, number)
        unmoved(connection, one, version)
        if one.state is ProFormaState.CLOSED:
            raise refused(one, "deleted")
        kept.delete(connection, one.document_id)
        log(connection, actor, DELETE, [(number, _facts(one), None)])
        set_back(connection, _projects(one), actor, DELETE)
        once.remember(connection, request, DELETE, asked)


def _facts(one: ProForma) -> dict[str, Any]:
    return {"project": one.project, "revision": one.revision, "total": one.document.total}


def _projects(one: ProForma) -> Sequence[str]:
    return sorted({one.project, *(line.project for line in one.document.lines)})
