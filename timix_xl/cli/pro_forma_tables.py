"""What a person reads of pro formas: the list, and one with what was billed beside its lines."""

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

from timix_xl.cli.printing import add, lay, money, quantity, rate, say, table
from timix_xl.domain.invoices import Line
from timix_xl.domain.limits import LineLimit
from timix_xl.domain.money import total
from timix_xl.domain.pro_formas import ProForma


def show_list(console: Console, found: Sequence[ProForma]) -> None:
    """Show pro formas, one to a row."""
    if not found:
        say(console, "No pro formas.")
        return
    numbers = ("Revision", "Lines", "Subtotal", "Total", "Held", "Written off")
    names = ("Number", "Revision", "Project", "Customer", "Billing date", "State", "Released to")
    made = table("Pro formas", *names, *numbers[1:], "Currency", numbers=numbers)
    for one in found:
        document, currency = one.document, one.currency
        head = (one.number, one.revision, one.project, one.customer, one.billing_date)
        held = total(line.held for line in document.lines)
        written_off = total(line.written_off for line in document.lines)
        figures = (document.subtotal, document.total, held, written_off)
        sums = [money(figure, currency) for figure in figures]
        add(made, *head, state(one), one.released_to, len(document.lines), *sums, currency)
    lay(console, made)


def state(one: ProForma) -> str:
    """Write where a pro forma stands."""
    return one.state.value.replace("_", " ")


def show(console: Console, one: ProForma, limits: Mapping[int, LineLimit]) -> None:
    """Show one pro forma: its lines as billed and as they are to be invoiced."""
    document = one.document
    place = f", {document.buyer.location}" if document.buyer.location else ""
    revision = f", revision {one.revision}" if one.revision > 1 else ""
    heading = f"{one.number}{revision}, {state(one)}: {document.buyer.name} ({one.customer}){place}"
    lay(console, _lines_table(one, heading, limits))
    if document.description:
        say(console, document.description)
    say(console, f"Project {one.project}, billed up to {one.billing_date}.")
    if one.released_to:
        say(console, f"Released into {one.released_to}.")
    elif one.put_back:
        say(console, "Put back on hold: the invoice made from it was taken back.")


def _lines_table(one: ProForma, heading: str, limits: Mapping[int, LineLimit]) -> Table:
    amount = f"To invoice {one.currency}"
    billed = ("Billed qty", "Billed")
    asked = ("Qty", "Unit price", amount)
    left = ("Held", "Written off")
    limited = ("Limit leaves", "Over limit") if limits else ()
    names = ("Line", "Task", "Item", "Description", *billed, *asked, "Status", *left, *limited)
    numbers = ("Line", *billed, *asked, *left, *limited, "Tax %")
    made = table(heading, *names, "Tax %", "Entry ids", numbers=numbers)
    for line in one.document.lines:
        cells = [*_cells(line, one.currency)]
        if limits:
            cells += _limit_cells(limits.get(line.line), one.currency)
        tax = quantity(line.tax_percent)
        add(made, *cells, tax, ", ".join(line.entries))
    made.add_section()
    _add_sums(made, one, len(limited))
    return made


def _cells(line: Line, currency: str) -> list[str]:
    billed = ["", ""]
    left = ["", ""]
    if line.billed_amount is not None:
        billed = [quantity(line.billed_quantity or line.billed_amount * 0)]
        billed += [money(line.billed_amount, currency)]
        left = [money(line.held, currency), money(line.written_off, currency)]
    status = line.status.value.replace("_", " ") if line.status else ""
    if not line.printed:
        status = f"{status}, not printed"
    return [
        *(str(line.line), line.task or "", line.item or "", line.description),
        *billed,
        *(quantity(line.quantity), rate(line.unit_price) if line.quantity else ""),
        *(money(line.amount, currency), status),
        *left,
    ]


def _limit_cells(limit: LineLimit | None, currency: str) -> list[str]:
    if limit is None:
        return ["", ""]
    return [money(limit.available, currency), money(limit.over, currency) if limit.over else ""]


def _add_sums(made: Table, one: ProForma, limited: int) -> None:
    document, currency = one.document, one.currency
    blank = [""] * (limited + 4)
    add(made, "", "", "", "Subtotal", *[""] * 4, money(document.subtotal, currency), "", *blank)
    for tax in document.tax:
        text = f"Tax {tax.code} {quantity(tax.percent)} % on {money(tax.base, currency)}"
        add(made, "", "", "", text, *[""] * 4, money(tax.amount, currency), "", *blank)
    add(made, "", "", "", "Total", *[""] * 4, money(document.total, currency), "", *blank)
