"""A store is copied whole into an empty place, of either kind, or nothing is there."""

import hashlib
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.builders import ANN, D, Shop, a_full_year, plain
from tests.servers import Server
from timix_xl.billing.copy_store import Copied, copy_store
from timix_xl.billing.credit import credit
from timix_xl.billing.verify import verify
from timix_xl.domain.invoices import Becomes
from timix_xl.store import copying, refusals
from timix_xl.store import tables as t
from timix_xl.store.chained import heads
from timix_xl.store.database import open_store, store_id

TO = ("sqlite", "postgresql")


@pytest.fixture(params=TO)
def target(request: pytest.FixtureRequest, server: Server, tmp_path: Path) -> str:
    """Where there is nothing yet."""
    if request.param == "postgresql":
        return str(server.database().url())
    return str(tmp_path / "copy" / "new.db")


@pytest.fixture
def full(shop: Shop) -> Shop:
    """A store with a bit of everything."""
    a_full_year(shop)
    back = {"entries": ["B1"], "becomes": {"B1": Becomes.BILL}}
    credit(shop.store, "INV-2026-00003", **back, reason="too much", actor=ANN)
    shop.add("bill_rates", rate=D(90), project="P")
    logo = b"\x00\xfflogo"
    shop.add("blobs", sha256=hashlib.sha256(logo).hexdigest(), content=logo)
    return shop


def copied(shop: Shop, target: str) -> Copied:
    return copy_store(shop.path, target, told=lambda *_: None)


def is_nothing(target: str) -> bool:
    """Whether nothing is in a place, and nothing was left beside it."""
    if "://" not in target:
        folder = Path(target).parent
        return not folder.exists() or list(folder.iterdir()) == []
    with closing(plain(target)) as connection:
        found = connection.execute(
            "SELECT 1 FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        )
        return found.fetchall() == []


def facts(place: str) -> dict[str, Any]:
    """Return what makes a store the same store."""
    store = open_store(place, read_only=True)
    with store.reading() as connection:
        found = {
            "contents": copying.contents(connection),
            "id": store_id(connection),
            "heads": heads(connection),
        }
    store.close()
    return found


def test_a_copy_holds_the_same(full: Shop, target: str) -> None:
    said = copied(full, target)
    assert facts(target) == facts(full.path)
    assert said.rows == sum(one.rows for one in facts(full.path)["contents"])
    assert said.heads == facts(full.path)["heads"]


def test_work_goes_on_in_a_copy(full: Shop, target: str) -> None:
    copied(full, target)
    shop = Shop(open_store(target))
    shop.time("N1", on="2026-01-30")
    shop.add("bill_rates", rate=D(80), project="P")
    before = full.value("SELECT count(*) FROM documents WHERE kind = 'invoice'")
    assert shop.issue().numbers == (f"INV-2026-{before + 1:05d}",)
    assert shop.problems() == ()
    shop.store.close()


def test_a_copy_of_a_copy_is_the_first(full: Shop, server: Server, tmp_path: Path) -> None:
    there, back = server.database().url(), str(tmp_path / "back.db")
    copied(full, there)
    copy_store(there, back, told=lambda *_: None)
    assert facts(back) == facts(full.path)


@pytest.mark.stores("sqlite")
def test_nothing_is_written_to_the_first(full: Shop, target: str) -> None:
    full.store.close()
    before = Path(full.path).read_bytes()
    copied(full, target)
    assert Path(full.path).read_bytes() == before


def test_it_is_told_how_far_it_is(full: Shop, target: str) -> None:
    told: list[tuple[str, int, int]] = []
    said = copy_store(full.path, target, told=lambda *one: told.append(one))
    copying_them = [one[1:] for one in told if one[0] in t.metadata.tables and one[2] == said.rows]
    assert copying_them == sorted(copying_them)
    assert copying_them[-1] == (said.rows, said.rows)


def test_rows_are_copied_in_small_portions(
    shop: Shop, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "CHUNK", 7)
    shop.many(50)
    told: list[str] = []
    with shop.store.reading() as source, copying.making(target) as made:
        copying.fill(source, made.connection, lambda name, *_: told.append(name))
    assert told.count("entries") == 8
    assert facts(target) == facts(shop.path)


def test_a_row_may_refer_to_a_later_one_of_its_table(shop: Shop, target: str) -> None:
    shop.entries([{"id": "Z1", "hours": "2", "state": "split"}])
    shop.entries([{"id": "C1", "part_of": "Z1"}, {"id": "C2", "part_of": "Z1"}])
    with shop.store.reading() as source, copying.making(target) as made:
        were = copying.fill(source, made.connection, lambda *_: None)
        assert copying.contents(made.connection) == were
    assert facts(target) == facts(shop.path)


def test_where_something_is_nothing_is_copied(shop: Shop, target: str) -> None:
    copied(shop, target)
    before = facts(target)
    with pytest.raises(refusals.PlaceTaken):
        copied(shop, target)
    assert facts(target) == before


def test_a_database_with_tables_of_something_else_is_not_empty(shop: Shop, server: Server) -> None:
    database = server.database()
    with closing(plain(database.url())) as connection:
        connection.execute("CREATE TABLE other (id integer)")
    with pytest.raises(refusals.PlaceTaken):
        copied(shop, database.url())


def test_a_store_that_does_not_hold_is_not_copied(full: Shop, target: str) -> None:
    full.unguarded().say("UPDATE documents SET total = total + 1 WHERE number IS NOT NULL")
    with pytest.raises(refusals.CopyRefused, match=r"verify finds \d+ problems in it"):
        copied(full, target)
    assert is_nothing(target)


def test_a_copy_that_is_not_the_same_is_given_up(
    full: Shop, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = copying._insert

    def forget_one(connection: Any, table: Any, rows: Any) -> None:
        write(connection, table, rows[1:] if table.name == "requests" else rows)

    monkeypatch.setattr(copying, "_insert", forget_one)
    with pytest.raises(refusals.CopyRefused, match="requests would not be the same in both"):
        copied(full, target)
    assert is_nothing(target)


def test_a_copy_without_its_guards_is_given_up(
    full: Shop, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "make_guards", lambda _: None)
    with pytest.raises(refusals.CopyRefused, match="the copy would have"):
        copied(full, target)
    assert is_nothing(target)


def test_a_row_that_refers_to_nothing_is_not_copied(
    full: Shop, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the first one's own check did not see, the second one's references do."""
    write = copying._insert

    def lose_tax(connection: Any, table: Any, rows: Any) -> None:
        lost = {"tax_code": "lost"} if table.name == "customers" else {}
        write(connection, table, [row | lost for row in rows])

    monkeypatch.setattr(copying, "_insert", lose_tax)
    with pytest.raises((refusals.StoreRefuses, refusals.CopyRefused, refusals.StoreDamaged)):
        copied(full, target)
    assert is_nothing(target)


@pytest.mark.stores("sqlite")
def test_text_that_the_server_cannot_hold_is_named(shop: Shop, server: Server) -> None:
    target = server.database().url()
    shop.entries([{"id": "N1", "description": "a\0b"}])
    with pytest.raises(refusals.TextUnfit, match="description of the row N1 in entries"):
        copied(shop, target)
    assert is_nothing(target)


@pytest.mark.stores("sqlite")
def test_bytes_that_are_no_text_are_named(shop: Shop, target: str) -> None:
    shop.time("N1")
    shop.say("UPDATE entries SET description = CAST(x'436166E9' AS TEXT) WHERE id = 'N1'")
    with pytest.raises(refusals.StoreDamaged, match="description"):
        copied(shop, target)
    assert is_nothing(target)


@pytest.mark.stores("sqlite")
def test_a_store_of_an_older_version_is_left_alone(shop: Shop, target: str) -> None:
    shop.say("UPDATE alembic_version SET version_num = '0003'")
    with pytest.raises(refusals.StoreOlder):
        copied(shop, target)
    assert is_nothing(target)


def test_a_place_of_no_kind_is_refused(shop: Shop) -> None:
    with pytest.raises(refusals.StoreKindUnknown):
        copied(shop, "mysql://db/books")


def test_a_folder_that_cannot_be_made_is_named(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(refusals.StoreUnwritable):
        copied(shop, str(tmp_path / "file" / "new.db"))


def test_no_password_is_shown(shop: Shop, server: Server) -> None:
    database = server.database()
    said = copied(shop, server.tcp_url(database.name))
    assert ":***@" in said.target
    with pytest.raises(refusals.PlaceTaken) as refused:
        copied(shop, server.tcp_url(database.name))
    assert ":***@" in str(refused.value)


_COPY = """
import sys, time
from timix_xl.billing.copy_store import copy_store
from timix_xl.store import copying
copying.CHUNK = 50
def told(table, done, total):
    if table == "entries":
        print("half", flush=True)
        time.sleep(60)
copy_store(sys.argv[1], sys.argv[2], told=told)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_copy_that_is_killed_leaves_nothing_and_can_be_made_again(
    full: Shop, target: str
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _COPY, full.path, target], stdout=subprocess.PIPE, text=True
    ) as copier:
        assert copier.stdout.readline() == "half\n"
        copier.send_signal(signal.SIGKILL)
    if "://" not in target:
        assert not Path(target).exists()
    copied(full, target)
    assert facts(target) == facts(full.path)
    store = open_store(target)
    assert verify(store).ok
    store.close()


def test_it_copies_every_table() -> None:
    assert {one.name for one in map(copying._plain, t.metadata.sorted_tables)} == set(
        t.metadata.tables
    )
