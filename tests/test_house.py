"""The rooms and who leans on whom."""

import doctest
import importlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_no_room_leans_sideways_or_up() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_every_room_has_its_place_in_the_layers() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    layers = settings["contracts"][0]

    assert layers["type"] == "layers"
    assert layers["exhaustive"] is True


def test_nothing_of_xlwings_that_needs_a_licence_key_is_imported() -> None:
    pattern = re.compile(r"xlwings[.](pro|server|reports)|XLWINGS_LICENSE_KEY")
    sources = [*ROOT.glob("timix_xl/**/*.py"), *ROOT.glob("tests/**/*.py")]
    found = [path for path in sources if pattern.search(path.read_text("utf-8"))]

    assert found == [Path(__file__)]


def test_importing_any_module_opens_no_connection_and_registers_no_engine() -> None:
    program = (
        "import pkgutil, importlib, sqlite3, timix_xl\n"
        "def refuse(*_, **__): raise AssertionError('a connection at import')\n"
        "sqlite3.connect = refuse\n"
        "for found in pkgutil.walk_packages(timix_xl.__path__, 'timix_xl.'):\n"
        "    if 'migrations' not in found.name and not found.name.endswith('__main__'):\n"
        "        importlib.import_module(found.name)\n"
        "import xlwings\n"
        "assert not [one for one in xlwings.engines if one.name.startswith('timix')]\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr


def test_the_examples_in_docstrings_hold() -> None:
    modules = [path for path in ROOT.glob("timix_xl/**/*.py") if ">>>" in path.read_text("utf-8")]
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in modules]
    results = [doctest.testmod(importlib.import_module(name)) for name in names]

    assert len(results) >= 3
    assert sum(result.failed for result in results) == 0
    assert all(result.attempted for result in results)
