"""What an export looks like: the columns it must have, and where each of our facts stands."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

_CURRENCY = re.compile(r"\s*\(([A-Z]{3})?\)$")


class Fact(StrEnum):
    """What we take from an export; everything else in it is left where it is."""

    CLIENT = "client"
    PROJECT = "project"
    PROJECT_CODE = "project_code"
    TASK = "task"
    PERSON = "person"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    PERSON_CODE = "person_code"
    DESCRIPTION = "description"
    DATE = "date"
    END_DATE = "end_date"
    START = "start"
    CLOCK = "clock"
    """A duration in hours, minutes and perhaps seconds."""
    HOURS = "hours"
    """A duration as a number of hours, or as CLOCK."""
    ROUNDED = "rounded"
    """The hours that are to be billed, as a number."""
    BILLABLE = "billable"
    RATE = "rate"
    AMOUNT = "amount"
    CURRENCY = "currency"
    INVOICED = "invoiced"
    INVOICE = "invoice"
    APPROVED = "approved"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Shape:
    """An export of one program in one language; headers are written as `plain_header` has them.

    `needed` are the columns by which it is known. A fact may stand in one of several columns.
    """

    source: str
    needed: frozenset[str]
    columns: Mapping[Fact, tuple[str, ...]]


def plain_header(name: str) -> str:
    """Write a header without its currency, in small letters.

    >>> plain_header(" Amount (USD)"), plain_header("Amount ()"), plain_header("Duration (h)")
    ('amount', 'amount', 'duration (h)')
    """
    return " ".join(_CURRENCY.sub("", name.strip()).split()).casefold()


def currency_of_header(name: str) -> str:
    """Return the currency that a header carries, empty if none."""
    found = _CURRENCY.search(name.strip())
    return (found[1] or "") if found else ""


def fits(shape: Shape, header: Sequence[str]) -> bool:
    """Whether a header has all columns that a shape needs."""
    return shape.needed <= {plain_header(name) for name in header}


def fingerprint(shape: Shape, header: Sequence[str]) -> str:
    """Return what next month's file of the same shape has too: program and column names."""
    names = sorted(plain_header(name) for name in header)
    return hashlib.sha256("\n".join((shape.source, *names)).encode()).hexdigest()[:32]
