"""Close: lock a month once its WIP roll-forward adds up; open the last one again."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from timix_xl.billing.roll_forward import MonthRolled, period_of, rolled, traced_month
from timix_xl.billing.wip import Traced
from timix_xl.domain.money import minor_unit, plain, plain_money, worded
from timix_xl.domain.periods import ClosingKind, ServicePeriod, month_of
from timix_xl.domain.wip import Flow, RollForward
from timix_xl.errors import (
    DoesNotRollForward,
    MonthIsClosed,
    MonthNotOver,
    MonthsInOrder,
    NotTheLastClosed,
    ReasonMissing,
    some_of,
)
from timix_xl.store import closings
from timix_xl.store.chained import Actor, log
from timix_xl.store.closings import ClosedWip, Closing
from timix_xl.store.database import Store


def close(store: Store, month: str, *, actor: Actor) -> MonthRolled:
    """Close a month (YYYY-MM): from then on nothing is dated in it or before.

    The first month to be closed may be any; after that they are closed one after the other.
    Raises BadArgument, MonthNotOver, MonthIsClosed, MonthsInOrder, DoesNotRollForward.
    """
    period = _over(month, actor.today)
    with store.writing() as connection:
        _check_turn(connection, month)
        found = traced_month(connection, period)
        made = rolled(connection, month, period, found)
        _check(made, found)
        entries = list(_wip(found, period.last))
        figures = _figures(made, entries) | closings.state_of_books(connection)
        saved = closings.save_closing(
            connection, month, period.last, ClosingKind.CLOSE, actor, figures=figures
        )
        closings.save_wip(connection, saved, entries)
        log(connection, actor, "close", [(f"month {month}", None, _noted(made))])
    return made


def _over(month: str, today: dt.date) -> ServicePeriod:
    period = period_of(month, today)
    if period.last >= today:
        raise MonthNotOver(month=month, last=period.last)
    return period


def _check_turn(connection: Connection, month: str) -> None:
    standing = closings.standing_closings(connection)
    if month in standing:
        one = standing[month]
        raise MonthIsClosed(month=month, by=one.by, at=one.at.replace("T", " "))
    if standing:
        last = list(standing.values())[-1]
        coming = month_of(last.until + dt.timedelta(days=1))
        if month != coming:
            raise MonthsInOrder(month=month, last=last.month, next=coming)


def _check(made: MonthRolled, found: Sequence[Traced]) -> None:
    """Refuse unless every entry is where its history ends, every line closes, rounds and ties."""
    why = next(_reasons(made, found), None)
    if why:
        raise DoesNotRollForward(month=made.month, why=why)


def _reasons(made: MonthRolled, found: Sequence[Traced]) -> Iterator[str]:
    lost = [one.worked.entry for one in found if not one.history.holds]
    if lost:
        yield f"the store does not hold {some_of(lost)} where runs and documents say"
    for line in made.lines:
        over = line.difference
        if over.hours or over.amount:
            amount = worded(over.amount, line.currency)
            yield f"{line.customer} is out by {plain(over.hours)} h and {amount}"
    yield from _unbounded(made, found)
    for tie in made.ties:
        if not tie.holds:
            billed = worded(tie.billed, tie.currency)
            papers = worded(tie.invoiced + tie.released, tie.currency)
            yield f"{tie.customer} has {billed} billed, and invoices of {papers}"


def _unbounded(made: MonthRolled, found: Sequence[Traced]) -> Iterator[str]:
    """Find rounding that cannot be: of hours, or of more money than its entries can make.

    Half a minor unit for an entry and half a one for its line, or for its parts: without a bound,
    whatever is missing would go under rounding.
    """
    made_by = Counter(
        one.worked.customer
        for one in found
        for moment in one.history.moments
        if moment.flow in {Flow.BILLED, Flow.ROUNDING} and not moment.comes
        if made.first <= moment.date <= made.last
    )
    for line in made.lines:
        rounding = line[Flow.ROUNDING]
        most = minor_unit(line.currency) * made_by[line.customer]
        if rounding.hours or abs(rounding.amount) > most:
            amount = worded(rounding.amount, line.currency)
            yield f"{line.customer} has rounding of {plain(rounding.hours)} h and {amount}"


def _wip(found: Sequence[Traced], day: dt.date) -> Iterator[ClosedWip]:
    for one in found:
        worth = one.history.worth(day)
        if worth is not None:
            facts = one.worked
            yield ClosedWip(facts.entry, worth.hours, worth.amount, facts.currency)


def _figures(made: MonthRolled, entries: Sequence[ClosedWip]) -> dict[str, Any]:
    """Return what is kept of a closed month, with a digest of the WIP behind it."""
    return {
        "lines": [line_figures(line) for line in made.lines],
        "entries": len(entries),
        "digest": closings.wip_digest(closings.wip_rows(entries)),
    }


def line_figures(line: RollForward) -> dict[str, Any]:
    """Return a line of the roll-forward as plain text, as it is kept and told."""
    flows = {
        flow.value: {
            "hours": plain(line[flow].hours),
            "amount": plain_money(line[flow].amount, line.currency),
        }
        for flow in Flow
    }
    return {"customer": line.customer, "currency": line.currency, **flows}


def _noted(made: MonthRolled) -> Mapping[str, Any]:
    return {
        "until": made.last,
        "wip": [
            f"{line.customer} {plain(line[Flow.CLOSING].hours)} h"
            f" {worded(line[Flow.CLOSING].amount, line.currency)}"
            for line in made.lines
        ],
    }


def reopen(store: Store, month: str, reason: str, *, actor: Actor) -> None:
    """Open the last closed month again; closing it once more works everything out anew.

    Raises ReasonMissing, BadArgument, NotTheLastClosed.
    """
    if not reason.strip():
        raise ReasonMissing(action=f"Opening {month} again")
    period_of(month, actor.today)
    with store.writing() as connection:
        closed = _last_closed(connection, month)
        figures = closings.state_of_books(connection)
        closings.save_closing(
            connection,
            month,
            closed.until,
            ClosingKind.REOPEN,
            actor,
            reason=reason.strip(),
            figures={"upto": figures["upto"]},
        )
        after = {"reason": reason.strip()}
        log(connection, actor, "reopen", [(f"month {month}", {"until": closed.until}, after)])


def _last_closed(connection: Connection, month: str) -> Closing:
    standing = closings.standing_closings(connection)
    if month not in standing:
        last = list(standing)[-1] if standing else ""
        instead = f"The last closed month is {last}." if last else "No month is closed."
        raise NotTheLastClosed(month=month, why="it is not closed", instead=instead)
    last = list(standing)[-1]
    if month != last:
        why = f"{last} is closed after it"
        raise NotTheLastClosed(month=month, why=why, instead=f"Open {last} again first.")
    return standing[month]
