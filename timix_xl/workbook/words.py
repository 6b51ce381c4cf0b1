"""The words that cells hold: what dropdowns offer, and what the program writes there."""

from enum import StrEnum


class Choice(StrEnum):
    """A word that a person picks from a dropdown."""

    @classmethod
    def words(cls) -> tuple[str, ...]:
        """Return the words in the order of the dropdown."""
        return tuple(word.value for word in cls)


class DecisionWord(Choice):
    """What is to become of an entry; an empty cell counts as Bill."""

    BILL = "Bill"
    DEFER = "Defer"
    WRITE_OFF = "Write off"


class RestWord(Choice):
    """What is to become of the part that is not billed; an empty cell counts as Defer."""

    DEFER = "Defer"
    WRITE_OFF = "Write off"


class GroupByWord(Choice):
    """How the preview groups entries into lines."""

    ENTRY = "entry"
    TASK = "task"
    PERSON = "person"
    DAY = "day"
    ISO_WEEK = "ISO week"
    PROJECT = "project"


class ActionWord(Choice):
    """A ballot of the Invoices sheet."""

    SEND = "Send"
    PAY = "Pay"
    REFUND = "Refund"
    WRITE_OFF = "Write off"
    """Of what is outstanding, not of an entry."""
    VOID = "Void"
    CREDIT_AND_BILL_AGAIN = "Credit (bill again)"
    CREDIT_AND_WRITE_OFF = "Credit (write off)"
    PDF = "PDF"
    ISSUE = "Issue"
    """A draft."""
    DELETE = "Delete"
    """A draft."""


class LineStatusWord(Choice):
    """What becomes of a line of a pro forma, or of what of it is not invoiced."""

    BILL = "Bill"
    HOLD_REMAINDER = "Hold remainder"
    WRITE_OFF_REMAINDER = "Write off remainder"
    WRITE_OFF = "Write off"
    """All of the line."""
    DELETE_LINE = "Delete line"
    """Its entries can be billed again."""


class ProFormaStateWord(Choice):
    """Where a pro forma stands."""

    ON_HOLD = "On Hold"
    OPEN = "Open"
    CLOSED = "Closed"


class StatusWord(Choice):
    """A status that the register can be filtered by; an empty filter shows all."""

    DRAFT = "Draft"
    ISSUED = "Issued"
    SENT = "Sent"
    PART_PAID = "Part-paid"
    PAID = "Paid"
    OVERDUE = "Overdue"
    CREDITED = "Credited"
    VOID = "Void"


NO_FRAME_ORDER = "No frame order"
DUE_YES = "yes"
DUE_NO = "no"
