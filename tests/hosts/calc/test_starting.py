"""A LibreOffice of our own: started in a fresh profile, ended for sure."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import xlwings as xw

from timix_xl.hosts import calc
from timix_xl.hosts.calc import app as apps
from timix_xl.hosts.calc.connection import connect
from timix_xl.hosts.calc.finding import Office
from timix_xl.hosts.calc.profiles import HEADLESS, write_profile
from timix_xl.hosts.calc.starting import Started, clean_environment, start_headless
from timix_xl.hosts.refusals import CalcNotStarted, NotReached

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="looks at processes as on Linux")

FORGETFUL = """
from timix_xl.hosts import calc
app = calc.start()
book = app.books.open({path!r})
print(app.impl._started.process.pid, app.impl._started.profile, flush=True)
{then}
"""


def members(group: int) -> list[str]:
    """List the processes of a group that have not ended."""
    done = subprocess.run(
        ["ps", "-ww", "-eo", "pgid=,stat=,args="], check=True, capture_output=True, text=True
    )
    rows = [line.split(None, 2) for line in done.stdout.splitlines()]
    return [row[2] for row in rows if row[0] == str(group) and not row[1].startswith("Z")]


def gone(group: int) -> bool:
    """Whether all processes of a group end within a moment."""
    end = time.monotonic() + 10
    while members(group) and time.monotonic() < end:
        time.sleep(0.05)
    return not members(group)


def cleared(is_there: Callable[[], bool]) -> bool:
    """Whether something is gone within a moment."""
    end = time.monotonic() + 10
    while is_there() and time.monotonic() < end:
        time.sleep(0.05)
    return not is_there()


def pretend(tmp_path: Path, does: str) -> Office:
    """Make a program that is no LibreOffice."""
    soffice = tmp_path / "soffice"
    soffice.write_text(f"#!/bin/sh\n{does}\n")
    soffice.chmod(0o755)
    return Office(soffice, tmp_path, (7, 4), (3, 11), tmp_path)


def test_it_starts_and_ends_with_all_that_is_its_own(office: Office) -> None:
    app = calc.start()
    started = app.impl._started
    assert started.runs
    assert started.profile.is_dir()
    app.quit()
    assert gone(started.process.pid)
    assert not started.profile.exists()
    assert app not in list(xw.engines[calc.NAME].apps)


def test_it_waits_on_a_pipe_and_on_no_socket(app: xw.App) -> None:
    commands = " ".join(members(app.impl._started.process.pid))
    assert f"--accept=pipe,name={app.impl._started.pipe};" in commands
    assert "socket" not in commands
    assert f"-env:UserInstallation={app.impl._started.profile.as_uri()}" in commands


def test_two_run_side_by_side(app: xw.App) -> None:
    other = calc.start()
    try:
        assert other.impl._started.pipe != app.impl._started.pipe
        assert other.books.add().name
        assert other.pid != app.pid
    finally:
        other.quit()
    assert app.version


def test_one_that_does_not_want_to_end_is_made_to(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apps, "_QUIT_SECONDS", 0.3)
    monkeypatch.setattr(apps, "_LAST_SECONDS", 0.1)
    app = calc.start()
    group = app.impl._started.process.pid
    os.killpg(group, signal.SIGSTOP)
    app.quit()
    assert gone(group)
    assert not app.impl._started.profile.exists()


def test_killing_takes_the_profile_away_too(office: Office) -> None:
    app = calc.start()
    app.kill()
    assert gone(app.impl._started.process.pid)
    assert not app.impl._started.profile.exists()


@pytest.mark.parametrize("then", ["", "raise SystemExit(3)", "1 / 0"])
def test_a_program_that_forgets_it_leaves_nothing_behind(
    office: Office, billing: Path, then: str
) -> None:
    code = FORGETFUL.format(path=str(billing), then=then)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    group, profile = done.stdout.split()
    assert gone(int(group))
    assert not Path(profile).exists()
    assert not list(billing.parent.glob(".~lock*"))


def test_an_interrupt_of_the_terminal_is_not_for_it(app: xw.App) -> None:
    assert os.getpgid(app.impl._started.process.pid) != os.getpgid(0)


def test_a_program_that_ends_at_once_is_told(office: Office, tmp_path: Path) -> None:
    started = start_headless(pretend(tmp_path, "exit 77"))
    try:
        with pytest.raises(CalcNotStarted, match="it ended at once"):
            connect(office, started.pipe, seconds=20, running=lambda: started.runs)
    finally:
        started.end()


def test_a_program_that_never_answers_is_told_in_time(office: Office, tmp_path: Path) -> None:
    started = start_headless(pretend(tmp_path, "exec sleep 60"))
    start = time.monotonic()
    try:
        with pytest.raises(CalcNotStarted, match="it has not answered for 1 second"):
            connect(office, started.pipe, seconds=1, running=lambda: started.runs)
    finally:
        started.end()
    assert time.monotonic() - start < 10
    assert gone(started.process.pid)
    assert not started.profile.exists()


def test_a_program_that_cannot_run_is_told(tmp_path: Path) -> None:
    office = pretend(tmp_path, "")
    office.soffice.chmod(0o644)
    before = set(Path(tmp_path).parent.glob("timix-calc-*"))
    with pytest.raises(CalcNotStarted, match="permission denied"):
        start_headless(office)
    assert set(Path(tmp_path).parent.glob("timix-calc-*")) == before


def test_nobody_waits_on_the_pipe_that_is_attached_to(office: Office) -> None:
    with pytest.raises(NotReached, match="has not answered for 1 second"):
        calc.attach("timix-nobody", seconds=1)


def test_an_app_that_was_attached_is_let_go_and_lives_on(app: xw.App) -> None:
    other = calc.attach(app.impl._started.pipe)
    book = app.books.add()
    assert calc.document(other, book.impl.uid).name == book.name
    other.quit()
    assert app.impl._started.runs
    assert book.name
    book.close()


def test_what_would_lead_it_to_foreign_parts_is_kept_from_it() -> None:
    given = {"PATH": "/bin", "PYTHONPATH": "/x", "PYTHONHOME": "/y", "URE_BOOTSTRAP": "z"}
    assert clean_environment(given) == {"PATH": "/bin"}


def test_a_virtual_environment_that_is_active_is_kept_from_it(tmp_path: Path) -> None:
    (tmp_path / "pyvenv.cfg").touch()
    given = {
        "PATH": os.pathsep.join([str(tmp_path / "bin"), "/usr/bin", "/bin"]),
        "VIRTUAL_ENV": str(tmp_path),
    }
    assert clean_environment(given) == {"PATH": os.pathsep.join(["/usr/bin", "/bin"])}


def test_a_profile_says_what_it_says_as_xml(tmp_path: Path) -> None:
    write_profile(tmp_path, {**HEADLESS, "/a.b/C": 'x < "y"'})
    root = ET.parse(tmp_path / "user" / "registrymodifications.xcu").getroot()
    texts = ["".join(item.itertext()) for item in root]
    assert len(texts) == len(HEADLESS) + 1
    assert texts[-1] == 'x < "y"'


def test_the_profile_s_settings_hold(app: xw.App) -> None:
    connection = app.impl.connection
    provider = connection.create("com.sun.star.configuration.ConfigurationProvider")
    path = "/org.openoffice.Office.Calc/Formula/Load"
    access = provider.createInstanceWithArguments(
        "com.sun.star.configuration.ConfigurationAccess", connection.props(nodepath=path)
    )
    assert access.getByName("OOXMLRecalcMode") == 0


def test_ending_twice_does_no_harm(office: Office) -> None:
    started: Started = start_headless(office)
    started.end()
    started.end()
    assert gone(started.process.pid)


def test_importing_loads_no_uno_and_starts_nothing() -> None:
    code = (
        "import sys, xlwings; before = set(sys.path), __import__\n"
        "import timix_xl.hosts.calc\n"
        "assert 'uno' not in sys.modules and (set(sys.path), __import__) == before\n"
        "assert 'timix-calc' not in xlwings.engines.engines_by_name\n"
        "assert 'openpyxl' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_loading_uno_makes_nothing_else_importable(office: Office) -> None:
    code = (
        "import sys; before = list(sys.path), __import__\n"
        "from timix_xl.hosts.calc.finding import find_office\n"
        "from timix_xl.hosts.calc.uno_loading import load\n"
        "office = find_office(); uno = load(office)\n"
        "assert (list(sys.path), __import__) == before\n"
        "assert load(office) is uno and uno.getComponentContext() is not None"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_another_engine_that_is_active_stays_so(office: Office) -> None:
    code = (
        "import xlwings as xw\n"
        "from timix_xl.hosts import calc, files\n"
        "files.start(); app = calc.start()\n"
        "assert xw.engines.active.name == 'timix-files'\n"
        "assert app.engine.name == calc.NAME == 'timix-calc'\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize("blow", [signal.SIGTERM, signal.SIGKILL])
def test_a_program_that_is_ended_by_a_signal_leaves_nothing_behind(
    office: Office, billing: Path, blow: signal.Signals
) -> None:
    code = FORGETFUL.format(path=str(billing), then="import time; time.sleep(60)")
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as ours:
        assert ours.stdout is not None
        group, profile = ours.stdout.readline().split()
        assert list(billing.parent.glob(".~lock*"))
        ours.send_signal(blow)
    assert gone(int(group))
    assert cleared(lambda: Path(profile).exists() or any(billing.parent.glob(".~lock*")))


def test_two_that_are_forgotten_leave_nothing_behind(office: Office, billing: Path) -> None:
    other = billing.with_name("other.xlsx")
    other.write_bytes(billing.read_bytes())
    second = FORGETFUL.format(path=str(other), then="")
    code = FORGETFUL.format(path=str(billing), then=second)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    groups = [line.split()[0] for line in done.stdout.splitlines()]
    assert len(groups) == 2
    assert all(gone(int(group)) for group in groups)
    assert not list(billing.parent.glob(".~lock*"))


def test_one_that_ended_in_order_is_not_looked_after(office: Office, billing: Path) -> None:
    app = calc.start()
    watcher = app.impl._started.watcher._process
    book = app.books.open(str(billing))
    lock = billing.with_name(f".~lock.{billing.name}#")
    assert lock.exists()
    book.close()
    app.quit()
    assert watcher.returncode == 0
