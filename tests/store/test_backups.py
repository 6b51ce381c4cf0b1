"""Backups: written while others work, verified before they come back, and nothing lost unsaid."""

import errno
import os
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from decimal import Decimal as D
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sqlalchemy import insert

from tests.builders import ANN, Shop
from timix_xl.billing.pay import pay
from timix_xl.billing.recover import Lost, Recovered, recover
from timix_xl.billing.refusals import BackupDoesNotHold, BackupLosesWork, BackupOfAnotherStore
from timix_xl.billing.verify import verify
from timix_xl.store import backups, refusals, sqlite
from timix_xl.store import tables as t
from timix_xl.store.copying import making
from timix_xl.store.database import make_store, open_store

pytestmark = pytest.mark.stores("sqlite")


@pytest.fixture(params=["DELETE", "WAL"])
def journal(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(sqlite, "journal_mode", lambda _: request.param)
    return str(request.param)


@pytest.fixture
def books(journal: str, shop: Shop) -> Iterator[Shop]:
    """A store with one invoice, in both ways of keeping what is begun."""
    shop.time("E1", "E2")
    shop.issue()
    yield shop
    shop.store.close()


def backed_up(books: Shop, tmp_path: Path) -> Path:
    backups.back_up(Path(books.path), tmp_path / "backup.db")
    return tmp_path / "backup.db"


def recovered(books: Shop, backup: Path, **options: bool) -> Recovered:
    return recover(books.path, backup, ANN, **options)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def numbers(books: Shop) -> list[str]:
    rows = books.rows("SELECT number FROM documents WHERE number IS NOT NULL ORDER BY number")
    return [number for (number,) in rows]


def test_a_backup_is_one_file_that_holds(books: Shop, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    backup = tmp_path / "kept" / "backup.db"
    size = backups.back_up(Path(books.path), backup)
    assert [path.name for path in backup.parent.iterdir()] == ["backup.db"]
    assert size == backup.stat().st_size
    store = open_store(str(backup))
    assert verify(store).ok
    store.close()


def test_a_backup_has_what_is_committed_while_somebody_writes(books: Shop, tmp_path: Path) -> None:
    with books.store.writing() as connection:
        connection.execute(insert(t.vendors).values(code="V", name="Vendor"))
        backup = backed_up(books, tmp_path)
    with closing(sqlite3.connect(backup)) as copy:
        assert copy.execute("SELECT count(*) FROM vendors").fetchone() == (0,)
        assert copy.execute("SELECT count(*) FROM claims").fetchone() == (2,)


def test_a_backup_is_never_written_over_a_file(books: Shop, tmp_path: Path) -> None:
    there = tmp_path / "backup.db"
    there.write_text("mine")
    with pytest.raises(refusals.BackupInTheWay):
        backups.back_up(Path(books.path), there)
    assert there.read_text() == "mine"


def test_where_a_backup_cannot_be_written_nothing_is_left(books: Shop, tmp_path: Path) -> None:
    with pytest.raises(refusals.StoreUnwritable):
        backups.back_up(Path(books.path), tmp_path / "no such folder" / "backup.db")


def test_a_backup_comes_back_verified_and_the_store_of_before_is_kept(
    books: Shop, tmp_path: Path
) -> None:
    backup = backed_up(books, tmp_path)
    books.time("E3")
    done = recovered(books, backup)
    assert (done.documents, done.lost, books.problems()) == (1, Lost(), ())
    assert books.rows("SELECT id FROM entries ORDER BY id") == [("E1",), ("E2",)]
    assert done.aside is not None
    aside = Shop(open_store(str(done.aside)))
    assert (aside.problems(), len(aside.rows("SELECT id FROM entries"))) == ((), 3)
    aside.store.close()
    assert books.value("SELECT action FROM audit_log ORDER BY id DESC LIMIT 1") == "restore backup"


def test_documents_that_were_issued_since_are_not_lost_unsaid(books: Shop, tmp_path: Path) -> None:
    backup = backed_up(books, tmp_path)
    books.time("E3")
    books.issue()
    with pytest.raises(BackupLosesWork, match=r"1 document whose .* again: INV-2026-00002"):
        recovered(books, backup)
    assert numbers(books) == ["INV-2026-00001", "INV-2026-00002"]
    assert recovered(books, backup, lose_work=True).lost.documents == ("INV-2026-00002",)
    assert (numbers(books), books.problems()) == (["INV-2026-00001"], ())


def test_a_document_of_the_same_number_with_another_seal_counts_as_lost(
    books: Shop, tmp_path: Path
) -> None:
    backup = backed_up(books, tmp_path)
    books.time("E3")
    books.issue()
    later = tmp_path / "later.db"
    backups.back_up(Path(books.path), later)
    recovered(books, backup, lose_work=True)
    books.time("E4")
    books.issue()
    with pytest.raises(BackupLosesWork, match="INV-2026-00002"):
        recovered(books, later)


def test_a_backup_with_a_changed_invoice_is_refused(books: Shop, tmp_path: Path) -> None:
    backup = backed_up(books, tmp_path)
    before = Path(books.path).read_bytes()
    with closing(sqlite3.connect(backup)) as connection, connection:
        connection.execute("DROP TRIGGER timix_documents_update")
        connection.execute("UPDATE documents SET total = total + 1")
    with pytest.raises(BackupDoesNotHold) as refused:
        recovered(books, backup)
    assert {"VERIFY-02", "VERIFY-05"} <= {one.code for one in refused.value.faults}
    assert Path(books.path).read_bytes() == before


def test_a_backup_of_other_books_is_refused(books: Shop, tmp_path: Path) -> None:
    other, _ = make_store(str(tmp_path / "other.db"))
    backups.back_up(tmp_path / "other.db", tmp_path / "backup.db")
    other.close()
    with pytest.raises((BackupOfAnotherStore, BackupLosesWork)):
        recovered(books, tmp_path / "backup.db")
    with pytest.raises(BackupOfAnotherStore):
        recovered(books, tmp_path / "backup.db", lose_work=True)


def test_what_is_no_backup_is_refused(books: Shop, tmp_path: Path) -> None:
    (tmp_path / "letter.db").write_text("Dear customer")
    with pytest.raises(refusals.BackupUnreadable):
        recovered(books, tmp_path / "letter.db")
    with pytest.raises(refusals.BackupNotThere):
        recovered(books, tmp_path / "gone.db")
    assert numbers(books) == ["INV-2026-00001"]


@pytest.mark.parametrize("damage", ["gone", "no database", "broken pages"])
def test_a_backup_comes_back_where_the_store_is_beyond_help(
    books: Shop, tmp_path: Path, damage: str
) -> None:
    backup = backed_up(books, tmp_path)
    books.store.close()
    path = Path(books.path)
    whole = path.read_bytes()
    path.unlink()
    if damage != "gone":
        broken = b"\xff" * 9_000
        path.write_bytes(broken if damage == "no database" else whole[:4_096] + broken)
    done = recovered(books, backup)
    assert (done.documents, books.problems()) == (1, ())
    assert (done.aside is None) is (damage == "gone")


def test_whoever_has_the_store_open_goes_on_with_the_backup(books: Shop, tmp_path: Path) -> None:
    backup = backed_up(books, tmp_path)
    books.time("E3")
    assert len(books.load().rows) == 1
    recovered(books, backup)
    assert books.load().rows == ()
    books.time("E4")
    books.issue()
    assert books.problems() == ()


def test_a_store_in_which_somebody_writes_is_not_written_over(
    books: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = backed_up(books, tmp_path)
    monkeypatch.setattr(backups, "_WAIT_SECONDS", 0.1)
    with closing(sqlite3.connect(books.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(refusals.StoreBusy):
            recovered(books, backup)
        other.execute("ROLLBACK")
    assert numbers(books) == ["INV-2026-00001"]


KILLED = """
import sys, datetime as dt
from pathlib import Path
from timix_xl.billing.recover import recover
from timix_xl.store import sqlite
from timix_xl.store.chained import Actor
sqlite.journal_mode = lambda _: sys.argv[3]
print("ready", flush=True)
recover(sys.argv[1], Path(sys.argv[2]), Actor("ann", dt.datetime(2026, 2, 1)))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_restore_that_is_killed_has_happened_whole_or_not_at_all(
    books: Shop, tmp_path: Path, journal: str
) -> None:
    backup = backed_up(books, tmp_path)
    books.time("E3")
    books.store.close()
    had = {(2,), (3,)}
    for at in range(8):
        command = [sys.executable, "-c", KILLED, books.path, str(backup), journal]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(0.04 * at)
            child.kill()
        assert set(books.rows("SELECT count(*) FROM entries")) <= had
        store = open_store(books.path)
        assert verify(store).ok
        store.close()


def test_what_was_noted_since_is_not_lost_unsaid(books: Shop, tmp_path: Path) -> None:
    backup = backed_up(books, tmp_path)
    notes = books.value("SELECT count(*) FROM audit_log")
    pay(books.store, "INV-2026-00001", D(1), ANN.today, actor=ANN)
    with pytest.raises(
        BackupLosesWork, match=r"since 2026-\S+ \S+, .*: 1 entry of the log, no doc"
    ):
        recovered(books, backup)
    assert books.value("SELECT count(*) FROM audit_log") == notes + 1
    done = recovered(books, backup, lose_work=True)
    assert (done.lost.documents, done.lost.notes) == ((), 1)


def test_a_backup_that_is_newer_than_the_store_loses_nothing(books: Shop, tmp_path: Path) -> None:
    backup, later = backed_up(books, tmp_path), tmp_path / "later.db"
    books.time("E3")
    books.issue()
    backups.back_up(Path(books.path), later)
    recovered(books, backup, lose_work=True)
    done = recovered(books, later)
    assert (done.documents, done.lost, books.problems()) == (2, Lost(), ())


def test_two_stores_put_aside_in_one_second_are_both_kept(books: Shop, tmp_path: Path) -> None:
    backup = backed_up(books, tmp_path)
    first, second = (recovered(books, backup).aside for _ in range(2))
    assert first != second
    assert all(one and one.exists() for one in (first, second))


def test_a_store_of_a_newer_version_is_not_written_over(books: Shop, tmp_path: Path) -> None:
    backup = backed_up(books, tmp_path)
    books.say("UPDATE alembic_version SET version_num = '0099'")
    with pytest.raises(refusals.StoreNewer):
        recovered(books, backup, lose_work=True)
    assert books.value("SELECT version_num FROM alembic_version") == "0099"


def test_a_backup_of_a_newer_version_is_named(books: Shop, tmp_path: Path) -> None:
    backup = backed_up(books, tmp_path)
    with closing(sqlite3.connect(backup)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0099'")
    with pytest.raises(refusals.BackupUnreadable, match=r"backup\.db cannot .* newer version"):
        recovered(books, backup)


def test_a_store_that_is_locked_is_not_written_over(
    books: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = backed_up(books, tmp_path)
    books.store.close()
    monkeypatch.setattr(backups, "_WAIT_SECONDS", 0.1)
    monkeypatch.setattr(sqlite, "_PRAGMAS", ("PRAGMA busy_timeout = 100",))
    with closing(sqlite3.connect(books.path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(refusals.StoreBusy):
            recovered(books, backup)
        other.execute("ROLLBACK")
    assert [one.name for one in tmp_path.glob("*before-restore*")] == []


def test_a_store_that_a_newer_sqlite_has_open_is_not_written_over(
    books: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = backed_up(books, tmp_path)
    books.store.close()
    with closing(sqlite3.connect(books.path, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("INSERT INTO vendors (code, name) VALUES ('V', 'Vendor')")
        monkeypatch.setattr(sqlite, "journal_mode", lambda _: "DELETE")
        monkeypatch.setattr(sqlite, "_PRAGMAS", ("PRAGMA busy_timeout = 100",))
        with pytest.raises(refusals.StoreInNewerHands):
            recovered(books, backup)
        assert other.execute("SELECT code FROM vendors").fetchall() == [("V",)]


WRITES = """
import sqlite3, sys, time
from contextlib import closing
with closing(sqlite3.connect(sys.argv[1], timeout=0.005, isolation_level=None)) as store:
    for n in range(1_000_000):
        try:
            store.execute("INSERT INTO vendors (code, name) VALUES (?, 'V')", (f"V{n}",))
        except sqlite3.OperationalError as error:
            assert "locked" in str(error), error
        else:
            print(f"V{n}", flush=True)
        time.sleep(0.05)
"""


def test_what_others_commit_meanwhile_is_in_the_store_or_put_aside(
    books: Shop, tmp_path: Path
) -> None:
    backup = backed_up(books, tmp_path)
    place, kept = Path(books.path), set()
    with subprocess.Popen(
        [sys.executable, "-c", WRITES, books.path], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        for _ in range(3):
            try:
                aside = recovered(books, backup).aside
            except refusals.StoreBusy:
                continue  # refused: it was not written over
            assert aside is not None
            with closing(sqlite3.connect(aside)) as copy:
                kept |= {code for (code,) in copy.execute("SELECT code FROM vendors")}
        writer.kill()
        committed = {line.strip() for line in writer.stdout if line.endswith("\n")}
    kept |= {code for (code,) in books.rows("SELECT code FROM vendors")}
    assert committed
    assert committed - kept == set()
    assert open_store(str(place)).place == books.store.place
    assert books.problems() == ()


def test_nobody_writes_while_the_store_is_put_aside(
    books: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup, put_aside, said = backed_up(books, tmp_path), backups.Held.put_aside, []

    def disturbed(self: backups.Held, aside: Path) -> None:
        with closing(sqlite3.connect(books.path, timeout=0)) as other:
            try:
                other.execute("INSERT INTO vendors (code, name) VALUES ('V', 'Vendor')")
                other.commit()
            except sqlite3.OperationalError as error:
                said.append(str(error))
        put_aside(self, aside)

    monkeypatch.setattr(backups.Held, "put_aside", disturbed)
    recovered(books, backup)
    assert said == ["database is locked"]


def test_who_writes_into_a_log_in_the_last_moment_stops_the_restore(
    books: Shop, tmp_path: Path, journal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if journal == "DELETE":
        pytest.skip("the file stays locked: there is no such moment")
    backup, patience = backed_up(books, tmp_path), backups.Held._patience

    def slow(self: backups.Held) -> Any:
        go_on = patience(self)
        assert self._writes is not None
        self._writes.rollback()
        books.say("INSERT INTO vendors (code, name) VALUES ('V', 'Vendor')")
        return go_on

    monkeypatch.setattr(backups.Held, "_patience", slow)
    with pytest.raises(refusals.StoreBusy):
        recovered(books, backup)
    assert books.rows("SELECT code FROM vendors") == [("V",)]
    assert books.problems() == ()


def test_logs_of_a_damaged_store_are_put_aside_and_not_taken_for_the_new_ones(
    books: Shop, tmp_path: Path
) -> None:
    backup = backed_up(books, tmp_path)
    books.store.close()
    place = Path(books.path)
    place.write_bytes(b"garbage!" * 4096)
    logs = {end: Path(f"{place}{end}") for end in ("-wal", "-journal")}
    for end, log_ in logs.items():
        log_.write_bytes(f"what was begun{end}".encode())
    done = recovered(books, backup)
    assert done.aside is not None
    assert done.aside.read_bytes() == b"garbage!" * 4096
    for end, log_ in logs.items():
        assert Path(f"{done.aside}{end}").read_bytes() == f"what was begun{end}".encode()
        assert not log_.exists()
    assert books.problems() == ()


def test_a_copy_is_written_to_the_disk_before_it_gets_its_name(
    books: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows writes nothing out through a file that was opened to be read."""
    modes, opened = [], Path.open

    def noted(self: Path, mode: str = "r", **options: Any) -> Any:
        modes.append(mode)
        return opened(self, mode, **options)

    monkeypatch.setattr(Path, "open", noted)
    backed_up(books, tmp_path)
    assert modes == ["r+b"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
def test_backups_are_for_their_owner_and_a_restored_store_for_whom_it_was(
    books: Shop, tmp_path: Path
) -> None:
    backup, place = backed_up(books, tmp_path), Path(books.path)
    place.chmod(0o640)
    over = recovered(books, backup)
    assert over.aside is not None
    assert (mode(backup), mode(over.aside), mode(place)) == (0o600, 0o640, 0o640)
    books.store.close()
    place.write_text("no database")
    replaced = recovered(books, backup)
    assert replaced.aside is not None
    assert (mode(replaced.aside), mode(place)) == (0o640, 0o640)


def no_links(*_: Any) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


def test_a_disk_without_links_takes_a_backup_all_the_same(
    books: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", no_links)
    backup = backed_up(books, tmp_path)
    assert recovered(books, backup).documents == 1
    assert [one.name for one in tmp_path.glob(".*.tmp")] == []


@pytest.mark.parametrize("links", [True, False])
def test_a_backup_is_not_written_over_a_file_that_has_just_come(
    books: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:
        monkeypatch.setattr(os, "link", no_links)
    target, pages = tmp_path / "backup.db", backups._pages

    def beaten(*some: Any) -> None:
        pages(*some)
        target.write_text("mine")

    monkeypatch.setattr(backups, "_pages", beaten)
    with pytest.raises(refusals.BackupInTheWay):
        backed_up(books, tmp_path)
    assert target.read_text() == "mine"
    assert [one.name for one in tmp_path.glob(".*.tmp")] == []


@pytest.mark.parametrize("links", [True, False])
def test_a_copy_is_not_put_over_a_store_that_has_just_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:
        monkeypatch.setattr(os, "link", no_links)
    target = tmp_path / "copy.db"
    with pytest.raises(refusals.PlaceTaken), making(str(target)):
        target.write_text("theirs")
    assert [one.name for one in tmp_path.iterdir()] == ["copy.db"]
    assert target.read_text() == "theirs"


def test_where_a_backup_cannot_be_written_it_is_named_and_not_the_store(
    books: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(backups, "_sync", full)
    with pytest.raises(refusals.StoreUnwritable, match=r"kept\.db cannot be written: .* full"):
        backups.back_up(Path(books.path), tmp_path / "kept.db")


def test_a_store_of_an_older_version_is_backed_up_as_it_is(books: Shop, tmp_path: Path) -> None:
    books.say("UPDATE alembic_version SET version_num = '0003'")
    books.store.close()
    backup = backed_up(books, tmp_path)
    for one in (books.path, backup):
        with closing(sqlite3.connect(one)) as store:
            version = store.execute("SELECT version_num FROM alembic_version").fetchone()
        assert version == ("0003",)


@pytest.mark.parametrize("content", [b"", b"Dear customer"])
def test_what_is_no_store_is_not_backed_up(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "letter.db").write_bytes(content)
    with pytest.raises(refusals.StoreDamaged):
        backups.back_up(tmp_path / "letter.db", tmp_path / "backup.db")
    with pytest.raises(refusals.StoreNotThere):
        backups.back_up(tmp_path / "gone.db", tmp_path / "backup.db")
    assert not (tmp_path / "backup.db").exists()


@contextmanager
def somebody_else() -> Iterator[None]:
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="only root can be somebody else"
)
def test_who_may_not_write_beside_a_store_with_a_log_is_told_why_it_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sqlite, "journal_mode", lambda _: "WAL")
    with TemporaryDirectory() as folder, TemporaryDirectory() as theirs:
        store, _ = make_store(f"{folder}/timix.db")
        store.close()
        Path(folder).chmod(0o755)
        Path(theirs).chmod(0o777)
        with somebody_else(), pytest.raises(refusals.StoreLogOutOfReach):
            open_store(f"{folder}/timix.db", read_only=True)
        with somebody_else(), pytest.raises(refusals.StoreLogOutOfReach):
            backups.back_up(Path(folder, "timix.db"), Path(theirs, "backup.db"))
