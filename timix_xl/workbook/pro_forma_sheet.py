"""The Pro forma sheet: the lines of one pro forma, and where they were loaded from."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import xlwings as xw

from timix_xl.domain.frame_orders import FrameOrder
from timix_xl.domain.invoices import Line
from timix_xl.domain.limits import LineLimit
from timix_xl.domain.money import minor_digits
from timix_xl.domain.pro_formas import ProForma, ProFormaState
from timix_xl.errors import Fault, some_of
from timix_xl.workbook import layout
from timix_xl.workbook.cells import (
    Cell,
    named,
    number_in,
    put,
    put_texts,
    text_in,
    text_of,
    written,
)
from timix_xl.workbook.kinds import Kind, money_format
from timix_xl.workbook.pro_forma_layout import (
    CHOICES,
    LEFT_OVER,
    LINE_FACTS,
    LINE_FORMULAS,
    LINE_INPUTS,
    LINE_MONEY,
    PRO_FORMA,
    PRO_FORMA_DIGITS,
    PRO_FORMA_FACTS,
    PRO_FORMA_NUMBER,
    PRO_FORMA_ORDER,
    PRO_FORMA_SHEET,
    PRO_FORMA_TILES,
    SPARE_ROWS,
    WAS,
)
from timix_xl.workbook.projects_sheet import state_word
from timix_xl.workbook.refusals import CellEmpty, NoProFormaLoaded, ProFormaChosenAnew
from timix_xl.workbook.rules import PRO_FORMA_CHOICES, PRO_FORMA_ORDER_CHOICES
from timix_xl.workbook.tables import (
    TableRow,
    put_column,
    read_rows,
    set_column_format,
    table_of,
    write_rows,
)
from timix_xl.workbook.words import NO_FRAME_ORDER, LineStatusWord

_SAID = ("Line", *LINE_FACTS, *LINE_INPUTS)
_MOST_ENTRIES = 40
"""Named in the cell of a line; a cell holds no more than 32,767 characters."""


@dataclass(frozen=True, slots=True)
class LoadedProForma:
    """Which pro forma the lines of the workbook are, and as it stood."""

    number: str
    version: int
    store_id: str
    request: str


def chosen(book: xw.Book) -> str:
    """Read which pro forma a person has chosen, if any."""
    return text_in(book, PRO_FORMA_NUMBER)


def loaded(book: xw.Book) -> LoadedProForma | None:
    """Read which pro forma is loaded, if one is."""
    number = text_in(book, "timix_pro_forma_loaded")
    if not number:
        return None
    return LoadedProForma(
        number=number,
        version=int(number_in(book, "timix_pro_forma_version") or 0),
        store_id=text_in(book, "timix_pro_forma_store_id"),
        request=text_in(book, "timix_pro_forma_request"),
    )


def current(book: xw.Book) -> LoadedProForma:
    """Read which pro forma is loaded and chosen; raises NoProFormaLoaded, ProFormaChosenAnew."""
    there, wanted = loaded(book), chosen(book)
    if there is None:
        raise NoProFormaLoaded(where=_place(PRO_FORMA_NUMBER))
    if wanted != there.number:
        raise ProFormaChosenAnew(
            where=_place(PRO_FORMA_NUMBER), given=wanted or "nothing", loaded=there.number
        )
    return there


def _place(name: str) -> str:
    return f"{PRO_FORMA_SHEET}!{layout.named_cell(name).cell}"


def choose(book: xw.Book, number: str) -> None:
    """Choose a pro forma."""
    put(book, PRO_FORMA_NUMBER, number or None)


def offer(book: xw.Book, numbers: Sequence[str]) -> None:
    """Write the choices of the dropdown: the pro formas that are not closed."""
    _put_choices(book, PRO_FORMA_CHOICES, numbers)


def _put_choices(book: xw.Book, name: str, choices: Sequence[str]) -> None:
    area = book.sheets[PRO_FORMA_SHEET].range(CHOICES[name])
    kept = list(choices)[-area.shape[0] :]
    put_texts(area, [*kept, *[None] * (area.shape[0] - len(kept))])


def show(
    book: xw.Book,
    one: ProForma,
    limits: Mapping[int, LineLimit],
    orders: Sequence[FrameOrder],
    *,
    store_id: str,
) -> None:
    """Write a pro forma: its lines as billed and as they are to be invoiced, and where it stands.

    `limits` is by line what the limits leave; `orders` are the customer's open frame orders.
    """
    before = loaded(book)
    is_open = one.state is ProFormaState.ON_HOLD
    spare: list[dict[str, Cell]] = [dict.fromkeys(PRO_FORMA.titles)] * (
        SPARE_ROWS if is_open else 0
    )
    lines = [_cells(line, limits.get(line.line)) for line in one.document.lines]
    write_rows(book, PRO_FORMA, [*lines, *spare], key="Entries")
    _offer_orders(book, one, orders, is_same=before is not None and before.number == one.number)
    _note(book, one, store_id)
    _set_formats(book, minor_digits(one.currency))


def clear(book: xw.Book) -> None:
    """Empty the sheet: no pro forma is loaded."""
    write_rows(book, PRO_FORMA, [])
    for cell in PRO_FORMA_FACTS:
        put(book, cell.name, None)
    for what in ("loaded", "version", "store_id", "last_row", "request", "frame_order"):
        put(book, f"timix_pro_forma_{what}", None)
    _put_choices(book, PRO_FORMA_ORDER_CHOICES, ())


def _cells(line: Line, limit: LineLimit | None) -> dict[str, Cell]:
    inputs = inputs_of(line)
    return {
        "Line": line.line,
        **facts_of(line),
        **inputs,
        **{was: inputs[title] for title, was in WAS.items()},
        **LINE_FORMULAS,
        "Limit leaves": written(limit.available) if limit else None,
        "Over limit": written(limit.over) if limit and limit.over else None,
        "Kind": line.kind,
        "Printed": None if line.printed else "no",
        "Check": None,
    }


def facts_of(line: Line) -> dict[str, Cell]:
    """Return what the sheet shows of a line that a person does not change."""
    is_billed = line.billed_amount is not None
    return {
        "Task": line.task,
        "Item": line.item,
        "Description": line.description or None,
        "Billed qty": written(line.billed_quantity or line.quantity * 0) if is_billed else None,
        "Billed amount": written(line.billed_amount),
        "Entries": some_of(line.entries, most=_MOST_ENTRIES) or None,
        "Unit": line.unit,
    }


def inputs_of(line: Line) -> dict[str, Cell]:
    """Return what the sheet shows of a line that a person may change; 0 units have no price."""
    return {
        "Qty to invoice": float(line.quantity),
        "Unit price": float(line.unit_price) if line.quantity else None,
        "Amount to invoice": float(line.amount),
        "Status": LineStatusWord[line.status.name].value if line.status else None,
    }


def _offer_orders(
    book: xw.Book, one: ProForma, orders: Sequence[FrameOrder], *, is_same: bool
) -> None:
    """Write the choices of frame orders; keep one that holds, preselect an only one.

    A revision draws on the order of the invoice that it corrects, unless one is chosen.
    """
    numbers = [order.number for order in orders]
    before = book.sheets[PRO_FORMA_SHEET].range(CHOICES[PRO_FORMA_ORDER_CHOICES])
    # With nothing else on offer, "No frame order" was nobody's choice.
    had_a_choice = sum(value is not None for value in before.options(ndim=1).value) > 1
    _put_choices(book, PRO_FORMA_ORDER_CHOICES, [*numbers, NO_FRAME_ORDER])
    kept = text_in(book, PRO_FORMA_ORDER) if is_same and had_a_choice else ""
    if kept not in {*numbers, NO_FRAME_ORDER}:
        kept = numbers[0] if len(numbers) == 1 and one.revision == 1 else ""
    if not numbers and one.revision == 1:
        kept = NO_FRAME_ORDER
    put(book, PRO_FORMA_ORDER, kept or None)


def frame_order(book: xw.Book) -> str | None:
    """Read the chosen frame order; None where nothing is chosen.

    Raises CellEmpty where there is something to choose.
    """
    text = text_in(book, PRO_FORMA_ORDER)
    if not text and number_in(book, "timix_pro_forma_revision") == 1:
        raise CellEmpty(where=_place(PRO_FORMA_ORDER), what="Frame order", example=NO_FRAME_ORDER)
    return text or None


def _note(book: xw.Book, one: ProForma, store_id: str) -> None:
    names = _names(one)
    for cell in PRO_FORMA_FACTS:
        put(book, cell.name, names[cell.name.removeprefix("timix_pro_forma_")])
    body = table_of(book, PRO_FORMA).data_body_range
    put(book, PRO_FORMA_NUMBER, one.number)
    put(book, "timix_pro_forma_loaded", one.number)
    put(book, "timix_pro_forma_version", one.version)
    put(book, "timix_pro_forma_store_id", store_id)
    put(book, PRO_FORMA_DIGITS, minor_digits(one.currency))
    put(book, "timix_pro_forma_last_row", body.row + body.shape[0] - 1 if body else None)
    put(book, "timix_pro_forma_request", uuid.uuid4().hex)


def _names(one: ProForma) -> dict[str, Cell]:
    buyer = one.document.buyer
    place = f", {buyer.location}" if buyer.location else ""
    return {
        "project": one.project,
        "customer": f"{one.customer}  {buyer.name}{place}",
        "state": state_word(one.state),
        "revision": one.revision,
        "billing_date": one.billing_date,
        "currency": one.currency,
        "released_to": one.released_to,
        "description": one.document.description or None,
    }


def _set_formats(book: xw.Book, digits: int) -> None:
    money = money_format(digits)
    set_column_format(book, PRO_FORMA, LINE_MONEY, money)
    set_column_format(book, PRO_FORMA, LEFT_OVER, f"{money};-{money};")
    for cell in PRO_FORMA_TILES:
        if cell.kind is Kind.MONEY:
            named(book, cell.name).number_format = money


def rows(book: xw.Book) -> list[TableRow]:
    """Read the lines of the sheet, and the rows that a person has added.

    A row in which nothing but our formulas stands (Excel may fill them down) is blank.
    """
    read = read_rows(book, PRO_FORMA, formulas=LINE_INPUTS)
    return [row for row in read if any(row.text(title) for title in _SAID)]


def said(read: Iterable[TableRow]) -> list[str]:
    """Return all that the rows say, whatever our formulas make of it."""
    return [f"{row.number} {title} {row.text(title)}" for row in read for title in _SAID]


def unsaved(read: Iterable[TableRow]) -> int:
    """Count the rows in which something is typed that is not saved, as far as the sheet tells."""
    return sum(not row.text("Line") or _is_typed(row) for row in read)


def _is_typed(row: TableRow) -> bool:
    return any(_plain(row.cells[title]) != _plain(row.cells[was]) for title, was in WAS.items())


def _plain(value: Cell) -> str:
    return text_of(value).strip().lower()


def mark(book: xw.Book, read: Sequence[TableRow], faults: Iterable[Fault]) -> None:
    """Write into the Check column what was found in each row."""
    found: dict[int, list[str]] = {}
    for fault in faults:
        sheet, _, cell = fault.where.partition("!")
        number = cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        if sheet == PRO_FORMA_SHEET and number.isdecimal():
            found.setdefault(int(number), []).append(f"{fault.message} {fault.hint}".strip())
    if read:
        marks: dict[int, Cell] = {
            row.number: "  ".join(found.get(row.number, [])) or None for row in read
        }
        put_column(book, PRO_FORMA, "Check", marks)
