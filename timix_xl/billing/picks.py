"""Picks: what a person chose to credit of an invoice, checked against what is left of it."""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import TypeAlias

from timix_xl.domain.credit_notes import Left, Lines
from timix_xl.domain.invoices import Becomes, LineStatus
from timix_xl.domain.money import ZERO, an_amount, minor_digits, plain, rounded, worded
from timix_xl.errors import (
    CreditAmountRefused,
    FateMissing,
    HeldBackTogether,
    NothingToCredit,
    NotOnInvoice,
    some_of,
)
from timix_xl.store.remainders import RemainderStanding

Fates: TypeAlias = Becomes | Mapping[str, Becomes]
"""What becomes of credited entries: one word for all, or one for each."""


def picked(
    left: Left, lines: Collection[int], entries: Collection[str]
) -> tuple[list[str], frozenset[int]]:
    """Return the entries to credit, and the lines without any; all that is left if none is named.

    Raises NotOnInvoice, NothingToCredit.
    """
    number, on_lines = left.invoice.number, {one.line: one for one in left.invoice.lines}
    billed = {one.entry for one in left.invoice.billed}
    unknown = [f"line {one}" for one in lines if one not in on_lines]
    unknown += [f"entry {one}" for one in entries if one not in billed]
    if unknown:
        raise NotOnInvoice(number=number, names=some_of(unknown))
    if not lines and not entries:
        picked, bare = list(left.entries), left.bare_lines
        if not picked and not bare:
            raise NothingToCredit(number=number, what=number)
        return picked, bare
    bare = left.bare_lines & set(lines)
    of_lines = [one.entry for one in left.entries.values() if one.line in set(lines)]
    gone = [f"entry {one}" for one in entries if one not in left.entries]
    full = {left.entries[one].line for one in of_lines} | bare
    gone += [f"line {one}" for one in lines if one not in full]
    if gone:
        raise NothingToCredit(number=number, what=f"{some_of(gone)} of {number}")
    return list(dict.fromkeys([*of_lines, *entries])), bare


def fated(left: Left, picked: Iterable[str], becomes: Fates) -> dict[str, Becomes]:
    """Say for each entry what becomes of it; raises FateMissing, NotOnInvoice."""
    if isinstance(becomes, Becomes):
        return dict.fromkeys(picked, becomes)
    wanted = list(picked)
    strange = [f"entry {one}" for one in becomes if one not in wanted]
    if strange:
        raise NotOnInvoice(number=left.invoice.number, names=some_of(strange))
    missing = [one for one in wanted if one not in becomes]
    if missing:
        raise FateMissing(entries=some_of(missing), first=missing[0])
    return {one: becomes[one] for one in wanted}


def written_off_whole(left: Left) -> list[str]:
    """Return the entries on lines of which a pro forma wrote all off: nobody printed these."""
    wholes = {LineStatus.WRITE_OFF, LineStatus.WRITE_OFF_REMAINDER}
    lines = {line.line for line in left.invoice.lines if line.status in wholes and not line.printed}
    return [one.entry for one in left.entries.values() if one.line in lines]


def billable_by_line(taken: Lines) -> dict[int, list[str]]:
    """Return by line of the invoice the credited entries that become billable again."""
    lines, billed = taken
    of_line = {line.line: line.of_line for line in lines}
    found: dict[int, list[str]] = {}
    for one in billed:
        line = of_line[one.line]
        if one.becomes is Becomes.BILL and line is not None:
            found.setdefault(line, []).append(one.entry)
    return found


def check_whole_line(left: Left, remainder: RemainderStanding, taken: Lines) -> None:
    """Raise HeldBackTogether where some entries of a line stay whose remainder stands for all."""
    _, billed = taken
    gone = {one.entry for one in billed}
    stays = [one for one in left.entries.values() if one.line == remainder.line]
    if any(one.entry not in gone for one in stays):
        raise HeldBackTogether(
            entries=some_of(billable_by_line(taken)[remainder.line]),
            number=left.invoice.number,
            line=remainder.line,
            remainder=remainder.entry,
        )


def check_goodwill(left: Left, line: int, amount: Decimal) -> None:
    """Raise CreditAmountRefused for an amount that is not above zero, or more than is left."""
    number, money = left.invoice.number, left.invoice.currency
    if line not in left.amounts:
        raise NotOnInvoice(number=number, names=f"line {line}")
    most, digits = left.amounts[line], minor_digits(money)
    text = worded(max(most, ZERO), money)
    why, instead = f"only {text} is left of it", f"Please give at most {text}."
    if amount <= 0 or amount != rounded(amount, money):
        why = f"an amount is above zero, with at most {digits} decimals"
        instead = f"Please write it like {an_amount(money)}."
    elif amount <= most:
        return
    given = f"{plain(amount)} {money}"
    raise CreditAmountRefused(amount=given, line=line, number=number, why=why, instead=instead)
