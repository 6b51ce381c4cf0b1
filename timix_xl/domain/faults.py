"""The catalogue of faults: what can be wrong with a run, in words, with its code for ever."""

from dataclasses import dataclass

from timix_xl.errors import Fault


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One kind of fault: `says` and `do` are filled in with the facts of the case."""

    code: str
    says: str
    do: str
    level: str = "error"
    conflict: bool = False

    def at(
        self,
        where: str = "",
        *,
        entry: str | None = None,
        column: str | None = None,
        **facts: object,
    ) -> Fault:
        """Make the fault of one place; an entry stands for its place until a sheet knows better."""
        return Fault(
            code=self.code,
            where=where or (f"entry {entry}" if entry else ""),
            message=self.says.format(entry=entry, column=column, **facts),
            hint=self.do.format(entry=entry, column=column, **facts),
            level=self.level,
            conflict=self.conflict,
            entry=entry,
            column=column,
        )


LOAD_AGAIN = "Load the entries again"

# Rows of a sheet, and decisions.
NOT_OF_THIS_LOAD = FaultKind(
    "ENTRY-01",
    "This row is not one of the loaded entries.",
    "Delete the row; new work comes in through an import, then load again.",
)
ROW_TWICE = FaultKind(
    "ENTRY-02",
    "Entry {entry} stands in more than one row.",
    "Delete the copy, or load the entries again.",
)
ROWS_MISSING = FaultKind(
    "ENTRY-03",
    "The sheet has {found} of the {loaded} rows that were loaded. Missing, perhaps: {missing}.",
    LOAD_AGAIN + "; to leave an entry off the invoice, set it to Defer.",
)
CHANGED_SINCE_LOAD = FaultKind(
    "ENTRY-04",
    "Entry {entry} has changed since it was loaded: {changes}.",
    LOAD_AGAIN + " and look at this one.",
    conflict=True,
)
DECIDED_ELSEWHERE = FaultKind(
    "ENTRY-05",
    "Entry {entry} was set to {theirs} by {by} on {at}; this sheet says {ours}.",
    LOAD_AGAIN + ", agree on one, and save the decision.",
    conflict=True,
)
UNKNOWN_DECISION = FaultKind(
    "ENTRY-06",
    "{given!r} is not a decision.",
    "Please choose Bill, Defer or Write off.",
)
TYPED_OVER = FaultKind(
    "ENTRY-07",
    "{given} was typed over the approved {approved}.",
    LOAD_AGAIN + ", or have the change approved first.",
)
DECISION_IS_FORMULA = FaultKind(
    "ENTRY-08",
    "The decision is a formula.",
    "Please choose Bill, Defer or Write off from the list.",
)
REASON_NEEDED = FaultKind(
    "ENTRY-09",
    "Writing off entry {entry} needs a reason.",
    "Please give one in the Reason column, or with --reason.",
)
BILL_QTY_UNREADABLE = FaultKind(
    "ENTRY-10",
    "The Bill qty {given!r} is not a number with at most four decimals.",
    "Please write it like 3.5, or clear it to bill the whole entry.",
)
NO_LONGER_OPEN = FaultKind(
    "ENTRY-11",
    "Entry {entry} is no longer open to bill: {why}.",
    LOAD_AGAIN + ".",
    conflict=True,
)
NEW_SINCE_LOAD = FaultKind(
    "ENTRY-12",
    "{count} came in since the load: {entries}. Not on this invoice.",
    LOAD_AGAIN + " to see them.",
    level="warning",
)
HIDDEN_ROWS = FaultKind(
    "ENTRY-13",
    "{count} in this run.",
    "Clear the filter to see them.",
    level="warning",
)
BALLOT_IS_FORMULA = FaultKind(
    "ENTRY-14",
    "{column} is a formula.",
    "Please type the value itself, or clear the cell.",
)
BILL_QTY_TOO_LARGE = FaultKind(
    "ENTRY-15",
    "The Bill qty {given} is more than the {whole} {unit} of entry {entry}.",
    "Please give less, or clear it to bill the whole entry.",
)
BILL_QTY_ZERO = FaultKind(
    "ENTRY-16",
    "A Bill qty of 0 bills nothing of entry {entry}.",
    "Set the entry to Defer and clear the Bill qty.",
)
BILL_QTY_OF_OTHER_SIGN = FaultKind(
    "ENTRY-17",
    "The Bill qty {given} has another sign than the {whole} {unit} of entry {entry}.",
    "Please give a part of {whole}, with its sign.",
)
BILL_QTY_NOT_BILLED = FaultKind(
    "ENTRY-18",
    "Entry {entry} has a Bill qty, but its decision is {decision}.",
    "Set it to Bill to bill this part, or clear the Bill qty.",
)
REST_OF_NOTHING = FaultKind(
    "ENTRY-19",
    "Rest says {given}, but there is no Bill qty that leaves one.",
    "Type the part to bill in Bill qty, or clear Rest.",
)
UNKNOWN_REST = FaultKind(
    "ENTRY-20",
    "{given!r} is not what can become of a rest.",
    "Please choose Defer or Write off.",
)

# The workbook as a whole.
OTHER_STORE = FaultKind(
    "BOOK-02",
    "This workbook was loaded from another store.",
    "Open that store, or load the entries again from this one.",
    conflict=True,
)

# The sheet of a pro forma.
LINE_TYPED_OVER = FaultKind(
    "BOOK-30",
    "{title} of line {line} says {given}; the pro forma has {there}.",
    "Load the pro forma again; what should read otherwise is deleted and added by hand.",
)
LINE_IN_TWO_ROWS = FaultKind(
    "BOOK-31",
    "Line {line} stands in more than one row.",
    "Delete the copy, or load the pro forma again. A row of yours has no line number.",
)
LINES_MISSING = FaultKind(
    "BOOK-32",
    "Missing from the sheet: {lines}.",
    "Load the pro forma again; to take a line off it, set its Status to Delete line.",
)
UNKNOWN_LINE_STATUS = FaultKind(
    "BOOK-33",
    "{given!r} is not a status of a line.",
    "Please choose {words} from the list.",
)
LINE_CELL_NO_NUMBER = FaultKind(
    "BOOK-34",
    "{title} is {given!r}, which is not a number.",
    "Please type a number, for example {example}.",
)
LINE_CELL_IS_FORMULA = FaultKind(
    "BOOK-35",
    "{title} is a formula.",
    "Please type the number or the word that it shows.",
)
LINE_CELL_EMPTY = FaultKind(
    "BOOK-36",
    "{title} is empty.",
    "Please fill it in, for example {example}.",
)
LINE_CHANGED_SINCE = FaultKind(
    "BOOK-37",
    "Line {line} has changed since it was loaded: {changes}.",
    "Load the pro forma again, look at this line, then make the edit again.",
    conflict=True,
)

# Billing rules.
RATE_NOT_FOUND = FaultKind(
    "RULE-01",
    "Entry {entry} has no rate: {why}.",
    "Add a rate that holds on its date, or set what the step does without one (no_rate).",
)
NOT_EVALUATED = FaultKind(
    "RULE-02",
    "Entry {entry} cannot be priced: {why}.",
    "Please correct the entry, or the formula in the billing rule.",
)
DOCUMENT_TOO_LARGE = FaultKind(
    "RULE-07",
    "The {what} comes to {most} or more.",
    "Bill it in parts: up to an earlier date, or defer some of it.",
)
LINE_TOO_LARGE = FaultKind(
    "RULE-08",
    "Line {line} has {what} of {most} or more.",
    "Correct {entries}, or what their billing rule makes of them; else defer them.",
)
NOT_PROPORTIONAL = FaultKind(
    "RULE-11",
    "Entry {entry} cannot be split: by the formulas of billing rule {rule}, a part of {given} {unit}"
    " and its rest would not add up to the {whole} {unit} ({amount}) of the whole.",
    "Bill it whole, defer it or write it off; a part needs formulas that grow with the quantity.",
)
NOTHING_PRINTED = FaultKind(
    "RULE-12",
    "Nothing of {project} would be printed for {entries}; they stay unbilled.",
    "Nothing to do if that is fine; else let the step create zero lines, or write them off.",
    level="warning",
)
ORDER_AT_RELEASE = FaultKind(
    "RULE-13",
    "Project {project} is billed by pro forma, which draws on no frame order yet.",
    "Leave --frame-order out, and give it to timix-xl pro-forma release.",
)
BILLED_AHEAD = FaultKind(
    "RULE-14",
    "The billing date {day} lies ahead: the next billing date of {project} moves to {coming}.",
    "Nothing to do if that is meant; else delete what was made, and give a date that has come.",
    level="warning",
)

# Frame orders.
ORDER_NOT_CHOSEN = FaultKind(
    "FO-01",
    "{customer} has several open frame orders ({orders}) and none is chosen.",
    'Choose one, or "No frame order".',
)
ORDER_OF_OTHER_CUSTOMER = FaultKind(
    "FO-02",
    "Frame order {order} is not one of {customer}.",
    "Choose one of: {orders}.",
)
OUTSIDE_VALIDITY = FaultKind(
    "FO-03",
    "Entry {entry} of {day} lies outside frame order {order}, which holds from {first} to {last}.",
    "Defer it, or bill it apart, without the frame order.",
)
ORDER_EXCEEDED = FaultKind(
    "FO-04",
    "Frame order {order} has {remaining} left; this run draws {drawn}, {over} too much.",
    "Defer entries (Fit to frame order does it), or agree on a larger order.",
)
ORDER_OVERRUN = FaultKind(
    "FO-05",
    "Frame order {order} has {remaining} left; this run draws {drawn}, {over} more than that.",
    "Allowed by the order; please tell the customer.",
    level="warning",
)
ORDER_CLOSED = FaultKind(
    "FO-06", "Frame order {order} is closed.", "Choose an open one, or open it again in the books."
)
FIT_STOPPED = FaultKind(
    "FO-07",
    "Entry {entry} is the first that no longer fits frame order {order}.",
    "It and what comes after it are deferred.",
    level="warning",
)

# The document that a run would make.
SELLER_MISSING = FaultKind(
    "SELLER-01",
    "The company that sends the invoices is not set.",
    "Add company to the books file and import it.",
)
SELLER_TAX_ID = FaultKind(
    "TAX-01",
    "Tax code {code} (category {category}) needs the company's tax id, which is not set.",
    "Add tax_id to the company in the books file and import it.",
)
BUYER_TAX_ID = FaultKind(
    "TAX-02",
    "Tax code {code} (category {category}) needs the tax id of {customer}, which is not set.",
    "Add tax_id to the customer in the books file and import it.",
)
TAX_NOTE = FaultKind(
    "TAX-03",
    "Tax code {code} (category {category}) needs a note that says why, which is not set.",
    "Add note to the tax code in the books file and import it.",
)
BEFORE_FIRST_TAX_RATE = FaultKind(
    "TAX-04",
    "Entry {entry} of {day} lies before the first rate of tax code {code}.",
    "Add a rate from that day on in the books file, or defer the entry.",
)
NEGATIVE_TOTAL = FaultKind(
    "TOTAL-01",
    "The invoice would come to {total}, below zero.",
    "Defer the corrections until there is more to bill, or make a credit note.",
)
ISSUE_DATE_BEHIND = FaultKind(
    "DATE-01",
    "The issue date {given} lies before {last}, the date of the last number of the series.",
    "Please give {last} or later.",
)
ISSUE_DATE_CLOSED = FaultKind(
    "DATE-04",
    "The issue date {given} lies in a closed month: everything up to {until} is closed.",
    "Please give a later date, or open the month again.",
)
PERIOD_BACKWARDS = FaultKind(
    "DATE-02", "The service period ends ({last}) before it starts ({first}).", "Swap the two dates."
)
NUMBER_WOULD_COLLIDE = FaultKind(
    "DATE-03",
    "The next number, {number}, is taken already.",
    "Set the next number of the series in the books file (settings, next_numbers).",
)
LIMIT_PASSED = FaultKind(
    "LIMIT-01",
    "Line {line} bills {amount} of {scope}, whose limit of {limit} leaves {available}: {over} too"
    " much.",
    "Bill less of it, or agree on a higher limit and import it (limits in the books file).",
)
LIMIT_PASSED_IGNORED = FaultKind(
    "LIMIT-02",
    "Line {line} bills {amount} of {scope}, whose limit of {limit} leaves {available}: {over} more"
    " than that.",
    "Allowed by the settings (over_limit); please tell the customer.",
    level="warning",
)
# The lines of a pro forma.
NO_SUCH_LINE = FaultKind(
    "PRO-09",
    "There is no such line.",
    "See the lines and their numbers: timix-xl pro-forma show.",
)
LINE_EDITED_TWICE = FaultKind(
    "PRO-10",
    "The line is {how} at once.",
    "Do one of the two, look at the line, then do the other.",
)
TOO_MANY_DECIMALS = FaultKind(
    "PRO-11",
    "The {name} {given} is not a number below 1,000,000,000,000 with at most {places} decimals.",
    "Please write it like {example}.",
)
NUMBERS_AT_ODDS = FaultKind(
    "PRO-12",
    "{why}.",
    "Type the one that counts, and leave the others as they are.",
)
NOTHING_TO_HOLD = FaultKind(
    "PRO-13",
    "The line has no entry; nothing of it can be held or written off.",
    "Lower its amount, or delete the line.",
)
SIGN_CHANGED = FaultKind(
    "PRO-14",
    "{given} has another sign than the {billed} that were billed.",
    "Give a part of {billed}, or more of it; for the other direction add a line of its own.",
)
STATUS_AT_ODDS = FaultKind(
    "PRO-15",
    "{status} does not fit {amount} where {billed} was billed.",
    "Hold or write off the remainder of a lower amount; an amount that is not lower is billed.",
)
NOT_UPLOADED = FaultKind(
    "PRO-16",
    "Entry {entry} cannot be uploaded: {why}.",
    "Settle that first, or leave this one out.",
)
STAYS_WRITTEN_OFF = FaultKind(
    "PRO-38",
    "What a pro forma wrote off stays written off: {entries}.",
    "To bill it all the same: timix-xl restore {ids} --reason TEXT.",
    level="warning",
)
NOT_OF_THE_PROJECT = FaultKind(
    "PRO-17",
    "There is no {what} {code} in project {project}.",
    "Please name one that the books have.",
)
LINE_BEFORE_TAX_RATE = FaultKind(
    "PRO-18",
    "The billing date {day} lies before the first rate of tax code {code}.",
    "Add a rate from that day on in the books file.",
)
LINE_WITHOUT_WORDS = FaultKind(
    "PRO-19",
    "The new line has no description.",
    "Say what the customer is to read.",
)
BEFORE_ITS_NOTE = FaultKind(
    "PRO-30",
    "The issue date {given} lies before {note}, the date of the credit note that it goes with.",
    "Please give {note} or later, or no date.",
)
GOODWILL_NOT_KEPT = FaultKind(
    "PRO-31",
    "{amount} net of {invoice} was credited without entries, as goodwill; the new invoice is for"
    " the full amount.",
    "Lower a line of the revision by as much, if the goodwill is to stay.",
    level="warning",
)
NOTHING_DRAWN_BEFORE = FaultKind(
    "PRO-32",
    "{number} becomes a credit note that corrects no invoice; it cannot draw on frame order"
    " {order}, which would get back what was never drawn.",
    'Release it without one: leave the frame order out, or choose "No frame order".',
)
NOT_BILLED_AGAIN = FaultKind(
    "CREDIT-01",
    "Entry {entry} cannot be billed again: {why}.",
    "Settle that first, or only credit the invoice: timix-xl invoice credit.",
)
UNPRINTABLE = FaultKind(
    "PDF-01",
    "No font of ours has {characters}; the PDF shows a stand-in.",
    "Nothing to do if that is fine; else reword the text before the next document.",
    level="warning",
)
LOGO_LEFT_OUT = FaultKind(
    "PDF-02",
    "The logo cannot be printed; the company's name stands in its place.",
    "Give another PNG or JPEG in the books file (company, logo) for the next document.",
    level="warning",
)
