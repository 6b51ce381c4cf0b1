"""Look up: what worksheet functions answer from, of all customers at once and by its key.

The figures are those of the use cases (load, register, utilization, project figures, WIP as of a
day): each is made by the same rules, so that a cell never tells another number than a sheet.
"""

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from sqlalchemy import Connection

from timix_xl.billing.ballots import Ballot, decision_faults
from timix_xl.billing.load import Review, ReviewRow, all_loaded
from timix_xl.billing.register import opening_standing
from timix_xl.billing.wip import Traced, traced, unbilled_now
from timix_xl.domain import faults
from timix_xl.domain.frame_orders import FrameOrder
from timix_xl.domain.histories import History
from timix_xl.domain.invoices import PaidState, Status, outstanding, paid_state
from timix_xl.domain.money import ZERO
from timix_xl.domain.wip import WipEntry, Work
from timix_xl.errors import Fault
from timix_xl.store import closings, look_ups, reading
from timix_xl.store.documents import OpeningInvoice
from timix_xl.store.kept import Look
from timix_xl.store.look_ups import Paper


def frame_orders(connection: Connection) -> dict[str, FrameOrder]:
    """Return all frame orders with what has been drawn so far; one statement."""
    return {order.number: order for order in reading.frame_orders(connection)}


@dataclass(frozen=True, slots=True)
class Stand:
    """How a document stands on a day: its total and what is owed on it, in its currency."""

    customer: str
    total: Decimal
    outstanding: Decimal
    state: str
    """The word of the register: void, draft, sent, issued, or the paid state."""


@dataclass(frozen=True, slots=True)
class Register:
    """Documents and opening invoices by number, and what each customer owes in its currency."""

    stands: Mapping[str, Stand]
    outstanding: Mapping[str, Decimal]


def register(look: Look) -> Register:
    """Return the register as it stands today; one statement."""
    papers = look.at(look_ups.papers)
    stands = {one.number: _opening_stand(one, look.today) for one in papers.opening}
    stands |= {one.number: _stand(one, look.today) for one in papers.documents}
    owed = dict.fromkeys(papers.customers, ZERO)
    for one in stands.values():
        owed[one.customer] += one.outstanding
    return Register(stands, owed)


def _opening_stand(one: OpeningInvoice, today: dt.date) -> Stand:
    found = opening_standing(one, today)
    return Stand(one.customer, one.total, found.outstanding, found.state)


def _stand(one: Paper, today: dt.date) -> Stand:
    """Derive what events have made of a document, as the register does."""
    if one.status not in {Status.ISSUED, Status.SENT} or one.is_note:
        return Stand(one.customer, one.total, ZERO, one.status.value)
    sums = {
        "total": one.total,
        "paid": one.paid,
        "refunded": one.refunded,
        "credited": one.credited,
        "written_off": one.written_off,
    }
    found = paid_state(**sums, due=one.due_date, today=today)
    state = one.status.value if found is PaidState.OPEN else found.value
    return Stand(one.customer, one.total, outstanding(**sums), state)


def reviews(connection: Connection, billing_date: dt.date) -> dict[str, Review]:
    """Return what a load up to a day shows, by customer."""
    return {one.customer.code: one for one in all_loaded(connection, billing_date)}


def unbilled_today(look: Look) -> dict[str, Work]:
    """Return the hours and the amount that a load up to today shows, by customer."""
    found = look.apart(reviews, look.today)
    return {customer: Work(one.hours, one.amount) for customer, one in found.items()}


@dataclass(frozen=True, slots=True)
class Course:
    """Unbilled work over time: from each of these days on it is what stands beside it."""

    days: tuple[dt.date, ...] = ()
    works: tuple[Work, ...] = ()

    def on(self, day: dt.date) -> Work:
        """Return the work at the end of a day."""
        at = bisect_right(self.days, day)
        return self.works[at - 1] if at else Work()


def course(histories: Sequence[History]) -> Course:
    """Add the worths of entries up, whatever the day."""
    changes: dict[dt.date, Work] = defaultdict(Work)
    for history in histories:
        for day, change in _changes(history):
            changes[day] += change
    days = tuple(sorted(changes))
    return Course(days, tuple(accumulate(changes[day] for day in days)))


def _changes(history: History) -> Iterator[tuple[dt.date, Work]]:
    """Say on which days an entry gets another worth, and by how much."""
    before = Work()
    for day in sorted(_turns(history)):
        worth = history.worth(day) or Work()
        if worth != before:
            yield day, worth + -before
        before = worth


def _turns(history: History) -> set[dt.date]:
    """Return the days of its moments, and those after the closes that stored it meanwhile."""
    days = {one.date for one in history.moments}
    if not days:
        return days
    end = dt.date.max if history.is_in(max(days)) else max(days)
    stored = (until for until in history.closed if min(days) <= until < end)
    return days | {until + dt.timedelta(days=1) for until in stored}


def courses(look: Look) -> dict[str, Course]:
    """Return the unbilled work over time, by customer; of no work for those without any."""
    return {
        customer: course([one.history for one in own])
        for customer, own in look.made(_histories_by_customer).items()
    }


def unbilled_on(look: Look, customer: str, day: dt.date) -> Work | None:
    """Return the unbilled work of a customer as of the end of a day; None where it is unknown."""
    found = look.made(courses).get(customer)
    return found.on(day) if found else None


def unbilled_entries_on(look: Look, customer: str, day: dt.date) -> list[WipEntry] | None:
    """Return the unbilled entries of a customer as of the end of a day; None where it is unknown.

    They are made anew each time: those of every day that somebody asks about would fill the memory.
    """
    own = look.made(_histories_by_customer).get(customer)
    if own is None:
        return None
    changed = look.apart(closings.entries_as_closed, day)
    return [
        one.as_wip(worth, "", changed.get(one.worked.entry, {}))
        for one in own
        if (worth := one.history.worth(day)) is not None
    ]


def _histories_by_customer(look: Look) -> dict[str, list[Traced]]:
    """Return every entry with what tells its worth on any day; no entry for those without any."""
    found: dict[str, list[Traced]] = {one: [] for one in look.at(reading.customer_codes)}
    for one in look.apart(_histories):
        found[one.worked.customer].append(one)
    return found


def _histories(connection: Connection) -> list[Traced]:
    """Return every entry with what tells its worth on any day."""
    return traced(connection, dt.date.min, dt.date.max)


def wip_by_project(connection: Connection) -> dict[str, Decimal]:
    """Return the WIP of each project as the project figures have it; 0 for those without any."""
    found = dict.fromkeys((one.code for one in reading.projects(connection)), ZERO)
    of_entry = look_ups.projects_of_open_entries(connection)
    for entry, worth in unbilled_now(connection).items():
        found[of_entry[entry]] += worth.amount
    return found


@dataclass(frozen=True, slots=True)
class Decidable:
    """The entries that can be decided, and why the other open ones cannot."""

    rows: Mapping[str, ReviewRow]
    left_out: Mapping[str, str]


def decidable(connection: Connection) -> Decidable:
    """Return what can be decided by id: what the wizard bills, and what only the engine does."""
    found = all_loaded(connection, dt.date.max, for_engine=True)
    return Decidable(
        rows={row.entry.id: row for review in found for row in review.rows},
        left_out={one.entry.id: one.wording for review in found for one in review.left_out},
    )


def decision_check(
    look: Look, entry: str, decision: str, bill_quantity: str
) -> Sequence[Fault] | None:
    """Check a decision by the rules of the sheet; None where no entry has this id.

    A write-off needs a reason too: it is no part of what is asked here, so it is not missed.
    """
    found = look.apart(decidable)
    row = found.rows.get(entry)
    if row is None:
        why = found.left_out.get(entry) or look.apart(reading.why_not_open).get(entry)
        return [faults.NO_LONGER_OPEN.at(entry=entry, why=why)] if why else None
    return list(decision_faults(_ballot(row, decision, bill_quantity), row))


def _ballot(row: ReviewRow, decision: str, bill_quantity: str) -> Ballot:
    return Ballot(
        entry=row.entry.id,
        token=row.token,
        decision=decision,
        bill_quantity=bill_quantity,
        reason=_A_REASON,
    )


_A_REASON = "said elsewhere"
