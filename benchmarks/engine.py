"""Speed of the engine beside a hand-written loop that does the same arithmetic, in one run.

    python benchmarks/engine.py [COUNT ...]     (default: 1000 10000 100000)

Entries under three steps (a rate of a table, a markup on cost, an item's price) are priced, split
into documents and put on lines. The shares of formulas and rate look-ups are measured by doing
nothing else for the same entries.
"""

import datetime as dt
import sys
import time
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.builders import a_customer, an_entry, some_books
from timix_xl.domain.billing_rules import AggregateBy, BillingRule, Step
from timix_xl.domain.books import Books
from timix_xl.domain.customers import Location
from timix_xl.domain.engine_lines import engine_lines, invoice_description
from timix_xl.domain.entries import Entry, Kind
from timix_xl.domain.formulas.facts import Facts
from timix_xl.domain.items import Item, Price
from timix_xl.domain.money import total
from timix_xl.domain.pricing import PricedEntry, Pricer
from timix_xl.domain.projects import Project, Task
from timix_xl.domain.rate_tables import Factor, RatePlace, RateSequence, RateTable, TableRate
from timix_xl.domain.rule_pricing import activated
from timix_xl.domain.splitting import split

D = Decimal
COUNTS = (1_000, 10_000, 100_000)
UPTO = dt.date(2026, 1, 31)
PEOPLE = {f"p{at:02d}": D(80) + D(at) / 4 for at in range(40)}
ITEMS = {f"i{at:02d}": D(10) + D(at) / 10 for at in range(40)}
CENT, UNIT, MARKUP = D("0.01"), D("0.000001"), D("1.25")
ROUNDS = 3

STEPS = {
    "LABOR": Step(
        step=10,
        account_group="LABOR",
        rate_type="NORMAL",
        amount="=[Entry.BillableQty]*@Rate",
        line_description="=[Project.Code]+': '+[Entry.Description]",
        invoice_description="='Work on '+[Project.Name]",
    ),
    "SUBCON": Step(
        step=20,
        account_group="SUBCON",
        amount="=[Entry.Amount]*1.25",
        aggregate_by=frozenset({AggregateBy.EMPLOYEE}),
    ),
    "MATERIAL": Step(
        step=30,
        account_group="MATERIAL",
        amount="=[Entry.BillableQty]*@Price",
        aggregate_by=frozenset({AggregateBy.ITEM}),
        invoice_group="MATERIAL",
    ),
}


def books() -> Books:
    """Return a project of three tasks: one at a location, one billed separately."""
    return some_books(
        customer=a_customer(locations=(Location(code="NORTH"),)),
        projects=(
            Project(code="P", customer="ACME", name="Portal", billing_rule="R", rate_table="STD"),
        ),
        tasks=(
            Task(project="P", code="T0"),
            Task(project="P", code="T1", location="NORTH"),
            Task(project="P", code="T2", bill_separately=True),
        ),
        items={code: Item(code=code, prices=(Price(price=one),)) for code, one in ITEMS.items()},
        billing_rules={"R": BillingRule(code="R", steps=tuple(STEPS.values()))},
        rate_tables={("STD", "NORMAL"): rate_table()},
    )


def rate_table() -> RateTable:
    """Return three sequences; most entries find their rate in the last one."""
    asked = ({Factor.ITEM, Factor.EMPLOYEE}, {Factor.TASK, Factor.ITEM}, {Factor.EMPLOYEE})
    special = [TableRate(seq=1, rate=D(99), item="rush", employee=code) for code in PEOPLE]
    return RateTable(
        code="STD",
        rate_type="NORMAL",
        sequences=tuple(
            RateSequence(seq=at, factors=frozenset(one)) for at, one in enumerate(asked, 1)
        ),
        rates=(
            *special,
            *(TableRate(seq=3, rate=rate, employee=code) for code, rate in PEOPLE.items()),
        ),
    )


def entries(count: int) -> list[Entry]:
    """Return entries of all three steps, tasks, forty people and forty items, over January."""
    people, items, groups = list(PEOPLE), list(ITEMS), list(STEPS)
    return [
        an_entry(
            f"E{at:06d}",
            date=dt.date(2026, 1, 1 + at % 31),
            task=f"T{at % 7 % 3}",
            account_group=groups[at % 3],
            kind=Kind.MATERIAL if at % 3 == 2 else Kind.TIME,
            person=people[at % 40],
            item=items[at % 40] if at % 3 == 2 else None,
            quantity=D(at % 97 + 1) / 4,
            cost_amount=D(at % 89 + 1) * 7 / 4,
        )
        for at in range(count)
    ]


def engine(found: Books, work: list[Entry]) -> Decimal:
    """Price, split, and put on lines."""
    pricer = Pricer(found, UPTO, {}, for_engine=True)
    priced = [one for one in map(pricer.price, work) if isinstance(one, PricedEntry)]
    amount = D(0)
    for document in split(priced, by_group=True).values():
        amount += total(each.line.amount for each in engine_lines(document, found, "EUR"))
        assert invoice_description(document) in {"Work on Portal", ""}
    return amount


def by_hand(work: list[Entry]) -> Decimal:
    """Do the same arithmetic for these three steps and no others, in one loop."""
    documents: dict[object, dict[object, list[tuple[Decimal, Decimal, Decimal]]]] = {}
    for one in work:
        key: tuple[object, ...]
        if one.account_group == "LABOR":
            exact, key = one.billable_quantity * PEOPLE[one.person or ""], (one.id,)
        elif one.account_group == "SUBCON":
            exact, key = (one.cost_amount or D(0)) * MARKUP, (one.task, one.person)
        else:
            exact, key = one.billable_quantity * ITEMS[one.item or ""], (one.task, one.item)
        rate = (exact / one.billable_quantity).quantize(UNIT, ROUND_HALF_UP)
        own = exact.quantize(CENT, ROUND_HALF_UP)
        place = (one.task, one.account_group == "MATERIAL")
        line = documents.setdefault(place, {}).setdefault((*key, rate), [])
        line.append((one.billable_quantity, exact, own))
    return total(
        total(exact for _, exact, _ in line).quantize(CENT, ROUND_HALF_UP)
        for document in documents.values()
        for line in document.values()
    )


def formulas(found: Books, work: list[Entry]) -> Callable[[], None]:
    """Make ready what does nothing but calculate every formula of every entry."""
    steps = {group: activated("R", step) for group, step in STEPS.items()}
    facts = [facts_of(found, one) for one in work]

    def act() -> None:
        for one in facts:
            step = steps[one.entry.account_group]
            step.quantity.number(one)
            step.amount.number(one)
            for text in (step.description, step.invoice_description):
                if text:
                    text.words(one)

    return act


def facts_of(found: Books, entry: Entry) -> Facts:
    return Facts(
        entry=entry,
        task=found.tasks["P", entry.task],
        project=found.projects["P"],
        customer=found.customers["ACME"],
        rate=PEOPLE[entry.person or ""],
        price=ITEMS.get(entry.item or ""),
        cost=entry.cost_amount,
    )


def look_ups(work: list[Entry]) -> Callable[[], None]:
    """Make ready what does nothing but look the rates up that the first step asks for."""
    table, asking = rate_table(), [one for one in work if one.account_group == "LABOR"]

    def act() -> None:
        for one in asking:
            place = RatePlace("P", (one.task,), one.account_group, one.item, one.person)
            assert table.find(place, one.date)

    return act


def timed(action: Callable[[], Any]) -> tuple[float, Any]:
    """Return the shortest of some rounds, in seconds of the processor, and the result."""
    rounds = []
    for _ in range(ROUNDS):
        started = time.process_time()
        result = action()
        rounds.append(time.process_time() - started)
    return min(rounds), result


def measured(count: int) -> dict[str, float]:
    """Return seconds by what was done; both ways come to the same amount."""
    found, work = books(), entries(count)
    lowest, expected = timed(lambda: by_hand(work))
    taken, amount = timed(lambda: engine(found, work))
    assert amount == expected, (amount, expected)
    return {
        "by hand": lowest,
        "engine": taken,
        "of it formulas": timed(formulas(found, work))[0],
        "of it rate look-ups": timed(look_ups(work))[0],
    }


def report(counts: Iterable[int]) -> Table:
    """Set the engine beside the loop, by number of entries."""
    table = Table("entries", "what", "seconds", "µs/entry", "x by hand", "share of the engine")
    for count in counts:
        seconds = measured(count)
        for name, taken in seconds.items():
            share = f"{taken / seconds['engine']:.0%}" if name.startswith("of it") else ""
            times = f"{taken / seconds['by hand']:.1f}"
            cells = (f"{taken:.3f}", f"{taken / count * 1e6:.1f}", times, share)
            table.add_row(f"{count:,}" if name == "by hand" else "", name, *cells)
    return table


if __name__ == "__main__":
    Console().print(report([int(word) for word in sys.argv[1:]] or COUNTS))
