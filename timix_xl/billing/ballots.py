"""Ballots: what a person says of each entry, and whether it still fits what is in the store."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from timix_xl.billing.load import Review, ReviewRow
from timix_xl.domain import faults
from timix_xl.domain.entries import Decision, SavedDecision
from timix_xl.domain.money import QUANTITY_PLACES, minor_digits, plain, plain_money, quantized
from timix_xl.errors import Fault, counted, fit_for_a_workbook, some_of

Shown = str | Decimal | dt.date | None

WORDS = {
    "": None,
    "bill": Decision.BILL,
    "defer": Decision.DEFER,
    "write off": Decision.WRITE_OFF,
}
RESTS = {word: decision for word, decision in WORDS.items() if decision is not Decision.BILL}
NAMES = {
    None: "undecided",
    Decision.BILL: "Bill",
    Decision.DEFER: "Defer",
    Decision.WRITE_OFF: "Write off",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """One row as a person hands it in. `decision` is text as typed; `shown` what the cells say."""

    entry: str
    token: str
    decision: str = ""
    bill_quantity: str = ""
    rest: str = ""
    reason: str = ""
    formulas: frozenset[str] = frozenset()
    """The columns of the ballot in which a formula stands."""
    shown: Mapping[str, Shown] = field(default_factory=dict)

    @property
    def choice(self) -> Decision | None:
        """The decision meant, whatever its case and blanks; undecided if it is unknown.

        A Bill qty says Bill by itself.
        """
        undecided = Decision.BILL if self.bill_quantity.strip() else None
        return WORDS.get(_word(self.decision)) or (undecided if self.is_known_word else None)

    @property
    def is_known_word(self) -> bool:
        """Whether the decision is one of the three, or left empty."""
        return _word(self.decision) in WORDS

    @property
    def quantity(self) -> Decimal | None:
        """The quantity to bill; None if none is given, or none that can be read."""
        text = self.bill_quantity.strip()
        value = Decimal(text) if _QUANTITY.fullmatch(text) else None
        return None if value is None or value != quantized(value, QUANTITY_PLACES) else value

    @property
    def what_becomes_of_the_rest(self) -> Decision:
        """Defer or Write off; an empty cell is Defer."""
        return RESTS.get(_word(self.rest)) or Decision.DEFER

    @property
    def says(self) -> "Said":
        """What the ballot comes to, in the form that is saved."""
        return said(self.choice, self.quantity, self.what_becomes_of_the_rest)

    @property
    def facts(self) -> str:
        """The token's fingerprint of the row's facts."""
        return self.token.rpartition(".")[0]

    @property
    def version(self) -> str:
        """The token's version of the saved decision."""
        return self.token.rpartition(".")[2]

    def part(self, whole: Decimal) -> Decimal | None:
        """Return the part of a quantity that is billed, if it is a part."""
        given = self.quantity
        if given is None or self.choice is not Decision.BILL:
            return None
        return given if given * whole > 0 and abs(given) < abs(whole) else None


Said = tuple[Decision | None, Decimal | None, Decision | None]
"""A decision with the quantity to bill, if any, and what becomes of the rest."""
_QUANTITY = re.compile(r"-?\d{1,12}(\.\d+)?", re.ASCII)


def _word(text: str) -> str:
    return " ".join(text.lower().split())


def said(decision: Decision | None, quantity: Decimal | None, rest: Decision | None) -> Said:
    """Put a decision in one form: a rest stands beside a quantity only, and is Defer by itself."""
    if quantity is None or decision is not Decision.BILL:
        return decision, None, None
    return decision, quantity, rest or Decision.DEFER


def saved_as(saved: SavedDecision | None) -> Said:
    """Return what is saved in that form."""
    return said(saved.decision, saved.bill_quantity, saved.rest) if saved else (None, None, None)


def worded(what: Said) -> str:
    """Word a decision as a person reads it.

    >>> worded((Decision.BILL, Decimal("3.50"), Decision.DEFER)), worded((None, None, None))
    ('Bill 3.5 (rest: Defer)', 'undecided')
    """
    decision, quantity, rest = what
    if quantity is None:
        return NAMES[decision]
    return f"{NAMES[decision]} {plain(quantity)} (rest: {NAMES[rest]})"


def ballot_of(row: ReviewRow, what: Said, reason: str) -> Ballot:
    """Return the ballot that says this of a row."""
    decision, quantity, rest = what
    return Ballot(
        entry=row.entry.id,
        token=row.token,
        decision=NAMES[decision] if decision else "",
        bill_quantity="" if quantity is None else plain(quantity),
        rest=NAMES[rest] if rest else "",
        reason=reason,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotPaper:
    """A whole sheet of ballots, with what it says of where it was loaded."""

    rows: tuple[Ballot, ...]
    loaded_count: int
    store_id: str
    hidden_rows: int = 0


COLUMNS = (
    *("Date", "Project", "Task", "Person", "Description", "Kind"),
    *("Qty", "Unit", "Rate", "Amount", "Currency"),
)


def shown(row: ReviewRow, currency: str) -> dict[str, Shown]:
    """Return what the cells of a review row show, by column."""
    entry, priced = row.entry, row.priced
    description = fit_for_a_workbook(entry.description)
    values = (
        *(entry.date, entry.project, entry.task, entry.person or "", description),
        *(entry.kind.value, priced.quantity, entry.unit, priced.rate, priced.amount),
        currency,
    )
    return dict(zip(COLUMNS, values, strict=True))


def faults_in(paper: BallotPaper, review: Review, elsewhere: Mapping[str, str]) -> list[Fault]:
    """Check a sheet of ballots against the store; `elsewhere` says where other entries are."""
    by_entry = {row.entry.id: row for row in review.rows}
    found: list[Fault] = []
    if paper.store_id != review.store_id:
        return [faults.OTHER_STORE.at("Billing")]
    found += _twice(paper)
    found += _missing(paper, by_entry)
    for ballot in paper.rows:
        row = by_entry.get(ballot.entry)
        if row is None:
            found.append(_stranger(ballot, elsewhere))
        else:
            found += _row_faults(ballot, row, review.currency)
    if paper.hidden_rows:
        found.append(faults.HIDDEN_ROWS.at("Entries", count=_hidden(paper.hidden_rows)))
    return found


def _stranger(ballot: Ballot, elsewhere: Mapping[str, str]) -> Fault:
    if ballot.entry in elsewhere:
        why = elsewhere[ballot.entry]
        return faults.NO_LONGER_OPEN.at(entry=ballot.entry, column="Entry", why=why)
    where = f"entry {ballot.entry}" if ballot.entry else "a row without an entry"
    return faults.NOT_OF_THIS_LOAD.at(where, entry=ballot.entry, column="Entry")


def _twice(paper: BallotPaper) -> list[Fault]:
    counted = Counter(ballot.entry for ballot in paper.rows)
    return [
        faults.ROW_TWICE.at(entry=entry, column="Entry")
        for entry, count in counted.items()
        if count > 1 and entry
    ]


def _missing(paper: BallotPaper, by_entry: Mapping[str, ReviewRow]) -> list[Fault]:
    """Tell rows that were deleted from work that came in after the load."""
    there = {ballot.entry for ballot in paper.rows}
    missing = [entry for entry in by_entry if entry not in there]
    more = len(there) > paper.loaded_count and there <= set(by_entry)
    if len(there) < paper.loaded_count or more:
        fault = faults.ROWS_MISSING.at(
            "Entries",
            found=len(there),
            loaded=paper.loaded_count,
            missing=some_of(missing) or "none that is still open",
        )
        return [fault]
    if missing:
        count = counted(len(missing), "entry")
        return [faults.NEW_SINCE_LOAD.at("Entries", count=count, entries=some_of(missing))]
    return []


def _row_faults(ballot: Ballot, row: ReviewRow, currency: str) -> Iterator[Fault]:
    facts, _, _ = row.token.rpartition(".")
    approved = shown(row, currency)
    typed = {column: value for column, value in ballot.shown.items() if value != approved[column]}
    if ballot.facts != facts:
        changes = _changes(typed, approved, currency)
        yield faults.CHANGED_SINCE_LOAD.at(entry=ballot.entry, column="Entry", changes=changes)
        return
    for column, value in typed.items():
        yield faults.TYPED_OVER.at(
            entry=ballot.entry,
            column=column,
            given=_words(column, value, row, currency),
            approved=_words(column, approved[column], row, currency),
        )
    yield from decision_faults(ballot, row)


def decision_faults(ballot: Ballot, row: ReviewRow) -> Iterator[Fault]:
    """Check what a ballot says of a row whose facts agree."""
    at: dict[str, Any] = {"entry": ballot.entry, "column": "Decision"}
    if "Decision" in ballot.formulas:
        yield faults.DECISION_IS_FORMULA.at(**at)
        return
    if not ballot.is_known_word:
        yield faults.UNKNOWN_DECISION.at(**at, given=ballot.decision)
        return
    moved = ballot.version != str(row.version)
    if moved and row.saved and saved_as(row.saved) != ballot.says:
        yield faults.DECIDED_ELSEWHERE.at(
            **at,
            theirs=worded(saved_as(row.saved)),
            ours=worded(ballot.says),
            by=row.saved.decided_by or "a run",
            at=row.saved.decided_at,
        )
    if _writes_off(ballot, row) and not ballot.reason.strip():
        yield faults.REASON_NEEDED.at(entry=ballot.entry, column="Reason")
    yield from _quantity_faults(ballot, row)
    yield from _rest_faults(ballot)


def _writes_off(ballot: Ballot, row: ReviewRow) -> bool:
    """Whether the entry or a part of it leaves the unbilled work for good."""
    rest = ballot.part(row.priced.quantity) is not None
    return Decision.WRITE_OFF in (
        ballot.choice,
        ballot.what_becomes_of_the_rest if rest else None,
    )


def _quantity_faults(ballot: Ballot, row: ReviewRow) -> Iterator[Fault]:
    at: dict[str, Any] = {"entry": ballot.entry, "column": "Bill qty"}
    given, whole = ballot.quantity, row.priced.quantity
    facts = {"given": ballot.bill_quantity.strip(), "whole": plain(whole), "unit": row.entry.unit}
    if "Bill qty" in ballot.formulas:
        yield faults.BALLOT_IS_FORMULA.at(**at)
    elif not ballot.bill_quantity.strip():
        return
    elif given is None:
        yield faults.BILL_QTY_UNREADABLE.at(**at, given=facts["given"])
    elif ballot.choice is not Decision.BILL:
        yield faults.BILL_QTY_NOT_BILLED.at(**at, decision=NAMES[ballot.choice])
    elif not given:
        yield faults.BILL_QTY_ZERO.at(**at)
    elif given * whole < 0:
        yield faults.BILL_QTY_OF_OTHER_SIGN.at(**at, **facts)
    elif abs(given) > abs(whole):
        yield faults.BILL_QTY_TOO_LARGE.at(**at, **facts)


def _rest_faults(ballot: Ballot) -> Iterator[Fault]:
    at: dict[str, Any] = {"entry": ballot.entry, "column": "Rest"}
    given = ballot.rest.strip()
    if "Rest" in ballot.formulas:
        yield faults.BALLOT_IS_FORMULA.at(**at)
    elif _word(given) not in RESTS:
        yield faults.UNKNOWN_REST.at(**at, given=given)
    elif given and not ballot.bill_quantity.strip():
        yield faults.REST_OF_NOTHING.at(**at, given=given)


def _changes(typed: Mapping[str, Shown], approved: Mapping[str, Shown], currency: str) -> str:
    words = [
        f"{column} was {_text(column, value, currency)}, is {_text(column, approved[column], currency)}"
        for column, value in typed.items()
    ]
    return "; ".join(words) or "its tax or its place of delivery"


def _words(column: str, value: Shown, row: ReviewRow, currency: str) -> str:
    text = _text(column, value, currency) or "nothing"
    if column == "Qty":
        return f"{text} {row.entry.unit}"
    return f"{text} {currency}" if column in {"Rate", "Amount"} else text


def _text(column: str, value: Shown, currency: str) -> str:
    if isinstance(value, Decimal):
        if column == "Amount" and value == round(value, minor_digits(currency)):
            return plain_money(value, currency)
        return str(max(plain(value), f"{value:.2f}", key=len))
    return str(value or "")


def _hidden(number: int) -> str:
    return f"{counted(number, 'hidden row')} {'is' if number == 1 else 'are'}"
