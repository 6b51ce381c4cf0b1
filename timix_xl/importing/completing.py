"""Complete an entry: what stands behind a column that is left out."""

from timix_xl.domain.entries import ApprovalStatus, EntryState, Kind
from timix_xl.domain.frame_orders import HOURS
from timix_xl.importing import faults
from timix_xl.importing.faults import Trouble, trouble
from timix_xl.importing.rows import Row
from timix_xl.importing.standing import Standing

LABOR = "LABOR"
PIECES = "pcs"


def completed(
    row: Row, was: Row | None, standing: Standing, status: ApprovalStatus | None
) -> tuple[Row, list[Trouble]]:
    """Fill in the defaults of an entry; says what cannot be filled in."""
    item = standing.find("items", row["item"]) if row["item"] else None
    is_time = row["kind"] is Kind.TIME
    task, troubles = _task(row, was, standing)
    group = row["account_group"] or (LABOR if is_time else item and item["account_group"])
    if not group:
        troubles.append(trouble(faults.ACCOUNT_GROUP_MISSING, "account_group"))
    billable = row["billable_quantity"]
    customer = standing.customer_of(row["project"])
    return row | _approval(row, was, status) | {
        "task": task,
        "account_group": group,
        "unit": row["unit"] or (HOURS if is_time else (item and item["unit"]) or PIECES),
        "billable_quantity": row["quantity"] if billable is None else billable,
        "currency": row["currency"] or standing.currency_of(customer),
        "state": EntryState.OPEN,
        "part_of": None,
    }, troubles


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
        return {"status": row["status"] or status or ApprovalStatus.DRAFT}
    # The file says nothing of approval, so what was approved since stays approved.
    kept = {name: row[name] or was[name] for name in ("approved_by", "approved_on")}
    return kept | {"status": was["status"]}
