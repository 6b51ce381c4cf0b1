"""Credit notes that were changed past the guards: each promise about them has its own check."""

import pytest

from tests.builders import ANN, Shop
from timix_xl.billing.credit import credit
from timix_xl.billing.send import send
from timix_xl.billing.void import void
from timix_xl.domain.invoices import Becomes

FIRST = "INV-2026-00001"


@pytest.fixture
def credited(shop: Shop) -> Shop:
    """Document 1: credited in part by 2. 3: BETA's. 4: sent and voided by 5."""
    shop.order("FO", "40")
    shop.time("E1", "E2", hours="5")
    shop.issue(frame_order="FO")
    given = {"becomes": Becomes.WRITE_OFF, "reason": "late"}
    credit(shop.store, FIRST, entries=["E1"], actor=ANN, **given)  # type: ignore[arg-type]
    shop.customer("BETA")
    shop.time("B1", project="P-BETA")
    shop.issue("BETA")
    shop.time("E3")
    held = shop.issue().numbers[0]
    send(shop.store, held, actor=ANN)
    void(shop.store, held, "wrong", actor=ANN)
    assert shop.problems() == ()
    return shop


def codes(shop: Shop, *statements: str) -> set[str]:
    """Take the triggers away, change something, and verify."""
    shop.unguarded().say(*statements)
    return {one.code for one in shop.problems()}


@pytest.mark.parametrize(
    ("code", "statement"),
    [
        ("VERIFY-20", "UPDATE documents SET corrects = 3 WHERE id = 2"),
        ("VERIFY-20", "UPDATE documents SET corrects = NULL WHERE id = 2"),
        ("VERIFY-20", "UPDATE documents SET corrects = 1 WHERE id = 3"),
        ("VERIFY-21", "UPDATE document_entries SET entry = 'E3' WHERE document = 2"),
        ("VERIFY-21", "UPDATE document_entries SET becomes = NULL WHERE document = 2"),
        ("VERIFY-21", "UPDATE document_lines SET of_line = 9 WHERE document = 2"),
        ("VERIFY-21", "UPDATE documents SET total = -999999 WHERE id = 2"),
        ("VERIFY-21", "UPDATE documents SET total = 1 WHERE id = 2"),
        ("VERIFY-22", "UPDATE draw_downs SET drawn = drawn - 1 WHERE document = 2"),
        ("VERIFY-22", "DELETE FROM draw_downs WHERE document = 2"),
        ("VERIFY-23", "UPDATE documents SET total = total + 1 WHERE id = 5"),
        ("VERIFY-10", "UPDATE document_taxes SET amount = amount + 1 WHERE document = 2"),
        ("VERIFY-10", "UPDATE document_lines SET unit_price = 1 WHERE document = 2"),
        ("VERIFY-13", "INSERT INTO claims VALUES ('E1', 1)"),
        ("VERIFY-13", "DELETE FROM claims WHERE entry = 'E2'"),
        ("VERIFY-14", "UPDATE entries SET state = 'open' WHERE id = 'E1'"),
        ("VERIFY-14", "UPDATE entries SET state = 'written_off' WHERE id = 'E3'"),
    ],
)
def test_what_does_not_hold_is_named(credited: Shop, code: str, statement: str) -> None:
    assert code in codes(credited, statement)
