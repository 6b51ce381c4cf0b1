"""Pricing: what an entry brings, or the first reason why it is left out."""

from decimal import Decimal as D
from typing import Any

import pytest

from tests.builders import BILLING_DATE, a_customer, a_tax_code, an_entry, day, some_books
from timix_xl.domain.customers import Location
from timix_xl.domain.entries import ApprovalStatus, BillingType, Entry, Kind
from timix_xl.domain.items import Item, Price
from timix_xl.domain.periods import CutOff
from timix_xl.domain.pricing import LeftOut, PricedEntry, Pricer, Reason
from timix_xl.domain.projects import BillingOption, Project, ProjectStatus, Task
from timix_xl.domain.rates import BillRate, RateBook
from timix_xl.domain.settings import BillingSettings

RATES = RateBook([BillRate(rate=D(100), project="P")])
CAMERA = Item(
    code="CAM",
    prices=(Price(price=D("49.9")), Price(price=D("55"), since=day("2026-01-10"))),
)


def price(entry: Entry, claims: dict[str, str] | None = None, **facts: Any) -> Any:
    books = some_books(**({"rates": RATES} | facts))
    return Pricer(books, BILLING_DATE, claims or {}).price(entry)


def left_out(entry: Entry, claims: dict[str, str] | None = None, **facts: Any) -> LeftOut:
    found = price(entry, claims, **facts)
    assert isinstance(found, LeftOut)
    return found


def taken(entry: Entry, **facts: Any) -> PricedEntry:
    found = price(entry, **facts)
    assert isinstance(found, PricedEntry)
    return found


def project(**facts: Any) -> tuple[Project, ...]:
    return (Project(code="P", customer="ACME", **facts),)


def task(**facts: Any) -> tuple[Task, ...]:
    return (Task(project="P", code="T", **facts),)


def material(**facts: Any) -> Entry:
    more = {"kind": Kind.MATERIAL, "unit": "pcs", "person": None, "item": "CAM"} | facts
    return an_entry("M", **more)


OUT: dict[str, tuple[Entry, dict[str, Any], Reason, str]] = {
    "billed elsewhere": (
        an_entry(billed_elsewhere="OLD-7"),
        {},
        Reason.BILLED_ELSEWHERE,
        "billed elsewhere before: OLD-7",
    ),
    "draft": (
        an_entry(status=ApprovalStatus.DRAFT),
        {},
        Reason.NOT_APPROVED,
        "not approved: draft",
    ),
    "rejected": (
        an_entry(status=ApprovalStatus.REJECTED),
        {},
        Reason.NOT_APPROVED,
        "not approved: rejected",
    ),
    "fixed": (
        an_entry(),
        {"tasks": task(billing_type=BillingType.FIXED)},
        Reason.FIXED,
        "billing type fixed: billed by a fee",
    ),
    "overhead": (
        an_entry(),
        {"projects": project(billing_type=BillingType.OVERHEAD)},
        Reason.OVERHEAD,
        "billing type overhead: never billed",
    ),
    "non-billable": (
        an_entry(billable=False),
        {},
        Reason.NON_BILLABLE,
        "marked non-billable",
    ),
    "after the cut-off": (
        an_entry(date=day("2026-02-01")),
        {},
        Reason.AFTER_CUT_OFF,
        "after the cut-off 2026-01-31",
    ),
    "on a draft": (
        an_entry(),
        {"claims": {"E1": "DRAFT-4"}},
        Reason.ON_DOCUMENT,
        "already on DRAFT-4",
    ),
    "pro forma": (
        an_entry(),
        {"projects": project(pro_forma=True)},
        Reason.PRO_FORMA_PROJECT,
        "project P is billed by pro forma",
    ),
    "no rate": (an_entry(), {"rates": RateBook([])}, Reason.NO_RATE, "no bill rate"),
    "no price": (material(item="NIX"), {}, Reason.NO_PRICE, "no price for NIX"),
    "no rate in the currency": (
        an_entry(currency="CHF"),
        {
            "customer": a_customer(currency="CHF"),
            "rates": RateBook([BillRate(rate=D(9), person="ann")]),
        },
        Reason.NO_RATE_IN_CURRENCY,
        "no rate in CHF",
    ),
    "no price in the currency": (
        material(currency="CHF"),
        {"customer": a_customer(currency="CHF"), "items": {"CAM": CAMERA}},
        Reason.NO_RATE_IN_CURRENCY,
        "no rate in CHF",
    ),
    "another currency": (
        an_entry(currency="USD", bill_rate=D(9)),
        {},
        Reason.OTHER_CURRENCY,
        "another currency: USD",
    ),
    "project planned": (
        an_entry(),
        {"projects": project(status=ProjectStatus.PLANNED)},
        Reason.NOT_BILLABLE_YET,
        "project P is planned",
    ),
    "task suspended": (
        an_entry(),
        {"tasks": task(status=ProjectStatus.SUSPENDED)},
        Reason.NOT_BILLABLE_YET,
        "task T is suspended",
    ),
    "waits for the task": (
        an_entry(),
        {"tasks": task(billing_option=BillingOption.TASK_COMPLETION)},
        Reason.NOT_BILLABLE_YET,
        "task T is billed on its completion",
    ),
    "waits for the project": (
        an_entry(),
        {"tasks": task(billing_option=BillingOption.PROJECT_COMPLETION)},
        Reason.NOT_BILLABLE_YET,
        "task T is billed when project P is completed",
    ),
}


@pytest.mark.parametrize("case", OUT)
def test_an_entry_that_is_left_out_says_why(case: str) -> None:
    entry, facts, reason, wording = OUT[case]
    found = left_out(entry, **facts)
    assert (found.reason, found.wording) == (reason, wording)


def test_every_reason_of_this_version_has_a_case() -> None:
    of_a_billing_rule = {Reason.NO_STEP, Reason.NO_VALUE}
    assert {case[2] for case in OUT.values()} == set(Reason) - of_a_billing_rule


def test_the_codes_of_the_reasons_are_numbered_without_a_double() -> None:
    assert sorted(reason.code for reason in Reason) == [f"LEFT-{at:02d}" for at in range(1, 16)]


# From the last to the first: each step adds what comes before it in the order of the reasons.
PILED = (
    ("rate", {}, {"tasks": task(status=ProjectStatus.SUSPENDED)}, Reason.NOT_BILLABLE_YET),
    ("no rate", {}, {"rates": RateBook([])}, Reason.NO_RATE),
    ("currency", {"currency": "USD"}, {}, Reason.OTHER_CURRENCY),
    ("pro forma", {}, {"projects": project(pro_forma=True)}, Reason.PRO_FORMA_PROJECT),
    ("claimed", {}, {"claims": {"E1": "DRAFT-1"}}, Reason.ON_DOCUMENT),
    ("late", {"date": day("2026-03-01")}, {}, Reason.AFTER_CUT_OFF),
    ("non-billable", {"billable": False}, {}, Reason.NON_BILLABLE),
    ("draft", {"status": ApprovalStatus.DRAFT}, {}, Reason.NOT_APPROVED),
    ("elsewhere", {"billed_elsewhere": "OLD-1"}, {}, Reason.BILLED_ELSEWHERE),
)


@pytest.mark.parametrize("upto", range(1, len(PILED) + 1))
def test_the_first_reason_of_the_list_is_given(upto: int) -> None:
    entry: dict[str, Any] = {}
    facts: dict[str, Any] = {}
    for _, more, others, _ in PILED[:upto]:
        entry, facts = entry | more, facts | others
    assert left_out(an_entry(**entry), **facts).reason is PILED[upto - 1][3]


def test_what_is_left_out_for_another_reason_still_shows_its_amount() -> None:
    assert left_out(an_entry(billable=False, quantity=D(2))).amount == D(200)


def test_without_a_rate_there_is_no_amount_rather_than_zero() -> None:
    assert left_out(an_entry(), rates=RateBook([])).amount is None


def test_the_rate_of_the_entry_itself_beats_every_other() -> None:
    assert taken(an_entry(bill_rate=D(70))).rate == D(70)


def test_a_rate_of_zero_on_the_entry_bills_it_at_nothing() -> None:
    assert taken(an_entry(bill_rate=D(0))).amount == D(0)


def test_the_amount_is_quantity_times_rate_rounded_once() -> None:
    entry = an_entry(quantity=D("0.3333"), bill_rate=D("95.55"))
    assert taken(entry).amount == D("31.85")


def test_billable_hours_are_billed_where_they_differ_from_the_hours_worked() -> None:
    assert taken(an_entry(quantity=D(8), billable_quantity=D(6))).amount == D(600)


def test_a_correction_brings_a_negative_amount() -> None:
    assert taken(an_entry(quantity=D("-2"))).amount == D("-200")


@pytest.mark.parametrize(
    ("on", "price_then"), [("2026-01-09", "49.9"), ("2026-01-10", "55"), ("2026-01-31", "55")]
)
def test_material_takes_the_price_of_its_day(on: str, price_then: str) -> None:
    assert taken(material(date=day(on)), items={"CAM": CAMERA}).rate == D(price_then)


def test_material_before_the_first_price_has_none() -> None:
    late = Item(code="CAM", prices=(Price(price=D(5), since=day("2026-02-01")),))
    assert left_out(material(), items={"CAM": late}).reason is Reason.NO_PRICE


def test_a_rate_per_hour_is_never_used_for_material() -> None:
    assert left_out(material(item=None, unit_cost=D(40))).reason is Reason.NO_PRICE


def test_material_without_a_price_is_billed_at_cost_where_the_project_says_so() -> None:
    entry = material(item=None, unit_cost=D("12.5"), quantity=D(2))
    assert taken(entry, projects=project(material_at_cost=True)).amount == D(25)


def test_a_price_beats_the_cost() -> None:
    found = taken(
        material(unit_cost=D(1)), items={"CAM": CAMERA}, projects=project(material_at_cost=True)
    )
    assert found.rate == D("49.9")


def test_at_cost_the_unit_price_has_no_more_decimals_than_a_rate_holds() -> None:
    entry = material(item=None, cost_amount=D(100), quantity=D(3))
    assert taken(entry, projects=project(material_at_cost=True)).rate == D("33.333333")


def test_at_cost_material_brings_its_cost_amount() -> None:
    entry = material(item=None, cost_amount=D(100), quantity=D(3))
    assert taken(entry, projects=project(material_at_cost=True)).amount == D(100)


def test_costs_are_in_the_companys_currency_and_bill_no_customer_of_another() -> None:
    entry = material(item=None, unit_cost=D(40), currency="CHF")
    found = left_out(
        entry, customer=a_customer(currency="CHF"), projects=project(material_at_cost=True)
    )
    assert found.reason is Reason.NO_PRICE


def test_the_nearest_billing_type_wins() -> None:
    facts = {
        "customer": a_customer(billing_type=BillingType.FIXED),
        "projects": project(billing_type=BillingType.OVERHEAD),
        "tasks": task(billing_type=BillingType.TM),
    }
    assert taken(an_entry(), **facts)


def test_a_subtask_inherits_the_billing_type_of_its_parent() -> None:
    tasks = (*task(parent="TOP"), Task(project="P", code="TOP", billing_type=BillingType.FIXED))
    assert left_out(an_entry(), tasks=tasks).reason is Reason.FIXED


def test_a_subtask_takes_the_rate_of_its_parent_task() -> None:
    tasks = (*task(parent="TOP"), Task(project="P", code="TOP"))
    rates = RateBook(
        [BillRate(rate=D(80), project="P", task="TOP"), BillRate(rate=D(9), project="P")]
    )
    assert taken(an_entry(), tasks=tasks, rates=rates).rate == D(80)


def test_the_cut_off_of_the_project_beats_the_setting() -> None:
    settings = BillingSettings(cut_off=CutOff.EXCLUDE)
    found = taken(
        an_entry(date=BILLING_DATE),
        settings=settings,
        projects=project(cut_off=CutOff.INCLUDE),
    )
    assert found


def test_the_setting_may_exclude_the_billing_date() -> None:
    settings = BillingSettings(cut_off=CutOff.EXCLUDE)
    assert left_out(an_entry(date=BILLING_DATE), settings=settings).reason is Reason.AFTER_CUT_OFF


def test_old_work_is_taken_however_old() -> None:
    assert taken(an_entry(date=day("2019-01-01")))


@pytest.mark.parametrize("status", [ProjectStatus.SUSPENDED, ProjectStatus.COMPLETED])
def test_a_project_that_has_stopped_is_still_billed(status: ProjectStatus) -> None:
    assert taken(an_entry(), projects=project(status=status))


def test_a_completed_task_that_waited_for_it_is_billed() -> None:
    done = task(status=ProjectStatus.COMPLETED, billing_option=BillingOption.TASK_COMPLETION)
    assert taken(an_entry(), tasks=done)


def test_non_billable_time_counts_no_hours() -> None:
    assert an_entry(billable=False).hours == 0


def test_material_counts_no_hours() -> None:
    assert material(quantity=D(3)).hours == 0


# Tax: item, else task, else project, else location, else customer.

TAXED = ("item", "task", "project", "location", "customer")


@pytest.mark.parametrize("nearest", TAXED)
def test_the_nearest_tax_code_wins(nearest: str) -> None:
    given = {level: level.upper() for level in TAXED[TAXED.index(nearest) :]}
    place = Location(code="L", tax_code=given.get("location"))
    found = taken(
        an_entry(item="CAM"),
        customer=a_customer(tax_code="CUSTOMER", locations=(place,)),
        items={"CAM": Item(code="CAM", tax_code=given.get("item"))},
        tasks=task(tax_code=given.get("task"), location="L"),
        projects=project(tax_code=given.get("project")),
        tax_codes={code: a_tax_code(code, ("19", None)) for code in map(str.upper, TAXED)},
    )
    assert found.tax_code == nearest.upper()


def test_a_subtask_inherits_tax_code_and_location_of_its_parent() -> None:
    tasks = (*task(parent="TOP"), Task(project="P", code="TOP", tax_code="S7", location="L"))
    found = taken(
        an_entry(),
        tasks=tasks,
        customer=a_customer(locations=(Location(code="L"),)),
        tax_codes={"S7": a_tax_code("S7", ("7", None))},
    )
    assert (found.tax_code, found.location) == ("S7", "L")


@pytest.mark.parametrize(("on", "percent"), [("2025-12-31", "19"), ("2026-01-01", "20")])
def test_the_entrys_date_picks_the_tax_rate(on: str, percent: str) -> None:
    codes = {"S19": a_tax_code("S19", ("19", None), ("20", "2026-01-01"))}
    assert taken(an_entry(date=day(on)), tax_codes=codes).tax_percent == D(percent)


def test_an_entry_before_the_first_tax_rate_has_no_percent() -> None:
    codes = {"S19": a_tax_code("S19", ("19", "2026-01-06"))}
    assert taken(an_entry(), tax_codes=codes).tax_percent is None


def test_a_task_in_a_task_billed_separately_is_billed_with_it() -> None:
    tasks = (*task(parent="TOP"), Task(project="P", code="TOP", bill_separately=True))
    assert taken(an_entry(), tasks=tasks).separate_task == "TOP"
