"""How the sections of a month-end pack are written: figures, names, and a heading over a table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from timix_xl.billing.pack import Pack
from timix_xl.documents.faces import BOLD, REGULAR
from timix_xl.documents.marks import (
    INK,
    LEFT,
    MM,
    RIGHT,
    SOFT,
    Group,
    Rule,
    Strip,
    Text,
    baseline,
    leading,
    space,
)
from timix_xl.documents.notation import Notation
from timix_xl.documents.pages import Block
from timix_xl.documents.palette import Palette
from timix_xl.documents.tables import Across, Column, Row, Strong, table
from timix_xl.documents.typesetting import wrapped
from timix_xl.domain.frame_orders import HOURS
from timix_xl.domain.wip import Work

SIZE = 7.5
LEAST = 5.0
LEAST_ROWS = 3
"""So many rows at least stand below a heading before a page ends."""
NOTHING = "-"
"""Stands for zero in wide tables, so that what there is stands out."""


@dataclass(frozen=True, slots=True)
class Writer:
    """The pack, and how it is written."""

    pack: Pack
    colours: Palette
    notes: Notation

    def who(self, customer: str) -> str:
        """Write a customer with its name."""
        name = dict(self.pack.names).get(customer, "")
        return f"{customer} {name}" if name else customer

    def money(self, amount: Decimal, currency: str) -> str:
        """Write an amount."""
        return self.notes.money(amount, currency)

    def moneys(self, amounts: Iterable[Decimal], currency: str) -> list[str]:
        """Write amounts; zero is a dash."""
        return [self.money(each, currency) if each else NOTHING for each in amounts]

    def in_unit(self, figure: Decimal, unit: str) -> str:
        """Write hours, or money."""
        return self.notes.quantity(figure) if unit == HOURS else self.money(figure, unit)

    def work(self, one: Work, currency: str) -> str:
        """Write money above hours; nothing is a dash."""
        if one == Work():
            return NOTHING
        return f"{self.money(one.amount, currency)}\n{self.notes.quantity(one.hours)} h"

    def section(
        self,
        heading: str,
        columns: Sequence[Column],
        rows: Sequence[Row | Strong | Across],
        *,
        totals: Sequence[Row] = (),
        size: float = SIZE,
        says: str = "",
    ) -> Block:
        """Lay out a table under its heading, and what is to be said of it; or the word none."""
        if not rows:
            return none(heading)
        made = table(columns, rows, tint=self.colours.tint, size=size, least=LEAST, totals=totals)
        said = [paragraph(says)] if says else []
        last = 1 + len(totals)
        groups = (*made.groups[:-last], joined(made.groups[-last:]), *said)
        return replace(
            made, groups=groups, head=(*heading_strips(heading), *made.head), least=LEAST_ROWS
        )


def none(heading: str) -> Block:
    """Lay out a section that is empty."""
    word = Strip(leading(9), (Text(LEFT, baseline(9), "none", size=9, colour=SOFT),))
    return Block(((*heading_strips(heading), word),))


def joined(groups: Iterable[Group]) -> Group:
    """Make one group of several, so that totals do not stand alone on the next page."""
    return tuple(strip for group in groups for strip in group)


def heading_strips(text: str) -> Group:
    """Lay out the heading of a section."""
    lines = wrapped(text, BOLD, 12, RIGHT - LEFT)
    strips = [
        Strip(leading(12), (Text(LEFT, baseline(12), line, BOLD, 12, INK),)) for line in lines
    ]
    return (space(5.5 * MM), *strips, Strip(2 * MM, (Rule(LEFT, MM, RIGHT - LEFT),)))


def paragraph(text: str) -> Group:
    """Lay out a small remark."""
    lines = wrapped(text, REGULAR, 7, RIGHT - LEFT)
    return tuple(
        Strip(leading(7) + 2, (Text(LEFT, baseline(7) + 2, line, size=7, colour=SOFT),))
        for line in lines
    )
