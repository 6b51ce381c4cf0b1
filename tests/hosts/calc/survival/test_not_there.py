"""No LibreOffice, or no screen to show it on: `open --host calc` says what to do, and changes nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders import Shop
from tests.cli.terminal import run
from tests.hosts.calc.survival.conftest import find_or_skip
from timix_xl.hosts import calc
from timix_xl.hosts.calc import finding
from timix_xl.hosts.refusals import CalcMissing


@pytest.fixture
def without_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which it is nowhere."""
    monkeypatch.delenv(finding.VARIABLE, raising=False)
    monkeypatch.setattr(finding, "_programs", lambda *_: iter(()))


def test_a_window_is_refused_with_what_to_install(
    path: Path, shop: Shop, without_libreoffice: None
) -> None:
    before = path.read_bytes()
    said = run("--store", shop.path, "open", str(path), "--host", "calc", "--json")
    assert (said.code, said.error["code"]) == (6, "HOST-16")
    assert "apt install libreoffice-calc python3-uno" in said.error["hint"]
    assert path.read_bytes() == before


def test_the_host_is_refused_alike(path: Path, without_libreoffice: None) -> None:
    with pytest.raises(CalcMissing):
        calc.open_book(path)


def test_one_that_is_named_and_is_not_there_is_told(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(finding.VARIABLE, "/nowhere/soffice")
    with pytest.raises(CalcMissing, match="/nowhere/soffice"):
        calc.start()


def test_without_a_screen_a_window_is_refused(
    path: Path, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    find_or_skip()
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    said = run("--store", shop.path, "open", str(path), "--host", "calc", "--json")
    assert (said.code, said.error["code"]) == (6, "HOST-23")


def test_without_a_screen_the_macros_work_all_the_same(path: Path) -> None:
    find_or_skip()
    bare = {name: value for name, value in os.environ.items() if "DISPLAY" not in name}
    work = f"""
from timix_xl.hosts import calc
with calc.open_book({str(path)!r}) as book:
    print(book.name)
"""
    done = subprocess.run(
        [sys.executable, "-c", work],
        env=bare,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout.strip(), done.returncode) == (path.name, 0), done.stderr
