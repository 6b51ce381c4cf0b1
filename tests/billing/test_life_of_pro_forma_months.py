"""The life of two months billed by pro forma: WIP rolls forward, and what is closed stays."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.billing.engine import ruled
from tests.billing.negotiators import by_pro_forma
from tests.billing.test_life_of_months import PICK, Months
from tests.builders import D, Shop, Template, copy_of, day
from timix_xl.billing.bill import bill
from timix_xl.billing.correct_pro_forma import correct_pro_forma
from timix_xl.billing.draft import delete_draft, issue_draft
from timix_xl.billing.pro_forma import delete, hold, open_, pro_formas
from timix_xl.billing.pro_forma_edit import add_line, edit
from timix_xl.billing.pro_forma_upload import upload
from timix_xl.billing.release import release
from timix_xl.domain.invoices import LineStatus
from timix_xl.domain.manual_lines import NewLine
from timix_xl.domain.pro_forma_lines import LineEdit
from timix_xl.domain.pro_formas import ProForma, ProFormaState
from timix_xl.errors import TimixError

DATES = (day("2026-01-31"), day("2026-02-28"))


class ProFormaMonths(Months):
    """A store in which the work of two months goes through pro formas, by a rule or without."""

    def __init__(self, shop: Shop, reached: Counter[str]) -> None:
        super().__init__(by_pro_forma(shop), reached)

    def take(self, step: str, at: int) -> None:
        """Take a step; one that a rule refuses changes nothing."""
        try:
            STEPS[step](self, at)
            self.reached[step] += 1
        except TimixError as refused:
            self.reached[f"{step}: {type(refused).__name__}"] += 1

    def information(self, at: int) -> None:
        self.made += 1
        self.shop.time(f"N{self.made}", on=f"2026-01-{1 + at % 28:02d}", billable=False)

    def by_rule(self, at: int) -> None:
        step = {"aggregate_by": "employee" if at % 2 else "", "include_non_billable": True}
        if not self.shop.rows("SELECT code FROM billing_rules"):
            formulas = {
                "quantity": "=[Entry.BillableQty]*1.5",
                "amount": "=[Entry.BillableQty]*100/3",
            }
            ruled(self.shop, {**step, **formulas})

    def bill(self, at: int) -> None:
        bill(self.shop.store, "P", date=DATES[at % 2], actor=self.actor(at))

    def _some(self, at: int, *states: ProFormaState) -> ProForma | None:
        found = [one for one in pro_formas(self.shop.store) if one.state in states]
        return found[at % len(found)] if found else None

    def edit(self, at: int) -> None:
        one = self._some(at, ProFormaState.ON_HOLD)
        if one is None:
            return
        line = 1 + at % max(1, len(one.document.lines))
        edits = (
            LineEdit(line=line, amount=D(at) * 7 / 100),
            LineEdit(line=line, quantity=D(at) / 8),
            LineEdit(line=line, amount=D(at % 7), status=LineStatus.WRITE_OFF_REMAINDER),
            LineEdit(line=line, status=LineStatus.WRITE_OFF),
            LineEdit(line=line, amount=D(10 * at)),
            LineEdit(line=line, delete=True),
        )
        edit(self.shop.store, one.number, [edits[at % len(edits)]], actor=self.actor(at))

    def add(self, at: int) -> None:
        new = NewLine(task="T", description="By hand", quantity=D(at % 3), amount=D(at))
        if one := self._some(at, ProFormaState.ON_HOLD):
            add_line(self.shop.store, one.number, new, actor=self.actor(at))

    def upload(self, at: int) -> None:
        if one := self._some(at, ProFormaState.ON_HOLD):
            upload(self.shop.store, one.number, actor=self.actor(at))

    def hold(self, at: int) -> None:
        if one := self._some(at, ProFormaState.OPEN):
            hold(self.shop.store, one.number, actor=self.actor(at))

    def release(self, at: int) -> None:
        if one := self._some(0, ProFormaState.ON_HOLD):
            open_(self.shop.store, one.number, actor=self.actor(at))
        one = self._some(0, ProFormaState.OPEN)
        if one:
            order, now = "FO" if at % 2 else None, bool(at % 4)
            actor, store = self.actor(at), self.shop.store
            release(store, one.number, frame_order=order, issue=now, actor=actor)

    def delete(self, at: int) -> None:
        if one := self._some(at, ProFormaState.ON_HOLD, ProFormaState.OPEN):
            delete(self.shop.store, one.number, actor=self.actor(at))

    def correct(self, at: int) -> None:
        if one := self._some(at, ProFormaState.CLOSED):
            correct_pro_forma(self.shop.store, one.number, "so", actor=self.actor(at))

    def settle_draft(self, at: int) -> None:
        query = "SELECT id FROM documents WHERE status = 'draft' AND kind <> 'pro_forma'"
        for (number,) in self.shop.rows(query)[:1]:
            act = issue_draft if at % 3 else delete_draft
            act(self.shop.store, f"DRAFT-{number}", actor=self.actor(at))


STEPS: dict[str, Callable[[ProFormaMonths, int], None]] = {
    name: getattr(ProFormaMonths, name)
    for name in (
        *("work", "decide", "information", "by_rule", "bill", "edit", "add", "upload", "hold"),
        *("release", "delete", "correct", "settle_draft", "send", "void", "credit", "goodwill"),
        *("restore", "reprice", "reclassify", "close", "reopen"),
    )
}
LIKELY = (*STEPS, *("work", "bill", "edit", "release") * 3, "void", "credit", "correct", "close")
BEGINNING = (*(("work", at) for at in (1, 8, 15)), ("bill", 0), ("edit", 1), ("release", 1))
LIVES = st.lists(st.tuples(st.sampled_from(LIKELY), PICK), min_size=12, max_size=25)
RARE = {"reopen", "settle_draft", "restore", "by_rule", "hold", "goodwill", "delete"}


@pytest.fixture(scope="module")
def reached(template: Template) -> Counter[str]:
    """Live a number of lives, and count the steps that were taken."""
    counted: Counter[str] = Counter()

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(LIVES)
    def live(life: list[tuple[str, int]]) -> None:
        folder = Path(tempfile.mkdtemp(prefix="timix-pro-forma-months-"))
        months = ProFormaMonths(copy_of(template, folder), counted)
        try:
            for step, at in BEGINNING:
                months.take(step, at)
            before: dict[str, list[Any]] = {}
            for step, at in life:
                months.take(step, at)
                after = months.closed()
                both = before.keys() & after.keys()
                assert {one: after[one] for one in both} == {one: before[one] for one in both}
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


@pytest.mark.parametrize("step", sorted(set(STEPS) - RARE))
def test_the_lives_reach(reached: Counter[str], step: str) -> None:
    assert reached[step] >= 1
