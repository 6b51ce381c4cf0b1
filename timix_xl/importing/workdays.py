"""Warn of hours that are seldom meant: more than 24 on a day of somebody, and below zero."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import Connection

from timix_xl.domain.entries import ApprovalStatus, Kind
from timix_xl.domain.money import ZERO, plain
from timix_xl.importing import faults
from timix_xl.importing.rows import Row
from timix_xl.importing.standing import Standing
from timix_xl.importing.tally import Applied, Tally
from timix_xl.store import intake

HOURS_OF_A_DAY = Decimal(24)


def warn_of_long_days(
    connection: Connection, applied: Sequence[Applied], standing: Standing, tally: Tally
) -> None:
    """Add up the hours by person and day, with what is stored; warn once for each."""
    hours, last = standing.hours, {}
    for each in applied:
        for row, sign in ((each.row, 1), (each.was, -1)):
            if row is not None and _counts(row):
                hours[(row["person"], row["date"])] += sign * row["quantity"]
        if _counts(each.row):
            last[(each.row["person"], each.row["date"])] = each.placed
    if not last:
        return
    days = [day for _, day in last]
    stored = intake.read_hours(connection, min(days), max(days))
    for (person, day), placed in last.items():
        total = stored.get((person, day), ZERO) + hours[(person, day)]
        if total > HOURS_OF_A_DAY:
            facts = {"person": person, "hours": plain(total), "date": day}
            tally.warn(placed, faults.MORE_THAN_A_DAY, "quantity", **facts)


def warn_of_hours_below_zero(applied: Sequence[Applied], tally: Tally) -> None:
    """Warn of each entry that takes hours away: a correction is written so, and so is a slip."""
    for each in applied:
        if _counts(each.row) and each.row["quantity"] < 0:
            facts = {"entry": each.row["id"], "hours": plain(each.row["quantity"])}
            tally.warn(each.placed, faults.HOURS_BELOW_ZERO, "quantity", **facts)


def _counts(row: Row) -> bool:
    return (
        row["kind"] is Kind.TIME
        and row["person"] is not None
        and row["status"] is not ApprovalStatus.REJECTED
        and not row["part_of"]
    )
