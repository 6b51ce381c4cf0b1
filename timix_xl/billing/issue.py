"""Issue: check everything again, number, freeze, seal, commit. All of it happens, or nothing."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from timix_xl.billing import once
from timix_xl.billing.ballots import BallotPaper
from timix_xl.billing.plan import Plan, RunOptions, rounding_of
from timix_xl.billing.preview import planned
from timix_xl.domain.entries import Decision
from timix_xl.domain.invoices import Document
from timix_xl.domain.money import in_minor, minor_unit, plain, worded
from timix_xl.errors import DoesNotReconcile, Fault, refuse_run
from timix_xl.store import drafts, issuing, reading, runs
from timix_xl.store.chained import Actor, log
from timix_xl.store.database import Store
from timix_xl.store.reading import RunFigures
from timix_xl.store.runs import RunEntry


@dataclass(frozen=True, slots=True)
class Issued:
    """What a committed run did, as the store has it; a replayed request says the same."""

    run: int
    customer: str
    numbers: tuple[str, ...]
    currency: str
    rounding: Decimal
    figures: Mapping[Decision, RunFigures]
    warnings: tuple[Fault, ...]


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
    asked = _asked(customer, billing_date, options, paper)
    with store.writing() as connection:
        if first := once.done_before(connection, request, asked):
            return _result(connection, customer, first)
        made = planned(connection, customer, billing_date, options, paper)
        refuse_run(f"Issuing {customer}", made.faults)
        result = _written(connection, made, actor)
        once.remember(connection, request, "issue", asked, result)
        return _result(connection, customer, result)


def _asked(
    customer: str, billing_date: dt.date, options: RunOptions, paper: BallotPaper | None
) -> str:
    """Fingerprint what is asked for, in whatever order the rows stand."""
    chosen = [getattr(options, field.name) for field in fields(options)]
    votes = [
        part
        for one in sorted(paper.rows if paper else (), key=lambda one: one.entry)
        for part in (one.entry, one.token, one.choice, one.reason)
    ]
    return once.fingerprint(["issue", customer, billing_date, *chosen, *votes])


def _result(connection: Connection, customer: str, result: dict[str, Any]) -> Issued:
    currency, rounding, figures = reading.run_figures(connection, result["run"])
    return Issued(
        run=result["run"],
        customer=customer,
        numbers=tuple(result["numbers"]),
        currency=currency,
        rounding=rounding,
        figures=figures,
        warnings=tuple(Fault(**one) for one in result["warnings"]),
    )


def _written(connection: Connection, made: Plan, actor: Actor) -> dict[str, Any]:
    review, settings = made.review, made.review.books.settings
    facts = {
        "customer": review.customer.code,
        "currency": review.currency,
        "billing_date": review.billing_date,
        "issue_date": made.issue_date,
        "rounding": in_minor(made.rounding, review.currency),
    }
    run, digest = runs.save_run(connection, facts, _run_entries(made), actor)
    ids = drafts.save_drafts(connection, made.documents, run, actor)
    issued = [
        issuing.issue_draft(connection, number, document, settings, actor)
        for number, document in zip(ids, made.documents, strict=True)
    ]
    projects = sorted({billed.project for document in issued for billed in document.billed})
    if projects:
        runs.billed_to(connection, projects, review.billing_date)
    numbers = [document.number for document in issued]
    after = {"run": run, "numbers": numbers, "digest": digest}
    log(connection, actor, "issue", [(f"customer {review.customer.code}", None, after)])
    heads = [
        (document.number, None, {"customer": document.customer, "total": document.total})
        for document in issued
    ]
    log(connection, actor, "issue", heads)
    written_off = [
        (f"entry {row.entry.id}", None, {"reason": made.reasons[row.entry.id], "run": run})
        for row in made.outcomes[Decision.WRITE_OFF]
    ]
    log(connection, actor, "write off", written_off)
    _reconcile(connection, made, run)
    warnings = [asdict(fault) for fault in made.faults]
    return {"run": run, "numbers": numbers, "warnings": warnings}


def _run_entries(made: Plan) -> Iterator[RunEntry]:
    for outcome, rows in made.outcomes.items():
        for row in rows:
            reason = "" if outcome is Decision.BILL else made.reasons[row.entry.id]
            yield RunEntry(row.entry.id, outcome, row.priced.hours, row.priced.amount, reason)


def _reconcile(connection: Connection, made: Plan, run: int) -> None:
    """Check loaded + rounding = billed + deferred + written off, in hours and in money.

    Loaded is the load's, billed is read back from the lines, deferred and written off from the
    entries' new states; rounding is summed line by line and bounded.
    """
    review = made.review
    wrote = runs.written_by(connection, run, review.currency)
    nothing = (Decimal(0), Decimal(0))
    sides = [wrote.get(name, nothing) for name in ("lines", "defer", "write_off")]
    hours, amount = sum(side[0] for side in sides), sum(side[1] for side in sides)
    if hours != review.hours:
        raise DoesNotReconcile(difference=f"{plain(review.hours)} h loaded, {hours} h settled")
    if amount != review.amount + made.rounding:
        loaded = worded(review.amount + made.rounding, review.currency)
        raise DoesNotReconcile(difference=f"{loaded} loaded and rounded, {amount} settled")
    for document in made.documents:
        _bound_rounding(document)


def _bound_rounding(document: Document) -> None:
    """Half a minor unit per entry is what rounding can make, and half a one for its line."""
    most = minor_unit(document.currency) * (len(document.billed) + len(document.lines)) / 2
    if abs(rounding_of(document)) > most:
        rounding = worded(rounding_of(document), document.currency)
        raise DoesNotReconcile(difference=f"rounding of {rounding} on one document")
