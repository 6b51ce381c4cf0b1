"""What the database refuses to anybody who writes past the use cases."""

import multiprocessing
from contextlib import closing

import pytest

from tests.builders import ANN, REFUSED, Shop, plain
from timix_xl.billing.void import void
from timix_xl.store import tables as t
from timix_xl.store.database import make_store


def refused(shop: Shop, *statements: str) -> str:
    with closing(plain(shop.path, autocommit=False)) as connection:
        with pytest.raises(REFUSED) as told:
            for statement in statements:
                connection.execute(statement)
        return str(told.value)


@pytest.fixture
def drawn(shop: Shop) -> Shop:
    shop.order("FO", "10")
    shop.time("E1", hours="4")
    shop.issue(frame_order="FO")
    return shop


def copied(table: str) -> tuple[str, str, str]:
    return (
        f"CREATE TEMP TABLE copied_{table} AS SELECT * FROM {table}",
        f"UPDATE copied_{table} SET document = 2",
        f"INSERT INTO {table} SELECT * FROM copied_{table}",
    )


RETURN = "INSERT INTO draw_downs VALUES (9, 1, 'FO', -40000, '2026-02-01', 1)"


def test_only_a_void_gives_back_what_a_document_drew(drawn: Shop) -> None:
    assert "only a void gives back" in refused(drawn, RETURN)


def test_a_void_gives_back_once(drawn: Shop) -> None:
    void(drawn.store, "INV-2026-00001", "twice", actor=ANN)
    again = RETURN.replace(", 1)", ", 2)")

    assert "only a void gives back, once" in refused(drawn, again)


def test_a_draw_down_is_never_changed(drawn: Shop) -> None:
    assert "not changed" in refused(drawn, "UPDATE draw_downs SET drawn = 99999999")


def test_an_invoice_cannot_be_issued_over_entries_that_it_does_not_claim(drawn: Shop) -> None:
    given = {"id": "2", "status": "'draft'", "number": "NULL", "seq": "NULL", "year": "NULL"}
    given |= {"seal": "NULL", "previous_seal": "NULL"}
    copy = ", ".join(given.get(one.name, f'"{one.name}"') for one in t.documents.columns)
    told = refused(
        drawn,
        f"INSERT INTO documents SELECT {copy} FROM documents",
        *copied("document_lines"),
        *copied("document_entries"),
        "INSERT INTO numbers VALUES ('INV-2026-00002', 'me')",
        "UPDATE documents SET status = 'issued', number = 'INV-2026-00002', year = 2026, seq = 2,"
        " seal = 'x', previous_seal = 'y' WHERE id = 2",
    )

    assert "claims every entry" in told


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE entries SET status = 'approvd' WHERE id = 'E2'",
        "UPDATE projects SET status = 'busy'",
        "UPDATE frame_orders SET overrun = 'perhaps'",
    ],
)
def test_a_word_that_is_not_in_its_closed_set_is_refused(drawn: Shop, change: str) -> None:
    drawn.time("E2")

    assert "check constraint" in refused(drawn, change).lower()


def make(place: str) -> None:
    store, _ = make_store(place)
    store.close()


def test_four_people_may_make_the_store_at_the_same_moment(place: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    makers = [spawn.Process(target=make, args=(place,)) for _ in range(4)]
    for one in makers:
        one.start()
    for one in makers:
        one.join(60)

    assert [one.exitcode for one in makers] == [0, 0, 0, 0]
