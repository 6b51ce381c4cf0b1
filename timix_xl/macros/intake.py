"""Taking in files: books, entries, and exports of timesheet programs."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import xlwings as xw

from timix_xl.billing.survey import survey
from timix_xl.errors import Fault, FileRefused, counted
from timix_xl.importing import faults as row_faults
from timix_xl.importing.faults import RowFault
from timix_xl.importing.refusals import BooksMissing
from timix_xl.importing.take_in import ImportReport, take_in
from timix_xl.macros.desk import Desk
from timix_xl.macros.guard import macro
from timix_xl.macros.refusals import NamesNotKnown
from timix_xl.workbook import billing_sheet, checks_sheet

ASKED_BY_MAPPING = {row_faults.NOT_MAPPED.code, row_faults.SAY_WHICH_ORDER.code}
MOST_FAULTS = 500
"""More rows than this do not help a person; the command line shows them all."""


@macro
def import_entries(book: xw.Book, desk: Desk) -> ImportReport:
    """Import the file that the Billing sheet names, all of it or nothing."""
    billing_sheet.check_for_import(book)
    path = desk.folder_for(book) / _at_home(Path(billing_sheet.import_file(book)))
    day = billing_sheet.billing_date(book) or desk.actor.today
    report = take_in(desk.store, [path], actor=desk.actor)
    if report.refused:
        raise _refusal(path, report)
    billing_sheet.show_customers(book, survey(desk.store, day))
    billing_sheet.clear_import_file(book)
    checks_sheet.show(book, _faults(report.warnings, "warning"))
    billing_sheet.say(book, _imported_words(path, report))
    return report


def _at_home(path: Path) -> Path:
    """Write out the home folder that ~ stands for; a user whom nobody knows has none."""
    with suppress(RuntimeError):
        return path.expanduser()
    return path


def _refusal(path: Path, report: ImportReport) -> FileRefused | NamesNotKnown | BooksMissing:
    """Word why nothing was imported, with every row that stands in the way."""
    found = (*_faults(report.refused, "error"), *_faults(report.warnings, "warning"))
    if report.lacks_books:
        refusal = BooksMissing(file=path)
        first = Fault(refusal.code, path.name, refusal.message, refusal.hint)
        refusal.faults = (first, *found)
        return refusal
    if all(one.code in ASKED_BY_MAPPING for one in report.refused):
        names = len({(one.column, one.message) for one in report.refused})
        return NamesNotKnown(file=path, count=counted(names, "name"), faults=found)
    rows = counted(len({one.row for one in report.refused}), "row")
    return FileRefused(file=path, count=rows, faults=found)


def _faults(found: tuple[RowFault, ...], level: str) -> tuple[Fault, ...]:
    """Turn what was found in a file into rows of Checks, the first of many."""
    told = [replace(one, file=Path(one.file).name).fault(level) for one in found[:MOST_FAULTS]]
    more = len(found) - MOST_FAULTS
    if more > 0:
        rest = f"{counted(more, 'more row')} like these."
        told.append(Fault(FileRefused.code, Path(found[0].file).name, rest, "", level))
    return tuple(told)


def _imported_words(path: Path, report: ImportReport) -> str:
    text = (
        f"Imported {path.name}: {counted(report.taken, 'row')} taken, {report.known:,} known already,"
        f" {report.changed:,} changed."
    )
    if report.drafts:
        verb = "waits" if report.drafts == 1 else "wait"
        text += f" {counted(report.drafts, 'entry')} {verb} for approval: not billable yet."
    if report.warnings:
        text += f" {counted(len(report.warnings), 'warning')}: see Checks."
    return text
