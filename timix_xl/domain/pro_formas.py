"""Pro formas: a draft in negotiation with the customer, its states and its lines."""

from enum import StrEnum


class ProFormaState(StrEnum):
    """Where a pro forma stands."""

    ON_HOLD = "on_hold"
    """It may be edited."""
    OPEN = "open"
    """It is with the customer."""
    CLOSED = "closed"
    """It has been released into an invoice."""


TRANSITIONS: dict[ProFormaState, frozenset[ProFormaState]] = {
    ProFormaState.ON_HOLD: frozenset({ProFormaState.OPEN}),
    ProFormaState.OPEN: frozenset({ProFormaState.ON_HOLD, ProFormaState.CLOSED}),
    ProFormaState.CLOSED: frozenset({ProFormaState.ON_HOLD}),
}
"""Closed goes back On Hold only when its invoice is voided, or the draft of it deleted."""
