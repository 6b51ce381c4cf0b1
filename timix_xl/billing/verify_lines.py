"""Whether the lines of pro formas, and of what was made from them, hold what was billed."""

from collections.abc import Iterator

from timix_xl.billing.reconcile import reasons
from timix_xl.billing.record import Dossier, Problem, Record
from timix_xl.store import snapshots
from timix_xl.store.auditing import RawRow

_HOLDS, _LOSES = {"hold_remainder"}, {"write_off_remainder", "write_off"}


def _lines(one: Dossier) -> Iterator[tuple[RawRow, list[RawRow]]]:
    for line in one.lines:
        yield line, one.by_line.get(line["line"], [])


def billed(_: Record, one: Dossier) -> Iterator[Problem]:
    """Check that what is billed of a line is what was made of it, less what was left out of it."""
    where = one.name
    for line, shares in _lines(one):
        held, written_off = _of(line, "held"), _of(line, "written_off")
        if line["billed_amount"] is None:
            if held or written_off or any(_of(share, "raised") for share in shares):
                message = f"line {line['line']} leaves something out of nothing"
                yield Problem("VERIFY-39", where, message)
            continue
        if line["of_line"] is not None:
            continue  # it takes back, of an invoice that is checked, what notes are checked for
        raised = sum(_of(share, "raised") for share in shares)
        if line["billed_amount"] + raised != line["amount"] + held + written_off:
            message = f"line {line['line']} is not what was billed with what was raised or left out"
            yield Problem("VERIFY-39", where, message)
        by_status = ((held, _HOLDS), (written_off, _LOSES))
        if any(amount and line["status"] not in words for amount, words in by_status):
            message = f"line {line['line']} is {line['status']}, which leaves out something else"
            yield Problem("VERIFY-39", where, message)


def shared(_: Record, one: Dossier) -> Iterator[Problem]:
    """Check that the entries of each line share everything that it has."""
    for line, shares in _lines(one):
        wanted = {name: _of(line, name) for name in ("quantity", "held", "written_off")}
        found = {name: sum(_of(share, name) for share in shares) for name in wanted}
        if line["billed_quantity"] is not None:
            wanted["billed_quantity"] = line["billed_quantity"]
            found["billed_quantity"] = sum(_own_quantity(share) for share in shares)
        for name in wanted if shares else ():
            if wanted[name] != found[name]:
                message = f"the entries of line {line['line']} do not share its {name}"
                yield Problem("VERIFY-40", one.name, message)


def _of(row: RawRow, name: str) -> int:
    return int(row[name] or 0)


def _own_quantity(share: RawRow) -> int:
    return int(share["quantity"] if share["own_quantity"] is None else share["own_quantity"])


def printed(_: Record, one: Dossier) -> Iterator[Problem]:
    """Check that what is not printed is nothing, and stands after what is."""
    where, was_hidden = one.name, False
    for line, shares in _lines(one):
        if line["printed"] is None:
            if was_hidden:
                message = f"line {line['line']} is printed, and stands after one that is not"
                yield Problem("VERIFY-41", where, message)
            continue
        was_hidden = True
        if line["quantity"] or line["amount"] or not shares:
            message = (
                f"line {line['line']} is not printed, and has a quantity, an amount or no entry"
            )
            yield Problem("VERIFY-41", where, message)


def reconciled(_: Record, one: Dossier) -> Iterator[Problem]:
    """Check that a document which was made from a pro forma bills what its entries brought."""
    row = one.head
    if row["status"] == "draft" or row["corrects"] is not None:
        return  # what takes back is checked for that
    if not any(line["status"] for line in one.lines) or "printed" not in one.content:
        return  # what cannot be read has been named already
    try:
        document = snapshots.printed(row["content"])
    except ValueError:
        yield Problem("VERIFY-04", one.name, "the sealed content cannot be read")
        return
    for why in reasons(document):
        yield Problem("VERIFY-44", one.name, why)
