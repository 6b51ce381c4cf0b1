"""Remainders: what an issued document held back, as entries of their own, and their reversals."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from timix_xl.domain.entries import ApprovalStatus, Entry, Kind
from timix_xl.domain.invoices import BilledEntry, Document, Line
from timix_xl.domain.money import ZERO

T = TypeVar("T")
_SOURCE = " (remainder of "


@dataclass(frozen=True, slots=True)
class Remainder:
    """The entry that stands for what a line held back, and that line."""

    entry: Entry
    line: int


def remainder_id(document: str, line: int) -> str:
    """Name the remainder of a document's line.

    >>> remainder_id("INV-2026-00001", 2)
    'R:INV-2026-00001:2'
    """
    return f"R:{document}:{line}"


def described(text: str, document: str) -> str:
    """Say on the next invoice what an amount without hours is.

    >>> described("Design (remainder of INV-2026-00001)", "INV-2026-00002")
    'Design (remainder of INV-2026-00002)'
    """
    return f"{text.partition(_SOURCE)[0]}{_SOURCE}{document})"


def reversal_id(remainder: str) -> str:
    """Name what stands against a remainder once it is billed.

    >>> reversal_id("R:INV-2026-00001:2")
    'R:INV-2026-00001:2:x'
    """
    return f"{remainder}:x"


def remainders(document: Document, entries: Mapping[str, Entry], by: str) -> list[Remainder]:
    """Make an entry of what each line of an issued document holds back.

    `entries` are those on the lines that hold something; `by` is who issued it.
    """
    on_line: dict[int, list[Entry]] = {}
    for billed in document.billed:
        if billed.entry in entries:
            on_line.setdefault(billed.line, []).append(entries[billed.entry])
    return [
        Remainder(_remainder(document, line, on_line[line.line], by), line.line)
        for line in held_back(document)
    ]


def held_back(document: Document) -> list[Line]:
    """Return the lines of which something is held back."""
    return [line for line in document.lines if line.held]


def _remainder(document: Document, line: Line, entries: Sequence[Entry], by: str) -> Entry:
    return Entry(
        id=remainder_id(document.number, line.line),
        date=document.issue_date,
        project=line.project,
        task=line.task or entries[0].task,
        kind=Kind.REMAINDER,
        quantity=ZERO,
        billable_quantity=ZERO,
        unit=line.unit,
        currency=document.currency,
        account_group=line.account_group or entries[0].account_group,
        person=_common(entries, lambda one: one.person),
        item=line.item or _common(entries, lambda one: one.item),
        vendor=_common(entries, lambda one: one.vendor),
        description=described(line.description, document.number),
        status=ApprovalStatus.APPROVED,
        approved_by=by,
        approved_on=document.issue_date,
        frame_order=_common(entries, lambda one: one.frame_order),
        wip_from=document.issue_date,
        face_amount=line.held,
        tax_code=line.tax_code,
        tax_percent=line.tax_percent,
        covered_on=max(one.covered_on or one.date for one in entries),
    )


def _common(entries: Iterable[Entry], fact: Callable[[Entry], T | None]) -> T | None:
    """Return what all entries share; None where they differ."""
    first, *others = {fact(one) for one in entries}
    return None if others else first


def reversal(remainder: Entry, document: Document) -> Entry:
    """Return what stands against a remainder that a document bills: never billed itself."""
    assert remainder.face_amount is not None, "a remainder has a face amount"
    return replace(
        remainder,
        id=reversal_id(remainder.id),
        date=document.issue_date,
        kind=Kind.REVERSAL,
        billable=False,
        face_amount=-remainder.face_amount,
        approved_on=document.issue_date,
        frame_order=None,
        wip_from=None,
        covered_on=None,
    )


def billed_remainders(billed: Iterable[BilledEntry]) -> list[str]:
    """Return the remainders among the entries of a document."""
    return [one.entry for one in billed if one.kind is Kind.REMAINDER]
