"""LibreOffices that are not there: a folder of programs, with an unopkg that notes what it is told."""

import json
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from timix_xl import __version__
from timix_xl.hosts.calc.finding import Office

UNOPKG = """#!{python} -IB
import json, pathlib, shutil, sys, time, zipfile
folder = pathlib.Path(__file__).parent
cache = folder / "config/libreoffice/4/user/uno_packages/cache/uno_packages/lu1.tmp_/timix.oxt"
told = json.loads((folder / "plan.json").read_text())
words = sys.argv[1:]
with (folder / "asked.txt").open("a") as asked:
    print(*words, file=asked)
if words[0] == "add" and told.get("loses"):
    shutil.rmtree(cache)
time.sleep(told.get("sleeps", 0) if words[0] != "list" else 0)
if words[0] in told.get("refuses", []):
    if words[0] == "add" and told.get("leaves_half"):
        cache.mkdir(parents=True)
        (cache / "half").touch()
    print("ERROR: Exception occurred: Bad Zip File at ./package/source/zipapi/ZipFile.cxx:116 at ./ucb/source.cxx:240", file=sys.stderr)
    print("\\nERROR: unopkg failed.", file=sys.stderr)
    sys.exit(1)
if words[0] == "add":
    shutil.rmtree(cache, ignore_errors=True)
    zipfile.ZipFile(words[-1]).extractall(cache)
    if told.get("uses_none"):
        (folder / "unused").touch()
elif not cache.exists():
    print("ERROR: Exception occurred: There is no such extension deployed: xl.timix.calc at ./desktop/source/deployment/manager/dp_manager.cxx:973", file=sys.stderr)
    sys.exit(1)
elif words[0] == "remove":
    shutil.rmtree(cache)
else:
    print("Identifier: xl.timix.calc")
    print("  Version: " + told.get("version", {version!r}))
    print("  URL: vnd.sun.star.expand:$UNO_USER_PACKAGES_CACHE/uno_packages/lu1.tmp_/timix.oxt")
    print("  is registered: " + ("no" if told.get("leaves_half") or (folder / "unused").exists() else told.get("registered", "yes")))
"""


@dataclass(frozen=True, slots=True)
class FakeOffice:
    """A LibreOffice of the test's."""

    folder: Path

    @property
    def office(self) -> Office:
        """What is found of it."""
        program = self.folder
        return Office(program / "soffice", program, (7, 4), sys.version_info[:2], program)

    @property
    def cache(self) -> Path:
        """Where it unpacks extensions."""
        return self.folder / "config/libreoffice/4/user/uno_packages/cache/uno_packages/lu1.tmp_"

    @property
    def installed(self) -> Path:
        """Where the files of ours are, once it is installed."""
        return self.cache / "timix.oxt"

    @property
    def asked(self) -> list[str]:
        """The first words of all that its unopkg was asked."""
        path = self.folder / "asked.txt"
        return [line.split()[0] for line in path.read_text().splitlines()] if path.exists() else []

    def plan(self, **told: object) -> None:
        """Say how its unopkg behaves."""
        (self.folder / "plan.json").write_text(json.dumps(told))

    def has(self, files: dict[str, bytes]) -> None:
        """Have an extension there already."""
        for name, content in files.items():
            path = self.installed / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def fake_office(folder: Path) -> FakeOffice:
    """Make a LibreOffice in a folder."""
    folder.mkdir()
    (folder / "bootstraprc").write_text(
        "[Bootstrap]\nProductKey=LibreOffice 7.4\nUserInstallation=$SYSUSERCONFIG/libreoffice/4\n"
    )
    unopkg = folder / "unopkg"
    unopkg.write_text(
        UNOPKG.replace("{python}", sys.executable).replace("{version!r}", repr(__version__))
    )
    unopkg.chmod(0o755)
    made = FakeOffice(folder)
    made.plan()
    return made


def names_in(path: Path) -> set[str]:
    """List what is in a package."""
    with zipfile.ZipFile(path) as package:
        return set(package.namelist())
