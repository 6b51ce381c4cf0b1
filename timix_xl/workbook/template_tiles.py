"""Words the formulas of the tiles above the entries."""

from timix_xl.domain.entries import Kind
from timix_xl.workbook import layout
from timix_xl.workbook.pro_forma_layout import PRO_FORMA
from timix_xl.workbook.words import LineStatusWord


def tile_formulas() -> dict[str, str]:
    """Return the formula of every tile, by its name."""
    return {
        "timix_bill_count": total(FILLED, BILLED),
        "timix_bill_hours": f"{total(FILLED, BILLED, TIME, WHOLE, of='Qty')}"
        f"+{total(FILLED, BILLED, TIME, PART, of='Bill qty')}",
        "timix_bill_amount": amount(BILLED, BILL_QTY),
        "timix_defer_hours": left_hours(DEFERRED, REST_DEFERRED),
        "timix_defer_amount": left_amount(DEFERRED, REST_DEFERRED),
        "timix_write_off_hours": left_hours(WRITTEN_OFF, REST_WRITTEN_OFF),
        "timix_write_off_amount": left_amount(WRITTEN_OFF, REST_WRITTEN_OFF),
        "timix_loaded_hours": total(FILLED, TIME, of="Qty"),
        "timix_loaded_amount": total(FILLED, of="Amount"),
        "timix_rounding": ROUNDING,
    }


def entries(title: str) -> str:
    """Return a column of the entries as a formula names it."""
    return f"{layout.ENTRIES.name}[{title}]"


def is_said(title: str, word: str) -> str:
    """Return a test per row: the cell holds the word, whatever its case and outer blanks."""
    return f'(LOWER(TRIM({entries(title)}))="{word.lower()}")'


FILLED = f'({entries("Entry")}<>"")'
TIME = is_said("Kind", "time")
BILLED = f"({is_said('Decision', 'Bill')}+{is_said('Decision', '')})"
DEFERRED = is_said("Decision", "Defer")
WRITTEN_OFF = is_said("Decision", "Write off")
REST_DEFERRED = f"({is_said('Rest', 'Defer')}+{is_said('Rest', '')})"
REST_WRITTEN_OFF = is_said("Rest", "Write off")
WHOLE = is_said("Bill qty", "")
PART = f'(TRIM({entries("Bill qty")})<>"")'
BILL_QTY = entries("Bill qty")
REST_QTY = f"({entries('Qty')}-{entries('Bill qty')})"
ROUNDING = (
    f'IF({layout.PREVIEW_BILL_AMOUNT}="","",'
    f"IF(ROUND(timix_bill_amount-{layout.PREVIEW_BILL_AMOUNT},{layout.CURRENCY_DIGITS})=0,"
    f'{layout.PREVIEW_ROUNDING},"Preview again"))'
)


def total(*tests: str, of: str | None = None) -> str:
    """Return the sum of a column, or the count, over the rows that pass all tests.

    The column stands apart as an argument of its own: SUMPRODUCT reads text in it as nothing.
    """
    rows = "*".join(tests)
    return f"SUMPRODUCT({rows}*1,{entries(of)})" if of else f"SUMPRODUCT({rows}*1)"


def part_amount(decided: str, quantity: str, rest: str | None = None) -> str:
    """Return the money of parts, rounded part by part as they will be billed.

    Text in Bill qty breaks that product; the sum is then rounded once, so the tile still shows
    what there is (the run refuses such a row).
    """
    rows = "*".join(test for test in (FILLED, decided, PART, rest) if test)
    exact = f"SUMPRODUCT({rows}*ROUND({quantity}*{entries('Rate')},{layout.CURRENCY_DIGITS}))"
    return f"IFERROR({exact},{plain_part_amount(rows, quantity)})"


def plain_part_amount(rows: str, quantity: str) -> str:
    """Return the money of parts with text read as nothing, rounded once."""
    rate = entries("Rate")
    billed = f"SUMPRODUCT({rows}*1,{BILL_QTY},{rate})"
    if quantity == BILL_QTY:
        return f"ROUND({billed},{layout.CURRENCY_DIGITS})"
    loaded = f"SUMPRODUCT({rows}*1,{entries('Qty')},{rate})"
    return f"ROUND({loaded}-{billed},{layout.CURRENCY_DIGITS})"


def amount(decided: str, quantity: str) -> str:
    """Return the money to bill: whole entries at their amount, and the billed parts."""
    return f"{total(FILLED, decided, WHOLE, of='Amount')}+{part_amount(decided, quantity)}"


def left_hours(decided: str, rest: str) -> str:
    """Return the hours not billed: whole entries, and the rests of those billed in part."""
    parts = (FILLED, BILLED, TIME, PART, rest)
    rests = f"{total(*parts, of='Qty')}-{total(*parts, of='Bill qty')}"
    return f"{total(FILLED, decided, TIME, of='Qty')}+{rests}"


def left_amount(decided: str, rest: str) -> str:
    """Return the money not billed: whole entries, and the rests of those billed in part."""
    return f"{total(FILLED, decided, of='Amount')}+{part_amount(BILLED, REST_QTY, rest)}"


def pro_forma_formulas() -> dict[str, str]:
    """Return the formula of every tile above the lines of a pro forma, by its name.

    What was billed, raised and added is what is to invoice, held and written off. A line that is
    marked to be deleted counts nowhere: its entries go back.
    """
    kept = f'(LOWER(TRIM({lines("Status")}))<>"{LineStatusWord.DELETE_LINE.lower()}")'
    left_out = f'(LOWER(TRIM({lines("Status")}))<>"{LineStatusWord.WRITE_OFF.lower()}")'
    is_new, is_line = f'({lines("Line")}="")', f'({lines("Line")}<>"")'
    by_hand, in_hours = f'({lines("Billed amount")}="")', f'({lines("Kind")}="{Kind.TIME}")'
    new = summed(is_new, kept, of="Amount to invoice")
    return {
        "timix_pro_forma_billed": summed(kept, of="Billed amount"),
        "timix_pro_forma_billed_hours": summed(kept, in_hours, of="Billed qty"),
        "timix_pro_forma_line_count": f"SUMPRODUCT({is_line}*{kept})",
        "timix_pro_forma_to_invoice": f"{summed(is_line, of='Then')}+{new}",
        "timix_pro_forma_hours": summed(kept, left_out, in_hours, of="Qty to invoice"),
        "timix_pro_forma_held": f"SUM({lines('Held')})",
        "timix_pro_forma_written_off": f"SUM({lines('Written off')})",
        "timix_pro_forma_raised": f"SUM({lines('Raised')})"
        f"+{summed(is_line, by_hand, of='Then')}+{new}",
        "timix_pro_forma_over_limit": f"SUM({lines('Over limit')})",
    }


def lines(title: str) -> str:
    """Return a column of a pro forma's lines as a formula names it."""
    return f"{PRO_FORMA.name}[{title}]"


def summed(*tests: str, of: str) -> str:
    """Return the sum of a column over the lines that pass all tests; text counts as nothing."""
    return f"SUMPRODUCT({'*'.join(tests)}*1,{lines(of)})"
