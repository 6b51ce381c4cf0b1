"""Preview: the documents that an issue would make, with every warning. Writes nothing."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy import Connection

from timix_xl.billing.ballots import Ballot, BallotPaper, faults_in
from timix_xl.billing.closed import first_open_day
from timix_xl.billing.limits import limit_faults
from timix_xl.billing.load import Review, loaded
from timix_xl.billing.plan import DatedBy, Plan, RunOptions, default_issue_date, plan
from timix_xl.domain import faults
from timix_xl.domain.invoices import DocumentKind
from timix_xl.domain.settings import BillingSettings
from timix_xl.errors import Fault, NothingToBill
from timix_xl.store import closings, issuing, parts, reading
from timix_xl.store.database import Store

PREVIEW = "Preview"
"""Where faults of a run and its documents are shown."""


def preview(
    store: Store,
    customer: str,
    billing_date: dt.date,
    options: RunOptions,
    *,
    paper: BallotPaper | None = None,
    as_drafts: bool = False,
) -> Plan:
    """Work out what an issue would do now, with the sheet's ballots or the saved decisions.

    `as_drafts` is for a run that issues nothing yet. Raises UnknownCustomer, NothingToBill.
    """
    with store.reading() as connection:
        return planned(connection, customer, billing_date, options, paper, as_drafts=as_drafts)


def planned(
    connection: Connection,
    customer: str,
    billing_date: dt.date,
    options: RunOptions,
    paper: BallotPaper | None,
    *,
    only: frozenset[str] | None = None,
    as_drafts: bool = False,
) -> Plan:
    """Work out a run inside a transaction, with every fault of its sheet and its documents.

    `only` restricts the run to these entries; the others stay as they are. `as_drafts` is for a run
    that issues nothing yet: a draft may be over a limit.
    """
    review = loaded(connection, customer, billing_date)
    if only is not None:
        review = replace(review, rows=tuple(row for row in review.rows if row.entry.id in only))
    on_paper = paper_faults(connection, paper, review) if paper else []
    if paper:
        # What came in after the load is not on the sheet, so nobody has seen it: not in this run.
        seen = {ballot.entry for ballot in paper.rows}
        review = replace(review, rows=tuple(row for row in review.rows if row.entry.id in seen))
    if not review.rows and not any(fault.is_error for fault in on_paper):
        raise NothingToBill(customer=customer, billing_date=billing_date)
    made = drawn_up(connection, review, options, _by_entry(paper), as_drafts=as_drafts)
    return replace(made, faults=(*on_paper, *made.faults))


def drawn_up(
    connection: Connection,
    review: Review,
    options: RunOptions,
    ballots: Mapping[str, Ballot],
    *,
    as_drafts: bool,
) -> Plan:
    """Work out a run of what was loaded, with every fault of its documents."""
    issue_date, dated_by = _issue_date(connection, review, options)
    made = plan(
        review,
        options,
        ballots,
        issue_date=issue_date,
        taken=parts.slashed_ids(connection) if _may_split(review, ballots) else (),
    )
    limits = limit_faults(connection, made.documents, review.books)
    if as_drafts:
        limits = [replace(fault, level="warning") for fault in limits]
    found = (*made.faults, *limits, *_dated_faults(connection, made))
    return replace(made, faults=found, dated_by=dated_by)


def _may_split(review: Review, ballots: Mapping[str, Ballot]) -> bool:
    """Whether any entry is to be billed in part: only then do ids of parts matter."""
    saved = any(row.saved and row.saved.bill_quantity is not None for row in review.rows)
    return saved or any(ballot.bill_quantity for ballot in ballots.values())


def _by_entry(paper: BallotPaper | None) -> Mapping[str, Ballot]:
    return {ballot.entry: ballot for ballot in paper.rows} if paper else {}


def paper_faults(connection: Connection, paper: BallotPaper, review: Review) -> list[Fault]:
    """Check a sheet's ballots against the store as it is now."""
    there = {row.entry.id for row in review.rows}
    strangers = [one.entry for one in paper.rows if one.entry and one.entry not in there]
    elsewhere = reading.why_not_open(connection, strangers) if strangers else {}
    left_out = {left.entry.id: left.wording for left in review.left_out}
    return faults_in(paper, review, elsewhere | left_out)


def _issue_date(
    connection: Connection, review: Review, options: RunOptions
) -> tuple[dt.date, DatedBy]:
    """Return the date of a run's documents, and why it is that one."""
    if options.issue_date:
        return options.issue_date, DatedBy.CHOSEN
    settings, day = review.books.settings, max(review.billing_date, first_open_day(connection))
    because = DatedBy.BILLING_DATE if day == review.billing_date else DatedBy.CLOSED
    if review.is_pro_forma:
        return day, because
    last = issuing.last_issue_date(connection, DocumentKind.INVOICE, settings, day.year)
    dated = default_issue_date(day, last)
    return dated, because if dated == day else DatedBy.SERIES


def _dated_faults(connection: Connection, made: Plan) -> list[Fault]:
    if made.documents and not made.review.is_pro_forma:
        return series_faults(connection, made.issue_date, made.review.books.settings)
    return _closed_faults(connection, made.issue_date)


def placed(found: Iterable[Fault], place: str) -> list[Fault]:
    """Say that faults of a document are there, and not in a preview that nobody has made."""
    return [replace(one, where=place) if one.where == PREVIEW else one for one in found]


def series_faults(
    connection: Connection,
    issue_date: dt.date,
    settings: BillingSettings,
    kind: DocumentKind = DocumentKind.INVOICE,
) -> list[Fault]:
    """Check the number that would come next, and that issue dates do not run backwards."""
    if found := _closed_faults(connection, issue_date):
        return found
    last = issuing.last_issue_date(connection, kind, settings, issue_date.year)
    number, taken_by = issuing.next_number(connection, kind, settings, issue_date.year)
    if last and issue_date < last:
        found.append(faults.ISSUE_DATE_BEHIND.at("Preview", given=issue_date, last=last))
    if taken_by:
        found.append(faults.NUMBER_WOULD_COLLIDE.at("Preview", number=number))
    return found


def _closed_faults(connection: Connection, issue_date: dt.date) -> list[Fault]:
    until = closings.locked_until(connection)
    if until and issue_date <= until:
        return [faults.ISSUE_DATE_CLOSED.at("Preview", given=issue_date, until=until)]
    return []
