"""A store that is only read: nothing in it or beside it is written, no right to write is needed.

On SQLite, unless it is said.
"""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from tests.builders import Shop
from timix_xl.store import reading
from timix_xl.store import tables as t
from timix_xl.store.database import open_store
from timix_xl.store.refusals import (
    StoreDamaged,
    StoreHalfWritten,
    StoreNewer,
    StoreNotThere,
    StoreOlder,
    StoreOnlyRead,
    StoreUnwritable,
)

pytestmark = pytest.mark.stores("sqlite")


@pytest.mark.stores("sqlite", "postgresql")
def test_it_can_be_read(shop: Shop) -> None:
    store = open_store(shop.path, read_only=True)
    with store.reading() as connection:
        assert reading.customer_codes(connection) == {"ACME"}
    store.close()


@pytest.mark.stores("sqlite", "postgresql")
def test_it_refuses_to_write(shop: Shop) -> None:
    store = open_store(shop.path, read_only=True)
    with pytest.raises((StoreUnwritable, StoreOnlyRead)), store.writing() as connection:
        connection.execute(insert(t.people).values(code="eve", name="Eve"))
    store.close()


@pytest.mark.usefixtures("rollback_journal")
def test_reading_changes_no_byte_and_leaves_no_file(shop: Shop) -> None:
    shop.store.close()
    folder = Path(shop.path).parent
    before = {path: path.read_bytes() for path in folder.iterdir()}
    store = open_store(shop.path, read_only=True)
    with store.reading() as connection:
        reading.books(connection)
    store.close()
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_a_path_with_signs_of_an_address_is_found(shop: Shop, tmp_path: Path) -> None:
    shop.store.close()
    odd = tmp_path / "a b#c?d %20" / "timix.db"
    odd.parent.mkdir()
    Path(shop.path).rename(odd)
    open_store(str(odd), read_only=True).close()


def test_one_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreNotThere):
        open_store(str(tmp_path / "none.db"), read_only=True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.stores("sqlite", "postgresql")
@pytest.mark.parametrize(("revision", "refusal"), [("0001", StoreOlder), ("9999", StoreNewer)])
def test_one_of_another_version_is_refused_and_left_alone(
    shop: Shop, revision: str, refusal: type[Exception]
) -> None:
    shop.store.close()
    shop.say(f"UPDATE alembic_version SET version_num = '{revision}'")
    before = shop.contents()
    with pytest.raises(refusal):
        open_store(shop.path, read_only=True)
    assert shop.contents() == before
    assert shop.value("SELECT version_num FROM alembic_version") == revision


def test_a_file_that_is_no_store_is_named(tmp_path: Path) -> None:
    empty = tmp_path / "other.db"
    with closing(sqlite3.connect(empty)) as connection, connection:
        connection.execute("CREATE TABLE other (x)")
    with pytest.raises(StoreDamaged):
        open_store(str(empty), read_only=True)


def stop_a_writer(place: str) -> None:
    """Leave what a program had begun to write, and the journal by which it is undone."""
    program = (
        "import os, sqlite3, sys\n"
        "one = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "one.execute('PRAGMA cache_size = 1'); one.execute('PRAGMA cache_spill = 1')\n"
        "one.execute('BEGIN IMMEDIATE'); one.execute('UPDATE customers SET name = 1')\n"
        "one.execute('CREATE TABLE more (x)')\n"
        "one.executemany('INSERT INTO more VALUES (?)', [['x' * 4000]] * 50)\n"
        "os._exit(9)\n"
    )
    subprocess.run([sys.executable, "-c", program, place], check=False)
    assert Path(f"{place}-journal").stat().st_size


@pytest.mark.usefixtures("rollback_journal")
def test_what_a_stopped_program_had_begun_is_undone_first(shop: Shop) -> None:
    shop.store.close()
    stop_a_writer(shop.path)

    store = open_store(shop.path, read_only=True)

    with store.reading() as connection:
        assert reading.customer_names(connection) == {"ACME": "Acme Ltd"}
    store.close()
    assert not Path(f"{shop.path}-journal").exists()


@pytest.mark.usefixtures("rollback_journal")
def test_where_that_cannot_be_undone_it_is_said(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.store.close()
    stop_a_writer(shop.path)
    connect = sqlite3.connect

    def without_the_right_to_write(place: str, **more: Any) -> sqlite3.Connection:
        return connect(place.replace("mode=rw", "mode=ro"), **more)

    monkeypatch.setattr(sqlite3, "connect", without_the_right_to_write)
    with pytest.raises(StoreHalfWritten):
        open_store(shop.path, read_only=True)
