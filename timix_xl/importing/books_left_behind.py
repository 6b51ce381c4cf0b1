"""What a books file does not carry over: counted, so that nobody looks for it in vain."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from timix_xl.domain.limits import Limit, Share
from timix_xl.store import closings, intake, opening_data, reading, rules


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """Saved decisions, open entries that were deferred, drafts, closed months: how many.

    Also pro formas that are not closed, and limits of which something is invoiced: the new store
    does not count that.
    """

    decisions: int = 0
    deferrals: int = 0
    drafts: int = 0
    closed_months: int = 0
    pro_formas: int = 0
    limits: int = 0


def left_behind(connection: Connection, open_entries: Collection[str], drafts: int) -> LeftBehind:
    """Count what stays behind; entries of a draft or a pro forma are open."""
    invoiced = intake.read_invoiced(connection)
    saved = reading.saved_decisions(connection, None)
    return LeftBehind(
        decisions=sum(1 for one in saved.values() if one.decision),
        deferrals=len(reading.deferrals(connection, None).keys() & set(open_entries)),
        drafts=drafts,
        closed_months=len(closings.standing_closings(connection)),
        pro_formas=opening_data.open_pro_formas(connection),
        limits=sum(_is_used(one, invoiced) for one in rules.limits(connection)),
    )


def _is_used(limit: Limit, invoiced: Sequence[Share]) -> bool:
    return any(limit.covers(one.project, one.task, one.account_group) for one in invoiced)
