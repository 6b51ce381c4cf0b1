"""What can be wrong with a workbook file."""

from enum import Enum, auto


class Wrong(Enum):
    """What can be wrong with a file, and the facts that go with it."""

    OTHER_FORMAT = auto()
    """A spreadsheet in another format: `what`."""
    NO_WORKBOOK = auto()
    LOCKED = auto()
    DAMAGED = auto()
    """`why`"""
    UNSAFE = auto()
    """Something that no spreadsheet program writes: `why`."""
    TOO_BIG = auto()
    """`size` and `limit`"""
    SHEET_TOO_BIG = auto()
    """`sheet`, `rows`, `columns`"""


class Unfit(Exception):
    """A file that is not to be read; who asked words why, with the facts."""

    def __init__(self, wrong: Wrong, /, **facts: object) -> None:
        super().__init__(wrong.name, facts)
        self.wrong = wrong
        self.facts = facts
