"""What the doctor finds of the extension, on computers of the test's."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.addin.calc.offices import FakeOffice, fake_office
from tests.addin.machines import machine
from timix_xl import settings
from timix_xl.addin import extending, extension_checks, window_profile
from timix_xl.addin.examining import State
from timix_xl.addin.extending import install
from timix_xl.addin.extension_checks import examine
from timix_xl.addin.machine import Machine
from timix_xl.addin.places import System
from timix_xl.addin.window_profile import WindowProfile, profile_for
from timix_xl.hosts.refusals import CalcMissing
from timix_xl.store.database import make_store


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own."""
    for module in (settings, window_profile):
        monkeypatch.setattr(module, "data_folder", lambda: tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeOffice:
    """A LibreOffice of the test's; uno loads."""
    made = fake_office(tmp_path / "office")
    for module in (extending, extension_checks):
        monkeypatch.setattr(module, "find_office", lambda environment, **_: made.office)
    monkeypatch.setattr(extending, "is_root", lambda: False)
    monkeypatch.setattr(extension_checks, "loading", lambda python: None)
    return made


@pytest.fixture
def sound(tmp_path: Path, office: FakeOffice) -> Machine:
    """A computer where everything is in order."""
    told = {"XDG_CONFIG_HOME": str(office.folder / "config"), "PATH": "/usr/bin:/bin"}
    here = machine(System.OTHER, tmp_path / "home", environment=told)
    make_store(str(tmp_path / "timix.db"))
    install(here, {"store": str(tmp_path / "timix.db")})
    return here


def found(here: Machine, store: str | None = None) -> dict[str, tuple[State, str | None, str]]:
    """Examine; return each check's state, code and words."""
    return {one.name: (one.state, one.code, one.message) for one in examine(here, store=store)}


def test_a_sound_installation_has_nothing_wrong(sound: Machine) -> None:
    assert {state for state, _, _ in found(sound).values()} == {State.OK}
    assert list(found(sound)) == [
        *("Python", "timix-xl", "LibreOffice", "uno", "Extension", "Toolbar"),
        *("Settings", "Store", "LibreOffice's store"),
    ]


def test_no_libreoffice_is_found_and_what_hangs_on_it_is_not_checked(
    sound: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(environment: object, **_: object) -> None:
        raise CalcMissing(looked="nowhere", wanted="7.4")

    monkeypatch.setattr(extension_checks, "find_office", none)

    told = found(sound)
    assert told["LibreOffice"][1] == "HOST-16"
    for name in ("uno", "Extension", "Toolbar"):
        assert told[name][0] is State.NOT_CHECKED


def test_a_uno_that_does_not_load_is_told(sound: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extension_checks, "loading", lambda python: "ImportError: libuno.")

    assert found(sound)["uno"][1] == "DOCTOR-17"


def test_an_extension_that_is_not_there_is_told(sound: Machine) -> None:
    extending.uninstall(sound)

    told = found(sound)
    assert told["Extension"][1] == "DOCTOR-18"
    assert told["Toolbar"][0] is State.NOT_CHECKED


# Where only `open` has its own.


@pytest.fixture
def windows(sound: Machine, office: FakeOffice) -> WindowProfile:
    """A computer without the extension, where a workbook was opened with the toolbar of `open`."""
    extending.uninstall(sound)
    sound.python.parent.mkdir(parents=True)
    sound.python.touch()
    made = profile_for("/books/timix.db", None)
    made.prepare(office.office, sound.python)
    return made


def test_an_extension_that_is_not_needed_is_no_finding(
    sound: Machine, windows: WindowProfile
) -> None:
    told = found(sound)
    assert {state for state, _, _ in told.values()} == {State.OK}
    assert told["Extension"][2] == "not installed (not needed for: timix-xl open FILE --host calc)"
    assert told["Toolbar"][2] == "in 1 profile of timix-xl open"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ('{"python": "PYTHON", "version": "0.0.1"}', "is of version 0.0.1, this is"),
        ('{"python": "PYTHON"}', "is of version unknown, this is"),
        (
            '{"python": "/gone/python", "version": "0.1.0"}',
            "names /gone/python, which is not there",
        ),
        ("[]", "names no Python"),
    ],
)
def test_a_toolbar_of_open_that_does_not_work_is_told_where_a_libreoffice_runs_with_it(
    content: str,
    what: str,
    sound: Machine,
    windows: WindowProfile,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    windows.configuration.write_text(content.replace("PYTHON", str(sound.python)))
    state, _, words = found(sound)["Toolbar"]
    assert (state, words[-33:]) == (State.OK, "next timix-xl open renews 1 of them"[-33:])

    monkeypatch.setattr(window_profile, "may_run", lambda url: True)
    state, code, words = found(sound)["Toolbar"]
    assert (state, code) == (State.FINDING, "DOCTOR-22")
    assert f"{windows.configuration} {what}" in words


@pytest.mark.parametrize("plan", [{"version": "0.0.1"}, {"registered": "no"}])
def test_an_extension_of_another_version_or_unused_is_told(
    sound: Machine, office: FakeOffice, plan: dict[str, str]
) -> None:
    office.plan(**plan)

    assert found(sound)["Extension"][1] == "DOCTOR-19"


def test_an_extension_with_another_file_is_told(sound: Machine, office: FakeOffice) -> None:
    (office.installed / "timix_toolbar.py").write_text("import os")

    assert found(sound)["Extension"][1:] == (
        "DOCTOR-19",
        "The extension in LibreOffice is not the one that timix-xl 0.1.0 makes: its files are others.",
    )


def test_a_toolbar_that_starts_another_python_is_told(sound: Machine, office: FakeOffice) -> None:
    elsewhere = replace(sound, python=Path("/other/bin/python"))
    state, code, words = found(elsewhere)["Toolbar"]

    assert (state, code) == (State.FINDING, "DOCTOR-20")
    assert f"names {sound.python}, which is not there" in words


@pytest.mark.parametrize(
    ("content", "what"), [(None, "is not there"), (b"{", "names no Python"), (b"[]", "no Python")]
)
def test_a_configuration_that_names_none_is_told(
    sound: Machine, office: FakeOffice, content: bytes | None, what: str
) -> None:
    path = office.installed / "timix.json"
    path.unlink()
    if content is not None:
        path.write_bytes(content)

    assert what in found(sound)["Toolbar"][2]


def test_root_is_told_that_libreoffice_tells_it_nothing(
    sound: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extending, "is_root", lambda: True)

    told = found(sound)
    assert told["Extension"][0] is told["Toolbar"][0] is State.NOT_CHECKED
    assert "root" in told["Extension"][2]


def test_timix_that_libreoffice_would_not_find_is_told(sound: Machine) -> None:
    hidden = replace(sound, hidden_from=lambda python: "No module named timix_xl")

    assert found(hidden)["timix-xl"][1] == "ADDIN-23"


def test_a_python_that_was_not_tried_is_told(sound: Machine) -> None:
    assert found(replace(sound, python_version=(3, 14, 0)))["Python"][1] == "DOCTOR-01"


def test_another_store_here_is_a_warning(sound: Machine, tmp_path: Path) -> None:
    other = str(tmp_path / "other.db")
    make_store(other)

    assert found(sound, other)["LibreOffice's store"][:2] == (State.WARNING, "DOCTOR-21")
