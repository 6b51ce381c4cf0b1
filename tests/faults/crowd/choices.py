"""Choices: what a worker asks for next, from what it finds in the store just then."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from tests.builders import D, Shop
from tests.faults.crowd.notes import Asked
from tests.faults.crowd.office import BEGIN, BY_PRO_FORMA, CUSTOMERS, PROJECTS, column, rows
from timix_xl.billing.ballots import Ballot, BallotPaper
from timix_xl.billing.decide import Choice
from timix_xl.billing.plan import RunOptions
from timix_xl.domain.entries import Decision
from timix_xl.domain.grouping import GroupBy
from timix_xl.domain.invoices import Becomes
from timix_xl.domain.periods import month_of
from timix_xl.store.database import Store

REASON = "so be it"
LATEST = 8
"""A document or pro forma is picked among so many of the latest: others want the same."""
Words = tuple[Any, ...] | None
"""What is given to the use case; None where there is nothing to do it to."""
PARTS = {"part": "", "part, rest off": "Write off"}
SHEET = ("", "", "", "Bill", "Bill", "Defer", "Write off", *PARTS)


class Clerk:
    """One who works: picks a verb and what to do it to."""

    def __init__(self, store: Store, folder: Path, name: str, chance: Random) -> None:
        self.store, self.folder, self.name, self.chance = store, folder, name, chance
        self.shop = Shop(store)

    def next(self, at: int, day: dt.date, owing: Sequence[str]) -> Asked | None:
        """Choose what to ask for on a day; None if there is nothing to do it to.

        `owing` are the verbs that this one is to bring about: every other act is one of them.
        """
        picked = self.chance.choice(owing) if owing and self.chance.random() < 0.5 else ""
        weights = [weight for weight, _ in CHOICES.values()]
        verb = picked or self.chance.choices(VERBS, weights)[0]
        _, choose = CHOICES[verb]
        words = choose(self, at, day)
        return None if words is None else Asked(f"{self.name}-{at}", verb, day, words)

    # Runs and drafts.

    def run(self, at: int, day: dt.date) -> Words:
        customer, upto = self.chance.choice(CUSTOMERS), self.chance.choice([day, day, BEGIN])
        order = self.chance.choice(["", f"{customer}-H", f"{customer}-M", f"{customer}-W"])
        by = self.chance.choice(list(GroupBy))
        options = RunOptions(frame_order=order, group_by=by)
        paper = self._sheet(customer, upto) if self.chance.random() < 0.6 else None
        return customer, upto, options, paper

    def _sheet(self, customer: str, upto: dt.date) -> BallotPaper:
        """Return the sheet of a load, some of it decided: it is stale if others are faster."""
        paper = self.shop.paper(customer=customer, upto=upto)
        return replace(paper, rows=tuple(map(self._voted, paper.rows)))

    def _voted(self, ballot: Ballot) -> Ballot:
        word, whole = self.chance.choice(SHEET), ballot.shown["Qty"]
        if word not in PARTS:
            return replace(ballot, decision=word, reason=REASON) if word else ballot
        assert isinstance(whole, Decimal)
        part = {"bill_quantity": f"{round(whole / 3, 4)}", "rest": PARTS[word]}
        return replace(ballot, decision="Bill", reason=REASON, **part)

    def draft(self, at: int, day: dt.date) -> Words:
        query = (
            "SELECT id FROM documents WHERE status = 'draft' AND kind <> 'pro_forma' ORDER BY id"
        )
        found = column(self.store, query)
        return (f"DRAFT-{self.chance.choice(found)}",) if found else None

    # The life of a document.

    def invoice(self, at: int, day: dt.date) -> Words:
        found = column(
            self.store,
            "SELECT number FROM documents WHERE kind = 'invoice' AND status IN ('issued', 'sent')"
            f" ORDER BY id DESC LIMIT {LATEST}",
        )
        return (self.chance.choice(found),) if found else None

    def taking_back(self, at: int, day: dt.date) -> Words:
        found = self.invoice(at, day)
        return found and (*found, REASON)

    def crediting(self, at: int, day: dt.date) -> Words:
        found = self.invoice(at, day)
        if found is None:
            return None
        query = (
            "SELECT entry FROM claims JOIN documents ON documents.id = claims.document"
            " WHERE number = :number ORDER BY entry"
        )
        billed = column(self.store, query, number=found[0])
        some = self.chance.sample(billed, min(len(billed), self.chance.randint(0, 2)))
        return (*found, some, self.chance.choice(list(Becomes)), REASON)

    def goodwill(self, at: int, day: dt.date) -> Words:
        found = self.invoice(at, day)
        return found and (*found, 1, self._cents(5_000), REASON)

    def correction(self, at: int, day: dt.date) -> Words:
        found = self.invoice(at, day)
        return found and (*found, REASON, RunOptions())

    def payment(self, at: int, day: dt.date) -> Words:
        """Pay some money, perhaps some days ago: that may have been in a closed month."""
        found = self.invoice(at, day)
        ago = dt.timedelta(days=self.chance.choice([0, 0, 0, 3]))
        return found and (*found, self._cents(30_000), day - ago)

    def _cents(self, most: int) -> Decimal:
        return D(self.chance.randint(1, most)) / 100

    # Work and what is decided of it.

    def decision(self, at: int, day: dt.date) -> Words:
        customer = self.chance.choice(CUSTOMERS)
        review = self.shop.load(customer, day)
        if not review.rows:
            return None
        row = self.chance.choice(review.rows)
        return customer, {row.entry.id: Choice(self.chance.choice([*Decision, None]), REASON)}

    def decisions(self, at: int, day: dt.date) -> Words:
        customer = self.chance.choice(CUSTOMERS)
        return customer, day, self._sheet(customer, day)

    def written_off(self, at: int, day: dt.date) -> Words:
        found = column(self.store, "SELECT id FROM entries WHERE state = 'written_off' ORDER BY id")
        return ([self.chance.choice(found)], REASON) if found else None

    def work(self, at: int, day: dt.date) -> Words:
        project = self.chance.choice([*PROJECTS.values(), *BY_PRO_FORMA])
        lines = ["id,date,project,task,person,quantity,status,bill_rate"]
        for part in range(self.chance.randint(1, 4)):
            hours = self.chance.choice(["0.75", "1.3333", "2.5", "4", "-0.5"])
            rate = self.chance.choice(["", "95.55", "112.3333"])
            lines.append(f"{self.name}-{at}:{part},{day},{project},T,ann,{hours},approved,{rate}")
        return str(self.folder / f"{self.name}.csv"), "\n".join([*lines, ""])

    # Pro formas.

    def project(self, at: int, day: dt.date) -> Words:
        return self.chance.choice(BY_PRO_FORMA), day

    def on_hold(self, at: int, day: dt.date) -> Words:
        return self._pro_forma("on_hold")

    def opened(self, at: int, day: dt.date) -> Words:
        return self._pro_forma("open")

    def to_release(self, at: int, day: dt.date) -> Words:
        found = self._pro_forma("open")
        return found and (*found, self.chance.random() < 0.7)

    def _pro_forma(self, state: str) -> Words:
        query = (
            "SELECT number, version FROM pro_formas WHERE state = :state"
            f" ORDER BY document DESC LIMIT {LATEST}"
        )
        found = rows(self.store, query, state=state)
        return self.chance.choice(found) if found else None

    # Months.

    def month_to_close(self, at: int, day: dt.date) -> Words:
        """Return the month after the last closed one, which may not be over."""
        until = self._closed_until()
        next_day = until + _A_DAY if until else BEGIN - _A_DAY
        return (month_of(next_day),)

    def month_to_reopen(self, at: int, day: dt.date) -> Words:
        until = self._closed_until()
        return (month_of(until), REASON) if until else None

    def _closed_until(self) -> dt.date | None:
        query = "SELECT kind, month, until FROM closings ORDER BY id"
        standing = {}
        for kind, month, until in rows(self.store, query):
            if kind == "close":
                standing[month] = until
            else:
                standing.pop(month, None)
        return max(map(dt.date.fromisoformat, standing.values()), default=None)


_A_DAY = dt.timedelta(days=1)
CHOICES: dict[str, tuple[int, Callable[[Clerk, int, dt.date], Words]]] = {
    "issue": (12, Clerk.run),
    "save a draft": (6, Clerk.run),
    "issue a draft": (7, Clerk.draft),
    "delete a draft": (3, Clerk.draft),
    "send": (3, Clerk.invoice),
    "pay": (3, Clerk.payment),
    "void": (8, Clerk.taking_back),
    "credit": (5, Clerk.crediting),
    "goodwill": (3, Clerk.goodwill),
    "correct": (3, Clerk.correction),
    "decide": (4, Clerk.decision),
    "decide by sheet": (3, Clerk.decisions),
    "restore": (4, Clerk.written_off),
    "import": (9, Clerk.work),
    "bill by pro forma": (5, Clerk.project),
    "new pro forma": (2, Clerk.project),
    "open a pro forma": (5, Clerk.on_hold),
    "hold a pro forma": (2, Clerk.opened),
    "release": (5, Clerk.to_release),
    "delete a pro forma": (2, Clerk.on_hold),
    "close": (3, Clerk.month_to_close),
    "reopen": (2, Clerk.month_to_reopen),
}
"""How often each verb is picked beside the others, and what it is done to."""
VERBS = list(CHOICES)
