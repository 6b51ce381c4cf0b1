"""Why a press of the ribbon does nothing."""

from timix_xl.errors import Conflict, InputError, RuleError


class AddinOfOtherVersion(Conflict):
    """A button of an add-in that was made for another version of the program."""

    code = "RIBBON-01"
    says = "The add-in in Excel is of timix-xl {addin}, but timix-xl {installed} is installed."
    do = "Run: timix-xl addin install; then quit Excel and start it again."


class ActionUnknown(InputError):
    """A button that this version has nothing for."""

    code = "RIBBON-02"
    says = "The ribbon asks for {action!r}, which timix-xl does not know."
    do = "Run: timix-xl addin install; then quit Excel and start it again."


class NamesNotKnown(RuleError):
    """An export of a timesheet program with names that nobody has told us about yet."""

    code = "RIBBON-03"
    says = "{file} has {count} that timix-xl does not know yet; nothing was imported."
    do = (
        'Once, on the command line: timix-xl import "{file}" --dry-run --write-mapping MAP.json;'
        ' fill that file in; timix-xl import "{file}" --mapping MAP.json. The names are remembered.'
    )


class PageNotOpened(RuleError):
    """A help page that no browser opens."""

    code = "RIBBON-04"
    says = "The help page could not be opened in a browser."
    do = "Open {path} yourself."


class ToolbarOfOtherVersion(Conflict):
    """A button of a toolbar that was made for another version of the program."""

    code = "RIBBON-05"
    says = "The toolbar in LibreOffice is of timix-xl {toolbar}, but timix-xl {installed} is installed."
    do = (
        "Quit LibreOffice in all its windows, run: timix-xl addin install --host calc (or open the"
        " workbook with: timix-xl open FILE --host calc); then start it again."
    )


class ToolbarActionUnknown(InputError):
    """A button of the toolbar that this version has nothing for."""

    code = "RIBBON-06"
    says = "The toolbar asks for {action!r}, which timix-xl does not know."
    do = (
        "Quit LibreOffice in all its windows, run: timix-xl addin install --host calc (or open the"
        " workbook with: timix-xl open FILE --host calc); then start it again."
    )
