"""What a books file does not carry over: counted, so that nobody looks for it in vain."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection

from timix_xl.store import closings, reading


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """Saved decisions, open entries that were deferred, drafts, closed months: how many."""

    decisions: int = 0
    deferrals: int = 0
    drafts: int = 0
    closed_months: int = 0


def left_behind(connection: Connection, open_entries: Collection[str], drafts: int) -> LeftBehind:
    """Count what stays behind; entries of a draft are open."""
    saved = reading.saved_decisions(connection, None)
    return LeftBehind(
        decisions=sum(1 for one in saved.values() if one.decision),
        deferrals=len(reading.deferrals(connection, None).keys() & set(open_entries)),
        drafts=drafts,
        closed_months=len(closings.standing_closings(connection)),
    )
