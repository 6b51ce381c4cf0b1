"""What happened in the month: its documents, and the payments."""

from collections.abc import Iterable, Iterator, Sequence

from timix_xl.billing.pack import GIVEN_UP, IN, Payment, credited, invoiced, taken_back
from timix_xl.billing.register import Standing
from timix_xl.documents.marks import MM
from timix_xl.documents.pack_writer import Writer
from timix_xl.documents.pages import Block
from timix_xl.documents.tables import Column, Row
from timix_xl.domain.money import total

_NUMBER = 30 * MM
_NAME = 40 * MM


def register(writer: Writer) -> Block:
    """Lay out the documents of the month, with totals per currency."""
    columns = [
        Column("Number", most=_NUMBER),
        Column("Kind"),
        Column("Customer", stretches=True, least=_NAME),
        Column("Issued"),
        Column("Due"),
        Column("Net", ends=True),
        Column("Tax", ends=True),
        Column("Gross", ends=True),
        Column(""),
        Column("Status"),
    ]
    papers = writer.pack.documents
    rows = [_document(writer, one) for one in papers]
    totals = [_total(writer, *group) for group in _groups(papers, writer)]
    return writer.section("Register of the month", columns, rows, totals=totals)


def _document(writer: Writer, one: Standing) -> Row:
    return (
        one.number or "",
        one.kind.value.replace("_", " ").capitalize(),
        writer.who(one.customer),
        writer.notes.day(one.issue_date),
        writer.notes.day(one.due_date),
        *(writer.money(each, one.currency) for each in (one.subtotal, one.tax, one.total)),
        one.currency,
        one.state.replace("_", " "),
    )


def _groups(
    papers: Sequence[Standing], writer: Writer
) -> Iterator[tuple[str, list[Standing], str]]:
    for currency in sorted({one.currency for one in papers}):
        ours = [one for one in papers if one.currency == currency]
        for label, some in (
            ("Invoices", invoiced(ours, writer.pack.first)),
            ("Credit notes", credited(ours)),
            ("Voided", [one for one in ours if taken_back(one)]),
        ):
            if some:
                yield f"{label}: {len(some)}", some, currency


def _total(writer: Writer, label: str, some: Iterable[Standing], currency: str) -> Row:
    nets, taxes, grosses = zip(*((one.subtotal, one.tax, one.total) for one in some), strict=True)
    sums = (writer.money(total(column), currency) for column in (nets, taxes, grosses))
    return ("", "", label, "", "", *sums, currency, "")


def payments(writer: Writer) -> Block:
    """Lay out the payments and write-offs of the month, with totals per currency."""
    columns = [
        Column("Date"),
        Column("What"),
        Column("Number", most=_NUMBER),
        Column("Customer", stretches=True, least=_NAME),
        Column("Reference", most=45 * MM),
        Column("Amount", ends=True),
        Column(""),
    ]
    rows = [_payment(writer, one) for one in writer.pack.payments]
    totals = [*_totals(writer)]
    return writer.section("Payments and write-offs of the month", columns, rows, totals=totals)


def _payment(writer: Writer, one: Payment) -> Row:
    return (
        writer.notes.day(one.date),
        one.kind.value.replace("_", " "),
        one.number,
        writer.who(one.customer),
        one.reference,
        writer.money(one.amount, one.currency),
        one.currency,
    )


def _totals(writer: Writer) -> Iterator[Row]:
    paid = writer.pack.payments
    for currency in sorted({one.currency for one in paid}):
        for label, kinds in (("Received", IN), ("Written off", GIVEN_UP)):
            some = [one for one in paid if one.currency == currency and one.kind in kinds]
            if some:
                amount = writer.money(total(one.amount for one in some), currency)
                yield ("", "", "", f"{label}: {len(some)}", "", amount, currency)
