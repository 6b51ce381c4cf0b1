"""The first page of a month-end pack: the month in figures, what ties to what, and how old it is."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from timix_xl.billing.pack import Sums
from timix_xl.documents.marks import LEFT, MM, RIGHT, Figure, Strip, beside, space
from timix_xl.documents.pack_charts import AgeBar, age_chart
from timix_xl.documents.pack_writer import Writer, none
from timix_xl.documents.pages import Block
from timix_xl.documents.tables import Column
from timix_xl.domain.ages import RECEIVABLE_AGES, WIP_AGES, Age
from timix_xl.domain.money import ZERO, total

_MOST_CURRENCIES = 4
_HALF = 80 * MM
_COLUMN = 28 * MM
_OWED = "Owed to customer"
_LATE_DAYS = 60
"""Buckets that begin after so many days are drawn in the colour of alarm."""


def summary(writer: Writer) -> Iterator[Block]:
    """Lay out the figures of the month, a column per currency."""
    sums = writer.pack.sums
    for at in range(0, len(sums), _MOST_CURRENCIES):
        facts = [_facts(writer, one) for one in sums[at : at + _MOST_CURRENCIES]]
        names = [one.currency for one in sums[at : at + _MOST_CURRENCIES]]
        columns = [
            Column("", stretches=True, least=_COLUMN),
            *(Column(name, ends=True, least=_COLUMN) for name in names),
        ]
        rows = [(label, *(fact[label] for fact in facts)) for label in facts[0]]
        yield writer.section("Summary", columns, rows, size=8)
    if not sums:
        yield none("Summary")


def _facts(writer: Writer, one: Sums) -> dict[str, str]:
    figures = {
        "Invoiced, net": one.net,
        "Tax": one.tax,
        "Outstanding before the month": one.opening,
        "plus invoiced, gross": one.gross,
        "plus credit notes, gross": one.credited,
        "plus voided, gross": one.voided,
        "less payments received, net of refunds": one.received,
        "less receivables written off": one.given_up,
        "Outstanding at month end": one.outstanding,
        "WIP at month end": one.wip.amount,
    }
    words = {label: writer.money(figure, one.currency) for label, figure in figures.items()}
    return words | {"Unbilled hours at month end": f"{writer.notes.quantity(one.wip.hours)} h"}


def ties(writer: Writer) -> Block:
    """Lay out what has to be the same in two places, with both figures."""
    columns = [
        Column("Figure", stretches=True, least=_COLUMN),
        Column("One place", most=45 * MM),
        Column("says", ends=True),
        Column("Other place", most=45 * MM),
        Column("says", ends=True),
        Column("Unit"),
        Column(""),
    ]
    rows = [
        (
            tie.what,
            tie.here,
            writer.in_unit(tie.one, tie.unit),
            tie.there,
            writer.in_unit(tie.other, tie.unit),
            tie.unit,
            "ties" if tie.holds else "DIFFERS",
        )
        for tie in writer.pack.ties
    ]
    return writer.section("Reconciliation: what ties to what", columns, rows, size=7)


def charts(writer: Writer) -> Block | None:
    """Draw receivables and WIP by age, side by side, a pair per currency."""
    groups = [
        (space(4 * MM), beside(*strips))
        for currency in (one.currency for one in writer.pack.sums)
        if (strips := [*_pair(writer, currency)])
    ]
    return Block(tuple(groups)) if groups else None


def _pair(writer: Writer, currency: str) -> Iterator[Strip]:
    aged = [one for one in writer.pack.receivables if one.currency == currency]
    owed = [one.buckets for one in aged]
    credit = total(one.credit for one in aged)
    work = [
        tuple(bucket.amount for bucket in one.buckets)
        for one in writer.pack.wip
        if one.currency == currency
    ]
    back = [AgeBar(_OWED, 0.0, writer.money(credit, currency))] if credit else []
    for title, ages, rows, below, x in (
        (f"Receivables by age, {currency}", RECEIVABLE_AGES, owed, back, LEFT),
        (f"WIP by age, {currency}", WIP_AGES, work, [], RIGHT - _HALF),
    ):
        if rows:
            bars = [*_bars(writer, ages, _columns(rows), currency), *below]
            drawing = age_chart(title, bars, _HALF, writer.colours)
            yield Strip(drawing.height, (Figure(x, 0, drawing.width, drawing.height, drawing),))


def _columns(rows: Iterable[Sequence[Decimal]]) -> list[Decimal]:
    return [total(column) for column in zip(*rows, strict=True)]


def _bars(
    writer: Writer, ages: Sequence[Age], sums: Sequence[Decimal], currency: str
) -> list[AgeBar]:
    most = max(*sums, ZERO) or Decimal(1)
    return [
        AgeBar(
            age.name,
            float(max(each, ZERO) / most),
            writer.money(each, currency),
            is_late=(age.first or 0) > _LATE_DAYS,
        )
        for age, each in zip(ages, sums, strict=True)
    ]
