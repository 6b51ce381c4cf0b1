"""Users of a server: what a viewer, a reviewer and an issuer may do there, and nobody else."""

import re
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import create_engine

from tests.builders import ANN, BOB, Shop, a_full_year, furnish
from tests.servers import OWNER, SUPERUSER, Database, Server
from timix_xl.billing import grant as granting
from timix_xl.billing.decide import Choice, decide
from timix_xl.billing.verify import verify
from timix_xl.cli.keeping_arguments import ROLES
from timix_xl.domain.entries import Decision
from timix_xl.store import grants, refusals
from timix_xl.store import tables as t
from timix_xl.store.chained import notes
from timix_xl.store.database import make_store, open_store
from timix_xl.store.grants import Role

LOGINS = {Role.VIEWER: "vera", Role.REVIEWER: "rita", Role.ISSUER: "igor"}
STRANGER = "stan"
UNPRIVILEGED = "timix_clerk"
"""An owner who may make no roles."""


@dataclass(frozen=True)
class Office:
    """A store on a server, and those who work there."""

    database: Database

    def shop(self, login: str) -> Shop:
        """Return the store as somebody sees it."""
        return Shop(open_store(self.database.url(login)))

    def plain(self, login: str) -> psycopg.Connection:
        """Return a connection of somebody's own tool."""
        return self.database.server.connect(self.database.name, login)


@pytest.fixture(scope="module")
def people(server: Server) -> None:
    """Logins that may do nothing of themselves, and an owner who may make no roles."""
    for login in (*LOGINS.values(), STRANGER, UNPRIVILEGED):
        server.login(login)


def make(database: Database, owner: str = OWNER) -> Shop:
    """Make a furnished store that somebody owns."""
    with database.server.connect() as connection:
        connection.execute(f'ALTER DATABASE "{database.name}" OWNER TO "{owner}"')
    store, _ = make_store(database.url(owner))
    furnish(Shop(store))
    return Shop(store)


def let_in(database: Database) -> None:
    """Grant each role to its login, as a superuser does it for the owner."""
    store = open_store(database.url(SUPERUSER))
    for role, login in LOGINS.items():
        granting.grant(store, role, [login], actor=ANN)
    store.close()


@pytest.fixture(scope="module")
def full(server: Server, people: None) -> Office:
    """A store with a full year in it, which nobody changes."""
    database = server.database()
    shop = make(database)
    a_full_year(shop)
    shop.store.close()
    let_in(database)
    return Office(database)


@pytest.fixture
def office(server: Server, people: None) -> Office:
    """A store of this test's own."""
    database = server.database()
    shop = make(database)
    shop.time("A1", "A2")
    shop.store.close()
    let_in(database)
    return Office(database)


def first(name: str) -> str:
    """Return the first column of a table."""
    return next(iter(t.metadata.tables[name].columns)).name


def attempt(office: Office, login: str, statement: str) -> None:
    """Say something that there is no right to."""
    with closing(office.plain(login)) as connection, pytest.raises(InsufficientPrivilege):
        connection.execute(statement)


# What each role does.


def test_the_command_line_knows_the_same_roles() -> None:
    assert [*Role] == [*ROLES]


def test_a_viewer_reads_everything(full: Office) -> None:
    shop = full.shop("vera")
    assert shop.problems() == ()
    assert shop.load().customer.name == "Acme Ltd"
    shop.store.close()


def test_a_viewer_saves_no_decision(office: Office) -> None:
    shop = office.shop("vera")
    with pytest.raises(refusals.StoreForbidden) as refused:
        decide(shop.store, "ACME", {"A1": Choice(Decision.DEFER, "later")}, actor=ANN)
    assert refused.value.exit_code == 7
    assert "permission denied" in refused.value.message
    shop.store.close()


def test_a_reviewer_decides(office: Office) -> None:
    shop = office.shop("rita")
    decide(shop.store, "ACME", {"A1": Choice(Decision.DEFER, "later")}, actor=ANN)
    decide(shop.store, "ACME", {"A1": Choice(None)}, actor=BOB)
    assert shop.problems() == ()
    shop.store.close()


def test_a_reviewer_issues_nothing(office: Office) -> None:
    shop = office.shop("rita")
    with pytest.raises(refusals.StoreForbidden):
        shop.issue()
    assert shop.rows("SELECT * FROM documents") == []
    shop.store.close()


def test_an_issuer_issues(office: Office) -> None:
    shop = office.shop("igor")
    assert shop.issue().numbers == ("INV-2026-00001",)
    assert shop.problems() == ()
    shop.store.close()


# What the database lets each of them do, whatever tool they use.

RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")


@pytest.mark.parametrize("role", Role)
def test_nobody_may_do_more_than_is_written_down(full: Office, role: Role) -> None:
    with closing(full.plain(LOGINS[role])) as connection:
        may = {
            (table, right)
            for (table,) in connection.execute(
                "SELECT relname FROM pg_class WHERE relkind = 'r'"
                " AND relnamespace = 'public'::regnamespace"
            ).fetchall()
            for right in RIGHTS
            if connection.execute(
                "SELECT has_table_privilege(%s, %s)", (f"public.{table}", right)
            ).fetchone()
            == (True,)
        }
    written = {
        (table.name, verb)
        for table, verbs in grants.WRITES[role].items()
        for verb in re.findall(r"INSERT|DELETE|UPDATE(?! \()", verbs)
    }
    read = {(name, "SELECT") for name in (*t.metadata.tables, "alembic_version")}
    assert may == written | read


APPENDED = [table.name for table in (*t.APPEND_ONLY, t.draw_downs)]
FORBIDDEN = [
    *(f"UPDATE {name} SET {first(name)} = {first(name)}" for name in APPENDED),
    *(f"DELETE FROM {name}" for name in (*APPENDED, "series", "entries", "chains")),
    *(f"TRUNCATE {name} CASCADE" for name in (*APPENDED, "documents", "entries", "chains")),
    "UPDATE document_lines SET amount = amount",
    "UPDATE document_entries SET amount = amount",
    "UPDATE documents SET customer = customer",
    "UPDATE claims SET document = document",
    "INSERT INTO chains VALUES ('x', 0, '')",
    "MERGE INTO events USING (SELECT 1) AS one ON true WHEN MATCHED THEN DELETE",
    "INSERT INTO events SELECT * FROM events ON CONFLICT (id) DO UPDATE SET date = 'x'",
    "ALTER TABLE documents DISABLE TRIGGER ALL",
    "DROP TRIGGER timix_documents_update ON documents",
    "DROP FUNCTION timix_documents_update() CASCADE",
    "CREATE OR REPLACE FUNCTION timix_documents_update() RETURNS trigger LANGUAGE plpgsql"
    " AS 'BEGIN RETURN NEW; END'",
    "ALTER FUNCTION timix_documents_update() SET search_path = pg_temp",
    "DROP TABLE documents",
    "ALTER TABLE documents OWNER TO CURRENT_USER",
    "SET session_replication_role = replica",
    f"SET ROLE {OWNER}",
    "CREATE TEMP TABLE documents (id integer)",
    "CREATE TABLE more (id integer)",
    "CREATE FUNCTION timix() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "CREATE OPERATOR = (LEFTARG = text, RIGHTARG = integer, FUNCTION = pg_catalog.int4eq)",
    "CREATE SCHEMA more",
    "CREATE INDEX more ON documents (customer)",
]


@pytest.mark.bad_input("T01")
@pytest.mark.parametrize("login", LOGINS.values())
def test_nobody_who_was_granted_a_role_gets_around_the_guards(full: Office, login: str) -> None:
    let_through = []
    with closing(full.plain(login)) as connection:
        for statement in FORBIDDEN:
            try:
                connection.execute(statement)
            except InsufficientPrivilege:
                continue
            let_through.append(statement)
    assert let_through == []


@pytest.mark.bad_input("T01")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE documents SET total = 1 WHERE status <> 'draft'",
        "DELETE FROM documents WHERE status <> 'draft'",
        "DELETE FROM document_lines",
        "DELETE FROM claims",
    ],
)
def test_what_an_issuer_may_do_to_drafts_it_may_not_do_to_what_is_issued(
    full: Office, statement: str
) -> None:
    with (
        closing(full.plain("igor")) as connection,
        pytest.raises(psycopg.IntegrityError, match="timix: "),
    ):
        connection.execute(statement)


@pytest.mark.bad_input("T03")
@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE series SET next_seq = next_seq + 5", "a series moves by one"),
        ("UPDATE series SET next_seq = next_seq + 1", "a series moves when a document takes"),
        ("UPDATE chains SET length = length + 1", "a chain ends with the last row"),
    ],
)
def test_an_issuer_moves_no_counter(full: Office, statement: str, says: str) -> None:
    with (
        closing(full.plain("igor")) as connection,
        pytest.raises(psycopg.IntegrityError, match=says),
    ):
        connection.execute(statement)


@pytest.mark.bad_input("T01")
def test_tables_of_the_same_name_do_not_fool_the_guards(full: Office) -> None:
    """Whoever may make temporary tables, as the owner may, sees those first; the guards do not."""
    with closing(full.plain(OWNER)) as connection:
        connection.execute("CREATE TEMP TABLE documents AS SELECT * FROM public.documents")
        connection.execute("UPDATE documents SET status = 'draft'")
        with pytest.raises(psycopg.IntegrityError, match="timix: "):
            connection.execute("DELETE FROM public.document_lines")


# What the owner can do to the guards is found.


@pytest.mark.bad_input("T02")
@pytest.mark.parametrize(
    "opened",
    [
        "ALTER TABLE documents DISABLE TRIGGER ALL",
        "ALTER TABLE documents DISABLE TRIGGER timix_documents_update",
        "DROP TRIGGER timix_documents_update ON documents",
        "DROP FUNCTION timix_documents_update() CASCADE",
        "CREATE OR REPLACE FUNCTION timix_documents_update() RETURNS trigger LANGUAGE plpgsql"
        " AS 'BEGIN RETURN NEW; END'",
    ],
)
def test_an_invoice_that_was_changed_behind_its_guard_is_found(office: Office, opened: str) -> None:
    shop = office.shop("igor")
    shop.issue()
    with closing(office.plain(SUPERUSER if "ALL" in opened else OWNER)) as connection:
        connection.execute(opened)
        connection.execute("UPDATE documents SET total = total + 100")
    found = {(one.code, one.where) for one in verify(shop.store).problems}
    assert found >= {("VERIFY-02", "store"), ("VERIFY-05", "INV-2026-00001")}
    shop.store.close()


# Granting, and taking back.


def held(office: Office) -> dict[str, str]:
    """Say who uses a store as what."""
    store = open_store(office.database.url())
    found = [(one.login, f"{one.role} {one.through}".strip()) for one in granting.holders(store)]
    store.close()
    assert len(found) == len(dict(found)), found
    return dict(found)


def test_everybody_who_may_use_the_store_is_listed(office: Office) -> None:
    roles = {login: str(role) for role, login in LOGINS.items()}
    assert held(office) == {OWNER: "owner", SUPERUSER: "superuser", **roles}


def test_another_role_takes_the_place_of_the_first(office: Office) -> None:
    store = open_store(office.database.url(SUPERUSER))
    made = granting.grant(store, Role.VIEWER, ["igor", "vera"], actor=ANN)
    assert made.before == {"igor": "issuer", "vera": "viewer"}
    assert held(office)["igor"] == "viewer"
    attempt(office, "igor", "INSERT INTO vendors VALUES ('V', '')")
    store.close()


def test_what_is_taken_back_ends_at_once(office: Office) -> None:
    store = open_store(office.database.url(SUPERUSER))
    with closing(office.plain("vera")) as connection:
        connection.execute("SELECT * FROM documents")
        made = granting.revoke(store, ["vera", STRANGER], actor=ANN)
        assert made.before == {"vera": "viewer", STRANGER: None}
        with pytest.raises(InsufficientPrivilege):
            connection.execute("SELECT * FROM documents")
    assert "vera" not in held(office)
    store.close()


def test_the_audit_log_says_who_was_let_in(office: Office) -> None:
    store = open_store(office.database.url(SUPERUSER))
    granting.grant(store, Role.REVIEWER, ["vera", "rita"], actor=BOB)
    granting.revoke(store, ["vera"], actor=BOB)
    with store.reading() as connection:
        found = [(one.action, one.object, one.before, one.after) for one in notes(connection)]
    assert found[-2:] == [
        ("grant", "login vera", '{"role":"viewer"}', '{"role":"reviewer"}'),
        ("revoke", "login vera", '{"role":"reviewer"}', ""),
    ]
    assert verify(store).ok
    store.close()


def test_a_stranger_is_not_let_in(office: Office) -> None:
    with pytest.raises(refusals.StoreUnreachable, match="permission denied for database"):
        open_store(office.database.url(STRANGER))


def test_a_user_whom_the_server_does_not_have_is_named(office: Office) -> None:
    store = open_store(office.database.url())
    with pytest.raises(refusals.LoginUnknown) as refused:
        granting.grant(store, Role.VIEWER, ["vera", "nobody", "public"], actor=ANN)
    assert refused.value.message.startswith("The server has no user nobody, public.")
    assert 'CREATE ROLE "nobody" LOGIN;' in refused.value.hint
    store.close()


@pytest.mark.parametrize("login", [OWNER, SUPERUSER])
def test_who_may_do_everything_is_granted_nothing(office: Office, login: str) -> None:
    store = open_store(office.database.url(SUPERUSER))
    with pytest.raises(refusals.LoginOwns):
        granting.grant(store, Role.VIEWER, [login], actor=ANN)
    store.close()


def test_nobody_but_the_owner_grants(office: Office) -> None:
    shop = office.shop("igor")
    with pytest.raises(refusals.StoreForbidden, match=f"only its owner, {OWNER}, grants"):
        granting.grant(shop.store, Role.ISSUER, [STRANGER], actor=ANN)
    shop.store.close()


def test_rights_that_were_given_by_hand_are_listed(office: Office) -> None:
    with closing(office.plain(OWNER)) as connection:
        connection.execute(f"GRANT SELECT ON entries TO {STRANGER}")
        connection.execute(f"GRANT UPDATE (rate) ON bill_rates TO {STRANGER}")
        connection.execute("GRANT SELECT (name) ON company TO PUBLIC")
    given = {STRANGER: "by hand bill_rates, entries", "(everybody)": "by hand company"}
    assert held(office) | given == held(office)


def test_rights_on_many_tables_are_told_in_short(office: Office) -> None:
    with closing(office.plain(OWNER)) as connection:
        connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {STRANGER}")
    names = sorted((*t.metadata.tables, "alembic_version"))
    told = f"by hand {', '.join(names[:4])} and {len(names) - 4} more"
    assert held(office)[STRANGER] == told


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ("GRANT {issuer} TO staff", "issuer staff"),
        ("GRANT INSERT ON vendors TO staff", "by hand staff"),
        ("GRANT pg_read_all_data TO staff", "by hand staff"),
        ("GRANT {owner} TO staff", "owner staff"),
        ("GRANT {superuser} TO staff", "superuser staff"),
        ("GRANT CREATE ON SCHEMA public TO staff", "by hand staff"),
    ],
)
def test_who_gets_in_through_somebody_else_is_listed(
    office: Office, staff: str, given: str, what: str
) -> None:
    issuer = f"timix_{office.database.name}_issuer"
    given = given.format(issuer=issuer, owner=OWNER, superuser=SUPERUSER)
    with closing(office.plain(SUPERUSER)) as administrator:
        administrator.execute(given.replace("staff", staff))
    assert held(office)[STRANGER] == what.replace("staff", staff)


@pytest.fixture
def staff(office: Office) -> Iterator[str]:
    """A group of the server that somebody is in."""
    group = f"staff_{uuid.uuid4().hex}"
    with closing(office.plain(SUPERUSER)) as administrator:
        administrator.execute(f"CREATE ROLE {group} ROLE {STRANGER}")
        yield group
        administrator.execute(f"DROP OWNED BY {group}")
        administrator.execute(f"DROP ROLE {group}")


def test_an_owner_who_may_make_no_roles_is_told_what_an_administrator_runs(
    server: Server, people: None
) -> None:
    database = server.database()
    shop = make(database, UNPRIVILEGED)
    with pytest.raises(refusals.AdministratorNeeded) as refused:
        granting.grant(shop.store, Role.VIEWER, ["vera"], actor=ANN)
    run = re.findall(r'CREATE ROLE "\w+" ADMIN "\w+";', refused.value.hint)
    assert len(run) == len(Role)
    with closing(server.connect(database.name)) as administrator:
        for statement in run:
            administrator.execute(statement)
    made = granting.grant(shop.store, Role.VIEWER, ["vera"], actor=ANN)
    assert [one.login for one in made.holders] == [UNPRIVILEGED, SUPERUSER, "vera"]
    shop.store.close()


def test_a_schema_where_everybody_makes_things_is_closed_first(
    server: Server, people: None
) -> None:
    """As a new database of PostgreSQL 14 has it, where the owner may not close it."""
    database = server.database()
    shop = make(database, UNPRIVILEGED)
    with closing(server.connect(database.name)) as administrator:
        administrator.execute(f"ALTER SCHEMA public OWNER TO {SUPERUSER}")
        administrator.execute("GRANT ALL ON SCHEMA public TO PUBLIC")
        with pytest.raises(refusals.AdministratorNeeded) as refused:
            granting.grant(shop.store, Role.VIEWER, ["vera"], actor=ANN)
        (run,) = re.findall(r"REVOKE .*;", refused.value.hint)
        administrator.execute(run)
    with pytest.raises(refusals.AdministratorNeeded, match="administrator") as then:
        granting.grant(shop.store, Role.VIEWER, ["vera"], actor=ANN)
    assert "CREATE ROLE" in then.value.hint
    shop.store.close()


THINGS = {
    "function public.length(pg_catalog.text)": "CREATE FUNCTION public.length(text) RETURNS integer"
    " LANGUAGE sql AS 'SELECT 1'",
    "operator public.=(pg_catalog.text,pg_catalog.text)": "CREATE OPERATOR public.= ("
    "LEFTARG = text, RIGHTARG = text, FUNCTION = pg_catalog.textregexeq)",
    "type public.amount": "CREATE DOMAIN public.amount AS integer",
    "type public.span": "CREATE TYPE public.span AS RANGE (SUBTYPE = integer)",
    "type public.pair": "CREATE TYPE public.pair AS (one integer, two integer)",
}


@pytest.mark.bad_input("T01")
@pytest.mark.parametrize("thing", THINGS)
def test_what_somebody_made_while_everybody_could_is_cleared_away_first(
    server: Server, people: None, thing: str
) -> None:
    """Statements of the owner, or of a guard, could run into it."""
    database = server.database()
    make(database).store.close()
    with closing(server.connect(database.name)) as administrator:
        administrator.execute("GRANT ALL ON SCHEMA public TO PUBLIC")
        with closing(server.connect(database.name, STRANGER)) as stranger:
            stranger.execute(THINGS[thing])
        store = open_store(database.url(SUPERUSER))
        with pytest.raises(refusals.SchemaNotOurs) as refused:
            granting.grant(store, Role.VIEWER, ["vera"], actor=ANN)
        assert f": {thing} of {STRANGER}." in refused.value.message
        (run,) = re.findall(r"DROP .*?;", refused.value.hint)
        administrator.execute(run)
    made = granting.grant(store, Role.VIEWER, ["vera"], actor=ANN)
    assert [one.login for one in made.holders] == [OWNER, SUPERUSER, "vera"]
    store.close()


def test_what_an_administrator_made_is_let_be(server: Server, people: None) -> None:
    database = server.database()
    make(database).store.close()
    with closing(server.connect(database.name)) as administrator:
        for statement in THINGS.values():
            administrator.execute(statement)
    store = open_store(database.url(SUPERUSER))
    granting.grant(store, Role.VIEWER, ["vera"], actor=ANN)
    store.close()


def test_who_worked_in_an_earlier_database_of_the_name_is_not_let_in(office: Office) -> None:
    name = office.database.name
    with closing(office.database.server.connect()) as administrator:
        administrator.execute(f"DROP DATABASE {name} WITH (FORCE)")
        administrator.execute(f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE template0")
    make(office.database).store.close()
    attempt(office, "igor", "SELECT * FROM documents")
    assert held(office) == {OWNER: "owner", SUPERUSER: "superuser"}
    store = open_store(office.database.url(SUPERUSER))
    made = granting.grant(store, Role.ISSUER, ["rita", STRANGER], actor=ANN)
    assert (made.before, made.earlier) == (
        {"rita": None, STRANGER: None},
        {"igor": "issuer", "vera": "viewer"},
    )
    now = {"rita": "issuer", STRANGER: "issuer"}
    assert held(office) == {OWNER: "owner", SUPERUSER: "superuser", **now}
    again = granting.grant(store, Role.VIEWER, ["vera"], actor=ANN)
    assert (again.before, again.earlier) == ({"vera": None}, {})
    assert held(office) == {OWNER: "owner", SUPERUSER: "superuser", **now, "vera": "viewer"}
    store.close()


def test_a_database_of_somebody_else_is_handed_over_first(server: Server, people: None) -> None:
    database = server.database()
    shop = make(database)
    with closing(server.connect(database.name)) as administrator:
        administrator.execute(f'ALTER DATABASE "{database.name}" OWNER TO {SUPERUSER}')
    with pytest.raises(refusals.AdministratorNeeded) as refused:
        granting.grant(shop.store, Role.VIEWER, ["vera"], actor=ANN)
    assert f'ALTER DATABASE "{database.name}" OWNER TO "{OWNER}";' in refused.value.hint
    shop.store.close()


@pytest.mark.parametrize("name", ['Ä "50 %" $1', "x" * 63, "timix' ; --"])
def test_a_database_and_a_user_may_be_called_anything(
    server: Server, people: None, name: str
) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    with closing(server.connect()) as administrator:
        administrator.execute(f"CREATE DATABASE {quoted} OWNER {OWNER} TEMPLATE template0")
        administrator.execute(f"CREATE ROLE {quoted} LOGIN")
        try:
            superuser = create_engine(
                "postgresql+psycopg://",
                creator=lambda: psycopg.connect(
                    host=server.folder, port=server.port, user=SUPERUSER, dbname=name
                ),
            )
            with superuser.begin() as connection:
                connection.exec_driver_sql("CREATE TABLE alembic_version (version_num text)")
                for table in t.metadata.sorted_tables:
                    table.create(connection)
                grants.grant(connection, Role.ISSUER, [name])
            with superuser.begin() as connection:
                assert [one.login for one in grants.holders(connection)] == [SUPERUSER, name]
            with closing(server.connect(name, name)) as connection:
                connection.execute("INSERT INTO vendors VALUES ('V', '')")
        finally:
            superuser.dispose()
            administrator.execute(f"DROP DATABASE {quoted} WITH (FORCE)")


# Newer versions of the tables.


@pytest.fixture
def older(office: Office) -> Office:
    """A store of an older version, whose roles have lost a right."""
    with closing(office.plain(OWNER)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0003'")
        (group,) = connection.execute(
            "SELECT rolname FROM pg_roles WHERE rolname = 'timix_' || current_database() || %s",
            ("_viewer",),
        ).fetchone()
        connection.execute(f'REVOKE SELECT ON vendors FROM "{group}"')
    return office


@pytest.mark.parametrize("login", LOGINS.values())
@pytest.mark.parametrize("read_only", [True, False])
def test_who_may_not_migrate_is_told_who_may(older: Office, login: str, read_only: bool) -> None:
    with pytest.raises(refusals.StoreOlder):
        open_store(older.database.url(login), read_only=read_only)


def test_rights_are_renewed_with_the_tables(older: Office) -> None:
    make_store(older.database.url())[0].close()
    with closing(older.plain("vera")) as connection:
        assert connection.execute("SELECT * FROM vendors").fetchall() == []


# The page about it.

WORDS = {"INSERT": "add", "UPDATE": "change", "UPDATE (": "change in part", "DELETE": "remove"}


def worded(verbs: str) -> str:
    found = {WORDS[verb] for verb in re.findall(r"INSERT|DELETE|UPDATE(?: \()?", verbs)}
    return ", ".join(word for word in WORDS.values() if word in found)


def test_the_page_for_teams_says_what_each_role_may_write() -> None:
    page = (Path(__file__).parents[2] / "docs" / "teams.md").read_text("utf-8")
    lines = [line for line in page.splitlines() if line.startswith("| `") and line.count("|") == 5]
    told = {
        name: tuple(cell.strip() for cell in line.split("|")[2:5])
        for line in lines
        for name in re.findall(r"`(\w+)`", line.split("|")[1])
        if name in t.metadata.tables
    }
    assert told == {
        table.name: tuple(worded(grants.WRITES[role].get(table, "")) for role in Role)
        for table in t.metadata.tables.values()
    }
