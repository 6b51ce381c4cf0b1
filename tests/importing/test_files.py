"""Whole files that cannot be read: each says plainly why."""

import re
from pathlib import Path
from typing import Any

import pytest

from timix_xl.errors import BadArgument, FileNotThere, FileUnreadable, InputError
from timix_xl.importing import sources
from timix_xl.importing.refusals import FileTooBig, FormatNotUnderstood, NotThatFormat
from timix_xl.importing.take_in import take_in

UNREADABLE = [
    (b"", "it is empty"),
    (b" \n", "it is empty"),
    (b'{"vendors": [{"code": "A"}', "it ends too early"),
    (b'{"vendors": [{"code": "A" "name": "B"}]}', "a comma or a closing bracket is missing"),
    (b"{vendors: []}", "a key in double quotes should stand here"),
    (b'{"vendors" []}', "a colon is missing"),
    (b'{"vendors": ["a\nb"]}', "a text has a line end"),
    (b'{"vendors": []} more', "something follows behind the end"),
    (b'{"vendors": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deep"),
    (b"[]", "it is not an object"),
    ('{"vendors": [{"code": "Ä"}]}'.encode("cp1252"), "it is not UTF-8"),
    ('{"vendors": []}'.encode("utf-16"), "it is UTF-16"),
    (b"id,date,project,\x81\xff\n", "it is not a text file"),
    (b'id,date,project,quantity\n1,"2026\n', "its quotes"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "it is an old Excel workbook (.xls), or one with a password",
    ),
    (b"PK\x03\x04", "its zip is broken"),
]


@pytest.mark.parametrize(("content", "why"), UNREADABLE)
def test_an_unreadable_file_says_why(content: bytes, why: str, take: Any) -> None:
    with pytest.raises(FileUnreadable, match=re.escape(why)):
        take(content)


def test_broken_json_says_where(take: Any) -> None:
    with pytest.raises(FileUnreadable) as caught:
        take('{\n "vendors": [}\n')
    assert caught.value.where == "line 2, column 14"


@pytest.mark.parametrize("depth", [1, 300, 600, 900, 950, 5000])
def test_brackets_in_a_cell_are_refused_however_deep(depth: int, take: Any) -> None:
    content = f'{{"vendors": [{{"code": {"[" * depth}{"]" * depth}}}]}}'
    try:
        refused = bool(take(content).refused)
    except FileUnreadable as error:
        refused = "nested too deep" in error.message
    assert refused


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"%PDF-1.7", "a PDF"),
        (b"SQLite format 3\x00", "a database"),
        (b"User,Email,Client,Project,Start date\n", "no file that we know"),
    ],
)
def test_other_formats_say_what_is_understood(content: bytes, what: str, take: Any) -> None:
    with pytest.raises(FormatNotUnderstood, match=what) as caught:
        take(content, "file.bin")
    assert "exports of Toggl, Clockify, Harvest and Kimai" in caught.value.hint


def test_a_missing_file_is_not_found(store: Any, tmp_path: Path, actor: Any) -> None:
    with pytest.raises(FileNotThere):
        take_in(store, [tmp_path / "no.json"], actor=actor)


def test_a_folder_is_no_file(store: Any, tmp_path: Path, actor: Any) -> None:
    with pytest.raises(InputError):
        take_in(store, [tmp_path], actor=actor)


def test_a_huge_file_is_refused(take: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "LIMIT_MEGABYTES", 0)
    with pytest.raises(FileTooBig):
        take({"vendors": []})


def test_an_unknown_format_names_the_known_ones(take: Any) -> None:
    with pytest.raises(BadArgument, match="jira"):
        take({}, file_format="jira")


def test_a_format_that_the_columns_do_not_fit_names_what_is_missing(take: Any) -> None:
    with pytest.raises(NotThatFormat, match="it has no client, description, duration, start date"):
        take("User,Project\n", "hours.csv", file_format="toggl")


def test_the_format_given_is_used(take: Any) -> None:
    report = take("code,name\n", "x.csv", file_format="entries")
    assert report.refused
