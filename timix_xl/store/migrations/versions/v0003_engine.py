"""Billing rules, rate tables, limits; pro formas; remainders and their reversals."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_KINDS = ("kind IN ('time', 'material')", "kind IN ('time', 'material', 'remainder', 'reversal')")
_STATES = (
    "state IN ('open', 'written_off', 'split')",
    "state IN ('open', 'written_off', 'split', 'cancelled')",
)
_STATUSES = "'bill', 'hold_remainder', 'write_off_remainder', 'write_off'"
_COLUMNS = (
    ("entries", "face_amount BIGINT"),
    ("entries", "of_document INTEGER REFERENCES documents (id)"),
    ("entries", "of_line INTEGER"),
    ("entries", "tax_code TEXT REFERENCES tax_codes (code)"),
    ("entries", "tax_percent BIGINT"),
    ("entries", "covered_on TEXT"),
    ("document_lines", "step INTEGER"),
    ("document_lines", "account_group TEXT"),
    ("document_lines", "billed_quantity BIGINT"),
    ("document_lines", "billed_amount BIGINT"),
    (
        "document_lines",
        f"status TEXT CONSTRAINT ck_document_lines_status CHECK (status IN ({_STATUSES}))",
    ),
    ("document_lines", "held BIGINT"),
    ("document_lines", "written_off BIGINT"),
    (
        "document_lines",
        "printed INTEGER CONSTRAINT ck_document_lines_printed CHECK (printed IN (0))",
    ),
    ("document_entries", "own_quantity BIGINT"),
    ("document_entries", "held BIGINT"),
    ("document_entries", "written_off BIGINT"),
    ("document_entries", "raised BIGINT"),
)


def upgrade() -> None:
    """Apply."""
    _reworded("entries", _KINDS, _STATES)
    _reworded("document_lines", _KINDS)
    for table, column in _COLUMNS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    _rules()
    _rate_tables()
    op.create_table(
        "limits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("task", sa.Text(), nullable=True),
        sa.Column("account_group", sa.Text(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_group"], ["account_groups.code"], name=op.f("fk_limits_account_group")
        ),
        sa.ForeignKeyConstraint(["project"], ["projects.code"], name=op.f("fk_limits_project")),
        sa.ForeignKeyConstraint(
            ["project", "task"],
            ["tasks.project", "tasks.code"],
            name=op.f("fk_limits_project_task"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_limits")),
    )
    _pro_formas()


def _reworded(table: str, *checks: tuple[str, str]) -> None:
    """Make a table anew with a wider closed set: SQLite cannot change a CHECK in place.

    The references to it stay, as foreign keys are not enforced while a store is migrated; they
    are checked before it commits.
    """
    connection = op.get_bind()
    named = "SELECT sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL AND type = "
    (make,) = connection.execute(sa.text(f"{named} 'table'"), {"table": table}).scalars()
    indexes = list(connection.execute(sa.text(f"{named} 'index'"), {"table": table}).scalars())
    for narrow, wide in checks:
        assert narrow in make, "the table has the check that 0001 made"
        make = make.replace(narrow, wide)
    head, body = make.split("(", 1)
    op.execute(f"{head.replace(table, f'new_{table}')}({body}")
    op.execute(f"INSERT INTO new_{table} SELECT * FROM {table}")
    op.execute(f"DROP TABLE {table}")
    op.execute(f"ALTER TABLE new_{table} RENAME TO {table}")
    for index in indexes:
        op.execute(index)


def _rules() -> None:
    op.create_table(
        "billing_rules",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_billing_rules")),
    )
    op.create_table(
        "rule_steps",
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("account_group", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("rate_type", sa.Text(), nullable=True),
        sa.Column("no_rate", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Text(), nullable=False),
        sa.Column("amount", sa.Text(), nullable=False),
        sa.Column("line_description", sa.Text(), nullable=False),
        sa.Column("invoice_description", sa.Text(), nullable=False),
        sa.Column("include_non_billable", sa.Boolean(), nullable=False),
        sa.Column("create_zero_lines", sa.Boolean(), nullable=False),
        sa.Column("aggregate_by", sa.Text(), nullable=False),
        sa.Column("invoice_group", sa.Text(), nullable=False),
        sa.CheckConstraint("active IN (0, 1)", name=op.f("ck_rule_steps_active")),
        sa.CheckConstraint(
            "include_non_billable IN (0, 1)", name=op.f("ck_rule_steps_include_non_billable")
        ),
        sa.CheckConstraint(
            "create_zero_lines IN (0, 1)", name=op.f("ck_rule_steps_create_zero_lines")
        ),
        sa.CheckConstraint(
            "no_rate IN ('error', 'one', 'zero', 'skip')", name=op.f("ck_rule_steps_no_rate")
        ),
        sa.ForeignKeyConstraint(
            ["account_group"], ["account_groups.code"], name=op.f("fk_rule_steps_account_group")
        ),
        sa.ForeignKeyConstraint(["rule"], ["billing_rules.code"], name=op.f("fk_rule_steps_rule")),
        sa.PrimaryKeyConstraint("rule", "step", name=op.f("pk_rule_steps")),
    )


def _rate_tables() -> None:
    op.create_table(
        "rate_tables",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("rate_type", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", "rate_type", name=op.f("pk_rate_tables")),
    )
    op.create_table(
        "rate_sequences",
        sa.Column("rate_table", sa.Text(), nullable=False),
        sa.Column("rate_type", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("factors", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rate_table", "rate_type"],
            ["rate_tables.code", "rate_tables.rate_type"],
            name=op.f("fk_rate_sequences_rate_table_rate_type"),
        ),
        sa.PrimaryKeyConstraint("rate_table", "rate_type", "seq", name=op.f("pk_rate_sequences")),
    )
    op.create_table(
        "table_rates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rate_table", sa.Text(), nullable=False),
        sa.Column("rate_type", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("rate", sa.BigInteger(), nullable=False),
        sa.Column("project", sa.Text(), nullable=True),
        sa.Column("task", sa.Text(), nullable=True),
        sa.Column("account_group", sa.Text(), nullable=True),
        sa.Column("item", sa.Text(), nullable=True),
        sa.Column("employee", sa.Text(), nullable=True),
        sa.Column("since", sa.Text(), nullable=True),
        sa.Column("until", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["rate_table", "rate_type", "seq"],
            ["rate_sequences.rate_table", "rate_sequences.rate_type", "rate_sequences.seq"],
            name=op.f("fk_table_rates_rate_table_rate_type_seq"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_table_rates")),
    )


def _pro_formas() -> None:
    op.create_table(
        "pro_formas",
        sa.Column("document", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("released_to", sa.Integer(), nullable=True),
        sa.Column("put_back", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'closed') = (released_to IS NOT NULL)", name=op.f("ck_pro_formas_released")
        ),
        sa.CheckConstraint("put_back IN (0, 1)", name=op.f("ck_pro_formas_put_back")),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_pro_formas_revision")),
        sa.CheckConstraint(
            "state IN ('on_hold', 'open', 'closed')", name=op.f("ck_pro_formas_state")
        ),
        sa.ForeignKeyConstraint(
            ["document"], ["documents.id"], name=op.f("fk_pro_formas_document")
        ),
        sa.ForeignKeyConstraint(["number"], ["numbers.number"], name=op.f("fk_pro_formas_number")),
        sa.ForeignKeyConstraint(["project"], ["projects.code"], name=op.f("fk_pro_formas_project")),
        sa.ForeignKeyConstraint(
            ["released_to"], ["documents.id"], name=op.f("fk_pro_formas_released_to")
        ),
        sa.PrimaryKeyConstraint("document", name=op.f("pk_pro_formas")),
        sa.UniqueConstraint("number", "revision", name=op.f("uq_pro_formas_number_revision")),
    )
