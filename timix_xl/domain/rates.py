"""Which bill rate holds for an entry on a day: the default rule's look-up, nearest first."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

Key: TypeAlias = tuple[str | None, str | None, str | None, str | None]
"""(customer, project, task, person); what a level does not ask for is None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A rate and when it holds; both ends are inclusive.

    `since` None means from the beginning, `until` None for ever.
    """

    rate: Decimal
    since: dt.date | None = None
    until: dt.date | None = None

    @property
    def dated(self) -> bool:
        """Whether it is limited in time; a dated rate wins over an undated one."""
        return self.since is not None or self.until is not None

    def holds_on(self, day: dt.date) -> bool:
        """Whether the rate holds on a day."""
        return (self.since or dt.date.min) <= day <= (self.until or dt.date.max)

    def overlaps(self, other: "Dated") -> bool:
        """Whether two rates of one key would both hold on some day with equal right."""
        return (
            self.dated == other.dated
            and (self.since or dt.date.min) <= (other.until or dt.date.max)
            and (other.since or dt.date.min) <= (self.until or dt.date.max)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BillRate(Dated):
    """A rate per hour for a customer, project, task or person, or a pair of those.

    A person's rate is in the company's currency, every other in the customer's.
    """

    customer: str | None = None
    project: str | None = None
    task: str | None = None
    person: str | None = None

    @property
    def key(self) -> Key:
        """The level and key at which this rate is found; a project stands for its customer."""
        customer = None if self.project else self.customer
        return (customer, self.project, self.task, self.person)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands when its rate is looked up; `tasks` from the entry's own upwards."""

    customer: str
    project: str
    tasks: tuple[str, ...]
    person: str | None


class RateBook:
    """All bill rates, ready to be looked up."""

    def __init__(self, rates: Iterable[BillRate]) -> None:
        self._rates: dict[Key, list[BillRate]] = {}
        for rate in rates:
            self._rates.setdefault(rate.key, []).append(rate)
        for found in self._rates.values():
            found.sort(key=lambda rate: not rate.dated)

    def find(self, place: Place, day: dt.date, *, company_currency: bool) -> Decimal | None:
        """Return the nearest rate that holds on the day.

        Person rates are in the company's currency: they are looked up only when that is the
        customer's too.
        """
        levels = _levels(place)
        for key in levels if company_currency else levels[:-1]:
            for rate in self._rates.get(key, ()):
                if rate.holds_on(day):
                    return rate.rate
        return None

    def overlaps(self) -> list[tuple[BillRate, BillRate]]:
        """Return the pairs of one key that overlap: neither would be the nearest."""
        return [
            (first, second)
            for rates in self._rates.values()
            for at, first in enumerate(rates)
            for second in rates[at + 1 :]
            if first.overlaps(second)
        ]


def _levels(place: Place) -> Sequence[Key]:
    """List the keys to try: task x person; task and its parents; project x person; …; person."""
    project, person = place.project, place.person
    return (
        *([(None, project, place.tasks[0], person)] if person and place.tasks else []),
        *((None, project, task, None) for task in place.tasks),
        *([(None, project, None, person)] if person else []),
        (None, project, None, None),
        *([(place.customer, None, None, person)] if person else []),
        (place.customer, None, None, None),
        (None, None, None, person or ""),
    )
