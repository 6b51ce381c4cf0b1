"""Limits of documents in the register: what they leave for each line."""

from collections.abc import Mapping, Sequence

from timix_xl.billing.limits import line_limits
from timix_xl.domain.invoices import Document, DocumentKind, Status
from timix_xl.domain.limits import LineLimit
from timix_xl.store import reading
from timix_xl.store.database import Store
from timix_xl.store.documents import StoredDocument


def document_limits(
    store: Store, made: Sequence[tuple[StoredDocument, Document]]
) -> dict[int, Mapping[int, LineLimit]]:
    """Return by document and line what the limits leave beside everything else that is billed.

    Voids and credit notes use nothing up.
    """
    counted = [
        (head.id, document)
        for head, document in made
        if head.kind is DocumentKind.INVOICE and head.status is not Status.VOID
    ]
    with store.reading() as connection:
        books = reading.books(connection)
        if not books.limits:
            return {}
        documents = [document for _, document in counted]
        themselves = [{one} for one, _ in counted]
        found = line_limits(connection, documents, books, leaving_out=themselves)
    return {one: limits for (one, _), limits in zip(counted, found, strict=True)}
