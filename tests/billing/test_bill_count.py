"""The count of SQL statements of an engine run depends neither on entries nor on other projects."""

import pytest

from tests.billing.engine import billed, ruled
from tests.billing.negotiators import opened, released, run, shown
from tests.billing.test_statement_count import statements
from tests.builders import ANN, D, Shop, Template, copy_of, on
from timix_xl.billing.draft import issue_draft
from timix_xl.billing.pro_forma_edit import edit
from timix_xl.billing.release import release
from timix_xl.domain.pro_forma_lines import LineEdit


def counted(shop: Shop, size: int, *, pro_forma: bool, issue: bool) -> int:
    shop.change("projects", {"code": "P"}, pro_forma=pro_forma)
    ruled(shop, {"aggregate_by": "date", "create_zero_lines": False})
    shop.add("limits", id=1, project="P", amount=100_000_000)
    shop.many(size)
    shop.time("Z", hours="0")
    for at in range(size // 100):
        shop.project(f"Q{at}")
    return statements(shop, lambda: billed(shop, issue=issue, request="r"))


@pytest.mark.parametrize(("pro_forma", "issue"), [(False, False), (False, True), (True, False)])
def test_a_large_run_takes_as_many_statements_as_a_small_one(
    template: Template, tmp_path_factory: pytest.TempPathFactory, *, pro_forma: bool, issue: bool
) -> None:
    found = []
    for size in (10, 2_000):
        shop = copy_of(template, tmp_path_factory.mktemp("counted"))
        found.append(counted(shop, size, pro_forma=pro_forma, issue=issue))
        shop.store.close()
    assert found[0] == found[1]


def remainders_billed(shop: Shop, size: int) -> int:
    """Count the statements of the issue of what was held back of so many lines."""
    shop.change("projects", {"code": "P"}, pro_forma=True)
    shop.order("FO", "100000000", unit="EUR")
    shop.many(size)
    number = run(shop)
    held = [LineEdit(line=line.line, amount=D(1)) for line in shown(shop, number).document.lines]
    edit(shop.store, number, held, actor=ANN)
    released(shop, number)
    march = on("2026-03-02")
    opened(shop, run(shop, "2026-02-28", march))
    done = release(shop.store, "PF-00002", frame_order="FO", actor=march)
    return statements(shop, lambda: issue_draft(shop.store, done.document, actor=march))


def test_many_remainders_take_as_many_statements_as_a_few(
    template: Template, tmp_path_factory: pytest.TempPathFactory
) -> None:
    found = []
    for size in (10, 1_000):
        shop = copy_of(template, tmp_path_factory.mktemp("counted"))
        found.append(remainders_billed(shop, size))
        shop.store.close()
    assert found[0] == found[1]
