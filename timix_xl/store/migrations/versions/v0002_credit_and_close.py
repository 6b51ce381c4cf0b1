"""Credit notes, part billing, restored entries, closed months, remembered mappings."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_BECOMES = (
    "becomes TEXT CONSTRAINT ck_document_entries_becomes CHECK (becomes IN ('bill', 'write_off'))"
)
_COLUMNS = (
    ("entries", "frame_order TEXT REFERENCES frame_orders (number)"),
    ("entries", "wip_from TEXT"),
    ("document_lines", "of_line INTEGER"),
    ("document_entries", _BECOMES),
    ("run_entries", "whole_amount BIGINT"),
)
"""Added, not made anew: a table that others refer to cannot be dropped while they do."""


def upgrade() -> None:
    """Apply."""
    for table, column in _COLUMNS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    op.execute(
        "UPDATE entries SET wip_from = COALESCE(approved_on, date) WHERE status = 'approved'"
    )
    op.create_table(
        "entry_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("date", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('restored')", name=op.f("ck_entry_events_kind")),
        sa.ForeignKeyConstraint(["entry"], ["entries.id"], name=op.f("fk_entry_events_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_events")),
    )
    op.create_index(op.f("ix_entry_events_entry"), "entry_events", ["entry"])
    op.create_table(
        "closings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('close', 'reopen')", name=op.f("ck_closings_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closings")),
    )
    op.create_table(
        "closing_entries",
        sa.Column("closing", sa.Integer(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("hours", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["closing"], ["closings.id"], name=op.f("fk_closing_entries_closing")
        ),
        sa.ForeignKeyConstraint(["entry"], ["entries.id"], name=op.f("fk_closing_entries_entry")),
        sa.PrimaryKeyConstraint("closing", "entry", name=op.f("pk_closing_entries")),
    )
    op.create_index(op.f("ix_closing_entries_entry"), "closing_entries", ["entry"])
    op.create_table(
        "export_mappings",
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_export_mappings")),
    )
    op.execute(
        "INSERT INTO chains (name, length, head) VALUES ('entry_events', 0, ''), ('closings', 0, '')"
    )
