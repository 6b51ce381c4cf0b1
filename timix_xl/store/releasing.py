"""What a release has to know: the pro formas of earlier runs, and why a revision was made."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, and_, func, or_, select, update

from timix_xl.domain.invoices import Status, draft_name
from timix_xl.domain.pro_formas import ProFormaState
from timix_xl.store import tables as t


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A pro forma that is not released, or the draft made from it that is not issued."""

    number: str
    released_to: str | None


def unsettled_before(connection: Connection, project: str, run: int) -> list[Unsettled]:
    """Return the pro formas of earlier runs of a project that a later one waits for.

    Revisions hold nobody up, and neither do those that a void put back.
    """
    one, head, made = t.pro_formas.c, t.documents.c, t.documents.alias("made")
    query = (
        select(one.number, one.released_to)
        .join_from(t.pro_formas, t.documents, head.id == one.document)
        .outerjoin(made, made.c.id == one.released_to)
        .where(one.project == project, head.run < run, one.revision == 1, one.put_back == 0)
        .where(
            or_(
                one.state != ProFormaState.CLOSED,
                and_(one.state == ProFormaState.CLOSED, made.c.status == Status.DRAFT),
            )
        )
        .order_by(head.run, one.document)
    )
    return [
        Unsettled(row.number, draft_name(row.released_to) if row.released_to else None)
        for row in connection.execute(query)
    ]


def credited_on(connection: Connection, number: str, revision: int) -> dt.date | None:
    """Return the date of the last credit note of the invoice that a revision replaces."""
    before, note = t.pro_formas.c, t.documents.c
    query = (
        select(func.max(note.issue_date))
        .join_from(t.pro_formas, t.documents, note.corrects == before.released_to)
        .where(before.number == number, before.revision == revision - 1, note.seal.is_not(None))
    )
    return connection.execute(query).scalar_one_or_none()


def keep_reason(connection: Connection, document: int, reason: str) -> None:
    """Note on a revision why it corrects the one before."""
    own = t.pro_formas.c
    connection.execute(update(t.pro_formas).where(own.document == document).values(reason=reason))


def reason_of(connection: Connection, document: int) -> str:
    """Return why a revision corrects the one before."""
    own = t.pro_formas.c
    return str(connection.execute(select(own.reason).where(own.document == document)).scalar_one())
