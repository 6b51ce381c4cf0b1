"""The command line on a store of its own, and LibreOffice to calculate what was written."""

import contextlib
import io
import json
import os
import shutil
import subprocess
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.acceptance import extract
from timix_xl.cli.main import main


class Desk:
    """A folder with a store, worked on from the command line."""

    def __init__(self, folder: Path, today: str, place: str = "") -> None:
        self.folder = folder
        self.today = today
        self.place = place or str(folder / "timix.db")

    def run(self, *words: str, expect: int = 0) -> Any:
        """Run one command; return what it answers in JSON."""
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            code = main(
                ["--store", self.place, "--user", "ann", "--today", self.today, "--json", *words]
            )
        assert code == expect, said.getvalue()[:2000]
        return json.loads(said.getvalue())

    def path(self, name: str) -> str:
        """Name a file of the folder."""
        return str(self.folder / name)


@pytest.fixture(scope="session")
def month(tmp_path_factory: pytest.TempPathFactory, place_in: Callable[[Path], str]) -> Desk:
    """A desk whose store has the small extract in it."""
    folder = tmp_path_factory.mktemp("month")
    return with_the_extract(folder, place_in(folder))


def with_the_extract(folder: Path, place: str = "") -> Desk:
    """Make a store in the folder or elsewhere, with the small extract in it."""
    desk = Desk(folder, "2026-02-02", place)
    (desk.folder / "books.json").write_text(json.dumps(extract.BOOKS), encoding="utf-8")
    (desk.folder / "entries.csv").write_text(extract.entries_csv(), encoding="utf-8")
    desk.run("init")
    desk.run("import", desk.path("books.json"), desk.path("entries.csv"))
    return desk


Recalculate = Callable[[Path], openpyxl.Workbook]


@pytest.fixture(scope="session")
def recalculated(tmp_path_factory: pytest.TempPathFactory) -> Recalculate:
    """Let LibreOffice open a workbook, calculate it and save it; give what it made of it."""
    office = shutil.which("soffice")
    if office is None:
        if os.environ.get("CI") == "true":
            pytest.fail("soffice is missing, and CI has to have it")
        pytest.skip("soffice is not installed")
    folder = tmp_path_factory.mktemp("office")
    profile = (folder / "profile").as_uri()

    def run(path: Path) -> openpyxl.Workbook:
        command = [office, f"-env:UserInstallation={profile}", "--headless", "--convert-to"]
        out = folder / path.stem
        done = subprocess.run(
            [*command, "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), str(path)],
            check=True, capture_output=True, timeout=120, text=True,
        )  # fmt: skip
        assert "repair" not in (done.stdout + done.stderr).lower()
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*extension is not supported")
            return openpyxl.load_workbook(out / path.name, data_only=True)

    return run
