"""Triggers: what the database itself refuses. SQLite's dialect; each message is a short code."""

from collections.abc import Iterator

from sqlalchemy import Connection, Table, text

from timix_xl.domain.invoices import TRANSITIONS, Status
from timix_xl.store import tables

PREFIX = "timix_"
MOVES = "NEW.rowid IS NOT OLD.rowid"


def renew(connection: Connection) -> None:
    """Drop our triggers and create them as this version words them."""
    known = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'timix\\_%' ESCAPE '\\'"
    for (name,) in connection.execute(text(known)).all():
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    for statement in statements():
        connection.exec_driver_sql(statement)


def statements() -> Iterator[str]:
    """Yield every CREATE TRIGGER statement."""
    for table in tables.FROZEN:
        yield from _rows_of_a_document(table)
    for table in tables.APPEND_ONLY:
        yield from _append_only(table)
    yield from _documents()
    yield from _claims()
    yield from _draw_downs()
    yield from _series()
    yield from _entries()


def _refuse(name: str, event: str, when: str, message: str) -> str:
    return (
        f"CREATE TRIGGER {PREFIX}{name} BEFORE {event} FOR EACH ROW WHEN {when}"
        f" BEGIN SELECT RAISE(ABORT, 'timix: {message}'); END"
    )


def _pushes_out(table: str) -> str:
    """Say when a new row takes the place of another, by the row number that SQLite keeps.

    INSERT OR REPLACE and UPDATE OR REPLACE delete the other row without firing DELETE triggers
    where recursive_triggers is off, as it is in other people's tools.
    """
    return f"EXISTS (SELECT 1 FROM {table} WHERE {table}.rowid = NEW.rowid)"


def _is_frozen(row: str) -> str:
    return f"(SELECT status FROM documents WHERE documents.id = {row}.document) IS NOT 'draft'"


def _rows_of_a_document(table: Table) -> Iterator[str]:
    name, message = table.name, f"{table.name} of an issued document are frozen"
    new = f"{_is_frozen('NEW')} OR {_pushes_out(name)}"
    yield _refuse(f"{name}_insert", f"INSERT ON {name}", new, message)
    changed = f"{_is_frozen('OLD')} OR {_is_frozen('NEW')} OR {MOVES}"
    yield _refuse(f"{name}_update", f"UPDATE ON {name}", changed, message)
    yield _refuse(f"{name}_delete", f"DELETE ON {name}", _is_frozen("OLD"), message)


def _append_only(table: Table) -> Iterator[str]:
    name, message = table.name, f"{table.name} is append-only"
    keys = " AND ".join(f"{name}.{column.name} = NEW.{column.name}" for column in table.primary_key)
    yield _refuse(
        f"{name}_replace",
        f"INSERT ON {name}",
        f"EXISTS (SELECT 1 FROM {name} WHERE {keys}) OR {_pushes_out(name)}",
        message,
    )
    yield _refuse(f"{name}_update", f"UPDATE ON {name}", "1", message)
    yield _refuse(f"{name}_delete", f"DELETE ON {name}", "1", message)


def _documents() -> Iterator[str]:
    message = "an issued document is frozen"
    others = [column.name for column in tables.documents.columns if column.name != "status"]
    unchanged = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in others)
    steps = " OR ".join(
        f"(OLD.status = '{start}' AND NEW.status = '{end}')"
        for start, ends in TRANSITIONS.items()
        if start is not Status.DRAFT
        for end in sorted(ends)
    )
    yield _refuse(
        "documents_update",
        "UPDATE ON documents",
        f"OLD.status <> 'draft' AND NOT (({unchanged}) AND ({steps}))",
        message,
    )
    yield _refuse(
        "documents_place",
        "UPDATE ON documents",
        f"{MOVES} OR EXISTS (SELECT 1 FROM documents AS other WHERE other.id <> OLD.id"
        " AND (other.number = NEW.number OR (other.kind = NEW.kind AND other.year = NEW.year"
        " AND other.seq = NEW.seq)))",
        "the number or the place is that of another document",
    )
    yield _refuse(
        "documents_claims",
        "UPDATE ON documents",
        "OLD.status = 'draft' AND NEW.status = 'issued' AND NEW.kind = 'invoice'"
        " AND EXISTS (SELECT 1 FROM document_entries AS billed WHERE billed.document = OLD.id"
        " AND NOT EXISTS (SELECT 1 FROM claims WHERE claims.entry = billed.entry"
        " AND claims.document = OLD.id))",
        "an invoice claims every entry that it bills",
    )
    yield _refuse("documents_delete", "DELETE ON documents", "OLD.status <> 'draft'", message)
    yield _refuse(
        "documents_insert",
        "INSERT ON documents",
        "NEW.status <> 'draft' OR EXISTS (SELECT 1 FROM documents WHERE documents.id = NEW.id"
        " OR documents.number = NEW.number)",
        "a document starts as a draft of its own",
    )


def _claims() -> Iterator[str]:
    yield _refuse(
        "claims_insert",
        "INSERT ON claims",
        f"EXISTS (SELECT 1 FROM claims WHERE claims.entry = NEW.entry) OR {_pushes_out('claims')}",
        "the entry is claimed by another document",
    )
    yield _refuse(
        "claims_update",
        "UPDATE ON claims",
        f"{MOVES} OR NEW.entry IS NOT OLD.entry OR EXISTS (SELECT 1 FROM documents"
        " WHERE documents.id IN (OLD.document, NEW.document) AND status IN ('issued', 'sent'))",
        "the claim of an issued document stays",
    )
    yield _refuse(
        "claims_delete",
        "DELETE ON claims",
        "(SELECT status FROM documents WHERE documents.id = OLD.document) IN ('issued', 'sent')",
        "the claim of an issued document stays",
    )


def _draw_downs() -> Iterator[str]:
    used = "(SELECT COALESCE(SUM(drawn), 0) FROM draw_downs WHERE frame_order = {order})"
    yield _refuse(
        "draw_downs_overdraw",
        "INSERT ON draw_downs",
        "NEW.drawn > 0 AND EXISTS (SELECT 1 FROM frame_orders WHERE number = NEW.frame_order"
        " AND overrun = 'block' AND billed_before + NEW.drawn + "
        + used.format(order="NEW.frame_order")
        + " > total)",
        "the frame order would be overdrawn",
    )
    yield _refuse(
        "frame_orders_overdraw",
        "UPDATE ON frame_orders",
        "NEW.overrun = 'block' AND NEW.billed_before + "
        + used.format(order="OLD.number")
        + " > NEW.total AND (NEW.total < OLD.total OR NEW.overrun <> OLD.overrun"
        " OR NEW.billed_before > OLD.billed_before)",
        "the frame order would be overdrawn",
    )
    yield _refuse(
        "frame_orders_replace",
        "INSERT ON frame_orders",
        "EXISTS (SELECT 1 FROM draw_downs WHERE frame_order = NEW.number)",
        "a frame order with draw-downs is not replaced",
    )
    message = "draw-downs of an issued document are frozen"
    yield _refuse(
        "draw_downs_replace",
        "INSERT ON draw_downs",
        "EXISTS (SELECT 1 FROM draw_downs WHERE draw_downs.id = NEW.id)",
        message,
    )
    yield _refuse(
        "draw_downs_insert",
        "INSERT ON draw_downs",
        f"NEW.event IS NULL AND {_is_frozen('NEW')}",
        message,
    )
    yield _refuse("draw_downs_update", "UPDATE ON draw_downs", "1", "a draw-down is not changed")
    yield _refuse("draw_downs_delete", "DELETE ON draw_downs", _is_frozen("OLD"), message)
    yield _refuse(
        "draw_downs_return",
        "INSERT ON draw_downs",
        "NEW.event IS NOT NULL AND (NOT EXISTS (SELECT 1 FROM events WHERE id = NEW.event"
        " AND document = NEW.document AND kind = 'void')"
        " OR NOT EXISTS (SELECT 1 FROM draw_downs AS drew WHERE drew.document = NEW.document"
        " AND drew.frame_order = NEW.frame_order AND drew.event IS NULL"
        " AND drew.drawn = -NEW.drawn)"
        " OR EXISTS (SELECT 1 FROM draw_downs AS back WHERE back.document = NEW.document"
        " AND back.frame_order = NEW.frame_order AND back.event IS NOT NULL))",
        "only a void gives back, once, what its document drew",
    )


def _series() -> Iterator[str]:
    message = "a series moves by one"
    yield _refuse(
        "series_update",
        "UPDATE ON series",
        f"{MOVES} OR NEW.kind IS NOT OLD.kind OR NEW.year IS NOT OLD.year"
        " OR (NEW.next_seq NOT IN (OLD.next_seq, OLD.next_seq + 1)"
        " AND OLD.next_seq <> OLD.first_seq)"
        " OR (NEW.first_seq IS NOT OLD.first_seq AND OLD.next_seq <> OLD.first_seq)",
        message,
    )
    yield _refuse("series_delete", "DELETE ON series", "OLD.next_seq <> OLD.first_seq", message)
    yield _refuse(
        "series_replace",
        "INSERT ON series",
        "EXISTS (SELECT 1 FROM series WHERE kind = NEW.kind AND year = NEW.year)"
        f" OR {_pushes_out('series')}",
        message,
    )


def _entries() -> Iterator[str]:
    message = "a billed entry is frozen"
    billed = (
        "EXISTS (SELECT 1 FROM claims JOIN documents ON documents.id = claims.document"
        " WHERE claims.entry IN ({entry}) AND documents.status IN ('issued', 'sent'))"
    )
    old = billed.format(entry="OLD.id")
    moved = f"{old} OR {MOVES} OR NEW.id IS NOT OLD.id"
    yield _refuse("entries_billed", "UPDATE ON entries", moved, message)
    yield _refuse("entries_delete", "DELETE ON entries", old, message)
    same = "id = NEW.id OR rowid = NEW.rowid OR (source = NEW.source AND external_id = NEW.external_id)"
    yield _refuse(
        "entries_replace",
        "INSERT ON entries",
        billed.format(entry=f"SELECT id FROM entries WHERE {same}"),
        message,
    )
