"""Ballots: what a person says of each entry, and whether it still fits what is in the store."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from timix_xl.billing.load import Review, ReviewRow
from timix_xl.domain import faults
from timix_xl.domain.entries import Decision
from timix_xl.domain.money import minor_digits, plain, plain_money
from timix_xl.errors import Fault, counted, some_of

Shown = str | Decimal | dt.date | None

WORDS = {
    "": None,
    "bill": Decision.BILL,
    "defer": Decision.DEFER,
    "write off": Decision.WRITE_OFF,
}
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
    decision_is_formula: bool = False
    shown: Mapping[str, Shown] = field(default_factory=dict)

    @property
    def choice(self) -> Decision | None:
        """The decision meant, whatever its case and blanks; undecided if it is unknown."""
        return WORDS.get(self._word)

    @property
    def is_known_word(self) -> bool:
        """Whether the decision is one of the three, or left empty."""
        return self._word in WORDS

    @property
    def facts(self) -> str:
        """The token's fingerprint of the row's facts."""
        return self.token.rpartition(".")[0]

    @property
    def version(self) -> str:
        """The token's version of the saved decision."""
        return self.token.rpartition(".")[2]

    @property
    def _word(self) -> str:
        return " ".join(self.decision.lower().split())


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
    values = (
        *(entry.date, entry.project, entry.task, entry.person or "", entry.description),
        *(entry.kind.value, entry.billable_quantity, entry.unit, priced.rate, priced.amount),
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
    yield from _decision_faults(ballot, row)


def _decision_faults(ballot: Ballot, row: ReviewRow) -> Iterator[Fault]:
    at: dict[str, Any] = {"entry": ballot.entry, "column": "Decision"}
    if ballot.decision_is_formula:
        yield faults.DECISION_IS_FORMULA.at(**at)
        return
    if not ballot.is_known_word:
        yield faults.UNKNOWN_DECISION.at(**at, given=ballot.decision)
        return
    if ballot.version != str(row.version) and row.saved and row.decision != ballot.choice:
        yield faults.DECIDED_ELSEWHERE.at(
            **at,
            theirs=NAMES[row.decision],
            ours=NAMES[ballot.choice],
            by=row.saved.decided_by or "a run",
            at=row.saved.decided_at,
        )
    if ballot.choice is Decision.WRITE_OFF and not ballot.reason.strip():
        yield faults.REASON_NEEDED.at(entry=ballot.entry, column="Reason")
    if ballot.bill_quantity:
        yield faults.BILL_QTY_NOT_YET.at(
            entry=ballot.entry, column="Bill qty", given=ballot.bill_quantity
        )


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
