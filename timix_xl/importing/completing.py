"""Complete an entry: what stands behind a column that is left out."""

from timix_xl.domain.entries import ApprovalStatus, EntryState, Kind
from timix_xl.domain.frame_orders import HOURS
from timix_xl.importing import faults
from timix_xl.importing.faults import Trouble, trouble
from timix_xl.importing.rows import Row
from timix_xl.importing.standing import Standing

DRAFT = ApprovalStatus.DRAFT
_INITIAL = {Kind.REMAINDER: ApprovalStatus.APPROVED}
"""The status of an entry that has none, if it is not a draft: what is invoiced is approved."""
LABOR = "LABOR"
PIECES = "pcs"


def completed(
    row: Row, was: Row | None, standing: Standing, status: ApprovalStatus | None
) -> tuple[Row, list[Trouble]]:
    """Fill in the defaults of an entry; says what cannot be filled in."""
    task, troubles = _task(row, was, standing)
    group, unit = _group_and_unit(row, was, standing)
    if group is None and row["kind"] is Kind.REMAINDER:
        why = "it has no account_group"
        troubles.append(trouble(faults.NOT_A_REMAINDER, "account_group", why=why))
    elif group is None:
        troubles.append(trouble(faults.ACCOUNT_GROUP_MISSING, "account_group"))
    billable = row["billable_quantity"]
    customer = standing.customer_of(row["project"])
    whole = {
        "task": task,
        "account_group": group,
        "unit": unit,
        "billable_quantity": row["quantity"] if billable is None else billable,
        "currency": row["currency"] or standing.currency_of(customer),
        "state": EntryState.OPEN,
        "part_of": row["part_of"],
        "frame_order": row.get("frame_order"),
        "wip_from": None,
        "of_document": None,
        "of_line": None,
    }
    if row["kind"] is Kind.REMAINDER:
        whole["covered_on"] = row["covered_on"] or row["date"]
    return row | _approval(row, was, status) | whole, troubles


def _group_and_unit(row: Row, was: Row | None, standing: Standing) -> tuple[str | None, str]:
    if row["kind"] is Kind.TIME:
        return row["account_group"] or LABOR, row["unit"] or HOURS
    if row["kind"] is Kind.REMAINDER:
        return row["account_group"], row["unit"] or ""
    defaults: Row = {"account_group": None, "unit": PIECES}
    if was is not None and was["kind"] is Kind.MATERIAL and was["item"] == row["item"]:
        # The item may say something else by now: the same file must still be known.
        defaults = was
    elif row["item"]:
        defaults = standing.now["items"][(row["item"],)]
    return (
        row["account_group"] or defaults["account_group"],
        row["unit"] or defaults["unit"] or PIECES,
    )


def _task(row: Row, was: Row | None, standing: Standing) -> tuple[str, list[Trouble]]:
    project, task = row["project"], row["task"]
    tasks = standing.tasks_of(project)
    own_will_do = not tasks or tasks == [project] or _stands_on_own_task(row, was)
    if task is None:
        missing = trouble(faults.TASK_MISSING, "task", project=project, example=(*tasks, "")[0])
        return project, [] if own_will_do else [missing]
    if standing.find("tasks", project, task) or (not tasks and task == project):
        return task, []
    refused = ("tasks", (project, task)) in standing.refused
    kind = faults.DEPENDS_ON_REFUSED if refused else faults.UNKNOWN_CODE
    return task, [trouble(kind, "task", noun="task", value=f"{project} / {task}")]


def _stands_on_own_task(row: Row, was: Row | None) -> bool:
    # Taken in when its project had no tasks yet: the same file must still be known.
    return was is not None and was["project"] == was["task"] == row["project"]


def _approval(row: Row, was: Row | None, status: ApprovalStatus | None) -> Row:
    if row["status"] is not None or was is None or status is not None:
        return {"status": row["status"] or status or _INITIAL.get(row["kind"], DRAFT)}
    # The file says nothing of approval, so what was approved since stays approved.
    kept = {name: row[name] or was[name] for name in ("approved_by", "approved_on")}
    return kept | {"status": was["status"]}
