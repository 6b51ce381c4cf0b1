"""The life of drafts and parts: in any order of steps, every entry is in exactly one place."""

import shutil
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.builders import ANN, BILLING_DATE, BOB, D, Shop, Template, copy_of
from timix_xl.billing.ballots import BallotPaper
from timix_xl.billing.draft import delete_draft, issue_draft, save_draft
from timix_xl.billing.issue import issue
from timix_xl.billing.plan import RunOptions
from timix_xl.billing.restore import restore
from timix_xl.billing.void import void
from timix_xl.domain.grouping import GroupBy
from timix_xl.errors import NothingToBill, RunRefused, TransitionRefused

WORDS = st.lists(
    st.sampled_from(["", "Bill", "Defer", "Write off", "part", "part, rest off"]),
    min_size=1,
    max_size=4,
)
PICK = st.integers(0, 1000)
PARTS = {"part": "", "part, rest off": "Write off"}


def sheet(shop: Shop, words: list[str]) -> BallotPaper:
    """Return the sheet of a load with words by turns; a part is a third of its entry."""
    paper, rows = shop.paper(), shop.load().rows
    quantity = {row.entry.id: row.entry.billable_quantity for row in rows}
    ballots = []
    for at, row in enumerate(paper.rows):
        word = words[at % len(words)]
        part = round(quantity[row.entry] / 3, 4)
        if word in PARTS and part:
            row = replace(row, bill_quantity=str(part), rest=PARTS[word])  # noqa: PLW2901  a copy
        elif word not in PARTS:
            row = replace(row, decision=word)  # noqa: PLW2901  a copy
        ballots.append(replace(row, reason="agreed"))
    return replace(paper, rows=tuple(ballots))


class Life(RuleBasedStateMachine):
    """Drafts are saved, issued and deleted while others issue, void and restore."""

    template: ClassVar[Path]
    reached: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="timix-drafts-"))
        self.shop = copy_of(self.template, self.folder)
        self.shop.order("FO", "40")
        self.entries = 0
        self.work()

    def teardown(self) -> None:
        """Clear away."""
        self.shop.store.close()
        shutil.rmtree(self.folder)

    @precondition(lambda self: self.entries < 9)
    @rule()
    def work(self) -> None:
        names = [f"E{self.entries + at}" for at in range(3)]
        self.shop.time(*names, hours="1.2345", bill_rate=D("95.55"))
        self.entries += 3

    @rule(words=WORDS, as_draft=st.booleans(), order=st.sampled_from(["", "FO"]))
    def run(self, words: list[str], *, as_draft: bool, order: str) -> None:
        step = save_draft if as_draft else issue
        options = RunOptions(frame_order=order, group_by=GroupBy.TASK)
        try:
            made = step(
                self.shop.store,
                "ACME",
                BILLING_DATE,
                options,
                actor=ANN,
                paper=sheet(self.shop, words),
            )
        except (NothingToBill, RunRefused):
            return
        self.reached["save" if as_draft else "issue"] += bool(made.numbers)
        self.reached["rounding"] += made.rounding != 0

    def _numbers(self, status: str) -> list[str]:
        query = f"SELECT COALESCE(number, 'DRAFT-' || id) FROM documents WHERE status = '{status}'"
        return [row[0] for row in self.shop.rows(query)]

    @precondition(lambda self: self._numbers("draft"))
    @rule(at=PICK, by_issue=st.booleans())
    def end_a_draft(self, at: int, *, by_issue: bool) -> None:
        found = self._numbers("draft")
        name, act = found[at % len(found)], issue_draft if by_issue else delete_draft
        try:
            act(self.shop.store, name, actor=BOB)
            self.reached["issue a draft" if by_issue else "delete"] += 1
        except RunRefused:
            self.reached["issue a draft refused"] += 1

    @precondition(lambda self: self._numbers("issued"))
    @rule(at=PICK)
    def void_one(self, at: int) -> None:
        found = self._numbers("issued")
        try:
            void(self.shop.store, found[at % len(found)], "wrong", actor=BOB)
            self.reached["void"] += 1
        except TransitionRefused:
            self.reached["void refused"] += 1

    @precondition(lambda self: self._written_off())
    @rule(at=PICK)
    def restore_one(self, at: int) -> None:
        found = self._written_off()
        restore(self.shop.store, [found[at % len(found)]], "after all", actor=BOB)
        self.reached["restore"] += 1

    def _written_off(self) -> list[str]:
        return [
            row[0] for row in self.shop.rows("SELECT id FROM entries WHERE state='written_off'")
        ]

    @invariant()
    def everything_holds(self) -> None:
        assert self.shop.problems() == ()

    @invariant()
    def every_entry_is_in_exactly_one_place(self) -> None:
        settled = self.shop.rows(
            "SELECT entry FROM document_entries JOIN documents ON documents.id = document"
            " WHERE status <> 'void' UNION ALL"
            " SELECT id FROM entries WHERE state IN ('written_off', 'split')"
        )
        open_now = [(row.entry.id,) for row in self.shop.load().rows]
        assert sorted([*settled, *open_now]) == sorted(self.shop.rows("SELECT id FROM entries"))


STEPS = {"save", "issue", "issue a draft", "delete", "void", "restore", "rounding"}


@pytest.fixture(scope="module")
def reached(template: Template) -> Counter[str]:
    """Walk in seeded rounds, until every step was reached, and count what was."""
    Life.template, Life.reached = template, Counter()
    for at in range(6):
        if at >= 2 and all(Life.reached[step] for step in STEPS):
            break
        run_state_machine_as_test(
            seed(at)(Life),
            settings=settings(
                max_examples=4,
                stateful_step_count=16,
                derandomize=False,
                database=None,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    return Life.reached


@pytest.mark.parametrize("step", sorted(STEPS))
def test_the_walk_reaches(reached: Counter[str], step: str) -> None:
    assert reached[step] >= 1


LEDGER = (
    "SELECT entry, line, quantity, rate, amount, exact_amount FROM document_entries",
    "SELECT line, project, description, quantity, unit_price, amount, tax_percent, date"
    " FROM document_lines",
    "SELECT code, percent, base, amount FROM document_taxes",
    "SELECT document, frame_order, drawn FROM draw_downs",
    "SELECT id, state, quantity, billable_quantity, part_of FROM entries",
    "SELECT run, entry, outcome, hours, amount FROM run_entries",
    "SELECT entry, document FROM claims",
    "SELECT number, status, hours, subtotal, tax, total, frame_order FROM documents",
    "SELECT kind, year, next_seq FROM series",
    "SELECT code, last_billing_date FROM projects",
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words=WORDS, order=st.sampled_from(["", "FO"]), group_by=st.sampled_from(GroupBy))
def test_an_issued_draft_leaves_the_ledger_of_a_direct_issue(
    template: Template,
    tmp_path_factory: pytest.TempPathFactory,
    words: list[str],
    order: str,
    group_by: GroupBy,
) -> None:
    ledgers = []
    for through_a_draft in (False, True):
        shop = copy_of(template, tmp_path_factory.mktemp("ledger"))
        shop.order("FO", "40")
        shop.time("E1", "E2", "E3", "E4", hours="1.2345", bill_rate=D("95.55"))
        options = RunOptions(frame_order=order, group_by=group_by)
        run = save_draft if through_a_draft else issue
        paper = sheet(shop, words)
        made = run(shop.store, "ACME", BILLING_DATE, options, actor=ANN, paper=paper)
        for name in made.numbers if through_a_draft else ():
            issue_draft(shop.store, name, actor=ANN)
        ledgers.append([sorted(map(str, shop.rows(query))) for query in LEDGER])
        assert shop.problems() == ()
        shop.store.close()
    assert ledgers[0] == ledgers[1]
