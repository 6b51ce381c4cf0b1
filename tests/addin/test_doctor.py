"""The doctor: a sound installation is sound on both systems; each trouble is found and named."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.addin.machines import (
    APP_PATHS,
    CLICK_TO_RUN,
    PACKAGES,
    Busy,
    ComError,
    Excel,
    files_below,
    machine,
    no_excel,
    registry,
    xlam,
)
from tests.builders import Shop
from timix_xl import __version__, settings
from timix_xl.addin import checks, installing, pinging
from timix_xl.addin.build import build
from timix_xl.addin.examining import Check, State, examine
from timix_xl.addin.hardening import XLWINGS
from timix_xl.addin.inside import is_signed, version_inside
from timix_xl.addin.installing import install, places_of
from timix_xl.addin.machine import Machine
from timix_xl.addin.places import System
from timix_xl.addin.refusals import XlwingsDiffers

BOTH = (System.WINDOWS, System.MAC)
XLAM = b"the add-in of today"


@pytest.fixture(autouse=True)
def made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Have an add-in that is made at once, and a data folder of the test's own."""
    monkeypatch.setattr(installing, "build", lambda: XLAM)
    monkeypatch.setattr(checks, "build", lambda: XLAM)
    monkeypatch.setattr(installing, "text", lambda name: "the script of today")
    monkeypatch.setattr(settings, "data_folder", lambda: tmp_path / "data")


Sound = Callable[..., Machine]


@pytest.fixture
def sound(tmp_path: Path, shop: Shop) -> Sound:
    """Make a machine on which everything is in order; changes may spoil it."""

    def made(system: System, **changes: Any) -> Machine:
        home = tmp_path / "Maja van Berg"
        program = _file(home / "Office" / "EXCEL.EXE")
        _file(home / "venv" / f"xlwings64-{XLWINGS}.dll")
        _file(home / "venv" / "Scripts" / "python.exe")
        (home / "Applications" / "Microsoft Excel.app").mkdir(parents=True)
        known = registry({(APP_PATHS, ""): str(program), (CLICK_TO_RUN, "Platform"): "x64"})
        one = machine(system, home, registry=known, start_excel=Excel)
        install(one, {"store": shop.path})
        return replace(one, **changes)

    return made


def _file(path: Path, content: bytes = b"") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def found(one: Machine, name: str, *, store: str | None = None, with_excel: bool = True) -> Check:
    checks_made = examine(one, store=store, with_excel=with_excel)
    return next(check for check in checks_made if check.name == name)


def codes(one: Machine) -> list[str | None]:
    return [check.code for check in examine(one, store=None, with_excel=True) if check.code]


def without(*names: str) -> Callable[[str], str | None]:
    return {name: one for name, one in PACKAGES.items() if name not in names}.get


@pytest.mark.parametrize("system", BOTH)
def test_a_sound_installation_is_sound(system: System, sound: Sound) -> None:
    states = {one.name: one.state for one in examine(sound(system), store=None, with_excel=True)}
    assert set(states.values()) == {State.OK}, states


def test_windows_is_examined_in_this_order(sound: Sound) -> None:
    names = [one.name for one in examine(sound(System.WINDOWS), store=None, with_excel=True)]
    assert names == [
        *("Python", "timix-xl", "xlwings", "pywin32", "Function library", "Excel", "Add-in"),
        *("Mark of the web", "Old copies", "Other add-ins", "Configuration", "Settings", "Store"),
        *("Excel's store", "Answer"),
    ]


def test_a_mac_is_examined_in_this_order(sound: Sound) -> None:
    names = [one.name for one in examine(sound(System.MAC), store=None, with_excel=True)]
    assert names == [
        *("Python", "timix-xl", "xlwings", "appscript", "psutil", "Excel", "Add-in", "Old copies"),
        *("Other add-ins", "Configuration", "Script", "Settings", "Store", "Excel's store"),
        "Answer",
    ]


def test_elsewhere_what_needs_no_excel_is_examined(tmp_path: Path, shop: Shop) -> None:
    made = examine(machine(System.OTHER, tmp_path), store=shop.path, with_excel=True)
    fine = [one.name for one in made if one.state is State.OK]
    assert fine == ["Python", "timix-xl", "xlwings", "Settings", "Store"]


def test_elsewhere_what_needs_excel_is_not_examined(tmp_path: Path, shop: Shop) -> None:
    made = examine(machine(System.OTHER, tmp_path), store=shop.path, with_excel=True)
    rests = {one.name: one.message for one in made if one.state is not State.OK}
    assert set(rests) == {
        *("Excel", "Add-in", "Old copies", "Other add-ins", "Configuration", "Excel's store"),
        "Answer",
    }
    assert set(rests.values()) == {"Excel runs on Windows and Mac only."}


# One trouble after the other.


@pytest.mark.parametrize("version", [(3, 10, 1), (3, 14, 0)])
def test_a_python_that_is_too_old_or_too_new(version: tuple[int, ...], sound: Sound) -> None:
    assert found(sound(System.WINDOWS, python_version=version), "Python").code == "DOCTOR-01"


def test_the_python_of_the_store(sound: Sound) -> None:
    one = sound(System.WINDOWS, base=Path("C:/Program Files/WindowsApps/Python"))
    assert found(one, "Python").code == "ADDIN-11"


def test_a_python_whose_path_macros_cannot_read(sound: Sound) -> None:
    assert found(sound(System.MAC, python=Path("/jürgen/python")), "Python").code == "ADDIN-14"


def test_the_words_on_python(sound: Sound) -> None:
    one = sound(System.WINDOWS)
    assert found(one, "Python").message == f"3.11.9, 64 bit: {one.python}"


def test_a_timix_that_excels_python_does_not_find(sound: Sound) -> None:
    one = sound(System.MAC, hidden_from=lambda python: "ModuleNotFoundError")
    assert found(one, "timix-xl").code == "ADDIN-20"


def test_sources_that_are_no_package(sound: Sound) -> None:
    assert found(sound(System.MAC, version_of=without("timix-xl")), "timix-xl").code == "ADDIN-19"


@pytest.mark.parametrize("version", [None, "0.37.7", "0.37.9", "0.38.0"])
def test_an_xlwings_that_is_missing_or_another(version: str | None, sound: Sound) -> None:
    known = PACKAGES | {"xlwings": version}
    assert found(sound(System.WINDOWS, version_of=known.get), "xlwings").code == "DOCTOR-02"


def test_the_xlwings_of_this_installation_is_the_one() -> None:
    assert PACKAGES["xlwings"] == XLWINGS


@pytest.mark.parametrize(
    ("system", "name"),
    [(System.WINDOWS, "pywin32"), (System.MAC, "appscript"), (System.MAC, "psutil")],
)
def test_a_package_to_reach_excel_is_missing(system: System, name: str, sound: Sound) -> None:
    trouble = found(sound(system, version_of=without(name)), name)
    assert (trouble.code, f"pip install {name}." in trouble.hint) == ("DOCTOR-03", True)


def test_what_is_to_be_typed_has_quotes_around_a_path_with_blanks(sound: Sound) -> None:
    one = sound(System.WINDOWS, version_of=without("pywin32"))
    assert f'"{one.python}" -m pip install pywin32' in found(one, "pywin32").hint


def test_the_library_may_stand_beside_python(sound: Sound) -> None:
    one = sound(System.WINDOWS)
    library = one.home / "venv" / f"xlwings64-{XLWINGS}.dll"
    library.rename(one.python.parent / library.name)
    assert found(one, "Function library").state is State.OK


def test_the_library_is_missing(sound: Sound) -> None:
    one = sound(System.WINDOWS)
    (one.home / "venv" / f"xlwings64-{XLWINGS}.dll").unlink()
    assert found(one, "Function library").code == "DOCTOR-04"


def test_an_excel_of_32_bit_needs_the_other_library(sound: Sound) -> None:
    one = sound(System.WINDOWS, registry=registry({(CLICK_TO_RUN, "Platform"): "x86"}))
    trouble = found(one, "Function library")
    assert (trouble.code, f"xlwings32-{XLWINGS}.dll" in trouble.message) == ("DOCTOR-04", True)


def test_excel_says_its_bits(sound: Sound) -> None:
    assert found(sound(System.WINDOWS), "Excel").message.endswith("EXCEL.EXE, 64 bit")


def test_windows_without_excel(sound: Sound) -> None:
    assert found(sound(System.WINDOWS, registry=registry({})), "Excel").code == "DOCTOR-05"


def test_an_excel_that_was_removed_and_is_still_registered(sound: Sound) -> None:
    one = sound(System.WINDOWS, registry=registry({(APP_PATHS, ""): r"C:\gone\EXCEL.EXE"}))
    trouble = found(one, "Excel")
    assert (trouble.code, "gone" in trouble.message) == ("DOCTOR-05", True)


def test_a_mac_without_excel(sound: Sound, tmp_path: Path) -> None:
    assert found(sound(System.MAC, applications=tmp_path), "Excel").code == "DOCTOR-05"


@pytest.mark.parametrize("system", BOTH)
def test_the_add_in_is_not_there(system: System, sound: Sound) -> None:
    one = sound(system)
    places_of(one).addin.unlink()
    assert found(one, "Add-in").code == "DOCTOR-06"


@pytest.mark.parametrize("system", BOTH)
def test_without_the_add_in_excel_is_left_alone(system: System, sound: Sound) -> None:
    one = sound(system, start_excel=pytest.fail)
    places_of(one).addin.unlink()
    assert found(one, "Answer").state is State.NOT_CHECKED


@pytest.mark.parametrize("system", BOTH)
def test_an_add_in_that_is_no_package_at_all(system: System, sound: Sound) -> None:
    one = sound(system)
    places_of(one).addin.write_bytes(b"PK something")
    trouble = found(one, "Add-in")
    assert (trouble.code, "it holds no version" in trouble.message) == ("DOCTOR-07", True)


def test_an_add_in_of_another_version_says_which(
    sound: Sound, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = sound(System.WINDOWS)
    places_of(one).addin.write_bytes(build())
    monkeypatch.setattr(checks, "__version__", "99.0")
    assert f": it is version {__version__}." in found(one, "Add-in").message


def test_an_add_in_of_this_version_with_other_bytes(sound: Sound) -> None:
    one = sound(System.WINDOWS)
    places_of(one).addin.write_bytes(build())
    assert ": its bytes are others." in found(one, "Add-in").message


def test_an_add_in_of_this_version_that_is_signed_is_in_order(sound: Sound) -> None:
    one = sound(System.WINDOWS)
    places_of(one).addin.write_bytes(xlam(__version__, signed=True, shared=True))
    looked_at = found(one, "Add-in")
    assert looked_at.state is State.OK
    assert looked_at.message.endswith(", signed by your firm; its VBA is not compared")


def test_a_signed_add_in_of_another_version_is_a_finding(sound: Sound) -> None:
    one = sound(System.WINDOWS)
    places_of(one).addin.write_bytes(xlam("0.0.1", signed=True))
    trouble = found(one, "Add-in")
    assert (trouble.code, ": it is version 0.0.1." in trouble.message) == ("DOCTOR-07", True)


@pytest.mark.parametrize("shared", [False, True])
def test_the_version_is_read_however_excel_writes_texts(shared: bool) -> None:
    assert version_inside(xlam("1.2.3", shared=shared)) == "1.2.3"


def test_a_package_without_vba_is_no_add_in() -> None:
    assert version_inside(xlam("1.2.3").replace(b"vbaProject.bin", b"vbaProject.txt")) is None


def test_the_add_in_that_we_build_is_not_signed() -> None:
    assert not is_signed(build())
    assert not is_signed(b"no package")


def test_the_version_is_read_out_of_the_add_in_that_we_build() -> None:
    assert version_inside(build()) == __version__


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", build()[:2000]], ids=len)
def test_a_damaged_add_in_holds_no_version(content: bytes) -> None:
    assert version_inside(content) is None


def test_an_xlwings_whose_vba_differs_is_told_at_the_add_in(
    sound: Sound, monkeypatch: pytest.MonkeyPatch
) -> None:
    def differs() -> bytes:
        raise XlwingsDiffers(wanted="0.37.8", installed="0.37.9", what="its VBA is another text")

    one = sound(System.WINDOWS)
    monkeypatch.setattr(checks, "build", differs)
    assert found(one, "Add-in").code == "ADDIN-01"


@pytest.mark.parametrize("zone", ["3", "4"])
def test_an_add_in_from_the_internet(zone: str, sound: Sound) -> None:
    one = sound(System.WINDOWS)
    _file(
        Path(f"{places_of(one).addin}:Zone.Identifier"),
        f"[ZoneTransfer]\r\nZoneId={zone}\r\n".encode(),
    )
    assert found(one, "Mark of the web").code == "DOCTOR-09"


def test_an_add_in_from_the_firms_own_network_is_not_marked(sound: Sound) -> None:
    one = sound(System.WINDOWS)
    _file(Path(f"{places_of(one).addin}:Zone.Identifier"), b"[ZoneTransfer]\r\nZoneId=1\r\n")
    assert found(one, "Mark of the web").state is State.OK


def test_an_old_copy_in_another_start_up_folder(sound: Sound) -> None:
    one = sound(System.MAC)
    _file(places_of(one).start_ups[1] / "timix.xlam")
    assert found(one, "Old copies").code == "DOCTOR-08"


def test_the_add_in_of_xlwings_is_a_warning(sound: Sound) -> None:
    one = sound(System.WINDOWS)
    _file(places_of(one).start_ups[0] / "xlwings.xlam")
    warned = found(one, "Other add-ins")
    assert (warned.code, warned.state) == ("DOCTOR-10", State.WARNING)


@pytest.mark.parametrize("system", BOTH)
def test_the_configuration_is_not_there(system: System, sound: Sound) -> None:
    one = sound(system)
    places_of(one).configuration.unlink()
    trouble = found(one, "Configuration")
    assert (trouble.code, "is not there" in trouble.message) == ("DOCTOR-11", True)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'"INTERPRETER_WIN","C:\\old\\python.exe"\r\n', "names C:\\old\\python.exe, which is not"),
        (b'"SOMETHING","else"\r\n', "names no Python"),
        (b"", "names no Python"),
    ],
)
def test_the_configuration_names_another_python(content: bytes, says: str, sound: Sound) -> None:
    one = sound(System.WINDOWS)
    places_of(one).configuration.write_bytes(content)
    trouble = found(one, "Configuration")
    assert (trouble.code, says in trouble.message) == ("DOCTOR-11", True)


def test_the_configuration_names_a_python_that_is_there_and_is_not_ours(sound: Sound) -> None:
    one = sound(System.WINDOWS)
    other = replace(one, python=_file(one.home / "other" / "python.exe"))
    trouble = found(other, "Configuration")
    assert (trouble.code, "which is not there" in trouble.message) == ("DOCTOR-11", False)


@pytest.mark.parametrize("content", [None, b"another"])
def test_the_script_is_not_there_or_another(content: bytes | None, sound: Sound) -> None:
    one = sound(System.MAC)
    script = places_of(one).script
    assert script is not None
    script.unlink()
    if content:
        script.write_bytes(content)
    assert found(one, "Script").code == "DOCTOR-12"


def test_broken_settings_are_named_with_their_line(sound: Sound, tmp_path: Path) -> None:
    one = sound(System.WINDOWS)
    _file(tmp_path / "data" / "settings.toml", b"# mine\nstore =\n")
    trouble = found(one, "Settings")
    assert (trouble.code, "settings.toml, line 2" in trouble.message) == ("SET-01", True)


@pytest.mark.parametrize("name", ["Store", "Excel's store"])
def test_with_broken_settings_the_store_is_not_known(
    name: str, sound: Sound, tmp_path: Path
) -> None:
    one = sound(System.WINDOWS)
    _file(tmp_path / "data" / "settings.toml", b"store =\n")
    assert found(one, name).state is State.NOT_CHECKED


def test_a_store_that_is_not_there(sound: Sound, tmp_path: Path) -> None:
    trouble = found(sound(System.MAC), "Store", store=str(tmp_path / "none.db"))
    assert trouble.code == "STORE-01"


def test_a_file_that_is_no_store(sound: Sound, tmp_path: Path) -> None:
    place = _file(tmp_path / "no.db", b"no store" * 1000)
    assert found(sound(System.MAC), "Store", store=str(place)).code == "STORE-03"


def test_a_name_in_the_settings_that_is_none_of_ours(sound: Sound, tmp_path: Path) -> None:
    one = sound(System.WINDOWS)
    _file(tmp_path / "data" / "settings.toml", b'stroe = "/books/timix.db"\n')
    assert found(one, "Settings").code == "SET-02"
    assert found(one, "Store").state is State.NOT_CHECKED
    assert found(one, "Excel's store").state is State.NOT_CHECKED


def test_looking_at_the_store_writes_nothing(sound: Sound, shop: Shop) -> None:
    one = sound(System.MAC)
    before = files_below(Path(shop.path).parent)
    examine(one, store=None, with_excel=True)
    assert files_below(Path(shop.path).parent) == before


def test_a_store_of_an_older_version_is_told_and_stays_as_it_is(sound: Sound, shop: Shop) -> None:
    one = sound(System.MAC)
    with closing(sqlite3.connect(shop.path)) as plain, plain:
        plain.execute("UPDATE alembic_version SET version_num = '0001'")
    before = Path(shop.path).read_bytes()
    assert found(one, "Store").code == "STORE-09"
    assert Path(shop.path).read_bytes() == before


def test_another_store_than_excels_is_a_warning(sound: Sound, tmp_path: Path) -> None:
    warned = found(sound(System.MAC), "Excel's store", store=str(tmp_path / "none.db"))
    assert (warned.code, warned.state) == ("DOCTOR-13", State.WARNING)


def test_the_remedy_for_another_store_is_to_install_with_it(sound: Sound, tmp_path: Path) -> None:
    place = tmp_path / "none.db"
    warned = found(sound(System.WINDOWS), "Excel's store", store=str(place))
    assert f'run: timix-xl --store "{place}" addin install.' in warned.hint


@pytest.mark.parametrize(
    "key", ["Environment", r"SYSTEM\CurrentControlSet\Control\Session Manager\Environment"]
)
def test_the_remedy_for_a_lasting_variable_is_to_change_that(
    key: str, sound: Sound, tmp_path: Path
) -> None:
    lasting = registry({(key, "TIMIX_STORE"): str(tmp_path / "lasting.db")})
    warned = found(sound(System.WINDOWS, registry=lasting), "Excel's store")
    assert (warned.code, "delete or change it" in warned.hint) == ("DOCTOR-13", True)
    assert "addin install" not in warned.hint


def test_a_variable_of_the_terminal_is_not_excels(
    sound: Sound, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMIX_STORE", str(tmp_path / "none.db"))
    assert found(sound(System.WINDOWS), "Excel's store").code == "DOCTOR-13"


def test_a_lasting_variable_of_windows_is_excels_too(
    sound: Sound, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMIX_STORE", shop.path)
    one = sound(System.WINDOWS, registry=registry({("Environment", "TIMIX_STORE"): shop.path}))
    assert found(one, "Excel's store").state is State.OK


# The answer of the add-in.


def asked(sound: Sound, excel: Excel, **changes: Any) -> Check:
    one = sound(System.WINDOWS, **({"start_excel": lambda: excel} | changes))
    return found(one, "Answer")


def test_an_excel_of_our_own_is_asked_and_quits(sound: Sound) -> None:
    excel = Excel()
    assert asked(sound, excel).message == f"version {__version__}"
    assert excel.did == [
        "open timix.xlam",
        "run 'timix.xlam'!TimixPing",
        "close timix.xlam",
        "quit",
    ]


def test_a_running_excel_is_asked_and_stays(sound: Sound) -> None:
    excel = Excel(loaded=("timix.xlam",))
    asked(sound, excel, running_excel=lambda: excel)
    assert excel.did == ["run 'timix.xlam'!TimixPing"]


def test_a_running_excel_without_the_add_in_gets_it_for_a_moment(sound: Sound) -> None:
    excel = Excel()
    asked(sound, excel, running_excel=lambda: excel)
    assert excel.did == ["open timix.xlam", "run 'timix.xlam'!TimixPing", "close timix.xlam"]


def test_an_add_in_of_another_version_answers(sound: Sound) -> None:
    assert asked(sound, Excel("0.0.1")).code == "DOCTOR-16"


@pytest.mark.parametrize("answer", [None, "", 0])
def test_an_empty_answer_is_none(answer: object, sound: Sound) -> None:
    assert asked(sound, Excel(answer)).code == "DOCTOR-15"


def test_macros_that_do_not_run_are_told_in_excels_words(sound: Sound) -> None:
    trouble = asked(sound, Excel(refuses="macro"))
    assert (trouble.code, "(Macros are off)" in trouble.message) == ("DOCTOR-15", True)


def test_an_excel_whose_macros_do_not_run_is_left_as_it_was(sound: Sound) -> None:
    excel = Excel(refuses="macro")
    asked(sound, excel)
    assert excel.did[-2:] == ["close timix.xlam", "quit"]


def test_an_add_in_that_excel_does_not_open(sound: Sound) -> None:
    excel = Excel(refuses="open")
    trouble = asked(sound, excel)
    assert (trouble.code, "(Damaged)" in trouble.message) == ("DOCTOR-15", True)
    assert excel.did == ["open timix.xlam", "quit"]


def test_an_excel_that_does_not_quit_is_ended(sound: Sound) -> None:
    excel = Excel(refuses="quit")
    assert asked(sound, excel).state is State.OK
    assert excel.did[-2:] == ["quit", "kill"]


@pytest.mark.parametrize("start_up", [False, True])
def test_an_excel_that_is_busy(start_up: bool, sound: Sound) -> None:
    excel = Excel()
    excel.busy = True
    change = {"start_excel": lambda: excel} if start_up else {"running_excel": lambda: excel}
    trouble = asked(sound, excel, **change)
    assert trouble.code == "DOCTOR-14"
    assert "(" not in trouble.message
    assert "Call was rejected by callee" in trouble.message


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            ComError(-2147352567, "Exception.", (0, "Excel", "No.", "xlmain11.chm", 0, 1), None),
            "No",
        ),
        (ComError(-2147352567, "Exception.", (0, None, None, None, 0, 1), None), "Exception"),
        (ComError(-2147418111, "Call was rejected.", None, None), "Call was rejected"),
        (OSError(13, "Permission denied"), "Permission denied"),
        (AttributeError("Excel has no macro\nof this name"), "Excel has no macro"),
        (Busy(), "Excel application is not responding"),
        (OSError(), "OSError"),
    ],
)
def test_what_went_wrong_is_told_in_its_own_words(error: Exception, words: str) -> None:
    assert pinging._words(error) == words


def test_appscript_is_told_by_its_message_alone() -> None:
    class CommandError(Exception):
        errormessage = "Application isn't running."

    error = CommandError("command", (("positional",), {}), OSError())
    assert pinging._words(error) == "Application isn't running"


def test_an_excel_that_does_not_start(sound: Sound) -> None:
    trouble = asked(sound, Excel(), start_excel=no_excel)
    assert (trouble.code, trouble.state) == ("DOCTOR-14", State.FINDING)


def test_excel_may_be_left_alone(sound: Sound) -> None:
    one = sound(System.WINDOWS, start_excel=pytest.fail, running_excel=pytest.fail)
    assert found(one, "Answer", with_excel=False).state is State.NOT_CHECKED


def test_one_trouble_does_not_hide_the_others(sound: Sound, tmp_path: Path) -> None:
    one = sound(System.MAC, version_of=without("appscript"), start_excel=lambda: Excel("0.0.1"))
    places_of(one).configuration.unlink()
    assert codes(one) == ["DOCTOR-03", "DOCTOR-11", "DOCTOR-16"]


def test_after_the_remedy_the_finding_is_gone(sound: Sound) -> None:
    one = sound(System.MAC)
    places_of(one).configuration.unlink()
    places_of(one).addin.write_bytes(b"older")
    install(one, {})
    assert codes(one) == []
