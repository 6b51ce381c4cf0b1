"""Export: write the PDF of a document that stands, as often as somebody asks."""

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
from timix_xl.store import documents, reading
from timix_xl.store.database import Store


@dataclass(frozen=True, slots=True)
class Exported:
    """Where a PDF was written, and what a person should know about it."""

    path: Path
    warnings: tuple[Fault, ...]


def export_pdf(store: Store, number: str, folder: Path, *, name: str | None = None) -> Exported:
    """Write the PDF of an issued document into a folder.

    Raises UnknownDocument, TransitionRefused (a draft), FileNotWritten (the document stands),
    OutsideFolder.
    """
    with store.reading() as connection:
        head = found(connection, number)
        if head.status is Status.DRAFT:
            instead = f"Issue it first; look at it with timix-xl invoice show {number}."
            raise TransitionRefused(
                number=number, status="a draft", wanted="printed", instead=instead
            )
        document = documents.printed(connection, [head.id])[head.id]
        logo = documents.logo(connection, document.seller.logo)
        locale = reading.settings(connection).locale
    happened = standing(head, head.issue_date).void
    void = Void(happened.date, happened.reason) if happened else None
    made = invoice_pdf(document, seal=head.seal or "", void=void, logo=logo, locale=locale)
    path = write_file(folder, name or safe_name(number), made.content, number=number)
    return Exported(path, tuple(warnings_of(number, made)))


def warnings_of(name: str, made: Rendered) -> Iterator[Fault]:
    """Yield what a person should know about a PDF."""
    if made.replaced:
        yield faults.UNPRINTABLE.at(name, characters=", ".join(made.replaced))
    if made.logo_left_out:
        yield faults.LOGO_LEFT_OUT.at(name)
