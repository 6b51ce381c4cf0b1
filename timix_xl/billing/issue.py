"""Issue: check everything again, number, freeze, seal, commit. All of it happens, or nothing."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from timix_xl.billing import once
from timix_xl.billing.ballots import BallotPaper
from timix_xl.billing.plan import Plan, RunOptions, rounding_of
from timix_xl.billing.preview import planned
from timix_xl.billing.settle import settle
from timix_xl.domain.entries import Decision
from timix_xl.domain.invoices import Document, draft_name, draft_place
from timix_xl.domain.money import in_minor, minor_unit, plain, total, worded
from timix_xl.errors import DoesNotReconcile, Fault, NotAsConfirmed, refuse_run
from timix_xl.store import drafts, issuing, parts, pro_formas, reading, runs
from timix_xl.store.chained import Actor, log
from timix_xl.store.database import Store
from timix_xl.store.reading import RunFigures
from timix_xl.store.runs import RunEntry

ISSUE, SAVE_DRAFT = "issue", "save draft"
"""What the audit log calls a committed run."""


@dataclass(frozen=True, slots=True)
class Issued:
    """What a committed run did, as the store has it; a replayed request says the same."""

    run: int
    customer: str
    numbers: tuple[str, ...]
    currency: str
    rounding: Decimal
    figures: Mapping[Decision, RunFigures]
    loaded: RunFigures
    warnings: tuple[Fault, ...]

    @property
    def are_drafts(self) -> bool:
        """Whether its documents have names of drafts in place of numbers."""
        return any(draft_place(number) for number in self.numbers)


def issue(
    store: Store,
    customer: str,
    billing_date: dt.date,
    options: RunOptions,
    *,
    actor: Actor,
    paper: BallotPaper | None = None,
    request: str | None = None,
    agreed: Callable[[Plan], bool] | None = None,
) -> Issued:
    """Issue what a customer's decisions say, in one transaction.

    The same request id again returns the first result. `agreed` says whether the plan is the one
    that a person confirmed. Raises UnknownCustomer, NothingToBill, RunRefused or RunStale with
    every fault, NotAsConfirmed, RequestReused, DoesNotReconcile.
    """
    return carry_out(store, ISSUE, customer, billing_date, options, actor, paper, request, agreed)


def carry_out(
    store: Store,
    action: str,
    customer: str,
    billing_date: dt.date,
    options: RunOptions,
    actor: Actor,
    paper: BallotPaper | None,
    request: str | None,
    agreed: Callable[[Plan], bool] | None = None,
) -> Issued:
    """Issue, or save drafts, in one transaction; raises what `issue` raises."""
    as_drafts = action == SAVE_DRAFT
    asked = _asked(action, customer, billing_date, options, paper)
    with store.writing() as connection:
        if first := once.done_before(connection, request, asked):
            return result_of(connection, customer, first)
        made = planned(connection, customer, billing_date, options, paper, as_drafts=as_drafts)
        what = f"Saving a draft for {customer}" if as_drafts else f"Issuing {customer}"
        refuse_run(what, made.faults)
        if agreed and not agreed(made):
            raise NotAsConfirmed(what=what)
        result = committed(connection, made, actor, as_drafts=as_drafts)
        once.remember(connection, request, action, asked, result)
        return result_of(connection, customer, result)


def _asked(
    action: str,
    customer: str,
    billing_date: dt.date,
    options: RunOptions,
    paper: BallotPaper | None,
) -> str:
    """Fingerprint what is asked for, in whatever order the rows stand."""
    chosen = [getattr(options, field.name) for field in fields(options)]
    votes = [
        part
        for one in sorted(paper.rows if paper else (), key=lambda one: one.entry)
        for part in (one.entry, one.token, *one.says, one.reason)
    ]
    return once.fingerprint([action, customer, billing_date, *chosen, *votes])


def result_of(connection: Connection, customer: str, result: Mapping[str, Any]) -> Issued:
    """Return what a committed run did, as its request keeps it and the store has it."""
    currency, rounding, figures = reading.run_figures(connection, result["run"])
    return Issued(
        run=result["run"],
        customer=customer,
        numbers=tuple(result["numbers"]),
        currency=currency,
        rounding=rounding,
        figures=figures,
        loaded=_loaded(figures, result.get("parts", {}), result.get("part_rounding", "0")),
        warnings=tuple(Fault(**one) for one in result["warnings"]),
    )


def _loaded(
    figures: Mapping[Decision, RunFigures], wholes: Mapping[str, str], part_rounding: str
) -> RunFigures:
    """Return what the run took: split entries count once, at their own amounts."""
    ids = [entry for one in figures.values() for entry in one.ids]
    return RunFigures(
        tuple(dict.fromkeys(wholes.get(entry, entry) for entry in ids)),
        total(one.hours for one in figures.values()),
        total(one.amount for one in figures.values()) - Decimal(part_rounding),
    )


def committed(
    connection: Connection, made: Plan, actor: Actor, *, as_drafts: bool = False
) -> dict[str, Any]:
    """Carry a plan out inside a transaction: its documents are issued, or kept as drafts.

    Pro formas are never issued: they are kept with the number that they take now.

    Returns "run", "numbers" (a draft is named DRAFT-n) and "warnings", as a request keeps them.
    The faults of the plan are the caller's to refuse.
    """
    review = made.review
    as_drafts = as_drafts or review.is_pro_forma
    action = SAVE_DRAFT if as_drafts else ISSUE
    facts = {
        "customer": review.customer.code,
        "currency": review.currency,
        "billing_date": review.billing_date,
        "issue_date": made.issue_date,
        "rounding": in_minor(made.rounding, review.currency),
    }
    _split(connection, made, actor)
    run, digest = runs.save_run(connection, facts, _run_entries(made), actor)
    keep = _kept if as_drafts else _issued
    documents = keep(connection, made, run, actor)
    numbers = [document.number for document in documents]
    after = {"run": run, "numbers": numbers, "digest": digest}
    log(connection, actor, action, [(f"customer {review.customer.code}", None, after)])
    heads = [
        (document.number, None, {"customer": document.customer, "total": document.total})
        for document in documents
    ]
    log(connection, actor, action, heads)
    _bill_up_to(connection, made, actor, as_drafts=as_drafts)
    written_off = [
        (f"entry {row.entry.id}", None, {"reason": made.reasons[row.entry.id], "run": run})
        for row in made.outcomes[Decision.WRITE_OFF]
    ]
    log(connection, actor, "write off", written_off)
    _reconcile(connection, made, run)
    warnings = [asdict(fault) for fault in made.faults]
    return {"run": run, "numbers": numbers, "warnings": warnings, **_part_facts(made)}


def _split(connection: Connection, made: Plan, actor: Actor) -> None:
    """Write the parts of the entries that are billed in part."""
    written = [row.entry for one in made.partings for row in (one.billed, one.rest)]
    parts.save_parts(connection, written, made.review.books.company.currency, actor)
    changes = [
        (
            f"entry {one.whole.entry.id}",
            {"quantity": one.whole.entry.billable_quantity},
            {row.entry.id: row.entry.billable_quantity for row in (one.billed, one.rest)},
        )
        for one in made.partings
    ]
    log(connection, actor, "split", changes)


def _part_facts(made: Plan) -> dict[str, Any]:
    """Say which entries were split: what was loaded is told by them, not by their parts."""
    if not made.partings:
        return {}
    whole = {
        row.entry.id: one.whole.entry.id for one in made.partings for row in (one.billed, one.rest)
    }
    return {"parts": whole, "part_rounding": str(made.part_rounding)}


def _issued(connection: Connection, made: Plan, run: int, actor: Actor) -> list[Document]:
    settings = made.review.books.settings
    ids = drafts.save_drafts(connection, made.documents, run, actor)
    issued = [
        issuing.issue_draft(connection, number, document, settings, actor)
        for number, document in zip(ids, made.documents, strict=True)
    ]
    for number, document in zip(ids, issued, strict=True):
        settle(connection, number, document, actor)
    return issued


def _kept(connection: Connection, made: Plan, run: int, actor: Actor) -> list[Document]:
    """Keep drafts: they draw nothing yet, and have a name in place of a number."""
    review = made.review
    if review.project and review.is_pro_forma:
        settings = review.books.settings
        return pro_formas.save_pro_formas(
            connection, made.documents, run, review.project, settings, actor
        )
    ids = drafts.save_drafts(connection, made.documents, run, actor, draws=False)
    for number, document in zip(ids, made.documents, strict=True):
        issuing.keep_draft(connection, number, document)
    return [
        replace(document, number=draft_name(number))
        for number, document in zip(ids, made.documents, strict=True)
    ]


def _bill_up_to(connection: Connection, made: Plan, actor: Actor, *, as_drafts: bool) -> None:
    """Move the projects' last billing date on; a draft notes from where, as it may be deleted."""
    projects = sorted({billed.project for document in made.documents for billed in document.billed})
    if not projects:
        return
    day = made.review.billing_date
    before = runs.billed_to(connection, projects, day)
    if as_drafts:
        moved = [(f"project {project}", was, day) for project, was in before.items()]
        log(connection, actor, SAVE_DRAFT, moved)


def _run_entries(made: Plan) -> Iterator[RunEntry]:
    worth = {
        row.entry.id: one.whole.priced.amount
        for one in made.partings
        for row in (one.billed, one.rest)
    }
    for outcome, rows in made.outcomes.items():
        for row in rows:
            entry, priced = row.entry.id, row.priced
            reason = "" if outcome is Decision.BILL else made.reasons[entry]
            whole = worth.get(entry)
            yield RunEntry(entry, outcome, priced.hours, priced.amount, reason, whole)


def _reconcile(connection: Connection, made: Plan, run: int) -> None:
    """Check loaded + rounding = billed + deferred + written off, in hours and in money.

    What an engine run makes is neither held back, raised nor added to by hand yet: those sides are
    0 here. Loaded is the load's, billed is read back from the lines, deferred and written off from the
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
    for one in made.partings:
        if abs(one.rounding) > minor_unit(review.currency):
            rounding = worded(one.rounding, review.currency)
            raise DoesNotReconcile(difference=f"rounding of {rounding} on {one.whole.entry.id}")


def _bound_rounding(document: Document) -> None:
    """Half a minor unit per entry is what rounding can make, and half a one for its line."""
    most = minor_unit(document.currency) * (len(document.billed) + len(document.lines)) / 2
    if abs(rounding_of(document)) > most:
        rounding = worded(rounding_of(document), document.currency)
        raise DoesNotReconcile(difference=f"rounding of {rounding} on one document")
