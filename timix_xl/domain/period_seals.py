"""Period seals: what a store held at a moment, kept elsewhere to be compared with it later."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from timix_xl.domain.invoices import DocumentKind
from timix_xl.domain.money import ZERO
from timix_xl.domain.seal import mark


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedSum:
    """What the documents of a period come to in a currency."""

    currency: str
    subtotal: Decimal = ZERO
    tax: Decimal = ZERO
    total: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedSeries:
    """A number series up to the end of a period: its last document, and those of the period.

    `documents` are "NUMBER MARK", in the order of their numbers, without a gap up to the last one.
    """

    kind: DocumentKind
    year: int
    """0 where the numbers have none."""
    count: int
    first: str | None
    """The first number of the period; None if it has none."""
    last: str
    """The last number up to the end of the period, whether or not it is of the period."""
    last_seq: int
    seal: str
    """Of the last document: it covers every document before it."""
    hours: Decimal
    sums: tuple[SealedSum, ...]
    documents: tuple[str, ...]

    @property
    def first_seq(self) -> int:
        """The place from which the documents are known: the last one is, in any case."""
        return self.last_seq - max(self.count, 1) + 1

    @property
    def known(self) -> dict[int, tuple[str, str]]:
        """The documents that are known, by place: number, and what is known of the seal."""
        found = {}
        for seq, document in enumerate(self.documents, start=self.first_seq):
            number, _, extract = document.rpartition(" ")
            found[seq] = (number, extract)
        found[self.last_seq] = (self.last, self.seal)
        return found


def listed(number: str, seal: str) -> str:
    """Write a document as a seal of its period lists it."""
    return f"{number} {mark(seal)}"


@dataclass(frozen=True, slots=True)
class SealedTable:
    """How far a chained table had come: its last row covers every row before it."""

    name: str
    length: int
    head: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodSeal:
    """What a store held when it was sealed; documents by their issue dates, both inclusive.

    `events` counts by kind what happened to documents in the period; `pro_forma_numbers` is how
    many have ever been taken, of any period.
    """

    store: str
    company: str
    made_at: str
    made_by: str
    timix_xl: str
    since: dt.date | None
    """None: from the beginning."""
    until: dt.date
    series: tuple[SealedSeries, ...]
    pro_forma_numbers: int
    events: dict[str, int]
    tables: tuple[SealedTable, ...]

    @property
    def count(self) -> int:
        """How many documents of the period it covers."""
        return sum(one.count for one in self.series)
