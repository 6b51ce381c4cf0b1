"""Shops with a project that is billed by pro forma, and its steps in short."""

from typing import Any

from tests.builders import ANN, Shop, day
from timix_xl.billing.bill import bill
from timix_xl.billing.issue_all import RunOutcome
from timix_xl.billing.pro_forma import open_, pro_forma
from timix_xl.billing.pro_forma_edit import edit
from timix_xl.billing.release import Released, release
from timix_xl.domain.invoices import Document, LineStatus
from timix_xl.domain.pro_forma_lines import LineEdit
from timix_xl.domain.pro_formas import ProForma
from timix_xl.store import documents
from timix_xl.store.chained import Actor

HELD, WRITTEN_OFF = LineStatus.HOLD_REMAINDER, LineStatus.WRITE_OFF_REMAINDER


def by_pro_forma(shop: Shop) -> Shop:
    """Let project P be billed by pro forma."""
    shop.change("projects", {"code": "P"}, pro_forma=True)
    return shop


def run(shop: Shop, upto: str = "2026-01-31", actor: Actor = ANN) -> str:
    """Bill project P up to a day; returns the number of its pro forma."""
    (done,) = bill(shop.store, "P", date=day(upto), actor=actor)
    assert done.outcome is RunOutcome.DONE, done
    assert done.issued is not None
    (number,) = done.issued.numbers
    return number


def typed(shop: Shop, number: str, line: int = 1, **facts: Any) -> ProForma:
    """Edit one line of a pro forma on hold."""
    return edit(shop.store, number, [LineEdit(line=line, **facts)], actor=ANN)


def opened(shop: Shop, number: str) -> str:
    """Open a pro forma."""
    open_(shop.store, number, actor=ANN)
    return number


def released(shop: Shop, number: str, actor: Actor = ANN, **options: Any) -> Released:
    """Open a pro forma and release it, issued unless the options say otherwise."""
    opened(shop, number)
    return release(shop.store, number, actor=actor, **({"issue": True} | options))


def invoiced(shop: Shop, upto: str = "2026-01-31", actor: Actor = ANN, **facts: Any) -> str:
    """Bill, edit the first line, release and issue; returns the number of the invoice."""
    number = run(shop, upto, actor)
    if facts:
        typed(shop, number, **facts)
    return released(shop, number, actor).document


def shown(shop: Shop, number: str, revision: int | None = None) -> ProForma:
    """Return a pro forma."""
    return pro_forma(shop.store, number, revision)


def paper(shop: Shop, number: str) -> Document:
    """Return a document as printed."""
    with shop.store.reading() as connection:
        (head,) = documents.heads(connection, number=number)
        return documents.printed(connection, [head.id])[head.id]


def state(shop: Shop, entry: str) -> str:
    """Say where an entry is: the document that claims it, else its own state."""
    query = (
        "SELECT COALESCE(d.number, p.number, 'DRAFT-' || d.id, e.state) FROM entries e"
        " LEFT JOIN claims c ON c.entry = e.id LEFT JOIN documents d ON d.id = c.document"
        f" LEFT JOIN pro_formas p ON p.document = d.id WHERE e.id = '{entry}'"
    )
    return str(shop.value(query))
