"""What a document is called, and the facts that stand beside the address."""

from timix_xl.documents.notation import Notation
from timix_xl.domain.invoices import Document, DocumentKind

Pair = tuple[str, str]

TITLES = {
    DocumentKind.INVOICE: "Invoice",
    DocumentKind.PRO_FORMA: "Pro forma",
    DocumentKind.CREDIT_NOTE: "Credit note",
}


def title(document: Document) -> str:
    """Return what the document is called, with its number."""
    return f"{TITLES[document.kind]} {document.number or '(draft)'}"


def facts(document: Document, notes: Notation) -> list[Pair]:
    """Return the labelled facts that stand beside the address, without the empty ones."""
    period, drawn = document.period, document.draw_down
    customer = " / ".join(filter(None, (document.customer, document.location)))
    is_credit = document.kind is DocumentKind.CREDIT_NOTE
    pairs = [
        (f"{TITLES[document.kind]} number", document.number),
        ("Corrects invoice", _corrected(document, notes)),
        ("Issue date", notes.day(document.issue_date)),
        ("Due date", "" if is_credit else notes.day(document.due_date)),
        ("Service period", notes.period(period.first, period.last) if period else ""),
        ("Customer", customer),
        ("Customer tax ID", document.buyer.tax_id),
        ("PO number", document.po_number),
        ("Buyer reference", document.buyer.buyer_reference),
        ("Frame order", drawn.frame_order if drawn else ""),
    ]
    return [(label, value) for label, value in pairs if value]


def _corrected(document: Document, notes: Notation) -> str:
    """Name the invoice that a credit note corrects, with its date (EN 16931, BG-3)."""
    day = document.corrects_date
    return f"{document.corrects}\nof {notes.day(day)}" if day else document.corrects or ""


def terms(document: Document) -> str:
    """Return the payment terms in words."""
    days = document.payment_terms_days
    return "Payable on receipt" if days == 0 else f"{days} day{'s' * (days != 1)} from issue"
