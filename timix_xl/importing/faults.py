"""What can be wrong with a row: the kinds with their codes, and where they were found."""

from dataclasses import dataclass

from timix_xl.errors import Fault

SHOWN_LENGTH = 60


@dataclass(frozen=True, slots=True)
class FaultKind:
    """A kind of fault: its code for ever, what is wrong, what to do."""

    code: str
    says: str
    do: str


@dataclass(frozen=True, slots=True)
class RowFault:
    """A fault and its place: `row` is a line number of a CSV, or customers[3] of a books file."""

    file: str
    row: int | str
    column: str
    code: str
    message: str
    hint: str

    def fault(self, level: str = "error") -> Fault:
        """Return it as a fault whose place is the file, the row and the column."""
        row = f"line {self.row}" if isinstance(self.row, int) else self.row
        place = ", ".join(part for part in (self.file, row, self.column) if part)
        return Fault(self.code, place, self.message, self.hint, level)


@dataclass(frozen=True, slots=True)
class Trouble:
    """A fault before its file and row are known."""

    kind: FaultKind
    column: str
    facts: dict[str, object]

    def at(self, file: str, row: int | str) -> RowFault:
        """Say where it is."""
        kind, facts = self.kind, self.facts
        return RowFault(
            file=file,
            row=row,
            column=self.column,
            code=kind.code,
            message=kind.says.format(**facts),
            hint=kind.do.format(**facts),
        )

    def renamed(self, column: str) -> "Trouble":
        """Call the column as a sheet does, also in the message."""
        named = {"column": column} if self.facts.get("column") == self.column else {}
        return Trouble(self.kind, column, {**self.facts, **named})


class CellRefused(Exception):
    """A cell that cannot be taken; the row's reader turns it into a Trouble."""

    def __init__(self, kind: FaultKind, /, **facts: object) -> None:
        super().__init__(kind.code)
        self.kind = kind
        self.facts = facts


def trouble(kind: FaultKind, column: str, /, **facts: object) -> Trouble:
    """Note a fault of a column."""
    return Trouble(kind, column, facts)


def shown(value: object) -> str:
    """Write a value so that it can be printed anywhere: short, one line, no control characters."""
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "an object"
    text = str(value)
    text = text if len(text) <= SHOWN_LENGTH else text[: SHOWN_LENGTH - 1] + "…"
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)


# What cannot be read.

UNKNOWN_KEY = FaultKind(
    "IMP-10",
    "{value} is not known here.",
    "Take it out, or correct its spelling. Known are: {known}.",
)
MISSING = FaultKind("IMP-11", "{column} is missing.", "Fill it in, for example {example}.")
NOT_A_NUMBER = FaultKind(
    "IMP-12", "{value} is not a number.", "Write digits with a dot, for example 8.5."
)
DECIMAL_COMMA = FaultKind(
    "IMP-13",
    "{value} is written with a comma.",
    "Write a decimal point and no thousands separators, for example 1234.5.",
)
TOO_MANY_DIGITS = FaultKind(
    "IMP-14", "{value} has {digits} digits; at most 15 are kept.", "Write a shorter number."
)
TOO_MANY_DECIMALS = FaultKind(
    "IMP-15",
    "{value} has more than {places} decimals.",
    "Round it yourself, for example to {example}.",
)
OUT_OF_RANGE = FaultKind(
    "IMP-16", "{value} is out of range.", "Write a number from {low} to {high}."
)
NOT_A_DATE = FaultKind(
    "IMP-17",
    "{value} is not a date from 1990 to 2099.",
    "Write year-month-day, for example 2026-01-31.",
)
NOT_A_CHOICE = FaultKind("IMP-18", "{value} is not one of the choices.", "Write one of: {choices}.")
NOT_TRUE_OR_FALSE = FaultKind(
    "IMP-19", "{value} is neither true nor false.", "Write true or false."
)
NOT_TEXT = FaultKind(
    "IMP-20", "{value} is not a text.", 'Write it in double quotes, for example "1001".'
)
CONTROL_CHARACTER = FaultKind(
    "IMP-21",
    "The text has a character that cannot be printed ({value}).",
    "Type the text anew.",
)
TEXT_TOO_LONG = FaultKind(
    "IMP-22", "The text has {length} characters; at most {limit} are kept.", "Shorten it."
)
NOT_A_CURRENCY = FaultKind(
    "IMP-23", "{value} is not a currency code.", "Write three capital letters, for example EUR."
)
NOT_A_COUNTRY = FaultKind(
    "IMP-24", "{value} is not a country code.", "Write two capital letters, for example DE."
)
NOT_A_COLOUR = FaultKind(
    "IMP-25", "{value} is not a colour.", "Write it like #1F4E79 (red, green, blue)."
)
NOT_A_LIST = FaultKind("IMP-26", "{column} is not {wanted}.", "Write it like {example}.")
NOT_A_LOCALE = FaultKind(
    "IMP-27", "{value} is not a language we know.", "Write it like en, de or en_GB."
)
TOO_MANY_CELLS = FaultKind(
    "IMP-28",
    "The row has {count} cells, but there are {columns} columns.",
    "Put texts that contain the separator in double quotes.",
)
TOO_FEW_CELLS = FaultKind(
    "IMP-53",
    "The row has {count} cells, but there are {columns} columns.",
    "Export the file again if it was cut off here; else add the cells that are missing.",
)
KEY_TWICE = FaultKind(
    "IMP-29", "{value} stands twice in the same place.", "Keep one of the two and delete the other."
)

# What does not fit what is there.

UNKNOWN_CODE = FaultKind(
    "IMP-30",
    "There is no {noun} {value}.",
    "Correct the code, or add the {noun} to this file or an earlier one.",
)
ROW_TWICE = FaultKind(
    "IMP-31",
    "{value} is already in this file, at {first}.",
    "Keep one of the two rows, or give this one a code of its own.",
)
DEPENDS_ON_REFUSED = FaultKind(
    "IMP-32",
    "The {noun} {value} is itself refused.",
    "Correct the row of that {noun}; then this one can be taken.",
)
GOES_IN_CIRCLES = FaultKind(
    "IMP-33", "{value} stands above itself.", "Correct {column} so that it leads to the top."
)
CANNOT_CHANGE = FaultKind(
    "IMP-34",
    "{what} cannot change from {before} to {after}: {why}.",
    "Put {before} back, or add a new row with a code of its own.",
)
# IMP-35 was given out before: keys that came with a later version.
RATES_OVERLAP = FaultKind(
    "IMP-36",
    "The rate overlaps another one for the same {place} ({other}).",
    "Set from and to so that one rate holds on each day.",
)
RATE_FOR_NOBODY = FaultKind(
    "IMP-37",
    "The rate does not say for whom it is.",
    "Give a customer, a project (perhaps with a task) or a person.",
)
TASK_WITHOUT_PROJECT = FaultKind(
    "IMP-38", "Task {value} is given without its project.", "Give the project too."
)
OTHER_CUSTOMER = FaultKind(
    "IMP-39",
    "Project {project} belongs to customer {owner}, not to {value}.",
    "Correct the customer, or leave it out.",
)
RATES_OUT_OF_ORDER = FaultKind(
    "IMP-40",
    "The list needs {wanted}.",
    'Write it like [{{"{column}": "19"}}, {{"from": "2026-07-01", "{column}": "20"}}].',
)
PERCENT_NOT_ZERO = FaultKind(
    "IMP-51",
    "Category {category} is taxed at 0 % (EN 16931); this code has another percentage.",
    'Write "percent": "0", or category S for a tax that is charged.',
)
PATTERN_REFUSED = FaultKind(
    "IMP-41", "The number pattern {value} cannot be used: {why}.", "Write it like {example}."
)
NUMBER_WOULD_COME_AGAIN = FaultKind(
    "IMP-42",
    "The number {number} is taken and the series would make it again.",
    "Set the next number behind it: settings, next_numbers, {example}.",
)
SERIES_USED = FaultKind(
    "IMP-43",
    "The series {value} has been used; its next number is {next}.",
    "Take it out of next_numbers: a used series counts on by itself.",
)
NUMBER_IS_TAKEN = FaultKind(
    "IMP-44", "The number {value} is taken by {taken_by}.", "Give the number that the paper bears."
)
ONE_TOTAL = FaultKind(
    "IMP-45",
    "A frame order has either total_hours or total_amount; this one has {count}.",
    "Give one of the two.",
)
IN_CLOSED_MONTH = FaultKind(
    "IMP-52",
    "{day} lies in a closed month: everything up to {until} is closed.",
    "Open the month again (timix-xl reopen), take the row in, and close it anew.",
)
APPROVED_AHEAD = FaultKind(
    "IMP-59",
    "The approval is dated {day}, which is after today ({today}).",
    "Write the day on which it was approved, or leave approved_on out.",
)
FROM_AFTER_TO = FaultKind(
    "IMP-46", "It ends on {until}, before it begins on {since}.", "Exchange the two dates."
)
ORDER_OVERDRAWN = FaultKind(
    "IMP-47",
    "{billed} of the frame order is billed, which is more than its total of {total}.",
    "Raise the total, or set overrun to warn (a total below what is billed is never taken).",
)
LOCATION_ELSEWHERE = FaultKind(
    "IMP-48",
    "{value} is not a location of customer {customer}.",
    "Add it to the customer's locations, or leave it out.",
)
LOCATION_IN_USE = FaultKind(
    "IMP-49",
    "Location {value} is used by task {task} and cannot be left out.",
    "Keep it in the list, or give the task another location first.",
)
LOGO_REFUSED = FaultKind(
    "IMP-50",
    "The logo {value} cannot be taken: {why}.",
    "Give a PNG or JPEG file of at most 1 MB, with its path from the folder of this file.",
)

# Entries.

TASK_MISSING = FaultKind(
    "IMP-60",
    "Project {project} has tasks, and the entry names none.",
    "Name one of its tasks, for example {example}.",
)
ACCOUNT_GROUP_MISSING = FaultKind(
    "IMP-61",
    "A material entry needs an account group.",
    "Give account_group, or an item that has one.",
)
TIME_IS_IN_HOURS = FaultKind(
    "IMP-62", "Time is in hours, not in {value}.", "Write h, or make it kind material."
)
NOTHING_IN_IT = FaultKind(
    "IMP-63",
    "The entry has a quantity of 0{also}.",
    "Give its quantity, or leave the row out.",
)
SIGNS_DIFFER = FaultKind(
    "IMP-64",
    "The billable quantity {billable} does not go with the quantity {quantity}.",
    "Give both the same sign (both below 0 for a correction).",
)
COSTS_DISAGREE = FaultKind(
    "IMP-65",
    "The cost amount {amount} is not quantity x unit cost ({product}).",
    "Correct one of the two, or leave one out.",
)
CHANGED_AFTER_APPROVAL = FaultKind(
    "IMP-66",
    "Entry {entry} is approved, and the file has another {columns}.",
    "If the change is meant, take the file in with --reapprove.",
)
BILLED_ALREADY = FaultKind(
    "IMP-67",
    "Entry {entry} is {state}, and the file has another {columns}.",
    "Put the old values back; what is billed or settled is corrected by a credit note "
    "or a new entry.",
)
IDS_DISAGREE = FaultKind(
    "IMP-68",
    "{one} and {other} are not the same entry in the store.",
    "Give the id and the external id that belong together.",
)
COST_WITHOUT_COMPANY = FaultKind(
    "IMP-69",
    "The cost amount has no currency: the store has no company yet.",
    "Give the company in this books file or an earlier one.",
)

# Parts of an entry.

PARENT_MISSING = FaultKind(
    "IMP-70",
    "The part has no entry {value} to be a part of.",
    "Add entry {value} to this file, or correct part_of.",
)
PARTS_DIFFER = FaultKind(
    "IMP-71",
    "The parts of entry {entry} come to another {column} ({parts}) than the entry ({whole}).",
    "Correct the parts so that they add up to their entry, or leave them out.",
)
PARENT_IN_STORE = FaultKind(
    "IMP-72",
    "Entry {value} is there already; a file cannot split it afterwards.",
    "Leave its parts out, or bill a part of it: the rest is split off then.",
)
PART_ELSEWHERE = FaultKind(
    "IMP-73",
    "{entry} is {before} in the store, not {after}.",
    "Correct part_of, or leave it out.",
)

# Books as a workbook.

UNKNOWN_SHEET = FaultKind(
    "IMP-74",
    "The sheet {value} is not known here.",
    "Take it out, or give it back its name. Known are: {known}.",
)
NO_HEADER = FaultKind(
    "IMP-75",
    "The sheet {sheet} has no row with the names of its columns.",
    "Write them in one row above the table: {columns}.",
)
ONE_ROW = FaultKind(
    "IMP-76", "The sheet {sheet} has more than one row.", "Keep one row and delete the others."
)
ROWS_MISSING = FaultKind(
    "IMP-77",
    "{noun} {value} has no row in the sheet {sheet}.",
    "Add one there, with {value} under {column}.",
)

# Warnings: the row is taken all the same.

OWED_TO_CUSTOMER = FaultKind(
    "IMP-79",
    "{paid} is paid of {total}: {over} is owed to the customer.",
    "Nothing to do if that is so; else correct what is paid.",
)

MIXED_SCRIPTS = FaultKind(
    "IMP-80",
    "{value} mixes letters of two alphabets that look alike.",
    "Type it anew if it is meant to be a name that is known already.",
)
MORE_THAN_A_DAY = FaultKind(
    "IMP-81", "{person} has {hours} h on {date}.", "Check the day; the entries were taken as given."
)
IBAN_ODD = FaultKind(
    "IMP-82", "The IBAN {value} has wrong check digits.", "Compare it with a bank statement."
)
READ_AS_WINDOWS = FaultKind(
    "IMP-83",
    "The file is not UTF-8; it was read as Windows-1252.",
    "Look at names with accents; save the file as CSV UTF-8 if they are wrong.",
)

ROWS_HIDDEN = FaultKind(
    "FILE-01",
    "{rows} hidden or filtered out; they were read like the others.",
    "Nothing to do if they belong to it; else delete them, save the file and import it again.",
)
LINKS_NOT_FOLLOWED = FaultKind(
    "FILE-02",
    "The workbook has links to other files; none of them was opened.",
    "Nothing to do: a cell that such a link fills in is refused where it is needed.",
)
HOURS_BELOW_ZERO = FaultKind(
    "FILE-03",
    "{entry} has {hours} h, which takes hours away.",
    "Nothing to do if it corrects another entry; else write the hours without the minus.",
)

# Cells of a workbook, and exports of timesheet programs.

CELL_UNUSABLE = FaultKind(
    "IMP-84",
    "The cell has {what}.",
    "Type the value itself, or let a spreadsheet program calculate and save the file.",
)
ORDER_OF_ANOTHER = FaultKind(
    "IMP-85",
    "Frame order {order} belongs to customer {owner}, not to {customer}.",
    "Give a frame order of {customer}, or leave it out.",
)
NOT_MAPPED = FaultKind(
    "IMP-86",
    "We do not know which {noun} {value} is.",
    "Fill it in under {key} of a mapping file and give that with --mapping; "
    "--dry-run --write-mapping MAP.json writes one.",
)
SAY_WHICH_ORDER = FaultKind(
    "IMP-87",
    "The order number {value} is not a frame order of customer {customer}.",
    "Say which frame order it is under orders of a mapping file (null for none), "
    "and give that with --mapping; --dry-run --write-mapping MAP.json writes one.",
)
OTHER_DATE_ORDER = FaultKind(
    "IMP-88",
    "{value} is not a date with the {first} first, as the others are.",
    "Correct it, or say how all dates of the file read: --date-order dmy or --date-order mdy.",
)
NOT_A_TIME = FaultKind("IMP-89", "{value} is not a time of day.", "Write it like 13:05 or 1:05 PM.")
NOT_A_DURATION = FaultKind(
    "IMP-90",
    "{value} is not a duration.",
    "Write hours and minutes, for example {example}.",
)
NUMBER_COULD_BE_TWO = FaultKind(
    "IMP-91",
    "{value} could be {one} or {other}.",
    "Write it without a thousands separator and with two or four decimals.",
)
LEFT_OUT_BY_MAPPING = FaultKind(
    "IMP-92",
    "{value}: {count} left out, as the mapping says.",
    "Nothing to do if that is meant; else fill in its customer and project in the mapping file.",
)
OTHER_CURRENCY = FaultKind(
    "IMP-93",
    "The file says {currency}, but customer {customer} is billed in {ours}; "
    "such entries are taken and left out of invoices.",
    'To take them in {ours}, write "currency": "ours" in the mapping file.',
)
IS_A_PERCENTAGE = FaultKind(
    "IMP-98",
    "{value} is a percentage, which this column does not have.",
    "Give the cell a plain number format and write the number itself, for example 8.5.",
)
KNOWN_ELSEWHERE = FaultKind(
    "IMP-96",
    "Entry {entry} is known on project {before}; this line has the same {same} on {after}.",
    "If the work was moved, import it with --reapprove; if these are two pieces of work, "
    "let them start a minute apart.",
)
NOT_TOLD_APART = FaultKind(
    "IMP-97",
    "This line cannot be told apart from others with the same {same}: "
    "which of the known entries {entries} it changes is not clear.",
    "Make one change at a time: put the old values back in all of these lines but one, "
    "import, then change the next.",
)
RATE_IN_OTHER_CURRENCY = FaultKind(
    "IMP-54",
    "The rate of the file is in {currency}, but customer {customer} is billed in {ours}.",
    "Write a rate in {ours} under rates of the mapping file, "
    'or "rate": "ours" to take those of the books.',
)
DURATIONS_DISAGREE = FaultKind(
    "IMP-55",
    "The row says {one} here and {other} h under {column}.",
    "Correct one of the two, or delete one of the columns.",
)
LOOKS_LIKE_TOTAL = FaultKind("IMP-56", "This looks like a total.", "Delete the row.")
NAMES_NOT_MET = FaultKind(
    "IMP-57",
    "The mapping file has names that no line of the file has: {names}.",
    "Nothing to do if they come in other months; else compare their spelling.",
)

# Billing rules, rate tables, limits, remainders.

NO_STEPS = FaultKind(
    "RULE-20",
    "Billing rule {rule} has no steps.",
    "Give it at least one: a number, an account group and a formula for the amount.",
)
STEP_TWICE = FaultKind(
    "RULE-21",
    "Step {step} stands twice in billing rule {rule}.",
    "Give each step a number of its own; they are tried in ascending order.",
)
FORMULA_REFUSED = FaultKind(
    "RULE-22",
    "Position {position} of the formula: {why}.",
    "Correct the formula there; docs/formulas.md lists the fields and functions.",
)
STEP_NEVER_RUNS = FaultKind(
    "RULE-23",
    "Step {step} never runs: step {first} comes before it and takes all {group} entries.",
    "Set one of the two to active false, or give it another account group.",
)
RATE_WITHOUT_TYPE = FaultKind(
    "RULE-24",
    "Step {step} uses @Rate and has no rate type, so it finds no rate.",
    "Give it the rate type of a rate table, or write the formula without @Rate.",
)
RATE_TYPE_NOWHERE = FaultKind(
    "RULE-25",
    "Step {step} looks for rates of type {value}, and no rate table has that type.",
    "Correct the rate type, or add a rate table of it.",
)
GROUP_SPELT_OTHERWISE = FaultKind(
    "RULE-26",
    "Step {step} has invoice group {value}; another step has {other}. These are two documents.",
    "Spell both the same if they belong on one document, upper and lower case too.",
)
TABLE_EMPTY = FaultKind(
    "RATE-01", "Rate table {table} has no {what}.", "Give it at least one of them."
)
SEQUENCE_TWICE = FaultKind(
    "RATE-02",
    "Sequence {seq} stands twice in rate table {table}.",
    "Give each sequence a number of its own; they are tried in ascending order.",
)
SEQUENCE_MISSING = FaultKind(
    "RATE-03",
    "Rate table {table} has no sequence {seq}.",
    "Add the sequence with its factors, or give the rate one of: {known}.",
)
FACTOR_MISSING = FaultKind(
    "RATE-04",
    "Sequence {seq} asks for {factor}, and the rate has none.",
    "Fill in {factor}, or take it out of the factors of the sequence.",
)
FACTOR_NOT_ASKED = FaultKind(
    "RATE-05",
    "Sequence {seq} does not ask for {factor}, and the rate has {value} there.",
    "Leave {factor} empty, or add it to the factors of the sequence.",
)
TABLE_RATES_OVERLAP = FaultKind(
    "RATE-06",
    "The rate overlaps another one of sequence {seq} for the same {place} ({other}).",
    "Set from and to so that one rate holds on each day.",
)
LIMIT_BELOW_INVOICED = FaultKind(
    "LIMIT-10",
    "{invoiced} are invoiced for {scope} already, which is more than the limit of {limit}.",
    "Raise the limit, or set over_limit to ignore in the settings.",
)
LIMIT_BELOW_INVOICED_IGNORED = FaultKind(
    "LIMIT-11",
    "{invoiced} are invoiced for {scope} already, which is more than the limit of {limit}.",
    "Nothing to do if that is meant: over_limit is ignore. Else raise the limit.",
)
NOT_A_REMAINDER = FaultKind(
    "IMP-99",
    "This cannot be taken as a remainder: {why}.",
    "Take remainders as export books writes them, in a books file; leave these columns empty "
    "for all other entries.",
)
