"""The command projects."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.cli.terminal import Desk

LATER = "2026-03-05"
AMOUNTS = ["cost", "invoiced", "draft", "wip", "limit", "margin"]


def test_projects_answers_with_the_agreed_shape(after: Desk) -> None:
    found = after.json("projects", today=LATER)
    assert found
    for one in found:
        head = ["project", "name", "customer", "status", "next_billing_date", "currency"]
        assert list(one) == [*head, *AMOUNTS, "by"]
        assert all(list(each) == ["task", "account_group", *AMOUNTS] for each in one["by"])


def test_tasks_and_account_groups_add_up_to_their_project(after: Desk) -> None:
    for one in after.json("projects", today=LATER):
        for name in ("invoiced", "draft", "wip"):
            assert sum(Decimal(each[name]) for each in one["by"]) == Decimal(one[name])


def test_what_projects_invoiced_is_what_the_register_has(after: Desk) -> None:
    projects = after.json("projects", "--customer", "ALPEN", today=LATER)
    register = after.json("invoices", "--customer", "ALPEN", today=LATER)
    numbered = [one for one in register if one["status"] not in {"draft", "void"}]
    opening = {one["number"] for one in numbered if not one["lines"]}
    subtotals = [Decimal(one["subtotal"]) for one in numbered if one["number"] not in opening]
    assert sum(Decimal(one["invoiced"]) for one in projects) == sum(subtotals)


def test_wip_of_projects_is_that_of_the_wip_report(after: Desk) -> None:
    by_customer = {one["customer"]: one["amount"] for one in after.json("wip", today=LATER)}
    for customer, amount in by_customer.items():
        projects = after.json("projects", "--customer", customer, today=LATER)
        assert sum(Decimal(one["wip"]) for one in projects) == Decimal(amount)


def test_a_person_reads_a_table(after: Desk) -> None:
    said = after("projects", "--customer", "ALPEN", today=LATER)
    assert said.code == 0
    heading, *rest = [line for line in said.out.splitlines() if line.strip()][1:]
    names = (
        "Project Name Customer Status Next billing Cost Invoiced Draft WIP Limit Margin Currency"
    )
    assert heading.split() == names.split()
    *rows, together, explained = rest
    assert all(" ALPEN " in line for line in rows)
    assert together.startswith(" All in EUR ")
    assert explained.startswith("WIP is at bill price")


def test_one_project_is_shown_by_task_and_account_group_too(after: Desk) -> None:
    code = after.json("projects", "--customer", "ALPEN", today=LATER)[0]["project"]
    said = after("projects", "--project", code, today=LATER)
    assert f"{code} by task and account group, in EUR" in said.out
    assert "LABOR" in said.out


def test_a_cost_that_nobody_can_tell_is_a_question_mark_and_null(after: Desk) -> None:
    abroad = [one for one in after.json("projects", today=LATER) if one["currency"] == "GBP"]
    assert [(one["cost"], one["margin"]) for one in abroad] == [(None, None)] * len(abroad)
    said = after("projects", "--customer", abroad[0]["customer"], today=LATER)
    assert "?: the cost is in the company's currency, the customer's is another." in said.out


@pytest.mark.parametrize(
    ("words", "code"),
    [(("--project", "NOTHING"), "FIND-07"), (("--customer", "NOBODY"), "FIND-01")],
)
def test_what_is_not_there_is_refused(after: Desk, words: tuple[str, ...], code: str) -> None:
    assert after.error("projects", *words) == (4, code)


def test_an_empty_store_has_no_projects(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "empty.db")
    assert desk("init").code == 0
    assert desk.json("projects") == []
    assert desk("projects").out == "No projects yet.\n"
