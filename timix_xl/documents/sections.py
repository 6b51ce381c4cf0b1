"""What follows the lines: totals, tax notes, payment, frame order, notes."""

from collections.abc import Sequence
from decimal import Decimal

from timix_xl.documents.faces import BOLD, REGULAR
from timix_xl.documents.marks import (
    LEFT,
    MM,
    RIGHT,
    SOFT,
    Fill,
    Group,
    Rule,
    Strip,
    Text,
    baseline,
    beside,
    leading,
    space,
)
from timix_xl.documents.marks import merged as one_strip
from timix_xl.documents.notation import Notation, grouped
from timix_xl.documents.pages import Block
from timix_xl.documents.palette import Palette
from timix_xl.documents.typesetting import clipped, wrapped
from timix_xl.documents.wording import TITLES, Pair, terms
from timix_xl.domain.invoices import Document, DocumentKind, DrawDown, TaxLine

_TOTALS_AT = 105 * MM
_HALF = 81 * MM


def totals(document: Document, colours: Palette, notes: Notation) -> Block:
    """Lay out subtotal, tax by code and percent, the total, and the notes on tax."""
    currency = document.currency
    taxes = [
        _sum(_tax_label(tax, currency, notes), notes.money(tax.amount, currency))
        for tax in document.tax
    ]
    sums = (
        space(3 * MM),
        _sum("Subtotal", notes.money(document.subtotal, currency)),
        *taxes,
        _bar(f"Total {currency}", notes.money(document.total, currency), colours),
    )
    return Block((sums, *_tax_notes(document.tax)))


def _tax_label(tax: TaxLine, currency: str, notes: Notation) -> str:
    return f"Tax {tax.code}, {notes.quantity(tax.percent)}% on {notes.money(tax.base, currency)}"


def _sum(label: str, amount: str) -> Strip:
    lines = wrapped(label, REGULAR, 9, 54 * MM)
    texts = (
        Text(_TOTALS_AT + 3, 13 + leading(9) * at, line, colour=SOFT)
        for at, line in enumerate(lines)
    )
    height = 7 + leading(9) * len(lines)
    figure = Text(RIGHT - 3, 13, amount, ends=True)
    return Strip(height, (*texts, figure, Rule(_TOTALS_AT, height, RIGHT - _TOTALS_AT)))


def _bar(label: str, amount: str, colours: Palette) -> Strip:
    ink = colours.on_bar
    return Strip(
        28,
        (
            Fill(_TOTALS_AT, 0, RIGHT - _TOTALS_AT, 26, colours.bar),
            Text(_TOTALS_AT + 6, 17.3, label, BOLD, 11.5, ink),
            Text(RIGHT - 6, 17.3, amount, BOLD, 11.5, ink, ends=True),
        ),
    )


def _tax_notes(taxes: Sequence[TaxLine]) -> list[Group]:
    texts = dict.fromkeys(f"{tax.code}: {tax.note}" for tax in taxes if tax.note)
    return [(space(1.5 * MM), *_paragraph(text, 8.5)) for text in texts]


def particulars(document: Document, notes: Notation) -> Block | None:
    """Lay out payment on the left and the frame order on the right."""
    halves = []
    if document.kind is not DocumentKind.CREDIT_NOTE:
        halves.append(("Payment", _payment(document, notes)))
    if document.draw_down:
        halves.append(("Frame order", _frame_order(document.kind, document.draw_down, notes)))
    strips = [
        _card(name, pairs, LEFT + at * (RIGHT - LEFT - _HALF))
        for at, (name, pairs) in enumerate(halves)
    ]
    return Block(((space(6 * MM), beside(*strips)),)) if strips else None


def _payment(document: Document, notes: Notation) -> list[Pair]:
    seller = document.seller
    due = f"{document.currency} {notes.money(document.total, document.currency)}"
    return [
        ("Payment terms", terms(document)),
        ("Due date", notes.day(document.due_date)),
        ("Amount due", due if document.total else f"{due} (nothing to pay)"),
        ("Account holder", seller.name if seller.iban else ""),
        ("IBAN", grouped(seller.iban)),
        ("BIC", seller.bic),
        ("Reference", document.number if seller.iban else ""),
    ]


def _frame_order(kind: DocumentKind, drawn: DrawDown, notes: Notation) -> list[Pair]:
    def balance(value: Decimal) -> str:
        if drawn.unit == "h":
            return f"{notes.quantity(value)} h"
        return f"{drawn.unit} {notes.money(value, drawn.unit)}"

    return [
        ("Frame order", drawn.frame_order),
        ("Title", drawn.title),
        ("PO number", drawn.po_number),
        ("Unit", "hours" if drawn.unit == "h" else drawn.unit),
        ("Balance before", balance(drawn.before)),
        (f"This {TITLES[kind].lower()}", balance(drawn.drawn)),
        ("Remaining", balance(drawn.after)),
    ]


def _card(name: str, pairs: Sequence[Pair], x: float) -> Strip:
    """Lay labelled facts out under a heading, half a page wide."""
    heading = Strip(20, (Text(x, 11, name, BOLD, 10), Rule(x, 16, _HALF)))
    return one_strip([heading, *(_fact(label, value, x) for label, value in pairs if value)])


def _fact(label: str, value: str, x: float) -> Strip:
    lines = clipped(wrapped(value, REGULAR, 8.5, _HALF - 28 * MM), 4)
    values = (
        Text(x + 28 * MM, baseline(8.5) + leading(8.5) * at, line, size=8.5)
        for at, line in enumerate(lines)
    )
    mark = Text(x, baseline(8.5), label, size=8.5, colour=SOFT)
    return Strip(leading(8.5) * len(lines) + 1.5, (mark, *values))


def remarks(document: Document) -> Block | None:
    """Lay out the notes, and what a reader of this kind of document has to know."""
    known = {
        DocumentKind.PRO_FORMA: "A pro forma is not a tax invoice; the invoice follows.",
        DocumentKind.CREDIT_NOTE: (
            "Negative amounts are in your favour. The amount is credited to your account."
        ),
    }
    hint = known.get(document.kind)
    hints = [(space(4 * MM), *_paragraph(hint, 9))] if hint else []
    lines = _paragraph(document.notes, 9) if document.notes else ()
    heading = Strip(20, (Text(LEFT, 11, "Notes", BOLD, 10), Rule(LEFT, 16, RIGHT - LEFT)))
    written = [(space(6 * MM), heading, *lines)] if lines else []
    return Block((*hints, *written)) if hints or written else None


def _paragraph(text: str, size: float) -> Group:
    return tuple(
        Strip(leading(size), (Text(LEFT, baseline(size), line, size=size),))
        for line in wrapped(text, REGULAR, size, RIGHT - LEFT)
    )
