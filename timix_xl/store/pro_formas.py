"""Pro formas as stored: a document that stays a draft, with a number and a state of its own."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update
from sqlalchemy import delete as delete_from

from timix_xl.domain.invoices import Document, DocumentKind, draft_name
from timix_xl.domain.pro_formas import ProForma, ProFormaState, as_pro_forma
from timix_xl.domain.settings import BillingSettings
from timix_xl.errors import ProFormaNumberTaken
from timix_xl.store import drafts, issuing, snapshots
from timix_xl.store import tables as t
from timix_xl.store.chained import Actor


def save_pro_formas(
    connection: Connection,
    documents: Sequence[Document],
    run: int | None,
    project: str,
    settings: BillingSettings,
    actor: Actor,
) -> list[Document]:
    """Write documents as pro formas that claim their entries; returns them with their numbers.

    Each takes its number now, of the series of its issue date's year. Raises ProFormaNumberTaken.
    """
    made = [as_pro_forma(document) for document in documents]
    ids = drafts.save_drafts(connection, made, run, actor, draws=False)
    return [
        _numbered(connection, number, document, project, settings)
        for number, document in zip(ids, made, strict=True)
    ]


def _numbered(
    connection: Connection, number: int, document: Document, project: str, settings: BillingSettings
) -> Document:
    kind, year = DocumentKind.PRO_FORMA, document.issue_date.year
    text, taken_by = issuing.next_number(connection, kind, settings, year)
    if taken_by:
        raise ProFormaNumberTaken(number=text)
    year, seq = issuing.take_place(connection, kind, settings, year)
    connection.execute(insert(t.numbers), [{"number": text, "taken_by": f"{kind.value} {number}"}])
    named = replace(document, number=text)
    _keep(connection, number, named, project, revision=1, year=year, seq=seq)
    return named


def _keep(
    connection: Connection,
    document_id: int,
    document: Document,
    project: str,
    *,
    revision: int,
    year: int,
    seq: int,
) -> None:
    row = {
        "document": document_id,
        "number": document.number,
        "seq": seq,
        "year": year,
        "revision": revision,
        "project": project,
        "state": ProFormaState.ON_HOLD,
        "version": 1,
        "released_to": None,
        "put_back": 0,
    }
    connection.execute(insert(t.pro_formas), [row])
    issuing.keep_draft(connection, document_id, document)


def save_revision(
    connection: Connection, corrected: ProForma, document: Document, actor: Actor
) -> ProForma:
    """Write the next revision of a closed pro forma, On Hold, under the same number.

    It claims nothing: until it is released it rests on the claims of the invoice that it corrects.
    """
    made = replace(document, kind=DocumentKind.PRO_FORMA, number=corrected.number, draw_down=None)
    (number,) = drafts.save_drafts(
        connection, [made], corrected.run, actor, draws=False, claiming=False
    )
    place = _row(connection, corrected.document_id)
    _keep(
        connection,
        number,
        made,
        corrected.project,
        revision=corrected.revision + 1,
        year=place.year,
        seq=place.seq,
    )
    return heads(connection, document=number)[0]


def _row(connection: Connection, document_id: int) -> Any:
    query = select(t.pro_formas).where(t.pro_formas.c.document == document_id)
    return connection.execute(query).one()


_RELEASED = t.documents.alias("released")


def heads(
    connection: Connection,
    *,
    number: str | None = None,
    project: str | None = None,
    state: ProFormaState | None = None,
    document: int | None = None,
    released_to: int | None = None,
    every_revision: bool = False,
) -> list[ProForma]:
    """Return pro formas whole, in the order of their making.

    Of each the latest revision only, unless every one is asked for, or one by its document.
    """
    one, head = t.pro_formas.c, t.documents.c
    query = (
        select(
            *(t.pro_formas, head.customer, head.currency, head.billing_date, head.run),
            head.content,
            _RELEASED.c.number.label("invoice"),
        )
        .join(t.documents, head.id == one.document)
        .outerjoin(_RELEASED, _RELEASED.c.id == one.released_to)
        .order_by(one.document)
    )
    wanted: dict[Any, object] = {
        one.number: number,
        one.project: project,
        one.state: state,
        one.document: document,
        one.released_to: released_to,
    }
    for column, value in wanted.items():
        if value is not None:
            query = query.where(column == value)
    if not every_revision and document is None and released_to is None:
        newer = t.pro_formas.alias("newer").c
        query = query.where(
            ~select(newer.document)
            .where(newer.number == one.number, newer.revision > one.revision)
            .exists()
        )
    return [_made(row) for row in connection.execute(query)]


def _made(row: Any) -> ProForma:
    to = row.released_to
    return ProForma(
        document_id=row.document,
        number=row.number,
        revision=row.revision,
        state=row.state,
        version=row.version,
        put_back=bool(row.put_back),
        project=row.project,
        customer=row.customer,
        currency=row.currency,
        billing_date=row.billing_date,
        run=row.run,
        released_to=None if to is None else row.invoice or draft_name(to),
        document=snapshots.printed(row.content),
    )


def found(connection: Connection, number: str, revision: int | None = None) -> ProForma | None:
    """Return the pro forma with this number, its latest revision unless another is asked for."""
    revisions = heads(connection, number=number, every_revision=True)
    if revision is None:
        return max(revisions, key=lambda one: one.revision, default=None)
    return next((one for one in revisions if one.revision == revision), None)


def claimed_by(connection: Connection, documents: Collection[int]) -> dict[int, str]:
    """Name documents that claim entries before they are issued: pro formas, and drafts."""
    query = select(t.pro_formas.c.document, t.pro_formas.c.number)
    numbers = {row.document: row.number for row in connection.execute(query)}
    return {one: numbers.get(one) or draft_name(one) for one in documents}


def last_change(connection: Connection, number: str) -> tuple[str, str]:
    """Return who changed a pro forma last, and when, as the audit log has it."""
    own = t.audit_log.c
    last = select(func.max(own.id)).where(own.object == number).scalar_subquery()
    row = connection.execute(select(own.by, own.at).where(own.id == last)).one()
    return row.by, row.at


def set_state(
    connection: Connection,
    document_id: int,
    state: ProFormaState,
    *,
    released_to: int | None = None,
    put_back: bool | None = None,
) -> None:
    """Move a pro forma along; `put_back` stays as it is unless it is given."""
    values = {"state": state, "released_to": released_to, "version": t.pro_formas.c.version + 1}
    if put_back is not None:
        values["put_back"] = int(put_back)
    connection.execute(
        update(t.pro_formas).where(t.pro_formas.c.document == document_id).values(**values)
    )


def replace_lines(connection: Connection, document_id: int, document: Document) -> None:
    """Write a pro forma's lines anew, with its entries, tax and totals; its version moves on.

    Entries that are no longer on it are let go of, new ones are claimed. What it never claimed (a
    revision rests on the claims of its invoice) stays as it is.
    """
    own = t.document_entries.c
    before = connection.execute(select(own.entry).where(own.document == document_id)).scalars()
    were, are = set(before), {billed.entry for billed in document.billed}
    drafts.rewrite_draft(connection, document_id, document)
    _move_claims(connection, document_id, gone=were - are, came=are - were)
    connection.execute(
        update(t.pro_formas)
        .where(t.pro_formas.c.document == document_id)
        .values(version=t.pro_formas.c.version + 1)
    )
    issuing.keep_draft(connection, document_id, document)


def _move_claims(
    connection: Connection, document_id: int, *, gone: Collection[str], came: Collection[str]
) -> None:
    own = t.claims.c
    if gone:
        let_go = delete_from(t.claims).where(
            own.document == document_id, own.entry == bindparam("gone")
        )
        connection.execute(let_go, [{"gone": entry} for entry in sorted(gone)])
    if came:
        claims = [{"entry": entry, "document": document_id} for entry in sorted(came)]
        connection.execute(insert(t.claims), claims)


def delete(connection: Connection, document_id: int) -> None:
    """Delete a pro forma with all its rows, and let go of its entries; its number stays taken."""
    connection.execute(delete_from(t.pro_formas).where(t.pro_formas.c.document == document_id))
    drafts.delete_draft(connection, document_id)
