"""Priced entries -> documents: one per customer location and per Bill Separately task."""

from collections.abc import Iterable

from timix_xl.domain.pricing import PricedEntry

Split = tuple[str | None, tuple[str, str] | None]
"""(location, (project, task) that is billed separately)."""


def split(entries: Iterable[PricedEntry]) -> dict[Split, list[PricedEntry]]:
    """Sort entries into the documents they go on; the main document first, then by code."""
    documents: dict[Split, list[PricedEntry]] = {}
    for priced in entries:
        documents.setdefault(_document_of(priced), []).append(priced)
    return dict(sorted(documents.items(), key=lambda pair: _order(pair[0])))


def _document_of(priced: PricedEntry) -> Split:
    separate = (priced.entry.project, priced.separate_task) if priced.separate_task else None
    return (priced.location, separate)


def _order(place: Split) -> tuple[str, tuple[str, str]]:
    location, separate = place
    return (location or "", separate or ("", ""))
