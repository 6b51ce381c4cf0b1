"""Rate tables: which rate of a type holds for an entry on a day, by ordered sequences."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from itertools import combinations
from typing import NamedTuple, TypeAlias

from timix_xl.domain.rates import Dated


class Factor(StrEnum):
    """What a sequence can ask for."""

    PROJECT = "project"
    TASK = "task"
    ACCOUNT_GROUP = "account_group"
    ITEM = "item"
    EMPLOYEE = "employee"


@dataclass(frozen=True, slots=True, kw_only=True)
class RateSequence:
    """The factors that must all match, tried in ascending order of `seq`."""

    seq: int
    factors: frozenset[Factor]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRate(Dated):
    """A rate of a sequence: a value for each of its factors."""

    seq: int
    project: str | None = None
    task: str | None = None
    account_group: str | None = None
    item: str | None = None
    employee: str | None = None


class RatePlace(NamedTuple):
    """Where an entry stands when its rate is looked up; `tasks` from the entry's own upwards.

    What the entry lacks is None: it matches no sequence that asks for it.
    """

    project: str | None = None
    tasks: tuple[str, ...] = ()
    account_group: str | None = None
    item: str | None = None
    employee: str | None = None

    @property
    def levels(self) -> list["Key"]:
        """A value for each factor; once for each task of the chain, or once without any."""
        return [
            (self.project, task, self.account_group, self.item, self.employee)
            for task in self.tasks or (None,)
        ]


Key: TypeAlias = tuple[str | None, ...]
"""Values of factors, in the order of Factor."""


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The rates of one sequence by key, the dated ones first; `asks` are places in a level."""

    asks: tuple[int, ...]
    asks_for_task: bool
    rates: dict[Key, list[TableRate]]

    def find(self, levels: list[Key], day: dt.date) -> Decimal | None:
        for level in levels if self.asks_for_task else levels[:1]:
            for rate in self.rates.get(tuple([level[at] for at in self.asks]), ()):
                if rate.holds_on(day):
                    return rate.rate
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class RateTable:
    """The rates of one table and one rate type, in the currency of the customer that is billed."""

    code: str
    rate_type: str
    sequences: tuple[RateSequence, ...]
    rates: tuple[TableRate, ...]
    _shelves: tuple[_Shelf, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Sort the rates by sequence and key."""
        object.__setattr__(self, "_shelves", tuple(self._shelved()))

    def find(self, place: RatePlace, day: dt.date) -> Decimal | None:
        """Return the rate of the first sequence that has one for this place on the day.

        All its factors have to match; an entry of a subtask matches the rates of its own task
        before those of a parent, the nearest first. A dated rate wins over an undated one.
        """
        levels = place.levels
        for shelf in self._shelves:
            rate = shelf.find(levels, day)
            if rate is not None:
                return rate
        return None

    def overlaps(self) -> list[tuple[TableRate, TableRate]]:
        """Return the pairs of one sequence and key that overlap: neither would be the first."""
        return [
            (first, second)
            for shelf in self._shelves
            for rates in shelf.rates.values()
            for first, second in combinations(rates, 2)
            if first.overlaps(second)
        ]

    def _shelved(self) -> Iterator[_Shelf]:
        by_seq: dict[int, list[TableRate]] = {}
        for rate in sorted(self.rates, key=lambda one: not one.dated):
            by_seq.setdefault(rate.seq, []).append(rate)
        for sequence in sorted(self.sequences, key=lambda one: one.seq):
            factors = [factor for factor in Factor if factor in sequence.factors]
            by_key: dict[Key, list[TableRate]] = {}
            for rate in by_seq.get(sequence.seq, ()):
                key = tuple(getattr(rate, factor.value) for factor in factors)
                by_key.setdefault(key, []).append(rate)
            # An entry that lacks a factor has None there: it must not meet a rate that lacks it.
            full = {key: rates for key, rates in by_key.items() if None not in key}
            asks = tuple(list(Factor).index(factor) for factor in factors)
            yield _Shelf(asks, Factor.TASK in sequence.factors, full)
