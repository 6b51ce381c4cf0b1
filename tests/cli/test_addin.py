"""The commands of the add-in, on computers of the test's."""

import errno
import hashlib
import os
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import xlwings

from tests.addin.machines import Excel, files_below, machine, no_excel, registry, xlam
from tests.builders import Shop
from tests.cli.terminal import Said, run
from timix_xl import __version__, settings
from timix_xl.addin.build import build
from timix_xl.addin.machine import Machine, this_machine
from timix_xl.addin.places import System
from timix_xl.cli import addin_commands

BOTH = (System.WINDOWS, System.MAC)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose data folder is below it."""
    folder = tmp_path / "Maja van Berg"
    folder.mkdir()
    monkeypatch.setattr(settings, "data_folder", lambda: folder / "data")
    return folder


@pytest.fixture
def sit_at(home: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sit down at a computer."""

    def at(system: System, **changes: Any) -> Machine:
        one = replace(machine(system, home), **changes)
        monkeypatch.setattr(addin_commands, "this_machine", lambda: one)
        return one

    return at


def noted(home: Path) -> str:
    return (home / "data" / "settings.toml").read_text("utf-8")


# build


def test_build_writes_the_add_in_and_says_its_digest(tmp_path: Path) -> None:
    said = run("addin", "build", "-o", str(tmp_path / "out.xlam"), "--json").json
    content = (tmp_path / "out.xlam").read_bytes()
    assert said == {
        "file": str(tmp_path / "out.xlam"),
        "version": __version__,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    assert content == build()


def test_build_takes_a_folder(tmp_path: Path) -> None:
    assert run("addin", "build", "-o", str(tmp_path)).code == 0
    assert (tmp_path / "timix.xlam").is_file()


def test_build_without_a_name_writes_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = run("addin", "build")
    size = f"{(tmp_path / 'timix.xlam').stat().st_size:,}"
    first = f"Wrote timix.xlam: the add-in of timix-xl {__version__}, {size} bytes.\nsha256 "
    assert said.out.startswith(first)


def test_build_refuses_a_name_that_is_no_add_ins(tmp_path: Path) -> None:
    said = run("addin", "build", "-o", str(tmp_path / "timix.xlsx"), "--json")
    assert (said.code, said.error["code"]) == (2, "ARG-01")


def test_build_into_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    said = run("addin", "build", "-o", str(tmp_path / "none" / "timix.xlam"), "--json")
    assert (said.code, said.error["code"]) == (6, "ADDIN-18")


def test_build_on_a_full_disk_keeps_the_file_that_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "timix.xlam").write_bytes(b"older")

    def full(path: Path, content: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(addin_commands, "replace_file", full)
    said = run("addin", "build", "-o", str(tmp_path), "--json")
    assert (said.error["code"], (tmp_path / "timix.xlam").read_bytes()) == ("ADDIN-18", b"older")


# install


NEXT = {
    System.WINDOWS: "Next: quit Excel in all its windows and start it again. The tab Timix stands",
    System.MAC: "macOS asks once whether Python may control Excel: say OK.",
}


@pytest.mark.parametrize("system", BOTH)
def test_install_says_what_it_wrote_and_what_comes_next(
    system: System, sit_at: Any, home: Path
) -> None:
    sit_at(system)
    said = run("addin", "install")
    assert said.code == 0, said
    wrote = {line.split(" (")[0] for line in said.out.splitlines() if line.startswith("Wrote ")}
    assert wrote == {f"Wrote {home / name}" for name in files_below(home)}
    assert NEXT[system] in said.out


def test_install_writes_what_build_builds(sit_at: Any, home: Path, tmp_path: Path) -> None:
    sit_at(System.WINDOWS)
    run("addin", "install")
    run("addin", "build", "-o", str(tmp_path))
    installed = next(home.rglob("timix.xlam"))
    assert installed.read_bytes() == (tmp_path / "timix.xlam").read_bytes()


def test_install_in_json(sit_at: Any, home: Path) -> None:
    sit_at(System.WINDOWS)
    said = run("addin", "install", "--json").json
    assert said["version"] == __version__
    assert [(Path(one["file"]).name, one["changed"]) for one in said["files"]] == [
        ("timix.xlam", True),
        ("timix.conf", True),
    ]
    assert said["removed"] == []


def test_install_again_says_that_it_was_there(sit_at: Any) -> None:
    sit_at(System.MAC)
    run("addin", "install")
    said = run("addin", "install")
    assert said.out.count("Was there already: ") == 3
    assert "Wrote" not in said.out


def test_install_says_which_old_copy_it_removed(sit_at: Any, home: Path) -> None:
    one = sit_at(System.MAC)
    run("addin", "install")
    scripts = one.home / "Library" / "Application Scripts" / "com.microsoft.Excel"
    (scripts / "timix-0.applescript").write_text("older")
    assert f"Removed {scripts / 'timix-0.applescript'} (an old copy)" in run("addin", "install").out


def test_install_notes_the_store_that_was_given(sit_at: Any, home: Path) -> None:
    sit_at(System.WINDOWS)
    run("--store", "/books/timix.db", "addin", "install")
    assert noted(home) == 'store = "/books/timix.db"\n'


def test_install_notes_the_store_with_its_whole_path(
    sit_at: Any, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sit_at(System.MAC)
    monkeypatch.chdir(tmp_path)
    run("addin", "install", "--store", "books.db")
    assert noted(home) == f'store = "{tmp_path / "books.db"}"\n'


def test_install_notes_the_store_of_the_variable(
    sit_at: Any, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sit_at(System.MAC)
    monkeypatch.setenv("TIMIX_STORE", "/books/timix.db")
    run("addin", "install")
    assert noted(home) == 'store = "/books/timix.db"\n'


def test_install_notes_a_user_that_was_given(sit_at: Any, home: Path) -> None:
    sit_at(System.MAC)
    run("--user", "Maja", "addin", "install")
    assert noted(home) == 'user = "Maja"\n'


def test_install_notes_no_user_that_was_not_given(
    sit_at: Any, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sit_at(System.MAC)
    monkeypatch.setenv("TIMIX_USER", "Maja")
    run("addin", "install")
    assert not (home / "data").exists()


def test_install_keeps_what_was_noted_before(sit_at: Any, home: Path) -> None:
    sit_at(System.MAC)
    run("--store", "/books/timix.db", "--user", "Maja", "addin", "install")
    run("--store", "/books/new.db", "addin", "install")
    assert noted(home) == 'user = "Maja"\nstore = "/books/new.db"\n'


def test_what_install_noted_is_what_a_command_opens(sit_at: Any, shop: Shop) -> None:
    sit_at(System.WINDOWS)
    run("--store", shop.path, "addin", "install")
    assert run("customers", "--today", "2026-02-02").code == 0


def test_install_says_which_store_excel_works_on(sit_at: Any, shop: Shop) -> None:
    sit_at(System.WINDOWS)
    said = run("--store", shop.path, "addin", "install")
    assert f"Excel works on the store {shop.path}.\n" in said.out
    assert "It is not there yet" not in said.out


def test_install_says_that_a_lasting_variable_goes_before_the_option(
    sit_at: Any, tmp_path: Path
) -> None:
    lasting = registry({("Environment", "TIMIX_STORE"): str(tmp_path / "lasting.db")})
    sit_at(System.WINDOWS, registry=lasting)
    said = run("--store", "/books/timix.db", "addin", "install")
    assert f"Excel works on the store {tmp_path / 'lasting.db'}.\n" in said.out


def test_install_warns_of_a_lasting_variable_that_goes_before_the_option(sit_at: Any) -> None:
    lasting = registry({("Environment", "TIMIX_STORE"): "/lasting.db"})
    sit_at(System.WINDOWS, registry=lasting)
    (warning,) = run("--store", "/books/timix.db", "addin", "install", "--json").json["warnings"]
    assert warning.startswith("It does not use /books/timix.db: Windows keeps the variable")
    assert warning in " ".join(
        run("--store", "/books/timix.db", "addin", "install").out.split("\n")
    )


def test_install_does_not_warn_of_a_lasting_variable_that_says_the_same(sit_at: Any) -> None:
    sit_at(System.WINDOWS, registry=registry({("Environment", "TIMIX_STORE"): "/books/timix.db"}))
    said = run("--store", "/books/timix.db", "addin", "install", "--json").json
    assert said["warnings"] == []


def test_install_takes_a_signed_file_and_warns_when_a_plain_one_replaces_it(
    sit_at: Any, home: Path, tmp_path: Path
) -> None:
    sit_at(System.MAC)
    signed = tmp_path / "signed.xlam"
    signed.write_bytes(xlam(__version__, signed=True))
    said = run("addin", "install", "--file", str(signed), "--json").json
    assert (next(home.rglob("timix.xlam")).read_bytes(), said["warnings"]) == (
        signed.read_bytes(),
        [],
    )
    (warning,) = run("addin", "install", "--json").json["warnings"]
    assert warning.startswith("The add-in that was there was signed; this one is not.")


def test_install_refuses_a_file_that_is_not_the_add_in(sit_at: Any, tmp_path: Path) -> None:
    sit_at(System.MAC)
    said = run("addin", "install", "--file", str(tmp_path / "none.xlam"), "--json")
    assert (said.code, said.error["code"]) == (6, "ADDIN-21")


def test_install_says_how_to_make_a_store_that_is_not_there(sit_at: Any, home: Path) -> None:
    sit_at(System.WINDOWS)
    place = home / "data" / "timix.db"
    said = run("addin", "install")
    assert f'It is not there yet. Make it: timix-xl --store "{place}" init' in said.out


@pytest.mark.parametrize("words", [(), ("--store", "/books/timix.db")])
def test_install_with_broken_settings_writes_nothing(
    words: tuple[str, ...], sit_at: Any, home: Path
) -> None:
    sit_at(System.WINDOWS)
    (home / "data").mkdir()
    (home / "data" / "settings.toml").write_text("store =\n")
    said = run(*words, "addin", "install", "--json")
    assert (said.code, said.error["code"]) == (2, "SET-01")
    assert list(files_below(home)) == ["data/settings.toml"]


@pytest.mark.parametrize("step", ["install", "uninstall"])
def test_without_an_excel_for_this_system_there_is_another_way(step: str, sit_at: Any) -> None:
    sit_at(System.OTHER)
    said = run("addin", step, "--json")
    assert (said.code, said.error["code"]) == (6, "ADDIN-10")


# uninstall


@pytest.mark.parametrize("system", BOTH)
def test_uninstall_leaves_the_store_and_the_settings(
    system: System, sit_at: Any, home: Path, shop: Shop
) -> None:
    sit_at(system)
    run("--store", shop.path, "addin", "install")
    said = run("addin", "uninstall")
    assert said.out.endswith("settings.toml, the store and your workbooks are as they were.\n")
    assert list(files_below(home)) == ["data/settings.toml"]
    assert Path(shop.path).is_file()


def test_uninstall_names_what_it_removed(sit_at: Any) -> None:
    sit_at(System.MAC)
    run("addin", "install")
    said = run("addin", "uninstall", "--json").json
    names = ["timix.xlam", "timix.conf", "timix-xl.applescript"]
    assert [Path(path).name for path in said["removed"]] == names


def test_uninstall_of_what_is_not_there_says_so(sit_at: Any) -> None:
    sit_at(System.MAC)
    said = run("addin", "uninstall")
    assert (said.code, said.out) == (
        0,
        "The add-in is not installed; there was nothing to remove.\n",
    )


# doctor


def doctor(*words: str) -> Said:
    return run("addin", "doctor", *words)


def test_doctor_says_for_each_finding_what_to_do(sit_at: Any, shop: Shop) -> None:
    sit_at(System.MAC)
    said = doctor("--store", shop.path)
    assert said.code == 6
    row = next(line for line in said.out.splitlines() if line.startswith(" Add-in "))
    assert row.split()[1] == "finding"
    assert "Run: timix-xl addin install. [DOCTOR-06]" in said.out


def test_doctor_counts_the_findings(sit_at: Any, shop: Shop) -> None:
    sit_at(System.MAC)
    findings = [one for one in doctor("--json").json["checks"] if one["state"] == "finding"]
    last = doctor().out.splitlines()[-1]
    assert last.startswith(f"{len(findings)} findings; 1 of 15 was not checked: ")


def test_doctor_in_json(sit_at: Any, shop: Shop) -> None:
    sit_at(System.MAC)
    said = doctor("--store", shop.path, "--json").json
    assert said["ok"] is False
    by_name = {one["check"]: one for one in said["checks"]}
    assert by_name["xlwings"] == {
        "check": "xlwings",
        "state": "ok",
        "message": "version 0.37.8",
        "hint": "",
        "code": None,
    }
    assert by_name["Answer"]["state"] == "not_checked"
    assert (by_name["Add-in"]["state"], by_name["Add-in"]["code"]) == ("finding", "DOCTOR-06")


def test_doctor_after_install_finds_nothing(sit_at: Any, shop: Shop, home: Path) -> None:
    (home / "Applications" / "Microsoft Excel.app").mkdir(parents=True)
    sit_at(System.MAC, start_excel=Excel)
    run("--store", shop.path, "addin", "install")
    said = doctor()
    assert (said.code, said.out.splitlines()[-1]) == (0, "Nothing is wrong.")


def test_doctor_with_a_warning_only_is_content(sit_at: Any, shop: Shop, home: Path) -> None:
    (home / "Applications" / "Microsoft Excel.app").mkdir(parents=True)
    sit_at(System.MAC, start_excel=Excel)
    run("addin", "install")
    said = doctor("--store", shop.path, "--json")
    states = {one["check"]: one["state"] for one in said.json["checks"]}
    assert (said.code, states["Excel's store"]) == (0, "warning")


def test_doctor_leaves_excel_alone_if_asked_to(sit_at: Any, shop: Shop) -> None:
    sit_at(System.MAC, start_excel=no_excel)
    run("addin", "install")
    rows = {one["check"]: one for one in doctor("--without-excel", "--json").json["checks"]}
    assert rows["Answer"]["message"] == "Excel was not to be started."


def test_doctor_runs_on_a_computer_without_excel_and_says_what_it_could_not_see(
    sit_at: Any, shop: Shop
) -> None:
    sit_at(System.OTHER)
    said = doctor("--store", shop.path)
    assert (said.code, said.out.splitlines()[-1]) == (
        0,
        "Nothing wrong in what could be looked at; 7 of 12 were not checked: Excel runs on Windows"
        " and Mac only.",
    )
    assert doctor("--store", shop.path, "--json").json["not_checked"] == 7


def test_doctor_tells_of_broken_settings_and_goes_on(sit_at: Any, home: Path) -> None:
    sit_at(System.OTHER)
    (home / "data").mkdir()
    (home / "data" / "settings.toml").write_text("store =\n")
    rows = {one["check"]: one["code"] for one in doctor("--json").json["checks"]}
    assert (rows["Settings"], rows["xlwings"]) == ("SET-01", None)


def test_this_computer_is_known() -> None:
    one = this_machine()
    assert one.python.is_absolute()
    assert one.version_of("timix-xl") == __version__
    assert one.version_of("not-a-package-of-anybody") is None


def test_python_finds_us_as_excel_starts_it() -> None:
    one = this_machine()
    assert one.hidden_from(one.python) is None


@pytest.mark.skipif(os.name == "nt", reason="the Python here is a script of a shell")
def test_a_python_that_does_not_find_us_says_why_as_excel_starts_it(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\necho here >&2\necho "no module with $1 $2" >&2\nexit 1\n')
    python.chmod(0o755)
    assert this_machine().hidden_from(python) == "no module with -I -B"


def test_a_python_that_is_not_there_says_why(tmp_path: Path) -> None:
    assert "No such file" in str(this_machine().hidden_from(tmp_path / "python"))


class BusyError(Exception):
    """As xlwings' own."""


def windows_part_of_xlwings(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Have the part of xlwings that there is on Windows only."""
    part = ModuleType("xlwings._xlwindows")
    vars(part).update(N_COM_ATTEMPTS=0, ExcelBusyError=BusyError)
    monkeypatch.setitem(sys.modules, "xlwings._xlwindows", part)
    return part


def test_a_busy_excel_is_not_asked_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    part = windows_part_of_xlwings(monkeypatch)
    with suppress(xlwings.XlwingsError):
        this_machine().running_excel()
    assert 0 < part.N_COM_ATTEMPTS < 100_000  # 0 is for ever


def test_a_busy_excel_is_a_trouble_that_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    windows_part_of_xlwings(monkeypatch)
    assert BusyError in this_machine().troubles


def test_an_excel_that_cannot_be_reached_from_here_is_a_trouble_that_is_known() -> None:
    one = this_machine()
    if one.system is not System.OTHER:
        pytest.skip("here Excel may be running")
    with pytest.raises(one.troubles, match="cannot be used"):
        one.running_excel()
