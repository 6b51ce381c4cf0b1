"""Finding LibreOffice and its uno, in folders made for it."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from timix_xl.hosts.calc.finding import Office, find_office
from timix_xl.hosts.refusals import CalcMissing, CalcTooOld, UnoMissing, UnoOfOtherPython

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="makes folders as on Linux")
OURS = (3, 11)


@dataclass
class Machine:
    """A machine with what a test puts on it."""

    root: Path

    def office(
        self,
        place: str = "usr/lib/libreoffice/program",
        *,
        version: str = "7.4",
        python: str = "3.11",
        without: str = "",
    ) -> Path:
        """Install a LibreOffice; returns its program."""
        folder = self.root / place
        folder.mkdir(parents=True)
        files = {
            "soffice": f"#!/bin/sh\necho LibreOffice {version} 40\n",
            "bootstraprc": f"[Bootstrap]\nProductKey=LibreOffice {version}\n",
            "libsclo.so": "",
            "libpyuno.so": f"\x7fELF libc.so.6 libpython{python}.so.1.0 ",
            "uno.py": "",
        }
        for name, text in files.items():
            if name not in without.split():
                (folder / name).write_text(text)
                (folder / name).chmod(0o755)
        return folder / "soffice"

    def on_path(self, program: Path, name: str = "soffice") -> None:
        """Link a program into PATH."""
        (self.root / "bin").mkdir(exist_ok=True)
        (self.root / "bin" / name).symlink_to(program)

    def find(self, **environment: str) -> Office:
        """Look on this machine."""
        return find_office(
            {"PATH": str(self.root / "bin"), **environment},
            places=(
                f"{self.root}/usr/lib/libreoffice/program",
                f"{self.root}/opt/libreoffice*/program",
                f"{self.root}/Applications/LibreOffice.app/Contents/MacOS",
            ),
            unos=(".", "../Resources", f"{self.root}/dist-packages"),
            python=OURS,
        )


def test_without_uno_a_libreoffice_with_another_python_or_none_is_found(tmp_path: Path) -> None:
    one = Machine(tmp_path)
    program = one.office(python="3.12", without="uno.py")
    with pytest.raises(UnoMissing):
        one.find()
    found = find_office({"TIMIX_SOFFICE": str(program)}, python=OURS, with_uno=False)
    assert (found.soffice, found.version) == (program, (7, 4))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine with nothing on it."""
    return Machine(tmp_path)


def test_a_machine_without_it_is_told_what_to_install(machine: Machine) -> None:
    with pytest.raises(CalcMissing, match="no soffice in PATH or in the usual folders") as stopped:
        machine.find()
    assert "sudo apt install libreoffice-calc python3-uno" in stopped.value.hint


def test_a_link_in_path_is_followed_to_the_program(machine: Machine) -> None:
    soffice = machine.office("anywhere/program")
    machine.on_path(soffice)
    found = machine.find()
    assert found == Office(soffice, soffice.parent, (7, 4), (3, 11), soffice.parent)


def test_the_name_libreoffice_is_as_good(machine: Machine) -> None:
    soffice = machine.office("anywhere/program")
    machine.on_path(soffice, "libreoffice")
    assert machine.find().soffice == soffice


@pytest.mark.parametrize("place", ["usr/lib/libreoffice/program", "opt/libreoffice25.2/program"])
def test_the_usual_folders_are_looked_into(machine: Machine, place: str) -> None:
    soffice = machine.office(place)
    assert machine.find().soffice == soffice


def test_the_newest_of_several_in_opt_is_taken(machine: Machine) -> None:
    machine.office("opt/libreoffice7.6/program", version="7.6")
    newer = machine.office("opt/libreoffice24.8/program", version="24.8")
    machine.office("opt/libreoffice7.5/program", version="7.5")
    assert machine.find().soffice == newer


def test_a_mac_has_its_parts_in_three_folders(machine: Machine) -> None:
    contents = machine.root / "Applications/LibreOffice.app/Contents"
    for name, text in {
        "MacOS/soffice": "",
        "Resources/bootstraprc": "ProductKey=LibreOffice 25.2",
        "Frameworks/libsclo.dylib": "",
        "Frameworks/libpyuno.dylib": "LibreOfficePython.framework/Versions/3.11/LibreOfficePython",
        "Resources/uno.py": "",
    }.items():
        (contents / name).parent.mkdir(parents=True, exist_ok=True)
        (contents / name).write_text(text)
    found = machine.find()
    assert found.version == (25, 2)
    assert found.program == contents / "Frameworks"
    assert found.uno == contents / "Resources"


def test_timix_soffice_names_another(machine: Machine) -> None:
    machine.on_path(machine.office())
    other = machine.office("mine/program", version="25.2")
    assert machine.find(TIMIX_SOFFICE=str(other)).soffice == other


def test_timix_soffice_may_be_a_link_or_a_folder(machine: Machine) -> None:
    other = machine.office("mine/program")
    machine.on_path(other, "office")
    assert machine.find(TIMIX_SOFFICE=str(machine.root / "bin" / "office")).soffice == other
    assert machine.find(TIMIX_SOFFICE=str(other.parent)).soffice == other


def test_timix_soffice_that_is_not_there_is_named(machine: Machine) -> None:
    machine.on_path(machine.office())
    with pytest.raises(CalcMissing, match="TIMIX_SOFFICE names /no/soffice, which is not"):
        machine.find(TIMIX_SOFFICE="/no/soffice")


def test_a_program_that_only_has_the_name_is_passed_over(machine: Machine) -> None:
    other = machine.root / "snap"
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)
    machine.on_path(other)
    with pytest.raises(CalcMissing):
        machine.find()
    soffice = machine.office()
    assert machine.find().soffice == soffice


def test_one_without_calc_is_none(machine: Machine) -> None:
    machine.office(without="libsclo.so")
    with pytest.raises(CalcMissing, match="has no Calc"):
        machine.find()


def test_one_that_is_too_old_is_told(machine: Machine) -> None:
    machine.office(version="7.3")
    with pytest.raises(CalcTooOld, match=r"LibreOffice 7\.3 in .*; 7\.4 or newer is needed"):
        machine.find()


def test_one_that_does_not_write_its_version_is_asked(machine: Machine) -> None:
    soffice = machine.office(version="24.2")
    (soffice.parent / "bootstraprc").write_text("[Bootstrap]\n")
    assert machine.find().version == (24, 2)


def test_one_that_tells_no_version_is_none(machine: Machine) -> None:
    soffice = machine.office(version="")
    (soffice.parent / "bootstraprc").write_text("[Bootstrap]\n")
    with pytest.raises(CalcMissing, match="does not tell its version"):
        machine.find()


@pytest.mark.parametrize("missing", ["libpyuno.so", "uno.py"])
def test_one_without_uno_is_told_what_to_install(machine: Machine, missing: str) -> None:
    machine.office(without=missing)
    with pytest.raises(UnoMissing, match=f"{missing} is not there") as stopped:
        machine.find()
    assert "sudo apt install python3-uno" in stopped.value.hint


def test_uno_may_lie_among_the_packages_of_the_system(machine: Machine) -> None:
    machine.office(without="uno.py")
    packages = machine.root / "dist-packages"
    packages.mkdir()
    (packages / "uno.py").write_text("")
    assert machine.find().uno == packages


def test_one_for_another_python_is_told_which(machine: Machine) -> None:
    machine.office(python="3.9")
    with pytest.raises(UnoOfOtherPython, match=r"from Python 3\.9 only; this is Python 3\.11"):
        machine.find()


def test_a_library_that_names_no_python_is_taken(machine: Machine) -> None:
    machine.office(python="")
    assert machine.find().python == OURS


def test_a_better_one_is_taken_over_the_first(machine: Machine) -> None:
    machine.on_path(machine.office("old/program", version="6.4"))
    good = machine.office()
    assert machine.find().soffice == good


def test_of_several_bad_ones_the_first_is_told_of(machine: Machine) -> None:
    machine.on_path(machine.office("old/program", version="6.4"))
    machine.office(without="uno.py")
    with pytest.raises(CalcTooOld):
        machine.find()


def test_nothing_is_found_where_path_is_not_set(machine: Machine) -> None:
    with pytest.raises(CalcMissing):
        find_office({}, places=(), python=OURS)


def test_looking_changes_nothing(machine: Machine) -> None:
    machine.office()
    before = dict(os.environ), list(sys.path), "uno" in sys.modules
    machine.find()
    assert (dict(os.environ), list(sys.path), "uno" in sys.modules) == before
