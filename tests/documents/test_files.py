"""File names and writing."""

import os
import stat
from pathlib import Path

import pytest

from timix_xl.documents.files import safe_name, write_file
from timix_xl.documents.refusals import FileNotWritten, OutsideFolder


@pytest.mark.bad_input("N01")
@pytest.mark.bad_input("N03")
@pytest.mark.bad_input("N04")
@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("INV-2026-00042", "INV-2026-00042.pdf"),
        ("INV/2026/42", "INV_2026_42.pdf"),
        ("../../x", "x.pdf"),
        ("..\\..\\x", "x.pdf"),
        ("/etc/x", "etc_x.pdf"),
        ("C:\\x", "C__x.pdf"),
        ("a:b", "a_b.pdf"),
        ("name. ", "name.pdf"),
        ("x\0y", "x_y.pdf"),
        ("\N{RIGHT-TO-LEFT OVERRIDE}fdp.exe", "fdp.exe.pdf"),
        ("CON", "_CON.pdf"),
        ("nul.txt", "_nul.txt.pdf"),
        ("COM¹", "_COM¹.pdf"),
        ("a\n b", "a_ b.pdf"),
        ("", "invoice.pdf"),
        ("...", "invoice.pdf"),
        ("Rechnung ü", "Rechnung ü.pdf"),
        ("\ud800", "invoice.pdf"),
    ],
)
def test_a_number_becomes_a_flat_name(number: str, name: str) -> None:
    assert safe_name(number) == name


def test_a_long_number_is_cut_between_characters() -> None:
    name = safe_name("ü" * 500)
    assert len(name.encode()) <= 130
    assert name == "ü" * 60 + ".pdf"


def test_a_file_is_written_and_the_folder_made(tmp_path: Path) -> None:
    path = write_file(tmp_path / "2026" / "pdf", "INV-1.pdf", b"one")
    assert path.read_bytes() == b"one"


def test_a_file_replaces_the_older_one_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    write_file(tmp_path, "INV-1.pdf", b"one")
    write_file(tmp_path, "INV-1.pdf", b"two")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"INV-1.pdf": b"two"}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no umask")
def test_colleagues_may_read_the_file(tmp_path: Path) -> None:
    umask = os.umask(0o022)
    try:
        path = write_file(tmp_path, "INV-1.pdf", b"one")
    finally:
        os.umask(umask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


@pytest.mark.bad_input("N01")
@pytest.mark.parametrize("name", ["../INV-1.pdf", "a/b.pdf", "/etc/x.pdf", "", "..", "x\0y"])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "out"
    with pytest.raises(OutsideFolder) as refused:
        write_file(folder, name, b"one")
    assert refused.value.code == "EXP-02"
    assert not folder.exists()


def test_a_link_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "INV-1.pdf").symlink_to(tmp_path / "elsewhere.pdf")
    with pytest.raises(OutsideFolder):
        write_file(tmp_path / "out", "INV-1.pdf", b"one")


@pytest.mark.bad_input("N06")
def test_a_file_open_elsewhere_keeps_its_content_and_says_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def in_use(*_: object) -> None:
        raise PermissionError(13, "The file is in use")

    write_file(tmp_path, "INV-1.pdf", b"one")
    monkeypatch.setattr(os, "replace", in_use)
    with pytest.raises(FileNotWritten) as refused:
        write_file(tmp_path, "INV-1.pdf", b"two")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"INV-1.pdf": b"one"}
    assert str(refused.value) == (
        f"{tmp_path / 'INV-1.pdf'} cannot be written (The file is in use). "
        "The document INV-1 stands; only its file is missing. "
        "Close the file if it is open in another program, or choose another folder, "
        "then write it again: timix-xl invoice pdf INV-1. [EXP-01]"
    )


def test_the_message_names_the_number_that_the_command_takes(tmp_path: Path) -> None:
    (tmp_path / "INV_1.pdf").mkdir()
    with pytest.raises(FileNotWritten, match="document INV/1 stands") as refused:
        write_file(tmp_path, "INV_1.pdf", b"one", number="INV/1")
    assert refused.value.exit_code == 8


def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(FileNotWritten):
        write_file(tmp_path / "out", "INV-1.pdf", b"one")
