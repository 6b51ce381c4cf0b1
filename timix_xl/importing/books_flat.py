"""Books as rows of sheets: a list within a row becomes rows of a sheet of its own."""

from collections.abc import Iterator, Mapping
from typing import Any

from timix_xl.importing.books_export import Books, Record
from timix_xl.importing.books_sheets import NEXT, SERIES, YEAR, BookSheet
from timix_xl.importing.cells import NO_WORDS


def flat_rows(books: Books, form: BookSheet) -> list[Record]:
    """Return the rows of a sheet; what is empty is not there."""
    records = books.rows.get(form.section, ())
    if not form.field:
        return [dict(record) for record in records]
    if form.field == "next_numbers":
        return [row for record in records for row in _next_numbers(record.get(form.field, {}))]
    names = dict(zip(form.parent, form.names_of_parent, strict=True))
    return [
        {name: record[own] for name, own in names.items()} | _flat(child)
        for record in records
        for child in record.get(form.field, ())
    ]


def _flat(child: Record) -> Record:
    """Write a list of words as one text."""
    return {
        name: (", ".join(value) or NO_WORDS) if isinstance(value, list) else value
        for name, value in child.items()
    }


def _next_numbers(numbers: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    for key, number in numbers.items():
        series, _, year = key.partition(":")
        yield {SERIES: series, **({YEAR: int(year)} if year else {}), NEXT: number}
