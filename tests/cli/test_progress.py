"""A bar tells how far something is: on a terminal only."""

import io

import pytest

from tests.cli.terminal import Desk
from timix_xl.cli.progress import progress


class Terminal(io.StringIO):
    """What a person looks at."""

    def isatty(self) -> bool:
        """Be a terminal."""
        return True


def shown(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, *, hidden: bool = False) -> str:
    """Return what is written beside the answer."""
    monkeypatch.setattr("sys.stderr", stream)
    with progress("rows", hidden=hidden) as told:
        told("documents", 3, 7)
    return stream.getvalue()


def test_a_terminal_shows_what_is_done_and_how_much_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    said = shown(monkeypatch, Terminal())
    assert "documents" in said
    assert "3/7" in said


def test_what_is_piped_shows_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, io.StringIO()) == ""


def test_a_script_is_shown_no_bar_even_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, Terminal(), hidden=True) == ""


@pytest.mark.parametrize("words", [("verify",), ("verify", "--json")], ids=["text", "json"])
def test_verify_says_nothing_beside_its_answer_where_it_is_piped(
    desk: Desk, words: tuple[str, ...]
) -> None:
    said = desk(*words)
    assert (said.code, said.err) == (0, "")
