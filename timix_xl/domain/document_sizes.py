"""Sizes of documents: lines and totals that are more than can be kept, and more than anyone owes."""

from collections.abc import Iterator

from timix_xl.domain import faults
from timix_xl.domain.invoices import Document
from timix_xl.domain.money import MOST
from timix_xl.errors import Fault, some_of

_MOST = f"{MOST:,f}"


def document_size_faults(document: Document, where: str, place: str = "") -> list[Fault]:
    """Name the lines that are too large; else the totals that they add up to.

    `place` says which document of several it is.
    """
    return list(_lines(document, where, place)) or list(_totals(document, where, place))


def _lines(document: Document, where: str, place: str) -> Iterator[Fault]:
    for line in document.lines:
        numbers = {"a quantity": line.quantity, "an amount": line.amount}
        for what, number in numbers.items():
            if abs(number) >= MOST:
                facts = {"line": f"{line.line}{place}", "what": what, "most": _MOST}
                entries = some_of(line.entries) or "the line"
                yield faults.LINE_TOO_LARGE.at(where, **facts, entries=entries)


def _totals(document: Document, where: str, place: str) -> Iterator[Fault]:
    numbers = {
        "number of hours": document.hours,
        "subtotal": document.subtotal,
        "total": document.total,
    }
    for what, number in numbers.items():
        if abs(number) >= MOST:
            yield faults.DOCUMENT_TOO_LARGE.at(where, what=f"{what}{place}", most=_MOST)
            return
