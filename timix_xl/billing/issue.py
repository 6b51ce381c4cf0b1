"""Issue: check everything again, number, freeze, seal, commit. All of it happens, or nothing."""

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from decimal import Decimal

from sqlalchemy import Connection

from timix_xl.billing.ballots import BallotPaper
from timix_xl.billing.plan import Plan, RunOptions, rounding_of
from timix_xl.billing.preview import planned
from timix_xl.domain.entries import Decision
from timix_xl.domain.invoices import Document
from timix_xl.domain.money import in_minor, minor_unit, plain, plain_money
from timix_xl.errors import DoesNotReconcile, Fault, RequestReused, RunRefused, RunStale
from timix_xl.store import writing
from timix_xl.store.chained import Actor, log
from timix_xl.store.database import Store
from timix_xl.store.writing import RunEntry


@dataclass(frozen=True, slots=True)
class Issued:
    """What a committed run made: its number in the log, its documents, its plan.

    A replay of an earlier request has the documents only.
    """

    run: int
    numbers: tuple[str, ...]
    plan: Plan | None

    @property
    def warnings(self) -> tuple[Fault, ...]:
        """The warnings of the run."""
        return self.plan.faults if self.plan else ()


def issue(
    store: Store,
    customer: str,
    billing_date: dt.date,
    options: RunOptions,
    *,
    actor: Actor,
    paper: BallotPaper | None = None,
    request: str | None = None,
) -> Issued:
    """Issue what a customer's decisions say, in one transaction.

    The same request id again returns the first result. Raises UnknownCustomer, NothingToBill,
    RunRefused or RunStale with every fault, RequestReused, DoesNotReconcile.
    """
    fingerprint = _fingerprint(customer, billing_date, options, paper)
    with store.writing() as connection:
        if request and (first := writing.first_result(connection, request)):
            return _replayed(request, fingerprint, *first)
        made = planned(connection, customer, billing_date, options, paper)
        _refuse(made)
        issued = _written(connection, made, actor)
        if request:
            result = {"run": issued.run, "numbers": list(issued.numbers)}
            writing.save_request(connection, request, "issue", fingerprint, result)
        return issued


def _fingerprint(
    customer: str, billing_date: dt.date, options: RunOptions, paper: BallotPaper | None
) -> str:
    """Fingerprint what was asked for, to tell a retry from another run."""
    chosen = [str(getattr(options, field.name)) for field in fields(options)]
    votes = [
        part
        for one in (paper.rows if paper else ())
        for part in (one.entry, one.token, str(one.choice), one.reason)
    ]
    whole = "\x1f".join([customer, billing_date.isoformat(), *chosen, *votes])
    return hashlib.sha256(whole.encode()).hexdigest()


def _replayed(
    request: str, fingerprint: str, first: str, result: dict[str, int | list[str]]
) -> Issued:
    if first != fingerprint:
        raise RequestReused(request=request)
    numbers, run = result["numbers"], result["run"]
    assert isinstance(numbers, list)
    assert isinstance(run, int)
    return Issued(run=run, numbers=tuple(numbers), plan=None)


def _refuse(made: Plan) -> None:
    if not made.errors:
        return
    count = f"{len(made.errors)} {'thing stops' if len(made.errors) == 1 else 'things stop'} it"
    kind = RunStale if any(fault.conflict for fault in made.errors) else RunRefused
    raise kind(faults=made.faults, action=f"Issuing {made.review.customer.code}", count=count)


def _written(connection: Connection, made: Plan, actor: Actor) -> Issued:
    review, settings = made.review, made.review.books.settings
    facts = {
        "customer": review.customer.code,
        "currency": review.currency,
        "billing_date": review.billing_date,
        "issue_date": made.issue_date,
        "rounding": in_minor(made.rounding, review.currency),
    }
    run, digest = writing.save_run(connection, facts, _run_entries(made), actor)
    ids = writing.save_drafts(connection, made.documents, run, actor)
    issued = [
        writing.issue_draft(connection, number, document, settings, actor)
        for number, document in zip(ids, made.documents, strict=True)
    ]
    projects = sorted({billed.project for document in issued for billed in document.billed})
    if projects:
        writing.billed_to(connection, projects, review.billing_date)
    numbers = tuple(document.number for document in issued)
    after = {"run": run, "numbers": list(numbers), "digest": digest}
    log(connection, actor, "issue", [(f"customer {review.customer.code}", None, after)])
    _reconcile(connection, made, run)
    return Issued(run=run, numbers=numbers, plan=made)


def _run_entries(made: Plan) -> Iterator[RunEntry]:
    for outcome, rows in made.outcomes.items():
        for row in rows.rows:
            reason = "" if outcome is Decision.BILL else made.reasons[row.entry.id]
            yield RunEntry(row.entry.id, outcome, row.priced.hours, row.priced.amount, reason)


def _reconcile(connection: Connection, made: Plan, run: int) -> None:
    """Check loaded + rounding = billed + deferred + written off, in hours and in money.

    Loaded is the load's, billed is read back from the lines, deferred and written off from what
    was noted of the entries; rounding is summed line by line and bounded.
    """
    review = made.review
    wrote = writing.written_by(connection, run, review.currency)
    nothing = (Decimal(0), Decimal(0))
    sides = [wrote.get(name, nothing) for name in ("lines", "defer", "write_off")]
    hours, amount = sum(side[0] for side in sides), sum(side[1] for side in sides)
    if hours != review.hours:
        raise DoesNotReconcile(difference=f"{plain(review.hours)} h loaded, {hours} h settled")
    if amount != review.amount + made.rounding:
        loaded = plain_money(review.amount + made.rounding, review.currency)
        raise DoesNotReconcile(difference=f"{loaded} loaded and rounded, {amount} settled")
    for document in made.documents:
        _bound_rounding(document)


def _bound_rounding(document: Document) -> None:
    """Half a minor unit per entry is what rounding can make, and half a one for its line."""
    most = minor_unit(document.currency) * (len(document.billed) + len(document.lines)) / 2
    if abs(rounding_of(document)) > most:
        rounding = plain_money(rounding_of(document), document.currency)
        raise DoesNotReconcile(difference=f"rounding of {rounding} on one document")
