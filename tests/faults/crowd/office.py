"""The office in which the crowd works: customers with frame orders, and projects by pro forma."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from tests.builders import ANN, Shop, entry_row, furnish
from timix_xl.billing.bill import bill
from timix_xl.billing.decide import Choice, decide
from timix_xl.billing.draft import save_draft
from timix_xl.billing.issue import issue
from timix_xl.billing.plan import RunOptions
from timix_xl.billing.pro_forma import open_
from timix_xl.domain.entries import Decision
from timix_xl.store import sqlite
from timix_xl.store.database import Store, make_store

BEGIN = dt.date(2026, 2, 1)
"""The day on which the crowd comes in: January can be closed from the start."""
CUSTOMERS = ("ACME", "BETA", "GAMMA")
PROJECTS = {"ACME": "P", "BETA": "P-BETA", "GAMMA": "P-GAMMA"}
BY_PRO_FORMA = ("Q1", "Q2")
"""Projects of ACME that are billed by pro forma."""
BLOCKED = "20"
"""Hours: so few that the crowd is always near the end of them."""
WORK = 12
"""Entries of each project that are there from the start, two days apart."""
SOME = dt.date(2026, 1, 12)
"""Up to this day some of it is billed before the crowd comes in: there is work for every verb."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where a store is, and how SQLite is to keep what it has begun, if not as it does here."""

    store: str
    """A path, or the URL of a database."""
    journal: str = ""

    def set_up(self) -> None:
        """Let this program keep the store so."""
        if self.journal:
            sqlite.journal_mode = lambda _: self.journal


def furnished(where: Where) -> Shop:
    """Make the store and furnish the office."""
    store, is_new = make_store(where.store)
    assert is_new, where
    shop = Shop(store)
    furnish(shop)
    for code in CUSTOMERS[1:]:
        shop.customer(code)
    for code in BY_PRO_FORMA:
        shop.project(code, pro_forma=True)
    for code in CUSTOMERS:
        shop.order(f"{code}-H", BLOCKED, customer=code)
        shop.order(f"{code}-M", "1500", unit="EUR", customer=code)
        shop.order(f"{code}-W", "9000", unit="EUR", customer=code, overrun="warn")
    shop.add("entries", *_work())
    _opened(shop)
    return shop


def _work() -> Iterator[dict[str, Any]]:
    for project in (*PROJECTS.values(), *BY_PRO_FORMA):
        for at in range(WORK):
            day = f"2026-01-{2 + 2 * at:02d}"
            yield entry_row(id=f"{project}:{at}", project=project, hours=f"{1 + at % 3}.25", on=day)


def _opened(shop: Shop) -> None:
    """Bill some of the work: an invoice, a draft, two pro formas, something written off."""
    when: dict[str, Any] = {"actor": ANN}
    off = {"P:5": Choice(Decision.WRITE_OFF, "goodwill")}
    decide(shop.store, "ACME", off, **when)
    issue(shop.store, "ACME", SOME, RunOptions(frame_order="ACME-H"), **when)
    issue(shop.store, "BETA", SOME, RunOptions(frame_order=""), **when)
    save_draft(shop.store, "GAMMA", SOME, RunOptions(frame_order=""), **when)
    for project in BY_PRO_FORMA:
        (run,) = bill(shop.store, project, date=SOME, **when)
    assert run.issued
    open_(shop.store, run.issued.numbers[0], **when)


def rows(store: Store, query: str, **values: Any) -> list[tuple[Any, ...]]:
    """Read with plain SQL, of either database."""
    with store.reading() as connection:
        return [tuple(row) for row in connection.execute(text(query), values)]


def column(store: Store, query: str, **values: Any) -> list[Any]:
    """Read one column with plain SQL."""
    return [row[0] for row in rows(store, query, **values)]
