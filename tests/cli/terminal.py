"""A terminal without a window: runs a command line, keeps what it says."""

import io
import json
from contextlib import closing, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.builders import contents, plain
from timix_xl.cli.main import main


@dataclass(frozen=True)
class Said:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON: nothing else may stand there."""
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, Any]:
        """What stopped the command."""
        return self.json["error"]


def run(*words: str) -> Said:
    """Run a command line in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(list(words))
    return Said(code, out.getvalue(), err.getvalue())


class Desk:
    """A store, a folder, and commands on them on 2 February 2026."""

    def __init__(self, store: Path | str, folder: Path | None = None) -> None:
        self.store = store
        self.folder = folder or Path(store).parent

    def __call__(self, *words: str, today: str = "2026-02-02") -> Said:
        return run("--store", str(self.store), "--user", "maja", "--today", today, *words)

    def json(self, *words: str, today: str = "2026-02-02") -> Any:
        """Run a command that succeeds, with --json."""
        said = self(*words, "--json", today=today)
        assert said.code == 0, said
        return said.json

    def error(self, *words: str, today: str = "2026-02-02") -> tuple[int, str]:
        """Run a command that is refused; returns its exit code and its error's code."""
        said = self(*words, "--json", today=today)
        return said.code, said.error["code"]

    def contents(self) -> dict[str, list[tuple[Any, ...]]]:
        """Read every row of every table of the store."""
        with closing(plain(str(self.store))) as connection:
            return contents(connection)
