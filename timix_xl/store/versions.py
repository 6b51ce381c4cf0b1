"""Versions: whether anybody has changed the store since it was last read."""

from pathlib import Path
from typing import NamedTuple, TypeAlias

from sqlalchemy import Connection

Version: TypeAlias = tuple[int, int]
"""A connection, and a number that is another one for it as soon as somebody else has committed."""


class Stamp(NamedTuple):
    """Which file lies in a place, and when it was last written."""

    file: tuple[int, int]
    size: int
    written: int


def version(connection: Connection) -> Version:
    """Return the version of the state that a transaction sees; no table is read for it."""
    number = connection.exec_driver_sql("PRAGMA data_version").scalar_one()
    return id(connection.connection.driver_connection), number


def schema_version(connection: Connection) -> int:
    """Return a number that is another one as soon as tables or triggers have changed."""
    return int(connection.exec_driver_sql("PRAGMA schema_version").scalar_one())


def stamp(path: Path) -> Stamp | None:
    """Return what tells a file from another; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return Stamp((found.st_dev, found.st_ino), found.st_size, found.st_mtime_ns)
