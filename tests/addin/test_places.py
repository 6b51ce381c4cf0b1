"""Where the files of the add-in belong, for both systems, whatever the one that we run on."""

from pathlib import PurePath, PurePosixPath, PureWindowsPath

import pytest

from timix_xl.addin.places import System, places

HOME = PureWindowsPath(r"C:\Users\Jürgen Groß")
APPDATA = {"APPDATA": r"C:\Users\Jürgen Groß\AppData\Roaming"}
MAC_HOME = PurePosixPath("/Users/maja")
OFFICE = MAC_HOME / "Library/Group Containers/UBF8T346G9.Office"


def test_windows_loads_the_add_in_from_the_users_start_up_folder() -> None:
    found = places(System.WINDOWS, HOME, APPDATA)
    wanted = r"C:\Users\Jürgen Groß\AppData\Roaming\Microsoft\Excel\XLSTART\timix.xlam"
    assert str(found.addin) == wanted


def test_windows_follows_a_roaming_folder_on_a_server() -> None:
    found = places(System.WINDOWS, HOME, {"APPDATA": r"\\server\roaming\jg"})
    assert str(found.addin) == r"\\server\roaming\jg\Microsoft\Excel\XLSTART\timix.xlam"


def test_windows_without_the_variable_takes_the_usual_folder() -> None:
    assert places(System.WINDOWS, HOME, {}).addin == places(System.WINDOWS, HOME, APPDATA).addin


def test_windows_reads_the_configuration_in_the_users_folder() -> None:
    found = places(System.WINDOWS, HOME, APPDATA)
    assert str(found.configuration) == r"C:\Users\Jürgen Groß\.timix\timix.conf"


def test_windows_needs_no_script() -> None:
    assert places(System.WINDOWS, HOME, APPDATA).script is None


def test_a_mac_loads_the_add_in_from_offices_start_up_folder() -> None:
    found = places(System.MAC, MAC_HOME, {})
    assert found.addin == OFFICE / "User Content.localized/Startup.localized/Excel/timix.xlam"


def test_a_mac_reads_the_configuration_in_excels_container() -> None:
    found = places(System.MAC, MAC_HOME, {})
    wanted = "/Users/maja/Library/Containers/com.microsoft.Excel/Data/timix.conf"
    assert str(found.configuration) == wanted


def test_a_mac_takes_the_script_from_the_folder_of_excels_scripts() -> None:
    found = places(System.MAC, MAC_HOME, {})
    wanted = "/Users/maja/Library/Application Scripts/com.microsoft.Excel/timix-xl.applescript"
    assert str(found.script) == wanted


def test_a_mac_knows_the_start_up_folder_of_older_versions() -> None:
    assert OFFICE / "User Content/Startup/Excel" in places(System.MAC, MAC_HOME, {}).start_ups


@pytest.mark.parametrize(
    ("system", "home", "told"),
    [(System.WINDOWS, HOME, r"D:\Office\XLSTART"), (System.MAC, MAC_HOME, "/Volumes/Office/Excel")],
)
def test_what_a_running_excel_says_goes_first(system: System, home: PurePath, told: str) -> None:
    usual = places(system, home, {})
    found = places(system, home, {}, told)
    assert found.addin == type(home)(told) / "timix.xlam"
    assert found.start_ups[1:] == usual.start_ups


def test_an_excel_that_says_the_usual_folder_changes_nothing() -> None:
    usual = places(System.WINDOWS, HOME, APPDATA)
    assert places(System.WINDOWS, HOME, APPDATA, str(usual.start_ups[0])) == usual


def test_windows_knows_a_folder_whatever_its_capitals() -> None:
    home = PureWindowsPath(r"C:\Users\maja")
    told = str(places(System.WINDOWS, home, {}).start_ups[0]).upper()
    assert len(places(System.WINDOWS, home, {}, told).start_ups) == 1
