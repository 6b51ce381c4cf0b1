"""The Entries sheet: the unbilled entries, and the ballots that are set on them."""

from collections.abc import Mapping, Sequence

import xlwings as xw

from timix_xl.billing.ballots import Ballot, BallotPaper, Shown, saved_as
from timix_xl.billing.load import Review, ReviewRow
from timix_xl.domain.entries import Decision
from timix_xl.domain.money import QUANTITY_PLACES, minor_digits, plain
from timix_xl.errors import Fault
from timix_xl.workbook import layout
from timix_xl.workbook.billing_sheet import Loaded
from timix_xl.workbook.cells import Cell, day_of, number_of, text_of, written
from timix_xl.workbook.kinds import money_format
from timix_xl.workbook.tables import TableRow, put_column, read_rows, set_column_format, write_rows
from timix_xl.workbook.words import DecisionWord

WORDS = {
    None: None,
    Decision.BILL: DecisionWord.BILL.value,
    Decision.DEFER: DecisionWord.DEFER.value,
    Decision.WRITE_OFF: DecisionWord.WRITE_OFF.value,
}
_DECIMALS = {"Qty": 4, "Rate": 6, "Bill qty": 4}


def rows(book: xw.Book) -> list[TableRow]:
    """Read the rows of the sheet."""
    return read_rows(book, layout.ENTRIES, formulas=layout.BALLOT_CHOICES)


def paper(read: Sequence[TableRow], loaded: Loaded, currency_digits: int) -> BallotPaper:
    """Make ballots of the sheet's rows."""
    return BallotPaper(
        rows=tuple(_ballot(row, currency_digits) for row in read),
        loaded_count=loaded.count,
        store_id=loaded.store_id,
        hidden_rows=sum(not is_visible(row) for row in read),
    )


def is_visible(row: TableRow) -> bool:
    """Whether a row is shown by the sheet's filter."""
    return row.cells["Visible"] not in (0, 0.0)


def _ballot(row: TableRow, digits: int) -> Ballot:
    return Ballot(
        entry=row.text("Entry"),
        token=row.text("Token"),
        decision=text_of(row.cells["Decision"]),
        bill_quantity=_quantity(row.cells["Bill qty"]),
        rest=row.text("Rest"),
        reason=row.text("Reason"),
        formulas=frozenset(title for title in layout.BALLOT_CHOICES if _is_formula(row, title)),
        shown={title: _shown(title, row.cells[title], digits) for title in layout.FACTS},
    )


def _is_formula(row: TableRow, title: str = "Decision") -> bool:
    return row.formulas[title].startswith("=")


def _quantity(value: Cell) -> str:
    """Read a Bill qty without the noise of floats; what is no number stays as it is."""
    number = number_of(value, QUANTITY_PLACES)
    return text_of(value).strip() if number is None else plain(number)


def _shown(title: str, value: Cell, digits: int) -> Shown:
    if title == "Date":
        return day_of(value) or text_of(value)
    if title in {"Qty", "Rate", "Amount"}:
        number = number_of(value, _DECIMALS.get(title, digits))
        return text_of(value) if number is None else number
    return text_of(value)


def show(book: xw.Book, review: Review, typed: Mapping[str, TableRow]) -> None:
    """Write the review; `typed` holds rows whose unsaved decisions are carried over."""
    currency = review.currency
    write_rows(
        book,
        layout.ENTRIES,
        [_cells(row, currency, typed.get(row.entry.id)) for row in review.rows],
        key="Entry",
    )
    money = money_format(minor_digits(currency))
    set_column_format(book, layout.ENTRIES, ["Amount"], money)


def _cells(row: ReviewRow, currency: str, typed: TableRow | None) -> dict[str, Cell]:
    entry, saved = row.entry, row.saved
    _, quantity, rest = saved_as(saved)
    return {
        "Date": entry.date,
        "Project": entry.project,
        "Task": entry.task,
        "Person": entry.person,
        "Description": entry.description or None,
        "Kind": entry.kind.value,
        "Qty": float(row.priced.quantity),
        "Unit": entry.unit,
        "Rate": float(row.priced.rate),
        "Amount": float(row.priced.amount),
        "Currency": currency,
        "Decision": typed.cells["Decision"] if typed else WORDS[row.decision],
        "Bill qty": typed.cells["Bill qty"] if typed else written(quantity),
        "Rest": typed.cells["Rest"] if typed else WORDS[rest],
        "Reason": typed.cells["Reason"] if typed else (saved.reason or None) if saved else None,
        "Deferred": row.times_deferred,
        "Check": None,
        "Visible": "=" + layout.VISIBLE_FORMULA,
        "Entry": entry.id,
        "Token": row.token,
    }


def carried(read: Sequence[TableRow], review: Review) -> dict[str, TableRow]:
    """Return the rows whose typed, unsaved decisions outlive a load: facts and version agree."""
    there = {row.text("Entry"): row for row in read}
    kept = {}
    for fresh in review.rows:
        row = there.get(fresh.entry.id)
        formula = row and any(_is_formula(row, title) for title in layout.BALLOT_CHOICES)
        if row and row.text("Token") == fresh.token and not formula:
            kept[fresh.entry.id] = row
    return kept


def dropped(
    read: Sequence[TableRow], review: Review, kept: Mapping[str, TableRow]
) -> tuple[str, ...]:
    """Return the entries whose typed, unsaved decisions a load does not carry over."""
    fresh = {row.entry.id: row for row in review.rows}
    return tuple(
        entry
        for row in read
        if (entry := row.text("Entry")) in fresh
        and entry not in kept
        and _typed(row) not in (_saved(fresh[entry]), ("", "", "", ""))
    )


def unsaved(read: Sequence[TableRow], saved: Sequence[ReviewRow]) -> int:
    """Count the rows whose decision the store does not have."""
    known = {row.entry.id: _saved(row)[:3] for row in saved}
    return sum(is_decided(row) and _typed(row)[:3] != known.get(row.text("Entry")) for row in read)


def is_decided(row: TableRow) -> bool:
    """Whether somebody has said what is to become of a row: a Bill qty says Bill."""
    return bool(row.text("Decision") or row.text("Bill qty"))


def _typed(row: TableRow) -> tuple[str, ...]:
    """Return what a row says; what the program fills in where a person leaves a blank, too."""
    decision, rest = row.text("Decision").lower(), row.text("Rest").lower()
    quantity = _quantity(row.cells["Bill qty"])
    if quantity:
        decision, rest = decision or DecisionWord.BILL.lower(), rest or DecisionWord.DEFER.lower()
    return decision, quantity, rest, row.text("Reason").lower()


def _saved(row: ReviewRow) -> tuple[str, ...]:
    decision, quantity, rest = saved_as(row.saved)
    reason = row.saved.reason if row.saved else ""
    words = ((WORDS[one] or "").lower() for one in (decision, rest))
    return (
        next(words),
        "" if quantity is None else plain(quantity),
        next(words),
        reason.strip().lower(),
    )


def mark(book: xw.Book, read: Sequence[TableRow], faults: Sequence[Fault]) -> None:
    """Write into the Check column what was found about each row."""
    found: dict[str, list[str]] = {}
    for fault in faults:
        if fault.entry is not None:
            found.setdefault(fault.entry, []).append(f"{fault.message} {fault.hint}".strip())
    if read:
        marks: dict[int, Cell] = {
            row.number: "  ".join(found.get(row.text("Entry"), [])) or None for row in read
        }
        put_column(book, layout.ENTRIES, "Check", marks)


def set_decisions(
    book: xw.Book, read: Sequence[TableRow], decisions: Mapping[str, Decision]
) -> None:
    """Set decisions by entry; the other rows stay as they are."""
    words: dict[int, Cell] = {
        row.number: WORDS[decisions[row.text("Entry")]]
        if row.text("Entry") in decisions
        else row.formulas["Decision"]
        if _is_formula(row)
        else row.cells["Decision"]
        for row in read
    }
    if read:
        put_column(book, layout.ENTRIES, "Decision", words)


def renew_tokens(book: xw.Book, read: Sequence[TableRow], review: Review) -> None:
    """Write the tokens of decisions that have just been saved; all else stays as it stands."""
    tokens = {row.entry.id: row.token for row in review.rows}
    fresh: dict[int, Cell] = {row.number: tokens.get(row.text("Entry")) for row in read}
    if read:
        put_column(book, layout.ENTRIES, "Token", fresh)
