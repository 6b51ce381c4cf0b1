"""Whole files that cannot be read: each says plainly why."""

import os
import re
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from timix_xl.errors import BadArgument, FileNotThere, FileUnreadable
from timix_xl.importing import sources
from timix_xl.importing.refusals import FileTooBig, FormatNotUnderstood, NotThatFormat
from timix_xl.importing.sources import read_source
from timix_xl.importing.take_in import take_in

BILLING_WORKBOOK = Path(__file__).parents[2] / "workbooks" / "billing.xlsx"

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


def test_what_is_no_text_is_answered_with_the_kinds_that_are_read(take: Any) -> None:
    with pytest.raises(FileUnreadable) as caught:
        take(b"id,date,project,\x81\xff\n", "file.bin")
    assert caught.value.hint == "Give a .csv, .xlsx or .json file (a text in UTF-8)."


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"%PDF-1.7", "a PDF"),
        (b"SQLite format 3\x00", "a database"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"\xff\xd8\xff\xe0", "a picture"),
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


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match=r"it is a folder\. Give a file in it\."):
        read_source(tmp_path, None)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "hours.csv")
    with pytest.raises(FileNotThere):
        read_source(tmp_path / "hours.csv", None)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such device")
def test_a_device_is_no_file() -> None:
    with pytest.raises(FileNotThere):
        read_source(Path(os.devnull), None)


@pytest.mark.parametrize("folder", ["", "/books"])
def test_a_web_address_is_to_be_downloaded_first(folder: str) -> None:
    with pytest.raises(FileUnreadable) as caught:
        read_source(Path(folder) / "https://example.com/a/hours.csv", None)
    assert caught.value.message == (
        "https://example.com/a/hours.csv cannot be read: it is a web address."
    )
    assert caught.value.hint == "Download it first, then give the file."


@pytest.mark.parametrize("file_format", [None, "entries", "books"])
def test_the_billing_workbook_is_not_imported(file_format: str | None) -> None:
    with pytest.raises(FormatNotUnderstood, match="it is filled from the store") as caught:
        read_source(BILLING_WORKBOOK, file_format)
    assert caught.value.message == (
        f"{BILLING_WORKBOOK} is a billing workbook: it is filled from the store, and not imported."
    )


def test_the_billing_workbook_is_known_whatever_its_sheets_are_named(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(BILLING_WORKBOOK)
    for sheet in book.worksheets:
        sheet.title = f"My {sheet.title}"
    book.save(tmp_path / "mine.xlsx")
    with pytest.raises(FormatNotUnderstood, match="a billing workbook"):
        read_source(tmp_path / "mine.xlsx", None)


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
