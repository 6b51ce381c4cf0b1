"""Installing the extension with LibreOffice's own unopkg, as a user who is not root."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.addin.machines import files_below, machine
from tests.addin.office import missing
from timix_xl import __version__
from timix_xl.addin import extending
from timix_xl.addin.extending import install, listed, uninstall
from timix_xl.addin.extension import configuration, extension_files
from timix_xl.addin.machine import Machine
from timix_xl.addin.places import System
from timix_xl.addin.refusals import ExtensionNotTaken
from timix_xl.hosts.calc.finding import Office

NOBODY = 65534
UNOPKG = """#!/bin/sh
umask 022
for word in "$@"; do last="$word"; done
if [ -f "$last" ]; then cp "$last" "{folder}/timix.oxt"; set -- add -f "{folder}/timix.oxt"; fi
exec {as_somebody} env HOME="{folder}/home" TMPDIR="{folder}/home" {unopkg} "$@"
"""


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that somebody else may read; pytest keeps its own ones to itself."""
    with tempfile.TemporaryDirectory(prefix="timix-unopkg-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


@pytest.fixture
def office(public: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The installed LibreOffice, reached as somebody who is not root and has a new home."""
    unopkg = shutil.which("unopkg")
    if unopkg is None:
        missing("unopkg")
    root = os.geteuid() == 0
    if root and shutil.which("setpriv") is None:
        missing("setpriv")
    home = public / "home"
    home.mkdir()
    if root:
        os.chown(home, NOBODY, NOBODY)
    somebody = f"setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups" if root else ""
    script = public / "unopkg"
    script.write_text(UNOPKG.format(folder=public, as_somebody=somebody, unopkg=unopkg))
    script.chmod(0o755)
    (public / "bootstraprc").write_text("UserInstallation=$SYSUSERCONFIG/libreoffice/4\n")
    made = Office(public / "soffice", public, (7, 4), sys.version_info[:2], public)
    monkeypatch.setattr(extending, "find_office", lambda environment, **_: made)
    monkeypatch.setattr(extending, "is_root", lambda: False)
    return made


@pytest.fixture
def here(public: Path) -> Machine:
    """This computer, with that home."""
    told = {key: value for key, value in os.environ.items() if not key.startswith("XDG")}
    return machine(System.OTHER, public / "home", environment=told)


def test_a_damaged_extension_leaves_the_older_one_as_it_was(
    here: Machine, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(replace(here, python=Path("/old/bin/python")), {})
    before = listed(here, office, "doctor")
    monkeypatch.setattr(extending, "packed", lambda files: b"no package")

    with pytest.raises(ExtensionNotTaken, match="what was installed is as it was"):
        install(here, {})
    assert listed(here, office, "doctor") == before


def test_it_is_installed_replaced_listed_and_taken_away(here: Machine, office: Office) -> None:
    assert uninstall(here) is None
    install(replace(here, python=Path("/old/bin/python")), {})
    install(here, {})

    found = listed(here, office, "doctor")
    assert found is not None
    assert (found.version, found.is_registered) == (__version__, True)
    folder = extending.folder_of(here, office, found)
    assert folder is not None
    wanted = extension_files() | {"timix.json": configuration(here.python)}
    assert files_below(folder) == wanted

    removed = uninstall(here)
    assert removed == found
    assert listed(here, office, "doctor") is None
