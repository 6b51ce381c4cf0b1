"""Grant: let users of a PostgreSQL server view, review or issue, and note it in the audit log."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection

from timix_xl.store import grants
from timix_xl.store.chained import Actor, log
from timix_xl.store.database import Store
from timix_xl.store.grants import Holder, Role
from timix_xl.store.refusals import NoUsersInFile


@dataclass(frozen=True, slots=True)
class Granted:
    """The role that each user had before, and who may use the store now.

    And who had a role in an earlier database of the same name, and was taken out of it.
    """

    before: Mapping[str, str | None]
    earlier: Mapping[str, str | None]
    holders: tuple[Holder, ...]


def grant(store: Store, role: Role, logins: Sequence[str], *, actor: Actor) -> Granted:
    """Let users do what a role may, and nothing else.

    Raises NoUsersInFile, StoreForbidden, LoginUnknown, LoginOwns, AdministratorNeeded,
    SchemaNotOurs.
    """
    with _on_server(store) as connection:
        had = grants.grant(connection, role, logins)
        _note(connection, actor, "revoke", had.earlier, None)
        _note(connection, actor, "grant", had.before, role)
        return Granted(had.before, had.earlier, tuple(grants.holders(connection)))


def revoke(store: Store, logins: Sequence[str], *, actor: Actor) -> Granted:
    """Take from users what was granted to them.

    Raises NoUsersInFile, StoreForbidden, LoginUnknown, AdministratorNeeded.
    """
    with _on_server(store) as connection:
        before = grants.revoke(connection, logins)
        _note(connection, actor, "revoke", before, None)
        return Granted(before, {}, tuple(grants.holders(connection)))


def holders(store: Store) -> tuple[Holder, ...]:
    """Return who may use a store, and as what. Raises NoUsersInFile."""
    _refuse_file(store)
    with store.reading() as connection:
        return tuple(grants.holders(connection))


@contextmanager
def _on_server(store: Store) -> Iterator[Connection]:
    _refuse_file(store)
    with store.writing() as connection:
        yield connection


def _refuse_file(store: Store) -> None:
    if store.file:
        raise NoUsersInFile(place=store.place)


def _note(
    connection: Connection,
    actor: Actor,
    action: str,
    before: Mapping[str, str | None],
    role: Role | None,
) -> None:
    changes = [(f"login {login}", _word(had), _word(role)) for login, had in before.items()]
    log(connection, actor, action, [one for one in changes if one[1] != one[2]])


def _word(role: str | None) -> dict[str, str] | None:
    return {"role": str(role)} if role else None
