"""The keys of the books file, in the order in which they are taken: their columns and checks."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TypeAlias

from timix_xl.domain.billing_rules import AggregateBy, NoRate, Step
from timix_xl.domain.entries import ApprovalStatus, BillingType, Kind
from timix_xl.domain.frame_orders import OrderState, Overrun
from timix_xl.domain.limits import OverLimit
from timix_xl.domain.money import ZERO
from timix_xl.domain.periods import BillingPeriod, CutOff
from timix_xl.domain.projects import BillingOption, ProjectStatus
from timix_xl.domain.rate_tables import Factor
from timix_xl.domain.settings import BillingSettings
from timix_xl.domain.tax import TaxCategory
from timix_xl.importing import (
    billing_rules,
    cells,
    checks,
    limits,
    opening,
    rate_tables,
    series,
)
from timix_xl.importing.faults import Trouble
from timix_xl.importing.rows import Column, Row
from timix_xl.importing.standing import Standing

Check: TypeAlias = Callable[[Row, Row | None, Standing], Iterable[Trouble]]
Settle: TypeAlias = Callable[[Row, Row | None, Standing], Row]


def _nothing_more(_: Row, __: Row | None, ___: Standing) -> Iterable[Trouble]:
    return ()


def _as_read(row: Row, _: Row | None, __: Standing) -> Row:
    return row


@dataclass(frozen=True, slots=True)
class Section:
    """A key: what a row is called, its columns, what is checked, what the store keeps of it.

    `look` finds what a person should look at in a row that is taken; `parent` names the column
    that points to another row of the same key.
    """

    name: str
    noun: str
    columns: Mapping[str, Column]
    check: Check = _nothing_more
    settle: Settle = _as_read
    look: Check = _nothing_more
    parent: str | None = None


def _code(name: str = "code", **more: object) -> Column:
    return Column(name, cells.code, example="A1", **more)  # type: ignore[arg-type]  # passed on as they are


def _ref(name: str, ref: str, **more: object) -> Column:
    return Column(name, cells.code, example="A1", ref=ref, **more)  # type: ignore[arg-type]  # passed on as they are


def _name(name: str = "name", **more: object) -> Column:
    return Column(name, cells.name, **{"default": "", **more})  # type: ignore[arg-type]  # passed on as they are


def _day(name: str, **more: object) -> Column:
    return Column(name, cells.day, example="2026-01-31", **more)  # type: ignore[arg-type]  # passed on as they are


def _rate(name: str, **more: object) -> Column:
    return Column(name, cells.RATE, example="95.00", **more)  # type: ignore[arg-type]  # passed on as they are


def _choice(name: str, members: Iterable[StrEnum], **more: object) -> Column:
    words = tuple(members)
    choices = tuple(word.value for word in words)
    return Column(name, cells.choice(words), choices=choices, **more)  # type: ignore[arg-type]  # passed on as they are


def _words(name: str, members: type[StrEnum], **more: object) -> Column:
    words = ", ".join(members)
    more = {"default": (), "example": words} | more
    return Column(name, cells.words(members), **more)  # type: ignore[arg-type]  # passed on as they are


def _formula(name: str, **more: object) -> Column:
    more = {"default": "", "example": "=[Entry.BillableQty]*@Rate"} | more
    return Column(name, cells.formula, **more)  # type: ignore[arg-type]  # passed on as they are


def _number(name: str) -> Column:
    return Column(name, _POSITION, needed=True, example="10")


def _flag(name: str, *, default: bool = False) -> Column:
    return Column(name, cells.truth, default=default)


def _by_name(*columns: Column) -> Mapping[str, Column]:
    return {column.name: column for column in columns}


_ADDRESS = (
    Column("address", cells.address, default=""),
    _name("postcode"),
    _name("city"),
    Column("country", cells.country, default=""),
)
_CURRENCY = Column("currency", cells.currency, needed=True, example="EUR")
_BILLING_TYPE = _choice("billing_type", BillingType)
_STATUS = _choice("status", ProjectStatus, default=ProjectStatus.ACTIVE)
_TERMS = cells.whole(0, 3650)
_POSITION = cells.whole(0, 99_999)
"""The number of a step or a sequence."""
_DEFAULTS = BillingSettings()

COMPANY = Section(
    "company",
    "company",
    _by_name(
        _name(needed=True),
        *_ADDRESS[:3],
        Column("country", cells.country, needed=True, example="DE"),
        _CURRENCY,
        *(_name(one) for one in ("tax_id", "iban", "bic", "email", "phone", "contact")),
        Column("brand_colour", cells.colour, default="#1F4E79"),
        _name("logo"),
    ),
    checks.company,
    checks.settle_company,
)

SETTINGS = Section(
    "settings",
    "settings",
    _by_name(
        _choice("cut_off", CutOff, default=_DEFAULTS.cut_off),
        _name("invoice_number", default=_DEFAULTS.invoice_number.text),
        _name("credit_note_number", default=_DEFAULTS.credit_note_number.text),
        _name("pro_forma_number", default=_DEFAULTS.pro_forma_number.text),
        Column("next_numbers", series.next_numbers, default={}),
        Column("payment_terms_days", _TERMS, default=_DEFAULTS.payment_terms_days),
        _choice("over_limit", OverLimit, default=OverLimit.VALIDATE),
        Column("locale", cells.locale, default=_DEFAULTS.locale),
    ),
    series.check,
    series.settle,
)

TAX_CODES = Section(
    "tax_codes",
    "tax code",
    _by_name(
        _code(needed=True),
        _choice("category", TaxCategory, needed=True, example="S"),
        Column(
            "rates",
            cells.name,
            needed=True,
            default=(),
            example='[{"percent": "19"}]',
            children=(
                _day("from", to="since"),
                Column("percent", cells.percent, needed=True, example="19"),
            ),
        ),
        Column("note", cells.description, default=""),
    ),
    checks.tax_code,
)

ACCOUNT_GROUPS = Section(
    "account_groups",
    "account group",
    _by_name(_code(needed=True), _name()),
    settle=checks.settle_account_group,
)

VENDORS = Section("vendors", "vendor", _by_name(_code(needed=True), _name()))

ITEMS = Section(
    "items",
    "item",
    _by_name(
        _code(needed=True),
        _name(),
        _name("unit", default="pcs"),
        _ref("tax_code", "tax_codes"),
        _ref("account_group", "account_groups"),
        Column(
            "prices",
            cells.name,
            default=(),
            children=(_day("from", to="since"), _rate("price", needed=True)),
        ),
    ),
    checks.item,
)

PEOPLE = Section(
    "people",
    "person",
    _by_name(
        _code(needed=True),
        _name(needed=True),
        _rate("bill_rate"),
        _rate("cost_rate"),
        _code("reports_to"),
    ),
    parent="reports_to",
)

CUSTOMERS = Section(
    "customers",
    "customer",
    _by_name(
        _code(needed=True),
        _name(needed=True),
        _CURRENCY,
        _ref("tax_code", "tax_codes", needed=True),
        *_ADDRESS,
        _name("tax_id"),
        _name("email"),
        Column("language", cells.locale, default="en"),
        _name("buyer_reference"),
        Column("payment_terms_days", _TERMS),
        _BILLING_TYPE,
        _rate("bill_rate"),
        Column(
            "locations",
            cells.name,
            default=(),
            children=(_code(needed=True), _name(), *_ADDRESS, _ref("tax_code", "tax_codes")),
        ),
    ),
    checks.customer,
    checks.settle_customer,
)

RATE_TABLES = Section(
    "rate_tables",
    "rate table",
    _by_name(
        _code(needed=True),
        _code("rate_type", needed=True),
        Column(
            "sequences",
            cells.name,
            needed=True,
            default=(),
            example='[{"seq": 1, "factors": ["project", "employee"]}]',
            children=(_number("seq"), _words("factors", Factor, needed=True)),
        ),
        Column(
            "rates",
            cells.name,
            needed=True,
            default=(),
            example='[{"seq": 1, "project": "P1", "employee": "ann", "rate": "95.00"}]',
            children=(
                _number("seq"),
                _rate("rate", needed=True),
                # Projects and tasks name rate tables, so they are taken after them.
                _ref("project", "projects", later=True),
                _code("task"),
                _ref("account_group", "account_groups"),
                _ref("item", "items"),
                _ref("employee", "people"),
                _day("from", to="since"),
                _day("to", to="until"),
            ),
        ),
    ),
    rate_tables.rate_table,
    rate_tables.settle_rate_table,
)

_STEP = {field.name: field.default for field in fields(Step)}

BILLING_RULES = Section(
    "billing_rules",
    "billing rule",
    _by_name(
        _code(needed=True),
        _name(),
        Column(
            "steps",
            cells.name,
            needed=True,
            default=(),
            example='[{"step": 10, "account_group": "LABOR", "amount": "=…"}]',
            children=(
                _number("step"),
                _ref("account_group", "account_groups", needed=True),
                _name("description"),
                _flag("active", default=True),
                _code("rate_type"),
                _choice("no_rate", NoRate, default=NoRate.ERROR),
                _formula("quantity", default=_STEP["quantity"]),
                _formula("amount", needed=True),
                _formula("line_description", default=_STEP["line_description"]),
                _formula("invoice_description"),
                _flag("include_non_billable"),
                _flag("create_zero_lines", default=True),
                _words("aggregate_by", AggregateBy),
                _name("invoice_group"),
            ),
        ),
    ),
    billing_rules.billing_rule,
    billing_rules.settle_billing_rule,
    billing_rules.look_at_rule,
)

PROJECTS = Section(
    "projects",
    "project",
    _by_name(
        _code(needed=True),
        _ref("customer", "customers", needed=True),
        _name(),
        _STATUS,
        _BILLING_TYPE,
        _rate("bill_rate"),
        _ref("billing_rule", "billing_rules"),
        _ref("rate_table", "rate_tables"),
        _ref("tax_code", "tax_codes"),
        _flag("pro_forma"),
        _choice("billing_period", BillingPeriod, default=BillingPeriod.ON_DEMAND),
        _day("start_date"),
        _day("last_billing_date"),
        _choice("cut_off", CutOff),
        _flag("material_at_cost"),
        _name("manager", default=None),
    ),
    checks.project,
    checks.settle_project,
)

TASKS = Section(
    "tasks",
    "task",
    _by_name(
        _ref("project", "projects", needed=True),
        _code(needed=True),
        _code("parent"),
        _name(),
        _STATUS,
        _BILLING_TYPE,
        _rate("bill_rate"),
        _ref("billing_rule", "billing_rules"),
        _ref("rate_table", "rate_tables"),
        _ref("tax_code", "tax_codes"),
        _choice("billing_option", BillingOption, default=BillingOption.PERIOD),
        _code("location"),
        _flag("bill_separately"),
    ),
    checks.task,
    parent="parent",
)

BILL_RATES = Section(
    "bill_rates",
    "bill rate",
    _by_name(
        _rate("rate", needed=True),
        _ref("customer", "customers"),
        _ref("project", "projects"),
        _code("task"),
        _ref("person", "people"),
        _day("from", to="since"),
        _day("to", to="until"),
    ),
    checks.bill_rate,
    checks.settle_bill_rate,
)

LIMITS = Section(
    "limits",
    "limit",
    _by_name(
        _ref("project", "projects", needed=True),
        Column("amount", cells.POSITIVE_AMOUNT, needed=True, example="25000.00"),
        _code("task"),
        _ref("account_group", "account_groups"),
    ),
    limits.limit,
    limits.settle_limit,
    limits.look_at_limit,
)

FRAME_ORDERS = Section(
    "frame_orders",
    "frame order",
    _by_name(
        _code("number", needed=True),
        _ref("customer", "customers", needed=True),
        Column("total_hours", cells.POSITIVE_HOURS),
        Column("total_amount", cells.POSITIVE_AMOUNT),
        _name("title"),
        _name("po_number"),
        # Below 0 where corrections gave the order more back than was drawn on it.
        Column("billed_before", cells.AMOUNT, default=ZERO),
        _day("valid_from"),
        _day("valid_to"),
        _choice("overrun", Overrun, default=Overrun.BLOCK),
        _choice("state", (OrderState.OPEN, OrderState.CLOSED), default=OrderState.OPEN),
    ),
    opening.frame_order,
    opening.settle_frame_order,
)

OPEN_INVOICES = Section(
    "open_invoices",
    "open invoice",
    _by_name(
        _code("number", needed=True),
        _ref("customer", "customers", needed=True),
        _day("issue_date", needed=True),
        Column("total", cells.AMOUNT, needed=True, example="1190.00"),
        _day("due_date"),
        Column("paid", cells.AMOUNT, default=ZERO),
    ),
    opening.open_invoice,
    opening.settle_open_invoice,
    opening.look_at_open_invoice,
)

ENTRIES = Section(
    "entries",
    "entry",
    _by_name(
        Column("id", cells.entry_id, needed=True, example="A1"),
        _day("date", needed=True),
        _ref("project", "projects", needed=True),
        Column("quantity", cells.QUANTITY, needed=True, example="7.5"),
        _code("task"),
        _ref("person", "people"),
        _choice("kind", (Kind.TIME, Kind.MATERIAL, Kind.REMAINDER), default=Kind.TIME),
        _ref("account_group", "account_groups"),
        _ref("item", "items"),
        _ref("vendor", "vendors"),
        Column("description", cells.description, default=""),
        Column("billable_quantity", cells.QUANTITY),
        _name("unit", default=None),
        _rate("unit_cost"),
        Column("cost_amount", cells.AMOUNT),
        _rate("bill_rate"),
        Column("currency", cells.currency),
        _flag("billable", default=True),
        _choice("status", ApprovalStatus),
        _name("approved_by", default=None),
        _day("approved_on"),
        _name("source", default=None),
        _name("external_id", default=None),
        _name("billed_elsewhere", default=None),
        _ref("frame_order", "frame_orders"),
        Column("part_of", cells.entry_id),
        Column("face_amount", cells.AMOUNT),
        _ref("tax_code", "tax_codes"),
        Column("tax_percent", cells.percent),
        _day("covered_on"),
    ),
)

MASTER = (
    *(COMPANY, SETTINGS, TAX_CODES, ACCOUNT_GROUPS, VENDORS, ITEMS, PEOPLE, CUSTOMERS),
    *(RATE_TABLES, BILLING_RULES, PROJECTS, TASKS, BILL_RATES, LIMITS),
    *(FRAME_ORDERS, OPEN_INVOICES),
)
SINGLE = ("company", "settings")
KEYS = (*(section.name for section in MASTER), ENTRIES.name)
NOUNS = {section.name: section.noun for section in (*MASTER, ENTRIES)}
