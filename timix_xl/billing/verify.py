"""Verify: recompute every seal, number, balance and state, and name what does not hold."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

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
from timix_xl.billing.record import Problem, Record
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
    "VERIFY-02": "A trigger that guards frozen rows has been taken away.",
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
}


def verify(store: Store) -> Verified:
    """Check a whole store; changes nothing."""
    with store.reading() as connection:
        record = Record(connection)
        for table in t.metadata.sorted_tables:
            record.rows(table)
        found = [problem for check in CHECKS for problem in check(record)]
        problems = (*record.unsound, *found)
        counted = (t.documents, t.document_lines, t.entries, t.events, t.audit_log, t.draw_downs)
        checked = {table.name: len(record.rows(table)) for table in counted}
        checked["frame_orders"] = len(record.rows(t.frame_orders))
    return Verified(checked, problems)


CHECKS: tuple[Callable[[Record], Iterator[Problem]], ...] = (
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
    verify_ledger.entries,
    verify_ledger.parts,
    verify_ledger.draw_downs,
    verify_ledger.committed_runs,
    verify_ledger.blobs,
)
