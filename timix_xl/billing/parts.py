"""Parts: which entries a run splits, and the rows that stand for them from then on."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from timix_xl.billing.ballots import Ballot
from timix_xl.billing.load import Review, ReviewRow, token
from timix_xl.domain.entries import Decision, Entry
from timix_xl.domain.money import rounded
from timix_xl.domain.parts import part_ids, parted


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
    nothing: it is a fault, or the whole entry.
    """
    for row in review.rows:
        ballot = ballots.get(row.entry.id)
        quantity = ballot.part(row.entry.billable_quantity) if ballot else None
        if ballot is None or quantity is None:
            continue
        billed, rest = parted(
            row.entry,
            quantity,
            part_ids(row.entry.id, taken),
            cost_currency=review.books.company.currency,
            wip_from=issue_date,
        )
        becomes = ballot.what_becomes_of_the_rest
        yield Parting(row, _row(row, billed), _row(row, rest), becomes)


def _row(whole: ReviewRow, part: Entry) -> ReviewRow:
    """Price a part as the whole was priced."""
    amount = rounded(part.billable_quantity * whole.priced.rate, part.currency)
    priced = replace(whole.priced, entry=part, amount=amount)
    return replace(whole, priced=priced, saved=None, token=token(priced, 0))
