"""What the cells of a books workbook accept: dropdowns for words and codes, dates, numbers."""

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from timix_xl.importing.books_sheets import BY_NAME, SHEETS, BookSheet, Form, SheetColumn
from timix_xl.importing.preflight import MOST_ROWS

YES, NO = "yes", "no"
_FIRST_DAY, _LAST_DAY = "32874", "73050"
"""1990-01-01 and 2099-12-31, as a spreadsheet counts days: the same in any locale."""
_MOST = "999999999999"
_NUMBERS = (Form.QUANTITY, Form.AMOUNT, Form.RATE, Form.PERCENT)


def define_codes(book: Workbook) -> None:
    """Give a name to the codes of each sheet that others refer to."""
    wanted = {column.codes_of for form in SHEETS for column in form.columns if column.codes_of}
    for name in sorted(wanted):
        form = BY_NAME[name]
        refers_to = f"{form.table}[{form.key}]"
        book.defined_names[form.codes] = DefinedName(form.codes, attr_text=refers_to)


def dropdowns(form: BookSheet, first_row: int) -> list[DataValidation]:
    """Return what a spreadsheet program checks in the columns of a sheet."""
    found = []
    for number, column in enumerate(form.columns, 1):
        accepted = _accepted(column)
        if accepted is not None:
            letter = get_column_letter(number)
            accepted.errorTitle = "timix-xl"
            accepted.showErrorMessage = True
            accepted.add(f"{letter}{first_row}:{letter}{MOST_ROWS}")
            found.append(accepted)
    return found


def _accepted(column: SheetColumn) -> DataValidation | None:
    if column.codes_of:
        return _codes(BY_NAME[column.codes_of])
    if column.choices:
        return _words(*column.choices)
    if column.form is Form.TRUTH:
        return _words(YES, NO)
    if column.form is Form.DAY:
        wrong = "Please give a date from 1990 to 2099, for example 2026-01-31."
        return _between("date", _FIRST_DAY, _LAST_DAY, wrong)
    if column.form in (Form.COUNT, Form.YEAR):
        return _between("whole", "0", _MOST, "Please give a whole number.")
    if column.form in _NUMBERS:
        return _between("decimal", f"-{_MOST}", _MOST, "Please give a number.")
    return None


def _codes(form: BookSheet) -> DataValidation:
    """Offer the codes of a sheet; another one may stand in the store already."""
    made = DataValidation("list", formula1=form.codes, allow_blank=True, errorStyle="warning")
    made.error = f"It is not in the sheet {form.name}. It can be in the store already."
    return made


def _words(*words: str) -> DataValidation:
    made = DataValidation("list", formula1=f'"{",".join(words)}"', allow_blank=True)
    made.error = f"Please choose one of: {', '.join(words)}."
    return made


def _between(kind: str, low: str, high: str, wrong: str) -> DataValidation:
    made = DataValidation(kind, operator="between", formula1=low, formula2=high, allow_blank=True)  # type: ignore[arg-type]  # kind is one of its words
    made.error = wrong
    return made
