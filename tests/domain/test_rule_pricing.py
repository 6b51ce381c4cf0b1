"""Pricing by billing rule: steps, formulas, rates, prices, what is lacking, remainders."""

from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import BILLING_DATE, a_customer, a_step, a_tax_code, an_entry, day, some_books
from timix_xl.domain.billing_rules import BillingRule, NoRate, Step
from timix_xl.domain.entries import ApprovalStatus, Entry, Kind
from timix_xl.domain.items import AccountGroup, Item, Person, Price, Vendor
from timix_xl.domain.limits import Limit
from timix_xl.domain.money import rounded
from timix_xl.domain.pricing import LeftOut, PricedEntry, Pricer, Reason, priced_part
from timix_xl.domain.projects import Project, ProjectStatus, Task
from timix_xl.domain.rate_tables import Factor, RateSequence, RateTable, TableRate
from timix_xl.domain.rates import BillRate, RateBook

CAMERA = Item(code="CAM", name="Camera", prices=(Price(price=D("49.9")),))
ANNS_RATE = RateTable(
    code="STD",
    rate_type="NORMAL",
    sequences=(RateSequence(seq=1, factors=frozenset({Factor.EMPLOYEE})),),
    rates=(TableRate(seq=1, rate=D(90), employee="ann"),),
)
BY_RATE = {"amount": "=[Entry.BillableQty]*@Rate", "rate_type": "NORMAL"}
TOP = Task(project="P", code="TOP", billing_rule="R")


def project(**facts: Any) -> tuple[Project, ...]:
    values = {"code": "P", "customer": "ACME", "billing_rule": "R", "rate_table": "STD"}
    return (Project(**(values | facts)),)


def price(entry: Entry, *steps: Step, engine: bool = False, **facts: Any) -> Any:
    """Price an entry by rule R, of these steps."""
    rules = {"R": BillingRule(code="R", steps=steps or (a_step(),))}
    tables = {("STD", "NORMAL"): ANNS_RATE}
    values = {"billing_rules": rules, "rate_tables": tables, "items": {"CAM": CAMERA}}
    books = some_books(**({"projects": project()} | values | facts))
    return Pricer(books, BILLING_DATE, {}, for_engine=engine).price(entry)


def taken(entry: Entry, *steps: Step, **facts: Any) -> PricedEntry:
    found = price(entry, *steps, **facts)
    assert isinstance(found, PricedEntry)
    return found


def left_out(entry: Entry, *steps: Step, **facts: Any) -> LeftOut:
    found = price(entry, *steps, **facts)
    assert isinstance(found, LeftOut)
    return found


def amount(formula: str, entry: Entry | None = None, **facts: Any) -> D:
    step = a_step(amount=formula, **facts.pop("step", {}))
    return taken(entry or an_entry(cost_amount=D(80)), step, **facts).amount


# Steps.


def test_cost_and_a_quarter_is_billed_where_the_rule_says_so() -> None:
    found = taken(an_entry(cost_amount=D(80), quantity=D(2)))
    assert (found.quantity, found.rate, found.amount) == (D(2), D(50), D(100))


def test_the_first_active_step_for_the_account_group_prices_an_entry() -> None:
    steps = (
        a_step(step=5, account_group="MATERIAL", amount="=1"),
        a_step(step=10, active=False, amount="=2"),
        a_step(step=20, amount="=3"),
        a_step(step=30, amount="=4"),
    )
    found = taken(an_entry(), *steps)
    assert (found.amount, found.rule, found.step) == (D(3), "R", steps[2])


def test_an_entry_whose_account_group_has_no_step_is_left_out() -> None:
    found = left_out(an_entry(), a_step(account_group="MATERIAL"), engine=True)
    assert (found.reason, found.wording, found.stops) == (
        Reason.NO_STEP,
        "no step of the billing rule for account group LABOR",
        False,
    )


def test_a_rule_without_steps_bills_nothing() -> None:
    rules = {"R": BillingRule(code="R")}
    assert left_out(an_entry(), billing_rules=rules).reason is Reason.NO_STEP


def test_a_task_without_a_rule_is_billed_by_the_default_rule() -> None:
    rates = RateBook([BillRate(rate=D(100), project="P")])
    found = taken(an_entry(cost_amount=D(1)), projects=project(billing_rule=None), rates=rates)
    assert (found.amount, found.step, found.rule) == (D(100), None, None)


def test_the_nearest_rule_wins() -> None:
    tasks = (Task(project="P", code="T", parent="TOP"), TOP)
    found = taken(an_entry(cost_amount=D(80)), tasks=tasks, projects=project(billing_rule=None))
    assert found.amount == D(100)


def test_a_rule_beats_the_bill_rate_of_the_entry() -> None:
    assert taken(an_entry(cost_amount=D(80), bill_rate=D(7))).amount == D(100)


# Quantity, price, amount.


def test_the_quantity_formula_says_what_is_billed() -> None:
    step = a_step(quantity="=[Entry.BillableQty]*2", amount="=100")
    found = taken(an_entry(), step)
    assert (found.quantity, found.hours, found.rate) == (D(2), D(2), D(50))


def test_the_quantity_is_rounded_to_four_decimals() -> None:
    assert taken(an_entry(), a_step(quantity="=1/3", amount="=1")).quantity == D("0.3333")


def test_the_unit_price_is_the_unrounded_amount_per_unit_to_six_decimals() -> None:
    assert taken(an_entry(quantity=D(3)), a_step(amount="=100")).rate == D("33.333333")


def test_the_amount_is_rounded_half_up_once() -> None:
    assert amount("=0.005") == D("0.01")


def test_the_amount_of_a_correction_is_rounded_away_from_zero() -> None:
    assert amount("=-0.005") == D("-0.01")


def test_three_thirds_are_whole_before_they_are_rounded() -> None:
    assert amount("=0.01/3*1.5") == D("0.01")


def test_without_a_quantity_there_is_no_unit_price_but_an_amount() -> None:
    found = taken(an_entry(), a_step(quantity="=0", amount="=50"))
    assert (found.quantity, found.rate, found.amount, found.hours) == (D(0), D(0), D(50), D(0))


def test_a_tenth_of_a_minute_is_billed_to_the_cent() -> None:
    assert amount("=[Entry.BillableQty]*30", an_entry(quantity=D("0.2"))) == D("6.00")


def test_the_quantity_of_material_is_no_hours() -> None:
    entry = an_entry(kind=Kind.MATERIAL, unit="pcs", quantity=D(3))
    assert taken(entry, a_step(amount="=1")).hours == D(0)


# Rates.


def test_the_rate_is_looked_up_in_the_table_by_the_type_of_the_step() -> None:
    assert taken(an_entry(quantity=D(2)), a_step(**BY_RATE)).amount == D(180)


def test_the_table_of_a_task_wins_over_that_of_the_project() -> None:
    own = RateTable(
        code="OWN",
        rate_type="NORMAL",
        sequences=(RateSequence(seq=1, factors=frozenset()),),
        rates=(TableRate(seq=1, rate=D(70)),),
    )
    found = taken(
        an_entry(),
        a_step(**BY_RATE),
        tasks=(Task(project="P", code="T", rate_table="OWN"),),
        rate_tables={("STD", "NORMAL"): ANNS_RATE, ("OWN", "NORMAL"): own},
    )
    assert found.amount == D(70)


BENS = an_entry(person="ben")
NO_RATE = {
    NoRate.ERROR: None,
    NoRate.ONE: D(1),
    NoRate.ZERO: D(0),
    NoRate.SKIP: None,
}


@pytest.mark.parametrize("answer", NoRate)
def test_each_answer_to_a_missing_rate(answer: NoRate) -> None:
    found = price(BENS, a_step(**BY_RATE, no_rate=answer))
    assert found.amount == NO_RATE[answer]


@pytest.mark.parametrize(
    ("answer", "engine", "stops"),
    [
        (NoRate.ERROR, True, True),
        (NoRate.SKIP, True, False),
        (NoRate.ERROR, False, False),
        (NoRate.SKIP, False, False),
    ],
)
def test_a_missing_rate_stops_a_run_of_the_engine_unless_it_is_to_be_skipped(
    answer: NoRate, engine: bool, stops: bool
) -> None:
    found = left_out(BENS, a_step(**BY_RATE, no_rate=answer), engine=engine)
    assert (found.reason, found.stops) == (Reason.NO_RATE, stops)


def test_the_fault_of_a_missing_rate_names_the_entry() -> None:
    fault = left_out(BENS, a_step(**BY_RATE), engine=True).fault
    assert (fault.code, fault.entry) == ("RULE-01", "E1")


WHY_NO_RATE: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "nobody's rate": ({}, {}, "rate table STD has none of type NORMAL on 2026-01-05"),
    "no table": (
        {},
        {"projects": project(rate_table=None)},
        "neither task T nor project P has a rate table",
    ),
    "no type": ({"rate_type": None}, {}, "no rate type is set"),
    "another type": ({"rate_type": "NIGHT"}, {}, "rate table STD has no rates of type NIGHT"),
}


@pytest.mark.parametrize("case", WHY_NO_RATE)
def test_a_missing_rate_says_where_it_was_looked_for(case: str) -> None:
    step, facts, why = WHY_NO_RATE[case]
    found = left_out(BENS, a_step(**(BY_RATE | step)), **facts)
    assert found.wording == f"no bill rate: {why} (step 10 of billing rule R)"


def test_no_rate_is_looked_up_where_no_formula_asks_for_it() -> None:
    step = a_step(rate_type="NIGHT", amount="=5")
    assert taken(BENS, step, projects=project(rate_table=None)).amount == D(5)


@pytest.mark.parametrize("formula", ["quantity", "line_description", "invoice_description"])
def test_a_rate_that_any_formula_asks_for_has_to_be_there(formula: str) -> None:
    step = a_step(**{"amount": "=5", formula: "=@Rate"})
    assert left_out(BENS, step).reason is Reason.NO_RATE


# Prices.


def test_the_price_of_the_item_on_the_day_can_be_used() -> None:
    found = taken(an_entry(item="CAM", quantity=D(2)), a_step(amount="=[Entry.Quantity]*@Price"))
    assert found.amount == D("99.80")


@pytest.mark.parametrize(
    ("item", "wording"),
    [
        ("NIX", "no price for NIX (step 10 of billing rule R)"),
        (None, "no price for an entry without an item (step 10 of billing rule R)"),
    ],
)
def test_without_a_price_an_entry_is_left_out_and_stops_nothing(
    item: str | None, wording: str
) -> None:
    found = left_out(an_entry(item=item), a_step(amount="=@Price"), engine=True)
    assert (found.reason, found.wording, found.stops) == (Reason.NO_PRICE, wording, False)


SWISS = {"customer": a_customer(currency="CHF")}


def test_prices_are_in_the_companys_currency_and_bill_no_customer_of_another() -> None:
    found = left_out(an_entry(item="CAM", currency="CHF"), a_step(amount="=@Price"), **SWISS)
    assert found.wording == "no rate in CHF"


@pytest.mark.parametrize(
    "formula", ["=[Entry.Amount]", "=[Entry.UnitCost]", "=[Person.CostRate]", "=[Person.BillRate]"]
)
def test_costs_and_person_rates_bill_no_customer_of_another_currency(formula: str) -> None:
    ann = Person(code="ann", name="Ann", bill_rate=D(9), cost_rate=D(9))
    entry = an_entry(currency="CHF", unit_cost=D(9), cost_amount=D(9))
    found = left_out(entry, a_step(amount=formula), people={"ann": ann}, **SWISS)
    assert found.reason is Reason.NO_VALUE


def test_a_rate_of_a_table_is_in_the_customers_currency() -> None:
    found = taken(an_entry(currency="CHF"), a_step(**BY_RATE), **SWISS)
    assert (found.amount, found.entry.currency) == (D(90), "CHF")


def test_an_entry_in_another_currency_is_left_out_for_that() -> None:
    found = left_out(an_entry(currency="USD"), a_step(amount="=1/0"), engine=True)
    assert (found.reason, found.stops) == (Reason.OTHER_CURRENCY, False)


# Formulas that have no value.


def test_a_division_by_zero_stops_a_run_and_names_the_entry() -> None:
    step = a_step(amount="=100/[Entry.BillableQty]")
    found = left_out(an_entry(quantity=D(0)), step, engine=True)
    assert (found.reason, found.stops, found.fault.code, found.fault.entry) == (
        Reason.NO_VALUE,
        True,
        "RULE-02",
        "E1",
    )


def test_the_wizard_leaves_out_what_has_no_value_and_says_where() -> None:
    found = left_out(an_entry())
    assert found.wording == (
        "the billing rule has no value for it: [Entry.Amount] is empty, in the amount formula of "
        "step 10 of billing rule R"
    )


@pytest.mark.parametrize(
    ("formula", "where"),
    [
        ("quantity", "quantity formula"),
        ("amount", "amount formula"),
        ("line_description", "description formulas"),
    ],
)
def test_a_formula_without_a_value_is_named(formula: str, where: str) -> None:
    step = a_step(**({"amount": "=1"} | {formula: "=[Entry.UnitCost]"}))
    assert f"in the {where} of step 10" in left_out(an_entry(), step).detail


@pytest.mark.parametrize("formula", ["=1000000*1000000", "=999999999999/0.0001"])
def test_an_absurd_amount_has_no_value(formula: str) -> None:
    assert left_out(an_entry(), a_step(amount=formula)).reason is Reason.NO_VALUE


def test_an_absurd_unit_price_has_no_value() -> None:
    step = a_step(quantity="=0.0001", amount="=100000000000")
    assert left_out(an_entry(), step).reason is Reason.NO_VALUE


@pytest.mark.parametrize(
    ("entry", "facts", "reason"),
    [
        ({"status": ApprovalStatus.DRAFT}, {}, Reason.NOT_APPROVED),
        ({"billable": False}, {}, Reason.NON_BILLABLE),
        ({"date": day("2026-03-01")}, {}, Reason.AFTER_CUT_OFF),
        ({}, {"projects": project(status=ProjectStatus.PLANNED)}, Reason.NO_VALUE),
    ],
    ids=str,
)
def test_what_would_not_be_billed_anyway_stops_nothing(
    entry: dict[str, Any], facts: dict[str, Any], reason: Reason
) -> None:
    found = left_out(an_entry(**entry), engine=True, **facts)
    assert (found.reason, found.stops) == (reason, False)


# Texts.


def test_a_line_says_what_the_formula_says() -> None:
    step = a_step(amount="=1", line_description="=[Project.Code]+': '+[Entry.Description]")
    assert taken(an_entry(), step).description == "P: Work E1"


def test_the_invoice_is_described_in_runs_of_the_engine_only() -> None:
    step = a_step(amount="=1", invoice_description="='Work on '+[Project.Code]")
    made = [taken(an_entry(), step, engine=engine).invoice_description for engine in (True, False)]
    assert made == ["Work on P", ""]


def test_an_empty_line_description_is_no_formula() -> None:
    assert taken(an_entry(), a_step(amount="=1", line_description="")).description == ""


FIELDS = {
    "=[Item.Name]": "Camera",
    "=[Person.Name]": "Ann Abel",
    "=[Vendor.Name]": "Acme Tools",
    "=[AccountGroup.Name]": "Work",
    "=[Customer.Name]": "Acme Ltd",
    "=[Task.Name]": "Build",
}


@pytest.mark.parametrize("formula", FIELDS)
def test_formulas_see_what_the_entry_belongs_to(formula: str) -> None:
    found = taken(
        an_entry(item="CAM", vendor="TOOLS"),
        a_step(amount="=1", line_description=formula),
        vendors={"TOOLS": Vendor(code="TOOLS", name="Acme Tools")},
        account_groups={"LABOR": AccountGroup(code="LABOR", name="Work")},
    )
    assert found.description == FIELDS[formula]


@pytest.mark.parametrize(
    ("limits", "narrowest"),
    [
        ([{}], "1"),
        ([{}, {"account_group": "LABOR"}], "2"),
        ([{}, {"account_group": "LABOR"}, {"task": "T"}], "3"),
        ([{"task": "T", "account_group": "LABOR"}, {"task": "T"}, {"task": "U"}], "1"),
    ],
    ids=str,
)
def test_the_budget_is_the_narrowest_limit_that_covers_the_entry(
    limits: list[dict[str, str]], narrowest: str
) -> None:
    found = tuple(Limit(project="P", amount=D(at), **one) for at, one in enumerate(limits, start=1))
    assert amount("=[Budget.Amount]", limits=found) == D(narrowest)


# What is for the engine only.


def test_a_project_billed_by_pro_forma_is_left_to_the_engine() -> None:
    by_pro_forma = {"projects": project(pro_forma=True)}
    entry = an_entry(cost_amount=D(80))
    assert left_out(entry, **by_pro_forma).reason is Reason.PRO_FORMA_PROJECT
    assert taken(entry, engine=True, **by_pro_forma).amount == D(100)


def test_what_is_left_to_the_engine_counts_the_hours_that_it_would_bill() -> None:
    step = a_step(quantity="=[Entry.BillableQty]*2", amount="=1")
    found = left_out(an_entry(quantity=D(3)), step, projects=project(pro_forma=True))
    assert found.hours == D(6)


def test_what_has_no_price_counts_its_own_hours() -> None:
    assert left_out(an_entry(quantity=D(3))).hours == D(3)


INCLUDES = a_step(include_non_billable=True)


def test_the_engine_includes_what_is_non_billable_as_information() -> None:
    found = taken(an_entry(billable=False), INCLUDES, engine=True)
    assert (found.quantity, found.rate, found.amount, found.hours) == (D(0), D(0), D(0), D(0))


def test_information_needs_neither_rate_nor_price() -> None:
    step = a_step(
        include_non_billable=True, amount="=@Rate*@Price", line_description="='Free, not '+@Rate"
    )
    found = taken(an_entry(billable=False, person="ben"), step, engine=True)
    assert found.description == "Free, not 0"


@pytest.mark.parametrize(("step", "engine"), [(INCLUDES, False), (a_step(), True)])
def test_what_is_non_billable_is_left_out_by_the_wizard_and_where_no_step_includes_it(
    step: Step, engine: bool
) -> None:
    entry = an_entry(billable=False, cost_amount=D(80))
    assert left_out(entry, step, engine=engine).reason is Reason.NON_BILLABLE


# Remainders.


def remainder(**facts: Any) -> Entry:
    values = {
        "kind": Kind.REMAINDER,
        "quantity": D(0),
        "face_amount": D("123.45"),
        "tax_code": "S7",
        "tax_percent": D(7),
        "covered_on": day("2025-12-31"),
    }
    return an_entry("R", **(values | facts))


@pytest.mark.parametrize("rule", ["R", None])
@pytest.mark.parametrize("group", ["LABOR", "TRAVEL"])
def test_a_remainder_is_billed_at_face_value_whatever_the_rule(
    rule: str | None, group: str
) -> None:
    entry = remainder(account_group=group)
    found = taken(entry, a_step(amount="=1/0"), projects=project(billing_rule=rule))
    assert (found.quantity, found.rate, found.exact, found.amount) == (
        D(0),
        D(0),
        D("123.45"),
        D("123.45"),
    )


def test_a_remainder_keeps_the_tax_of_its_line() -> None:
    codes = {"S19": a_tax_code("S19", ("19", None)), "S7": a_tax_code("S7", ("8", None))}
    found = taken(remainder(), tax_codes=codes)
    assert (found.tax_code, found.tax_percent) == ("S7", D(7))


def test_a_remainder_stands_with_the_step_of_its_account_group() -> None:
    assert taken(remainder()).step == a_step()


def test_a_remainder_draws_on_a_frame_order_as_its_work_would_have() -> None:
    assert taken(remainder()).covered_on == day("2025-12-31")


# Parts.


def part(whole: Entry, step: Step, hours: str, cost: str) -> PricedEntry:
    """Price a part of an entry that a step has priced."""
    books = some_books(
        projects=project(), billing_rules={"R": BillingRule(code="R", steps=(step,))}
    )
    found = Pricer(books, BILLING_DATE, {}).price(whole)
    assert isinstance(found, PricedEntry)
    facts = {"quantity": D(hours), "cost_amount": D(cost), "description": "Part"}
    return priced_part(found, an_entry("E1/1", **facts), books)


def test_a_part_is_priced_by_the_step_again() -> None:
    found = part(an_entry(quantity=D(4), cost_amount=D(80)), a_step(), "1", "20")
    assert (found.quantity, found.rate, found.amount, found.description) == (
        *(D(1), D(25), D(25)),
        "Part",
    )


def test_a_part_that_has_no_value_of_its_own_has_its_share_of_the_whole() -> None:
    step = a_step(amount="=100/([Entry.BillableQty]-1)")
    found = part(an_entry(quantity=D(4), cost_amount=D(80)), step, "1", "20")
    assert (found.quantity, found.amount) == (D(1), D("8.33"))


# Whatever the figures.

ENTRIES = st.builds(
    lambda hours, cost: an_entry(quantity=hours, cost_amount=cost),
    st.decimals("-100", "100", places=4),
    st.decimals("-10000", "10000", places=2),
)
AMOUNTS = st.sampled_from(
    [
        "=[Entry.Amount]*1.25",
        "=[Entry.BillableQty]*@Rate",
        "=[Entry.Amount]/3",
        "=Max([Entry.Amount],100)",
        "=Round([Entry.Amount]/7,1)",
    ]
)
QUANTITIES = st.sampled_from(["=[Entry.BillableQty]", "=[Entry.BillableQty]/3", "=0", "=1"])


@given(ENTRIES, AMOUNTS, QUANTITIES)
def test_quantity_times_unit_price_is_the_amount_but_for_six_decimals(
    entry: Entry, amount: str, quantity: str
) -> None:
    found = taken(entry, a_step(amount=amount, quantity=quantity, rate_type="NORMAL"))
    tolerance = D("0.005") + abs(found.quantity) * D("0.0000005")
    if found.has_unit_price:
        assert abs(found.quantity * found.rate - found.amount) <= tolerance


@given(ENTRIES, AMOUNTS)
def test_the_amount_is_the_unrounded_amount_rounded_once(entry: Entry, amount: str) -> None:
    found = taken(entry, a_step(amount=amount, rate_type="NORMAL"))
    assert found.amount == rounded(found.exact, "EUR")


@given(ENTRIES, AMOUNTS, QUANTITIES)
def test_wizard_and_engine_price_alike(entry: Entry, amount: str, quantity: str) -> None:
    step = a_step(amount=amount, quantity=quantity, rate_type="NORMAL")
    assert taken(entry, step) == taken(entry, step, engine=True)
