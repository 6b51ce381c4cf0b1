"""Find: one document by its number."""

from sqlalchemy import Connection

from timix_xl.errors import RegisterOnly, UnknownDocument
from timix_xl.store import documents
from timix_xl.store.documents import StoredDocument


def found(connection: Connection, number: str) -> StoredDocument:
    """Return the document with this number; raises UnknownDocument, RegisterOnly."""
    heads = documents.heads(connection, number=number)
    if heads:
        return heads[0]
    if any(one.number == number for one in documents.opening_invoices(connection)):
        raise RegisterOnly(number=number)
    raise UnknownDocument(number=number)
