"""Triggers: what the database itself refuses, and how it says so.

The conditions are worded for SQLite; `postgres` puts them in its own words.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Table

from timix_xl.domain.invoices import TRANSITIONS, Status
from timix_xl.domain.pro_formas import TRANSITIONS as PRO_FORMA_TRANSITIONS
from timix_xl.domain.pro_formas import ProFormaState
from timix_xl.store import tables

PREFIX = "timix_"
MOVES = "NEW.rowid IS NOT OLD.rowid"


@dataclass(frozen=True, slots=True)
class Guard:
    """A trigger before each row: when it refuses, and its message."""

    name: str
    event: str
    table: str
    when: str
    message: str


def guards() -> Iterator[Guard]:
    """Yield every guard."""
    for table in tables.FROZEN:
        yield from _rows_of_a_document(table)
    for table in tables.APPEND_ONLY:
        yield from _append_only(table)
    yield from map(_in_order, tables.CHAINED)
    yield from _documents()
    yield from _credit_notes()
    yield from _pro_formas()
    yield from _claims()
    yield from _draw_downs()
    yield from _series()
    yield from _chains()
    yield from _identity()
    yield from _entries()
    yield from _remainders()
    yield from _closed_months()


def _refuse(name: str, event: str, when: str, message: str) -> Guard:
    happens, _, table = event.partition(" ON ")
    return Guard(name, happens, table, when, message)


def _pushes_out(table: str) -> str:
    """Say when a new row takes the place of another, by the row number that SQLite keeps.

    INSERT OR REPLACE and UPDATE OR REPLACE delete the other row without firing DELETE triggers
    where recursive_triggers is off, as it is in other people's tools.
    """
    return f"EXISTS (SELECT 1 FROM {table} WHERE {table}.rowid = NEW.rowid)"


def _sum(column: str) -> str:
    """Add up, as the whole number that it is: of the kind that the others are on every database."""
    return f"CAST(COALESCE(SUM({column}), 0) AS BIGINT)"


def _is_frozen(row: str) -> str:
    return f"(SELECT status FROM documents WHERE documents.id = {row}.document) IS NOT 'draft'"


def _is_closed(row: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM pro_formas WHERE pro_formas.document = {row}.document"
        " AND pro_formas.state = 'closed')"
    )


def _rows_of_a_document(table: Table) -> Iterator[Guard]:
    name, message = table.name, f"{table.name} of an issued document are frozen"
    new = f"{_is_frozen('NEW')} OR {_pushes_out(name)}"
    yield _refuse(f"{name}_insert", f"INSERT ON {name}", new, message)
    changed = f"{_is_frozen('OLD')} OR {_is_frozen('NEW')} OR {MOVES}"
    yield _refuse(f"{name}_update", f"UPDATE ON {name}", changed, message)
    yield _refuse(f"{name}_delete", f"DELETE ON {name}", _is_frozen("OLD"), message)
    closed = f"{name} of a closed pro forma are frozen"
    for event, rows in (("INSERT", "NEW"), ("UPDATE", "OLD NEW"), ("DELETE", "OLD")):
        either = " OR ".join(map(_is_closed, rows.split()))
        yield _refuse(f"{name}_{event.lower()}_closed", f"{event} ON {name}", either, closed)


def _append_only(table: Table) -> Iterator[Guard]:
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


def _in_order(table: Table) -> Guard:
    """Refuse a row of a chain that leaves places out: nobody could append to it any more."""
    last = f"(SELECT COALESCE(MAX(id), 0) FROM {table.name})"
    return _refuse(
        f"{table.name}_order",
        f"INSERT ON {table.name}",
        f"NEW.id <> {last} + 1",
        f"{table.name} goes on by one",
    )


def _documents() -> Iterator[Guard]:
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
    yield _refuse(
        "documents_pro_forma",
        "UPDATE ON documents",
        "(OLD.kind = 'pro_forma' AND (NEW.kind IS NOT OLD.kind OR NEW.id IS NOT OLD.id"
        " OR NEW.status <> 'draft' OR NEW.number IS NOT NULL))"
        " OR (NEW.kind = 'pro_forma' AND OLD.kind IS NOT NEW.kind)"
        " OR EXISTS (SELECT 1 FROM pro_formas WHERE document = OLD.id AND state = 'closed')",
        "a pro forma is never issued itself, and changes only before it is closed",
    )
    yield _refuse(
        "documents_released",
        "DELETE ON documents",
        "EXISTS (SELECT 1 FROM pro_formas WHERE document = OLD.id OR released_to = OLD.id)",
        "a pro forma goes before its document, and is put back before its draft is deleted",
    )
    yield _refuse("documents_delete", "DELETE ON documents", "OLD.status <> 'draft'", message)
    yield _refuse(
        "documents_insert",
        "INSERT ON documents",
        "NEW.status <> 'draft' OR EXISTS (SELECT 1 FROM documents WHERE documents.id = NEW.id"
        " OR documents.number = NEW.number)",
        "a document starts as a draft of its own",
    )


def _credit_notes() -> Iterator[Guard]:
    """Refuse, as it is issued, a note that does not fit the invoice that it corrects."""
    becomes = "OLD.status = 'draft' AND NEW.status = 'issued' AND NEW.kind = 'credit_note' AND "
    yield from _released_notes(becomes)
    issued = becomes + f"NOT {_RELEASED} AND "
    yield _refuse(
        "documents_note",
        "UPDATE ON documents",
        issued + "NOT EXISTS (SELECT 1 FROM documents AS invoice WHERE invoice.id = NEW.corrects"
        " AND invoice.kind = 'invoice' AND invoice.status IN ('issued', 'sent')"
        " AND invoice.customer = NEW.customer AND invoice.currency = NEW.currency)",
        "a credit note corrects an issued invoice of its customer",
    )
    yield _refuse(
        "documents_note_entries",
        "UPDATE ON documents",
        issued + "EXISTS (SELECT 1 FROM document_entries AS taken WHERE taken.document = OLD.id"
        " AND (taken.becomes IS NULL OR NOT EXISTS (SELECT 1 FROM claims"
        " WHERE claims.entry = taken.entry AND claims.document = NEW.corrects)))",
        "a credit note takes entries that its invoice still bills",
    )
    credited = (
        f"(SELECT {_sum('total')} FROM documents AS earlier"
        " WHERE earlier.corrects = NEW.corrects AND earlier.status IN ('issued', 'sent'))"
    )
    whole = "(SELECT total FROM documents AS invoice WHERE invoice.id = NEW.corrects)"
    yield _refuse(
        "documents_note_amount",
        "UPDATE ON documents",
        issued + f"(NEW.total > 0 OR {whole} + {credited} + NEW.total < 0"
        " OR EXISTS (SELECT 1 FROM document_lines AS line WHERE line.document = OLD.id"
        " AND NOT EXISTS (SELECT 1 FROM document_lines AS billed"
        " WHERE billed.document = NEW.corrects AND billed.line = line.of_line)))",
        "a credit note takes no more than is left of its invoice",
    )
    yield _refuse(
        "documents_note_returns",
        "UPDATE ON documents",
        issued + "EXISTS (SELECT 1 FROM draw_downs AS back"
        " JOIN frame_orders ON frame_orders.number = back.frame_order"
        " WHERE back.document = OLD.id AND (back.drawn <>"
        " CASE frame_orders.unit WHEN 'h' THEN NEW.hours ELSE NEW.subtotal END"
        " OR NOT EXISTS (SELECT 1 FROM draw_downs AS drew WHERE drew.document = NEW.corrects"
        " AND drew.frame_order = back.frame_order AND drew.event IS NULL)))",
        "a credit note gives back what it credits, to the order of its invoice",
    )


_RELEASED = (
    "(NEW.corrects IS NULL AND EXISTS (SELECT 1 FROM pro_formas"
    " WHERE pro_formas.released_to = OLD.id AND pro_formas.state = 'closed'))"
)
"""A credit note that a pro forma below zero was released into: it corrects no invoice."""


def _released_notes(becomes: str) -> Iterator[Guard]:
    """Refuse, as it is issued, a note of a pro forma that bills anything but below zero."""
    issued = becomes + f"{_RELEASED} AND "
    yield _refuse(
        "documents_released_note",
        "UPDATE ON documents",
        issued + "(NEW.total >= 0 OR EXISTS (SELECT 1 FROM document_entries AS billed"
        " WHERE billed.document = OLD.id AND (billed.becomes IS NOT NULL"
        " OR NOT EXISTS (SELECT 1 FROM claims WHERE claims.entry = billed.entry"
        " AND claims.document = OLD.id))) OR EXISTS (SELECT 1 FROM document_lines AS line"
        " WHERE line.document = OLD.id AND line.of_line IS NOT NULL))",
        "a released credit note is below zero, and claims every entry that it bills",
    )
    yield _refuse(
        "documents_released_returns",
        "UPDATE ON documents",
        issued + "EXISTS (SELECT 1 FROM draw_downs AS back"
        " JOIN frame_orders ON frame_orders.number = back.frame_order"
        " WHERE back.document = OLD.id AND back.drawn <>"
        " CASE frame_orders.unit WHEN 'h' THEN NEW.hours ELSE NEW.subtotal END)",
        "a released credit note gives back what it credits",
    )


def _pro_formas() -> Iterator[Guard]:
    steps = " OR ".join(
        f"(OLD.state = '{start}' AND NEW.state = '{end}')"
        for start, ends in PRO_FORMA_TRANSITIONS.items()
        for end in sorted({*ends, *({start} - {ProFormaState.CLOSED})})
    )
    kept = ("document", "number", "seq", "year", "revision", "project")
    moved = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in kept)
    made = "(SELECT {fact} FROM documents WHERE documents.id = {row}.released_to)"
    status, kind = made.format(fact="status", row="OLD"), made.format(fact="kind", row="NEW")
    yield _refuse(
        "pro_formas_number",
        "UPDATE ON pro_formas",
        f"{MOVES} OR {moved}",
        "the number of a pro forma stays",
    )
    yield _refuse(
        "pro_formas_state",
        "UPDATE ON pro_formas",
        f"NOT ({steps}) OR NEW.version < OLD.version OR NEW.put_back < OLD.put_back"
        " OR (NEW.put_back <> OLD.put_back AND OLD.state <> 'closed')",
        "a pro forma takes no such step",
    )
    yield _refuse(
        "pro_formas_release",
        "UPDATE ON pro_formas",
        f"NEW.state = 'closed' AND ({kind} IS NULL OR {kind} NOT IN ('invoice', 'credit_note')"
        f" OR {made.format(fact='status', row='NEW')} <> 'draft'"
        f" OR {made.format(fact='corrects', row='NEW')} IS NOT NULL"
        " OR EXISTS (SELECT 1 FROM pro_formas AS other WHERE other.document <> OLD.document"
        " AND other.released_to = NEW.released_to))",
        "a pro forma is released into a draft of its own",
    )
    yield _refuse(
        "pro_formas_put_back",
        "UPDATE ON pro_formas",
        f"OLD.state = 'closed' AND (NEW.put_back <> 1 OR {status} NOT IN ('draft', 'void'))",
        "a closed pro forma is put back only when its invoice is taken back",
    )
    yield _refuse(
        "pro_formas_insert",
        "INSERT ON pro_formas",
        "EXISTS (SELECT 1 FROM pro_formas WHERE document = NEW.document"
        " OR (number = NEW.number AND revision = NEW.revision))"
        " OR NEW.state <> 'on_hold' OR NEW.put_back <> 0"
        " OR (SELECT kind FROM documents WHERE documents.id = NEW.document) IS NOT 'pro_forma'"
        " OR (NEW.revision > 1 AND NOT EXISTS (SELECT 1 FROM pro_formas AS before"
        " WHERE before.number = NEW.number AND before.revision = NEW.revision - 1"
        " AND before.state = 'closed'))",
        "a pro forma starts on hold, with a number and revision of its own",
    )
    yield _refuse(
        "pro_formas_delete",
        "DELETE ON pro_formas",
        "OLD.state = 'closed'",
        "a closed pro forma is not deleted",
    )


def _claims() -> Iterator[Guard]:
    yield _refuse(
        "claims_insert",
        "INSERT ON claims",
        f"EXISTS (SELECT 1 FROM claims WHERE claims.entry = NEW.entry) OR {_pushes_out('claims')}",
        "the entry is claimed by another document",
    )
    credited = (
        "EXISTS (SELECT 1 FROM document_entries AS taken JOIN documents AS note"
        " ON note.id = taken.document WHERE taken.entry = OLD.entry"
        " AND note.kind = 'credit_note' AND note.status IN ('issued', 'sent')"
        " AND note.corrects = OLD.document)"
    )
    yield _refuse(
        "claims_unclaimable",
        "INSERT ON claims",
        "EXISTS (SELECT 1 FROM pro_formas WHERE pro_formas.document = NEW.document"
        " AND pro_formas.state = 'closed') OR EXISTS (SELECT 1 FROM entries"
        " WHERE entries.id = NEW.entry AND (kind = 'reversal' OR state = 'cancelled'))",
        "a closed pro forma claims nothing, and nobody claims what is cancelled or a reversal",
    )
    yield _refuse(
        "claims_update",
        "UPDATE ON claims",
        "1",
        "a claim is let go, and taken by another document, never changed",
    )
    yield _refuse(
        "claims_delete",
        "DELETE ON claims",
        "(SELECT status FROM documents WHERE documents.id = OLD.document) IN ('issued', 'sent')"
        f" AND NOT {credited}",
        "the claim of an issued document stays",
    )


def _draw_downs() -> Iterator[Guard]:
    used = "(SELECT {sum} FROM draw_downs WHERE frame_order = {order})"
    used = used.replace("{sum}", _sum("drawn"))
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
        "EXISTS (SELECT 1 FROM draw_downs WHERE frame_order = NEW.number)"
        f" OR {_pushes_out('frame_orders')}",
        "a frame order with draw-downs is not replaced",
    )
    drawn_on = "EXISTS (SELECT 1 FROM draw_downs WHERE frame_order = OLD.number)"
    yield _refuse(
        "frame_orders_moved",
        "UPDATE ON frame_orders",
        f"{MOVES} OR (NEW.number <> OLD.number AND {drawn_on})",
        "a frame order with draw-downs keeps its number",
    )
    yield _refuse(
        "frame_orders_delete",
        "DELETE ON frame_orders",
        drawn_on,
        "a frame order with draw-downs is not deleted",
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


def _series() -> Iterator[Guard]:
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
    yield _refuse(
        "series_taken",
        "UPDATE ON series",
        "NEW.kind <> 'pro_forma' AND NEW.first_seq = OLD.first_seq"
        " AND (NEW.next_seq <> OLD.next_seq OR NEW.head <> OLD.head)"
        " AND NOT EXISTS (SELECT 1 FROM documents AS taken WHERE taken.kind = NEW.kind"
        " AND taken.year = NEW.year AND taken.seq = NEW.next_seq - 1 AND taken.seal = NEW.head)",
        "a series moves when a document takes its number",
    )
    yield _refuse("series_delete", "DELETE ON series", "OLD.next_seq <> OLD.first_seq", message)
    yield _refuse(
        "series_replace",
        "INSERT ON series",
        "EXISTS (SELECT 1 FROM series WHERE kind = NEW.kind AND year = NEW.year)"
        f" OR {_pushes_out('series')}",
        message,
    )


def _chains() -> Iterator[Guard]:
    message = "a chain ends with the last row of its table"
    last = " ".join(
        f"WHEN '{table.name}' THEN (SELECT hash FROM {table.name} WHERE id = NEW.length)"
        for table in tables.CHAINED
    )
    yield _refuse(
        "chains_update",
        "UPDATE ON chains",
        f"{MOVES} OR NEW.name <> OLD.name OR NEW.length < OLD.length"
        f" OR (NEW.length = OLD.length AND NEW.head <> OLD.head)"
        f" OR (NEW.length > OLD.length AND (CASE NEW.name {last} END) IS NOT NEW.head)",
        message,
    )
    yield _refuse("chains_delete", "DELETE ON chains", "1", message)
    there = f"EXISTS (SELECT 1 FROM chains WHERE name = NEW.name) OR {_pushes_out('chains')}"
    yield _refuse(
        "chains_insert",
        "INSERT ON chains",
        f"{there} OR NEW.length <> 0 OR NEW.head <> ''",
        message,
    )


def _identity() -> Iterator[Guard]:
    message = "a store keeps its identity"
    less = "CAST(NEW.value AS BIGINT) < CAST(OLD.value AS BIGINT)"
    fewer = f"(CASE WHEN substr(OLD.key, 1, 5) = 'last_' THEN {less} END)"
    kept = f"{MOVES} OR NEW.key <> OLD.key OR OLD.key = 'store_id' OR {fewer}"
    yield _refuse("meta_update", "UPDATE ON meta", kept, message)
    yield _refuse("meta_delete", "DELETE ON meta", "1", message)
    there = "EXISTS (SELECT 1 FROM meta WHERE meta.key = 'store_id')"
    added = f"(NEW.key = 'store_id' AND {there}) OR {_pushes_out('meta')}"
    yield _refuse("meta_insert", "INSERT ON meta", added, message)


def _entries() -> Iterator[Guard]:
    message = "a billed entry is frozen"
    billed = (
        "EXISTS (SELECT 1 FROM claims JOIN documents ON documents.id = claims.document"
        " WHERE claims.entry IN ({entry}) AND documents.status IN ('issued', 'sent'))"
    )
    old = billed.format(entry="OLD.id")
    other = (
        "SELECT id FROM entries WHERE source = NEW.source AND external_id = NEW.external_id"
        " AND id <> OLD.id"
    )
    pushes = f"(NEW.external_id IS NOT OLD.external_id AND {billed.format(entry=other)})"
    moved = f"{old} OR {MOVES} OR NEW.id IS NOT OLD.id OR {pushes}"
    yield _refuse("entries_billed", "UPDATE ON entries", moved, message)
    yield _refuse("entries_delete", "DELETE ON entries", old, message)
    same = "id = NEW.id OR rowid = NEW.rowid OR (source = NEW.source AND external_id = NEW.external_id)"
    yield _refuse(
        "entries_replace",
        "INSERT ON entries",
        billed.format(entry=f"SELECT id FROM entries WHERE {same}"),
        message,
    )


def _remainders() -> Iterator[Guard]:
    """Keep what was held back as it was: only what becomes of it changes."""
    special = "('remainder', 'reversal')"
    may_change = {"state", "date", "approved_on"}
    names = [column.name for column in tables.entries.columns if column.name not in may_change]
    changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in names)
    dated = "NEW.date IS NOT OLD.date OR NEW.approved_on IS NOT OLD.approved_on"
    yield _refuse(
        "entries_remainder",
        "UPDATE ON entries",
        f"(OLD.kind IN {special} OR NEW.kind IN {special}) AND ({MOVES} OR {changed}"
        f" OR (OLD.kind = 'remainder' AND ({dated} OR OLD.state = 'cancelled')))",
        "a remainder and its reversal stay as they are",
    )
    yield _refuse(
        "entries_remainder_delete",
        "DELETE ON entries",
        f"OLD.kind IN {special}",
        "a remainder and its reversal are not deleted",
    )
    yield _refuse(
        "entries_remainder_replace",
        "INSERT ON entries",
        f"EXISTS (SELECT 1 FROM entries WHERE kind IN {special}"
        " AND (id = NEW.id OR rowid = NEW.rowid"
        " OR (source = NEW.source AND external_id = NEW.external_id)))",
        "a remainder and its reversal are not replaced",
    )


LOCKED_UNTIL = (
    "(SELECT MAX(until) FROM closings AS closed WHERE kind = 'close' AND NOT EXISTS"
    " (SELECT 1 FROM closings AS opened WHERE opened.month = closed.month"
    " AND opened.kind = 'reopen' AND opened.id > closed.id))"
)
"""The last day of the last closed month; NULL if none is closed."""


def _closed_months() -> Iterator[Guard]:
    """Refuse whatever would be dated in a closed month."""
    message = "the month is closed"
    dated = (
        (tables.events, "date"),
        (tables.entry_events, "date"),
        (tables.draw_downs, "date"),
        (tables.runs, "issue_date"),
        (tables.entries, "wip_from"),
        (tables.open_invoices, "issue_date"),
    )
    for table, column in dated:
        closed = f"NEW.{column} <= {LOCKED_UNTIL}"
        yield _refuse(f"{table.name}_closed", f"INSERT ON {table.name}", closed, message)
    for table, column in ((tables.entries, "wip_from"), (tables.open_invoices, "issue_date")):
        name = table.name
        either = f"(NEW.{column} <= {LOCKED_UNTIL} OR OLD.{column} <= {LOCKED_UNTIL})"
        moved = f"NEW.{column} IS NOT OLD.{column} AND {either}"
        yield _refuse(f"{name}_{column}_closed", f"UPDATE ON {name}", moved, message)
        gone = f"OLD.{column} <= {LOCKED_UNTIL}"
        yield _refuse(f"{name}_delete_closed", f"DELETE ON {name}", gone, message)
