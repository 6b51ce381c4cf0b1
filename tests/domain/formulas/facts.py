"""Facts for formulas: with all that there can be, and with as little as there must be."""

from collections.abc import Callable
from decimal import Decimal as D

from tests.builders import an_entry, day
from timix_xl.domain.customers import Address, Customer
from timix_xl.domain.formulas.facts import Facts
from timix_xl.domain.formulas.refusals import CannotEvaluate
from timix_xl.domain.items import AccountGroup, Item, Person, Vendor
from timix_xl.domain.limits import Limit
from timix_xl.domain.projects import Project, Task


def unevaluated(get: Callable[[], object]) -> str | None:
    """Return why there is no value, or None if there is one."""
    try:
        get()
    except CannotEvaluate as error:
        return error.why
    return None


FULL = Facts(
    entry=an_entry(
        quantity=D("1.5"),
        billable_quantity=D("1.25"),
        unit_cost=D("60.5"),
        bill_rate=D(95),
        item="CONS",
        vendor="SUB",
        description="Design of the pump",
        approved_by="cem",
        approved_on=day("2026-01-07"),
        frame_order="PO-1",
        source="toggl",
        external_id="4711",
    ),
    task=Task(
        project="P", code="T", parent="TOP", name="Design", bill_rate=D(90), location="PLANT"
    ),
    project=Project(
        code="P",
        customer="ACME",
        name="Pump house",
        manager="cem",
        start_date=day("2025-11-01"),
        bill_rate=D(85),
    ),
    customer=Customer(
        code="ACME",
        name="Acme Ltd",
        currency="EUR",
        tax_code="S19",
        address=Address(city="Ulm", country="DE"),
        tax_id="DE1",
        buyer_reference="REF 7",
        bill_rate=D(80),
    ),
    person=Person(
        code="ann", name="Ann Ode", bill_rate=D(75), cost_rate=D("45.55"), reports_to="cem"
    ),
    item=Item(code="CONS", name="Consulting", unit="h"),
    vendor=Vendor(code="SUB", name="Sub & Co"),
    account_group=AccountGroup(code="LABOR", name="Labour"),
    budget=Limit(project="P", task="T", account_group="LABOR", amount=D(10_000)),
    rate=D(100),
    price=D("120.25"),
    cost=D("90.75"),
)

BARE = Facts(
    entry=an_entry(person=None, description=""),
    task=Task(project="P", code="T"),
    project=Project(code="P", customer="ACME"),
    customer=Customer(code="ACME", name="Acme Ltd", currency="EUR", tax_code="S19"),
)
