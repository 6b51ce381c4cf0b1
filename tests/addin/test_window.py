"""A workbook in a window of LibreOffice: the start, the profile, the locks and what goes wrong."""

import os
import pwd
import shutil
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.addin.machines import files_below
from tests.addin.soffices import HANDS_OVER, HANGS, Soffice, a_soffice, says
from timix_xl import __version__
from timix_xl.addin import locks, window, window_profile
from timix_xl.addin.extension import extension_files
from timix_xl.addin.locks import Lock, is_left_behind, lock_of, may_run
from timix_xl.addin.refusals import ToolbarRuns
from timix_xl.addin.window import Shown, office_with_window, open_in_calc
from timix_xl.addin.window_profile import profile_for, profiles
from timix_xl.hosts.refusals import (
    CalcMissing,
    CalcNotStarted,
    NoDisplay,
    NotSaved,
    NotShown,
    WorkbookInUse,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")

PYTHON = Path("/opt/timix/bin/python")
ME = pwd.getpwuid(os.getuid()).pw_name if sys.platform != "win32" else ""
Open = Callable[..., Shown]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "acme 1 # ü.xlsx"
    made.write_bytes(b"a workbook")
    return made


@pytest.fixture
def soffice(tmp_path: Path, data: Path) -> Iterator[Soffice]:
    with a_soffice(tmp_path / "program") as made:
        yield made


@pytest.fixture
def shown(soffice: Soffice, path: Path) -> Open:
    """Open the workbook with the stand-in."""

    def shown(**changes: object) -> Shown:
        given: dict[str, object] = {
            "store": "/books/timix.db",
            "user": "maja",
            "python": PYTHON,
            "environment": {"PATH": os.environ["PATH"], "DISPLAY": ":1", "PYTHONPATH": "/ours"},
            "seconds": 5,
        }
        return open_in_calc(path, soffice.office, **given | changes)  # type: ignore[arg-type]

    return shown


def lock(path: Path, profile: str, *, user: str = ME, host: str | None = None) -> Path:
    """Put a lock file of a LibreOffice beside a workbook."""
    made = path.with_name(f".~lock.{path.name}#")
    made.write_text(f",{user},{host or socket.gethostname()},22.11.2026 10:05,{profile};")
    return made


# Whether there is a LibreOffice and a screen.


def test_no_display_is_told_before_anything_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(window, "find_office", lambda environment: "the office")
    with pytest.raises(NoDisplay):
        office_with_window({})
    with pytest.raises(NoDisplay):
        office_with_window({"DISPLAY": ""})


@pytest.mark.parametrize("display", [":4321", ":4321.0"])
def test_a_display_that_does_not_answer_is_none(
    display: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(window, "find_office", lambda environment: "the office")
    with pytest.raises(NoDisplay):
        office_with_window({"DISPLAY": display})


@pytest.mark.parametrize("display", ["DISPLAY", "WAYLAND_DISPLAY"])
def test_one_display_is_enough(display: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(window, "find_office", lambda environment: "the office")
    assert office_with_window({display: "1"}) == "the office"


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_a_mac_and_windows_have_a_screen(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window.sys, "platform", system)
    monkeypatch.setattr(window, "find_office", lambda environment: "the office")
    assert office_with_window({}) == "the office"


def test_a_missing_libreoffice_is_told_before_a_missing_display(tmp_path: Path) -> None:
    with pytest.raises(CalcMissing):
        office_with_window({"TIMIX_SOFFICE": str(tmp_path / "none")})


# The start.


def test_the_workbook_is_given_with_a_profile_and_the_toolbar(
    shown: Open, soffice: Soffice, path: Path
) -> None:
    assert shown() == Shown(path, None)
    profile = profile_for("/books/timix.db", "maja")
    assert soffice.arguments == [
        f"-env:UserInstallation={profile.settings.as_uri()}",
        f"-env:BUNDLED_EXTENSIONS={profile.extensions.as_uri()}",
        "--norestore",
        "--nologo",
        "--nofirststartwizard",
        str(path),
    ]


def test_it_knows_the_store_the_user_and_which_libreoffice_it_is(
    shown: Open, soffice: Soffice
) -> None:
    shown()
    told = {name: value for name, value in soffice.environment.items() if "TIMIX" in name}
    assert told == {
        "TIMIX_STORE": "/books/timix.db",
        "TIMIX_USER": "maja",
        "TIMIX_SOFFICE": str(soffice.program),
    }


def test_without_a_user_the_settings_say_who_acts(shown: Open, soffice: Soffice) -> None:
    shown(user=None)
    assert "TIMIX_USER" not in soffice.environment


def test_what_is_for_our_python_is_not_for_that_of_libreoffice(
    shown: Open, soffice: Soffice
) -> None:
    shown()
    assert "PYTHONPATH" not in soffice.environment
    assert soffice.environment["DISPLAY"] == ":1"


def test_it_does_not_end_with_the_terminal(shown: Open, soffice: Soffice) -> None:
    shown()
    pid = int((soffice.folder / "pids").read_text())
    assert os.getsid(pid) == pid != os.getsid(0)


def test_a_link_is_opened_where_it_leads(
    soffice: Soffice, path: Path, tmp_path: Path, shown: Open
) -> None:
    link = tmp_path / "link.xlsx"
    link.symlink_to(path)
    done = open_in_calc(link, soffice.office, store="/s.db", user=None, python=PYTHON, seconds=5)
    assert done.path == path


# The profile.


def test_the_profile_has_the_toolbar_and_says_where_our_python_is(shown: Open, data: Path) -> None:
    shown()
    folder = profile_for("/books/timix.db", "maja").extensions / "timix"
    assert (folder / "timix.json").read_text().count(str(PYTHON)) == 1
    assert __version__ in (folder / "timix.json").read_text()
    for name, content in extension_files().items():
        assert (folder / name).read_bytes() == content


def test_the_profile_asks_nothing_and_leaves_security_and_language_alone(
    shown: Open, data: Path
) -> None:
    shown()
    profile = profile_for("/books/timix.db", "maja").settings
    text = (profile / "user" / "registrymodifications.xcu").read_text()
    for name, value in {
        "OOXMLRecalcMode": "0",
        "ShowTipOfTheDay": "false",
        "WarnAlienFormat": "false",
        "FirstRun": "false",
        "ooSetupLastVersion": "7.4",
    }.items():
        assert f'oor:name="{name}" oor:op="fuse"><value>{value}</value>' in text
    assert "Security" not in text
    assert "L10N" not in text


def test_what_the_user_has_set_in_libreoffice_stays(shown: Open, data: Path) -> None:
    profile = profile_for("/books/timix.db", "maja").settings
    theirs = profile / "user" / "registrymodifications.xcu"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("theirs")
    shown()
    assert theirs.read_text() == "theirs"


def test_an_older_toolbar_is_replaced_and_looked_at_anew(shown: Open, data: Path) -> None:
    profile = profile_for("/books/timix.db", "maja")
    old, cache = profile.extensions / "timix", profile.settings / "user/extensions/bundled"
    for folder in (old, cache):
        folder.mkdir(parents=True)
        (folder / "old.txt").write_text("old")
    shown()
    assert not (old / "old.txt").exists()
    assert (old / "timix.json").exists()
    assert not cache.exists()


def test_the_same_toolbar_is_left_as_it_is(shown: Open, path: Path, data: Path) -> None:
    shown()
    profile = profile_for("/books/timix.db", "maja")
    cache = profile.settings / "user/extensions/bundled"
    cache.mkdir(parents=True)
    compiled = profile.extensions / "timix" / "__pycache__"
    compiled.mkdir()
    (compiled / "timix_toolbar.cpython-311.pyc").write_bytes(b"")
    shown()
    assert cache.exists()


@pytest.mark.parametrize("changes", [{"python": Path("/new/bin/python")}, {}])
def test_a_toolbar_is_not_replaced_below_a_libreoffice_that_runs(
    changes: dict[str, object],
    shown: Open,
    path: Path,
    soffice: Soffice,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown()
    profile = profile_for("/books/timix.db", "maja")
    if not changes:  # another version of timix-xl
        (profile.extensions / "timix" / "timix_toolbar.py").write_text("older")
    before = files_below(profile.folder)
    theirs = lock(path, profile.url)
    monkeypatch.setattr(window_profile, "may_run", lambda url: url == profile.url)
    with pytest.raises(ToolbarRuns) as refusal:
        shown(**changes)
    assert "quit that LibreOffice in all its windows" in refusal.value.hint
    assert files_below(profile.folder) == before
    assert theirs.exists()
    assert soffice.starts == 1


def test_the_same_toolbar_is_no_reason_to_quit_a_libreoffice_that_runs(
    shown: Open, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown()
    before = files_below(profile_for("/books/timix.db", "maja").extensions)
    monkeypatch.setattr(window_profile, "may_run", lambda url: True)
    monkeypatch.setattr(window, "is_left_behind", lambda lock, ours: False)
    shown()
    assert files_below(profile_for("/books/timix.db", "maja").extensions) == before


def test_the_profiles_that_there_are_can_be_listed(shown: Open, data: Path) -> None:
    assert not list(profiles())
    shown()
    (one,) = profiles()
    assert one.folder == profile_for("/books/timix.db", "maja").folder


def test_another_store_and_another_user_have_other_profiles(data: Path) -> None:
    one = profile_for("/books/timix.db", "maja").folder
    assert one != profile_for("/books/other.db", "maja").folder
    assert one != profile_for("/books/timix.db", "ben").folder
    assert one == profile_for("/books/timix.db", "maja").folder
    assert one.parent == data / "timix-xl" / "calc"


def test_a_data_folder_that_cannot_be_written_is_told(
    shown: Open, data: Path, soffice: Soffice
) -> None:
    data.write_text("a file in the way")
    with pytest.raises(NotSaved) as refusal:
        shown()
    assert str(data) in refusal.value.where
    assert soffice.starts == 0


# What goes wrong at the start.


@pytest.mark.parametrize(
    ("then", "why"),
    [
        (says("terminate called after throwing an instance of 'bad_alloc'."), "terminate called"),
        (says("Application Error"), "Application Error"),
        ("exit 77", "it ended at once, without a word"),
    ],
)
def test_a_libreoffice_that_ends_at_once_is_told_with_what_it_said(
    then: str, why: str, tmp_path: Path, shown: Open
) -> None:
    Soffice(tmp_path / "program", then)
    with pytest.raises(CalcNotStarted) as refusal:
        shown()
    assert why in refusal.value.message
    assert "javaldx" not in refusal.value.message


@pytest.mark.parametrize(
    "words",
    [
        "/usr/lib/libreoffice/program/soffice.bin X11 error: Can't open display: :99",
        "(soffice:12): Gtk-WARNING **: 10:05:00.000: cannot open display: :99",
    ],
)
def test_a_display_that_is_not_there_is_told_as_none(
    words: str, tmp_path: Path, shown: Open
) -> None:
    Soffice(tmp_path / "program", says(words, code=0))
    with pytest.raises(NoDisplay):
        shown()


def test_a_program_that_cannot_be_started_is_told(soffice: Soffice, shown: Open) -> None:
    soffice.program.chmod(0o644)
    with pytest.raises(CalcNotStarted, match="permission denied"):
        shown()


def test_a_libreoffice_that_does_not_show_the_workbook_is_told_and_stays(
    tmp_path: Path, soffice: Soffice, path: Path, shown: Open
) -> None:
    Soffice(soffice.folder, HANGS)
    with pytest.raises(NotShown) as refusal:
        shown(seconds=1)
    assert path.name in refusal.value.message
    assert "within 1 second" in refusal.value.message
    os.kill(int((soffice.folder / "pids").read_text()), 0)


def test_a_running_libreoffice_takes_the_workbook_over(
    soffice: Soffice, shown: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window_profile, "may_run", lambda profile: True)
    monkeypatch.setattr(window_profile.WindowProfile, "refuse_change", lambda *_: None)
    Soffice(soffice.folder, HANDS_OVER)
    assert shown().taken_away is None


def test_a_read_only_workbook_has_no_lock_to_see_it_by(
    soffice: Soffice, path: Path, shown: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window, "_UNLOCKED_SECONDS", 0.5)
    monkeypatch.setattr(window.os, "access", lambda *_: False)
    Soffice(soffice.folder, HANGS)
    assert shown() == Shown(path, None, is_up=False)


# Locks.


def test_a_workbook_that_excel_has_open_is_refused(
    path: Path, shown: Open, soffice: Soffice
) -> None:
    path.with_name(f"~${path.name}").write_bytes(b"\x03ann")
    with pytest.raises(WorkbookInUse, match=r"another program \(Excel\)"):
        shown()
    assert soffice.starts == 0


def test_a_workbook_that_somebody_else_has_open_is_refused_naming_whom(
    path: Path, shown: Open, soffice: Soffice
) -> None:
    theirs = lock(path, "file:///home/ben/.config/libreoffice/4", user="ben", host="desk9")
    with pytest.raises(WorkbookInUse) as refusal:
        shown()
    assert "(LibreOffice of ben on desk9, since 22.11.2026 10:05)" in refusal.value.message
    assert theirs.exists()
    assert soffice.starts == 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what runs")
def test_the_lock_of_an_ended_libreoffice_of_ours_is_taken_away_and_told(
    path: Path, shown: Open, data: Path
) -> None:
    ended = profile_for("/books/other.db", "maja")
    ended.settings.mkdir(parents=True)
    lock(path, ended.url)
    taken = shown().taken_away
    assert taken is not None
    assert (taken.profile, taken.since) == (ended.url, "22.11.2026 10:05")
    lines = lock_of(path)
    assert lines
    assert lines.profile == profile_for("/books/timix.db", "maja").url


@pytest.mark.parametrize(
    "profile", ["file:///home/ann/.config/libreoffice/4", "", "vnd:x", "file:///%00"]
)
def test_the_lock_of_another_profile_is_refused_with_what_to_delete(
    profile: str, path: Path, shown: Open, soffice: Soffice
) -> None:
    theirs = lock(path, profile)
    with pytest.raises(WorkbookInUse) as refusal:
        shown()
    assert f"if nobody has it open, delete {theirs.name} beside it" in refusal.value.hint
    assert theirs.exists()
    assert soffice.starts == 0


# A data folder behind a link.


@pytest.fixture
def linked(data: Path, tmp_path: Path) -> Path:
    """Where the data folder is in truth."""
    real = tmp_path / "disk 2"
    real.mkdir()
    data.symlink_to(real)
    return real


def test_libreoffice_is_given_the_profile_without_links_as_its_locks_name_it(
    linked: Path, shown: Open, soffice: Soffice
) -> None:
    assert shown().is_up
    assert soffice.arguments[0].startswith(f"-env:UserInstallation={linked.as_uri()}/timix-xl/calc")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what runs")
def test_the_lock_of_a_running_libreoffice_stays_by_whichever_way_it_is_named(
    linked: Path, data: Path, tmp_path: Path
) -> None:
    real = profile_for("/books/timix.db", "maja").settings
    real.mkdir(parents=True)
    by_link = data / real.relative_to(linked)
    for started, told in [(real, by_link), (by_link, real)]:
        proc = processes(tmp_path / f"proc {started == real}", *running(started.as_uri()))
        one = Lock(tmp_path, "", ME, socket.gethostname(), "", told.as_uri())
        assert not is_left_behind(one, ours=data / "timix-xl" / "calc", proc=proc)
        nothing = processes(tmp_path / "none")
        assert is_left_behind(one, ours=data / "timix-xl" / "calc", proc=nothing)


def test_a_workbook_that_is_open_in_this_window_comes_to_the_front(
    path: Path, shown: Open, soffice: Soffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = lock(path, profile_for("/books/timix.db", "maja").url)
    monkeypatch.setattr(window, "is_left_behind", lambda lock, ours: False)
    assert shown().taken_away is None
    assert theirs.exists()
    # The lock is there before it is asked: nothing else says that it has begun.
    end = time.monotonic() + 10
    while not soffice.starts and time.monotonic() < end:
        time.sleep(0.05)
    assert soffice.starts == 1


def processes(folder: Path, *commands: str) -> Path:
    """Make a list of processes as Linux has it."""
    for number, command in enumerate(commands, start=10):
        (folder / str(number)).mkdir(parents=True)
        (folder / str(number) / "cmdline").write_bytes(command.replace(" ", "\0").encode())
    folder.mkdir(exist_ok=True)
    return folder


SOFFICE = "/usr/lib/libreoffice/program/soffice.bin"


def running(url: str) -> list[str]:
    """Return the command of a LibreOffice in a profile."""
    return [f"{SOFFICE} -env:UserInstallation={url}"]


@pytest.fixture
def mine(data: Path) -> str:
    """A profile of ours."""
    folder = data / "My books" / "4"
    folder.mkdir(parents=True)
    return folder.as_uri()


@pytest.mark.parametrize(
    ("commands", "dead"),
    [
        ([], True),
        (["/usr/bin/grep -env:UserInstallation={mine}"], True),
        ([f"{SOFFICE} -env:UserInstallation={{mine}} --norestore"], False),
        (["/opt/oosplash --calc -env:UserInstallation={mine}/"], False),
        ([f"{SOFFICE} -env:UserInstallation={{odd}}"], False),
        ([f"{SOFFICE} -env:UserInstallation=file:///home/ann/other"], True),
        ([f"{SOFFICE} -env:UserInstallation=$SYSUSERCONFIG/libreoffice/4"], True),
        ([f"{SOFFICE} -env:UserInstallation=file:///%00"], True),
        ([f"{SOFFICE} --writer"], True),
        ([SOFFICE, f"{SOFFICE} -env:UserInstallation=file:///home/ann/other"], True),
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what runs")
def test_a_lock_is_left_behind_if_nothing_runs_in_its_profile(
    commands: list[str], dead: bool, tmp_path: Path, mine: str, data: Path
) -> None:
    odd = mine.replace("books", "b%6Foks")
    told = [command.format(mine=mine, odd=odd) for command in commands]
    proc = processes(tmp_path / "proc", *told)
    one = Lock(tmp_path, "", ME, socket.gethostname(), "", mine)
    assert is_left_behind(one, ours=data, proc=proc) is dead


@pytest.mark.parametrize(
    "changed",
    [
        *({"user": "ben"}, {"host": "desk9"}, {"profile": ""}),
        *({"profile": "{mine}/../../../elsewhere"}, {"profile": "{mine}/not/there"}),
    ],
    ids=["another user", "another computer", "no profile", "not below ours", "not there"],
)
def test_the_lock_of_somebody_else_is_never_left_behind(
    changed: dict[str, str], tmp_path: Path, mine: str, data: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    given = {name: value.format(mine=mine) for name, value in changed.items()}
    facts = {"user": ME, "host": socket.gethostname(), "profile": mine} | given
    one = Lock(tmp_path, **facts)
    assert not is_left_behind(one, ours=data, proc=processes(tmp_path / "proc"))


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_elsewhere_no_lock_is_taken_away(
    system: str, tmp_path: Path, mine: str, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks.sys, "platform", system)
    one = Lock(tmp_path, "", ME, socket.gethostname(), "", mine)
    assert not is_left_behind(one, ours=data)


def test_elsewhere_a_libreoffice_may_run_where_it_has_put_its_own_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks.sys, "platform", "darwin")
    assert not may_run(tmp_path.as_uri())
    (tmp_path / ".lock").touch()
    assert may_run(tmp_path.as_uri())
    assert may_run("no folder's")


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        (b"Ann Bo,ann,desk7,22.11.2026 10:05,file:///p;", "LibreOffice of Ann Bo on desk7, since 22.11.2026 10:05"),
        (b"A\\,B,ann,desk7,,file:///p;", "LibreOffice of A,B on desk7"),
        (b"", ""),
        (b"\xff\xfe\x00 no lock", ""),
        (b",,,,;", ""),
        (b",\x1b[2Jann,desk7,,;", "LibreOffice of [2Jann on desk7"),
    ],
)  # fmt: skip
def test_a_lock_is_read_whatever_stands_in_it(text: bytes, holder: str, path: Path) -> None:
    path.with_name(f".~lock.{path.name}#").write_bytes(text)
    found = lock_of(path)
    assert found is not None
    assert found.holder == holder


def test_a_folder_in_the_place_of_a_lock_is_a_lock(path: Path) -> None:
    path.with_name(f".~lock.{path.name}#").mkdir()
    assert lock_of(path) is not None


def test_no_lock_is_none(path: Path) -> None:
    assert lock_of(path) is None


# A real one.


@pytest.fixture
def xvfb(tmp_path: Path) -> Iterator[str]:
    """A screen that nobody sees."""
    from tests.addin.screens import a_screen

    with a_screen() as display:
        yield display


@pytest.mark.skipif(shutil.which("soffice") is None, reason="soffice is not installed")
def test_a_real_libreoffice_shows_the_workbook_and_brings_it_to_the_front_again(
    linked: Path, xvfb: str, tmp_path: Path
) -> None:
    # The data folder is behind a link: LibreOffice names its profile without it.
    from tests.addin.screens import ended
    from timix_xl.hosts.calc.finding import find_office
    from timix_xl.settings import bundled

    path = tmp_path / "billing.xlsx"
    path.write_bytes(bundled("billing.xlsx").read_bytes())
    environment = {**os.environ, "DISPLAY": xvfb, "SAL_USE_VCLPLUGIN": "gen"}
    given = {"store": str(tmp_path / "s.db"), "user": None, "python": PYTHON}
    profile = profile_for(str(tmp_path / "s.db"), None)
    with ended(profile.url):
        first = open_in_calc(path, find_office(), **given, environment=environment)
        again = open_in_calc(path, find_office(), **given, environment=environment)
    assert (first.taken_away, again.taken_away) == (None, None)
    # It was ended by force above: what it left is taken away.
    with ended(profile.url):
        third = open_in_calc(path, find_office(), **given, environment=environment)
    assert third.taken_away is not None
    assert third.taken_away.profile == profile.url
