"""The commands of the extension, on computers of the test's."""

import hashlib
import os
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.addin.calc.offices import FakeOffice, fake_office
from tests.addin.machines import machine
from tests.cli.terminal import run
from timix_xl import __version__, settings
from timix_xl.addin import extending, extension, extension_checks, window_profile
from timix_xl.addin.machine import Machine
from timix_xl.addin.places import System
from timix_xl.cli import addin_commands

ROOT = Path(__file__).parents[3]
CALC = ("--host", "calc")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Sit down at a Linux computer with a LibreOffice."""
    office = fake_office(tmp_path / "office")
    told = {"XDG_CONFIG_HOME": str(office.folder / "config"), "PATH": "/usr/bin:/bin"}
    made = machine(System.OTHER, tmp_path / "home", environment=told)
    for module in (settings, window_profile):
        monkeypatch.setattr(module, "data_folder", lambda: tmp_path / "data")
    monkeypatch.setattr(addin_commands, "this_machine", lambda: made)
    monkeypatch.setattr(extending, "is_root", lambda: False)
    monkeypatch.setattr(extension_checks, "loading", lambda python: None)
    for module in (extending, extension_checks):
        monkeypatch.setattr(module, "find_office", lambda environment, **_: office.office)
    return made


def office_of(here: Machine) -> FakeOffice:
    return FakeOffice(Path(here.environment["XDG_CONFIG_HOME"]).parent)


def test_build_writes_the_extension_and_says_its_digest(tmp_path: Path) -> None:
    path = tmp_path / "out.oxt"
    said = run("addin", "build", *CALC, "-o", str(path), "--json").json
    content = path.read_bytes()

    assert content == extension.build()
    assert said == {
        "file": str(path),
        "version": __version__,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def test_build_into_a_folder_gives_it_its_usual_name(tmp_path: Path) -> None:
    assert run("addin", "build", *CALC, "-o", str(tmp_path)).out.startswith("Wrote")
    assert (tmp_path / "timix.oxt").is_file()


@pytest.mark.parametrize(
    ("name", "host"), [("timix.xlam", "calc"), ("timix.oxt", "excel"), ("timix.zip", "calc")]
)
def test_a_file_of_the_other_program_is_refused(tmp_path: Path, name: str, host: str) -> None:
    said = run("addin", "build", "--host", host, "-o", str(tmp_path / name), "--json")

    assert said.error["code"] == "ARG-01"
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="folders there take new names of files")
def test_an_extension_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    said = run("addin", "build", *CALC, "-o", str(tmp_path / "gone" / "timix.oxt"), "--json")

    assert said.error["code"] == "ADDIN-27"


def test_install_says_where_it_went_what_it_starts_and_what_is_next(
    here: Machine, tmp_path: Path
) -> None:
    said = run("--store", str(tmp_path / "t.db"), "addin", "install", *CALC)

    assert said.code == 0, said
    words = " ".join(said.out.split())
    assert f"Installed the extension Timix {__version__} for you in LibreOffice 7.4" in words
    assert f"Its buttons start {here.python}." in words
    assert "Next: save your work, quit LibreOffice in all its windows" in words
    assert 'store = "' in (tmp_path / "data" / "settings.toml").read_text()
    assert office_of(here).installed.is_dir()


def test_install_in_json(here: Machine) -> None:
    assert run("addin", "install", *CALC, "--json").json == {
        "version": __version__,
        "office": str(office_of(here).folder),
        "office_version": "7.4",
        "python": str(here.python),
        "settings_changed": False,
    }


def test_a_signed_add_in_is_not_for_calc(here: Machine) -> None:
    said = run("addin", "install", *CALC, "--file", "timix.xlam", "--json")

    assert said.error["code"] == "ARG-02"
    assert office_of(here).asked == []


def test_uninstall_says_what_it_removed_and_then_that_there_is_nothing(here: Machine) -> None:
    run("addin", "install", *CALC)

    assert f"Removed the extension Timix {__version__}" in run("addin", "uninstall", *CALC).out
    said = run("addin", "uninstall", *CALC)
    assert said.out.startswith("The extension is not installed")
    assert run("addin", "uninstall", *CALC, "--json").json == {"removed": None}


def test_the_doctor_names_what_is_wrong_and_ends_with_a_code(here: Machine, tmp_path: Path) -> None:
    said: Any = run("addin", "doctor", *CALC, "--json")
    codes = {one["check"]: one["code"] for one in said.json["checks"]}

    assert said.code == 6
    assert codes["Extension"] == "DOCTOR-18"
    assert not said.json["ok"]


def test_the_doctor_of_calc_asks_no_excel_that_could_be_left_alone(here: Machine) -> None:
    said = run("addin", "doctor", *CALC, "--without-excel", "--json")

    assert said.error["code"] == "ARG-02"
    assert "--without-excel is for Excel's add-in" in said.error["message"]
    assert office_of(here).asked == []


def test_the_texts_travel_in_the_wheel() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    included = told["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]

    assert included["addin"] == "timix_xl/addin/sources"
    assert {one for one in os.listdir(ROOT / "addin" / "calc") if "." in one[1:]} == {
        *("ProtocolHandler.xcu", "description.txt", "description.xml"),
        *("timix.components", "timix_toolbar.py"),
    }
