"""What a machine does to a store in a file: it is full, read only, locked; the clock is put back."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.builders import D, Shop, Template, copy_of, day, on
from tests.cli.terminal import Desk, Said
from tests.faults.recovery import (
    COMMAND,
    NUMBER,
    PAGE,
    REQUEST,
    STORE_CODE,
    assert_done_once,
    issue_it,
    leave,
    nothing_written,
    small_disk,
    standing_still,
    with_work,
)
from timix_xl.billing.close import close
from timix_xl.billing.credit import credit
from timix_xl.billing.decide import Choice, decide
from timix_xl.billing.pay import pay
from timix_xl.billing.void import void
from timix_xl.domain import faults
from timix_xl.domain.entries import Decision
from timix_xl.domain.invoices import Becomes
from timix_xl.errors import DateOutOfOrder, MonthIsClosed, MonthNotOver, PeriodClosed, RunRefused
from timix_xl.store import backups, sqlite
from timix_xl.store.database import make_store, open_store
from timix_xl.store.refusals import StoreBusy, StoreUnwritable

pytestmark = pytest.mark.stores("sqlite")


@pytest.fixture
def work(shop: Shop) -> Shop:
    """A store with something to issue."""
    return with_work(shop)


@pytest.fixture
def grows(work: Shop) -> Shop:
    """A store that does not have the room for what is issued."""
    work.many(150)
    return work


# A full disk.


def test_a_store_that_may_not_grow_is_whole_at_whatever_page_it_fails(grows: Shop) -> None:
    pages = grows.value("PRAGMA page_count")
    spare = 0
    while not issued_within(grows, pages + spare):
        spare = 2 * spare + 1
    assert spare >= 7
    assert_done_once(grows)


def issued_within(shop: Shop, pages: int) -> bool:
    """Issue where the file may have so many pages; False if they are too few."""
    shop.store.close()
    with shop.store.reading() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    return issued_or_full(shop)


def issued_or_full(shop: Shop) -> bool:
    """Issue; False if there is no room for it, and nothing was written."""
    before = shop.contents()
    told = refusal_of(shop)
    if told:
        words = "cannot be written: database or disk is full. Nothing was written. Free disk space,"
        assert told.startswith(f"The store {shop.path} {words}")
        assert shop.contents() == before
        assert shop.problems() == ()
    return not told


def refusal_of(shop: Shop) -> str:
    """Issue; return what the store says if it cannot be written."""
    try:
        issue_it(shop)
    except StoreUnwritable as told:
        return str(told)
    return ""


LIMITED = """
import resource, sys
from timix_xl.cli.main import main
most = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
raise SystemExit(main(sys.argv[2:]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits no files")
@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_a_limit_of_the_system_is_told_by_the_command_line(grows: Shop, share: float) -> None:
    """The journal cannot be written; nor the second half of the store; nor what it grows by."""
    grows.store.close()
    most = max(PAGE, int(Path(grows.path).stat().st_size * share))
    with nothing_written(grows):
        said = commanded(grows, "-c", LIMITED, str(most))
    assert said.code == STORE_CODE
    assert said.error["code"] == StoreUnwritable.code
    assert f"{grows.path} cannot be written: disk I/O error." in said.error["message"]
    assert_done_once(grows)


def commanded(shop: Shop, *python: str, by: Sequence[str] = ()) -> Said:
    """Issue with the command line, in a process of its own."""
    words = (*by, sys.executable, *python, "--store", shop.path, "--user", "ann")
    done = subprocess.run(
        [*words, "--today", "2026-02-01", *COMMAND, "--request", REQUEST, "--json"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    with small_disk(tmp_path / "disk", "3m") as mounted:
        yield mounted


def test_a_disk_that_fills_up_at_any_moment_leaves_the_store_whole(
    disk: Path, template: Template
) -> None:
    shop = with_work(copy_of(template, disk))
    shop.many(150)
    pages = 0
    leave(disk, pages)
    while not issued_or_full(shop):
        pages = 2 * pages + 1
        leave(disk, pages)
    assert pages >= 7
    assert_done_once(shop)
    shop.store.close()


def test_a_full_disk_takes_neither_a_new_store_nor_a_backup_and_keeps_no_part_of_it(
    disk: Path, shop: Shop
) -> None:
    leave(disk, 2)
    with pytest.raises(StoreUnwritable):
        backups.back_up(Path(shop.path), disk / "backup.db")
    with pytest.raises(StoreUnwritable):
        make_store(str(disk / "timix.db"))
    (disk / "ballast").unlink()
    assert not (disk / "backup.db").exists()
    store, is_new = make_store(str(disk / "timix.db"))
    store.close()
    assert is_new
    assert [one.name for one in disk.iterdir()] == ["timix.db"]


# A file or folder that is only read.


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="Windows has other rights")
@pytest.mark.parametrize("closed", ["file", "folder", "both"])
def test_a_file_or_folder_that_may_only_be_read_is_told(work: Shop, closed: str) -> None:
    work.store.close()
    file, folder = Path(work.path), Path(work.path).parent
    places = {"file": [file], "folder": [folder], "both": [file, folder]}[closed]
    with nothing_written(work), only_read(*places):
        said = commanded(work, "-m", "timix_xl", by=as_everybody())
    assert said.code == STORE_CODE
    assert said.error["code"] == StoreUnwritable.code
    assert_done_once(work)


@contextmanager
def only_read(*places: Path) -> Iterator[None]:
    """Take the right to write away."""
    before = {place: place.stat().st_mode for place in places}
    for place in places:
        place.chmod(before[place] & ~0o222)
    yield
    for place in places:
        place.chmod(before[place])


def as_everybody() -> Sequence[str]:
    """Return by what a program is run so that rights count: for root they do not."""
    if os.geteuid() != 0:
        return ()
    if not shutil.which("setpriv"):
        pytest.skip("root may write anywhere, and setpriv is not there to take that away")
    return ("setpriv", "--bounding-set=-dac_override,-dac_read_search")


def test_a_store_that_was_opened_to_be_read_refuses_to_issue(work: Shop) -> None:
    reader = Shop(open_store(work.path, read_only=True))
    with nothing_written(work), pytest.raises(StoreUnwritable, match="readonly database"):
        issue_it(reader)
    reader.store.close()
    assert_done_once(work)


# A store that somebody else holds.


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for others for 50 ms only."""
    _, *others = sqlite._PRAGMAS
    monkeypatch.setattr(sqlite, "_PRAGMAS", ("PRAGMA busy_timeout = 50", *others))


@pytest.mark.usefixtures("impatient", "rollback_journal")
def test_a_store_that_another_program_keeps_to_itself_is_busy_and_then_goes_on(
    work: Shop,
) -> None:
    work.store.close()
    before = work.contents()
    with closing(sqlite3.connect(work.path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreBusy):
            issue_it(work)
        with pytest.raises(StoreBusy):
            work.load()
        assert Desk(work.path).error(*COMMAND) == (STORE_CODE, StoreBusy.code)
        other.execute("ROLLBACK")
    assert work.contents() == before
    assert_done_once(work)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGSTOP")
@pytest.mark.usefixtures("impatient")
def test_while_a_program_stands_still_others_are_busy_and_woken_it_ends_what_it_began(
    work: Shop,
) -> None:
    with standing_still(work.path) as wake:
        with nothing_written(work), pytest.raises(StoreBusy):
            issue_it(work)
        assert wake() == (NUMBER,)
    assert_done_once(work)


# A clock that is put back.


@pytest.mark.stores("sqlite", "postgresql")
def test_issue_dates_never_run_backwards_in_a_series(shop: Shop) -> None:
    shop.time("E1", "E2")
    decide(shop.store, "ACME", {"E2": Choice(Decision.DEFER, "later")}, actor=on("2026-02-10"))
    shop.issue(upto=day("2026-02-10"), actor=on("2026-02-10"))
    early = {"upto": day("2026-02-09"), "actor": on("2026-02-09")}
    with nothing_written(shop), pytest.raises(RunRefused) as refused:
        shop.issue(issue_date=early["upto"], paper=shop.paper({"E2": "Bill"}), **early)
    assert [one.code for one in refused.value.faults] == [faults.ISSUE_DATE_BEHIND.code]
    assert "2026-02-09 lies before 2026-02-10" in str(refused.value.faults[0])
    shop.issue(paper=shop.paper({"E2": "Bill"}), **early)
    found = shop.rows("SELECT number, issue_date FROM documents ORDER BY number")
    assert found == [("INV-2026-00001", "2026-02-10"), ("INV-2026-00002", "2026-02-10")]


@pytest.mark.stores("sqlite", "postgresql")
def test_what_happens_to_a_document_is_not_dated_before_it(shop: Shop) -> None:
    shop.time("E1")
    (number,) = shop.issue().numbers
    early = on("2026-01-30")
    with nothing_written(shop):
        with pytest.raises(DateOutOfOrder):
            void(shop.store, number, "wrong", actor=early)
        with pytest.raises(DateOutOfOrder):
            pay(shop.store, number, D(1), early.today, actor=early)
        with pytest.raises(DateOutOfOrder):
            credit(shop.store, number, lines=[1], becomes=Becomes.BILL, reason="late", actor=early)


@pytest.mark.stores("sqlite", "postgresql")
def test_the_audit_log_keeps_its_order_when_the_clock_does_not(shop: Shop) -> None:
    for entry, date in (("E1", "2026-02-10"), ("E2", "2026-02-02")):
        shop.time(entry)
        shop.issue(actor=on(date))
    for table in ("audit_log", "events"):
        noted = [at for (at,) in shop.rows(f'SELECT "at" FROM {table} ORDER BY id')]
        assert (noted[0], noted[-1]) == ("2026-02-10T09:00:00", "2026-02-02T09:00:00")
        assert noted == sorted(noted, reverse=True)
    assert shop.problems() == ()


@pytest.mark.stores("sqlite", "postgresql")
def test_a_clock_in_a_closed_month_opens_nothing(shop: Shop) -> None:
    shop.time("E1")
    shop.time("E2", on="2026-02-02")
    (number,) = shop.issue(actor=on("2026-01-31")).numbers
    close(shop.store, "2026-01", actor=on("2026-02-03"))
    early = on("2026-01-25")
    with nothing_written(shop):
        with pytest.raises(RunRefused) as refused:
            shop.issue(upto=day("2026-02-02"), issue_date=early.today, actor=early)
        assert [one.code for one in refused.value.faults] == [faults.ISSUE_DATE_CLOSED.code]
        with pytest.raises(MonthNotOver):
            close(shop.store, "2026-01", actor=early)
        with pytest.raises(MonthIsClosed):
            close(shop.store, "2026-01", actor=on("2026-02-01"))
        with pytest.raises(PeriodClosed):
            void(shop.store, number, "wrong", actor=early)
    assert shop.problems() == ()
