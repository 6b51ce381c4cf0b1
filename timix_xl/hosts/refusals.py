"""What a host refuses: the leaves of HostError, with what to do about each."""

from timix_xl.errors import HostError


class NotAWorkbook(HostError):
    """A file of another kind."""

    code = "HOST-01"
    says = "{path} is not an Excel workbook."
    do = 'Save it in Excel as "Excel Workbook (.xlsx)", then take that file.'


class WorkbookDamaged(HostError):
    """A workbook that cannot be read to its end."""

    code = "HOST-02"
    says = "{path} is damaged: {why}."
    do = (
        "Open it in Excel, let Excel repair it and save it under a new name, or take an older copy."
    )


class WorkbookLocked(HostError):
    """A workbook behind a password, or in the old binary format."""

    code = "HOST-03"
    says = "{path} has a password, or is an old .xls file."
    do = "Open it in Excel and save it as .xlsx without a password."


class WorkbookUnsafe(HostError):
    """A workbook with something in it that no spreadsheet program writes."""

    code = "HOST-04"
    says = "{path} is not taken: {why}."
    do = "Open it in Excel and save it under a new name, then take that file."


class WorkbookTooBig(HostError):
    """A workbook beyond what is read."""

    code = "HOST-05"
    says = "{path} is too big: {size}; at most {limit} can be read."
    do = "Take out rows and sheets that are not needed, or split the file."


class WorkbookInUse(HostError):
    """A file that another program holds open."""

    code = "HOST-06"
    says = "{path} is open in another program; it is as it was."
    do = "Close it there (if nobody has it open, delete {lock} beside it), then do this again."


class DiskFull(HostError):
    """No room for the new file."""

    code = "HOST-07"
    says = "{path} cannot be saved: the disk is full; the file is as it was."
    do = "Free some space, then do this again."


class NotSaved(HostError):
    """A file that the system does not let us write."""

    code = "HOST-08"
    says = "{path} cannot be saved ({why}); what was there is as it was."
    do = (
        "Close it in Excel if it is open, check that you may write in {folder}, then do this again."
    )


class WorkbookChanged(HostError):
    """A file that somebody saved after it was opened here."""

    code = "HOST-09"
    says = "{path} has been saved by somebody else since it was opened; it is as they left it."
    do = "Open it again, then do this again."


class TableBlocked(HostError):
    """Something stands where a table has to grow."""

    code = "HOST-10"
    says = "Table {table} needs {rows}, but {cell} is in the way."
    do = "Move what stands below the table elsewhere, for example to another sheet."


class TotalsInTheWay(HostError):
    """A table that ends in a totals row."""

    code = "HOST-11"
    says = "Table {table} has a totals row; it cannot change its size."
    do = "Switch off Table Design > Total Row, save, then do this again."


class TextNotStorable(HostError):
    """A text that no cell can hold."""

    code = "HOST-12"
    says = "{cell} cannot hold this text: {why}."
    do = "Please correct the text where it comes from."


class ValueNotStorable(HostError):
    """A value that no cell can hold."""

    code = "HOST-13"
    says = "{cell} cannot hold {value}: {why}."
    do = "Please write a finite number, a text, a date from 1900 on, or nothing."


class NotReadable(HostError):
    """A file that the system does not let us read."""

    code = "HOST-14"
    says = "{path} cannot be read ({why})."
    do = "Close it in Excel if it is open, check that you may read in {folder}, then do this again."


class NoProgram(HostError):
    """A machine without a program that opens workbooks."""

    code = "HOST-15"
    says = "No program that opens workbooks was found; {path} is there and was not opened."
    do = "Install LibreOffice or Excel, or open the file on another machine."
