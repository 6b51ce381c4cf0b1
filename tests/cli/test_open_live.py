"""`open --host`: a billing workbook live on the store, in LibreOffice or in Excel."""

import datetime as dt
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.addin.machines import machine
from tests.addin.soffices import HANGS, Soffice, a_soffice
from tests.cli.terminal import Desk
from tests.macros.driver import named
from timix_xl.addin import extending, window, window_profile
from timix_xl.addin.machine import Machine
from timix_xl.addin.places import System
from timix_xl.addin.refusals import ExcelNotReached
from timix_xl.addin.window import Shown
from timix_xl.addin.window_profile import profiles
from timix_xl.cli import open_commands
from timix_xl.cli.main import main
from timix_xl.hosts.refusals import CalcGone, CalcMissing, NoDisplay
from timix_xl.macros import untold

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, and a home without anything."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setattr("timix_xl.settings.sys.platform", "linux")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("TIMIX_USER", raising=False)
    return folder


@pytest.fixture
def soffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Soffice]:
    """A LibreOffice that notes what it is told to open."""
    with a_soffice(tmp_path / "program") as made:
        monkeypatch.setattr(open_commands, "office_with_window", lambda: made.office)
        # It starts our Python once more; that is looked at where it matters.
        monkeypatch.setattr(open_commands, "refuse_hidden", lambda machine: None)
        yield made


def customers(path: Path) -> list[Any]:
    """Read the customers off a billing workbook."""
    sheet = openpyxl.load_workbook(path)["Billing"]
    return [row[0].value for row in sheet["A11:A16"]]


# LibreOffice.


def test_a_workbook_is_opened_as_it_is(desk: Desk, soffice: Soffice, here: Path) -> None:
    openpyxl.Workbook().save("mine.xlsx")
    before = Path("mine.xlsx").read_bytes()
    told = desk.json("open", "mine.xlsx", "--host", "calc")
    assert told == {
        "file": str(here / "mine.xlsx"),
        "made": False,
        "host": "calc",
        "store": str(desk.store),
        "user": "maja",
        "notes": [],
    }
    assert soffice.arguments[-1] == str(here / "mine.xlsx")
    assert Path("mine.xlsx").read_bytes() == before


def test_it_works_on_the_store_and_for_the_user_of_the_command(
    desk: Desk, soffice: Soffice
) -> None:
    openpyxl.Workbook().save("mine.xlsx")
    assert desk("open", "mine.xlsx", "--host", "calc").code == 0
    assert soffice.environment["TIMIX_STORE"] == str(desk.store)
    assert soffice.environment["TIMIX_USER"] == "maja"


def test_a_person_reads_where_it_is_and_where_the_buttons_are(
    desk: Desk, soffice: Soffice, here: Path
) -> None:
    openpyxl.Workbook().save("mine.xlsx")
    assert desk("open", "mine.xlsx", "--host", "calc").out.splitlines() == [
        f"Opened {here / 'mine.xlsx'} in LibreOffice Calc: store {desk.store}, user maja.",
        "The toolbar and the menu Timix hold the buttons.",
    ]


def test_a_file_that_is_not_there_becomes_a_billing_workbook(
    desk: Desk, soffice: Soffice, here: Path
) -> None:
    told = desk.json("open", "january.xlsx", "--host", "calc")
    assert (told["made"], told["file"]) == (True, str(here / "january.xlsx"))
    assert "HANSE" in customers(here / "january.xlsx")
    seen = openpyxl.load_workbook("january.xlsx")
    assert named(seen, "timix_status").value.startswith("A new workbook: choose a customer")


def test_without_a_file_it_becomes_one_in_the_documents(
    desk: Desk, soffice: Soffice, tmp_path: Path, here: Path
) -> None:
    documents = tmp_path / "home" / "Documents"
    names = [Path(desk.json("open", "--host", "calc")["file"]) for _ in range(2)]
    assert names == [documents / "billing.xlsx", documents / "billing (2).xlsx"]
    assert list(here.iterdir()) == []


def test_a_lock_that_was_left_behind_is_taken_away_and_told(
    desk: Desk, soffice: Soffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    openpyxl.Workbook().save("mine.xlsx")
    Path(".~lock.mine.xlsx#").write_text(",ann,desk7,01.02.2026 10:05,file:///gone;")
    monkeypatch.setattr(window, "is_left_behind", lambda lock, ours: True)
    (note,) = desk.json("open", "mine.xlsx", "--host", "calc")["notes"]
    assert note.startswith("Removed .~lock.mine.xlsx#: a LibreOffice that ended without closing")
    assert "since 01.02.2026 10:05" in note
    assert "What was not saved in it is gone; the store is as it was." in note


def test_what_could_not_be_told_is_told_once(desk: Desk, soffice: Soffice) -> None:
    openpyxl.Workbook().save("mine.xlsx")
    untold.keep(CalcGone(), dt.datetime(2026, 2, 1, 10, 5), "/s.db")
    said = desk("open", "mine.xlsx", "--host", "calc").out
    assert "2026-02-01 10:05 (store /s.db) LibreOffice has ended" in said
    assert "LibreOffice has ended" not in desk("open", "mine.xlsx", "--host", "calc").out


def test_every_line_that_could_not_be_told_is_a_note_of_its_own(
    desk: Desk, soffice: Soffice
) -> None:
    openpyxl.Workbook().save("mine.xlsx")
    for minute in (5, 6):
        untold.keep(CalcGone(), dt.datetime(2026, 2, 1, 10, minute), "/s.db")
    notes = desk.json("open", "mine.xlsx", "--host", "calc")["notes"]
    assert notes[0] == untold.HEADING
    assert [note[:16] for note in notes[1:]] == ["2026-02-01 10:05", "2026-02-01 10:06"]


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_what_could_not_be_told_stays_until_it_is_printed(
    words: tuple[str, ...], desk: Desk, soffice: Soffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    openpyxl.Workbook().save("mine.xlsx")
    untold.keep(CalcGone(), dt.datetime(2026, 2, 1, 10, 5), "/s.db")
    waiting = []

    class Paper(io.StringIO):
        def write(self, text: str) -> int:
            waiting.append(untold.waiting())
            return super().write(text)

    monkeypatch.setattr(sys, "stdout", Paper())
    given = ("--store", str(desk.store), "open", "mine.xlsx", "--host", "calc", *words)
    assert main(list(given)) == 0
    assert waiting
    assert all(b"LibreOffice has ended" in one for one in waiting)
    assert not untold.waiting()


def test_a_read_only_workbook_is_not_said_to_be_up(
    desk: Desk, soffice: Soffice, monkeypatch: pytest.MonkeyPatch, here: Path
) -> None:
    openpyxl.Workbook().save("mine.xlsx")
    shown = Shown(here / "mine.xlsx", None, is_up=False)
    monkeypatch.setattr(open_commands, "open_in_calc", lambda *_, **__: shown)
    first, _, note = desk("open", "mine.xlsx", "--host", "calc").out.splitlines()
    assert first.startswith(f"{here / 'mine.xlsx'} is being opened in LibreOffice Calc: store ")
    assert note.startswith("It is read-only: ")
    assert desk.json("open", "mine.xlsx", "--host", "calc")["notes"] == [note]


def test_buttons_that_could_not_work_are_told_before_a_workbook_is_made(
    desk: Desk, soffice: Soffice, here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = machine(System.OTHER, tmp_path, hidden_from=lambda python: "No module named timix_xl")
    monkeypatch.setattr(open_commands, "this_machine", lambda: hidden)
    monkeypatch.setattr(open_commands, "refuse_hidden", extending.refuse_hidden)
    assert desk.error("open", "new.xlsx", "--host", "calc") == (6, "ADDIN-23")
    assert list(here.iterdir()) == []
    assert soffice.starts == 0


def test_a_window_with_the_toolbar_of_another_version_is_told_before_a_workbook_is_made(
    desk: Desk, soffice: Soffice, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert desk("open", "january.xlsx", "--host", "calc").code == 0
    (profile,) = profiles()
    profile.configuration.write_text("older")
    monkeypatch.setattr(window_profile, "may_run", lambda url: True)
    assert desk.error("open", "new.xlsx", "--host", "calc") == (6, "ADDIN-28")
    assert not (here / "new.xlsx").exists()
    assert soffice.starts == 1


@pytest.mark.parametrize("place", ["", "data"])
def test_a_data_folder_that_is_no_whole_path_is_the_usual_one(
    place: str, desk: Desk, soffice: Soffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    openpyxl.Workbook().save("mine.xlsx")
    monkeypatch.setenv("XDG_DATA_HOME", place)
    assert desk("open", "mine.xlsx", "--host", "calc").code == 0
    assert (tmp_path / "home" / ".local" / "share" / "timix-xl" / "calc").is_dir()


@pytest.mark.parametrize("stopped", [NoDisplay(), CalcMissing(looked="nowhere", wanted="7.4")])
@pytest.mark.parametrize("file", [[], ["new.xlsx"]])
def test_without_libreoffice_or_a_screen_nothing_is_written(
    stopped: Exception,
    file: list[str],
    desk: Desk,
    here: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse() -> None:
        raise stopped

    monkeypatch.setattr(open_commands, "office_with_window", refuse)
    assert desk.error("open", *file, "--host", "calc") == (6, stopped.code)  # type: ignore[attr-defined]
    assert list(here.iterdir()) == []
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (("january.ods",), (2, "ARG-01")),
        (("january",), (2, "ARG-01")),
        ((".",), (2, "ARG-01")),
        (("no/such/january.xlsx",), (6, "HOST-08")),
        (("january.xlsx", "--as-of", "2026-01-31"), (2, "ARG-02")),
    ],
)
def test_a_name_that_no_workbook_can_have_is_refused(
    words: tuple[str, ...], refusal: tuple[int, str], desk: Desk, soffice: Soffice, here: Path
) -> None:
    assert desk.error("open", *words, "--host", "calc") == refusal
    assert list(here.iterdir()) == []
    assert soffice.starts == 0


def test_a_store_that_is_not_there_is_told_before_anything_is_opened(
    soffice: Soffice, tmp_path: Path, here: Path
) -> None:
    assert Desk(tmp_path / "none.db").error("open", "a.xlsx", "--host", "calc") == (4, "STORE-01")
    assert list(here.iterdir()) == []
    assert soffice.starts == 0


def test_a_workbook_that_somebody_has_open_is_refused_naming_whom(
    desk: Desk, soffice: Soffice
) -> None:
    openpyxl.Workbook().save("mine.xlsx")
    Path(".~lock.mine.xlsx#").write_text(",ben,desk9,01.02.2026 10:05,file:///home/ben/4;")
    said = desk("open", "mine.xlsx", "--host", "calc")
    assert said.code == 6
    assert "(LibreOffice of ben on desk9, since 01.02.2026 10:05)" in said.err


def test_a_workbook_that_does_not_come_up_is_told(
    desk: Desk, soffice: Soffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(open_commands.open_in_calc.__kwdefaults__, "seconds", 0.5)  # type: ignore[arg-type]
    Soffice(soffice.folder, HANGS)
    assert desk.error("open", "new.xlsx", "--host", "calc") == (6, "HOST-27")


def test_looking_at_the_machine_leaves_us_where_we_are(here: Path) -> None:
    open_commands.this_machine()
    assert Path.cwd() == here


# Excel.


class Sheets:
    """A workbook in an Excel that is not there."""

    def __init__(self, excel: "Excel", name: str) -> None:
        self.excel, self.name = excel, name

    def activate(self) -> None:
        """Note it."""
        self.excel.did.append(f"activate {self.name}")


class Excel:
    """An Excel that notes what it opens."""

    visible = False
    display_alerts = False

    def __init__(self, *, refuses: str = "") -> None:
        self.did: list[str] = []
        self.refuses = refuses

    @property
    def books(self) -> "Excel":
        """Its workbooks: itself."""
        return self

    def open(self, path: str) -> Sheets:
        """Open one."""
        if self.refuses:
            raise OSError(self.refuses)
        self.did.append(f"open {Path(path).name}")
        return Sheets(self, Path(path).name)


def on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, **changes: Any) -> Machine:
    """Have the command run on a Windows that is not there."""
    made = machine(System.WINDOWS, tmp_path / "windows", **changes)
    monkeypatch.setattr(open_commands, "this_machine", lambda: made)
    return made


def test_the_excel_that_runs_opens_it_and_is_seen(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    excel = Excel()
    on(monkeypatch, tmp_path, running_excel=lambda: excel)
    told = desk.json("open", "january.xlsx", "--host", "excel")
    assert excel.did == ["open january.xlsx", "activate january.xlsx"]
    assert excel.visible
    assert (told["host"], told["made"]) == ("excel", True)
    assert "HANSE" in customers(Path("january.xlsx"))


def test_an_excel_that_is_started_for_it_has_the_add_in_and_asks_people(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    excel = Excel()
    made = on(monkeypatch, tmp_path, start_excel=lambda: excel)
    addin = made.home / "AppData" / "Roaming" / "Microsoft" / "Excel" / "XLSTART" / "timix.xlam"
    addin.parent.mkdir(parents=True)
    addin.write_bytes(b"")
    assert desk("open", "january.xlsx", "--host", "excel").code == 0
    assert excel.did == ["open timix.xlam", "open january.xlsx", "activate january.xlsx"]
    assert (excel.visible, excel.display_alerts) == (True, True)


def test_another_store_than_that_of_excel_is_told(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(monkeypatch, tmp_path, running_excel=Excel)
    told = desk.json("open", "january.xlsx", "--host", "excel")
    assert told["store"] == str(tmp_path / "data" / "timix-xl" / "timix.db")
    (note,) = told["notes"]
    assert "not on this store: timix-xl --store PATH addin install" in note


def test_an_excel_that_cannot_be_reached_is_told(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(monkeypatch, tmp_path, running_excel=lambda: Excel(refuses="It is busy."))
    said = desk("open", "january.xlsx", "--host", "excel")
    assert said.code == ExcelNotReached.exit_code
    assert "It is busy" in said.err


def test_elsewhere_there_is_no_excel_and_nothing_is_written(
    desk: Desk, tmp_path: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = machine(System.OTHER, tmp_path / "linux")
    monkeypatch.setattr(open_commands, "this_machine", lambda: made)
    assert desk.error("open", "january.xlsx", "--host", "excel") == (6, "ADDIN-10")
    assert list(here.iterdir()) == []
