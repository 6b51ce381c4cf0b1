"""The two kinds of database: what differs between them, and which one a connection is of."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol, TypeAlias

from sqlalchemy import Connection, ScalarSelect

from timix_xl.errors import TimixError
from timix_xl.store import postgres, sqlite

Version: TypeAlias = tuple[object, object]
"""Another one as soon as somebody else has committed."""


class Kind(Protocol):
    """What each kind does in its own words."""

    def line_up(self, connection: Connection) -> None:
        """Wait until nobody else writes; the transaction then sees what they wrote."""

    def ready_to_migrate(self, connection: Connection) -> AbstractContextManager[None]:
        """Let tables be made anew that others refer to, while nobody else does so."""

    def version(self, connection: Connection) -> Version:
        """Return the version of the state that a transaction sees; no table is read for it."""

    def schema_version(self, connection: Connection) -> object:
        """Return what is another one as soon as tables have changed."""

    def a_copy(self, connection: Connection) -> AbstractContextManager[Connection]:
        """Give what a transaction sees, to be read for as long as it takes; nobody waits for it."""

    def listed(self, values: Sequence[str]) -> ScalarSelect[str]:
        """Select these values: one bound text, however many there are."""

    def guards(self) -> list[str]:
        """Return the statements that make our triggers."""

    def drop_guards(self, connection: Connection) -> None:
        """Drop our triggers: a migration may touch what they guard."""

    def missing_guards(self, connection: Connection) -> list[str]:
        """Name what somebody has taken away of them, switched off or reworded; constraints too."""

    def database_problems(self, connection: Connection) -> list[str]:
        """Ask the database itself whether its tables and references are whole."""

    def told(self, place: str, error: BaseException, *, ending: bool) -> TimixError:
        """Put what the database says in our words; `ending` is while it commits."""


def kind_of(connection: Connection) -> Kind:
    """Return the kind of database that a connection is to."""
    return postgres if connection.dialect.name == "postgresql" else sqlite


def kind_called(dialect: str) -> Kind:
    """Return the kind by the name of its dialect."""
    return postgres if dialect == "postgresql" else sqlite
