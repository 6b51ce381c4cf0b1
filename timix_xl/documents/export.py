"""Export: write the PDF of a document that stands, as often as somebody asks."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from timix_xl.billing.find import found
from timix_xl.billing.register import standing
from timix_xl.documents.files import safe_name, write_file
from timix_xl.documents.invoice_pdf import Rendered, Void, invoice_pdf
from timix_xl.domain import faults
from timix_xl.errors import Fault
from timix_xl.store import documents, reading
from timix_xl.store.database import Store


@dataclass(frozen=True, slots=True)
class Exported:
    """Where a PDF was written, and what a person should know about it."""

    path: Path
    warnings: tuple[Fault, ...]


def export_pdf(store: Store, number: str, folder: Path, *, name: str | None = None) -> Exported:
    """Write the PDF of an issued document into a folder.

    Raises UnknownDocument, FileNotWritten (the document stands), OutsideFolder.
    """
    with store.reading() as connection:
        head = found(connection, number)
        document = documents.printed(connection, [head.id])[head.id]
        logo = documents.logo(connection, document.seller.logo)
        locale = reading.settings(connection).locale
    happened = standing(head, head.issue_date).void
    void = Void(happened.date, happened.reason) if happened else None
    made = invoice_pdf(document, seal=head.seal or "", void=void, logo=logo, locale=locale)
    path = write_file(folder, name or safe_name(number), made.content, number=number)
    return Exported(path, tuple(_warnings(number, made)))


def _warnings(number: str, made: Rendered) -> Iterator[Fault]:
    if made.replaced:
        yield faults.UNPRINTABLE.at(number, characters=", ".join(made.replaced))
    if made.logo_left_out:
        yield faults.LOGO_LEFT_OUT.at(number)
