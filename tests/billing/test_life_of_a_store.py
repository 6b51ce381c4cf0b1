"""The life of a store: any sequence of steps keeps it whole, and every hour in one place."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.builders import ANN, BOB, D, Template, copy_of, day
from timix_xl.billing.ballots import BallotPaper
from timix_xl.billing.credit import credit, credit_money
from timix_xl.billing.decide import Choice, decide, decide_by_sheet
from timix_xl.billing.issue import Issued
from timix_xl.billing.pay import pay, unpay
from timix_xl.billing.refund import refund
from timix_xl.billing.register import register
from timix_xl.billing.send import send
from timix_xl.billing.void import void
from timix_xl.billing.write_off import write_off_receivable
from timix_xl.domain.entries import Decision
from timix_xl.domain.grouping import GroupBy
from timix_xl.domain.invoices import Becomes
from timix_xl.domain.money import total
from timix_xl.errors import (
    NothingToBill,
    NotOnInvoice,
    RuleError,
    RunRefused,
    RunStale,
)

POOL, BEFORE, BUDGET = D(60), D(5), D(4000)
ENOUGH = 6
HOURS = st.decimals("0.25", "8", places=4).map(str) | st.sampled_from(["-1.5", "0.3333"])
SHEETS = st.one_of(
    st.lists(st.sampled_from(["Defer", "Write off"]), min_size=1, max_size=3),
    st.lists(st.sampled_from(["", "Bill", "Defer", "Write off"]), min_size=1, max_size=6),
)
PICK = st.integers(0, 1000)
CENTS = st.integers(1, 50_000)
COUNTS = "(status <> 'void' OR id IN (SELECT corrects FROM documents))"
"""Both papers of a void by credit note count, and neither of a void that nobody held."""
ORDERS = st.sampled_from(["", "FO-H", "FO-M"])


class Life(RuleBasedStateMachine):
    """Everybody at work on one store, in any order."""

    template: ClassVar[Path]
    reached: ClassVar[Counter[str]] = Counter()
    sheets = Bundle("sheets")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="timix-life-"))
        self.shop = copy_of(self.template, self.folder)
        self.shop.add("locations", customer="ACME", code="NORTH", city="York")
        self.shop.task("N", location="NORTH")
        self.shop.order("FO-H", str(POOL), billed_before=str(BEFORE))
        self.shop.order("FO-M", str(BUDGET), unit="EUR", overrun="warn")
        self.numbers: list[str] = []
        self.requests = self.decided = 0
        self.entries = 4
        self.shop.time("E001", "E002", "E003", hours="0.3333", bill_rate=D("95.55"))
        self.shop.time("E004", hours="7.5", task="N")
        self.review = self.shop.load()

    def teardown(self) -> None:
        """Clear away."""
        self.shop.store.close()
        shutil.rmtree(self.folder)

    # Steps.

    @precondition(lambda self: len(self.review.rows) < ENOUGH)
    @rule(
        hours=st.lists(HOURS, min_size=1, max_size=3),
        task=st.sampled_from("TTN"),
        rate=st.sampled_from([None, None, D("95.55"), D(0)]),
        on=st.integers(1, 31),
    )
    def work(self, hours: list[str], task: str, rate: Decimal | None, on: int) -> None:
        rows = []
        for one in hours:
            self.entries += 1
            number = f"E{self.entries:03d}"
            date = f"2026-01-{on:02d}"
            rows.append({"id": number, "hours": one, "task": task, "bill_rate": rate, "on": date})
        self.shop.entries(rows)
        self.reached["import"] += 1

    @precondition(lambda self: self.review.rows and self.decided < ENOUGH)
    @rule(at=PICK, decision=st.sampled_from([*Decision, None]))
    def decide_one(self, at: int, decision: Decision | None) -> None:
        entry = self.review.rows[at % len(self.review.rows)].entry.id
        decide(self.shop.store, "ACME", {entry: Choice(decision, "so be it")}, actor=BOB)
        self.decided += 1
        self.reached["decide"] += 1

    @precondition(lambda self: self.review.rows)
    @rule(target=sheets, words=SHEETS)
    def load_a_sheet(self, words: list[str]) -> BallotPaper:
        rows = enumerate(self.review.rows)
        chosen = {row.entry.id: words[at % len(words)] for at, row in rows}
        return self.shop.paper({entry: word for entry, word in chosen.items() if word})

    @rule(sheet=sheets, step=st.sampled_from(["issue", "hand in", "preview"]), order=ORDERS)
    def use_a_sheet(self, sheet: BallotPaper, step: str, order: str) -> None:
        if step == "issue":
            self._issue("issue a sheet", paper=sheet, frame_order=order, group_by=GroupBy.TASK)
        elif step == "hand in":
            self._hand_in(sheet)
        else:
            self._preview(sheet, order)

    def _hand_in(self, sheet: BallotPaper) -> None:
        try:
            decide_by_sheet(self.shop.store, "ACME", day("2026-01-31"), sheet, actor=ANN)
            self.reached["decide by sheet"] += 1
        except (RunStale, RunRefused) as refused:
            self.reached[f"decide by sheet: {type(refused).__name__}"] += 1

    def _preview(self, sheet: BallotPaper, order: str) -> None:
        self.shop.preview(paper=sheet, frame_order=order)
        self.reached["preview"] += 1

    @precondition(lambda self: self.review.rows)
    @rule(order=ORDERS, by=st.sampled_from([GroupBy.TASK, GroupBy.ENTRY, GroupBy.WEEK]))
    def issue_what_is_decided(self, order: str, by: GroupBy) -> None:
        self._issue("issue", frame_order=order, group_by=by)

    def _issue(self, step: str, **options: Any) -> None:
        self.requests += 1
        request = f"r{self.requests}"
        expected = self._loaded(options.get("paper"))
        try:
            made = self.shop.issue(request=request, **options)
        except (NothingToBill, RunRefused, RunStale) as refused:
            self.reached[f"{step}: {type(refused).__name__}"] += 1
            self.reached.update(fault.code for fault in refused.faults)
            return
        assert sum(one.amount for one in made.figures.values()) == expected
        assert self.shop.issue(request=request, **options) == made
        self._note_run(step, made)

    def _loaded(self, paper: BallotPaper | None) -> Decimal:
        seen = {ballot.entry for ballot in paper.rows} if paper else None
        return total(
            row.priced.amount for row in self.review.rows if seen is None or row.entry.id in seen
        )

    def _note_run(self, step: str, made: Issued) -> None:
        self.reached[step] += 1
        self.reached["run without a number"] += not made.numbers
        self.reached["run with several documents"] += len(made.numbers) > 1
        self.reached["rounding"] += made.rounding != 0

    def _number(self, at: int) -> str:
        return self.numbers[at % len(self.numbers)]

    @precondition(lambda self: self.numbers)
    @rule(at=PICK)
    def send_one(self, at: int) -> None:
        self._follow_up("send", lambda number: send(self.shop.store, number, actor=ANN), at)

    @precondition(lambda self: self.numbers)
    @rule(at=PICK, cents=CENTS, back=st.booleans())
    def pay_one(self, at: int, cents: int, *, back: bool) -> None:
        act, amount, date = unpay if back else pay, D(cents) / 100, day("2026-02-01")
        step = "unpay" if back else "pay"
        self._follow_up(
            step, lambda number: act(self.shop.store, number, amount, date, actor=ANN), at
        )

    @precondition(lambda self: self.numbers)
    @rule(at=PICK)
    def void_one(self, at: int) -> None:
        self._follow_up("void", lambda one: void(self.shop.store, one, "wrong", actor=BOB), at)

    @precondition(lambda self: self.numbers)
    @rule(at=PICK, line=st.integers(0, 3), becomes=st.sampled_from(Becomes))
    def credit_one(self, at: int, line: int, becomes: Becomes) -> None:
        lines = [line] if line else []
        given: dict[str, Any] = {"lines": lines, "becomes": becomes, "reason": "so be it"}
        self._follow_up("credit", lambda one: credit(self.shop.store, one, actor=BOB, **given), at)

    @precondition(lambda self: self.numbers)
    @rule(at=PICK, cents=CENTS)
    def be_generous(self, at: int, cents: int) -> None:
        money = D(cents) / 100
        self._follow_up(
            "goodwill",
            lambda one: credit_money(self.shop.store, one, 1, money, "late", actor=BOB),
            at,
        )

    @precondition(lambda self: self.numbers)
    @rule(at=PICK, cents=CENTS, back=st.booleans())
    def refund_or_wait_no_more(self, at: int, cents: int, *, back: bool) -> None:
        store, money, date = self.shop.store, D(cents) / 100, day("2026-02-01")
        if back:
            self._follow_up("refund", lambda one: refund(store, one, money, date, actor=ANN), at)
        else:
            self._follow_up(
                "write off",
                lambda one: write_off_receivable(store, one, "debt", date=date, actor=ANN),
                at,
            )

    def _follow_up(self, step: str, act: Callable[[str], object], at: int) -> None:
        try:
            act(self.numbers[at % len(self.numbers)])
            self.reached[step] += 1
        except RuleError:
            self.reached[f"{step} refused"] += 1
        except NotOnInvoice:
            self.reached[f"{step} of a line that is not there"] += 1

    # What always holds.

    @invariant()
    def all_is_well(self) -> None:
        self.review = self.shop.load()
        assert self.shop.problems() == ()
        self._every_entry_is_in_exactly_one_place()
        self._a_frame_order_has_left_what_no_live_invoice_drew()
        self._the_numbers_have_no_gap()
        self._every_run_adds_up()
        self._what_is_owed_is_what_was_invoiced_less_what_was_paid()

    def _every_entry_is_in_exactly_one_place(self) -> None:
        settled = self.shop.rows(
            "SELECT entry FROM claims UNION ALL SELECT id FROM entries WHERE state = 'written_off'"
        )
        open_now = [(row.entry.id,) for row in self.review.rows]
        assert sorted([*settled, *open_now]) == sorted(self.shop.rows("SELECT id FROM entries"))

    def _a_frame_order_has_left_what_no_live_invoice_drew(self) -> None:
        orders = {order.number: order.remaining for order in self.review.frame_orders}
        drawn = {
            order: (D(hours) / 10_000, D(money) / 100)
            for order, hours, money in self.shop.rows(
                "SELECT frame_order, SUM(hours), SUM(subtotal) FROM documents"
                f" WHERE {COUNTS} GROUP BY frame_order"
            )
        }
        nothing = (D(0), D(0))
        assert orders["FO-H"] == POOL - BEFORE - drawn.get("FO-H", nothing)[0]
        assert orders["FO-M"] == BUDGET - drawn.get("FO-M", nothing)[1]
        assert orders["FO-H"] >= 0

    def _the_numbers_have_no_gap(self) -> None:
        rows = self.shop.rows("SELECT number FROM documents WHERE kind = 'invoice' ORDER BY id")
        self.numbers = [row[0] for row in rows]
        assert self.numbers == [f"INV-2026-{at:05d}" for at in range(1, len(rows) + 1)]

    def _every_run_adds_up(self) -> None:
        assert (
            self.shop.rows(
                "SELECT id FROM runs WHERE rounding + (SELECT SUM(amount) FROM run_entries"
                "  WHERE run = id AND outcome = 'bill') <> (SELECT SUM(subtotal) FROM documents"
                "  WHERE run = runs.id)"
            )
            == []
        )

    def _what_is_owed_is_what_was_invoiced_less_what_was_paid(self) -> None:
        standings = register(self.shop.store, today=day("2026-02-01"))
        live = self.shop.value(f"SELECT COALESCE(SUM(total), 0) FROM documents WHERE {COUNTS}")
        paid = self.shop.value(
            "SELECT COALESCE(SUM(CASE WHEN kind IN ('paid', 'written_off') THEN amount"
            " WHEN kind IN ('unpaid', 'refunded') THEN -amount END), 0) FROM events"
        )
        assert sum(one.outstanding for one in standings) == D(live - paid) / 100


STEPS = {
    *("import", "decide", "decide by sheet", "decide by sheet: RunStale", "preview"),
    *("issue", "issue: RunRefused"),
    *("issue a sheet", "issue a sheet: RunStale"),
    *("run without a number", "run with several documents", "rounding"),
    *("send", "send refused", "pay", "pay refused", "unpay", "void", "void refused"),
    *("credit", "credit refused", "goodwill", "refund refused", "write off"),
}


FIRST_SEED, LEAST, MOST = 100, 3, 8


@pytest.fixture(scope="module")
def reached(template: Template) -> Counter[str]:
    """Walk in seeded rounds, until every step was reached, and count what was."""
    Life.template, Life.reached = template, Counter()
    for at in range(MOST):
        if at >= LEAST and all(Life.reached[step] for step in STEPS):
            break
        run_state_machine_as_test(
            seed(FIRST_SEED + at)(Life),
            settings=settings(
                max_examples=4,
                stateful_step_count=24,
                derandomize=False,
                database=None,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    return Life.reached


def test_any_sequence_of_steps_leaves_a_whole_store(reached: Counter[str]) -> None:
    assert reached.total() > 0


@pytest.mark.parametrize("step", sorted(STEPS))
def test_the_walk_reaches(reached: Counter[str], step: str) -> None:
    assert reached[step] >= 1
