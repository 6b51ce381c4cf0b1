"""The life of pro formas: in any order of steps, everything verifies and every month adds up."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.billing.negotiators import by_pro_forma, invoiced, paper, released, run, typed
from tests.builders import ANN, D, Shop, Template, copy_of, day, on
from timix_xl.billing.bill import bill
from timix_xl.billing.correct_pro_forma import correct_pro_forma
from timix_xl.billing.credit import credit, credit_money
from timix_xl.billing.draft import delete_draft, issue_draft
from timix_xl.billing.pro_forma import delete, hold, open_, pro_formas
from timix_xl.billing.pro_forma_edit import edit
from timix_xl.billing.pro_forma_upload import upload
from timix_xl.billing.release import release
from timix_xl.billing.restore import restore
from timix_xl.billing.roll_forward import month_rolled
from timix_xl.billing.send import send
from timix_xl.billing.void import void
from timix_xl.domain.invoices import Becomes, LineStatus
from timix_xl.domain.pro_forma_lines import LineEdit
from timix_xl.domain.pro_formas import ProFormaState
from timix_xl.domain.wip import Work
from timix_xl.errors import TimixError
from timix_xl.store.chained import Actor


class Life:
    """Pro formas are billed, edited, released and corrected; invoices voided and credited."""

    def __init__(self, shop: Shop, seed: int, reached: Counter[str]) -> None:
        self.shop, self.reached = by_pro_forma(shop), reached
        self.random = Random(seed)
        self.today = day("2026-01-20")
        self.entries = 0
        shop.order("FO", "60")

    def walk(self, steps: int) -> None:
        """Take some steps in any order, and check everything after each."""
        acts = [act for act, weight in self._acts() for _ in range(weight)]
        self.work()
        self.bill()
        for _ in range(steps):
            self.random.choice(acts)()
            self.everything_holds()

    def _acts(self) -> list[tuple[Callable[[], None], int]]:
        return [
            *((self.work, 2), (self.bill, 3), (self.edit, 5), (self.delete_line, 1)),
            *((self.upload, 4), (self.delete, 1), (self.hold, 2), (self.release, 8)),
            *((self.correct, 6), (self.end_a_draft, 3), (self.send, 2), (self.void, 2)),
            *((self.credit, 2), (self.goodwill, 3), (self.restore, 1)),
        ]

    @property
    def actor(self) -> Actor:
        """Somebody who acts today."""
        return on(self.today.isoformat())

    def _try(self, step: str, act: Callable[..., Any], *args: Any, **options: Any) -> None:
        if args[0] is None:
            return
        try:
            act(self.shop.store, *args, actor=self.actor, **options)
            self.reached[step] += 1
        except TimixError as refused:
            self.reached[f"{step} refused"] += 1
            self.reached[refused.code] += 1

    def _pro_forma(self, *states: ProFormaState) -> str | None:
        found = [one.number for one in pro_formas(self.shop.store) if one.state in states]
        return self.random.choice(found) if found else None

    def _document(self, *statuses: str) -> str | None:
        words = ", ".join(f"'{one}'" for one in statuses)
        kinds = "'invoice', 'credit_note'" if "draft" in statuses else "'invoice'"
        query = (
            "SELECT COALESCE(number, 'DRAFT-' || id) FROM documents"
            f" WHERE kind IN ({kinds}) AND status IN ({words}) ORDER BY id"
        )
        found = [row[0] for row in self.shop.rows(query)]
        return self.random.choice(found) if found else None

    def work(self) -> None:
        names = [f"E{self.entries + at}" for at in range(2)]
        hours = self.random.choice(["-1.5", "1.2345", "2.75"])
        self.shop.time(*names, hours=hours, bill_rate=D("95.55"), on=self.today.isoformat())
        self.entries += 2

    def bill(self) -> None:
        self.today += dt.timedelta(days=self.random.randrange(1, 9))
        bill(self.shop.store, "P", date=self.today, actor=self.actor)

    def edit(self) -> None:
        status = self.random.choice([None, None, None, *LineStatus])
        amount = None if status is LineStatus.WRITE_OFF else D(self.random.randrange(-3, 25) * 10)
        quantity = D(0) if amount == 0 else None
        line = self.random.randrange(1, 3)
        typed = LineEdit(line=line, amount=amount, quantity=quantity, status=status)
        self._try("edit", edit, self._pro_forma(ProFormaState.ON_HOLD), [typed])

    def delete_line(self) -> None:
        number = self._pro_forma(ProFormaState.ON_HOLD)
        self._try("delete line", edit, number, [LineEdit(line=1, delete=True)])

    def upload(self) -> None:
        self._try("upload", upload, self._pro_forma(ProFormaState.ON_HOLD))

    def delete(self) -> None:
        number = self._pro_forma(ProFormaState.ON_HOLD, ProFormaState.OPEN)
        self._try("delete", delete, number)

    def hold(self) -> None:
        self._try("hold", hold, self._pro_forma(ProFormaState.OPEN))

    def release(self) -> None:
        number = self._pro_forma(ProFormaState.ON_HOLD, ProFormaState.OPEN)
        order = self.random.choice([None, "", "FO"])
        self._try("open", open_, number)
        if self.random.random() < 1 / 4:
            return
        issue = self.random.random() < 2 / 3
        self._try("release", release, number, issue=issue, frame_order=order)

    def correct(self) -> None:
        number = self._pro_forma(ProFormaState.CLOSED)
        self._try("correct", correct_pro_forma, number, "anew")

    def end_a_draft(self) -> None:
        name, act = self.random.choice(
            [("issue draft", issue_draft), ("delete draft", delete_draft)]
        )
        self._try(name, act, self._document("draft"))

    def send(self) -> None:
        self._try("send", send, self._document("issued"))

    def void(self) -> None:
        self._try("void", void, self._document("issued", "sent"), "wrong")

    def credit(self) -> None:
        billed = self.shop.rows(
            "SELECT documents.number, claims.entry FROM claims"
            " JOIN documents ON documents.id = claims.document"
            " WHERE documents.status IN ('issued', 'sent') AND documents.kind = 'invoice'"
            " ORDER BY claims.entry"
        )
        if billed:
            number, entry = self.random.choice(billed)
            becomes = self.random.choice(list(Becomes))
            self._try("credit", credit, number, entries=[entry], becomes=becomes, reason="x")

    def goodwill(self) -> None:
        number = self._document("issued", "sent")
        self._try("goodwill", credit_money, number, 1, D(5), "sorry")

    def restore(self) -> None:
        lost = self.shop.rows("SELECT id FROM entries WHERE state = 'written_off' ORDER BY id")
        if lost:
            self._try("restore", restore, [self.random.choice(lost)[0]], "after all")

    def everything_holds(self) -> None:
        """Check the store, the place of every entry, and the month."""
        assert self.shop.problems() == ()
        twice = self.shop.rows(
            "SELECT e.id FROM entries e JOIN claims c ON c.entry = e.id"
            " WHERE e.state <> 'open' OR e.kind = 'reversal'"
        )
        assert twice == []
        rolled = month_rolled(self.shop.store, f"{self.today:%Y-%m}", today=self.today)
        assert [line.difference for line in rolled.lines if line.difference != Work()] == []
        assert [tie for tie in rolled.ties if not tie.holds] == []


WALKS = 5
STEPS = {
    *("open", "release", "edit", "delete line", "upload", "delete", "hold"),
    *("correct", "issue draft", "delete draft", "send", "void", "credit", "goodwill"),
    *("void refused", "correct refused", "release refused"),
}


@pytest.fixture(scope="module")
def reached(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Counter[str]:
    """Walk in seeded rounds, and count what was reached."""
    counted: Counter[str] = Counter()
    for seed in range(WALKS):
        shop = copy_of(template, tmp_path_factory.mktemp("life"))
        Life(shop, seed, counted).walk(90)
        shop.store.close()
    return counted


@pytest.mark.parametrize("step", sorted(STEPS))
def test_the_walk_reaches(reached: Counter[str], step: str) -> None:
    assert reached[step] >= 1


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(amounts=st.lists(st.decimals("0.01", 123, places=2), min_size=2, max_size=2))
def test_what_is_held_back_is_billed_to_the_cent(
    template: Template, tmp_path_factory: pytest.TempPathFactory, amounts: list[Decimal]
) -> None:
    shop = by_pro_forma(copy_of(template, tmp_path_factory.mktemp("held")))
    shop.time("E1", "E2", hours="1.2345", bill_rate=D("99.99"))
    number = run(shop)
    for line, amount in enumerate(amounts, start=1):
        typed(shop, number, line=line, amount=amount)
    first = released(shop, number, ANN).document
    second = invoiced(shop, "2026-02-28", on("2026-03-02"))

    billed = paper(shop, first).subtotal + paper(shop, second).subtotal
    assert billed == 2 * D("123.44")
    assert shop.problems() == ()
    shop.store.close()
