"""Priced entries -> lines of a run of the engine: as the steps of their billing rules say."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence

from timix_xl.domain.billing_rules import DESCRIPTION_CHARACTERS, AggregateBy
from timix_xl.domain.books import Books
from timix_xl.domain.entries import Entry, Kind
from timix_xl.domain.grouping import GroupedLine, common, joined, own_description
from timix_xl.domain.money import rounded, total
from timix_xl.domain.pricing import PricedEntry


def engine_lines(entries: Iterable[PricedEntry], books: Books, currency: str) -> list[GroupedLine]:
    """Put entries on numbered lines, by step, rule, date and id of their first entry.

    Lines of zeros that a step does not create come last: they settle their entries, and are not
    printed.
    """
    groups: dict[tuple[object, ...], list[PricedEntry]] = {}
    for priced in sorted(entries, key=_in_order):
        groups.setdefault(_key(priced), []).append(priced)
    drops = {key: _is_dropped(group, currency) for key, group in groups.items()}
    in_order = sorted(groups, key=lambda key: drops[key])
    return [
        _line(number, groups[key], books, currency, printed=not drops[key])
        for number, key in enumerate(in_order, start=1)
    ]


def invoice_description(entries: Iterable[PricedEntry]) -> str:
    """Return what the topmost step that has something to say says of its first entry."""
    texts = (priced.invoice_description for priced in sorted(entries, key=_in_order))
    return next((text for text in texts if text), "")[:DESCRIPTION_CHARACTERS]


def _in_order(priced: PricedEntry) -> tuple[bool, int, str, dt.date, str]:
    """Sort by step; the default rule, which has none, comes first."""
    step = priced.step.step if priced.step else 0
    return (bool(priced.step), step, priced.rule or "", priced.entry.date, priced.entry.id)


_TICKED: dict[AggregateBy, Callable[[Entry], object]] = {
    AggregateBy.DATE: lambda entry: entry.date,
    AggregateBy.EMPLOYEE: lambda entry: entry.person,
    AggregateBy.VENDOR: lambda entry: entry.vendor,
    AggregateBy.ITEM: lambda entry: entry.item,
}


def _key(priced: PricedEntry) -> tuple[object, ...]:
    """Tell what a line has in common; a remainder, or an entry of no such step, stands alone."""
    entry, step = priced.entry, priced.step
    if step is None or not step.aggregate_by or entry.kind is Kind.REMAINDER:
        return (entry.id,)
    return (
        *(priced.rule, step.step, entry.project, entry.task),
        *(_TICKED[field](entry) for field in AggregateBy if field in step.aggregate_by),
        *(entry.kind, entry.unit, entry.billable),
        *(priced.rate, priced.has_unit_price, priced.tax_code, priced.tax_percent),
    )


def _is_dropped(group: Sequence[PricedEntry], currency: str) -> bool:
    """Tell whether the step creates no line: of zeros, unless the line is information."""
    first = group[0]
    if first.step is None or first.step.create_zero_lines or not first.entry.billable:
        return False
    quantity, exact = total(each.quantity for each in group), total(each.exact for each in group)
    return not quantity and not rounded(exact, currency)


def _line(
    number: int, group: Sequence[PricedEntry], books: Books, currency: str, *, printed: bool
) -> GroupedLine:
    step, work = group[0].step, [priced.entry for priced in group]
    return joined(
        number,
        group,
        books,
        currency,
        description=own_description(group[0], books),
        date=common(work, "date"),
        step=step.step if step else None,
        account_group=common(work, "account_group"),
        printed=printed,
    )
