"""Mappings of timesheet exports, remembered by the fingerprint of their columns."""

from sqlalchemy import Connection, delete, insert, select

from timix_xl.store.chained import Actor
from timix_xl.store.tables import export_mappings


def read(connection: Connection, fingerprint: str) -> tuple[str, str] | None:
    """Return the name and content of the mapping for files of this shape, if there is one."""
    wanted = select(export_mappings.c.name, export_mappings.c.content)
    found = connection.execute(wanted.where(export_mappings.c.fingerprint == fingerprint)).first()
    return (found.name, found.content) if found else None


def save(
    connection: Connection, actor: Actor, fingerprint: str, *, name: str, content: str
) -> None:
    """Remember a mapping in place of an earlier one."""
    table = export_mappings
    row = {"fingerprint": fingerprint, "name": name, "content": content}
    connection.execute(delete(table).where(table.c.fingerprint == fingerprint))
    connection.execute(insert(table), row | {"by": actor.user, "at": actor.stamp})
