"""Eight at once, each doing everything that an office does: the books are whole, and all get on."""

import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, insert
from sqlalchemy.exc import DatabaseError

from tests.builders import ANN, BILLING_DATE, Shop, furnish
from tests.faults.crowd.acts import ACTS
from tests.faults.crowd.inspection import inspect
from tests.faults.crowd.office import Where, column, furnished
from tests.faults.crowd.parent import working
from timix_xl.billing.draft import issue_draft, save_draft
from timix_xl.billing.plan import RunOptions
from timix_xl.billing.utilization import utilization
from timix_xl.billing.void import void
from timix_xl.domain import faults
from timix_xl.errors import RunRefused
from timix_xl.store import tables as t
from timix_xl.store.database import Store, make_store, open_store

pytest_plugins = ["tests.faults.crowd.places"]
SEED = 20260202
LONGEST = 300.0
"""Seconds in which each verb is done at least once; that takes ten, where nothing else runs."""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork server")
def test_eight_do_everything_at_once_and_the_books_are_whole(where: Where, tmp_path: Path) -> None:
    store = furnished(where).store
    store.close()
    with working(where, tmp_path, SEED) as crowd:
        crowd.work_for(LONGEST, until=lambda done: done.keys() >= ACTS.keys())
    noted = crowd.noted()
    print(noted.report())
    inspect(store, noted, crowd.place.today)
    store.close()
    assert noted.done.keys() == ACTS.keys()
    assert all(each.told for each in noted.notes)


ROUNDS = 3


def two_drafts(where: Where) -> Shop:
    """Make a store with two drafts of six hours each, on an order that has ten."""
    store, _ = make_store(where.store)
    shop = Shop(store)
    furnish(shop)
    shop.order("FO", "10")
    for entry in ("E1", "E2"):
        shop.time(entry, hours="6")
        save_draft(store, "ACME", BILLING_DATE, RunOptions(frame_order="FO"), actor=ANN)
    return shop


def at_once(where: Where, *acts: Callable[[Store], str]) -> list[str]:
    """Do some things at the same moment, each through a store of its own; tell what each said."""
    ready = threading.Barrier(len(acts))

    def run(act: Callable[[Store], str]) -> str:
        store = open_store(where.store)
        ready.wait()
        try:
            return act(store)
        finally:
            store.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def issuing(name: str) -> Callable[[Store], str]:
    """Issue a draft; say its number, or the code that refuses it."""

    def act(store: Store) -> str:
        try:
            return issue_draft(store, name, actor=ANN).number
        except RunRefused as refusal:
            return refusal.faults[0].code

    return act


@pytest.mark.bad_input("C04")
def test_of_two_invoices_that_together_exceed_an_order_one_is_issued(where: Where) -> None:
    shop = two_drafts(where)
    names = ["DRAFT-1", "DRAFT-2"]
    for at in range(1, ROUNDS + 1):
        number = f"INV-2026-{at:05d}"
        said = at_once(where, *map(issuing, names))
        assert sorted(said) == [faults.ORDER_EXCEEDED.code, number]
        (order,) = utilization(shop.store)
        assert (order.billed, order.remaining) == (6, 4)
        void(shop.store, number, "once more", actor=ANN)
        save_draft(shop.store, "ACME", BILLING_DATE, RunOptions(frame_order="FO"), actor=ANN)
        query = "SELECT id FROM documents WHERE status = 'draft' ORDER BY id"
        names = [f"DRAFT-{one}" for one in column(shop.store, query)]
    assert shop.problems() == ()
    shop.store.close()


@pytest.mark.bad_input("C04")
def test_a_program_that_checks_nothing_cannot_exceed_an_order_beside_another(where: Where) -> None:
    shop = two_drafts(where)
    with ThreadPoolExecutor(1) as beside, any_tool(shop.store).begin() as first:
        draw(first, 1)
        second = beside.submit(at_once, where, drawing(2))
        time.sleep(0.3)
        assert not second.done(), "the second waits for the first"
        first.commit()
        assert "the frame order would be overdrawn" in second.result()[0]
    assert drawn(shop.store) == 60_000
    shop.store.close()


@pytest.mark.bad_input("C04")
@pytest.mark.parametrize("where", ["postgresql"], indirect=True)
@pytest.mark.parametrize("isolation", ["REPEATABLE READ", "SERIALIZABLE"])
def test_nor_can_two_that_do_not_see_each_other(where: Where, isolation: str) -> None:
    shop = two_drafts(where)
    said = at_once(where, drawing(1, isolation), drawing(2, isolation))
    assert said.count("written") <= 1
    assert drawn(shop.store) <= 60_000
    shop.store.close()


def drawing(document: int, isolation: str = "") -> Callable[[Store], str]:
    """Write a draw-down in a program of its own; say what the database says to it."""

    def act(store: Store) -> str:
        try:
            with any_tool(store, isolation).begin() as connection:
                draw(connection, document)
        except DatabaseError as error:
            return str(error)
        return "written"

    return act


def any_tool(store: Store, isolation: str = "") -> Engine:
    """Return an engine that begins as tools do if nobody tells them otherwise."""
    level = {} if store.file else {"isolation_level": isolation or "READ COMMITTED"}
    return store.engine.execution_options(**level)


def draw(connection: Connection, document: int) -> None:
    """Write the draw-down of a draft's six hours, past every check of ours."""
    row = {"id": document, "document": document, "frame_order": "FO", "date": BILLING_DATE}
    connection.execute(insert(t.draw_downs), [row | {"drawn": 60_000}])


def drawn(store: Store) -> int:
    """Return what the draw-downs come to."""
    return int(column(store, "SELECT COALESCE(SUM(drawn), 0) FROM draw_downs")[0])
