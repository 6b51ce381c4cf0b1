"""Write off a receivable: a small difference, a bad debt; or wait for it again."""

import datetime as dt
from decimal import Decimal

from timix_xl.billing.booking import OUTSTANDING, WRITTEN_OFF, Booking, carry_out
from timix_xl.domain.money import ZERO
from timix_xl.errors import ReasonMissing
from timix_xl.store.chained import Actor
from timix_xl.store.database import Store
from timix_xl.store.documents import EventKind


def write_off_receivable(
    store: Store,
    number: str,
    reason: str,
    *,
    date: dt.date | None,
    actor: Actor,
    amount: Decimal | None = None,
    request: str | None = None,
) -> None:
    """Wait no more for an amount (None: all that is outstanding). No entry and no tax changes.

    Raises UnknownDocument, RegisterOnly, ReasonMissing, PaymentRefused (more than is outstanding),
    DateOutOfOrder, PeriodClosed, RequestReused.
    """
    if not reason.strip():
        raise ReasonMissing(action=f"Writing off what {number} asks for")
    wanted = Booking(
        EventKind.WRITTEN_OFF, amount or ZERO, date or actor.today, reason=reason.strip()
    )
    carry_out(
        store,
        number,
        wanted,
        given=date,
        actor=actor,
        request=request,
        limit=OUTSTANDING,
        whole=amount is None,
    )


def reinstate(
    store: Store,
    number: str,
    amount: Decimal,
    reason: str,
    *,
    date: dt.date | None,
    actor: Actor,
    request: str | None = None,
) -> None:
    """Wait again for an amount that was written off.

    Raises UnknownDocument, RegisterOnly, ReasonMissing, PaymentRefused (more than is written off),
    DateOutOfOrder, PeriodClosed, RequestReused.
    """
    if not reason.strip():
        raise ReasonMissing(action=f"Reinstating what {number} asks for")
    wanted = Booking(EventKind.REINSTATED, amount, date or actor.today, reason=reason.strip())
    carry_out(store, number, wanted, given=date, actor=actor, request=request, limit=WRITTEN_OFF)
