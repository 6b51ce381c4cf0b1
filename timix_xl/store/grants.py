"""Grants: which users of a PostgreSQL server may view, review or issue. None of them owns.

A store has three roles of the server, one for each kind of work; a user is a member of one.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, Table, bindparam, text
from sqlalchemy.exc import ProgrammingError

from timix_xl.store import refusals, tables
from timix_xl.store import tables as t
from timix_xl.store.postgres import shown

_LONGEST = 63
"""Bytes of a name; the server cuts longer ones without a word."""
_FORBIDDEN = "42501"


class Role(StrEnum):
    """What somebody does with a store."""

    VIEWER = "viewer"
    REVIEWER = "reviewer"
    ISSUER = "issuer"


OWNER = "owner"
SUPERUSER = "superuser"
BY_HAND = "by hand"
"""Somebody who was given rights by other means than ours."""
EVERYBODY = "(everybody)"

_MASTER = (
    *(t.company, t.settings, t.tax_codes, t.account_groups, t.vendors, t.items, t.customers),
    *(t.people, t.projects, t.tasks, t.bill_rates, t.billing_rules, t.limits),
    *(t.frame_orders, t.open_invoices, t.entries),
)
_LISTS = (
    *(t.tax_rates, t.item_prices, t.locations, t.rule_steps, t.rate_sequences, t.table_rates),
)
_OF_DRAFTS = (*t.FROZEN, t.claims)
_APPENDED = (*t.APPEND_ONLY, t.draw_downs, t.requests, t.rate_tables)
_CHAIN = "UPDATE (length, head)"
_ISSUES = (
    *("location", "issue_date", "due_date", "hours", "subtotal", "tax", "total"),
    *("number", "year", "seq", "status", "content", "previous_seal", "seal"),
)
WRITES: Mapping[Role, Mapping[Table, str]] = {
    Role.VIEWER: {},
    Role.REVIEWER: {t.decisions: "INSERT, DELETE", t.audit_log: "INSERT", t.chains: _CHAIN},
    Role.ISSUER: {
        **dict.fromkeys(_MASTER, "INSERT, UPDATE"),
        **dict.fromkeys(_LISTS, "INSERT, DELETE"),
        **dict.fromkeys(_OF_DRAFTS, "INSERT, DELETE"),
        **dict.fromkeys(_APPENDED, "INSERT"),
        t.decisions: "INSERT, UPDATE, DELETE",
        t.documents: f"INSERT, DELETE, UPDATE ({', '.join(_ISSUES)})",
        t.pro_formas: "INSERT, DELETE, UPDATE (state, released_to, put_back, version, reason)",
        t.series: "INSERT, UPDATE (next_seq, first_seq, last_issue_date, head)",
        t.chains: _CHAIN,
        t.meta: "INSERT, UPDATE (value)",
        t.export_mappings: "INSERT, DELETE",
    },
}
"""What each role may write; all of them read everything. The triggers refuse most of it besides."""
_NUMBERED = (t.bill_rates, t.table_rates, t.limits)
"""Tables whose rows the server numbers."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A user of the server, and as what it uses the store: a role, OWNER, SUPERUSER or BY_HAND.

    Through a role of the server that it is a member of, or through rights on some tables.
    """

    login: str
    role: str
    through: str = ""


@dataclass(frozen=True, slots=True)
class Had:
    """The role that each user had before a grant, and who had one in an earlier database.

    The server's roles outlive a database that is dropped; the next one of its name finds them.
    """

    before: dict[str, Role | None]
    earlier: dict[str, Role | None]


def grant(connection: Connection, role: Role, logins: Sequence[str]) -> Had:
    """Let users do what a role may, and nothing else; says what they had before.

    Strangers are shut out of the database, and so are those of an earlier one of its name. Raises
    StoreForbidden, LoginUnknown, LoginOwns, AdministratorNeeded, SchemaNotOurs.
    """
    _refuse_things_of_others(connection)
    owner = _owner_to_act(connection)
    _refuse_unknown(connection, logins)
    _refuse_owners(connection, owner, logins)
    _shut(connection, owner)
    _make_roles(connection, owner)
    earlier = _empty_unused(connection, owner)
    for each in Role:
        _give(connection, each)
    before = {login: _role_of(connection, login) for login in logins}
    for login, held in before.items():
        if held and held != role:
            _take_from(connection, login)
        if held != role:
            _join(connection, role, login)
    return Had(before, {login: had for login, had in earlier.items() if login not in logins})


def revoke(connection: Connection, logins: Sequence[str]) -> dict[str, Role | None]:
    """Take from users what was granted to them; returns the role that each had.

    Raises StoreForbidden, LoginUnknown, AdministratorNeeded.
    """
    _owner_to_act(connection)
    _refuse_unknown(connection, logins)
    before = {login: _role_of(connection, login) for login in logins}
    for login, held in before.items():
        if held:
            _take_from(connection, login)
    return before


def renew(connection: Connection) -> None:
    """Give the roles that may use the store what they may do with the tables as they are now."""
    if connection.dialect.name != "postgresql":
        return
    for role in _in_use(connection):
        _give(connection, role)


def holders(connection: Connection) -> list[Holder]:
    """Return who may use the store, and as what: owner, superusers, then all others by name."""
    owner = _owner(connection)
    by_hand = _by_hand(connection, owner)
    superusers = connection.execute(text(_SUPERUSERS), {"owner": owner}).scalars().all()
    sources = {
        **dict.fromkeys([*by_hand, *_ALL_DATA], BY_HAND),
        **{role_name(connection, role): str(role) for role in _in_use(connection)},
        **dict.fromkeys(superusers, SUPERUSER),
        owner: OWNER,
    }
    others = [
        *(Holder(login, BY_HAND, _some(names)) for login, names in by_hand.items()),
        *_members_of(connection, owner, sources),
    ]
    return [
        Holder(owner, OWNER),
        *(Holder(login, SUPERUSER) for login in superusers),
        *sorted(others, key=lambda one: (one.login, one.role, one.through)),
    ]


def _by_hand(connection: Connection, owner: str) -> dict[str, list[str]]:
    """Return who was given rights by name, and on what."""
    ours = {role_name(connection, role) for role in Role}
    rows = connection.execute(text(_GRANTEES), {"everybody": EVERYBODY}).all()
    return {str(login): names for login, names in rows if login not in {owner, *ours}}


def _members_of(connection: Connection, owner: str, sources: Mapping[str, str]) -> Iterable[Holder]:
    """Return the members of what lets somebody in, also through another, each as the most it is."""
    query = text(_MEMBERS).bindparams(bindparam("sources", expanding=True))
    rows = connection.execute(query, {"sources": list(sources), "owner": owner}).all()
    reached: dict[tuple[str, str], set[str]] = {}
    for member, group, source in rows:
        reached.setdefault((member, group), set()).add(sources[source])
    for (member, group), roles in reached.items():
        is_ours = sources.get(group) in [*Role]
        yield Holder(member, max(roles, key=_RANKS.index), "" if is_ours else group)


_RANKS = (BY_HAND, *Role, OWNER, SUPERUSER)


def _some(names: Sequence[str]) -> str:
    left_out = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {left_out} more" if left_out > 0 else "")


def role_name(connection: Connection, role: Role) -> str:
    """Return the name of a role on the server, which all its databases share."""
    database = str(connection.exec_driver_sql("SELECT current_database()").scalar_one())
    name = f"timix_{database}_{role}"
    if len(name.encode()) > _LONGEST:
        digest = hashlib.sha256(database.encode()).hexdigest()[:24]
        return f"timix_{digest}_{role}"
    return name


_NAMED = 4
"""Tables that are named; it is enough to go and look."""
_ALL_DATA = ("pg_read_all_data", "pg_write_all_data")
_GRANTEES = """
    SELECT CASE grantee WHEN 0 THEN :everybody ELSE pg_get_userbyid(grantee)::text END AS login,
        array_agg(DISTINCT name)
    FROM (
        SELECT grantee, relname::text AS name FROM pg_class CROSS JOIN aclexplode(relacl)
        WHERE relnamespace = current_schema()::regnamespace AND grantee <> relowner
        UNION
        SELECT grantee, relname::text FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        CROSS JOIN aclexplode(attacl)
        WHERE relnamespace = current_schema()::regnamespace AND grantee <> relowner
        UNION
        SELECT grantee, 'schema ' || nspname FROM pg_namespace CROSS JOIN aclexplode(nspacl)
        WHERE nspname = current_schema() AND grantee <> nspowner AND privilege_type = 'CREATE'
    ) AS given
    GROUP BY login ORDER BY login
"""
_SUPERUSERS = "SELECT rolname FROM pg_roles WHERE rolsuper AND rolname <> :owner ORDER BY rolname"
_USED = """
    coalesce((to_jsonb(of) ->> 'inherit_option')::boolean
        OR (to_jsonb(of) ->> 'set_option')::boolean, true)
"""
"""Since version 16 somebody can look after a role, and have nothing of it."""
_MEMBERS = f"""
    SELECT member.rolname::text, through.rolname::text, source.rolname::text
    FROM pg_auth_members AS of
    JOIN pg_roles AS member ON member.oid = of.member
    JOIN pg_roles AS through ON through.oid = of.roleid
    JOIN pg_roles AS source ON pg_has_role(through.oid, source.oid, 'MEMBER')
    WHERE source.rolname IN :sources AND NOT member.rolsuper AND member.rolname <> :owner
    AND {_USED}
"""


def _rights(role: Role) -> Iterable[str]:
    for table in (*tables.metadata.sorted_tables, _VERSION):
        name = getattr(table, "name", table)
        writes = WRITES[role].get(table) if isinstance(table, Table) else None
        yield f"{f'SELECT, {writes}' if writes else 'SELECT'} ON {name}"
    for table in _NUMBERED:
        if table in WRITES[role]:
            yield f"USAGE ON SEQUENCE {table.name}_id_seq"


_VERSION = "alembic_version"


def _owner(connection: Connection) -> str:
    """Return who owns the tables."""
    query = (
        f"SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = '{_VERSION}'::regclass::oid"
    )
    return str(connection.exec_driver_sql(query).scalar_one())


def _owner_to_act(connection: Connection) -> str:
    """Return the owner, as which or for which we act; raises StoreForbidden for anybody else."""
    owner = _owner(connection)
    if not _is(connection, owner, "pg_has_role(:name, 'MEMBER')"):
        place = shown(connection.engine.url)
        raise refusals.StoreForbidden(place=place, why=f"only its owner, {owner}, grants")
    return owner


def _is(connection: Connection, name: str, question: str, **more: str) -> bool:
    return bool(connection.execute(text(f"SELECT {question}"), {"name": name} | more).scalar_one())


def _known(connection: Connection, names: Sequence[str]) -> set[str]:
    found = text("SELECT rolname FROM pg_roles WHERE rolname IN :names")
    wanted = found.bindparams(bindparam("names", expanding=True))
    return set(connection.execute(wanted, {"names": list(names)}).scalars())


def _refuse_unknown(connection: Connection, logins: Sequence[str]) -> None:
    known = _known(connection, logins)
    if unknown := [login for login in logins if login not in known]:
        run = " ".join(f"CREATE ROLE {_quoted(login)} LOGIN;" for login in unknown)
        raise refusals.LoginUnknown(logins=", ".join(unknown), run=run)


def _refuse_owners(connection: Connection, owner: str, logins: Sequence[str]) -> None:
    for login in logins:
        if _is(connection, login, "pg_has_role(:name, :owner, 'MEMBER')", owner=owner):
            raise refusals.LoginOwns(login=login)


def _shut(connection: Connection, owner: str) -> None:
    """Let nobody in whom nobody granted it, and nobody but the owner make anything."""
    database, schema = _database(connection), _schema(connection)
    if not connection.exec_driver_sql(_OWNS_DATABASE).scalar_one():
        run = f"ALTER DATABASE {database} OWNER TO {_quoted(owner)};"
        raise refusals.AdministratorNeeded(run=run)
    _say(connection, f"REVOKE ALL ON DATABASE {database} FROM PUBLIC")
    closed = f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC"
    _administer(connection, closed)
    if connection.exec_driver_sql(_SCHEMA_IS_OPEN).first():  # up to version 14 it is not ours
        raise refusals.AdministratorNeeded(run=f"{closed};")


_OWNS_DATABASE = """
    SELECT pg_has_role(datdba, 'MEMBER') FROM pg_database WHERE datname = current_database()
"""
_SCHEMA_IS_OPEN = """
    SELECT 1 FROM pg_namespace CROSS JOIN aclexplode(coalesce(nspacl, acldefault('n', nspowner)))
    WHERE nspname = current_schema() AND grantee = 0 AND privilege_type = 'CREATE'
"""


def _refuse_things_of_others(connection: Connection) -> None:
    """Refuse what somebody made, while everybody could, for statements of others to run into.

    First of all, and looking nowhere but in the server's own schema: ours would run into it too.
    """
    facts = {"owner": _owner(connection), "schema": _schema(connection)}
    path = connection.exec_driver_sql("SELECT current_setting('search_path')").scalar_one()
    _say(connection, "SET LOCAL search_path = pg_catalog")
    found = connection.execute(text(_OF_OTHERS), facts).all()
    connection.execute(text("SELECT set_config('search_path', :path, true)"), {"path": path})
    if found:
        raise refusals.SchemaNotOurs(
            schema=facts["schema"].strip('"'),
            things=_some([f"{kind} {name} of {login}" for kind, name, login in found]),
            run=" ".join(f"DROP {kind.upper()} {name};" for kind, name, _ in found),
        )


_OF_OTHERS = """
    SELECT shown.type, shown.identity, pg_get_userbyid(made.owner)
    FROM (
        SELECT 'pg_proc'::regclass AS class, oid, pronamespace AS schema, proowner AS owner
        FROM pg_proc
        UNION ALL
        SELECT 'pg_operator'::regclass, oid, oprnamespace, oprowner FROM pg_operator
        UNION ALL
        SELECT 'pg_type'::regclass, oid, typnamespace, typowner FROM pg_type
    ) AS made
    CROSS JOIN pg_identify_object(made.class, made.oid, 0) AS shown
    WHERE made.schema = cast(:schema AS regnamespace)
    AND NOT pg_has_role(made.owner, :owner, 'MEMBER')
    AND NOT EXISTS (
        SELECT FROM pg_depend
        WHERE classid = made.class AND objid = made.oid AND deptype IN ('i', 'e')
    )
    ORDER BY 1, 2
"""
"""What owners and administrators made does no harm; nor does what comes with something else."""


def _make_roles(connection: Connection, owner: str) -> None:
    names = [role_name(connection, role) for role in Role]
    known = _known(connection, names)
    missing = [_quoted(name) for name in names if name not in known]
    admin = f" ADMIN {_quoted(owner)}"
    run = " ".join(f"CREATE ROLE {name}{admin};" for name in missing)
    by_owner = _is(connection, owner, "current_user = :name")
    for name in missing:
        _administer(connection, f"CREATE ROLE {name}{'' if by_owner else admin}", run)


def _empty_unused(connection: Connection, owner: str) -> dict[str, Role | None]:
    """Take everybody out of the roles that have no rights here yet; returns whom."""
    in_use = _in_use(connection)
    earlier: dict[str, Role | None] = {
        login: role
        for login, role in _members(connection).items()
        if role not in in_use and login != owner
    }
    for login in earlier:
        _take_from(connection, login)
    return earlier


def _in_use(connection: Connection) -> list[Role]:
    """Return the roles that have rights on tables here, as all have after the first grant."""
    names = {role_name(connection, role): role for role in Role}
    found = text(_HAVE_RIGHTS).bindparams(bindparam("names", expanding=True))
    return [names[name] for name in connection.execute(found, {"names": list(names)}).scalars()]


_HAVE_RIGHTS = """
    SELECT rolname::text FROM pg_roles WHERE rolname IN :names AND oid IN (
        SELECT grantee FROM pg_class CROSS JOIN aclexplode(relacl)
        WHERE relnamespace = current_schema()::regnamespace
    )
"""


def _give(connection: Connection, role: Role) -> None:
    """Give a role what it may do with the tables, and take everything else from it."""
    group, schema = _quoted(role_name(connection, role)), _schema(connection)
    for kind in ("TABLES", "SEQUENCES"):
        _say(connection, f"REVOKE ALL ON ALL {kind} IN SCHEMA {schema} FROM {group}")
    for statement in _rights(role):
        _say(connection, f"GRANT {statement} TO {group}")
    _say(connection, f"GRANT USAGE ON SCHEMA {schema} TO {group}")
    _say(connection, f"GRANT CONNECT ON DATABASE {_database(connection)} TO {group}")


def _members(connection: Connection) -> dict[str, Role]:
    names = {role_name(connection, role): role for role in Role}
    query = (
        "SELECT pg_get_userbyid(member), pg_get_userbyid(roleid) FROM pg_auth_members AS of"
        f" WHERE pg_get_userbyid(roleid) IN :names AND {_USED}"
    )
    found = text(query).bindparams(bindparam("names", expanding=True))
    rows = connection.execute(found, {"names": list(names)}).all()
    return {str(member): names[held] for member, held in rows}


def _role_of(connection: Connection, login: str) -> Role | None:
    return _members(connection).get(login)


def _join(connection: Connection, role: Role, login: str) -> None:
    group = _quoted(role_name(connection, role))
    admin = f"GRANT {group} TO {_quoted(_owner(connection))} WITH ADMIN OPTION;"
    _administer(connection, f"GRANT {group} TO {_quoted(login)}", admin)


def _take_from(connection: Connection, login: str) -> None:
    groups = [_quoted(role_name(connection, role)) for role in Role]
    statement = f"REVOKE {', '.join(groups)} FROM {_quoted(login)}"
    _administer(connection, statement, f"{statement};")
    if _role_of(connection, login):  # a server that leaves it to whoever granted it only warns
        raise refusals.AdministratorNeeded(run=f"{statement};")


def _administer(connection: Connection, statement: str, instead: str = "") -> None:
    """Do what the owner may not be let do; raises AdministratorNeeded."""
    try:
        with connection.begin_nested():
            _say(connection, statement)
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", "") != _FORBIDDEN:
            raise
        raise refusals.AdministratorNeeded(run=instead or f"{statement};") from error


def _say(connection: Connection, statement: str) -> None:
    connection.exec_driver_sql(statement.replace("%", "%%"))


def _database(connection: Connection) -> str:
    return _quoted(connection.exec_driver_sql("SELECT current_database()").scalar_one())


def _schema(connection: Connection) -> str:
    return _quoted(connection.exec_driver_sql("SELECT current_schema()").scalar_one())


def _quoted(name: object) -> str:
    return '"' + str(name).replace('"', '""') + '"'
