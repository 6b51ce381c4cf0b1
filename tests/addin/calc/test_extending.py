"""Installing the extension and taking it away, by a stand-in for unopkg; nothing is ever half there."""

from pathlib import Path
from typing import Any

import pytest

from tests.addin.calc.offices import FakeOffice, fake_office
from tests.addin.machines import files_below, machine
from timix_xl import settings
from timix_xl.addin import extending
from timix_xl.addin.extending import Said, install, reason, uninstall
from timix_xl.addin.extension import configuration, extension_files
from timix_xl.addin.machine import Machine
from timix_xl.addin.places import System
from timix_xl.addin.refusals import (
    ExtensionNotTaken,
    ExtensionStays,
    NotFoundFromCalc,
    NotPlaced,
    RootInstalls,
    UnopkgSilent,
)
from timix_xl.errors import SettingsUnreadable
from timix_xl.hosts.calc.finding import Office
from timix_xl.hosts.refusals import CalcMissing, UnoOfOtherPython

STORE = {"store": "/data/timix.db"}


@pytest.fixture(autouse=True)
def somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be a user who is not root, whoever runs the tests."""
    monkeypatch.setattr(extending, "is_root", lambda: False)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeOffice:
    """A LibreOffice of the test's."""
    made = fake_office(tmp_path / "Libre Office")
    monkeypatch.setattr(extending, "find_office", lambda environment, **_: made.office)
    return made


@pytest.fixture
def here(tmp_path: Path, office: FakeOffice) -> Machine:
    """A Linux computer with that LibreOffice."""
    told = {"XDG_CONFIG_HOME": str(office.folder / "config"), "PATH": "/usr/bin:/bin"}
    return machine(System.OTHER, tmp_path / "home", environment=told)


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own."""
    monkeypatch.setattr(settings, "data_folder", lambda: tmp_path / "data")
    return tmp_path / "data"


def test_installing_unpacks_the_extension_with_the_python_to_start(
    here: Machine, office: FakeOffice
) -> None:
    done = install(here, {})

    wanted = extension_files() | {"timix.json": configuration(here.python)}
    assert files_below(office.installed) == wanted
    assert done.office == office.office
    assert not done.settings_changed


def test_installing_again_replaces_what_is_there(here: Machine, office: FakeOffice) -> None:
    office.has({"timix.json": b"old", "old.txt": b"old"})

    install(here, {})

    assert "old.txt" not in files_below(office.installed)
    assert (office.installed / "timix.json").read_bytes() == configuration(here.python)


def test_the_store_and_the_user_go_into_the_settings_file(here: Machine, data: Path) -> None:
    done = install(here, STORE | {"user": "maja"})

    told = (data / "settings.toml").read_text("utf-8")
    assert 'store = "/data/timix.db"' in told
    assert 'user = "maja"' in told
    assert done.settings_changed
    assert not install(here, STORE).settings_changed


def test_what_libreoffice_refuses_is_told_in_its_words(here: Machine, office: FakeOffice) -> None:
    office.plan(refuses=["add"])

    with pytest.raises(ExtensionNotTaken, match=r"extension \(Bad Zip File\); what"):
        install(here, {})


def test_a_refused_extension_leaves_the_settings_as_they_were(
    here: Machine, office: FakeOffice, data: Path
) -> None:
    office.plan(refuses=["add"])

    with pytest.raises(ExtensionNotTaken):
        install(here, STORE)
    assert files_below(data) == {}

    (data / "settings.toml").write_text('user = "jo"\n')
    with pytest.raises(ExtensionNotTaken):
        install(here, STORE)
    assert files_below(data) == {"settings.toml": b'user = "jo"\n'}


def test_half_of_a_new_extension_is_taken_away(here: Machine, office: FakeOffice) -> None:
    office.plan(refuses=["add"], leaves_half=True)

    with pytest.raises(ExtensionNotTaken):
        install(here, {})

    assert office.asked == ["list", "add", "list", "remove", "list"]
    assert not office.installed.exists()


def test_an_older_extension_stays_when_the_new_one_is_refused(
    here: Machine, office: FakeOffice
) -> None:
    office.has({"old.txt": b"old"})
    office.plan(refuses=["add"])

    with pytest.raises(ExtensionNotTaken):
        install(here, {})

    assert files_below(office.installed) == {"old.txt": b"old"}


def test_an_older_extension_that_the_new_one_has_replaced_is_not_said_to_be_as_it_was(
    here: Machine, office: FakeOffice
) -> None:
    office.has({"old.txt": b"old"})
    office.plan(uses_none=True)

    with pytest.raises(ExtensionNotTaken) as refused:
        install(here, {})

    assert refused.value.message == (
        "LibreOffice does not take the extension (it does not list the extension as registered);"
        " what was installed before may be gone or half there."
    )
    # It is not taken away: the next installation may make it whole.
    assert "remove" not in office.asked


def test_an_older_extension_that_is_lost_is_not_said_to_be_as_it_was(
    here: Machine, office: FakeOffice
) -> None:
    office.has({"old.txt": b"old"})
    office.plan(refuses=["add"], loses=True)

    with pytest.raises(ExtensionNotTaken, match="before may be gone or half there"):
        install(here, {})


def test_half_of_a_new_extension_that_stays_is_told(here: Machine, office: FakeOffice) -> None:
    office.plan(refuses=["add", "remove"], leaves_half=True)

    with pytest.raises(ExtensionNotTaken, match="may be gone or half there"):
        install(here, {})


def test_after_an_unopkg_that_did_not_end_the_settings_are_as_they_were_and_again_does_it_whole(
    here: Machine, office: FakeOffice, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.has({"old.txt": b"old"})
    office.plan(sleeps=60, loses=True)
    monkeypatch.setattr(extending, "SECONDS", 1)

    with pytest.raises(UnopkgSilent) as silent:
        install(here, STORE)
    assert "as it was" not in str(silent.value)
    assert files_below(data) == {}

    monkeypatch.setattr(extending, "SECONDS", 60)
    office.plan()
    install(here, STORE)
    assert "old.txt" not in files_below(office.installed)


@pytest.mark.parametrize("told", [{"registered": "no"}, {"version": "0.0.1"}])
def test_an_extension_that_is_not_listed_as_ours_is_not_installed(
    here: Machine, office: FakeOffice, told: dict[str, Any]
) -> None:
    office.plan(**told)

    with pytest.raises(ExtensionNotTaken, match="does not list the extension as registered"):
        install(here, {})


def test_an_unopkg_that_does_not_end_is_not_waited_for(
    here: Machine, office: FakeOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.plan(sleeps=60)
    monkeypatch.setattr(extending, "SECONDS", 1)

    with pytest.raises(UnopkgSilent, match=r"had not ended after 1 second, and was stopped\."):
        install(here, {})


def test_a_libreoffice_without_unopkg_is_told(here: Machine, office: FakeOffice) -> None:
    (office.folder / "unopkg").unlink()

    with pytest.raises(ExtensionNotTaken, match="unopkg: No such file or directory"):
        install(here, {})


def test_windows_is_asked_through_the_program_that_waits(
    here: Machine, office: FakeOffice, tmp_path: Path
) -> None:
    (office.folder / "unopkg").rename(office.folder / "unopkg.com")
    roaming = {"APPDATA": str(office.folder / "config"), "PATH": "/usr/bin:/bin"}

    install(machine(System.WINDOWS, tmp_path / "windows", environment=roaming), {})

    assert office.asked == ["list", "add", "list"]


def test_root_is_told_who_should_do_it(
    here: Machine, office: FakeOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extending, "is_root", lambda: True)

    for step in (lambda: install(here, STORE), lambda: uninstall(here)):
        with pytest.raises(RootInstalls):
            step()
    assert office.asked == []


def test_a_python_that_libreoffice_would_not_find_timix_in_is_refused(
    here: Machine, office: FakeOffice
) -> None:
    hidden = machine(System.OTHER, here.home, hidden_from=lambda python: "No module named x.")

    with pytest.raises(NotFoundFromCalc, match=r"\(No module named x\)"):
        install(hidden, {})
    assert office.asked == []


def test_no_libreoffice_changes_nothing(
    here: Machine, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(environment: object, **_: object) -> None:
        raise CalcMissing(looked="nowhere", wanted="7.4")

    monkeypatch.setattr(extending, "find_office", none)

    with pytest.raises(CalcMissing):
        install(here, STORE)
    assert files_below(data) == {}


def test_broken_settings_are_told_before_anything_is_installed(
    here: Machine, office: FakeOffice, data: Path
) -> None:
    data.mkdir()
    (data / "settings.toml").write_text("store = C:\\books\n")

    with pytest.raises(SettingsUnreadable):
        install(here, STORE)
    assert office.asked == []


def test_settings_that_cannot_be_written_are_told_before_anything_is_installed(
    here: Machine, office: FakeOffice, data: Path
) -> None:
    data.write_text("a file in the place of the folder")

    with pytest.raises((NotPlaced, SettingsUnreadable)):
        install(here, STORE)
    assert office.asked == []


def test_uninstalling_takes_the_extension_away_and_says_its_version(
    here: Machine, office: FakeOffice, data: Path
) -> None:
    install(here, STORE)
    before = files_below(data)

    removed = uninstall(here)

    assert removed is not None
    assert not office.installed.exists()
    assert files_below(data) == before


def test_uninstalling_asks_for_no_uno(
    here: Machine, office: FakeOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def other(environment: object, *, with_uno: bool = True) -> Office:
        if with_uno:
            raise UnoOfOtherPython(folder="/usr/lib/libreoffice", theirs="3.12", ours="3.11")
        return office.office

    install(here, {})
    monkeypatch.setattr(extending, "find_office", other)

    assert uninstall(here) is not None
    with pytest.raises(UnoOfOtherPython):
        install(here, {})


def test_uninstalling_what_is_not_there_says_so(here: Machine, office: FakeOffice) -> None:
    assert uninstall(here) is None
    assert office.asked == ["list"]


def test_an_extension_that_stays_is_told(here: Machine, office: FakeOffice) -> None:
    install(here, {})
    office.plan(refuses=["remove"])

    with pytest.raises(ExtensionStays, match=r"\(Bad Zip File\)"):
        uninstall(here)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", "unopkg ended with 1"),
        ("ERROR: Cannot run unopkg as root.\n", "Cannot run unopkg as root"),
        ("warning\nERROR: Exception occurred: No. at ./a/b.cxx:12\n\nERROR: unopkg failed.", "No"),
        ("unopkg: not found", "unopkg: not found"),
    ],
)
def test_the_reason_is_the_first_that_unopkg_says(words: str, expected: str) -> None:
    assert reason(Said(1, words)) == expected
