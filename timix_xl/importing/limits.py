"""Limits: what is checked of them, also against what is invoiced already."""

from collections.abc import Iterator

from timix_xl.domain.limits import Limit, OverLimit
from timix_xl.domain.money import total, worded
from timix_xl.importing import faults
from timix_xl.importing.checks import task_of_project
from timix_xl.importing.faults import FaultKind, Trouble, trouble
from timix_xl.importing.opening import too_fine
from timix_xl.importing.rows import Row
from timix_xl.importing.standing import Standing


def limit(row: Row, was: Row | None, standing: Standing) -> Iterator[Trouble]:
    """Check task and amount; a new amount may not be below what is invoiced."""
    yield from task_of_project(row, standing)
    currency = standing.currency_of(standing.customer_of(row["project"]))
    yield from too_fine(row, ("amount",), currency)
    if not _is_ignored(standing):
        yield from _below_invoiced(faults.LIMIT_BELOW_INVOICED, row, was, standing)


def look_at_limit(row: Row, was: Row | None, standing: Standing) -> Iterator[Trouble]:
    """Tell of a limit below what is invoiced, where the settings ignore limits."""
    if _is_ignored(standing):
        yield from _below_invoiced(faults.LIMIT_BELOW_INVOICED_IGNORED, row, was, standing)


def _is_ignored(standing: Standing) -> bool:
    settings = standing.find("settings")
    return settings is not None and settings["over_limit"] == OverLimit.IGNORE


def _below_invoiced(
    kind: FaultKind, row: Row, was: Row | None, standing: Standing
) -> Iterator[Trouble]:
    if was is not None and was["amount"] == row["amount"]:
        return  # a limit that was passed since is still known
    one = Limit(**{name: row[name] for name in ("project", "task", "account_group", "amount")})
    invoiced = total(
        share.amount
        for share in standing.invoiced
        if one.covers(share.project, share.task, share.account_group)
    )
    if invoiced > one.amount:
        currency = standing.currency_of(standing.customer_of(one.project))
        facts = {"invoiced": worded(invoiced, currency), "limit": worded(one.amount, currency)}
        yield trouble(kind, "amount", **facts, scope=one.scope)


def settle_limit(row: Row, was: Row | None, standing: Standing) -> Row:
    """Keep the id of a known limit; from now on its currency stays."""
    standing.used_customers.add(standing.customer_of(row["project"]))
    standing.used_projects.add(row["project"])
    return row | {"id": was["id"]} if was and "id" in was else row
