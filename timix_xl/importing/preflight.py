"""Refuse a workbook from outside that may not be read, in the words of an import."""

from collections.abc import Callable, Mapping
from pathlib import Path

from timix_xl import preflight
from timix_xl.errors import FileUnreadable, InputError
from timix_xl.importing.refusals import FormatNotUnderstood, SheetTooBig, WorkbookNotTaken
from timix_xl.preflight import Unfit, Wrong

MOST_ROWS = 200_000
MOST_COLUMNS = 256


def check(path: Path, content: bytes) -> bool:
    """Refuse what is no workbook or holds what no spreadsheet program writes.

    Returns whether there are formulas in it.
    """
    try:
        return preflight.check(
            content, most_rows=MOST_ROWS, most_columns=MOST_COLUMNS, reads_tables=False
        )
    except Unfit as unfit:
        raise _WORDS[unfit.wrong](path, **unfit.facts) from unfit


def damaged(path: Path, why: str) -> FileUnreadable:
    """Word the refusal of a workbook that cannot be read to its end."""
    instead = (
        "Open it in a spreadsheet program and save it under a new name, or take an older copy."
    )
    return FileUnreadable(file=path, why=f"it is damaged ({why})", instead=instead)


def too_big(path: Path, sheet: str, rows: int, columns: int) -> SheetTooBig:
    """Word the refusal of a sheet beyond what is read."""
    return SheetTooBig(
        file=path,
        sheet=sheet,
        rows=f"{rows:,}",
        columns=f"{columns:,}",
        most_rows=f"{MOST_ROWS:,}",
        most_columns=MOST_COLUMNS,
    )


def _other_format(path: Path, what: str) -> FileUnreadable:
    instead = "Open it in a spreadsheet program and save it as .xlsx, then import that file."
    return FileUnreadable(file=path, why=f"it is {what}", instead=instead)


def _no_workbook(path: Path) -> FormatNotUnderstood:
    return FormatNotUnderstood(file=path, what="a zip file, but no .xlsx workbook")


def _not_taken(path: Path, why: str = "it has a password") -> WorkbookNotTaken:
    return WorkbookNotTaken(file=path, why=why)


def _too_much(path: Path, size: str, limit: str) -> WorkbookNotTaken:
    return WorkbookNotTaken(file=path, why=f"it has {size}; at most {limit} are read")


_WORDS: Mapping[Wrong, Callable[..., InputError]] = {
    Wrong.OTHER_FORMAT: _other_format,
    Wrong.NO_WORKBOOK: _no_workbook,
    Wrong.LOCKED: _not_taken,
    Wrong.DAMAGED: damaged,
    Wrong.UNSAFE: _not_taken,
    Wrong.TOO_BIG: _too_much,
    Wrong.SHEET_TOO_BIG: too_big,
}
