"""Every kind of fault: what is in the file, which code it gets, and that nothing is written."""

from typing import Any

import pytest

from timix_xl.importing import faults
from timix_xl.importing.faults import FaultKind

ANNA = {"code": "anna", "name": "Anna"}
ACME = {"code": "ACME", "name": "Acme AG", "currency": "EUR", "tax_code": "S19"}
ACME["locations"] = [{"code": "NORTH", "name": "North"}]  # type: ignore[assignment]  # any JSON
COMPANY = {"name": "Tinker Ltd", "country": "DE", "currency": "EUR"}
NEW = {"id": "N1", "date": "2026-01-20", "project": "P1", "task": "build", "quantity": "1"}
MATERIAL = {**NEW, "kind": "material", "item": "BOLT"}
ORDER = {"number": "FO9", "customer": "ACME", "total_hours": "10"}
OWED = {"number": "OLD-9", "customer": "ACME", "issue_date": "2025-12-01", "total": "10"}
PROJECT = {"code": "Q", "customer": "ACME"}
TASK = {"project": "P1", "code": "t"}
STEP = {"step": 10, "account_group": "LABOR", "amount": "=[Entry.BillableQty]*100"}
RULE = {"code": "R", "steps": [STEP]}
BY_ITEM = {"seq": 1, "factors": ["item"]}
RATE = {"seq": 1, "item": "BOLT", "rate": "9"}
TABLE = {"code": "T", "rate_type": "STD", "sequences": [BY_ITEM], "rates": [RATE]}
LIMIT = {"project": "P1", "task": "walls", "amount": "100"}
REMAINDER = {
    **NEW,
    "id": "R:OLD-6:2",
    "kind": "remainder",
    "quantity": 0,
    "account_group": "LABOR",
    "face_amount": "40.50",
    "tax_code": "S19",
    "tax_percent": "19",
}
E1 = {**NEW, "id": "E1", "source": "clock", "external_id": "17"}
TAX = {"code": "X", "category": "S"}

CASES: list[tuple[FaultKind, str, str, Any]] = [
    (faults.UNKNOWN_KEY, "people", "nme", [{**ANNA, "nme": "A"}]),
    (faults.UNKNOWN_KEY, "custmers", "custmers", []),
    (faults.UNKNOWN_KEY, "customers", "locations[0].cod", [{**ACME, "locations": [{"cod": "A"}]}]),
    (faults.UNKNOWN_KEY, "settings", "next_numbers.bill", {"next_numbers": {"bill": 2}}),
    (faults.UNKNOWN_KEY, "settings", "next_numbers.invoice", {"next_numbers": {"invoice": 2}}),
    (faults.MISSING, "people", "name", [{"code": "x", "name": " "}]),
    (faults.MISSING, "company", "currency", {"name": "T", "country": "DE"}),
    (faults.NOT_A_NUMBER, "people", "bill_rate", [{**ANNA, "bill_rate": "1_0"}]),
    (faults.NOT_A_NUMBER, "people", "bill_rate", [{**ANNA, "bill_rate": "８"}]),
    (faults.NOT_A_NUMBER, "people", "bill_rate", [{**ANNA, "bill_rate": "1e3"}]),
    (faults.NOT_A_NUMBER, "people", "bill_rate", [{**ANNA, "bill_rate": 1e300}]),
    (faults.NOT_A_NUMBER, "people", "bill_rate", [{**ANNA, "bill_rate": float("nan")}]),
    (faults.NOT_A_NUMBER, "people", "bill_rate", [{**ANNA, "bill_rate": True}]),
    (faults.NOT_A_NUMBER, "people", "bill_rate", [{**ANNA, "bill_rate": ["1"]}]),
    (faults.NOT_A_NUMBER, "people", "bill_rate", [{**ANNA, "bill_rate": "8 h"}]),
    (faults.IS_A_PERCENTAGE, "people", "bill_rate", [{**ANNA, "bill_rate": "19%"}]),
    (faults.DECIMAL_COMMA, "people", "bill_rate", [{**ANNA, "bill_rate": "1.234,50"}]),
    (faults.TOO_MANY_DIGITS, "people", "bill_rate", [{**ANNA, "bill_rate": "1" * 20}]),
    (faults.TOO_MANY_DECIMALS, "people", "bill_rate", [{**ANNA, "bill_rate": "1.1234567"}]),
    (faults.TOO_MANY_DECIMALS, "entries", "quantity", [{**NEW, "quantity": "1.00001"}]),
    (faults.TOO_MANY_DECIMALS, "entries", "cost_amount", [{**NEW, "cost_amount": "1.001"}]),
    (
        faults.TOO_MANY_DECIMALS,
        "open_invoices",
        "total",
        [{**OWED, "customer": "YEN", "total": "1.5"}],
    ),
    (faults.OUT_OF_RANGE, "people", "bill_rate", [{**ANNA, "bill_rate": "-1"}]),
    (faults.OUT_OF_RANGE, "open_invoices", "paid", [{**OWED, "paid": "-1"}]),
    (faults.OUT_OF_RANGE, "frame_orders", "total_hours", [{**ORDER, "total_hours": "0"}]),
    (faults.NOT_A_DATE, "entries", "date", [{**NEW, "date": "03/04/2026"}]),
    (faults.NOT_A_DATE, "entries", "date", [{**NEW, "date": "2026-02-30"}]),
    (faults.NOT_A_DATE, "entries", "date", [{**NEW, "date": "1926-02-03"}]),
    (faults.NOT_A_DATE, "entries", "date", [{**NEW, "date": 46000}]),
    (faults.NOT_A_CHOICE, "entries", "status", [{**NEW, "status": "done"}]),
    (faults.APPROVED_AHEAD, "entries", "approved_on", [{**NEW, "approved_on": "2026-02-03"}]),
    (faults.NOT_TRUE_OR_FALSE, "entries", "billable", [{**NEW, "billable": "maybe"}]),
    (faults.NOT_TEXT, "people", "code", [{"code": 17, "name": "Q"}]),
    (faults.NOT_TEXT, "people", "name", [{"code": "q", "name": {"first": "Q"}}]),
    (faults.CONTROL_CHARACTER, "people", "code", [{"code": "a\nb", "name": "Q"}]),
    (faults.CONTROL_CHARACTER, "people", "name", [{"code": "q", "name": "a\x00b"}]),
    (faults.CONTROL_CHARACTER, "entries", "description", [{**NEW, "description": "\ud800"}]),
    (faults.TEXT_TOO_LONG, "people", "code", [{"code": "x" * 65, "name": "Q"}]),
    (faults.TEXT_TOO_LONG, "entries", "description", [{**NEW, "description": "x" * 10_001}]),
    (faults.NOT_A_CURRENCY, "company", "currency", {**COMPANY, "currency": "eur"}),
    (faults.NOT_A_COUNTRY, "company", "country", {**COMPANY, "country": "Germany"}),
    (faults.NOT_A_COLOUR, "company", "brand_colour", {**COMPANY, "brand_colour": "blue"}),
    (faults.NOT_A_LIST, "people", "people", {"code": "x"}),
    (faults.NOT_A_LIST, "people", "", ["anna"]),
    (faults.NOT_A_LIST, "tax_codes", "rates", [{**TAX, "rates": "19"}]),
    (faults.NOT_A_LIST, "settings", "next_numbers", {"next_numbers": [1]}),
    (faults.NOT_A_LOCALE, "settings", "locale", {"locale": "klingon"}),
    (faults.NOT_A_LOCALE, "settings", "locale", {"locale": "xx"}),
    (faults.UNKNOWN_CODE, "customers", "tax_code", [{**ACME, "tax_code": "S7"}]),
    (faults.UNKNOWN_CODE, "people", "reports_to", [{**ANNA, "reports_to": "zoe"}]),
    (faults.UNKNOWN_CODE, "tasks", "parent", [{"project": "P1", "code": "t", "parent": "no"}]),
    (faults.UNKNOWN_CODE, "entries", "task", [{**NEW, "task": "no"}]),
    (faults.UNKNOWN_CODE, "bill_rates", "task", [{"rate": "1", "project": "P1", "task": "no"}]),
    (faults.ROW_TWICE, "vendors", "code", [{"code": "V1"}, {"code": "V1"}]),
    (faults.ROW_TWICE, "entries", "id", [NEW, NEW]),
    (
        faults.ROW_TWICE,
        "entries",
        "external_id",
        [{**NEW, "id": id_, "source": "s", "external_id": "1"} for id_ in ("a", "b")],
    ),
    (
        faults.ROW_TWICE,
        "customers",
        "locations[1].code",
        [{**ACME, "locations": [{"code": "NORTH"}] * 2}],
    ),
    (faults.GOES_IN_CIRCLES, "tasks", "parent", [{"project": "P1", "code": "a", "parent": "a"}]),
    (
        faults.GOES_IN_CIRCLES,
        "tasks",
        "parent",
        [{"project": "P1", "code": "build", "location": "NORTH", "parent": "walls"}],
    ),
    (faults.CANNOT_CHANGE, "customers", "currency", [{**ACME, "currency": "USD"}]),
    (faults.CANNOT_CHANGE, "projects", "customer", [{"code": "P1", "customer": "YEN"}]),
    (faults.CANNOT_CHANGE, "company", "currency", {**COMPANY, "currency": "USD"}),
    (faults.UNKNOWN_CODE, "projects", "rate_table", [{**PROJECT, "rate_table": "NO"}]),
    (faults.UNKNOWN_CODE, "projects", "billing_rule", [{**PROJECT, "billing_rule": "NO"}]),
    (faults.UNKNOWN_CODE, "tasks", "rate_table", [{**TASK, "rate_table": "NO"}]),
    (faults.UNKNOWN_CODE, "tasks", "billing_rule", [{**TASK, "billing_rule": "NO"}]),
    (
        faults.RATES_OVERLAP,
        "bill_rates",
        "from",
        [{"rate": "96", "customer": "ACME", "from": "2026-07-01"}],
    ),
    (faults.RATES_OVERLAP, "bill_rates", "from", [{"rate": "1", "person": "ben"}] * 2),
    (
        faults.RATES_OVERLAP,
        "projects",
        "bill_rate",
        [{"code": "P1", "customer": "ACME", "bill_rate": "80"}],
    ),
    (faults.RATE_FOR_NOBODY, "bill_rates", "customer", [{"rate": "96"}]),
    (faults.TASK_WITHOUT_PROJECT, "bill_rates", "task", [{"rate": "9", "task": "build"}]),
    (
        faults.OTHER_CUSTOMER,
        "bill_rates",
        "customer",
        [{"rate": "9", "project": "BARE", "customer": "YEN"}],
    ),
    (faults.RATES_OUT_OF_ORDER, "tax_codes", "rates", [{**TAX, "rates": [{"percent": "1"}] * 2}]),
    (
        faults.RATES_OUT_OF_ORDER,
        "tax_codes",
        "rates",
        [{**TAX, "rates": [{"percent": "1", "from": "2026-01-01"}] * 2}],
    ),
    (faults.RATES_OUT_OF_ORDER, "tax_codes", "rates", [{**TAX, "rates": []}]),
    (
        faults.PERCENT_NOT_ZERO,
        "tax_codes",
        "rates",
        [{**TAX, "category": "AE", "rates": [{"percent": "19"}]}],
    ),
    (
        faults.RATES_OUT_OF_ORDER,
        "items",
        "prices",
        [{"code": "NUT", "prices": [{"price": "1"}] * 2}],
    ),
    (faults.PATTERN_REFUSED, "settings", "invoice_number", {"invoice_number": "INV-{year}"}),
    (
        faults.PATTERN_REFUSED,
        "settings",
        "credit_note_number",
        {"invoice_number": "A-{seq}", "credit_note_number": "A-{year}-{seq}"},
    ),
    (
        faults.NUMBER_WOULD_COME_AGAIN,
        "open_invoices",
        "number",
        [{**OWED, "number": "INV-2026-00003"}],
    ),
    (
        faults.NUMBER_WOULD_COME_AGAIN,
        "settings",
        "invoice_number",
        {"invoice_number": "OLD-{seq}"},
    ),
    (faults.ONE_TOTAL, "frame_orders", "total_hours", [{"number": "F", "customer": "ACME"}]),
    (faults.ONE_TOTAL, "frame_orders", "total_hours", [{**ORDER, "total_amount": "5"}]),
    (
        faults.FROM_AFTER_TO,
        "frame_orders",
        "valid_to",
        [{**ORDER, "valid_from": "2026-02-01", "valid_to": "2026-01-01"}],
    ),
    (faults.ORDER_OVERDRAWN, "frame_orders", "total_hours", [{**ORDER, "billed_before": "10.5"}]),
    (
        faults.LOCATION_ELSEWHERE,
        "tasks",
        "location",
        [{"project": "P1", "code": "t", "location": "SOUTH"}],
    ),
    (faults.LOCATION_IN_USE, "customers", "locations", [{**ACME, "locations": []}]),
    (faults.LOGO_REFUSED, "company", "logo", {**COMPANY, "logo": "no.png"}),
    (faults.LOGO_REFUSED, "company", "logo", {**COMPANY, "logo": "books.json"}),
    (faults.TASK_MISSING, "entries", "task", [{**NEW, "task": None}]),
    (
        faults.ACCOUNT_GROUP_MISSING,
        "entries",
        "account_group",
        [{**MATERIAL, "item": "LOOSE"}],
    ),
    (faults.TIME_IS_IN_HOURS, "entries", "unit", [{**NEW, "unit": "days"}]),
    (faults.NOTHING_IN_IT, "entries", "quantity", [{**NEW, "quantity": "0"}]),
    (faults.NOTHING_IN_IT, "entries", "quantity", [{**MATERIAL, "quantity": "0"}]),
    (faults.SIGNS_DIFFER, "entries", "billable_quantity", [{**NEW, "billable_quantity": "-1"}]),
    (
        faults.COSTS_DISAGREE,
        "entries",
        "cost_amount",
        [{**NEW, "unit_cost": "10", "cost_amount": "11"}],
    ),
    (faults.CHANGED_AFTER_APPROVAL, "entries", "date", [{**E1, "status": "draft"}]),
    (
        faults.IDS_DISAGREE,
        "entries",
        "external_id",
        [{**NEW, "source": "clock", "external_id": "17"}],
    ),
    (faults.PARENT_MISSING, "entries", "part_of", [{**NEW, "part_of": "N0"}]),
    (faults.PARENT_IN_STORE, "entries", "part_of", [{**NEW, "part_of": "E2"}]),
    (faults.PART_ELSEWHERE, "entries", "part_of", [{**E1, "part_of": "E2"}]),
    (
        faults.PARTS_DIFFER,
        "entries",
        "quantity",
        [NEW, {**NEW, "id": "N1/1", "part_of": "N1", "quantity": "0.5"}],
    ),
    (
        faults.GOES_IN_CIRCLES,
        "entries",
        "part_of",
        [{**NEW, "part_of": "N2"}, {**NEW, "id": "N2", "part_of": "N1"}],
    ),
    (
        faults.IDS_DISAGREE,
        "entries",
        "external_id",
        [{**NEW, "id": "E1", "source": "clock", "external_id": "18"}],
    ),
]


def rule(**facts: Any) -> list[Any]:
    """Return a billing rule with one step that is other than ours in this."""
    return [{**RULE, "steps": [{**STEP, **facts}]}]


def table(*rates: Any, **facts: Any) -> list[Any]:
    """Return a rate table with these rates, each other than ours in this."""
    return [{**TABLE, "rates": [{**RATE, **one} for one in rates or ({},)], **facts}]


RULES: list[tuple[FaultKind, str, str, Any]] = [
    (faults.MISSING, "billing_rules", "steps", [{"code": "R"}]),
    (faults.NO_STEPS, "billing_rules", "steps", [{"code": "R", "steps": []}]),
    (faults.STEP_TWICE, "billing_rules", "steps[1].step", [{**RULE, "steps": [STEP, STEP]}]),
    (faults.ROW_TWICE, "billing_rules", "code", [RULE, RULE]),
    (faults.UNKNOWN_CODE, "billing_rules", "steps[0].account_group", rule(account_group="NO")),
    (faults.NOT_A_CHOICE, "billing_rules", "steps[0].no_rate", rule(no_rate="two")),
    (faults.NOT_A_CHOICE, "billing_rules", "steps[0].aggregate_by", rule(aggregate_by=["hour"])),
    (faults.NOT_A_CHOICE, "billing_rules", "steps[0].aggregate_by", rule(aggregate_by="item, day")),
    (faults.NOT_TEXT, "billing_rules", "steps[0].aggregate_by", rule(aggregate_by={"item": True})),
    (faults.OUT_OF_RANGE, "billing_rules", "steps[0].step", rule(step=-1)),
    (faults.TOO_MANY_DECIMALS, "billing_rules", "steps[0].step", rule(step="1.5")),
    (faults.MISSING, "billing_rules", "steps[0].amount", rule(amount=" ")),
    (faults.NOT_TEXT, "billing_rules", "steps[0].amount", rule(amount=100)),
    (faults.CONTROL_CHARACTER, "billing_rules", "steps[0].amount", rule(amount="=1\x00")),
    (faults.FORMULA_REFUSED, "billing_rules", "steps[0].amount", rule(amount="=[Entry.Nothing]")),
    (faults.FORMULA_REFUSED, "billing_rules", "steps[0].amount", rule(amount="=[Project.Code]")),
    (faults.FORMULA_REFUSED, "billing_rules", "steps[0].amount", rule(amount="@Rate")),
    (faults.FORMULA_REFUSED, "billing_rules", "steps[0].quantity", rule(quantity="='two'")),
    (
        faults.FORMULA_REFUSED,
        "billing_rules",
        "steps[0].line_description",
        rule(line_description="=[Entry.Description"),
    ),
    (
        faults.FORMULA_REFUSED,
        "billing_rules",
        "steps[0].invoice_description",
        rule(invoice_description="=1/"),
    ),
    (faults.FORMULA_REFUSED, "billing_rules", "steps[0].amount", rule(amount="=" + "1+" * 5_000)),
    (
        faults.FORMULA_REFUSED,
        "billing_rules",
        "steps[0].amount",
        rule(amount="=" + "(" * 1_000 + "1" + ")" * 1_000),
    ),
    (faults.MISSING, "rate_tables", "rate_type", [{**TABLE, "rate_type": None}]),
    (faults.ROW_TWICE, "rate_tables", "code", [TABLE, TABLE]),
    (faults.TABLE_EMPTY, "rate_tables", "sequences", table(sequences=[])),
    (faults.TABLE_EMPTY, "rate_tables", "rates", [{**TABLE, "rates": []}]),
    (faults.SEQUENCE_TWICE, "rate_tables", "sequences[1].seq", table(sequences=[BY_ITEM] * 2)),
    (faults.SEQUENCE_MISSING, "rate_tables", "rates[0].seq", table({"seq": 2})),
    (faults.FACTOR_MISSING, "rate_tables", "rates[0].item", table({"item": None})),
    (faults.FACTOR_NOT_ASKED, "rate_tables", "rates[0].employee", table({"employee": "anna"})),
    (faults.TABLE_RATES_OVERLAP, "rate_tables", "rates[1].from", table({}, {"rate": "8"})),
    (
        faults.TABLE_RATES_OVERLAP,
        "rate_tables",
        "rates[1].from",
        table({"to": "2026-06-30"}, {"from": "2026-06-30"}),
    ),
    (
        faults.FROM_AFTER_TO,
        "rate_tables",
        "rates[0].to",
        table({"from": "2026-02-01", "to": "2026-01-01"}),
    ),
    (faults.OUT_OF_RANGE, "rate_tables", "rates[0].rate", table({"rate": "-1"})),
    (
        faults.NOT_A_CHOICE,
        "rate_tables",
        "sequences[0].factors",
        table(sequences=[{"seq": 1, "factors": ["vendor"]}]),
    ),
    (faults.UNKNOWN_CODE, "rate_tables", "rates[0].item", table({"item": "NO"})),
    (
        faults.UNKNOWN_CODE,
        "rate_tables",
        "rates[0].project",
        table({"item": None, "project": "NO"}, sequences=[{"seq": 1, "factors": "project"}]),
    ),
    (
        faults.UNKNOWN_CODE,
        "rate_tables",
        "rates[0].task",
        table({"item": None, "task": "NO"}, sequences=[{"seq": 1, "factors": "task"}]),
    ),
    (faults.UNKNOWN_CODE, "limits", "project", [{**LIMIT, "project": "NO"}]),
    (faults.UNKNOWN_CODE, "limits", "task", [{**LIMIT, "task": "NO"}]),
    (faults.UNKNOWN_CODE, "limits", "account_group", [{**LIMIT, "account_group": "NO"}]),
    (faults.OUT_OF_RANGE, "limits", "amount", [{**LIMIT, "amount": "0"}]),
    (faults.OUT_OF_RANGE, "limits", "amount", [{**LIMIT, "amount": "-5"}]),
    (faults.TOO_MANY_DECIMALS, "limits", "amount", [{**LIMIT, "amount": "1.005"}]),
    (faults.ROW_TWICE, "limits", "project", [LIMIT, LIMIT]),
    (faults.NOT_A_CHOICE, "settings", "over_limit", {"over_limit": "warn"}),
    (faults.NOT_A_CHOICE, "entries", "kind", [{**REMAINDER, "kind": "reversal"}]),
    *(
        (faults.NOT_A_REMAINDER, "entries", column, [{**REMAINDER, column: value}])
        for column, value in {
            "id": "N1",
            "account_group": None,
            "quantity": "1",
            "billable_quantity": "1",
            "bill_rate": "95",
            "face_amount": None,
            "tax_code": None,
            "tax_percent": None,
            "billable": False,
            "status": "draft",
            "part_of": "E1",
        }.items()
    ),
    (faults.NOT_A_REMAINDER, "entries", "id", [{**REMAINDER, "id": "R:OLD-6:2:x"}]),
    (faults.NOT_A_REMAINDER, "entries", "face_amount", [{**REMAINDER, "face_amount": "0"}]),
    (faults.TOO_MANY_DECIMALS, "entries", "face_amount", [{**REMAINDER, "face_amount": "1.005"}]),
    (faults.NOT_A_REMAINDER, "entries", "face_amount", [{**NEW, "face_amount": "1"}]),
    (faults.NOT_A_REMAINDER, "entries", "covered_on", [{**NEW, "covered_on": "2026-01-01"}]),
    (faults.NOT_A_REMAINDER, "entries", "id", [{**NEW, "id": "R:OLD-6:2"}]),
]


@pytest.mark.parametrize(("kind", "key", "column", "content"), CASES + RULES)
def test_a_row_with_a_fault_is_refused_with_its_code_and_place(
    kind: FaultKind, key: str, column: str, content: Any, books: Any, take: Any, dump: Any
) -> None:
    before = dump()
    report = take({key: content})
    assert (kind.code, column) in {(one.code, one.column) for one in report.refused}
    assert not report.written
    assert dump() == before


@pytest.mark.usefixtures("books")
def test_a_row_that_leans_on_a_refused_one_says_so(take: Any) -> None:
    report = take(
        {
            "customers": [{**ACME, "code": "NEW", "currency": "euro"}],
            "projects": [{"code": "Q1", "customer": "NEW"}],
            "tasks": [{"project": "Q1", "code": "t"}],
        }
    )
    assert [(one.row, one.code) for one in report.refused] == [
        ("customers[0]", faults.NOT_A_CURRENCY.code),
        ("projects[0]", faults.DEPENDS_ON_REFUSED.code),
        ("tasks[0]", faults.DEPENDS_ON_REFUSED.code),
    ]


def test_a_key_that_stands_twice_is_refused_with_its_place(take: Any) -> None:
    report = take('{"vendors": [{"code": "A", "name": "B", "name": "C"}], "vendors": []}')
    assert {(one.row, one.column, one.code) for one in report.refused} == {
        ("", "vendors", faults.KEY_TWICE.code)
    }
    report = take('{"vendors": [{"code": "A", "name": "B", "name": "C"}]}')
    assert [(one.row, one.column, one.code) for one in report.refused] == [
        ("vendors[0]", "name", faults.KEY_TWICE.code)
    ]


@pytest.mark.usefixtures("books")
def test_a_message_says_what_is_wrong_and_what_to_write(take: Any) -> None:
    fault = take({"people": [{**ANNA, "bill_rate": "95,50"}]}).refused[0]
    assert fault.row == "people[0]"
    assert fault.message == "95,50 is written with a comma."
    assert fault.hint == "Write a decimal point and no thousands separators, for example 1234.5."


def test_every_kind_has_a_code_of_its_own() -> None:
    kinds = [one for one in vars(faults).values() if isinstance(one, FaultKind)]
    assert len({kind.code for kind in kinds}) == len(kinds)


def test_every_kind_has_a_case() -> None:
    kinds = {one.code for one in vars(faults).values() if isinstance(one, FaultKind)}
    elsewhere = {
        # Of rules and limits: tests/importing/test_rules.py and test_limits.py.
        faults.STEP_NEVER_RUNS,
        faults.RATE_WITHOUT_TYPE,
        faults.RATE_TYPE_NOWHERE,
        faults.GROUP_SPELT_OTHERWISE,
        faults.LIMIT_BELOW_INVOICED,
        faults.LIMIT_BELOW_INVOICED_IGNORED,
        faults.COST_WITHOUT_COMPANY,
        faults.DEPENDS_ON_REFUSED,
        faults.KEY_TWICE,
        faults.TOO_MANY_CELLS,
        faults.NO_HEADER,
        faults.NUMBER_IS_TAKEN,
        faults.ONE_ROW,
        faults.OWED_TO_CUSTOMER,
        faults.ROWS_MISSING,
        faults.SERIES_USED,
        faults.UNKNOWN_SHEET,
        faults.BILLED_ALREADY,
        faults.MIXED_SCRIPTS,
        faults.MORE_THAN_A_DAY,
        faults.IBAN_ODD,
        faults.READ_AS_WINDOWS,
        # Of whole files: tests/faults/inputs/test_files_in.py.
        faults.ROWS_HIDDEN,
        faults.LINKS_NOT_FOLLOWED,
        faults.HOURS_BELOW_ZERO,
        faults.IN_CLOSED_MONTH,
        # Of workbooks and exports: tests/importing/test_workbooks.py and timesheets/.
        faults.CELL_UNUSABLE,
        faults.ORDER_OF_ANOTHER,
        faults.NOT_MAPPED,
        faults.SAY_WHICH_ORDER,
        faults.OTHER_DATE_ORDER,
        faults.NOT_A_TIME,
        faults.NOT_A_DURATION,
        faults.NUMBER_COULD_BE_TWO,
        faults.LEFT_OUT_BY_MAPPING,
        faults.OTHER_CURRENCY,
        faults.TOO_FEW_CELLS,
        faults.KNOWN_ELSEWHERE,
        faults.NOT_TOLD_APART,
        faults.RATE_IN_OTHER_CURRENCY,
        faults.DURATIONS_DISAGREE,
        faults.LOOKS_LIKE_TOTAL,
        faults.NAMES_NOT_MET,
    }
    tried = {kind.code for kind, *_ in CASES + RULES} | {kind.code for kind in elsewhere}
    assert kinds == tried
