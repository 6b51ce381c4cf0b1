"""The PDF of a document: invoice, credit note or pro forma, with the annex of billed entries."""

from dataclasses import dataclass
from hashlib import sha256

from timix_xl.documents.faces import covered
from timix_xl.documents.legible import legible
from timix_xl.documents.letterhead import letterhead
from timix_xl.documents.lines import annex, line_table, printed_entries
from timix_xl.documents.logo import is_readable
from timix_xl.documents.notation import Notation, notation
from timix_xl.documents.pages import Block, paginated
from timix_xl.documents.palette import Palette, palette
from timix_xl.documents.press import printed
from timix_xl.documents.sections import particulars, remarks, totals
from timix_xl.documents.stationery import Stationery, Void
from timix_xl.documents.wording import title
from timix_xl.domain.invoices import Document

__all__ = ["Rendered", "Void", "invoice_pdf"]


@dataclass(frozen=True, slots=True)
class Rendered:
    """The bytes of a PDF, and what could not be printed as it was given."""

    content: bytes
    replaced: tuple[str, ...] = ()
    """Characters that no font covers; one without a shape by its number, such as U+E000."""
    logo_left_out: bool = False
    """Whether the logo is no readable PNG or JPEG; the company's name stands in its place."""


def invoice_pdf(
    document: Document,
    *,
    seal: str = "",
    void: Void | None = None,
    logo: bytes | None = None,
    locale: str = "en",
) -> Rendered:
    """Print a document; the same input gives the same bytes.

    A void one bears VOID across every page, one without a number DRAFT.
    """
    (paper, mark, extract), replaced = legible((document, void, seal))
    colours = palette(paper.seller.brand_colour)
    notes = notation(locale, covered())
    pages = paginated(_blocks(paper, colours, notes, logo))
    left_out = logo is not None and not is_readable(logo)
    content = printed(
        pages,
        Stationery(paper, colours, notes, extract, mark),
        title=title(paper),
        subject=f"{title(paper)} for {paper.buyer.name}",
        identity=repr((document, seal, void, locale, sha256(logo or b"").hexdigest())),
    )
    return Rendered(content, replaced, logo_left_out=left_out)


def _blocks(
    document: Document, colours: Palette, notes: Notation, logo: bytes | None
) -> list[Block]:
    blocks = (
        Block((letterhead(document, colours, notes, logo),)),
        line_table(document, colours, notes),
        totals(document, colours, notes),
        particulars(document, notes),
        remarks(document),
        annex(document, colours, notes) if printed_entries(document) else None,
    )
    return [block for block in blocks if block]
