"""What credit notes took of an invoice, and what becomes of its entries then."""

from sqlalchemy import Connection, delete, select, update

from timix_xl.domain.entries import EntryState
from timix_xl.domain.invoices import Becomes, Document
from timix_xl.store import snapshots
from timix_xl.store import tables as t


def notes_of(connection: Connection, invoice: int) -> list[Document]:
    """Return the issued credit notes of an invoice whole, in the order of their making."""
    query = (
        select(t.documents.c.content)
        .where(t.documents.c.corrects == invoice, t.documents.c.seal.is_not(None))
        .order_by(t.documents.c.id)
    )
    return [snapshots.printed(text) for text in connection.execute(query).scalars()]


def still_billed(connection: Connection, invoice: int) -> list[str]:
    """Return the entries that an invoice bills, save for those that notes took."""
    query = select(t.claims.c.entry).where(t.claims.c.document == invoice)
    return list(connection.execute(query.order_by(t.claims.c.entry)).scalars())


def let_go(connection: Connection, invoice: int, note: int) -> None:
    """Let an invoice go of the entries that an issued note took; some are written off."""
    taken = select(t.document_entries.c.entry).where(t.document_entries.c.document == note)
    lost = taken.where(t.document_entries.c.becomes == Becomes.WRITE_OFF)
    claims = delete(t.claims).where(t.claims.c.document == invoice)
    connection.execute(claims.where(t.claims.c.entry.in_(taken)))
    gone = update(t.entries).where(t.entries.c.id.in_(lost))
    connection.execute(gone.values(state=EntryState.WRITTEN_OFF))
