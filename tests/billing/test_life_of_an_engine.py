"""The life of an engine: any rules, entries and edits, in any order, and every cent is somewhere."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from tests.billing.agency import PROJECTS, furnish, some_work
from tests.billing.reports import reports_of
from tests.builders import D, Shop, Template, copy_of
from timix_xl.billing.bill import bill
from timix_xl.billing.close import close
from timix_xl.billing.correct_pro_forma import correct_pro_forma
from timix_xl.billing.credit import credit
from timix_xl.billing.decide import Choice, decide
from timix_xl.billing.draft import delete_draft, issue_draft, save_draft
from timix_xl.billing.issue import issue
from timix_xl.billing.issue_all import RunOutcome
from timix_xl.billing.load import loaded
from timix_xl.billing.pay import pay
from timix_xl.billing.plan import RunOptions
from timix_xl.billing.pro_forma import delete, hold, new, open_, pro_formas
from timix_xl.billing.pro_forma_edit import add_line, edit
from timix_xl.billing.pro_forma_upload import upload
from timix_xl.billing.project_figures import project_figures
from timix_xl.billing.register import Standing, register
from timix_xl.billing.release import release
from timix_xl.billing.restore import restore
from timix_xl.billing.roll_forward import month_rolled
from timix_xl.billing.send import send
from timix_xl.billing.utilization import utilization
from timix_xl.billing.void import void
from timix_xl.domain.entries import Decision, Kind
from timix_xl.domain.grouping import GroupBy
from timix_xl.domain.invoices import Becomes, Document, DocumentKind, Line, LineStatus, Status
from timix_xl.domain.manual_lines import NewLine
from timix_xl.domain.money import ZERO, minor_unit, rounded, total
from timix_xl.domain.pro_forma_lines import LineEdit, lines_of
from timix_xl.domain.pro_formas import ProForma, ProFormaState
from timix_xl.domain.wip import Work
from timix_xl.errors import DoesNotReconcile, DoesNotRollForward, TimixError
from timix_xl.store import documents
from timix_xl.store.chained import Actor

BEGIN = dt.date(2026, 1, 12)
REASON = "so be it"
EARLY = 0.4
ORDERS = {"ACME": ("FO-H", "FO-M"), "NIPPON": ("FO-Y",)}
LIVE = (Status.ISSUED, Status.SENT)
ON_HOLD, OPEN, CLOSED = ProFormaState


class Agency:
    """An agency at work; every step is dated by a calendar that only moves on."""

    def __init__(self, shop: Shop, chance: Random, reached: Counter[str]) -> None:
        self.shop, self.chance, self.reached = shop, chance, reached
        furnish(shop, chance)
        shop.order("FO-H", "90")
        shop.order("FO-M", "5000", unit="EUR", overrun="warn")
        shop.order("FO-Y", "900000", unit="JPY", customer="NIPPON")
        self.limits(chance.choice([3_000, 9_000]))
        self.today, self.count = BEGIN, 0
        self.since = dt.date.min
        self.closed: dict[str, Any] = {}
        self.worth: dict[str, Decimal] = {}
        self.seen: set[int] = set()
        self.steps: list[str] = []
        for _ in range(3):
            self.work()
        self._worths_stay()

    def limits(self, most: int) -> None:
        """Limit project P as a whole, and what J may be billed for labour on its first task."""
        self.strict = self.chance.random() < 0.75
        words = "validate" if self.strict else "ignore"
        self.shop.change("settings", {"id": 1}, over_limit=words)
        self.shop.add("limits", project="P", amount=most * 100)
        self.shop.add("limits", project="J", task="T", account_group="LABOR", amount=most * 100)

    @property
    def actor(self) -> Actor:
        """Somebody who acts today."""
        return Actor("ann", dt.datetime.combine(self.today, dt.time(9)))

    def _try(self, step: str, act: Callable[..., Any], *words: Any, **more: Any) -> Any:
        """Do a step; one that a rule refuses changes nothing."""
        self.steps.append(f"{self.today} {step} {words} {more}")
        before = self.shop.contents()
        try:
            made = act(self.shop.store, *words, actor=self.actor, **more)
        except (DoesNotRollForward, DoesNotReconcile):
            raise
        except TimixError as refused:
            self.steps[-1] += f" refused: {refused}"
            self.reached[f"{step} refused"] += 1
            assert self.shop.contents() == before
            return None
        self.reached[step] += 1
        return made

    def pro_forma(self, *states: ProFormaState) -> ProForma | None:
        """Pick a pro forma in one of these states."""
        found = [one for one in pro_formas(self.shop.store) if one.state in states]
        return self.chance.choice(found) if found else None

    def standing(self, *wanted: Status) -> Standing | None:
        """Pick an invoice with one of these statuses."""
        found = [
            one
            for one in register(self.shop.store, today=self.today)
            if one.kind is DocumentKind.INVOICE and one.status in wanted
        ]
        return self.chance.choice(found) if found else None

    # Time and work.

    def time_goes_by(self) -> None:
        self.today += dt.timedelta(days=self.chance.randint(1, 6))

    def close_a_month(self) -> None:
        month = _after(max(self.closed)) if self.closed else "2026-01"
        if month < f"{self.today:%Y-%m}" and self._try("close", close, month):
            self.closed[month] = reports_of(self.shop, month, self.today)
            self.since = dt.date.fromisoformat(f"{_after(month)}-01")

    def work(self) -> None:
        for _ in range(4):
            self.count += 1
            work = some_work(self.chance, f"E{self.count:03d}", self.today, self.since)
            self.steps.append(f"{self.today} work {work}")
            self.shop.entries([work])

    def decide_one(self) -> None:
        loads = [self.shop.load(one, upto=self.today) for one in ORDERS]
        rows = [(one.customer.code, row) for one in loads for row in one.rows]
        if not rows:
            return
        (customer, row), decision = self.chance.choice(rows), self.chance.choice([*Decision, None])
        part = round(row.entry.billable_quantity / 3, 4)
        choice = Choice(decision, REASON)
        if part and decision is Decision.BILL and self.chance.random() < 0.6:
            off = self.chance.choice([Decision.WRITE_OFF, None])
            choice = Choice(decision, REASON, part, off)
        step = "bill a part" if choice.bill_quantity else str(decision or "take a decision back")
        self._try(step, decide, customer, {row.entry.id: choice})

    def restore_one(self) -> None:
        gone = self.shop.rows("SELECT id FROM entries WHERE state = 'written_off' ORDER BY id")
        if gone:
            self._try("restore", restore, [self.chance.choice(gone)[0]], REASON)

    # Runs.

    def bill(self) -> None:
        project = self.chance.choice("PPPQQJJK")
        issuing = self.chance.random() < 0.4
        by_period = project == "Q" and self.chance.random() < 0.5
        order = None
        if issuing and project in "QK" and self.chance.random() < 0.5:
            order = self.chance.choice(ORDERS[PROJECTS[project]])
        step = "bill pro formas" if project in "PJ" else "bill drafts"
        step = "bill and issue" if issuing and project in "QK" else step
        self.steps.append(f"{self.today} {step} {project} {order=} {by_period=}")
        before = self.shop.contents()
        runs = bill(
            self.shop.store,
            project,
            date=None if by_period else self.today,
            options=RunOptions(frame_order=order),
            issue=issuing,
            actor=self.actor,
        )
        for run in runs:
            done = run.outcome is RunOutcome.DONE
            self.reached[step if done else f"{step}: {run.outcome.value}"] += 1
            self.reached["several documents"] += bool(run.issued and len(run.issued.numbers) > 1)
            self.reached["by period"] += done and by_period
            self.steps[-1] += f" {run.outcome} {run.stopped or ''}"
        if not any(run.outcome is RunOutcome.DONE for run in runs):
            assert self.shop.contents() == before

    def use_the_wizard(self) -> None:
        customer = self.chance.choice(list(ORDERS))
        by = self.chance.choice([GroupBy.TASK, GroupBy.ENTRY, GroupBy.PROJECT])
        order = self.chance.choice([None, None, *ORDERS[customer]])
        run, step = self.chance.choice([(save_draft, "save a draft"), (issue, "issue")])
        options = RunOptions(frame_order=order, group_by=by)
        self._try(f"wizard: {step}", run, customer, self.today, options)

    def end_a_draft(self) -> None:
        if one := self.standing(Status.DRAFT):
            ends = [(issue_draft, "issue a draft"), (delete_draft, "delete a draft")]
            run, step = self.chance.choices(ends, weights=[3, 2])[0]
            self._try(step, run, one.number)

    # Pro formas.

    def edit_one(self) -> None:
        one = self.pro_forma(ON_HOLD)
        if not one or not one.document.lines:
            return
        line = self.chance.choice(one.document.lines)
        step, typed = self.chance.choice(self._edits(line, one.currency))
        self._try(step, edit, one.number, [typed], version=one.version)

    def _edits(self, line: Line, currency: str) -> list[tuple[str, LineEdit]]:
        billed = line.amount if line.billed_amount is None else line.billed_amount
        less = rounded(billed * self.chance.randint(0, 9) / 10, currency)
        more = rounded(billed * D("1.37"), currency)
        quantity = round(line.quantity * self.chance.choice([D(0), D("0.3"), D(2)]), 4)
        at = line.line
        return [
            ("amount down", LineEdit(line=at, amount=less)),
            ("amount up", LineEdit(line=at, amount=more)),
            ("quantity", LineEdit(line=at, quantity=quantity)),
            ("amount and quantity", LineEdit(line=at, amount=less, quantity=quantity)),
            ("unit price", LineEdit(line=at, unit_price=round(line.unit_price * D("0.77"), 6))),
            *(
                (f"amount and {status}", LineEdit(line=at, amount=less, status=status))
                for status in (LineStatus.HOLD_REMAINDER, LineStatus.WRITE_OFF_REMAINDER)
            ),
            ("write off", LineEdit(line=at, status=LineStatus.WRITE_OFF)),
            ("bill", LineEdit(line=at, status=LineStatus.BILL)),
            ("delete a line", LineEdit(line=at, delete=True)),
        ]

    def add_by_hand(self) -> None:
        if one := self.pro_forma(ON_HOLD):
            item = self.chance.choice([None, "BOLT"])
            amount = rounded(D(self.chance.randint(-2000, 20000)) / 100, one.currency)
            quantity = D(self.chance.randint(0, 3))
            task = self.chance.choice("TNF")
            line = NewLine(
                task=task, description="By hand", quantity=quantity, amount=amount, item=item
            )
            self._try("add a line", add_line, one.number, line)

    def upload_some(self) -> None:
        one = self.pro_forma(ON_HOLD)
        if one is None or self.chance.random() < 0.3:
            one = self._try("new pro forma", new, self.chance.choice("PJ"), self.today)
        if one:
            self._try("upload", upload, one.number)

    def open_or_hold(self) -> None:
        if one := self.pro_forma(ON_HOLD, OPEN):
            act, step = (open_, "open") if one.state is ON_HOLD else (hold, "hold")
            self._try(step, act, one.number)

    def release_one(self) -> None:
        one = self.pro_forma(ON_HOLD, OPEN, OPEN)
        if one and one.state is ON_HOLD:
            self._try("open", open_, one.number)
        if one:
            order = self.chance.choice([None, None, "", *ORDERS[one.customer]])
            now = self.chance.random() < 0.6
            step = "release issued" if now else "release a draft"
            step += " revision" if one.revision > 1 else ""
            made = self._try(step, release, one.number, frame_order=order, issue=now)
            if made:
                self.reached["release with a frame order"] += order not in {None, ""}
                self.reached["release with a note"] += made.note is not None
                self.reached["release below zero"] += made.document.startswith("CN")

    def delete_one(self) -> None:
        one = self.pro_forma(ON_HOLD, OPEN)
        if one and (one.revision > 1 or self.chance.random() < EARLY):
            step = "delete a revision" if one.revision > 1 else "delete a pro forma"
            self._try(step, delete, one.number)

    def hold_back(self) -> None:
        """Agree on less, and invoice that; the rest is to be billed by a later run."""
        one = self.pro_forma(ON_HOLD)
        large = [line for line in one.document.lines if line.billed_amount] if one else []
        if not one or not large:
            return
        line = self.chance.choice(large)
        less = LineEdit(line=line.line, amount=rounded(line.amount / 3, one.currency))
        if self._try("amount down", edit, one.number, [less]):
            self._try("open", open_, one.number)
            if self.chance.random() < EARLY:
                self._try("hold", hold, one.number)
                off = LineEdit(line=line.line, status=LineStatus.WRITE_OFF)
                self._try("write off", edit, one.number, [off])
                self._try("open", open_, one.number)
            self._try("release issued", release, one.number, issue=True)

    def correct_one(self) -> None:
        """Make a revision; most are deleted or released at once, the others negotiated."""
        one = self.pro_forma(CLOSED)
        made = self._try("correct", correct_pro_forma, one.number, REASON) if one else None
        if made and self.chance.random() < EARLY:
            self._try("delete a revision", delete, made.pro_forma.number)
        elif made and self.chance.random() < EARLY:
            self._try("open", open_, made.pro_forma.number)
            now = self.chance.random() < 0.6
            step = "release issued revision" if now else "release a revision"
            self._try(step, release, made.pro_forma.number, issue=now)

    # The life of an invoice.

    def send_one(self) -> None:
        if one := self.standing(Status.ISSUED):
            self._try("send", send, one.number)
            if self.chance.random() < EARLY:
                self._try("void a sent one", void, one.number, REASON)

    def pay_one(self) -> None:
        if one := self.standing(*LIVE):
            self._try("pay", pay, one.number, max(one.outstanding, minor_unit(one.currency)), None)

    def void_one(self) -> None:
        if one := self.standing(*LIVE):
            step = "void a sent one" if one.status is Status.SENT else "void"
            self._try(step, void, one.number, REASON)

    def credit_some(self) -> None:
        one = self.standing(*LIVE)
        if not one or not one.stored:
            return
        held = f"SELECT entry FROM claims WHERE document = {one.stored.id} ORDER BY entry"
        billed = [row[0] for row in self.shop.rows(held)]
        there = f"SELECT line FROM document_lines WHERE document = {one.stored.id} ORDER BY line"
        lines = [row[0] for row in self.shop.rows(there)]
        fate = {"becomes": self.chance.choice(list(Becomes)), "reason": REASON}
        how = self.chance.choice(["entries", "line", "all"])
        if how == "entries" and billed:
            some = self.chance.sample(billed, min(len(billed), self.chance.randint(1, 2)))
            self._try("credit entries", credit, one.number, entries=some, **fate)
        elif how == "line" and lines:
            self._try(
                "credit a line", credit, one.number, lines=self.chance.sample(lines, 1), **fate
            )
        else:
            self._try("credit all", credit, one.number, **fate)

    # What always holds.

    def all_is_well(self) -> None:
        """Check everything."""
        assert self.shop.problems() == ()
        self._worths_stay()
        self._every_entry_is_in_exactly_one_place()
        self._every_document_adds_up()
        self._the_store_adds_up()
        self._what_is_credited_was_billed()
        self._remainders_are_billed_once_at_face_value()
        self._frame_orders_have_left_what_the_papers_say()
        self._projects_have_what_the_papers_say()
        self._the_months_roll_forward()

    def _worths_stay(self) -> None:
        """Note what each unbilled entry is worth: no rule and no rate changes here."""
        with self.shop.store.reading() as connection:
            reviews = [loaded(connection, one, dt.date.max, for_engine=True) for one in ORDERS]
        for review in reviews:
            for row in review.rows:
                assert self.worth.setdefault(row.entry.id, row.priced.amount) == row.priced.amount
        for part, exact, currency in self.shop.rows(PARTS_ON_DOCUMENTS):
            self.worth.setdefault(part, D(exact) / (1 if currency == "JPY" else 100))
        self.claimed = dict(self.shop.rows("SELECT entry, document FROM claims"))
        self.loaded = {row.entry.id for review in reviews for row in review.rows}
        self.left_out = {one.entry.id: one for review in reviews for one in review.left_out}

    def _every_entry_is_in_exactly_one_place(self) -> None:
        states = dict(self.shop.rows("SELECT id, state FROM entries WHERE kind <> 'reversal'"))
        places = Counter([*self.loaded, *(one for one in self.left_out if one not in self.claimed)])
        places.update(self.claimed.keys())
        places.update(entry for entry, state in states.items() if state != "open")
        assert places == Counter(dict.fromkeys(states, 1))
        on_document = {
            one for one, left in self.left_out.items() if left.reason.name == "ON_DOCUMENT"
        }
        assert on_document <= self.claimed.keys()
        live = self.shop.rows(LIVE_DOCUMENTS)
        assert Counter(entry for entry, _ in live) == Counter(dict.fromkeys(self.claimed, 1)), live

    def _every_document_adds_up(self) -> None:
        heads = self.shop.rows(
            "SELECT id FROM documents WHERE status <> 'draft' AND corrects IS NULL"
        )
        fresh = {row[0] for row in heads} - self.seen
        with self.shop.store.reading() as connection:
            found = documents.printed(connection, sorted(fresh)) if fresh else {}
        for number in fresh:
            for line, billed in lines_of(found[number]):
                self._line_adds_up(found[number], line, billed)
        self.seen |= fresh

    def _line_adds_up(self, document: Document, line: Line, billed: Any) -> None:
        """Check own + added + raised + rounding = billed + held + written off, money and hours."""
        own = total(one.exact_amount for one in billed)
        assert {one.entry: one.exact_amount for one in billed} == {
            one.entry: self.worth[one.entry] for one in billed
        }
        added = ZERO if billed else line.amount
        raised = total(one.raised for one in billed)
        as_billed = line.amount if line.billed_amount is None else line.billed_amount
        rounding = as_billed - own if billed else ZERO
        assert abs(rounding) <= minor_unit(document.currency) * (len(billed) + 1) / 2
        assert own + added + raised + rounding == line.amount + line.held + line.written_off
        assert (raised == 0) or (line.held == line.written_off == 0)
        shares = [(one.held, one.written_off, one.amount) for one in billed]
        whole = (line.held, line.written_off, line.amount)
        assert not billed or tuple(map(sum, zip(*shares, strict=True))) == whole
        if line.kind is Kind.TIME:
            hours = total(
                one.quantity if one.own_quantity is None else one.own_quantity for one in billed
            )
            assert hours == (
                line.quantity if line.billed_quantity is None else line.billed_quantity
            )
            assert total(one.quantity for one in billed) == line.quantity

    def _the_store_adds_up(self) -> None:
        """Check that all work, at own worth, is billed, held, written off or still unbilled."""
        for customer in ORDERS:
            shares = self.shop.rows(
                "SELECT s.entry, s.amount, s.exact_amount, COALESCE(s.held, 0), COALESCE(s.written_off, 0),"
                " COALESCE(s.raised, 0) FROM claims c JOIN documents d ON d.id = c.document"
                " JOIN document_entries s ON s.document = d.id AND s.entry = c.entry"
                f" WHERE d.status <> 'draft' AND d.customer = '{customer}'"
            )
            scale = 1 if customer == "NIPPON" else 100
            sums = [D(sum(row[at] for row in shares)) / scale for at in range(1, 6)]
            billed, exact, held, off, raised = sums
            rounding = total(
                D(row[1] + row[3] + row[4] - row[5] - row[2]) / scale for row in shares
            )
            of_customer = dict(
                self.shop.rows(
                    "SELECT e.id, e.state FROM entries e JOIN projects p ON p.code = e.project"
                    f" WHERE p.customer = '{customer}' AND e.state NOT IN ('split', 'cancelled')"
                )
            )
            whole = total(self.worth.get(entry, ZERO) for entry in of_customer)
            settled = {row[0] for row in shares}
            lost = {one for one, state in of_customer.items() if state == "written_off"}
            unbilled = total(
                self.worth.get(one, ZERO) for one in of_customer.keys() - settled - lost
            )
            written_off = off + total(self.worth.get(one, ZERO) for one in lost)
            assert whole + raised + rounding == billed + held + written_off + unbilled
            assert exact == total(self.worth[row[0]] for row in shares)
            self._net_is(customer, scale, billed)

    def _net_is(self, customer: str, scale: int, billed: Decimal) -> None:
        """Check that the papers bill what the entries have of them, and what was added by hand."""
        net = self.shop.rows(
            f"SELECT COALESCE(SUM(d.subtotal), 0) {COUNTED} AND d.customer = '{customer}'"
        )[0][0]
        added = self.shop.rows(
            f"SELECT COALESCE(SUM(l.amount), 0) {COUNTED_LINES} AND d.customer = '{customer}'"
            " AND NOT EXISTS (SELECT 1 FROM document_entries s WHERE s.document = l.document"
            "  AND s.line = l.line)"
        )[0][0]
        assert D(net) / scale == billed + D(added) / scale

    def _what_is_credited_was_billed(self) -> None:
        """Check that the papers bill each entry once, or not at all, in money and in quantity."""
        sums = self.shop.rows(
            "SELECT s.entry, SUM(s.amount), SUM(s.quantity) FROM document_entries s"
            f" JOIN documents d ON d.id = s.document {WHICH_COUNT} GROUP BY s.entry"
        )
        claimed = {
            entry: numbers
            for entry, *numbers in self.shop.rows(
                "SELECT s.entry, s.amount, s.quantity FROM claims c JOIN documents d"
                " ON d.id = c.document AND d.status <> 'draft'"
                " JOIN document_entries s ON s.document = d.id AND s.entry = c.entry"
            )
        }
        assert {entry: numbers for entry, *numbers in sums if any(numbers)} == {
            entry: numbers for entry, numbers in claimed.items() if any(numbers)
        }

    def _remainders_are_billed_once_at_face_value(self) -> None:
        billed = self.shop.rows(
            "SELECT e.face_amount, s.exact_amount, s.own_quantity, s.quantity, s.rate, e.kind"
            " FROM document_entries s JOIN documents d ON d.id = s.document"
            " JOIN entries e ON e.id = s.entry WHERE e.kind IN ('remainder', 'reversal')"
            " AND d.kind <> 'credit_note'"
        )
        for face, exact, own, quantity, _, kind in billed:
            assert (kind, exact) == ("remainder", face)
            assert not (own or 0 if own is not None else quantity)
        self.reached["a remainder is billed"] += bool(billed)

    def _frame_orders_have_left_what_the_papers_say(self) -> None:
        live = {
            order: (D(hours or 0) / 10_000, D(money or 0))
            for order, hours, money in self.shop.rows(
                f"SELECT d.frame_order, SUM(d.hours), SUM(d.subtotal) {COUNTED} GROUP BY d.frame_order"
            )
        }
        for one in utilization(self.shop.store):
            hours, money = live.get(one.number, (ZERO, ZERO))
            scale = 1 if one.unit == "JPY" else 100
            assert one.billed == (hours if one.in_hours else money / scale)
            assert one.remaining >= 0 or one.number == "FO-M"

    def _projects_have_what_the_papers_say(self) -> None:
        lines = self.shop.rows(
            f"SELECT l.project, d.currency, SUM(l.amount) {COUNTED_LINES} GROUP BY 1, 2"
        )
        invoiced = {code: D(amount) / (1 if yen == "JPY" else 100) for code, yen, amount in lines}
        issued = set(self.shop.rows("SELECT id FROM documents WHERE status = 'draft'"))
        drafts = {number for (number,) in issued}
        entries = dict(
            self.shop.rows(
                "SELECT id, project FROM entries WHERE state = 'open' AND kind <> 'reversal'"
            )
        )
        unbilled: dict[str, Decimal] = defaultdict(Decimal)
        for entry, project in entries.items():
            if entry not in self.claimed or self.claimed[entry] in drafts:
                unbilled[project] += self.worth.get(entry, ZERO)
        for one in project_figures(self.shop.store):
            assert one.figures.invoiced == invoiced.get(one.project, ZERO)
            assert (one.project, one.figures.wip) == (one.project, unbilled[one.project])

    def _the_months_roll_forward(self) -> None:
        rolled = month_rolled(self.shop.store, f"{self.today:%Y-%m}", today=self.today)
        assert [line.difference for line in rolled.lines if line.difference != Work()] == []
        assert [tie for tie in rolled.ties if not tie.holds] == []
        for month in sorted(self.closed)[-1:]:
            assert reports_of(self.shop, month, self.today) == self.closed[month]

    def invoiced_beyond_limits(self) -> dict[str, Decimal]:
        """Return by limited project how far what is invoiced lies over its limit."""
        found = {}
        for one in project_figures(self.shop.store):
            for place in one.by:
                limit = place.figures.limit
                if limit is not None:
                    key = f"{one.project} {place.task} {place.account_group}"
                    found[key] = max(ZERO, place.figures.invoiced - limit)
            if one.figures.limit is not None:
                found[one.project] = max(ZERO, one.figures.invoiced - one.figures.limit)
        return found


WHICH_COUNT = (
    "WHERE d.status <> 'draft' AND NOT (d.status = 'void' AND NOT EXISTS"
    " (SELECT 1 FROM documents n WHERE n.corrects = d.id))"
)
"""Both papers of a void by credit note count, and neither of a void that nobody held."""
COUNTED = f"FROM documents d {WHICH_COUNT}"
COUNTED_LINES = f"FROM document_lines l JOIN documents d ON d.id = l.document {WHICH_COUNT}"
PARTS_ON_DOCUMENTS = (
    "SELECT s.entry, s.exact_amount, d.currency FROM document_entries s"
    " JOIN documents d ON d.id = s.document WHERE s.entry LIKE '%/%' AND d.corrects IS NULL"
)
"""A part may be on a document as soon as it is there."""
LIVE_DOCUMENTS = """
SELECT s.entry, s.document FROM document_entries s JOIN documents d ON d.id = s.document
LEFT JOIN pro_formas p ON p.document = d.id
WHERE d.status <> 'void' AND d.corrects IS NULL AND (p.state IS NULL OR p.state <> 'closed')
AND NOT EXISTS (SELECT 1 FROM document_entries c JOIN documents n ON n.id = c.document
 WHERE n.corrects = d.id AND c.entry = s.entry)
AND NOT EXISTS (SELECT 1 FROM pro_formas b JOIN claims o ON o.document = b.released_to
 WHERE b.number = p.number AND b.revision < p.revision AND o.entry = s.entry)
"""
"""Entries on documents that stand; a revision rests on those of the invoice that it corrects."""


def _after(month: str) -> str:
    year, number = map(int, month.split("-"))
    return f"{year + number // 12}-{number % 12 + 1:02d}"


ISSUING = {Agency.bill, Agency.use_the_wizard, Agency.end_a_draft, Agency.release_one}
EVERY_STEP = (
    *[Agency.time_goes_by] * 6,
    *[Agency.work] * 4,
    *[Agency.bill] * 6,
    *[Agency.edit_one] * 8,
    *[Agency.release_one] * 6,
    *[Agency.hold_back] * 3,
    *[Agency.decide_one, Agency.use_the_wizard, Agency.end_a_draft, Agency.correct_one] * 2,
    *(
        Agency.close_a_month,
        Agency.close_a_month,
        Agency.restore_one,
        Agency.restore_one,
        Agency.add_by_hand,
        Agency.upload_some,
    ),
    *(Agency.open_or_hold, Agency.send_one, Agency.pay_one, *[Agency.delete_one] * 2),
    *[Agency.void_one, Agency.credit_some, Agency.correct_one, Agency.decide_one] * 2,
)
REACHED = {
    *("close", "bill", "defer", "write_off", "bill a part", "take a decision back", "restore"),
    *("bill pro formas", "bill drafts", "bill and issue", "several documents", "by period"),
    *("wizard: save a draft", "wizard: issue", "issue a draft", "delete a draft"),
    *("amount down", "amount up", "quantity", "amount and quantity", "unit price"),
    *("amount and hold_remainder", "amount and write_off_remainder", "write off"),
    *("delete a line", "add a line", "new pro forma", "upload", "open", "hold"),
    *("release issued", "release a draft", "release issued revision", "release a revision"),
    *("release with a frame order", "release with a note", "a remainder is billed"),
    *("delete a revision", "delete a pro forma", "correct", "send", "pay", "void"),
    *("void a sent one", "credit entries", "credit a line", "credit all"),
    *("open refused", "release issued refused", "void refused", "correct refused"),
}
SEEDS, STEPS, ENOUGH = range(1, 9), 100, 3


def live(agency: Agency, seed: int, steps: int) -> None:
    """Live a seeded life, looking at everything after each step that changed something."""
    before: list[Any] = []
    for at in range(steps):
        step = agency.chance.choice(EVERY_STEP)
        beyond = agency.invoiced_beyond_limits() if step in ISSUING else {}
        try:
            step(agency)
            after = agency.shop.contents()
            if after != before:
                agency.all_is_well()
            before = after
            if agency.strict and beyond:
                now = agency.invoiced_beyond_limits()
                assert all(now[limit] <= most for limit, most in beyond.items())
        except Exception as failed:
            failed.add_note(f"seed {seed}, step {at}: {step.__name__}")
            failed.add_note("\n".join(agency.steps))
            raise


@pytest.fixture(scope="module")
def reached(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Counter[str]:
    """Live some seeded lives, until everything was reached, and count what was."""
    found: Counter[str] = Counter()
    for seed in SEEDS:
        if seed > ENOUGH and all(found[step] for step in REACHED):
            break
        agency = Agency(copy_of(template, tmp_path_factory.mktemp("agency")), Random(seed), found)
        live(agency, seed, STEPS)
        for month, reports in agency.closed.items():
            assert reports_of(agency.shop, month, agency.today) == reports
        agency.shop.store.close()
    return found


def test_any_sequence_of_steps_leaves_every_cent_in_one_place(reached: Counter[str]) -> None:
    assert reached.total() > 0


@pytest.mark.parametrize("step", sorted(REACHED))
def test_the_agency_reaches(reached: Counter[str], step: str) -> None:
    assert reached[step] >= 1
