"""An agency with random projects: rules, rates, prices, locations and limits drawn by a seed."""

import datetime as dt
from random import Random
from typing import Any

from tests.billing.engine import rule
from tests.builders import D, Shop

BOTH = {
    "LABOR": (
        "=[Entry.BillableQty]*@Rate",
        "=Round([Entry.BillableQty]*33.335,2)",
        "=If([Entry.BillableQty]>2,[Entry.BillableQty]*90.55,[Entry.BillableQty]*120)",
        "=[Entry.BillableQty]*77.777777",
        "=[Entry.BillableQty]*100/3",
    ),
    "MATERIAL": (
        "=[Entry.BillableQty]*12.345",
        "=Min([Entry.BillableQty]*20.05,500)",
        "=250",
    ),
    "TRAVEL": ("=If([Entry.BillableQty]>3,[Entry.BillableQty]*0.42,0)",),
}
"""Formulas that any customer can be billed by, by account group."""
AT_HOME = {
    "LABOR": ("=[Entry.Amount]*1.25",),
    "MATERIAL": ("=@Price*[Entry.BillableQty]", "=[Entry.Amount]*1.25"),
    "TRAVEL": (),
}
"""Formulas over costs and prices, which are in the company's currency."""
QUANTITIES = {
    "LABOR": ("=[Entry.BillableQty]", "=[Entry.BillableQty]", "=[Entry.BillableQty]*1.5", "=0"),
    "MATERIAL": ("=[Entry.BillableQty]", "=1"),
    "TRAVEL": ("=If([Entry.BillableQty]>3,[Entry.BillableQty],0)",),
}
TICKED = ("", "", "date", "employee", "item", "date employee", "vendor item")
PROJECTS = {"P": "ACME", "Q": "ACME", "J": "NIPPON", "K": "NIPPON"}
"""P and J are billed by pro forma; J and K in yen."""
TASKS = "TNSFO"
"""A plain one, one at another location, one billed separately, a fixed one, an overhead one."""


def furnish(shop: Shop, chance: Random) -> None:
    """Put the random books of an agency into a furnished store."""
    shop.add("account_groups", {"code": "TRAVEL"}, {"code": "SUBCON"})
    shop.change("people", {"code": "ann"}, cost_rate=D("61.37"))
    shop.change("people", {"code": "ben"}, cost_rate=D(48))
    shop.add("tax_codes", code="S7", category="S", note="")
    shop.add("tax_rates", tax_code="S7", position=0, percent=D(7))
    shop.add("items", {"code": "CAM", "unit": "pcs"}, {"code": "BOLT", "unit": "pcs"})
    shop.change("items", {"code": "BOLT"}, tax_code="S7")
    prices = [
        ("CAM", 0, None, "49.90"),
        ("CAM", 1, "2026-02-10", "52.35"),
        ("BOLT", 0, None, "0.333"),
    ]
    for item, position, since, price in prices:
        day = dt.date.fromisoformat(since) if since else None
        shop.add("item_prices", item=item, position=position, since=day, price=D(price))
    _customers(shop, chance)
    _rates(shop)
    for code, steps in (("HOME", BOTH | {}), ("AWAY", BOTH)):
        rule(shop, code, *_steps(chance, steps, at_home=code == "HOME"))
    rule(shop, "OTHER", *_steps(chance, BOTH, at_home=False))
    for project, customer in PROJECTS.items():
        own = "HOME" if customer == "ACME" else "AWAY"
        chosen = own if project in {"P", "J"} else chance.choice([own, None])
        shop.change("projects", {"code": project}, billing_rule=chosen, rate_table="STD")
        shop.change("tasks", {"project": project, "code": "S"}, billing_rule="OTHER")


def _customers(shop: Shop, chance: Random) -> None:
    yen = {"currency": "JPY", "tax_code": "S19", "bill_rate": D(9_333)}
    shop.add("customers", code="NIPPON", name="Nippon", **yen)
    for customer in ("ACME", "NIPPON"):
        shop.add("locations", customer=customer, code="NORTH", city="York")
    shop.project("Q", billing_period="week", start_date=dt.date(2026, 1, 5))
    for project in ("J", "K"):
        shop.project(project, customer="NIPPON")
    for project in PROJECTS:
        shop.task("N", project=project, location=chance.choice(["NORTH", "NORTH", None]))
        shop.task("S", project=project, bill_separately=chance.random() < 0.7)
        shop.task("F", project=project, billing_type="fixed")
        shop.task("O", project=project, billing_type="overhead")
    for project in ("P", "J"):
        shop.change("projects", {"code": project}, pro_forma=True)


def _rates(shop: Shop) -> None:
    shop.add("rate_tables", code="STD", rate_type="HOUR")
    for seq, factors in ((1, "item employee"), (2, "project employee"), (3, "account_group")):
        shop.add("rate_sequences", rate_table="STD", rate_type="HOUR", seq=seq, factors=factors)
    rates: list[dict[str, Any]] = [
        {"seq": 1, "item": "CAM", "employee": "ann", "rate": D(150)},
        {"seq": 2, "project": "P", "employee": "ann", "rate": D("95.555")},
        {"seq": 2, "project": "Q", "employee": "ann", "rate": D("101.01")},
        {"seq": 3, "account_group": "LABOR", "rate": D(88), "until": dt.date(2026, 3, 31)},
    ]
    for rate in rates:
        shop.add("table_rates", rate_table="STD", rate_type="HOUR", **rate)


def _steps(
    chance: Random, some: dict[str, tuple[str, ...]], *, at_home: bool
) -> list[dict[str, Any]]:
    """Draw a step for each account group, in a random order; one group may have none."""
    groups = chance.sample(list(some), k=3)
    groups = [one for one in groups if one != "TRAVEL" or chance.random() < 0.7]
    return [
        {
            "step": 10 * at,
            "account_group": group,
            "amount": chance.choice(some[group] + (AT_HOME[group] if at_home else ())),
            "quantity": chance.choice(QUANTITIES[group]),
            "rate_type": chance.choice(["HOUR", "HOUR", "NIGHT"]),
            "no_rate": chance.choice(["one", "zero", "skip"]),
            "line_description": chance.choice(
                ["", "=[Entry.Description]", "=[Task.Code]+' of '+[Entry.Id]"]
            ),
            "invoice_description": chance.choice(["", "=[Project.Code]+': '+[Entry.Description]"]),
            "include_non_billable": chance.random() < 0.5,
            "create_zero_lines": group != "TRAVEL" and chance.random() < 0.7,
            "aggregate_by": chance.choice(TICKED),
            "invoice_group": chance.choice(["", "", "EXTRA"]),
        }
        for at, group in enumerate(groups, start=1)
    ]


def some_work(chance: Random, number: str, day: dt.date, since: dt.date) -> dict[str, Any]:
    """Draw an entry of these last days; `since` is the first day that is not closed."""
    project = chance.choice("PPPQQQJJK")
    date = day - dt.timedelta(days=chance.randint(0, 9))
    group = chance.choice(["LABOR"] * 5 + ["MATERIAL"] * 3 + ["TRAVEL"] * 2 + ["SUBCON"])
    facts: dict[str, Any] = {
        "id": number,
        "project": project,
        "task": chance.choice("TTTTTNNSS" if chance.random() < 0.9 else "FO"),
        "on": date.isoformat(),
        "account_group": group,
        "billable": chance.random() < 0.9,
        "currency": "JPY" if project in "JK" else "EUR",
        "wip_from": max(date, since),
    }
    if group in {"LABOR", "SUBCON"}:
        hours = chance.choice(["7.5", "1.3333", "4", "0.25", "2.1234", "-0.5"])
        person = chance.choice(["ann", "ben"])
        return {**facts, "hours": hours, "person": person, "item": chance.choice([None, "CAM"])}
    units = chance.choice(["3", "10", "0.3333", "-2", "0"] if group == "MATERIAL" else ["2", "120"])
    item = chance.choice(["CAM", "BOLT"]) if group == "MATERIAL" else None
    material = {"kind": "material", "unit": "pcs", "person": None, "item": item}
    return {**facts, "hours": units, "unit_cost": D("8.125"), "bill_rate": D("11.11"), **material}
