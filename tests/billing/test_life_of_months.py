"""The life of two months: whatever is done, WIP rolls forward, and what is closed stays."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import ANN, D, Shop, Template, copy_of, day, on
from timix_xl.billing.ageing import ageing
from timix_xl.billing.close import close, reopen
from timix_xl.billing.credit import credit, credit_money
from timix_xl.billing.decide import Choice, decide
from timix_xl.billing.draft import delete_draft, issue_draft, save_draft
from timix_xl.billing.plan import RunOptions
from timix_xl.billing.register import register
from timix_xl.billing.restore import restore
from timix_xl.billing.roll_forward import month_rolled
from timix_xl.billing.send import send
from timix_xl.billing.utilization import utilization
from timix_xl.billing.void import void
from timix_xl.billing.wip import wip
from timix_xl.domain.entries import Decision
from timix_xl.domain.grouping import GroupBy
from timix_xl.domain.invoices import Becomes
from timix_xl.domain.wip import Flow, Work
from timix_xl.errors import TimixError

JANUARY, FEBRUARY = day("2026-01-31"), day("2026-02-28")
LATE = day("2026-03-31")
PICK = st.integers(0, 50)


class Months:
    """A store in which January and February are worked, billed, corrected and closed."""

    def __init__(self, shop: Shop, reached: Counter[str]) -> None:
        self.shop, self.reached, self.made = shop, reached, 0
        shop.order("FO", "500", overrun="warn")

    def take(self, step: str, at: int) -> None:
        """Take a step; one that a rule refuses changes nothing."""
        try:
            STEPS[step](self, at)
            self.reached[step] += 1
        except TimixError as refused:
            self.reached[f"{step}: {type(refused).__name__}"] += 1

    def actor(self, at: int) -> Any:
        return on(f"2026-03-{1 + at % 20:02d}")

    def work(self, at: int) -> None:
        month, self.made = 1 + at % 2, self.made + 1
        hours, rate = ("0.3333", "7.5", "2")[at % 3], (None, D("95.55"))[at % 2]
        when = f"2026-{month:02d}-{1 + at % 28:02d}"
        self.shop.time(f"E{self.made}", hours=hours, on=when, bill_rate=rate)

    def _open(self) -> list[str]:
        return [row.entry.id for row in self.shop.load(upto=FEBRUARY).rows]

    def decide(self, at: int) -> None:
        ids = self._open()
        choices = (
            Choice(Decision.WRITE_OFF, "so"),
            Choice(Decision.DEFER),
            Choice(Decision.BILL, "a part", bill_quantity=D("0.1111"), rest=Decision.DEFER),
            Choice(Decision.BILL, "a part", bill_quantity=D("0.1111"), rest=Decision.WRITE_OFF),
        )
        if ids:
            one = ids[at % len(ids)]
            decide(self.shop.store, "ACME", {one: choices[at % len(choices)]}, actor=ANN)

    def issue(self, at: int) -> None:
        dates = (None, day("2026-01-31"), day("2026-02-10"), day("2026-03-01"))
        by = (GroupBy.ENTRY, GroupBy.TASK)[at % 2]
        when = dates[at % len(dates)]
        self.shop.issue(
            upto=FEBRUARY if at % 3 else JANUARY, issue_date=when, group_by=by, frame_order="FO"
        )

    def draft(self, at: int) -> None:
        save_draft(self.shop.store, "ACME", FEBRUARY, RunOptions(), actor=self.actor(at))

    def settle_draft(self, at: int) -> None:
        rows = self.shop.rows("SELECT id FROM documents WHERE status = 'draft'")
        for (number,) in rows[:1]:
            act = issue_draft if at % 2 else delete_draft
            act(self.shop.store, f"DRAFT-{number}", actor=self.actor(at))

    def _invoice(self, at: int) -> str:
        query = "SELECT number FROM documents WHERE kind = 'invoice' AND number IS NOT NULL"
        rows = self.shop.rows(query)
        return rows[at % len(rows)][0] if rows else "INV-0"

    def send(self, at: int) -> None:
        send(self.shop.store, self._invoice(at), actor=self.actor(at))

    def void(self, at: int) -> None:
        void(self.shop.store, self._invoice(at), "wrong", actor=self.actor(at))

    def credit(self, at: int) -> None:
        number, becomes = self._invoice(at), list(Becomes)[at % 2]
        lines = (1,) if at % 3 else ()
        credit(
            self.shop.store,
            number,
            becomes=becomes,
            lines=lines,
            reason="so",
            actor=self.actor(at),
        )

    def goodwill(self, at: int) -> None:
        credit_money(self.shop.store, self._invoice(at), 1, D("5.55"), "so", actor=self.actor(at))

    def restore(self, at: int) -> None:
        rows = self.shop.rows("SELECT id FROM entries WHERE state = 'written_off'")
        if rows:
            entry = rows[at % len(rows)][0]
            restore(self.shop.store, [entry], "after all", actor=self.actor(at))

    def reprice(self, at: int) -> None:
        self.shop.change("customers", {"code": "ACME"}, bill_rate=D(90 + at))

    def reclassify(self, at: int) -> None:
        kind = ("fixed", None)[at % 2]
        self.shop.change("projects", {"code": "P"}, billing_type=kind)

    def close(self, at: int) -> None:
        month = ("2026-01", "2026-02")[at % 2]
        close(self.shop.store, month, actor=on("2026-03-01"))

    def reopen(self, at: int) -> None:
        month = ("2026-02", "2026-01")[at % 2]
        reopen(self.shop.store, month, "so", actor=on("2026-03-01"))

    # What always holds.

    def closed(self) -> dict[str, list[Any]]:
        """Return the reports of the months that are closed, as of their last day."""
        store, found = self.shop.store, {}
        query = (
            "SELECT month, until FROM closings AS one WHERE kind = 'close' AND NOT EXISTS"
            " (SELECT 1 FROM closings AS two WHERE two.month = one.month AND two.id > one.id)"
        )
        for month, last in self.shop.rows(query):
            until = day(last)
            found[month] = [
                month_rolled(store, month, today=LATE),
                wip(store, today=LATE, as_of=until),
                [
                    (one.number, one.state, one.outstanding)
                    for one in register(store, today=LATE, as_of=until)
                ],
                [(one.buckets, one.total) for one in ageing(store, today=LATE, as_of=until)],
                utilization(store, as_of=until),
            ]
        return found

    def adds_up(self) -> None:
        """Check every month's roll-forward, its ties, and that one month opens as another closed."""
        store, closing = self.shop.store, Work()
        for month in ("2026-01", "2026-02", "2026-03"):
            rolled = month_rolled(store, month, today=LATE)
            for line in rolled.lines:
                assert line.difference == Work()
            assert all(tie.holds for tie in rolled.ties)
            opening = sum((line[Flow.OPENING] for line in rolled.lines), Work())
            assert opening == closing
            closing = sum((line[Flow.CLOSING] for line in rolled.lines), Work())
        live = wip(store, today=LATE)
        assert closing == sum((Work(one.hours, one.amount) for one in live), Work())


STEPS: dict[str, Callable[[Months, int], None]] = {
    name: getattr(Months, name)
    for name in (
        *("work", "decide", "issue", "draft", "settle_draft", "send", "void", "credit"),
        *("goodwill", "restore", "reprice", "reclassify", "close", "reopen"),
    )
}
LIKELY = (*STEPS, "work", "work", "decide", "decide", "issue", "issue", "void", "close")
BEGINNING = (*(("work", at) for at in (1, 8, 15)), ("issue", 1), *(("work", at) for at in (22, 29)))
LIVES = st.lists(st.tuples(st.sampled_from(LIKELY), PICK), min_size=12, max_size=25)


@pytest.fixture(scope="module")
def reached(template: Template) -> Counter[str]:
    """Live a number of lives, and count the steps that were taken."""
    counted: Counter[str] = Counter()

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(LIVES)
    def live(life: list[tuple[str, int]]) -> None:
        folder = Path(tempfile.mkdtemp(prefix="timix-months-"))
        months = Months(copy_of(template, folder), counted)
        try:
            for step, at in BEGINNING:
                months.take(step, at)
            before: dict[str, list[Any]] = {}
            for step, at in life:
                months.take(step, at)
                after = months.closed()
                assert {month: after[month] for month in before if month in after} == {
                    month: before[month] for month in before if month in after
                }
                before = after
            months.adds_up()
            assert months.shop.problems() == ()
        finally:
            months.shop.store.close()
            shutil.rmtree(folder)

    live()
    return counted


def test_whatever_is_done_wip_rolls_forward_and_what_is_closed_stays(
    reached: Counter[str],
) -> None:
    assert reached.total() > 0


@pytest.mark.parametrize("step", sorted(set(STEPS) - {"reopen", "settle_draft", "restore"}))
def test_the_lives_reach(reached: Counter[str], step: str) -> None:
    assert reached[step] >= 1


@pytest.mark.parametrize("step", ["work", "issue", "credit"])
def test_some_steps_are_refused_by_a_closed_month(reached: Counter[str], step: str) -> None:
    assert any(name.startswith(f"{step}: ") for name in reached)
