"""What stands on every page of a month-end pack: brand bar, sender, page, month and its state."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from timix_xl.billing.pack import Pack
from timix_xl.documents.faces import REGULAR
from timix_xl.documents.marks import (
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
from timix_xl.documents.typesetting import clipped, wrapped

_SIZE = 7.0
_FOOT = HEIGHT - 21 * MM


def title(pack: Pack, notes: Notation) -> str:
    """Return what the pack is called."""
    return f"Month-end pack {notes.month(pack.first)}"


def state(pack: Pack, notes: Notation) -> str:
    """Say whether the month is closed, and since when."""
    if pack.closed:
        day = dt.date.fromisoformat(pack.closed.at[:10])
        return f"Closed on {notes.day(day)} by {pack.closed.by}"
    if pack.made <= pack.last:
        return "Provisional: the month is not over"
    return "Provisional: the month is not closed"


@dataclass(frozen=True, slots=True)
class PackStationery:
    """What is the same on every page but for the page number."""

    pack: Pack
    colours: Palette
    notes: Notation
    across: str = ""

    @property
    def author(self) -> str:
        """Return whose month it is."""
        return self.pack.company.name

    @property
    def day(self) -> dt.date:
        """Return the last day of the month."""
        return self.pack.last

    def marks(self, page: int, pages: int) -> Iterator[Mark]:
        """Return the marks of a page, counted from the top of the paper."""
        yield Fill(0, 0, WIDTH, 2.5 * MM, self.colours.bar)
        yield Rule(LEFT, _FOOT, RIGHT - LEFT)
        for at, line in enumerate(clipped(self._sender(), 3)):
            yield self._small(LEFT, at, line)
        pack, notes = self.pack, self.notes
        right = (f"Page {page} of {pages}", title(pack, notes), state(pack, notes))
        for at, line in enumerate(right):
            yield self._small(RIGHT, at, line, ends=True)

    def _sender(self) -> list[str]:
        made = f"As of {self.notes.day(self.pack.last)}, made on {self.notes.day(self.pack.made)}"
        return [*wrapped(self.pack.company.name, REGULAR, _SIZE, 100 * MM)[:2], made]

    def _small(self, x: float, at: int, line: str, *, ends: bool = False) -> Text:
        y = _FOOT + 10 + leading(_SIZE) * at
        return Text(x, y, line, size=_SIZE, colour=SOFT, ends=ends)
