"""Find: one document by its number."""

from sqlalchemy import Connection

from timix_xl.domain.invoices import Document, Status, draft_place
from timix_xl.errors import IsAProForma, IssuedMeanwhile, RegisterOnly, UnknownDocument
from timix_xl.store import documents, pro_formas
from timix_xl.store.database import Store
from timix_xl.store.documents import StoredDocument


def look_up(store: Store, number: str) -> StoredDocument:
    """Return the head of one document; raises what `found` raises."""
    with store.reading() as connection:
        return found(connection, number)


def printed(connection: Connection, number: str) -> Document:
    """Return one document whole, as printed; raises what `found` raises."""
    head = found(connection, number)
    return documents.printed(connection, [head.id])[head.id]


def found(connection: Connection, number: str) -> StoredDocument:
    """Return the document with this number, a draft by its name.

    Raises UnknownDocument, IsAProForma, RegisterOnly, IssuedMeanwhile (it is no draft any more).
    """
    heads = documents.heads(connection, number=number)
    if heads:
        return heads[0]
    place = draft_place(number)
    for head in documents.heads(connection, place=place) if place else ():
        if head.status is not Status.DRAFT:
            raise IssuedMeanwhile(draft=number, number=head.number)
        return head
    if any(one.number == number for one in documents.opening_invoices(connection)):
        raise RegisterOnly(number=number)
    if pro_formas.found(connection, number):
        raise IsAProForma(number=number)
    raise UnknownDocument(number=number)
