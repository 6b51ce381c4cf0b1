"""What stands at the end of the month: receivables and WIP, by age."""

from collections.abc import Iterator, Sequence

from timix_xl.billing.ageing import Aged
from timix_xl.billing.register import Standing
from timix_xl.billing.wip import AgedWip
from timix_xl.documents.marks import MM
from timix_xl.documents.pack_writer import Writer, none
from timix_xl.documents.pages import Block
from timix_xl.documents.tables import Column, Row, Strong
from timix_xl.domain.ages import RECEIVABLE_AGES, WIP_AGES, age_of
from timix_xl.domain.money import ZERO, total
from timix_xl.domain.wip import Work

_INDENT = "    "
_NAME = 50 * MM


def receivables(writer: Writer) -> Iterator[Block]:
    """Lay out what customers owe, document by document, a table per currency."""
    aged = writer.pack.receivables
    for currency in sorted({one.currency for one in aged}):
        yield _receivables(writer, [one for one in aged if one.currency == currency], currency)
    if not aged:
        yield none("Receivables by age")


def _receivables(writer: Writer, aged: Sequence[Aged], currency: str) -> Block:
    columns = [
        Column("Customer, document", stretches=True, least=_NAME),
        Column("Days\noverdue", ends=True),
        *(Column(age.name, ends=True) for age in RECEIVABLE_AGES),
        Column("Owed to\ncustomer", ends=True),
        Column("Total", ends=True),
    ]
    rows: list[Row | Strong] = []
    for one in aged:
        figures = (*one.buckets, one.credit, one.total)
        rows.append(Strong((writer.who(one.customer), "", *writer.moneys(figures, currency))))
        rows.extend(_document(writer, each) for each in one.documents)
    every = [(*one.buckets, one.credit, one.total) for one in aged]
    sums = [total(column) for column in zip(*every, strict=True)]
    totals = [(f"Total {currency}", "", *writer.moneys(sums, currency))]
    return writer.section(f"Receivables by age, {currency}", columns, rows, totals=totals)


def _document(writer: Writer, one: Standing) -> Row:
    days = (writer.pack.last - one.due_date).days
    is_owed = one.outstanding > 0
    late = f"{days:,}" if days > 0 and is_owed else ""
    bucket = age_of(days, RECEIVABLE_AGES)
    figures = [one.outstanding if age is bucket and is_owed else ZERO for age in RECEIVABLE_AGES]
    label = f"{_INDENT}{one.number}, due {writer.notes.day(one.due_date)}"
    credit = min(one.outstanding, ZERO)
    return (label, late, *writer.moneys((*figures, credit, one.outstanding), one.currency))


def work(writer: Writer) -> Iterator[Block]:
    """Lay out the WIP of each customer, money above hours, a table per currency."""
    aged = writer.pack.wip
    for currency in sorted({one.currency for one in aged}):
        yield _work(writer, [one for one in aged if one.currency == currency], currency)
    if not aged:
        yield none("WIP by age")


def _work(writer: Writer, aged: Sequence[AgedWip], currency: str) -> Block:
    columns = [
        Column("Customer", stretches=True, least=_NAME),
        *(Column(age.name, ends=True) for age in WIP_AGES),
        Column("Total", ends=True),
        Column("Oldest"),
    ]
    every = [(*one.buckets, Work(one.hours, one.amount)) for one in aged]
    rows = [
        (
            writer.who(one.customer),
            *(writer.work(each, currency) for each in figures),
            writer.notes.day(one.oldest) if one.oldest else "",
        )
        for one, figures in zip(aged, every, strict=True)
    ]
    sums = [sum(column, Work()) for column in zip(*every, strict=True)]
    totals = [(f"Total {currency}", *(writer.work(each, currency) for each in sums), "")]
    return writer.section(f"WIP by age, {currency}", columns, rows, totals=totals)
