"""A small extract of a software company's work, and what it comes to, worked out apart.

Forty entries of two people on two tasks; nothing here knows timix_xl. Ann's hour is 95.55, Ben's
101.25; hours are odd on purpose, so that a line over many entries is not the sum of its entries.
Deferred is the entry of 20 January, written off is E07; the others are billed, by task.

    task   person    hours     rate      line
    build  ann     10.8666    95.55   1038.30
    build  ben     11.9499   101.25   1209.93
    care   ann      6.5166    95.55    622.66
    care   ben      6.5166   101.25    659.81
                   35.8497            3530.70   + 19 % tax 670.83 = 4201.53

Entry by entry the same hours come to 3530.74: 0.04 more.
"""

import csv
import datetime as dt
import io
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
RATES = {"ann": Decimal("95.55"), "ben": Decimal("101.25")}
HOURS = [Decimal(text) for text in ("0.3333", "1.25", "0.6667", "2.1", "0.3333", "1.0833", "0.75")]
TAX_PERCENT = Decimal(19)
WRITTEN_OFF = "E07"
DEFERRED_ON = dt.date(2026, 1, 20)

BOOKS = {
    "company": {
        "name": "Tinker Works Ltd",
        "country": "DE",
        "currency": "EUR",
        "tax_id": "DE123456789",
        "address": ["1 Mill Lane"],
        "postcode": "20095",
        "city": "Hamburg",
    },
    "tax_codes": [{"code": "S19", "category": "S", "rates": [{"percent": "19"}]}],
    "customers": [{"code": "001", "name": "Nordwind AG", "currency": "EUR", "tax_code": "S19"}],
    "people": [{"code": "ann", "name": "Ann Abel"}, {"code": "ben", "name": "Ben Berg"}],
    "projects": [{"code": "PORTAL", "customer": "001", "name": "Portal"}],
    "tasks": [{"project": "PORTAL", "code": "build"}, {"project": "PORTAL", "code": "care"}],
    "bill_rates": [
        {"rate": "95.55", "customer": "001", "person": "ann"},
        {"rate": "101.25", "customer": "001", "person": "ben"},
    ],
}


@dataclass(frozen=True)
class Work:
    """One entry."""

    id: str
    date: dt.date
    task: str
    person: str
    hours: Decimal

    @property
    def amount(self) -> Decimal:
        """The entry's own amount."""
        return rounded(self.hours * RATES[self.person])


def rounded(amount: Decimal) -> Decimal:
    """Round half up to the cent."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def work() -> Iterator[Work]:
    """Give the forty entries."""
    for at in range(40):
        yield Work(
            id=f"E{at:02d}",
            date=dt.date(2026, 1, 1 + at % 31),
            task="build" if at % 3 else "care",
            person="ann" if at % 2 else "ben",
            hours=HOURS[at % len(HOURS)],
        )


def entries_csv() -> str:
    """Write the entries as the entries CSV."""
    text = io.StringIO()
    columns = ("id", "date", "project", "task", "person", "description", "quantity", "status")
    writer = csv.writer(text)
    writer.writerow(columns)
    for one in work():
        words = f"{one.task} {one.id}"
        row = (one.id, one.date, "PORTAL", one.task, one.person, words, one.hours, "approved")
        writer.writerow(row)
    return text.getvalue()


def decision(one: Work) -> str:
    """Say what becomes of an entry."""
    if one.id == WRITTEN_OFF:
        return "Write off"
    return "Defer" if one.date == DEFERRED_ON else "Bill"


def of(word: str) -> list[Work]:
    """Give the entries with a decision."""
    return [one for one in work() if decision(one) == word]


def hours(entries: list[Work]) -> Decimal:
    """Add up hours."""
    return sum((one.hours for one in entries), Decimal(0))


def amount(entries: list[Work]) -> Decimal:
    """Add up the entries' own amounts."""
    return sum((one.amount for one in entries), Decimal(0))


def lines() -> dict[tuple[str, str], Decimal]:
    """Give the invoice's lines by task and person: hours times rate, rounded once."""
    grouped: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for one in of("Bill"):
        grouped[one.task, one.person] += one.hours
    return {key: rounded(total * RATES[key[1]]) for key, total in grouped.items()}


SUBTOTAL = sum(lines().values(), Decimal(0))
TAX = rounded(SUBTOTAL * TAX_PERCENT / 100)
ROUNDING = SUBTOTAL - amount(of("Bill"))
