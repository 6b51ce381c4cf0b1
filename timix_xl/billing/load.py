"""Load: every unbilled entry of a customer up to the cut-off, and what was left out, and why."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection

from timix_xl.domain.books import Books
from timix_xl.domain.customers import Customer
from timix_xl.domain.entries import Decision, Entry, SavedDecision
from timix_xl.domain.frame_orders import FrameOrder
from timix_xl.domain.money import plain, plain_money, total
from timix_xl.domain.pricing import LeftOut, PricedEntry, Pricer
from timix_xl.errors import UnknownCustomer
from timix_xl.store import parts, pro_formas, reading
from timix_xl.store.database import Store, store_id


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """An unbilled entry with its price, its saved decision and its token."""

    priced: PricedEntry
    saved: SavedDecision | None
    times_deferred: int
    token: str

    @property
    def entry(self) -> Entry:
        """The entry itself."""
        return self.priced.entry

    @property
    def decision(self) -> Decision | None:
        """The decision that is saved, if any."""
        return self.saved.decision if self.saved else None

    @property
    def version(self) -> int:
        """How often the saved decision has changed."""
        return self.saved.version if self.saved else 0


@dataclass(frozen=True, slots=True)
class Review:
    """What a load shows: one customer, up to one billing date.

    An engine run has that of one `project`.
    """

    customer: Customer
    billing_date: dt.date
    rows: tuple[ReviewRow, ...]
    left_out: tuple[LeftOut, ...]
    frame_orders: tuple[FrameOrder, ...]
    books: Books
    store_id: str
    project: str | None = None
    for_engine: bool = False

    @property
    def is_pro_forma(self) -> bool:
        """Whether an engine run makes pro formas of it."""
        project = self.books.projects[self.project] if self.project else None
        return self.for_engine and project is not None and project.pro_forma

    @property
    def currency(self) -> str:
        """The customer's currency, in which everything here is."""
        return self.customer.currency

    @property
    def hours(self) -> Decimal:
        """Billable hours loaded."""
        return total(row.priced.hours for row in self.rows)

    @property
    def amount(self) -> Decimal:
        """The sum of the entries' own rounded amounts."""
        return total(row.priced.amount for row in self.rows)

    @property
    def open_orders(self) -> tuple[FrameOrder, ...]:
        """The frame orders that can be chosen."""
        return tuple(order for order in self.frame_orders if order.state.value == "open")


def load(store: Store, customer: str, billing_date: dt.date) -> Review:
    """Load a customer's review; raises UnknownCustomer."""
    with store.reading() as connection:
        return loaded(connection, customer, billing_date)


def load_all(store: Store, billing_date: dt.date) -> list[Review]:
    """Load the reviews of every customer, with a constant number of queries."""
    with store.reading() as connection:
        return all_loaded(connection, billing_date)


def all_loaded(
    connection: Connection, billing_date: dt.date, *, for_engine: bool = False
) -> list[Review]:
    """Load the reviews of every customer inside a transaction."""
    return _reviews(connection, None, billing_date, None, for_engine=for_engine)


def identity(store: Store) -> str:
    """Return the identity that workbooks remember a store by."""
    with store.reading() as connection:
        return store_id(connection)


def customer_codes(store: Store) -> set[str]:
    """Return the codes of all customers."""
    with store.reading() as connection:
        return reading.customer_codes(connection)


def loaded(
    connection: Connection,
    customer: str,
    billing_date: dt.date,
    project: str | None = None,
    *,
    for_engine: bool = False,
) -> Review:
    """Load a customer's review inside a transaction, or what of it is one project's.

    `for_engine` is for what the engine bills: projects billed by pro forma, and non-billable
    entries where a step includes them.
    """
    reviews = _reviews(connection, customer, billing_date, project, for_engine=for_engine)
    if not reviews:
        raise UnknownCustomer(customer=customer)
    return reviews[0]


def _reviews(
    connection: Connection,
    customer: str | None,
    billing_date: dt.date,
    project: str | None,
    *,
    for_engine: bool,
) -> list[Review]:
    books = reading.books(connection, customer, project)
    entries, claimed = reading.open_entries(connection, customer, books.company.currency, project)
    decisions = reading.saved_decisions(connection, customer, project)
    deferred = _deferrals(connection, customer, project)
    orders = reading.frame_orders(connection, customer)
    identity = store_id(connection)
    pricer = Pricer(books, billing_date, held_by(connection, claimed), for_engine)
    priced = _by_customer(books, [pricer.price(entry) for entry in entries])
    return [
        Review(
            customer=one,
            billing_date=billing_date,
            rows=tuple(
                _row(each, decisions, deferred)
                for each in priced.get(one.code, ())
                if isinstance(each, PricedEntry)
            ),
            left_out=tuple(each for each in priced.get(one.code, ()) if isinstance(each, LeftOut)),
            frame_orders=tuple(order for order in orders if order.customer == one.code),
            books=books,
            store_id=identity,
            project=project,
            for_engine=for_engine,
        )
        for one in books.customers.values()
    ]


def held_by(connection: Connection, claimed: Mapping[str, int]) -> dict[str, str]:
    """Name what holds entries that nobody else can bill: drafts and pro formas.

    A revision also holds the remainders of the invoice that it corrects, which go with it.
    """
    held = {**reading.resting(connection), **claimed}
    names = pro_formas.claimed_by(connection, set(held.values()))
    return {entry: names[document] for entry, document in held.items()}


def _deferrals(connection: Connection, customer: str | None, project: str | None) -> dict[str, int]:
    """Count by entry how often it was deferred; a part was, whenever its whole was."""
    deferred = reading.deferrals(connection, customer, project)
    wholes = parts.wholes(connection, customer, project)
    counted = dict(deferred)
    for part, whole in wholes.items():
        above: str | None = whole
        while above is not None:
            counted[part] = counted.get(part, 0) + deferred.get(above, 0)
            above = wholes.get(above)
    return counted


def _by_customer(
    books: Books, priced: list[PricedEntry | LeftOut]
) -> dict[str, list[PricedEntry | LeftOut]]:
    found: dict[str, list[PricedEntry | LeftOut]] = {}
    for each in priced:
        found.setdefault(books.projects[each.entry.project].customer, []).append(each)
    return found


def _row(
    priced: PricedEntry, decisions: Mapping[str, SavedDecision], deferred: Mapping[str, int]
) -> ReviewRow:
    saved = decisions.get(priced.entry.id)
    return ReviewRow(
        priced=priced,
        saved=saved,
        times_deferred=deferred.get(priced.entry.id, 0),
        token=token(priced, saved.version if saved else 0),
    )


def token(priced: PricedEntry, version: int) -> str:
    """Fingerprint what a row shows, with the version of its saved decision behind it."""
    entry = priced.entry
    facts = (
        *(entry.id, entry.date.isoformat(), entry.project, entry.task, entry.person or ""),
        *(entry.description, entry.kind.value, plain(entry.billable_quantity), entry.unit),
        *(plain(priced.rate), plain_money(priced.amount, entry.currency), entry.currency),
        *(priced.tax_code, "-" if priced.tax_percent is None else plain(priced.tax_percent)),
        *(priced.location or "", priced.separate_task or "", entry.item or ""),
        entry.account_group,
        *_by_rule(priced),
    )
    digest = hashlib.sha256("\x1f".join(facts).encode()).hexdigest()
    return f"{digest[:20]}.{version}"


def _by_rule(priced: PricedEntry) -> tuple[str, ...]:
    """Return what a billing rule made of an entry beside its price."""
    if priced.step is None:
        return ()
    return (priced.rule or "", str(priced.step.step), plain(priced.quantity), priced.description)
