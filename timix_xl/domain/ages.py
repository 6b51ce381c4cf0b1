"""Ages: how long money is overdue, or work unbilled, in buckets."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Age:
    """A bucket of days, both ends inclusive; `last` is None where it has no end."""

    name: str
    first: int | None
    last: int | None

    def holds(self, days: int) -> bool:
        """Whether so many days belong here."""
        return (self.first is None or days >= self.first) and (
            self.last is None or days <= self.last
        )


RECEIVABLE_AGES = (
    Age("Not due", None, 0),
    Age("1-30 days", 1, 30),
    Age("31-60 days", 31, 60),
    Age("61-90 days", 61, 90),
    Age("Over 90 days", 91, None),
)
"""By days past the due date."""

WIP_AGES = (
    Age("0-30 days", None, 30),
    Age("31-60 days", 31, 60),
    Age("61-90 days", 61, 90),
    Age("Over 90 days", 91, None),
)
"""By days since the entry's date."""


def age_of(days: int, ages: Sequence[Age]) -> Age:
    """Return the bucket that holds so many days."""
    return next(age for age in ages if age.holds(days))
