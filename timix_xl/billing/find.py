"""Find: one document by its number, or by the name of its draft."""

from sqlalchemy import Connection

from timix_xl.errors import UnknownDocument
from timix_xl.store import documents
from timix_xl.store.documents import StoredDocument


def found(connection: Connection, number: str) -> StoredDocument:
    """Return the document with this number; raises UnknownDocument."""
    heads = documents.heads(connection, number=number)
    if not heads:
        raise UnknownDocument(number=number)
    return heads[0]
