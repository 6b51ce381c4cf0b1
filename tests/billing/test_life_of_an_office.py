"""The life of an office over months: bill, credit, correct, restore, close, in any order."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from tests.billing.reports import reports_of
from tests.builders import D, Shop, Template, copy_of
from timix_xl.billing.close import close, reopen
from timix_xl.billing.correct import correct
from timix_xl.billing.credit import credit, credit_money
from timix_xl.billing.decide import Choice, decide
from timix_xl.billing.draft import delete_draft, issue_draft, save_draft
from timix_xl.billing.issue import issue
from timix_xl.billing.pay import pay, unpay
from timix_xl.billing.plan import RunOptions
from timix_xl.billing.refund import offset, refund
from timix_xl.billing.register import Standing, register
from timix_xl.billing.restore import restore
from timix_xl.billing.roll_forward import roll_forward
from timix_xl.billing.send import send
from timix_xl.billing.utilization import utilization
from timix_xl.billing.void import void
from timix_xl.billing.write_off import reinstate, write_off_receivable
from timix_xl.domain.entries import Decision
from timix_xl.domain.grouping import GroupBy
from timix_xl.domain.invoices import Becomes, DocumentKind, Status
from timix_xl.domain.money import total
from timix_xl.domain.wip import Work
from timix_xl.errors import DoesNotRollForward, RuleError
from timix_xl.store.chained import Actor

POOL, BUDGET = D(30), D(3000)
BEGIN = dt.date(2026, 1, 5)
REASON = "so be it"
ORDERS = ("", "FO-H", "FO-M")
EARLY = 0.3
LIVE = (Status.ISSUED, Status.SENT)


class Office:
    """A small office; every step is dated by a calendar that only moves on."""

    def __init__(self, shop: Shop, chance: Random, reached: Counter[str]) -> None:
        self.shop, self.chance, self.reached = shop, chance, reached
        shop.order("FO-H", str(POOL))
        shop.order("FO-M", str(BUDGET), unit="EUR", overrun="warn")
        self.today, self.count = BEGIN, 0
        self.closed: dict[str, Any] = {}
        self.looked_at = ""
        self.work()

    def cents(self) -> Decimal:
        """Pick an amount, a small or a large one."""
        most = self.chance.choice([3_000, 30_000, 90_000])
        return D(self.chance.randint(1, most)) / 100

    @property
    def actor(self) -> Actor:
        """Somebody who acts today."""
        return Actor("ann", dt.datetime.combine(self.today, dt.time(9)))

    def standings(self, *wanted: Status) -> list[Standing]:
        """Return the invoices with one of these statuses."""
        return [
            one
            for one in register(self.shop.store, today=self.today)
            if one.kind is DocumentKind.INVOICE and one.status in wanted
        ]

    def live(self) -> Standing | None:
        """Pick an invoice that was issued or sent, if there is one."""
        found = self.standings(*LIVE)
        return self.chance.choice(found) if found else None

    def owed(self) -> Standing | None:
        """Return the invoice on which most is owed to the customer, or least by them."""
        return min(self.standings(*LIVE), key=lambda one: one.outstanding, default=None)

    def most(self, name: str) -> Standing | None:
        """Return the invoice with the largest figure of a name."""
        return max(self.standings(*LIVE), key=lambda one: getattr(one, name), default=None)

    def _try(self, step: str, act: Callable[..., Any], *words: Any, **more: Any) -> None:
        """Do a step; a rule that refuses it changes nothing."""
        before = self.shop.value("SELECT COUNT(*) FROM audit_log")
        try:
            act(self.shop.store, *words, actor=self.actor, **more)
            self.reached[step] += 1
        except DoesNotRollForward:
            raise
        except RuleError:
            self.reached[f"{step} refused"] += 1
            assert self.shop.value("SELECT COUNT(*) FROM audit_log") == before

    # Time.

    def time_goes_by(self) -> None:
        self.today += dt.timedelta(days=self.chance.randint(1, 6))

    def close_a_month(self) -> None:
        month = _after(max(self.closed)) if self.closed else "2026-01"
        if month >= f"{self.today:%Y-%m}" and self.chance.random() < EARLY:
            self._try("close too early", close, month)
        elif self.chance.random() < EARLY:
            self.today = max(self.today, dt.date.fromisoformat(f"{_after(month)}-01"))
            self._try("close", close, month)
            self.closed[month] = reports_of(self.shop, month, self.today)

    def reopen_a_month(self) -> None:
        if self.closed and self.chance.random() < EARLY:
            month = max(self.closed)
            self._try("reopen", reopen, month, REASON)
            del self.closed[month]

    # Work and runs.

    def work(self) -> None:
        for hours in self.chance.choices(["2.5", "1.3333", "4", "0.75", "5.1234", "-0.5"], k=2):
            self.count += 1
            self.shop.time(f"E{self.count:03d}", hours=hours, on=self.today.isoformat())

    def the_rate_changes(self) -> None:
        rate = D(self.chance.choice(["95.55", "100", "112.3333"]))
        self.shop.change("customers", {"code": "ACME"}, bill_rate=rate)
        self.reached["reprice"] += 1

    def decide_one(self) -> None:
        rows = self.shop.load(upto=self.today).rows
        if not rows:
            return
        row, decision = self.chance.choice(rows), self.chance.choice([*Decision, None])
        part = round(row.entry.billable_quantity / 3, 4)
        choice = Choice(decision, REASON)
        if part and decision in {Decision.BILL, None}:
            off = self.chance.choice([Decision.WRITE_OFF, None])
            choice = Choice(decision, REASON, part, off)
        step = "decide a part" if choice.bill_quantity else "decide"
        self._try(step, decide, "ACME", {row.entry.id: choice})

    def bill(self) -> None:
        by = self.chance.choice([GroupBy.TASK, GroupBy.ENTRY])
        options = RunOptions(frame_order=self.chance.choice(ORDERS), group_by=by)
        run, step = self.chance.choice([(save_draft, "save a draft"), (issue, "issue")])
        self._try(step, run, "ACME", self.today, options)

    def end_a_draft(self) -> None:
        drafts = self.standings(Status.DRAFT)
        if drafts:
            ends = [(issue_draft, "issue a draft"), (delete_draft, "delete a draft")]
            run, step = self.chance.choice(ends)
            self._try(step, run, self.chance.choice(drafts).number)

    def restore_one(self) -> None:
        gone = self.shop.rows("SELECT id FROM entries WHERE state = 'written_off' ORDER BY id")
        if gone:
            self._try("restore", restore, [self.chance.choice(gone)[0]], REASON)

    # The life of an invoice.

    def send_one(self) -> None:
        if one := self.live():
            self._try("send", send, one.number)

    def void_one(self) -> None:
        unpaid = [one for one in self.standings(*LIVE) if not one.paid]
        if one := self.chance.choice([self.live(), *unpaid]):
            step = "void a sent one" if one.status is Status.SENT else "void"
            self._try(step, void, one.number, REASON)

    def pay_one(self) -> None:
        if one := self.live():
            self._try("pay", pay, one.number, self.cents(), self.today)

    def take_a_payment_back(self) -> None:
        if one := self.most("paid"):
            self._try("unpay", unpay, one.number, self.cents(), self.today)

    def pay_back(self) -> None:
        if one := self.owed():
            self._try("refund", refund, one.number, self.cents(), self.today)

    def offset_one(self) -> None:
        one, against = self.owed(), self.most("outstanding")
        if one and against:
            self._try("offset", offset, one.number, against.number, date=self.today)

    def give_up(self) -> None:
        if one := self.live():
            more = {"date": self.today, "amount": self.cents(), "reason": REASON}
            self._try("write off", write_off_receivable, one.number, **more)

    def hope_again(self) -> None:
        if one := self.most("written_off"):
            more = {"date": self.today, "amount": self.cents(), "reason": REASON}
            self._try("reinstate", reinstate, one.number, **more)

    def credit_some(self) -> None:
        one = self.live()
        if not one or not one.stored:
            return
        held = f"SELECT entry FROM claims WHERE document = {one.stored.id} ORDER BY entry"
        billed = [row[0] for row in self.shop.rows(held)]
        some = self.chance.sample(billed, min(len(billed), self.chance.randint(0, 2)))
        step = "credit entries" if some else "credit all"
        becomes = self.chance.choice(list(Becomes))
        self._try(step, credit, one.number, entries=some, becomes=becomes, reason=REASON)

    def credit_goodwill(self) -> None:
        if one := self.live():
            self._try("goodwill", credit_money, one.number, 1, self.cents(), REASON)

    def correct_one(self) -> None:
        if one := self.live():
            self._try("correct", correct, one.number, REASON, RunOptions())

    # What always holds.

    def all_is_well(self, after: str) -> None:
        """Check everything, if anything has changed."""
        changed = self.shop.rows("SELECT * FROM chains UNION ALL SELECT id, 0, '' FROM entries")
        if str(changed) == self.looked_at:
            return
        self.looked_at = str(changed)
        assert self.shop.problems() == (), after
        self._every_entry_is_in_exactly_one_place()
        self._what_is_owed_adds_up()
        self._a_frame_order_has_left_what_the_papers_say()
        self._the_months_roll_forward()

    def _every_entry_is_in_exactly_one_place(self) -> None:
        review = self.shop.load(upto=dt.date.max)
        open_now = [row.entry.id for row in review.rows]
        open_now += [one.entry.id for one in review.left_out if one.reason.name != "ON_DOCUMENT"]
        elsewhere = self.shop.rows(
            "SELECT entry FROM claims UNION ALL SELECT id FROM entries WHERE state <> 'open'"
        )
        places = sorted([*open_now, *(row[0] for row in elsewhere)])
        assert places == sorted(row[0] for row in self.shop.rows("SELECT id FROM entries"))

    def _what_is_owed_adds_up(self) -> None:
        standings = register(self.shop.store, today=self.today)
        for one in standings:
            owed = one.total - one.paid + one.refunded - one.credited - one.written_off
            settled = one.status in {Status.VOID, Status.DRAFT} or one.corrects
            assert one.outstanding == (0 if settled else owed)
        papers = total(one.total for one in standings if one.counts)
        money = total(one.paid - one.refunded + one.written_off for one in standings)
        assert total(one.outstanding for one in standings) == papers - money

    def _a_frame_order_has_left_what_the_papers_say(self) -> None:
        left = {one.number: one.remaining for one in utilization(self.shop.store)}
        live = {
            order: (D(hours or 0) / 10_000, D(money or 0) / 100)
            for order, hours, money in self.shop.rows(
                "SELECT frame_order, SUM(hours), SUM(subtotal) FROM documents"
                " WHERE status <> 'draft' AND NOT (status = 'void' AND NOT EXISTS (SELECT 1"
                "  FROM documents AS note WHERE note.corrects = documents.id))"
                " GROUP BY frame_order"
            )
        }
        nothing = (D(0), D(0))
        assert left["FO-H"] == POOL - live.get("FO-H", nothing)[0] >= 0
        assert left["FO-M"] == BUDGET - live.get("FO-M", nothing)[1]

    def _the_months_roll_forward(self) -> None:
        for line in roll_forward(self.shop.store, f"{self.today:%Y-%m}", today=self.today):
            assert line.difference == Work()
        for month in sorted(self.closed)[-1:]:
            assert reports_of(self.shop, month, self.today) == self.closed[month]


def _after(month: str) -> str:
    year, number = map(int, month.split("-"))
    return f"{year + number // 12}-{number % 12 + 1:02d}"


EVERY_STEP = (
    *(Office.time_goes_by, Office.close_a_month, Office.reopen_a_month, Office.work),
    *(Office.work, Office.the_rate_changes, *[Office.decide_one, Office.bill] * 3),
    *(
        Office.end_a_draft,
        Office.restore_one,
        *[Office.send_one, Office.void_one] * 2,
        Office.pay_one,
    ),
    *(Office.take_a_payment_back, Office.pay_back, Office.offset_one, Office.give_up),
    *(Office.hope_again, Office.credit_some, Office.credit_goodwill, Office.correct_one),
)
REACHED = {
    *("close", "close too early refused", "reopen", "reprice", "decide", "decide a part"),
    *("issue", "save a draft", "issue a draft", "delete a draft", "restore"),
    *("send", "void", "void a sent one", "void a sent one refused"),
    *("pay", "unpay", "refund", "write off", "reinstate", "offset"),
    *("credit entries", "credit all", "goodwill", "goodwill refused", "correct"),
}
SEEDS, STEPS = (1, 2, 3, 4), 200


@pytest.fixture(scope="module")
def reached(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Counter[str]:
    """Live some seeded lives, looking at everything after each step; count what was reached."""
    found: Counter[str] = Counter()
    for seed in SEEDS:
        office = Office(copy_of(template, tmp_path_factory.mktemp("office")), Random(seed), found)
        for at in range(STEPS):
            step = office.chance.choice(EVERY_STEP)
            step(office)
            office.all_is_well(f"seed {seed}, step {at}: {step.__name__}")
        for month, reports in office.closed.items():
            assert reports_of(office.shop, month, office.today) == reports
        office.shop.store.close()
    return found


def test_any_sequence_of_steps_leaves_whole_books(reached: Counter[str]) -> None:
    assert reached.total() > 0


@pytest.mark.parametrize("step", sorted(REACHED))
def test_the_office_reaches(reached: Counter[str], step: str) -> None:
    assert reached[step] >= 1
