"""Whether credit notes hold against the invoices that they correct."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from timix_xl.billing.record import Problem, Record, name_of
from timix_xl.store import auditing
from timix_xl.store import tables as t
from timix_xl.store.documents import EventKind


def pointers(record: Record) -> Iterator[Problem]:
    """Check that each note, and nothing else, corrects an invoice of its customer.

    One that was made from a pro forma below zero corrects none.
    """
    invoices = {row["id"]: row for row in record.frozen if row["kind"] == "invoice"}
    for note in record.frozen:
        invoice = invoices.get(note["corrects"])
        if note["kind"] != "credit_note":
            if note["corrects"] is not None:
                yield Problem("VERIFY-20", name_of(note), "it corrects, but is no credit note")
        elif invoice is None:
            if note["corrects"] is not None or not record.is_released(note):
                yield Problem("VERIFY-20", name_of(note), "it corrects no invoice")
        elif any(note[name] != invoice[name] for name in ("customer", "currency")):
            message = f"its customer or currency is not that of {name_of(invoice)}"
            yield Problem("VERIFY-20", name_of(note), message)


def takings(record: Record) -> Iterator[Problem]:
    """Check that notes take each entry once, and no more money than is left."""
    lines, shares = record.noted_lines, record.noted_shares
    left: Counter[Any] = Counter()
    for invoice in record.frozen:
        left[invoice["id"]] = invoice["total"]
        for line in lines.get(invoice["id"], []):
            left[invoice["id"], line["line"]] = line["amount"]
    billed = {(row["document"], row["entry"]) for own in shares.values() for row in own}
    for note in record.notes:
        where, corrects = name_of(note), note["corrects"]
        for share in shares.get(note["id"], []):
            if (corrects, share["entry"]) not in billed:
                message = f"entry {share['entry']} is not on its invoice, or was taken before"
                yield Problem("VERIFY-21", where, message)
            billed.discard((corrects, share["entry"]))
            if share["becomes"] is None:
                message = f"it does not say what becomes of entry {share['entry']}"
                yield Problem("VERIFY-21", where, message)
        for line in lines.get(note["id"], []):
            key = (corrects, line["of_line"])
            if key not in left:
                yield Problem("VERIFY-21", where, f"line {line['line']} is of no invoice's line")
            left[key] += line["amount"]
        left[corrects] += note["total"]
        if note["total"] > 0 or left[corrects] < 0:
            yield Problem("VERIFY-21", where, "it takes more than is left of its invoice")


def returns(record: Record) -> Iterator[Problem]:
    """Check that each note gives back what it credits, to the order that its invoice drew on."""
    unit = {row["number"]: row["unit"] for row in record.rows(t.frame_orders)}
    drawn = record.of(t.draw_downs, "document")
    for note in record.notes:
        drew = [row for row in drawn.get(note["corrects"], []) if row["event"] is None]
        expected = {
            row["frame_order"]: note["hours" if unit.get(row["frame_order"]) == "h" else "subtotal"]
            for row in drew
        }
        found = {row["frame_order"]: row["drawn"] for row in drawn.get(note["id"], [])}
        if found != {order: number for order, number in expected.items() if number}:
            message = f"it gives back {found}, and credits {expected}"
            yield Problem("VERIFY-22", name_of(note), message)


def voids(record: Record) -> Iterator[Problem]:
    """Check that a void which the customer held, as sent or credited in part, is credited whole."""
    sending = record.each(
        t.events, names=("document",), where=auditing.happens(EventKind.SENT.value)
    )
    sent = {row["document"] for row in sending}
    credited: Counter[Any] = Counter()
    for note in record.notes:
        credited[note["corrects"]] -= note["total"]
    for row in record.frozen:
        if row["status"] != "void":
            continue
        if (row["id"] in sent or row["id"] in credited) and credited[row["id"]] != row["total"]:
            yield Problem("VERIFY-23", name_of(row), "it is void, but not credited in full")
