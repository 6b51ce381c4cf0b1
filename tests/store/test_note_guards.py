"""What the database refuses of a credit note that somebody writes past the use cases."""

from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from tests.builders import ANN, REFUSED, D, Shop, day, plain
from timix_xl.billing.credit import credit
from timix_xl.domain.credit_notes import credit_note, credited_lines, left_of
from timix_xl.domain.invoices import Becomes, Document
from timix_xl.store import crediting, documents, drafts, issuing, reading
from timix_xl.store.refusals import StoreRefuses

FIRST = "INV-2026-00001"


@pytest.fixture
def issued(shop: Shop) -> Shop:
    """Two invoices, the first over ten hours of an order; another order beside it."""
    shop.order("FO", "40")
    shop.order("OTHER", "40")
    shop.time("E1", "E2", hours="5")
    shop.issue(frame_order="FO")
    shop.customer("BETA")
    shop.time("B1", project="P-BETA")
    shop.issue("BETA")
    return shop


def forged(shop: Shop, invoice: int = 1, **facts: Any) -> None:
    """Issue a full note of the first invoice with some facts changed, past the use case."""
    with shop.store.writing() as connection:
        printed = documents.printed(connection, [1])[1]
        left = left_of(printed, [])
        taken = credited_lines(left, dict.fromkeys(left.entries, Becomes.BILL), ())
        order = next(one for one in reading.frame_orders(connection, "ACME") if one.number == "FO")
        note = credit_note(left, taken, reason="so", day=day("2026-02-01"), order=order)
        note = changed(note, facts)
        number = drafts.save_note(connection, note, invoice, ANN)
        issuing.issue_draft(connection, number, note, reading.settings(connection), ANN)


def changed(note: Document, facts: dict[str, Any]) -> Document:
    draw = note.draw_down
    assert draw is not None
    if "draw" in facts:
        facts = {"draw_down": replace(draw, **facts["draw"])}
    if "billed" in facts:
        facts = {"billed": tuple(replace(one, **facts["billed"]) for one in note.billed)}
    if "line" in facts:
        facts = {"lines": tuple(replace(one, **facts["line"]) for one in note.lines)}
    return replace(note, **facts)


def test_a_sound_note_is_let_through(issued: Shop) -> None:
    forged(issued)
    assert issued.value("SELECT status FROM documents WHERE kind = 'credit_note'") == "issued"


@pytest.mark.parametrize(
    ("invoice", "facts", "told"),
    [
        (2, {}, "a credit note"),
        (1, {"currency": "USD"}, "corrects an issued invoice of its customer"),
        (1, {"billed": {"becomes": None}}, "takes entries that its invoice still bills"),
        (1, {"line": {"of_line": 9}}, "no more than is left"),
        (1, {"line": {"amount": D("-500.01")}}, "no more than is left"),
        (1, {"line": {"amount": D(500)}}, "no more than is left"),
        (1, {"draw": {"drawn": D(-11)}}, "gives back what it credits"),
        (1, {"draw": {"frame_order": "OTHER"}}, "gives back what it credits"),
    ],
)
def test_a_note_that_does_not_fit_its_invoice_is_refused(
    issued: Shop, invoice: int, facts: dict[str, Any], told: str
) -> None:
    with pytest.raises(StoreRefuses, match=told):
        forged(issued, invoice, **facts)


def test_an_entry_is_credited_once(issued: Shop) -> None:
    credit(issued.store, FIRST, entries=["E1"], becomes=Becomes.BILL, reason="so", actor=ANN)
    with pytest.raises(StoreRefuses, match="a credit note takes"):
        forged(issued)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE documents SET corrects = 2 WHERE id = 3",
        "UPDATE documents SET status = 'void', corrects = NULL WHERE id = 3",
        "UPDATE document_lines SET of_line = 2 WHERE document = 3",
        "UPDATE document_entries SET becomes = 'write_off' WHERE document = 3",
        "UPDATE draw_downs SET drawn = -1 WHERE document = 3",
        "DELETE FROM draw_downs WHERE document = 3",
        "DELETE FROM document_taxes WHERE document = 3",
        "DELETE FROM documents WHERE id = 3",
    ],
)
def test_every_row_of_a_note_is_frozen(issued: Shop, statement: str) -> None:
    credit(issued.store, FIRST, becomes=Becomes.BILL, reason="so", actor=ANN)
    with closing(plain(issued.path)) as connection, pytest.raises(REFUSED):
        connection.execute(statement)


def test_a_claim_stays_until_a_note_takes_its_entry(issued: Shop) -> None:
    with pytest.raises(StoreRefuses), issued.store.writing() as connection:
        crediting.let_go(connection, 1, 1)
