"""The count of SQL statements of an engine run depends neither on entries nor on other projects."""

from pathlib import Path

import pytest

from tests.billing.engine import billed, ruled
from tests.billing.test_statement_count import statements
from tests.builders import Shop, copy_of


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
    template: Path, tmp_path_factory: pytest.TempPathFactory, *, pro_forma: bool, issue: bool
) -> None:
    found = []
    for size in (10, 2_000):
        shop = copy_of(template, tmp_path_factory.mktemp("counted"))
        found.append(counted(shop, size, pro_forma=pro_forma, issue=issue))
        shop.store.close()
    assert found[0] == found[1]
