"""What cannot be read is refused plainly."""

import zipfile
from pathlib import Path

import pytest

from tests.hosts.builders import rewritten
from timix_xl.errors import FileNotThere, TimixError
from timix_xl.hosts import preflight
from timix_xl.hosts.files import open_book
from timix_xl.hosts.refusals import (
    NotAWorkbook,
    NotReadable,
    WorkbookDamaged,
    WorkbookLocked,
    WorkbookTooBig,
    WorkbookUnsafe,
)


def refused(path: Path, leaf: type[TimixError]) -> str:
    """Give the message that a file is refused with."""
    with pytest.raises(leaf) as refusal:
        open_book(path)
    return str(refusal.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert "missing.xlsx" in refused(tmp_path / "missing.xlsx", FileNotThere)


@pytest.mark.parametrize(
    ("content", "leaf"),
    [
        (b"", NotAWorkbook),
        (b"Date;Hours\n", NotAWorkbook),
        (b"PK\x03\x04 and no more", WorkbookDamaged),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), WorkbookLocked),
    ],
)
def test_a_file_of_another_kind(tmp_path: Path, content: bytes, leaf: type[TimixError]) -> None:
    path = tmp_path / "file.xlsx"
    path.write_bytes(content)
    refused(path, leaf)


def test_a_zip_that_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    refused(path, NotAWorkbook)


def test_a_truncated_workbook(billing: Path) -> None:
    billing.write_bytes(billing.read_bytes()[:-200])
    refused(billing, WorkbookDamaged)


def test_a_part_that_is_no_xml(billing: Path) -> None:
    rewritten(billing, lambda parts: parts.update({"xl/styles.xml": b"<styleSheet"}))
    refused(billing, WorkbookDamaged)


def test_a_document_type(billing: Path) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><workbook/>'
    rewritten(billing, lambda parts: parts.update({"xl/workbook.xml": bomb}))
    assert "document type" in refused(billing, WorkbookUnsafe)


def test_another_encoding(billing: Path) -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?><sst/>'.encode("utf-16")
    rewritten(billing, lambda parts: parts.update({"xl/odd.xml": text}))
    assert "UTF-8" in refused(billing, WorkbookUnsafe)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name(billing: Path) -> None:
    with zipfile.ZipFile(billing, "a") as archive:
        archive.writestr("xl/Workbook.xml", "<workbook/>")
    assert "same name" in refused(billing, WorkbookUnsafe)


def test_a_part_outside_of_the_file(billing: Path) -> None:
    rewritten(billing, lambda parts: parts.update({"../up.xml": b"<a/>"}))
    refused(billing, WorkbookUnsafe)


def test_a_bomb(billing: Path) -> None:
    with zipfile.ZipFile(billing, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/big.xml", b" " * (8 << 20))
    assert "times its size" in refused(billing, WorkbookUnsafe)


def test_more_rows_than_are_read(billing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "MOST_ROWS", 5)
    assert "8 rows" in refused(billing, WorkbookTooBig)


def test_a_file_that_may_not_be_read(billing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", denied)
    assert "HOST-14" in refused(billing, NotReadable)
