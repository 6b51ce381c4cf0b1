"""Billing rules: what is checked of their steps and formulas, and what to look at."""

from collections.abc import Iterator

from timix_xl.domain.formulas.compiling import compiled
from timix_xl.domain.formulas.refusals import FormulaError
from timix_xl.domain.rule_pricing import FORMULAS
from timix_xl.importing import faults
from timix_xl.importing.faults import Trouble, shown, trouble
from timix_xl.importing.rows import Row
from timix_xl.importing.standing import Standing


def billing_rule(row: Row, _: Row | None, __: Standing) -> Iterator[Trouble]:
    """Check that there are steps, each with a number of its own and formulas that can be used."""
    if not row["steps"]:
        yield trouble(faults.NO_STEPS, "steps", rule=shown(row["code"]))
    numbers = [step["step"] for step in row["steps"]]
    for at, step in enumerate(row["steps"]):
        if step["step"] in numbers[:at]:
            facts = {"step": step["step"], "rule": shown(row["code"])}
            yield trouble(faults.STEP_TWICE, f"steps[{at}].step", **facts)
        yield from _formulas(step, f"steps[{at}].")


def _formulas(step: Row, prefix: str) -> Iterator[Trouble]:
    for column, wanted in FORMULAS.items():
        try:
            if step[column]:
                compiled(step[column], wanted)
        except FormulaError as error:
            facts = {"position": error.position, "why": error.message.removesuffix(".")}
            yield trouble(faults.FORMULA_REFUSED, prefix + column, **facts)


def look_at_rule(row: Row, _: Row | None, standing: Standing) -> Iterator[Trouble]:
    """Find steps that never run, and rates that are never found."""
    types = {rate_type for _, rate_type in standing.now["rate_tables"]}
    active = [(at, step) for at, step in enumerate(row["steps"]) if step["active"]]
    first: dict[str, int] = {}
    for at, step in sorted(active, key=lambda one: int(one[1]["step"])):
        number, group, rate_type = step["step"], step["account_group"], step["rate_type"]
        before = first.setdefault(group, number)
        if before != number:
            facts = {"step": number, "first": before, "group": group}
            yield trouble(faults.STEP_NEVER_RUNS, f"steps[{at}].account_group", **facts)
        if rate_type and rate_type not in types:
            facts = {"step": number, "value": rate_type}
            yield trouble(faults.RATE_TYPE_NOWHERE, f"steps[{at}].rate_type", **facts)
        elif not rate_type and _uses_rate(step):
            yield trouble(faults.RATE_WITHOUT_TYPE, f"steps[{at}].rate_type", step=number)

    yield from _other_spellings(row, standing)


def _other_spellings(row: Row, standing: Standing) -> Iterator[Trouble]:
    """Find invoice groups that stand in upper case here and in lower case there."""
    others = (one for one in standing.now["billing_rules"].values() if one["code"] != row["code"])
    spelt = {step["invoice_group"] for one in others for step in one["steps"]}
    for at, step in enumerate(row["steps"]):
        group = step["invoice_group"]
        alike = (one for one in spelt if one.casefold() == group.casefold() and one != group)
        if other := min(alike, default=""):
            facts = {"step": step["step"], "value": shown(group), "other": shown(other)}
            column = f"steps[{at}].invoice_group"
            yield trouble(faults.GROUP_SPELT_OTHERWISE, column, **facts)
        spelt.add(group)


def _uses_rate(step: Row) -> bool:
    formulas = ((step[column], wanted) for column, wanted in FORMULAS.items() if step[column])
    return any(compiled(text, wanted).uses_rate for text, wanted in formulas)


def settle_billing_rule(row: Row, _: Row | None, __: Standing) -> Row:
    """Keep the steps in the order in which they are tried."""
    return row | {"steps": tuple(sorted(row["steps"], key=lambda one: int(one["step"])))}
