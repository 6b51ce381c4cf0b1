"""Limits: the most that may be invoiced for a project, a task or an account group of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from timix_xl.domain.money import ZERO, total


class OverLimit(StrEnum):
    """What happens to a document that is over a limit."""

    VALIDATE = "validate"
    """It cannot leave On Hold, and cannot be issued."""
    IGNORE = "ignore"
    """It is told."""


@dataclass(frozen=True, slots=True)
class Share:
    """What falls on one task and account group of a project: net money, before tax."""

    project: str
    task: str | None
    account_group: str | None
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A maximum in the customer's currency; without a task or account group it covers all."""

    project: str
    amount: Decimal
    task: str | None = None
    account_group: str | None = None

    def covers(self, project: str, task: str | None, account_group: str | None) -> bool:
        """Whether what is billed here counts towards this limit."""
        return (
            self.project == project
            and self.task in {None, task}
            and self.account_group in {None, account_group}
        )

    @property
    def scope(self) -> str:
        """What it covers, in words.

        >>> Limit(project="P", amount=ZERO, account_group="TRAVEL").scope
        'TRAVEL of project P'
        """
        names = (self.account_group, f"task {self.task}" if self.task else None)
        return " of ".join([*(name for name in names if name), f"project {self.project}"])


@dataclass(frozen=True, slots=True)
class OverRun:
    """What a line bills of one limit beyond what it has left."""

    limit: Limit
    amount: Decimal
    """What of the line falls on the limit."""
    available: Decimal
    over: Decimal


@dataclass(frozen=True, slots=True)
class LineLimit:
    """What the limits leave for a line, the smallest of them, and how much the line is over."""

    available: Decimal
    over: Decimal
    passed: tuple[OverRun, ...] = ()
    """The limits that the line passes."""


def judged(
    lines: Iterable[Sequence[Share]], used: Mapping[Limit, Decimal]
) -> list[LineLimit | None]:
    """Run down the lines; a line that no limit covers has none.

    `used` is what other documents take of every limit: a limit that is not in it is not checked.
    What lines bill is added up as it is, so that a line below zero makes room for those below it.
    """
    running = _Running(used)
    return [running.line(shares) for shares in lines]


class _Running:
    """What is used of each limit, from the top line down."""

    def __init__(self, used: Mapping[Limit, Decimal]) -> None:
        self.used = dict(used)
        self.of_project: dict[str, list[Limit]] = {}
        for limit in used:
            self.of_project.setdefault(limit.project, []).append(limit)

    def line(self, shares: Sequence[Share]) -> LineLimit | None:
        """Judge a line, and count it."""
        covered = {limit: self._available(limit) for one in shares for limit in self._covering(one)}
        if not covered:
            return None
        over = dict.fromkeys(covered, ZERO)
        # What is below zero comes first: within one line the sum counts, not the order.
        for share in sorted(shares, key=lambda one: one.amount):
            self._count(share, over)
        passed = [_passed(limit, shares, covered[limit], over[limit]) for limit in covered]
        found = tuple(one for one in passed if one.over)
        return LineLimit(min(covered.values()), total(one.over for one in found), found)

    def _count(self, share: Share, over: dict[Limit, Decimal]) -> None:
        """Charge a share to its limits; what is too much, to the one that has the least left."""
        covering = self._covering(share)
        if covering:
            tightest = min(covering, key=self._available)
            over[tightest] += max(ZERO, share.amount - self._available(tightest))
        for limit in covering:
            self.used[limit] += share.amount

    def _covering(self, share: Share) -> list[Limit]:
        found = self.of_project.get(share.project, ())
        return [one for one in found if _covers(one, share)]

    def _available(self, limit: Limit) -> Decimal:
        return max(ZERO, limit.amount - self.used[limit])


def _covers(limit: Limit, share: Share) -> bool:
    return limit.covers(share.project, share.task, share.account_group)


def _passed(limit: Limit, shares: Sequence[Share], available: Decimal, over: Decimal) -> OverRun:
    """Never more than the line's sum has too much, whatever its shares have by themselves."""
    amount = total(share.amount for share in shares if _covers(limit, share))
    return OverRun(limit, amount, available, min(over, max(ZERO, amount - available)))
