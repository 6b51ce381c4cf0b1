"""The lines of a pro forma: what an edit makes of one, and what of it falls on its entries."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from timix_xl.domain import faults
from timix_xl.domain.invoices import BilledEntry, Document, Line, LineStatus
from timix_xl.domain.money import (
    MOST,
    QUANTITY_PLACES,
    RATE_PLACES,
    ZERO,
    allocate,
    allocate_quantity,
    an_amount,
    minor_digits,
    minor_unit,
    plain,
    quantized,
    rounded,
    total,
    unit_price,
    worded,
)
from timix_xl.errors import Fault

_HALF_A_RATE = Decimal(5).scaleb(-RATE_PLACES - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineEdit:
    """What is typed into one line; None is not typed. A deleted line has nothing else."""

    line: int
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    amount: Decimal | None = None
    status: LineStatus | None = None
    delete: bool = False

    @property
    def has_numbers(self) -> bool:
        """Whether a number is typed."""
        return any(one is not None for one in (self.quantity, self.unit_price, self.amount))


@dataclass(frozen=True, slots=True)
class _Numbers:
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal


def edit_faults(
    line: Line, billed: Sequence[BilledEntry], edit: LineEdit, currency: str
) -> list[Fault]:
    """Say what speaks against an edit of a line; its place is the line."""
    where = f"line {line.line}"
    if edit.delete:
        both = edit.has_numbers or edit.status is not None
        return [faults.LINE_EDITED_TWICE.at(where, how="deleted and edited")] if both else []
    return (
        list(_unreadable(where, edit, currency))
        or list(_at_odds(where, line, edit, currency))
        or _oversized(where, _numbers(line, billed, edit, currency))
        or list(_out_of_bounds(where, line, billed, edit, currency))
    )


def _unreadable(where: str, edit: LineEdit, currency: str) -> Iterator[Fault]:
    named = (("quantity", edit.quantity), ("unit price", edit.unit_price), ("amount", edit.amount))
    return (fault for name, value in named for fault in number_faults(where, name, value, currency))


def number_faults(where: str, name: str, value: Decimal | None, currency: str) -> list[Fault]:
    """Say that a number has more decimals than its kind keeps, or is none."""
    places = {"quantity": QUANTITY_PLACES, "unit price": RATE_PLACES}
    most = places.get(name, minor_digits(currency))
    if value is None or (is_kept(value) and value == quantized(value, most)):
        return []
    example = an_amount(currency)
    kind = faults.TOO_MANY_DECIMALS
    return [kind.at(where, column=name, name=name, given=value, places=most, example=example)]


def is_kept(value: Decimal) -> bool:
    """Whether a number is one that a document can hold."""
    return value.is_finite() and abs(value) < MOST


def size_faults(where: str, name: str, value: Decimal) -> list[Fault]:
    """Say that what the typed numbers make is more than a document can hold."""
    why = f"The {name} would come to {plain(value)}, which is too large"
    return [] if is_kept(value) else [faults.NUMBERS_AT_ODDS.at(where, why=why)]


def _at_odds(where: str, line: Line, edit: LineEdit, currency: str) -> Iterator[Fault]:
    """Find numbers that contradict each other, or the status that is typed beside them."""
    quantity = line.quantity if edit.quantity is None else edit.quantity
    if edit.unit_price and not quantity:
        yield faults.NUMBERS_AT_ODDS.at(where, why="A quantity of 0 has no unit price")
    elif edit.amount is not None and not _fits(quantity, edit.unit_price, edit.amount, currency):
        why = f"{worded(edit.amount, currency)} is not quantity x unit price"
        yield faults.NUMBERS_AT_ODDS.at(where, why=why)
    if edit.status is LineStatus.WRITE_OFF and any((edit.quantity, edit.unit_price, edit.amount)):
        yield faults.NUMBERS_AT_ODDS.at(where, why="A line that is written off has no amount")


def _oversized(where: str, made: _Numbers) -> list[Fault]:
    return [
        *size_faults(where, "unit price", made.unit_price),
        *size_faults(where, "amount", made.amount),
    ]


def _fits(quantity: Decimal, price: Decimal | None, amount: Decimal, currency: str) -> bool:
    """Whether an amount is quantity x unit price, as far as six decimals of a price can tell."""
    if price is None:
        return True
    off = abs(quantity * price - amount)
    return off <= minor_unit(currency) / 2 + abs(quantity) * _HALF_A_RATE


def _out_of_bounds(
    where: str, line: Line, billed: Sequence[BilledEntry], edit: LineEdit, currency: str
) -> Iterator[Fault]:
    """Find what the billed amount of the line does not allow."""
    if line.billed_amount is None:
        if edit.status not in {None, LineStatus.BILL}:
            yield faults.NOTHING_TO_HOLD.at(where)
        return
    made = _numbers(line, billed, edit, currency)
    whole, units = line.billed_amount, line.billed_quantity or ZERO
    if _turned(made.amount, whole):
        facts = {"given": worded(made.amount, currency), "billed": worded(whole, currency)}
        yield faults.SIGN_CHANGED.at(where, **facts)
    elif made.quantity * units < 0:
        facts = {"given": f"{plain(made.quantity)} {line.unit}"}
        facts |= {"billed": f"{plain(units)} {line.unit}"}
        yield faults.SIGN_CHANGED.at(where, **facts)
    elif edit.status and not _suits(edit.status, line, made):
        facts = {"amount": worded(made.amount, currency), "billed": worded(whole, currency)}
        status = edit.status.value.replace("_", " ").capitalize()
        yield faults.STATUS_AT_ODDS.at(where, status=status, **facts)


def _suits(status: LineStatus, line: Line, made: _Numbers) -> bool:
    """Whether a status fits: a lower amount leaves a remainder, another does not."""
    if status is LineStatus.WRITE_OFF:
        return bool(line.billed_amount or line.billed_quantity)
    return (status is LineStatus.BILL) != _is_below(made.amount, line.billed_amount or ZERO)


def _turned(amount: Decimal, billed: Decimal) -> bool:
    """Whether an amount points the other way; from nothing, below zero is the other way."""
    return amount * billed < 0 or (not billed and amount < 0)


def _is_below(amount: Decimal, billed: Decimal) -> bool:
    """Whether less is invoiced than was billed, in the direction of that."""
    return abs(amount) < abs(billed)


def edited(
    line: Line, billed: Sequence[BilledEntry], edit: LineEdit, currency: str
) -> tuple[Line, tuple[BilledEntry, ...]]:
    """Return a line as edited, with the shares of its entries; `edit_faults` has found nothing."""
    made = _numbers(line, billed, edit, currency)
    changed = replace(
        line,
        quantity=made.quantity,
        unit_price=made.unit_price,
        amount=made.amount,
        printed=line.printed or bool(made.quantity or made.amount),
    )
    if line.billed_amount is None:
        return changed, tuple(billed)
    left = line.billed_amount - made.amount
    status = _status(line, edit, made.amount)
    changed = replace(
        changed,
        status=status,
        held=left if status is LineStatus.HOLD_REMAINDER else ZERO,
        written_off=left if status in _WRITING_OFF else ZERO,
    )
    return changed, _shared(changed, billed, currency)


_WRITING_OFF = {LineStatus.WRITE_OFF_REMAINDER, LineStatus.WRITE_OFF}


def _status(line: Line, edit: LineEdit, amount: Decimal) -> LineStatus:
    """Return the status that is typed, or the one that the amount makes by itself."""
    if edit.status is not None:
        return edit.status
    if line.status is LineStatus.WRITE_OFF and not amount and not edit.quantity:
        return LineStatus.WRITE_OFF
    if not _is_below(amount, line.billed_amount or ZERO):
        return LineStatus.BILL
    chosen = line.status is LineStatus.WRITE_OFF_REMAINDER
    return LineStatus.WRITE_OFF_REMAINDER if chosen else LineStatus.HOLD_REMAINDER


def _numbers(line: Line, billed: Sequence[BilledEntry], edit: LineEdit, currency: str) -> _Numbers:
    """Work out quantity, unit price and amount from those that are typed."""
    as_billed = _as_billed(line, billed, currency)
    if edit.status is LineStatus.WRITE_OFF:
        return _Numbers(ZERO, ZERO, ZERO)
    if not edit.has_numbers:
        return _by_status(line, edit, as_billed)
    quantity = line.quantity if edit.quantity is None else edit.quantity
    if edit.amount is not None:
        made = _by_amount(quantity, rounded(edit.amount, currency))
        return made if edit.unit_price is None else replace(made, unit_price=edit.unit_price)
    price = _price(line, as_billed) if edit.unit_price is None else edit.unit_price
    if not quantity:
        return _Numbers(ZERO, ZERO, ZERO)
    if price is None:
        return _by_amount(quantity, line.amount)
    if as_billed and (quantity, price) == (as_billed.quantity, as_billed.unit_price):
        return as_billed
    return _Numbers(quantity, price, rounded(quantity * price, currency))


def _by_status(line: Line, edit: LineEdit, as_billed: _Numbers | None) -> _Numbers:
    """Bill, typed alone, takes a line back to what was billed if less is left of it now."""
    if edit.status is LineStatus.BILL and as_billed:
        nothing_left = not line.quantity and bool(as_billed.quantity)
        if nothing_left or _is_below(line.amount, as_billed.amount):
            return as_billed
    return _Numbers(line.quantity, line.unit_price, line.amount)


def _by_amount(quantity: Decimal, amount: Decimal) -> _Numbers:
    return _Numbers(quantity, unit_price(amount, quantity), amount)


def _price(line: Line, as_billed: _Numbers | None) -> Decimal | None:
    """Return the unit price that a typed quantity is multiplied by, if the line has one.

    A line of no quantity has the price that it was billed at; one that has an amount all the same,
    typed or as a remainder, has only that.
    """
    if line.quantity:
        return line.unit_price
    if line.amount:
        return None
    return as_billed.unit_price if as_billed and as_billed.quantity else None


def _as_billed(line: Line, billed: Sequence[BilledEntry], currency: str) -> _Numbers | None:
    """Return what the rule made of a line, at the price that its entries have in common."""
    if line.billed_amount is None or line.billed_quantity is None:
        return None
    quantity, amount = line.billed_quantity, line.billed_amount
    made = _by_amount(quantity, amount)
    prices = [one.rate for one in billed]
    if quantity and len(set(prices)) == 1 and _fits(quantity, prices[0], amount, currency):
        return replace(made, unit_price=prices[0])
    return made


def _shared(line: Line, billed: Sequence[BilledEntry], currency: str) -> tuple[BilledEntry, ...]:
    """Let the entries share a line: each in proportion to its own, the sums exactly the line's.

    What is held, written off or raised of an entry is what its share of the billed amount differs
    from its share of the amount, so that entry by entry nothing is lost either.
    """
    amounts = _shares(
        {one.entry: one.exact_amount for one in billed},
        (line.billed_amount or ZERO, line.amount),
        lambda whole, parts: allocate(whole, parts, currency),
    )
    own = {one.entry: own_quantity(one) for one in billed}
    quantities = _shares(own, (line.billed_quantity or ZERO, line.quantity), allocate_quantity)
    return tuple(
        _share(one, line.status, *amounts[one.entry], quantities[one.entry][1]) for one in billed
    )


def _share(
    one: BilledEntry, status: LineStatus | None, was: Decimal, now: Decimal, quantity: Decimal
) -> BilledEntry:
    own = own_quantity(one)
    less = was - now
    return replace(
        one,
        quantity=quantity,
        amount=now,
        own_quantity=None if quantity == own else own,
        held=less if status is LineStatus.HOLD_REMAINDER else ZERO,
        written_off=less if status in _WRITING_OFF else ZERO,
        raised=-less if status is LineStatus.BILL and less else ZERO,
    )


def own_quantity(billed: BilledEntry) -> Decimal:
    """Return what the rule made of an entry."""
    return billed.quantity if billed.own_quantity is None else billed.own_quantity


_Split = Callable[[Decimal, Mapping[str, Decimal]], dict[str, Decimal]]


def _shares(
    own: Mapping[str, Decimal], was_and_now: tuple[Decimal, Decimal], split: _Split
) -> dict[str, tuple[Decimal, Decimal]]:
    """Return by entry its share of what was billed, and of what is invoiced now.

    In proportion to its own; where these sum to nothing, what differs is shared equally.
    """
    was, now = was_and_now
    before, weight = split(was, own), total(own.values())
    if now == was:
        after = before
    elif weight:
        after = split(now, {entry: now * value / weight for entry, value in own.items()})
    else:
        more = split(now - was, dict.fromkeys(own, (now - was) / len(own)))
        after = {entry: before[entry] + more[entry] for entry in own}
    return {entry: (before[entry], after[entry]) for entry in own}


def with_lines(document: Document, lines: Sequence[tuple[Line, Sequence[BilledEntry]]]) -> Document:
    """Return a document with these lines, numbered anew; those that nobody prints come last."""
    in_order = sorted(lines, key=lambda pair: not pair[0].printed)
    numbered = [
        (replace(line, line=number), [replace(one, line=number) for one in billed])
        for number, (line, billed) in enumerate(in_order, start=1)
    ]
    return replace(
        document,
        lines=tuple(line for line, _ in numbered),
        billed=tuple(one for _, billed in numbered for one in billed),
    )


def lines_of(document: Document) -> list[tuple[Line, tuple[BilledEntry, ...]]]:
    """Pair the lines of a document with their entries."""
    by_line: dict[int, list[BilledEntry]] = {line.line: [] for line in document.lines}
    for one in document.billed:
        by_line[one.line].append(one)
    return [(line, tuple(by_line[line.line])) for line in document.lines]
