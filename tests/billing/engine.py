"""Billing rules and runs of the engine on a furnished store, in short."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from tests.builders import BILLING_DATE, Shop, on
from timix_xl.billing.bill import ProjectRun, bill
from timix_xl.billing.plan import RunOptions
from timix_xl.billing.register import register, whole
from timix_xl.domain.invoices import Document

HOURLY = "=[Entry.BillableQty]*100"
STEP = {
    "step": 1,
    "account_group": "LABOR",
    "description": "",
    "active": True,
    "rate_type": None,
    "no_rate": "error",
    "quantity": "=[Entry.BillableQty]",
    "amount": HOURLY,
    "line_description": "=[Entry.Description]",
    "invoice_description": "",
    "include_non_billable": False,
    "create_zero_lines": True,
    "aggregate_by": "",
    "invoice_group": "",
}
MONTHLY = {"billing_period": "month", "start_date": dt.date(2025, 12, 31)}


def rule(shop: Shop, code: str, *steps: dict[str, Any]) -> None:
    """Add a billing rule; what a step leaves out bills labor at 100 an hour, one line per entry."""
    shop.add("billing_rules", code=code, name="")
    shop.add("rule_steps", *({**STEP, "rule": code, **step} for step in steps))


def ruled(shop: Shop, *steps: dict[str, Any]) -> None:
    """Bill project P by a rule of these steps."""
    rule(shop, "R", *steps)
    shop.change("projects", {"code": "P"}, billing_rule="R")


def billed(shop: Shop, project: str = "P", **more: Any) -> list[ProjectRun]:
    """Bill a project up to the end of January, unless another date is given."""
    date = more.pop("date", BILLING_DATE)
    actor = more.pop("actor", on("2026-02-01"))
    options = RunOptions(frame_order=more.pop("frame_order", None))
    return bill(shop.store, project, date=date, options=options, actor=actor, **more)


def documents(shop: Shop, runs: Sequence[ProjectRun]) -> list[Document]:
    """Return the documents that runs made, as they are kept."""
    numbers = [number for one in runs if one.issued for number in one.issued.numbers]
    found = whole(shop.store, register(shop.store, today=dt.date(2026, 2, 1)))
    made = {one.number: document for one, document in found if document}
    return [made[number] for number in numbers]


def lines(document: Document) -> list[tuple[str, str]]:
    """Return the entries and the amount of each printed line."""
    return [(",".join(line.entries), str(line.amount)) for line in document.printed_lines]
