"""The settings file: what stands in it, what goes before it, what is said of a broken one."""

import sys
import tomllib
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import Shop
from tests.cli.terminal import run
from timix_xl import settings
from timix_xl.errors import SettingsUnreadable, SettingUnknown
from timix_xl.settings import (
    Settings,
    absolute_place,
    data_folder,
    documents_folder,
    file_with,
    settings_file,
)


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of this test's own."""
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.setattr(settings, "data_folder", lambda: folder)
    return folder


def write(text: str) -> None:
    settings_file().write_bytes(text.encode("utf-8"))


def refusal() -> SettingsUnreadable:
    with pytest.raises(SettingsUnreadable) as stopped:
        Settings()
    return stopped.value


def line_of(refused: SettingsUnreadable) -> str:
    return refused.where.rpartition(", ")[2]


def test_without_a_file_the_store_is_in_the_data_folder(data: Path) -> None:
    assert Settings().place() == str(data / "timix.db")


def test_the_file_names_store_and_user() -> None:
    write('store = "/books/timix.db"\nuser = "Jürgen"\n')
    assert (Settings().place(), Settings().name()) == ("/books/timix.db", "Jürgen")


def test_the_environment_goes_before_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    write('store = "/books/timix.db"\nuser = "maja"\n')
    monkeypatch.setenv("TIMIX_STORE", "/other/timix.db")
    assert (Settings().place(), Settings().name()) == ("/other/timix.db", "maja")


def test_an_empty_variable_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    write('store = "/books/timix.db"\n')
    monkeypatch.setenv("TIMIX_STORE", "")
    assert Settings().place() == "/books/timix.db"


def test_an_option_goes_before_the_file(shop: Shop) -> None:
    write('store = "/nowhere/timix.db"\nuser = "somebody"\n')
    assert run("--store", shop.path, "customers", "--today", "2026-02-02").code == 0


def test_the_command_line_opens_the_store_of_the_file(shop: Shop) -> None:
    write(f'store = "{Path(shop.path).as_posix()}"\n')
    assert run("customers", "--today", "2026-02-02", "--json").code == 0


def test_a_store_that_is_not_absolute_counts_from_the_files_folder(data: Path) -> None:
    write('store = "books/timix.db"\n')
    assert Settings().place() == str(data / "books" / "timix.db")


def test_a_store_that_is_a_url_stays_as_it_is() -> None:
    write('store = "sqlite:////books/timix.db"\n')
    assert Settings().place() == "sqlite:////books/timix.db"


def test_a_store_beside_the_files_folder_is_named_without_a_way_back(data: Path) -> None:
    write('store = "../books/./timix.db"\n')
    assert Settings().place() == str(data.parent / "books" / "timix.db")


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ('# mine\nstroe = "/books/timix.db"\n', "line 2", "stroe"),
        ('store = "/books/timix.db"\nStore = "/other.db"\n', "line 2", "Store"),
        ('user = "maja"\n\n[later]\nuser = 5\n', "line 3", "later"),
    ],
)
def test_a_name_that_is_none_of_ours_is_refused_with_its_line(
    text: str, line: str, key: str
) -> None:
    write(text)
    with pytest.raises(SettingUnknown) as stopped:
        Settings()
    assert (stopped.value.where, stopped.value.message) == (
        f"{settings_file()}, {line}",
        f"The settings file has {key}, which timix-xl does not know (known: store, user).",
    )


def test_a_name_that_is_none_of_ours_stops_a_command_with_exit_code_2() -> None:
    write('stroe = "/books/timix.db"\n')
    said = run("customers", "--json")
    assert (said.code, said.error["code"]) == (2, "SET-02")


def test_the_mark_that_notepad_puts_in_front_is_no_matter() -> None:
    write('\ufeffstore = "/books/timix.db"\n')
    assert Settings().place() == "/books/timix.db"


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("store = C:\\books\n", "line 1", "the path is not in quotes"),
        ("store = /books/timix.db", "line 1", "the path is not in quotes"),
        ("# ours\nuser = Maja van Berg\n", "line 2", "the name is not in quotes"),
        (
            '# ours\nuser = "maja"\nstore = "C:\\data"\n',
            "line 3",
            "a backslash in store stands alone",
        ),
        ('store = "C:\\\\data" x\n', "line 1", "the line is not TOML"),
        ('store = "C:\\books"\n', "line 1", "a backslash in store stands alone"),
        ('user = "maja"\nstore\n', "line 2", "the line is not TOML"),
        ('store = "/books', "line 1", "it ends in the middle of a value"),
        ('user = "maja"\nstore = 5\n', "line 2", "store is not a text in quotes"),
        ("store =", "line 1", "it ends in the middle of a value"),
        ('user = "maja"\n  user = "bob"\n', "line 2", "user stands twice"),
        ('user = "maja"\nstore = "/a"\nstore = "/b"', "line 3", "store stands twice"),
        ('user = "maja"\n[a]\nuser = 1\n[a]\n', "line 4", "the line is not TOML"),
    ],
)
def test_a_broken_file_is_named_with_its_line(text: str, line: str, why: str) -> None:
    write(text)
    refused = refusal()
    assert (refused.where, refused.message) == (
        f"{settings_file()}, {line}",
        f"The settings file cannot be read: {why}.",
    )


def test_the_hint_names_the_store_that_is_used_without_the_file(data: Path) -> None:
    write("store =\n")
    told = f"Or delete {settings_file()}; then timix-xl uses the store {data / 'timix.db'} and"
    assert told in refusal().hint


def test_a_file_of_another_encoding_is_named_with_its_line() -> None:
    settings_file().write_bytes('user = "maja"\nstore = "/b\xfccher"\n'.encode("latin-1"))
    refused = refusal()
    assert line_of(refused) == "line 2"
    assert "not saved as UTF-8" in refused.message


def test_a_folder_in_its_place_is_told() -> None:
    settings_file().mkdir()
    assert "directory" in refusal().message.lower() or sys.platform == "win32"


def test_a_broken_file_stops_a_command_with_exit_code_2() -> None:
    write("store =\n")
    said = run("customers", "--json")
    assert (said.code, said.error["code"]) == (2, "SET-01")


def test_writing_makes_the_file() -> None:
    assert file_with({"store": "/books/timix.db"}) == b'store = "/books/timix.db"\n'


def test_writing_keeps_every_other_line() -> None:
    write('# mine\ncolour = "blue"\n  store = "/old.db"  # the old one\n\n[later]\nstore = 1\n')
    text = file_with({"store": "/new.db"}).decode()
    assert text == '# mine\ncolour = "blue"\nstore = "/new.db"\n\n[later]\nstore = 1\n'


def test_writing_puts_a_new_key_above_the_sections() -> None:
    write("[later]\nstore = 1\n")
    assert file_with({"store": "/new.db"}) == b'store = "/new.db"\n[later]\nstore = 1\n'


def test_writing_the_same_again_changes_nothing() -> None:
    write(file_with({"store": "C:\\Books\\books.db", "user": "Maja"}).decode())
    before = settings_file().read_bytes()
    assert file_with({"store": "C:\\Books\\books.db", "user": "Maja"}) == before


def test_writing_does_not_touch_a_broken_file() -> None:
    write("store =\n")
    with pytest.raises(SettingsUnreadable):
        file_with({"store": "/new.db"})


@pytest.mark.parametrize(
    "text", ['store = """\n/old\n"""\n', 'colour = """\nstore = "no"\n"""\n', "a = [\n1]\n"]
)
def test_writing_a_file_with_values_over_several_lines_is_right_or_refused(text: str) -> None:
    write(text)
    wanted = tomllib.loads(text) | {"store": "/new.db"}
    try:
        written = file_with({"store": "/new.db"})
    except SettingsUnreadable as refused:
        assert "several lines" in refused.message  # noqa: PT017  one of two right answers
    else:
        assert tomllib.loads(written.decode()) == wanted


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_whatever_is_written_is_read_back(value: str) -> None:
    assert tomllib.loads(file_with({"user": value}).decode("utf-8")) == {"user": value}


@pytest.mark.parametrize(
    ("system", "variable", "wanted"),
    [
        ("win32", "LOCALAPPDATA", "place/timix-xl"),
        ("linux", "XDG_DATA_HOME", "place/timix-xl"),
        ("darwin", "", "home/Library/Application Support/timix-xl"),
    ],
)
def test_the_data_folder_is_the_systems(
    system: str, variable: str, wanted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    if variable:
        monkeypatch.setenv(variable, str(tmp_path / "place"))
    assert data_folder() == tmp_path / wanted


@pytest.mark.parametrize("given", ["", "place", "./place", "~/place"])
@pytest.mark.parametrize(
    ("system", "variable", "wanted"),
    [
        ("win32", "LOCALAPPDATA", "home/timix-xl"),
        ("linux", "XDG_DATA_HOME", "home/.local/share/timix-xl"),
    ],
)
def test_a_data_folder_that_is_empty_or_counts_from_somewhere_is_none(
    system: str,
    variable: str,
    wanted: str,
    given: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    monkeypatch.setenv(variable, given)
    assert data_folder() == tmp_path / wanted


# The user's documents.


def sit_at_windows(
    monkeypatch: pytest.MonkeyPatch, home: Path, registry: Mapping[tuple[str, str], str]
) -> None:
    """Have a Windows with this registry of the user's."""

    def value(key: str, name: str) -> tuple[str, int]:
        if (key, name) not in registry:
            raise FileNotFoundError(2, "not there")
        return registry[key, name], 2

    winreg = ModuleType("winreg")
    facts = {
        "HKEY_CURRENT_USER": "HKCU",
        "OpenKey": lambda root, key: nullcontext(f"{root}\\{key}"),
        "QueryValueEx": value,
        "ExpandEnvironmentStrings": lambda text: text.replace("%USERPROFILE%", str(home)),
    }
    vars(winreg).update(facts)
    monkeypatch.setitem(sys.modules, "winreg", winreg)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(Path, "home", lambda: home)


PERSONAL = (
    r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders",
    "Personal",
)


def test_documents_that_onedrive_moved_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sit_at_windows(monkeypatch, tmp_path, {PERSONAL: "%USERPROFILE%/OneDrive - Firma/Dokumente"})
    assert documents_folder() == tmp_path / "OneDrive - Firma" / "Dokumente"


def test_a_windows_that_does_not_say_has_documents_in_the_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sit_at_windows(monkeypatch, tmp_path, {})
    assert documents_folder() == tmp_path / "Documents"


def test_elsewhere_documents_are_in_the_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setattr(sys, "platform", "darwin")
    assert documents_folder() == tmp_path / "Documents"


def test_a_store_counts_from_this_folder_if_no_other_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert absolute_place("a/../books.db") == str(tmp_path / "books.db")
    assert absolute_place("sqlite:///a/../books.db") == "sqlite:///a/../books.db"
