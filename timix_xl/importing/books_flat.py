"""Books as rows of sheets: a list within a row becomes rows of a sheet of its own."""

from collections.abc import Iterator, Mapping
from typing import Any

from timix_xl.importing.books_export import Books, Record
from timix_xl.importing.books_sheets import BY_NAME, NEXT, SERIES, YEAR, BookSheet


def flat_rows(books: Books, form: BookSheet) -> list[Record]:
    """Return the rows of a sheet; what is empty is not there."""
    records = books.rows.get(form.section, ())
    if not form.field:
        return [dict(record) for record in records]
    if form.field == "next_numbers":
        return [row for record in records for row in _next_numbers(record.get(form.field, {}))]
    key = BY_NAME[form.section].key
    return [
        {form.key: record[key], **child}
        for record in records
        for child in record.get(form.field, ())
    ]


def _next_numbers(numbers: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    for key, number in numbers.items():
        series, _, year = key.partition(":")
        yield {SERIES: series, **({YEAR: int(year)} if year else {}), NEXT: number}
