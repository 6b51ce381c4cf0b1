"""What stops building, installing or examining the add-in: the leaves, with what to do about each."""

from timix_xl.errors import HostError


class XlwingsDiffers(HostError):
    """The VBA that xlwings brings is not the text that the add-in is made from."""

    code = "ADDIN-01"
    says = "The add-in is made from the VBA of xlwings {wanted}; xlwings {installed} is here, and {what}."
    do = "Install the version that is wanted, then build again: pip install xlwings=={wanted}."


class NoExcelHere(HostError):
    """A system for which there is no Excel that runs add-ins."""

    code = "ADDIN-10"
    says = "Excel runs on Windows and Mac only; this is {system}."
    do = (
        "Do the month with files: timix-xl review, preview, issue and open. On the computer that has"
        " Excel run: timix-xl addin install."
    )


class StorePython(HostError):
    """The Python of the Microsoft Store, which other programs cannot start as they need it."""

    code = "ADDIN-11"
    says = "{python} is the Python of the Microsoft Store; Excel cannot work with it."
    do = (
        "Install Python 3.11 to 3.13 from python.org, put timix-xl into that one, and run its"
        " timix-xl addin install."
    )


class AddinInUse(HostError):
    """A file of the add-in that Excel holds open."""

    code = "ADDIN-12"
    says = "{path} is in use, most likely by Excel; what was installed is as it was."
    do = "Save your work and quit Excel in all its windows, then run: timix-xl addin install."


class NotPlaced(HostError):
    """A file of the installation that the system does not let us write."""

    code = "ADDIN-13"
    says = "{path} cannot be written ({why}); what was installed is as it was."
    do = (
        "Free some space, or get the right to write in {folder} (on a Mac: System Settings > Privacy"
        " & Security > Full Disk Access, for the Terminal), then do this again."
    )


class PathNotUsable(HostError):
    """A path that Excel's macros cannot read or open."""

    code = "ADDIN-14"
    says = "Excel's macros cannot use the path {path}: {why}."
    do = "{instead}"


class ExcelNeverStarted(HostError):
    """A Mac on which Excel has not made its folders yet."""

    code = "ADDIN-15"
    says = "Excel is not installed, or was never started by you: {folder} is not there."
    do = "Start Excel once, quit it, then run: timix-xl addin install."


class OldCopyStays(HostError):
    """An older copy of the add-in that cannot be taken away."""

    code = "ADDIN-16"
    says = "The add-in is installed, but the old copy {path} cannot be removed ({why})."
    do = "Quit Excel in all its windows, then run timix-xl addin install again."


class NotTakenAway(HostError):
    """A file of the installation that cannot be removed."""

    code = "ADDIN-17"
    says = "{path} cannot be removed ({why})."
    do = (
        "Quit Excel in all its windows, check that you may delete in {folder}, then run timix-xl"
        " addin uninstall again."
    )


class AddinNotBuilt(HostError):
    """An add-in that cannot be written to where it was asked for."""

    code = "ADDIN-18"
    says = "{path} cannot be written ({why})."
    do = "Choose a folder where you may write: timix-xl addin build -o FILE.xlam."


class NotAPackage(HostError):
    """timix-xl that runs from its sources, where Excel's Python would not find it."""

    code = "ADDIN-19"
    says = "timix-xl is not installed in {python}; Excel would start that Python and not find it."
    do = "Install it there: {pip} install timix-xl (or the folder of timix-xl), then again."


class NotFoundFromExcel(HostError):
    """timix-xl that its Python finds in a terminal only, not as Excel starts it."""

    code = "ADDIN-20"
    says = (
        "{python} does not find timix-xl as Excel starts it, without PYTHONPATH and the folder of"
        " pip install --user ({why})."
    )
    do = (
        "Make a virtual environment ({make}), install timix-xl into that one, and run its timix-xl"
        " addin install."
    )


class NotTheAddin(HostError):
    """A file that is to be installed and is not the add-in of this version."""

    code = "ADDIN-21"
    says = "{path} is not the add-in of timix-xl {wanted}: {what}."
    do = "Write the add-in with timix-xl addin build, have that file signed, and install it."


class RootInstalls(HostError):
    """The user root, for whom LibreOffice installs no extensions."""

    code = "ADDIN-22"
    says = "LibreOffice keeps extensions for each user, and none for the user root."
    do = (
        "Run this as the user who works with LibreOffice, without sudo: timix-xl addin {step} --host"
        " calc."
    )


class NotFoundFromCalc(HostError):
    """timix-xl that its Python does not find as LibreOffice starts it."""

    code = "ADDIN-23"
    says = (
        "{python} does not find timix-xl as LibreOffice starts it, without PYTHONPATH and the folder"
        " of pip install --user ({why})."
    )
    do = (
        "Make a virtual environment ({make}), install timix-xl into that one, and do this again with"
        " the timix-xl there."
    )


class ExtensionNotTaken(HostError):
    """An extension that LibreOffice does not install."""

    code = "ADDIN-24"
    says = "LibreOffice does not take the extension ({why}); {left}."
    do = (
        "Save your work and quit LibreOffice in all its windows, then run: timix-xl addin install"
        " --host calc. If it stays so, write the file with timix-xl addin build --host calc and look"
        " at what Tools > Extension Manager says about it."
    )


class UnopkgSilent(HostError):
    """A LibreOffice that does not end what it was asked to do with extensions."""

    code = "ADDIN-25"
    says = "LibreOffice's unopkg had not ended after {seconds}, and was stopped."
    do = (
        "Close the boxes that LibreOffice shows, save your work, quit it in all its windows, then"
        " run again: timix-xl addin {step} --host calc. What was left half done is done anew then."
    )


class ExtensionStays(HostError):
    """An extension that LibreOffice does not take away."""

    code = "ADDIN-26"
    says = "LibreOffice does not take the extension away ({why})."
    do = (
        "Save your work, quit LibreOffice in all its windows, then run timix-xl addin uninstall"
        " --host calc again; or remove Timix in Tools > Extension Manager."
    )


class ExtensionNotBuilt(HostError):
    """An extension that cannot be written to where it was asked for."""

    code = "ADDIN-27"
    says = "{path} cannot be written ({why})."
    do = "Choose a folder where you may write: timix-xl addin build --host calc -o FILE.oxt."


class ToolbarRuns(HostError):
    """A LibreOffice window that runs with the toolbar of another version or Python."""

    code = "ADDIN-28"
    says = (
        "A LibreOffice window that timix-xl opened still runs with the toolbar of another version of"
        " timix-xl, or of another Python; it is as it was."
    )
    do = (
        "Save your work, quit that LibreOffice in all its windows, then do this again (if there is"
        " no window, end the program soffice that runs in {folder}, and delete {lock})."
    )


class PythonNotTried(HostError):
    """A Python that timix-xl is not made for."""

    code = "DOCTOR-01"
    says = "This is Python {found}; timix-xl is made for 3.11, 3.12 and 3.13."
    do = "Install one of these from python.org, and timix-xl into it."


class XlwingsNotTheOne(HostError):
    """An xlwings outside the versions that timix-xl is made for."""

    code = "DOCTOR-02"
    says = "xlwings is {found}; timix-xl is made for {wanted}."
    do = "Install it: {pip} install xlwings=={wanted}. Then run: timix-xl addin install."


class PackageMissing(HostError):
    """A package through which Excel is reached."""

    code = "DOCTOR-03"
    says = "{package} is not installed; Python reaches Excel through it."
    do = "Install it: {pip} install {package}."


class LibraryMissing(HostError):
    """The library that xlwings loads into Excel for worksheet functions."""

    code = "DOCTOR-04"
    says = "{library} is neither in {folder} nor one folder up; worksheet functions need it."
    do = (
        "Use a 64-bit (x86-64) Python from python.org with a virtual environment: xlwings brings the"
        " library for that one only, and pip install --user puts it elsewhere. There install xlwings"
        " anew: {pip} install --force-reinstall --no-deps xlwings=={wanted}."
    )


class ExcelNotFound(HostError):
    """A computer on which Excel is not found."""

    code = "DOCTOR-05"
    says = "Excel was not found: {place} is not there."
    do = "Install Microsoft Excel for the desktop; the add-in does not run in the browser."


class AddinNotThere(HostError):
    """No add-in in the start-up folder."""

    code = "DOCTOR-06"
    says = "The add-in is not installed: {path} is not there."
    do = "Run: timix-xl addin install."


class AddinDiffers(HostError):
    """An add-in that this version did not make."""

    code = "DOCTOR-07"
    says = "{path} is not the add-in that timix-xl {wanted} makes: {what}."
    do = (
        "Quit Excel, then run: timix-xl addin install. If your IT department signs the add-in, ask"
        " for the file of this version and run: timix-xl addin install --file FILE.xlam."
    )


class AddinTwice(HostError):
    """A second copy of the add-in, in another start-up folder."""

    code = "DOCTOR-08"
    says = "There is an old copy: {path}; Excel may take that one."
    do = "Quit Excel, then run: timix-xl addin install. It removes old copies."


class MarkedAsForeign(HostError):
    """An add-in that Windows marked as a file from the internet."""

    code = "DOCTOR-09"
    says = "{path} is marked as a file from the internet; Excel blocks its macros."
    do = "Quit Excel, delete the file, then run: timix-xl addin install. It writes one without a mark."


class StockAddin(HostError):
    """The add-in of xlwings itself in the same start-up folder."""

    code = "DOCTOR-10"
    says = "{path} is there too: with xlwings' own add-in, any workbook may start Python."
    do = "If nobody uses it, quit Excel and delete the file; Timix does not need it."


class ConfigurationDiffers(HostError):
    """A configuration that names no Python, or another one."""

    code = "DOCTOR-11"
    says = "{path} {what}; Excel would not start {python}."
    do = "Run: timix-xl addin install."


class ScriptDiffers(HostError):
    """A script that is not there or is another version's."""

    code = "DOCTOR-12"
    says = "{path} {what}; the buttons need the script of this version."
    do = "Run: timix-xl addin install."


class ExcelHasAnotherStore(HostError):
    """A store here that is not the one which Excel uses."""

    code = "DOCTOR-13"
    says = "Here the store is {here}; the add-in in Excel uses {there}."
    do = "{instead}"


class ExcelNotReached(HostError):
    """An Excel that does not start or does not answer."""

    code = "DOCTOR-14"
    says = "Excel cannot be reached: {why}."
    do = (
        "Start Excel, close its messages, leave the cell that is being edited, then run this again;"
        " on a Mac allow it in System Settings > Privacy & Security > Automation."
    )


class AddinSilent(HostError):
    """An add-in that Excel does not open or run."""

    code = "DOCTOR-15"
    says = "Excel is there, but the add-in does not answer: {why}."
    do = (
        "Quit Excel and start it again; look whether it has macros or the add-in switched off (on"
        " Windows: File > Options > Trust Center, and Add-ins > Disabled Items; on a Mac: Excel >"
        " Preferences > Security). In a firm ask the IT department (docs/excel.md has a page for them)."
    )


class AddinAnswersOther(HostError):
    """An add-in in Excel that is another version than the file."""

    code = "DOCTOR-16"
    says = "The add-in in Excel answers that it is version {found}; timix-xl is {wanted}."
    do = "Run timix-xl addin install, then quit Excel in all its windows and start it."


class UnoNotLoaded(HostError):
    """A uno that the Python of timix-xl cannot load."""

    code = "DOCTOR-17"
    says = (
        "{python} cannot load uno from {folder} ({why}); timix-xl reaches LibreOffice through it."
    )
    do = (
        "Install LibreOffice and its uno from the same place and in the same version (Debian: apt"
        " install libreoffice-calc python3-uno), then run: timix-xl addin doctor --host calc."
    )


class ExtensionNotThere(HostError):
    """A LibreOffice without the extension."""

    code = "DOCTOR-18"
    says = "The extension is not installed in LibreOffice."
    do = (
        "Run: timix-xl addin install --host calc. A workbook that timix-xl open FILE --host calc"
        " opens has the toolbar without it."
    )


class ExtensionDiffers(HostError):
    """An extension that this version did not make."""

    code = "DOCTOR-19"
    says = "The extension in LibreOffice is not the one that timix-xl {wanted} makes: {what}."
    do = "Quit LibreOffice, then run: timix-xl addin install --host calc."


class ToolbarStartsOther(HostError):
    """A toolbar that starts no Python, or another one."""

    code = "DOCTOR-20"
    says = "{path} {what}; the toolbar would not start {python}."
    do = "Run: timix-xl addin install --host calc."


class CalcHasAnotherStore(HostError):
    """A store here that is not the one which LibreOffice uses."""

    code = "DOCTOR-21"
    says = "Here the store is {here}; a LibreOffice from the menu of the system uses {there}."
    do = (
        'If that one is to use the store from here, run: timix-xl --store "{here}" addin install'
        " --host calc."
    )


class WindowToolbarDiffers(HostError):
    """A LibreOffice window of ours whose toolbar does not work any more."""

    code = "DOCTOR-22"
    says = "{path} {what}; the toolbar of the LibreOffice that runs with it does not work."
    do = (
        "Save your work, quit that LibreOffice in all its windows, then run: timix-xl open FILE"
        " --host calc."
    )


class PasswordForAll(HostError):
    """A settings file with a password that other users of the machine may read."""

    code = "DOCTOR-23"
    says = (
        "{path} holds the password of the database, and other users of this computer may read it."
    )
    do = (
        'Run: chmod 600 "{path}". Or take the password out and keep it where PostgreSQL looks for'
        " it, in the file that PGPASSFILE names (usually ~/.pgpass)."
    )
