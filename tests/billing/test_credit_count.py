"""The count of SQL statements of credits and the register does not depend on what they hold."""

from collections.abc import Callable

import pytest

from tests.billing.test_statement_count import statements
from tests.builders import ANN, Shop, Template, copy_of, day
from timix_xl.billing.correct import correct
from timix_xl.billing.credit import credit
from timix_xl.billing.plan import RunOptions
from timix_xl.billing.register import register
from timix_xl.billing.send import send
from timix_xl.billing.void import void
from timix_xl.domain.grouping import GroupBy
from timix_xl.domain.invoices import Becomes

FIRST, SECOND = "INV-2026-00001", "INV-2026-00002"


def counted(shop: Shop, size: int) -> dict[str, int]:
    """Count the statements of a credit, a void by credit note, a correction and the register."""
    shop.order("FO", "1000000")
    shop.many(size)
    shop.issue(frame_order="FO", group_by=GroupBy.TASK)
    half = [row[0] for row in shop.rows("SELECT entry FROM claims")][: size // 2]
    given = {"becomes": Becomes.WRITE_OFF, "reason": "late"}
    send(shop.store, FIRST, actor=ANN)
    acts: dict[str, Callable[[], object]] = {
        "credit": lambda: credit(shop.store, FIRST, entries=half, actor=ANN, **given),  # type: ignore[arg-type]
        "void": lambda: void(shop.store, FIRST, "wrong", actor=ANN),
        "issue": lambda: shop.issue(frame_order="FO", group_by=GroupBy.TASK),
        "correct": lambda: correct(shop.store, SECOND, "terms", RunOptions(), actor=ANN),
        "register": lambda: register(shop.store, today=day("2026-02-01")),
    }
    return {name: statements(shop, act) for name, act in acts.items()}


def test_a_thousand_entries_take_as_many_statements_as_ten(
    template: Template, tmp_path_factory: pytest.TempPathFactory
) -> None:
    found = []
    for size in (10, 1_000):
        shop = copy_of(template, tmp_path_factory.mktemp("counted"))
        found.append(counted(shop, size))
        shop.store.close()
    assert found[0] == found[1]


def test_many_notes_take_the_register_no_more_statements(shop: Shop) -> None:
    shop.time("E1", "E2", "E3")
    shop.issue()
    counts = []
    for entry in ("E1", "E2"):
        credit(shop.store, FIRST, entries=[entry], becomes=Becomes.BILL, reason="so", actor=ANN)
        counts.append(statements(shop, lambda: register(shop.store, today=day("2026-02-01"))))
    assert counts[0] == counts[1]
