"""What functions keep of a store holds until somebody changes it, and not a call longer."""

import datetime as dt
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from tests.builders import Shop, Template, copy_of
from tests.functions.conftest import TODAY
from timix_xl import functions as xl
from timix_xl import settings
from timix_xl.errors import StoreError
from timix_xl.store import kept, reading, sqlite
from timix_xl.store.kept import Look
from timix_xl.store.refusals import (
    StoreNewer,
    StoreNotThere,
    StoreOnlyRead,
    StoreUnwritable,
)
from timix_xl.udf import declaring
from timix_xl.udf.declaring import STORE

ROOT = Path(__file__).parents[2]
LOCK = """
import sqlite3, sys
one = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)
one.execute("BEGIN EXCLUSIVE"); one.execute("COMMIT"); print("taken")
"""
STOPPED = """
# What does not fit into the memory that it may use is written before the commit.
import os, sqlite3, sys
one = sqlite3.connect(sys.argv[1], isolation_level=None)
one.execute("PRAGMA cache_size = 5"); one.execute("PRAGMA cache_spill = 5")
one.execute("BEGIN IMMEDIATE"); one.execute("UPDATE frame_orders SET total = 990000")
one.execute("CREATE TABLE more AS SELECT * FROM entries, (SELECT 1 UNION ALL SELECT 2)")
os._exit(9)
"""


def test_a_change_is_seen_by_the_next_call(cells: Shop) -> None:
    cells.time("E1", hours="2")
    before = xl.TIMIX_UNBILLED_HOURS("ACME")
    cells.time("E2", hours="3")

    assert (before, xl.TIMIX_UNBILLED_HOURS("ACME")) == (2.0, 5.0)


def test_a_change_by_another_process_is_seen_by_the_next_call(cells: Shop) -> None:
    cells.order("FO", "10")
    before = xl.TIMIX_PO_TOTAL("FO")
    program = (
        "import sys; from tests.builders import plain; one = plain(sys.argv[1]);"
        " one.execute('UPDATE frame_orders SET total = 200000'); one.close()"
    )
    subprocess.run([sys.executable, "-c", program, cells.path], cwd=ROOT, check=True)

    assert (before, xl.TIMIX_PO_TOTAL("FO")) == (10.0, 20.0)


@pytest.mark.stores("sqlite")
@pytest.mark.parametrize("put", [os.replace, shutil.copyfile])
def test_another_file_in_the_place_of_the_store_is_read(
    put: Callable[..., object], cells: Shop, template: Template, tmp_path: Path
) -> None:
    before = xl.TIMIX_PO_TOTAL("FO")
    restored = copy_of(template, tmp_path, "backup.db")
    restored.order("FO", "30")
    restored.store.close()
    put(restored.path, cells.path)

    assert (before, xl.TIMIX_PO_TOTAL("FO")) == ("#N/A", 30.0)


@pytest.mark.stores("sqlite")
def test_a_copy_with_as_many_changes_as_the_store_is_read_again(
    cells: Shop, template: Template, tmp_path: Path
) -> None:
    """SQLite counts changes, and both have had one since they were the same."""
    cells.store.close()
    shutil.copyfile(cells.path, tmp_path / "backup.db")
    cells.order("FO", "10")
    cells.store.close()
    before = xl.TIMIX_PO_TOTAL("FO")
    shutil.copyfile(tmp_path / "backup.db", cells.path)
    cells.order("FO", "30")
    cells.store.close()

    assert (before, xl.TIMIX_PO_TOTAL("FO")) == (10.0, 30.0)


@pytest.mark.stores("sqlite")
def test_a_store_that_has_gone_stops_the_call(cells: Shop) -> None:
    xl.TIMIX_OUTSTANDING("ACME")
    Path(cells.path).unlink()

    with pytest.raises(StoreNotThere):
        xl.TIMIX_OUTSTANDING("ACME")


@pytest.fixture
def stopped(cells: Shop) -> Shop:
    """A store in whose frame order a program was stopped while it wrote."""
    cells.order("FO", "10")
    cells.many(2000)
    cells.store.close()
    xl.TIMIX_PO_TOTAL("FO")
    subprocess.run([sys.executable, "-c", STOPPED, cells.path], check=False)
    assert Path(f"{cells.path}-journal").stat().st_size
    return cells


@pytest.mark.stores("sqlite")
def test_what_a_stopped_program_had_begun_to_write_is_undone(stopped: Shop) -> None:
    assert xl.TIMIX_PO_TOTAL("FO") == 10.0


@pytest.mark.stores("sqlite")
def test_what_was_begun_before_the_store_is_opened_is_undone_too(stopped: Shop) -> None:
    STORE.close()

    assert xl.TIMIX_PO_TOTAL("FO") == 10.0


@pytest.mark.stores("sqlite")
def test_a_program_that_is_stopped_during_a_call_does_not_stop_it(cells: Shop) -> None:
    cells.order("FO", "10")
    cells.many(2000)
    cells.store.close()
    stopping = iter([[sys.executable, "-c", STOPPED, cells.path]])

    def question(look: Look) -> Any:
        look.at(reading.customer_codes)
        for one in stopping:
            subprocess.run(one, check=False)
        return look.at(reading.frame_orders)[0].total

    assert STORE.ask(cells.path, TODAY, question) == 10


def test_a_copy_is_let_go_at_the_end_of_a_call(cells: Shop) -> None:
    copies: list[Connection] = []

    STORE.ask(cells.path, TODAY, lambda look: look.apart(copies.append))

    assert [one.closed for one in copies] == [True]


@pytest.mark.stores("sqlite")
def test_a_copy_that_cannot_be_made_is_told_and_the_next_call_goes_on(
    cells: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_copy(_: Any) -> Any:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(sqlite, "a_copy", no_copy)
    with pytest.raises(StoreError, match="disk I/O error"):
        xl.TIMIX_UNBILLED_HOURS("ACME")
    monkeypatch.undo()

    assert STORE.ask(cells.path, TODAY, lambda look: look.apart(reading.customer_codes)) == {"ACME"}


def test_a_copy_that_cannot_be_made_is_closed() -> None:
    class Full:
        connection = property(lambda self: self)
        driver_connection = property(lambda self: self)

        def backup(self, to: sqlite3.Connection) -> None:
            self.to = to
            raise MemoryError

    full: Any = Full()
    with pytest.raises(MemoryError), sqlite.a_copy(full):
        pass

    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        full.to.execute("SELECT 1")


def test_of_days_that_are_asked_about_only_some_are_kept(cells: Shop) -> None:
    cells.time("E1", hours="2", on="2026-01-05")
    days = [TODAY - dt.timedelta(days=at) for at in range(2 * kept.MOST)]

    rows = [len(xl.TIMIX_ENTRIES("ACME", one)) for one in days]

    assert set(rows) == {1, 2}
    assert len(STORE._kept) == kept.MOST


def test_on_a_new_day_nothing_is_kept_of_the_one_before(
    cells: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    xl.TIMIX_UNBILLED_HOURS("ACME")
    xl.TIMIX_PO_TOTAL("FO")
    monkeypatch.setattr(declaring, "_today", lambda: TODAY + dt.timedelta(days=1))
    xl.TIMIX_PO_TOTAL("FO")

    assert len(STORE._kept) == 1


def test_settings_are_read_again_when_their_file_has_changed(
    cells: Shop, template: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TIMIX_STORE")
    monkeypatch.setattr(declaring, "settings_file", lambda: tmp_path / "settings.toml")
    monkeypatch.setattr(settings, "settings_file", lambda: tmp_path / "settings.toml")
    other = copy_of(template, tmp_path, "other.db")
    cells.order("FO", "10")
    other.order("FO", "30")
    found = []
    for place in (cells.path, other.path):
        (tmp_path / "settings.toml").write_text(f'store = "{place}"  # of {place}\n')
        found.append(xl.TIMIX_PO_TOTAL("FO"))

    assert found == [10.0, 30.0]


def test_settings_that_have_not_changed_are_not_read_again(
    cells: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    xl.TIMIX_PO_TOTAL("FO")

    def read() -> Any:
        raise AssertionError("read again")

    monkeypatch.setattr(declaring, "Settings", read)

    assert xl.TIMIX_PO_TOTAL("FO") == "#N/A"


def test_another_store_in_the_settings_is_read(
    cells: Shop, template: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells.order("FO", "10")
    before = xl.TIMIX_PO_TOTAL("FO")
    other = copy_of(template, tmp_path, "other.db")
    other.order("FO", "30")
    monkeypatch.setenv("TIMIX_STORE", other.path)

    assert (before, xl.TIMIX_PO_TOTAL("FO")) == (10.0, 30.0)


def test_a_store_that_was_migrated_meanwhile_is_checked_again(cells: Shop) -> None:
    xl.TIMIX_OUTSTANDING("ACME")
    cells.say(
        "CREATE TABLE novelties (id INTEGER)",
        "UPDATE alembic_version SET version_num = 'v9999'",
    )

    with pytest.raises(StoreNewer):
        xl.TIMIX_OUTSTANDING("ACME")


def test_tables_made_anew_by_this_version_are_read_on(cells: Shop) -> None:
    cells.order("FO", "10")
    xl.TIMIX_PO_TOTAL("FO")
    cells.say("CREATE TABLE notes_of_somebody (id INTEGER)")

    assert xl.TIMIX_PO_TOTAL("FO") == 10.0


def test_a_new_day_makes_an_invoice_overdue(cells: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    cells.time("E1")
    number = cells.issue().numbers[0]
    before = xl.TIMIX_INVOICE_STATUS(number)
    monkeypatch.setattr(declaring, "_today", lambda: TODAY.replace(month=6))

    assert (before, xl.TIMIX_INVOICE_STATUS(number)) == ("Issued", "Overdue")


@pytest.mark.stores("sqlite")
def test_no_transaction_is_open_between_two_calls(cells: Shop) -> None:
    cells.order("FO", "10")
    xl.TIMIX_PO_TOTAL("FO")
    xl.TIMIX_UNBILLED_HOURS("ACME")
    locked = [sys.executable, "-c", LOCK, cells.path]

    assert subprocess.run(locked, capture_output=True, text=True, check=True).stdout == "taken\n"


@pytest.mark.stores("sqlite")
def test_nobody_waits_while_entries_are_priced(cells: Shop) -> None:
    locked = [sys.executable, "-c", LOCK, cells.path]

    def price(_: Any) -> str:
        return subprocess.run(locked, capture_output=True, text=True, check=True).stdout

    assert STORE.ask(cells.path, TODAY, lambda look: look.apart(price)) == "taken\n"


def test_what_is_read_later_in_a_call_is_of_the_same_state(cells: Shop) -> None:
    """Somebody adds a customer between the first thing that is read and the second."""
    told = []

    def question(look: Look) -> list[list[str]]:
        first = sorted(look.at(reading.customer_codes))
        if not told:
            cells.customer("BETA")
        told.append(first)
        return [first, sorted(look.at(reading.customer_names)), sorted(look.apart(codes))]

    def codes(connection: Connection) -> set[str]:
        return reading.customer_codes(connection)

    found = STORE.ask(cells.path, TODAY, question)

    assert found == [["ACME", "BETA"]] * 3
    assert told == [["ACME"], ["ACME", "BETA"]]


def test_a_call_comes_to_an_end_however_often_somebody_commits(cells: Shop) -> None:
    cells.order("FO", "10")
    hours = iter(range(20, 100))

    def question(look: Look) -> list[Any]:
        found = []
        for read in (reading.customer_codes, reading.customer_names, reading.frame_orders):
            cells.change("frame_orders", {"number": "FO"}, total=next(hours) * 10_000)
            found.append(look.at(read))
        return found

    (order,) = STORE.ask(cells.path, TODAY, question)[-1]

    # Of the copy that was made for the second try: after its first change, before the others.
    assert order.total == 20


def test_functions_cannot_write(cells: Shop) -> None:
    def write(connection: Connection) -> None:
        connection.exec_driver_sql("UPDATE customers SET name = 'mine'")

    with pytest.raises((StoreUnwritable, StoreOnlyRead)):
        STORE.ask(cells.path, TODAY, lambda look: look.at(write))


def test_a_call_that_was_stopped_leaves_nothing_behind(cells: Shop) -> None:
    cells.order("FO", "10")

    def stop(*_: Any) -> Any:
        raise KeyError("stop")

    with pytest.raises(KeyError):
        STORE.ask(cells.path, TODAY, lambda look: look.at(stop))

    assert xl.TIMIX_PO_TOTAL("FO") == 10.0
