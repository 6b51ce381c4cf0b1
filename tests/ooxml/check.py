"""Finds what Excel would refuse or repair: python -m tests.ooxml.check FILE…"""

import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests.ooxml import (
    attributes,
    cells,
    drawings,
    highlights,
    names,
    ribbons,
    sheets,
    styles,
    tables,
    types,
    validations,
    workbooks,
    zips,
)
from tests.ooxml.book import Book
from tests.ooxml.package import Package

_OF_BOOK = (
    *attributes.RULES,
    *workbooks.RULES,
    *names.RULES,
    *styles.RULES,
    *tables.BOOK_RULES,
    *cells.BOOK_RULES,
    *drawings.BOOK_RULES,
)
_OF_SHEET = (
    *sheets.RULES,
    *cells.RULES,
    *tables.RULES,
    *validations.RULES,
    *highlights.RULES,
    *drawings.RULES,
)


def problems_in(file: Path | str | bytes) -> list[str]:
    """Give what Excel would refuse or repair, or show as an error; nothing for a good file."""
    content = file if isinstance(file, bytes) else Path(file).read_bytes()
    try:
        package = Package(content)
    except zipfile.BadZipFile as problem:
        return [f"the file is no zip: {problem}"]
    unreadable = [problem for rule in zips.RULES for problem in rule(package)]
    if unreadable:
        return unreadable
    extension = "" if isinstance(file, bytes) else Path(file).suffix.lower()
    return [*_of_extension(package, extension), *_of_package(package), *_of_book(Book(package))]


def _of_extension(package: Package, extension: str) -> Iterator[str]:
    """Excel refuses a file whose extension is not that of its content type."""
    kind = package.type_of(package.workbook or "")
    if types.WORKBOOKS.get(extension, kind) != kind:
        yield f"the file is an {extension} and its workbook a {kind}"


def _of_package(package: Package) -> Iterator[str]:
    for rule in (*zips.RULES_OF_READABLE, *types.RULES, *ribbons.RULES):
        yield from rule(package)


def _of_book(book: Book) -> Iterator[str]:
    for rule in _OF_BOOK:
        yield from rule(book)
    for sheet in book.worksheets:
        for of_sheet in _OF_SHEET:
            for problem in of_sheet(book, sheet):
                yield f"{sheet.name}: {problem}"


def main(files: list[str]) -> int:
    """Print the problems of files; 1 if there are any."""
    found = [f"{file}: {problem}" for file in files for problem in problems_in(file)]
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
