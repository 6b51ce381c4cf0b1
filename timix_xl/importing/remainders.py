"""Remainders in a file: what one needs to be billed at its face amount, and who may bring one."""

import re
from collections.abc import Iterator

from timix_xl.domain.entries import ApprovalStatus, Kind
from timix_xl.importing import faults
from timix_xl.importing.faults import Trouble, trouble
from timix_xl.importing.opening import too_fine
from timix_xl.importing.rows import Row
from timix_xl.importing.sections import ENTRIES

_ID = re.compile(r"R:.+:[0-9]+(:x)?")
_OWN = ("face_amount", "tax_code", "tax_percent", "covered_on")
_OF_INVOICES = {Kind.REMAINDER, Kind.REVERSAL}
_FIGURES = ("quantity", "billable_quantity", "unit_cost", "cost_amount", "bill_rate")


def remainder_troubles(row: Row, was: Row | None, *, is_books: bool) -> Iterator[Trouble]:
    """Find what is wrong with a remainder, or that another entry has something of one."""
    if was is not None:
        yield from _other_than_before(row, was)
    elif row["kind"] is Kind.REMAINDER:
        yield from _new(row, is_books=is_books)
    else:
        yield from _something_of_one(row)
    if row["kind"] is Kind.REMAINDER:
        yield from _whole(row)


def _other_than_before(row: Row, was: Row) -> Iterator[Trouble]:
    """Refuse that an entry becomes a remainder or ceases to be one, or that one changes."""
    if not {row["kind"], was["kind"]} & _OF_INVOICES:
        return
    if row["kind"] is not was["kind"]:
        yield _refused("kind", f"{row['id']} is of kind {was['kind']} in the store")
        return
    columns = [name for name in ENTRIES.columns if row[name] != was[name]]
    if columns:
        yield _refused(columns[0], f"the store has another {', '.join(columns)}")


def _new(row: Row, *, is_books: bool) -> Iterator[Trouble]:
    """Only a books file brings remainders, with the id that a document gave them."""
    if not is_books:
        yield _refused("kind", "an entries file brings none")
    if not _ID.fullmatch(row["id"]) or row["id"].endswith(":x"):
        yield _refused("id", "its id is not like R:INV-2026-00001:2 (R, invoice, line)")


def _whole(row: Row) -> Iterator[Trouble]:
    for column in ("face_amount", "tax_code", "tax_percent"):
        if row[column] is None:
            yield _refused(column, f"it has no {column}")
    if row["face_amount"] is not None:
        if not row["face_amount"]:
            yield _refused("face_amount", "its face_amount is 0")
        yield from too_fine(row, ("face_amount",), row["currency"])
    for column in _FIGURES:
        if row[column]:
            yield _refused(column, f"it has a {column}")
    if not row["billable"]:
        yield _refused("billable", "it is not billable")
    if row["status"] is not ApprovalStatus.APPROVED:
        yield _refused("status", "it is not approved")
    if row["part_of"]:
        yield _refused("part_of", "it is a part of another entry")


def _something_of_one(row: Row) -> Iterator[Trouble]:
    for column in _OWN:
        if row[column] is not None:
            yield _refused(column, f"its kind is {row['kind']}, and it has a {column}")
    if _ID.fullmatch(row["id"]):
        yield _refused("id", f"its kind is {row['kind']}, and its id is that of a remainder")


def _refused(column: str, why: str) -> Trouble:
    return trouble(faults.NOT_A_REMAINDER, column, why=why)
