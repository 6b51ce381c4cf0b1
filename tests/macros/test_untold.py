"""What could be told to nobody: kept, told once, and never in the way."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from timix_xl.errors import Fault, IssuedButNotWritten, RunRefused, TimixError
from timix_xl.hosts.refusals import CalcGone
from timix_xl.macros import untold

AT = dt.datetime(2026, 2, 1, 10, 5)
STORE = "/data/t.db"
ISSUED = IssuedButNotWritten(
    run="INV-2026-00001 issued", path="acme.xlsx", why="LibreOffice ended."
)


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder that is not there yet."""
    monkeypatch.setattr("timix_xl.settings.sys.platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data" / "timix-xl"


def told() -> list[str]:
    """Have everything told; returns what was said, one text for each time."""
    said: list[str] = []
    untold.tell(said.append)
    return said


def test_a_message_is_told_once_with_its_time() -> None:
    untold.keep(ISSUED, AT, STORE)
    assert told() == [
        "This could not be shown when it happened:\n"
        "2026-02-01 10:05 (store /data/t.db) INV-2026-00001 issued, but acme.xlsx does not show it"
        " yet: LibreOffice ended. After that, issue the same workbook again: it issues nothing twice. [RUN-07]"
    ]
    assert told() == []


def test_messages_are_told_together_in_their_order(data: Path) -> None:
    untold.keep(ISSUED, AT, STORE)
    untold.keep(CalcGone(), AT + dt.timedelta(hours=1), STORE)
    (text,) = told()
    assert [line[-8:] for line in text.splitlines()[1:]] == ["[RUN-07]", "HOST-21]"]
    assert list(data.iterdir()) == []


def test_the_faults_of_a_refusal_are_told_with_it() -> None:
    faults = [Fault(f"ENTRY-{number:02}", "Entries!C14", "Wrong.", "") for number in range(7)]
    untold.keep(RunRefused(faults=faults, action="Issue", count="7 faults"), AT, STORE)
    (text,) = told()
    assert "Entries!C14: Wrong. [ENTRY-04] (2 more faults)" in text
    assert "ENTRY-05" not in text


def test_a_message_of_several_lines_is_one_line() -> None:
    untold.keep(IssuedButNotWritten(run="A\nB", path="x.xlsx", why="c"), AT, STORE)
    assert len(told()[0].splitlines()) == 2


def test_nothing_is_said_where_nothing_is_kept(data: Path) -> None:
    assert told() == []
    assert not data.exists()


def test_what_nobody_heard_is_told_again() -> None:
    def gone(_: str) -> None:
        raise CalcGone

    untold.keep(ISSUED, AT, STORE)
    with pytest.raises(CalcGone):
        untold.tell(gone)
    assert "INV-2026-00001" in told()[0]


def test_what_comes_in_while_it_is_told_is_not_lost() -> None:
    untold.keep(ISSUED, AT, STORE)
    untold.tell(lambda _: untold.keep(CalcGone(), AT, STORE))
    (text,) = told()
    assert "HOST-21" in text
    assert "RUN-07" not in text


def test_another_press_that_tells_at_the_same_time_does_no_harm() -> None:
    untold.keep(ISSUED, AT, STORE)
    untold.tell(lambda _: told())
    assert told() == []


def test_what_is_being_told_is_told_to_nobody_else() -> None:
    untold.keep(ISSUED, AT, STORE)
    meanwhile: list[str] = []
    untold.tell(lambda _: meanwhile.extend(told()))
    assert meanwhile == []


def test_what_is_put_back_goes_beside_what_came_meanwhile() -> None:
    def gone(_: str) -> None:
        untold.keep(CalcGone(), AT, STORE)
        raise KeyboardInterrupt

    untold.keep(ISSUED, AT, STORE)
    with pytest.raises(KeyboardInterrupt):
        untold.tell(gone)
    assert {line[-8:] for line in told()[0].splitlines()[1:]} == {"[RUN-07]", "HOST-21]"}


def test_reading_and_forgetting_can_be_apart() -> None:
    untold.keep(ISSUED, AT, STORE)
    waiting = untold.waiting()
    assert len(untold.words(waiting)) == 2
    untold.keep(CalcGone(), AT, STORE)
    untold.forget(waiting)
    (text,) = told()
    assert "HOST-21" in text
    assert "RUN-07" not in text
    assert untold.words(untold.waiting()) == []


def test_of_many_messages_the_last_ones_are_told() -> None:
    for number in range(untold.MOST + 3):
        untold.keep(ISSUED, AT + dt.timedelta(minutes=number), STORE)
    lines = told()[0].splitlines()
    assert lines[1] == "(3 earlier messages left out)"
    assert lines[2].startswith("2026-02-01 10:08")
    assert len(lines) == untold.MOST + 2


def as_a_folder(place: Path) -> None:
    place.mkdir(parents=True)


def as_bytes(content: bytes) -> Callable[[Path], None]:
    def write(place: Path) -> None:
        place.parent.mkdir(parents=True)
        place.write_bytes(content)

    return write


@pytest.mark.parametrize(
    ("make", "lines"),
    [
        (as_a_folder, 0),
        (as_bytes(b""), 0),
        (as_bytes(b"\n\n \n"), 0),
        (as_bytes(b"\xff\xfe\x00\x00"), 2),
        (as_bytes(b"a\x1b[2J\x07b"), 2),
    ],
    ids=["a folder", "empty", "blank", "no text", "control characters"],
)
def test_a_broken_file_stops_nobody(make: Callable[[Path], None], lines: int) -> None:
    make(untold.place())
    said = told()
    assert sum(len(text.splitlines()) for text in said) == lines
    assert all(text.replace("\n", "").isprintable() for text in said)
    untold.keep(ISSUED, AT, STORE)


def test_a_data_folder_that_cannot_be_made_stops_nobody(data: Path) -> None:
    data.parent.write_text("a file in the way")
    untold.keep(ISSUED, AT, STORE)
    assert told() == []


def test_every_message_is_a_line_of_a_file_of_this_user(data: Path) -> None:
    untold.keep(ISSUED, AT, STORE)
    stopped: TimixError = CalcGone()
    untold.keep(stopped, AT, STORE)
    assert untold.place() == data / "untold.txt"
    assert len(untold.place().read_text(encoding="utf-8").splitlines()) == 2
