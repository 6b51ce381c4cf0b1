"""Each sentence on the engine, shown by a case file: set up, act, compare."""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.engine import answers, case_file, defaults
from tests.builders import Template, copied
from tests.cli.terminal import run

CASES = sorted((Path(__file__).parent / "cases").glob("*.md"))
TODAY = "2026-02-01"


def test_there_are_cases() -> None:
    assert len(CASES) >= 40


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path, tmp_path: Path, empty: Template, monkeypatch: pytest.MonkeyPatch) -> None:
    place = str(copied(empty, tmp_path))
    case = case_file.read(path)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "books.json").write_text(json.dumps(defaults.books(case.setup)), encoding="utf-8")
    for name, setup in case.files.items():
        later = defaults.filled(defaults.said(setup))
        (tmp_path / name).write_text(json.dumps(later), encoding="utf-8")
    taken = tell(place, "import books.json")
    if taken[0] != 0:
        assert case.turns[0].commands == ["import books.json"], taken
    for turn in case.turns:
        *before, last = turn.commands
        for command in before:
            code, answer = tell(place, command)
            assert code == 0, (command, answer)
        code, answer = tell(place, last)
        refused = any(table.name == "refused" and table.rows for table in turn.tables)
        assert (code != 0) is refused, (last, code, answer)
        for table in turn.tables:
            wanted = [dict(row) for row in table.rows]
            assert answers.compared(table, answer) == wanted, f"{last}: {table.name}"


def tell(place: str, command: str) -> tuple[int, Any]:
    words = shlex.split(command)
    today = [] if "--today" in words else ["--today", TODAY]
    said = run("--store", place, *today, "--user", "ann", *words, "--json")
    return said.code, json.loads(said.out)
