"""Put back: a pro forma is On Hold again once the document made from it was taken back."""

import datetime as dt
from collections.abc import Collection, Iterator

from sqlalchemy import Connection

from timix_xl.domain import faults
from timix_xl.domain.credit_notes import without_entries
from timix_xl.domain.invoices import Document
from timix_xl.domain.pro_formas import ProForma, ProFormaState
from timix_xl.errors import Fault, RevisionRests
from timix_xl.store import drafts, life, pro_formas, releasing
from timix_xl.store.chained import Actor, log

PUT_BACK = "put back"


def source_of(connection: Connection, document_id: int) -> ProForma | None:
    """Return the pro forma that was released into a document, if it was made from one."""
    return next(iter(pro_formas.heads(connection, released_to=document_id)), None)


def credited_on(connection: Connection, one: ProForma) -> dt.date | None:
    """Return when the invoice that a revision replaces was last credited."""
    if one.revision == 1:
        return None
    return releasing.credited_on(connection, one.number, one.revision)


def before_its_note(document: Document, note: dt.date | None) -> Iterator[Fault]:
    """Refuse a date on which the invoice that a document replaces still stood."""
    if note and document.issue_date < note:
        yield faults.BEFORE_ITS_NOTE.at("Preview", given=document.issue_date, note=note)


def refuse_revised(connection: Connection, document_id: int, number: str, wanted: str) -> None:
    """Raise RevisionRests where an unreleased revision rests on the claims of an invoice."""
    source = source_of(connection, document_id)
    if source is None:
        return
    latest = pro_formas.found(connection, source.number)
    rests = latest and latest.revision == source.revision + 1 and not latest.put_back
    if rests and latest and latest.state is not ProFormaState.CLOSED:
        raise RevisionRests(number=number, wanted=wanted, pro_forma=source.number)


def put_back(
    connection: Connection, document_id: int, entries: Collection[str], actor: Actor
) -> None:
    """Give the pro forma of a document its claims back, On Hold.

    `entries` are those that the document billed to the end: what was credited away before stays
    where it is, and the pro forma's lines lose it.
    """
    source = source_of(connection, document_id)
    if source is None:
        return
    own = {billed.entry for billed in source.document.billed}
    state = ProFormaState.ON_HOLD
    pro_formas.set_state(connection, source.document_id, state, released_to=None, put_back=True)
    life.release(connection, document_id)
    drafts.claim(connection, source.document_id, sorted(own & set(entries)))
    if lost := own - set(entries):
        kept = without_entries(source.document, lost)
        pro_formas.replace_lines(connection, source.document_id, kept)
    after = {"state": state, "revision": source.revision, "lost": sorted(lost)}
    log(connection, actor, PUT_BACK, [(source.number, source.released_to, after)])
