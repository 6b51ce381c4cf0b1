"""Priced entries -> lines: what may share a line, and what the line says."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from timix_xl.domain.books import Books
from timix_xl.domain.entries import Entry
from timix_xl.domain.invoices import BilledEntry, Document, Line
from timix_xl.domain.money import allocate, rounded, total
from timix_xl.domain.pricing import PricedEntry

T = TypeVar("T")


class GroupBy(StrEnum):
    """What a line of the invoice stands for."""

    ENTRY = "entry"
    TASK = "task"
    PERSON = "person"
    DAY = "day"
    WEEK = "week"
    PROJECT = "project"


@dataclass(frozen=True, slots=True)
class GroupedLine:
    """A line with the entries it bills."""

    line: Line
    billed: tuple[BilledEntry, ...]


def grouped_lines(
    entries: Iterable[PricedEntry], books: Books, group_by: GroupBy, currency: str
) -> list[GroupedLine]:
    """Group entries into numbered lines, in the order of their first entry.

    Entries share a line only if project, kind, item, unit, unit price, tax code and tax percent
    agree: the printed quantity x price is always the printed amount.
    """
    groups: dict[tuple[object, ...], list[PricedEntry]] = {}
    for priced in sorted(entries, key=_in_order):
        groups.setdefault(_key(priced, group_by), []).append(priced)
    return [
        _line(number, group, books, group_by, currency)
        for number, group in enumerate(groups.values(), start=1)
    ]


def _in_order(priced: PricedEntry) -> tuple[str, dt.date, str]:
    return (priced.entry.project, priced.entry.date, priced.entry.id)


_GROUPS: dict[GroupBy, Callable[[Entry], object]] = {
    GroupBy.ENTRY: lambda entry: entry.id,
    GroupBy.TASK: lambda entry: entry.task,
    GroupBy.PERSON: lambda entry: entry.person,
    GroupBy.DAY: lambda entry: entry.date,
    GroupBy.WEEK: lambda entry: entry.date.isocalendar()[:2],
    GroupBy.PROJECT: lambda _: None,
}


def _key(priced: PricedEntry, group_by: GroupBy) -> tuple[object, ...]:
    entry = priced.entry
    return (
        _GROUPS[group_by](entry),
        entry.project,
        entry.kind,
        entry.item,
        entry.unit,
        priced.rate,
        priced.tax_code,
        priced.tax_percent,
    )


def grouping_of(document: Document) -> GroupBy:
    """Tell how a document's lines were grouped; by entry where nothing else makes these lines."""
    for group_by in sorted(GroupBy, key=lambda one: one not in _BEGINS):
        if _makes_its_lines(group_by, document):
            return group_by
    return GroupBy.ENTRY


def _makes_its_lines(group_by: GroupBy, document: Document) -> bool:
    begins = _BEGINS.get(group_by, _with_anything)
    keys: dict[int, set[object]] = {}
    for one in document.billed:
        line = document.lines[one.line - 1]
        if not line.description.startswith(begins(one)):
            return False
        alike = (one.project, one.kind, one.item, one.unit, one.rate)
        key = (_PRINTED[group_by](one), *alike, line.tax_code, line.tax_percent)
        keys.setdefault(one.line, set()).add(key)
    every = [key for some in keys.values() for key in some]
    return len(every) == len(set(every)) == len(keys)


def _with_anything(_: BilledEntry) -> str:
    return ""


_BEGINS: dict[GroupBy, Callable[[BilledEntry], str]] = {
    GroupBy.PERSON: lambda one: one.person_name or "\0",
    GroupBy.DAY: lambda one: one.date.isoformat(),
    GroupBy.WEEK: lambda _: "Week ",
}
"""How the description of a line begins where it tells the grouping."""

_PRINTED: dict[GroupBy, Callable[[BilledEntry], object]] = {
    GroupBy.ENTRY: lambda one: one.entry,
    GroupBy.TASK: lambda one: one.task,
    GroupBy.PERSON: lambda one: one.person,
    GroupBy.DAY: lambda one: one.date,
    GroupBy.WEEK: lambda one: one.date.isocalendar()[:2],
    GroupBy.PROJECT: lambda _: None,
}


def _line(
    number: int, group: list[PricedEntry], books: Books, group_by: GroupBy, currency: str
) -> GroupedLine:
    first = group[0].entry
    quantity = total(priced.entry.billable_quantity for priced in group)
    amount = rounded(quantity * group[0].rate, currency)
    line = Line(
        line=number,
        project=first.project,
        task=_common([priced.entry.task for priced in group]),
        description=_description(first, books, group_by),
        quantity=quantity,
        unit=first.unit,
        unit_price=group[0].rate,
        amount=amount,
        tax_code=group[0].tax_code,
        tax_percent=group[0].tax_percent or Decimal(0),
        kind=first.kind,
        date=first.date if group_by in {GroupBy.ENTRY, GroupBy.DAY} else None,
        person=_common([priced.entry.person for priced in group]),
        item=first.item,
        entries=tuple(priced.entry.id for priced in group),
    )
    return GroupedLine(line, _billed(line, group, books, currency))


def _common(values: list[T]) -> T | None:
    return values[0] if len(set(values)) == 1 else None


def _billed(
    line: Line, group: list[PricedEntry], books: Books, currency: str
) -> tuple[BilledEntry, ...]:
    exact = {each.entry.id: each.entry.billable_quantity * each.rate for each in group}
    shares = allocate(line.amount, exact, currency)
    return tuple(
        BilledEntry(
            entry=priced.entry.id,
            line=line.line,
            date=priced.entry.date,
            project=priced.entry.project,
            task=priced.entry.task,
            kind=priced.entry.kind,
            quantity=priced.entry.billable_quantity,
            unit=priced.entry.unit,
            rate=priced.rate,
            amount=shares[priced.entry.id],
            exact_amount=priced.amount,
            person=priced.entry.person,
            person_name=_person(priced.entry, books),
            item=priced.entry.item,
            description=priced.entry.description,
        )
        for priced in group
    )


def _description(entry: Entry, books: Books, group_by: GroupBy) -> str:
    if group_by is GroupBy.ENTRY and entry.description:
        return entry.description
    project = books.projects[entry.project]
    name = project.name or project.code
    work = _work(entry, books)
    item = work if entry.item else ""
    year, week, _ = entry.date.isocalendar()
    return {
        GroupBy.ENTRY: work,
        GroupBy.TASK: name if work == project.code else f"{name}: {work}",
        GroupBy.PERSON: ": ".join(part for part in (_person(entry, books), name, item) if part),
        GroupBy.DAY: f"{entry.date.isoformat()}: {name}",
        GroupBy.WEEK: f"Week {year}-W{week:02d}: {name}",
        GroupBy.PROJECT: name,
    }[group_by]


def _work(entry: Entry, books: Books) -> str:
    """Name the item or the task; a project without tasks has one of its own code."""
    item = books.items.get(entry.item or "")
    task = books.tasks[entry.project, entry.task]
    return item.name or item.code if item else task.name or task.code


def _person(entry: Entry, books: Books) -> str:
    person = books.people.get(entry.person or "")
    return person.name if person else entry.person or ""
