"""Opening a workbook with a program of the machine."""

import os
import sys
from pathlib import Path

import pytest

from timix_xl.hosts import opening
from timix_xl.hosts.refusals import NoProgram

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="stands in for Linux' programs")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with no programs but those of this folder."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def install(folder: Path, name: str, does: str) -> Path:
    """Put a program there; returns the file in which it notes what it was asked."""
    noted = folder / f"{name}.txt"
    program = folder / name
    program.write_text(f'#!/bin/sh\necho "$@" > "{noted}"\n{does}\n', encoding="utf-8")
    program.chmod(0o755)
    return noted


def test_the_desktop_s_program_opens_the_file(programs: Path, tmp_path: Path) -> None:
    noted = install(programs, "xdg-open", "exit 0")
    opening.open_workbook(tmp_path / "a b.xlsx")
    assert noted.read_text().strip() == str(tmp_path / "a b.xlsx")


def test_where_the_desktop_knows_none_the_next_is_tried(programs: Path, tmp_path: Path) -> None:
    install(programs, "xdg-open", "exit 3")
    noted = install(programs, "soffice", "exit 0")
    opening.open_workbook(tmp_path / "a.xlsx")
    assert noted.read_text().strip() == f"--calc {tmp_path / 'a.xlsx'}"


def test_a_program_that_keeps_running_has_opened_the_file(
    programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "SECONDS", 0.1)
    install(programs, "xdg-open", "exec /bin/sleep 1")
    opening.open_workbook(tmp_path / "a.xlsx")


def test_a_machine_without_one_is_told(programs: Path, tmp_path: Path) -> None:
    with pytest.raises(NoProgram) as stopped:
        opening.open_workbook(tmp_path / "a.xlsx")
    assert str(tmp_path / "a.xlsx") in stopped.value.message


def test_what_we_set_for_a_libreoffice_of_ours_is_not_handed_on(
    programs: Path, tmp_path: Path
) -> None:
    noted = tmp_path / "noted.txt"
    install(programs, "xdg-open", f'echo "$URE_BOOTSTRAP" > "{noted}"')
    os.putenv("URE_BOOTSTRAP", "vnd.sun.star.pathname:/of/another")
    try:
        opening.open_workbook(tmp_path / "a.xlsx")
    finally:
        os.unsetenv("URE_BOOTSTRAP")
    assert noted.read_text().strip() == ""


def test_a_name_that_looks_like_an_option_is_none(
    programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    noted = install(programs, "xdg-open", "exit 0")
    opening.open_workbook(Path("--headless.xlsx"))
    assert noted.read_text().strip() == str(tmp_path / "--headless.xlsx")
