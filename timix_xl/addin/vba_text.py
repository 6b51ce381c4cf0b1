"""Read VBA text: its declarations, its procedures, the names that it speaks of."""

import re
from dataclasses import dataclass

OPENS = re.compile(
    r"^(?P<access>Public |Private |Friend )?(?:Static )?(?:Function|Sub|Property (?:Get|Let|Set))"
    r" (?P<name>\w+)",
)
CLOSES = re.compile(r"^End (?:Function|Sub|Property)\b")


@dataclass(frozen=True, slots=True)
class Procedure:
    """A procedure: its name, its text, the comment above it."""

    name: str
    text: str
    comment: str = ""

    @property
    def is_private(self) -> bool:
        """Whether only its own module can call it; what says nothing is public."""
        return self.text.startswith("Private ")


def parts(text: str) -> tuple[str, tuple[Procedure, ...]]:
    """Split a module into what stands above its procedures, and those."""
    procedures: list[Procedure] = []
    waiting: list[str] = []
    head = ""
    for line in text.splitlines():
        opened = OPENS.match(line)
        if opened and not procedures:
            head, waiting = _head(waiting)
        if opened:
            procedures.append(Procedure(opened["name"], "", "\n".join(waiting).strip("\n")))
            waiting = []
        waiting.append(line)
        if CLOSES.match(line):
            last = procedures.pop()
            procedures.append(Procedure(last.name, "\n".join(waiting), last.comment))
            waiting = []
    return (head if procedures else "\n".join(waiting)), tuple(procedures)


def _head(lines: list[str]) -> tuple[str, list[str]]:
    """Leave the comment right above the first procedure to that procedure."""
    end = len(lines)
    while end and lines[end - 1].startswith("'"):
        end -= 1
    return "\n".join(lines[:end]).strip("\n"), lines[end:]


def names_in(text: str) -> set[str]:
    """Return the names that a text speaks of, in small letters: VBA reads them so.

    >>> sorted(names_in("x = Left$(Name, 2) ' of y"))
    ['left', 'name', 'x']
    """
    return {
        name.lower()
        for line in text.splitlines()
        for name in re.findall(r"[A-Za-z_]\w*", code_of(line))
    }


def code_of(line: str) -> str:
    """Return a line without its texts and its comment."""
    return re.sub(r'"[^"]*"', '""', line).split("'", maxsplit=1)[0]
