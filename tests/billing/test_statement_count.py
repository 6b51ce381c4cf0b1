"""The count of SQL statements does not depend on the number of entries."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import event

from tests.builders import ANN, BILLING_DATE, Shop, Template, copy_of
from timix_xl.billing.ballots import BallotPaper
from timix_xl.billing.decide import decide_by_sheet
from timix_xl.billing.draft import delete_draft, issue_draft, save_draft
from timix_xl.billing.plan import RunOptions
from timix_xl.billing.restore import restore
from timix_xl.domain.grouping import GroupBy

SIZES = (10, 1_000, 10_000)


@contextmanager
def counting(shop: Shop) -> Iterator[list[str]]:
    """Collect the statements that reach the database; an executemany is one."""
    seen: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        seen.append(statement)

    event.listen(shop.store.engine, "before_cursor_execute", note)
    yield seen
    event.remove(shop.store.engine, "before_cursor_execute", note)


def statements(shop: Shop, act: Callable[[], object]) -> int:
    with counting(shop) as seen:
        act()
    return len(seen)


def counted(shop: Shop, size: int) -> dict[str, int]:
    """Count the statements of a load, of saving decisions, of an issue and of verify."""
    shop.order("FO", "1000000")
    shop.many(size)
    first = shop.paper({"E00001": "Defer", "E00002": "Write off"})
    found = {"load": statements(shop, shop.load)}
    found["decide"] = statements(
        shop, lambda: decide_by_sheet(shop.store, "ACME", BILLING_DATE, first, actor=ANN)
    )
    second = shop.paper()
    run = {"paper": second, "frame_order": "FO", "group_by": GroupBy.TASK, "request": "r"}
    found["issue"] = statements(shop, lambda: shop.issue(**run))
    found["verify"] = statements(shop, lambda: list(shop.problems()) == [])
    return found


@pytest.fixture(scope="module")
def by_size(
    template: Template, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[int, dict[str, int]]]:
    shops = {size: copy_of(template, tmp_path_factory.mktemp("counted")) for size in SIZES}
    yield {size: counted(shop, size) for size, shop in shops.items()}
    for shop in shops.values():
        shop.store.close()


@pytest.mark.parametrize("act", ["load", "decide", "issue", "verify"])
def test_ten_thousand_entries_take_as_many_statements_as_ten(
    by_size: dict[int, dict[str, int]], act: str
) -> None:
    assert by_size[1_000][act] == by_size[10_000][act] == by_size[10][act]


def test_a_load_is_a_handful_of_statements(by_size: dict[int, dict[str, int]]) -> None:
    assert by_size[10_000]["load"] < 30


def halved(shop: Shop) -> BallotPaper:
    """Return a sheet on which every other entry is billed in part, and every third written off."""
    paper = shop.paper()
    rows = []
    for at, row in enumerate(paper.rows):
        part = {"bill_quantity": "0.1111"} if at % 2 else {}
        off = {"decision": "Write off", "reason": "gift"} if not at % 2 and not at % 3 else {}
        rows.append(replace(row, **part, **off))
    return replace(paper, rows=tuple(rows))


def counted_drafts(shop: Shop, size: int) -> dict[str, int]:
    """Count the statements of the life of a draft with parts, and of a restore."""
    options = RunOptions(frame_order="FO", group_by=GroupBy.TASK)

    def save() -> int:
        paper = halved(shop)
        with counting(shop) as seen:
            save_draft(shop.store, "ACME", BILLING_DATE, options, actor=ANN, paper=paper)
        return len(seen)

    shop.order("FO", "1000000")
    shop.many(size)
    found = {"save": save()}
    off = [row[0] for row in shop.rows("SELECT id FROM entries WHERE state = 'written_off'")]
    found["restore"] = statements(shop, lambda: restore(shop.store, off, "after all", actor=ANN))
    found["load"] = statements(shop, shop.load)
    found["delete"] = statements(shop, lambda: delete_draft(shop.store, "DRAFT-1", actor=ANN))
    save()
    found["issue"] = statements(shop, lambda: issue_draft(shop.store, "DRAFT-2", actor=ANN))
    return found


def test_the_life_of_a_large_draft_takes_as_many_statements_as_a_small_one(
    template: Template, tmp_path_factory: pytest.TempPathFactory
) -> None:
    found = []
    for size in (12, 600):
        shop = copy_of(template, tmp_path_factory.mktemp("counted"))
        found.append(counted_drafts(shop, size))
        shop.store.close()
    assert found[0] == found[1]
