"""Whether a formula can be read, and whether what it names is there."""

from collections.abc import Iterator

from tests.ooxml.book import Book, Sheet
from tests.ooxml.formulas import LONGEST, BadFormulaError, Formula, read
from tests.ooxml.functions import LATER, PLAIN
from tests.ooxml.package import length


def problems_of(book: Book, text: str, sheet: Sheet | None = None) -> Iterator[str]:
    """Say what Excel would not take in a formula: it drops it, or shows an error for ever.

    ECMA-376-1, 18.17.2 (grammar); 8,192 characters: Excel's specifications and limits.
    """
    if text.startswith("="):
        yield "begins with an equals sign, which files leave out"
        return
    if length(text) > LONGEST:
        yield f"is {length(text)} characters long, more than {LONGEST}"
    try:
        formula = read(text)
    except BadFormulaError as problem:
        yield f"cannot be read, {problem}: {text[:80]}"
        return
    yield from missing(book, formula, sheet)


def missing(book: Book, formula: Formula, sheet: Sheet | None) -> Iterator[str]:
    """Say which sheets, names, tables, columns and functions of a formula are not there."""
    if "#REF!" in formula.errors:
        yield "has #REF! where something was deleted"
    sheets = {one.name.lower() for one in book.sheets}
    for name in sorted(formula.sheets):
        if name.lower() not in sheets:
            yield f"names the sheet {name}, which is not there"
    for prefix, name in sorted(formula.names, key=repr):
        if not _is_defined(book, name, prefix or (sheet.name if sheet else "")):
            yield f"names {name}, which is not defined"
    for table, column in sorted(formula.tables, key=repr):
        yield from _missing_in_tables(book, table, column)
    for function in sorted(formula.functions):
        yield from _unknown(book, function)


def _is_defined(book: Book, name: str, sheet: str) -> bool:
    if name.lower() in book.tables:
        return True
    scopes = {str(at) for at, one in enumerate(book.sheets) if one.name.lower() == sheet.lower()}
    return any(
        one.name.lower() == name.lower() and (one.scope is None or one.scope in scopes)
        for one in book.names
    )


def _missing_in_tables(book: Book, table: str, column: str | None) -> Iterator[str]:
    found = book.tables.get(table.lower())
    if not table:
        yield f"names a column [{column}] without its table"
    elif found is None:
        yield f"names the table {table}, which is not there"
    elif column is not None:
        columns = {one.lower() for one in found.column_names}
        if column.lower() not in columns:
            yield f"names the column {table}[{column}], which is not there"


def _unknown(book: Book, function: str) -> Iterator[str]:
    name = function.removeprefix("_XLFN.").removeprefix("_XLWS.")
    if function in LATER:
        yield f"calls {function} without _xlfn. before it"
    elif name not in LATER and function not in PLAIN and not book.has_macros:
        yield f"calls {function}, which Excel has not"
