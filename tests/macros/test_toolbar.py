"""The toolbar: a press in LibreOffice, what it says, and what becomes of it when LibreOffice ends."""

import io
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import xlwings as xw

from tests.builders import Shop
from tests.hosts.hosts import Calc, fail_or_skip
from tests.macros.driver import Workbook
from tests.macros.test_invoices_sheet import ballots
from timix_xl import __version__, macros
from timix_xl.errors import HostError
from timix_xl.hosts import calc
from timix_xl.hosts.refusals import CalcGone, CalcSilent, NotReached, UnoOfOtherPython
from timix_xl.macros import register, running, toolbar, untold
from timix_xl.macros.actions import ACTIONS

pytestmark = pytest.mark.usefixtures("excel")

ONE = "INV-2026-00001"


@dataclass(frozen=True)
class Office:
    """A LibreOffice without a window with a workbook open; it writes down what it would show."""

    app: xw.App
    book: xw.Book

    @property
    def uid(self) -> str:
        """The number by which the toolbar names the workbook."""
        return str(self.book.impl.uid)

    @property
    def pipe(self) -> str:
        """The pipe on which it waits."""
        return str(self.app.impl._started.pipe)

    def press(self, action: str, *answers: str, version: str = __version__, uid: str = "") -> int:
        """Press a button in this process; returns the exit code."""
        self.app.impl.answers[:] = answers
        return toolbar.main([action, version, uid or self.uid], io.StringIO(f"{self.pipe} x\n"))

    def said(self) -> list[str]:
        """Return what the message boxes said."""
        return [alert.prompt for alert in self.app.impl.alerts]

    def shown(self, name: str) -> Any:
        """Read a named cell."""
        return self.book.names[f"timix_{name}"].refers_to_range.value

    def end(self) -> None:
        """Have it end as if somebody had killed it."""
        started = self.app.impl._started
        os.killpg(started.process.pid, 9)
        started.process.wait()
        time.sleep(0.2)


@pytest.fixture
def home(tmp_path: Path, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with the store's settings."""
    monkeypatch.setattr("timix_xl.settings.sys.platform", "linux")
    monkeypatch.setenv("TIMIX_STORE", shop.path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "home"


Opened = Callable[[Workbook], Office]


@pytest.fixture(scope="module")
def program() -> Iterator[Calc]:
    """A LibreOffice that lives as long as no test ends it."""
    program = Calc()
    fail_or_skip(program, is_asked_for=False)
    yield program
    program.end()


@pytest.fixture
def opened(home: Path, program: Calc, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    """Open a workbook in a LibreOffice that is reached as the one with the window would be."""

    def open_(book: Workbook) -> Office:
        opened = program.open(book.path)
        app = opened.app
        app.impl.alerts.clear()
        # To reach it by its pipe would make it one with a window, whose boxes wait for a person.
        monkeypatch.setattr(calc, "attach", lambda pipe, *, secret: app)
        monkeypatch.setattr(app.impl, "quit", lambda: None)
        xw.engines[calc.NAME].activate()
        return Office(app, opened)

    before = xw.engines.active
    yield open_
    program.tidy()
    if before:
        before.activate()


@pytest.fixture
def office(book: Workbook, opened: Opened) -> Office:
    """The loaded workbook, open."""
    return opened(book)


# A press.


def test_a_press_works_on_the_workbook_of_the_window(office: Office) -> None:
    assert office.press("bill_all") == 0
    assert office.shown("status") == "4 rows set to Bill."
    assert office.said() == []


def test_a_press_is_a_process_that_reaches_libreoffice_by_its_pipe(
    office: Office, shop: Shop, book: Workbook
) -> None:
    shop.time("E9", on="2026-01-09")
    before = book.path.read_bytes()
    command = [sys.executable, "-I", "-B", "-m", "timix_xl.macros.toolbar"]
    done = subprocess.run(
        [*command, "load_unbilled", __version__, office.uid],
        input=f"{office.pipe}\n".encode(),
        capture_output=True,
        cwd="/",
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert office.shown("status").startswith("Loaded 5 entries of ACME up to 2026-01-31")
    assert book.path.read_bytes() == before  # nobody has saved


def test_an_issue_asks_and_shows_the_number(office: Office, shop: Shop) -> None:
    assert office.press("issue", "ok") == 0
    (question,) = office.said()
    assert "to Acme Ltd" in question
    assert shop.value("SELECT number FROM documents") == ONE
    assert office.shown("status").startswith(f"Issued {ONE}")
    assert office.app.status_bar is False


def test_an_issue_that_is_not_confirmed_issues_nothing(office: Office, shop: Shop) -> None:
    assert office.press("issue", "cancel") == 0
    assert office.shown("status") == "Nothing was issued."
    assert shop.value("SELECT COUNT(*) FROM documents") == 0


def test_a_refusal_is_told_in_a_box_and_in_checks(office: Office, book: Workbook) -> None:
    office.book.names["timix_customer"].refers_to_range.value = "NOBODY"
    assert office.press("load_unbilled") == 0
    (message,) = office.said()
    assert message.endswith("[FIND-01]")
    assert office.shown("status") == message


def test_the_pdf_goes_beside_the_workbook(office: Office, book: Workbook) -> None:
    assert office.press("issue", "ok") == 0
    assert office.press("export_pdf") == 0
    assert (book.path.parent / f"{ONE}.pdf").is_file()


def test_a_new_workbook_is_opened_with_the_customers(office: Office, home: Path) -> None:
    assert office.press("new_workbook") == 0
    made = office.app.books["billing.xlsx"]
    assert Path(made.fullname) == home / "Documents" / "billing.xlsx"
    assert made.sheets["Billing"].range("A11").value == "ACME"


def test_settings_say_how_libreoffice_is_given_another_store(office: Office) -> None:
    assert office.press("settings") == 0
    (message,) = office.said()
    assert "open FILE --host calc" in message.splitlines()[-1]
    assert "Excel" not in message


@pytest.mark.parametrize(
    ("action", "version", "code"),
    [("issue", "0.0.9", "RIBBON-05"), ("__class__", __version__, "RIBBON-06")],
)
def test_a_toolbar_of_another_version_is_told_so_and_does_nothing(
    action: str, version: str, code: str, office: Office, shop: Shop
) -> None:
    assert office.press(action, version=version) == 0
    (message,) = office.said()
    assert message.endswith(f"[{code}]")
    assert shop.value("SELECT COUNT(*) FROM documents") == 0


def test_a_workbook_that_was_closed_meanwhile_is_told(office: Office) -> None:
    assert office.press("issue", uid="0") == 0
    (message,) = office.said()
    assert message.endswith("[HOST-26]")


def test_the_toolbar_has_every_button_of_the_ribbon() -> None:
    assert len(ACTIONS) == 24
    assert all(callable(action) for action in ACTIONS.values())


# Something that nobody thought of.


def test_a_defect_of_ours_ends_with_its_last_line(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: xw.Book) -> None:
        raise KeyError("Decision")

    monkeypatch.setitem(ACTIONS, "preview", broken)
    with pytest.raises(KeyError, match="Decision"):
        office.press("preview")
    assert not untold.place().exists()


# LibreOffice ends.


def when(
    monkeypatch: pytest.MonkeyPatch,
    module: Any,
    name: str,
    happens: Callable[[], None],
    *,
    after: bool,
) -> None:
    """Have something happen right before, or right after, a step of a macro."""
    step = getattr(module, name)

    def stepped(*arguments: Any, **options: Any) -> Any:
        if not after:
            happens()
        done = step(*arguments, **options)
        if after:
            happens()
        return done

    monkeypatch.setattr(module, name, stepped)


def test_libreoffice_that_ends_after_the_commit_has_issued_and_that_is_kept(
    office: Office,
    shop: Shop,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    when(monkeypatch, running, "issue_run", office.end, after=True)
    assert office.press("issue", "ok") == 1
    assert shop.value("SELECT number FROM documents WHERE status = 'issued'") == ONE
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith(
        f"{ONE} issued, but acme.xlsx does not show it yet: LibreOffice has ended"
    )
    assert said.endswith("[RUN-07]")
    assert said in untold.place().read_text(encoding="utf-8")


def test_libreoffice_that_ends_before_the_commit_has_issued_nothing(
    office: Office,
    shop: Shop,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    when(monkeypatch, running, "read_run", office.end, after=True)
    assert office.press("issue", "ok") == 1
    assert shop.value("SELECT COUNT(*) FROM documents") == 0
    assert capsys.readouterr().err.splitlines()[-1].endswith("[HOST-21]")


def test_libreoffice_that_ends_in_the_middle_of_the_ballots_keeps_what_was_done(
    book: Workbook,
    opened: Opened,
    shop: Shop,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    book.run(macros.issue)
    ballots(book, {ONE: {"action": "Send"}})
    office = opened(book)
    when(monkeypatch, register, "carry_out", office.end, after=True)
    assert office.press("run_actions", "ok") == 1
    assert shop.value("SELECT status FROM documents") == "sent"
    said = capsys.readouterr().err.splitlines()[-1]
    assert f"Carried out: Send {ONE}, but the workbook does not show it yet" in said
    assert said.endswith("[RUN-09]")


def test_the_next_press_tells_what_could_not_be_told_and_then_works(
    book: Workbook,
    opened: Opened,
    program: Calc,
    shop: Shop,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office = opened(book)
    with monkeypatch.context() as patch:
        when(patch, running, "issue_run", office.end, after=True)
        assert office.press("issue", "ok") == 1
    program.tidy()
    book.path.with_name(f".~lock.{book.path.name}#").unlink(missing_ok=True)
    again = opened(book)
    assert again.press("issue", "ok", "ok") == 0
    told, *_ = again.said()
    assert re.search(
        rf"\d\d:\d\d \(store .*\) {ONE} issued, but acme.xlsx does not show it yet", told
    )
    assert shop.value("SELECT COUNT(*) FROM documents") == 1
    assert again.shown("status").startswith(f"Issued {ONE}")
    assert not untold.place().exists()


def test_what_the_next_press_cannot_tell_either_is_kept(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    untold.place().parent.mkdir(parents=True)
    untold.place().write_text("2026-02-01 10:05 something\n", encoding="utf-8")
    monkeypatch.setattr(office.app.impl, "alert", _gone)
    assert office.press("bill_all") == 1
    assert "something" in untold.place().read_text(encoding="utf-8")
    assert capsys.readouterr().err.endswith("[HOST-21]\n")


def _gone(*_: object) -> str:
    raise CalcGone


@pytest.mark.parametrize(
    "stopped",
    [
        NotReached(why="it has not answered for 20 seconds"),
        CalcSilent(seconds="60 seconds"),
        UnoOfOtherPython(folder="/opt/program", theirs="3.9", ours="3.11"),
    ],
    ids=lambda stopped: stopped.code,
)
def test_what_the_toolbar_can_show_itself_is_not_kept(
    stopped: HostError,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def refused(pipe: str, *, secret: str) -> xw.App:
        assert (pipe, secret) == ("timix1", "word")
        raise stopped

    monkeypatch.setattr(calc, "attach", refused)
    assert toolbar.main(["issue", __version__, "1"], io.StringIO("timix1 word\n")) == 1
    assert stopped.code in capsys.readouterr().err
    assert not untold.place().exists()


def test_what_is_kept_says_which_store(
    office: Office, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office.app.impl, "alert", _gone)
    assert office.press("issue", version="0.0.9") == 1
    kept = untold.place().read_text(encoding="utf-8")
    assert f"(store {shop.path}) The toolbar in LibreOffice is of" in kept
