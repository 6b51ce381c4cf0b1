"""Priced entries -> lines: what may share a line, and what the line says."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from timix_xl.domain.books import Books
from timix_xl.domain.entries import Entry
from timix_xl.domain.invoices import BilledEntry, Document, Line
from timix_xl.domain.money import ZERO, allocate, rounded, total
from timix_xl.domain.pricing import PricedEntry


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
    agree: the printed quantity x price is always the printed amount. Money without a quantity has
    no unit price, and shares no line with what has one. What a billing rule priced, by whichever
    step, shares no line with what none did: its quantities are the rule's.
    """
    groups: dict[tuple[object, ...], list[PricedEntry]] = {}
    for priced in sorted(entries, key=_in_order):
        groups.setdefault(_key(priced, group_by), []).append(priced)
    return [
        joined(
            number,
            group,
            books,
            currency,
            description=_description(group[0], books, group_by),
            date=group[0].entry.date if group_by in {GroupBy.ENTRY, GroupBy.DAY} else None,
            step=group[0].step.step if group[0].step else None,
        )
        for number, group in enumerate(groups.values(), start=1)
    ]


def joined(
    number: int, group: Sequence[PricedEntry], books: Books, currency: str, **more: Any
) -> GroupedLine:
    """Put entries of one unit price on one line: their unrounded amounts, added up and rounded.

    `more` is what only the caller knows of the line: at least its description.
    """
    first, entries = group[0].entry, [priced.entry for priced in group]
    line = Line(
        line=number,
        project=first.project,
        task=common(entries, "task"),
        quantity=total(priced.quantity for priced in group),
        unit=first.unit,
        unit_price=group[0].rate,
        amount=rounded(total(priced.exact for priced in group), currency),
        tax_code=group[0].tax_code,
        tax_percent=group[0].tax_percent or ZERO,
        kind=first.kind,
        person=common(entries, "person"),
        item=common(entries, "item"),
        entries=tuple(entry.id for entry in entries),
        **more,
    )
    return GroupedLine(line, _billed(line, group, books, currency))


def common(entries: Sequence[Entry], fact: str) -> Any:
    """Return what all entries have in common, if they have it."""
    first = getattr(entries[0], fact)
    alike = all(getattr(entry, fact) == first for entry in entries[1:])
    return first if alike else None


def own_description(priced: PricedEntry, books: Books) -> str:
    """Return what a line of this entry alone says: the rule's text, its own, or what it is."""
    return priced.description or priced.entry.description or _work(priced.entry, books)


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
        priced.has_unit_price,
        priced.tax_code,
        priced.tax_percent,
        priced.step is None,
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
        tax = (line.tax_code, line.tax_percent)
        key = (_PRINTED[group_by](one), *alike, *tax, line.step is None)
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


def _billed(
    line: Line, group: Sequence[PricedEntry], books: Books, currency: str
) -> tuple[BilledEntry, ...]:
    shares = allocate(line.amount, {each.entry.id: each.exact for each in group}, currency)
    return tuple(
        BilledEntry(
            entry=priced.entry.id,
            line=line.line,
            date=priced.entry.date,
            project=priced.entry.project,
            task=priced.entry.task,
            kind=priced.entry.kind,
            quantity=priced.quantity,
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


def _description(priced: PricedEntry, books: Books, group_by: GroupBy) -> str:
    if group_by is GroupBy.ENTRY:
        return own_description(priced, books)
    entry = priced.entry
    project = books.projects[entry.project]
    name = project.name or project.code
    work = _work(entry, books)
    item = work if entry.item else ""
    year, week, _ = entry.date.isocalendar()
    return {
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
