"""Installing and taking away, on both systems, in homes of the test's; nothing is ever half there."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from tests.addin.machines import Excel, files_below, machine, xlam
from timix_xl import __version__, settings
from timix_xl.addin import installing
from timix_xl.addin.installing import Installation, install, uninstall
from timix_xl.addin.places import System
from timix_xl.addin.refusals import (
    AddinInUse,
    ExcelNeverStarted,
    NoExcelHere,
    NotAPackage,
    NotFoundFromExcel,
    NotPlaced,
    NotTakenAway,
    NotTheAddin,
    OldCopyStays,
    PathNotUsable,
    StorePython,
)
from timix_xl.errors import SettingsUnreadable

ADDIN = b"the add-in of today"
SCRIPT = "the script of today"
BOTH = (System.WINDOWS, System.MAC)
XLSTART = "AppData/Roaming/Microsoft/Excel/XLSTART"
OFFICE = "Library/Group Containers/UBF8T346G9.Office"
STARTUP = f"{OFFICE}/User Content.localized/Startup.localized/Excel"
SCRIPTS = "Library/Application Scripts/com.microsoft.Excel"
DATA = "Library/Containers/com.microsoft.Excel/Data"
WANTED = {
    System.WINDOWS: {f"{XLSTART}/timix.xlam", ".timix/timix.conf"},
    System.MAC: {f"{STARTUP}/timix.xlam", f"{DATA}/timix.conf", f"{SCRIPTS}/timix-xl.applescript"},
}
PLACE = {system: min(one for one in WANTED[system] if "xlam" in one) for system in BOTH}
HOMES = ("maja", "Maja van Berg", "Jürgen Groß", "a" * 90)


@pytest.fixture(autouse=True)
def made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have an add-in that is made at once."""
    monkeypatch.setattr(installing, "build", lambda: ADDIN)
    monkeypatch.setattr(installing, "text", lambda name: SCRIPT)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own."""
    monkeypatch.setattr(settings, "data_folder", lambda: tmp_path / "data")
    return tmp_path / "data"


def put(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


class Disk:
    """A disk that refuses to write, replace or remove files of some names."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.written: list[str] = []
        self.monkeypatch = monkeypatch

    def holds_open(self, name: str) -> None:
        """Let nobody put another file in the place of this one, as Windows does."""
        original = Path.replace

        def replace(path: Path, target: Path) -> Path:
            if target.name == name:
                code = errno.EACCES
                raise PermissionError(code, os.strerror(code), str(path), None, str(target))
            return original(path, target)

        self.monkeypatch.setattr(Path, "replace", replace)

    def refuses(self, folder: str, code: int) -> None:
        """Let nobody write into folders of this name."""
        original = Path.open

        def opened(path: Path, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
            if path.parent.name == folder and "x" in mode:
                raise OSError(code, os.strerror(code), str(path))
            return original(path, mode, *args, **kwargs)

        self.monkeypatch.setattr(Path, "open", opened)

    def keeps(self, name: str) -> None:
        """Let nobody remove a file of this name."""
        original = Path.unlink

        def unlink(path: Path, missing_ok: bool = False) -> None:
            if path.name == name:
                raise PermissionError(errno.EACCES, "in use", str(path))
            original(path, missing_ok)

        self.monkeypatch.setattr(Path, "unlink", unlink)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


def written(done: Installation) -> list[str]:
    return [one.path.name for one in done.files if one.changed]


@pytest.mark.parametrize("system", BOTH)
@pytest.mark.parametrize("name", HOMES, ids=["plain", "blanks", "umlauts", "long"])
def test_every_file_is_put_in_its_place(system: System, name: str, tmp_path: Path) -> None:
    home = tmp_path / name
    home.mkdir()
    python = Path("/opt/timix-xl/bin/python")  # a Mac's macros are not known to read umlauts
    install(machine(system, home, python=python), {})
    assert set(files_below(home)) == WANTED[system]
    assert files_below(home)[PLACE[system]] == ADDIN


def test_the_configuration_on_windows_is_in_the_code_page_of_windows(tmp_path: Path) -> None:
    home = tmp_path / "Jürgen Groß"
    install(machine(System.WINDOWS, home), {})
    wanted = f'"INTERPRETER_WIN","{home / "venv" / "Scripts" / "python.exe"}"\r\n'
    assert (home / ".timix" / "timix.conf").read_bytes() == wanted.encode("cp1252")


def test_the_configuration_on_a_mac_names_the_interpreter(home: Path) -> None:
    install(machine(System.MAC, home), {})
    wanted = f'"INTERPRETER_MAC","{home / "venv" / "bin" / "python"}"\n'
    assert (home / DATA / "timix.conf").read_text("ascii") == wanted


def test_the_script_of_a_mac_is_written_as_it_is(home: Path) -> None:
    install(machine(System.MAC, home), {})
    assert (home / SCRIPTS / "timix-xl.applescript").read_text() == SCRIPT


@pytest.mark.parametrize("system", BOTH)
def test_installing_twice_gives_the_same_and_writes_nothing(system: System, home: Path) -> None:
    install(machine(system, home), {})
    before = files_below(home)
    assert written(install(machine(system, home), {})) == []
    assert files_below(home) == before


def test_installing_the_same_again_is_no_matter_to_an_open_excel(home: Path, disk: Disk) -> None:
    install(machine(System.WINDOWS, home), {})
    disk.holds_open("timix.xlam")
    assert written(install(machine(System.WINDOWS, home), {})) == []


@pytest.mark.parametrize("system", BOTH)
def test_an_upgrade_replaces_the_older_add_in(system: System, home: Path) -> None:
    put(home / PLACE[system], b"older")
    assert "timix.xlam" in written(install(machine(system, home), {}))
    assert set(files_below(home)) == WANTED[system]
    assert files_below(home)[PLACE[system]] == ADDIN


def test_a_running_excel_says_where_it_starts_from(home: Path, tmp_path: Path) -> None:
    excel = Excel()
    excel.start_up = str(tmp_path / "moved")
    install(machine(System.WINDOWS, home, running_excel=lambda: excel), {})
    assert (tmp_path / "moved" / "timix.xlam").read_bytes() == ADDIN


def test_an_excel_that_does_not_answer_leaves_the_usual_place(home: Path) -> None:
    def busy() -> Any:
        raise OSError

    install(machine(System.WINDOWS, home, running_excel=busy), {})
    assert (home / PLACE[System.WINDOWS]).is_file()


@pytest.mark.parametrize("system", BOTH)
def test_a_busy_excel_keeps_nobody_waiting(system: System, home: Path) -> None:
    excel = Excel()
    excel.busy = True
    one = machine(system, home, running_excel=lambda: excel)
    install(one, {})
    assert set(files_below(home)) == WANTED[system]
    uninstall(one)
    assert files_below(home) == {}


@pytest.mark.parametrize("system", BOTH)
def test_nothing_is_ever_written_beside_the_add_in(
    system: System, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    original = Path.open

    def noted(path: Path, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        if "x" in mode:
            opened.append(path)
        return original(path, mode, *args, **kwargs)

    monkeypatch.setattr(Path, "open", noted)
    install(machine(system, home), {})
    folder = (home / PLACE[system]).parent
    assert folder.parent in {path.parent for path in opened}
    assert [path for path in opened if path.parent == folder] == []


# An add-in that somebody signed.


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    return put(tmp_path / "signed.xlam", xlam(__version__, signed=True))


@pytest.mark.parametrize("system", BOTH)
def test_a_signed_add_in_is_installed_as_it_is(system: System, home: Path, signed: Path) -> None:
    done = install(machine(system, home), {}, signed=signed)
    assert files_below(home)[PLACE[system]] == signed.read_bytes()
    assert (set(files_below(home)), done.signature_lost) == (WANTED[system], False)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (xlam("0.0.1", signed=True), "it is version 0.0.1"),
        (b"no package", "it holds no version"),
        (None, "No such file or directory"),
    ],
)
def test_a_file_that_is_not_the_add_in_of_this_version_is_refused(
    content: bytes | None, why: str, home: Path, signed: Path
) -> None:
    signed.unlink()
    if content:
        signed.write_bytes(content)
    with pytest.raises(NotTheAddin, match=why):
        install(machine(System.WINDOWS, home), {}, signed=signed)
    assert files_below(home) == {}


def test_a_plain_installation_over_a_signed_add_in_replaces_it_and_knows(
    home: Path, signed: Path
) -> None:
    one = machine(System.WINDOWS, home)
    install(one, {}, signed=signed)
    assert install(one, {}).signature_lost
    assert files_below(home)[PLACE[System.WINDOWS]] == ADDIN
    assert not install(one, {}).signature_lost


def test_an_old_copy_in_the_other_start_up_folder_is_removed(home: Path, tmp_path: Path) -> None:
    old = put(home / XLSTART / "timix.xlam", b"older")
    excel = Excel()
    excel.start_up = str(tmp_path / "moved")
    done = install(machine(System.WINDOWS, home, running_excel=lambda: excel), {})
    assert (done.removed, old.exists()) == ((old,), False)


def test_a_start_up_folder_of_two_names_keeps_the_add_in(home: Path, tmp_path: Path) -> None:
    (home / XLSTART).mkdir(parents=True)
    (tmp_path / "short~1").symlink_to(home / XLSTART, target_is_directory=True)
    excel = Excel()
    excel.start_up = str(tmp_path / "short~1")
    done = install(machine(System.WINDOWS, home, running_excel=lambda: excel), {})
    assert (done.removed, files_below(home)[PLACE[System.WINDOWS]]) == ((), ADDIN)


def test_an_old_script_is_removed(home: Path) -> None:
    old = put(home / SCRIPTS / "timix-0.1.applescript", b"older")
    theirs = put(home / SCRIPTS / "xlwings-0.37.8.applescript", b"theirs")
    done = install(machine(System.MAC, home), {})
    assert (done.removed, old.exists(), theirs.exists()) == ((old,), False, True)


def test_the_file_that_a_mac_had_in_the_older_folder_is_removed(home: Path) -> None:
    old = put(home / OFFICE / "User Content" / "Startup" / "Excel" / "timix.xlam", b"older")
    assert install(machine(System.MAC, home), {}).removed == (old,)


def test_an_old_copy_that_stays_is_told(home: Path, disk: Disk) -> None:
    put(home / SCRIPTS / "timix-0.1.applescript", b"older")
    disk.keeps("timix-0.1.applescript")
    with pytest.raises(OldCopyStays, match="the old copy"):
        install(machine(System.MAC, home), {})
    assert (home / PLACE[System.MAC]).read_bytes() == ADDIN


def test_the_store_is_noted_for_excel(home: Path, data: Path) -> None:
    done = install(machine(System.WINDOWS, home), {"store": "/books/timix.db"})
    assert (data / "settings.toml").read_text() == 'store = "/books/timix.db"\n'
    assert done.files[-1].path == data / "settings.toml"


def test_without_a_store_the_settings_are_not_touched(home: Path, data: Path) -> None:
    install(machine(System.WINDOWS, home), {})
    assert not data.exists()


# What stops it.


@pytest.mark.parametrize("act", [lambda one: install(one, {}), uninstall], ids=["in", "out"])
def test_without_an_excel_for_this_system_nothing_is_done(act: Any, home: Path) -> None:
    with pytest.raises(NoExcelHere, match="this is Linux"):
        act(machine(System.OTHER, home))
    assert files_below(home) == {}


STORES = (r"C:\Users\maja\AppData\Local\Microsoft\WindowsApps", "/c/Program Files/WindowsApps/P")


@pytest.mark.parametrize("field", ["python", "base"])
@pytest.mark.parametrize("folder", STORES)
def test_the_python_of_the_store_is_refused(field: str, folder: str, home: Path) -> None:
    change: dict[str, Any] = {field: Path(f"{folder}/python.exe")}
    with pytest.raises(StorePython):
        install(machine(System.WINDOWS, home, **change), {})
    assert files_below(home) == {}


def test_a_timix_that_is_no_package_is_refused(home: Path) -> None:
    with pytest.raises(NotAPackage):
        install(machine(System.WINDOWS, home, version_of=lambda name: None), {})
    assert files_below(home) == {}


@pytest.mark.parametrize("system", BOTH)
def test_a_timix_that_python_does_not_find_without_a_terminal_is_refused(
    system: System, home: Path
) -> None:
    def hidden(python: Path) -> str:
        return "ModuleNotFoundError: No module named 'timix_xl'."

    with pytest.raises(NotFoundFromExcel) as stopped:
        install(machine(system, home, hidden_from=hidden), {})
    assert "(ModuleNotFoundError: No module named 'timix_xl')." in stopped.value.message
    assert " -m venv " in stopped.value.hint
    assert files_below(home) == {}


def test_a_mac_without_excels_folder_is_refused(home: Path) -> None:
    one = machine(System.MAC, home)
    (home / DATA).rmdir()
    with pytest.raises(ExcelNeverStarted):
        install(one, {})
    assert not (home / DATA).exists()


PYTHONS = [
    (System.WINDOWS, "/users/北/python.exe", "macros on this computer cannot read 北 in it"),
    (System.WINDOWS, "/100%/python.exe", "it contains %"),
    (System.WINDOWS, f"/{'a' * 255}/python.exe", "it has 267 characters, and 259 are the most"),
    (System.MAC, "/Users/jürgen/bin/python", "macros on this computer cannot read ü in it"),
    (System.MAC, '/Users/"maja"/bin/python', 'it contains "'),
    (System.MAC, "/Users/a|b/bin/python", "it contains |"),
    (System.MAC, "/Users/a\nb/bin/python", "it contains a line break"),
]


@pytest.mark.parametrize(("system", "python", "why"), PYTHONS)
def test_a_python_that_macros_cannot_start_is_refused(
    system: System, python: str, why: str, home: Path
) -> None:
    with pytest.raises(PathNotUsable) as stopped:
        install(machine(system, home, python=Path(python)), {})
    assert f": {why}." in stopped.value.message
    assert "run its timix-xl addin install" in stopped.value.hint
    assert files_below(home) == {}


def test_a_mac_takes_a_long_path(home: Path) -> None:
    python = Path(f"/Users/maja/{'a' * 250}/{'b' * 250}/bin/python")
    install(machine(System.MAC, home, python=python), {})
    assert str(python) in (home / DATA / "timix.conf").read_text("ascii")


def test_a_start_up_folder_too_deep_for_excel_is_refused(home: Path) -> None:
    deep = home / ("a" * 120) / ("b" * 120)
    one = machine(System.WINDOWS, deep, python=Path("/py/python.exe"))
    with pytest.raises(PathNotUsable, match="218 are the most"):
        install(one, {})
    assert files_below(home) == {}


def test_a_user_whose_name_is_in_no_letters_of_the_code_page_is_refused(tmp_path: Path) -> None:
    one = machine(System.WINDOWS, tmp_path / "北京", python=Path("/py/python.exe"))
    with pytest.raises(PathNotUsable) as stopped:
        install(one, {})
    assert "non-Unicode programs" in stopped.value.hint
    assert files_below(tmp_path) == {}


@pytest.mark.parametrize("system", BOTH)
def test_an_add_in_that_excel_holds_open_stays_whole(
    system: System, home: Path, disk: Disk
) -> None:
    put(home / PLACE[system], b"older")
    before = files_below(home)
    disk.holds_open("timix.xlam")
    with pytest.raises(AddinInUse, match=r"timix\.xlam is in use"):
        install(machine(system, home), {})
    assert files_below(home) == before


FULL_OR_FORBIDDEN = pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES])
LAST = {System.WINDOWS: ".timix", System.MAC: "com.microsoft.Excel"}


@FULL_OR_FORBIDDEN
@pytest.mark.parametrize("system", BOTH)
def test_a_first_file_that_cannot_be_written_leaves_nothing(
    system: System, code: int, home: Path, disk: Disk
) -> None:
    folder = (home / PLACE[system]).parent.parent
    disk.refuses(folder.name, code)
    with pytest.raises(NotPlaced, match=os.strerror(code)) as stopped:
        install(machine(system, home), {})
    assert f"the right to write in {folder} (" in stopped.value.hint
    assert files_below(home) == {}


@FULL_OR_FORBIDDEN
@pytest.mark.parametrize("system", BOTH)
def test_a_later_file_that_cannot_be_written_leaves_the_old_installation(
    system: System, code: int, home: Path, disk: Disk
) -> None:
    install(machine(system, home), {})
    put(home / PLACE[system], b"older")
    for name in WANTED[system] - {PLACE[system]}:
        put(home / name, b"older")
    before = files_below(home)
    disk.refuses(LAST[system], code)
    with pytest.raises(NotPlaced):
        install(machine(system, home), {})
    assert files_below(home) == before


def test_a_first_installation_that_is_stopped_half_way_leaves_nothing(
    home: Path, disk: Disk
) -> None:
    disk.refuses(".timix", errno.ENOSPC)
    with pytest.raises(NotPlaced):
        install(machine(System.WINDOWS, home), {})
    assert files_below(home) == {}


def test_settings_that_cannot_be_written_leave_the_old_installation(
    home: Path, data: Path, disk: Disk
) -> None:
    put(home / PLACE[System.WINDOWS], b"older")
    before = files_below(home)
    disk.refuses("data", errno.EROFS)
    with pytest.raises(NotPlaced):
        install(machine(System.WINDOWS, home), {"store": "/books/timix.db"})
    assert files_below(home) == before


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_settings_that_name_a_store_are_for_their_owner_only(home: Path, data: Path) -> None:
    put(data / "settings.toml", b'user = "maja"\n')
    install(machine(System.WINDOWS, home), {"store": "postgresql://maja:secret@db/books"})
    assert (data / "settings.toml").stat().st_mode & 0o077 == 0


def test_broken_settings_stop_it_before_anything_is_written(home: Path, data: Path) -> None:
    put(data / "settings.toml", b"store =\n")
    with pytest.raises(SettingsUnreadable):
        install(machine(System.WINDOWS, home), {"store": "/books/timix.db"})
    assert files_below(home) == {}


def test_a_file_where_a_folder_belongs_is_told(home: Path) -> None:
    put(home / "AppData" / "Roaming" / "Microsoft", b"a file")
    with pytest.raises(NotPlaced):
        install(machine(System.WINDOWS, home), {})


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write all")
def test_a_folder_without_the_right_to_write_is_told(home: Path) -> None:
    folder = home / XLSTART
    folder.mkdir(parents=True)
    folder.chmod(0o500)
    with pytest.raises(NotPlaced):
        install(machine(System.WINDOWS, home), {})
    folder.chmod(0o700)


# Taking away.


@pytest.mark.parametrize("system", BOTH)
def test_taking_away_leaves_what_was_there_before(system: System, home: Path, data: Path) -> None:
    one = machine(system, home)
    put(home / PLACE[system].replace("timix.xlam", "mine.xlam"), b"mine")
    put(home / "Documents" / "books.xlsx", b"mine")
    before = files_below(home)
    install(one, {"store": "/books/timix.db"})
    removed = uninstall(one)
    assert files_below(home) == before
    assert {path.relative_to(home).as_posix() for path in removed} == WANTED[system]


def test_taking_away_keeps_the_settings(home: Path, data: Path) -> None:
    install(machine(System.WINDOWS, home), {"store": "/books/timix.db"})
    uninstall(machine(System.WINDOWS, home))
    assert (data / "settings.toml").is_file()


def test_taking_away_leaves_no_empty_folder_of_ours(home: Path) -> None:
    install(machine(System.WINDOWS, home), {})
    uninstall(machine(System.WINDOWS, home))
    assert not (home / ".timix").exists()


def test_taking_away_keeps_what_somebody_else_has_in_our_folder(home: Path) -> None:
    install(machine(System.WINDOWS, home), {})
    put(home / ".timix" / "notes.txt", b"mine")
    uninstall(machine(System.WINDOWS, home))
    assert files_below(home) == {".timix/notes.txt": b"mine"}


@pytest.mark.parametrize("system", BOTH)
def test_taking_away_what_is_not_there_finds_nothing(system: System, home: Path) -> None:
    assert uninstall(machine(system, home)) == ()


def test_taking_away_finds_the_add_in_after_excel_was_removed(home: Path) -> None:
    put(home / PLACE[System.MAC], b"older")
    one = machine(System.MAC, home)
    (home / DATA).rmdir()
    assert uninstall(one) == (home / PLACE[System.MAC],)


@pytest.mark.parametrize("system", BOTH)
def test_an_add_in_that_cannot_be_removed_is_told_and_nothing_else_is_removed(
    system: System, home: Path, disk: Disk
) -> None:
    install(machine(system, home), {})
    before = files_below(home)
    disk.keeps("timix.xlam")
    with pytest.raises(NotTakenAway, match="in use"):
        uninstall(machine(system, home))
    assert files_below(home) == before
