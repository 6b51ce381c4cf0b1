"""What only a seal that was kept elsewhere finds: a store that was rebuilt, cut or put back."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, delete, insert, make_url, select, update

from tests.builders import ANN, D, Shop, copy_of, day, on
from tests.servers import OWNER
from timix_xl.billing.pay import pay
from timix_xl.billing.record import Problem
from timix_xl.billing.refusals import NotSealable
from timix_xl.billing.seal_files import SealFile
from timix_xl.billing.seal_period import seal_period
from timix_xl.billing.send import send
from timix_xl.billing.verify_against import against
from timix_xl.domain.seal import canonical, mark, sealed
from timix_xl.store import auditing
from timix_xl.store import tables as t
from timix_xl.store.kinds import kind_of

FIRST, SECOND, THIRD, FOURTH = (f"INV-2026-{at:05d}" for at in range(1, 5))


@pytest.fixture
def billed(shop: Shop) -> Shop:
    """Four invoices: two of January, two of February; the first is sent."""
    for at, when in enumerate(["2026-01-30", "2026-01-31", "2026-02-10", "2026-02-11"], start=1):
        shop.time(f"E{at}", hours=str(at))
        shop.issue(issue_date=day(when), actor=on("2026-02-12"))
    send(shop.store, FIRST, actor=on("2026-02-12"))
    return shop


def seal(shop: Shop, folder: Path, since: str | None = None, until: str = "2026-02-28") -> SealFile:
    first = day(since) if since else None
    return seal_period(shop.store, folder / "kept.json", since=first, until=day(until), actor=ANN)


def found(shop: Shop, kept: SealFile) -> list[Problem]:
    (compared,) = against(shop.store, [kept])
    return list(compared.problems)


def codes(shop: Shop, kept: SealFile) -> set[str]:
    return {one.code for one in found(shop, kept)}


# The owner of the store, who knows all of it.


def forge(shop: Shop, change: Callable[[Connection], Any]) -> None:
    """Change something past the guards, and put them back."""
    shop.unguarded()
    is_file = "://" not in shop.path
    url = f"sqlite:///{shop.path}" if is_file else make_url(shop.path).set(username=OWNER)
    engine = create_engine(url)
    with engine.begin() as connection:
        change(connection)
        for statement in kind_of(connection).guards():
            connection.exec_driver_sql(statement)
    engine.dispose()


def other_buyer(number: str) -> Callable[[Connection], None]:
    """Make an invoice out to somebody else, and seal all of its series anew."""

    def change(connection: Connection) -> None:
        own = t.documents.c
        text = connection.execute(select(own.content).where(own.number == number)).scalar_one()
        content = json.loads(text)
        content["printed"]["buyer"]["name"] = "Somebody Else Ltd"
        changed = update(t.documents).where(own.number == number)
        connection.execute(changed.values(content=canonical(content)))
        rebuild_series(connection)

    return change


def rebuild_series(connection: Connection) -> None:
    own, head = t.documents.c, ""
    rows = connection.execute(
        select(own.id, own.content).where(own.kind == "invoice").order_by(own.seq)
    )
    for row in rows.all():
        before, head = head, sealed(head, row.content)
        here = update(t.documents).where(own.id == row.id)
        connection.execute(here.values(previous_seal=before, seal=head))
    connection.execute(update(t.series).where(t.series.c.kind == "invoice").values(head=head))


def rebuild_chain(connection: Connection, table: Any) -> None:
    rows, head = auditing.rows(connection, table), ""
    for row in rows:
        own = {name: row[name] for name in row if name != "hash" and row[name] is not None}
        head = sealed(head, canonical(own))
        connection.execute(update(table).where(table.c.id == row["id"]).values(hash=head))
    chain = update(t.chains).where(t.chains.c.name == table.name)
    connection.execute(chain.values(length=len(rows), head=head))


def test_a_series_that_was_sealed_anew_agrees_with_itself_and_not_with_the_seal(
    billed: Shop, tmp_path: Path
) -> None:
    kept = seal(billed, tmp_path)
    forge(billed, other_buyer(SECOND))
    now = billed.value(f"SELECT seal FROM documents WHERE number = '{SECOND}'")
    was = kept.seal.series[0].documents[1].split()[1]

    assert billed.problems() == ()
    (problem,) = found(billed, kept)
    assert (problem.code, problem.where) == ("VERIFY-48", SECOND)
    assert problem.message == (
        f"its seal is {mark(now)}; {was} was sealed: it was changed since, or issued anew after an"
        " old backup was restored (and 2 after it)"
    )


def test_a_change_before_the_period_shows_on_its_first_document(
    billed: Shop, tmp_path: Path
) -> None:
    kept = seal(billed, tmp_path, since="2026-02-01")
    forge(billed, other_buyer(FIRST))

    (problem,) = found(billed, kept)
    assert (problem.code, problem.where) == ("VERIFY-48", THIRD)
    assert "it, or one before it, was changed since" in problem.message


def test_a_change_before_a_period_without_documents_shows_on_the_last_one_before(
    billed: Shop, tmp_path: Path
) -> None:
    kept = seal(billed, tmp_path, since="2026-02-20")
    forge(billed, other_buyer(FIRST))

    assert [(one.code, one.where) for one in found(billed, kept)] == [("VERIFY-48", FOURTH)]


def test_a_number_that_was_exchanged_is_named(billed: Shop, tmp_path: Path) -> None:
    kept = seal(billed, tmp_path)

    def change(connection: Connection) -> None:
        connection.execute(insert(t.numbers).values(number="X", taken_by="invoice 2"))
        other = update(t.documents).where(t.documents.c.number == SECOND)
        connection.execute(other.values(number="X"))

    forge(billed, change)
    (problem,) = found(billed, kept)
    assert (problem.code, problem.where) == ("VERIFY-48", SECOND)
    assert problem.message.startswith("its number is X: ")


def test_a_log_that_was_rewritten_agrees_with_itself_and_not_with_the_seal(
    billed: Shop, tmp_path: Path
) -> None:
    kept = seal(billed, tmp_path)

    def change(connection: Connection) -> None:
        log = t.audit_log
        connection.execute(update(log).where(log.c.id == 1).values(by="nobody"))
        rebuild_chain(connection, log)

    forge(billed, change)
    assert billed.problems() == ()
    (problem,) = found(billed, kept)
    assert (problem.code, problem.where) == ("VERIFY-51", f"audit_log {_length(kept, 'audit_log')}")


def test_a_log_that_was_cut_agrees_with_itself_and_not_with_the_seal(
    billed: Shop, tmp_path: Path
) -> None:
    kept = seal(billed, tmp_path)
    length = _length(kept, "audit_log")

    def change(connection: Connection) -> None:
        log = t.audit_log
        connection.execute(delete(log).where(log.c.id >= length))
        rebuild_chain(connection, log)

    forge(billed, change)
    assert billed.problems() == ()
    (problem,) = found(billed, kept)
    assert (problem.code, problem.where) == ("VERIFY-52", "audit_log")
    assert problem.message.startswith(f"it has {length - 1} rows; {length} were sealed: ")


def _length(kept: SealFile, name: str) -> int:
    return next(one.length for one in kept.seal.tables if one.name == name)


@pytest.fixture
def yesterday(billed: Shop, tmp_path: Path) -> Shop:
    """A copy from before two more invoices and a seal; they were issued in the store itself."""
    old = copy_of(billed.template(), tmp_path, "yesterday.db")
    for at in (5, 6):
        billed.time(f"E{at}")
        billed.issue(issue_date=day("2026-02-12"), actor=on("2026-02-12"))
    return old


@pytest.mark.bad_input("T04")
def test_an_old_backup_with_other_invoices_is_found(
    billed: Shop, yesterday: Shop, tmp_path: Path
) -> None:
    kept = seal(billed, tmp_path)
    for at in (7, 8, 9):
        yesterday.time(f"E{at}", hours="2")
        yesterday.issue(issue_date=day("2026-02-12"), actor=on("2026-02-13"))
    pay(yesterday.store, FIRST, D(1), day("2026-02-13"), actor=on("2026-02-13"))

    assert yesterday.problems() == ()
    problems = found(yesterday, kept)
    assert (problems[0].code, problems[0].where) == ("VERIFY-48", "INV-2026-00005")
    assert problems[0].message.endswith("(and 1 after it)")
    where = "series invoice 2026, INV-2026-00001 to INV-2026-00006"
    messages = [one.message for one in problems if (one.code, one.where) == ("VERIFY-50", where)]
    assert "hours are 14; 12 were sealed" in messages
    assert "total is 1,666.00 EUR; 1,428.00 EUR was sealed" in messages
    chains = {one.where.split()[0] for one in problems if one.code == "VERIFY-51"}
    assert chains == {"events", "audit_log"}


def test_an_old_backup_tells_which_numbers_it_lacks(
    billed: Shop, yesterday: Shop, tmp_path: Path
) -> None:
    kept = seal(billed, tmp_path)

    assert yesterday.problems() == ()
    problems = found(yesterday, kept)
    assert [(one.code, one.where) for one in problems] == [
        ("VERIFY-49", "series invoice 2026"),
        ("VERIFY-52", "events"),
        ("VERIFY-52", "audit_log"),
    ]
    assert problems[0].message == (
        "INV-2026-00005 to INV-2026-00006 are missing; INV-2026-00006 was the last one: an old"
        " backup was restored, or documents were deleted"
    )


def test_an_old_backup_lacks_the_numbers_of_its_pro_formas(billed: Shop, tmp_path: Path) -> None:
    billed.add("numbers", number="PF-00001", taken_by="pro_forma 99")
    kept = seal(billed, tmp_path)
    forge(
        billed, lambda now: now.execute(delete(t.numbers).where(t.numbers.c.number == "PF-00001"))
    )

    (problem,) = found(billed, kept)
    assert (problem.code, problem.where) == ("VERIFY-49", "series pro_forma")


@pytest.mark.parametrize(
    ("column", "says"),
    [
        ("hours", "hours are 10.0001; 10 were sealed"),
        ("subtotal", "subtotal is 1,000.01 EUR; 1,000.00 EUR was sealed"),
        ("tax", "tax is 190.01 EUR; 190.00 EUR was sealed"),
        ("total", "total is 1,190.01 EUR; 1,190.00 EUR was sealed"),
    ],
)
def test_a_figure_of_the_period_that_was_changed_is_named(
    billed: Shop, tmp_path: Path, column: str, says: str
) -> None:
    kept = seal(billed, tmp_path)
    billed.unguarded().say(f"UPDATE documents SET {column} = {column} + 1 WHERE seq = 2")

    (problem,) = found(billed, kept)
    assert (problem.code, problem.message) == ("VERIFY-50", says)


def test_a_currency_that_was_exchanged_is_named(billed: Shop, tmp_path: Path) -> None:
    kept = seal(billed, tmp_path, until="2026-01-30")
    billed.unguarded().say("UPDATE documents SET currency = 'USD' WHERE seq = 1")

    assert {one.message for one in found(billed, kept)} >= {
        "total is 0.00 EUR; 119.00 EUR was sealed",
        "total is 119.00 USD; 0.00 USD was sealed",
    }


def test_an_event_that_became_another_is_counted(billed: Shop, tmp_path: Path) -> None:
    kept = seal(billed, tmp_path)
    billed.unguarded().say("UPDATE events SET kind = 'void' WHERE id = 1")

    assert [(one.code, one.where, one.message) for one in found(billed, kept)] == [
        ("VERIFY-50", "events", "issued: 3 in the period; 4 were sealed"),
        ("VERIFY-50", "events", "void: 1 in the period; 0 were sealed"),
    ]


@pytest.mark.stores("sqlite")
@pytest.mark.parametrize("column", ["total", "hours", "currency"])
def test_a_figure_that_is_none_is_named(billed: Shop, tmp_path: Path, column: str) -> None:
    kept = seal(billed, tmp_path)
    billed.unguarded().say(f"UPDATE documents SET {column} = x'00' WHERE seq = 2")

    (problem,) = found(billed, kept)
    assert (problem.code, problem.message) == ("VERIFY-50", f"a figure of {SECOND} is none")


@pytest.mark.stores("sqlite")
@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE documents SET total = x'00' WHERE seq = 2", f"a figure of {SECOND} is none"),
        ("UPDATE documents SET seq = 9 WHERE seq = 2", "the numbers of invoice 2026 have a gap"),
        (
            "UPDATE documents SET seal = x'00' WHERE seq = 2",
            "a document of invoice 2026 has no seal",
        ),
    ],
)
def test_what_does_not_hold_is_not_sealed(
    billed: Shop, tmp_path: Path, statement: str, why: str
) -> None:
    billed.unguarded().say(statement)
    with pytest.raises(NotSealable, match=why):
        seal(billed, tmp_path)
    assert not (tmp_path / "kept.json").exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE meta SET value = 'other' WHERE key = 'store_id'",
        "DELETE FROM meta WHERE key = 'store_id'",
    ],
)
def test_another_store_is_told_and_nothing_else_compared(
    billed: Shop, tmp_path: Path, statement: str
) -> None:
    kept = seal(billed, tmp_path)
    billed.unguarded().say(statement, "DELETE FROM audit_log")

    assert codes(billed, kept) == {"VERIFY-47"}
