"""Parts: which entries a run splits, and the rows that stand for them from then on."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from timix_xl.billing.ballots import Ballot
from timix_xl.billing.load import Review, ReviewRow, token
from timix_xl.domain import faults
from timix_xl.domain.books import Books
from timix_xl.domain.entries import Decision, Entry
from timix_xl.domain.money import QUANTITY_PLACES, minor_unit, plain, quantized, worded
from timix_xl.domain.parts import part_ids, parted
from timix_xl.domain.pricing import priced_part
from timix_xl.errors import Fault


@dataclass(frozen=True, slots=True)
class Parting:
    """An entry that a run splits: the row as loaded, the part to bill, the rest."""

    whole: ReviewRow
    billed: ReviewRow
    rest: ReviewRow
    becomes: Decision
    """What becomes of the rest: Defer or Write off."""

    @property
    def rounding(self) -> Decimal:
        """What the amounts of the parts come to more than that of the whole."""
        return self.billed.priced.amount + self.rest.priced.amount - self.whole.priced.amount


def partings(
    review: Review, ballots: Mapping[str, Ballot], taken: Collection[str], issue_date: dt.date
) -> Iterator[Parting]:
    """Split the entries that are billed in part; a part is open from the issue date on.

    `taken` are the ids that parts cannot have. A Bill qty that is no part of its entry splits
    nothing: it is a fault, or the whole entry. So is one of which a billing rule makes something
    else than was asked for: `parting_faults` names it.
    """
    for row in review.rows:
        ballot = ballots.get(row.entry.id)
        quantity = ballot.part(row.priced.quantity) if ballot else None
        if ballot is None or quantity is None:
            continue
        becomes = ballot.what_becomes_of_the_rest
        parting = _parting(review, row, quantity, becomes, taken, issue_date)
        if parting and not _differs(parting, quantity, review.currency):
            yield parting


def parting_faults(
    review: Review, ballots: Mapping[str, Ballot], split_up: Sequence[Parting]
) -> Iterator[Fault]:
    """Name the entries that a billing rule does not let split: the parts would not be the whole."""
    done = {parting.whole.entry.id for parting in split_up}
    for row in review.rows:
        ballot = ballots.get(row.entry.id)
        quantity = ballot.part(row.priced.quantity) if ballot else None
        if quantity is not None and row.entry.id not in done:
            yield faults.NOT_PROPORTIONAL.at(
                entry=row.entry.id,
                column="Bill qty",
                given=plain(quantity),
                whole=plain(row.priced.quantity),
                unit=row.entry.unit,
                amount=worded(row.priced.amount, review.currency),
                rule=row.priced.rule,
            )


def _parting(
    review: Review,
    row: ReviewRow,
    quantity: Decimal,
    becomes: Decision,
    taken: Collection[str],
    issue_date: dt.date,
) -> Parting | None:
    """Split an entry so that a part of what would be billed is; None if its rule has no such part."""
    entry = row.entry
    own = _own_part(row, quantity)
    if own is None:
        return None
    parts = parted(
        entry,
        own,
        part_ids(entry.id, taken),
        cost_currency=review.books.company.currency,
        wip_from=issue_date,
    )
    billed, rest = (_row(row, part, review.books) for part in parts)
    return Parting(row, billed, rest, becomes)


def _own_part(row: ReviewRow, quantity: Decimal) -> Decimal | None:
    """Return the part of the entry's own quantity that brings a part of what is billed."""
    whole = row.entry.billable_quantity
    if whole == row.priced.quantity:
        return quantity
    own = quantized(whole * quantity / row.priced.quantity, QUANTITY_PLACES)
    return own if own * whole > 0 and abs(own) < abs(whole) else None


def _row(whole: ReviewRow, part: Entry, books: Books) -> ReviewRow:
    priced = priced_part(whole.priced, part, books)
    return replace(whole, priced=priced, saved=None, token=token(priced, 0))


def _differs(parting: Parting, quantity: Decimal, currency: str) -> bool:
    """Whether the parts are not what was asked for, or not the whole."""
    billed, rest, whole = (one.priced for one in (parting.billed, parting.rest, parting.whole))
    return (
        billed.quantity != quantity
        or billed.quantity + rest.quantity != whole.quantity
        or abs(parting.rounding) > minor_unit(currency)
    )
