"""The command line: whatever is typed, it is done or refused with an exit code."""

import argparse
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from tests.builders import ANN, BILLING_DATE, Shop, a_full_year, copy_of
from tests.cli.terminal import Said, run
from tests.fuzz.damage import odd_texts
from tests.fuzz.running import attempt, for_long
from tests.importing.timesheets.conftest import EXPORTS
from timix_xl.billing.bill import bill
from timix_xl.cli import arguments
from timix_xl.errors import BadCommand

NOT_RUN = {"demo", "open", "addin", "store"}
"""Long, with windows, or beyond the folder of the test: these are parsed only."""
CODES = range(10)
Words: TypeAlias = tuple[str, ...]

known = st.sampled_from(
    (
        *(
            "ACME",
            "BETA",
            "acme",
            "P",
            "X",
            "T",
            "A1",
            "A6",
            "A1,A2",
            "A4=1",
            "A6=0.5",
            "all",
            "FO-H",
        ),
        *("INV-2026-00001", "INV-2026-00002", "INV-2026-00003", "DRAFT-1", "PF-00001", "1", "1,2"),
        *("2026-01-31", "2026-02-28", "2026-02", "2025-12", "30", "100", "0.01", "-5", "1e3"),
        *("bill", "defer", "write-off", "agreed", "ann", "r1", "paid", "EUR", "books.json"),
        *(
            "entries.csv",
            "export.csv",
            "x.xlsx",
            "x.json",
            "x.pdf",
            "folder",
            "nowhere/x.json",
            ".",
        ),
        *("x" * 300 + ".json", "x" * 300 + ".xlsx", "books.json/x.xlsx", "a\0b.json", "\udcff.csv"),
    )
)
odd = odd_texts.filter(lambda text: not text.startswith(("/", "~")))  # stay in the folder
values = st.one_of(known, known, known, odd)


def _leaves(parser: argparse.ArgumentParser, words: Words = ()) -> Iterator[tuple[Words, object]]:
    """Find every command with its parser."""
    inner = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    if not inner:
        yield words, parser
    for action in inner:
        for name, below in action.choices.items():
            yield from _leaves(below, (*words, name))


LEAVES = dict(_leaves(arguments._parser()))


@st.composite
def command_lines(draw: DrawFn, commands: Sequence[Words]) -> Words:
    """Write a command with most of what it needs, and something that it does not know."""
    command = draw(st.sampled_from(commands))
    parser = LEAVES[command]
    words = list(command)
    for action in parser._actions:
        if action.dest in {"help", "store", "today", "user"}:
            continue
        needed = action.required or not action.option_strings
        if draw(st.integers(0, 9)) < (9 if needed else 3):
            words += draw(_argument(action))
    if draw(st.integers(0, 9)) == 0:
        words.insert(draw(st.integers(0, len(words))), draw(st.one_of(odd, st.just("--help"))))
    return tuple(words)


def _argument(action: argparse.Action) -> SearchStrategy[list[str]]:
    """Write an option with its value, or a value."""
    name = list(action.option_strings[:1])
    if action.nargs == 0:
        return st.just(name)
    choices = tuple(str(one) for one in action.choices or ())
    value = st.one_of(st.sampled_from(choices), values) if choices else values
    if action.nargs == "+":
        return st.lists(value, min_size=1, max_size=3).map(lambda some: name + some)
    return value.map(lambda one: [f"{name[0]}={one}"] if name and one[:1] == "-" else [*name, one])


class Office:
    """A store in a folder of its own; what a command has done is taken back."""

    def __init__(self, template: Path, folder: Path) -> None:
        self.folder = folder
        self.place = folder / "timix.db"
        shop = copy_of(template, folder)
        _furnish(shop)
        shop.store.close()
        self.whole = self.place.read_bytes()

    def run(self, words: Words) -> None:
        """Run a command in the folder: it is done, or refused and nothing is written."""
        before = ("--store", str(self.place), "--user", "maja", "--today", "2026-03-02")
        self._lay_out()
        said, stopped = attempt(lambda: run(*before, *words), SystemExit, seconds=60)
        if said is None:
            assert stopped.code == 0, "only --help and --version stop so"
            return
        assert said.code in CODES
        if said.code in CODES[2:9]:
            _is_told(said, words)
            assert self.place.read_bytes() == self.whole, "a refusal has written something"
        self.place.write_bytes(self.whole)

    def _lay_out(self) -> None:
        here = Path.cwd()
        assert here.parent == self.folder
        for path in here.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        (here / "folder").mkdir()
        (here / "books.json").write_text('{"items": [{"code": "A"}]}', "utf-8")
        (here / "export.csv").write_bytes((EXPORTS / "harvest.csv").read_bytes())
        (here / "entries.csv").write_text("id,date,project,quantity\nN1,2026-02-01,P,1\n", "utf-8")


def _is_told(said: Said, words: Words) -> None:
    told = said.error["code"] if "--json" in words else said.err
    assert told, said


def _furnish(shop: Shop) -> None:
    a_full_year(shop)
    shop.project("X", tasks="T U", pro_forma=True, name="Portal")
    shop.time("X1", "A7", project="X", hours="7.5")
    bill(shop.store, "X", date=BILLING_DATE, actor=ANN)
    shop.time("A8", "A9")


@pytest.fixture(scope="module")
def office(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A store of a year, and a folder beside it in which we are."""
    folder = tmp_path_factory.mktemp("office")
    made = Office(template, folder)
    (folder / "here").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder / "here")
        yield made


every = command_lines(tuple(LEAVES))
# With the name of a file in most places, an import has the most ways to go wrong.
some = command_lines((*(words for words in LEAVES if words[0] not in NOT_RUN), *[("import",)] * 5))
loose = st.lists(st.one_of(st.sampled_from(arguments.command_names()), values), max_size=8)


def parse(words: Sequence[str]) -> None:
    """Read a command line; only BadCommand comes out, or what --help says."""
    _, stopped = attempt(lambda: arguments.parse(words), BadCommand, SystemExit)
    assert not isinstance(stopped, SystemExit) or stopped.code == 0


@settings(max_examples=100)
@given(st.one_of(every, loose.map(tuple)))
@example(("--",))
@example(("-",))
@example(("",))
@example(("invoice", "show", "--", "--x"))
def test_words_are_read_or_refused(words: Words) -> None:
    parse(words)


@settings(max_examples=40)
@given(some)
@example(("import", "books.json", "--write-mapping", "map.json"))
@example(("import", "books.json", "--write-mapping", "x" * 300))
@example(("import", "export.csv", "--mapping", "nowhere.json", "--write-mapping", "books.json"))
@example(("review", "ACME", "--billing-date", "2026-01-31", "-o", "x" * 300 + ".xlsx"))
@example(("unbilled", "\udcff"))
@example(("export", "books", "a\0b.json"))
def test_a_command_is_done_or_refused(office: Office, words: Words) -> None:
    office.run(words)


@pytest.mark.long
def test_many_words_are_read_or_refused() -> None:
    for_long(st.one_of(every, loose.map(tuple)), parse)


@pytest.mark.long
def test_many_commands_are_done_or_refused(office: Office) -> None:
    for_long(some, office.run)
