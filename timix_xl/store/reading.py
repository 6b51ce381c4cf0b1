"""Bulk queries that return domain values; their count does not depend on the number of entries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import Connection, RowMapping, Select, Table, and_, func, or_, select

from timix_xl.domain.books import Books
from timix_xl.domain.burn import Draw
from timix_xl.domain.customers import Address, Company, Customer, Location
from timix_xl.domain.entries import Decision, Entry, EntryState, Kind, SavedDecision
from timix_xl.domain.frame_orders import HOURS, FrameOrder
from timix_xl.domain.invoices import Status
from timix_xl.domain.items import AccountGroup, Item, Person, Price, Vendor
from timix_xl.domain.money import QUANTITY_PLACES, ZERO, from_minor, total, unscaled
from timix_xl.domain.numbering import SeriesPattern
from timix_xl.domain.pro_formas import ProFormaState
from timix_xl.domain.projects import Project, Task
from timix_xl.domain.rates import BillRate, RateBook
from timix_xl.domain.settings import BillingSettings
from timix_xl.domain.tax import TaxCode, TaxRate
from timix_xl.store import closings, rules
from timix_xl.store import tables as t

T = TypeVar("T")


def company(connection: Connection) -> Company | None:
    """Return the company, if a books file has named one."""
    row = connection.execute(select(t.company)).mappings().one_or_none()
    return _with_address(Company, row) if row else None


def settings(connection: Connection) -> BillingSettings:
    """Return the settings, or the defaults."""
    row = connection.execute(select(t.settings)).mappings().one_or_none()
    if row is None:
        return BillingSettings()
    patterns = {name: SeriesPattern(row[name]) for name in row if name.endswith("_number")}
    return _made(BillingSettings, row, **patterns)


def books(connection: Connection, customer: str | None = None, project: str | None = None) -> Books:
    """Return the master data, of one customer or of all; `project` leaves out its other projects.

    A run of one project among many reads no more than that.
    """
    seller = company(connection)
    of_projects = t.projects.c.customer == customer if customer else None
    if project:
        of_projects = t.projects.c.code == project
    projects = _all(connection, Project, t.projects, of_projects)
    in_project = select(t.projects.c.code).where(of_projects) if of_projects is not None else None
    of_tasks = t.tasks.c.project.in_(in_project) if in_project is not None else None
    tasks = _all(connection, Task, t.tasks, of_tasks)
    people = _all(connection, Person, t.people)
    customers = _customers(connection, customer)
    return Books(
        company=seller or Company(name="", country="", currency=""),
        settings=settings(connection),
        tax_codes=_tax_codes(connection),
        items=_items(connection),
        people={person.code: person for person in people},
        customers={one.code: one for one in customers},
        projects={project.code: project for project in projects},
        tasks={(task.project, task.code): task for task in tasks},
        rates=RateBook(
            [*_bill_rates(connection), *column_rates(customers, projects, tasks, people)]
        ),
        account_groups={one.code: one for one in _all(connection, AccountGroup, t.account_groups)},
        vendors={one.code: one for one in _all(connection, Vendor, t.vendors)},
        billing_rules=rules.billing_rules(connection),
        rate_tables=rules.rate_tables(connection),
        limits=rules.limits(connection),
    )


def customer_codes(connection: Connection) -> set[str]:
    """Return the codes of all customers."""
    return set(connection.execute(select(t.customers.c.code)).scalars())


def projects(connection: Connection) -> list[Project]:
    """Return all projects, in the order of their codes."""
    return _all(connection, Project, t.projects)


def customer_names(connection: Connection) -> dict[str, str]:
    """Return the names of all customers by code."""
    rows = connection.execute(select(t.customers.c.code, t.customers.c.name))
    return {row.code: row.name for row in rows}


def customer_currencies(connection: Connection) -> dict[str, str]:
    """Return the currencies of all customers by code, in the order of the codes."""
    query = select(t.customers.c.code, t.customers.c.currency).order_by(t.customers.c.code)
    return {row.code: row.currency for row in connection.execute(query)}


def column_rates(
    customers: Iterable[Customer],
    projects: Iterable[Project],
    tasks: Iterable[Task],
    people: Iterable[Person],
) -> list[BillRate]:
    """Turn the bill_rate columns into undated rates of their level."""
    keyed: list[tuple[Any, dict[str, Any]]] = [
        *((one, {"customer": one.code}) for one in customers),
        *((one, {"project": one.code}) for one in projects),
        *((one, {"project": one.project, "task": one.code}) for one in tasks),
        *((one, {"person": one.code}) for one in people),
    ]
    return [BillRate(rate=one.bill_rate, **key) for one, key in keyed if one.bill_rate is not None]


def _customers(connection: Connection, code: str | None) -> list[Customer]:
    locations: dict[str, list[Location]] = defaultdict(list)
    for row in connection.execute(select(t.locations).order_by(t.locations.c.code)).mappings():
        locations[row["customer"]].append(_with_address(Location, row))
    query = select(t.customers).order_by(t.customers.c.code)
    if code:
        query = query.where(t.customers.c.code == code)
    return [
        _with_address(Customer, row, locations=tuple(locations[row["code"]]))
        for row in connection.execute(query).mappings()
    ]


def _tax_codes(connection: Connection) -> dict[str, TaxCode]:
    rates: dict[str, list[TaxRate]] = defaultdict(list)
    for row in connection.execute(select(t.tax_rates).order_by(t.tax_rates.c.position)):
        rates[row.tax_code].append(TaxRate(percent=row.percent, since=row.since))
    return {
        row["code"]: _made(TaxCode, row, rates=tuple(rates[row["code"]]))
        for row in connection.execute(select(t.tax_codes)).mappings()
    }


def _items(connection: Connection) -> dict[str, Item]:
    prices: dict[str, list[Price]] = defaultdict(list)
    for row in connection.execute(select(t.item_prices).order_by(t.item_prices.c.position)):
        prices[row.item].append(Price(price=row.price, since=row.since))
    return {
        row["code"]: _made(Item, row, prices=tuple(prices[row["code"]]))
        for row in connection.execute(select(t.items)).mappings()
    }


def _bill_rates(connection: Connection) -> list[BillRate]:
    return _all(connection, BillRate, t.bill_rates)


def _all(connection: Connection, kind: type[T], table: Table, where: Any = None) -> list[T]:
    query: Select[Any] = select(table).order_by(*table.primary_key)
    if where is not None:
        query = query.where(where)
    return [_made(kind, row) for row in connection.execute(query).mappings()]


def _made(kind: type[T], row: RowMapping | Mapping[str, Any], **more: Any) -> T:
    names = {field.name for field in fields(kind)}  # type: ignore[arg-type]  # T is a dataclass
    return kind(**{name: row[name] for name in row if name in names} | more)


def _with_address(kind: type[T], row: RowMapping, **more: Any) -> T:
    lines = tuple(row["address"].splitlines())
    address = Address(
        lines=lines, postcode=row["postcode"], city=row["city"], country=row["country"]
    )
    return _made(kind, row, **{"address": address, **more})


def open_entries(
    connection: Connection, customer: str | None, currency: str, project: str | None = None
) -> tuple[list[Entry], dict[str, int]]:
    """Return the entries not yet settled, and which draft or pro forma claims which of them.

    `currency` is the company's: the one of cost amounts.
    """
    joined = (
        t.entries.join(t.projects, t.projects.c.code == t.entries.c.project)
        .outerjoin(t.claims, t.claims.c.entry == t.entries.c.id)
        .outerjoin(t.documents, t.documents.c.id == t.claims.c.document)
    )
    query = (
        select(t.entries, t.claims.c.document)
        .select_from(joined)
        .where(t.entries.c.state == EntryState.OPEN, t.entries.c.kind != Kind.REVERSAL)
        .where(or_(t.claims.c.entry.is_(None), t.documents.c.status == Status.DRAFT))
        .order_by(t.entries.c.date, t.entries.c.id)
    )
    if customer:
        query = query.where(t.projects.c.customer == customer)
    if project:
        query = query.where(t.projects.c.code == project)
    found, claimed = [], {}
    names = {field.name for field in fields(Entry)}
    known = [column for column in t.entries.columns if column.name in names]
    for row in connection.execute(query.with_only_columns(*known, t.claims.c.document)):
        *values, document = row
        facts = {column.name: value for column, value in zip(known, values, strict=True)}
        if facts["cost_amount"] is not None:
            facts["cost_amount"] = from_minor(facts["cost_amount"], currency)
        if facts["face_amount"] is not None:
            facts["face_amount"] = from_minor(facts["face_amount"], facts["currency"])
        entry = Entry(**facts)
        found.append(entry)
        if document is not None:
            claimed[entry.id] = document
    return found, claimed


def resting(connection: Connection) -> dict[str, int]:
    """Return the open remainders of invoices that are being corrected, with the revision of each.

    The release of a revision cancels them, as it bills again what they were held back from.
    """
    revision, before = t.pro_formas.alias("revision").c, t.pro_formas.alias("before").c
    own = t.entries.c
    query = (
        select(own.id, revision.document)
        .join_from(t.entries, before.number.table, before.released_to == own.of_document)
        .join(
            revision.number.table,
            and_(revision.number == before.number, revision.revision == before.revision + 1),
        )
        .where(own.kind == Kind.REMAINDER, own.state == EntryState.OPEN)
        .where(revision.state != ProFormaState.CLOSED)
    )
    return {row.id: row.document for row in connection.execute(query)}


def oldest_open(connection: Connection) -> dict[str, date]:
    """Return by project the date of its oldest entry that is neither settled nor on a document."""
    query = (
        select(t.entries.c.project, func.min(t.entries.c.date))
        .outerjoin(t.claims, t.claims.c.entry == t.entries.c.id)
        .where(t.entries.c.state == EntryState.OPEN, t.entries.c.kind != Kind.REVERSAL)
        .where(t.claims.c.entry.is_(None))
        .group_by(t.entries.c.project)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def why_not_open(connection: Connection, ids: Sequence[str] | None = None) -> dict[str, str]:
    """Say for entries that cannot be billed any more where they are; open ones are not named.

    Without ids it says so of every entry, in one statement.
    """
    joined = t.entries.outerjoin(t.claims, t.claims.c.entry == t.entries.c.id).outerjoin(
        t.documents, t.documents.c.id == t.claims.c.document
    )
    query = select(t.entries.c.id, t.entries.c.state, t.documents.c.number).select_from(joined)
    found = {}
    wanted = [query] if ids is None else [query.where(t.entries.c.id.in_(x)) for x in chunks(ids)]
    for one in wanted:
        for row in connection.execute(one):
            if row.number:
                found[row.id] = f"billed on {row.number}"
            elif row.state in _GONE:
                found[row.id] = _GONE[row.state]
    return found


_GONE = {
    EntryState.WRITTEN_OFF: "written off",
    EntryState.SPLIT: "split into parts",
    EntryState.CANCELLED: "cancelled, as its invoice was taken back",
}


def chunks(values: Sequence[str], size: int = 900) -> Iterable[Sequence[str]]:
    """Cut a list down to what one statement can bind."""
    return (values[at : at + size] for at in range(0, len(values), size))


def saved_decisions(
    connection: Connection, customer: str | None, project: str | None = None
) -> dict[str, SavedDecision]:
    """Return the decisions that were ever saved for a customer's entries, by entry."""
    query = select(t.decisions)
    if customer:
        query = query.where(t.decisions.c.entry.in_(_entries_of(customer, project)))
    return {row["entry"]: _made(SavedDecision, row) for row in connection.execute(query).mappings()}


def deferrals(
    connection: Connection, customer: str | None, project: str | None = None
) -> dict[str, int]:
    """Count by entry the committed runs that deferred it."""
    query = (
        select(t.run_entries.c.entry, func.count())
        .where(t.run_entries.c.outcome == Decision.DEFER)
        .group_by(t.run_entries.c.entry)
    )
    if customer:
        query = query.where(t.run_entries.c.entry.in_(_entries_of(customer, project)))
    return {row[0]: row[1] for row in connection.execute(query)}


def _entries_of(customer: str, project: str | None = None) -> Select[Any]:
    query = (
        select(t.entries.c.id)
        .join(t.projects, t.projects.c.code == t.entries.c.project)
        .where(t.projects.c.customer == customer)
    )
    return query.where(t.projects.c.code == project) if project else query


def frame_orders(
    connection: Connection, customer: str | None = None, as_of: date | None = None
) -> list[FrameOrder]:
    """Return frame orders with what has been drawn up to the end of a day (None: so far).

    If the month of that day is closed, they are as they were then.
    """
    on = t.draw_downs.c.frame_order == t.frame_orders.c.number
    if as_of:
        on = and_(on, t.draw_downs.c.date <= as_of)
    query = (
        select(t.frame_orders, func.coalesce(func.sum(t.draw_downs.c.drawn), 0).label("drawn"))
        .select_from(t.frame_orders.outerjoin(t.draw_downs, on))
        .group_by(t.frame_orders.c.number)
        .order_by(t.frame_orders.c.customer, t.frame_orders.c.number)
    )
    if customer:
        query = query.where(t.frame_orders.c.customer == customer)
    rows = [dict(row) for row in connection.execute(query).mappings()]
    kept = closings.as_closed(connection, t.frame_orders, as_of)
    if kept is not None:
        rows = [row | kept[row["number"]] for row in rows if row["number"] in kept]
    return [_frame_order(row) for row in rows]


def draws(connection: Connection, as_of: date) -> dict[str, list[Draw]]:
    """Return what was drawn up to the end of a day, by frame order and in the order of its date."""
    drew = t.draw_downs.c
    query = (
        select(drew.frame_order, drew.date, drew.drawn, t.frame_orders.c.unit)
        .join_from(t.draw_downs, t.frame_orders, t.frame_orders.c.number == drew.frame_order)
        .where(drew.date <= as_of)
        .order_by(drew.date, drew.id)
    )
    found: dict[str, list[Draw]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.frame_order].append(Draw(row.date, order_number(row.drawn, row.unit)))
    return found


def _frame_order(row: Mapping[str, Any]) -> FrameOrder:
    numbers = {
        name: order_number(row[name], row["unit"]) for name in ("total", "billed_before", "drawn")
    }
    return _made(FrameOrder, row, **numbers)


def order_number(number: int, unit: str) -> Any:
    """Turn a stored quantity of a frame order into hours or money."""
    return unscaled(number, QUANTITY_PLACES) if unit == HOURS else from_minor(number, unit)


@dataclass(frozen=True, slots=True)
class RunFigures:
    """What a run did with the entries of one outcome; money in the customer's currency."""

    ids: tuple[str, ...] = ()
    hours: Decimal = ZERO
    amount: Decimal = ZERO


def run_figures(
    connection: Connection, run: int
) -> tuple[str, Decimal, dict[Decision, RunFigures]]:
    """Return a committed run's currency, its rounding, and its figures by outcome."""
    head = connection.execute(
        select(t.runs.c.currency, t.runs.c.rounding).where(t.runs.c.id == run)
    ).one()
    query = select(t.run_entries).where(t.run_entries.c.run == run).order_by(t.run_entries.c.entry)
    rows: dict[Decision, list[Any]] = {decision: [] for decision in Decision}
    for row in connection.execute(query):
        rows[row.outcome].append(row)
    figures = {
        outcome: RunFigures(
            tuple(row.entry for row in some),
            total(row.hours for row in some),
            from_minor(sum(row.amount for row in some), head.currency),
        )
        for outcome, some in rows.items()
    }
    return head.currency, from_minor(head.rounding, head.currency), figures
