"""Reconcile: what a document bills, holds back and writes off is what its entries brought."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from timix_xl.domain.entries import Kind
from timix_xl.domain.invoices import BilledEntry, Document, Line
from timix_xl.domain.money import ZERO, minor_unit, plain, total, worded
from timix_xl.domain.wip import Work, not_printed
from timix_xl.errors import DoesNotReconcile


def document_reconciles(document: Document) -> None:
    """Check own + added by hand + raised + rounding = billed + held + written off.

    In hours and in money, line by line, as nothing of one line makes up for another. Own, and what
    was raised, come from the entries, the rest from the lines; rounding is bounded. Raises
    DoesNotReconcile.
    """
    why = next(reasons(document), None)
    if why:
        raise DoesNotReconcile(difference=why)


def reasons(document: Document) -> Iterator[str]:
    """Say in what a document does not reconcile; nothing, if it does."""
    on_line: dict[int, list[BilledEntry]] = {line.line: [] for line in document.lines}
    for one in document.billed:
        on_line.setdefault(one.line, []).append(one)
    for line in document.lines:
        own = on_line[line.line]
        found = _of_entries(line, own, document.currency) if own else _by_hand(line)
        yield from (f"line {line.line}: {why}" for why in found)
    for strange in sorted(on_line.keys() - {line.line for line in document.lines}):
        yield f"there are entries on line {strange}, which is not there"


def _by_hand(line: Line) -> Iterator[str]:
    """Say what a line without an entry cannot have: it is added, and billed as it is."""
    if line.billed_amount is not None or line.held or line.written_off:
        yield "it has no entry, and holds something back"


def _of_entries(line: Line, billed: Sequence[BilledEntry], currency: str) -> Iterator[str]:
    own, printed = _own(line, billed), _work(line, line.quantity, line.amount)
    left_out, raised = _left_out(line), _raised(line, billed)
    rounding = _billed(line).amount - own.amount
    settled = printed + left_out + -raised
    if own.hours != settled.hours:
        yield f"{plain(own.hours)} h of its entries, {plain(settled.hours)} h settled"
    if own.amount + rounding != settled.amount:
        loaded, found = (worded(one, currency) for one in (own.amount + rounding, settled.amount))
        yield f"{loaded} of its entries, {found} settled"
    if abs(rounding) > minor_unit(currency) * (len(billed) + 1) / 2:
        yield f"rounding of {worded(rounding, currency)}"
    if total(one.amount for one in billed) != line.amount:
        yield "its entries do not share its amount"
    if total(one.quantity for one in billed) != line.quantity:
        yield "its entries do not share its quantity"


def _work(line: Line, quantity: Decimal, amount: Decimal) -> Work:
    return Work(quantity if line.kind is Kind.TIME else ZERO, amount)


def _own(line: Line, billed: Sequence[BilledEntry]) -> Work:
    """Return what the entries brought, each rounded by itself."""
    own = total(one.quantity if one.own_quantity is None else one.own_quantity for one in billed)
    return _work(line, own, total(one.exact_amount for one in billed))


def _billed(line: Line) -> Work:
    """Return what the rule made of the line."""
    quantity = line.quantity if line.billed_quantity is None else line.billed_quantity
    return _work(line, quantity, line.amount if line.billed_amount is None else line.billed_amount)


def _left_out(line: Line) -> Work:
    """Return what of the line is held or written off: hours as the quantity says, money as noted."""
    billed = _billed(line)
    hours, _ = not_printed(billed.hours, _work(line, line.quantity, line.amount).hours)
    return Work(hours, line.held + line.written_off)


def _raised(line: Line, billed: Sequence[BilledEntry]) -> Work:
    """Return what was added to the line by hand: hours as the quantity says, money as noted."""
    _, hours = not_printed(_billed(line).hours, _work(line, line.quantity, line.amount).hours)
    return Work(hours, total(one.raised for one in billed))
