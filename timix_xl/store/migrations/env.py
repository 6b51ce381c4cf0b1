"""Alembic's environment: always online, on the connection of the caller."""

from typing import Any, Literal

from alembic import context
from sqlalchemy.types import TypeDecorator

from timix_xl.store.tables import metadata


def storage_type(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Write a migration with the types that the database sees: our own may change."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{type(item.impl).__name__}()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_item=storage_type,
    render_as_batch=True,
)
context.run_migrations()
