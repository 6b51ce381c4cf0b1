"""Why a workbook cannot be used."""

from timix_xl.errors import Conflict, InputError, RuleError

WRITE, CHOOSE = "write it like", "choose one from the list, for example"
"""How a cell is filled in: by hand, or from its dropdown."""


class NotABillingWorkbook(InputError):
    """A workbook without our sheets, tables or names."""

    code = "BOOK-10"
    says = "{book} is not a billing workbook: it has no {what}."
    do = "Press New workbook, or: timix-xl review CUSTOMER --billing-date DATE -o FILE.xlsx."


class ColumnMissing(InputError):
    """A table that lacks one of its columns."""

    code = "BOOK-11"
    says = "The table {table} has no column {column}."
    do = "Name the column {column} again, or make a new workbook and load into it."


class CellRefused(InputError):
    """An input cell that cannot be read."""

    code = "BOOK-12"
    says = "{what} is {given!r}, which is not {expected}."
    do = "Please {how} {example}."


class CellEmpty(InputError):
    """An input cell that has to hold something."""

    code = "BOOK-17"
    says = "{what} is empty."
    do = "Please fill it in, for example {example}."


class ActionRefused(RuleError):
    """Ballots of the Invoices sheet that were not carried out."""

    code = "BOOK-13"
    says = "{count} of {all} could not be carried out; the others are done."
    do = "See the Checks sheet; correct the rows and run the actions again."


class NoActionDone(RuleError):
    """Ballots of the Invoices sheet of which not one was carried out."""

    code = "BOOK-29"
    says = "{none} could be carried out; nothing changed."
    do = "See the Checks sheet; correct the rows and run the actions again."


class WorkbookNewer(InputError):
    """A workbook of a newer version."""

    code = "BOOK-14"
    says = "This workbook was made by a newer version of timix-xl."
    do = "Install that version, or make a new workbook: timix-xl review."


class ForeignSettings(InputError):
    """A workbook that brings settings for xlwings along: which program to run, from where."""

    code = "BOOK-15"
    says = (
        "{book} has a sheet {sheet}, which can make Excel run programs from elsewhere. "
        "Nothing was done."
    )
    do = "If you do not know who put it there, do not use this file; else delete the sheet."


class NoFrameOrderChosen(RuleError):
    """A fit without a frame order to fit to."""

    code = "BOOK-16"
    says = "No frame order is chosen."
    do = "Choose one of the open frame orders on the sheet Frame orders, then fit again."


class NothingLoaded(RuleError):
    """A run before any load."""

    code = "BOOK-01"
    says = "No entries have been loaded into this workbook."
    do = "Choose a customer and a billing date, and load the unbilled entries first."


class CustomerChanged(RuleError):
    """The customer cell names another customer than the loaded one."""

    code = "BOOK-04"
    says = "The customer cell says {given}, but the entries of {loaded} are loaded."
    do = "Load the entries of {given}, or set the cell back to {loaded}."


class DateChanged(RuleError):
    """The billing date cell names another day than the loaded one."""

    code = "BOOK-05"
    says = "The billing date cell says {given}, but the entries were loaded up to {loaded}."
    do = "Load the entries again, or set the cell back to {loaded}."


class RegisterTypedOver(RuleError):
    """A row of the Invoices sheet that is not what the store has."""

    code = "BOOK-18"
    says = "{column} of {number} says {given}; the register has {there}."
    do = "Refresh the invoices, then choose the action again: the rows may have got mixed up."


class LeftUndecided(RuleError):
    """A second run over what the first one has left, with no decision on it."""

    code = "BOOK-19"
    says = "{last}. What that run left ({left}) is undecided; nothing was issued again."
    do = "Set a Decision on at least one of them, or load the entries again, then issue."


class CreditTakesAll(InputError):
    """An amount beside a credit, which takes everything that is left."""

    code = "BOOK-22"
    says = "An amount stands beside the credit of {number}, which takes all that is left of it."
    do = "Clear the amount; a part is credited by timix-xl invoice credit {number}."


class DecisionsUnsaved(RuleError):
    """A load of another customer over decisions that would be lost."""

    code = "BOOK-21"
    says = "This workbook holds {count} for {customer}; loading another customer loses them."
    do = "Use another workbook for the other customer (review … -o FILE.xlsx), or clear them first."


class WorkbookOlder(InputError):
    """A workbook of an older version, for a step that its sheets have no room for."""

    code = "BOOK-23"
    says = "This workbook was made by an older version of timix-xl: it has no sheet {sheet}."
    do = "Press New workbook, or: timix-xl review CUSTOMER --billing-date DATE -o FILE.xlsx."


class ImportCellMissing(InputError):
    """A workbook that was made before it had a cell for the file to import."""

    code = "BOOK-28"
    says = "This workbook has no cell named {name}: it was made by an older version of timix-xl."
    do = "Press New workbook and import there, or: timix-xl import FILE."


class PasswordInCell(InputError):
    """A cell with the URL of a database and its password."""

    code = "BOOK-38"
    says = (
        "The cell holds the address of a database with its password; everybody who gets the workbook"
        " could use it. Nothing was done."
    )
    do = (
        "Delete it there and change the password. timix-xl takes the store from --store, TIMIX_STORE"
        " or settings.toml, never from a workbook."
    )


class NameOfManyCells(InputError):
    """A name of ours that stands for more than its cell."""

    code = "BOOK-39"
    says = "{book}: the name {name} stands for more than one cell."
    do = "Let it stand for its cell again (Formulas, Name Manager), or make a new workbook."


class NoProFormaLoaded(RuleError):
    """A step of a pro forma before one is loaded."""

    code = "BOOK-24"
    says = "No pro forma is loaded into this workbook."
    do = "Choose one on the sheet Pro forma, and refresh the pro forma first."


class ProFormaChosenAnew(RuleError):
    """The cell names another pro forma than the loaded one."""

    code = "BOOK-25"
    says = "The pro forma cell says {given}, but the lines of {loaded} are loaded."
    do = "Refresh the pro forma to load {given}, or set the cell back to {loaded}."


class LineEditsUnsaved(RuleError):
    """A step that would lose what is typed into the lines of a pro forma."""

    code = "BOOK-26"
    says = "This workbook holds {count} of {number} that are not saved; {step}."
    do = "Save the pro forma first, or refresh {number} to drop them."


class BilledInPart(RuleError):
    """A project of which some billing dates were billed, and a later one was refused."""

    code = "BOOK-27"
    says = "Made {made}; {project} up to {date} was refused: {why}"
    do = "{instead}"


class NotAFinanceWorkbook(InputError):
    """A file in the place of the finance workbook that is another workbook."""

    code = "FIN-02"
    says = "{book} is not a finance workbook: it has no {what}. Nothing was changed."
    do = "Give another name for the new file: timix-xl finance -o FILE.xlsx."


class FinanceOfAnotherStore(Conflict):
    """A file in the place of the finance workbook that shows the balances of another store."""

    code = "FIN-03"
    says = "{book} belongs to another store ({company}). Nothing was changed."
    do = "Give another name for the new file: timix-xl finance -o FILE.xlsx."
