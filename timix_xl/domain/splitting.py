"""Priced entries -> documents: by customer location, Bill Separately task, and invoice group."""

from collections.abc import Iterable
from typing import NamedTuple

from timix_xl.domain.pricing import PricedEntry


class Split(NamedTuple):
    """What all entries of a document have in common."""

    location: str | None
    separate: tuple[str, str] | None
    """(project, task) that is billed separately."""
    group: str = ""
    """The invoice group of their steps; the default rule has none."""


def split(
    entries: Iterable[PricedEntry], *, by_group: bool = False
) -> dict[Split, list[PricedEntry]]:
    """Sort entries into the documents they go on; the main document first, then by code.

    Invoice groups are for runs of the engine (`by_group`). Rules and steps alone split nothing.
    """
    documents: dict[Split, list[PricedEntry]] = {}
    for priced in entries:
        place = split_of(priced) if by_group else split_of(priced)._replace(group="")
        documents.setdefault(place, []).append(priced)
    return dict(sorted(documents.items(), key=lambda pair: _order(pair[0])))


def split_of(priced: PricedEntry) -> Split:
    """Return which document of a run of the engine an entry goes on."""
    separate = (priced.entry.project, priced.separate_task) if priced.separate_task else None
    return Split(priced.location, separate, priced.step.invoice_group if priced.step else "")


def _order(place: Split) -> tuple[str, tuple[str, str], str]:
    return (place.location or "", place.separate or ("", ""), place.group)
