"""Opening a store: where it may lie, what it must be, and who waits for whom.

On SQLite, unless it is said.
"""

import gc
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, insert, inspect, text

from tests.builders import Shop
from timix_xl.store import refusals, sqlite
from timix_xl.store import tables as t
from timix_xl.store.database import make_store, open_store, store_id
from timix_xl.store.locations import unsafe_place

pytestmark = pytest.mark.stores("sqlite")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a lock 50 ms only."""
    short = tuple(
        "PRAGMA busy_timeout = 50" if "busy_timeout" in one else one for one in sqlite._PRAGMAS
    )
    monkeypatch.setattr(sqlite, "_PRAGMAS", short)


@pytest.fixture
def plain(shop: Shop) -> Iterator[sqlite3.Connection]:
    """Another program's connection on the same file."""
    with closing(sqlite3.connect(shop.path, isolation_level=None)) as connection:
        yield connection


@pytest.mark.stores("sqlite", "postgresql")
def test_the_migrations_make_exactly_the_tables(shop: Shop) -> None:
    with shop.store.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, t.metadata) == []


def test_the_migrations_make_every_constraint_and_index_of_the_tables(shop: Shop) -> None:
    # compare_metadata does not look at CHECK constraints.
    engine = create_engine("sqlite://")
    t.metadata.create_all(engine)
    assert constraints(shop.store.engine) == constraints(engine)
    engine.dispose()


def constraints(engine: Engine) -> dict[str, dict[str, list[str]]]:
    looked = inspect(engine)
    kinds = {
        "checks": looked.get_check_constraints,
        "references": looked.get_foreign_keys,
        "unique": looked.get_unique_constraints,
        "indexes": looked.get_indexes,
        "columns": looked.get_columns,
    }
    return {
        table: {name: sorted(map(facts, find(table))) for name, find in kinds.items()}
        for table in looked.get_table_names()
        if table != "alembic_version"
    }


def facts(found: Mapping[str, Any]) -> str:
    # SQLite does not tell the name of a reference that a column was added with.
    unnamed = "referred_table" in found
    return str(
        sorted((name, str(value)) for name, value in found.items() if not unnamed or name != "name")
    )


def test_every_guard_is_in_a_new_store(shop: Shop) -> None:
    wanted = {sql.split()[2] for sql in sqlite.guards()}
    found = {row[0] for row in shop.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    assert found == wanted


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("busy_timeout", 30_000),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("recursive_triggers", 1),
        ("trusted_schema", 0),
    ],
)
def test_each_connection_is_set_up(shop: Shop, pragma: str, value: object) -> None:
    store = open_store(shop.path)
    with store.reading() as connection:
        assert connection.execute(text(f"PRAGMA {pragma}")).scalar_one() == value
    store.close()


@pytest.mark.bad_input("S06")
@pytest.mark.parametrize(
    ("version", "journal"),
    [
        ((3, 40, 1), "DELETE"),
        ((3, 51, 2), "DELETE"),
        ((3, 51, 3), "WAL"),
        ((3, 52, 0), "DELETE"),
        ((3, 53, 1), "WAL"),
        ((4, 0, 0), "WAL"),
    ],
)
def test_a_write_ahead_log_is_kept_by_versions_that_do_not_lose_it(
    version: tuple[int, int, int], journal: str
) -> None:
    assert sqlite.journal_mode(version) == journal


def test_a_store_keeps_what_it_has_begun_as_its_sqlite_can(shop: Shop) -> None:
    kept = sqlite.journal_mode(sqlite3.sqlite_version_info).lower()
    with shop.store.reading() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == kept


@pytest.mark.parametrize(("before", "after"), [("DELETE", "WAL"), ("WAL", "DELETE")])
def test_a_store_that_another_sqlite_had_open_goes_on(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, before: str, after: str
) -> None:
    shop.store.close()
    for journal in (before, after):
        monkeypatch.setattr(sqlite, "journal_mode", lambda _, journal=journal: journal)
        store = open_store(shop.path)
        with store.writing() as connection:
            connection.execute(insert(t.vendors).values(code=journal, name="Vendor"))
            assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == journal.lower()
        store.close()
    assert shop.rows("SELECT code FROM vendors ORDER BY code") == [("DELETE",), ("WAL",)]


@pytest.mark.stores("sqlite")
def test_a_store_that_a_newer_sqlite_has_open_is_not_damaged_by_an_older_one(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "journal_mode", lambda _: "WAL")
    newer = open_store(shop.path)
    with newer.reading() as connection:
        connection.execute(text("SELECT * FROM meta")).all()
        monkeypatch.setattr(sqlite, "journal_mode", lambda _: "DELETE")
        with pytest.raises(refusals.StoreInNewerHands):
            open_store(shop.path)
    newer.close()
    shop.store.close()
    open_store(shop.path).close()


def test_a_store_is_made_where_there_is_none(tmp_path: Path) -> None:
    store, is_new = make_store(str(tmp_path / "books" / "timix.db"))
    store.close()
    assert is_new


@pytest.mark.stores("sqlite", "postgresql")
def test_making_a_store_twice_opens_the_first(tmp_path: Path, shop: Shop) -> None:
    store, is_new = make_store(shop.path)
    store.close()
    assert not is_new


def test_two_stores_have_two_identities(tmp_path: Path) -> None:
    identities = set()
    for name in ("a.db", "b.db"):
        store, _ = make_store(str(tmp_path / name))
        with store.reading() as connection:
            identities.add(store_id(connection))
        store.close()
    assert len(identities) == 2


def test_a_store_that_is_not_there_is_not_made_by_opening_it(tmp_path: Path) -> None:
    with pytest.raises(refusals.StoreNotThere):
        open_store(str(tmp_path / "timix.db"))
    assert not (tmp_path / "timix.db").exists()


def test_a_sqlite_url_is_taken_too(shop: Shop) -> None:
    store = open_store(f"sqlite:///{shop.path}")
    store.close()
    assert store.place == shop.path


def test_a_url_of_another_database_is_refused_without_its_password() -> None:
    with pytest.raises(refusals.StoreKindUnknown) as refused:
        open_store("mysql://timix:secret@host/db")
    assert "secret" not in str(refused.value)


@pytest.mark.stores("sqlite", "postgresql")
def test_a_store_of_a_newer_version_is_refused(shop: Shop) -> None:
    shop.store.close()
    shop.say("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(refusals.StoreNewer):
        open_store(shop.path)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "timix.db").write_text("not a store\n" * 100)
    with pytest.raises(refusals.StoreDamaged):
        open_store(str(tmp_path / "timix.db"))


def test_a_database_of_something_else_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("CREATE TABLE music (title TEXT)")
    with pytest.raises(refusals.StoreDamaged, match="no timix-xl tables"):
        open_store(str(tmp_path / "other.db"))


def test_a_database_of_something_else_is_not_written_to(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("CREATE TABLE music (title TEXT)")
    before = (tmp_path / "other.db").read_bytes()
    with pytest.raises(refusals.StoreDamaged):
        make_store(str(tmp_path / "other.db"))
    assert (tmp_path / "other.db").read_bytes() == before


def test_a_store_with_a_broken_page_is_told_as_damaged(shop: Shop, tmp_path: Path) -> None:
    shop.store.close()
    whole = Path(shop.path).read_bytes()
    broken = tmp_path / "broken.db"
    broken.write_bytes(whole[:100] + b"\xff" * 4000 + whole[4100:])
    with pytest.raises(refusals.StoreDamaged):
        open_store(str(broken))


@pytest.mark.bad_input("S05")
@pytest.mark.parametrize(
    "folder",
    ["OneDrive", "OneDrive - Contoso", "Dropbox", "Google Drive", "Nextcloud", "iCloud Drive"],
)
def test_a_synced_folder_is_refused(tmp_path: Path, folder: str) -> None:
    with pytest.raises(refusals.StoreOnShare, match="synced folder"):
        make_store(str(tmp_path / folder / "books" / "timix.db"))


@pytest.mark.parametrize("place", ["//srv/share/timix.db", "sqlite://///srv/share/timix.db"])
def test_a_path_on_a_share_is_refused(place: str) -> None:
    with pytest.raises(refusals.StoreOnShare, match="network share"):
        open_store(place)


@pytest.mark.parametrize("opened", [open_store, make_store])
@pytest.mark.parametrize(
    ("place", "why"),
    [
        ("~nobody-of-this-name/timix.db", "home directory"),
        ("x" * 5_000, "too long"),
        ("a\0b.db", "null"),
    ],
)
def test_a_path_that_the_system_does_not_take_says_why(
    opened: Callable[[str], object], place: str, why: str
) -> None:
    with pytest.raises(refusals.StoreDamaged, match=why) as refused:
        opened(place)
    assert len(str(refused.value)) < 500


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="nothing tells which files are open")
@pytest.mark.parametrize("read_only", [True, False])
def test_a_store_that_is_refused_is_let_go(shop: Shop, read_only: bool) -> None:
    shop.store.close()
    with closing(sqlite3.connect(shop.path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    gc.disable()  # it would close the file in the end
    try:
        with pytest.raises(refusals.StoreNewer):
            open_store(shop.path, read_only=read_only)
        links = [one for one in Path("/proc/self/fd").iterdir() if one.is_symlink()]
        assert shop.path not in {os.path.realpath(one) for one in links}
    finally:
        gc.enable()


MOUNTS = """/dev/sda1 / ext4 rw 0 0
//srv/team /mnt/team cifs rw 0 0
srv:/x /mnt/my\\040share nfs4 rw 0 0
/dev/sdb1 /mnt/team/usb ext4 rw 0 0
"""


@pytest.mark.parametrize(
    ("place", "unsafe"),
    [
        ("/mnt/team/timix.db", True),
        ("/mnt/my share/books/timix.db", True),
        ("/mnt/team/usb/timix.db", False),
        ("/mnt/teamwork/timix.db", False),
        ("/home/ann/timix.db", False),
    ],
)
def test_a_mounted_share_is_known_by_its_file_system(
    monkeypatch: pytest.MonkeyPatch, place: str, *, unsafe: bool
) -> None:
    monkeypatch.setattr(Path, "read_text", lambda *_: MOUNTS)
    monkeypatch.setattr(Path, "exists", lambda _: True)
    monkeypatch.setattr(Path, "resolve", lambda path: path)
    assert (unsafe_place(Path(place)) is not None) is unsafe


def test_a_link_into_a_synced_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "Dropbox").mkdir()
    (tmp_path / "books").symlink_to(tmp_path / "Dropbox")
    assert unsafe_place(tmp_path / "books" / "timix.db") == "in the synced folder Dropbox"


@pytest.mark.parametrize(
    ("place", "lies"),
    [
        ("/Users/ann/Library/CloudStorage/Egnyte-firm/timix.db", "Egnyte-firm"),
        ("/home/ann/Firm cloud/books/timix.db", "Firm cloud"),
    ],
)
def test_a_folder_is_synced_by_where_it_lies(place: str, lies: str) -> None:
    environment = {"OneDriveCommercial": "/home/ann/Firm cloud", "OneDrive": ""}
    assert unsafe_place(Path(place), environment) == f"in the synced folder {lies}"


@pytest.mark.parametrize(
    "place",
    ["/home/megan/timix.db", "/srv/Dropboxer/timix.db", "/srv/icloudberry/timix.db", "/box/t.db"],
)
def test_a_name_that_only_begins_like_a_service_is_no_synced_folder(place: str) -> None:
    assert unsafe_place(Path(place), {}) is None


def test_a_mac_tells_what_is_mounted(monkeypatch: pytest.MonkeyPatch) -> None:
    told = "/dev/disk1s1 on / (apfs, local)\n//ann@srv/team on /Volumes/team (1) (smbfs, nodev)\n"
    answer = subprocess.CompletedProcess(["mount"], 0, stdout=told)
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: answer)
    monkeypatch.setattr(Path, "resolve", lambda path: path)
    assert unsafe_place(Path("/Volumes/team (1)/timix.db"), {}) == "on a network share"
    assert unsafe_place(Path("/Users/ann/timix.db"), {}) is None


def test_a_store_in_a_synced_folder_may_be_read(shop: Shop, tmp_path: Path) -> None:
    shop.store.close()
    synced = tmp_path / "Dropbox" / "timix.db"
    synced.parent.mkdir()
    shutil.copy(shop.path, synced)
    open_store(str(synced), read_only=True).close()


def test_whoever_says_so_may_keep_a_store_where_sqlite_loses_data(tmp_path: Path) -> None:
    place = str(tmp_path / "Dropbox" / "timix.db")
    store, is_new = make_store(place, anywhere=True)
    store.close()
    assert is_new
    open_store(place, anywhere=True).close()


def test_a_file_of_that_name_is_no_synced_folder(tmp_path: Path) -> None:
    assert unsafe_place(tmp_path / "Dropbox.db") is None


@pytest.mark.usefixtures("impatient")
def test_a_store_locked_by_another_program_says_so(shop: Shop, plain: sqlite3.Connection) -> None:
    plain.execute("BEGIN IMMEDIATE")
    store = open_store(shop.path)
    with pytest.raises(refusals.StoreBusy), store.writing():
        pass
    store.close()


@pytest.mark.bad_input("C05")
@pytest.mark.usefixtures("impatient", "rollback_journal")
def test_a_forgotten_reader_stops_the_commit_and_nothing_is_half_written(
    shop: Shop, plain: sqlite3.Connection
) -> None:
    store = open_store(shop.path)
    plain.execute("BEGIN")
    plain.execute("SELECT * FROM vendors").fetchall()
    with pytest.raises(refusals.StoreBusy), store.writing() as connection:
        connection.execute(insert(t.vendors).values(code="V", name="Vendor"))
    plain.execute("COMMIT")
    store.close()
    assert shop.rows("SELECT * FROM vendors") == []


def test_the_message_of_a_locked_store_says_whom_to_close() -> None:
    assert "Excel functions or database viewers" in str(refusals.StoreBusy(place="x"))


@pytest.mark.stores("sqlite", "postgresql")
def test_one_may_read_while_another_writes(shop: Shop) -> None:
    with shop.store.writing() as connection:
        connection.execute(insert(t.vendors).values(code="V", name="Vendor"))
        assert shop.load().rows == ()


@pytest.mark.stores("sqlite", "postgresql")
def test_what_is_not_committed_is_not_seen(shop: Shop) -> None:
    with shop.store.writing() as writer, shop.store.reading() as reader:
        writer.execute(insert(t.vendors).values(code="V", name="Vendor"))
        assert reader.execute(text("SELECT count(*) FROM vendors")).scalar_one() == 0
        reader.rollback()


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)
def test_a_store_that_may_not_be_written_says_so(shop: Shop) -> None:
    Path(shop.path).chmod(0o400)
    with pytest.raises(refusals.StoreUnwritable):
        shop.time("E1")


@pytest.mark.usefixtures("impatient")
def test_a_full_disk_is_told_and_nothing_is_written(shop: Shop) -> None:
    with pytest.raises(refusals.StoreUnwritable, match="full"), shop.store.writing() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
        connection.execute(insert(t.blobs).values(sha256="1", content=b"x" * 1_000_000))
    assert shop.rows("SELECT * FROM blobs") == []


def test_a_copy_of_a_store_is_the_same_store(shop: Shop, tmp_path: Path) -> None:
    shop.store.close()
    shutil.copy(shop.path, tmp_path / "copy.db")
    copy = open_store(str(tmp_path / "copy.db"))
    with copy.reading() as one, shop.store.reading() as other:
        assert store_id(one) == store_id(other)
    copy.close()
