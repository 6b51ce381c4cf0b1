"""History: how an entry came to be work in progress, left it and came back, and at what worth."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import zip_longest

from timix_xl.domain.money import ZERO
from timix_xl.domain.wip import NOTHING, Flow, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """An entry comes in or goes out, on a day, at a worth.

    `work` is None where only later events tell the worth: on approval, it is the one with which
    the entry leaves. The rest is what an invoice made of that worth: it billed it with what was
    `raised` by hand and with the `rounding`, less what it `held` back and what was `written_off`.
    A split is a moment of rounding: the entry goes out, its parts come in. A remainder that goes
    as returned made room for the entry that it was held back from, which came back whole.
    """

    date: dt.date
    flow: Flow
    comes: bool
    work: Work | None = None
    rounding: Decimal = ZERO
    held: Work = NOTHING
    written_off: Work = NOTHING
    raised: Work = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """An entry with its moments by turns, in order of date.

    `now` is its worth at today's price, None where it is not billable work (any more). `closed`
    is what was stored of it when months were closed, by their last day. `is_there` says whether
    the store holds it as unbilled now, whatever the moments say.
    """

    entry: str
    is_there: bool
    now: Work | None
    moments: tuple[Moment, ...]
    closed: Mapping[dt.date, Work | None] = field(default_factory=dict)

    def is_in(self, day: dt.date) -> bool:
        """Whether the moments say that it was unbilled at the end of a day."""
        return sum(1 if one.comes else -1 for one in self.moments if one.date <= day) > 0

    def worth(self, day: dt.date) -> Work | None:
        """Return what it was worth at the end of a day; None where it was not billable work."""
        if not self.is_in(day):
            return None
        left = next((one for one in self.moments if not one.comes and one.date > day), None)
        return self._on_record(day, left)

    def worth_at_first(self) -> Work | None:
        """Return what it was worth when it came for the first time."""
        left = next((one for one in self.moments if not one.comes), None)
        return self._on_record(self.moments[0].date, left)

    def _on_record(self, day: dt.date, left: Moment | None) -> Work | None:
        """Return the first figure on record from a day on.

        What was stored at the close of a month, or that with which it left; else today's.
        """
        stored = min((until for until in self.closed if until >= day), default=None)
        if stored and (left is None or stored < left.date):
            return self.closed[stored]
        return left.work if left else self.now

    @property
    def holds(self) -> bool:
        """Whether it comes and goes by turns, and ends where the store has it."""
        by_turns = all(one.comes is (at % 2 == 0) for at, one in enumerate(self.moments))
        return by_turns and (len(self.moments) % 2 == 1) is self.is_there


def approved(since: dt.date, work: Work | None = None) -> Moment:
    """Return the moment at which an entry comes for the first time; a remainder has its worth."""
    return Moment(date=since, flow=Flow.APPROVED, comes=True, work=work)


def by_turns(moments: Iterable[Moment]) -> tuple[Moment, ...]:
    """Put moments in order: an entry comes, goes, comes back, and so on.

    A paper may be dated before the approval, or before the void, that let its entry be billed: it
    then came, or came back, on that paper's day. It never comes back before it went, nor before
    it came for the first time, whatever that is dated.
    """
    dated = sorted(moments, key=lambda one: one.date)
    coming = sorted((one for one in dated if one.comes), key=lambda one: one.flow is Flow.RETURNED)
    going = [one for one in dated if not one.comes]
    if len(coming) - len(going) not in {0, 1}:
        return tuple(dated)
    ordered: list[Moment] = []
    for come, go in zip_longest(coming, going):
        earliest = ordered[-1].date if ordered else dt.date.min
        latest = go.date if go else dt.date.max
        on = min(max(come.date, earliest), latest)
        ordered.append(come if come.date == on else replace(come, date=on))
        ordered += [go] if go else []
    return tuple(ordered)


_TAKEN_BACK = frozenset({Flow.ROUNDING, Flow.RETURNED})
"""Flows that bring work in; what leaves by one is below zero there."""


def flows(history: History, first: dt.date, last: dt.date) -> dict[Flow, Work]:
    """Say what became of an entry in a period, each flow from its own source.

    Opening and closing are its worth then; repriced is, stay by stay, the worth at the end of
    the stay less that at its start.
    """
    found = _Flows(history.worth(first - dt.timedelta(days=1)))
    for moment in history.moments:
        if first <= moment.date <= last:
            found.take(moment, history)
    return found.closed(history.worth(last))


class _Flows:
    """The flows of one entry while its moments pass by."""

    def __init__(self, opening: Work | None) -> None:
        self.found: dict[Flow, Work] = {}
        self.at = opening or Work()
        self._add(Flow.OPENING, self.at)

    def take(self, moment: Moment, history: History) -> None:
        """Add a moment."""
        work = moment.work or history.worth_at_first() or Work()
        if moment.comes:
            self._add(moment.flow, work)
            self.at = work
            return
        self._add(Flow.REPRICED, work + -self.at)
        self.at = Work()
        if moment.flow in _TAKEN_BACK:
            self._add(moment.flow, -work)
            return
        rounding = Work(ZERO, moment.rounding)
        left_out = moment.held + moment.written_off
        self._add(moment.flow, work + moment.raised + rounding + -left_out)
        self._add(Flow.RAISED, moment.raised)
        self._add(Flow.ROUNDING, rounding)
        self._add(Flow.HELD, moment.held)
        self._add(Flow.WRITTEN_OFF, moment.written_off)

    def closed(self, closing: Work | None) -> dict[Flow, Work]:
        """Return the flows, with the closing worth."""
        worth = closing or Work()
        self._add(Flow.REPRICED, worth + -self.at)
        self._add(Flow.CLOSING, worth)
        return self.found

    def _add(self, flow: Flow, work: Work) -> None:
        if work != Work():
            self.found[flow] = self.found.get(flow, Work()) + work
