"""Inspection: what has to be so after the crowd has gone, whoever was killed."""

import datetime as dt
import json
from collections import Counter
from typing import Any

from tests.faults.crowd.acts import BILLED, ONCE, act
from tests.faults.crowd.notes import Asked, Seen, Told
from tests.faults.crowd.office import BEGIN, column, rows
from tests.faults.crowd.parent import Noted
from tests.faults.crowd.worker import DONE_BEFORE, was_done
from timix_xl.billing.load import load_all
from timix_xl.billing.roll_forward import month_rolled
from timix_xl.billing.utilization import utilization
from timix_xl.billing.verify import verify
from timix_xl.domain.frame_orders import Overrun
from timix_xl.domain.periods import month_of
from timix_xl.domain.wip import Work
from timix_xl.store.database import Store

NUMBERED = {"issue", "issue a draft", "credit", "goodwill"}
"""The verbs whose result are numbers that nobody else was given."""
REPEATED = 150
"""So many acknowledged requests are asked for once more."""
LIVE = (
    "(documents.status IN ('issued', 'sent') OR documents.status = 'void' AND EXISTS"
    " (SELECT 1 FROM documents AS note WHERE note.corrects = documents.id))"
)
"""The documents that count: a void one only beside the notes that credit it."""


def inspect(store: Store, noted: Noted, last: dt.date) -> None:
    """Check everything, up to the last day on which somebody worked."""
    assert not noted.failures, "\n".join(noted.failures)
    problems = verify(store).problems
    assert problems == (), "\n".join(map(str, problems))
    numbers_have_no_gap_and_no_double(store)
    nothing_acknowledged_is_lost(store, noted)
    what_was_refused_has_written_nothing(store, noted)
    no_number_was_given_to_two_requests(store, noted.told)
    no_entry_is_billed_twice(store)
    every_entry_is_in_exactly_one_place(store)
    orders_have_left_what_the_papers_say(store)
    months_roll_forward(store, last)
    again_gives_the_first_result(store, noted.acknowledged)


def numbers_have_no_gap_and_no_double(store: Store) -> None:
    query = "SELECT kind, year, seq, number FROM documents WHERE number IS NOT NULL ORDER BY seq"
    places: dict[tuple[str, int], list[int]] = {}
    found = rows(store, query)
    for kind, year, seq, _ in found:
        places.setdefault((kind, year), []).append(seq)
    for taken in places.values():
        assert taken == list(range(1, len(taken) + 1))
    numbers = [row[3] for row in found]
    assert len(set(numbers)) == len(numbers)
    kept = column(store, "SELECT number FROM numbers")
    assert set(numbers) == {one for one in kept if not one.startswith("PF-")}


def nothing_acknowledged_is_lost(store: Store, noted: Noted) -> None:
    """Compare every document with what was read after its acknowledgement."""
    heads = rows(store, "SELECT number, total, seal FROM documents WHERE number IS NOT NULL")
    there = {row[0]: Seen(*row) for row in heads}
    for one in noted.seen:
        assert there[one.number] == one
    wrote = Counter(column(store, 'SELECT "by" FROM audit_log'))
    for told in noted.acknowledged:
        if told.asked.verb in NUMBERED:
            assert set(told.result) <= there.keys(), told
        if told.asked.verb in ONCE and (told.result or told.asked.verb != BILLED):
            assert was_done(store, told.asked), told
        if told.asked.verb in NUMBERED | {"void", "pay", "correct", "close", "reopen"}:
            assert wrote[told.asked.request], told


def what_was_refused_has_written_nothing(store: Store, noted: Noted) -> None:
    """Look for refused acts in the audit log; a pro forma may be gone that was made before."""
    wrote = set(column(store, 'SELECT "by" FROM audit_log'))
    refused = [one for one in noted.told if one.refused and one.again != DONE_BEFORE]
    assert [one for one in refused if one.asked.request in wrote] == []


def no_number_was_given_to_two_requests(store: Store, told: list[Told]) -> None:
    """Count the numbers that requests have for their results: a repeated one made no other."""
    verbs = {one.asked.request: one.asked.verb for one in told}
    given = Counter(
        number
        for request, result in rows(store, "SELECT id, result FROM requests")
        if verbs.get(request) in NUMBERED
        for number in _numbers(json.loads(result))
    )
    assert [number for number, times in given.items() if times > 1] == []


def _numbers(result: dict[str, Any]) -> list[str]:
    # A run that defers or writes off everything has none.
    return result["numbers"] if "numbers" in result else [result["number"]]


def no_entry_is_billed_twice(store: Store) -> None:
    """Add up what live documents bill of each entry, less what notes gave back."""
    query = (
        "SELECT entry, SUM(CASE WHEN corrects IS NULL THEN 1 ELSE -1 END)"
        f" FROM document_entries JOIN documents ON documents.id = document WHERE {LIVE}"
        " GROUP BY entry"
    )
    billed = {entry for entry, times in rows(store, query) if _once(entry, times)}
    drafts = "SELECT entry FROM claims JOIN documents ON documents.id = document WHERE status {}"
    assert billed == set(column(store, drafts.format("<> 'draft'")))


def _once(entry: str, times: int) -> bool:
    assert times in {0, 1}, f"{entry} is billed {times} times"
    return times == 1


def every_entry_is_in_exactly_one_place(store: Store) -> None:
    places: list[str] = []
    for review in load_all(store, dt.date.max):
        places += [row.entry.id for row in review.rows]
        left = [one for one in review.left_out if one.reason.name != "ON_DOCUMENT"]
        places += [one.entry.id for one in left]
    query = "SELECT entry FROM claims UNION ALL SELECT id FROM entries WHERE state <> 'open'"
    places += column(store, query)
    assert sorted(places) == sorted(column(store, "SELECT id FROM entries"))


def orders_have_left_what_the_papers_say(store: Store) -> None:
    """Compare what is left of each order with the documents that draw on it, and their rows."""
    query = f"SELECT frame_order, SUM(hours), SUM(subtotal) FROM documents WHERE {LIVE} GROUP BY 1"
    papers = {order: figures for order, *figures in rows(store, query)}
    query = "SELECT frame_order, SUM(drawn) FROM draw_downs GROUP BY 1"
    drawn = dict(rows(store, query))
    for order in utilization(store):
        hours, money = papers.get(order.number, (0, 0))
        scale, on_paper = (10_000, hours) if order.in_hours else (100, money)
        assert order.billed * scale == on_paper == drawn.get(order.number, 0), order
        assert order.remaining == order.total - order.billed
        assert order.overrun is not Overrun.BLOCK or order.remaining >= 0, order


def months_roll_forward(store: Store, last: dt.date) -> None:
    """Check opening + came - went = closing in each month, and that it ties to the register."""
    day = BEGIN - dt.timedelta(days=1)
    while day <= last:
        rolled = month_rolled(store, month_of(day), today=last)
        assert all(line.difference == Work() for line in rolled.lines), rolled
        assert all(tie.holds for tie in rolled.ties), rolled
        day += dt.timedelta(days=28)


def again_gives_the_first_result(store: Store, told: list[Told]) -> None:
    """Ask once more for what was acknowledged: the same answer, and nothing is written."""
    before = rows(store, "SELECT * FROM chains ORDER BY name")
    repeatable = [one for one in told if one.asked.verb in ONCE and _stays(one.asked)]
    for one in repeatable[-REPEATED:]:
        assert act(store, one.asked) == one.result, one
    assert rows(store, "SELECT * FROM chains ORDER BY name") == before


def _stays(asked: Asked) -> bool:
    """Whether the answer is the same for ever: a draft gets a number, a pro forma may go."""
    return asked.verb != "release" and "pro forma" not in asked.verb
