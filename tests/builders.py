"""Builders: a store with master data and entries, pure values, and who acts when."""

import datetime as dt
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Self

import psycopg
import pytest
from sqlalchemy import create_engine, event, insert, make_url, update

from tests.servers import ISSUER, OWNER, SUPERUSER, Database, Server
from timix_xl.billing.ballots import NAMES, Ballot, BallotPaper, shown
from timix_xl.billing.decide import Choice, decide
from timix_xl.billing.issue import Issued, issue
from timix_xl.billing.load import Review, load
from timix_xl.billing.pay import pay
from timix_xl.billing.plan import Plan, RunOptions
from timix_xl.billing.preview import preview
from timix_xl.billing.send import send
from timix_xl.billing.verify import Problem, verify
from timix_xl.billing.void import void
from timix_xl.domain.billing_rules import Step
from timix_xl.domain.books import Books
from timix_xl.domain.customers import Company, Customer
from timix_xl.domain.entries import ApprovalStatus, Decision, Entry, Kind
from timix_xl.domain.items import Person
from timix_xl.domain.money import in_minor, scaled
from timix_xl.domain.pricing import PricedEntry
from timix_xl.domain.projects import Project, Task
from timix_xl.domain.rates import RateBook
from timix_xl.domain.settings import BillingSettings
from timix_xl.domain.tax import TaxCategory, TaxCode, TaxRate
from timix_xl.store import tables as t
from timix_xl.store.chained import Actor, append
from timix_xl.store.database import Store, make_store, open_store
from timix_xl.store.grants import Role, grant

D = Decimal
BILLING_DATE = dt.date(2026, 1, 31)
ANN = Actor("ann", dt.datetime(2026, 2, 1, 9, 30))
BOB = Actor("bob", dt.datetime(2026, 2, 1, 10, 0))
Template = Path | Database
"""A store that nobody is in, to be copied."""
Plain = sqlite3.Connection | psycopg.Connection
"""A connection that knows nothing of us."""
REFUSED = (sqlite3.IntegrityError, psycopg.IntegrityError)
"""How a database refuses what its guards or its constraints forbid."""


def on(day: str, user: str = "ann") -> Actor:
    """Return somebody who acts at nine on a day."""
    return Actor(user, dt.datetime.fromisoformat(f"{day}T09:00:00"))


def day(text: str) -> dt.date:
    """Read a date."""
    return dt.date.fromisoformat(text)


# Pure values.


def an_entry(number: str = "E1", **facts: Any) -> Entry:
    """Return an approved hour of Ann's on task T of project P, 5 January 2026."""
    values: dict[str, Any] = {
        "id": number,
        "date": day("2026-01-05"),
        "project": "P",
        "task": "T",
        "kind": Kind.TIME,
        "quantity": D("1"),
        "unit": "h",
        "currency": "EUR",
        "account_group": "LABOR",
        "person": "ann",
        "description": f"Work {number}",
        "status": ApprovalStatus.APPROVED,
    } | facts
    values.setdefault("billable_quantity", values["quantity"])
    return Entry(**values)


def priced(number: str = "E1", rate: str = "100", **facts: Any) -> PricedEntry:
    """Return an entry that has been priced at a rate; a rule's `exact` amount beats the rate."""
    of_price = ("tax_code", "tax_percent", "location", "separate_task", "step", "rule")
    texts = ("line_text", "invoice_description", "exact", "charged")
    more = {name: facts.pop(name) for name in (*of_price, *texts) if name in facts}
    entry = an_entry(number, **facts)
    quantity = more.pop("charged", entry.billable_quantity)
    exact = more.pop("exact", quantity * D(rate))
    values = {"tax_code": "S19", "tax_percent": D(19), "location": None, "separate_task": None}
    return PricedEntry(
        entry=entry,
        quantity=quantity,
        rate=D(rate),
        exact=exact,
        amount=exact.quantize(D("0.01"), "ROUND_HALF_UP"),
        description=more.pop("line_text", ""),
        **(values | more),
    )


def a_step(**facts: Any) -> Step:
    """Return step 10 of a billing rule: labour at cost plus a quarter."""
    values = {"step": 10, "account_group": "LABOR", "amount": "=[Entry.Amount]*1.25"}
    return Step(**(values | facts))


def some_books(**facts: Any) -> Books:
    """Return books with customer ACME, project P with task T, and Ann."""
    customer = facts.pop("customer", None) or a_customer()
    projects = facts.pop("projects", (Project(code="P", customer="ACME", name="Portal"),))
    tasks = facts.pop("tasks", (Task(project="P", code="T", name="Build"),))
    values: dict[str, Any] = {
        "company": Company(name="Us", country="DE", currency="EUR"),
        "settings": BillingSettings(),
        "tax_codes": {"S19": a_tax_code("S19", ("19", None))},
        "items": {},
        "people": {"ann": Person(code="ann", name="Ann Abel")},
        "customers": {customer.code: customer},
        "projects": {one.code: one for one in projects},
        "tasks": {(one.project, one.code): one for one in tasks},
        "rates": RateBook([]),
    }
    return Books(**(values | facts))


def a_customer(**facts: Any) -> Customer:
    """Return customer ACME, billed in euros at 19 %."""
    return replace(Customer(code="ACME", name="Acme Ltd", currency="EUR", tax_code="S19"), **facts)


def a_tax_code(code: str, *rates: tuple[str, str | None], category: str = "S") -> TaxCode:
    """Return a tax code with rates (percent, since)."""
    dated = tuple(
        TaxRate(percent=D(percent), since=day(since) if since else None) for percent, since in rates
    )
    return TaxCode(code=code, category=TaxCategory(category), rates=dated)


# A store.

COMPANY = {
    "id": 1,
    "name": "Us",
    "currency": "EUR",
    "country": "DE",
    "tax_id": "DE123456789",
    "brand_colour": "#1F4E79",
}
PROJECT = {"status": "active", "pro_forma": False, "billing_period": "on_demand"}
TASK = {"status": "active", "billing_option": "period", "bill_separately": False}


class Shop:
    """A store under test: what is put in, and the use cases in short."""

    def __init__(self, store: Store) -> None:
        self.store = store

    @property
    def path(self) -> str:
        """Where the file is, or the address of the database."""
        return str(self.store.file or self.store.engine.url)

    def add(self, table: str, *rows: Mapping[str, Any], **row: Any) -> None:
        """Put rows into a table, as the business writes them; those of a chain at its end."""
        found, some = t.metadata.tables[table], [*rows, *([row] if row else [])]
        with self.store.writing() as connection:
            if found in t.CHAINED:
                append(connection, found, some)
            else:
                connection.execute(insert(found), some)

    def change(self, table: str, where: Mapping[str, Any], **values: Any) -> None:
        """Change rows of a table, as its owner may."""
        found = t.metadata.tables[table]
        query = update(found).values(**values)
        for name, value in where.items():
            query = query.where(found.c[name] == value)
        with self._owned() as store, store.writing() as connection:
            connection.execute(query)

    @contextmanager
    def _owned(self) -> Iterator[Store]:
        """Give the store as whoever owns its tables has it."""
        if self.store.file:
            yield self.store
            return
        owned = open_store(Database.at(self.store.engine.url).url(OWNER))
        yield owned
        owned.close()

    def customer(self, code: str, **facts: Any) -> None:
        """Add a customer with project P-<code> and its task T, at 100 an hour."""
        values = {"name": code.title(), "currency": "EUR", "tax_code": "S19", "bill_rate": D(100)}
        self.add("customers", code=code, **(values | facts))
        self.project(f"P-{code}", customer=code)

    def project(self, code: str, customer: str = "ACME", tasks: str = "T", **facts: Any) -> None:
        """Add a project with tasks."""
        values = PROJECT | {"material_at_cost": False} | facts
        self.add("projects", code=code, customer=customer, **values)
        for task in tasks.split():
            self.task(task, project=code)

    def task(self, code: str, project: str = "P", **facts: Any) -> None:
        """Add a task."""
        self.add("tasks", code=code, project=project, **(TASK | facts))

    def order(self, number: str, total: str, unit: str = "h", **facts: Any) -> None:
        """Add a frame order of ACME; `total` and `billed_before` in hours or money."""
        before = D(facts.pop("billed_before", "0"))
        values = {"customer": "ACME", "overrun": "block", "state": "open"} | facts
        numbers = {"total": units(D(total), unit), "billed_before": units(before, unit)}
        self.add("frame_orders", number=number, unit=unit, **numbers, **values)

    def time(self, *ids: str, hours: str = "1", on: str = "2026-01-05", **facts: Any) -> None:
        """Add approved hours of Ann's on task T of project P."""
        self.entries([{"id": one, "hours": hours, "on": on, **facts} for one in ids])

    def material(self, *ids: str, units: str = "1", **facts: Any) -> None:
        """Add approved material."""
        kind = {"kind": "material", "unit": "pcs", "account_group": "MATERIAL", "person": None}
        self.entries([{"id": one, "hours": units, **kind, **facts} for one in ids])

    def entries(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Add entries, many at once."""
        self.add("entries", *(entry_row(**row) for row in rows))

    def many(self, count: int, **facts: Any) -> None:
        """Add that many entries of an odd length, over January."""
        self.entries(
            {"id": f"E{at:05d}", "hours": "0.3333", "on": f"2026-01-{1 + at % 31:02d}", **facts}
            for at in range(count)
        )

    def load(self, customer: str = "ACME", upto: dt.date = BILLING_DATE) -> Review:
        """Load."""
        return load(self.store, customer, upto)

    def paper(
        self,
        decisions: Mapping[str, str] | None = None,
        *,
        customer: str = "ACME",
        upto: dt.date = BILLING_DATE,
        reason: str = "agreed",
    ) -> BallotPaper:
        """Return the sheet of a load, with decisions set in it; others stay as they are."""
        review = self.load(customer, upto)
        words = decisions or {}
        rows = []
        for row in review.rows:
            word = words.get(row.entry.id, NAMES[row.decision] if row.decision else "")
            rows.append(
                Ballot(
                    entry=row.entry.id,
                    token=row.token,
                    decision=word,
                    reason=reason if word else "",
                    shown=shown(row, review.currency),
                )
            )
        return BallotPaper(rows=tuple(rows), loaded_count=len(rows), store_id=review.store_id)

    def preview(self, customer: str = "ACME", **options: Any) -> Plan:
        """Preview."""
        paper, upto = options.pop("paper", None), options.pop("upto", BILLING_DATE)
        return preview(self.store, customer, upto, RunOptions(**options), paper=paper)

    def issue(self, customer: str = "ACME", **options: Any) -> Issued:
        """Issue."""
        more = {name: options.pop(name, None) for name in ("paper", "request", "agreed")}
        actor, upto = options.pop("actor", ANN), options.pop("upto", BILLING_DATE)
        return issue(self.store, customer, upto, RunOptions(**options), actor=actor, **more)

    def problems(self) -> tuple[Problem, ...]:
        """Verify."""
        return verify(self.store).problems

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Read with plain SQL."""
        with closing(plain(self.path)) as connection:
            return [tuple(map(_whole, row)) for row in connection.execute(query).fetchall()]

    def value(self, query: str) -> Any:
        """Read one value with plain SQL."""
        return self.rows(query)[0][0]

    def say(self, *statements: str) -> list[int]:
        """Change something with plain SQL, as its owner may; return how many rows each changed."""
        with closing(plain(self.path)) as connection:
            return [connection.execute(statement).rowcount for statement in statements]

    def unguarded(self) -> Self:
        """Take every guard away, as the owner may."""
        with closing(plain(self.path)) as connection:
            unguard(connection)
        return self

    def force(self, *statements: str) -> list[int]:
        """Change something that the guards or the constraints forbid."""
        with closing(plain(self.path)) as connection:
            unguard(connection)
            uncheck(connection)
            return [connection.execute(statement).rowcount for statement in statements]

    def template(self) -> Template:
        """Leave the store, so that it can be copied."""
        self.store.close()
        return self.store.file or Database.at(self.store.engine.url)

    def contents(self) -> dict[str, list[tuple[Any, ...]]]:
        """Read every row of every table."""
        with closing(plain(self.path)) as connection:
            return contents(connection)


def entry_row(*, id: str, hours: str = "1", on: str = "2026-01-05", **facts: Any) -> dict[str, Any]:  # noqa: A002  the column is called so
    """Return an approved entry as a row: time of Ann's unless the facts say otherwise."""
    values: dict[str, Any] = {
        "id": id,
        "date": day(on),
        "project": "P",
        "task": "T",
        "kind": "time",
        "quantity": D(hours),
        "billable_quantity": D(hours),
        "unit": "h",
        "currency": "EUR",
        "account_group": "LABOR",
        "person": "ann",
        "item": None,
        "description": f"Work {id}",
        "unit_cost": None,
        "cost_amount": None,
        "bill_rate": None,
        "billable": True,
        "status": "approved",
        "billed_elsewhere": None,
        "state": "open",
    }
    whole = values | facts
    approved = whole["status"] == "approved"
    return {"wip_from": whole["date"] if approved else None, **whole}


def units(number: Decimal, unit: str) -> int:
    """Turn hours or money of a frame order into what is stored."""
    return scaled(number, 4) if unit == "h" else in_minor(number, unit)


def furnish(shop: Shop) -> None:
    """Put the company, tax, Ann and Ben, customer ACME with project P and task T into a store."""
    shop.add("company", COMPANY)
    shop.add("tax_codes", code="S19", category="S", note="")
    shop.add("tax_rates", tax_code="S19", position=0, percent=D(19))
    shop.add("account_groups", code="MATERIAL", name="Material")
    shop.add("people", {"code": "ann", "name": "Ann Abel"}, {"code": "ben", "name": "Ben Berg"})
    shop.add(
        "customers",
        code="ACME",
        name="Acme Ltd",
        currency="EUR",
        tax_code="S19",
        bill_rate=D(100),
        address="1 Mill Lane",
        city="Leeds",
        country="GB",
    )
    shop.project("P", name="Portal")


def make_template(folder: Path) -> Path:
    """Make a furnished store in a file once, to be copied for each test."""
    store, _ = make_store(str(folder / "template.db"))
    furnish(Shop(store))
    store.close()
    return Path(store.place)


def make_template_on(server: Server) -> Database:
    """Make a furnished store on a server once, to be copied for each test."""
    database = server.database()
    store, _ = make_store(database.url())
    furnish(Shop(store))
    store.close()
    return granted(database)


def granted(database: Database) -> Database:
    """Let the issuer work with a store, and with every copy of it."""
    superuser = create_engine(database.url(SUPERUSER))
    with superuser.begin() as connection:
        grant(connection, Role.ISSUER, [ISSUER])
    superuser.dispose()
    return database


def template_at(place: str) -> Template:
    """Return the store that its owner has made at a place, to be copied for the issuer."""
    return Path(place) if "://" not in place else granted(Database.at(make_url(place)))


def copied(template: Template, folder: Path, name: str = "timix.db") -> Path | str:
    """Copy a store; return where the copy is: for the issuer, if it is on a server."""
    if isinstance(template, Database):
        return template.copied().url(ISSUER)
    return Path(shutil.copy(template, folder / name))


def copy_of(template: Template, folder: Path, name: str = "timix.db") -> Shop:
    """Return a furnished store of its own, which does not wait for the disk."""
    store = open_store(str(copied(template, folder, name)))
    if store.file:
        store.close()
        event.listen(store.engine, "connect", _in_a_hurry)
    else:
        _ON_SERVERS.append(store)
    return Shop(store)


_ON_SERVERS: list[Store] = []


@contextmanager
def letting_go() -> Iterator[None]:
    """Close, at the end, the stores on servers that were opened meanwhile and forgotten."""
    before = len(_ON_SERVERS)
    yield
    for store in _ON_SERVERS[before:]:
        store.close()
    del _ON_SERVERS[before:]


def _in_a_hurry(connection: sqlite3.Connection, _: object) -> None:
    connection.execute("PRAGMA synchronous = OFF")


def plain(place: str, *, autocommit: bool = True) -> Plain:
    """Return a connection of the store's owner, with a tool of his own."""
    if "://" not in place:
        return sqlite3.connect(place, isolation_level=None if autocommit else "DEFERRED")
    database = Database.at(make_url(place))
    connection = database.server.connect(database.name, OWNER)
    connection.autocommit = autocommit
    return connection


def contents(connection: Plain) -> dict[str, list[tuple[Any, ...]]]:
    """Read every row of every table."""
    return {
        name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in t.metadata.tables
    }


def assert_refused(connection: Plain, statement: str, told: str = "timix: ") -> None:
    """Try a statement in an open transaction: the database refuses it, and nothing has changed."""
    connection.execute("SAVEPOINT attack")
    before = contents(connection)
    with pytest.raises(REFUSED, match=told):
        connection.execute(statement)
    connection.execute("ROLLBACK TO SAVEPOINT attack")
    assert contents(connection) == before


def unguard(connection: Plain) -> None:
    """Take every guard of a store away."""
    for statement in _gone(connection):
        connection.execute(statement)


def _gone(connection: Plain) -> list[str]:
    if isinstance(connection, sqlite3.Connection):
        found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return [f'DROP TRIGGER "{name}"' for (name,) in found.fetchall()]
    found = connection.execute(
        "SELECT tgname, tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal"
    )
    return [f'DROP TRIGGER "{name}" ON {table}' for name, table in found.fetchall()]


def uncheck(connection: Plain) -> None:
    """Let references and checks go; in a file, those of this connection."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA ignore_check_constraints = ON")
        return
    found = connection.execute(
        "SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype IN ('c', 'f')"
        " AND connamespace = 'public'::regnamespace"
    )
    for table, name in found.fetchall():
        connection.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')


def _whole(value: Any) -> Any:
    """Return a sum of whole numbers as a whole number, which PostgreSQL makes a decimal of."""
    return int(value) if isinstance(value, Decimal) else value


def a_full_year(shop: Shop) -> None:
    """Fill a store: an issued, a sent and paid, a voided invoice; orders, a location, materials."""

    shop.add("locations", customer="ACME", code="NORTH", name="North plant", city="York")
    shop.task("N", location="NORTH")
    shop.add("items", code="CAM", name="Camera", unit="pcs")
    shop.add("item_prices", item="CAM", position=0, price=D("49.90"))
    shop.order("FO-H", "100", po_number="PO-1", title="Hours")
    shop.order("FO-M", "9000", unit="EUR", overrun="warn")
    shop.customer("BETA")
    shop.time("B1", "B2", project="P-BETA")
    shop.time("A1", "A2", "A3", hours="7.5", on="2026-01-10")
    shop.time("A4", task="N", hours="2", person="ben", on="2026-01-11")
    shop.material("A5", item="CAM", units="2")
    decide(shop.store, "ACME", {"A3": Choice(Decision.DEFER, "later")}, actor=ANN)
    first = shop.issue(frame_order="FO-H", request="r1")
    shop.issue("BETA")
    send(shop.store, "INV-2026-00003", actor=ANN)
    pay(shop.store, "INV-2026-00003", D("50"), day("2026-02-01"), actor=ANN, reference="bank 1")
    void(shop.store, first.numbers[0], "wrong order", actor=BOB)
    shop.time("A6", hours="3", on="2026-01-20")
    decide(shop.store, "ACME", {"A6": Choice(Decision.WRITE_OFF, "goodwill")}, actor=BOB)
    shop.issue(frame_order="FO-M", request="r2")
