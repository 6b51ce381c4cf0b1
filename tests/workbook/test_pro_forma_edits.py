"""What is typed into the lines of a pro forma, cell by cell; and what a line shows."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import D, some_books
from timix_xl.domain.entries import Kind
from timix_xl.domain.invoices import Buyer, Document, DocumentKind, Line, LineStatus
from timix_xl.domain.pro_forma_lines import LineEdit
from timix_xl.domain.pro_formas import ProForma, ProFormaState
from timix_xl.workbook.cells import Cell
from timix_xl.workbook.pro_forma_edits import changed_since, read_edits
from timix_xl.workbook.pro_forma_layout import LINE_INPUTS, PRO_FORMA, WAS
from timix_xl.workbook.pro_forma_sheet import facts_of, inputs_of, unsaved
from timix_xl.workbook.tables import TableRow

FIRST = PRO_FORMA.first_data_row
quantities = st.decimals(-100_000, 100_000, places=4)
prices = st.decimals(-100_000, 100_000, places=6)
amounts = st.decimals(-10_000_000, 10_000_000, places=2)
# A cell gives no blank around its text, and no line of figures only is a number there.
words = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=40)


def a_line(number: int = 1, **facts: Any) -> Line:
    values: dict[str, Any] = {
        "line": number,
        "project": "P",
        "task": "T",
        "description": "Work",
        "quantity": D("7.5"),
        "unit": "h",
        "unit_price": D(100),
        "amount": D(750),
        "tax_code": "S19",
        "tax_percent": D(19),
        "kind": Kind.TIME,
        "entries": (f"E{number}",),
        "billed_quantity": D("7.5"),
        "billed_amount": D(750),
        "status": LineStatus.BILL,
    }
    return Line(**(values | facts))


def a_pro_forma(*lines: Line) -> ProForma:
    day = dt.date(2026, 1, 31)
    document = Document(
        kind=DocumentKind.PRO_FORMA,
        number="PF-00001",
        customer="ACME",
        currency="EUR",
        billing_date=day,
        issue_date=day,
        due_date=day,
        payment_terms_days=0,
        seller=some_books().company,
        buyer=Buyer(code="ACME", name="Acme"),
        lines=lines,
        tax=(),
        billed=(),
    )
    return ProForma(
        document_id=1,
        number="PF-00001",
        revision=1,
        state=ProFormaState.ON_HOLD,
        version=1,
        put_back=False,
        project="P",
        customer="ACME",
        currency="EUR",
        billing_date=day,
        run=1,
        released_to=None,
        document=document,
    )


def a_row(line: Line, **typed: Cell) -> TableRow:
    """Return the row of a line as it is read back, with something typed into it."""
    inputs = inputs_of(line)
    cells: Mapping[str, Cell] = {
        "Line": float(line.line),
        **facts_of(line),
        **inputs,
        **{was: inputs[title] for title, was in WAS.items()},
        **{name.replace("_", " "): value for name, value in typed.items()},
    }
    return TableRow(FIRST + line.line - 1, cells, dict.fromkeys(LINE_INPUTS, ""))


lines = st.builds(
    a_line,
    description=words,
    task=st.sampled_from(["T", "001", "1"]),
    item=st.none() | st.just("CAM"),
    quantity=quantities,
    unit_price=prices,
    amount=amounts,
    status=st.sampled_from([*LineStatus, None]),
    billed_quantity=st.none() | quantities,
    billed_amount=st.none() | amounts,
    entries=st.lists(st.just("E1"), max_size=3).map(tuple),
)


@given(lines)
def test_what_was_written_reads_as_no_edit(line: Line) -> None:
    row = a_row(line)

    found = read_edits([row], a_pro_forma(line))

    assert (found.edits, found.added, found.faults) == ((), (), ())
    assert unsaved([row]) == 0
    assert changed_since([row], a_pro_forma(line)) == ()


@given(lines, amounts)
def test_a_typed_amount_is_the_only_edit(line: Line, amount: Decimal) -> None:
    row = a_row(line, Amount_to_invoice=float(amount))

    found = read_edits([row], a_pro_forma(line))

    assert found.faults == ()
    same = amount == line.amount
    assert found.edits == (() if same else (LineEdit(line=1, amount=amount),))
    assert unsaved([row]) == (not same)


@given(lines, quantities, prices)
def test_a_typed_quantity_and_price_are_read_exactly(
    line: Line, quantity: Decimal, price: Decimal
) -> None:
    row = a_row(line, Qty_to_invoice=float(quantity), Unit_price=float(price))

    (found,) = read_edits([row], a_pro_forma(line)).edits or (LineEdit(line=1),)

    assert found.quantity in {quantity, None}
    assert found.unit_price in {price, None}
    assert (found.quantity is None) == (quantity == line.quantity)


def test_thousands_of_entries_of_a_line_stay_within_a_cell() -> None:
    line = a_line(entries=tuple(f"SOURCE:{at:09d}" for at in range(10_000)))

    shown = str(facts_of(line)["Entries"])

    assert len(shown) < 32_767
    assert shown.endswith("and 9960 more")
    assert read_edits([a_row(line)], a_pro_forma(line)).faults == ()


def test_a_quantity_of_nothing_shows_no_unit_price() -> None:
    assert inputs_of(a_line(quantity=D(0), unit_price=D(0)))["Unit price"] is None


def test_a_change_elsewhere_is_told_with_what_it_was() -> None:
    line = a_line()

    (found,) = changed_since([a_row(line)], a_pro_forma(a_line(amount=D(700))))

    assert found.message == (
        "Line 1 has changed since it was loaded: Amount to invoice is 700, was 750."
    )


def test_a_line_whose_number_another_has_now_is_told_as_such() -> None:
    (found,) = changed_since([a_row(a_line())], a_pro_forma(a_line(entries=("E2",))))

    assert "another line now" in found.message
