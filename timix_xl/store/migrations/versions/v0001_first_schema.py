"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "account_groups",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_account_groups")),
    )
    op.create_table(
        "audit_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    op.create_table(
        "blobs",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_blobs")),
    )
    op.create_table(
        "chains",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_chains")),
    )
    op.create_table(
        "company",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("postcode", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("tax_id", sa.Text(), nullable=False),
        sa.Column("iban", sa.Text(), nullable=False),
        sa.Column("bic", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("brand_colour", sa.Text(), nullable=False),
        sa.Column("logo", sa.Text(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_company_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company")),
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_meta")),
    )
    op.create_table(
        "numbers",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("taken_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_numbers")),
    )
    op.create_table(
        "people",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("bill_rate", sa.BigInteger(), nullable=True),
        sa.Column("cost_rate", sa.BigInteger(), nullable=True),
        sa.Column("reports_to", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_people")),
    )
    op.create_table(
        "requests",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
    )
    op.create_table(
        "series",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("next_seq", sa.Integer(), nullable=False),
        sa.Column("first_seq", sa.Integer(), nullable=False),
        sa.Column("last_issue_date", sa.Text(), nullable=True),
        sa.Column("head", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('invoice', 'pro_forma', 'credit_note')", name=op.f("ck_series_kind")
        ),
        sa.CheckConstraint("next_seq >= 1", name=op.f("ck_series_next_seq")),
        sa.PrimaryKeyConstraint("kind", "year", name=op.f("pk_series")),
    )
    op.create_table(
        "settings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cut_off", sa.Text(), nullable=False),
        sa.Column("invoice_number", sa.Text(), nullable=False),
        sa.Column("credit_note_number", sa.Text(), nullable=False),
        sa.Column("pro_forma_number", sa.Text(), nullable=False),
        sa.Column("payment_terms_days", sa.Integer(), nullable=False),
        sa.Column("over_limit", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.CheckConstraint("cut_off IN ('include', 'exclude')", name=op.f("ck_settings_cut_off")),
        sa.CheckConstraint("id = 1", name=op.f("ck_settings_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settings")),
    )
    op.create_table(
        "tax_codes",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "category IN ('S', 'Z', 'E', 'AE', 'K', 'G', 'O')", name=op.f("ck_tax_codes_category")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_tax_codes")),
    )
    op.create_table(
        "vendors",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_vendors")),
    )
    op.create_table(
        "customers",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("tax_code", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("postcode", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("tax_id", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("buyer_reference", sa.Text(), nullable=False),
        sa.Column("payment_terms_days", sa.Integer(), nullable=True),
        sa.Column("billing_type", sa.Text(), nullable=True),
        sa.Column("bill_rate", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "billing_type IN ('tm', 'fixed', 'overhead')", name=op.f("ck_customers_billing_type")
        ),
        sa.ForeignKeyConstraint(
            ["tax_code"], ["tax_codes.code"], name=op.f("fk_customers_tax_code")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_customers")),
    )
    op.create_table(
        "items",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("tax_code", sa.Text(), nullable=True),
        sa.Column("account_group", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_group"], ["account_groups.code"], name=op.f("fk_items_account_group")
        ),
        sa.ForeignKeyConstraint(["tax_code"], ["tax_codes.code"], name=op.f("fk_items_tax_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_items")),
    )
    op.create_table(
        "tax_rates",
        sa.Column("tax_code", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("since", sa.Text(), nullable=True),
        sa.Column("percent", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tax_code"], ["tax_codes.code"], name=op.f("fk_tax_rates_tax_code")
        ),
        sa.PrimaryKeyConstraint("tax_code", "position", name=op.f("pk_tax_rates")),
    )
    op.create_table(
        "frame_orders",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("billed_before", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("po_number", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Text(), nullable=True),
        sa.Column("valid_to", sa.Text(), nullable=True),
        sa.Column("overrun", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint("overrun IN ('block', 'warn')", name=op.f("ck_frame_orders_overrun")),
        sa.CheckConstraint(
            "state IN ('open', 'closed', 'used_up', 'expired', 'not_yet_valid')",
            name=op.f("ck_frame_orders_state"),
        ),
        sa.CheckConstraint("total > 0", name=op.f("ck_frame_orders_total")),
        sa.ForeignKeyConstraint(
            ["customer"], ["customers.code"], name=op.f("fk_frame_orders_customer")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_frame_orders")),
    )
    op.create_table(
        "item_prices",
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("since", sa.Text(), nullable=True),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["item"], ["items.code"], name=op.f("fk_item_prices_item")),
        sa.PrimaryKeyConstraint("item", "position", name=op.f("pk_item_prices")),
    )
    op.create_table(
        "locations",
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("postcode", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("tax_code", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer"], ["customers.code"], name=op.f("fk_locations_customer")
        ),
        sa.ForeignKeyConstraint(
            ["tax_code"], ["tax_codes.code"], name=op.f("fk_locations_tax_code")
        ),
        sa.PrimaryKeyConstraint("customer", "code", name=op.f("pk_locations")),
    )
    op.create_table(
        "open_invoices",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("issue_date", sa.Text(), nullable=False),
        sa.Column("due_date", sa.Text(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer"], ["customers.code"], name=op.f("fk_open_invoices_customer")
        ),
        sa.ForeignKeyConstraint(
            ["number"], ["numbers.number"], name=op.f("fk_open_invoices_number")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_open_invoices")),
    )
    op.create_table(
        "projects",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("billing_type", sa.Text(), nullable=True),
        sa.Column("bill_rate", sa.BigInteger(), nullable=True),
        sa.Column("billing_rule", sa.Text(), nullable=True),
        sa.Column("rate_table", sa.Text(), nullable=True),
        sa.Column("tax_code", sa.Text(), nullable=True),
        sa.Column(
            "pro_forma", sa.Boolean(create_constraint=True, name="pro_forma"), nullable=False
        ),
        sa.Column("billing_period", sa.Text(), nullable=False),
        sa.Column("start_date", sa.Text(), nullable=True),
        sa.Column("last_billing_date", sa.Text(), nullable=True),
        sa.Column("cut_off", sa.Text(), nullable=True),
        sa.Column(
            "material_at_cost",
            sa.Boolean(create_constraint=True, name="material_at_cost"),
            nullable=False,
        ),
        sa.Column("manager", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "billing_period IN ('week', 'month', 'quarter', 'year', 'on_demand')",
            name=op.f("ck_projects_billing_period"),
        ),
        sa.CheckConstraint(
            "billing_type IN ('tm', 'fixed', 'overhead')", name=op.f("ck_projects_billing_type")
        ),
        sa.CheckConstraint("cut_off IN ('include', 'exclude')", name=op.f("ck_projects_cut_off")),
        sa.CheckConstraint(
            "status IN ('planned', 'active', 'suspended', 'completed', 'cancelled')",
            name=op.f("ck_projects_status"),
        ),
        sa.ForeignKeyConstraint(
            ["customer"], ["customers.code"], name=op.f("fk_projects_customer")
        ),
        sa.ForeignKeyConstraint(
            ["tax_code"], ["tax_codes.code"], name=op.f("fk_projects_tax_code")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_projects")),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("billing_date", sa.Text(), nullable=False),
        sa.Column("issue_date", sa.Text(), nullable=False),
        sa.Column("rounding", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["customer"], ["customers.code"], name=op.f("fk_runs_customer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("billing_date", sa.Text(), nullable=False),
        sa.Column("issue_date", sa.Text(), nullable=False),
        sa.Column("due_date", sa.Text(), nullable=False),
        sa.Column("frame_order", sa.Text(), nullable=True),
        sa.Column("corrects", sa.Integer(), nullable=True),
        sa.Column("hours", sa.BigInteger(), nullable=False),
        sa.Column("subtotal", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("previous_seal", sa.Text(), nullable=True),
        sa.Column("seal", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(status = 'draft') = (seal IS NULL) AND (seal IS NULL) = (previous_seal IS NULL) AND (kind = 'pro_forma' OR (status = 'draft') = (number IS NULL)) AND (number IS NULL) = (seq IS NULL) AND (number IS NULL) = (year IS NULL)",
            name=op.f("ck_documents_numbered_when_issued"),
        ),
        sa.CheckConstraint(
            "kind IN ('invoice', 'pro_forma', 'credit_note')", name=op.f("ck_documents_kind")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'issued', 'sent', 'void')", name=op.f("ck_documents_status")
        ),
        sa.ForeignKeyConstraint(["corrects"], ["documents.id"], name=op.f("fk_documents_corrects")),
        sa.ForeignKeyConstraint(
            ["customer"], ["customers.code"], name=op.f("fk_documents_customer")
        ),
        sa.ForeignKeyConstraint(
            ["frame_order"], ["frame_orders.number"], name=op.f("fk_documents_frame_order")
        ),
        sa.ForeignKeyConstraint(["number"], ["numbers.number"], name=op.f("fk_documents_number")),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_documents_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("kind", "year", "seq", name=op.f("uq_documents_kind_year_seq")),
        sa.UniqueConstraint("number", name=op.f("uq_documents_number")),
    )
    op.create_table(
        "tasks",
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("billing_type", sa.Text(), nullable=True),
        sa.Column("bill_rate", sa.BigInteger(), nullable=True),
        sa.Column("billing_rule", sa.Text(), nullable=True),
        sa.Column("rate_table", sa.Text(), nullable=True),
        sa.Column("tax_code", sa.Text(), nullable=True),
        sa.Column("billing_option", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=True),
        sa.Column(
            "bill_separately",
            sa.Boolean(create_constraint=True, name="bill_separately"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "billing_option IN ('period', 'task_completion', 'project_completion')",
            name=op.f("ck_tasks_billing_option"),
        ),
        sa.CheckConstraint(
            "billing_type IN ('tm', 'fixed', 'overhead')", name=op.f("ck_tasks_billing_type")
        ),
        sa.CheckConstraint(
            "status IN ('planned', 'active', 'suspended', 'completed', 'cancelled')",
            name=op.f("ck_tasks_status"),
        ),
        sa.ForeignKeyConstraint(["project"], ["projects.code"], name=op.f("fk_tasks_project")),
        sa.ForeignKeyConstraint(["tax_code"], ["tax_codes.code"], name=op.f("fk_tasks_tax_code")),
        sa.PrimaryKeyConstraint("project", "code", name=op.f("pk_tasks")),
    )
    op.create_table(
        "bill_rates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rate", sa.BigInteger(), nullable=False),
        sa.Column("customer", sa.Text(), nullable=True),
        sa.Column("project", sa.Text(), nullable=True),
        sa.Column("task", sa.Text(), nullable=True),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("since", sa.Text(), nullable=True),
        sa.Column("until", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer"], ["customers.code"], name=op.f("fk_bill_rates_customer")
        ),
        sa.ForeignKeyConstraint(["person"], ["people.code"], name=op.f("fk_bill_rates_person")),
        sa.ForeignKeyConstraint(
            ["project", "task"],
            ["tasks.project", "tasks.code"],
            name=op.f("fk_bill_rates_project_task"),
        ),
        sa.ForeignKeyConstraint(["project"], ["projects.code"], name=op.f("fk_bill_rates_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bill_rates")),
    )
    op.create_table(
        "document_lines",
        sa.Column("document", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("task", sa.Text(), nullable=True),
        sa.Column("item", sa.Text(), nullable=True),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("tax_code", sa.Text(), nullable=False),
        sa.Column("tax_percent", sa.BigInteger(), nullable=False),
        sa.Column("date", sa.Text(), nullable=True),
        sa.CheckConstraint("kind IN ('time', 'material')", name=op.f("ck_document_lines_kind")),
        sa.ForeignKeyConstraint(
            ["document"], ["documents.id"], name=op.f("fk_document_lines_document")
        ),
        sa.PrimaryKeyConstraint("document", "line", name=op.f("pk_document_lines")),
    )
    op.create_table(
        "document_taxes",
        sa.Column("document", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("percent", sa.BigInteger(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("base", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "category IN ('S', 'Z', 'E', 'AE', 'K', 'G', 'O')",
            name=op.f("ck_document_taxes_category"),
        ),
        sa.ForeignKeyConstraint(
            ["document"], ["documents.id"], name=op.f("fk_document_taxes_document")
        ),
        sa.PrimaryKeyConstraint("document", "code", "percent", name=op.f("pk_document_taxes")),
    )
    op.create_table(
        "entries",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("date", sa.Text(), nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("billable_quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("account_group", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("item", sa.Text(), nullable=True),
        sa.Column("vendor", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("unit_cost", sa.BigInteger(), nullable=True),
        sa.Column("cost_amount", sa.BigInteger(), nullable=True),
        sa.Column("bill_rate", sa.BigInteger(), nullable=True),
        sa.Column("billable", sa.Boolean(create_constraint=True, name="billable"), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("approved_on", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("billed_elsewhere", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("part_of", sa.Text(), nullable=True),
        sa.CheckConstraint("kind IN ('time', 'material')", name=op.f("ck_entries_kind")),
        sa.CheckConstraint(
            "state IN ('open', 'written_off', 'split')", name=op.f("ck_entries_state")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted', 'approved', 'rejected')",
            name=op.f("ck_entries_status"),
        ),
        sa.ForeignKeyConstraint(
            ["account_group"], ["account_groups.code"], name=op.f("fk_entries_account_group")
        ),
        sa.ForeignKeyConstraint(["item"], ["items.code"], name=op.f("fk_entries_item")),
        sa.ForeignKeyConstraint(["part_of"], ["entries.id"], name=op.f("fk_entries_part_of")),
        sa.ForeignKeyConstraint(["person"], ["people.code"], name=op.f("fk_entries_person")),
        sa.ForeignKeyConstraint(
            ["project", "task"],
            ["tasks.project", "tasks.code"],
            name=op.f("fk_entries_project_task"),
        ),
        sa.ForeignKeyConstraint(["vendor"], ["vendors.code"], name=op.f("fk_entries_vendor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
        sa.UniqueConstraint("source", "external_id", name=op.f("uq_entries_source_external_id")),
    )
    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entries_project"), ["project"], unique=False)

    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("date", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["documents.id"], name=op.f("fk_events_document")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_events_document"), ["document"], unique=False)

    op.create_table(
        "claims",
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("document", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["documents.id"], name=op.f("fk_claims_document")),
        sa.ForeignKeyConstraint(["entry"], ["entries.id"], name=op.f("fk_claims_entry")),
        sa.PrimaryKeyConstraint("entry", name=op.f("pk_claims")),
    )
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claims_document"), ["document"], unique=False)

    op.create_table(
        "decisions",
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("bill_quantity", sa.BigInteger(), nullable=True),
        sa.Column("rest", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "decision IN ('bill', 'defer', 'write_off')", name=op.f("ck_decisions_decision")
        ),
        sa.CheckConstraint(
            "rest IN ('bill', 'defer', 'write_off')", name=op.f("ck_decisions_rest")
        ),
        sa.ForeignKeyConstraint(["entry"], ["entries.id"], name=op.f("fk_decisions_entry")),
        sa.PrimaryKeyConstraint("entry", name=op.f("pk_decisions")),
    )
    op.create_table(
        "document_entries",
        sa.Column("document", sa.Integer(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("rate", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("exact_amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document", "line"],
            ["document_lines.document", "document_lines.line"],
            name=op.f("fk_document_entries_document_line"),
        ),
        sa.ForeignKeyConstraint(["entry"], ["entries.id"], name=op.f("fk_document_entries_entry")),
        sa.PrimaryKeyConstraint("document", "entry", name=op.f("pk_document_entries")),
    )
    with op.batch_alter_table("document_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_entries_entry"), ["entry"], unique=False)

    op.create_table(
        "draw_downs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document", sa.Integer(), nullable=False),
        sa.Column("frame_order", sa.Text(), nullable=False),
        sa.Column("drawn", sa.BigInteger(), nullable=False),
        sa.Column("date", sa.Text(), nullable=False),
        sa.Column("event", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document"], ["documents.id"], name=op.f("fk_draw_downs_document")
        ),
        sa.ForeignKeyConstraint(["event"], ["events.id"], name=op.f("fk_draw_downs_event")),
        sa.ForeignKeyConstraint(
            ["frame_order"], ["frame_orders.number"], name=op.f("fk_draw_downs_frame_order")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw_downs")),
    )
    with op.batch_alter_table("draw_downs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draw_downs_document"), ["document"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_draw_downs_frame_order"), ["frame_order"], unique=False
        )

    op.create_table(
        "run_entries",
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("hours", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('bill', 'defer', 'write_off')", name=op.f("ck_run_entries_outcome")
        ),
        sa.ForeignKeyConstraint(["entry"], ["entries.id"], name=op.f("fk_run_entries_entry")),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_run_entries_run")),
        sa.PrimaryKeyConstraint("run", "entry", name=op.f("pk_run_entries")),
    )
    with op.batch_alter_table("run_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_run_entries_entry"), ["entry"], unique=False)

    # ### end Alembic commands ###
