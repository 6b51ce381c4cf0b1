"""Export: write the PDF of a document that stands, or of a pro forma, as often as asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from timix_xl.billing.find import found
from timix_xl.billing.register import standing
from timix_xl.documents.files import safe_name, write_file
from timix_xl.documents.invoice_pdf import Rendered, Void, invoice_pdf
from timix_xl.domain import faults
from timix_xl.domain.invoices import Status
from timix_xl.errors import Fault, TransitionRefused
from timix_xl.store import documents, pro_formas, reading
from timix_xl.store.database import Store
from timix_xl.store.documents import StoredDocument


@dataclass(frozen=True, slots=True)
class Exported:
    """Where a PDF was written, and what a person should know about it."""

    path: Path
    warnings: tuple[Fault, ...]


def export_pdf(store: Store, number: str, folder: Path, *, name: str | None = None) -> Exported:
    """Write the PDF of an issued document, or of a pro forma as it stands, into a folder.

    Raises UnknownDocument, TransitionRefused (a draft), FileNotWritten (the document stands),
    OutsideFolder.
    """
    with store.reading() as connection:
        negotiated = pro_formas.found(connection, number)
        if negotiated:
            document, seal, void = negotiated.document, "", None
        else:
            head = _issued(found(connection, number))
            document = documents.printed(connection, [head.id])[head.id]
            seal, void = head.seal or "", _void(head)
        logo = documents.logo(connection, document.seller.logo)
        locale = reading.settings(connection).locale
    made = invoice_pdf(document, seal=seal, void=void, logo=logo, locale=locale)
    path = write_file(folder, name or safe_name(number), made.content, number=number)
    return Exported(path, tuple(warnings_of(number, made)))


def _issued(head: StoredDocument) -> StoredDocument:
    """Refuse a draft, which is looked at, not printed."""
    if head.status is Status.DRAFT:
        instead = f"Issue it first; look at it with timix-xl invoice show {head.number}."
        raise TransitionRefused(
            number=head.number, status="a draft", wanted="printed", instead=instead
        )
    return head


def _void(head: StoredDocument) -> Void | None:
    happened = standing(head, head.issue_date).void
    return Void(happened.date, happened.reason) if happened else None


def warnings_of(name: str, made: Rendered) -> Iterator[Fault]:
    """Yield what a person should know about a PDF."""
    if made.replaced:
        yield faults.UNPRINTABLE.at(name, characters=", ".join(made.replaced))
    if made.logo_left_out:
        yield faults.LOGO_LEFT_OUT.at(name)
