"""Commands that move a store to another place, and share it with users of a server."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.terminal import Desk, run
from tests.servers import SUPERUSER, Database, Server
from timix_xl.store.database import make_store


@pytest.fixture(scope="module")
def clerks(server: Server) -> None:
    """Two users of the server."""
    for login in ("clara", "carl"):
        server.login(login)


@pytest.fixture
def shared(server: Server, clerks: None) -> Database:
    """An empty store on a server."""
    database = server.database()
    make_store(database.url())[0].close()
    return database


def on(database: Database, *words: str, role: str = SUPERUSER):
    """Run a command on a store of a server."""
    return run("--store", database.url(role), "--user", "maja", *words)


# Copy.


def test_a_store_moves_to_a_server_and_says_what_is_the_same(
    billed_store: Path, server: Server
) -> None:
    target = server.database()
    said = run("store", "copy", str(billed_store), target.url())
    assert said.code == 0, said
    assert f"from {billed_store} to postgresql+psycopg://" in said.out
    assert "every table is the same in both" in said.out
    assert "The chains end alike: audit_log " in said.out
    assert "work with one of the two only" in said.out
    assert "store grant ROLE --to LOGIN" in said.out
    assert run("--store", target.url(), "verify").code == 0


def test_a_copy_for_a_script(billed_store: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    said = run("store", "copy", str(billed_store), str(target), "--json").json
    assert (said["from"], said["to"]) == (str(billed_store), str(target))
    assert said["tables"]["documents"] == said["checked"]["documents"] > 0
    assert set(said["chains"]) == {"audit_log", "closings", "entry_events", "events"}
    assert Desk(target).json("verify")["problems"] == []


def test_a_copy_into_a_place_that_is_taken(month_store: Path, tmp_path: Path) -> None:
    shutil.copy(month_store, tmp_path / "timix.db")
    said = run("store", "copy", str(month_store), str(tmp_path / "timix.db"), "--json")
    assert (said.code, said.error["code"]) == (7, "STORE-27")


def test_a_copy_of_nothing(tmp_path: Path) -> None:
    said = run("store", "copy", str(tmp_path / "none.db"), str(tmp_path / "new.db"), "--json")
    assert (said.code, said.error["code"]) == (4, "STORE-01")


# Grant, revoke, grants.


def test_users_are_let_in_and_shut_out(shared: Database) -> None:
    said = on(shared, "store", "grant", "viewer", "--to", "clara", "--to", "carl")
    assert said.code == 0, said
    assert said.out.startswith("clara is viewer now.\ncarl is viewer now.\n")
    again = on(shared, "store", "grant", "issuer", "--to", "carl")
    assert again.out.startswith("carl is issuer now, and no longer viewer.\n")
    known = on(shared, "store", "grant", "issuer", "--to", "carl")
    assert known.out.startswith("carl is issuer already.\n")
    listed = on(shared, "store", "grants", role="clara")
    assert [line.split() for line in listed.out.splitlines()[-4:]] == [
        ["timix_owner", "owner"],
        ["postgres", "superuser"],
        ["carl", "issuer"],
        ["clara", "viewer"],
    ]
    gone = on(shared, "store", "revoke", "clara", "carl", "clara")
    assert gone.out.startswith("clara is no longer viewer.\ncarl is no longer issuer.\n")
    assert on(shared, "store", "revoke", "carl").out.startswith("carl had no role.\n")


def test_what_somebody_keeps_is_said(shared: Database) -> None:
    on(shared, "store", "grant", "viewer", "--to", "clara")
    with closing(shared.server.connect(shared.name)) as administrator:
        administrator.execute("GRANT SELECT (name) ON company TO carl")
    said = on(shared, "store", "revoke", "clara", "carl")
    first, second, third, *_ = said.out.splitlines()
    assert (first, second) == ("clara is no longer viewer.", "carl had no role.")
    assert third.startswith("- carl still gets in: by hand (company).")


def test_who_had_a_role_in_an_earlier_database_is_named(shared: Database) -> None:
    on(shared, "store", "grant", "viewer", "--to", "clara")
    with closing(shared.server.connect()) as administrator:
        administrator.execute(f"DROP DATABASE {shared.name} WITH (FORCE)")
        administrator.execute(f"CREATE DATABASE {shared.name} OWNER timix_owner")
    make_store(shared.url())[0].close()
    said = on(shared, "store", "grant", "issuer", "--to", "carl", "--json").json
    assert said["changed"] == [
        {"login": "clara", "before": "viewer", "after": None},
        {"login": "carl", "before": None, "after": "issuer"},
    ]


def test_grants_for_a_script(shared: Database) -> None:
    said = on(shared, "store", "grant", "reviewer", "--to", "clara", "--json").json
    assert said["changed"] == [{"login": "clara", "before": None, "after": "reviewer"}]
    holders = [
        {"login": "timix_owner", "role": "owner", "through": ""},
        {"login": "postgres", "role": "superuser", "through": ""},
        {"login": "clara", "role": "reviewer", "through": ""},
    ]
    assert said["holders"] == holders
    assert on(shared, "store", "grants", "--json").json["holders"] == holders


@pytest.mark.parametrize(
    ("words", "role", "refused"),
    [
        (("grant", "viewer", "--to", "nobody"), SUPERUSER, (4, "STORE-24")),
        (("grant", "viewer", "--to", SUPERUSER), SUPERUSER, (7, "STORE-25")),
        (("grant", "viewer", "--to", "clara"), "timix_owner", (7, "STORE-26")),
        (("revoke", "nobody"), SUPERUSER, (4, "STORE-24")),
    ],
)
def test_a_grant_that_cannot_be_made(
    shared: Database, words: tuple[str, ...], role: str, refused: tuple[int, str]
) -> None:
    said = on(shared, "store", *words, "--json", role=role)
    assert (said.code, said.error["code"]) == refused


def test_what_a_role_may_not_do(shared: Database) -> None:
    on(shared, "store", "grant", "viewer", "--to", "clara")
    said = on(shared, "store", "grant", "issuer", "--to", "clara", "--json", role="clara")
    assert (said.code, said.error["code"]) == (7, "STORE-14")
    with closing(shared.server.connect(shared.name, "clara")) as connection:
        assert connection.execute("SELECT * FROM documents").fetchall() == []


@pytest.mark.parametrize(
    "words", [("grant", "viewer", "--to", "clara"), ("revoke", "clara"), ("grants",)]
)
def test_a_file_has_no_users(desk: Desk, words: tuple[str, ...]) -> None:
    before = desk.contents()
    assert desk.error("store", *words) == (7, "STORE-23")
    assert desk.contents() == before
