"""Issue for all customers: each in a transaction of its own, in the order of their codes."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from timix_xl.billing.issue import ISSUE, SAVE_DRAFT, Issued, carry_out
from timix_xl.billing.load import load
from timix_xl.billing.plan import RunOptions
from timix_xl.errors import NothingToBill, TimixError
from timix_xl.store.chained import Actor
from timix_xl.store.database import Store


class RunOutcome(StrEnum):
    """How the run of one customer ended."""

    DONE = "done"
    NOTHING = "nothing"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class CustomerRun:
    """What a mass run did for one customer; `stopped` says why nothing was written."""

    customer: str
    outcome: RunOutcome
    issued: Issued | None = None
    stopped: TimixError | None = None
    left_out: int = 0
    """How many open entries were left out where nothing could be billed."""


def issue_all(
    store: Store,
    customers: Sequence[str],
    billing_date: dt.date,
    options: RunOptions,
    *,
    actor: Actor,
    as_drafts: bool = False,
    request: str | None = None,
) -> Iterator[CustomerRun]:
    """Issue for each customer what is decided, and go on where one is refused.

    A request id is the whole mass run's: again, it issues what failed before, and nothing twice.
    """
    action = SAVE_DRAFT if as_drafts else ISSUE
    for customer in customers:
        own = f"{request}:{customer}" if request else None
        try:
            done = carry_out(store, action, customer, billing_date, options, actor, None, own)
            yield CustomerRun(customer, RunOutcome.DONE, issued=done)
        except NothingToBill:
            left_out = len(load(store, customer, billing_date).left_out)
            yield CustomerRun(customer, RunOutcome.NOTHING, left_out=left_out)
        except TimixError as stopped:
            yield CustomerRun(customer, RunOutcome.FAILED, stopped=stopped)
