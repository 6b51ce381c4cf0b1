"""Upload: unbilled entries onto lines of their own of a pro forma on hold."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from timix_xl.billing import once
from timix_xl.billing.load import held_by
from timix_xl.billing.plan import buyer
from timix_xl.billing.pro_forma import again, as_result, on_hold, rewrite
from timix_xl.domain import faults
from timix_xl.domain.books import Books
from timix_xl.domain.engine_lines import engine_lines
from timix_xl.domain.entries import Decision, SavedDecision
from timix_xl.domain.invoices import Document
from timix_xl.domain.pricing import LeftOut, PricedEntry, Pricer
from timix_xl.domain.pro_forma_lines import lines_of, with_lines
from timix_xl.domain.pro_formas import ProForma, as_pro_forma
from timix_xl.domain.splitting import Split, split_of
from timix_xl.errors import Fault, NothingToUpload, refuse_run
from timix_xl.store import reading
from timix_xl.store.chained import Actor, log
from timix_xl.store.database import Store

UPLOAD = "upload entries"
"""What the audit log calls it; its object is the pro forma's number."""


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A pro forma with the entries that were uploaded to it."""

    pro_forma: ProForma
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Pool:
    """The project's open entries as a run would take them, and why it leaves the others out."""

    priced: Mapping[str, PricedEntry]
    left_out: Mapping[str, LeftOut]
    decisions: Mapping[str, SavedDecision]

    def undecided(self, entry: str) -> str:
        """Say what is decided about an entry that keeps it off the pro forma, if anything."""
        saved = self.decisions.get(entry)
        if saved is None or saved.decision is None:
            return ""
        if saved.decision is not Decision.BILL:
            return f"it is set to {saved.decision.value.replace('_', ' ')}"
        return "a part of it is to be billed" if saved.bill_quantity is not None else ""


def upload(
    store: Store,
    number: str,
    entries: Sequence[str] | None = None,
    *,
    actor: Actor,
    version: int | None = None,
    request: str | None = None,
) -> Uploaded:
    """Bill more entries of the project on a pro forma on hold, each priced by its rule.

    Without `entries` it takes those that a run of the engine would bill up to the pro forma's
    billing date; named, they may be dated up to today. All belong on one document with what is
    there, by location, separate task and invoice group; where nothing is there, with each other.
    Raises UnknownProForma, ProFormaRefuses, ProFormaMovedOn, NothingToUpload, RunRefused with
    every fault, RequestReused, ProFormaGone.
    """
    wanted = None if entries is None else tuple(dict.fromkeys(entries))
    asked = once.fingerprint([UPLOAD, *once.told_apart([number, version, wanted])])
    with store.writing() as connection:
        first = once.done_before(connection, request, asked)
        if first is None:
            one = on_hold(connection, number, "edited", version)
            after, taken = _upload(connection, one, wanted, actor)
            once.remember(connection, request, UPLOAD, asked, as_result(after) | {"entries": taken})
            return Uploaded(after, tuple(taken))
        return Uploaded(again(connection, first), tuple(first["entries"]))


def _upload(
    connection: Connection, one: ProForma, wanted: Sequence[str] | None, actor: Actor
) -> tuple[ProForma, list[str]]:
    books = reading.books(connection, one.customer)
    upto = one.billing_date if wanted is None else actor.today + dt.timedelta(days=1)
    pool = _pool(connection, one, books, upto)
    chosen = list(pool.priced) if wanted is None else list(wanted)
    if wanted is None:
        chosen = [entry for entry in chosen if not pool.undecided(entry)]
    place = _place_of(one.document, books) or _common(pool, chosen)
    if wanted is None:
        place = place or Split(one.document.location, None)
        chosen = [entry for entry in chosen if split_of(pool.priced[entry]) == place]
        found_faults = _stopping(pool)
    else:
        elsewhere = reading.why_not_open(connection, wanted)
        found_faults = _faults(chosen, pool, place, actor.today, elsewhere)
    taken = [pool.priced[entry] for entry in chosen if entry in pool.priced]
    refuse_run(f"Uploading to {one.number}", [*found_faults, *_untaxed(taken)])
    if not taken:
        raise NothingToUpload(
            project=one.project,
            number=one.number,
            billing_date=one.billing_date,
            customer=one.customer,
        )
    document = _with(one.document, taken, place or Split(one.document.location, None), books)
    after = rewrite(connection, one, document, books)
    now = {"total": after.document.total, "entries": ", ".join(chosen)}
    log(connection, actor, UPLOAD, [(one.number, {"total": one.document.total}, now)])
    return after, chosen


def _pool(connection: Connection, one: ProForma, books: Books, upto: dt.date) -> _Pool:
    entries, claimed = reading.open_entries(connection, one.customer, books.company.currency)
    pricer = Pricer(books, upto, held_by(connection, claimed), for_engine=True)
    priced = [pricer.price(entry) for entry in entries if entry.project == one.project]
    return _Pool(
        priced={each.entry.id: each for each in priced if isinstance(each, PricedEntry)},
        left_out={each.entry.id: each for each in priced if isinstance(each, LeftOut)},
        decisions=reading.saved_decisions(connection, one.customer),
    )


def _place_of(document: Document, books: Books) -> Split | None:
    """Return what all entries of the pro forma have in common; None where it has no entry."""
    first = next(iter(document.billed), None)
    if first is None:
        return None
    facts = books.facts(first.project, first.task)
    task, rule = facts.bill_separately, books.billing_rules.get(facts.billing_rule or "")
    number = next(line.step for line in document.lines if line.line == first.line)
    steps = rule.steps if rule and number is not None else ()
    group = next((one.invoice_group for one in steps if one.step == number), "")
    return Split(document.location, (first.project, task) if task else None, group)


def _common(pool: _Pool, chosen: Collection[str]) -> Split | None:
    """Return what the first entries of a pro forma have in common, if it is one document."""
    places = {split_of(pool.priced[entry]) for entry in chosen if entry in pool.priced}
    return places.pop() if len(places) == 1 else None


def _stopping(pool: _Pool) -> list[Fault]:
    """Name the entries that a run of the engine would be refused for."""
    return [left.fault for left in pool.left_out.values() if left.stops]


def _faults(
    chosen: Sequence[str],
    pool: _Pool,
    place: Split | None,
    today: dt.date,
    elsewhere: Mapping[str, str],
) -> list[Fault]:
    """Say of each named entry why it cannot be taken."""
    found_faults = []
    for entry in chosen:
        priced, left = pool.priced.get(entry), pool.left_out.get(entry)
        if priced is not None:
            found_faults += list(_priced_faults(priced, pool, place, today))
        elif left is not None and left.stops:
            found_faults.append(left.fault)
        else:
            why = left.wording if left else elsewhere.get(entry, "the project has no such entry")
            found_faults.append(faults.NOT_UPLOADED.at(entry=entry, why=why))
    return found_faults


def _priced_faults(
    priced: PricedEntry, pool: _Pool, place: Split | None, today: dt.date
) -> Iterator[Fault]:
    entry = priced.entry
    why = pool.undecided(entry.id)
    if entry.date > today:
        why = f"it is dated {entry.date}, after today"
    elif (own := split_of(priced)) != place:
        why = _elsewhere(own, place)
    if why:
        yield faults.NOT_UPLOADED.at(entry=entry.id, why=why)


def _elsewhere(own: Split, place: Split | None) -> str:
    """Say why an entry belongs on another document."""
    if place is None:
        return f"it is of {_in_words(own)}, and others named here belong on another document"
    if own.location != place.location:
        return (
            f"its task is at {_location(own.location)},"
            f" the pro forma is for {_location(place.location)}"
        )
    if own.separate != place.separate:
        return (
            f"task {own.separate[1]} is billed separately"
            if own.separate
            else f"the pro forma is for task {place.separate and place.separate[1]} alone"
        )
    return f"it is of {_group(own.group)}, the pro forma is for {_group(place.group)}"


def _in_words(own: Split) -> str:
    task = f", task {own.separate[1]} (billed separately)" if own.separate else ""
    group = f", {_group(own.group)}" if own.group else ""
    return f"{_location(own.location)}{task}{group}"


def _location(code: str | None) -> str:
    return f"location {code}" if code else "the customer's own address"


def _group(name: str) -> str:
    return f"invoice group {name}" if name else "no invoice group"


def _untaxed(taken: Sequence[PricedEntry]) -> Iterator[Fault]:
    for priced in taken:
        if priced.tax_percent is None:
            yield faults.BEFORE_FIRST_TAX_RATE.at(
                entry=priced.entry.id, day=priced.entry.date, code=priced.tax_code
            )


def _with(document: Document, taken: Sequence[PricedEntry], place: Split, books: Books) -> Document:
    """Return the document with the new lines behind its own."""
    grouped = engine_lines(taken, books, document.currency)
    added = as_pro_forma(
        replace(
            document,
            lines=tuple(each.line for each in grouped),
            billed=tuple(one for each in grouped for one in each.billed),
        )
    )
    customer = books.customers[document.customer]
    location = place.location
    moved = location != document.location
    words = [one.invoice_description for one in taken if one.invoice_description]
    return replace(
        with_lines(document, [*lines_of(document), *lines_of(added)]),
        location=location,
        buyer=buyer(customer, location, document.buyer.buyer_reference)
        if moved
        else document.buyer,
        description=document.description or (words[0] if words else ""),
    )
