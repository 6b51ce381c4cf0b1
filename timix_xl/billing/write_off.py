"""Write off a receivable: a small difference, a bad debt; or wait for it again."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from timix_xl.billing.booking import OUTSTANDING, WRITTEN_OFF, Booking, carry_out
from timix_xl.billing.register import Standing
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
    agreed: Callable[[Standing, Decimal], bool] | None = None,
) -> None:
    """Wait no more for an amount (None: all that is outstanding). No entry and no tax changes.

    `agreed` says whether the invoice stands as a person saw it when they confirmed, and whether
    this is the amount. Raises UnknownDocument, RegisterOnly, ReasonMissing, PaymentRefused (more
    than is outstanding), NotAsConfirmed, DateOutOfOrder, PeriodClosed, RequestReused.
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
        agreed=agreed,
    )


def all_outstanding(there: Standing, date: dt.date) -> Decimal:
    """Return what a write-off of this date takes where no amount is given.

    It is the least that was outstanding on a day since; nothing of an opening invoice.
    """
    return OUTSTANDING.on(there.stored, date) if there.stored else ZERO


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
