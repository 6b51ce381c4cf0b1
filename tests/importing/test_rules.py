"""Billing rules and rate tables: what is kept and logged, who may name whom, what to look at."""

import json
from pathlib import Path
from typing import Any

import pytest

from timix_xl.domain.billing_rules import AggregateBy, NoRate, Step
from timix_xl.domain.rate_tables import Factor
from timix_xl.importing import faults
from timix_xl.importing.take_in import take_in
from timix_xl.store import rules

STEP = {"step": 10, "account_group": "LABOR", "amount": "=[Entry.BillableQty]*100"}
RULE = {"code": "R", "steps": [STEP]}
TABLE = {
    "code": "T",
    "rate_type": "STD",
    "sequences": [{"seq": 1, "factors": ["project"]}],
    "rates": [{"seq": 1, "project": "P1", "rate": "9"}],
}


def codes(report: Any) -> list[tuple[Any, str, str]]:
    return [(one.row, one.column, one.code) for one in report.refused]


def warned(report: Any) -> list[tuple[Any, str, str]]:
    return [(one.row, one.column, one.code) for one in report.warnings]


def steps_of(store: Any, code: str) -> tuple[Step, ...]:
    with store.reading() as connection:
        return rules.billing_rules(connection)[code].steps


# What is kept.


@pytest.mark.usefixtures("books")
def test_steps_are_kept_in_the_order_of_their_numbers(store: Any) -> None:
    assert [step.step for step in steps_of(store, "BR")] == [10, 20]


@pytest.mark.usefixtures("books")
def test_what_a_step_leaves_out_becomes_what_stands_behind_it(store: Any, take: Any) -> None:
    assert codes(take({"billing_rules": [RULE]})) == []
    assert steps_of(store, "R") == (
        Step(step=10, account_group="LABOR", amount="=[Entry.BillableQty]*100"),
    )


@pytest.mark.usefixtures("books")
def test_what_a_step_says_is_kept(store: Any) -> None:
    labor, parts = steps_of(store, "BR")
    assert (labor.rate_type, labor.no_rate) == ("STANDARD", NoRate.SKIP)
    assert parts.aggregate_by == {AggregateBy.DATE, AggregateBy.ITEM}
    assert (parts.create_zero_lines, parts.invoice_group) == (False, "parts")


@pytest.mark.usefixtures("books")
def test_rates_are_kept_by_table_and_rate_type(store: Any) -> None:
    with store.reading() as connection:
        found = rules.rate_tables(connection)
    standard = found["RT", "STANDARD"]
    assert [one.factors for one in standard.sequences] == [
        {Factor.PROJECT, Factor.EMPLOYEE},
        frozenset(),
    ]
    assert [str(one.rate) for one in standard.rates] == ["95.000000", "99.000000", "80.000000"]
    assert found["RT", "SENIOR"].rates[0].task == "walls"


@pytest.mark.usefixtures("books")
def test_words_may_stand_in_a_list_or_in_one_text(take: Any, rows: Any) -> None:
    words = [["item", "date"], "item, date", "date;item", "Item date", ["date", "date", "item"]]
    for at, value in enumerate(words):
        rule = RULE | {"code": f"R{at}", "steps": [STEP | {"aggregate_by": value}]}
        assert codes(take({"billing_rules": [rule]})) == []
    kept = {row["aggregate_by"] for row in rows("rule_steps") if row["rule"].startswith("R")}
    assert kept == {"date item"}


@pytest.mark.usefixtures("books")
def test_a_rule_that_changes_is_logged_with_its_steps_before_and_after(
    take: Any, rows: Any
) -> None:
    take({"billing_rules": [RULE]})
    dearer = RULE | {"steps": [STEP | {"amount": "=[Entry.BillableQty]*120"}]}
    assert take({"billing_rules": [dearer]}).changed == 1
    logged = rows("audit_log")[-1]
    before, after = json.loads(logged["before"]), json.loads(logged["after"])
    assert logged["object"] == "billing rule R"
    assert [one["amount"] for one in (*before["steps"], *after["steps"])] == [
        "=[Entry.BillableQty]*100",
        "=[Entry.BillableQty]*120",
    ]


@pytest.mark.usefixtures("books")
def test_steps_are_replaced_as_a_whole(take: Any, store: Any) -> None:
    take({"billing_rules": [RULE | {"steps": [STEP, STEP | {"step": 20, "active": False}]}]})
    take({"billing_rules": [RULE]})
    assert [step.step for step in steps_of(store, "R")] == [10]


def test_a_table_that_changes_is_replaced_with_its_rates_and_logged(
    take: Any, books: Any, rows: Any
) -> None:
    table = books["rate_tables"][0]
    table["sequences"] = [{"seq": 5, "factors": ["item"]}]
    table["rates"] = [{"seq": 5, "item": "BOLT", "rate": "2.5"}]
    assert take({"rate_tables": [table]}).changed == 1
    kept = [(row["rate_type"], row["seq"]) for row in rows("table_rates")]
    assert sorted(kept) == [("SENIOR", 1), ("STANDARD", 5)]
    assert rows("audit_log")[-1]["object"] == "rate table RT / STANDARD"


def test_the_order_of_the_file_is_no_change(take: Any, books: Any, dump: Any) -> None:
    before = dump()
    for table in books["rate_tables"]:
        table["rates"].reverse()
        table["sequences"].reverse()
    books["billing_rules"][0]["steps"].reverse()
    keys = {key: books[key] for key in ("rate_tables", "billing_rules")}
    assert (take(keys).known, dump()) == (3, before)


@pytest.mark.usefixtures("books")
def test_the_example_of_the_documentation_is_taken(take: Any) -> None:
    page = Path(__file__).parents[2] / "docs" / "imports.md"
    section = page.read_text("utf-8").split("## Billing rules, rate tables, limits")[1]
    report = take(section.split("```json")[1].split("```")[0])
    assert (codes(report), warned(report)) == ([], [])
    assert (report.taken, report.changed) == (3, 2)


# Who names whom.


@pytest.mark.usefixtures("books")
def test_a_project_and_its_rate_table_may_come_in_one_file(take: Any) -> None:
    table = TABLE | {"rates": [{"seq": 1, "project": "Q", "rate": "9"}]}
    project = {"code": "Q", "customer": "ACME", "rate_table": "T", "billing_rule": "R"}
    file = {"projects": [project], "billing_rules": [RULE], "rate_tables": [table]}
    assert take(file).taken == 3


@pytest.mark.usefixtures("books")
def test_a_refused_rule_takes_its_projects_and_their_tasks_with_it(take: Any, rows: Any) -> None:
    report = take(
        {
            "billing_rules": [RULE | {"steps": []}],
            "projects": [
                {"code": "Q", "customer": "ACME", "billing_rule": "R"},
                {"code": "S", "customer": "ACME"},
            ],
            "tasks": [{"project": "Q", "code": "t"}],
        },
        skip_bad=True,
    )
    assert codes(report) == [
        ("billing_rules[0]", "steps", faults.NO_STEPS.code),
        ("projects[0]", "billing_rule", faults.DEPENDS_ON_REFUSED.code),
        ("tasks[0]", "project", faults.DEPENDS_ON_REFUSED.code),
    ]
    assert {row["code"] for row in rows("projects")} == {"P1", "BARE", "S"}


@pytest.mark.usefixtures("books")
def test_a_table_with_a_rate_for_a_refused_project_takes_with_it_who_names_it(
    take: Any, rows: Any
) -> None:
    rates = [{"seq": 1, "project": code, "rate": "9"} for code in ("P1", "BAD")]
    report = take(
        {
            "rate_tables": [TABLE | {"rates": rates}],
            "projects": [
                {"code": "BAD", "customer": "ACME", "status": "lost"},
                {"code": "Q", "customer": "ACME", "rate_table": "T"},
                {"code": "S", "customer": "ACME"},
            ],
        },
        skip_bad=True,
    )
    assert codes(report) == [
        ("rate_tables[0]", "rates[1].project", faults.DEPENDS_ON_REFUSED.code),
        ("projects[0]", "status", faults.NOT_A_CHOICE.code),
        ("projects[1]", "rate_table", faults.DEPENDS_ON_REFUSED.code),
    ]
    assert report.taken == 1
    assert {row["code"] for row in rows("projects")} == {"P1", "BARE", "S"}


@pytest.mark.usefixtures("books")
def test_a_rate_for_a_refused_task_says_so(take: Any) -> None:
    table = TABLE | {
        "sequences": [{"seq": 1, "factors": ["task"]}],
        "rates": [{"seq": 1, "task": "new", "rate": "9"}],
    }
    bad = {"project": "P1", "code": "new", "status": "lost"}
    report = take({"rate_tables": [table], "tasks": [bad]})
    assert codes(report)[0] == (
        "rate_tables[0]",
        "rates[0].task",
        faults.DEPENDS_ON_REFUSED.code,
    )


@pytest.mark.usefixtures("books")
def test_a_task_is_looked_for_in_the_project_of_its_rate(take: Any) -> None:
    table = TABLE | {
        "sequences": [{"seq": 1, "factors": ["project", "task"]}],
        "rates": [{"seq": 1, "project": "BARE", "task": "walls", "rate": "9"}],
    }
    report = take({"rate_tables": [table]})
    assert [one.message for one in report.refused] == ["There is no task BARE / walls."]


def test_the_rules_may_come_in_a_file_before(
    store: Any, write: Any, books: Any, actor: Any
) -> None:
    first = write({"billing_rules": [RULE]}, "first.json")
    second = write({"projects": [{"code": "Q", "customer": "ACME", "billing_rule": "R"}]}, "b.json")
    assert take_in(store, [first, second], actor=actor).taken == 2


# What is wrong with a formula.


@pytest.mark.usefixtures("books")
def test_a_formula_is_refused_with_the_position_of_its_fault(take: Any) -> None:
    rule = RULE | {"steps": [STEP | {"amount": "=[Entry.BillableQty]*[Entry.Rte]"}]}
    (fault,) = take({"billing_rules": [rule]}).refused
    assert (fault.row, fault.column) == ("billing_rules[0]", "steps[0].amount")
    said = "Position 22 of the formula: There is no field [Entry.Rte]."
    assert fault.message.startswith(said)


@pytest.mark.usefixtures("books")
def test_every_fault_of_a_rule_is_told(take: Any) -> None:
    step = STEP | {"amount": "=1+", "quantity": "='a'", "line_description": "=["}
    report = take({"billing_rules": [RULE | {"steps": [STEP, step]}]})
    assert {one.column for one in report.refused} == {
        *("steps[1].step", "steps[1].amount", "steps[1].quantity", "steps[1].line_description")
    }


@pytest.mark.usefixtures("books")
def test_a_formula_may_have_line_ends(take: Any, store: Any) -> None:
    rule = RULE | {"steps": [STEP | {"amount": "  =[Entry.BillableQty]\r\n  * 100 "}]}
    assert codes(take({"billing_rules": [rule]})) == []
    assert steps_of(store, "R")[0].amount == "=[Entry.BillableQty]\n  * 100"


# What to look at.


@pytest.mark.usefixtures("books")
def test_a_step_behind_another_of_its_account_group_never_runs(take: Any) -> None:
    rule = RULE | {"steps": [STEP | {"step": 20}, STEP]}
    report = take({"billing_rules": [rule]})
    assert warned(report) == [
        ("billing_rules[0]", "steps[0].account_group", faults.STEP_NEVER_RUNS.code)
    ]
    assert report.warnings[0].message == (
        "Step 20 never runs: step 10 comes before it and takes all LABOR entries."
    )
    assert report.taken == 1


@pytest.mark.usefixtures("books")
def test_an_inactive_step_is_in_nobodys_way(take: Any) -> None:
    rule = RULE | {"steps": [STEP | {"active": False}, STEP | {"step": 20}]}
    assert warned(take({"billing_rules": [rule]})) == []


@pytest.mark.usefixtures("books")
def test_a_rate_type_without_a_table_is_told(take: Any) -> None:
    rule = RULE | {"steps": [STEP | {"rate_type": "STD", "amount": "=@Rate"}]}
    place = ("billing_rules[0]", "steps[0].rate_type", faults.RATE_TYPE_NOWHERE.code)
    assert warned(take({"billing_rules": [rule]}, dry_run=True)) == [place]
    assert warned(take({"billing_rules": [rule], "rate_tables": [TABLE]})) == []


@pytest.mark.usefixtures("books")
def test_invoice_groups_that_differ_in_upper_and_lower_case_are_told(take: Any) -> None:
    steps = [STEP | {"invoice_group": "Parts"}, STEP | {"step": 20, "account_group": "MATERIAL"}]
    (fault,) = take({"billing_rules": [RULE | {"steps": steps}]}).warnings
    assert (fault.column, fault.code) == ("steps[0].invoice_group", "RULE-26")
    assert fault.message.startswith("Step 10 has invoice group Parts; another step has parts.")
    steps = [STEP | {"invoice_group": "G"}, steps[1] | {"invoice_group": "g"}]
    (fault,) = take({"billing_rules": [RULE | {"steps": steps}]}).warnings
    assert fault.column == "steps[1].invoice_group"


@pytest.mark.usefixtures("books")
def test_a_rate_that_is_used_without_a_rate_type_is_told(take: Any) -> None:
    rule = RULE | {"steps": [STEP | {"amount": "=[Entry.BillableQty]*@Rate"}]}
    report = take({"billing_rules": [rule]})
    assert warned(report) == [
        ("billing_rules[0]", "steps[0].rate_type", faults.RATE_WITHOUT_TYPE.code)
    ]
    assert take({"billing_rules": [rule]}).warnings == ()
