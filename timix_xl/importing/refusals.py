"""Whole files that cannot be taken: beside errors.FileUnreadable and errors.FileRefused."""

from timix_xl.errors import Conflict, ExportError, InputError


class FormatNotUnderstood(InputError):
    """A file of a kind that this version does not read."""

    code = "IMP-03"
    says = "{file} is {what}."
    do = (
        "Understood are a books file (JSON or .xlsx), detailed timesheet exports of Toggl, "
        "Clockify, Harvest and Kimai, and entries whose first line names the columns: "
        "id, date, project, quantity and more (CSV or .xlsx)."
    )


class BooksMissing(InputError):
    """Entries for a store in which no project stands yet."""

    code = "FIND-09"
    says = "The store has no projects yet; nothing of {file} was imported."
    do = "Import a books file with the customers and their projects first, then this file."


class FileTooBig(InputError):
    """A file beyond what is read."""

    code = "IMP-04"
    says = "{file} has {size} MB; at most {limit} MB are read."
    do = "Split it into several files; they can be given to one import, in order."


class WorkbookNotTaken(InputError):
    """A workbook with something in it that no spreadsheet program writes."""

    code = "IMP-05"
    says = "{file} is not taken: {why}."
    do = "Open it in a spreadsheet program and save it under a new name, without a password."


class SheetTooBig(InputError):
    """A sheet beyond what is read."""

    code = "IMP-06"
    says = "{file}: {sheet} has {rows} rows and {columns} columns; at most {most_rows} rows and {most_columns} columns are read."
    do = "Delete what does not belong to the table, or split it into several files."


class DateOrderUnclear(InputError):
    """A file whose dates could be read in two ways."""

    code = "IMP-07"
    says = "{file}: {why}."
    do = "Say how its dates read: --date-order dmy (day first) or --date-order mdy (month first)."


class DatesConverted(InputError):
    """A file in which some dates are no longer written as the program wrote them."""

    code = "IMP-58"
    says = (
        "{file}: {slashed} and {other} are not written alike; "
        "some dates were converted by a spreadsheet program."
    )
    do = "Export it again and import it without opening it in between."


class MappingNotUnderstood(InputError):
    """A mapping file with something in it that cannot be used."""

    code = "IMP-08"
    says = "The mapping file {file} cannot be used: {why}."
    do = "Correct that place, or have a new one written: --dry-run --write-mapping MAP.json."


class NotThatFormat(InputError):
    """A file that lacks columns of the format that was named for it."""

    code = "IMP-09"
    says = "{file} is no {format} file: it has no {columns}."
    do = "Leave --format out to have the file looked at, or export it again with these columns."


class NotABooksFile(Conflict):
    """A file in the place of an export that holds something else."""

    code = "IMP-78"
    says = "{path} is there and holds no books; nothing was written."
    do = "Give another name, or move that file away first."


class BooksNotWritten(ExportError):
    """A books file that the operating system does not let us write."""

    code = "IMP-94"
    says = "{path} cannot be written: {why}."
    do = "Close the file if it is open in another program, or choose another folder."


class SheetTooLong(ExportError):
    """More rows than a books workbook may have to be taken in again."""

    code = "IMP-95"
    says = "The sheet {sheet} would have {count} rows; a workbook is read up to {most} rows."
    do = "Export JSON instead: timix-xl export books books.json."
