"""The schema: constraints first, scaled integers for numbers.

Amounts are minor units of the row's currency, quantities 10^-4, rates 10^-6, percents 10^-4. The
quantities of a frame order are 10^-4 hours, or minor units of its currency. What is frozen, and
what may not be overdrawn, is guarded by the triggers of `triggers.py`.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

from timix_xl.domain.billing_rules import NoRate
from timix_xl.domain.entries import (
    ApprovalStatus,
    BillingType,
    Decision,
    EntryEventKind,
    EntryState,
    Kind,
)
from timix_xl.domain.frame_orders import OrderState, Overrun
from timix_xl.domain.invoices import Becomes, DocumentKind, LineStatus, Status
from timix_xl.domain.money import PERCENT_PLACES, QUANTITY_PLACES, RATE_PLACES
from timix_xl.domain.periods import BillingPeriod, ClosingKind, CutOff
from timix_xl.domain.pro_formas import ProFormaState
from timix_xl.domain.projects import BillingOption, ProjectStatus
from timix_xl.domain.tax import TaxCategory
from timix_xl.store.columns import Choice, Day, Flag, Scaled

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

QUANTITY = Scaled(QUANTITY_PLACES)
RATE = Scaled(RATE_PLACES)
PERCENT = Scaled(PERCENT_PLACES)
MINOR = BigInteger()


def _key(name: str = "code") -> Column[str]:
    return Column(name, Text, primary_key=True)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, default="")


def _ref(name: str, target: str, *, needed: bool = False, key: bool = False) -> Column[str]:
    return Column(name, Text, ForeignKey(target), nullable=not (needed or key), primary_key=key)


def _address() -> list[Column[str]]:
    return [_text(name) for name in ("address", "postcode", "city", "country")]


meta = Table("meta", metadata, _key("key"), Column("value", Text, nullable=False))

blobs = Table("blobs", metadata, _key("sha256"), Column("content", LargeBinary, nullable=False))

company = Table(
    "company",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("currency", Text, nullable=False),
    *_address(),
    *(_text(name) for name in ("tax_id", "iban", "bic", "email", "phone", "contact")),
    _text("brand_colour"),
    _text("logo"),
    CheckConstraint("id = 1", name="single"),
)

settings = Table(
    "settings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("cut_off", Choice(CutOff), nullable=False),
    *(_text(f"{kind}_number") for kind in ("invoice", "credit_note", "pro_forma")),
    Column("payment_terms_days", Integer, nullable=False),
    _text("over_limit"),
    _text("locale"),
    CheckConstraint("id = 1", name="single"),
)

tax_codes = Table(
    "tax_codes",
    metadata,
    _key(),
    Column("category", Choice(TaxCategory), nullable=False),
    _text("note"),
)

tax_rates = Table(
    "tax_rates",
    metadata,
    _ref("tax_code", "tax_codes.code", key=True),
    Column("position", Integer, primary_key=True),
    Column("since", Day),
    Column("percent", PERCENT, nullable=False),
)

account_groups = Table("account_groups", metadata, _key(), _text("name"))

vendors = Table("vendors", metadata, _key(), _text("name"))

items = Table(
    "items",
    metadata,
    _key(),
    _text("name"),
    _text("unit"),
    _ref("tax_code", "tax_codes.code"),
    _ref("account_group", "account_groups.code"),
)

item_prices = Table(
    "item_prices",
    metadata,
    _ref("item", "items.code", key=True),
    Column("position", Integer, primary_key=True),
    Column("since", Day),
    Column("price", RATE, nullable=False),
)

customers = Table(
    "customers",
    metadata,
    _key(),
    Column("name", Text, nullable=False),
    Column("currency", Text, nullable=False),
    _ref("tax_code", "tax_codes.code", needed=True),
    *_address(),
    *(_text(name) for name in ("tax_id", "email", "language", "buyer_reference")),
    Column("payment_terms_days", Integer),
    Column("billing_type", Choice(BillingType)),
    Column("bill_rate", RATE),
)

locations = Table(
    "locations",
    metadata,
    _ref("customer", "customers.code", key=True),
    _key(),
    _text("name"),
    *_address(),
    _ref("tax_code", "tax_codes.code"),
)

people = Table(
    "people",
    metadata,
    _key(),
    Column("name", Text, nullable=False),
    Column("bill_rate", RATE),
    Column("cost_rate", RATE),
    Column("reports_to", Text),
)

projects = Table(
    "projects",
    metadata,
    _key(),
    _ref("customer", "customers.code", needed=True),
    _text("name"),
    Column("status", Choice(ProjectStatus), nullable=False),
    Column("billing_type", Choice(BillingType)),
    Column("bill_rate", RATE),
    Column("billing_rule", Text),
    Column("rate_table", Text),
    _ref("tax_code", "tax_codes.code"),
    Column("pro_forma", Flag(), nullable=False),
    Column(
        "billing_period",
        Choice(BillingPeriod),
        nullable=False,
    ),
    Column("start_date", Day),
    Column("last_billing_date", Day),
    Column("cut_off", Choice(CutOff)),
    Column("material_at_cost", Flag(), nullable=False),
    Column("manager", Text),
)

tasks = Table(
    "tasks",
    metadata,
    _ref("project", "projects.code", key=True),
    _key(),
    Column("parent", Text),
    _text("name"),
    Column("status", Choice(ProjectStatus), nullable=False),
    Column("billing_type", Choice(BillingType)),
    Column("bill_rate", RATE),
    Column("billing_rule", Text),
    Column("rate_table", Text),
    _ref("tax_code", "tax_codes.code"),
    Column(
        "billing_option",
        Choice(BillingOption),
        nullable=False,
    ),
    Column("location", Text),
    Column("bill_separately", Flag(), nullable=False),
)

bill_rates = Table(
    "bill_rates",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("rate", RATE, nullable=False),
    _ref("customer", "customers.code"),
    _ref("project", "projects.code"),
    Column("task", Text),
    _ref("person", "people.code"),
    Column("since", Day),
    Column("until", Day),
    ForeignKeyConstraint(["project", "task"], ["tasks.project", "tasks.code"]),
)

billing_rules = Table("billing_rules", metadata, _key(), _text("name"))

rule_steps = Table(
    "rule_steps",
    metadata,
    _ref("rule", "billing_rules.code", key=True),
    Column("step", Integer, primary_key=True),
    _ref("account_group", "account_groups.code", needed=True),
    _text("description"),
    Column("active", Flag(), nullable=False),
    Column("rate_type", Text),
    Column("no_rate", Choice(NoRate), nullable=False),
    *(_text(name) for name in ("quantity", "amount", "line_description", "invoice_description")),
    Column(
        "include_non_billable",
        Flag(),
        nullable=False,
    ),
    Column(
        "create_zero_lines",
        Flag(),
        nullable=False,
    ),
    _text("aggregate_by"),
    _text("invoice_group"),
)
"""`aggregate_by` is words with a blank between them."""

rate_tables = Table(
    "rate_tables",
    metadata,
    _key(),
    _key("rate_type"),
)

rate_sequences = Table(
    "rate_sequences",
    metadata,
    _key("rate_table"),
    _key("rate_type"),
    Column("seq", Integer, primary_key=True),
    _text("factors"),
    ForeignKeyConstraint(
        ["rate_table", "rate_type"], ["rate_tables.code", "rate_tables.rate_type"]
    ),
)
"""`factors` is words with a blank between them."""

table_rates = Table(
    "table_rates",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("rate_table", Text, nullable=False),
    Column("rate_type", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("rate", RATE, nullable=False),
    *(Column(name, Text) for name in ("project", "task", "account_group", "item", "employee")),
    Column("since", Day),
    Column("until", Day),
    ForeignKeyConstraint(
        ["rate_table", "rate_type", "seq"],
        ["rate_sequences.rate_table", "rate_sequences.rate_type", "rate_sequences.seq"],
    ),
)

limits = Table(
    "limits",
    metadata,
    Column("id", Integer, primary_key=True),
    _ref("project", "projects.code", needed=True),
    Column("task", Text),
    _ref("account_group", "account_groups.code"),
    Column("amount", MINOR, nullable=False),
    ForeignKeyConstraint(["project", "task"], ["tasks.project", "tasks.code"]),
)
"""The amount is in minor units of the customer's currency."""

frame_orders = Table(
    "frame_orders",
    metadata,
    _key("number"),
    _ref("customer", "customers.code", needed=True),
    Column("unit", Text, nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("billed_before", BigInteger, nullable=False, default=0),
    _text("title"),
    _text("po_number"),
    Column("valid_from", Day),
    Column("valid_to", Day),
    Column("overrun", Choice(Overrun), nullable=False),
    Column("state", Choice(OrderState), nullable=False),
    CheckConstraint("total > 0", name="total"),
)

entries = Table(
    "entries",
    metadata,
    _key("id"),
    Column("date", Day, nullable=False),
    Column("project", Text, nullable=False, index=True),
    Column("task", Text, nullable=False),
    Column("kind", Choice(Kind), nullable=False),
    Column("quantity", QUANTITY, nullable=False),
    Column("billable_quantity", QUANTITY, nullable=False),
    Column("unit", Text, nullable=False),
    Column("currency", Text, nullable=False),
    _ref("account_group", "account_groups.code", needed=True),
    _ref("person", "people.code"),
    _ref("item", "items.code"),
    _ref("vendor", "vendors.code"),
    _text("description"),
    Column("unit_cost", RATE),
    Column("cost_amount", MINOR),
    Column("bill_rate", RATE),
    Column("billable", Flag(), nullable=False),
    Column("status", Choice(ApprovalStatus), nullable=False),
    Column("approved_by", Text),
    Column("approved_on", Day),
    Column("source", Text),
    Column("external_id", Text),
    Column("billed_elsewhere", Text),
    Column("state", Choice(EntryState), nullable=False),
    _ref("part_of", "entries.id"),
    ForeignKeyConstraint(["project", "task"], ["tasks.project", "tasks.code"]),
    UniqueConstraint("source", "external_id"),
    _ref("frame_order", "frame_orders.number"),
    Column("wip_from", Day),
    Column("face_amount", MINOR),
    Column("of_document", Integer, ForeignKey("documents.id")),
    Column("of_line", Integer),
    _ref("tax_code", "tax_codes.code"),
    Column("tax_percent", PERCENT),
    Column("covered_on", Day),
)
"""The last six are of remainders and reversals: what they are worth, and the document and the line
that held them back, with what they keep of it."""

entry_events = Table(
    "entry_events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("entry", Text, ForeignKey("entries.id"), nullable=False, index=True),
    Column("kind", Choice(EntryEventKind), nullable=False),
    Column("date", Day, nullable=False),
    _text("reason"),
    Column("by", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("hash", Text, nullable=False),
)

decisions = Table(
    "decisions",
    metadata,
    _ref("entry", "entries.id", key=True),
    Column("decision", Choice(Decision)),
    Column("bill_quantity", QUANTITY),
    Column("rest", Choice(Decision)),
    _text("reason"),
    Column("version", Integer, nullable=False),
    _text("decided_by"),
    _text("decided_at"),
)

series = Table(
    "series",
    metadata,
    Column("kind", Choice(DocumentKind), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("next_seq", Integer, nullable=False),
    Column("first_seq", Integer, nullable=False),
    Column("last_issue_date", Day),
    _text("head"),
    CheckConstraint("next_seq >= 1", name="next_seq"),
)

numbers = Table(
    "numbers",
    metadata,
    _key("number"),
    Column("taken_by", Text, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    _ref("customer", "customers.code", needed=True),
    Column("currency", Text, nullable=False),
    Column("billing_date", Day, nullable=False),
    Column("issue_date", Day, nullable=False),
    Column("rounding", MINOR, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Text, nullable=False),
)

run_entries = Table(
    "run_entries",
    metadata,
    Column("run", Integer, ForeignKey("runs.id"), primary_key=True),
    Column("entry", Text, ForeignKey("entries.id"), primary_key=True, index=True),
    Column("outcome", Choice(Decision), nullable=False),
    Column("hours", QUANTITY, nullable=False),
    Column("amount", MINOR, nullable=False),
    _text("reason"),
    Column("whole_amount", MINOR),
)
"""`whole_amount` is what the entry was worth that the run split; its two parts have it."""

documents = Table(
    "documents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Choice(DocumentKind), nullable=False),
    Column("number", Text, ForeignKey("numbers.number"), unique=True),
    Column("year", Integer),
    Column("seq", Integer),
    Column("revision", Integer),
    _ref("customer", "customers.code", needed=True),
    Column("location", Text),
    Column("currency", Text, nullable=False),
    Column("billing_date", Day, nullable=False),
    Column("issue_date", Day, nullable=False),
    Column("due_date", Day, nullable=False),
    _ref("frame_order", "frame_orders.number"),
    Column("corrects", Integer, ForeignKey("documents.id")),
    Column("hours", QUANTITY, nullable=False),
    Column("subtotal", MINOR, nullable=False),
    Column("tax", MINOR, nullable=False),
    Column("total", MINOR, nullable=False),
    Column("run", Integer, ForeignKey("runs.id")),
    Column("made_by", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("status", Choice(Status), nullable=False),
    Column("content", Text, nullable=False),
    Column("previous_seal", Text),
    Column("seal", Text),
    UniqueConstraint("kind", "year", "seq"),
    CheckConstraint(
        "(status = 'draft') = (seal IS NULL)"
        " AND (seal IS NULL) = (previous_seal IS NULL)"
        " AND (kind = 'pro_forma' OR (status = 'draft') = (number IS NULL))"
        " AND (number IS NULL) = (seq IS NULL) AND (number IS NULL) = (year IS NULL)",
        name="numbered_when_issued",
    ),
)

document_lines = Table(
    "document_lines",
    metadata,
    Column("document", Integer, ForeignKey("documents.id"), primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("project", Text, nullable=False),
    Column("task", Text),
    Column("item", Text),
    Column("person", Text),
    Column("description", Text, nullable=False),
    Column("kind", Choice(Kind), nullable=False),
    Column("quantity", QUANTITY, nullable=False),
    Column("unit", Text, nullable=False),
    Column("unit_price", RATE, nullable=False),
    Column("amount", MINOR, nullable=False),
    Column("tax_code", Text, nullable=False),
    Column("tax_percent", PERCENT, nullable=False),
    Column("date", Day),
    Column("of_line", Integer),
    Column("step", Integer),
    Column("account_group", Text),
    Column("billed_quantity", QUANTITY),
    Column("billed_amount", MINOR),
    Column("status", Choice(LineStatus)),
    Column("held", MINOR),
    Column("written_off", MINOR),
    Column("printed", Integer),
    CheckConstraint("printed IN (0)", name="printed"),
)
"""`printed` is 0 for lines that are not, and NULL for the others; so are `held`, `written_off`."""

document_entries = Table(
    "document_entries",
    metadata,
    Column("document", Integer, primary_key=True),
    Column("entry", Text, ForeignKey("entries.id"), primary_key=True, index=True),
    Column("line", Integer, nullable=False),
    Column("quantity", QUANTITY, nullable=False),
    Column("rate", RATE, nullable=False),
    Column("amount", MINOR, nullable=False),
    Column("exact_amount", MINOR, nullable=False),
    ForeignKeyConstraint(["document", "line"], ["document_lines.document", "document_lines.line"]),
    Column("becomes", Choice(Becomes)),
    Column("own_quantity", QUANTITY),
    Column("held", MINOR),
    Column("written_off", MINOR),
    Column("raised", MINOR),
)

pro_formas = Table(
    "pro_formas",
    metadata,
    Column("document", Integer, ForeignKey("documents.id"), primary_key=True),
    Column("number", Text, ForeignKey("numbers.number"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("year", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    _ref("project", "projects.code", needed=True),
    Column("state", Choice(ProFormaState), nullable=False),
    Column("version", Integer, nullable=False),
    Column("released_to", Integer, ForeignKey("documents.id")),
    Column("put_back", Integer, nullable=False, default=0),
    _text("reason"),
    UniqueConstraint("number", "revision"),
    CheckConstraint("(state = 'closed') = (released_to IS NOT NULL)", name="released"),
    CheckConstraint("put_back IN (0, 1)", name="put_back"),
    CheckConstraint("revision >= 1", name="revision"),
)
"""A pro forma is a document of its kind that stays a draft without a number; here is what it has
besides. `version` counts its edits; `put_back` is 1 after its invoice was voided; `reason` says
why a revision corrects the one before."""

document_taxes = Table(
    "document_taxes",
    metadata,
    Column("document", Integer, ForeignKey("documents.id"), primary_key=True),
    _key("code"),
    Column("percent", PERCENT, primary_key=True),
    Column("category", Choice(TaxCategory), nullable=False),
    Column("base", MINOR, nullable=False),
    Column("amount", MINOR, nullable=False),
    _text("note"),
)

claims = Table(
    "claims",
    metadata,
    _ref("entry", "entries.id", key=True),
    Column("document", Integer, ForeignKey("documents.id"), nullable=False, index=True),
)

events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("document", Integer, ForeignKey("documents.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("date", Day, nullable=False),
    Column("amount", MINOR),
    _text("reference"),
    _text("reason"),
    _text("detail"),
    Column("by", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("hash", Text, nullable=False),
)

draw_downs = Table(
    "draw_downs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("document", Integer, ForeignKey("documents.id"), nullable=False, index=True),
    Column("frame_order", Text, ForeignKey("frame_orders.number"), nullable=False, index=True),
    Column("drawn", BigInteger, nullable=False),
    Column("date", Day, nullable=False),
    Column("event", Integer, ForeignKey("events.id")),
)

audit_log = Table(
    "audit_log",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("object", Text, nullable=False),
    _text("before"),
    _text("after"),
    Column("hash", Text, nullable=False),
)

chains = Table(
    "chains",
    metadata,
    _key("name"),
    Column("length", Integer, nullable=False),
    Column("head", Text, nullable=False),
)

requests = Table(
    "requests",
    metadata,
    _key("id"),
    Column("action", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("result", Text, nullable=False),
)

open_invoices = Table(
    "open_invoices",
    metadata,
    Column("number", Text, ForeignKey("numbers.number"), primary_key=True),
    _ref("customer", "customers.code", needed=True),
    Column("issue_date", Day, nullable=False),
    Column("due_date", Day, nullable=False),
    Column("total", MINOR, nullable=False),
    Column("paid", MINOR, nullable=False),
)

closings = Table(
    "closings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("month", Text, nullable=False),
    Column("until", Day, nullable=False),
    Column("kind", Choice(ClosingKind), nullable=False),
    _text("reason"),
    _text("figures"),
    Column("by", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("hash", Text, nullable=False),
)

closing_entries = Table(
    "closing_entries",
    metadata,
    Column("closing", Integer, ForeignKey("closings.id"), primary_key=True),
    Column("entry", Text, ForeignKey("entries.id"), primary_key=True, index=True),
    Column("hours", QUANTITY, nullable=False),
    Column("amount", MINOR, nullable=False),
)

export_mappings = Table(
    "export_mappings",
    metadata,
    _key("fingerprint"),
    _text("name"),
    Column("content", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Text, nullable=False),
)


def _close_sets() -> None:
    """Let the database refuse a word that its closed set does not have."""
    for table in metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, Choice):
                known = ", ".join(f"'{word.value}'" for word in column.type.kind)
                one_of = CheckConstraint(f"{column.name} IN ({known})", name=column.name)
                table.append_constraint(one_of)
            elif isinstance(column.type, Flag):
                table.append_constraint(
                    CheckConstraint(f"{column.name} IN (0, 1)", name=column.name)
                )


_close_sets()

FROZEN = (document_lines, document_entries, document_taxes)
"""Rows of a document: frozen as soon as it is issued."""

APPEND_ONLY = (
    *(events, entry_events, closings, closing_entries, audit_log),
    *(runs, run_entries, numbers, blobs, requests),
)
"""Rows that are never changed or deleted."""

CHAINED = (events, entry_events, closings, audit_log)
"""Rows that are hashed, each over its predecessor."""
