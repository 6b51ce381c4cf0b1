"""What stops a request: TimixError, its families with their exit codes, and how a message is put."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Fault:
    """Something found in the user's data: code, place, what is wrong, what to do.

    `level` is "error" (the run cannot go on) or "warning". `entry` and `column` let a sheet turn
    the place into a cell.
    """

    code: str
    where: str
    message: str
    hint: str
    level: str = "error"
    conflict: bool = False
    entry: str | None = None
    column: str | None = None

    @property
    def is_error(self) -> bool:
        """Whether this fault stops a run."""
        return self.level == "error"

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        hint = f" {self.hint}" if self.hint else ""
        return f"{place}{self.message}{hint} [{self.code}]"


_OF_DATABASE = re.compile(r"\bpostgres(?:ql)?(?:\+\w{1,40})?://", re.IGNORECASE)
_BEFORE_PASSWORD = re.compile(r"[^\s:/?#@]*:(?!\*{3}@)")
_PORT = re.compile(r"\d+[/?]")
_QUERY = re.compile(r"([?&]\w*password=)(?!\*{3})[^&\s\"']+", re.IGNORECASE)
_OF_ANYTHING = re.compile(r"(://[^\s:/?#@]*:)[^\s/@]+(?=@)")


def without_passwords(text: str) -> str:
    """Write three stars for the password of every URL in a text; rather too many than too few.

    >>> without_passwords("postgresql://timix:s3cret@db/books does not answer")
    'postgresql://timix:***@db/books does not answer'
    """
    if "://" not in text:
        return text
    told, done = [], 0
    for start, end in _databases(text):
        told += [text[done:start], _masked(text[start:end])]
        done = end
    return _OF_ANYTHING.sub(r"\1***", "".join([*told, text[done:]]))


def database_password_in(text: str) -> bool:
    """Whether a text holds the URL of a database with a password: up to the last @ before a blank.

    >>> database_password_in("moved to postgresql://timix:s3cret@db/books")
    True
    >>> database_password_in("see postgresql://db:5432/books, then mail ann@acme.com")
    False
    """
    return "://" in text and any(_has_password(text[one:end]) for one, end in _databases(text))


def fit_for_a_workbook(text: str) -> str:
    """Mask the password of a database: a workbook that holds one is neither read nor saved.

    >>> fit_for_a_workbook("our store is postgresql://timix:s3cret@db/books")
    'our store is postgresql://timix:***@db/books'
    """
    return without_passwords(text) if database_password_in(text) else text


def _databases(text: str) -> Iterator[tuple[int, int]]:
    """Yield what follows the :// of each database, up to the next one or the end of the line.

    None of a text is looked at twice: a workbook may have any number of addresses in a cell.
    """
    found = list(_OF_DATABASE.finditer(text))
    for one, following in zip_longest(found, found[1:]):
        until = following.start() if following else len(text)
        line_end = text.find("\n", one.end(), until)
        yield one.end(), until if line_end < 0 else line_end


def _has_password(address: str) -> bool:
    url = _up_to_a_blank(address)
    before = _BEFORE_PASSWORD.match(url)
    if before and not _PORT.match(url, before.end()) and url.rfind("@") > before.end():
        return True
    return _QUERY.search(url) is not None


def _masked(address: str) -> str:
    """Mask an address and what follows it: a password may hold blanks and @ if nobody encoded it."""
    before = _BEFORE_PASSWORD.match(address)
    at = address.rfind("@")
    if before and at > before.end() and not _is_port(address, before.end()):
        address = f"{before[0]}***{address[at:]}"
    url = _up_to_a_blank(address)
    return _QUERY.sub(r"\1***", url) + address[len(url) :]


def _is_port(address: str, start: int) -> bool:
    return bool(_PORT.match(address, start)) and "@" not in _up_to_a_blank(address)


def _up_to_a_blank(address: str) -> str:
    return address.split(maxsplit=1)[0] if address[:1].strip() else ""


def counted(number: int, noun: str) -> str:
    """Write a number of things.

    >>> counted(1, "entry"), counted(2, "entry"), counted(2, "day")
    ('1 entry', '2 entries', '2 days')
    """
    if number == 1:
        return f"1 {noun}"
    ends_in_ies = noun.endswith("y") and noun[-2] not in "aeiou"
    return f"{number} {noun[:-1]}ies" if ends_in_ies else f"{number} {noun}s"


def some_of(names: Sequence[str], most: int = 5) -> str:
    """Name the first few of many.

    >>> some_of(["E1", "E2", "E3"], most=2)
    'E1, E2 and 1 more'
    """
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


class TimixError(Exception):
    """A request that cannot go on. Leaves word the message; callers pass the facts."""

    code: ClassVar[str]
    says: ClassVar[str]
    do: ClassVar[str]
    exit_code: ClassVar[int]

    def __init__(self, *, where: str = "", faults: Sequence[Fault] = (), **facts: object) -> None:
        self.where = without_passwords(where)
        self.faults = tuple(faults)
        self.message = without_passwords(self.says.format(**facts))
        self.hint = without_passwords(self.do.format(**facts))
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(Fault(self.code, self.where, self.message, self.hint))


class InputError(TimixError):
    """What was given cannot be read."""

    exit_code = 2


class RuleError(TimixError):
    """A rule of billing refuses."""

    exit_code = 3


class NotFound(TimixError):
    """What was named is not there."""

    exit_code = 4


class Conflict(TimixError):
    """Somebody else was there first, or what was seen is no longer so."""

    exit_code = 5


class HostError(TimixError):
    """The spreadsheet or its file does not do what was asked."""

    exit_code = 6


class StoreError(TimixError):
    """The store cannot be opened, read or written."""

    exit_code = 7


class ExportError(TimixError):
    """A document cannot be written out."""

    exit_code = 8


# The leaves, by area. A code is for ever.


class NothingToBill(RuleError):
    """A run without a single entry."""

    code = "RUN-01"
    says = "{customer} has nothing to bill up to {billing_date}."
    do = "Choose a later billing date, or see what was left out and why: the sheet Left out, or timix-xl unbilled {customer}."


class RunRefused(RuleError):
    """A run that its faults stop."""

    code = "RUN-02"
    says = "{action} is refused because of {count}. Nothing was written."
    do = "Settle what is listed (in a workbook: on the sheet Checks), then do it again."


class RunStale(Conflict):
    """A run that was prepared on facts that have changed since."""

    code = "RUN-03"
    says = "{action} is refused because of {count}. Nothing was written."
    do = "Load the entries again, look at what changed, then do it again."


def refuse_run(action: str, faults: Sequence[Fault]) -> None:
    """Stop a run that has errors among its faults: RunStale if one is a conflict, else RunRefused."""
    if stopped := refusal_of(action, faults):
        raise stopped


def refusal_of(action: str, faults: Sequence[Fault]) -> TimixError | None:
    """Return what would stop a run, if anything does."""
    errors = [fault for fault in faults if fault.is_error]
    if not errors:
        return None
    kind = RunStale if any(fault.conflict for fault in errors) else RunRefused
    return kind(faults=faults, action=action, count=counted(len(errors), "fault"))


class DoesNotReconcile(RuleError):
    """The reconciliation identity fails: a defect of ours, caught before the commit."""

    code = "RUN-04"
    says = "The run does not add up: {difference}. Nothing was written."
    do = "Please report this with the output of: timix-xl verify."


class RequestReused(Conflict):
    """The same request id with other content."""

    code = "RUN-05"
    says = "Request {request} has been carried out before, with other content."
    do = (
        "Say it word for word as the first time, or give another --request; in a workbook, perhaps a"
        " copy, load the entries again."
    )


class NotThereYet(RuleError):
    """A choice that a later version brings."""

    code = "RUN-06"
    says = "{what} is not available in this version."
    do = "{instead}"


class NotAsConfirmed(Conflict):
    """A step that somebody confirmed on figures which have changed since."""

    code = "RUN-08"
    says = "{what} is not what was confirmed any more; nothing of it was done."
    do = "Somebody changed the store meanwhile: start it again, and confirm the new figures."


class IssuedButNotWritten(ExportError):
    """A committed run whose workbook could not be saved."""

    code = "RUN-07"
    says = "{run}, but {path} does not show it yet: {why}"
    do = "After that, issue the same workbook again: it issues nothing twice."


class DoneButNotShown(ExportError):
    """A step that is done, whose workbook could not be brought up to date."""

    code = "RUN-09"
    says = "{done}, but {book} does not show it yet: {why}"
    do = "After that, press {button}: nothing is done twice."


class UnknownCustomer(NotFound):
    """No such customer."""

    code = "FIND-01"
    says = "There is no customer {customer}."
    do = "Choose one from the list on the sheet Billing, or see the codes: timix-xl customers."


class UnknownDocument(NotFound):
    """No such invoice, credit note or draft."""

    code = "FIND-02"
    says = "There is no document {number}."
    do = "Refresh the sheet Invoices, or see the numbers: timix-xl invoices."


class UnknownEntries(NotFound):
    """Entries that the store does not hold."""

    code = "FIND-03"
    says = "There is no open entry {entries} for {customer}."
    do = "See the ids: timix-xl unbilled {customer}."


class EntriesNotThere(NotFound):
    """Entries that no customer has."""

    code = "FIND-06"
    says = "There is no entry {entries}."
    do = "See what became of an entry: timix-xl log ENTRY."


class UnknownFrameOrder(NotFound):
    """No such frame order."""

    code = "FIND-04"
    says = "There is no frame order {number}."
    do = "Choose one on the sheet Frame orders, or see the numbers: timix-xl frame-orders."


class UnknownProject(NotFound):
    """No such project."""

    code = "FIND-07"
    says = "There is no project {project}."
    do = "Choose one from the list on the sheet Projects, or see the codes: timix-xl projects."


class UnknownManager(NotFound):
    """A manager whom no project has."""

    code = "FIND-08"
    says = "No project has the manager {manager}."
    do = "Write the name as the books file has it (manager of its projects)."


class FileNotThere(NotFound):
    """No such file."""

    code = "FIND-05"
    says = "There is no file {path}."
    do = "Check the name and the folder."


class TransitionRefused(RuleError):
    """A step that the document's status does not allow."""

    code = "DOC-01"
    says = "{number} is {status}; it cannot be {wanted}."
    do = "{instead}"


class PaidMustBeCredited(RuleError):
    """A void of something that was paid."""

    code = "DOC-02"
    says = "{number} has payments of {paid}; it cannot be voided."
    do = (
        "Credit it (on the sheet Invoices, or timix-xl invoice credit {number}), or first take back"
        " what was booked by mistake (timix-xl invoice unpay {number})."
    )


class VoidWouldOverdraw(RuleError):
    """A void that takes back a correction which a blocked frame order needs."""

    code = "DOC-07"
    says = "Voiding {number} would overdraw frame order {order} by {over}."
    do = "Void the invoices that used it first, or agree on a larger order."


class RegisterOnly(RuleError):
    """A step on an invoice of the system before."""

    code = "DOC-08"
    says = "{number} is an invoice of the system before; it stands in the register only."
    do = "Handle it in the system before; what is paid comes with the books file (open_invoices)."


class IssuedMeanwhile(Conflict):
    """A draft that is none any more."""

    code = "DOC-10"
    says = "{draft} was issued as {number}."
    do = "See it: timix-xl invoice show {number}."


class NotWrittenOff(RuleError):
    """A restore of entries that are not written off."""

    code = "DOC-11"
    says = "What is not written off cannot be restored: {entries}. Nothing was restored."
    do = "Leave these out; only written-off entries come back."


class UnknownProForma(NotFound):
    """No such pro forma."""

    code = "PRO-01"
    says = "There is no pro forma {number}."
    do = "Choose one from the list on the sheet Pro forma, or see the numbers: timix-xl pro-forma list."


class UnknownRevision(NotFound):
    """A pro forma that has no such revision."""

    code = "PRO-35"
    says = "Pro forma {number} has no revision {revision}."
    do = "See the latest one: timix-xl pro-forma show {number}."


class ProFormaGone(NotFound):
    """A retry of a step on a pro forma that was deleted after the first try."""

    code = "PRO-36"
    says = "{number} was deleted after this request had been carried out."
    do = "See what became of it: timix-xl log {number}."


class WrittenOffByProForma(RuleError):
    """A restore of entries that a line of a pro forma wrote off."""

    code = "PRO-37"
    says = (
        "What pro forma {pro_forma} wrote off on {number} cannot be restored: {entries}."
        " Nothing was restored."
    )
    do = (
        "Credit it there: timix-xl invoice credit {number} --entries {ids} --then bill"
        " --reason TEXT; or correct the pro forma: timix-xl pro-forma correct {pro_forma}"
        " --reason TEXT."
    )


class IsAProForma(RuleError):
    """A step of an invoice on a pro forma."""

    code = "PRO-02"
    says = "{number} is a pro forma, not an invoice."
    do = "See it: timix-xl pro-forma show {number}."


class ProFormaRefuses(RuleError):
    """A step that the pro forma's state does not allow."""

    code = "PRO-03"
    says = "{number} is {state}; it cannot be {wanted}."
    do = "{instead}"


class ProFormaMovedOn(Conflict):
    """Edits that were made on a pro forma which has changed since."""

    code = "PRO-04"
    says = "{number} was changed by {by} on {at}, after it was read here. Nothing was written."
    do = "Read it again, look at what changed, then make the edits again."


class ProFormaNumberTaken(Conflict):
    """A number of the series that something else has."""

    code = "PRO-05"
    says = "The next pro forma number, {number}, is taken already."
    do = "Set the next number of the series in the books file (settings, next_numbers)."


class NoProFormaProject(RuleError):
    """A pro forma for a project that is invoiced without one."""

    code = "PRO-06"
    says = "Project {project} is not billed by pro forma."
    do = "Set pro_forma of the project in the books file and import it, or bill it: timix-xl bill."


class ProFormaIsEmpty(RuleError):
    """A pro forma without lines that is to be shown to the customer."""

    code = "PRO-07"
    says = "{number} has no lines; it cannot be opened."
    do = (
        "Add a line first (on the sheet Pro forma, or timix-xl pro-forma edit), or upload entries"
        " (timix-xl pro-forma upload)."
    )


class NothingToUpload(RuleError):
    """An upload that finds no entry."""

    code = "PRO-08"
    says = "Project {project} has nothing to upload to {number} up to {billing_date}."
    do = "See what was left out and why: timix-xl unbilled {customer}."


class ReasonMissing(InputError):
    """A step that needs a reason."""

    code = "DOC-03"
    says = "{action} needs a reason."
    do = "Give one: --reason TEXT on the command line, the note beside the action in a sheet."


class PaymentRefused(RuleError):
    """A payment that does not fit the document."""

    code = "DOC-04"
    says = "{amount} cannot be booked on {number}: {why}."
    do = "{instead}"


class DateOutOfOrder(RuleError):
    """An event dated before the document it is about."""

    code = "DOC-05"
    says = "{action} of {number} cannot be dated {date}: {why}."
    do = "{instead}"


class NothingToCredit(RuleError):
    """A credit of what was credited before."""

    code = "DOC-20"
    says = "Nothing is left of {what} to credit."
    do = "See what corrects {number}: timix-xl invoice show {number}."


class NotOnInvoice(NotFound):
    """Lines or entries that the invoice does not have."""

    code = "DOC-21"
    says = "{number} has no {names} to credit."
    do = "See its lines and their entries: timix-xl invoice show {number}."


class CreditAmountRefused(RuleError):
    """An amount of goodwill that does not fit its line."""

    code = "DOC-22"
    says = "{amount} cannot be credited on line {line} of {number}: {why}."
    do = "{instead}"


class FateMissing(InputError):
    """Entries that are credited without a word on what becomes of them."""

    code = "DOC-23"
    says = "What becomes of {entries} is not said."
    do = "Say it: --then bill, --then write-off, or for each by itself --then {first}=bill."


class CreditUnbalanced(RuleError):
    """A credit note above zero, or one that leaves less than nothing of its invoice."""

    code = "DOC-24"
    says = "A credit note of {total} does not fit {number}, of which {left} is left."
    do = "Credit a correction together with what it corrects, or everything that is left."


class CreditWouldOverdraw(RuleError):
    """A credit that takes back a correction which a blocked frame order needs."""

    code = "DOC-25"
    says = "Crediting {number} would overdraw frame order {order} by {over}."
    do = "Credit the invoices that used it first, or agree on a larger order."


class WrittenOffBefore(RuleError):
    """A credit or void of what was written off as a receivable."""

    code = "DOC-26"
    says = "{amount} of {number} is written off as a receivable; it would be taken off twice."
    do = "Take the write-off back first: timix-xl invoice reinstate {number}."


class OffsetRefused(RuleError):
    """Two invoices that cannot be set off against each other."""

    code = "DOC-27"
    says = "{number} cannot be offset against {against}: {why}."
    do = "{instead}"


class ReleasedTooEarly(RuleError):
    """A release before the ones of earlier runs."""

    code = "PRO-22"
    says = "Pro forma {number} cannot be released yet: {first} of an earlier run comes first."
    do = "{instead}"


class NothingPrinted(RuleError):
    """A release of lines that are held back or written off, all of them."""

    code = "PRO-23"
    says = "Pro forma {number} has no line to print: there is none, or all is held or written off."
    do = "Invoice a part of it, or delete the lines: their entries can be billed again."


class RemainderSettled(RuleError):
    """A step that would bring entries back whose remainder has gone on."""

    code = "PRO-24"
    says = "{number} cannot be {wanted}: remainder {remainder} ({amount}) of its line {line} {why}."
    do = "{instead}"


class HeldBackTogether(RuleError):
    """A credit of some entries of a line whose remainder stands for all of them."""

    code = "PRO-25"
    says = (
        "{entries} of {number} cannot become billable without the others on line {line}:"
        " remainder {remainder} stands for a part of them all."
    )
    do = "Credit the whole line (--lines {line}), or write these entries off (--then write-off)."


class NotCorrectable(RuleError):
    """A correction of a pro forma that was not released into an invoice, or has none any more."""

    code = "PRO-26"
    says = "Pro forma {number} cannot be corrected: {why}."
    do = "{instead}"


class MadeFromProForma(RuleError):
    """A correction, by the wizard, of an invoice that was made from a pro forma."""

    code = "PRO-27"
    says = "{number} was made from pro forma {pro_forma}; it is corrected there."
    do = "Correct that one: timix-xl pro-forma correct {pro_forma} --reason TEXT."


class RevisionRests(RuleError):
    """A void or a credit of an invoice whose pro forma is being corrected."""

    code = "PRO-28"
    says = "{number} cannot be {wanted}: a revision of pro forma {pro_forma} rests on it."
    do = "Release the revision, which credits it, or delete it: timix-xl pro-forma delete {pro_forma}."


class RestoredBesideRemainder(RuleError):
    """A restore of entries, a part of which a remainder stands for."""

    code = "PRO-29"
    says = "{entry} cannot be restored: remainder {remainder} stands for a part of it."
    do = "What {number} billed of it stays written off; bill it by hand on a pro forma, if at all."


class BillingDateNeeded(InputError):
    """A project without a next billing date that is to be billed up to nowhere."""

    code = "RULE-10"
    says = "Project {project} {why}: there is no next billing date."
    do = "Say up to when: timix-xl bill {project} --date DATE."


class FormulaBroken(StoreError):
    """A stored formula that no books file could have brought."""

    code = "RULE-09"
    says = (
        "The {formula} formula of step {step} of billing rule {rule} in the store is broken at"
        " position {position}: {why}."
    )
    do = "Correct it in the books file (billing_rules) and import that."


class PeriodClosed(RuleError):
    """A date in a closed month."""

    code = "PERIOD-01"
    says = "{action} cannot be dated {date}: everything up to {until} is closed."
    do = "Give a date after {until}, or open the month again: timix-xl reopen."


class DoesNotRollForward(RuleError):
    """A WIP roll-forward that does not add up: a defect of ours, caught before the close."""

    code = "PERIOD-02"
    says = "The WIP roll-forward of {month} does not add up: {why}. Nothing was closed."
    do = "Please report this with the output of: timix-xl verify."


class MonthNotOver(RuleError):
    """A month that is not over yet."""

    code = "PERIOD-03"
    says = "{month} is not over yet: its last day is {last}."
    do = "Close it after that day."


class MonthIsClosed(RuleError):
    """A month that is closed already."""

    code = "PERIOD-04"
    says = "{month} is closed already: {by} closed it on {at}."
    do = "To change something in it, open it again: timix-xl reopen {month} --reason TEXT."


class MonthsInOrder(RuleError):
    """A month that is not the one after the last closed one."""

    code = "PERIOD-05"
    says = "{month} cannot be closed: {last} is the last closed month, and {next} comes next."
    do = "Close {next}; everything before it is locked already."


class NotTheLastClosed(RuleError):
    """A month that cannot be opened again."""

    code = "PERIOD-06"
    says = "{month} cannot be opened again: {why}."
    do = "{instead}"


class PackDoesNotTie(RuleError):
    """A month-end pack whose parts do not agree: a defect of ours, caught before it is printed."""

    code = "FIN-01"
    says = "The month-end pack of {month} does not tie: {count}. {ties}. Nothing was written."
    do = "Run it again once nobody is issuing; if it stays so, report the output of: timix-xl verify."


class BadArgument(InputError):
    """An argument that cannot be read."""

    code = "ARG-01"
    says = "{argument} is {value!r}, which is not {expected}."
    do = "Please write it like {example}."


class BadCommand(InputError):
    """A command line that cannot be read."""

    code = "ARG-02"
    says = "{problem}."
    do = "See: {command} --help."


class FileRefused(InputError):
    """A file with rows that cannot be taken."""

    code = "IMP-01"
    says = "{file}: {count} cannot be taken; nothing was imported."
    do = "Correct the rows that are listed in the file and import it again; on the command line --skip-bad takes the others."


class FileUnreadable(InputError):
    """A file that is not what it should be."""

    code = "IMP-02"
    says = "{file} cannot be read: {why}."
    do = "{instead}"


class SettingsUnreadable(InputError):
    """A settings file that is not what it should be."""

    code = "SET-01"
    says = "The settings file cannot be read: {why}."
    do = (
        'Correct the line; it looks like store = "/books/timix.db" (on Windows with / or \\\\ in the'
        " path). Or delete {path}; then timix-xl uses the store {usual} and your login name."
    )


class SettingUnknown(InputError):
    """A name in the settings file that is none of ours."""

    code = "SET-02"
    says = "The settings file has {key}, which timix-xl does not know (known: {known})."
    do = "Correct the name, or take it out. If a newer timix-xl wrote it, install that version."
