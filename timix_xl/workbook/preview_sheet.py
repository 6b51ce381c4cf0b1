"""The Preview sheet: the options of a run, its documents line by line, and its sums."""

from collections.abc import Sequence

import xlwings as xw

from timix_xl.billing.plan import Plan, RunOptions, figures
from timix_xl.domain.entries import Decision
from timix_xl.domain.grouping import GroupBy
from timix_xl.domain.invoices import Document
from timix_xl.domain.money import minor_digits, plain, total
from timix_xl.workbook import layout
from timix_xl.workbook.cells import Cell, day_in, number_in, put, refused, text_in
from timix_xl.workbook.frame_orders_sheet import chosen
from timix_xl.workbook.kinds import money_format
from timix_xl.workbook.refusals import CHOOSE
from timix_xl.workbook.rules import DAYS_RULE
from timix_xl.workbook.tables import set_column_format, write_rows
from timix_xl.workbook.words import GroupByWord

_GROUPS = {word.value.lower(): GroupBy[word.name.removeprefix("ISO_")] for word in GroupByWord}


def options(book: xw.Book) -> RunOptions:
    """Read what a person has chosen; an empty cell is the default. Raises CellRefused."""
    return RunOptions(
        issue_date=day_in(book, "timix_issue_date"),
        period_from=day_in(book, "timix_period_from"),
        period_to=day_in(book, "timix_period_to"),
        payment_terms_days=_days(book),
        po_number=text_in(book, "timix_po_number") or None,
        buyer_reference=text_in(book, "timix_buyer_reference") or None,
        notes=text_in(book, "timix_notes"),
        group_by=_group_by(book),
        frame_order=chosen(book),
        must_choose=True,
    )


def _days(book: xw.Book) -> int | None:
    days = number_in(book, "timix_payment_terms")
    if days is None:
        return None
    if days != int(days) or not 0 <= days <= DAYS_RULE.most:
        raise refused(
            book,
            "timix_payment_terms",
            plain(days),
            expected=f"whole days from 0 to {DAYS_RULE.most}",
            example="30",
        )
    return int(days)


def _group_by(book: xw.Book) -> GroupBy:
    given = text_in(book, "timix_group_by")
    word = " ".join(given.lower().split()) or GroupByWord.ENTRY.value
    if word not in _GROUPS:
        words = ", ".join(GroupByWord.words())
        raise refused(
            book,
            "timix_group_by",
            given,
            expected=f"one of {words}",
            example="task",
            how=CHOOSE,
        )
    return _GROUPS[word]


def show(book: xw.Book, plan: Plan) -> None:
    """Write each document that the run would make, and its sums."""
    currency = plan.review.currency
    write_rows(
        book,
        layout.PREVIEW,
        [
            row
            for at, document in enumerate(plan.documents, start=1)
            for row in _rows(document, _title(document, at, len(plan.documents)))
        ],
    )
    money = money_format(minor_digits(currency))
    set_column_format(book, layout.PREVIEW, ["Amount"], money)
    for name, value in _sums(plan).items():
        put(book, f"timix_summary_{name}", value)
    _put_dates(book, plan.documents)
    put(book, layout.PREVIEW_ROUNDING, plan.line_rounding)
    put(book, layout.PREVIEW_BILL_AMOUNT, figures(plan.outcomes[Decision.BILL]).amount)


def _title(document: Document, at: int, count: int) -> str:
    number = document.number or (f"Invoice {at} of {count}" if count > 1 else "Invoice")
    return f"{number} ({document.buyer.location})" if document.buyer.location else number


def _rows(document: Document, title: str) -> list[dict[str, Cell]]:
    lines = [
        _row(
            document,
            title,
            line=line.line,
            project=line.project,
            description=line.description,
            # A line without a quantity is an amount, or information: it has no price.
            qty=float(line.quantity) if line.quantity else None,
            unit=line.unit if line.quantity else None,
            price=float(line.unit_price) if line.quantity else None,
            amount=float(line.amount),
            tax=f"{plain(line.tax_percent)} %",
        )
        for line in document.printed_lines
    ]
    taxes = [
        _row(
            document,
            title,
            description=f"Tax {tax.code} on {tax.base:,f}" + (f": {tax.note}" if tax.note else ""),
            amount=float(tax.amount),
            tax=f"{plain(tax.percent)} %",
        )
        for tax in document.tax
    ]
    sums = {"Subtotal": document.subtotal, "Total": document.total}
    subtotal, whole = (
        _row(document, title, description=text, amount=float(amount))
        for text, amount in sums.items()
    )
    return [*lines, subtotal, *taxes, whole]


def _row(
    document: Document,
    title: str,
    *,
    description: str,
    amount: float,
    line: int | None = None,
    project: str | None = None,
    qty: float | None = None,
    unit: str | None = None,
    price: float | None = None,
    tax: str | None = None,
) -> dict[str, Cell]:
    values = (title, line, project, description, qty, unit, price, amount, tax, document.currency)
    return dict(zip(layout.PREVIEW.titles, values, strict=True))


def _sums(plan: Plan) -> dict[str, Cell]:
    draws = [each.draw_down for each in plan.documents if each.draw_down]
    subtotal = total(document.subtotal for document in plan.documents)
    whole = total(document.total for document in plan.documents)
    return {
        "documents": len(plan.documents),
        "hours": float(total(document.hours for document in plan.documents)),
        "subtotal": float(subtotal),
        "tax": float(whole - subtotal),
        "total": float(whole),
        "written_off": float(figures(plan.outcomes[Decision.WRITE_OFF]).amount),
        "deferred": float(figures(plan.outcomes[Decision.DEFER]).amount),
        "rounding": float(plan.rounding),
        "draw_before": float(draws[0].before) if draws else None,
        "draw_after": float(draws[-1].after) if draws else None,
        "draw_unit": draws[0].unit if draws else None,
    }


def _put_dates(book: xw.Book, documents: Sequence[Document]) -> None:
    """Say when the documents are dated and due, where the workbook has cells for that."""
    dated = {document.issue_date for document in documents}
    due = {document.due_date for document in documents}
    for cell, days in zip(layout.SUMMARY_DATES, (dated, due), strict=True):
        if cell.name in book.names:
            # Documents of several dates have no one day to show.
            put(book, cell.name, days.pop() if len(days) == 1 else None)


def clear(book: xw.Book) -> None:
    """Empty the preview: it belongs to another load."""
    write_rows(book, layout.PREVIEW, [])
    for cell in layout.SUMMARY_CELLS:
        if cell not in layout.SUMMARY_DATES:
            put(book, cell.name, None)
    _put_dates(book, ())
    put(book, layout.PREVIEW_ROUNDING, None)
    put(book, layout.PREVIEW_BILL_AMOUNT, None)


def clear_options(book: xw.Book) -> None:
    """Empty the options that belong to one run."""
    for name in ("issue_date", "period_from", "period_to", "po_number", "notes"):
        put(book, f"timix_{name}", None)
