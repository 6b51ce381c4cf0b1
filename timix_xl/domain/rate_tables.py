"""Rate tables: which rate of a type holds for an entry on a day, by ordered sequences."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


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
class TableRate:
    """A rate of a sequence: a value for each of its factors; both ends of its time inclusive.

    `since` None means from the beginning, `until` None for ever.
    """

    seq: int
    rate: Decimal
    project: str | None = None
    task: str | None = None
    account_group: str | None = None
    item: str | None = None
    employee: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RateTable:
    """The rates of one table and one rate type."""

    code: str
    rate_type: str
    sequences: tuple[RateSequence, ...]
    rates: tuple[TableRate, ...]
