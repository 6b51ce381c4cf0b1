"""Case files: setup, action and expected documents, as a business analyst writes them.

A case is a Markdown file: a title, the sentence that it shows, then sections. `## Setup` has tables
named by a line such as `projects:`; what a table leaves out is filled in from `defaults.py`.
`## When` has commands, one per line, after `$`. `## Then` has tables that are compared with what
the last command answered, column by column; what has no column is not compared.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A named table of a case, cells as text."""

    name: str
    rows: tuple[Row, ...]


@dataclass(slots=True)
class Turn:
    """Commands, and what the last of them answers."""

    commands: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)


@dataclass(slots=True)
class Case:
    """A case file, read."""

    title: str
    shows: str
    setup: list[Table]
    turns: list[Turn]
    files: dict[str, list[Table]]
    """Books files that a command takes in later."""


def read(path: Path) -> Case:
    """Read a case file; raises AssertionError where it is not one."""
    parts = re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    title, _, shows = parts[0].partition("\n")
    assert title.startswith("# "), f"{path.name}: it begins with its title"
    case = Case(title.removeprefix("# "), " ".join(shows.replace(">", " ").split()), [], [], {})
    assert case.shows, f"{path.name}: it quotes the sentence that it shows"
    for part in parts[1:]:
        heading, _, body = part.partition("\n")
        _section(case, heading.strip(), body, path.name)
    assert case.turns, f"{path.name}: nothing is done"
    assert all(turn.tables for turn in case.turns), f"{path.name}: each When has a Then"
    return case


def _section(case: Case, heading: str, body: str, name: str) -> None:
    if heading == "Setup":
        case.setup = tables(body)
    elif heading == "When":
        commands = re.findall(r"^\s*\$ (.+)$", body, flags=re.MULTILINE)
        assert commands, f"{name}: a When has a command after $"
        case.turns.append(Turn([command.strip() for command in commands]))
    elif heading == "Then":
        case.turns[-1].tables = tables(body)
    elif heading.endswith(".json"):
        case.files[heading] = tables(body)
    else:
        raise AssertionError(f"{name}: a section is Setup, When or Then, not {heading}")


def tables(text: str) -> list[Table]:
    """Read the tables of a section; a line that ends with a colon names the next one."""
    found: list[Table] = []
    name, lines = "", list[str]()
    for line in [*text.splitlines(), ""]:
        stripped = line.strip()
        if stripped.startswith("|"):
            lines.append(stripped)
            continue
        if lines:
            found.append(Table(name, _rows(lines)))
            lines = []
        if stripped.endswith(":"):
            name = stripped.removesuffix(":").lower()
        elif stripped.endswith(": none"):
            found.append(Table(stripped.removesuffix(": none").lower(), ()))
    return found


def _rows(lines: list[str]) -> tuple[Row, ...]:
    names, _, *rows = [_cells(line) for line in lines]
    assert all(len(row) == len(names) for row in rows), f"a row has other columns than {names}"
    keys = [name.lower().replace(" ", "_") for name in names]
    return tuple(dict(zip(keys, row, strict=True)) for row in rows)


def _cells(line: str) -> list[str]:
    return [cell.strip().strip("`") for cell in line.strip("|").split("|")]
