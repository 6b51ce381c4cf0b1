"""Decide: save Bill, Defer or Write off for unbilled entries, so that colleagues see it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import Connection

from timix_xl.billing.ballots import (
    Ballot,
    BallotPaper,
    Said,
    ballot_of,
    decision_faults,
    said,
    saved_as,
    worded,
)
from timix_xl.billing.load import Review, ReviewRow, loaded
from timix_xl.billing.preview import paper_faults
from timix_xl.domain.entries import Decision, SavedDecision
from timix_xl.domain.money import plain
from timix_xl.errors import Fault, ReasonMissing, UnknownEntries, refuse_run
from timix_xl.store import runs
from timix_xl.store.chained import Actor, log
from timix_xl.store.database import Store


@dataclass(frozen=True, slots=True)
class Decided:
    """What was saved: the review as it stands now, and how many decisions changed."""

    review: Review
    changed: int
    warnings: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """A decision to save; None takes back what was saved."""

    decision: Decision | None
    reason: str = ""
    bill_quantity: Decimal | None = None
    """Bill only this part of the entry."""
    rest: Decision | None = None
    """What becomes of the rest: Defer (by itself) or Write off."""

    @property
    def says(self) -> Said:
        """The decision in the form that is saved."""
        return said(self.decision, self.bill_quantity, self.rest)


def decidable(store: Store, customer: str) -> Review:
    """Load what can be decided by id: the review, and what only a run of the engine bills."""
    with store.reading() as connection:
        return loaded(connection, customer, dt.date.max, for_engine=True)


def decide(store: Store, customer: str, choices: Mapping[str, Choice], *, actor: Actor) -> Decided:
    """Save decisions by entry id; so too for entries that only a run of the engine bills.

    Raises UnknownCustomer, UnknownEntries, ReasonMissing (a write-off without one), RunRefused (a
    quantity to bill that is no part of its entry).
    """
    with store.writing() as connection:
        review = loaded(connection, customer, dt.date.max, for_engine=True)
        rows = {row.entry.id: row for row in review.rows}
        unknown = [entry for entry in choices if entry not in rows]
        if unknown:
            raise UnknownEntries(entries=", ".join(unknown), customer=customer)
        for entry, choice in choices.items():
            if Decision.WRITE_OFF in choice.says and not choice.reason.strip():
                what = entry if choice.decision is Decision.WRITE_OFF else f"the rest of {entry}"
                raise ReasonMissing(action=f"Writing off {what}")
        refuse_run(f"Saving the decisions of {customer}", _faults(rows, choices))
        changed = _save(connection, rows, choices, actor)
        return Decided(loaded(connection, customer, dt.date.max), changed)


def decide_by_sheet(
    store: Store, customer: str, billing_date: dt.date, paper: BallotPaper, *, actor: Actor
) -> Decided:
    """Save the decisions of a sheet, perhaps a colleague's; all of them, or none.

    Raises UnknownCustomer, RunRefused or RunStale with the fault of every row that does not fit.
    """
    with store.writing() as connection:
        review = loaded(connection, customer, billing_date)
        rows = {row.entry.id: row for row in review.rows}
        found = paper_faults(connection, paper, review)
        refuse_run(f"Saving the decisions of {customer}", found)
        choices = {one.entry: _choice(one) for one in paper.rows}
        changed = _save(connection, rows, choices, actor)
        return Decided(loaded(connection, customer, billing_date), changed, tuple(found))


def _faults(rows: Mapping[str, ReviewRow], choices: Mapping[str, Choice]) -> list[Fault]:
    return [
        fault
        for entry, choice in choices.items()
        for fault in decision_faults(
            replace(
                ballot_of(rows[entry], choice.says, choice.reason),
                bill_quantity="" if choice.bill_quantity is None else plain(choice.bill_quantity),
            ),
            rows[entry],
        )
    ]


def _choice(ballot: Ballot) -> Choice:
    return Choice(ballot.choice, ballot.reason.strip(), *ballot.says[1:])


def _save(
    connection: Connection,
    rows: Mapping[str, ReviewRow],
    choices: Mapping[str, Choice],
    actor: Actor,
) -> int:
    changed = [
        SavedDecision(
            entry=entry,
            decision=choice.says[0],
            bill_quantity=choice.says[1],
            rest=choice.says[2],
            version=rows[entry].version + 1,
            reason=choice.reason,
            decided_by=actor.user,
            decided_at=actor.stamp,
        )
        for entry, choice in choices.items()
        if _differs(rows[entry], choice)
    ]
    runs.save_decisions(connection, changed)
    log(
        connection,
        actor,
        "decide",
        [
            (f"entry {one.entry}", worded(saved_as(rows[one.entry].saved)), worded(saved_as(one)))
            for one in changed
        ],
    )
    return len(changed)


def _differs(row: ReviewRow, choice: Choice) -> bool:
    before = saved_as(row.saved), row.saved.reason if row.saved else ""
    return before != (choice.says, choice.reason)
