"""Verify: recompute every seal, number, balance and state, and name what does not hold."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from timix_xl.billing import (
    verify_documents,
    verify_ledger,
    verify_lines,
    verify_months,
    verify_notes,
    verify_pro_formas,
    verify_remainders,
    verify_rules,
)
from timix_xl.billing.record import Dossier, Problem, Progress, Record
from timix_xl.store import tables as t
from timix_xl.store.database import Store


@dataclass(frozen=True, slots=True)
class Verified:
    """What was checked, how many of each, and what was found."""

    checked: dict[str, int]
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        """Whether everything holds."""
        return not self.problems


CODES = {
    "VERIFY-01": "The database file or a reference in it is broken.",
    "VERIFY-02": "A guard of the database, a trigger or a constraint, has been taken away.",
    "VERIFY-03": "A document's sealed content, or its seal, has been changed.",
    "VERIFY-04": "A document's sealed content cannot be read.",
    "VERIFY-05": "A row of an issued document is not what was sealed.",
    "VERIFY-06": "A number and its document do not belong together.",
    "VERIFY-07": "A number series has a gap or a number too many.",
    "VERIFY-08": "A document is not chained to the one before it.",
    "VERIFY-09": "Issue dates run backwards in a series.",
    "VERIFY-10": "A line, a tax or a total does not add up.",
    "VERIFY-11": "The events or the audit log have been changed or cut.",
    "VERIFY-12": "A status is not what the events say.",
    "VERIFY-13": "A billed entry is not claimed by its document, or the other way round.",
    "VERIFY-14": "An entry is not in the state that its runs and documents say.",
    "VERIFY-15": "What a void gave back to a frame order does not agree.",
    "VERIFY-16": "A frame order is overdrawn that must not be.",
    "VERIFY-17": "A run is not what the audit log noted.",
    "VERIFY-18": "A stored logo has been changed.",
    "VERIFY-19": "A value is not of the kind that its column holds.",
    "VERIFY-20": "A credit note does not correct an invoice of its customer.",
    "VERIFY-21": "A credit note takes what its invoice does not have, or more than is left.",
    "VERIFY-22": "A credit note does not give its frame order back what it credits.",
    "VERIFY-23": "A void invoice that the customer held is not credited in full.",
    "VERIFY-30": "The WIP that was stored with a closed month has been changed.",
    "VERIFY-31": "Months were not closed or opened again one after the other.",
    "VERIFY-32": "Something is dated in a month that was closed when it was written.",
    "VERIFY-33": "The roll-forward of a closed month is not the one that was closed.",
    "VERIFY-34": "An entry is not where its approval, its runs and its documents say.",
    "VERIFY-35": "A pro forma and its document do not belong together.",
    "VERIFY-36": "A number of a pro forma is missing, or there twice, and nobody deleted one.",
    "VERIFY-37": "The revisions of a pro forma do not follow one another.",
    "VERIFY-38": "A pro forma was not released into the document that it names.",
    "VERIFY-39": "A line does not bill what was made of it, less what it holds or writes off.",
    "VERIFY-40": "The entries of a line do not share what it has.",
    "VERIFY-41": "A line that is not printed is not nothing.",
    "VERIFY-42": "A remainder is not what its line holds back.",
    "VERIFY-43": "A reversal does not stand against a remainder that was billed.",
    "VERIFY-44": "An issued document does not reconcile with its entries.",
    "VERIFY-45": "An entry is cancelled, or has a face amount, and is no remainder.",
    "VERIFY-46": "A billing rule cannot be calculated, or a rate is below zero.",
    "VERIFY-47": "A seal is of another store.",
    "VERIFY-48": "A document is not the one that was sealed with its period.",
    "VERIFY-49": "A document that was sealed with its period is missing.",
    "VERIFY-50": "A count or a total of a period is not the one that was sealed.",
    "VERIFY-51": "The events, the closed months or the audit log are not those that were sealed.",
    "VERIFY-52": "The events, the closed months or the audit log are shorter than when sealed.",
    "VERIFY-53": "Something is not at all as timix-xl writes it, and a check could not go on.",
}


def _nobody(what: str, done: int, of: int) -> None:
    """Tell nobody."""


def verify(store: Store, *, progress: Progress = _nobody) -> Verified:
    """Check a whole store; changes nothing.

    `progress` is told what is being checked ("rows", "documents", "ledger"), how much of it is
    done, and of how much.
    """
    with store.reading() as connection:
        record = Record(connection, progress)
        record.read()
        problems = (*record.unsound, *_found(record, progress))
    checked = {table.name: record.checked[table.name] for table in _COUNTED}
    return Verified(checked, problems)


def _found(record: Record, progress: Progress) -> Iterator[Problem]:
    """Go through the documents, one at a time, and then through the ledger as a whole."""
    by_check: dict[object, list[Problem]] = {check: [] for check in OF_DOCUMENTS}
    for one in record.dossiers():
        for of_document in OF_DOCUMENTS:
            by_check[of_document] += _carried_out(of_document, record, one)
    for done, check in enumerate(CHECKS):
        progress("ledger", done, len(CHECKS))
        if check in by_check:
            yield from by_check.pop(check)
        else:
            yield from _carried_out(check, record)
    progress("ledger", len(CHECKS), len(CHECKS))


_ODD = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What a check runs into where something is not at all as timix-xl writes it."""


def _carried_out(check: Callable[..., Iterator[Problem]], *given: Any) -> Iterator[Problem]:
    """Yield what a check finds; one that cannot go on is named, and the others go on."""
    try:
        yield from check(*given)
    except _ODD as error:
        name = f"{check.__module__.rpartition('.')[2]}.{check.__name__}"
        message = (
            f"the check {name} cannot go on: something that it reads is not as timix-xl writes it"
            f" ({type(error).__name__}: {error})"
        )
        yield Problem("VERIFY-53", _place(given), message)


def _place(given: tuple[Any, ...]) -> str:
    return next((one.name for one in given if isinstance(one, Dossier)), "store")


_COUNTED = (
    *(t.documents, t.document_lines, t.entries, t.events, t.audit_log, t.draw_downs),
    t.frame_orders,
)

OF_DOCUMENTS: tuple[Callable[[Record, Dossier], Iterator[Problem]], ...] = (
    verify_documents.seals,
    verify_documents.stored_rows,
    verify_documents.sums,
    verify_lines.billed,
    verify_lines.shared,
    verify_lines.printed,
    verify_lines.reconciled,
    verify_ledger.statuses,
    verify_ledger.claims,
)
"""What is checked of each document by itself."""

CHECKS: tuple[Callable[..., Iterator[Problem]], ...] = (
    verify_ledger.file,
    verify_documents.seals,
    verify_documents.stored_rows,
    verify_documents.numbers,
    verify_documents.sums,
    verify_pro_formas.documents,
    verify_pro_formas.numbers,
    verify_pro_formas.revisions,
    verify_pro_formas.releases,
    verify_lines.billed,
    verify_lines.shared,
    verify_lines.printed,
    verify_lines.reconciled,
    verify_remainders.remainders,
    verify_remainders.reversals,
    verify_remainders.others,
    verify_rules.formulas,
    verify_rules.rates,
    verify_months.stored_wip,
    verify_months.order,
    verify_months.nothing_since,
    verify_months.histories,
    verify_notes.pointers,
    verify_notes.takings,
    verify_notes.returns,
    verify_notes.voids,
    verify_ledger.chains,
    verify_ledger.statuses,
    verify_ledger.claims,
    verify_ledger.strange_claims,
    verify_ledger.entries,
    verify_ledger.parts,
    verify_ledger.draw_downs,
    verify_ledger.committed_runs,
    verify_ledger.blobs,
)
