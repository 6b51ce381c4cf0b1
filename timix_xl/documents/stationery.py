"""What stands on every page: brand bar, footer, and the mark of a void or a draft."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from timix_xl.documents.faces import REGULAR
from timix_xl.documents.marks import (
    ALARM,
    HEIGHT,
    LEFT,
    MM,
    RIGHT,
    SOFT,
    WIDTH,
    Fill,
    Mark,
    Rule,
    Text,
    leading,
)
from timix_xl.documents.notation import Notation
from timix_xl.documents.palette import Palette
from timix_xl.documents.typesetting import clipped, one_line, wrapped
from timix_xl.documents.wording import title
from timix_xl.domain.invoices import Document
from timix_xl.domain.seal import mark

_SIZE = 7.0
_FOOT = HEIGHT - 21 * MM


@dataclass(frozen=True, slots=True)
class Void:
    """When and why a document was voided."""

    date: date
    reason: str


@dataclass(frozen=True, slots=True)
class Stationery:
    """What is the same on every page but for the page number."""

    document: Document
    colours: Palette
    notes: Notation
    seal: str
    void: Void | None

    @property
    def author(self) -> str:
        """Return who sends the document."""
        return self.document.seller.name

    @property
    def day(self) -> date:
        """Return the day on the paper."""
        return self.document.issue_date

    @property
    def across(self) -> str:
        """Return the word that runs across every page, or nothing."""
        if self.void:
            return "VOID"
        return "" if self.document.number else "DRAFT"

    def marks(self, page: int, pages: int) -> Iterator[Mark]:
        """Return the marks of a page, counted from the top of the paper."""
        yield Fill(0, 0, WIDTH, 2.5 * MM, self.colours.bar)
        yield from self._banner()
        yield Rule(LEFT, _FOOT, RIGHT - LEFT)
        for at, line in enumerate(self._sender()):
            yield self._small(LEFT, at, line)
        for at, line in enumerate(self._right(page, pages)):
            yield self._small(RIGHT, at, line, ends=True)

    def _banner(self) -> Iterator[Mark]:
        if self.void:
            text = f"VOID since {self.notes.day(self.void.date)}: {self.void.reason}"
            lines = clipped(wrapped(text, REGULAR, _SIZE, RIGHT - LEFT), 3)
            for at, line in enumerate(lines):
                yield Text(LEFT, 6 * MM + leading(_SIZE) * at, line, size=_SIZE, colour=ALARM)

    def _sender(self) -> list[str]:
        seller = self.document.seller
        tax_id = f"Tax ID {seller.tax_id}" if seller.tax_id else ""
        rows = ((seller.name, tax_id), (seller.contact, seller.email, seller.phone))
        texts = (" · ".join(filter(None, row)) for row in rows)
        lines = [part for text in texts for part in wrapped(text, REGULAR, _SIZE, 122 * MM)]
        return clipped(lines, 4)

    def _right(self, page: int, pages: int) -> list[str]:
        seal = f"Seal {mark(self.seal)}" if self.seal else ""
        name = one_line(title(self.document), REGULAR, _SIZE, 45 * MM)
        return [f"Page {page} of {pages}", name, seal]

    def _small(self, x: float, at: int, line: str, *, ends: bool = False) -> Text:
        y = _FOOT + 10 + leading(_SIZE) * at
        return Text(x, y, line, size=_SIZE, colour=SOFT, ends=ends)
