"""Lines that a person adds to a pro forma, without an entry behind them."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from timix_xl.domain import faults
from timix_xl.domain.books import Books
from timix_xl.domain.entries import Kind
from timix_xl.domain.invoices import Document, Line, LineStatus
from timix_xl.domain.money import ZERO, rounded, unit_price
from timix_xl.domain.pro_forma_lines import number_faults, size_faults
from timix_xl.errors import Fault

NEW_LINE = "new line"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLine:
    """A line that is added by hand; its unit price is what the amount makes of the quantity."""

    task: str
    description: str
    quantity: Decimal
    amount: Decimal
    item: str | None = None


def new_line_faults(new: NewLine, document: Document, project: str, books: Books) -> list[Fault]:
    """Say what speaks against a new line."""
    return list(_found(new, document, project, books))


def _found(new: NewLine, document: Document, project: str, books: Books) -> Iterator[Fault]:
    unreadable = [
        *number_faults(NEW_LINE, "quantity", new.quantity, document.currency),
        *number_faults(NEW_LINE, "amount", new.amount, document.currency),
    ]
    price = ZERO if unreadable else unit_price(new.amount, new.quantity)
    yield from (*unreadable, *size_faults(NEW_LINE, "unit price", price))
    if not new.description.strip():
        yield faults.LINE_WITHOUT_WORDS.at(NEW_LINE)
    if new.item is not None and new.item not in books.items:
        yield _stranger("item", new.item, project)
    if (project, new.task) not in books.tasks:
        yield _stranger("task", new.task, project)
        return
    code = tax_code(new, document, project, books)
    if books.tax_codes[code].percent_on(document.billing_date) is None:
        day = document.billing_date
        yield faults.LINE_BEFORE_TAX_RATE.at(NEW_LINE, day=day, code=code)


def _stranger(what: str, code: str, project: str) -> Fault:
    return faults.NOT_OF_THE_PROJECT.at(
        NEW_LINE, column=what, what=what, code=code, project=project
    )


def tax_code(new: NewLine, document: Document, project: str, books: Books) -> str:
    """Return the code of the item, else the task, project, location, customer."""
    facts, customer = books.facts(project, new.task), books.customers[document.customer]
    item = books.items.get(new.item or "")
    place = next((one for one in customer.locations if one.code == document.location), None)
    codes = (
        item.tax_code if item else None,
        facts.tax_code,
        facts.project.tax_code,
        place.tax_code if place else None,
    )
    return next((code for code in codes if code), customer.tax_code)


def manual_line(new: NewLine, document: Document, project: str, books: Books) -> Line:
    """Make a line of a document; `new_line_faults` has found nothing. Its number comes later."""
    item = books.items.get(new.item or "")
    code = tax_code(new, document, project, books)
    return Line(
        line=0,
        project=project,
        task=new.task,
        item=new.item,
        description=new.description.strip(),
        quantity=new.quantity,
        unit=item.unit if item else "pcs",
        unit_price=unit_price(new.amount, new.quantity),
        amount=rounded(new.amount, document.currency),
        tax_code=code,
        tax_percent=books.tax_codes[code].percent_on(document.billing_date) or ZERO,
        kind=Kind.MATERIAL,
        account_group=item.account_group if item else None,
        status=LineStatus.BILL,
    )
