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
    says = "{path} is open in another program{holder}; it is as it was."
    do = "Close it there (if nobody has it open, delete {lock} beside it), then do this again."

    def __init__(self, *, where: str = "", holder: str = "", **facts: str) -> None:
        """Take who holds it, if that is known."""
        told = {**facts, "holder": f" ({holder})" if holder else ""}
        super().__init__(where=where, faults=(), **told)


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


class CalcMissing(HostError):
    """A machine without LibreOffice Calc, or one where it is not found."""

    code = "HOST-16"
    says = "LibreOffice Calc was not found: {looked}."
    do = (
        "On Debian and Ubuntu: sudo apt install libreoffice-calc python3-uno. Elsewhere: install"
        " LibreOffice {wanted} or newer with Calc, from libreoffice.org. If it is installed, set"
        " TIMIX_SOFFICE to the full path of its soffice."
    )


class CalcTooOld(HostError):
    """A LibreOffice from before what this host speaks with."""

    code = "HOST-17"
    says = "LibreOffice {version} in {folder} is too old; {wanted} or newer is needed."
    do = (
        "Install a newer LibreOffice (Debian and Ubuntu: sudo apt update, then sudo apt install"
        " libreoffice-calc python3-uno; elsewhere: from libreoffice.org). If there is one, set"
        " TIMIX_SOFFICE to the full path of its soffice."
    )


class UnoMissing(HostError):
    """A LibreOffice without what lets Python reach it."""

    code = "HOST-18"
    says = "LibreOffice in {folder} cannot be reached from Python: {missing} is not there."
    do = (
        "On Debian and Ubuntu: sudo apt install python3-uno. On Fedora: sudo dnf install"
        " libreoffice-pyuno. Elsewhere: install LibreOffice from libreoffice.org, with its Python"
        " parts, and set TIMIX_SOFFICE to the full path of its soffice."
    )


class UnoOfOtherPython(HostError):
    """A LibreOffice whose uno was built for another Python than this one."""

    code = "HOST-19"
    says = "LibreOffice in {folder} is reached from Python {theirs} only; this is Python {ours}."
    do = (
        "Install timix-xl with Python {theirs} (python{theirs} -m venv timix, then timix/bin/pip"
        " install timix-xl), or install a LibreOffice whose uno is for Python {ours} and set"
        " TIMIX_SOFFICE to the full path of its soffice."
    )


class CalcNotStarted(HostError):
    """A LibreOffice that did not come up."""

    code = "HOST-20"
    says = "LibreOffice ({soffice}) did not start: {why}."
    do = "Start it by hand, answer what it asks, close it again, then do this again."


class CalcGone(HostError):
    """A LibreOffice that ended while it was being used."""

    code = "HOST-21"
    says = "LibreOffice has ended while it was being used; what was not saved in it is gone."
    do = "Start it again, open the workbook, load it anew and look, then go on."


class CalcSilent(HostError):
    """A LibreOffice that does not answer any more."""

    code = "HOST-22"
    says = "LibreOffice has not answered for {seconds}; timix-xl has stopped waiting for it."
    do = (
        "Look at LibreOffice: answer what it asks, or end it and open the workbook again. Load the"
        " sheet anew and look before going on."
    )


class NoDisplay(HostError):
    """A machine, or a session, without a screen to show a window on."""

    code = "HOST-23"
    says = "LibreOffice cannot show a window here: there is no display."
    do = (
        "Log in to the desktop of the machine and do this there, or work without a window:"
        " timix-xl --help lists the commands."
    )


class CalcRefused(HostError):
    """Something that LibreOffice Calc does not do."""

    code = "HOST-24"
    says = "LibreOffice Calc did not do this ({member}): {why}."
    do = (
        "Check that the sheet is not protected and that no cell of it is being typed in, then do"
        " this again."
    )


class NoFileYet(HostError):
    """A workbook that was never saved, to be saved without a name."""

    code = "HOST-25"
    says = "{name} has no file yet; nothing was saved."
    do = "Save it under a name first (File > Save As, Excel 2007-365 .xlsx), then do this again."


class WorkbookGone(HostError):
    """A workbook that was closed while it was being used."""

    code = "HOST-26"
    says = "{name} has been closed in LibreOffice; what was not saved of it is gone."
    do = "Open it again, load the sheet anew, then do this again."


class NotShown(HostError):
    """A LibreOffice that runs and does not show the workbook."""

    code = "HOST-27"
    says = "LibreOffice has started but did not open {path} within {seconds}."
    do = (
        "Look whether LibreOffice shows a question and answer it; else close LibreOffice and do"
        " this again."
    )


class SheetProtected(HostError):
    """A sheet that lets nothing be changed."""

    code = "HOST-28"
    says = "Sheet {sheet} is protected; nothing of it was changed."
    do = "Take its protection off (Tools > Protect Sheet in LibreOffice), then do this again."


class SheetGone(HostError):
    """A sheet that became another one while it was being used."""

    code = "HOST-29"
    says = "Sheet {sheet} was renamed or deleted while timix-xl worked on it."
    do = "Give it its name back or load it anew, look, then do this again."


class NotReached(HostError):
    """A LibreOffice that runs, with which there is no speaking."""

    code = "HOST-30"
    says = "LibreOffice could not be reached: {why}; nothing was done."
    do = (
        "Press the button again; if that does not help, save your work, quit LibreOffice in all its"
        " windows and open the workbook again."
    )


class PasswordInWorkbook(HostError):
    """A workbook with the URL of a database and its password."""

    code = "HOST-36"
    says = (
        "The workbook holds the address of a database with its password, in {place}; everybody who"
        " gets the workbook could use it. It was neither read nor saved."
    )
    do = (
        "Delete it there and change the password. timix-xl takes the store from --store, TIMIX_STORE"
        " or settings.toml, never from a workbook."
    )


class OtherFormat(HostError):
    """A workbook in a format that only its own program reads well."""

    code = "HOST-31"
    says = "{path} is {what}; only .xlsx and .xlsm are read."
    do = 'Open it in the program that it is from, save it as "Excel Workbook (.xlsx)", then take that file.'
