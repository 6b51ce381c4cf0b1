"""Limits: the most that may be invoiced for a project, a task or an account group of it."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class OverLimit(StrEnum):
    """What happens to a document that is over a limit."""

    VALIDATE = "validate"
    """It cannot leave On Hold, and cannot be issued."""
    IGNORE = "ignore"
    """It is told."""


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
